//! When loaders load: in waves, each begun when the execution can't go on without it.
//!
//! The library starts a batch a millisecond after its first key, on another thread. A long list does not get all its keys
//! in within that time, so the number of statements would grow with the list. Here the batches that wait are started
//! together, by the task that executes, once every resolver waits; the next wave begins when this one is through. The
//! number of statements is then that of the levels of the query, whatever the number of rows.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use futures_util::future::{BoxFuture, FutureExt, join_all};

/// The batches of one request that wait for their wave.
#[derive(Clone, Default)]
pub struct Waves(Arc<Mutex<Vec<BoxFuture<'static, ()>>>>);

impl Waves {
    /// Lets a batch wait.
    pub fn add(&self, batch: BoxFuture<'static, ()>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(batch);
    }

    fn take(&self) -> Vec<BoxFuture<'static, ()>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Executes `work`, and the batches it comes to wait for. Without this nothing is ever loaded.
    pub async fn drive<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let mut wave = None;
        poll_fn(|context| {
            loop {
                if let Poll::Ready(done) = work.as_mut().poll(context) {
                    return Poll::Ready(done);
                }
                let running = match &mut wave {
                    Some(running) => running,
                    None => {
                        let batches = self.take();
                        if batches.is_empty() {
                            return Poll::Pending;
                        }
                        wave.insert(join_all(batches))
                    }
                };
                if running.poll_unpin(context).is_pending() {
                    return Poll::Pending;
                }
                wave = None;
            }
        })
        .await
    }
}
