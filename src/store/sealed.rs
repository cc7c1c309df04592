//! Everything that stands sealed in the database, by column: what is sealed anew when the key changes, and what is counted
//! before a key is put away. Unscoped, because keys belong to nobody's business.

use chrono::{DateTime, Utc};
use entity::data_key;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, Statement, Value};
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

/// How a sealed value begins, and where it stands; nothing where nothing is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Where.
    pub place: Place,
    /// The first bytes or letters, the id of the key among them.
    pub begins: Option<SealedValue>,
}

/// As much of a value as names its key.
const HEAD: usize = 160;

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

    /// Values that are taken at a time, whole: of files four MiB.
    pub fn portion(self) -> usize {
        if self.holds_bytes() { 16 } else { 200 }
    }

    /// Rows whose beginnings are looked at in one statement. SQLite reads all of a value to give its beginning.
    fn looked_at(self) -> u64 {
        if self.holds_bytes() { 64 } else { 1_000 }
    }

    /// Behind a place, as both engines find it with the index of the key; and the order of the key.
    fn behind(self) -> (&'static str, &'static str) {
        match self {
            Self::ReporterPhone | Self::UserPhone => ("id > $1", "id"),
            Self::TotpSecret => ("user_id > $1", "user_id"),
            Self::FileChunk => ("(file_id, position) > ($1, $2)", "file_id, position"),
        }
    }

    fn key_values(self, place: Place) -> Vec<Value> {
        if self.holds_bytes() { vec![place.0.into(), place.1.into()] } else { vec![place.0.into()] }
    }

    /// The rows at these places, and the values of the condition; its first one is `$first`.
    fn at(self, places: &[Place], first: usize) -> (String, Vec<Value>) {
        let (key, position) = self.keys();
        let (mut sql, mut values) = (Vec::new(), Vec::new());
        for place in places {
            let nth = first + values.len();
            sql.push(if self.holds_bytes() {
                format!("({key} = ${nth} AND {position} = ${})", nth + 1)
            } else {
                format!("{key} = ${nth}")
            });
            values.extend(self.key_values(*place));
        }
        (format!("({})", sql.join(" OR ")), values)
    }

    fn read(self, row: &QueryResult) -> Result<Option<SealedValue>, StoreError> {
        Ok(if self.holds_bytes() {
            row.try_get::<Option<Vec<u8>>>("", "v")?.map(SealedValue::Bytes)
        } else {
            row.try_get::<Option<String>>("", "v")?.map(SealedValue::Text)
        })
    }
}

impl SealedValue {
    fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }

    /// Whether it begins so.
    pub fn begins_with(&self, prefix: &Self) -> bool {
        match (self, prefix) {
            (Self::Text(text), Self::Text(prefix)) => text.starts_with(prefix.as_str()),
            (Self::Bytes(bytes), Self::Bytes(prefix)) => bytes.starts_with(prefix),
            _ => false,
        }
    }
}

impl From<SealedValue> for Value {
    fn from(value: SealedValue) -> Self {
        match value {
            SealedValue::Text(text) => text.into(),
            SealedValue::Bytes(bytes) => bytes.into(),
        }
    }
}

fn place(row: &QueryResult) -> Result<Place, StoreError> {
    Ok(Place(row.try_get("", "k")?, row.try_get("", "p")?))
}

async fn ask(db: &impl ConnectionTrait, sql: String, values: Vec<Value>) -> Result<Vec<QueryResult>, StoreError> {
    Ok(db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?)
}

