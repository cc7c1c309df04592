//! When the revision was handed in that the office accepted first.

use sea_orm_migration::prelude::*;

use crate::build::*;

/// When the revision was handed in that the office accepted first.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(Table::alter().table("progress_report").add_column(at_null("received_at")).to_owned())
            .await?;
        // What counts and was reviewed by nobody that is known was handed in when it was handed in last.
        manager
            .get_connection()
            .execute_unprepared(
                "UPDATE progress_report SET received_at = COALESCE((SELECT MIN(r.submitted_at) \
                 FROM progress_report_revision r JOIN report_review w ON w.progress_report_id = r.progress_report_id \
                 AND w.revision = r.revision AND w.decision = 'ACCEPTED' \
                 WHERE r.progress_report_id = progress_report.id), submitted_at) WHERE accepted_revision IS NOT NULL",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("progress_report").drop_column("received_at").to_owned()).await
    }
}
