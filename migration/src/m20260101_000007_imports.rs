//! What the reader of a file asks a person about a draft.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// What the reader of a file asks a person about a draft.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(import_question()).await?;
        manager.create_index(index("import_question", &["task_list_id", "position"])).await?;
        manager.create_index(index("import_question", &["task_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["import_question"]).await
    }
}

fn import_question() -> TableCreateStatement {
    let mut table = table("import_question");
    table
        .col(id())
        .col(uuid("task_list_id"))
        .col(uuid_null("task_id"))
        .col(integer("position"))
        // No closed list here: readers learn new questions, and what was asked before must stay readable.
        .col(text("kind"))
        .col(text("subject"))
        .col(text_null("place"))
        .col(text_null("printed"))
        .col(text("text_zh"))
        .col(text("text_en"))
        .col(json_binary("candidates"))
        .col(text_null("proposal"))
        .col(words("status", &["OPEN", "ANSWERED"]))
        .col(text_null("answer"))
        .col(uuid_null("answered_by"))
        .col(at_null("answered_at"))
        .foreign_key(&mut refers("import_question", "task_list_id", "task_list", Parent::Cascade))
        .foreign_key(&mut refers("import_question", "task_id", "task", Parent::Cascade))
        .foreign_key(&mut refers("import_question", "answered_by", "user_account", Parent::Keep));
    versioned(&mut table).to_owned()
}
