//! How often a recurring task was done, beside what a report says of it.

use sea_orm_migration::{prelude::*, schema::*};

/// How often a recurring task was done, beside what a report says of it.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 3] = ["progress_report", "progress_report_revision", "report_part"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let column = integer_null("done_count").check(Expr::col("done_count").between(0, 10_000)).take();
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager.alter_table(Table::alter().table(table).drop_column("done_count").to_owned()).await?;
        }
        Ok(())
    }
}
