//! What the running program keeps for itself: the audit trail, kept answers and messages to deliver.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// What the running program keeps for itself: the audit trail, kept answers and messages to deliver.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(audit_entry()).await?;
        manager.create_index(index("audit_entry", &["at"])).await?;
        manager.create_table(idempotency_result()).await?;
        manager.create_index(index("idempotency_result", &["created_at"])).await?;
        manager.create_table(outbox()).await?;
        manager.create_index(index("outbox", &["delivered_at", "available_at"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["outbox", "idempotency_result", "audit_entry"]).await
    }
}

fn audit_entry() -> TableCreateStatement {
    table("audit_entry")
        .col(id())
        .col(at("at"))
        .col(uuid_null("user_id"))
        .col(uuid_null("unit_id"))
        .col(text("operation"))
        .col(text_null("object_type"))
        .col(uuid_null("object_id"))
        .col(words("result", &["DONE", "REFUSED"]))
        .col(json_binary_null("changed"))
        .col(text("request_id"))
        .to_owned()
}

fn idempotency_result() -> TableCreateStatement {
    table("idempotency_result")
        .col(uuid("user_id"))
        .col(text("operation"))
        .col(text("key"))
        .col(text("input_digest"))
        .col(json_binary("result"))
        .col(at("created_at"))
        .primary_key(&mut key(&["user_id", "operation", "key"]))
        .foreign_key(&mut refers("idempotency_result", "user_id", "user_account", Parent::Keep))
        .to_owned()
}

fn outbox() -> TableCreateStatement {
    table("outbox")
        .col(id())
        .col(text("topic"))
        .col(json_binary("payload"))
        .col(at("created_at"))
        .col(at("available_at"))
        .col(integer("attempts"))
        .col(at_null("delivered_at"))
        .to_owned()
}
