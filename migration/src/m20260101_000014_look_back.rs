//! Looking back: rounds with their findings, rectifications with their steps, evidence, and where tasks come from.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// Looking back: rounds with their findings, rectifications with their steps, evidence, and where tasks come from.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 6] =
    ["look_back_evidence", "rectification_step", "rectification", "look_back_item", "look_back", "task_lineage"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(look_back()).await?;
        indexes(manager, "look_back", &["task_list_id", "created_by", "finished_by"]).await?;
        manager.create_table(look_back_item()).await?;
        manager.create_index(unique("look_back_item", &["look_back_id", "assignment_id"])).await?;
        let columns = ["task_list_id", "task_id", "assignment_id", "unit_id", "found_by"];
        indexes(manager, "look_back_item", &columns).await?;
        manager.create_table(rectification()).await?;
        let columns =
            ["look_back_item_id", "look_back_id", "task_list_id", "task_id", "unit_id", "opened_by", "due_on"];
        indexes(manager, "rectification", &columns).await?;
        manager.create_table(rectification_step()).await?;
        indexes(manager, "rectification_step", &["rectification_id", "user_id"]).await?;
        manager.create_table(look_back_evidence()).await?;
        let columns = ["look_back_item_id", "rectification_id", "file_id", "added_by"];
        indexes(manager, "look_back_evidence", &columns).await?;
        manager.create_table(task_lineage()).await?;
        // A task goes into a list once.
        manager.create_index(unique("task_lineage", &["origin_task_id", "task_list_id"])).await?;
        indexes(manager, "task_lineage", &["task_id", "task_list_id", "origin_task_list_id", "made_by"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &TABLES).await
    }
}

