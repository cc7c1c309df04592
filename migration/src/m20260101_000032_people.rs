//! Nobody alone becomes somebody else, people are told what happens to their accounts, and a right says where it comes from.

use std::collections::BTreeSet;

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;
use crate::m20260101_000019_publications_told::{ABOUT_PUBLICATIONS, BEFORE, kinds};
use crate::m20260101_000025_told_more::MORE;
use crate::m20260101_000029_administrators::{
    IS_ADMINISTRATOR, OF_ITS_REALM, REALMS, live, put_aside, rights, role_grant as role_grant_before, run, take_back,
    user_of_realm,
};

/// Nobody alone becomes somebody else, people are told what happens to their accounts, and a right says where it comes from.
#[derive(DeriveMigrationName)]
pub struct Migration;

const ABOUT_PEOPLE: [&str; 13] = [
    "PASSWORD_RESET",
    "PASSWORD_CHANGED",
    "TOTP_ENROLLED",
    "TOTP_REMOVED",
    "IDENTITY_LINKED",
    "IDENTITY_UNLINKED",
    "SESSIONS_ENDED",
    "REFRESH_REPLAYED",
    "ACCOUNT_LOCKED",
    "GRANT_GIVEN",
    "GRANT_ENDED",
    "GRANT_REQUESTED",
    "TOTP_REMOVAL_REQUESTED",
];
/// Columns of grants that are older than this.
const OLDER: &str = "id, user_id, role, realm, unit_id, scopes, named_lists, valid_until, request_id, ended_at, ended_by, \
                     end_reason, version, created_at";
const SIGNED_IN: [(&str, &str, &str); 2] = [
    ("user_credential", "last_sign_in_at", "last_sign_in_address"),
    ("session", "previous_sign_in_at", "previous_sign_in_address"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        refuse_loose(manager).await?;
        manager.create_table(totp_removal()).await?;
        for column in ["requested_by", "decided_by"] {
            manager.create_index(index("totp_removal", &[column])).await?;
        }
        kinds(manager, &[&BEFORE[..], &ABOUT_PUBLICATIONS[..], &MORE[..], &ABOUT_PEOPLE[..]].concat()).await?;
        for (table, at, address) in SIGNED_IN {
            for column in [at_null(at), text_null(address)] {
                manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
            }
        }

        put_aside(manager, OLDER, "1 = 1").await?;
        joined_by(manager, &["id", "user_id", "role", "unit_id"], &["id", "user_id", "role", "unit_id", "status"])
            .await?;
        manager.create_table(role_grant()).await?;
        let grants = format!(
            "INSERT INTO role_grant ({OLDER}, origin, request_status) SELECT {OLDER}, \
             CASE WHEN request_id IS NULL THEN 'OPERATOR' ELSE 'REQUEST' END, \
             CASE WHEN request_id IS NULL THEN NULL ELSE 'GRANTED' END FROM role_grant_kept"
        );
        take_back(manager, &grants).await?;
        indexes(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        put_aside(manager, OLDER, "1 = 1").await?;
        joined_by(manager, &["id", "user_id", "role", "unit_id", "status"], &["id", "user_id", "role", "unit_id"])
            .await?;
        manager.create_table(role_grant_before()).await?;
        take_back(manager, &format!("INSERT INTO role_grant ({OLDER}) SELECT {OLDER} FROM role_grant_kept")).await?;
        indexes(manager).await?;

        for (table, at, address) in SIGNED_IN {
            for column in [address, at] {
                manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
            }
        }
        // What the older program knows no words for, nobody was told.
        run(manager, &format!("DELETE FROM notification WHERE kind IN ('{}')", ABOUT_PEOPLE.join("', '"))).await?;
        kinds(manager, &[&BEFORE[..], &ABOUT_PUBLICATIONS[..], &MORE[..]].concat()).await?;
        drop_all(manager, &["totp_removal"]).await
    }
}

/// A right that hangs on a request which nobody approved was written past the program: a person has to say what it is.
async fn refuse_loose(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut loose = Query::select();
    loose.column("login").from("user_account").order_by("login", Order::Asc).and_where(Expr::cust(
        "id IN (SELECT g.user_id FROM role_grant g JOIN role_grant_request r ON r.id = g.request_id \
         WHERE r.status <> 'GRANTED')",
    ));
    let rows = manager.get_connection().query_all(&loose).await?;
    let logins: BTreeSet<String> = rows.iter().map(|row| row.try_get("", "login")).collect::<Result<_, _>>()?;
    if logins.is_empty() {
        return Ok(());
    }
    let logins = logins.into_iter().collect::<Vec<_>>().join(", ");
    Err(DbErr::Migration(format!(
        "users with a right whose request was not approved (it was written past the program): {logins}. After a backup, \
         find out who wrote it, take those rows out of the table role_grant, and start again"
    )))
}

/// What a right bears of its request is unique there.
async fn joined_by(manager: &SchemaManager<'_>, before: &[&'static str], after: &[&'static str]) -> Result<(), DbErr> {
    const TABLE: &str = "role_grant_request";
    let gone = format!("uq_{TABLE}_{}", before.join("_"));
    manager.drop_index(Index::drop().name(gone).table(TABLE).to_owned()).await?;
    manager.create_index(unique(TABLE, after)).await
}

async fn indexes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager.create_index(live("uq_role_grant_once", &["user_id", "role", "unit_id"], None)).await?;
    manager.create_index(live("uq_role_grant_one_admin", &["user_id"], Some(IS_ADMINISTRATOR))).await?;
    manager.create_index(unique("role_grant", &["request_id"])).await?;
    for column in ["user_id", "unit_id", "ended_by"] {
        manager.create_index(index("role_grant", &[column])).await?;
    }
    Ok(())
}

