//! `GET /public/publications`: what is published, for everybody. No token is looked at, and nothing but the door of the
//! public stands behind it.

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    body::Body,
    extract::{Query, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    response::Response,
};
use futures_util::FutureExt;
use serde_json::json;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use super::{
    App,
    executor::{Executor, FileError},
    info::{REQUEST_ID, RequestInfo},
    record::Record,
    refusal::Refusal,
};
use crate::error::UserError;

/// Everybody who is not signed in is one principal: together they take no more places than anybody else.
const EVERYBODY: Uuid = Uuid::nil();
/// Bytes of an address that is looked at.
const ADDRESS_BYTES: usize = 2_000;

/// What the public asks for, as it stands in the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicWish {
    /// What there is, the latest first.
    List {
        /// Of this year.
        year: Option<String>,
        /// Of this kind.
        kind: Option<String>,
        /// So many.
        first: Option<String>,
        /// Behind this cursor.
        after: Option<String>,
    },
    /// One document.
    One(String),
    /// A picture of one.
    Figure(String, String),
}

/// What the public gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicPage {
    /// Here it is.
    Here {
        /// What it is.
        media_type: &'static str,
        /// Its text.
        body: String,
        /// What it is known by.
        known_by: String,
    },
    /// It was withdrawn.
    Gone {
        /// The trace of it, as JSON.
        body: String,
    },
    /// A parameter of the address makes no sense.
    Bad {
        /// Which one.
        parameter: &'static str,
    },
}

/// The list.
pub(super) async fn list<E: Executor>(State(app): State<Arc<App<E>>>, request: Request) -> Response {
    served(&app, request, "/public/publications", |uri| {
        let [year, kind, first, after] = parameters(uri, ["year", "kind", "first", "after"])?;
        Ok(PublicWish::List { year, kind, first, after })
    })
    .await
}

/// One document.
pub(super) async fn one<E: Executor>(State(app): State<Arc<App<E>>>, request: Request) -> Response {
    let wish = |uri: &Uri| Ok(PublicWish::One(segment(uri, 0)));
    served(&app, request, "/public/publications/{id}", wish).await
}

/// One picture.
pub(super) async fn figure<E: Executor>(State(app): State<Arc<App<E>>>, request: Request) -> Response {
    let wish = |uri: &Uri| Ok(PublicWish::Figure(segment(uri, 2), segment(uri, 0)));
    served(&app, request, "/public/publications/{id}/figures/{name}", wish).await
}

/// The part of the path so many places from its end.
fn segment(uri: &Uri, from_end: usize) -> String {
    uri.path().rsplit('/').nth(from_end).unwrap_or_default().to_owned()
}

/// The parameters of these names; each may stand there once, and nothing else.
fn parameters<const N: usize>(uri: &Uri, names: [&'static str; N]) -> Result<[Option<String>; N], Refusal> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(|_| Refusal::AddressUnreadable)?;
    let mut found = [const { None }; N];
    for (name, text) in pairs {
        let Some(at) = names.iter().position(|known| *known == name) else { return Err(Refusal::AddressUnreadable) };
        if found[at].replace(text).is_some() {
            return Err(Refusal::Twice(names[at]));
        }
    }
    Ok(found)
}

async fn served<E: Executor>(
    app: &App<E>,
    request: Request,
    path: &'static str,
    wish: impl FnOnce(&Uri) -> Result<PublicWish, Refusal>,
) -> Response {
    let info = RequestInfo::of(&request, &*app.ids, &app.trusted_proxies);
    let mut record = Record::start(app.metrics.clone(), info.request_id.clone(), request.method().clone(), path);
    record.operation = "public";
    // Whatever comes as a body is not looked at.
    let (Parts { method, headers, uri, .. }, _) = request.into_parts();
    let steps = Box::pin(read(app, &method, &uri, wish));
    let outcome = AssertUnwindSafe(steps).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!(request_id = %info.request_id, "a request panicked");
        Err(Stop::Refusal(Refusal::Internal))
    });
    let mut answer = match outcome {
        Ok(page) => page_answer(page, &headers, &info),
        Err(Stop::Absent) => {
            let absent = UserError::not_found();
            problem(StatusCode::NOT_FOUND, "NOT_FOUND", &absent.message.text(info.lang), &info)
        }
        Err(Stop::Refusal(refusal)) => {
            let text = refusal.message(info.lang);
            let mut answer = problem(refusal.status(), refusal.code().as_str(), &text, &info);
            refusal.dress(answer.headers_mut());
            answer
        }
    };
    if let Ok(id) = HeaderValue::from_str(&info.request_id) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    if method == Method::HEAD {
        *answer.body_mut() = Body::empty();
    }
    record.end(answer.status());
    answer
}

