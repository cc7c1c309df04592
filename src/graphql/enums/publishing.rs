//! Words of publishing.

use async_graphql::Enum;
use entity::vocabulary;

/// 公开稿类别。
/// What is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::PublicationKind")]
pub enum PublicationKind {
    /// 印发的清单。
    /// The list as issued.
    List,
    /// 已关闭报告期内通过审核的落实情况。
    /// The accepted reports of a closed period.
    Progress,
    /// 年度报告：由通过审核的报告汇总。
    /// The annual report: sums over accepted reports.
    AnnualReport,
}

/// 公开稿状态（先审后发）。
/// The state of a publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::PublicationStatus")]
pub enum PublicationStatus {
    /// 草稿，文字尚可修改，待内容审核。
    /// Its text may still be changed; waits for the content review.
    Draft,
    /// 内容审核通过，待保密审查。
    /// The content review passed; waits for the secrecy review.
    ContentReviewed,
    /// 保密审查通过，待签发。
    /// The secrecy review passed; waits for approval.
    SecrecyReviewed,
    /// 已签发，待发布。
    /// Approved; waits to be published.
    Approved,
    /// 已发布。
    /// Anybody may read it.
    Published,
    /// 已撤回。
    /// Taken back.
    Withdrawn,
}

/// 公开稿的审查环节，依次进行。
/// The steps of review, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "crate::domain::publication::ReviewStep", rename_items = "SCREAMING_SNAKE_CASE")]
pub enum PublicationReviewStep {
    /// 内容审核。
    /// The content review.
    #[graphql(name = "CONTENT_REVIEW")]
    Content,
    /// 保密审查。
    /// The secrecy review.
    #[graphql(name = "SECRECY_REVIEW")]
    Secrecy,
    /// 签发。
    /// The approval.
    Approval,
}

/// 对公开稿所办的事项。
/// What was done to a publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::PublicationAct")]
pub enum PublicationAct {
    /// 编制。
    /// The snapshot was taken.
    Preparation,
    /// 修改文字。
    /// Text was replaced.
    Redaction,
    /// 内容审核。
    /// The content review.
    ContentReview,
    /// 保密审查。
    /// The secrecy review.
    SecrecyReview,
    /// 签发。
    /// The approval.
    Approval,
    /// 发布。
    /// It was published.
    Publishing,
    /// 撤回。
    /// It was taken back.
    Withdrawal,
}

/// 审查结论。
/// What a reviewer decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::PublicationDecision")]
pub enum PublicationDecision {
    /// 通过。
    /// It passes.
    Passed,
    /// 退回修改，须写明理由；各环节重新进行。
    /// It is a draft again, for a reason, and all steps begin anew.
    Returned,
}

/// 疑似个人信息的类别。
/// What a detector takes something for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::PersonalDataKind")]
pub enum PersonalDataKind {
    /// 电话号码。
    /// A telephone number.
    Phone,
    /// 居民身份证号码。
    /// An identity number.
    IdCard,
    /// 银行卡号。
    /// The number of a bank card.
    BankCard,
    /// 电子邮箱。
    /// A mail address.
    Email,
}

/// 公开稿中的文字所在。
/// A text of a publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::PublicationField")]
pub enum PublicationField {
    /// 公开稿标题。
    /// Its own title.
    Title,
    /// 清单标题。
    /// The title of the list.
    ListTitle,
    /// 文号。
    /// The document number.
    DocumentNumber,
    /// 发布单位。
    /// Who publishes it.
    Issuer,
    /// 报告期名称。
    /// The name of the period.
    Period,
    /// 章节。
    /// A section.
    Section,
    /// 任务序号。
    /// The number of a task.
    TaskNumber,
    /// 任务名称。
    /// The title of a task.
    TaskTitle,
    /// 任务要求。
    /// The requirement of a task.
    Requirement,
    /// 单位。
    /// Units.
    Units,
    /// 时限。
    /// The deadline.
    Deadline,
    /// 落实情况。
    /// What was done.
    Narrative,
    /// 汇总段落。
    /// The paragraph of sums.
    Paragraph,
}

/// 图表的分组。
/// What the bars of a picture are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "crate::service::publishing::FigureName")]
pub enum PublicationFigureName {
    /// 按章节。
    /// Sections.
    BySection,
    /// 按单位。
    /// Units.
    ByUnit,
}
