//! Answers of the file routes: JSON about a file, the file itself, or why there is none.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use serde::Serialize;

use super::status_of;
use crate::{
    error::UserError,
    web::{
        executor::{Kept, Outgoing},
        info::RequestInfo,
        refusal::Refusal,
    },
};

/// Why there is no file.
#[derive(Debug)]
pub(super) enum Stop {
    /// The envelope refuses.
    Refusal(Refusal),
    /// Something the user can mend.
    Refused(Vec<UserError>),
    /// Absent, somebody else's, or expired.
    Absent,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Problem<'a> {
    code: serde_json::Value,
    message: String,
    trace_id: &'a str,
}

/// A file that is kept.
pub(super) fn kept(kept: &Kept) -> Response {
    let mut answer = json(StatusCode::CREATED, kept);
    if let Ok(place) = HeaderValue::from_str(&format!("/files/{}", kept.id)) {
        answer.headers_mut().insert(header::LOCATION, place);
    }
    answer
}

/// Why there is none.
pub(super) fn stopped(stop: &Stop, info: &RequestInfo) -> Response {
    let absent = UserError::not_found();
    let error = match stop {
        Stop::Refusal(refusal) => {
            let (code, message) = (refusal.code().as_str().into(), refusal.message(info.lang));
            let mut answer = json(refusal.status(), &Problem { code, message, trace_id: &info.request_id });
            refusal.dress(answer.headers_mut());
            return answer;
        }
        Stop::Refused(errors) => errors.first().unwrap_or(&absent),
        Stop::Absent => &absent,
    };
    let message = error.message.text(info.lang);
    let code = serde_json::to_value(error.code).unwrap_or_default();
    json(status_of(error.code), &Problem { code, message, trace_id: &info.request_id })
}

pub(in crate::web) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    let mut answer = Response::new(Body::from(serde_json::to_vec(value).unwrap_or_default()));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language, Authorization"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

/// The file itself, a portion at a time; `guard` is held to its last byte.
pub(super) fn file(file: Outgoing, guard: impl Send + 'static, only_the_head: bool) -> Response {
    use futures_util::StreamExt;
    let content = file.content.map(move |chunk| {
        let _held = &guard;
        chunk
    });
    let mut answer = Response::new(if only_the_head { Body::empty() } else { Body::from_stream(content) });
    let headers = answer.headers_mut();
    say(headers, header::CONTENT_TYPE, &file.media_type);
    say(headers, header::CONTENT_LENGTH, &file.size.to_string());
    say(headers, header::CONTENT_DISPOSITION, &disposition(&file.name));
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'"),
        // The address may hold the token of a link.
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}

fn say(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// `attachment` with the name as RFC 6266 and RFC 5987 write it, and in ASCII for those who know neither.
fn disposition(name: &str) -> String {
    use std::fmt::Write as _;
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' })
        .collect();
    let mut text = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        // Writing to a string can't fail.
        let _ = match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'-' | b'_' | b'~' => write!(text, "{}", char::from(byte)),
            _ => write!(text, "%{byte:02X}"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_its_header() {
        assert_eq!(disposition("a b.txt"), "attachment; filename=\"a b.txt\"; filename*=UTF-8''a%20b.txt");
        let odd = disposition("清\"; x=\r\n单%.docx");
        let (plain, encoded) = ("___ x_____.docx", "%E6%B8%85%22%3B%20x%3D%0D%0A%E5%8D%95%25.docx");
        assert_eq!(odd, format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"));
        assert!(HeaderValue::from_str(&odd).is_ok());
    }
}
