//! The sentences about publishing.

/// What a user is told about publications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublishingMessage {
    /// A list is published by `taskList`, anything else by `period`.
    SourceMisfit,
    /// Nothing of the period was accepted and signed.
    NothingAccepted,
    /// The document is larger than so many MiB.
    TooLarge(usize),
    /// What is to be replaced is of another kind or list, or was never published.
    ReplacesMisfit,
    /// Something takes its place already.
    ReplacedAlready,
    /// Another step comes first, or this one is over.
    NotTheNextStep,
    /// So many findings are open.
    FindingsOpen(usize),
    /// Findings are released by whoever passes the secrecy review.
    ReleaseMisplaced,
    /// It is no open finding of this publication.
    NoOpenFinding,
    /// There is no such text in the document.
    NoSuchText,
    /// Neither texts nor `maskFindings`.
    NothingToRedact,
}

impl PublishingMessage {
    pub(super) fn chinese(&self) -> String {
        match self {
            Self::SourceMisfit => "公开清单请填 taskList，公开落实情况和年度报告请填 period，两者只填其一。".into(),
            Self::NothingAccepted => "该报告期没有既经签发又通过审核的报告，没有可公开的内容。".into(),
            Self::TooLarge(limit) => format!("公开稿超过 {limit} MiB，请分期公开。"),
            Self::ReplacesMisfit => "所替换的须是同一清单、同一类别且曾经发布的公开稿。".into(),
            Self::ReplacedAlready => "该公开稿已有新版，请替换最新的一份。".into(),
            Self::NotTheNextStep => "审查须按内容审核、保密审查、签发的次序逐步进行。".into(),
            Self::FindingsOpen(count) => {
                format!("尚有 {count} 处疑似个人信息未处理；须先修改文字，或由保密审查人逐项说明理由放行。")
            }
            Self::ReleaseMisplaced => "疑似个人信息只能在保密审查通过时放行。".into(),
            Self::NoOpenFinding => "不是此公开稿中待处理的疑似个人信息。".into(),
            Self::NoSuchText => "公开稿中没有这处文字。".into(),
            Self::NothingToRedact => "请给出要替换的文字，或将 maskFindings 设为 true。".into(),
        }
    }

    pub(super) fn english(&self) -> String {
        match self {
            Self::SourceMisfit => {
                "Give taskList for a list, and period for progress and annual reports; one of the two.".into()
            }
            Self::NothingAccepted => {
                "No report of this period is both signed and accepted; there is nothing to publish.".into()
            }
            Self::TooLarge(limit) => format!("The document is larger than {limit} MiB; publish shorter periods."),
            Self::ReplacesMisfit => {
                "What is replaced must be of the same list and kind, and must have been published.".into()
            }
            Self::ReplacedAlready => "Something has taken its place already; replace the latest one.".into(),
            Self::NotTheNextStep => "The steps come in their order: content review, secrecy review, approval.".into(),
            Self::FindingsOpen(count) => format!(
                "{count} findings of personal data are open; change the text, or let the secrecy reviewer release each with a reason."
            ),
            Self::ReleaseMisplaced => {
                "Findings are released by whoever passes the secrecy review, and only then.".into()
            }
            Self::NoOpenFinding => "This is no open finding of the publication.".into(),
            Self::NoSuchText => "There is no such text in the document.".into(),
            Self::NothingToRedact => "Give texts to replace, or set maskFindings to true.".into(),
        }
    }
}
