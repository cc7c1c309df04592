//! The closed word lists as GraphQL enums.

use async_graphql::Enum;
use entity::vocabulary;

/// 授权角色：与单位一起构成一项授权。
/// What a grant allows, together with a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::Role")]
pub enum Role {
    /// 政务公开办：查看并推进本级及以下发出的清单。
    /// The office: sees and steers lists issued at or below its unit.
    Office,
    /// 填报人：填写本单位的落实情况。
    /// Writes the reports of the unit.
    Reporter,
    /// 审签人：签批本单位的报告。
    /// Signs the reports of the unit.
    Approver,
    /// 督查、第三方评估：只读。
    /// Reads a subtree or named lists, writes nothing.
    Inspector,
    /// 系统管理员：管理单位、用户和密钥，不看业务数据。
    /// Keeps units, users and keys; sees no business data.
    SystemAdmin,
    /// 安全管理员：管理授权，不看业务数据。
    /// Keeps grants and policies; sees no business data.
    SecurityAdmin,
    /// 审计管理员：查看审计记录，不看业务数据。
    /// Keeps the audit trail; sees no business data.
    AuditAdmin,
    /// 对接系统的服务账号。
    /// A service account of another system.
    Integration,
}

/// 用户类别。
/// What a user is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::UserKind")]
pub enum UserKind {
    /// 自然人。
    /// A person.
    Person,
    /// 服务账号。
    /// A service account.
    Service,
}

/// 单位组在印发时如何展开。
/// How a group becomes units when a list is issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::GroupExpansion")]
pub enum GroupExpansion {
    /// 全部成员。
    /// All members.
    Members,
    /// 除牵头单位外的成员（如“其他股室”）。
    /// Members without the leads of the task.
    ExceptLeads,
}

/// 清单状态。
/// The state of a task list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::TaskListStatus")]
pub enum TaskListStatus {
    /// 草稿，仅政务公开办可见。
    /// Being written; only the office sees it.
    Draft,
    /// 已印发，执行中。
    /// In force.
    Issued,
    /// 已办结。
    /// The year is over.
    Closed,
    /// 已归档。
    /// Put away.
    Archived,
}

/// 单位在任务中的角色。
/// What a unit is to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::AssignmentRole")]
pub enum AssignmentRole {
    /// 牵头。
    /// Leads.
    Lead,
    /// 责任。
    /// Is responsible.
    Responsible,
    /// 配合。
    /// Supports.
    Support,
}

/// 指派的对象类型。
/// What an assignment names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::AssignmentTarget")]
pub enum AssignmentTarget {
    /// 一个单位。
    /// One unit.
    Unit,
    /// 一个单位组。
    /// A group of units.
    Group,
    /// 泛指（如“等相关部门”）。
    /// Nobody in particular.
    Open,
}

/// 指派状态。
/// Whether an assignment is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::AssignmentStatus")]
pub enum AssignmentStatus {
    /// 有效。
    /// In force.
    Active,
    /// 已撤回。
    /// Withdrawn.
    Withdrawn,
}

/// 时限类型。
/// The kinds of deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::DeadlineKind")]
pub enum DeadlineKind {
    /// 具体日期。
    /// A day.
    FixedDate,
    /// 月底。
    /// The end of a month.
    MonthEnd,
    /// 全年。
    /// All year.
    AllYear,
    /// 持续推进。
    /// Ongoing.
    Ongoing,
    /// 自某事件起若干日。
    /// So many days after an event.
    Relative,
    /// 定期、至少若干次。
    /// At least so many times per span.
    Recurring,
    /// 某一时段内。
    /// Between two days.
    Window,
    /// 未写明。
    /// Nothing printed.
    None,
}

/// 时限出处。
/// Where a deadline was printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::DeadlineSource")]
pub enum DeadlineSource {
    /// 时限栏。
    /// In the deadline column.
    Column,
    /// 任务正文。
    /// In the text of the task.
    Text,
}

/// 报告期类型。
/// How a reporting period counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::PeriodKind")]
pub enum PeriodKind {
    /// 累计（1–X月）。
    /// From January on.
    Cumulative,
    /// 单独时段。
    /// A span of its own.
    Plain,
}

