//! Publishing: snapshots, the steps they went through, what detectors found in them, and what the public reads.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// Publishing: snapshots, the steps they went through, what detectors found in them, and what the public reads.
#[derive(DeriveMigrationName)]
pub struct Migration;

const KINDS: &[&str] = &["LIST", "PROGRESS", "ANNUAL_REPORT"];
const ACTS: &[&str] =
    &["PREPARATION", "REDACTION", "CONTENT_REVIEW", "SECRECY_REVIEW", "APPROVAL", "PUBLISHING", "WITHDRAWAL"];
const DECIDING: [&str; 3] = ["CONTENT_REVIEW", "SECRECY_REVIEW", "APPROVAL"];
const FIELDS: &[&str] = &[
    "TITLE",
    "LIST_TITLE",
    "DOCUMENT_NUMBER",
    "ISSUER",
    "PERIOD",
    "SECTION",
    "TASK_NUMBER",
    "TASK_TITLE",
    "REQUIREMENT",
    "UNITS",
    "DEADLINE",
    "NARRATIVE",
    "PARAGRAPH",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(publication()).await?;
        for column in
            ["task_list_id", "reporting_period_id", "issuer_unit_id", "prepared_by", "replaces_id", "replaced_by_id"]
        {
            manager.create_index(index("publication", &[column])).await?;
        }
        manager.create_table(snapshot()).await?;
        manager.create_index(index("publication_snapshot", &["task_list_id"])).await?;
        manager.create_table(step()).await?;
        // Nobody decides twice in a round, and only decisions have a decider.
        manager.create_index(unique("publication_step", &["publication_id", "round", "decider_id"])).await?;
        for column in ["task_list_id", "user_id", "unit_id", "decider_id", "prepared_by"] {
            manager.create_index(index("publication_step", &[column])).await?;
        }
        manager.create_table(finding()).await?;
        manager.create_index(unique("publication_finding", &["publication_id", "position"])).await?;
        manager.create_index(index("publication_finding", &["task_list_id"])).await?;
        manager.create_index(index("publication_finding", &["released_by"])).await?;
        manager.create_table(public()).await?;
        manager.create_index(index("publication_public", &["published_at"])).await?;
        manager.create_index(index("publication_public", &["replaced_by"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables =
            ["publication_public", "publication_finding", "publication_step", "publication_snapshot", "publication"];
        drop_all(manager, &tables).await
    }
}

fn publication() -> TableCreateStatement {
    let status = ["DRAFT", "CONTENT_REVIEWED", "SECRECY_REVIEWED", "APPROVED", "PUBLISHED", "WITHDRAWN"];
    let of_list = Expr::col("kind").eq("LIST");
    let is_public = Expr::col("status").eq("PUBLISHED");
    versioned(
        table("publication")
            .col(id())
            .col(uuid("task_list_id"))
            .col(uuid_null("reporting_period_id"))
            .col(uuid("issuer_unit_id"))
            .col(words("kind", KINDS))
            .col(text("title"))
            .col(words("status", &status))
            .col(integer("round").check(Expr::col("round").gte(1)))
            .col(text("checksum"))
            .col(integer("open_findings").check(Expr::col("open_findings").gte(0)))
            .col(integer("left_out").check(Expr::col("left_out").gte(0)))
            .col(uuid("prepared_by"))
            .col(uuid_null("replaces_id"))
            .col(uuid_null("replaced_by_id"))
            .col(at_null("published_at"))
            .col(at_null("withdrawn_at"))
            .col(text_null("withdrawal_reason"))
            // The list has no period, the others have one.
            .check(
                of_list
                    .clone()
                    .and(Expr::col("reporting_period_id").is_null())
                    .or(of_list.not().and(Expr::col("reporting_period_id").is_not_null())),
            )
            // Nothing is public that somebody has not looked at.
            .check(is_public.clone().and(Expr::col("open_findings").gt(0)).not())
            .check(is_public.and(Expr::col("published_at").is_null()).not())
            .check(Expr::col("status").eq("WITHDRAWN").and(Expr::col("withdrawn_at").is_null()).not())
            .foreign_key(&mut refers("publication", "task_list_id", "task_list", Parent::Cascade))
            .foreign_key(&mut refers("publication", "reporting_period_id", "reporting_period", Parent::Cascade))
            .foreign_key(&mut refers("publication", "issuer_unit_id", "unit", Parent::Keep))
            .foreign_key(&mut refers("publication", "prepared_by", "user_account", Parent::Keep))
            .foreign_key(&mut refers("publication", "replaces_id", "publication", Parent::Keep))
            .foreign_key(&mut refers("publication", "replaced_by_id", "publication", Parent::Keep)),
    )
    .to_owned()
}

fn snapshot() -> TableCreateStatement {
    table("publication_snapshot")
        .col(id())
        .col(uuid("task_list_id"))
        // Text and no JSON: its checksum is that of its bytes.
        .col(text("document"))
        .foreign_key(&mut refers("publication_snapshot", "id", "publication", Parent::Cascade))
        .foreign_key(&mut refers("publication_snapshot", "task_list_id", "task_list", Parent::Cascade))
        .to_owned()
}

fn step() -> TableCreateStatement {
    let decides = Expr::col("act").is_in(DECIDING);
    let decided = || Expr::col("decider_id").is_not_null().and(Expr::col("decision").is_not_null());
    let nobody = || Expr::col("decider_id").is_null().and(Expr::col("decision").is_null());
    table("publication_step")
        .col(id())
        .col(uuid("publication_id"))
        .col(uuid("task_list_id"))
        .col(integer("round"))
        .col(words("act", ACTS))
        .col(words_null("decision", &["PASSED", "RETURNED"]))
        .col(text_null("reason"))
        .col(text("checksum"))
        .col(uuid("user_id"))
        .col(uuid("unit_id"))
        .col(uuid_null("decider_id"))
        .col(uuid("prepared_by"))
        .col(at("created_at"))
        .check(decides.clone().and(decided()).or(decides.not().and(nobody())))
        .check(Expr::col("decider_id").is_null().or(Expr::col("decider_id").equals("user_id")))
        // Four eyes at least: who made the text decides nothing about it.
        .check(Expr::col("decider_id").is_null().or(Expr::col("decider_id").not_equals("prepared_by")))
        .check(
            Expr::col("decision")
                .is_null()
                .or(Expr::col("decision").ne("RETURNED"))
                .or(Expr::col("reason").is_not_null()),
        )
        .foreign_key(&mut refers("publication_step", "publication_id", "publication", Parent::Cascade))
        .foreign_key(&mut refers("publication_step", "task_list_id", "task_list", Parent::Cascade))
        .foreign_key(&mut refers("publication_step", "user_id", "user_account", Parent::Keep))
        .foreign_key(&mut refers("publication_step", "unit_id", "unit", Parent::Keep))
        .foreign_key(&mut refers("publication_step", "decider_id", "user_account", Parent::Keep))
        .foreign_key(&mut refers("publication_step", "prepared_by", "user_account", Parent::Keep))
        .to_owned()
}

fn finding() -> TableCreateStatement {
    let released = Expr::col("released_by").is_not_null();
    let said = Expr::col("release_reason").is_not_null().and(Expr::col("released_at").is_not_null());
    table("publication_finding")
        .col(id())
        .col(uuid("publication_id"))
        .col(uuid("task_list_id"))
        .col(integer("position"))
        .col(words("kind", &["PHONE", "ID_CARD", "BANK_CARD", "EMAIL"]))
        .col(words("field", FIELDS))
        .col(text_null("task_number"))
        .col(text("pointer"))
        .col(text("excerpt"))
        .col(uuid_null("released_by"))
        .col(at_null("released_at"))
        .col(text_null("release_reason"))
        .check(released.not().or(said))
        .foreign_key(&mut refers("publication_finding", "publication_id", "publication", Parent::Cascade))
        .foreign_key(&mut refers("publication_finding", "task_list_id", "task_list", Parent::Cascade))
        .foreign_key(&mut refers("publication_finding", "released_by", "user_account", Parent::Keep))
        .to_owned()
}

fn public() -> TableCreateStatement {
    let withdrawn = Expr::col("withdrawn_at").is_not_null();
    let gone = Expr::col("document").is_null().and(Expr::col("checksum").is_null());
    let there = Expr::col("document").is_not_null().and(Expr::col("checksum").is_not_null());
    table("publication_public")
        .col(id())
        .col(words("kind", KINDS))
        .col(text("title"))
        .col(text("issuer"))
        .col(integer("year"))
        .col(text_null("document"))
        .col(text_null("checksum"))
        .col(at("published_at"))
        .col(at_null("withdrawn_at"))
        .col(uuid_null("replaced_by"))
        .check(withdrawn.clone().and(gone).or(withdrawn.not().and(there)))
        .foreign_key(&mut refers("publication_public", "id", "publication", Parent::Cascade))
        .foreign_key(&mut refers("publication_public", "replaced_by", "publication", Parent::Keep))
        .to_owned()
}
