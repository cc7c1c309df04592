//! Service accounts and the door for them, through HTTP.

mod accounts;
mod bad_tokens;
mod door;
mod guide;
mod keys;
mod keys_apart;
mod last_day;
mod lifted;
mod narrow;
mod races;
mod revoke;
mod well_known;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use base64::{Engine, engine::general_purpose::STANDARD};
use entity::role_grant;
use entity::vocabulary::Role;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use taizhang::id::{GlobalId, Kind};
use tower::ServiceExt;
use uuid::Uuid;

use crate::auth::scene::{PASSWORD, Reply, Scene};
use crate::support::{Client, TestApp};

pub const FORM: &str = "application/x-www-form-urlencoded";
const CREATE: &str = "mutation($input: ServiceAccountCreateInput!) { serviceAccountCreate(input: $input) {
    serviceAccount { clientId user { kind login disabled version } } userErrors { code field } } }";
const SECRET: &str = "mutation($id: ID!, $input: ServiceAccountSecretCreateInput!, $key: String) {
    serviceAccountSecretCreate(id: $id, input: $input, idempotencyKey: $key) {
    serviceAccount { clientId } secret { id expiresOn revokedAt lastUsedAt } clientSecret userErrors { code field } } }";
const REVOKE_SECRET: &str = "mutation($id: ID!) { serviceAccountSecretRevoke(id: $id) {
    secret { id revokedAt } userErrors { code } } }";

/// A machine: who it is, and its secret with the secret's own identifier.
#[derive(Clone, Debug)]
pub struct Machine {
    pub id: String,
    pub secret: String,
    pub secret_id: String,
}

/// A place, its system administrator, and a machine with these scopes.
pub async fn scene(scopes: &str) -> (Scene, Client, Machine) {
    with(Scene::new().await, scopes).await
}

pub async fn with(s: Scene, scopes: &str) -> (Scene, Client, Machine) {
    s.person("admin", &[Role::SystemAdmin]).await;
    let admin = s.sign_in("admin", PASSWORD).await.ok().access();
    let admin = s.client(&admin);
    let id = account(&s, &admin, "gateway").await;
    grant(&s.t, key(&id), s.unit, scopes).await;
    let machine = secret(&admin, &id, json!({})).await;
    (s, admin, machine)
}

pub fn key(id: &str) -> Uuid {
    id.parse::<GlobalId>().unwrap().uuid
}

/// A service account without any right.
pub async fn account(s: &Scene, admin: &Client, login: &str) -> String {
    let unit = GlobalId::new(Kind::Unit, s.unit).to_string();
    let input = json!({ "unit": unit, "login": login, "displayName": "数据网关（虚构）" });
    let made = admin.payload(CREATE, json!({ "input": input })).await;
    assert_eq!(made["userErrors"], json!([]), "{made:#}");
    made["serviceAccount"]["clientId"].as_str().unwrap().to_owned()
}

/// A grant, as two people give one.
pub async fn grant(t: &TestApp, user: Uuid, unit: Uuid, scopes: &str) {
    let tx = t.service.store().begin().await.unwrap();
    let row = role_grant::Model {
        id: t.ids.next(),
        user_id: user,
        role: Role::Integration,
        unit_id: unit,
        scopes: scopes.to_owned(),
        named_lists: false,
        realm: Role::Integration.realm(),
        valid_until: None,
        origin: entity::vocabulary::GrantOrigin::Operator,
        request_id: None,
        request_status: None,
        ended_at: None,
        ended_by: None,
        end_reason: None,
        version: 1,
        created_at: t.service.clock().now(),
    };
    tx.insert::<role_grant::Entity>(row).await.unwrap();
    tx.commit().await.unwrap();
}

/// A secret of a service account.
pub async fn secret(admin: &Client, id: &str, input: Value) -> Machine {
    let made = admin.payload(SECRET, json!({ "id": id, "input": input })).await;
    assert_eq!(made["userErrors"], json!([]), "{made:#}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Machine { id: id.to_owned(), secret: text(&made["clientSecret"]), secret_id: text(&made["secret"]["id"]) }
}

pub async fn take_back(admin: &Client, secret: &str) -> Value {
    admin.payload(REVOKE_SECRET, json!({ "id": secret })).await
}

/// One request with whatever headers and body.
pub async fn send(router: &Router, request: Request<Body>) -> Reply {
    let response = router.clone().oneshot(request).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Reply { status, headers, bytes: response.into_body().collect().await.unwrap().to_bytes().to_vec() }
}

pub async fn post(router: &Router, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    let mut request = Request::post(path).header("x-request-id", "machine-test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(router, request.body(Body::from(body.to_owned())).unwrap()).await
}

pub async fn get(router: &Router, path: &str) -> Reply {
    send(router, Request::get(path).body(Body::empty()).unwrap()).await
}

impl Machine {
    pub fn basic(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.id, self.secret)))
    }

    /// Asks for a token, in the way that RFC 6749 prefers.
    pub async fn ask(&self, router: &Router, scope: Option<&str>) -> Reply {
        let scope = scope.map(|scope| format!("&scope={}", scope.replace(' ', "+"))).unwrap_or_default();
        let body = format!("grant_type=client_credentials{scope}");
        post(router, "/auth/token", &[("content-type", FORM), ("authorization", &self.basic())], &body).await
    }

    pub async fn token(&self, router: &Router) -> String {
        self.ask(router, None).await.ok().text("access_token")
    }

    pub async fn narrow(&self, router: &Router, scope: &str) -> String {
        self.ask(router, Some(scope)).await.ok().text("access_token")
    }

    pub async fn hand_back(&self, router: &Router, token: &str) -> Reply {
        let headers = [("content-type", FORM), ("authorization", &*self.basic())];
        post(router, "/auth/revoke", &headers, &format!("token={token}")).await
    }
}
