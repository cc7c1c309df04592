//! People are told of moved days, ended reopenings, requests taken back, and who reports for several leads.

use sea_orm_migration::prelude::*;

use crate::m20260101_000019_publications_told::{ABOUT_PUBLICATIONS, BEFORE, kinds};

/// People are told more.
#[derive(DeriveMigrationName)]
pub struct Migration;

pub(crate) const MORE: [&str; 4] = ["PERIOD_MOVED", "REOPENING_ENDED", "EXTENSION_WITHDRAWN", "REPORTING_LEAD_NAMED"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        kinds(manager, &[&BEFORE[..], &ABOUT_PUBLICATIONS[..], &MORE[..]].concat()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What the older program knows no words for, nobody was told.
        let gone = format!("DELETE FROM notification WHERE kind IN ('{}')", MORE.join("', '"));
        manager.get_connection().execute_unprepared(&gone).await?;
        kinds(manager, &[&BEFORE[..], &ABOUT_PUBLICATIONS[..]].concat()).await
    }
}
