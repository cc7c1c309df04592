//! The sentences, in both languages.

use super::{
    AfterIssue, FillMessage, GrantMessage, LookBackMessage, PeriodMessage, PublishingMessage, SignInMessage, denied,
    done_count,
};
use crate::authz::Reason;
use crate::documents::{DocumentProblem, read::ReadError, write::FormProblemKind};
use crate::domain::done_count::DoneCountProblem;
use crate::domain::lang::Lang;

/// Everything the program tells a user, so that the compiler proves that both texts exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Absent or invisible.
    NotFound,
    /// A refusal of the policy.
    Denied(Reason),
    /// Changed meanwhile.
    Stale,
    /// A text is missing.
    Required,
    /// A text is too long; the limit in characters.
    TooLong(usize),
    /// A text holds control characters.
    ControlCharacters,
    /// A number is outside; lowest and highest.
    OutOfRange(i64, i64),
    /// A name or code is taken.
    Duplicate(String),
    /// The idempotency key was used with another input.
    KeyReused,
    /// The idempotency key is empty or too long.
    BadIdempotencyKey,
    /// Neither title nor requirement.
    NeitherTitleNorRequirement,
    /// A task without any unit; its number.
    TaskUnassigned(String),
    /// A task that waits for a person; its number and what is asked.
    TaskNeedsReview(String, String),
    /// A name that no unit or group bears; task number and name.
    UnknownName(String, String),
    /// A list without tasks.
    ListEmpty,
    /// The list was imported before.
    ImportedBefore,
    /// A unit would stand below itself.
    UnitCycle,
    /// The root unit stays the root.
    RootUnit,
    /// A problem in a document: where and what.
    Document(DocumentProblem),
    /// The first day lies behind the last.
    DaysReversed,
    /// A cumulative period must begin on 1 January and end with a month.
    NotCumulative,
    /// The period lies outside the list's year.
    OutsideYear,
    /// The same period exists.
    PeriodExists,
    /// The due day lies before the end of the period's first day.
    DueBeforeStart,
    /// Periods are still open.
    PeriodsOpen,
    /// A reason is needed.
    ReasonRequired,
    /// A narrative is needed.
    NarrativeRequired,
    /// How far the work is must be said.
    CompletionRequired,
    /// Percent and completion contradict each other.
    PercentContradicts,
    /// Not a telephone number.
    BadPhone,
    /// Something still stands below or uses it.
    InUse,
    /// What the assignment names does not fit its target.
    TargetMismatch,
    /// A deadline of this kind needs a day.
    DeadlineNeedsDate,
    /// The holiday calendar has no such year.
    NoCalendar(i32),
    /// More items than allowed.
    TooMany(usize),
    /// A name that several units or groups bear; task number and name.
    AmbiguousName(String, String),
    /// A unit that is out of use; its name.
    UnitInactive(String),
    /// A unit that is out of use stands in a task; task number and name.
    TaskUnitInactive(String, String),
    /// The task asks nobody anything.
    NothingToConfirm,
    /// A section would stand below itself.
    SectionCycle,
    /// The day is not the last of its month.
    NotMonthEnd,
    /// The rule of a deadline says nothing that can be used.
    BadRule,
    /// The day of issue lies years away from the list's year.
    IssueDayImplausible,
    /// So many further problems are not listed.
    MoreProblems(usize),
    /// A question that is answered already.
    QuestionAnswered,
    /// A question without a proposal.
    NoProposal,
    /// An answer the question can't take; what it could be.
    AnswerMisfit(Vec<String>),
    /// Exactly one way of answering is to be given.
    OneAnswer,
    /// A name that is nobody's.
    NoSuchName(String),
    /// So many questions of the import are open.
    QuestionsOpen(usize),
    /// A file that can't be read, and why.
    UnreadableFile(ReadError),
    /// A file without a task list.
    NoListInFile,
    /// A JSON file that is not UTF-8.
    NotUtf8,
    /// A view that is not written in this form.
    ExportFormatMisfit,
    /// The exports of this user are as many, or as many MiB, as are kept.
    ExportsKept(u64, u64),
    /// So many exports wait at most.
    ExportsWaiting(u64),
    /// Either a file or its content is needed.
    FileOrContent,
    /// A file of no known type.
    FileTypeUnknown,
    /// A file without content.
    FileEmpty,
    /// The uploads of this user are as many as allowed.
    UploadsTooMany(u64),
    /// The uploads of this user are as large as allowed, in MiB.
    UploadsTooLarge(u64),
    /// A filled form that can't be used as a whole, and why.
    Form(FormProblemKind),
    /// A filled form of a unit one does not report for; the printed name.
    FormOfOtherUnit(String),
    /// A filled form of another period; the printed one and the one meant.
    FormOfOtherPeriod(String, String),
    /// No digest of a difference that was shown.
    BadDigest,
    /// The key of a row and its printed number mean different tasks; the number that belongs to the key.
    RowMoved(String),
    /// About periods: their closing, their schedules, more time.
    Period(PeriodMessage),
    /// What is wrong with how often a recurring task was done.
    DoneCount(DoneCountProblem),
    /// About publications.
    Publishing(PublishingMessage),
    /// An address that is no plain http or https one.
    BadLink,
    /// Exactly what belongs to the kind of evidence is to be given.
    EvidenceMisfit,
    /// Why a draft can't be filled.
    Fill(FillMessage),
    /// The same thing twice in one call.
    ItemTwice,
    /// The unit does not lead the task.
    NoLead,
    /// About what comes after the issue of a list.
    After(AfterIssue),
    /// About looking back, and tasks that go on in other lists.
    LookBack(LookBackMessage),
    /// About signing in.
    SignIn(SignInMessage),
    /// About rights.
    Grant(GrantMessage),
}

