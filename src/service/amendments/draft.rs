//! An amendment in the making: what it has done so far, and how the tasks it touches stood before.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use entity::vocabulary::{AmendmentChangeKind, AssignmentRole, AssignmentStatus, AssignmentTarget, PeriodStatus};
use entity::{assignment, deadline, reporting_period, task, task_list, unit_group_member};
use uuid::Uuid;

use crate::domain::amendment::{AssignmentSnapshot, Snapshot};
use crate::domain::expansion::Group;
use crate::error::{Message, UserErrorCode};
use crate::service::issue::groups;
use crate::service::names::Directory;
use crate::service::work::Checks;
use crate::service::{Stop, Work};
use crate::store::Visible;

/// A change that was made.
pub(super) struct Line {
    pub(super) kind: AmendmentChangeKind,
    pub(super) task: Uuid,
    pub(super) assignment: Option<Uuid>,
    pub(super) unit: Option<Uuid>,
    pub(super) before: Option<Snapshot>,
    pub(super) after: Option<Snapshot>,
}

/// A task the amendment touches.
pub(super) struct Touched {
    pub(super) row: task::Model,
    /// It came with this amendment.
    pub(super) new: bool,
    /// The assignments in force before.
    pub(super) before: Vec<assignment::Model>,
    /// The assignments in force now.
    pub(super) now: Vec<assignment::Model>,
}

pub(super) fn units(rows: &[assignment::Model]) -> BTreeSet<Uuid> {
    rows.iter().filter_map(|row| row.unit_id).collect()
}

/// An amendment in the making.
pub(in crate::service) struct Draft {
    pub(super) list: task_list::Model,
    pub(super) directory: Directory,
    pub(super) groups: BTreeMap<Uuid, Group>,
    /// The periods that are open, locked.
    pub(super) periods: Vec<reporting_period::Model>,
    pub(super) tasks: BTreeMap<Uuid, Touched>,
    pub(super) lines: Vec<Line>,
}

impl Draft {
    /// Begins one on a list that is locked; its open periods are locked next.
    pub(in crate::service) async fn begin(work: &Work, list: task_list::Model) -> Result<Self, Stop> {
        let column = reporting_period::Column::TaskListId;
        let periods = work.tx.locked_where::<reporting_period::Entity>(&work.actor, column, &[list.id]).await?;
        let periods =
            periods.into_iter().map(Visible::into_inner).filter(|row| row.status == PeriodStatus::Open).collect();
        let directory = Directory::read(work).await?;
        let keys: Vec<Uuid> = directory.groups.keys().copied().collect();
        let members = work.tx.all_where::<unit_group_member::Entity>(unit_group_member::Column::UnitGroupId, &keys);
        let groups = groups(&directory, members.await?);
        Ok(Self { list, directory, groups, periods, tasks: BTreeMap::new(), lines: Vec::new() })
    }

    /// The task as it stands, read once.
    pub(super) async fn touch(&mut self, work: &Work, row: &task::Model) -> Result<&mut Touched, Stop> {
        let place = match self.tasks.entry(row.id) {
            Entry::Occupied(there) => return Ok(there.into_mut()),
            Entry::Vacant(place) => place,
        };
        let mut rows = work.tx.all_where::<assignment::Entity>(assignment::Column::TaskId, &[row.id]).await?;
        rows.retain(|row| row.status == AssignmentStatus::Active);
        Ok(place.insert(Touched { row: row.clone(), new: false, before: rows.clone(), now: rows }))
    }

    /// Fails where a task in force is left without anybody who leads it or is responsible.
    pub(super) fn check_owners(&self, checks: &mut Checks, path: &str) {
        for touched in self.tasks.values() {
            let in_force = touched.row.status == entity::vocabulary::TaskStatus::Active;
            let owned = |rows: &[assignment::Model]| {
                rows.iter().any(|row| row.unit_id.is_some() && row.role != AssignmentRole::Support)
            };
            if in_force && !owned(&touched.now) && (touched.new || owned(&touched.before)) {
                checks.fail(UserErrorCode::Unassigned, Message::TaskUnassigned(touched.row.number.clone()), path);
            }
        }
    }
}

/// A task with its deadlines, as it is remembered.
pub(super) async fn picture(work: &Work, row: &task::Model) -> Result<Snapshot, Stop> {
    let mut times = work.tx.all_where::<deadline::Entity>(deadline::Column::TaskId, &[row.id]).await?;
    times.sort_by_key(|row| row.position);
    let own = times.iter().find(|row| row.position == 0);
    let said = |row: &deadline::Model| row.text.clone().or_else(|| row.due_on.map(|day| day.to_string()));
    Ok(Snapshot {
        number: row.number.clone(),
        title: row.title.clone(),
        requirement: row.requirement.clone(),
        lead_text: row.lead_text.clone(),
        unit_text: row.unit_text.clone(),
        deadline: own.and_then(|row| row.text.clone()),
        due_on: own.and_then(|row| row.due_on),
        further_deadlines: times.iter().filter(|row| row.position > 0).filter_map(said).collect(),
        incentive: row.incentive,
        assignment: None,
    })
}

/// An assignment, as it is remembered.
pub(super) fn seat(task: &task::Model, row: &assignment::Model) -> Snapshot {
    Snapshot {
        number: task.number.clone(),
        title: task.title.clone(),
        assignment: Some(AssignmentSnapshot {
            name: row.name.clone(),
            role: row.role,
            target: row.target,
            scope_note: row.scope_note.clone(),
        }),
        ..Snapshot::default()
    }
}

/// A new row for a unit, a group or nobody in particular.
pub(super) fn new_seat(work: &Work, task: Uuid, position: i32) -> assignment::Model {
    assignment::Model {
        id: work.id(),
        task_id: task,
        position,
        role: AssignmentRole::Responsible,
        target: AssignmentTarget::Unit,
        name: String::new(),
        unit_id: None,
        unit_group_id: None,
        source_assignment_id: None,
        scope_note: None,
        status: AssignmentStatus::Active,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    }
}
