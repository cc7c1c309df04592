//! What the layouts are filled from: plain values, already cut to what the reader of the file may see.

use chrono::NaiveDate;
use entity::vocabulary::Completion;
use uuid::Uuid;

use crate::domain::roll_up::RollUp;

/// 落实情况表 of one unit and period, filled in or blank.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportSheetView {
    /// The title of the list.
    pub list_title: Option<String>,
    /// The year of the list.
    pub year: i32,
    /// The period as the office writes it: 1–6月.
    pub period: String,
    /// 填报单位.
    pub unit: String,
    /// 填报人.
    pub reporter: Option<String>,
    /// 手机号码, already masked where it has to be.
    pub phone: Option<String>,
    /// 填报时间.
    pub reported_on: Option<NaiveDate>,
    /// The rows in printed order.
    pub rows: Vec<ReportRow>,
}

/// A row of 落实情况表.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportRow {
    /// What the row is found by when it comes back, once in the sheet: see [`row_key`].
    pub key: String,
    /// The sections around it from the outermost, label and title: "一、加强主动公开".
    pub sections: Vec<String>,
    /// The printed number.
    pub number: Option<String>,
    /// The printed title.
    pub title: Option<String>,
    /// The printed requirement.
    pub requirement: Option<String>,
    /// The printed units, or the role of this unit.
    pub units: Option<String>,
    /// The printed deadline.
    pub deadline: Option<String>,
    /// 完成情况.
    pub completion: Option<Completion>,
    /// 完成比例 in per cent.
    pub percent: Option<u8>,
    /// 完成次数 of a recurring task.
    pub done_count: Option<i32>,
    /// 落实情况.
    pub narrative: Option<String>,
    /// 佐证材料, one line each: a link, a document number, the name of a file.
    pub evidence: Vec<String>,
}

/// A short word for a row: a letter, and the last 35 bits of an identifier, which are random, in seven letters and digits.
///
/// The letter keeps a spreadsheet from taking it for a number, and no hyphen lets it break over two lines.
pub fn row_key(id: Uuid) -> String {
    const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let sign = |n: u32| char::from(SIGNS[usize::try_from(id.as_u128() >> (5 * n) & 31).unwrap_or_default()]);
    std::iter::once('K').chain((0..7).rev().map(sign)).collect()
}

/// 完成情况 as it is printed.
pub const fn completion_word(completion: Completion) -> &'static str {
    match completion {
        Completion::NotStarted => "未启动",
        Completion::Limited => "有一定进展",
        Completion::Substantial => "基本完成",
        Completion::Completed => "已完成",
        Completion::NothingToReport => "本期无新增",
        Completion::NotApplicable => "不适用",
    }
}

/// The sums of a period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SummaryView {
    /// The title of the list.
    pub list_title: Option<String>,
    /// The period: 1–6月.
    pub period: String,
    /// The day on which it was counted.
    pub as_of: Option<NaiveDate>,
    /// The counts per unit and section, units and sections in printed order.
    pub tallies: Vec<Tally>,
}

/// The counts of one unit in one section.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// The unit.
    pub unit: String,
    /// The section, label and title.
    pub section: String,
    /// What was expected and what came.
    pub counts: RollUp,
    /// Of those that came, the ones that came after the due day.
    pub late: u32,
}

/// Who still owes what.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MissingView {
    /// The title of the list.
    pub list_title: Option<String>,
    /// The period: 1–6月.
    pub period: String,
    /// The day on which it was counted.
    pub as_of: Option<NaiveDate>,
    /// The rows; those of one unit stand together.
    pub rows: Vec<MissingRow>,
}

/// A report that is owed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MissingRow {
    /// Who owes it.
    pub unit: String,
    /// The printed number of the task.
    pub number: Option<String>,
    /// What is to be done.
    pub task: String,
    /// 未报, 退回待重报.
    pub state: String,
    /// The day on which it was or is due.
    pub due_on: Option<NaiveDate>,
    /// Days behind it, 0 when it is not overdue.
    pub days_overdue: u32,
    /// Whom to call, already masked where it has to be.
    pub contact: Option<String>,
}
