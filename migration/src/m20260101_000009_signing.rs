//! Reports grow up: two signatures, evidence, corrections, and the parts a lead merges.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// Reports grow up: two signatures, evidence, corrections, and the parts a lead merges.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        statuses(manager, &["DRAFT", "SIGNING", "SUBMITTED", "RETURNED", "ACCEPTED"], "\"status\"").await?;
        add(manager, "unit", boolean("report_signing").default(true)).await?;
        for column in [
            date_null("filled_on"),
            at_null("signing_since"),
            uuid_null("signed_by_user_id").extra(POINTS_TO_USER).to_owned(),
            integer_null("accepted_revision"),
            words_null("accepted_completion", COMPLETION),
        ] {
            add(manager, "progress_report", &mut column.to_owned()).await?;
        }
        manager.create_index(index("progress_report", &["signed_by_user_id"])).await?;
        let accepted = "UPDATE progress_report SET accepted_revision = revision, accepted_completion = completion \
             WHERE status = 'ACCEPTED'";
        manager.get_connection().execute_unprepared(accepted).await?;
        let signed_by = &mut uuid_null("signed_by").extra(POINTS_TO_USER).to_owned();
        add(manager, "progress_report_revision", signed_by).await?;
        add(manager, "progress_report_revision", &mut date_null("filled_on")).await?;
        manager.create_index(index("progress_report_revision", &["signed_by"])).await?;

        manager.create_table(report_signature()).await?;
        manager.create_index(index("report_signature", &["progress_report_id", "created_at"])).await?;
        manager.create_index(index("report_signature", &["user_id"])).await?;
        manager.create_table(evidence()).await?;
        manager.create_index(index("evidence", &["progress_report_id"])).await?;
        manager.create_index(index("evidence", &["file_id"])).await?;
        manager.create_index(index("evidence", &["added_by"])).await?;
        manager.create_table(report_part()).await?;
        manager.create_index(unique("report_part", &["progress_report_id", "source_report_id"])).await?;
        manager.create_index(index("report_part", &["source_report_id"])).await?;
        manager.create_index(index("report_part", &["unit_id"])).await?;
        manager.create_table(task_reporting_lead()).await?;
        manager.create_index(unique("task_reporting_lead", &["task_id"])).await?;
        manager.create_index(index("task_reporting_lead", &["assignment_id"])).await?;
        manager.create_index(index("task_reporting_lead", &["named_by"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["task_reporting_lead", "report_part", "evidence", "report_signature"]).await?;
        for (table, column) in [("progress_report", "signed_by_user_id"), ("progress_report_revision", "signed_by")] {
            let name = format!("ix_{table}_{column}");
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        for (table, column) in [
            ("progress_report_revision", "filled_on"),
            ("progress_report_revision", "signed_by"),
            ("progress_report", "accepted_completion"),
            ("progress_report", "accepted_revision"),
            ("progress_report", "signed_by_user_id"),
            ("progress_report", "signing_since"),
            ("progress_report", "filled_on"),
            ("unit", "report_signing"),
        ] {
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        // What waited for a signature was not handed in yet.
        let earlier = "CASE \"status\" WHEN 'SIGNING' THEN 'DRAFT' ELSE \"status\" END";
        statuses(manager, &["DRAFT", "SUBMITTED", "RETURNED", "ACCEPTED"], earlier).await
    }
}

const COMPLETION: &[&str] =
    &["NOT_STARTED", "LIMITED", "SUBSTANTIAL", "COMPLETED", "NOTHING_TO_REPORT", "NOT_APPLICABLE"];

// An added column takes its foreign key along; SQLite adds none to a table that exists.
const POINTS_TO_USER: &str = "REFERENCES user_account (id)";

async fn add(manager: &SchemaManager<'_>, table: &'static str, column: &mut ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}

/// Gives `progress_report.status` another set of words, and each row the word that `of_row` says.
///
/// SQLite changes no CHECK, and a table others point to can't be made anew without taking them along. So there is a new
/// column with the new CHECK, which then takes the place and the name of the old one: both engines do that.
async fn statuses(manager: &SchemaManager<'_>, words_there_are: &[&'static str], of_row: &str) -> Result<(), DbErr> {
    const TABLE: &str = "progress_report";
    let by_period = index(TABLE, &["reporting_period_id", "status"]);
    let name = "ix_progress_report_reporting_period_id_status";
    manager.drop_index(Index::drop().name(name).table(TABLE).to_owned()).await?;
    add(manager, TABLE, words("status_next", words_there_are).default("DRAFT")).await?;
    let copy = format!("UPDATE progress_report SET status_next = {of_row}");
    manager.get_connection().execute_unprepared(&copy).await?;
    manager.alter_table(Table::alter().table(TABLE).drop_column("status").to_owned()).await?;
    manager.alter_table(Table::alter().table(TABLE).rename_column("status_next", "status").to_owned()).await?;
    manager.create_index(by_period).await
}

fn report_signature() -> TableCreateStatement {
    table("report_signature")
        .col(id())
        .col(uuid("progress_report_id"))
        .col(words("decision", &["SIGNED", "SENT_BACK"]))
        // Of what was signed; nothing was handed in when it was sent back.
        .col(integer_null("revision"))
        .col(text_null("reason"))
        .col(uuid("user_id"))
        .col(at("created_at"))
        .check(Expr::col("decision").ne("SENT_BACK").or(Expr::col("reason").is_not_null()))
        .check(Expr::col("decision").ne("SIGNED").or(Expr::col("revision").is_not_null()))
        .foreign_key(&mut refers("report_signature", "progress_report_id", "progress_report", Parent::Cascade))
        .foreign_key(&mut refers("report_signature", "user_id", "user_account", Parent::Keep))
        .to_owned()
}

fn evidence() -> TableCreateStatement {
    let only = |kind: &'static str, column: &'static str| {
        Expr::col("kind")
            .eq(kind)
            .and(Expr::col(column).is_not_null())
            .or(Expr::col("kind").ne(kind).and(Expr::col(column).is_null()))
    };
    table("evidence")
        .col(id())
        .col(uuid("progress_report_id"))
        .col(words("kind", &["LINK", "DOCUMENT_NUMBER", "FILE"]))
        .col(text_null("title"))
        .col(text_null("url"))
        .col(text_null("document_number"))
        .col(uuid_null("file_id"))
        // It belongs to the revisions from this one on, up to the one it was taken out of.
        .col(integer("added_in"))
        .col(integer_null("removed_in"))
        .col(uuid("added_by"))
        .col(at("created_at"))
        .check(only("LINK", "url"))
        .check(only("DOCUMENT_NUMBER", "document_number"))
        .check(only("FILE", "file_id"))
        .foreign_key(&mut refers("evidence", "progress_report_id", "progress_report", Parent::Cascade))
        .foreign_key(&mut refers("evidence", "file_id", "file", Parent::Keep))
        .foreign_key(&mut refers("evidence", "added_by", "user_account", Parent::Keep))
        .to_owned()
}

fn report_part() -> TableCreateStatement {
    table("report_part")
        .col(id())
        .col(uuid("progress_report_id"))
        .col(uuid("source_report_id"))
        .col(integer("source_revision"))
        .col(uuid("unit_id"))
        .col(integer("position"))
        // As it was taken over: who reads the whole need not see what it came from.
        .col(text("narrative"))
        .col(words("completion", COMPLETION))
        .col(percent_null("percent"))
        .col(at("created_at"))
        .foreign_key(&mut refers("report_part", "progress_report_id", "progress_report", Parent::Cascade))
        .foreign_key(&mut refers("report_part", "source_report_id", "progress_report", Parent::Cascade))
        .foreign_key(&mut refers("report_part", "unit_id", "unit", Parent::Keep))
        .to_owned()
}

fn task_reporting_lead() -> TableCreateStatement {
    table("task_reporting_lead")
        .col(id())
        .col(uuid("task_id"))
        .col(uuid("assignment_id"))
        .col(uuid("named_by"))
        .col(at("created_at"))
        .foreign_key(&mut refers("task_reporting_lead", "task_id", "task", Parent::Cascade))
        .foreign_key(&mut refers("task_reporting_lead", "assignment_id", "assignment", Parent::Cascade))
        .foreign_key(&mut refers("task_reporting_lead", "named_by", "user_account", Parent::Keep))
        .to_owned()
}
