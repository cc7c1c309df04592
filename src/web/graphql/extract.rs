//! From bytes to the parameters of a GraphQL request.

use std::time::Duration;

use async_graphql::Variables;
use axum::{
    body::{Body, Bytes},
    extract::Query,
    http::{HeaderMap, Uri, header},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    config::Limits,
    web::{
        guard::{at_most, json_depth},
        refusal::{Measure, Refusal},
    },
};

/// The parameters of a request, their types being right.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    pub query: String,
    pub operation_name: Option<String>,
    pub variables: Variables,
    pub extensions: Map<String, Value>,
}

/// As they stand in a body; what has another name is ignored, what stands twice is an error.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Raw {
    query: Option<Value>,
    operation_name: Option<Value>,
    pub variables: Option<Value>,
    extensions: Option<Value>,
}

/// Reads the body of a POST within its limit and its time.
pub(super) async fn body(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Parameters, Refusal> {
    let bytes = bytes(headers, body, limits.body_bytes, limits.body_timeout).await?;
    from_json(&bytes, limits)?.checked()
}

/// The bytes of a body, at most so many, within this time.
pub(in crate::web) async fn bytes(
    headers: &HeaderMap,
    body: Body,
    most: usize,
    patience: Duration,
) -> Result<Bytes, Refusal> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > most) {
        return Err(Refusal::BodyTooLarge(most));
    }
    let reading = Limited::new(body, most).collect();
    match tokio::time::timeout(patience, reading).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::BodyTooLarge(most)),
        Ok(Err(_)) => Err(Refusal::BodyBroken),
        Err(_) => Err(Refusal::BodyTimeout),
    }
}

/// The parameters as they stand in a text.
pub(super) fn from_json(bytes: &[u8], limits: &Limits) -> Result<Raw, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::NotUtf8)?;
    if text.starts_with('\u{feff}') {
        return Err(Refusal::ByteOrderMark);
    }
    match text.trim_start().chars().next() {
        None => return Err(Refusal::BodyEmpty),
        Some('[') => return Err(Refusal::Batch),
        _ => {}
    }
    // One more than for variables: the object around the parameters.
    at_most(Measure::JsonDepth, json_depth(bytes), limits.bracket_depth + 1)?;
    match serde_json::from_str::<Raw>(text) {
        Ok(raw) => Ok(raw),
        Err(error) if error.is_data() && !text.trim_start().starts_with('{') => {
            Err(Refusal::WrongType("body", "object"))
        }
        Err(_) => Err(Refusal::NotJson("body")),
    }
}

/// Reads the address of a GET.
pub(super) fn address(uri: &Uri, limits: &Limits) -> Result<Parameters, Refusal> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(|_| Refusal::AddressUnreadable)?;
    let mut raw = Raw::default();
    for (name, text) in pairs {
        let (name, slot, json) = match name.as_str() {
            "query" => ("query", &mut raw.query, false),
            "operationName" => ("operationName", &mut raw.operation_name, false),
            "variables" => ("variables", &mut raw.variables, true),
            "extensions" => ("extensions", &mut raw.extensions, true),
            _ => continue,
        };
        if slot.is_some() {
            return Err(Refusal::Twice(name));
        }
        *slot = if !json {
            Some(Value::String(text))
        } else if text.is_empty() {
            Some(Value::Null)
        } else {
            at_most(Measure::JsonDepth, json_depth(text.as_bytes()), limits.bracket_depth)?;
            Some(serde_json::from_str(&text).map_err(|_| Refusal::NotJson(name))?)
        };
    }
    raw.checked()
}

impl Raw {
    /// Whether they have the types they must have.
    pub fn checked(self) -> Result<Parameters, Refusal> {
        let query = string(self.query, "query")?.ok_or(Refusal::QueryMissing)?;
        // An empty name names nothing: several clients send it so.
        let operation_name = string(self.operation_name, "operationName")?.filter(|name| !name.is_empty());
        let variables = object(self.variables, "variables")?;
        let extensions = object(self.extensions, "extensions")?;
        if has_null_character(&variables) {
            return Err(Refusal::NullCharacter);
        }
        let variables = Variables::from_json(Value::Object(variables));
        Ok(Parameters { query, operation_name, variables, extensions })
    }
}

fn string(value: Option<Value>, name: &'static str) -> Result<Option<String>, Refusal> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::WrongType(name, "string")),
    }
}

fn object(value: Option<Value>, name: &'static str) -> Result<Map<String, Value>, Refusal> {
    match value {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(map)) => Ok(map),
        Some(_) => Err(Refusal::WrongType(name, "object")),
    }
}

/// PostgreSQL keeps no U+0000 in text; better a clear answer here than a fault there.
fn has_null_character(map: &Map<String, Value>) -> bool {
    fn inside(value: &Value) -> bool {
        match value {
            Value::String(text) => text.contains('\0'),
            Value::Array(items) => items.iter().any(inside),
            Value::Object(map) => has_null_character(map),
            _ => false,
        }
    }
    map.iter().any(|(key, value)| key.contains('\0') || inside(value))
}
