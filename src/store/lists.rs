//! What the verbs on drafts need of SQL: places in a row of siblings, and whole portions removed at once.

use entity::vocabulary::ImportQuestionStatus;
use entity::{import_question, task, task_list};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::scope::{Scoped, unscoped::rows};
use super::{Reader, Store, StoreError, Tx, Visible};

/// Keys per DELETE.
const CHUNK: usize = 5_000;

impl Store {
    /// The list with this key, of any place. Unscoped, because an operator who names a list says by it for which office
    /// he acts; what follows is under the scope of that office.
    pub async fn list_by_key(&self, id: Uuid) -> Result<Option<task_list::Model>, StoreError> {
        Ok(rows::<task_list::Entity>().filter(task_list::Column::Id.eq(id)).one(self.reader()).await?)
    }

    /// The lists of any place that came from a file with one of these digests; for operators, who name the file.
    pub async fn lists_by_digest(&self, digests: &[String]) -> Result<Vec<task_list::Model>, StoreError> {
        Ok(rows::<task_list::Entity>()
            .filter(task_list::Column::ImportDigest.is_in(digests))
            .order_by_asc(task_list::Column::Id)
            .all(self.reader())
            .await?)
    }
}

impl Reader {
    /// The visible questions of a list that are still open, in the order of the file.
    pub async fn open_questions(&self, list: Uuid) -> Result<Vec<Visible<import_question::Model>>, StoreError> {
        let rows = import_question::Entity::scoped(self.actor())
            .filter(import_question::Column::TaskListId.eq(list))
            .filter(import_question::Column::Status.eq(ImportQuestionStatus::Open))
            .order_by_asc(import_question::Column::Position)
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(Visible::new).collect())
    }
}

impl Tx {
    /// How many rows have `value` in `column`, seen or not: for limits that hold for everybody.
    pub async fn count_where<E: EntityTrait>(&self, column: E::Column, value: Uuid) -> Result<usize, StoreError> {
        let select = rows::<E>().filter(column.eq(value)).select_only().expr(Expr::cust("COUNT(*)"));
        let counted: Option<i64> = select.into_tuple().one(self.connection()).await?;
        Ok(counted.and_then(|n| usize::try_from(n).ok()).unwrap_or_default())
    }

    /// The place behind all rows that have `value` in `column`.
    pub async fn next_position<E: EntityTrait>(
        &self,
        column: E::Column,
        value: Uuid,
        position: E::Column,
    ) -> Result<i32, StoreError> {
        let last: Option<Option<i32>> = rows::<E>()
            .filter(column.eq(value))
            .select_only()
            .expr(Expr::col(position).max())
            .into_tuple()
            .one(self.connection())
            .await?;
        Ok(last.flatten().map_or(0, |last| last.saturating_add(1)))
    }

    /// Moves the rows at and behind a place one on, among those that have `value` in `column`.
    pub async fn make_room<E: EntityTrait>(
        &self,
        column: E::Column,
        value: Uuid,
        position: E::Column,
        at: i32,
    ) -> Result<(), StoreError> {
        E::update_many()
            .col_expr(position, Expr::col(position).add(1))
            .filter(column.eq(value))
            .filter(position.gte(at))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// Removes the rows in which `column` is one of `values`.
    pub async fn delete_in<E: EntityTrait>(&self, column: E::Column, values: &[Uuid]) -> Result<(), StoreError> {
        for portion in values.chunks(CHUNK) {
            E::delete_many().filter(column.is_in(portion.iter().copied())).exec(self.connection()).await?;
        }
        Ok(())
    }

    /// Removes the rows with these keys.
    pub async fn delete_keys<E: Scoped>(&self, keys: &[Uuid]) -> Result<(), StoreError> {
        self.delete_in::<E>(E::key(), keys).await
    }

    /// The task of a list that has this number; the number is taken whoever sees it.
    pub async fn task_by_number(&self, list: Uuid, number: &str) -> Result<Option<Uuid>, StoreError> {
        Ok(rows::<task::Entity>()
            .filter(task::Column::TaskListId.eq(list))
            .filter(task::Column::Number.eq(number))
            .one(self.connection())
            .await?
            .map(|row| row.id))
    }
}
