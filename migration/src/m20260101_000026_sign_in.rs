//! Passwords, one-time codes, refresh tokens, and what a session says about where it is used.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// Passwords, one-time codes, refresh tokens, and what a session says about where it is used.
#[derive(DeriveMigrationName)]
pub struct Migration;

const SESSION: [&str; 4] = ["last_used_at", "idle_ends_at", "address", "user_agent"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [at_null("last_used_at"), at_null("idle_ends_at"), text_null("address"), text_null("user_agent")]
        {
            manager.alter_table(Table::alter().table("session").add_column(column).to_owned()).await?;
        }
        manager.create_table(user_credential()).await?;
        manager.create_table(password_history()).await?;
        manager.create_index(index("password_history", &["user_id"])).await?;
        manager.create_table(refresh_token()).await?;
        manager.create_index(unique("refresh_token", &["token_digest"])).await?;
        manager.create_index(index("refresh_token", &["session_id"])).await?;
        manager.create_table(one_time_code()).await?;
        manager.create_index(unique("one_time_code", &["code_digest"])).await?;
        manager.create_index(index("one_time_code", &["user_id"])).await?;
        manager.create_index(index("one_time_code", &["made_by"])).await?;
        manager.create_index(index("one_time_code", &["expires_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Without their idle end the sessions of people would pass for those made at the machine, which ask for nothing.
        let of_people = "DELETE FROM session WHERE last_used_at IS NOT NULL";
        manager.get_connection().execute_unprepared(of_people).await?;
        drop_all(manager, &["one_time_code", "refresh_token", "password_history", "user_credential"]).await?;
        for column in SESSION {
            manager.alter_table(Table::alter().table("session").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

fn user_credential() -> TableCreateStatement {
    let mut table = table("user_credential");
    table
        .col(uuid("user_id").primary_key())
        .col(text_null("password_hash"))
        .col(at_null("changed_at"))
        .col(boolean("must_change"))
        .col(integer("failures").default(0))
        .col(at_null("locked_until"))
        .col(text_null("totp_ciphertext"))
        .col(at_null("totp_confirmed_at"))
        .col(big_integer_null("totp_last_step"));
    versioned(&mut table)
        .foreign_key(&mut refers("user_credential", "user_id", "user_account", Parent::Cascade))
        .to_owned()
}

fn password_history() -> TableCreateStatement {
    table("password_history")
        .col(id())
        .col(uuid("user_id"))
        .col(text("password_hash"))
        .col(at("created_at"))
        .foreign_key(&mut refers("password_history", "user_id", "user_account", Parent::Cascade))
        .to_owned()
}

fn refresh_token() -> TableCreateStatement {
    table("refresh_token")
        .col(id())
        .col(uuid("session_id"))
        .col(text("token_digest"))
        .col(at("created_at"))
        .col(at_null("used_at"))
        .col(at("expires_at"))
        .foreign_key(&mut refers("refresh_token", "session_id", "session", Parent::Cascade))
        .to_owned()
}

fn one_time_code() -> TableCreateStatement {
    table("one_time_code")
        .col(id())
        .col(uuid("user_id"))
        .col(words("kind", &["INVITATION", "RESET"]))
        .col(text("code_digest"))
        .col(at("created_at"))
        .col(at("expires_at"))
        .col(at_null("used_at"))
        .col(uuid_null("made_by"))
        .foreign_key(&mut refers("one_time_code", "user_id", "user_account", Parent::Cascade))
        .foreign_key(&mut refers("one_time_code", "made_by", "user_account", Parent::Keep))
        .to_owned()
}
