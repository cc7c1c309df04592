//! The changes an amendment is made of, each done and written down.

use entity::vocabulary::{AmendmentChangeKind, AssignmentStatus, AssignmentTarget, DeadlineKind, TaskStatus};
use entity::{assignment, task};
use uuid::Uuid;

use super::draft::{Draft, Line, Touched, new_seat, picture, seat};
use super::{AddedUnit, Change};
use crate::documents::list_json::{MAX_ASSIGNMENTS, MAX_NAME};
use crate::domain::deadline::Deadline;
use crate::domain::expansion::{Printed, expand};
use crate::error::{AfterIssue, Message, UserErrorCode};
use crate::service::assignments::{self, check_once, find};
use crate::service::tasks::{self, NewTask, TaskChange};
use crate::service::work::Checks;
use crate::service::{Stop, Work, deadlines};

impl Draft {
    /// Makes one change, or says what is wrong with it; the paths begin with `input`.
    pub(super) async fn make(&mut self, work: &Work, checks: &mut Checks, change: &Change) -> Result<(), Stop> {
        match change {
            Change::AddTask(new, units) => self.add_task(work, checks, new, units).await,
            Change::ChangeTask(task, change) => self.change_task(work, checks, *task, change).await,
            Change::WithdrawTask(task) => self.withdraw_task(work, checks, *task).await,
            Change::AddAssignment(task, unit) => {
                let Some(row) = self.task(work, checks, *task).await? else { return Ok(()) };
                self.add_assignment(work, checks, &row, unit).await
            }
            Change::WithdrawAssignment(id) => self.withdraw_assignment(work, checks, *id).await,
            Change::TakeOver(group, unit) => self.take_over(work, checks, *group, *unit).await,
        }
    }

    /// A task in force of this list.
    async fn task(&self, work: &Work, checks: &mut Checks, id: Uuid) -> Result<Option<task::Model>, Stop> {
        let row = work.tx.locked::<task::Entity>(&work.actor, id).await?;
        let row = row.filter(|row| row.task_list_id == self.list.id && row.status == TaskStatus::Active);
        if row.is_none() {
            checks.fail(UserErrorCode::NotFound, Message::NotFound, "input.task");
        }
        Ok(row.map(crate::store::Visible::into_inner))
    }

    async fn add_task(
        &mut self,
        work: &Work,
        checks: &mut Checks,
        new: &NewTask,
        units: &[AddedUnit],
    ) -> Result<(), Stop> {
        let mut part = Checks::default();
        let mut fresh = tasks::fresh(work, &mut part, self.list.id, new).await?;
        let own = fresh.own.map(|own| self.dated(work, &mut part, own, "input.deadline"));
        if !checks.part(part, "input") {
            return Ok(());
        }
        let position = match new.position {
            Some(position) => Some(position),
            None => self.behind_its_section(work, new.section).await?,
        };
        fresh.row.position = tasks::room(work, self.list.id, position).await?;
        let row = fresh.row;
        work.tx.insert::<task::Entity>(row.clone()).await?;
        deadlines::replace(work, row.id, Some(own), Some(fresh.further)).await?;
        let after = Some(picture(work, &row).await?);
        let line = Line {
            kind: AmendmentChangeKind::AddTask,
            task: row.id,
            assignment: None,
            unit: None,
            before: None,
            after,
        };
        self.lines.push(line);
        let touched = Touched { row: row.clone(), new: true, before: Vec::new(), now: Vec::new() };
        self.tasks.insert(row.id, touched);
        for (nth, unit) in units.iter().enumerate() {
            let mut part = Checks::default();
            self.add_assignment(work, &mut part, &row, unit).await?;
            checks.part(part, &format!("input.assignments.{nth}"));
        }
        Ok(())
    }

    /// The place behind the last task of a section, so that a new one is printed where it belongs.
    async fn behind_its_section(&self, work: &Work, section: Option<Uuid>) -> Result<Option<i32>, Stop> {
        let Some(section) = section else { return Ok(None) };
        let rows = work.tx.all_where::<task::Entity>(task::Column::SectionId, &[section]).await?;
        Ok(rows.iter().map(|row| row.position.saturating_add(1)).max())
    }

