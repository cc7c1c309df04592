//! Identities at other sign-in services, and handles that were used.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// Identities at other sign-in services, and handles that were used.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [uuid_null("external_identity_id"), boolean("second_factor_elsewhere").default(false).to_owned()]
        {
            manager.alter_table(Table::alter().table("session").add_column(column).to_owned()).await?;
        }
        manager.create_index(index("session", &["external_identity_id"])).await?;
        manager
            .create_table(
                table("external_identity")
                    .col(id())
                    .col(uuid("user_id"))
                    .col(text("issuer"))
                    .col(text("subject"))
                    .col(at("created_at"))
                    .col(uuid_null("made_by"))
                    .col(at_null("last_used_at"))
                    .col(at_null("ended_at"))
                    .col(uuid_null("ended_by"))
                    .foreign_key(&mut refers("external_identity", "user_id", "user_account", Parent::Cascade))
                    .foreign_key(&mut refers("external_identity", "made_by", "user_account", Parent::Keep))
                    .foreign_key(&mut refers("external_identity", "ended_by", "user_account", Parent::Keep))
                    .to_owned(),
            )
            .await?;
        // Whoever an identity is, is one user; what was taken apart is kept and may be put together anew.
        let mut live = key(&["issuer", "subject"]);
        live.name("uq_external_identity_live").table("external_identity").unique();
        manager.create_index(live.and_where(Expr::col("ended_at").is_null()).to_owned()).await?;
        for column in ["user_id", "made_by", "ended_by"] {
            manager.create_index(index("external_identity", &[column])).await?;
        }
        manager.create_table(table("used_handle").col(id()).col(at("expires_at")).to_owned()).await?;
        manager.create_index(index("used_handle", &["expires_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What knows nothing of them would take them for sessions of a password.
        let elsewhere = "DELETE FROM session WHERE external_identity_id IS NOT NULL";
        manager.get_connection().execute_unprepared(elsewhere).await?;
        drop_all(manager, &["used_handle", "external_identity"]).await?;
        manager.drop_index(Index::drop().name("ix_session_external_identity_id").table("session").to_owned()).await?;
        for column in ["second_factor_elsewhere", "external_identity_id"] {
            manager.alter_table(Table::alter().table("session").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
