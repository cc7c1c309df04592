//! What is read about lists in force beyond whole rows: who answered, and who joined a group since.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use entity::vocabulary::{ResponseKind, TaskListStatus};
use entity::{assignment, assignment_response, task, task_list, unit, unit_group_member};
use sea_orm::{ColumnTrait, JoinType, QueryFilter, QuerySelect, QueryTrait, RelationDef};
use uuid::Uuid;

use super::page::padded;
use super::scope;
use super::scope::after_issue;
use super::{Reader, StoreError, Visible};

/// How far the receipt of a list is, counted by units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Units with something to do, as far as the caller sees their answers.
    pub units: usize,
    /// Of these, who acknowledged everything.
    pub acknowledged: usize,
    /// Of these, with an objection that waits.
    pub declined: usize,
}

impl Receipt {
    /// Units that have not answered everything and object to nothing.
    pub fn pending(&self) -> usize {
        self.units - self.acknowledged - self.declined
    }
}

fn task_of_assignment() -> RelationDef {
    use sea_orm::EntityTrait;
    assignment::Entity::belongs_to(task::Entity).from(assignment::Column::TaskId).to(task::Column::Id).into()
}

impl Reader {
    /// The visible answer to each assignment.
    pub async fn responses_of_assignments(
        &self,
        assignments: &[Uuid],
    ) -> Result<HashMap<Uuid, Visible<assignment_response::Model>>, StoreError> {
        let column = assignment_response::Column::AssignmentId;
        let rows = self.rows_where::<assignment_response::Entity>(column, assignments).await?;
        Ok(rows.into_iter().map(|row| (row.assignment_id, row)).collect())
    }

    /// How far the receipt of lists is, over the answers the actor sees; nothing for drafts.
    pub async fn receipts(&self, lists: &[Uuid]) -> Result<HashMap<Uuid, Receipt>, StoreError> {
        let issued = scope::task_lists(self.actor())
            .filter(task_list::Column::Id.is_in(padded(lists)))
            .filter(task_list::Column::Status.ne(TaskListStatus::Draft))
            .all(self.connection())
            .await?;
        let mut receipts: HashMap<Uuid, Receipt> = issued.iter().map(|row| (row.id, Receipt::default())).collect();
        let seats: Vec<(Uuid, Uuid, Option<Uuid>)> = after_issue::answerable_assignments(self.actor())
            .join(JoinType::InnerJoin, task_of_assignment())
            .filter(task::Column::TaskListId.is_in(padded(lists)))
            .filter(assignment::Column::UnitId.is_not_null())
            .select_only()
            .column(task::Column::TaskListId)
            .column(assignment::Column::Id)
            .column(assignment::Column::UnitId)
            .into_tuple()
            .all(self.connection())
            .await?;
        let answers: HashMap<Uuid, assignment_response::Model> = after_issue::assignment_responses(self.actor())
            .filter(assignment_response::Column::TaskListId.is_in(padded(lists)))
            .all(self.connection())
            .await?
            .into_iter()
            .map(|row| (row.assignment_id, row))
            .collect();
        // Per unit: whether everything is acknowledged, and whether an objection waits.
        let mut per_unit: BTreeMap<(Uuid, Uuid), (bool, bool)> = BTreeMap::new();
        for (list, seat, unit) in seats {
            let Some(unit) = unit else { continue };
            let answer = answers.get(&seat);
            let (all, waits) = per_unit.entry((list, unit)).or_insert((true, false));
            *all &= answer.is_some_and(|row| row.kind == ResponseKind::Acknowledged);
            *waits |= answer.is_some_and(|row| row.kind == ResponseKind::Declined && row.decision.is_none());
        }
        for ((list, _), (all, waits)) in per_unit {
            let Some(receipt) = receipts.get_mut(&list) else { continue };
            receipt.units += 1;
            receipt.acknowledged += usize::from(all && !waits);
            receipt.declined += usize::from(waits);
        }
        Ok(receipts)
    }

