//! What the drivers say went wrong, sorted.

use std::sync::Arc;

use sea_orm::{DbErr, RuntimeErr, sqlx};

use super::OpenError;

/// The code of an error of SQLite.
pub(in crate::store) fn sqlite_code(error: &DbErr) -> Option<u32> {
    code(error)?.parse().ok()
}

fn driver_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(e))
        | DbErr::Exec(RuntimeErr::SqlxError(e))
        | DbErr::Query(RuntimeErr::SqlxError(e)) => Some(e),
        _ => None,
    }
}

fn code(error: &DbErr) -> Option<String> {
    Some(driver_error(error)?.as_database_error()?.code()?.into_owned())
}

/// SQLite says "read-only", "cannot open", "I/O error" or "no permission"; the low byte of the code is the family.
pub(in crate::store) fn not_writable(error: &DbErr) -> bool {
    code(error).and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| matches!(code & 0xff, 3 | 8 | 10 | 14))
}

pub(in crate::store) fn of_driver(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)))
}

/// An error of a connection alone.
pub(in crate::store) fn connecting(error: sqlx::Error) -> OpenError {
    cannot_open(of_driver(error))
}

/// Whether the same statement may succeed a little later: no connection, no time, no room, or a lost race.
pub(in crate::store) fn may_pass(error: &DbErr) -> bool {
    matches!(error, DbErr::Conn(_) | DbErr::ConnectionAcquire(_)) || not_yet(error)
}

/// The same, as far as the error itself says so.
fn not_yet(error: &DbErr) -> bool {
    match code(error) {
        // PostgreSQL classes: 08 connection, 40 rolled back, 53 resources, 57 operator and timeouts; 55P03 lock timeout,
        // 25P03 idle too long. SQLite: 5 busy, 6 locked, 9 out of time, 10 I/O, 13 full.
        Some(code) => {
            ["08", "40", "53", "57"].iter().any(|class| code.len() == 5 && code.starts_with(class))
                || matches!(code.as_str(), "55P03" | "25P03")
                || code.parse::<u32>().is_ok_and(|code| code < 10_000 && matches!(code & 0xff, 5 | 6 | 9 | 10 | 13))
        }
        None => matches!(
            driver_error(error),
            Some(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed)
        ),
    }
}

/// Sorts an error of opening a server.
pub(in crate::store) fn cannot_open(error: DbErr) -> OpenError {
    match code(&error) {
        // Class 28: authorization; 3D000: no such database; 42501: no right to it.
        Some(code) if code.starts_with("28") || code == "3D000" || code == "42501" => OpenError::LoginRefused(error),
        // As PostgreSQL 57P03 "starting up", and busy in SQLite.
        Some(_) if not_yet(&error) => OpenError::NotReady(error),
        Some(_) => OpenError::Failed(error),
        None => match driver_error(&error) {
            Some(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Tls(_)) => OpenError::Unreachable(error),
            None if matches!(error, DbErr::ConnectionAcquire(_)) => OpenError::Unreachable(error),
            _ => OpenError::Failed(error),
        },
    }
}
