//! Files through HTTP: brought in, fetched, linked to, and gone.

mod form;
mod link;
mod poison;
mod receive;
mod sealed;
mod sweep;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use entity::vocabulary::Role;
use http_body_util::BodyExt;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;
use taizhang::config::Limits;
use uuid::Uuid;

use crate::support::{Client, TestApp};

/// A place with an office and a bureau.
pub struct Scene {
    pub t: TestApp,
    pub office: Client,
    pub reporter: Client,
    pub unit: Uuid,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

pub async fn scene(change: impl FnOnce(&mut Limits)) -> Scene {
    let mut limits = Limits::default();
    change(&mut limits);
    let t = TestApp::with_limits(limits).await;
    let places = t.places(include_str!("../../../demo/units.json")).await;
    let unit = places[0].1;
    let bureau = {
        let db = t.database.raw().await;
        let sql = "SELECT id FROM unit WHERE parent_id IS NOT NULL ORDER BY id LIMIT 1";
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
        row.try_get("", "id").unwrap()
    };
    let office = t.user("office", unit, &[(Role::Office, unit)]).await;
    let reporter = t.user("reporter", bureau, &[(Role::Reporter, bureau)]).await;
    Scene { t, office, reporter, unit }
}

impl Scene {
    pub async fn count(&self, table: &str) -> i64 {
        count(&self.t, table).await
    }
}

/// How many rows there are.
pub async fn count(t: &TestApp, table: &str) -> i64 {
    let db = t.database.raw().await;
    let sql = format!("SELECT COUNT(*) AS n FROM {table}");
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
    row.try_get("", "n").unwrap()
}

pub async fn send(client: &Client, request: Request<Body>) -> Answer {
    let (parts, body) = client.request(request).await.into_parts();
    let bytes = body.collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    Answer { status: parts.status, headers: parts.headers, bytes }
}

pub async fn post(client: &Client, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let mut request = Request::post(path);
    for (name, value) in headers {
        request = request.header(*name, axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    send(client, request.body(body.into()).unwrap()).await
}

/// Brings in a file of this name.
pub async fn put(client: &Client, name: &str, body: impl Into<Body>) -> Answer {
    let disposition = format!("attachment; filename=\"{name}\"");
    post(client, "/files", &[("content-disposition", &disposition)], body).await
}

pub async fn get(client: &Client, path: &str) -> Answer {
    send(client, Request::get(path).body(Body::empty()).unwrap()).await
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("{} {:?}", self.status, String::from_utf8_lossy(&self.bytes)))
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
    /// The identifier of the file that was kept.
    pub fn id(&self) -> String {
        assert_eq!(self.status, 201, "{}", self.json());
        self.json()["id"].as_str().unwrap().to_owned()
    }
    /// Asserts a complete refusal.
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let json = self.json();
        assert_eq!((self.status.as_u16(), json["code"].as_str().unwrap()), (status, code), "{json}");
        assert!(json["message"].as_str().is_some_and(|text| !text.is_empty()));
        assert_eq!(json["traceId"], self.header("x-request-id"));
        json
    }
    /// Asserts the one answer to a file that is not there.
    pub fn absent(&self) {
        let json = self.refused(404, "NOT_FOUND");
        assert_eq!(json["message"], "找不到该对象，或您无权查看。");
        assert_eq!(json.as_object().unwrap().len(), 3);
    }
}

/// Some text of so many bytes.
pub fn text(bytes: usize, seed: u8) -> Vec<u8> {
    (0..bytes).map(|n| b'a' + u8::try_from((n / 7 + usize::from(seed)) % 26).unwrap()).collect()
}
