//! A merger: what the sources do goes over to their successor.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::vocabulary::{AssignmentRole, AssignmentStatus, PeriodStatus, TaskListStatus, UnitChangeKind};
use entity::{assignment, report_obligation, reporting_period, task, task_list, unit, unit_alias};
use uuid::Uuid;

use super::{Merge, Merged, check_end, keep, occasion, others, remember, take};
use crate::authz::{Action, State, decide};
use crate::domain::period::due_for;
use crate::error::{AfterIssue, Message, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::service::amendments::{self, AddedUnit, Change, REASON_CHARS};
use crate::service::assignments::Whom;
use crate::service::directory::ALIASES;
use crate::service::drafts::subject_over;
use crate::service::due_changes;
use crate::service::look_back::hand_over;
use crate::service::work::Checks;
use crate::service::{Stop, Work};

pub(super) async fn merge(work: &mut Work, id: Uuid, input: Merge) -> Result<Merged, Stop> {
    let (directory, row) = take(work, id, input.expected_version).await?;
    let mut checks = Checks::default();
    if !row.active {
        let message = Message::After(AfterIssue::OutOfUse(row.name.clone()));
        checks.fail(UserErrorCode::InvalidState, message, "id");
    }
    let reason = checks.text(&input.reason, REASON_CHARS, "input.reason");
    let document_number = occasion(work, &mut checks, &input.occasion);
    let sources = others(work, &mut checks, &directory, id, &input.sources, "input.sources").await?;
    for source in &sources {
        check_end(&mut checks, &directory, source, "input.sources");
    }
    let keys: Vec<Uuid> = sources.iter().map(|row| row.id).collect();
    let aliases = work.tx.all_where::<unit_alias::Entity>(unit_alias::Column::UnitId, &keys).await?;
    let own = work.tx.count_where::<unit_alias::Entity>(unit_alias::Column::UnitId, id).await?;
    if own + aliases.len() > ALIASES {
        checks.fail(UserErrorCode::Limit, Message::TooMany(ALIASES), "input.sources");
    }
    checks.done()?;

    for alias in aliases {
        work.tx.update::<unit_alias::Entity>(unit_alias::Model { unit_id: id, ..alias }).await?;
    }
    for source in &sources {
        let (from, to, on) = ((source, source.name.as_str()), (&row, row.name.as_str()), input.occasion.on);
        remember(work, UnitChangeKind::Merged, from, to, on, document_number.as_ref()).await?;
        keep(work, unit::Model { active: false, ..source.clone() }).await?;
    }
    keep(work, row.clone()).await?;
    let amendments = move_assignments(work, id, &keys, &reason, document_number.as_deref()).await?;
    for amendment in &amendments {
        work.audit_also("taskListAmend", GlobalId::new(Kind::Amendment, *amendment), &["changes"]);
    }
    // Behind all lists, as everybody locks them.
    hand_over(work, &row, &sources, &reason).await?;
    work.audit(GlobalId::new(Kind::Unit, id), &["sources", "aliases", "history", "assignments"]);
    work.tell("unit.merged", serde_json::json!({ "unit": id, "sources": keys }));
    Ok(Merged { unit: id, sources: keys, amendments })
}

/// Moves what the sources do in lists in force to the successor: an amendment per list that the actor may amend. Lists of
/// others stay as they are until their own office amends them.
async fn move_assignments(
    work: &mut Work,
    successor: Uuid,
    sources: &[Uuid],
    reason: &str,
    document_number: Option<&str>,
) -> Result<Vec<Uuid>, Stop> {
    let mut seats = work.tx.all_where::<assignment::Entity>(assignment::Column::UnitId, sources).await?;
    seats.retain(|row| row.status == AssignmentStatus::Active);
    let tasks: Vec<Uuid> = seats.iter().map(|row| row.task_id).collect();
    let tasks = work.tx.all_where::<task::Entity>(task::Column::Id, &tasks).await?;
    let mut per_list: BTreeMap<Uuid, BTreeMap<Uuid, Vec<assignment::Model>>> = BTreeMap::new();
    for seat in seats {
        let Some(task) = tasks.iter().find(|task| task.id == seat.task_id) else { continue };
        per_list.entry(task.task_list_id).or_default().entry(task.id).or_default().push(seat);
    }
    let mut amendments = Vec::new();
    // In the order of keys, so that two who lock many lists can't wait for each other.
    for (list, per_task) in per_list {
        let Some(list) = work.tx.locked::<task_list::Entity>(&work.actor, list).await? else { continue };
        let state = State { list: Some(list.status), ..State::default() };
        let subject = subject_over(work, list.issuer_unit_id).await?;
        if list.status != TaskListStatus::Issued || decide(Action::ListAmend, subject, state).is_err() {
            continue;
        }
        let mut changes = Vec::new();
        for (task, mut seats) in per_task {
            let there = work.tx.all_where::<assignment::Entity>(assignment::Column::TaskId, &[task]).await?;
            let there = there.into_iter();
            let own = there.filter(|row| row.unit_id == Some(successor) && row.status == AssignmentStatus::Active);
            seats.extend(own);
            changes.extend(joined(task, successor, &seats));
        }
        let path = |_: usize| "input.sources".to_owned();
        let (checks, document_number) = (Checks::default(), document_number.map(str::to_owned));
        let list = list.into_inner();
        let more_time = more_time(work, list.id, sources).await?;
        let done =
            amendments::run(work, checks, list, reason, document_number, &changes, "input.sources", &path).await?;
        grant_too(work, successor, &more_time).await?;
        amendments.push(done.amendment);
    }
    Ok(amendments)
}

/// A report that is owed: its period and its task.
type Place = (Uuid, Uuid);

/// The days that sources were given for what they owe in the open periods of a list, the latest of each.
async fn more_time(work: &Work, list: Uuid, sources: &[Uuid]) -> Result<BTreeMap<Place, NaiveDate>, Stop> {
    let column = reporting_period::Column::TaskListId;
    let periods = work.tx.all_where::<reporting_period::Entity>(column, &[list]).await?;
    let open: Vec<Uuid> = periods.iter().filter(|row| row.status == PeriodStatus::Open).map(|row| row.id).collect();
    let mut days = BTreeMap::new();
    for row in work.tx.all_where::<report_obligation::Entity>(report_obligation::Column::UnitId, sources).await? {
        let Some(day) = row.due_on.filter(|_| row.released_at.is_none() && open.contains(&row.reporting_period_id))
        else {
            continue;
        };
        let latest = days.entry((row.reporting_period_id, row.task_id)).or_insert(day);
        *latest = day.max(*latest);
    }
    Ok(days)
}

/// What the office granted for a task holds for whoever takes it over.
async fn grant_too(work: &mut Work, successor: Uuid, days: &BTreeMap<Place, NaiveDate>) -> Result<(), Stop> {
    let periods: Vec<Uuid> = days.keys().map(|(period, _)| *period).collect();
    let column = report_obligation::Column::ReportingPeriodId;
    let owed = work.tx.all_where::<report_obligation::Entity>(column, &periods).await?;
    let periods = work.tx.all_where::<reporting_period::Entity>(reporting_period::Column::Id, &periods).await?;
    for row in owed.into_iter().filter(|row| row.unit_id == successor && row.released_at.is_none()) {
        let Some(day) = days.get(&(row.reporting_period_id, row.task_id)) else { continue };
        let Some(period) = periods.iter().find(|period| period.id == row.reporting_period_id) else { continue };
        if due_for(period.due_on, row.due_on) < *day {
            work.audit_also("unitMerge", GlobalId::new(Kind::ReportObligation, row.id), &["dueOn"]);
            due_changes::obligations_were(work, vec![row.clone()]).await?;
            let later = report_obligation::Model { due_on: Some(*day), ..row };
            work.tx.update::<report_obligation::Entity>(later).await?;
        }
    }
    Ok(())
}

/// One assignment instead of several: the strongest role stays, and where the successor has it already nothing new comes.
fn joined(task: Uuid, successor: Uuid, seats: &[assignment::Model]) -> Vec<Change> {
    let rank = |role: AssignmentRole| match role {
        AssignmentRole::Lead => 2,
        AssignmentRole::Responsible => 1,
        AssignmentRole::Support => 0,
    };
    // Of equals the successor's own stays.
    let strongest = seats.iter().max_by_key(|row| (rank(row.role), row.unit_id == Some(successor)));
    let Some(strongest) = strongest else { return Vec::new() };
    let stays = strongest.unit_id == Some(successor);
    let gone = seats.iter().filter(|row| !stays || row.id != strongest.id);
    let mut changes: Vec<Change> = gone.map(|row| Change::WithdrawAssignment(row.id)).collect();
    if !stays {
        let whom = Whom { unit: Some(successor), ..Whom::default() };
        let unit = AddedUnit { role: strongest.role, whom, scope_note: strongest.scope_note.clone() };
        changes.push(Change::AddAssignment(task, unit));
    }
    changes
}
