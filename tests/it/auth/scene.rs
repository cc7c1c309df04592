//! A place with people who sign in by themselves.

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use chrono::{DateTime, TimeDelta, Utc};
use entity::vocabulary::{Role, UserKind};
use http_body_util::BodyExt;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use taizhang::clock::Clock;
use taizhang::config::{Limits, PasswordProfile, TotpFor};
use taizhang::id::{GlobalId, Kind};
use taizhang::service::operator::{NewGrant, NewUser};
use taizhang::web::info::Peer;
use tower::ServiceExt;
use uuid::Uuid;

use crate::support::{Client, TestApp};

/// A password that both profiles take.
pub const PASSWORD: &str = "柳渡 River-2026";
/// Another one.
pub const OTHER: &str = "青石 Bridge-2027";
const PLACE: &str = r#"{ "format": "taizhang-units/1", "jurisdictions": [{ "key": "yunting", "name": "云汀市（虚构）", "office": "zfb", "list": [], "groups": [],
  "units": [{ "id": "zfb", "name": "市政府办公室" }, { "id": "fgj", "name": "市发展和改革局" }] }] }"#;

/// A server, a place, nobody in it yet.
pub struct Scene {
    pub t: TestApp,
    pub root: Uuid,
    pub unit: Uuid,
}

/// An answer: status, headers, body.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn text(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_else(|| panic!("no {name} in {:#}", self.json())).to_owned()
    }

    /// It was done.
    pub fn ok(self) -> Self {
        assert_eq!(self.status, 200, "{:#}", self.json());
        self
    }

    pub fn access(&self) -> String {
        self.text("accessToken")
    }

    pub fn refresh(&self) -> String {
        self.text("refreshToken")
    }
}

impl Scene {
    pub async fn new() -> Self {
        Self::with(Limits::default(), PasswordProfile::Dengbao, TotpFor::Nobody).await
    }

    pub async fn with(limits: Limits, profile: PasswordProfile, totp_for: TotpFor) -> Self {
        Self::of(TestApp::with(limits, profile, totp_for).await).await
    }

    /// In front of a server that is there.
    pub async fn of(t: TestApp) -> Self {
        let root = t.places(PLACE).await.remove(0).1;
        let unit = t.unit(root, "fgj").await;
        Self { t, root, unit }
    }

    /// A user with a password, set at this moment.
    pub async fn person(&self, login: &str, roles: &[Role]) -> Uuid {
        let user = self.newcomer(login, roles).await;
        let code = self.t.service.operator_code(user, false).await.unwrap().unwrap();
        self.send("/auth/accept", json!({ "code": code.text, "password": PASSWORD })).await.ok();
        user
    }

    /// A user without a password.
    pub async fn newcomer(&self, login: &str, roles: &[Role]) -> Uuid {
        let grants = roles.iter().map(|role| NewGrant { role: *role, unit: self.root, scopes: Vec::new() });
        let new = NewUser {
            kind: UserKind::Person,
            login: login.to_owned(),
            display_name: "测试用户".to_owned(),
            unit: self.unit,
            grants: grants.collect(),
        };
        self.t.service.user_add(new).await.unwrap()
    }

    /// The key of whoever is called so.
    pub async fn key_of(&self, login: &str) -> Uuid {
        self.t.service.store().user_by_login(login).await.unwrap().unwrap().id
    }

    /// Who a user is at another service, without anybody who says so.
    pub async fn link_by_hand(&self, user: Uuid, issuer: &str, subject: &str) {
        let tx = self.t.service.store().begin().await.unwrap();
        let row = entity::external_identity::Model {
            id: self.t.ids.next(),
            user_id: user,
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            created_at: self.now(),
            made_by: None,
            last_used_at: None,
            ended_at: None,
            ended_by: None,
        };
        tx.insert::<entity::external_identity::Entity>(row).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn sign_in(&self, login: &str, password: &str) -> Reply {
        self.send("/auth/sign-in", json!({ "login": login, "password": password })).await
    }

    pub async fn sign_in_totp(&self, login: &str, password: &str, totp: &str) -> Reply {
        self.send("/auth/sign-in", json!({ "login": login, "password": password, "totp": totp })).await
    }

    pub async fn refresh(&self, token: &str) -> Reply {
        self.send("/auth/refresh", json!({ "refreshToken": token })).await
    }

    pub async fn send(&self, path: &str, body: Value) -> Reply {
        self.raw(request(path, &body.to_string())).await
    }

    /// With an access token.
    pub async fn send_as(&self, token: &str, path: &str, body: Value) -> Reply {
        let mut request = request(path, &body.to_string());
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        self.raw(request).await
    }

    /// From an address.
    pub async fn send_from(&self, address: &str, path: &str, body: Value) -> Reply {
        let mut request = request(path, &body.to_string());
        let address: IpAddr = address.parse().unwrap();
        request.extensions_mut().insert(Peer(SocketAddr::new(address, 40_000)));
        self.raw(request).await
    }

    pub async fn raw(&self, request: Request<Body>) -> Reply {
        let response = self.t.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Reply { status, headers, bytes: response.into_body().collect().await.unwrap().to_bytes().to_vec() }
    }

    /// Whether the access token is good for a query.
    pub async fn is_in(&self, token: &str) -> bool {
        self.viewer(token).await.0 == 200
    }

    pub async fn viewer(&self, token: &str) -> (u16, Value) {
        let (status, bytes) = self.client(token).send("{ viewer { name } }", json!({})).await;
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    pub fn client(&self, token: &str) -> Client {
        self.t.bearing(token)
    }

    pub fn advance(&self, by: TimeDelta) {
        self.t.clock.advance(by);
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.t.clock.now()
    }

    pub fn id(&self, user: Uuid) -> String {
        GlobalId::new(Kind::User, user).to_string()
    }

    /// How many passwords were verified.
    pub fn verified(&self) -> u64 {
        self.t.service.authenticator().passwords().verified()
    }

    /// How many statements were sent.
    pub fn statements(&self) -> u64 {
        self.t.service.store().statements()
    }

    /// One number from the database.
    pub async fn count(&self, sql: &str) -> i64 {
        let db = self.t.database.raw().await;
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
        row.try_get_by_index::<i64>(0).unwrap()
    }

    /// One text from the database.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let db = self.t.database.raw().await;
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect()
    }

    /// How many rows of the audit trail say this.
    pub async fn audited(&self, operation: &str, result: &str) -> i64 {
        let sql = format!("SELECT COUNT(*) FROM audit_entry WHERE operation = '{operation}' AND result = '{result}'");
        self.count(&sql).await
    }
}

/// A request with a fixed identifier, so that answers can be compared byte by byte.
pub fn request(path: &str, body: &str) -> Request<Body> {
    Request::post(path)
        .header("content-type", "application/json")
        .header("x-request-id", "auth-test")
        .body(Body::from(body.to_owned()))
        .unwrap()
}
