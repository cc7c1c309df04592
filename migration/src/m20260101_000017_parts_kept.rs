//! Parts of merged reports stay with the revision they were handed in with.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// Parts of merged reports stay with the revision they were handed in with.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What was merged before is of every revision there was.
        for column in [integer("added_in").default(1).to_owned(), integer_null("removed_in")] {
            manager.alter_table(Table::alter().table("report_part").add_column(column).to_owned()).await?;
        }
        manager.drop_index(gone("uq_report_part_progress_report_id_source_report_id")).await?;
        manager.create_index(unique("report_part", &["progress_report_id", "source_report_id", "added_in"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The older program knows only what stands.
        let taken_out = "DELETE FROM report_part WHERE removed_in IS NOT NULL";
        manager.get_connection().execute_unprepared(taken_out).await?;
        manager.drop_index(gone("uq_report_part_progress_report_id_source_report_id_added_in")).await?;
        for column in ["removed_in", "added_in"] {
            manager.alter_table(Table::alter().table("report_part").drop_column(column).to_owned()).await?;
        }
        manager.create_index(unique("report_part", &["progress_report_id", "source_report_id"])).await?;
        Ok(())
    }
}

fn gone(name: &'static str) -> IndexDropStatement {
    Index::drop().name(name).table("report_part").to_owned()
}
