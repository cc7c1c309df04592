//! 三员分立: nobody holds two powers, no administrator has business with lists, and a right is given by two people.

use std::collections::BTreeSet;

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// 三员分立: nobody holds two powers, no administrator has business with lists, and a right is given by two people.
#[derive(DeriveMigrationName)]
pub struct Migration;

const ADMINISTRATORS: [&str; 3] = ["SYSTEM_ADMIN", "SECURITY_ADMIN", "AUDIT_ADMIN"];
const ROLES: [&str; 8] =
    ["OFFICE", "REPORTER", "APPROVER", "INSPECTOR", "SYSTEM_ADMIN", "SECURITY_ADMIN", "AUDIT_ADMIN", "INTEGRATION"];
pub(crate) const REALMS: [&str; 2] = ["BUSINESS", "ADMINISTRATION"];
/// A role belongs to one of the two realms, and so does a user: the keys that join them carry it along.
pub(crate) const OF_ITS_REALM: &str =
    "(role IN ('SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN')) = (realm = 'ADMINISTRATION')";
pub(crate) const IS_ADMINISTRATOR: &str = "role IN ('SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN')";
/// Columns of grants that are older than this.
const OLDER: &str = "id, user_id, role, unit_id, scopes, named_lists, valid_until, created_at";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        refuse_mixed(manager).await?;
        let realm = words("realm", &REALMS).default("BUSINESS").to_owned();
        manager.alter_table(Table::alter().table("user_account").add_column(realm).to_owned()).await?;
        run(
            manager,
            &format!(
                "UPDATE user_account SET realm = 'ADMINISTRATION' \
                 WHERE id IN (SELECT user_id FROM role_grant WHERE {IS_ADMINISTRATOR})"
            ),
        )
        .await?;
        manager.create_index(unique("user_account", &["id", "realm"])).await?;

        manager.create_table(role_grant_request()).await?;
        manager.create_index(unique("role_grant_request", &["id", "user_id", "role", "unit_id"])).await?;
        for column in ["root_id", "unit_id", "user_id", "requested_by", "decided_by", "created_at"] {
            manager.create_index(index("role_grant_request", &[column])).await?;
        }
        manager.create_table(role_grant_request_list()).await?;
        manager.create_index(index("role_grant_request_list", &["task_list_id"])).await?;

        put_aside(manager, OLDER, "1 = 1").await?;
        manager.create_table(role_grant()).await?;
        let grants = format!(
            "INSERT INTO role_grant ({OLDER}, realm, version) SELECT {OLDER}, \
             CASE WHEN {IS_ADMINISTRATOR} THEN 'ADMINISTRATION' ELSE 'BUSINESS' END, 1 FROM role_grant_kept"
        );
        take_back(manager, &grants).await?;
        manager.create_index(live("uq_role_grant_once", &["user_id", "role", "unit_id"], None)).await?;
        manager.create_index(live("uq_role_grant_one_admin", &["user_id"], Some(IS_ADMINISTRATOR))).await?;
        manager.create_index(unique("role_grant", &["request_id"])).await?;
        for column in ["user_id", "unit_id", "ended_by"] {
            manager.create_index(index("role_grant", &[column])).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What was taken away must not come into force again.
        put_aside(manager, OLDER, "ended_at IS NULL").await?;
        manager.create_table(role_grant_before()).await?;
        let grants = format!("INSERT INTO role_grant ({OLDER}) SELECT {OLDER} FROM role_grant_kept");
        take_back(manager, &grants).await?;
        manager.create_index(unique("role_grant", &["user_id", "role", "unit_id"])).await?;
        manager.create_index(index("role_grant", &["unit_id"])).await?;
        let one_admin = unique("role_grant", &["user_id"])
            .name("uq_role_grant_one_admin")
            .and_where(Expr::col("role").is_in(ADMINISTRATORS))
            .to_owned();
        manager.create_index(one_admin).await?;
        drop_all(manager, &["role_grant_request_list", "role_grant_request"]).await?;
        manager.drop_index(Index::drop().name("uq_user_account_id_realm").table("user_account").to_owned()).await?;
        manager.alter_table(Table::alter().table("user_account").drop_column("realm").to_owned()).await
    }
}

pub(crate) async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    manager.get_connection().execute_unprepared(sql).await.map(drop)
}

/// Who holds a power and business besides can't be told apart by a program: a person has to say which of the two stays.
async fn refuse_mixed(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let both = format!(
        "id IN (SELECT user_id FROM role_grant WHERE {IS_ADMINISTRATOR}) \
         AND id IN (SELECT user_id FROM role_grant WHERE NOT ({IS_ADMINISTRATOR}))"
    );
    let mut mixed = Query::select();
    mixed.column("login").from("user_account").and_where(Expr::cust(both)).order_by("login", Order::Asc);
    let rows = manager.get_connection().query_all(&mixed).await?;
    let logins: BTreeSet<String> = rows.iter().map(|row| row.try_get("", "login")).collect::<Result<_, _>>()?;
    if logins.is_empty() {
        return Ok(());
    }
    let logins = logins.into_iter().collect::<Vec<_>>().join(", ");
    Err(DbErr::Migration(format!(
        "administrators who hold an office role besides (三员分立 forbids it): {logins}. After a backup, take from each of \
         them either the rows with SYSTEM_ADMIN, SECURITY_ADMIN and AUDIT_ADMIN or all the others out of the table \
         role_grant, and start again; give the other rights to another user"
    )))
}