fn role_grant() -> TableCreateStatement {
    let mut of_its_request = ForeignKey::create();
    of_its_request.name("fk_role_grant_request").from_tbl("role_grant").to_tbl("role_grant_request");
    // The status is carried along: a right hangs on a request that was approved, and that request stays so.
    for (own, its) in [
        ("request_id", "id"),
        ("user_id", "user_id"),
        ("role", "role"),
        ("unit_id", "unit_id"),
        ("request_status", "status"),
    ] {
        of_its_request.from_col(own).to_col(its);
    }
    rights(&mut table("role_grant"))
        .col(words("realm", &REALMS))
        .col(words("origin", &["REQUEST", "OPERATOR"]))
        .col(uuid_null("request_id"))
        .col(words_null("request_status", &["GRANTED"]))
        .col(at_null("ended_at"))
        .col(uuid_null("ended_by"))
        .col(text_null("end_reason"))
        .col(integer("version").default(1))
        .col(at("created_at"))
        .check(Expr::cust(OF_ITS_REALM))
        .check(Expr::cust("(origin = 'REQUEST') = (request_id IS NOT NULL)"))
        .check(Expr::cust("(request_status IS NULL) = (request_id IS NULL)"))
        .foreign_key(&mut user_of_realm("role_grant"))
        .foreign_key(&mut refers("role_grant", "unit_id", "unit", Parent::Keep))
        .foreign_key(&mut refers("role_grant", "ended_by", "user_account", Parent::Keep))
        .foreign_key(&mut of_its_request)
        .to_owned()
}

/// The last request of each user; what went before is in the audit trail.
fn totp_removal() -> TableCreateStatement {
    const TABLE: &str = "totp_removal";
    let mut table = table(TABLE);
    table
        .col(uuid("user_id").primary_key())
        .col(words("status", &["PENDING", "GRANTED", "REFUSED", "WITHDRAWN"]))
        .col(uuid("requested_by"))
        .col(uuid_null("decided_by"))
        .col(at_null("decided_at"))
        .col(at("lapses_at"))
        // Two people, and neither of them for himself.
        .check(Expr::cust("decided_by <> requested_by"))
        .check(Expr::cust("decided_by <> user_id"))
        .check(Expr::cust("(status IN ('GRANTED', 'REFUSED')) = (decided_by IS NOT NULL)"));
    versioned(&mut table)
        .foreign_key(&mut refers(TABLE, "user_id", "user_account", Parent::Cascade))
        .foreign_key(&mut refers(TABLE, "requested_by", "user_account", Parent::Keep))
        .foreign_key(&mut refers(TABLE, "decided_by", "user_account", Parent::Keep))
        .to_owned()
}
