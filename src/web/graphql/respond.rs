//! From a GraphQL response, or a refusal, to an answer of HTTP.

use std::collections::BTreeMap;

use async_graphql::{ErrorExtensionValues, Pos, Response as GraphQlResponse, ServerError, Value};
use async_graphql_axum::GraphQLResponse;
use axum::{
    body::Body,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::negotiate::Media;
use crate::web::{
    info::RequestInfo,
    refusal::{Code, Measure, RETRY_AFTER, Refusal},
};

/// Words with which async-graphql itself starts errors about input it finds only while executing.
const WORDS_ABOUT_INPUT: [&str; 3] = ["Failed to parse \"", "Invalid value for argument", "Expected input type \""];

/// Errors about one document that are told.
const ERRORS_AT_MOST: usize = 5;

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

/// The cost of an operation as clients see it.
pub(super) fn cost_extension(asked: u64, limit: u64) -> Value {
    Value::from_json(serde_json::json!({ "asked": asked, "limit": limit })).unwrap_or_default()
}

/// What was executed.
pub(super) fn executed(mut response: GraphQlResponse, media: Media, info: &RequestInfo, cost: Value) -> Response {
    // Nothing was executed when there is no data and no error belongs to a field.
    let request_error = response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty());
    if request_error {
        // A document can be wrong in as many places as it has tokens.
        response.errors.truncate(ERRORS_AT_MOST);
    }
    for error in &mut response.errors {
        complete(error, info, request_error);
    }
    let coded = |code: Code| response.data == Value::Null && response.errors.iter().any(|e| has_code(e, code));
    let status = if request_error && response.errors.iter().all(|e| has_code(e, Code::BadRequest)) {
        of_document(media)
    } else if coded(Code::Unavailable) {
        StatusCode::SERVICE_UNAVAILABLE
    } else if request_error {
        StatusCode::INTERNAL_SERVER_ERROR
    } else {
        StatusCode::OK
    };
    response.extensions.insert("cost".to_owned(), cost);
    let mut answer = if request_error {
        // The specification wants no `data` beside a request error; the library would write `null`.
        let headers = std::mem::take(&mut response.http_headers);
        let answer = Answer { errors: &response.errors, extensions: &response.extensions };
        let mut answer = write(status, media, &answer);
        answer.headers_mut().extend(headers);
        answer
    } else {
        dressed(GraphQLResponse::from(response).into_response(), status, media)
    };
    if status == StatusCode::SERVICE_UNAVAILABLE {
        answer.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    answer
}

/// What was refused.
pub(super) fn refused(refusal: &Refusal, media: Media, info: &RequestInfo) -> Response {
    let status = if refusal.is_of_document() { of_document(media) } else { refusal.status() };
    let position = refusal.position().map(|(line, column)| Pos { line, column });
    let mut error = ServerError::new(refusal.message(info.lang), position);
    error.extensions = Some(extensions(refusal.code(), info));
    let mut extensions = BTreeMap::new();
    if let Refusal::TooMuch(Measure::Cost, asked, limit) = refusal {
        extensions.insert("cost".to_owned(), cost_extension(*asked, *limit));
    }
    let mut answer = write(status, media, &Answer { errors: &[error], extensions: &extensions });
    refusal.dress(answer.headers_mut());
    answer
}

/// An answer to a HEAD has no body.
pub(super) fn without_body(method: &Method, answer: Response) -> Response {
    if method == Method::HEAD { answer.map(|_| Body::empty()) } else { answer }
}

const fn of_document(media: Media) -> StatusCode {
    match media {
        Media::GraphQl => StatusCode::BAD_REQUEST,
        Media::Json => StatusCode::OK,
    }
}

fn extensions(code: Code, info: &RequestInfo) -> ErrorExtensionValues {
    let mut values = ErrorExtensionValues::default();
    values.set("code", code.as_str());
    values.set("traceId", info.request_id.as_str());
    values
}

fn has_code(error: &ServerError, code: Code) -> bool {
    let own = error.extensions.as_ref().and_then(|values| values.get("code"));
    own.is_some_and(|value| *value == Value::from(code.as_str()))
}

/// Gives an error its code and `traceId`. A resolver's error without a code is a fault of ours: its words stay here.
fn complete(error: &mut ServerError, info: &RequestInfo, request_error: bool) {
    let coded = error.extensions.as_ref().is_some_and(|values| values.get("code").is_some());
    if !coded {
        let of_input = request_error || WORDS_ABOUT_INPUT.iter().any(|words| error.message.starts_with(words));
        let code = if of_input { Code::BadRequest } else { Code::Internal };
        if code == Code::Internal {
            tracing::error!(request_id = %info.request_id, "a resolver failed with an error that has no code");
            error.message = Refusal::Internal.message(info.lang);
        }
        error.extensions.get_or_insert_default().set("code", code.as_str());
    }
    error.extensions.get_or_insert_default().set("traceId", info.request_id.as_str());
}

fn write(status: StatusCode, media: Media, answer: &Answer<'_>) -> Response {
    let (status, bytes) = match serde_json::to_vec(answer) {
        Ok(bytes) => (status, bytes),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, br#"{"errors":[{"message":"Internal error."}]}"#.to_vec()),
    };
    dressed(Response::new(Body::from(bytes)), status, media)
}

/// The status and the headers every answer has.
fn dressed(mut response: Response, status: StatusCode, media: Media) -> Response {
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media.header());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language, Authorization"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
