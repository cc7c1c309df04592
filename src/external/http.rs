//! The small HTTP client of the connectors: bounded in time, length and number, and going nowhere it was not sent.

use std::{error::Error, fmt, future::Future, time::Duration};

use chrono::{DateTime, Utc};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    Method, Request, StatusCode,
    body::Bytes,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderValue, USER_AGENT},
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, timeout_at},
};
use url::Url;

use super::{ConnectorError, address::is_loopback};

/// Longest head of an answer, bytes.
const LONGEST_HEAD: usize = 64 * 1024;
/// Longest cause of a failure in the log, characters.
const LONGEST_CAUSE: usize = 200;

/// How far an exchange with a provider may go.
#[derive(Debug, Clone, Copy)]
pub struct HttpLimits {
    /// Until the connection stands.
    pub connect: Duration,
    /// From the first question of a sign-in to the last byte of the last answer.
    pub whole: Duration,
    /// Longest answer, bytes.
    pub longest: usize,
    /// Sign-ins at once that ask one provider.
    pub at_once: usize,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), whole: Duration::from_secs(8), longest: 256 * 1024, at_once: 8 }
    }
}

/// What kind of answer is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted {
    Json,
    Xml,
}

/// What came back: a success, or the other side's word that the request is wrong.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
    /// When, by the other side's clock.
    pub(super) date: Option<DateTime<Utc>>,
}

/// Speaks with one provider.
pub(super) struct Http {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    places: Semaphore,
    limits: HttpLimits,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Everything that is asked of a provider for one sign-in.
pub(super) struct Talk<'a> {
    http: &'a Http,
    until: Instant,
    _place: SemaphorePermit<'a>,
}

impl Talk<'_> {
    /// Does it in the time there is; waiting for what somebody else asks counts too.
    pub(super) async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, ConnectorError>> + Send,
    ) -> Result<T, ConnectorError> {
        match timeout_at(self.until, Box::pin(work)).await {
            Ok(done) => done,
            Err(_) => Err(ConnectorError::Unavailable(self.late())),
        }
    }

    /// Asks for `url`, wanting nothing but a success.
    pub(super) async fn get(&self, url: &Url, wanted: Wanted) -> Result<Bytes, ConnectorError> {
        Ok(self.get_dated(url, wanted).await?.body)
    }

    /// The same with when it was answered.
    pub(super) async fn get_dated(&self, url: &Url, wanted: Wanted) -> Result<Answer, ConnectorError> {
        let request = Request::builder().method(Method::GET);
        let answer = self.exchange(url, wanted, request, Bytes::new()).await?;
        if answer.status != StatusCode::OK {
            return Err(unavailable(url, &format!("answered {}", answer.status.as_u16())));
        }
        Ok(answer)
    }

    /// Sends a form; a refusal (4xx) is an answer too.
    pub(super) async fn post(
        &self,
        url: &Url,
        form: String,
        authorization: Option<HeaderValue>,
    ) -> Result<Answer, ConnectorError> {
        let mut request =
            Request::builder().method(Method::POST).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        self.exchange(url, Wanted::Json, request, form.into()).await
    }

    async fn exchange(
        &self,
        url: &Url,
        wanted: Wanted,
        request: hyper::http::request::Builder,
        body: Bytes,
    ) -> Result<Answer, ConnectorError> {
        // Whoever made the address has looked already; this is the place where it would hurt.
        if url.scheme() != "https" && !is_loopback(url) {
            return Err(unavailable(url, "plain http reaches this machine only"));
        }
        let accept = match wanted {
            Wanted::Json => "application/json",
            Wanted::Xml => "application/xml, text/xml",
        };
        let request = request
            .uri(url.as_str())
            .header(ACCEPT, accept)
            .header(USER_AGENT, "taizhang")
            .body(Full::new(body))
            .map_err(|_| unavailable(url, "the address cannot be asked for"))?;
        let answer = Box::pin(self.http.answer(url, request));
        match timeout_at(self.until, answer).await {
            Ok(answer) => answer,
            Err(_) => Err(unavailable(url, &self.late())),
        }
    }

    fn late(&self) -> String {
        format!("no answer within {} ms", self.http.limits.whole.as_millis())
    }
}

impl Http {
    /// Trusts `roots` and no others.
    pub(super) fn new(roots: RootCertStore, limits: HttpLimits) -> Result<Self, rustls::Error> {
        let tls = ClientConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(limits.connect));
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1();
        let client = Client::builder(TokioExecutor::new())
            // People sign in rarely: a connection each is simpler than one that the other side may have closed by now.
            .pool_max_idle_per_host(0)
            .retry_canceled_requests(false)
            .http1_max_buf_size(LONGEST_HEAD)
            .build(connector.wrap_connector(tcp));
        Ok(Self { client, places: Semaphore::new(limits.at_once), limits })
    }

    /// A place among those who ask this provider, and the time for everything that is asked from it. Taken before anything is
    /// waited for, so that a provider that hangs holds only so many.
    pub(super) fn talk(&self) -> Result<Talk<'_>, ConnectorError> {
        let place = self.places.try_acquire().map_err(|_| ConnectorError::Busy)?;
        Ok(Talk { http: self, until: Instant::now() + self.limits.whole, _place: place })
    }

    async fn answer(&self, url: &Url, request: Request<Full<Bytes>>) -> Result<Answer, ConnectorError> {
        let answer = self.client.request(request).await.map_err(|error| unavailable(url, &cause(&error)))?;
        let status = answer.status();
        if status.is_redirection() {
            return Err(unavailable(url, "answered with a redirect, and redirects are not followed"));
        }
        if !status.is_success() && !status.is_client_error() {
            return Err(unavailable(url, &format!("answered {}", status.as_u16())));
        }
        let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()).map(|date| date.to_utc());
        let body = Limited::new(answer.into_body(), self.limits.longest).collect().await.map_err(|error| {
            let what = if error.is::<LengthLimitError>() {
                format!("an answer longer than {} bytes", self.limits.longest)
            } else {
                cause(error.as_ref())
            };
            unavailable(url, &what)
        })?;
        Ok(Answer { status, body: body.to_bytes(), date })
    }
}

/// Says of which host; never more of the address, which may hold secrets and codes.
pub(super) fn unavailable(url: &Url, what: &str) -> ConnectorError {
    ConnectorError::Unavailable(format!("{}: {what}", url.host_str().unwrap_or("no host")))
}

/// The innermost cause; the outer ones only say that something failed.
fn cause(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(inner) = innermost.source() {
        innermost = inner;
    }
    innermost.to_string().chars().take(LONGEST_CAUSE).collect()
}
