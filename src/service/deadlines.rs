//! The deadlines of a task: checked, and written beside it. Place 0 is the task's own, the others follow.

use entity::deadline;
use entity::vocabulary::{DeadlineKind, DeadlineSource};
use uuid::Uuid;

use super::work::Checks;
use super::{Stop, Work};
use crate::documents::is_sane;
use crate::documents::list_json::{MAX_NAME, MAX_OTHER_TIMES};
use crate::domain::deadline::{Deadline, is_month_end};
use crate::error::{Fault, Message, UserErrorCode};

/// The deadline as it is to be written; `None` when it says nothing.
pub(super) fn clean(checks: &mut Checks, deadline: &Deadline, path: &str) -> Option<Deadline> {
    let at = |field: &str| format!("{path}.{field}");
    let text = checks.optional(deadline.text.as_deref(), MAX_NAME, &at("text"));
    match deadline.kind {
        DeadlineKind::FixedDate | DeadlineKind::MonthEnd | DeadlineKind::Window if deadline.date.is_none() => {
            checks.fail(UserErrorCode::Required, Message::DeadlineNeedsDate, &at("date"));
        }
        DeadlineKind::MonthEnd if deadline.date.is_some_and(|day| !is_month_end(day)) => {
            checks.fail(UserErrorCode::InvalidFormat, Message::NotMonthEnd, &at("date"));
        }
        DeadlineKind::Relative | DeadlineKind::Recurring if deadline.rule.is_none() => {
            checks.fail(UserErrorCode::Required, Message::Required, &at("rule"));
        }
        _ => {}
    }
    if deadline.kind == DeadlineKind::Window && deadline.from.is_none() {
        checks.fail(UserErrorCode::Required, Message::DeadlineNeedsDate, &at("from"));
    }
    if let (Some(from), Some(until)) = (deadline.from, deadline.date)
        && until < from
    {
        checks.fail(UserErrorCode::OutOfRange, Message::DaysReversed, &at("from"));
    }
    if deadline.rule.as_ref().is_some_and(|rule| !is_sane(rule)) {
        checks.fail(UserErrorCode::InvalidFormat, Message::BadRule, &at("rule"));
    }
    let says = deadline.kind != DeadlineKind::None || text.is_some();
    says.then(|| Deadline { text, ..deadline.clone() })
}

/// The further deadlines as they are to be written.
pub(super) fn clean_further(checks: &mut Checks, further: &[Deadline], path: &str) -> Vec<Deadline> {
    if further.len() > MAX_OTHER_TIMES {
        checks.fail(UserErrorCode::Limit, Message::TooMany(MAX_OTHER_TIMES), path);
        return Vec::new();
    }
    let clean = |(index, deadline)| clean(checks, deadline, &format!("{path}.{index}"));
    further.iter().enumerate().filter_map(clean).collect()
}

/// The row of a deadline.
pub(super) fn row(
    id: Uuid,
    task: Uuid,
    position: i32,
    deadline: &Deadline,
    source: Option<DeadlineSource>,
) -> Result<deadline::Model, Stop> {
    let rule = deadline.rule.as_ref().map(serde_json::to_value).transpose();
    Ok(deadline::Model {
        id,
        task_id: task,
        position,
        kind: deadline.kind,
        text: deadline.text.clone(),
        due_on: deadline.date,
        from_on: deadline.from,
        rule: rule.map_err(|e| Fault::Internal(e.to_string()))?,
        source,
    })
}

/// What a row says, as the rules of the domain use it.
pub(super) fn of_row(row: &deadline::Model) -> Deadline {
    Deadline {
        kind: row.kind,
        text: row.text.clone(),
        date: row.due_on,
        from: row.from_on,
        rule: row.rule.clone().and_then(|rule| serde_json::from_value(rule).ok()),
    }
}

/// Puts the deadlines of a task in the place of those there are: the own one, the further ones, or both.
///
/// Identifiers stay with their place, and where it was printed stays with the text.
pub(super) async fn replace(
    work: &Work,
    task: Uuid,
    own: Option<Option<Deadline>>,
    further: Option<Vec<Deadline>>,
) -> Result<(), Stop> {
    let concerned = |position: i32| if position == 0 { own.is_some() } else { further.is_some() };
    let mut before = work.tx.all_where::<deadline::Entity>(deadline::Column::TaskId, &[task]).await?;
    before.retain(|row| concerned(row.position));
    let wanted = own.iter().flatten().map(|own| (0, own));
    let wanted = wanted.chain((1..).zip(further.iter().flatten()));
    let mut rows = Vec::new();
    for (position, deadline) in wanted {
        let there = before.iter().find(|row| row.position == position);
        let source = before.iter().find(|row| row.text == deadline.text).and_then(|row| row.source);
        rows.push(row(there.map_or_else(|| work.id(), |row| row.id), task, position, deadline, source)?);
    }
    let gone: Vec<Uuid> = before.iter().map(|row| row.id).collect();
    work.tx.delete_keys::<deadline::Entity>(&gone).await?;
    Ok(work.tx.insert_all::<deadline::Entity>(rows).await?)
}
