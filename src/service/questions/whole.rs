//! Answers that reach further than one value: who leads by standing first, tasks that say the same, numbers that start
//! again in each section.

use std::collections::{HashMap, HashSet};

use entity::vocabulary::{AssignmentRole, AssignmentStatus, AssignmentTarget};
use entity::{assignment, deadline, import_question, task};
use uuid::Uuid;

use super::{Asked, names};
use crate::domain::deadline::Deadline;
use crate::id::{GlobalId, Kind};
use crate::service::work::Checks;
use crate::service::{Stop, Work, deadlines, tasks};

/// The first unit of each task leads: of the task that was asked about, or of all. A cell that says itself who leads
/// stays as it is, and so does whoever only supports; of several names in a column of leads only the first leads.
pub(super) async fn first_leads(work: &Work, asked: &Asked) -> Result<(), Stop> {
    let concerned = match &asked.task {
        Some(task) => vec![task.clone()],
        None => of_list(work, asked).await?,
    };
    let keys: Vec<Uuid> = concerned.iter().map(|task| task.id).collect();
    let mut by_task: HashMap<Uuid, Vec<assignment::Model>> = HashMap::new();
    for row in work.tx.all_where::<assignment::Entity>(assignment::Column::TaskId, &keys).await? {
        if row.status == AssignmentStatus::Active {
            by_task.entry(row.task_id).or_default().push(row);
        }
    }
    for task in concerned {
        let mut rows = by_task.remove(&task.id).unwrap_or_default();
        rows.sort_by_key(|row| (row.position, row.id));
        let (leads, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.role == AssignmentRole::Lead);
        let may_lead =
            |row: &assignment::Model| row.role == AssignmentRole::Responsible && row.target != AssignmentTarget::Open;
        match (leads.is_empty(), others.into_iter().find(may_lead)) {
            (true, Some(first)) => {
                names::save(work, assignment::Model { role: AssignmentRole::Lead, ..first }).await?;
            }
            (false, None) if task.lead_text.is_some() => {
                for row in leads.into_iter().skip(1) {
                    names::save(work, assignment::Model { role: AssignmentRole::Responsible, ..row }).await?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Removes the task that says the same as another one. The question stays, as an answered one about the list.
pub(super) async fn remove(work: &mut Work, asked: &mut Asked) -> Result<(), Stop> {
    let Some(task) = asked.task.take() else { return Ok(()) };
    // What still hangs on the task goes with it.
    asked.question.task_id = None;
    work.tx.update::<import_question::Entity>(asked.question.clone()).await?;
    work.tx.delete_keys::<task::Entity>(&[task.id]).await?;
    work.audit_also("taskDelete", GlobalId::new(Kind::Task, task.id), &["deleted"]);
    Ok(())
}

/// The tasks that print no deadline of their own are due as a note says.
pub(super) async fn due(work: &Work, asked: &Asked, due: &Deadline) -> Result<(), Stop> {
    let tasks: Vec<Uuid> = of_list(work, asked).await?.into_iter().map(|row| row.id).collect();
    let there = work.tx.all_where::<deadline::Entity>(deadline::Column::TaskId, &tasks).await?;
    let dated: HashSet<Uuid> = there.into_iter().filter(|row| row.position == 0).map(|row| row.task_id).collect();
    let mut checks = Checks::default();
    let due = deadlines::clean(&mut checks, due, "input.value");
    checks.done()?;
    for task in tasks.into_iter().filter(|task| !dated.contains(task)) {
        deadlines::replace(work, task, Some(due.clone()), None).await?;
    }
    Ok(())
}

/// Numbers all tasks from 1 on, in the order of the list.
pub(super) async fn renumber(work: &Work, asked: &Asked) -> Result<(), Stop> {
    let mut rows = of_list(work, asked).await?;
    rows.sort_by_key(|row| (row.position, row.id));
    let mut changed: Vec<(String, task::Model)> =
        (1..).map(|n: usize| n.to_string()).zip(rows).filter(|(number, row)| row.number != *number).collect();
    // No two tasks may bear a number even for a moment.
    for (_, row) in &mut changed {
        row.number = work.id().simple().to_string();
        work.tx.update::<task::Entity>(row.clone()).await?;
    }
    for (number, row) in changed {
        tasks::save(work, task::Model { number, ..row }).await?;
    }
    Ok(())
}

async fn of_list(work: &Work, asked: &Asked) -> Result<Vec<task::Model>, Stop> {
    Ok(work.tx.all_where::<task::Entity>(task::Column::TaskListId, &[asked.list.id]).await?)
}
