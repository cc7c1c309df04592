//! Who reported a rectification as done, who therefore does not look at it again; and the period for which a schedule
//! opened nothing.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// Who reported a rectification as done, who therefore does not look at it again; and the period for which a schedule
/// opened nothing.
#[derive(DeriveMigrationName)]
pub struct Migration;

const RECTIFICATION: &str = "rectification";
const SCHEDULE: &str = "period_schedule";

// An added column takes its foreign key along; SQLite adds none to a table that exists.
const POINTS_TO_USER: &str = "REFERENCES user_account (id)";
const POINTS_TO_PERIOD: &str = "REFERENCES reporting_period (id) ON DELETE SET NULL";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, RECTIFICATION, uuid_null("reported_by").extra(POINTS_TO_USER).to_owned()).await?;
        manager.create_index(index(RECTIFICATION, &["reported_by"])).await?;
        add(manager, SCHEDULE, uuid_null("skipped_period_id").extra(POINTS_TO_PERIOD).to_owned()).await?;
        manager.create_index(index(SCHEDULE, &["skipped_period_id"])).await?;
        add(manager, SCHEDULE, at_null("skipped_at")).await?;
        manager
            .get_connection()
            .execute_unprepared(
                "UPDATE rectification SET reported_by = (SELECT s.user_id FROM rectification_step s \
                 WHERE s.rectification_id = rectification.id AND s.status = 'REPORTED' \
                 ORDER BY s.created_at DESC, s.id DESC LIMIT 1)",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [(RECTIFICATION, "reported_by"), (SCHEDULE, "skipped_period_id")] {
            let name = format!("ix_{table}_{column}");
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        for (table, column) in
            [(RECTIFICATION, "reported_by"), (SCHEDULE, "skipped_period_id"), (SCHEDULE, "skipped_at")]
        {
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

async fn add(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}
