//! Files: what was brought in and what was made to be fetched, in portions inside the database.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// Files: what was brought in and what was made to be fetched, in portions inside the database.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(file()).await?;
        manager.create_index(index("file", &["owner_user_id", "created_at"])).await?;
        manager.create_index(index("file", &["expires_at"])).await?;
        manager.create_index(index("file", &["unit_id"])).await?;
        manager.create_table(file_chunk()).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["file_chunk", "file"]).await
    }
}

const MEDIA_TYPES: &[&str] = &[
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
    "application/vnd.ms-excel",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.ms-powerpoint",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/rtf",
    "application/pdf",
    "text/html",
    "multipart/related",
    "application/xml",
    "text/csv",
    "application/json",
    "text/plain",
    "image/png",
    "image/jpeg",
    "image/svg+xml",
];

fn file() -> TableCreateStatement {
    table("file")
        .col(id())
        .col(words("purpose", &["UPLOAD", "EXPORT"]))
        .col(uuid("owner_user_id"))
        .col(uuid("unit_id"))
        .col(text("name"))
        .col(words("media_type", MEDIA_TYPES))
        .col(big_integer("size").check(Expr::col("size").gte(0)))
        .col(text("sha256"))
        .col(at("created_at"))
        .col(at_null("expires_at"))
        .foreign_key(&mut refers("file", "owner_user_id", "user_account", Parent::Keep))
        .foreign_key(&mut refers("file", "unit_id", "unit", Parent::Keep))
        .to_owned()
}

fn file_chunk() -> TableCreateStatement {
    table("file_chunk")
        .col(uuid("file_id"))
        .col(integer("position"))
        .col(blob("bytes"))
        .primary_key(&mut key(&["file_id", "position"]))
        .foreign_key(&mut refers("file_chunk", "file_id", "file", Parent::Cascade))
        .to_owned()
}
