//! The tasks that are copied, the draft they go into, and the rows that are made.

use std::collections::{BTreeMap, HashMap, HashSet};

use entity::vocabulary::{AssignmentStatus, LineageKind, TaskStatus};
use entity::{assignment, deadline, task, task_lineage, task_list};
use uuid::Uuid;

use super::sections::{Sections, headings};
use super::{MADE, free_number, task_id, words_of};
use crate::documents::list_json::MAX_TASKS;
use crate::domain::lang::Lang;
use crate::domain::lineage::{carried, taken_up};
use crate::error::{LookBackMessage, Message, UserErrorCode};
use crate::service::work::Checks;
use crate::service::{Stop, Work, deadlines};

/// A task with everything about it, as the actor sees it.
pub(super) struct Origin {
    pub(super) task: task::Model,
    pub(super) list: task_list::Model,
    pub(super) assignments: Vec<assignment::Model>,
    deadlines: Vec<deadline::Model>,
    /// The headings it stands under, the topmost first.
    headings: Vec<(String, String)>,
}

impl Origin {
    /// The units on it.
    pub(super) fn units(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.assignments.iter().filter_map(|row| row.unit_id)
    }
}

/// The visible ones of these tasks.
pub(super) async fn origins(work: &Work, keys: &[Uuid]) -> Result<BTreeMap<Uuid, Origin>, Stop> {
    let (tx, actor) = (&work.tx, &work.actor);
    let tasks = tx.visible_by_keys::<task::Entity>(actor, keys).await?;
    let lists: HashSet<Uuid> = tasks.values().map(|row| row.task_list_id).collect();
    let lists: Vec<Uuid> = lists.into_iter().collect();
    let lists = tx.visible_by_keys::<task_list::Entity>(actor, &lists).await?;
    let seen: Vec<Uuid> = tasks.keys().copied().collect();
    let mut assignments: HashMap<Uuid, Vec<assignment::Model>> = HashMap::new();
    for row in tx.visible_where::<assignment::Entity>(actor, assignment::Column::TaskId, &seen).await? {
        assignments.entry(row.task_id).or_default().push(row.into_inner());
    }
    assignments.values_mut().for_each(|rows| rows.sort_by_key(|row| (row.position, row.id)));
    let mut deadlines: HashMap<Uuid, Vec<deadline::Model>> = HashMap::new();
    for row in tx.visible_where::<deadline::Entity>(actor, deadline::Column::TaskId, &seen).await? {
        deadlines.entry(row.task_id).or_default().push(row.into_inner());
    }
    let mut headings = headings(work, tasks.values().map(|row| &**row)).await?;
    let mut origins = BTreeMap::new();
    for (id, task) in tasks {
        let Some(list) = lists.get(&task.task_list_id) else { continue };
        let origin = Origin {
            list: (**list).clone(),
            assignments: assignments.remove(&id).unwrap_or_default(),
            deadlines: deadlines.remove(&id).unwrap_or_default(),
            headings: headings.remove(&id).unwrap_or_default(),
            task: task.into_inner(),
        };
        origins.insert(id, origin);
    }
    Ok(origins)
}

/// The draft, under lock.
pub(super) struct Target {
    pub(super) list: task_list::Model,
    /// The numbers that are taken.
    pub(super) numbers: HashSet<String>,
    /// The tasks that have gone on in this list already.
    pub(super) taken: HashSet<Uuid>,
    pub(super) sections: Sections,
    tasks: usize,
    position: i32,
}

impl Target {
    pub(super) async fn read(work: &Work, list: task_list::Model, origins: &[Uuid]) -> Result<Self, Stop> {
        let there = work.tx.all_where::<task::Entity>(task::Column::TaskListId, &[list.id]).await?;
        let sections = Sections::read(work, list.id).await?;
        let lines = work.tx.all_where::<task_lineage::Entity>(task_lineage::Column::OriginTaskId, origins).await?;
        let position = work.tx.next_position::<task::Entity>(task::Column::TaskListId, list.id, task::Column::Position);
        Ok(Self {
            position: position.await?,
            tasks: there.len(),
            numbers: there.into_iter().map(|row| row.number).collect(),
            taken: lines.iter().filter(|line| line.task_list_id == list.id).map(|line| line.origin_task_id).collect(),
            sections,
            list,
        })
    }

