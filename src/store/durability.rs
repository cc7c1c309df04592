//! What the database must promise before it is used: an answer given is never lost, and Chinese text is text.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};

use super::{OpenError, driver_error::cannot_open};

/// What a SQLite connection says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqliteSettings {
    /// The journal mode.
    pub journal_mode: String,
    /// 0 off, 1 normal, 2 full, 3 extra.
    pub synchronous: i32,
    /// Whether foreign keys are enforced.
    pub foreign_keys: bool,
}

impl SqliteSettings {
    /// Asks the connection.
    pub(in crate::store) async fn read<C: ConnectionTrait>(db: &C) -> Result<Self, DbErr> {
        let sql = "SELECT journal_mode, synchronous, foreign_keys \
                   FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys";
        let row = one(db, sql).await?;
        Ok(Self {
            journal_mode: row.try_get("", "journal_mode")?,
            synchronous: row.try_get("", "synchronous")?,
            foreign_keys: row.try_get("", "foreign_keys")?,
        })
    }

    /// Refuses anything weaker than WAL, FULL and foreign keys.
    pub fn check(&self) -> Result<(), OpenError> {
        if !self.journal_mode.eq_ignore_ascii_case("wal") {
            return weaker(format!("its journal mode is {} instead of wal", self.journal_mode));
        }
        if self.synchronous < 2 {
            return weaker(format!("it loses answered writes in a power cut (synchronous = {})", self.synchronous));
        }
        if !self.foreign_keys {
            return weaker("it does not enforce foreign keys".to_owned());
        }
        Ok(())
    }
}

/// What a PostgreSQL server says about itself.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PostgresSettings {
    /// The version as a number, 150004 for 15.4.
    pub version: i32,
    /// Whether writes reach the disk.
    pub fsync: String,
    /// Whether a commit waits for the log.
    pub synchronous_commit: String,
    /// The encoding of the database.
    pub encoding: String,
    /// Who classifies characters: `c` the C library, `i` ICU, `b` the server.
    pub provider: String,
    /// How characters are classified.
    pub ctype: String,
}

impl PostgresSettings {
    /// Asks the server.
    pub(in crate::store) async fn read<C: ConnectionTrait>(db: &C) -> Result<Self, DbErr> {
        // The columns about locales change with the version; read through json, a missing one is nothing.
        let sql = "SELECT current_setting('server_version_num')::int AS version, current_setting('fsync') AS fsync, \
                   current_setting('synchronous_commit') AS synchronous_commit, \
                   pg_encoding_to_char(d.encoding)::text AS encoding, \
                   coalesce(to_jsonb(d)->>'datlocprovider', 'c') AS provider, \
                   coalesce(CASE WHEN to_jsonb(d)->>'datlocprovider' = 'b' THEN to_jsonb(d)->>'datlocale' END, \
                   d.datctype::text) AS ctype \
                   FROM pg_database d WHERE d.datname = current_database()";
        Self::from_query_result(&one(db, sql).await?, "")
    }

    /// Refuses old servers, lost writes and databases that do not understand Chinese.
    pub fn check(&self, allow_unsafe_durability: bool) -> Result<(), OpenError> {
        if self.version < 150_000 {
            return Err(OpenError::WrongServerVersion(self.version / 10_000));
        }
        if self.fsync == "off" && !allow_unsafe_durability {
            return weaker("the server does not wait for the disk (fsync = off)".to_owned());
        }
        if self.synchronous_commit == "off" && !allow_unsafe_durability {
            return weaker("it answers before writes are safe (synchronous_commit = off)".to_owned());
        }
        if self.encoding != "UTF8" {
            return weaker(format!("its encoding is {} instead of UTF8", self.encoding));
        }
        if self.provider != "i" && matches!(self.ctype.as_str(), "C" | "POSIX") {
            return weaker("it does not know Chinese characters (LC_CTYPE = C); create it with C.UTF-8".to_owned());
        }
        Ok(())
    }
}

fn weaker(what: String) -> Result<(), OpenError> {
    Err(OpenError::WeakerSettings(what))
}

async fn one<C: ConnectionTrait>(db: &C, sql: &str) -> Result<sea_orm::QueryResult, DbErr> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    db.query_one_raw(statement).await?.ok_or_else(|| DbErr::RecordNotFound("settings of the database".to_owned()))
}

/// Reads and checks the settings of SQLite.
pub(in crate::store) async fn check_sqlite<C: ConnectionTrait>(db: &C) -> Result<(), OpenError> {
    SqliteSettings::read(db).await.map_err(cannot_open)?.check()
}

/// Reads and checks the settings of PostgreSQL.
pub(in crate::store) async fn check_postgres<C: ConnectionTrait>(db: &C, allow_unsafe: bool) -> Result<(), OpenError> {
    PostgresSettings::read(db).await.map_err(cannot_open)?.check(allow_unsafe)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(result: Result<(), OpenError>) -> bool {
        matches!(result, Err(OpenError::WeakerSettings(_)))
    }

    #[test]
    fn sqlite_must_keep_what_it_answered() {
        let good = SqliteSettings { journal_mode: "wal".to_owned(), synchronous: 2, foreign_keys: true };
        assert!(good.check().is_ok());
        assert!(SqliteSettings { synchronous: 3, ..good.clone() }.check().is_ok());
        assert!(refused(SqliteSettings { journal_mode: "delete".to_owned(), ..good.clone() }.check()));
        assert!(refused(SqliteSettings { synchronous: 1, ..good.clone() }.check()));
        assert!(refused(SqliteSettings { foreign_keys: false, ..good }.check()));
    }

    #[test]
    fn postgres_must_keep_what_it_answered_and_know_chinese() {
        let good = PostgresSettings {
            version: 150_000,
            fsync: "on".to_owned(),
            synchronous_commit: "on".to_owned(),
            encoding: "UTF8".to_owned(),
            provider: "c".to_owned(),
            ctype: "C.UTF-8".to_owned(),
        };
        assert!(good.check(false).is_ok());
        let old = PostgresSettings { version: 140_012, ..good.clone() };
        assert!(matches!(old.check(true), Err(OpenError::WrongServerVersion(14))));
        let no_fsync = PostgresSettings { fsync: "off".to_owned(), ..good.clone() };
        assert!(refused(no_fsync.check(false)) && no_fsync.check(true).is_ok());
        let early = PostgresSettings { synchronous_commit: "off".to_owned(), ..good.clone() };
        assert!(refused(early.check(false)) && early.check(true).is_ok());
        let plain_c = PostgresSettings { ctype: "C".to_owned(), ..good.clone() };
        assert!(refused(plain_c.check(true)), "no flag makes C acceptable");
        assert!(PostgresSettings { provider: "i".to_owned(), ..plain_c }.check(false).is_ok());
        assert!(refused(PostgresSettings { encoding: "SQL_ASCII".to_owned(), ..good }.check(false)));
    }
}
