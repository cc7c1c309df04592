//! What looking back asks of the database beyond whole rows.

use std::collections::{HashMap, HashSet};

use entity::vocabulary::{Completion, LookBackFinding, LookBackStatus, TaskListStatus};
use entity::{look_back, look_back_item, progress_report, rectification, task_list};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::page::padded;
use super::reports::ListStanding;
use super::scope::{self, Scoped};
use super::{Reader, StoreError, Tx};
use crate::authz::Actor;

impl Reader {
    /// Which of these lists the actor sees whole, not only by tasks of a unit.
    pub async fn lists_seen_whole(&self, lists: &[Uuid]) -> Result<HashMap<Uuid, ()>, StoreError> {
        let rows = scope::lists_seen_whole(self.actor())
            .filter(task_list::Column::Id.is_in(padded(lists)))
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, ())).collect())
    }

    /// The standing of the list that each visible rectification belongs to. The list itself may be seen no more: the unit
    /// has to put right what was found, whatever became of its assignments, so issuer and state are given away and nothing
    /// else.
    pub async fn standings_of_rectifications(
        &self,
        rectifications: &[Uuid],
    ) -> Result<HashMap<Uuid, ListStanding>, StoreError> {
        let rows: Vec<(Uuid, Uuid, TaskListStatus)> = rectification::Entity::scoped(self.actor())
            .filter(rectification::Column::Id.is_in(padded(rectifications)))
            .join(
                JoinType::InnerJoin,
                rectification::Entity::belongs_to(task_list::Entity)
                    .from(rectification::Column::TaskListId)
                    .to(task_list::Column::Id)
                    .into(),
            )
            .select_only()
            .column(rectification::Column::Id)
            .column(task_list::Column::IssuerUnitId)
            .column(task_list::Column::Status)
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(|(id, issuer, status)| (id, ListStanding { issuer, status })).collect())
    }
}

impl Tx {
    /// The parts of tasks, as task and unit, of which a visible report was accepted that says the work is completed.
    pub async fn reported_completed(&self, actor: &Actor, tasks: &[Uuid]) -> Result<HashSet<(Uuid, Uuid)>, StoreError> {
        let rows: Vec<(Uuid, Uuid)> = progress_report::Entity::scoped(actor)
            .filter(progress_report::Column::TaskId.is_in(padded(tasks)))
            .filter(progress_report::Column::AcceptedCompletion.eq(Completion::Completed))
            .select_only()
            .column(progress_report::Column::TaskId)
            .column(progress_report::Column::UnitId)
            .distinct()
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().collect())
    }

    /// What the last finished round found about each part of these tasks, as task and unit.
    pub async fn last_findings(
        &self,
        actor: &Actor,
        tasks: &[Uuid],
    ) -> Result<HashMap<(Uuid, Uuid), LookBackFinding>, StoreError> {
        let found: Vec<(Uuid, Uuid, Uuid, Option<LookBackFinding>)> = look_back_item::Entity::scoped(actor)
            .filter(look_back_item::Column::TaskId.is_in(padded(tasks)))
            .select_only()
            .column(look_back_item::Column::LookBackId)
            .column(look_back_item::Column::TaskId)
            .column(look_back_item::Column::UnitId)
            .column(look_back_item::Column::Finding)
            .into_tuple()
            .all(self.connection())
            .await?;
        let rounds: HashSet<Uuid> = found.iter().map(|(round, ..)| *round).collect();
        let rounds: Vec<Uuid> = rounds.into_iter().collect();
        let finished: Vec<Uuid> = look_back::Entity::scoped(actor)
            .filter(look_back::Column::Id.is_in(padded(&rounds)))
            .filter(look_back::Column::Status.eq(LookBackStatus::Finished))
            .order_by_asc(look_back::Column::FinishedAt)
            .order_by_asc(look_back::Column::Id)
            .select_only()
            .column(look_back::Column::Id)
            .into_tuple()
            .all(self.connection())
            .await?;
        let order: HashMap<Uuid, usize> = finished.into_iter().enumerate().map(|(at, round)| (round, at)).collect();
        let place = |round: &Uuid| order.get(round).copied();
        let mut found: Vec<_> = found.into_iter().filter(|(round, ..)| place(round).is_some()).collect();
        // The word of a round that was finished later replaces the earlier one, whenever it was written down.
        found.sort_by_key(|(round, ..)| place(round));
        Ok(found.into_iter().filter_map(|(_, task, unit, found)| Some(((task, unit), found?))).collect())
    }

    /// How many items of a round have no finding; the round is the actor's to finish, so all of them are meant.
    pub async fn items_without_finding(&self, actor: &Actor, round: Uuid) -> Result<usize, StoreError> {
        let select = look_back_item::Entity::scoped(actor)
            .filter(look_back_item::Column::LookBackId.eq(round))
            .filter(look_back_item::Column::Finding.is_null())
            .select_only()
            .expr(sea_orm::sea_query::Expr::cust("COUNT(*)"));
        let counted: Option<i64> = select.into_tuple().one(self.connection()).await?;
        Ok(counted.and_then(|n| usize::try_from(n).ok()).unwrap_or_default())
    }
}
