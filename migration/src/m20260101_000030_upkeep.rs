//! Which keys seal personal data, and when a reporter's name and number were taken off a report.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// Which keys seal personal data, and when a reporter's name and number were taken off a report.
#[derive(DeriveMigrationName)]
pub struct Migration;

const REPORT: &str = "progress_report";
const REMOVED: &str = "reporter_removed_at";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(data_key()).await?;
        manager.alter_table(Table::alter().table(REPORT).add_column(at_null(REMOVED)).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table(REPORT).drop_column(REMOVED).to_owned()).await?;
        drop_all(manager, &["data_key"]).await
    }
}

fn data_key() -> TableCreateStatement {
    table("data_key")
        .col(text("id").primary_key())
        .col(text("proof"))
        .col(at("created_at"))
        .col(at("seals_from"))
        .col(at_null("retired_at"))
        .to_owned()
}
