//! Serving with time limits: what `axum::serve` lacks.

use std::{
    convert::Infallible,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower::ServiceExt;

use super::{
    info::Peer,
    lane::Lanes,
    patience::{Patience, Watched},
};
use crate::config::Limits;

/// Whether the instance is going to end, and whether anything still runs.
#[derive(Clone)]
pub struct Lifecycle {
    draining: Arc<AtomicBool>,
    lanes: Arc<Lanes>,
}

impl Lifecycle {
    pub(super) fn new(lanes: Arc<Lanes>) -> Self {
        Self { draining: Arc::default(), lanes }
    }

    /// Says that the instance is going to end: `/readyz` answers 503 from now on.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }

    /// Whether it is going to end.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }
}

/// Serves until `shutdown` comes, then drains: not ready, no new connections, running requests and mutations finish.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: &Limits,
    lifecycle: Lifecycle,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let graceful = GracefulShutdown::new();
    let connections = Arc::new(Semaphore::new(limits.connections));
    {
        let accepting = accept(&listener, &router, limits, &connections, &graceful);
        tokio::pin!(accepting, shutdown);
        tokio::select! {
            () = &mut accepting => {}
            () = &mut shutdown => {
                tracing::info!("draining");
                lifecycle.drain();
                // A balancer sees /readyz before connections are refused.
                let _ = tokio::time::timeout(limits.lame_duck, &mut accepting).await;
            }
        }
    }
    drop(listener);
    let end = tokio::time::Instant::now() + limits.drain;
    let left = tokio::time::timeout_at(end, graceful.shutdown()).await.is_err();
    let patience = end.saturating_duration_since(tokio::time::Instant::now());
    if left || !lifecycle.lanes.drained(patience).await {
        tracing::warn!("drained only in part: the time was up");
    }
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    router: &Router,
    limits: &Limits,
    connections: &Arc<Semaphore>,
    graceful: &GracefulShutdown,
) {
    while let Ok(place) = connections.clone().acquire_owned().await {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let patience = Patience::new(limits.header_timeout, limits.idle_timeout);
                let service = Service { router: router.clone(), peer: Peer(peer), patience };
                tokio::spawn(connection(stream, service, limits.header_bytes, graceful.watcher(), place));
            }
            Err(error) => {
                // Out of file descriptors, most likely: trying again at once would only burn the processor.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

#[derive(Clone)]
struct Service {
    router: Router,
    peer: Peer,
    patience: Patience,
}

impl Service {
    async fn call(self, request: hyper::Request<Incoming>) -> Result<axum::response::Response, Infallible> {
        let serving = self.patience.serving();
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(self.peer);
        let answer = self.router.oneshot(request).await;
        drop(serving);
        answer
    }
}

async fn connection(
    stream: TcpStream,
    service: Service,
    header_bytes: usize,
    watcher: Watcher,
    _place: OwnedSemaphorePermit,
) {
    // An answer is one small write: waiting for more to send only delays it.
    let _ = stream.set_nodelay(true);
    let patience = service.patience.clone();
    let io = Watched::new(TokioIo::new(stream), patience.clone());
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(header_bytes.max(8 * 1024));
    let serving = builder.serve_connection(io, service_fn(move |request| service.clone().call(request)));
    let serving = watcher.watch(serving);
    tokio::select! {
        outcome = serving => {
            if let Err(error) = outcome {
                tracing::debug!(%error, "connection ended");
            }
        }
        () = patience.lost() => tracing::debug!("connection closed: too slow or idle"),
    }
}

/// Resolves when the process is asked to end: SIGTERM or ctrl-c.
pub async fn terminated() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
