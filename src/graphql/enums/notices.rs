//! What people are told and urged about.

use async_graphql::Enum;
use entity::vocabulary;

/// 通知类别。
/// Of what somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::NotificationKind")]
pub enum NotificationKind {
    /// 清单已印发，本单位有任务。
    /// A list with tasks of the unit was issued.
    ListIssued,
    /// 报告期已开启。
    /// A reporting period was opened.
    PeriodOpened,
    /// 某单位报送了落实情况（每单位每日一条）。
    /// A unit handed reports in; one a day for each unit.
    ReportsSubmitted,
    /// 报告被退回。
    /// A report was returned.
    ReportReturned,
    /// 报告已通过（每日一条）。
    /// Reports were accepted; one a day.
    ReportsAccepted,
    /// 被催办。
    /// The unit was urged.
    Urged,
}

/// 催办等级。
/// How urgent a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::UrgeGrade")]
pub enum UrgeGrade {
    /// 蓝色：提醒。
    /// Blue: a reminder.
    Blue,
    /// 黄色：催办。
    /// Yellow: urging.
    Yellow,
    /// 红色：督办。
    /// Red: the last warning.
    Red,
}
