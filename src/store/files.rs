//! The content of files: written and read in portions, so that no file is ever in memory as a whole because of us.

use chrono::{DateTime, Utc};
use entity::vocabulary::FilePurpose;
use entity::{file, file_chunk};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::scope;
use super::{Reader, Store, StoreError, Tx, Visible};
use crate::authz::Actor;

/// Bytes of a portion. What is stored keeps the size it was written with; only the writer looks at this.
const CHUNK_BYTES: usize = 256 * 1024;

impl Tx {
    /// A new file with its content, a portion at a time, each as `seal` gives it for its position.
    pub async fn file_write<E: From<StoreError>>(
        &self,
        row: file::Model,
        content: &[u8],
        seal: impl Fn(i32, &[u8]) -> Result<Vec<u8>, E> + Send,
    ) -> Result<(), E> {
        let file_id = row.id;
        self.insert::<file::Entity>(row).await?;
        for (position, portion) in (0..).zip(content.chunks(CHUNK_BYTES)) {
            let bytes = seal(position, portion)?;
            self.insert::<file_chunk::Entity>(file_chunk::Model { file_id, position, bytes }).await?;
        }
        Ok(())
    }

    /// The actor's own upload with this content. Not one that is evidence: that stays as it was handed in.
    pub async fn upload_by_digest(
        &self,
        actor: &Actor,
        sha256: &str,
    ) -> Result<Option<Visible<file::Model>>, StoreError> {
        let row = scope::files(actor)
            .filter(file::Column::Purpose.eq(FilePurpose::Upload))
            .filter(file::Column::Sha256.eq(sha256))
            .filter(file::Column::OwnerUserId.eq(actor.user_id))
            .filter(file::Column::ExpiresAt.is_not_null())
            .order_by_desc(file::Column::CreatedAt)
            .one(self.connection())
            .await?;
        Ok(row.map(Visible::new))
    }

    /// Removes some files that have expired, the oldest first; their content goes with them.
    pub async fn files_sweep(&self, now: DateTime<Utc>, most: u64) -> Result<u64, StoreError> {
        // Housekeeping belongs to nobody.
        let expired = Query::select()
            .column(file::Column::Id)
            .from(file::Entity)
            .and_where(file::Column::ExpiresAt.lte(now))
            .order_by(file::Column::ExpiresAt, sea_orm::Order::Asc)
            .limit(most)
            .take();
        let done =
            file::Entity::delete_many().filter(file::Column::Id.in_subquery(expired)).exec(self.connection()).await?;
        Ok(done.rows_affected)
    }
}

impl Reader {
    /// One portion of a visible file; none behind the last.
    pub async fn file_chunk(&self, file: Uuid, position: i32) -> Result<Option<Vec<u8>>, StoreError> {
        let row = scope::file_chunks(self.actor())
            .filter(file_chunk::Column::FileId.eq(file))
            .filter(file_chunk::Column::Position.eq(position))
            .one(self.connection())
            .await?;
        Ok(row.map(|row| row.bytes))
    }
}

impl Store {
    /// Removes some files that have expired, in a transaction of its own.
    pub async fn files_sweep(&self, now: DateTime<Utc>, most: u64) -> Result<u64, StoreError> {
        let tx = self.begin().await?;
        let gone = tx.files_sweep(now, most).await?;
        tx.commit().await?;
        Ok(gone)
    }
}
