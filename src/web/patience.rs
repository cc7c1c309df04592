//! How long a connection may keep us waiting: for the header of a request, and for the next request.
//!
//! hyper has one timer for both. Here a fresh connection and one that has begun a header have the header's time,
//! one that is between requests, or slow in taking its answer, has the idle time. What it takes earns it time, by the
//! least rate: a byte now and then does not keep a connection.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::{sync::Notify, time::Instant};

use crate::config::Limits;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The header is awaited or arriving.
    Header,
    /// A request is being served; its own limits hold.
    Serving,
    /// Between requests.
    Idle,
}

struct State {
    phase: Phase,
    since: Instant,
}

/// The patience with one connection.
#[derive(Clone)]
pub(super) struct Patience {
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
    header: Duration,
    idle: Duration,
    /// Bytes a second.
    least_rate: u32,
}

impl Patience {
    /// Patience with a connection that has just been accepted.
    pub fn new(limits: &Limits) -> Self {
        let state = State { phase: Phase::Header, since: Instant::now() };
        Self {
            state: Arc::new(Mutex::new(state)),
            changed: Arc::default(),
            header: limits.header_timeout,
            idle: limits.idle_timeout,
            least_rate: limits.least_rate,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, phase: Phase) {
        *self.state() = State { phase, since: Instant::now() };
        self.changed.notify_waiters();
    }

    /// The connection serves a request as long as the guard lives.
    pub fn serving(&self) -> Serving {
        self.enter(Phase::Serving);
        Serving(self.clone())
    }

    fn has_read(&self) {
        let idle = self.state().phase == Phase::Idle;
        if idle {
            self.enter(Phase::Header);
        }
    }

    fn has_written(&self, bytes: usize) {
        let earned = Duration::from_secs_f64(bytes as f64 / f64::from(self.least_rate.max(1)));
        let mut state = self.state();
        if state.phase == Phase::Idle {
            state.since = (state.since + earned).min(Instant::now());
        }
    }

    /// When patience ends as things stand; never while a request is served.
    fn end(&self) -> Option<Instant> {
        let state = self.state();
        match state.phase {
            Phase::Header => Some(state.since + self.header),
            Phase::Idle => Some(state.since + self.idle),
            Phase::Serving => None,
        }
    }

    /// Resolves when no header is awaited or arriving, at the latest after this time.
    pub async fn settled(self, at_most: Duration) {
        let settling = async {
            loop {
                let changed = self.changed.notified();
                if self.state().phase != Phase::Header {
                    return;
                }
                changed.await;
            }
        };
        let _ = tokio::time::timeout(at_most, settling).await;
    }

    /// Resolves when the connection has kept us waiting for too long.
    pub async fn lost(self) {
        loop {
            let Some(end) = self.end() else {
                self.changed.notified().await;
                continue;
            };
            if end <= Instant::now() {
                return;
            }
            // Written bytes move the end without a word; it is looked at again when the sleep is over.
            tokio::select! {
                () = tokio::time::sleep_until(end) => {}
                () = self.changed.notified() => {}
            }
        }
    }
}

/// Guards the time in which a request is served.
pub(super) struct Serving(Patience);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.enter(Phase::Idle);
    }
}

/// A stream that tells what happens on it.
pub(super) struct Watched<T> {
    inner: T,
    patience: Patience,
}

impl<T> Watched<T> {
    pub fn new(inner: T, patience: Patience) -> Self {
        Self { inner, patience }
    }
}

impl<T: Read + Unpin> Read for Watched<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.inner).poll_read(cx, buffer);
        if matches!(polled, Poll::Ready(Ok(()))) {
            self.patience.has_read();
        }
        polled
    }
}

impl<T: Write + Unpin> Write for Watched<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write(cx, bytes);
        if let Poll::Ready(Ok(bytes)) = polled {
            self.patience.has_written(bytes);
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write_vectored(cx, bytes);
        if let Poll::Ready(Ok(bytes)) = polled {
            self.patience.has_written(bytes);
        }
        polled
    }
}
