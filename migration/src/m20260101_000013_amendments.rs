//! After the issue: receipt and objection, numbered amendments, and what became of units.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// After the issue: receipt and objection, numbered amendments, and what became of units.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let status = words("status", &["ACTIVE", "WITHDRAWN"]).default("ACTIVE").to_owned();
        manager.alter_table(Table::alter().table("task").add_column(status).to_owned()).await?;
        manager.create_table(assignment_response()).await?;
        manager.create_index(unique("assignment_response", &["assignment_id"])).await?;
        manager.create_index(index("assignment_response", &["task_list_id"])).await?;
        manager.create_index(index("assignment_response", &["task_id"])).await?;
        manager.create_index(index("assignment_response", &["unit_id"])).await?;
        manager.create_index(index("assignment_response", &["by_user_id"])).await?;
        manager.create_index(index("assignment_response", &["decided_by"])).await?;
        manager.create_table(amendment()).await?;
        manager.create_index(unique("amendment", &["task_list_id", "number"])).await?;
        manager.create_index(index("amendment", &["by_user_id"])).await?;
        manager.create_index(index("amendment", &["by_unit_id"])).await?;
        manager.create_table(amendment_change()).await?;
        manager.create_index(unique("amendment_change", &["amendment_id", "position"])).await?;
        manager.create_index(index("amendment_change", &["task_list_id"])).await?;
        manager.create_index(index("amendment_change", &["task_id"])).await?;
        manager.create_index(index("amendment_change", &["assignment_id"])).await?;
        manager.create_index(index("amendment_change", &["unit_id"])).await?;
        manager.create_table(amendment_audience()).await?;
        manager.create_index(index("amendment_audience", &["unit_id"])).await?;
        manager.create_table(unit_change()).await?;
        manager.create_index(index("unit_change", &["root_id"])).await?;
        manager.create_index(index("unit_change", &["unit_id", "changed_on"])).await?;
        manager.create_index(index("unit_change", &["from_unit_id"])).await?;
        manager.create_index(index("unit_change", &["to_unit_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        refuse_withdrawn(manager).await?;
        let tables = ["unit_change", "amendment_audience", "amendment_change", "amendment", "assignment_response"];
        drop_all(manager, &tables).await?;
        manager.alter_table(Table::alter().table("task").drop_column("status").to_owned()).await
    }
}

/// Without their state, tasks that were withdrawn would be in force again, with nothing left that says otherwise. Withdrawn
/// assignments keep theirs: it is older than this.
async fn refuse_withdrawn(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut withdrawn = Query::select();
    withdrawn.expr_as(Expr::cust("COUNT(*)"), "n").from("task").and_where(Expr::col("status").eq("WITHDRAWN"));
    let found = manager.get_connection().query_one(&withdrawn).await?;
    let count: i64 = found.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default();
    if count == 0 {
        return Ok(());
    }
    Err(DbErr::Migration(format!(
        "{count} withdrawn tasks would be in force again: an earlier version knows no withdrawal. Go back no further than \
         this, or delete these rows from the table task after a backup, or restore the backup made before the upgrade"
    )))
}

fn assignment_response() -> TableCreateStatement {
    let mut table = table("assignment_response");
    table
        .col(id())
        .col(uuid("assignment_id"))
        .col(uuid("task_list_id"))
        .col(uuid("task_id"))
        .col(uuid("unit_id"))
        .col(words("kind", &["ACKNOWLEDGED", "DECLINED"]))
        .col(text_null("reason"))
        .col(uuid("by_user_id"))
        .col(at("responded_at"))
        .col(words_null("decision", &["UPHELD", "REJECTED"]))
        .col(text_null("decision_reason"))
        .col(uuid_null("decided_by"))
        .col(at_null("decided_at"))
        // Nobody objects without a word, and nobody decides without one.
        .check(Expr::col("kind").ne("DECLINED").or(Expr::col("reason").is_not_null()))
        .check(Expr::col("decision").is_null().or(Expr::col("decision_reason").is_not_null()))
        .foreign_key(&mut refers("assignment_response", "assignment_id", "assignment", Parent::Cascade))
        .foreign_key(&mut refers("assignment_response", "task_list_id", "task_list", Parent::Cascade))
        .foreign_key(&mut refers("assignment_response", "task_id", "task", Parent::Cascade))
        .foreign_key(&mut refers("assignment_response", "unit_id", "unit", Parent::Keep))
        .foreign_key(&mut refers("assignment_response", "by_user_id", "user_account", Parent::Keep))
        .foreign_key(&mut refers("assignment_response", "decided_by", "user_account", Parent::Keep));
    versioned(&mut table).to_owned()
}

fn amendment() -> TableCreateStatement {
    table("amendment")
        .col(id())
        .col(uuid("task_list_id"))
        .col(integer("number").check(Expr::col("number").gte(1)))
        .col(text("reason"))
        .col(text_null("document_number"))
        .col(uuid("by_user_id"))
        .col(uuid("by_unit_id"))
        .col(at("created_at"))
        .foreign_key(&mut refers("amendment", "task_list_id", "task_list", Parent::Cascade))
        .foreign_key(&mut refers("amendment", "by_user_id", "user_account", Parent::Keep))
        .foreign_key(&mut refers("amendment", "by_unit_id", "unit", Parent::Keep))
        .to_owned()
}

fn amendment_change() -> TableCreateStatement {
    table("amendment_change")
        .col(id())
        .col(uuid("amendment_id"))
        .col(uuid("task_list_id"))
        .col(integer("position"))
        .col(words("kind", &["ADD_TASK", "CHANGE_TASK", "WITHDRAW_TASK", "ADD_ASSIGNMENT", "WITHDRAW_ASSIGNMENT"]))
        .col(uuid("task_id"))
        .col(uuid_null("assignment_id"))
        .col(uuid_null("unit_id"))
        .col(json_binary_null("before"))
        .col(json_binary_null("after"))
        .check(Expr::col("before").is_not_null().or(Expr::col("after").is_not_null()))
        .foreign_key(&mut refers("amendment_change", "amendment_id", "amendment", Parent::Cascade))
        .foreign_key(&mut refers("amendment_change", "task_list_id", "task_list", Parent::Cascade))
        .foreign_key(&mut refers("amendment_change", "task_id", "task", Parent::Cascade))
        .foreign_key(&mut refers("amendment_change", "assignment_id", "assignment", Parent::Cascade))
        .foreign_key(&mut refers("amendment_change", "unit_id", "unit", Parent::Keep))
        .to_owned()
}

/// The units that may see a change: who was on the task then. Frozen with the change.
fn amendment_audience() -> TableCreateStatement {
    table("amendment_audience")
        .col(uuid("amendment_change_id"))
        .col(uuid("unit_id"))
        .primary_key(&mut key(&["amendment_change_id", "unit_id"]))
        .foreign_key(&mut refers("amendment_audience", "amendment_change_id", "amendment_change", Parent::Cascade))
        .foreign_key(&mut refers("amendment_audience", "unit_id", "unit", Parent::Keep))
        .to_owned()
}

/// One row in the history of each unit concerned.
fn unit_change() -> TableCreateStatement {
    table("unit_change")
        .col(id())
        .col(uuid("root_id"))
        .col(uuid("unit_id"))
        .col(words("kind", &["RENAMED", "MERGED", "SPLIT"]))
        .col(uuid("from_unit_id"))
        .col(uuid("to_unit_id"))
        .col(text("old_name"))
        .col(text("new_name"))
        .col(date("changed_on"))
        .col(text_null("document_number"))
        .col(at("created_at"))
        .foreign_key(&mut refers("unit_change", "root_id", "unit", Parent::Keep))
        .foreign_key(&mut refers("unit_change", "unit_id", "unit", Parent::Keep))
        .foreign_key(&mut refers("unit_change", "from_unit_id", "unit", Parent::Keep))
        .foreign_key(&mut refers("unit_change", "to_unit_id", "unit", Parent::Keep))
        .to_owned()
}