async fn indexes(manager: &SchemaManager<'_>, table: &'static str, columns: &[&'static str]) -> Result<(), DbErr> {
    for column in columns {
        manager.create_index(index(table, &[*column])).await?;
    }
    Ok(())
}

/// Both or neither.
fn together(one: &'static str, other: &'static str) -> Expr {
    Expr::cust(format!("(\"{one}\" IS NULL) = (\"{other}\" IS NULL)"))
}

fn look_back() -> TableCreateStatement {
    let table_name = "look_back";
    versioned(
        table(table_name)
            .col(id())
            .col(uuid("task_list_id"))
            .col(text("title"))
            .col(date("due_on"))
            .col(date_null("deadlines_by"))
            .col(words("status", &["OPEN", "FINISHED"]))
            .col(uuid("created_by"))
            .col(uuid_null("finished_by"))
            .col(at_null("finished_at"))
            .check(Expr::cust("(\"status\" = 'FINISHED') = (\"finished_at\" IS NOT NULL)"))
            .foreign_key(&mut refers(table_name, "task_list_id", "task_list", Parent::Cascade))
            .foreign_key(&mut refers(table_name, "created_by", "user_account", Parent::Keep))
            .foreign_key(&mut refers(table_name, "finished_by", "user_account", Parent::Keep)),
    )
    .to_owned()
}

fn look_back_item() -> TableCreateStatement {
    let table_name = "look_back_item";
    let findings = ["DONE", "PARTLY_DONE", "NOT_DONE", "DONE_ON_PAPER_ONLY", "NOT_APPLICABLE"];
    versioned(
        table(table_name)
            .col(id())
            .col(uuid("look_back_id"))
            .col(uuid("task_list_id"))
            .col(uuid("task_id"))
            .col(uuid("assignment_id"))
            .col(uuid("unit_id"))
            .col(integer("position"))
            .col(date("due_on"))
            .col(text_null("deadline_text"))
            .col(words_null("finding", &findings))
            .col(text_null("finding_text"))
            .col(uuid_null("found_by"))
            .col(at_null("found_at"))
            // What was found has words, unless all is well.
            .check(Expr::cust("\"finding\" IS NOT NULL OR \"finding_text\" IS NULL"))
            .check(Expr::cust("\"finding\" IS NULL OR \"finding\" = 'DONE' OR \"finding_text\" IS NOT NULL"))
            .check(together("finding", "found_at"))
            .foreign_key(&mut refers(table_name, "look_back_id", "look_back", Parent::Cascade))
            .foreign_key(&mut refers(table_name, "task_list_id", "task_list", Parent::Cascade))
            .foreign_key(&mut refers(table_name, "task_id", "task", Parent::Cascade))
            .foreign_key(&mut refers(table_name, "assignment_id", "assignment", Parent::Cascade))
            .foreign_key(&mut refers(table_name, "unit_id", "unit", Parent::Keep))
            .foreign_key(&mut refers(table_name, "found_by", "user_account", Parent::Keep)),
    )
    .to_owned()
}

const STATES: [&str; 6] = ["OPENED", "PLANNED", "REPORTED", "RETURNED", "CLOSED", "CANCELLED"];

fn rectification() -> TableCreateStatement {
    let table_name = "rectification";
    versioned(
        table(table_name)
            .col(id())
            .col(uuid("look_back_item_id"))
            .col(uuid("look_back_id"))
            .col(uuid("task_list_id"))
            .col(uuid("task_id"))
            .col(uuid("unit_id"))
            .col(text("problem"))
            .col(date("due_on"))
            .col(words("status", &STATES))
            .col(text_null("measure"))
            .col(text_null("result"))
            .col(text_null("recheck_text"))
            .col(integer("return_count").default(0))
            .col(uuid("opened_by"))
            .col(at_null("reported_at"))
            .col(at_null("closed_at"))
            .check(Expr::cust("(\"status\" IN ('CLOSED', 'CANCELLED')) = (\"closed_at\" IS NOT NULL)"))
            .foreign_key(&mut refers(table_name, "look_back_item_id", "look_back_item", Parent::Cascade))
            .foreign_key(&mut refers(table_name, "look_back_id", "look_back", Parent::Cascade))
            .foreign_key(&mut refers(table_name, "task_list_id", "task_list", Parent::Cascade))
            .foreign_key(&mut refers(table_name, "task_id", "task", Parent::Cascade))
            .foreign_key(&mut refers(table_name, "unit_id", "unit", Parent::Keep))
            .foreign_key(&mut refers(table_name, "opened_by", "user_account", Parent::Keep)),
    )
    .to_owned()
}

fn rectification_step() -> TableCreateStatement {
    let table_name = "rectification_step";
    table(table_name)
        .col(id())
        .col(uuid("rectification_id"))
        .col(words("status", &STATES))
        .col(text_null("text"))
        .col(uuid("user_id"))
        .col(at("created_at"))
        .foreign_key(&mut refers(table_name, "rectification_id", "rectification", Parent::Cascade))
        .foreign_key(&mut refers(table_name, "user_id", "user_account", Parent::Keep))
        .to_owned()
}

fn look_back_evidence() -> TableCreateStatement {
    let table_name = "look_back_evidence";
    let fits = |kind: &'static str, column: &'static str| {
        Expr::cust(format!("(\"kind\" = '{kind}') = (\"{column}\" IS NOT NULL)"))
    };
    let one_parent = Expr::cust("(\"look_back_item_id\" IS NULL) = (\"rectification_id\" IS NOT NULL)");
    table(table_name)
        .col(id())
        .col(uuid_null("look_back_item_id"))
        .col(uuid_null("rectification_id"))
        .col(words("kind", &["LINK", "DOCUMENT_NUMBER", "FILE"]))
        .col(text_null("title"))
        .col(text_null("url"))
        .col(text_null("document_number"))
        .col(uuid_null("file_id"))
        .col(uuid("added_by"))
        .col(at("created_at"))
        .check(one_parent)
        .check(fits("LINK", "url"))
        .check(fits("DOCUMENT_NUMBER", "document_number"))
        .check(fits("FILE", "file_id"))
        .foreign_key(&mut refers(table_name, "look_back_item_id", "look_back_item", Parent::Cascade))
        .foreign_key(&mut refers(table_name, "rectification_id", "rectification", Parent::Cascade))
        .foreign_key(&mut refers(table_name, "file_id", "file", Parent::Keep))
        .foreign_key(&mut refers(table_name, "added_by", "user_account", Parent::Keep))
        .to_owned()
}

fn task_lineage() -> TableCreateStatement {
    let table_name = "task_lineage";
    table(table_name)
        .col(id())
        .col(uuid("task_id"))
        .col(uuid("task_list_id"))
        .col(uuid("origin_task_id"))
        .col(uuid("origin_task_list_id"))
        .col(words("kind", &["CARRIED_OVER", "DERIVED"]))
        .col(text_null("reason"))
        .col(uuid("made_by"))
        .col(at("created_at"))
        .check(Expr::cust("(\"kind\" = 'CARRIED_OVER') = (\"reason\" IS NOT NULL)"))
        .foreign_key(&mut refers(table_name, "task_id", "task", Parent::Cascade))
        .foreign_key(&mut refers(table_name, "task_list_id", "task_list", Parent::Cascade))
        .foreign_key(&mut refers(table_name, "origin_task_id", "task", Parent::Cascade))
        .foreign_key(&mut refers(table_name, "origin_task_list_id", "task_list", Parent::Cascade))
        .foreign_key(&mut refers(table_name, "made_by", "user_account", Parent::Keep))
        .to_owned()
}
