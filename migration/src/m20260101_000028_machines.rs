//! Secrets of service accounts, sessions that are narrower than what is granted, and keys that sign from a moment on.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// Secrets of service accounts, sessions that are narrower than what is granted, and keys that sign from a moment on.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// What knows nothing of scopes would take a narrow session, or what it asked for, for a wide one.
const NARROW: [&str; 2] = [
    "DELETE FROM session WHERE scopes IS NOT NULL",
    "DELETE FROM export_job WHERE scopes IS NOT NULL AND status IN ('QUEUED', 'RUNNING')",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("session", text_null("scopes")),
            ("session", uuid_null("service_secret_id")),
            ("export_job", text_null("scopes")),
            ("signing_key", at_null("signs_from")),
        ] {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        manager.create_index(index("session", &["service_secret_id"])).await?;
        manager
            .create_table(
                table("service_secret")
                    .col(id())
                    .col(uuid("user_id"))
                    .col(text("secret_digest"))
                    .col(at("created_at"))
                    .col(uuid_null("made_by"))
                    .col(date_null("expires_on"))
                    .col(at_null("revoked_at"))
                    .col(at_null("last_used_at"))
                    .foreign_key(&mut refers("service_secret", "user_id", "user_account", Parent::Cascade))
                    .foreign_key(&mut refers("service_secret", "made_by", "user_account", Parent::Keep))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("service_secret", &["secret_digest"])).await?;
        manager.create_index(index("service_secret", &["user_id"])).await?;
        manager.create_index(index("service_secret", &["made_by"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in NARROW {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        drop_all(manager, &["service_secret"]).await?;
        manager.drop_index(Index::drop().name("ix_session_service_secret_id").table("session").to_owned()).await?;
        for (table, column) in [
            ("signing_key", "signs_from"),
            ("export_job", "scopes"),
            ("session", "service_secret_id"),
            ("session", "scopes"),
        ] {
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
