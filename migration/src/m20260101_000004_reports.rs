//! Reporting: periods, what is owed, what was reported and what was decided.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// Reporting: periods, what is owed, what was reported and what was decided.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(reporting_period()).await?;
        manager.create_index(unique("reporting_period", &["task_list_id", "starts_on", "ends_on"])).await?;
        manager.create_table(report_obligation()).await?;
        manager.create_index(unique("report_obligation", &["reporting_period_id", "assignment_id"])).await?;
        manager.create_index(index("report_obligation", &["unit_id", "reporting_period_id"])).await?;
        manager.create_index(index("report_obligation", &["task_id"])).await?;
        manager.create_index(index("report_obligation", &["task_list_id"])).await?;
        manager.create_index(index("report_obligation", &["assignment_id"])).await?;
        manager.create_table(progress_report()).await?;
        manager.create_index(unique("progress_report", &["report_obligation_id"])).await?;
        manager.create_index(index("progress_report", &["task_id", "unit_id"])).await?;
        manager.create_index(index("progress_report", &["reporting_period_id", "status"])).await?;
        manager.create_index(index("progress_report", &["task_list_id"])).await?;
        manager.create_index(index("progress_report", &["unit_id"])).await?;
        manager.create_index(index("progress_report", &["reporter_user_id"])).await?;
        manager.create_table(progress_report_revision()).await?;
        manager.create_index(unique("progress_report_revision", &["progress_report_id", "revision"])).await?;
        manager.create_index(index("progress_report_revision", &["submitted_by"])).await?;
        manager.create_table(report_review()).await?;
        manager.create_index(unique("report_review", &["progress_report_id", "revision"])).await?;
        manager.create_index(index("report_review", &["reviewer_user_id"])).await?;
        manager.create_index(index("report_review", &["reviewer_unit_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &["report_review", "progress_report_revision", "progress_report", "report_obligation", "reporting_period"],
        )
        .await
    }
}

const COMPLETION: &[&str] =
    &["NOT_STARTED", "LIMITED", "SUBSTANTIAL", "COMPLETED", "NOTHING_TO_REPORT", "NOT_APPLICABLE"];

fn reporting_period() -> TableCreateStatement {
    versioned(
        &mut table("reporting_period")
            .col(id())
            .col(uuid("task_list_id"))
            .col(words("kind", &["CUMULATIVE", "PLAIN"]))
            .col(text("label"))
            .col(date("starts_on"))
            .col(date("ends_on"))
            .col(date("due_on"))
            .col(words("status", &["OPEN", "CLOSED"]))
            .col(at("opened_at"))
            .col(at_null("closed_at"))
            .col(json_binary_null("roll_up"))
            .foreign_key(&mut refers("reporting_period", "task_list_id", "task_list", Parent::Cascade))
            .to_owned(),
    )
    .to_owned()
}

fn report_obligation() -> TableCreateStatement {
    table("report_obligation")
        .col(id())
        .col(uuid("reporting_period_id"))
        .col(uuid("task_list_id"))
        .col(uuid("task_id"))
        .col(uuid("assignment_id"))
        .col(uuid("unit_id"))
        .col(at("created_at"))
        .foreign_key(&mut refers("report_obligation", "reporting_period_id", "reporting_period", Parent::Cascade))
        .foreign_key(&mut refers("report_obligation", "task_list_id", "task_list", Parent::Cascade))
        .foreign_key(&mut refers("report_obligation", "task_id", "task", Parent::Cascade))
        .foreign_key(&mut refers("report_obligation", "assignment_id", "assignment", Parent::Cascade))
        .foreign_key(&mut refers("report_obligation", "unit_id", "unit", Parent::Keep))
        .to_owned()
}

fn progress_report() -> TableCreateStatement {
    versioned(
        &mut table("progress_report")
            .col(id())
            .col(uuid("report_obligation_id"))
            .col(uuid("reporting_period_id"))
            .col(uuid("task_list_id"))
            .col(uuid("task_id"))
            .col(uuid("unit_id"))
            .col(words("status", &["DRAFT", "SUBMITTED", "RETURNED", "ACCEPTED"]))
            .col(text("narrative"))
            .col(words_null("completion", COMPLETION))
            .col(percent_null("percent"))
            .col(uuid_null("reporter_user_id"))
            .col(text_null("reporter_name"))
            .col(text_null("reporter_phone_ciphertext"))
            .col(integer("revision"))
            .col(at_null("submitted_at"))
            .col(at_null("decided_at"))
            .col(integer("return_count"))
            .foreign_key(&mut refers("progress_report", "report_obligation_id", "report_obligation", Parent::Cascade))
            .foreign_key(&mut refers("progress_report", "reporting_period_id", "reporting_period", Parent::Cascade))
            .foreign_key(&mut refers("progress_report", "task_list_id", "task_list", Parent::Cascade))
            .foreign_key(&mut refers("progress_report", "task_id", "task", Parent::Cascade))
            .foreign_key(&mut refers("progress_report", "unit_id", "unit", Parent::Keep))
            .foreign_key(&mut refers("progress_report", "reporter_user_id", "user_account", Parent::Keep))
            .to_owned(),
    )
    .to_owned()
}

fn progress_report_revision() -> TableCreateStatement {
    table("progress_report_revision")
        .col(id())
        .col(uuid("progress_report_id"))
        .col(integer("revision"))
        .col(text("narrative"))
        .col(words("completion", COMPLETION))
        .col(percent_null("percent"))
        .col(uuid("submitted_by"))
        .col(at("submitted_at"))
        .foreign_key(&mut refers("progress_report_revision", "progress_report_id", "progress_report", Parent::Cascade))
        .foreign_key(&mut refers("progress_report_revision", "submitted_by", "user_account", Parent::Keep))
        .to_owned()
}

fn report_review() -> TableCreateStatement {
    table("report_review")
        .col(id())
        .col(uuid("progress_report_id"))
        .col(integer("revision"))
        .col(words("decision", &["ACCEPTED", "RETURNED"]))
        .col(text_null("reason"))
        .col(uuid("reviewer_user_id"))
        .col(uuid("reviewer_unit_id"))
        .col(at("created_at"))
        .check(Expr::col("decision").ne("RETURNED").or(Expr::col("reason").is_not_null()))
        .foreign_key(&mut refers("report_review", "progress_report_id", "progress_report", Parent::Cascade))
        .foreign_key(&mut refers("report_review", "reviewer_user_id", "user_account", Parent::Keep))
        .foreign_key(&mut refers("report_review", "reviewer_unit_id", "unit", Parent::Keep))
        .to_owned()
}
