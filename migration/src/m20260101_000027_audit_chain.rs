//! The audit trail becomes a chain that only grows.

use sea_orm_migration::sea_orm::DbBackend;
use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// The audit trail becomes a chain that only grows.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Both engines refuse to change what stands in these, each in its own words.
const APPEND_ONLY: [&str; 2] = ["audit_entry", "audit_anchor"];
const COLUMNS: [&str; 4] = ["sequence", "hash", "address", "reasons"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [big_integer_null("sequence"), text_null("hash"), text_null("address"), text_null("reasons")] {
            manager.alter_table(Table::alter().table("audit_entry").add_column(column).to_owned()).await?;
        }
        manager.create_index(unique("audit_entry", &["sequence"])).await?;
        manager
            .create_table(
                table("audit_head")
                    .col(integer("id").primary_key().check(Expr::col("id").eq(1)))
                    .col(big_integer("sequence"))
                    .col(text("hash"))
                    .col(big_integer("unchained"))
                    .to_owned(),
            )
            .await?;
        let first = "INSERT INTO audit_head (id, sequence, hash, unchained) SELECT 1, 0, '', COUNT(*) FROM audit_entry";
        manager.get_connection().execute_unprepared(first).await?;
        manager
            .create_table(
                table("audit_anchor")
                    .col(id())
                    .col(big_integer("sequence"))
                    .col(text("statement"))
                    .col(at("created_at"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("audit_anchor", &["sequence"])).await?;
        for statement in fences(manager.get_database_backend()) {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in no_fences(manager.get_database_backend()) {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        drop_all(manager, &["audit_anchor", "audit_head"]).await?;
        manager.drop_index(Index::drop().name("uq_audit_entry_sequence").table("audit_entry").to_owned()).await?;
        for column in COLUMNS {
            manager.alter_table(Table::alter().table("audit_entry").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

fn fences(engine: DbBackend) -> Vec<String> {
    if engine != DbBackend::Postgres {
        let one = |table: &str, event: &str| {
            format!(
                "CREATE TRIGGER {table}_no_{event} BEFORE {event} ON {table} \
                 BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END"
            )
        };
        return APPEND_ONLY.iter().flat_map(|table| ["UPDATE", "DELETE"].map(|event| one(table, event))).collect();
    }
    let function = "CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS \
                    'BEGIN RAISE EXCEPTION ''the audit trail only grows''; END'";
    let of = |table: &&str| {
        [
            format!(
                "CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table} \
                 FOR EACH ROW EXECUTE FUNCTION audit_only_grows()"
            ),
            format!(
                "CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} \
                 FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()"
            ),
        ]
    };
    std::iter::once(function.to_owned()).chain(APPEND_ONLY.iter().flat_map(of)).collect()
}

fn no_fences(engine: DbBackend) -> Vec<String> {
    if engine != DbBackend::Postgres {
        let one = |table: &&str| ["UPDATE", "DELETE"].map(|event| format!("DROP TRIGGER {table}_no_{event}"));
        return APPEND_ONLY.iter().flat_map(one).collect();
    }
    let of = |table: &&str| {
        [format!("DROP TRIGGER {table}_only_grows ON {table}"), format!("DROP TRIGGER {table}_not_emptied ON {table}")]
    };
    APPEND_ONLY.iter().flat_map(of).chain(["DROP FUNCTION audit_only_grows()".to_owned()]).collect()
}