/// Why there is no page.
enum Stop {
    Refusal(Refusal),
    Absent,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

async fn read<E: Executor>(
    app: &App<E>,
    method: &Method,
    uri: &Uri,
    wish: impl FnOnce(&Uri) -> Result<PublicWish, Refusal>,
) -> Result<PublicPage, Stop> {
    if method != Method::GET && method != Method::HEAD {
        return Err(Refusal::OnlyMethod("GET, HEAD").into());
    }
    if uri.path_and_query().is_some_and(|address| address.as_str().len() > ADDRESS_BYTES) {
        return Err(Refusal::AddressUnreadable.into());
    }
    let wish = wish(uri)?;
    let deadline = Instant::now() + app.limits.request_deadline;
    let _place = app.lanes.of_one(EVERYBODY)?;
    let _permit = app.lanes.running(deadline).await?;
    let reading = timeout_at(deadline, app.executor.published(wish));
    reading.await.map_err(|_| Refusal::Deadline)?.map_err(|error| match error {
        FileError::Unavailable => Stop::Refusal(Refusal::Overloaded),
        FileError::Internal => Stop::Refusal(Refusal::Internal),
        FileError::Absent | FileError::Refused(_) => Stop::Absent,
    })
}

fn page_answer(page: PublicPage, asked: &HeaderMap, info: &RequestInfo) -> Response {
    match page {
        PublicPage::Here { media_type, body, known_by } => {
            let tag = format!("\"{known_by}\"");
            let known = is_known(asked, &tag);
            let mut answer = Response::new(if known { Body::empty() } else { Body::from(body) });
            if known {
                *answer.status_mut() = StatusCode::NOT_MODIFIED;
            } else {
                answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
            }
            if let Ok(tag) = HeaderValue::from_str(&tag) {
                answer.headers_mut().insert(header::ETAG, tag);
            }
            // Kept, and asked about each time: what is withdrawn is gone from the next request on.
            dress(answer, "public, no-cache")
        }
        PublicPage::Gone { body } => {
            let mut answer = Response::new(Body::from(body));
            *answer.status_mut() = StatusCode::GONE;
            answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
            dress(answer, "public, no-cache")
        }
        PublicPage::Bad { parameter } => {
            let refusal = Refusal::WrongType(parameter, allowed(parameter));
            problem(StatusCode::BAD_REQUEST, refusal.code().as_str(), &refusal.message(info.lang), info)
        }
    }
}

const JSON: &str = "application/json; charset=utf-8";

fn allowed(parameter: &str) -> &'static str {
    match parameter {
        "kind" => "LIST | PROGRESS | ANNUAL_REPORT",
        "after" => "cursor",
        _ => "integer",
    }
}

/// Whether the client has it already (RFC 9110, weak comparison).
pub(super) fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
    })
}

fn problem(status: StatusCode, code: &str, message: &str, info: &RequestInfo) -> Response {
    let text = json!({ "code": code, "message": message, "traceId": info.request_id }).to_string();
    let mut answer = Response::new(Body::from(text));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
    answer.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Language"));
    dress(answer, "no-store")
}

fn dress(mut answer: Response, cache: &'static str) -> Response {
    for (name, value) in [
        (header::CACHE_CONTROL, cache),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}
