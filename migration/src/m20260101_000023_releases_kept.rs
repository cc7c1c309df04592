//! What a secrecy review let through stays on record, whatever becomes of the publication.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// What a secrecy review let through stays on record, whatever becomes of the publication.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "publication_release";
const FIELDS: &[&str] = &[
    "TITLE",
    "LIST_TITLE",
    "DOCUMENT_NUMBER",
    "ISSUER",
    "PERIOD",
    "SECTION",
    "TASK_NUMBER",
    "TASK_TITLE",
    "REQUIREMENT",
    "UNITS",
    "DEADLINE",
    "NARRATIVE",
    "PARAGRAPH",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let release = table(TABLE)
            .col(id())
            .col(uuid("publication_step_id"))
            .col(uuid("task_list_id"))
            .col(integer("position"))
            .col(words("kind", &["PHONE", "ID_CARD", "BANK_CARD", "EMAIL"]))
            .col(words("field", FIELDS))
            .col(text_null("task_number"))
            .col(text("pointer"))
            .col(text("excerpt"))
            .col(text("reason"))
            .foreign_key(&mut refers(TABLE, "publication_step_id", "publication_step", Parent::Cascade))
            .foreign_key(&mut refers(TABLE, "task_list_id", "task_list", Parent::Cascade))
            .to_owned();
        manager.create_table(release).await?;
        manager.create_index(unique(TABLE, &["publication_step_id", "position"])).await?;
        manager.create_index(index(TABLE, &["task_list_id"])).await?;
        // What is let through at this moment was by the secrecy review of this round; of earlier rounds nothing is left.
        manager
            .get_connection()
            .execute_unprepared(
                "INSERT INTO publication_release (id, publication_step_id, task_list_id, position, kind, field, \
                 task_number, pointer, excerpt, reason) \
                 SELECT f.id, s.id, f.task_list_id, f.position, f.kind, f.field, f.task_number, f.pointer, f.excerpt, \
                 f.release_reason FROM publication_finding f \
                 JOIN publication p ON p.id = f.publication_id \
                 JOIN publication_step s ON s.publication_id = p.id AND s.round = p.round \
                 AND s.act = 'SECRECY_REVIEW' AND s.decision = 'PASSED' \
                 WHERE f.released_by IS NOT NULL",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &[TABLE]).await
    }
}
