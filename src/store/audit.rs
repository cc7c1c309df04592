//! The audit trail: a chain to which every transaction that changes anything adds its rows, and which only grows.
//!
//! The end of the chain is one row, locked from the first addition until the commit, so that the numbers have no gap and
//! stand in the order of the commits. Whoever adds waits for whoever added last; rows are therefore added at the very end of a
//! transaction, behind everything else that could wait.

use chrono::{DateTime, Utc};
use entity::{audit_anchor, audit_entry, audit_head};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::audit_chain::link;
use super::scope::unscoped::rows;
use super::{Store, StoreError, Tx};

impl Tx {
    /// Adds rows to the trail, in this order; their number and hash are given here.
    pub async fn audit(&self, mut added: Vec<audit_entry::Model>) -> Result<(), StoreError> {
        if added.is_empty() {
            return Ok(());
        }
        let head = rows::<audit_head::Entity>().lock_exclusive().one(self.connection()).await?;
        let mut head = head.ok_or(StoreError::Misuse("an audit trail without an end"))?;
        for row in &mut added {
            head.sequence += 1;
            row.sequence = Some(head.sequence);
            head.hash = link(&head.hash, row);
            row.hash = Some(head.hash.clone());
        }
        self.insert_all::<audit_entry::Entity>(added).await?;
        self.update::<audit_head::Entity>(head).await
    }
}

impl Store {
    /// Where the chain stands.
    pub async fn audit_head(&self) -> Result<audit_head::Model, StoreError> {
        self.audit_head_kept().await?.ok_or(StoreError::Misuse("an audit trail without an end"))
    }

    /// Where the chain stands, if that is still kept.
    pub async fn audit_head_kept(&self) -> Result<Option<audit_head::Model>, StoreError> {
        Ok(rows::<audit_head::Entity>().one(self.reader()).await?)
    }

    /// The next rows of the chain behind a number, in the order of their numbers.
    pub async fn audit_rows(&self, after: i64, most: u64) -> Result<Vec<audit_entry::Model>, StoreError> {
        Ok(rows::<audit_entry::Entity>()
            .filter(audit_entry::Column::Sequence.gt(after))
            .order_by_asc(audit_entry::Column::Sequence)
            .order_by_asc(audit_entry::Column::Id)
            .limit(most)
            .all(self.reader())
            .await?)
    }

    /// How many rows bear no number, and the first of them behind so many.
    pub async fn audit_unchained(&self, passed: u64) -> Result<(u64, Option<Uuid>), StoreError> {
        let without = || rows::<audit_entry::Entity>().filter(audit_entry::Column::Sequence.is_null());
        let count = without().count(self.reader()).await?;
        let first = without().order_by_asc(audit_entry::Column::Id).offset(passed).limit(1).one(self.reader()).await?;
        Ok((count, first.map(|row| row.id)))
    }

    /// The next rows without a number, behind one of them, in the order of their keys.
    pub async fn audit_unchained_rows(
        &self,
        behind: Option<Uuid>,
        most: u64,
    ) -> Result<Vec<audit_entry::Model>, StoreError> {
        let mut without = rows::<audit_entry::Entity>().filter(audit_entry::Column::Sequence.is_null());
        if let Some(behind) = behind {
            without = without.filter(audit_entry::Column::Id.gt(behind));
        }
        Ok(without.order_by_asc(audit_entry::Column::Id).limit(most).all(self.reader()).await?)
    }

    /// The number of the first row of the chain from a moment on.
    pub async fn audit_first_from(&self, from: DateTime<Utc>) -> Result<Option<i64>, StoreError> {
        let found = rows::<audit_entry::Entity>()
            .filter(audit_entry::Column::At.gte(from))
            .filter(audit_entry::Column::Sequence.is_not_null())
            .order_by_asc(audit_entry::Column::Sequence)
            .limit(1)
            .one(self.reader())
            .await?;
        Ok(found.and_then(|row| row.sequence))
    }

    /// The number of the last row of the chain before a moment.
    pub async fn audit_last_until(&self, until: DateTime<Utc>) -> Result<Option<i64>, StoreError> {
        let found = rows::<audit_entry::Entity>()
            .filter(audit_entry::Column::At.lt(until))
            .filter(audit_entry::Column::Sequence.is_not_null())
            .order_by_desc(audit_entry::Column::Sequence)
            .limit(1)
            .one(self.reader())
            .await?;
        Ok(found.and_then(|row| row.sequence))
    }

    /// The signed statements about rows behind a number, in the order of their numbers.
    pub async fn audit_anchors(&self, after: i64, most: u64) -> Result<Vec<audit_anchor::Model>, StoreError> {
        Ok(rows::<audit_anchor::Entity>()
            .filter(audit_anchor::Column::Sequence.gt(after))
            .order_by_asc(audit_anchor::Column::Sequence)
            .limit(most)
            .all(self.reader())
            .await?)
    }

    /// The last signed statement.
    pub async fn audit_last_anchor(&self) -> Result<Option<audit_anchor::Model>, StoreError> {
        Ok(rows::<audit_anchor::Entity>()
            .order_by_desc(audit_anchor::Column::Sequence)
            .limit(1)
            .one(self.reader())
            .await?)
    }
}
