//! A split: others take parts of a unit; what it does in lists the office moves on purpose.

use std::collections::BTreeSet;

use entity::vocabulary::{AssignmentStatus, TaskListStatus, UnitChangeKind};
use entity::{assignment, task, task_list, unit};
use uuid::Uuid;

use super::{Divided, Split, check_end, keep, occasion, others, remember, take};
use crate::id::{GlobalId, Kind};
use crate::service::work::Checks;
use crate::service::{Stop, Work};

pub(super) async fn split(work: &mut Work, id: Uuid, input: Split) -> Result<Divided, Stop> {
    let (directory, row) = take(work, id, input.expected_version).await?;
    let mut checks = Checks::default();
    let document_number = occasion(work, &mut checks, &input.occasion);
    let parts = others(work, &mut checks, &directory, id, &input.into, "input.into").await?;
    if input.ends {
        check_end(&mut checks, &directory, &row, "input.ends");
    }
    checks.done()?;

    for part in &parts {
        let (from, to, on) = ((&row, row.name.as_str()), (part, part.name.as_str()), input.occasion.on);
        remember(work, UnitChangeKind::Split, from, to, on, document_number.as_ref()).await?;
    }
    let active = row.active && !input.ends;
    keep(work, unit::Model { active, ..row }).await?;
    work.audit(GlobalId::new(Kind::Unit, id), &["history", "active"]);
    work.tell("unit.split", serde_json::json!({ "unit": id }));
    let standing = if input.ends { standing(work, id).await? } else { Vec::new() };
    Ok(Divided { unit: id, standing })
}

/// What is still assigned to a unit in drafts and lists in force: nobody does it until the office names somebody. Of all
/// lists, whoever asks; the answer shows what he sees.
async fn standing(work: &Work, unit: Uuid) -> Result<Vec<Uuid>, Stop> {
    let mut seats = work.tx.all_where::<assignment::Entity>(assignment::Column::UnitId, &[unit]).await?;
    seats.retain(|row| row.status == AssignmentStatus::Active);
    let tasks: Vec<Uuid> = seats.iter().map(|row| row.task_id).collect();
    let tasks = work.tx.all_where::<task::Entity>(task::Column::Id, &tasks).await?;
    let lists: Vec<Uuid> = tasks.iter().map(|row| row.task_list_id).collect();
    let mut lists = work.tx.all_where::<task_list::Entity>(task_list::Column::Id, &lists).await?;
    lists.retain(|row| matches!(row.status, TaskListStatus::Draft | TaskListStatus::Issued));
    let lists: BTreeSet<Uuid> = lists.iter().map(|row| row.id).collect();
    let tasks: BTreeSet<Uuid> =
        tasks.iter().filter(|row| lists.contains(&row.task_list_id)).map(|row| row.id).collect();
    Ok(seats.iter().filter(|row| tasks.contains(&row.task_id)).map(|row| row.id).collect())
}