/// 报告期状态。
/// Whether reports are taken for a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::PeriodStatus")]
pub enum PeriodStatus {
    /// 开放填报。
    /// Reports are taken.
    Open,
    /// 已关闭。
    /// Closed.
    Closed,
}

/// 报告状态。
/// The state of a progress report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::ReportStatus")]
pub enum ReportStatus {
    /// 草稿。
    /// Being written.
    Draft,
    /// 已提交，待审核。
    /// Handed in, waiting for a decision.
    Submitted,
    /// 已退回。
    /// Returned to be mended.
    Returned,
    /// 已通过。
    /// Accepted.
    Accepted,
}

/// 完成程度。
/// How far the work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::Completion")]
pub enum Completion {
    /// 未启动。
    /// Not started.
    NotStarted,
    /// 有一定进展。
    /// Some progress.
    Limited,
    /// 基本完成。
    /// Substantially done.
    Substantial,
    /// 已完成。
    /// Completed.
    Completed,
    /// 本期无新增情况。
    /// Nothing to report this time.
    NothingToReport,
    /// 不适用，须在落实情况中写明理由。
    /// Not applicable; the narrative says why.
    NotApplicable,
}

/// 审核结论。
/// What the office decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::ReviewDecision")]
pub enum ReviewDecision {
    /// 通过。
    /// Accepted.
    Accepted,
    /// 退回。
    /// Returned.
    Returned,
}

/// 导入问题的种类。
/// What a question of an import is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "crate::domain::question::QuestionKind")]
pub enum ImportQuestionKind {
    /// 没有找到任务清单表格。
    /// No table of this file looks like a task list.
    NoList,
    /// 文件中还有一张表也像任务清单，未读入。
    /// Another table looks like a list too and was not read.
    OtherTable,
    /// 表格没有可识别的表头，各列按内容判断。
    /// The table has no headings that are known; the columns were told by their content.
    NoHeader,
    /// 这一列的含义不明确。
    /// It is not clear what this column holds.
    Column,
    /// 标题中没有年份，按内容推断。
    /// The title has no year; it was told by the content.
    Year,
    /// 发文单位是按标题推断的。
    /// The issuer was put together from the title.
    Issuer,
    /// 两个大项用了相同的序号。
    /// Two sections have the same label.
    SectionTwice,
    /// 这一行不像任务，未作为任务读入。
    /// This row does not look like a task and was not read as one.
    Row,
    /// 序号重复，已加上区别。
    /// The number is used twice; the draft tells them apart.
    NumberTwice,
    /// 序号在每个大项内重新开始，已在前面加上大项序号。
    /// The numbers start again in each section; the label of the section was put before them.
    NumbersRestart,
    /// 任务没有序号。
    /// The tasks have no numbers.
    NoNumbers,
    /// 一行对应多个序号。
    /// One row stands for several numbers.
    NumberRange,
    /// 序号不连续。
    /// The numbers are not consecutive.
    NumberGap,
    /// 一个单元格内有多项任务，已拆开。
    /// One cell holds several tasks; they were taken apart.
    SeveralTasks,
    /// 多行属于同一序号，已合并为一项任务。
    /// Several rows share a number; they were read as one task.
    OneTask,
    /// 没有写明责任单位。
    /// No unit is named.
    NoUnit,
    /// 责任单位为空，沿用了上一行。
    /// The unit cell is blank; the cell above was taken.
    Inherited,
    /// 这几个字不像单位名称。
    /// These words do not look like a unit.
    Name,
    /// 单位库中没有这个名称。
    /// The registry does not know this name.
    UnknownName,
    /// 这个名称对应多个单位。
    /// This name stands for several units.
    AmbiguousName,
    /// 括号内容是名称的一部分，还是职责范围？
    /// Does the bracket belong to the name, or does it say the scope?
    Bracket,
    /// 逗号前的单位是否也是牵头单位？
    /// Do the units before the comma share the lead?
    LeadReach,
    /// 表中说明排在首位的是牵头单位，是否按此设定？
    /// The table says that the first unit is the lead. Shall it be read so?
    FirstLeads,
    /// 写了角色，但没有单位名称。
    /// A role is written, but no unit.
    RoleAlone,
    /// 完成时限没有完全读懂。
    /// The deadline was not fully understood.
    Deadline,
    /// “某月前”是指月初之前还是月底之前？
    /// Does it mean before the month begins, or before it ends?
    BeforeMonth,
    /// 没有写明从何时起算。
    /// It is not written from when the days count.
    NoEvent,
    /// 没有写明频次。
    /// It is not written how often.
    HowOften,
    /// 没有写明完成时限。
    /// No deadline is written.
    NoDeadline,
    /// 两项任务的内容重复。
    /// Two tasks say the same.
    Overlap,
    /// 文本没有列边界，各单元格按内容重新拼接。
    /// The text has no column borders; the cells were put together again by their content.
    BrokenText,
    /// 文件中没有表格，按编号段落读入。
    /// The file has no table; its numbered paragraphs were read.
    Prose,
    /// 原文有歧义，请核对任务内容和责任单位。
    /// The document marks this task for a person to look at.
    Review,
    /// 单位已停用，请指定现用单位。
    /// The unit is out of use; name the one that took over.
    InactiveUnit,
    /// 同一单位出现多次且职责范围不同。
    /// A unit stands in this task twice, with different duties.
    UnitTwice,
    /// 内容超出长度限制，已截短。
    /// The text is too long and was cut.
    Cut,
}

