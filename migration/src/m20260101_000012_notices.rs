//! What people are told; units that are urged.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// What people are told; units that are urged.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(notification()).await?;
        manager.create_index(unique("notification", &["user_id", "origin"])).await?;
        manager.create_index(index("notification", &["user_id", "created_at"])).await?;
        manager.create_index(index("notification", &["unit_id"])).await?;
        manager.create_table(urge_notice()).await?;
        manager.create_index(unique("urge_notice", &["task_list_id", "year", "number"])).await?;
        manager.create_index(index("urge_notice", &["unit_id", "created_at"])).await?;
        manager.create_index(index("urge_notice", &["reporting_period_id"])).await?;
        manager.create_index(index("urge_notice", &["sender_user_id"])).await?;
        manager.create_index(index("urge_notice", &["sender_unit_id"])).await?;
        manager.create_index(index("urge_notice", &["replier_user_id"])).await?;
        manager.create_table(urge_notice_item()).await?;
        manager.create_index(index("urge_notice_item", &["report_obligation_id"])).await?;
        manager.create_table(urge_rule()).await?;
        manager.create_index(index("urge_rule", &["task_list_id"])).await?;
        manager.create_index(index("urge_rule", &["active"])).await?;
        manager.create_index(index("urge_rule", &["sender_user_id"])).await?;
        manager.create_index(index("urge_rule", &["sender_unit_id"])).await?;
        manager.create_table(urge_rule_run()).await?;
        manager.create_index(index("urge_rule_run", &["reporting_period_id"])).await?;
        manager.create_index(index("urge_rule_run", &["unit_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["urge_rule_run", "urge_rule", "urge_notice_item", "urge_notice", "notification"]).await
    }
}

fn notification() -> TableCreateStatement {
    table("notification")
        .col(id())
        .col(uuid("user_id"))
        .col(uuid("unit_id"))
        .col(words(
            "kind",
            &[
                "LIST_ISSUED",
                "PERIOD_OPENED",
                "REPORTS_SUBMITTED",
                "REPORT_RETURNED",
                "REPORTS_ACCEPTED",
                "URGED",
                "REMINDED",
                "SIGNATURE_WANTED",
                "SIGNATURE_REFUSED",
                "PERIOD_REOPENED",
                "EXTENSION_REQUESTED",
                "EXTENSION_DECIDED",
                "URGE_REPLIED",
                "LIST_AMENDED",
                "ASSIGNMENT_DECLINED",
                "OBJECTION_DECIDED",
                "LOOK_BACK_FOUND",
                "RECTIFICATION_OPENED",
                "RECTIFICATION_ANSWERED",
                "RECTIFICATION_DECIDED",
            ],
        ))
        // One of several tables: what is gone is not shown.
        .col(uuid("subject_id"))
        .col(text("origin"))
        .col(at("created_at"))
        .col(at_null("read_at"))
        .foreign_key(&mut refers("notification", "user_id", "user_account", Parent::Keep))
        .foreign_key(&mut refers("notification", "unit_id", "unit", Parent::Keep))
        .to_owned()
}

fn urge_notice() -> TableCreateStatement {
    versioned(
        &mut table("urge_notice")
            .col(id())
            .col(uuid("task_list_id"))
            .col(uuid("reporting_period_id"))
            .col(uuid("unit_id"))
            .col(integer("year"))
            .col(integer("number").check(Expr::col("number").gt(0)))
            .col(words("grade", &["BLUE", "YELLOW", "RED"]))
            .col(text_null("text"))
            .col(integer("days_overdue"))
            .col(date_null("reply_due_on"))
            .col(uuid("sender_user_id"))
            .col(uuid("sender_unit_id"))
            .col(at_null("read_at"))
            .col(text_null("reply"))
            .col(at_null("replied_at"))
            .col(uuid_null("replier_user_id"))
            .foreign_key(&mut refers("urge_notice", "task_list_id", "task_list", Parent::Cascade))
            .foreign_key(&mut refers("urge_notice", "reporting_period_id", "reporting_period", Parent::Cascade))
            .foreign_key(&mut refers("urge_notice", "unit_id", "unit", Parent::Keep))
            .foreign_key(&mut refers("urge_notice", "sender_user_id", "user_account", Parent::Keep))
            .foreign_key(&mut refers("urge_notice", "sender_unit_id", "unit", Parent::Keep))
            .foreign_key(&mut refers("urge_notice", "replier_user_id", "user_account", Parent::Keep))
            .to_owned(),
    )
    .to_owned()
}

fn urge_notice_item() -> TableCreateStatement {
    table("urge_notice_item")
        .col(uuid("urge_notice_id"))
        .col(uuid("report_obligation_id"))
        .primary_key(&mut key(&["urge_notice_id", "report_obligation_id"]))
        .foreign_key(&mut refers("urge_notice_item", "urge_notice_id", "urge_notice", Parent::Cascade))
        .foreign_key(&mut refers("urge_notice_item", "report_obligation_id", "report_obligation", Parent::Cascade))
        .to_owned()
}

fn urge_rule() -> TableCreateStatement {
    let offset = || Expr::col("offset_working_days");
    versioned(
        table("urge_rule")
            .col(id())
            .col(uuid("task_list_id"))
            .col(integer("offset_working_days").check(offset().between(-20, 20)))
            .col(words_null("grade", &["BLUE", "YELLOW", "RED"]))
            .col(text_null("text"))
            .col(integer_null("reply_within_working_days"))
            .col(boolean("active"))
            .col(uuid("sender_user_id"))
            .col(uuid("sender_unit_id"))
            .col(date_null("ran_on"))
            // Numbered notices are for what is late; who is in time is only reminded.
            .check(offset().gt(0).eq(Expr::col("grade").is_not_null()))
            .foreign_key(&mut refers("urge_rule", "task_list_id", "task_list", Parent::Cascade))
            .foreign_key(&mut refers("urge_rule", "sender_user_id", "user_account", Parent::Keep))
            .foreign_key(&mut refers("urge_rule", "sender_unit_id", "unit", Parent::Keep)),
    )
    .to_owned()
}

fn urge_rule_run() -> TableCreateStatement {
    table("urge_rule_run")
        .col(uuid("urge_rule_id"))
        .col(uuid("reporting_period_id"))
        .col(uuid("unit_id"))
        .col(date("due_on"))
        .col(at("created_at"))
        .primary_key(&mut key(&["urge_rule_id", "reporting_period_id", "unit_id", "due_on"]))
        .foreign_key(&mut refers("urge_rule_run", "urge_rule_id", "urge_rule", Parent::Cascade))
        .foreign_key(&mut refers("urge_rule_run", "reporting_period_id", "reporting_period", Parent::Cascade))
        .foreign_key(&mut refers("urge_rule_run", "unit_id", "unit", Parent::Keep))
        .to_owned()
}
