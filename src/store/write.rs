//! Reading under lock and writing, inside a transaction. Whole rows go in; the services decide what they say.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::LockType;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::scope::{Scoped, unscoped};
use super::{StoreError, Tx, Visible, page, reader};
use crate::authz::Actor;

/// Rows per INSERT: 25 columns stay below the 32,766 variables of SQLite.
const CHUNK: usize = 1_000;

impl Tx {
    /// The row, if the actor sees it.
    pub async fn visible<E: Scoped>(&self, actor: &Actor, key: Uuid) -> Result<Option<Visible<E::Model>>, StoreError> {
        let row = E::scoped(actor).filter(E::key().eq(key)).one(self.connection()).await?;
        Ok(row.map(Visible::new))
    }

    /// The row, if the actor sees it, locked against every other writer.
    pub async fn locked<E: Scoped>(&self, actor: &Actor, key: Uuid) -> Result<Option<Visible<E::Model>>, StoreError> {
        self.with_lock::<E>(actor, key, LockType::Update).await
    }

    /// The row, if the actor sees it, locked against every other writer of it; others may still refer to it.
    pub async fn claimed<E: Scoped>(&self, actor: &Actor, key: Uuid) -> Result<Option<Visible<E::Model>>, StoreError> {
        self.with_lock::<E>(actor, key, LockType::NoKeyUpdate).await
    }

    /// The row, if the actor sees it, locked against being changed but not against others who only hold it still.
    pub async fn held<E: Scoped>(&self, actor: &Actor, key: Uuid) -> Result<Option<Visible<E::Model>>, StoreError> {
        self.with_lock::<E>(actor, key, LockType::Share).await
    }

    async fn with_lock<E: Scoped>(
        &self,
        actor: &Actor,
        key: Uuid,
        lock: LockType,
    ) -> Result<Option<Visible<E::Model>>, StoreError> {
        let row = E::scoped(actor).filter(E::key().eq(key)).lock(lock).one(self.connection()).await?;
        Ok(row.map(Visible::new))
    }

    /// The rows, as far as the actor sees them.
    pub async fn visible_by_keys<E: Scoped>(
        &self,
        actor: &Actor,
        keys: &[Uuid],
    ) -> Result<HashMap<Uuid, Visible<E::Model>>, StoreError> {
        page::by_keys::<E>(self.connection(), actor, keys).await
    }

    /// The visible rows in which `column` is one of `values`, in the order of the key.
    pub async fn visible_where<E: Scoped>(
        &self,
        actor: &Actor,
        column: E::Column,
        values: &[Uuid],
    ) -> Result<Vec<Visible<E::Model>>, StoreError> {
        use sea_orm::QueryOrder;
        let rows = E::scoped(actor)
            .filter(column.is_in(page::padded(values)))
            .order_by_asc(E::key())
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(Visible::new).collect())
    }

    /// The visible rows in which `column` is one of `values`, in the order of the key, locked against every other writer.
    pub async fn locked_where<E: Scoped>(
        &self,
        actor: &Actor,
        column: E::Column,
        values: &[Uuid],
    ) -> Result<Vec<Visible<E::Model>>, StoreError> {
        self.locked_in_order::<E>(actor, column, values, LockType::Update).await
    }

    /// The visible rows with these keys, in the order of the key, locked against every other writer of them; others may still
    /// refer to them.
    pub async fn claimed_all<E: Scoped>(
        &self,
        actor: &Actor,
        keys: &[Uuid],
    ) -> Result<Vec<Visible<E::Model>>, StoreError> {
        self.locked_in_order::<E>(actor, E::key(), keys, LockType::NoKeyUpdate).await
    }

    async fn locked_in_order<E: Scoped>(
        &self,
        actor: &Actor,
        column: E::Column,
        values: &[Uuid],
        lock: LockType,
    ) -> Result<Vec<Visible<E::Model>>, StoreError> {
        use sea_orm::QueryOrder;
        let rows = E::scoped(actor)
            .filter(column.is_in(page::padded(values)))
            // Always in this order, so that two who lock many rows can't wait for each other.
            .order_by_asc(E::key())
            .lock(lock)
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(Visible::new).collect())
    }

    /// All rows in which `column` is one of `values`, seen or not: for invariants that hold for everybody.
    pub async fn all_where<E: EntityTrait>(
        &self,
        column: E::Column,
        values: &[Uuid],
    ) -> Result<Vec<E::Model>, StoreError> {
        Ok(unscoped::rows::<E>().filter(column.is_in(page::padded(values))).all(self.connection()).await?)
    }

    /// Each unit with all units above it and itself.
    pub async fn ancestors(&self, units: &[Uuid]) -> Result<HashMap<Uuid, HashSet<Uuid>>, StoreError> {
        reader::ancestors(self.connection(), units).await
    }

    /// A new row.
    pub async fn insert<E>(&self, row: E::Model) -> Result<(), StoreError>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        E::insert(whole::<E>(row)).exec_without_returning(self.connection()).await?;
        Ok(())
    }

    /// New rows, in portions the engines can take.
    pub async fn insert_all<E>(&self, rows: Vec<E::Model>) -> Result<(), StoreError>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let mut rows = rows.into_iter().map(whole::<E>).peekable();
        while rows.peek().is_some() {
            let portion: Vec<_> = rows.by_ref().take(CHUNK).collect();
            E::insert_many(portion).exec_without_returning(self.connection()).await?;
        }
        Ok(())
    }

    /// The whole row anew. The caller has locked it and counted its version on.
    pub async fn update<E>(&self, row: E::Model) -> Result<(), StoreError>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let mut update = E::update_many();
        let model = whole::<E>(row);
        for key in E::PrimaryKey::iter() {
            use sea_orm::PrimaryKeyToColumn;
            let column = key.into_column();
            let sea_orm::ActiveValue::Set(value) = model.get(column) else {
                return Err(StoreError::Misuse("a row without its key"));
            };
            update = update.filter(column.eq(value));
        }
        let done = update.set(model).exec(self.connection()).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Misuse("an update that met no row")) }
    }

    /// Removes the rows in which `column` is `value`.
    pub async fn delete_where<E: EntityTrait>(&self, column: E::Column, value: Uuid) -> Result<u64, StoreError> {
        Ok(E::delete_many().filter(column.eq(value)).exec(self.connection()).await?.rows_affected)
    }
}

fn whole<E>(row: E::Model) -> E::ActiveModel
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    row.into_active_model().reset_all()
}
