//! What the engines can say about themselves.

use sea_orm::{ConnectionTrait, QueryResult, Statement};
use uuid::Uuid;

use super::{BrokenEngine, BrokenRow, MOST};
use crate::store::{Engine, Store, StoreError};

/// The foreign keys of one column, as PostgreSQL declares them.
const DECLARED: &str = "SELECT c.conrelid::regclass::text AS t, a.attname::text AS f, c.confrelid::regclass::text AS p, \
     b.attname::text AS g FROM pg_constraint c \
     JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] \
     JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1] \
     WHERE c.contype = 'f' AND cardinality(c.conkey) = 1 AND c.connamespace = current_schema()::regnamespace \
     ORDER BY 1, 2";
/// The indexes that amcheck looks at, where it is installed.
const INDEXES: &str = "SELECT c.oid::int8 AS o, c.relname::text AS n FROM pg_class c \
     JOIN pg_am m ON m.oid = c.relam AND m.amname = 'btree' WHERE c.relkind = 'i' \
     AND c.relnamespace = current_schema()::regnamespace AND EXISTS \
     (SELECT 1 FROM pg_extension WHERE extname = 'amcheck') ORDER BY 2";

fn engine(table: &str, row: &str, detail: String) -> BrokenEngine {
    let broken = BrokenRow { row: row.to_owned(), detail };
    BrokenEngine { check: "engine", table: table.to_owned(), broken }
}

/// What can't be read is found as such; whatever else stops a question stops the check.
fn unread(table: &str, error: StoreError) -> Result<BrokenEngine, StoreError> {
    match error {
        StoreError::Refused(cause) => Ok(engine(table, table, cause.to_string())),
        error if error.is_damage() => Ok(engine(table, table, error.to_string())),
        error => Err(error),
    }
}

impl Store {
    /// What the engine finds broken.
    pub async fn broken_engine(&self) -> Result<Vec<BrokenEngine>, StoreError> {
        match self.engine() {
            Engine::Sqlite => self.broken_file().await,
            Engine::Postgres => self.broken_server().await,
        }
    }

    async fn ask(&self, sql: &str) -> Result<Vec<QueryResult>, StoreError> {
        let db = self.reader();
        Ok(db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?)
    }

    async fn broken_file(&self) -> Result<Vec<BrokenEngine>, StoreError> {
        let mut broken = Vec::new();
        match self.ask(&format!("PRAGMA integrity_check({MOST})")).await {
            Ok(rows) => {
                for row in rows {
                    let detail: String = row.try_get_by_index(0)?;
                    if detail != "ok" {
                        broken.push(engine("-", "", detail));
                    }
                }
            }
            Err(error) => broken.push(unread("-", error)?),
        }
        let sql = format!(
            "SELECT \"table\" AS t, rowid AS r, parent AS p FROM pragma_foreign_key_check ORDER BY 1, 2 LIMIT {MOST}"
        );
        let rows = match self.ask(&sql).await {
            Ok(rows) => rows,
            Err(error) => {
                broken.push(unread("-", error)?);
                Vec::new()
            }
        };
        for row in rows {
            let (table, parent): (String, String) = (row.try_get("", "t")?, row.try_get("", "p")?);
            let number: Option<i64> = row.try_get("", "r")?;
            let name = self.named(&table, number).await.unwrap_or_else(|| format!("rowid {}", number.unwrap_or(0)));
            let row = BrokenRow { row: name, detail: format!("-> {parent}") };
            broken.push(BrokenEngine { check: "foreign-key", table, broken: row });
        }
        Ok(broken)
    }

    /// The key of a row that is known by its place in the file, where its key is one.
    async fn named(&self, table: &str, number: Option<i64>) -> Option<String> {
        let sql = format!("SELECT id AS k FROM \"{table}\" WHERE rowid = {}", number?);
        let rows = self.ask(&sql).await.ok()?;
        rows.first()?.try_get::<Uuid>("", "k").ok().map(|id| id.to_string())
    }

    async fn broken_server(&self) -> Result<Vec<BrokenEngine>, StoreError> {
        let mut broken = Vec::new();
        for row in self.ask(INDEXES).await? {
            let (index, name): (i64, String) = (row.try_get("", "o")?, row.try_get("", "n")?);
            if let Err(error) = self.ask(&format!("SELECT bt_index_check({index}::oid::regclass)")).await {
                broken.push(unread(&name, error)?);
            }
        }
        for row in self.ask(DECLARED).await? {
            let (table, field): (String, String) = (row.try_get("", "t")?, row.try_get("", "f")?);
            let (parent, key): (String, String) = (row.try_get("", "p")?, row.try_get("", "g")?);
            let sql = format!(
                "SELECT coalesce(to_jsonb(c)->>'id', c.{field}::text) AS k FROM {table} c WHERE c.{field} IS NOT NULL \
                 AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.{key} = c.{field}) ORDER BY 1 LIMIT {MOST}"
            );
            let rows = match self.ask(&sql).await {
                Ok(rows) => rows,
                Err(error) => {
                    broken.push(unread(&table, error)?);
                    continue;
                }
            };
            for row in rows {
                let row = BrokenRow { row: row.try_get("", "k")?, detail: format!("{field} -> {parent}") };
                broken.push(BrokenEngine { check: "foreign-key", table: table.clone(), broken: row });
            }
        }
        Ok(broken)
    }
}
