//! A few threads for work that takes much memory: an allocator keeps what a thread has once used, so the same work on any
//! of many threads would keep as much on each of them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use super::SecretsError;

type Job = Box<dyn FnOnce() + Send>;

/// The threads; they end when this is dropped and their work is done.
pub(super) struct Workers(SyncSender<Job>);

impl Workers {
    /// Starts so many.
    pub fn start(count: usize) -> Result<Self, SecretsError> {
        let (sender, receiver) = sync_channel(count);
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..count {
            let receiver = receiver.clone();
            let thread = std::thread::Builder::new().name("password".to_owned());
            thread.spawn(move || work(&receiver)).map_err(|_| SecretsError::Crypto("start a thread for passwords"))?;
        }
        Ok(Self(sender))
    }

    /// Gives one something to do; false when there is nobody to do it, or as much waits as there are threads.
    pub fn give(&self, job: impl FnOnce() + Send + 'static) -> bool {
        self.0.try_send(Box::new(job)).is_ok()
    }
}

fn work(receiver: &Mutex<Receiver<Job>>) {
    loop {
        let job = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // Whoever waits for it learns of it, and the thread is there for the next one.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_costs_no_thread() {
        let one = Workers::start(1).unwrap();
        for n in 0..3 {
            let (said, heard) = sync_channel::<i32>(1);
            let given = one.give(move || {
                if n < 2 {
                    std::panic::resume_unwind(Box::new("on purpose"));
                }
                let _ = said.send(n);
            });
            assert!(given);
            assert_eq!(heard.recv().ok(), (n == 2).then_some(2));
        }
    }
}