impl Message {
    /// The text in a language.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.chinese(),
            Lang::En => self.english(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::NotFound => "找不到该对象，或您无权查看。".into(),
            Self::Denied(reason) => denied::chinese(*reason).into(),
            Self::Stale => "内容已被他人修改，请按返回的最新内容核对后重试。".into(),
            Self::Required => "此项必填。".into(),
            Self::TooLong(limit) => format!("内容过长，最多 {limit} 个字符。"),
            Self::ControlCharacters => "内容含有不可见的控制字符，请删除后重试。".into(),
            Self::OutOfRange(low, high) => format!("数值应在 {low} 至 {high} 之间。"),
            Self::Duplicate(what) => format!("“{what}”已存在，请换一个。"),
            Self::KeyReused => "该幂等键已用于另一份内容，请换用新的幂等键。".into(),
            Self::BadIdempotencyKey => "幂等键应为 1 至 128 个字符。".into(),
            Self::NeitherTitleNorRequirement => "任务名称和任务要求至少填写一项。".into(),
            Self::TaskUnassigned(number) => format!("第 {number} 项任务没有任何责任单位，请先落实单位。"),
            Self::TaskNeedsReview(number, note) => format!("第 {number} 项任务待人工确认：{note}"),
            Self::UnknownName(number, name) => {
                format!("第 {number} 项任务中的“{name}”不在单位名录中，请指定单位或登记别名。")
            }
            Self::ListEmpty => "清单中没有任务，不能印发。".into(),
            Self::ImportedBefore => "同一份清单此前已导入，这里返回原清单。".into(),
            Self::UnitCycle => "单位不能隶属于自身或其下级单位。".into(),
            Self::RootUnit => "根单位不能改变隶属关系或停用。".into(),
            Self::Document(problem) => problem.line(Lang::Zh),
            Self::DaysReversed => "起始日不能晚于截止日。".into(),
            Self::NotCumulative => "累计报告期须从 1 月 1 日起，至某月最后一日止。".into(),
            Self::OutsideYear => "报告期须在清单年度之内。".into(),
            Self::PeriodExists => "相同起止日的报告期已存在。".into(),
            Self::DueBeforeStart => "报送截止日不能早于报告期起始日。".into(),
            Self::PeriodsOpen => "仍有未关闭的报告期，请先关闭。".into(),
            Self::ReasonRequired => "退回须写明理由。".into(),
            Self::NarrativeRequired => "请填写落实情况；选择“不适用”时请写明理由。".into(),
            Self::CompletionRequired => "请选择完成程度后再提交。".into(),
            Self::PercentContradicts => "完成百分比与完成程度不一致。".into(),
            Self::BadPhone => "电话号码格式不正确。".into(),
            Self::InUse => "仍有内容引用该对象，不能删除。".into(),
            Self::TargetMismatch => "指派对象与类型不符：单位、单位组或泛指三者择一。".into(),
            Self::DeadlineNeedsDate => "该类时限须给出日期。".into(),
            Self::NoCalendar(year) => format!("缺少 {year} 年的节假日安排，无法推算工作日，请先放入该年文件。"),
            Self::TooMany(limit) => format!("数量过多，最多 {limit} 项。"),
            Self::AmbiguousName(number, name) => {
                format!("第 {number} 项任务中的“{name}”对应多个单位或单位组，请指定其一。")
            }
            Self::UnitInactive(name) => format!("“{name}”已停用，请改用现用单位。"),
            Self::TaskUnitInactive(number, name) => {
                format!("第 {number} 项任务中的“{name}”已停用，请改用现用单位。")
            }
            Self::NothingToConfirm => "该任务没有待确认的内容。".into(),
            Self::SectionCycle => "章节不能隶属于自身或其下级章节。".into(),
            Self::NotMonthEnd => "月底时限的日期必须是当月最后一天。".into(),
            Self::BadRule => "时限规则不完整或超出范围。".into(),
            Self::IssueDayImplausible => "印发日期与清单年度相差超过一年，请核对。".into(),
            Self::MoreProblems(count) => format!("另有 {count} 个问题未列出。"),
            Self::QuestionAnswered => "该问题已确认。".into(),
            Self::NoProposal => "该问题没有建议值，请直接给出答案。".into(),
            Self::AnswerMisfit(candidates) if candidates.is_empty() => {
                "该问题只能按现状确认；如需改动，请先修改草稿再确认。".into()
            }
            Self::AnswerMisfit(candidates) => format!("无法按此答案修改草稿，可选：{}。", candidates.join("、")),
            Self::OneAnswer => "请在 keep、acceptProposal、value、unit、unitGroup 中只选一项。".into(),
            Self::NoSuchName(name) => format!("单位名录中没有唯一的“{name}”，请改用 unit 或 unitGroup 指明。"),
            Self::QuestionsOpen(count) => format!("还有 {count} 个关于整份清单的导入问题待确认。"),
            Self::UnreadableFile(error) => format!("{}。", error.text(Lang::Zh)),
            Self::NoListInFile => "文件中没有找到任务清单表格，请检查是否选错了文件。".into(),
            Self::NotUtf8 => "JSON 文件不是 UTF-8 编码。".into(),
            Self::ExportFormatMisfit => "该内容不能导出为这种格式：JSON 只用于清单本身，SVG 和 PNG 只用于汇总。".into(),
            Self::ExportsKept(files, size) => {
                format!("您保留的导出文件已达 {files} 个或 {size} MiB，请等较早的文件过期后再导出。")
            }
            Self::ExportsWaiting(limit) => format!("您有 {limit} 个导出尚未完成，请稍候再试。"),
            Self::FileOrContent => "请给出 file（文件）或 content（JSON 文本），二者择一。".into(),
            Self::FileTypeUnknown => {
                "无法识别该文件的类型，请上传 Word、Excel、PDF、网页、CSV、文本、JSON 文件或 PNG、JPEG 图片。".into()
            }
            Self::FileEmpty => "文件是空的。".into(),
            Self::UploadsTooMany(limit) => {
                format!("您保留的上传文件已达 {limit} 个，请等较早的文件过期后再上传。")
            }
            Self::UploadsTooLarge(limit) => {
                format!("您保留的上传文件合计将超过 {limit} MiB，请等较早的文件过期后再上传。")
            }
            Self::Form(kind) => kind.text(Lang::Zh).into(),
            Self::FormOfOtherUnit(printed) => format!("表上的填报单位是“{printed}”，您不是该单位的填报人。"),
            Self::FormOfOtherPeriod(printed, meant) => {
                format!("表上的报告期是“{printed}”，与所选的“{meant}”不符。")
            }
            Self::BadDigest => "核对码格式不正确，请使用试导入时返回的 digest。".into(),
            Self::BadLink => "链接须为 http 或 https 网址，不含用户名和密码，至多 2000 字符。".into(),
            Self::EvidenceMisfit => "请按种类只填一项：链接填 url，文号填 documentNumber，文件填 file。".into(),
            Self::Fill(message) => message.chinese(),
            Self::ItemTwice => "同一事项在一次操作中只能出现一次。".into(),
            Self::NoLead => "该单位不是此任务的牵头单位。".into(),
            Self::RowMoved(number) => format!("此行的编号属于第 {number} 项，与印出的序号不符，请核对后重填。"),
            Self::Period(message) => message.chinese(),
            Self::DoneCount(problem) => done_count::chinese(*problem),
            Self::After(what) => what.chinese(),
            Self::LookBack(message) => message.chinese(),
            Self::Publishing(message) => message.chinese(),
            Self::SignIn(message) => message.chinese(),
            Self::Grant(message) => message.chinese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::NotFound => "There is no such thing, or it is not visible to you.".into(),
            Self::Denied(reason) => denied::english(*reason).into(),
            Self::Stale => "Somebody changed it meanwhile; compare with what is returned and try again.".into(),
            Self::Required => "This is required.".into(),
            Self::TooLong(limit) => format!("Too long; at most {limit} characters."),
            Self::ControlCharacters => "The text holds control characters; remove them and try again.".into(),
            Self::OutOfRange(low, high) => format!("The value must lie between {low} and {high}."),
            Self::Duplicate(what) => format!("“{what}” exists already; choose another."),
            Self::KeyReused => "This idempotency key was used with another input; use a new one.".into(),
            Self::BadIdempotencyKey => "An idempotency key has 1 to 128 characters.".into(),
            Self::NeitherTitleNorRequirement => "Give a title or a requirement, at least one of them.".into(),
            Self::TaskUnassigned(number) => format!("Task {number} has no unit; assign one first."),
            Self::TaskNeedsReview(number, note) => format!("Task {number} waits for a person: {note}"),
            Self::UnknownName(number, name) => {
                format!("“{name}” in task {number} is no known unit; choose one or register an alias.")
            }
            Self::ListEmpty => "The list has no tasks and can't be issued.".into(),
            Self::ImportedBefore => "The same list was imported before; it is returned here.".into(),
            Self::UnitCycle => "A unit can't stand below itself.".into(),
            Self::RootUnit => "The root unit can't be moved or put out of use.".into(),
            Self::Document(problem) => problem.line(Lang::En),
            Self::DaysReversed => "The first day must not lie behind the last.".into(),
            Self::NotCumulative => "A cumulative period runs from 1 January to the last day of a month.".into(),
            Self::OutsideYear => "The period must lie within the list's year.".into(),
            Self::PeriodExists => "A period with the same days exists already.".into(),
            Self::DueBeforeStart => "The due day must not lie before the period's first day.".into(),
            Self::PeriodsOpen => "Some reporting periods are still open; close them first.".into(),
            Self::ReasonRequired => "A return needs a reason.".into(),
            Self::NarrativeRequired => "Say what was done; for NOT_APPLICABLE say why.".into(),
            Self::CompletionRequired => "Say how far the work is before submitting.".into(),
            Self::PercentContradicts => "Percent and completion contradict each other.".into(),
            Self::BadPhone => "This is no telephone number.".into(),
            Self::InUse => "Something still uses it; it can't be removed.".into(),
            Self::TargetMismatch => "An assignment names one unit, one group, or nobody in particular.".into(),
            Self::DeadlineNeedsDate => "A deadline of this kind needs a day.".into(),
            Self::NoCalendar(year) => {
                format!("There is no holiday file for {year}, so working days can't be counted; add the file first.")
            }
            Self::TooMany(limit) => format!("Too many; at most {limit}."),
            Self::AmbiguousName(number, name) => {
                format!("“{name}” in task {number} may be several units or groups; choose one.")
            }
            Self::UnitInactive(name) => format!("“{name}” is out of use; choose a unit in use."),
            Self::TaskUnitInactive(number, name) => {
                format!("“{name}” in task {number} is out of use; choose a unit in use.")
            }
            Self::NothingToConfirm => "Nothing in this task waits for a person.".into(),
            Self::SectionCycle => "A section can't stand below itself.".into(),
            Self::NotMonthEnd => "The day must be the last of its month.".into(),
            Self::BadRule => "The rule of the deadline is incomplete or out of bounds.".into(),
            Self::IssueDayImplausible => "The day of issue lies more than a year away from the list's year.".into(),
            Self::MoreProblems(count) => format!("{count} more problems are not listed."),
            Self::QuestionAnswered => "The question is answered already.".into(),
            Self::NoProposal => "The question has no proposal; give an answer.".into(),
            Self::AnswerMisfit(candidates) if candidates.is_empty() => {
                "This question can only be kept as it stands; change the draft first where it is wrong.".into()
            }
            Self::AnswerMisfit(candidates) => {
                format!("The draft can't be changed by this answer; it could be: {}.", candidates.join(", "))
            }
            Self::OneAnswer => "Give exactly one of keep, acceptProposal, value, unit and unitGroup.".into(),
            Self::NoSuchName(name) => {
                format!("“{name}” is not the name of one unit or group; name it by unit or unitGroup.")
            }
            Self::QuestionsOpen(count) => format!("{count} questions about the list as a whole are open."),
            Self::UnreadableFile(error) => format!("{}.", error.text(Lang::En)),
            Self::NoListInFile => "No table of this file looks like a task list; is it the right file?".into(),
            Self::NotUtf8 => "The JSON file is not UTF-8.".into(),
            Self::ExportFormatMisfit => {
                "This view can't be written so: JSON is for the list itself, SVG and PNG are for the summary.".into()
            }
            Self::ExportsKept(files, size) => {
                format!("{files} exports or {size} MiB of them are kept for you; wait until earlier ones expire.")
            }
            Self::ExportsWaiting(limit) => format!("{limit} of your exports are not done yet; try again later."),
            Self::FileOrContent => "Give either `file` or `content`.".into(),
            Self::FileTypeUnknown => {
                "The type of this file is not known; send a Word, Excel, PDF, HTML, CSV, text or JSON file, or a PNG or JPEG picture.".into()
            }
            Self::FileEmpty => "The file is empty.".into(),
            Self::UploadsTooMany(limit) => {
                format!("You keep {limit} uploads already; wait until the older ones expire and try again.")
            }
            Self::UploadsTooLarge(limit) => {
                format!("Your uploads would be larger than {limit} MiB together; wait until the older ones expire and try again.")
            }
            Self::Form(kind) => kind.text(Lang::En).into(),
            Self::FormOfOtherUnit(printed) => format!("The form is that of “{printed}”, for which you do not report."),
            Self::FormOfOtherPeriod(printed, meant) => {
                format!("The form is for the period “{printed}”, not for “{meant}”.")
            }
            Self::BadDigest => "Give the digest that came with the difference.".into(),
            Self::BadLink => {
                "A link is an http or https address without user name and password, at most 2,000 characters.".into()
            }
            Self::EvidenceMisfit => {
                "Give what belongs to the kind and nothing else: url, documentNumber or file.".into()
            }
            Self::Fill(message) => message.english(),
            Self::ItemTwice => "The same thing may be there only once in one call.".into(),
            Self::NoLead => "This unit does not lead the task.".into(),
            Self::RowMoved(number) => {
                format!("The key of this row belongs to task {number}, not to the printed number; check it.")
            }
            Self::Period(message) => message.english(),
            Self::DoneCount(problem) => done_count::english(*problem),
            Self::After(what) => what.english(),
            Self::LookBack(message) => message.english(),
            Self::Publishing(message) => message.english(),
            Self::SignIn(message) => message.english(),
            Self::Grant(message) => message.english(),
        }
    }
}
