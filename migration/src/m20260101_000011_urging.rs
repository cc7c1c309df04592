//! Who owes what on a past day: when a handing in was taken back.

use sea_orm_migration::prelude::*;

use crate::build::*;

/// Who owes what on a past day: when a handing in was taken back.
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
            .alter_table(
                Table::alter().table("progress_report_revision").add_column(at_null("withdrawn_at")).to_owned(),
            )
            .await?;
        // A draft that was handed in once was taken back, at the latest when it was changed last.
        manager
            .get_connection()
            .execute_unprepared(
                "UPDATE progress_report_revision SET withdrawn_at = (SELECT p.updated_at FROM progress_report p \
                 WHERE p.id = progress_report_revision.progress_report_id AND p.status = 'DRAFT' \
                 AND p.revision = progress_report_revision.revision)",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(Table::alter().table("progress_report_revision").drop_column("withdrawn_at").to_owned())
            .await
    }
}
