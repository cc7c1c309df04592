//! What the verbs on drafts need of SQL: places in a row of siblings, and whole portions removed at once.

use entity::task;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::scope::{Scoped, unscoped::rows};
use super::{StoreError, Tx};

/// Keys per DELETE.
const CHUNK: usize = 5_000;

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
