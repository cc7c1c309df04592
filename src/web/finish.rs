//! What has begun is finished, whether or not anybody waits for the answer; but not for ever.

use tokio::time::{Instant, timeout, timeout_at};

use super::refusal::Refusal;
use crate::config::Limits;

/// Does a piece of work that outlives its connection and its deadline, and ends at `change_deadline` at the latest: a
/// database that vanished without a word would otherwise keep it, and its places, for ever. Dropped in the middle of a
/// transaction, that transaction never happened.
pub(super) async fn finish<T: Send + 'static>(
    limits: &Limits,
    deadline: Instant,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Refusal> {
    let longest = limits.change_deadline;
    let working = tokio::spawn(async move {
        let done = timeout(longest, work).await;
        if done.is_err() {
            tracing::error!(?longest, "a change was given up: it did not come to an end");
        }
        done
    });
    match timeout_at(deadline, working).await {
        Ok(Ok(Ok(done))) => Ok(done),
        Ok(Err(_panicked)) => Err(Refusal::Internal),
        Ok(Ok(Err(_))) | Err(_) => Err(Refusal::Deadline),
    }
}
