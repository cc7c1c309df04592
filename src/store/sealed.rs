//! Everything that stands sealed in the database, by column: what is sealed anew when the key changes, and what is counted
//! before a key is put away. Unscoped, because keys belong to nobody's business.

use chrono::{DateTime, Utc};
use entity::data_key;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Statement, Value};
use uuid::Uuid;

use super::scope::unscoped::rows;
use super::{Engine, Store, StoreError, Tx};

/// A column whose values are sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SealedColumn {
    /// The telephone number of the reporter of a report.
    ReporterPhone,
    /// The telephone number of a user.
    UserPhone,
    /// What one-time passwords are made of.
    TotpSecret,
    /// A portion of a file.
    FileChunk,
}

/// What stands sealed in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SealedValue {
    /// As text.
    Text(String),
    /// As bytes.
    Bytes(Vec<u8>),
}

/// A sealed value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRow {
    /// The row, or the file of a portion.
    pub id: Uuid,
    /// The place of a portion in its file; nothing elsewhere.
    pub position: i32,
    /// What is sealed.
    pub value: SealedValue,
}

/// How far a walk over a column has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(Uuid, i32);

impl Place {
    /// Before everything.
    pub const START: Self = Self(Uuid::nil(), i32::MIN);
}

/// What came of a portion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Portion {
    /// How many rows were looked at.
    pub seen: u64,
    /// How many were sealed anew.
    pub changed: u64,
    /// Where to go on.
    pub next: Place,
}

impl SealedColumn {
    /// Every column; a test compares it with the tables.
    pub const ALL: [Self; 4] = [Self::ReporterPhone, Self::UserPhone, Self::TotpSecret, Self::FileChunk];

    /// Its table and its name.
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::ReporterPhone => ("progress_report", "reporter_phone_ciphertext"),
            Self::UserPhone => ("user_account", "phone_ciphertext"),
            Self::TotpSecret => ("user_credential", "totp_ciphertext"),
            Self::FileChunk => ("file_chunk", "bytes"),
        }
    }

    /// The key of the row, and what tells its rows apart beside it.
    fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::ReporterPhone | Self::UserPhone => ("id", "0"),
            Self::TotpSecret => ("user_id", "0"),
            Self::FileChunk => ("file_id", "position"),
        }
    }

    /// Whether it holds bytes and not text.
    pub fn holds_bytes(self) -> bool {
        self == Self::FileChunk
    }

    /// Rows that are taken at a time: of files four MiB.
    fn portion(self) -> u64 {
        if self.holds_bytes() { 16 } else { 200 }
    }
}

fn length(prefix: &SealedValue) -> i32 {
    let length = match prefix {
        SealedValue::Text(text) => text.len(),
        SealedValue::Bytes(bytes) => bytes.len(),
    };
    i32::try_from(length).unwrap_or(i32::MAX)
}

impl From<SealedValue> for Value {
    fn from(value: SealedValue) -> Self {
        match value {
            SealedValue::Text(text) => text.into(),
            SealedValue::Bytes(bytes) => bytes.into(),
        }
    }
}

async fn portion(
    db: &impl ConnectionTrait,
    column: SealedColumn,
    unlike: Option<&SealedValue>,
    after: Place,
    locked: bool,
) -> Result<Vec<SealedRow>, StoreError> {
    let ((table, value), (key, position)) = (column.name(), column.keys());
    let mut values: Vec<Value> = vec![after.0.into(), after.1.into()];
    let mut unlike_sql = String::new();
    if let Some(prefix) = unlike {
        unlike_sql = format!("AND substr({value}, 1, {}) <> $3 ", length(prefix));
        values.push(prefix.clone().into());
    }
    // Who holds a row now finishes first; it is met again in the next round.
    let lock = if locked { "FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "SELECT {key} AS k, {position} AS p, {value} AS v FROM {table} WHERE {value} IS NOT NULL \
         AND ({key} > $1 OR ({key} = $1 AND {position} > $2)) {unlike_sql}ORDER BY k, p LIMIT {} {lock}",
        column.portion()
    );
    let found = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let mut rows = Vec::with_capacity(found.len());
    for row in found {
        let value = if column.holds_bytes() {
            SealedValue::Bytes(row.try_get("", "v")?)
        } else {
            SealedValue::Text(row.try_get("", "v")?)
        };
        rows.push(SealedRow { id: row.try_get("", "k")?, position: row.try_get("", "p")?, value });
    }
    Ok(rows)
}