    /// The units in use that joined the group of each assignment after its list was issued and are not on the task, in
    /// the order of the directory.
    pub async fn added_since(
        &self,
        assignments: &[Uuid],
    ) -> Result<HashMap<Uuid, Vec<Visible<unit::Model>>>, StoreError> {
        let seats = self.rows_where::<assignment::Entity>(assignment::Column::Id, assignments).await?;
        let tasks: Vec<Uuid> = seats.iter().map(|row| row.task_id).collect();
        let tasks = self.rows_where::<task::Entity>(task::Column::Id, &tasks).await?;
        let lists: Vec<Uuid> = tasks.iter().map(|row| row.task_list_id).collect();
        let lists = self.by_keys::<task_list::Entity>(&lists).await?;
        let issued: HashMap<Uuid, _> =
            tasks.iter().filter_map(|row| Some((row.id, lists.get(&row.task_list_id)?.issued_at?))).collect();
        let groups: Vec<Uuid> = seats.iter().filter_map(|row| row.unit_group_id).collect();
        let members = scope::unit_group_members(self.actor())
            .filter(unit_group_member::Column::UnitGroupId.is_in(padded(&groups)))
            .all(self.connection())
            .await?;
        let keys: Vec<Uuid> = issued.keys().copied().collect();
        let there = self.rows_where::<assignment::Entity>(assignment::Column::TaskId, &keys).await?;
        let there: HashSet<(Uuid, Uuid)> = there.iter().filter_map(|row| Some((row.task_id, row.unit_id?))).collect();
        let mut joined: HashMap<Uuid, BTreeSet<Uuid>> = HashMap::new();
        for seat in &seats {
            let (Some(group), Some(issued)) = (seat.unit_group_id, issued.get(&seat.task_id)) else { continue };
            let since = members.iter().filter(|row| row.unit_group_id == group && row.added_at > *issued);
            let since = since.map(|row| row.unit_id).filter(|unit| !there.contains(&(seat.task_id, *unit)));
            joined.insert(seat.id, since.collect());
        }
        let units: Vec<Uuid> = joined.values().flatten().copied().collect();
        let units = self.by_keys::<unit::Entity>(&units).await?;
        Ok(joined
            .into_iter()
            .map(|(seat, keys)| {
                let mut rows: Vec<_> = keys.iter().filter_map(|key| units.get(key).cloned()).collect();
                rows.retain(|row| row.active);
                rows.sort_by(|a, b| (a.position, &a.code).cmp(&(b.position, &b.code)));
                (seat, rows)
            })
            .collect())
    }

    /// How many visible tasks of each list have a unit on them that is out of use.
    pub async fn tasks_with_ended_units(&self, lists: &[Uuid]) -> Result<HashMap<Uuid, usize>, StoreError> {
        let ended = scope::units(self.actor())
            .filter(unit::Column::Active.eq(false))
            .select_only()
            .column(unit::Column::Id)
            .into_query();
        let tasks: Vec<(Uuid, Uuid)> = scope::assignments(self.actor())
            .join(JoinType::InnerJoin, task_of_assignment())
            .filter(task::Column::TaskListId.is_in(padded(lists)))
            .filter(assignment::Column::UnitId.in_subquery(ended))
            .select_only()
            .column(task::Column::TaskListId)
            .column(task::Column::Id)
            .distinct()
            .into_tuple()
            .all(self.connection())
            .await?;
        let mut counts = HashMap::new();
        for (list, _) in tasks {
            *counts.entry(list).or_default() += 1;
        }
        Ok(counts)
    }

    /// The unit that each unit became, where it became another one.
    pub async fn successors(&self, units: &[Uuid]) -> Result<HashMap<Uuid, Uuid>, StoreError> {
        use entity::unit_change;
        use entity::vocabulary::UnitChangeKind;
        use sea_orm::QueryOrder;
        let rows = after_issue::unit_changes(self.actor())
            .filter(unit_change::Column::FromUnitId.is_in(padded(units)))
            .filter(unit_change::Column::Kind.eq(UnitChangeKind::Merged))
            .order_by_asc(unit_change::Column::Id)
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(|row| (row.from_unit_id, row.to_unit_id)).collect())
    }
}
