//! The check of everything that must hold, as far as one question to the database can tell. Each question is asked of one
//! moment, so that writers are not taken for damage, and answered with a bounded number of rows.

mod engine;
mod rules;

use entity::{file, file_chunk};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, Statement};
use uuid::Uuid;

use super::scope::unscoped::rows;
use super::{Store, StoreError};

/// Rows that one rule names at most.
pub const MOST: u64 = 100;

/// Something that must hold.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name, which does not change.
    pub name: &'static str,
    /// The table in which a row is named.
    pub table: &'static str,
    /// The key of the named row, and a word or two about it: `SELECT … AS k, … AS d`.
    pub(super) sql: &'static str,
    /// What is broken, in Chinese.
    pub zh: &'static str,
    /// What is broken, in English.
    pub en: &'static str,
}

/// A row that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenRow {
    /// The key of the row, or what else names it.
    pub row: String,
    /// Which part of the rule.
    pub detail: String,
}

/// Something the engine itself finds broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenEngine {
    /// `engine` for the file or an index, `foreign-key` for a row that points to none.
    pub check: &'static str,
    /// Where.
    pub table: String,
    /// What.
    pub broken: BrokenRow,
}

impl Store {
    /// The rules, in the order in which they are asked.
    pub fn rules() -> &'static [Rule] {
        rules::RULES
    }

    /// The rows that break a rule, [`MOST`] of them.
    pub async fn broken(&self, rule: &Rule) -> Result<Vec<BrokenRow>, StoreError> {
        let db = self.reader();
        let sql = format!("SELECT q.k, q.d FROM ({}) q ORDER BY q.k LIMIT {MOST}", rule.sql);
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
        let mut broken = Vec::with_capacity(rows.len());
        for row in rows {
            broken.push(BrokenRow { row: row.try_get::<Uuid>("", "k")?.to_string(), detail: row.try_get("", "d")? });
        }
        Ok(broken)
    }
}

impl Store {
    /// A portion of the closed periods with what was frozen and how many reports are accepted now, in the order of the key.
    pub async fn frozen_periods(
        &self,
        after: Uuid,
        most: u64,
    ) -> Result<Vec<(Uuid, serde_json::Value, u64)>, StoreError> {
        let db = self.reader();
        let sql = format!(
            "SELECT p.id AS k, p.roll_up AS f, (SELECT count(*) FROM progress_report r JOIN report_obligation o \
             ON o.id = r.report_obligation_id WHERE r.reporting_period_id = p.id AND r.accepted_revision IS NOT NULL) AS n \
             FROM reporting_period p WHERE p.status = 'CLOSED' AND p.roll_up IS NOT NULL AND p.id > $1 \
             ORDER BY p.id LIMIT {most}"
        );
        let asked = Statement::from_sql_and_values(db.get_database_backend(), sql, [after.into()]);
        let mut found = Vec::new();
        for row in db.query_all_raw(asked).await? {
            let accepted = u64::try_from(row.try_get::<i64>("", "n")?).unwrap_or_default();
            found.push((row.try_get("", "k")?, row.try_get("", "f")?, accepted));
        }
        Ok(found)
    }

    /// A portion of the files, in the order of the key. Unscoped: what is looked at is whether they are whole.
    pub async fn files_behind(&self, after: Uuid, most: u64) -> Result<Vec<file::Model>, StoreError> {
        let files = rows::<file::Entity>().filter(file::Column::Id.gt(after)).order_by_asc(file::Column::Id);
        Ok(files.limit(most).all(self.reader()).await?)
    }

    /// Whether a file is there still.
    pub async fn file_is_there(&self, id: Uuid) -> Result<bool, StoreError> {
        Ok(rows::<file::Entity>().filter(file::Column::Id.eq(id)).one(self.reader()).await?.is_some())
    }

    /// A portion of a file, as it is kept.
    pub async fn file_chunk(&self, file: Uuid, position: i32) -> Result<Option<Vec<u8>>, StoreError> {
        let chunk = rows::<file_chunk::Entity>()
            .filter(file_chunk::Column::FileId.eq(file))
            .filter(file_chunk::Column::Position.eq(position));
        Ok(chunk.one(self.reader()).await?.map(|row| row.bytes))
    }
}
