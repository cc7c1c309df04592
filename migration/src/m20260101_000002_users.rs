//! Users, what they may do, their sign-ins, and the keys that sign tokens.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// Users, what they may do, their sign-ins, and the keys that sign tokens.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(user_account()).await?;
        manager.create_index(unique("user_account", &["login"])).await?;
        manager.create_index(index("user_account", &["unit_id"])).await?;
        manager.create_table(role_grant()).await?;
        manager.create_index(unique("role_grant", &["user_id", "role", "unit_id"])).await?;
        manager.create_index(index("role_grant", &["unit_id"])).await?;
        // Whoever keeps users must not keep grants or read the audit trail: nobody holds two of these.
        manager
            .create_index(
                unique("role_grant", &["user_id"])
                    .name("uq_role_grant_one_admin")
                    .and_where(Expr::col("role").is_in(["SYSTEM_ADMIN", "SECURITY_ADMIN", "AUDIT_ADMIN"]))
                    .to_owned(),
            )
            .await?;
        manager.create_table(session()).await?;
        manager.create_index(index("session", &["user_id"])).await?;
        manager.create_index(index("session", &["expires_at"])).await?;
        manager.create_table(signing_key()).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["signing_key", "session", "role_grant", "user_account"]).await
    }
}

fn user_account() -> TableCreateStatement {
    versioned(
        &mut table("user_account")
            .col(id())
            .col(words("kind", &["PERSON", "SERVICE"]))
            .col(uuid("unit_id"))
            .col(text("login"))
            .col(text("display_name"))
            .col(text_null("phone_ciphertext"))
            .col(at_null("disabled_at"))
            .foreign_key(&mut refers("user_account", "unit_id", "unit", Parent::Keep))
            .to_owned(),
    )
    .to_owned()
}

fn role_grant() -> TableCreateStatement {
    table("role_grant")
        .col(id())
        .col(uuid("user_id"))
        .col(words(
            "role",
            &[
                "OFFICE",
                "REPORTER",
                "APPROVER",
                "INSPECTOR",
                "SYSTEM_ADMIN",
                "SECURITY_ADMIN",
                "AUDIT_ADMIN",
                "INTEGRATION",
            ],
        ))
        .col(uuid("unit_id"))
        .col(text("scopes").default(""))
        .col(boolean("named_lists"))
        .col(date_null("valid_until"))
        .col(at("created_at"))
        .foreign_key(&mut refers("role_grant", "user_id", "user_account", Parent::Cascade))
        .foreign_key(&mut refers("role_grant", "unit_id", "unit", Parent::Keep))
        .to_owned()
}

fn session() -> TableCreateStatement {
    table("session")
        .col(id())
        .col(uuid("user_id"))
        .col(at("created_at"))
        .col(at("expires_at"))
        .col(at_null("revoked_at"))
        .col(text("purpose"))
        .foreign_key(&mut refers("session", "user_id", "user_account", Parent::Cascade))
        .to_owned()
}

fn signing_key() -> TableCreateStatement {
    table("signing_key")
        .col(text("id").primary_key())
        .col(text("algorithm"))
        .col(text("public_key"))
        .col(at("created_at"))
        .col(at_null("retired_at"))
        .to_owned()
}
