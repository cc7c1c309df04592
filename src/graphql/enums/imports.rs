//! Words of imports.

use async_graphql::Enum;
use entity::vocabulary;

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
    /// 单元格是公式，文件中没有保存结果，按空白读入。
    /// Formulas stand there without their values; the cells were read as blank.
    NoValue,
    /// 文件中有无法识别的字节，已用替代符代替。
    /// Some bytes of the file are no text and were replaced.
    BadBytes,
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
