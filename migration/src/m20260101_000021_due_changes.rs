//! What the days of periods and obligations were before they were changed.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// What the days of periods and obligations were before they were changed.
#[derive(DeriveMigrationName)]
pub struct Migration;

// What can be known of the time before. Each takes its key from the row it is read from.
const KNOWN: [&str; 2] = [
    // The first day of a period, until it was moved for the first time. Its grace is not known to have been another.
    "INSERT INTO period_due_change (id, reporting_period_id, due_on, grace_working_days, since_at, until_at) \
     SELECT p.id, p.id, p.first_due_on, p.grace_working_days, p.created_at, moved.at \
     FROM reporting_period p JOIN ( \
         SELECT object_id, MIN(at) AS at FROM audit_entry \
         WHERE operation = 'reportingPeriodUpdate' AND result = 'DONE' AND CAST(changed AS TEXT) LIKE '%\"dueOn\"%' \
         GROUP BY object_id) moved ON moved.object_id = p.id \
     WHERE p.first_due_on IS NOT NULL AND moved.at > p.created_at",
    // The day of an obligation until each time more was granted: the one granted before, or else the period's.
    "INSERT INTO obligation_due_change (id, report_obligation_id, due_on, released_at, since_at, until_at) \
     SELECT e.id, e.report_obligation_id, \
         (SELECT MAX(b.granted_until) FROM extension_request b WHERE b.report_obligation_id = e.report_obligation_id \
             AND b.status = 'GRANTED' AND b.decided_at < e.decided_at), NULL, \
         COALESCE((SELECT MAX(b.decided_at) FROM extension_request b \
             WHERE b.report_obligation_id = e.report_obligation_id \
             AND b.status = 'GRANTED' AND b.decided_at < e.decided_at), o.created_at), e.decided_at \
     FROM extension_request e JOIN report_obligation o ON o.id = e.report_obligation_id \
     WHERE e.status = 'GRANTED' AND e.decided_at > o.created_at",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(period_due_change()).await?;
        manager.create_index(index("period_due_change", &["reporting_period_id"])).await?;
        manager.create_table(obligation_due_change()).await?;
        manager.create_index(index("obligation_due_change", &["report_obligation_id"])).await?;
        for known in KNOWN {
            manager.get_connection().execute_unprepared(known).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["obligation_due_change", "period_due_change"]).await
    }
}

fn period_due_change() -> TableCreateStatement {
    table("period_due_change")
        .col(id())
        .col(uuid("reporting_period_id"))
        .col(date("due_on"))
        .col(integer("grace_working_days").check(Expr::col("grace_working_days").between(0, 20)))
        .col(at("since_at"))
        .col(at("until_at"))
        .foreign_key(&mut refers("period_due_change", "reporting_period_id", "reporting_period", Parent::Cascade))
        .to_owned()
}

fn obligation_due_change() -> TableCreateStatement {
    table("obligation_due_change")
        .col(id())
        .col(uuid("report_obligation_id"))
        .col(date_null("due_on"))
        .col(at_null("released_at"))
        .col(at("since_at"))
        .col(at("until_at"))
        .foreign_key(&mut refers("obligation_due_change", "report_obligation_id", "report_obligation", Parent::Cascade))
        .to_owned()
}