/// Grants and their named lists wait in tables without keys: SQLite changes no constraint of a table there is, and a table
/// that goes takes with it what points to it.
pub(crate) async fn put_aside(manager: &SchemaManager<'_>, columns: &str, which: &str) -> Result<(), DbErr> {
    run(manager, &format!("CREATE TABLE role_grant_kept AS SELECT {columns} FROM role_grant WHERE {which}")).await?;
    let lists = "CREATE TABLE role_grant_list_kept AS SELECT role_grant_id, task_list_id FROM role_grant_list \
                 WHERE role_grant_id IN (SELECT id FROM role_grant_kept)";
    run(manager, lists).await?;
    drop_all(manager, &["role_grant_list", "role_grant"]).await
}

pub(crate) async fn take_back(manager: &SchemaManager<'_>, grants: &str) -> Result<(), DbErr> {
    run(manager, grants).await?;
    manager.create_table(role_grant_list()).await?;
    manager.create_index(index("role_grant_list", &["task_list_id"])).await?;
    let lists = "INSERT INTO role_grant_list (role_grant_id, task_list_id) \
                 SELECT role_grant_id, task_list_id FROM role_grant_list_kept";
    run(manager, lists).await?;
    drop_all(manager, &["role_grant_list_kept", "role_grant_kept"]).await
}

/// A unique index over grants that were not ended.
pub(crate) fn live(name: &'static str, columns: &[&'static str], which: Option<&'static str>) -> IndexCreateStatement {
    let mut index = key(columns);
    index.name(name).table("role_grant").unique().and_where(Expr::col("ended_at").is_null());
    if let Some(which) = which {
        index.and_where(Expr::cust(which));
    }
    index
}

/// `table.user_id` is a user of the realm of the row.
pub(crate) fn user_of_realm(table: &'static str) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    key.name(format!("fk_{table}_user_id_realm"))
        .from(table, ("user_id", "realm"))
        .to("user_account", ("id", "realm"))
        .on_delete(ForeignKeyAction::Cascade);
    key.to_owned()
}

pub(crate) fn rights(table: &mut TableCreateStatement) -> &mut TableCreateStatement {
    table
        .col(id())
        .col(uuid("user_id"))
        .col(words("role", &ROLES))
        .col(uuid("unit_id"))
        .col(text("scopes").default(""))
        .col(boolean("named_lists"))
        .col(date_null("valid_until"))
}

pub(crate) fn role_grant() -> TableCreateStatement {
    let mut of_its_request = ForeignKey::create();
    of_its_request.name("fk_role_grant_request").from_tbl("role_grant").to_tbl("role_grant_request");
    for (own, its) in [("request_id", "id"), ("user_id", "user_id"), ("role", "role"), ("unit_id", "unit_id")] {
        of_its_request.from_col(own).to_col(its);
    }
    rights(&mut table("role_grant"))
        .col(words("realm", &REALMS))
        .col(uuid_null("request_id"))
        .col(at_null("ended_at"))
        .col(uuid_null("ended_by"))
        .col(text_null("end_reason"))
        .col(integer("version").default(1))
        .col(at("created_at"))
        .check(Expr::cust(OF_ITS_REALM))
        .foreign_key(&mut user_of_realm("role_grant"))
        .foreign_key(&mut refers("role_grant", "unit_id", "unit", Parent::Keep))
        .foreign_key(&mut refers("role_grant", "ended_by", "user_account", Parent::Keep))
        .foreign_key(&mut of_its_request)
        .to_owned()
}

fn role_grant_before() -> TableCreateStatement {
    rights(&mut table("role_grant"))
        .col(at("created_at"))
        .foreign_key(&mut refers("role_grant", "user_id", "user_account", Parent::Cascade))
        .foreign_key(&mut refers("role_grant", "unit_id", "unit", Parent::Keep))
        .to_owned()
}

fn lists_of(table_name: &'static str, of: &'static str, column: &'static str) -> TableCreateStatement {
    table(table_name)
        .col(uuid(column))
        .col(uuid("task_list_id"))
        .primary_key(&mut key(&[column, "task_list_id"]))
        .foreign_key(&mut refers(table_name, column, of, Parent::Cascade))
        .foreign_key(&mut refers(table_name, "task_list_id", "task_list", Parent::Cascade))
        .to_owned()
}

fn role_grant_list() -> TableCreateStatement {
    lists_of("role_grant_list", "role_grant", "role_grant_id")
}

fn role_grant_request_list() -> TableCreateStatement {
    lists_of("role_grant_request_list", "role_grant_request", "role_grant_request_id")
}

fn role_grant_request() -> TableCreateStatement {
    const TABLE: &str = "role_grant_request";
    let mut table = table(TABLE);
    rights(&mut table)
        .col(words("realm", &REALMS))
        .col(uuid("root_id"))
        .col(text("reason"))
        .col(words("status", &["PENDING", "GRANTED", "REFUSED", "WITHDRAWN"]))
        .col(uuid("requested_by"))
        .col(uuid_null("decided_by"))
        .col(at_null("decided_at"))
        .col(text_null("decision_reason"))
        .col(at("lapses_at"))
        .check(Expr::cust(OF_ITS_REALM))
        // Two people, and neither of them for himself.
        .check(Expr::cust("decided_by <> requested_by"))
        .check(Expr::cust("decided_by <> user_id"))
        .check(Expr::cust("(status IN ('GRANTED', 'REFUSED')) = (decided_by IS NOT NULL)"));
    versioned(&mut table)
        .foreign_key(&mut user_of_realm(TABLE))
        .foreign_key(&mut refers(TABLE, "unit_id", "unit", Parent::Keep))
        .foreign_key(&mut refers(TABLE, "root_id", "unit", Parent::Keep))
        .foreign_key(&mut refers(TABLE, "requested_by", "user_account", Parent::Keep))
        .foreign_key(&mut refers(TABLE, "decided_by", "user_account", Parent::Keep))
        .to_owned()
}
