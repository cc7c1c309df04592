//! Task lists: headings, tasks, times and who does what.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// Task lists: headings, tasks, times and who does what.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(task_list()).await?;
        manager.create_index(unique("task_list", &["issuer_unit_id", "import_digest"])).await?;
        manager.create_index(index("task_list", &["root_id"])).await?;
        manager.create_index(index("task_list", &["issuer_unit_id", "year"])).await?;
        manager.create_table(section()).await?;
        manager.create_index(index("section", &["task_list_id", "position"])).await?;
        manager.create_index(index("section", &["parent_id"])).await?;
        manager.create_table(section_closure()).await?;
        manager.create_index(index("section_closure", &["descendant_id"])).await?;
        manager.create_table(task()).await?;
        manager.create_index(unique("task", &["task_list_id", "number"])).await?;
        manager.create_index(index("task", &["task_list_id", "position"])).await?;
        manager.create_index(index("task", &["section_id"])).await?;
        manager.create_table(deadline()).await?;
        manager.create_index(unique("deadline", &["task_id", "position"])).await?;
        manager.create_index(index("deadline", &["due_on"])).await?;
        manager.create_table(assignment()).await?;
        manager.create_index(index("assignment", &["task_id", "position"])).await?;
        manager.create_index(index("assignment", &["unit_id", "status"])).await?;
        manager.create_index(index("assignment", &["unit_group_id"])).await?;
        manager.create_index(index("assignment", &["source_assignment_id"])).await?;
        // A unit is in a task once; what was withdrawn does not count.
        manager
            .create_index(
                unique("assignment", &["task_id", "unit_id"])
                    .name("uq_assignment_one_active")
                    .and_where(Expr::col("unit_id").is_not_null())
                    .and_where(Expr::col("status").eq("ACTIVE"))
                    .to_owned(),
            )
            .await?;
        manager.create_table(role_grant_list()).await?;
        manager.create_index(index("role_grant_list", &["task_list_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &["role_grant_list", "assignment", "deadline", "task", "section_closure", "section", "task_list"],
        )
        .await
    }
}

fn task_list() -> TableCreateStatement {
    versioned(
        &mut table("task_list")
            .col(id())
            .col(uuid("root_id"))
            .col(uuid("issuer_unit_id"))
            .col(integer("year"))
            .col(text("title"))
            .col(text_null("document_number"))
            .col(text_null("issuer_text"))
            .col(words("status", &["DRAFT", "ISSUED", "CLOSED", "ARCHIVED"]))
            .col(text_null("reporting_period_text"))
            .col(json_binary_null("columns"))
            .col(boolean("support_reports"))
            .col(date_null("issued_on"))
            .col(at_null("issued_at"))
            .col(at_null("closed_at"))
            .col(text_null("import_digest"))
            .foreign_key(&mut refers("task_list", "root_id", "unit", Parent::Keep))
            .foreign_key(&mut refers("task_list", "issuer_unit_id", "unit", Parent::Keep))
            .to_owned(),
    )
    .to_owned()
}

fn section() -> TableCreateStatement {
    versioned(
        &mut table("section")
            .col(id())
            .col(uuid("task_list_id"))
            .col(uuid_null("parent_id"))
            .col(integer("position"))
            .col(text("label"))
            .col(text("title"))
            .foreign_key(&mut refers("section", "task_list_id", "task_list", Parent::Cascade))
            .foreign_key(&mut refers("section", "parent_id", "section", Parent::Cascade))
            .to_owned(),
    )
    .to_owned()
}

fn section_closure() -> TableCreateStatement {
    table("section_closure")
        .col(uuid("ancestor_id"))
        .col(uuid("descendant_id"))
        .col(integer("depth"))
        .primary_key(&mut key(&["ancestor_id", "descendant_id"]))
        .foreign_key(&mut refers("section_closure", "ancestor_id", "section", Parent::Cascade))
        .foreign_key(&mut refers("section_closure", "descendant_id", "section", Parent::Cascade))
        .to_owned()
}

fn task() -> TableCreateStatement {
    versioned(
        &mut table("task")
            .col(id())
            .col(uuid("task_list_id"))
            .col(uuid_null("section_id"))
            .col(integer("position"))
            .col(text("number"))
            .col(text_null("title"))
            .col(text_null("requirement"))
            .col(text_null("lead_text"))
            .col(text_null("unit_text"))
            .col(boolean("inherited"))
            .col(boolean("incentive"))
            .col(boolean("needs_review"))
            .col(text_null("review_note"))
            .check(Expr::col("title").is_not_null().or(Expr::col("requirement").is_not_null()))
            .foreign_key(&mut refers("task", "task_list_id", "task_list", Parent::Cascade))
            .foreign_key(&mut refers("task", "section_id", "section", Parent::Keep))
            .to_owned(),
    )
    .to_owned()
}

fn deadline() -> TableCreateStatement {
    table("deadline")
        .col(id())
        .col(uuid("task_id"))
        .col(integer("position"))
        .col(words(
            "kind",
            &["FIXED_DATE", "MONTH_END", "ALL_YEAR", "ONGOING", "RELATIVE", "RECURRING", "WINDOW", "NONE"],
        ))
        .col(text_null("text"))
        .col(date_null("due_on"))
        .col(date_null("from_on"))
        .col(json_binary_null("rule"))
        .col(words_null("source", &["COLUMN", "TEXT"]))
        .foreign_key(&mut refers("deadline", "task_id", "task", Parent::Cascade))
        .to_owned()
}

fn assignment() -> TableCreateStatement {
    versioned(
        &mut table("assignment")
            .col(id())
            .col(uuid("task_id"))
            .col(integer("position"))
            .col(words("role", &["LEAD", "RESPONSIBLE", "SUPPORT"]))
            .col(words("target", &["UNIT", "GROUP", "OPEN"]))
            .col(text("name"))
            .col(uuid_null("unit_id"))
            .col(uuid_null("unit_group_id"))
            .col(uuid_null("source_assignment_id"))
            .col(text_null("scope_note"))
            .col(words("status", &["ACTIVE", "WITHDRAWN"]))
            .check(
                Expr::col("target")
                    .ne("OPEN")
                    .or(Expr::col("unit_id").is_null().and(Expr::col("unit_group_id").is_null())),
            )
            .check(Expr::col("source_assignment_id").is_null().or(Expr::col("target").eq("UNIT")))
            .foreign_key(&mut refers("assignment", "task_id", "task", Parent::Cascade))
            .foreign_key(&mut refers("assignment", "unit_id", "unit", Parent::Keep))
            .foreign_key(&mut refers("assignment", "unit_group_id", "unit_group", Parent::Keep))
            .foreign_key(&mut refers("assignment", "source_assignment_id", "assignment", Parent::Cascade))
            .to_owned(),
    )
    .to_owned()
}

fn role_grant_list() -> TableCreateStatement {
    table("role_grant_list")
        .col(uuid("role_grant_id"))
        .col(uuid("task_list_id"))
        .primary_key(&mut key(&["role_grant_id", "task_list_id"]))
        .foreign_key(&mut refers("role_grant_list", "role_grant_id", "role_grant", Parent::Cascade))
        .foreign_key(&mut refers("role_grant_list", "task_list_id", "task_list", Parent::Cascade))
        .to_owned()
}