    /// A list holds only so many tasks.
    pub(super) fn check_room(&self, checks: &mut Checks) {
        if self.tasks >= MAX_TASKS {
            checks.fail(UserErrorCode::Limit, Message::TooMany(MAX_TASKS), "task");
        }
    }
}

/// The rows that are made.
#[derive(Default)]
pub(super) struct Copies {
    tasks: Vec<task::Model>,
    deadlines: Vec<deadline::Model>,
    assignments: Vec<assignment::Model>,
    lines: Vec<task_lineage::Model>,
}

impl Copies {
    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Adds the copy of a task; gives its key.
    pub(super) fn add(
        &mut self,
        work: &mut Work,
        kind: LineageKind,
        target: &mut Target,
        origin: &Origin,
        reason: Option<String>,
        number: Option<String>,
    ) -> Result<Uuid, Stop> {
        let id = work.id();
        let number = number.unwrap_or_else(|| free_number(&origin.task.number, &target.numbers));
        let review_note = self.add_deadlines(work, kind, id, target.list.year, origin)?;
        let (title, requirement) = words_of(&origin.task);
        let section_id = target.sections.under(work, &target.list, &origin.headings);
        let carried_over = kind == LineageKind::CarriedOver;
        let cell = |text: &Option<String>| text.clone().filter(|_| carried_over);
        self.tasks.push(task::Model {
            id,
            task_list_id: target.list.id,
            section_id,
            position: target.position,
            number: number.clone(),
            title,
            requirement,
            // Who does it in a list of the unit's own, the unit says.
            lead_text: cell(&origin.task.lead_text),
            unit_text: cell(&origin.task.unit_text),
            inherited: false,
            incentive: origin.task.incentive,
            needs_review: review_note.is_some(),
            review_note,
            status: TaskStatus::Active,
            version: 1,
            created_at: work.now,
            updated_at: work.now,
        });
        if carried_over {
            self.add_assignments(work, id, origin);
        }
        self.lines.push(task_lineage::Model {
            id: work.id(),
            task_id: id,
            task_list_id: target.list.id,
            origin_task_id: origin.task.id,
            origin_task_list_id: origin.list.id,
            kind,
            reason,
            made_by: work.actor.user_id,
            created_at: work.now,
        });
        work.audit(task_id(id), &MADE);
        target.numbers.insert(number);
        target.taken.insert(origin.task.id);
        target.position = target.position.saturating_add(1);
        target.tasks += 1;
        Ok(id)
    }

    /// Adds the deadlines; what a person has to look at, if anything.
    fn add_deadlines(
        &mut self,
        work: &Work,
        kind: LineageKind,
        task: Uuid,
        year: i32,
        origin: &Origin,
    ) -> Result<Option<String>, Stop> {
        let mut note = None;
        for row in &origin.deadlines {
            let old = deadlines::of_row(row);
            let (new, sure) = match kind {
                LineageKind::CarriedOver => carried(&old, year),
                LineageKind::Derived => (taken_up(&old), true),
            };
            if !sure {
                note = Some(Message::LookBack(LookBackMessage::CheckDeadline(old.text.clone())).text(Lang::Zh));
            }
            self.deadlines.push(deadlines::row(work.id(), task, row.position, &new, row.source)?);
        }
        Ok(note)
    }

    /// As printed: what groups came to is found out anew when the list is issued.
    fn add_assignments(&mut self, work: &Work, task: Uuid, origin: &Origin) {
        let printed = origin.assignments.iter().filter(|row| row.source_assignment_id.is_none());
        self.assignments.extend(printed.map(|row| assignment::Model {
            id: work.id(),
            task_id: task,
            status: AssignmentStatus::Active,
            version: 1,
            created_at: work.now,
            updated_at: work.now,
            ..row.clone()
        }));
    }

    /// Writes everything, in as many statements for one task as for a hundred.
    pub(super) async fn write(self, work: &Work) -> Result<(), Stop> {
        work.tx.insert_all::<task::Entity>(self.tasks).await?;
        work.tx.insert_all::<deadline::Entity>(self.deadlines).await?;
        work.tx.insert_all::<assignment::Entity>(self.assignments).await?;
        Ok(work.tx.insert_all::<task_lineage::Entity>(self.lines).await?)
    }
}
