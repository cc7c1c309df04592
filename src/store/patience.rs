//! Waiting, at the start, for a database that is not ready yet: bounded, and said once.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

/// Before anybody is told that something is waited for.
const SILENCE: Duration = Duration::from_secs(1);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(100);

/// Tries until it succeeds, fails for good, or the time is up; then the last failure, or `late` when the first try did
/// not come to an end. What is tried may be dropped at any moment.
pub(in crate::store) async fn patiently<T, E: std::fmt::Display, F: Future<Output = Result<T, E>>>(
    patience: Duration,
    may_pass: fn(&E) -> bool,
    late: fn() -> E,
    mut attempt: impl FnMut() -> F,
) -> Result<T, E> {
    let began = Instant::now();
    // Whoever does not want to wait gets one whole try all the same; each step of it has limits of its own.
    let end = (!patience.is_zero()).then(|| began + patience);
    let (mut said, mut last) = (false, None);
    let mut say = |reason: String| {
        if !std::mem::replace(&mut said, true) {
            tracing::warn!(%reason, at_most = ?patience, "waiting for the database");
        }
    };
    loop {
        let trying = attempt();
        tokio::pin!(trying);
        let outcome = match end {
            None => trying.await,
            Some(end) => {
                let quiet = timeout_at(end.min(Instant::now() + SILENCE), &mut trying).await;
                match quiet {
                    Ok(outcome) => outcome,
                    Err(_) => {
                        say("it is slow to answer, busy or recovering".to_owned());
                        match timeout_at(end, trying).await {
                            Ok(outcome) => outcome,
                            Err(_) => return Err(last.unwrap_or_else(late)),
                        }
                    }
                }
            }
        };
        match outcome {
            Err(error) if may_pass(&error) && end.is_some_and(|end| Instant::now() + PAUSE < end) => {
                say(error.to_string());
                last = Some(error);
            }
            done => return done,
        }
        sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn tries(patience: u64, outcomes: &[Result<u8, &'static str>]) -> (usize, Result<u8, &'static str>) {
        let mut count = 0;
        let attempt = || {
            count += 1;
            let outcome = outcomes.get(count - 1).copied();
            async move {
                match outcome {
                    Some(outcome) => outcome,
                    None => std::future::pending().await,
                }
            }
        };
        let done = patiently(Duration::from_millis(patience), |error| *error == "busy", || "late", attempt).await;
        (count, done)
    }

    #[tokio::test]
    async fn what_may_pass_is_tried_again_until_the_time_is_up() {
        assert_eq!(tries(60_000, &[Ok(1)]).await, (1, Ok(1)));
        assert_eq!(tries(60_000, &[Err("busy"), Err("busy"), Ok(1)]).await, (3, Ok(1)));
        assert_eq!(tries(60_000, &[Err("busy"), Err("no")]).await, (2, Err("no")));
        assert_eq!(tries(300, &[]).await, (1, Err("late")), "a try that does not end");
        assert_eq!(tries(300, &[Err("busy")]).await, (2, Err("busy")), "what is known is told");
        let (count, done) = tries(300, &[Err("busy"); 100]).await;
        assert_eq!(done, Err("busy"), "the last failure is what is told");
        assert!((1..=3).contains(&count), "{count}");
    }

    #[tokio::test]
    async fn without_patience_there_is_one_try() {
        assert_eq!(tries(0, &[Err("busy"), Ok(1)]).await, (1, Err("busy")));
    }
}
