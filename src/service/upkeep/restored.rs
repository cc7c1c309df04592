//! What is done to a database that was restored, before anybody uses it.

use crate::error::Fault;
use crate::service::Service;
use crate::store::StoreError;

impl Service {
    /// Ends every session, because one that was taken back since would live again, and says in the trail that a backup was
    /// restored.
    pub async fn restored(&self) -> Result<(), Fault> {
        let tx = self.store().begin().await.map_err(StoreError::from)?;
        tx.sessions_end_all(self.clock().now()).await?;
        self.note(&tx, "databaseRestore", None).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(())
    }
}
