//! What is answered: a JSON object, or why there is none, in the form of every other refusal.

use axum::{http::StatusCode, response::Response};
use serde::Serialize;
use serde_json::Value;

use super::AuthRefusal;
use crate::error::UserError;
use crate::web::{files::answer::json, info::RequestInfo};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Problem<'a> {
    code: Value,
    message: String,
    trace_id: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Part>,
}

/// One of the things that are wrong.
#[derive(Serialize)]
struct Part {
    code: Value,
    message: String,
    field: Vec<String>,
}

/// It was done.
pub(super) fn done(body: &Value) -> Response {
    json(StatusCode::OK, body)
}

/// It was not.
pub(super) fn refused(refusal: &AuthRefusal, info: &RequestInfo) -> Response {
    let trace_id = &info.request_id;
    match refusal {
        AuthRefusal::Refusal(refusal) => {
            let (code, message) = (refusal.code().as_str().into(), refusal.message(info.lang));
            let mut answer = json(refusal.status(), &Problem { code, message, trace_id, errors: Vec::new() });
            refusal.dress(answer.headers_mut());
            answer
        }
        AuthRefusal::Errors(errors) => {
            let part = |error: &UserError| Part {
                code: serde_json::to_value(error.code).unwrap_or_default(),
                message: error.message.text(info.lang),
                field: error.field.clone(),
            };
            let errors: Vec<Part> = errors.iter().map(part).collect();
            let (code, message) =
                errors.first().map(|first| (first.code.clone(), first.message.clone())).unwrap_or_default();
            json(StatusCode::UNPROCESSABLE_ENTITY, &Problem { code, message, trace_id, errors })
        }
    }
}
