//! `POST /files` and `GET /files/{id}`: the same steps as the GraphQL endpoint, with bytes instead of a schema.

pub(super) mod answer;

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    extract::{Query, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    response::Response,
};
use futures_util::FutureExt;
use tokio::time::{Instant, timeout, timeout_at};

use self::answer::Stop;
use super::{
    App,
    executor::{Executor, FileError, Incoming, Principal},
    finish::finish,
    info::{REQUEST_ID, RequestInfo, bearer},
    multipart,
    record::Record,
    refusal::Refusal,
};

/// Takes a file.
pub(super) async fn upload<E: Executor>(State(app): State<Arc<App<E>>>, request: Request) -> Response {
    served(&app, request, "/files", async |request, info, record| take(&app, request, info, record).await).await
}

/// Gives a file.
pub(super) async fn download<E: Executor>(State(app): State<Arc<App<E>>>, request: Request) -> Response {
    served(&app, request, "/files/{id}", async |request, info, record| give(&app, request, info, record).await).await
}

async fn served<E: Executor>(
    app: &App<E>,
    request: Request,
    path: &'static str,
    steps: impl AsyncFnOnce(Request, &Arc<RequestInfo>, &mut Record) -> Result<Response, Stop>,
) -> Response {
    let info = Arc::new(RequestInfo::of(&request, &*app.ids, &app.trusted_proxies));
    let mut record = Record::start(app.metrics.clone(), info.request_id.clone(), request.method().clone(), path);
    // Boxed, like the steps of the other endpoint.
    let steps = Box::pin(steps(request, &info, &mut record));
    let outcome = AssertUnwindSafe(steps).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!(request_id = %info.request_id, "a request panicked");
        Err(Refusal::Internal.into())
    });
    let mut answer = outcome.unwrap_or_else(|stop| answer::stopped(&stop, &info));
    if let Ok(id) = HeaderValue::from_str(&info.request_id) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    record.end(answer.status());
    answer
}

async fn take<E: Executor>(
    app: &App<E>,
    request: Request,
    info: &Arc<RequestInfo>,
    record: &mut Record,
) -> Result<Response, Stop> {
    let (parts, body) = request.into_parts();
    if parts.method != Method::POST {
        return Err(Refusal::OnlyMethod("POST").into());
    }
    let limits = &app.limits;
    let principal = signed_in(app, &parts.headers, info).await?;
    (record.actor, record.operation) = (principal.actor_id(), "upload");
    let place = app.lanes.of_one(principal.key())?;
    if parts.headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(Refusal::Compressed.into());
    }

    let share = app.uploads.share();
    let reading = incoming(&parts, body, limits.upload_bytes, &share);
    let file = timeout(limits.upload_timeout, reading).await.map_err(|_| Refusal::BodyTimeout)??;
    let deadline = Instant::now() + limits.request_deadline;
    let permit = app.lanes.running(deadline).await?;
    let (executor, of_running) = (app.executor.clone(), info.clone());
    let keeping = async move {
        let _places = (place, permit, share);
        executor.keep(principal, of_running, file).await
    };
    Ok(answer::kept(&finish(limits, deadline, keeping).await??))
}

async fn incoming(
    parts: &Parts,
    body: axum::body::Body,
    most: usize,
    share: &multipart::Share,
) -> Result<Incoming, Refusal> {
    let media = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("multipart/form-data") {
        let name = multipart::file_name(&parts.headers);
        let name = name.or_else(|| parameter(&parts.uri, "name")).ok_or(Refusal::FileNameMissing)?;
        return Ok(Incoming { name, bytes: multipart::whole(&parts.headers, body, most, share).await? });
    }
    let boundary = multer::parse_boundary(media).map_err(|_| Refusal::FormBroken)?;
    let mut form = multipart::form(&parts.headers, body, boundary, most, 0, share)?;
    let mut field = multipart::next(&mut form, most).await?.ok_or(Refusal::FileMissing)?;
    let name = multipart::file_name(field.headers()).or_else(|| parameter(&parts.uri, "name"));
    let name = name.ok_or(Refusal::FileNameMissing)?;
    let bytes = multipart::part(&mut field, most).await?;
    drop(field);
    match multipart::next(&mut form, most).await? {
        None => Ok(Incoming { name, bytes }),
        Some(_) => Err(Refusal::FileTwice),
    }
}

async fn give<E: Executor>(
    app: &App<E>,
    request: Request,
    info: &Arc<RequestInfo>,
    record: &mut Record,
) -> Result<Response, Stop> {
    let (method, headers, uri) = (request.method(), request.headers(), request.uri());
    if method != Method::GET && method != Method::HEAD {
        return Err(Refusal::OnlyMethod("GET, HEAD").into());
    }
    let id = uri.path().rsplit('/').next().unwrap_or_default();
    let deadline = Instant::now() + app.limits.request_deadline;
    let principal = match parameter(uri, "token") {
        // A link is followed by browsers, which send no header; who sends one is known by it.
        Some(token) if !headers.contains_key(header::AUTHORIZATION) => {
            let _arriving = app.lanes.arriving(None, deadline).await?;
            let following = timeout_at(deadline, app.executor.follow(id, &token));
            following.await.map_err(|_| Refusal::Deadline)?.map_err(|error| match Refusal::from(error) {
                // A link that is no good, and one that leads nowhere, are the same.
                Refusal::TokenRefused | Refusal::PasswordChangeRequired | Refusal::TotpEnrolmentRequired => {
                    Stop::Absent
                }
                other => other.into(),
            })?
        }
        _ => signed_in(app, headers, info).await?,
    };
    (record.actor, record.operation) = (principal.actor_id(), "download");
    let place = app.lanes.of_one(principal.key())?;
    let file = {
        let _permit = app.lanes.running(deadline).await?;
        let opening = app.executor.fetch(principal, info.clone(), id);
        timeout_at(deadline, opening).await.map_err(|_| Refusal::Deadline)??
    };
    // The place among the requests of one principal is held to the last byte, the one among all only for the opening:
    // a slow reader may keep himself waiting and nobody else.
    Ok(answer::file(file, place, method == Method::HEAD))
}

async fn signed_in<E: Executor>(
    app: &App<E>,
    headers: &HeaderMap,
    info: &Arc<RequestInfo>,
) -> Result<E::Principal, Refusal> {
    let deadline = Instant::now() + app.limits.request_deadline;
    let session = app.executor.session(bearer(headers))?;
    let _arriving = app.lanes.arriving(session, deadline).await?;
    let authenticating = app.executor.authenticate(bearer(headers), info);
    Ok(timeout_at(deadline, authenticating).await.map_err(|_| Refusal::Deadline)??)
}

/// A parameter of the address, if it stands there once.
fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    let mut found = pairs.into_iter().filter(|(known, text)| known == name && !text.is_empty());
    match (found.next(), found.next()) {
        (Some((_, text)), None) => Some(text),
        _ => None,
    }
}

impl From<FileError> for Stop {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Refused(errors) => Self::Refused(errors),
            FileError::Absent => Self::Absent,
            FileError::Unavailable => Self::Refusal(Refusal::Overloaded),
            FileError::Internal => Self::Refusal(Refusal::Internal),
        }
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

/// The status of what the user can mend.
fn status_of(code: crate::error::UserErrorCode) -> StatusCode {
    use crate::error::UserErrorCode as Code;
    match code {
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::Forbidden => StatusCode::FORBIDDEN,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}
