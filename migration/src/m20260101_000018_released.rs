//! Since when a unit owes a report no more whose assignment was withdrawn after it had been handed in.

use sea_orm_migration::prelude::*;

use crate::build::*;

/// Since when a unit owes a report no more whose assignment was withdrawn after it had been handed in.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter().table("report_obligation").add_column(at_null("released_at")).to_owned();
        manager.alter_table(table).await?;
        // Closed periods stay as they were closed.
        manager
            .get_connection()
            .execute_unprepared(
                "UPDATE report_obligation SET released_at = (SELECT a.updated_at FROM assignment a \
                 WHERE a.id = report_obligation.assignment_id) \
                 WHERE assignment_id IN (SELECT id FROM assignment WHERE status = 'WITHDRAWN') \
                 AND reporting_period_id IN (SELECT id FROM reporting_period WHERE status = 'OPEN')",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("report_obligation").drop_column("released_at").to_owned()).await
    }
}
