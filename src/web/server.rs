//! Serving with time limits: what `axum::serve` lacks.

use std::{
    convert::Infallible,
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, Version, header, uri::Authority},
    response::IntoResponse,
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
};
use tower::ServiceExt;

use super::{
    App,
    executor::Executor,
    info::Peer,
    lane::Lanes,
    patience::{Patience, Watched},
    shares::{Share, Shares},
};
use crate::config::{Limits, Network, holder};

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

/// How long a connection without a request may still begin one when the instance ends.
const MOMENT: Duration = Duration::from_secs(1);

/// Serves until `shutdown` comes, then drains: not ready, no new connections, running requests and mutations finish.
pub async fn serve<E: Executor>(
    listener: TcpListener,
    router: Router,
    app: &App<E>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let (ending, ended) = watch::channel(false);
    let limits = &app.limits;
    let door = Door {
        router,
        limits,
        trusted: &app.trusted_proxies,
        lifecycle: app.lifecycle(),
        ended,
        places: Arc::new(Semaphore::new(limits.connections)),
        of_address: Shares::new(limits.connections_per_address),
    };
    {
        let accepting = door.accept(&listener);
        tokio::pin!(accepting, shutdown);
        tokio::select! {
            () = &mut accepting => {}
            () = &mut shutdown => {
                tracing::info!("draining");
                door.lifecycle.drain();
                // A balancer sees /readyz before connections are refused, and who asks again is told to come anew.
                let _ = tokio::time::timeout(limits.lame_duck, &mut accepting).await;
            }
        }
    }
    door.close(listener)?;
    let _ = ending.send(true);
    let end = tokio::time::Instant::now() + limits.drain;
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    let left = tokio::time::timeout_at(end, door.places.acquire_many(all)).await.is_err();
    let patience = end.saturating_duration_since(tokio::time::Instant::now());
    if left || !door.lifecycle.lanes.drained(patience).await {
        tracing::warn!("drained only in part: the time was up");
    }
    Ok(())
}

/// Where connections come in.
struct Door<'a> {
    router: Router,
    limits: &'a Limits,
    trusted: &'a [Network],
    lifecycle: Lifecycle,
    ended: watch::Receiver<bool>,
    places: Arc<Semaphore>,
    of_address: Shares<IpAddr>,
}

impl Door<'_> {
    async fn accept(&self, listener: &TcpListener) {
        while let Ok(place) = self.places.clone().acquire_owned().await {
            match listener.accept().await {
                Ok((stream, peer)) => self.let_in(stream, peer, place),
                Err(error) => {
                    // Out of file descriptors, most likely: trying again at once would only burn the processor.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    /// Stops listening. Connections that the system has taken for us by then are served; dropped with the listener, they
    /// would be reset under a client that has already sent its request.
    fn close(&self, listener: TcpListener) -> io::Result<()> {
        let listener = listener.into_std()?;
        while let Ok(place) = self.places.clone().try_acquire_owned() {
            let Ok((stream, peer)) = listener.accept() else { break };
            stream.set_nonblocking(true)?;
            self.let_in(TcpStream::from_std(stream)?, peer, place);
        }
        Ok(())
    }

    fn let_in(&self, stream: TcpStream, peer: SocketAddr, place: OwnedSemaphorePermit) {
        // Behind a proxy there are many, who are counted by who they are.
        let proxy = self.trusted.iter().any(|network| network.holds(peer.ip()));
        let share = if proxy { None } else { self.of_address.take(holder(peer.ip())) };
        if !proxy && share.is_none() {
            // Closed without a word: reading what it wants would be one more connection of his.
            tracing::debug!("connection closed: its address has as many as it may have");
            return;
        }
        let patience = Patience::new(self.limits);
        let (router, lifecycle) = (self.router.clone(), self.lifecycle.clone());
        let service = Service { router, lifecycle, peer: Peer(peer), patience };
        tokio::spawn(connection(stream, service, self.limits.header_bytes, self.ended.clone(), (place, share)));
    }
}

#[derive(Clone)]
struct Service {
    router: Router,
    lifecycle: Lifecycle,
    peer: Peer,
    patience: Patience,
}

impl Service {
    async fn call(self, request: hyper::Request<Incoming>) -> Result<axum::response::Response, Infallible> {
        let serving = self.patience.serving();
        if !names_its_host(&request) {
            let said = "请求应当写明主机（Host），且只写一次。\nA request must name its host, once.\n";
            return Ok((StatusCode::BAD_REQUEST, [(header::CONNECTION, "close")], said).into_response());
        }
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(self.peer);
        let mut answer = self.router.oneshot(request).await;
        drop(serving);
        if let (Ok(answer), true) = (&mut answer, self.lifecycle.is_draining()) {
            // Said with the answer; a connection closed without a word may cross with the next request.
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }
}

/// RFC 9112, 3.2: the host stands there once. What names two is meant to be read in two ways, by a proxy and by us.
fn names_its_host<B>(request: &hyper::Request<B>) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok().filter(|host| !host.contains('@')),
        (None, _) => return request.version() == Version::HTTP_10,
        _ => None,
    };
    let host = host.and_then(|host| host.parse::<Authority>().ok());
    // A whole address as the target counts more than the header, so they must agree.
    host.is_some_and(|host| request.uri().authority().is_none_or(|named| *named == host))
}

async fn connection(
    stream: TcpStream,
    service: Service,
    header_bytes: usize,
    mut ended: watch::Receiver<bool>,
    _places: (OwnedSemaphorePermit, Option<Share<IpAddr>>),
) {
    // An answer is one small write: waiting for more to send only delays it.
    let _ = stream.set_nodelay(true);
    let patience = service.patience.clone();
    let io = Watched::new(TokioIo::new(stream), patience.clone());
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(header_bytes.max(8 * 1024));
    let serving = builder.serve_connection(io, service_fn(move |request| service.clone().call(request)));
    let lost = patience.clone().lost();
    let last = async {
        let _ = ended.wait_for(|ended| *ended).await;
        // A request that is on its way is waited for: told to end now, hyper would close a connection it has read
        // nothing of.
        patience.settled(MOMENT).await;
    };
    tokio::pin!(serving, lost, last);
    let mut told = false;
    loop {
        tokio::select! {
            outcome = serving.as_mut() => {
                if let Err(error) = outcome {
                    tracing::debug!(%error, "connection ended");
                }
                return;
            }
            () = &mut lost => {
                tracing::debug!("connection closed: too slow or idle");
                return;
            }
            () = &mut last, if !told => {
                told = true;
                serving.as_mut().graceful_shutdown();
            }
        }
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
