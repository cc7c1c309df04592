//! What a server does by itself, round after round.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::timeout;

/// After this a round is given up: the database may have vanished without a word, and nobody else would end it. Shorter
/// than the time after which another program takes an export over.
const LONGEST: Duration = Duration::from_secs(9 * 60);

/// Does one round. One that panics or does not come to an end is lost, and the only one: the next begins as if nothing had
/// been.
pub(crate) fn round<'a, T: 'a>(
    what: &'static str,
    doing: impl Future<Output = T> + Send + 'a,
) -> impl Future<Output = Option<T>> + Send + 'a {
    // Boxed before anything holds it: rounds are large.
    bounded(LONGEST, what, Box::pin(doing))
}

async fn bounded<T>(longest: Duration, what: &'static str, doing: impl Future<Output = T>) -> Option<T> {
    match timeout(longest, AssertUnwindSafe(doing).catch_unwind()).await {
        Ok(Ok(done)) => Some(done),
        Ok(Err(_panicked)) => {
            tracing::error!(what, "a round ended in a panic");
            None
        }
        Err(_) => {
            tracing::error!(what, ?longest, "a round was given up: it did not come to an end");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_round_that_panics_or_never_ends_is_the_only_one_lost() {
        assert_eq!(round("x", async { 1 }).await, Some(1));
        assert_eq!(round::<()>("x", async { panic!("in a round") }).await, None);
        assert_eq!(bounded(Duration::from_millis(20), "x", std::future::pending::<()>()).await, None);
    }
}
