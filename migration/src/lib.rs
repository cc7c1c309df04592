//! The truth about taizhang's database: forward and back, for SQLite and PostgreSQL.
//!
//! The words of the enum columns are written here a second time on purpose: a migration that has run somewhere must not
//! change when the program does.

#![expect(
    elided_lifetimes_in_paths,
    reason = "MigrationTrait is declared without the lifetime, and an impl must match it"
)]

use sea_orm_migration::prelude::*;

mod build;
mod m20260101_000001_units;
mod m20260101_000002_users;
mod m20260101_000003_lists;
mod m20260101_000004_reports;
mod m20260101_000005_operations;
mod m20260101_000006_files;
mod m20260101_000007_imports;
mod m20260101_000008_exports;
mod m20260101_000009_signing;
mod m20260101_000010_periods;
mod m20260101_000011_urging;
mod m20260101_000012_notices;
mod m20260101_000013_amendments;
mod m20260101_000014_look_back;
mod m20260101_000015_publishing;
mod m20260101_000016_received;
mod m20260101_000017_parts_kept;
mod m20260101_000018_released;
mod m20260101_000019_publications_told;
mod m20260101_000021_due_changes;
mod m20260101_000022_done_counts;
mod m20260101_000023_releases_kept;
mod m20260101_000024_reported_by;
mod m20260101_000025_told_more;
mod m20260101_000026_sign_in;
mod m20260101_000027_audit_chain;
mod m20260101_000028_machines;
mod m20260101_000029_administrators;
mod m20260101_000030_upkeep;
mod m20260101_000031_external;
mod m20260101_000032_people;
mod m20260101_000033_trail_found;

/// Runs the migrations in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20260101_000001_units::Migration),
            Box::new(m20260101_000002_users::Migration),
            Box::new(m20260101_000003_lists::Migration),
            Box::new(m20260101_000004_reports::Migration),
            Box::new(m20260101_000005_operations::Migration),
            Box::new(m20260101_000006_files::Migration),
            Box::new(m20260101_000007_imports::Migration),
            Box::new(m20260101_000008_exports::Migration),
            Box::new(m20260101_000009_signing::Migration),
            Box::new(m20260101_000010_periods::Migration),
            Box::new(m20260101_000011_urging::Migration),
            Box::new(m20260101_000012_notices::Migration),
            Box::new(m20260101_000013_amendments::Migration),
            Box::new(m20260101_000014_look_back::Migration),
            Box::new(m20260101_000015_publishing::Migration),
            Box::new(m20260101_000016_received::Migration),
            Box::new(m20260101_000017_parts_kept::Migration),
            Box::new(m20260101_000018_released::Migration),
            Box::new(m20260101_000019_publications_told::Migration),
            Box::new(m20260101_000021_due_changes::Migration),
            Box::new(m20260101_000022_done_counts::Migration),
            Box::new(m20260101_000023_releases_kept::Migration),
            Box::new(m20260101_000024_reported_by::Migration),
            Box::new(m20260101_000025_told_more::Migration),
            Box::new(m20260101_000026_sign_in::Migration),
            Box::new(m20260101_000027_audit_chain::Migration),
            Box::new(m20260101_000028_machines::Migration),
            Box::new(m20260101_000029_administrators::Migration),
            Box::new(m20260101_000030_upkeep::Migration),
            Box::new(m20260101_000031_external::Migration),
            Box::new(m20260101_000032_people::Migration),
            Box::new(m20260101_000033_trail_found::Migration),
        ]
    }
}

/// Where a database stands, seen from this binary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The migrations that have run and are known here.
    pub applied: Vec<String>,
    /// The migrations that are known here and have not run.
    pub pending: Vec<String>,
    /// The migrations that have run and are not known here: the database belongs to a newer program.
    pub unknown: Vec<String>,
}

/// Asks a database where it stands, and changes nothing.
pub async fn status<C: ConnectionTrait>(db: &C) -> Result<Status, DbErr> {
    let table = sea_orm_migration::seaql_migrations::Entity.to_string();
    let recorded: Vec<String> = if has_table(db, &table).await? {
        let versions = Query::select().column("version").from(table).order_by("version", Order::Asc).to_owned();
        db.query_all(&versions).await?.iter().map(|row| row.try_get("", "version")).collect::<Result<_, _>>()?
    } else {
        Vec::new()
    };
    let known: Vec<String> = Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let (applied, pending) = known.iter().cloned().partition(|name| recorded.contains(name));
    let unknown = recorded.into_iter().filter(|name| !known.contains(name)).collect();
    Ok(Status { applied, pending, unknown })
}

async fn has_table<C: ConnectionTrait>(db: &C, table: &str) -> Result<bool, DbErr> {
    let (catalogue, column) = match db.get_database_backend() {
        sea_orm::DbBackend::Sqlite => ("sqlite_master", "name"),
        _ => ("pg_tables", "tablename"),
    };
    let mut query = Query::select();
    query.column(column).from(catalogue).and_where(Expr::col(column).eq(table));
    if catalogue == "pg_tables" {
        query.and_where(Expr::cust("schemaname = current_schema()"));
    }
    Ok(db.query_one(&query).await?.is_some())
}