/// 导入问题的状态。
/// Where a question of an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::ImportQuestionStatus")]
pub enum ImportQuestionStatus {
    /// 待确认。
    /// Waits for an answer.
    Open,
    /// 已确认。
    /// Answered.
    Answered,
}

/// 文件用途。
/// What a file is kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::FilePurpose")]
pub enum FilePurpose {
    /// 上传。
    /// Brought in by the caller.
    Upload,
    /// 导出。
    /// Made by taizhang, to be fetched.
    Export,
}

/// 导出内容。
/// What an exported file shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::ExportView")]
pub enum ExportView {
    /// 清单本身。
    /// The list.
    Ledger,
    /// 一个单位的落实情况表。
    /// What one unit has reported.
    ReportSheet,
    /// 一个单位的空白填报表，可离线填写后导入。
    /// The blank form of one unit, to be filled in offline and brought back.
    ReportForm,
    /// 按单位、按章节的汇总。
    /// The sums per unit and section.
    Summary,
    /// 未报清单。
    /// Who still owes what.
    Missing,
}

/// 导出格式。
/// The form of an exported file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::ExportFormat")]
pub enum ExportFormat {
    /// Word 文档。
    /// Word.
    Docx,
    /// Excel 工作簿。
    /// Excel.
    Xlsx,
    /// 逗号分隔文本（UTF-8，带 BOM）。
    /// Separated values (UTF-8 with a byte order mark).
    Csv,
    /// taizhang-list/1，仅限清单本身。
    /// `taizhang-list/1`; for the list itself only.
    Json,
    /// 矢量图，仅限汇总。
    /// A drawing; for the summary only.
    Svg,
    /// 图片，仅限汇总；服务器须装有中文字体。
    /// A picture; for the summary only, where the server has a Chinese font.
    Png,
}

/// 导出的状态。
/// How far an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::ExportStatus")]
pub enum ExportStatus {
    /// 排队中。
    /// Waits.
    Queued,
    /// 进行中。
    /// Is being made.
    Running,
    /// 已完成。
    /// Done.
    Succeeded,
    /// 失败，原因见 problem。
    /// Came to nothing; `problem` says why.
    Failed,
}

/// 图表内容。
/// What a picture of a period shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "crate::service::charts::Shown")]
pub enum PeriodChartKind {
    /// 报送进度：通过、待审核、退回、未报。
    /// Reports accepted, waiting, returned and missing.
    Receipt,
    /// 完成程度。
    /// How far the tasks are.
    Progress,
}

/// 图表分组。
/// What the bars of a picture are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "crate::service::charts::Grouping")]
pub enum PeriodChartGrouping {
    /// 单位，按名录次序。
    /// Units, in the order of the directory.
    Unit,
    /// 章节，按印发次序。
    /// Sections, as printed.
    Section,
}
