//! A time limit for statements that read, on the engine that has none of its own.

use std::time::Duration;

use sea_orm::ConnectOptions;
use sea_orm::sqlx::{self, SqliteConnection};
use tokio::time::Instant;

/// Instructions of its virtual machine between two looks at the clock: some tens of microseconds.
const INSTRUCTIONS: i32 = 4_000;

/// Gives every connection of a pool so long from the moment it is taken out: readers take one for each statement. What
/// takes longer ends with `SQLITE_INTERRUPT`, also when nobody waits for it any more. Writers have no such end: a change
/// that is interrupted takes its whole transaction with it behind the driver's back.
pub(in crate::store) fn start(options: &mut ConnectOptions, at_most: Duration) {
    options.map_sqlx_sqlite_pool_opts(move |pool| {
        pool.after_connect(move |connection, _| Box::pin(wind(connection, at_most))).before_acquire(
            move |connection, _| {
                Box::pin(async move {
                    wind(connection, at_most).await?;
                    Ok(true)
                })
            },
        )
    });
}

async fn wind(connection: &mut SqliteConnection, at_most: Duration) -> Result<(), sqlx::Error> {
    let end = Instant::now() + at_most;
    connection.lock_handle().await?.set_progress_handler(INSTRUCTIONS, move || Instant::now() < end);
    Ok(())
}