impl Store {
    /// The keys that seal, sealed or will seal.
    pub async fn data_keys(&self) -> Result<Vec<data_key::Model>, StoreError> {
        Ok(rows::<data_key::Entity>().order_by_asc(data_key::Column::Id).all(self.reader()).await?)
    }

    /// The next sealed values of a column, a portion.
    pub async fn sealed(
        &self,
        column: SealedColumn,
        after: Place,
    ) -> Result<(Vec<SealedRow>, Option<Place>), StoreError> {
        let rows = portion(self.reader(), column, None, after, false).await?;
        let next = rows.last().map(|row| Place(row.id, row.position));
        Ok((rows, next))
    }

    /// How many values of a column begin so.
    pub async fn sealed_like(&self, column: SealedColumn, prefix: &SealedValue) -> Result<u64, StoreError> {
        self.sealed_count(column, "=", prefix).await
    }

    /// How many values of a column begin otherwise.
    pub async fn sealed_unlike(&self, column: SealedColumn, prefix: &SealedValue) -> Result<u64, StoreError> {
        self.sealed_count(column, "<>", prefix).await
    }

    async fn sealed_count(&self, column: SealedColumn, how: &str, prefix: &SealedValue) -> Result<u64, StoreError> {
        let (table, value) = column.name();
        let sql = format!(
            "SELECT count(*) AS n FROM {table} WHERE {value} IS NOT NULL AND substr({value}, 1, {}) {how} $1",
            length(prefix)
        );
        let db = self.reader();
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [prefix.clone().into()]);
        let row = db.query_one_raw(statement).await?.ok_or(StoreError::Misuse("a count without a number"))?;
        Ok(u64::try_from(row.try_get::<i64>("", "n")?).unwrap_or_default())
    }

    /// Seals a portion anew: the values that do not begin with `prefix`, each as `anew` gives it; nothing where it gives
    /// nothing. Each is exchanged only for what was read, so that what somebody wrote meanwhile stays.
    pub async fn reseal(
        &self,
        column: SealedColumn,
        prefix: &SealedValue,
        after: Place,
        anew: impl Fn(&SealedRow) -> Option<SealedValue> + Send,
    ) -> Result<Portion, StoreError> {
        let ((table, value), (key, position)) = (column.name(), column.keys());
        let tx = self.begin().await?;
        let found = portion(tx.connection(), column, Some(prefix), after, tx.engine() == Engine::Postgres).await?;
        let next = found.last().map_or(after, |row| Place(row.id, row.position));
        let mut changed = 0;
        for row in &found {
            let Some(new) = anew(row) else { continue };
            let sql = format!("UPDATE {table} SET {value} = $1 WHERE {key} = $2 AND {position} = $3 AND {value} = $4");
            let values: Vec<Value> = vec![new.into(), row.id.into(), row.position.into(), row.value.clone().into()];
            let db = tx.connection();
            let done = db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
            changed += done.rows_affected();
        }
        tx.commit().await?;
        Ok(Portion { seen: u64::try_from(found.len()).unwrap_or(u64::MAX), changed, next })
    }
}

impl Tx {
    /// Says that nothing is sealed with a key any more; whether it was said now.
    pub async fn data_key_retire(&self, id: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let done = data_key::Entity::update_many()
            .col_expr(data_key::Column::RetiredAt, Expr::value(now))
            .filter(data_key::Column::Id.eq(id))
            .filter(data_key::Column::RetiredAt.is_null())
            .exec(self.connection())
            .await?;
        Ok(done.rows_affected == 1)
    }
}
