//! The GraphQL multipart request: `operations`, `map`, one file.
//!
//! The parameters are read and measured first, like those of any request; the file is read when nothing speaks against
//! executing them. It never becomes a value of the schema: what stands in the variables is the identifier of a kept file.

use std::collections::BTreeMap;

use async_graphql::{Name, Value as GraphQlValue, Variables};
use axum::{body::Body, http::HeaderMap};
use multer::Multipart;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::extract::{self, Parameters};
use crate::{
    config::Limits,
    graphql::upload::Upload,
    web::{
        executor::Incoming,
        guard::{at_most, json_depth},
        multipart::{self, Pool, Share},
        refusal::{Measure, Refusal},
    },
};

/// Bytes of the map at most.
const MAP_BYTES: usize = 4 * 1_024;

/// A form whose parameters are read and whose file is not.
pub(super) struct Form {
    multipart: Multipart<'static>,
    share: Share,
    part: String,
    path: Vec<String>,
    end: Instant,
}

/// The file of a form, and where its identifier goes.
pub(super) struct FormFile {
    pub incoming: Incoming,
    pub path: Vec<String>,
    _share: Share,
}

/// Reads everything before the file.
pub(super) async fn begin(
    headers: &HeaderMap,
    body: Body,
    boundary: String,
    limits: &Limits,
    pool: &Pool,
) -> Result<(Parameters, Form), Refusal> {
    let end = Instant::now() + limits.upload_timeout;
    let share = pool.share();
    let beside = limits.body_bytes + MAP_BYTES;
    let mut form = multipart::form(headers, body, boundary, limits.upload_bytes, beside, &share)?;
    let reading = async {
        let operations = named(&mut form, "operations", limits.body_bytes, limits).await?;
        let map = named(&mut form, "map", MAP_BYTES, limits).await?;
        Ok::<_, Refusal>((operations, map))
    };
    let (operations, map) = timeout_at(end, reading).await.map_err(|_| Refusal::BodyTimeout)??;
    let mut raw = extract::from_json(&operations, limits)?;
    at_most(Measure::JsonDepth, json_depth(&map), limits.bracket_depth)?;
    let map: BTreeMap<String, Vec<String>> = serde_json::from_slice(&map).map_err(|_| Refusal::NotJson("map"))?;
    // One file, one place.
    let mut files = map.into_iter();
    let (Some((part, paths)), None) = (files.next(), files.next()) else { return Err(Refusal::FormMap) };
    let [path] = paths.as_slice() else { return Err(Refusal::FormMap) };
    let path: Vec<String> = path.split('.').map(str::to_owned).collect();
    let place = path.strip_prefix(&["variables".to_owned()]).and_then(|path| place(raw.variables.as_mut()?, path));
    let place = place.filter(|place| place.is_null()).ok_or(Refusal::FormMap)?;
    // Something is given, although nobody knows yet what.
    *place = Value::String(Upload::nothing());
    Ok((raw.checked()?, Form { multipart: form, share, part, path, end }))
}

async fn named(form: &mut Multipart<'static>, name: &str, most: usize, limits: &Limits) -> Result<Vec<u8>, Refusal> {
    let field = multipart::next(form, limits.upload_bytes).await?;
    let mut field = field.filter(|field| field.name() == Some(name)).ok_or(Refusal::FormParts)?;
    multipart::part(&mut field, most).await
}

impl Form {
    /// Reads the file, and nothing behind it.
    pub async fn file(mut self, limits: &Limits) -> Result<FormFile, Refusal> {
        let most = limits.upload_bytes;
        let reading = async {
            let field = multipart::next(&mut self.multipart, most).await?.ok_or(Refusal::FileMissing)?;
            let mut field = if field.name() == Some(&self.part) { field } else { return Err(Refusal::FormParts) };
            let name = multipart::file_name(field.headers()).ok_or(Refusal::FileNameMissing)?;
            let bytes = multipart::part(&mut field, most).await?;
            drop(field);
            match multipart::next(&mut self.multipart, most).await? {
                None => Ok::<_, Refusal>(Incoming { name, bytes }),
                Some(_) => Err(Refusal::FileTwice),
            }
        };
        let incoming = timeout_at(self.end, reading).await.map_err(|_| Refusal::BodyTimeout)??;
        Ok(FormFile { incoming, path: self.path, _share: self.share })
    }
}

fn place<'v>(value: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, step| match value {
        Value::Object(map) => map.get_mut(step),
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Puts the identifier of the kept file where the file is meant to be.
pub(super) fn put(variables: &mut Variables, path: &[String], id: String) {
    let mut steps = path.iter().skip(1);
    let Some(first) = steps.next() else { return };
    let found = steps.try_fold(variables.get_mut(&Name::new(first)), |value, step| match value? {
        GraphQlValue::Object(map) => Some(map.get_mut(step.as_str())),
        GraphQlValue::List(items) => Some(items.get_mut(step.parse::<usize>().ok()?)),
        _ => None,
    });
    if let Some(Some(place)) = found {
        *place = GraphQlValue::String(id);
    }
}
