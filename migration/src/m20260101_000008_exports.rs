//! Files that are to be made for somebody.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// Files that are to be made for somebody.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(export_job()).await?;
        manager.create_index(index("export_job", &["status", "created_at"])).await?;
        manager.create_index(index("export_job", &["owner_user_id", "created_at"])).await?;
        manager.create_index(index("export_job", &["task_list_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["export_job"]).await
    }
}

fn export_job() -> TableCreateStatement {
    table("export_job")
        .col(id())
        .col(uuid("task_list_id"))
        .col(uuid_null("reporting_period_id"))
        .col(uuid_null("subject_unit_id"))
        .col(uuid("owner_user_id"))
        .col(uuid("unit_id"))
        .col(words("view", &["LEDGER", "REPORT_SHEET", "REPORT_FORM", "SUMMARY", "MISSING"]))
        .col(words("format", &["DOCX", "XLSX", "CSV", "JSON", "SVG", "PNG"]))
        .col(boolean("standard_layout"))
        .col(boolean("clear_phones"))
        .col(text("lang"))
        .col(words("status", &["QUEUED", "RUNNING", "SUCCEEDED", "FAILED"]))
        .col(integer("progress").check(Expr::col("progress").between(0, 100)))
        .col(integer("attempts"))
        // The file goes when its time is over; the job stays and says that there was one.
        .col(uuid_null("file_id"))
        .col(text_null("problem"))
        .col(at("created_at"))
        .col(at_null("started_at"))
        .col(at_null("finished_at"))
        .foreign_key(&mut refers("export_job", "task_list_id", "task_list", Parent::Cascade))
        .foreign_key(&mut refers("export_job", "owner_user_id", "user_account", Parent::Keep))
        .foreign_key(&mut refers("export_job", "unit_id", "unit", Parent::Keep))
        .to_owned()
}