fn whole(column: SealedColumn, found: &[QueryResult]) -> Result<Vec<SealedRow>, StoreError> {
    let mut rows = Vec::with_capacity(found.len());
    for row in found {
        let Place(id, position) = place(row)?;
        rows.extend(column.read(row)?.map(|value| SealedRow { id, position, value }));
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
        let ((table, value), (key, position), (behind, order)) = (column.name(), column.keys(), column.behind());
        let sql = format!(
            "SELECT {key} AS k, {position} AS p, {value} AS v FROM {table} WHERE {value} IS NOT NULL AND {behind} \
             ORDER BY {order} LIMIT {}",
            column.portion()
        );
        let rows = whole(column, &ask(self.reader(), sql, column.key_values(after)).await?)?;
        let next = rows.last().map(|row| Place(row.id, row.position));
        Ok((rows, next))
    }

    /// How the next rows of a column begin, those too in which nothing is sealed: a bounded number of rows is looked at, in
    /// the order of the key, and nothing is locked.
    pub async fn sealed_heads(&self, column: SealedColumn, after: Place) -> Result<Vec<Head>, StoreError> {
        let ((table, value), (key, position), (behind, order)) = (column.name(), column.keys(), column.behind());
        let sql = format!(
            "SELECT {key} AS k, {position} AS p, substr({value}, 1, {HEAD}) AS v FROM {table} WHERE {behind} \
             ORDER BY {order} LIMIT {}",
            column.looked_at()
        );
        let found = ask(self.reader(), sql, column.key_values(after)).await?;
        found.iter().map(|row| Ok(Head { place: place(row)?, begins: column.read(row)? })).collect()
    }

    /// What stands at these places now, whole.
    pub async fn sealed_at(&self, column: SealedColumn, places: &[Place]) -> Result<Vec<SealedRow>, StoreError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let ((table, value), (key, position)) = (column.name(), column.keys());
        let (at, values) = column.at(places, 1);
        let sql = format!("SELECT {key} AS k, {position} AS p, {value} AS v FROM {table} WHERE {at} ORDER BY k, p");
        whole(column, &ask(self.reader(), sql, values).await?)
    }

    /// Puts new values in the place of those that were read, so that what somebody wrote meanwhile stays; how many.
    pub async fn reseal(&self, column: SealedColumn, anew: Vec<(SealedRow, SealedValue)>) -> Result<u64, StoreError> {
        if anew.is_empty() {
            return Ok(0);
        }
        let (table, value) = column.name();
        let tx = self.begin().await?;
        let mut free: Option<Vec<Place>> = None;
        if tx.engine() == Engine::Postgres {
            // Who holds a row now finishes first; it is met again in the next round.
            let places: Vec<Place> = anew.iter().map(|(row, _)| Place(row.id, row.position)).collect();
            let ((key, position), (at, values)) = (column.keys(), column.at(&places, 1));
            let sql = format!("SELECT {key} AS k, {position} AS p FROM {table} WHERE {at} FOR UPDATE SKIP LOCKED");
            let found = ask(tx.connection(), sql, values).await?;
            free = Some(found.iter().map(place).collect::<Result<_, _>>()?);
        }
        let mut changed = 0;
        for (row, new) in anew {
            let here = Place(row.id, row.position);
            if free.as_ref().is_some_and(|free| !free.contains(&here)) {
                continue;
            }
            let (at, places) = column.at(&[here], 3);
            let sql = format!("UPDATE {table} SET {value} = $1 WHERE {value} = $2 AND {at}");
            let values = [vec![new.into(), row.value.into()], places].concat();
            let db = tx.connection();
            let done = db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
            changed += done.rows_affected();
        }
        tx.commit().await?;
        Ok(changed)
    }
}

impl Tx {
    /// How many values of a column begin so, asked in one statement; of files those that came in since a day, because what
    /// a file holds is written with it and never with an older key again.
    pub async fn sealed_since(
        &self,
        column: SealedColumn,
        prefix: &SealedValue,
        since: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let (table, value) = column.name();
        let mut values: Vec<Value> = vec![prefix.clone().into()];
        let mut sql = format!(
            "SELECT count(*) AS n FROM {table} WHERE {value} IS NOT NULL AND substr({value}, 1, {}) = $1",
            prefix.len()
        );
        if column.holds_bytes() {
            sql.push_str(" AND file_id IN (SELECT f.id FROM file f WHERE f.created_at >= $2)");
            values.push(since.into());
        }
        let found = ask(self.connection(), sql, values).await?;
        let row = found.first().ok_or(StoreError::Misuse("a count without a number"))?;
        Ok(u64::try_from(row.try_get::<i64>("", "n")?).unwrap_or_default())
    }

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
