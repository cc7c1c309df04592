//! The audit trail is read in the order of its chain, and by what it is about.

use sea_orm_migration::prelude::*;

use crate::build::*;

/// The audit trail is read in the order of its chain, and by what it is about.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Rows from before the chain have no number and come before the first.
const PLACE: &str = "CREATE INDEX ix_audit_entry_place ON audit_entry (COALESCE(sequence, 0), id)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(PLACE).await?;
        manager.create_index(index("audit_entry", &["object_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["ix_audit_entry_object_id", "ix_audit_entry_place"] {
            manager.drop_index(Index::drop().name(name).table("audit_entry").to_owned()).await?;
        }
        Ok(())
    }
}
