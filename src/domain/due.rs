//! How an obligation stands to its day. This is the one place where that is decided.

use chrono::NaiveDate;
use entity::vocabulary::ReportStatus;

use super::calendar::Calendar;
use super::period::late_from;

/// How an obligation stands to its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DueState {
    /// 按时: handed in before it counted as late.
    OnTime,
    /// 逾期报送: handed in, too late.
    Late,
    /// 未到期: not handed in, and there is time.
    NotDue,
    /// 逾期未报: not handed in, and there is none.
    Overdue,
    /// 无时限: nothing says until when.
    NoDate,
}

impl DueState {
    /// Every state.
    pub const ALL: &'static [Self] = &[Self::OnTime, Self::Late, Self::NotDue, Self::Overdue, Self::NoDate];
}

/// Where the answer to an obligation lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// With the unit, which has not handed it in.
    ToReport,
    /// With the unit, whose approver has to sign it.
    ToSign,
    /// With the unit again, which has to mend it.
    Returned,
    /// With the office, which has to decide.
    ToReview,
    /// Nowhere: it is done.
    Done,
}

impl Place {
    /// Every place.
    pub const ALL: &'static [Self] = &[Self::ToReport, Self::ToSign, Self::Returned, Self::ToReview, Self::Done];
}

/// Where a report in this state lies; `None` is no report.
pub const fn place(status: Option<ReportStatus>) -> Place {
    match status {
        None | Some(ReportStatus::Draft) => Place::ToReport,
        Some(ReportStatus::Signing) => Place::ToSign,
        Some(ReportStatus::Returned) => Place::Returned,
        Some(ReportStatus::Submitted) => Place::ToReview,
        Some(ReportStatus::Accepted) => Place::Done,
    }
}

/// Whether the office has received a report in this state.
pub const fn is_received(status: Option<ReportStatus>) -> bool {
    matches!(place(status), Place::ToReview | Place::Done)
}

/// The states of reports that lie in one of these places.
pub fn statuses_in(places: &[Place]) -> Vec<ReportStatus> {
    ReportStatus::ALL.iter().copied().filter(|status| places.contains(&place(Some(*status)))).collect()
}

/// The states of reports that the office has received.
pub fn received_statuses() -> Vec<ReportStatus> {
    statuses_in(&[Place::ToReview, Place::Done])
}

/// The first day on which it is late: behind the due day and its working days of grace. Where the holidays of a year are
/// not known nothing is late until they are; that they are missing is said elsewhere.
pub fn late_day(due_on: NaiveDate, grace_working_days: i32, calendar: &Calendar) -> NaiveDate {
    late_from(due_on, grace_working_days, calendar).unwrap_or(NaiveDate::MAX)
}

/// Days of grace at most, in working days.
pub const MAX_GRACE: usize = 20;

/// For which due days it is too late on a day, by their grace: what a query can ask without a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateDays {
    /// For each number of working days of grace, from 0, the last due day for which it is too late. They end where the
    /// holidays of a year are not known: nothing is late there until they are.
    last: Vec<NaiveDate>,
}

impl LateDays {
    /// As of `today`. The twin of [`late_day`].
    pub fn new(today: NaiveDate, calendar: &Calendar) -> Self {
        let mut last: Vec<NaiveDate> = today.pred_opt().into_iter().collect();
        let mut day = today.pred_opt();
        while let Some(at) = day.filter(|_| last.len() <= MAX_GRACE) {
            match (calendar.is_working_day(at), at.pred_opt()) {
                (Ok(true), Some(before)) => last.push(before),
                (Ok(false), Some(_)) => {}
                _ => break,
            }
            day = at.pred_opt();
        }
        Self { last }
    }

    /// The numbers of working days of grace, each with the last due day for which it is too late.
    pub fn by_grace(&self) -> impl Iterator<Item = (i32, NaiveDate)> + '_ {
        (0..).zip(self.last.iter().copied())
    }
}

/// How an obligation stands to its day on `today`. It is late from `late_from` on, which is the day after it is due unless
/// there are days of grace; what counts is the last time it was handed in.
pub fn due_state(
    due_on: Option<NaiveDate>,
    late_from: Option<NaiveDate>,
    handed_in_on: Option<NaiveDate>,
    status: Option<ReportStatus>,
    today: NaiveDate,
) -> DueState {
    let Some(late_from) = late_from.or_else(|| due_on.and_then(|day| day.succ_opt())) else {
        return DueState::NoDate;
    };
    match (is_received(status), handed_in_on) {
        (true, Some(day)) if day >= late_from => DueState::Late,
        (true, _) => DueState::OnTime,
        (false, _) if today >= late_from => DueState::Overdue,
        (false, _) => DueState::NotDue,
    }
}
