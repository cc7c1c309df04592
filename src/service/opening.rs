//! How a period comes to be, whoever opens it: the office by a verb, or a schedule by itself.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use entity::vocabulary::{PeriodKind, PeriodStatus};
use entity::{report_obligation, reporting_period, task_list};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Service;
use crate::domain::rule::Rule;
use crate::domain::schedule::expected_count;
use crate::store::{StoreError, Tx};

/// What the audit trail says is new.
pub(super) const OPENED: [&str; 7] = ["taskList", "kind", "startsOn", "endsOn", "dueOn", "graceWorkingDays", "label"];

/// What a period is made of once everything is checked.
pub(super) struct Opening {
    /// How it counts.
    pub kind: PeriodKind,
    /// Its name.
    pub label: String,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// The day reports are due.
    pub due_on: NaiveDate,
    /// The grace in working days.
    pub grace_working_days: i32,
}

/// A period that was opened.
pub(super) struct Opened {
    /// The period.
    pub id: Uuid,
    /// Its list.
    list: Uuid,
    /// How much each unit owes.
    per_unit: BTreeMap<Uuid, usize>,
}

impl Opened {
    /// What is told: one message per unit, whatever it owes, so that nobody gets seventy at once.
    pub(super) fn messages(self) -> impl Iterator<Item = (&'static str, Value)> {
        let Self { id, list, per_unit } = self;
        per_unit.into_iter().map(move |(unit, count)| {
            let payload = json!({ "reportingPeriod": id, "taskList": list, "unit": unit, "obligations": count });
            ("reporting_period.opened", payload)
        })
    }
}

/// Writes a period and what every unit owes for it; the list is locked. `Unique` when there is one with the same days.
///
/// Every lead and responsible unit owes a report per task, and the supporting ones where the list says so, whatever the
/// task's own deadline: a task that is due in June or holds 全年 is reported on in every period of the year, and a unit
/// that has nothing to say says NOTHING_TO_REPORT or NOT_APPLICABLE.
pub(super) async fn raise(
    tx: &Tx,
    service: &Service,
    now: DateTime<Utc>,
    list: &task_list::Model,
    opening: Opening,
) -> Result<Opened, StoreError> {
    let id = service.ids().next();
    tx.insert::<reporting_period::Entity>(reporting_period::Model {
        id,
        task_list_id: list.id,
        kind: opening.kind,
        label: opening.label,
        starts_on: opening.starts_on,
        ends_on: opening.ends_on,
        due_on: opening.due_on,
        grace_working_days: opening.grace_working_days,
        first_due_on: None,
        status: PeriodStatus::Open,
        opened_at: now,
        closed_at: None,
        roll_up: None,
        version: 1,
        created_at: now,
        updated_at: now,
    })
    .await?;
    let expected = expected(tx, list.id, opening.starts_on, opening.ends_on).await?;
    let mut obligations = Vec::new();
    let mut per_unit: BTreeMap<Uuid, usize> = BTreeMap::new();
    for (assignment, unit) in tx.owing(list.id, list.support_reports).await? {
        *per_unit.entry(unit).or_default() += 1;
        obligations.push(report_obligation::Model {
            id: service.ids().next(),
            reporting_period_id: id,
            task_list_id: list.id,
            task_id: assignment.task_id,
            assignment_id: assignment.id,
            unit_id: unit,
            due_on: None,
            expected_count: expected.get(&assignment.task_id).copied(),
            released_at: None,
            created_at: now,
        });
    }
    tx.insert_all::<report_obligation::Entity>(obligations).await?;
    Ok(Opened { id, list: list.id, per_unit })
}

/// How often each recurring task has to have happened by the end of the period. A task's first recurring deadline counts,
/// be it of its column or of its text.
pub(super) async fn expected(
    tx: &Tx,
    list: Uuid,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<HashMap<Uuid, i32>, StoreError> {
    let mut counts = HashMap::new();
    for row in tx.recurring_deadlines(list).await? {
        let rule = row.rule.and_then(|rule| serde_json::from_value::<Rule>(rule).ok());
        if let Some(Rule::Recurring(rule)) = rule
            && let Some(count) = expected_count(&rule, from, to)
        {
            counts.entry(row.task_id).or_insert(count);
        }
    }
    Ok(counts)
}
