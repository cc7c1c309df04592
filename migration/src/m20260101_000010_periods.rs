//! Grace and own due days, schedules, reopenings with numbered freezes, and requests for more time.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// Grace and own due days, schedules, reopenings with numbered freezes, and requests for more time.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// New columns of tables that exist, one statement each: SQLite takes no more at once.
fn columns() -> [(&'static str, &'static str, ColumnDef); 4] {
    let grace = integer("grace_working_days").default(0).check(Expr::col("grace_working_days").between(0, 20)).take();
    [
        ("reporting_period", "grace_working_days", grace),
        // Nothing as long as the due day was not moved.
        ("reporting_period", "first_due_on", date_null("first_due_on")),
        // Nothing where the period's own holds.
        ("report_obligation", "due_on", date_null("due_on")),
        ("report_obligation", "expected_count", integer_null("expected_count")),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, _, column) in columns() {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        manager.create_table(period_schedule()).await?;
        manager.create_index(index("period_schedule", &["task_list_id"])).await?;
        manager.create_index(index("period_schedule", &["active"])).await?;
        manager.create_table(period_reopening()).await?;
        manager.create_index(index("period_reopening", &["reporting_period_id", "unit_id"])).await?;
        manager.create_index(index("period_reopening", &["task_list_id"])).await?;
        manager.create_index(index("period_reopening", &["unit_id"])).await?;
        manager.create_index(index("period_reopening", &["reopened_by"])).await?;
        manager.create_table(period_freeze()).await?;
        manager.create_index(unique("period_freeze", &["reporting_period_id", "number"])).await?;
        manager.create_index(index("period_freeze", &["task_list_id"])).await?;
        manager.create_index(index("period_freeze", &["progress_report_id"])).await?;
        manager.create_table(extension_request()).await?;
        manager.create_index(index("extension_request", &["report_obligation_id"])).await?;
        manager.create_index(index("extension_request", &["reporting_period_id", "status"])).await?;
        manager.create_index(index("extension_request", &["task_list_id"])).await?;
        manager.create_index(index("extension_request", &["task_id"])).await?;
        manager.create_index(index("extension_request", &["unit_id"])).await?;
        manager.create_index(index("extension_request", &["requested_by"])).await?;
        manager.create_index(index("extension_request", &["decided_by"])).await?;
        // What was frozen before freezes were numbered is the first freeze of its period, and takes its key from there.
        let frozen = "INSERT INTO period_freeze \
             (id, reporting_period_id, task_list_id, number, cause, roll_up, progress_report_id, created_at) \
             SELECT id, id, task_list_id, 1, 'CLOSING', roll_up, NULL, closed_at FROM reporting_period \
             WHERE status = 'CLOSED' AND roll_up IS NOT NULL AND closed_at IS NOT NULL";
        manager.get_connection().execute_unprepared(frozen).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["extension_request", "period_freeze", "period_reopening", "period_schedule"]).await?;
        for (table, name, _) in columns() {
            manager.alter_table(Table::alter().table(table).drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}

fn period_schedule() -> TableCreateStatement {
    versioned(
        table("period_schedule")
            .col(id())
            .col(uuid("task_list_id"))
            .col(words("kind", &["CUMULATIVE", "PLAIN"]))
            .col(words("every", &["MONTH", "QUARTER", "HALF_YEAR"]))
            .col(text("label"))
            .col(integer("opens_after_days").check(Expr::col("opens_after_days").between(-60, 60)))
            .col(integer("due_working_days").check(Expr::col("due_working_days").between(0, 60)))
            .col(integer("grace_working_days").check(Expr::col("grace_working_days").between(0, 20)))
            .col(boolean("active"))
            .col(date_null("last_ends_on"))
            .foreign_key(&mut refers("period_schedule", "task_list_id", "task_list", Parent::Cascade)),
    )
    .to_owned()
}

fn period_reopening() -> TableCreateStatement {
    versioned(
        table("period_reopening")
            .col(id())
            .col(uuid("reporting_period_id"))
            .col(uuid("task_list_id"))
            .col(uuid("unit_id"))
            .col(date("until_on"))
            .col(text("reason"))
            .col(uuid("reopened_by"))
            .col(at_null("ended_at"))
            .foreign_key(&mut refers("period_reopening", "reporting_period_id", "reporting_period", Parent::Cascade))
            .foreign_key(&mut refers("period_reopening", "task_list_id", "task_list", Parent::Cascade))
            .foreign_key(&mut refers("period_reopening", "unit_id", "unit", Parent::Keep))
            .foreign_key(&mut refers("period_reopening", "reopened_by", "user_account", Parent::Keep)),
    )
    .to_owned()
}

fn period_freeze() -> TableCreateStatement {
    table("period_freeze")
        .col(id())
        .col(uuid("reporting_period_id"))
        .col(uuid("task_list_id"))
        .col(integer("number"))
        .col(words("cause", &["CLOSING", "REOPENING"]))
        .col(json_binary("roll_up"))
        // The report whose acceptance under a reopening made it.
        .col(uuid_null("progress_report_id"))
        .col(at("created_at"))
        .foreign_key(&mut refers("period_freeze", "reporting_period_id", "reporting_period", Parent::Cascade))
        .foreign_key(&mut refers("period_freeze", "task_list_id", "task_list", Parent::Cascade))
        .foreign_key(&mut refers("period_freeze", "progress_report_id", "progress_report", Parent::Cascade))
        .to_owned()
}

fn extension_request() -> TableCreateStatement {
    let decided = Expr::col("status").eq("GRANTED").and(Expr::col("granted_until").is_null());
    versioned(
        table("extension_request")
            .col(id())
            .col(uuid("report_obligation_id"))
            .col(uuid("reporting_period_id"))
            .col(uuid("task_list_id"))
            .col(uuid("task_id"))
            .col(uuid("unit_id"))
            .col(date("until_on"))
            .col(text("reason"))
            .col(words("status", &["PENDING", "GRANTED", "REFUSED", "WITHDRAWN"]))
            .col(date_null("granted_until"))
            .col(text_null("decision_reason"))
            .col(uuid("requested_by"))
            .col(uuid_null("decided_by"))
            .col(at_null("decided_at"))
            .check(decided.not())
            .foreign_key(&mut refers("extension_request", "report_obligation_id", "report_obligation", Parent::Cascade))
            .foreign_key(&mut refers("extension_request", "reporting_period_id", "reporting_period", Parent::Cascade))
            .foreign_key(&mut refers("extension_request", "task_list_id", "task_list", Parent::Cascade))
            .foreign_key(&mut refers("extension_request", "task_id", "task", Parent::Cascade))
            .foreign_key(&mut refers("extension_request", "unit_id", "unit", Parent::Keep))
            .foreign_key(&mut refers("extension_request", "requested_by", "user_account", Parent::Keep))
            .foreign_key(&mut refers("extension_request", "decided_by", "user_account", Parent::Keep)),
    )
    .to_owned()
}