    /// The day that a deadline comes to, where it comes to one: the list has been issued.
    fn dated(&self, work: &Work, checks: &mut Checks, own: Deadline, path: &str) -> Deadline {
        if !matches!(own.kind, DeadlineKind::Relative | DeadlineKind::AllYear) {
            return own;
        }
        match own.resolve(self.list.year, self.list.issued_on, work.service().calendar()) {
            Ok(day) => Deadline { date: day.or(own.date), ..own },
            Err(missing) => {
                checks.fail(UserErrorCode::InvalidState, Message::NoCalendar(missing.0), path);
                own
            }
        }
    }

    async fn change_task(
        &mut self,
        work: &Work,
        checks: &mut Checks,
        id: Uuid,
        change: &TaskChange,
    ) -> Result<(), Stop> {
        let Some(mut row) = self.task(work, checks, id).await? else { return Ok(()) };
        let before = picture(work, &row).await?;
        let mut part = Checks::default();
        tasks::retext(&mut part, &mut row, change);
        let (own, further) = tasks::redate(&mut part, change);
        let own = own.map(|own| own.map(|own| self.dated(work, &mut part, own, "input.deadline")));
        if !checks.part(part, "input") {
            return Ok(());
        }
        tasks::save(work, row.clone()).await?;
        row.version += 1;
        if own.is_some() || further.is_some() {
            deadlines::replace(work, id, own, further).await?;
        }
        let after = picture(work, &row).await?;
        if before == after {
            checks.fail(UserErrorCode::InvalidState, Message::After(AfterIssue::NothingChanges), "input");
            return Ok(());
        }
        self.touch(work, &row).await?.row = row.clone();
        let kind = AmendmentChangeKind::ChangeTask;
        let (before, after) = (Some(before), Some(after));
        self.lines.push(Line { kind, task: id, assignment: None, unit: None, before, after });
        Ok(())
    }

    async fn withdraw_task(&mut self, work: &Work, checks: &mut Checks, id: Uuid) -> Result<(), Stop> {
        let Some(mut row) = self.task(work, checks, id).await? else { return Ok(()) };
        let before = Some(picture(work, &row).await?);
        row.status = TaskStatus::Withdrawn;
        tasks::save(work, row.clone()).await?;
        let touched = self.touch(work, &row).await?;
        touched.row = row;
        // Its units go with it, so that nothing that asks who is on a task has to ask for the task too.
        for seat in std::mem::take(&mut touched.now) {
            take_away(work, seat).await?;
        }
        let kind = AmendmentChangeKind::WithdrawTask;
        self.lines.push(Line { kind, task: id, assignment: None, unit: None, before, after: None });
        Ok(())
    }

    async fn add_assignment(
        &mut self,
        work: &Work,
        checks: &mut Checks,
        task: &task::Model,
        unit: &AddedUnit,
    ) -> Result<(), Stop> {
        let there = self.touch(work, task).await?.now.clone();
        if there.len() >= MAX_ASSIGNMENTS {
            checks.fail(UserErrorCode::Limit, Message::TooMany(MAX_ASSIGNMENTS), "input");
            return Ok(());
        }
        let mut part = Checks::default();
        let who = find(&mut part, &self.directory, &task.number, &unit.whom, None);
        if let Some(who) = &who {
            check_once(&mut part, &there, who, None);
        }
        let scope_note = part.optional(unit.scope_note.as_deref(), MAX_NAME, "input.scopeNote");
        let (true, Some(who)) = (checks.part(part, "input"), who) else { return Ok(()) };
        let row = assignment::Model {
            role: unit.role,
            target: who.target,
            name: who.name,
            unit_id: who.unit,
            unit_group_id: who.group,
            scope_note,
            ..new_seat(work, task.id, next(&there))
        };
        self.sit(work, task, row.clone()).await?;
        if row.target == AssignmentTarget::Group { self.expand(work, task, &row).await } else { Ok(()) }
    }

