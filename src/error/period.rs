//! The sentences about periods.

use chrono::NaiveDate;

/// What a user is told about periods: their closing, their schedules, more time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeriodMessage {
    /// Not everything is in and decided; how many are missing, returned, and waiting for a decision.
    Incomplete(u32, u32, u32),
    /// The unit owes nothing in this period.
    OwesNothing,
    /// The period is open for this unit already.
    ReopenedAlready,
    /// A day lies in the past.
    DayPast,
    /// A day is not later than the one in force.
    NotLater(NaiveDate),
    /// A request of this obligation waits already.
    RequestWaits,
    /// What was asked for was handed in already.
    HandedIn,
    /// A day must be given when more time is granted.
    DayNeeded,
    /// A day is given although no time is granted.
    DayWithoutGrant,
    /// A reason is needed.
    ReasonNeeded,
    /// A rule behind the due day sends notices, and they have a grade.
    GradeNeeded,
    /// A rule before the due day or on it only reminds.
    GradeTooEarly,
    /// A reminder carries no words and wants no reply.
    ReminderSaysNothing,
}

impl PeriodMessage {
    pub(super) fn chinese(&self) -> String {
        match self {
            Self::Incomplete(missing, returned, submitted) => format!(
                "尚有 {missing} 项未报、{returned} 项退回待重报、{submitted} 项待审核；关闭后不能再报送和审核，确要关闭请设 acceptMissing 为 true。"
            ),
            Self::OwesNothing => "该单位在本报告期没有应报事项。".into(),
            Self::ReopenedAlready => "该报告期已对该单位重新开放。".into(),
            Self::DayPast => "日期不能早于今天。".into(),
            Self::NotLater(day) => format!("日期须晚于现行截止日 {day}。"),
            Self::RequestWaits => "该事项已有待批的延期申请。".into(),
            Self::HandedIn => "该事项已报送，无须延期。".into(),
            Self::DayNeeded => "同意延期须写明延至何日。".into(),
            Self::DayWithoutGrant => "不同意延期时不能填写日期。".into(),
            Self::ReasonNeeded => "请写明理由。".into(),
            Self::GradeNeeded => "逾期后的规则会发出催办通知，请选定等级。".into(),
            Self::GradeTooEarly => "截止日及之前只作提醒，不发催办通知，请不要选等级。".into(),
            Self::ReminderSaysNothing => "提醒不附说明，也不要求回复；请清空此项。".into(),
        }
    }

    pub(super) fn english(&self) -> String {
        match self {
            Self::Incomplete(missing, returned, submitted) => format!(
                "{missing} reports are missing, {returned} are returned and {submitted} wait for a decision; nothing is taken or decided after closing, so set acceptMissing to true to close nevertheless."
            ),
            Self::OwesNothing => "This unit owes nothing in this period.".into(),
            Self::ReopenedAlready => "The period is open for this unit already.".into(),
            Self::DayPast => "The day must not lie in the past.".into(),
            Self::NotLater(day) => format!("The day must be later than the one in force, {day}."),
            Self::RequestWaits => "A request for this obligation waits already.".into(),
            Self::HandedIn => "The report was handed in already.".into(),
            Self::DayNeeded => "Say until which day time is granted.".into(),
            Self::DayWithoutGrant => "Give no day when no time is granted.".into(),
            Self::ReasonNeeded => "A reason is needed.".into(),
            Self::GradeNeeded => "A rule behind the due day sends notices: say how urgent they are.".into(),
            Self::GradeTooEarly => "Before the due day and on it units are only reminded: give no grade.".into(),
            Self::ReminderSaysNothing => "A reminder carries no words and wants no reply: leave this empty.".into(),
        }
    }
}
