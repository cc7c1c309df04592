//! People are told of publications.

use sea_orm_migration::prelude::*;

use crate::build::*;

/// People are told of publications.
#[derive(DeriveMigrationName)]
pub struct Migration;

pub(crate) const BEFORE: [&str; 20] = [
    "LIST_ISSUED",
    "PERIOD_OPENED",
    "REPORTS_SUBMITTED",
    "REPORT_RETURNED",
    "REPORTS_ACCEPTED",
    "URGED",
    "REMINDED",
    "SIGNATURE_WANTED",
    "SIGNATURE_REFUSED",
    "PERIOD_REOPENED",
    "EXTENSION_REQUESTED",
    "EXTENSION_DECIDED",
    "URGE_REPLIED",
    "LIST_AMENDED",
    "ASSIGNMENT_DECLINED",
    "OBJECTION_DECIDED",
    "LOOK_BACK_FOUND",
    "RECTIFICATION_OPENED",
    "RECTIFICATION_ANSWERED",
    "RECTIFICATION_DECIDED",
];

pub(crate) const ABOUT_PUBLICATIONS: [&str; 5] = [
    "PUBLICATION_REVIEW_WANTED",
    "PUBLICATION_RETURNED",
    "PUBLICATION_APPROVED",
    "PUBLICATION_PUBLISHED",
    "PUBLICATION_WITHDRAWN",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        kinds(manager, &[&BEFORE[..], &ABOUT_PUBLICATIONS[..]].concat()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What the older program knows no words for, nobody was told.
        let gone = format!("DELETE FROM notification WHERE kind IN ('{}')", ABOUT_PUBLICATIONS.join("', '"));
        manager.get_connection().execute_unprepared(&gone).await?;
        kinds(manager, &BEFORE).await
    }
}

/// Puts a column that takes these words in the place of the one there is: SQLite can't change what a column takes.
pub(crate) async fn kinds(manager: &SchemaManager<'_>, words_there_are: &[&'static str]) -> Result<(), DbErr> {
    const TABLE: &str = "notification";
    let next = words("kind_next", words_there_are).default("LIST_ISSUED").to_owned();
    manager.alter_table(Table::alter().table(TABLE).add_column(next).to_owned()).await?;
    manager.get_connection().execute_unprepared("UPDATE notification SET kind_next = kind").await?;
    manager.alter_table(Table::alter().table(TABLE).drop_column("kind").to_owned()).await?;
    manager.alter_table(Table::alter().table(TABLE).rename_column("kind_next", "kind").to_owned()).await
}