    /// The units a new group comes to, without those that are on the task already.
    async fn expand(&mut self, work: &Work, task: &task::Model, group: &assignment::Model) -> Result<(), Stop> {
        let there = self.touch(work, task).await?.now.clone();
        let printed: Vec<Printed> = there
            .iter()
            .map(|row| Printed {
                id: row.id,
                role: row.role,
                target: row.target,
                unit: row.unit_id,
                group: row.unit_group_id.filter(|_| row.id == group.id),
            })
            .collect();
        for owner in expand(&printed, &self.groups).into_iter().filter(|owner| owner.source == Some(group.id)) {
            let name = self.directory.units.get(&owner.unit).map(|unit| unit.name.clone()).unwrap_or_default();
            let position = next(&self.touch(work, task).await?.now);
            let row = assignment::Model {
                role: owner.role,
                name,
                unit_id: Some(owner.unit),
                source_assignment_id: Some(group.id),
                ..new_seat(work, task.id, position)
            };
            self.sit(work, task, row).await?;
        }
        Ok(())
    }

    /// Writes a new assignment, here and in the amendment.
    async fn sit(&mut self, work: &Work, task: &task::Model, row: assignment::Model) -> Result<(), Stop> {
        work.tx.insert::<assignment::Entity>(row.clone()).await?;
        self.lines.push(Line {
            kind: AmendmentChangeKind::AddAssignment,
            task: task.id,
            assignment: Some(row.id),
            unit: row.unit_id,
            before: None,
            after: Some(seat(task, &row)),
        });
        self.touch(work, task).await?.now.push(row);
        Ok(())
    }

    async fn withdraw_assignment(&mut self, work: &Work, checks: &mut Checks, id: Uuid) -> Result<(), Stop> {
        let row = work.tx.locked::<assignment::Entity>(&work.actor, id).await?;
        let mut inner = Checks::default();
        let task = match &row {
            Some(row) => self.task(work, &mut inner, row.task_id).await?,
            None => None,
        };
        let (Some(_), Some(task)) = (row, task) else {
            checks.fail(UserErrorCode::NotFound, Message::NotFound, "input.assignment");
            return Ok(());
        };
        let touched = self.touch(work, &task).await?;
        // With a group go the units it came to.
        let goes = |row: &assignment::Model| row.id == id || row.source_assignment_id == Some(id);
        let (gone, stay): (Vec<_>, Vec<_>) = std::mem::take(&mut touched.now).into_iter().partition(goes);
        touched.now = stay;
        for row in gone {
            self.lines.push(Line {
                kind: AmendmentChangeKind::WithdrawAssignment,
                task: task.id,
                assignment: Some(row.id),
                unit: row.unit_id,
                before: Some(seat(&task, &row)),
                after: None,
            });
            take_away(work, row).await?;
        }
        Ok(())
    }

    async fn take_over(&mut self, work: &Work, checks: &mut Checks, group: Uuid, unit: Uuid) -> Result<(), Stop> {
        let Some(row) = work.tx.visible::<assignment::Entity>(&work.actor, group).await? else {
            checks.fail(UserErrorCode::NotFound, Message::NotFound, "input");
            return Ok(());
        };
        let Some(task) = self.task(work, checks, row.task_id).await? else { return Ok(()) };
        let Some(name) = self.directory.units.get(&unit).map(|unit| unit.name.clone()) else {
            checks.fail(UserErrorCode::NotFound, Message::NotFound, "input");
            return Ok(());
        };
        let there = self.touch(work, &task).await?.now.clone();
        let members = row.unit_group_id.and_then(|group| self.groups.get(&group));
        if !members.is_some_and(|group| group.members.contains(&unit)) {
            checks.fail(UserErrorCode::InvalidState, Message::After(AfterIssue::NotInGroup(name)), "input");
        } else if there.iter().any(|row| row.unit_id == Some(unit)) {
            checks.fail(UserErrorCode::Duplicate, Message::Duplicate(name), "input");
        } else {
            let row = assignment::Model {
                role: row.role,
                name,
                unit_id: Some(unit),
                source_assignment_id: Some(row.id),
                ..new_seat(work, task.id, next(&there))
            };
            self.sit(work, &task, row).await?;
        }
        Ok(())
    }
}

fn next(rows: &[assignment::Model]) -> i32 {
    rows.iter().map(|row| row.position.saturating_add(1)).max().unwrap_or_default()
}

async fn take_away(work: &Work, mut row: assignment::Model) -> Result<(), Stop> {
    row.status = AssignmentStatus::Withdrawn;
    assignments::save(work, row).await
}
