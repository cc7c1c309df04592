//! The whole server in process: real router, real database, a clock that stands still.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use entity::vocabulary::{Role, UserKind};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use taizhang::clock::{FixedClock, SharedClock, day_of};
use taizhang::config::{Limits, PasswordProfile, TotpFor};
use taizhang::documents::sandbox::Program;
use taizhang::documents::units_json;
use taizhang::domain::calendar::Calendar;
use taizhang::external::Providers;
use taizhang::id::{ClockIdMaker, SharedIdMaker};
use taizhang::secrets::{AnchorVerifier, Breached, Keyring, SystemRandom, TokenMaker, TokenRules, TokenVerifier};
use taizhang::service::audit::Asked;
use taizhang::service::operator::{NewGrant, NewUser};
use taizhang::service::sign_in::{Authenticator, AuthenticatorParts};
use taizhang::service::upkeep::fsck::Finding;
use taizhang::service::{Caller, Parts, Service};
use taizhang::store::Store;
use taizhang::web::{App, api::Api, explorer::Explorer, router};
use tower::ServiceExt;
use uuid::Uuid;

use super::TestDatabase;

/// One server with a database of its own.
pub struct TestApp {
    pub database: TestDatabase,
    pub service: Service,
    pub clock: Arc<FixedClock>,
    pub router: Router,
    pub ids: SharedIdMaker,
    pub verifier: TokenVerifier,
    maker: TokenMaker,
    choices: Choices,
    keys: tempfile::TempDir,
}

/// What a server is told at its start.
struct Choices {
    limits: Limits,
    profile: PasswordProfile,
    totp_for: TotpFor,
    providers: Providers,
}

/// One program.
pub struct Server {
    pub service: Service,
    pub router: Router,
    pub ids: SharedIdMaker,
    pub verifier: TokenVerifier,
    maker: TokenMaker,
}

impl Server {
    fn new(store: Store, clock: Arc<FixedClock>, keys: &Path, choices: &Choices) -> Self {
        let limits = choices.limits.clone();
        let shared: SharedClock = clock;
        let ids: SharedIdMaker = Arc::new(ClockIdMaker::new(shared.clone()));
        let keyring = Keyring::open_or_create(&keys.join("keys"), &*ids).unwrap();
        let rules = TokenRules {
            issuer: "taizhang".to_owned(),
            audience: "taizhang".to_owned(),
            lifetime: limits.access_token,
            leeway: limits.clock_leeway,
        };
        let maker = keyring.token_maker(rules.clone()).unwrap();
        let verifier = TokenVerifier::new(&keyring.public_keys(), rules.clone()).unwrap();
        let parts = AuthenticatorParts {
            tokens: keyring.token_maker(rules).unwrap(),
            random: Arc::new(SystemRandom),
            breached: Breached::built_in(),
            profile: choices.profile,
            totp_for: choices.totp_for,
            providers: choices.providers.clone(),
        };
        let service = Service::new(Parts {
            store,
            clock: shared,
            ids: ids.clone(),
            limits: Arc::new(limits.clone()),
            calendar: Arc::new(Calendar::bundled().unwrap()),
            cipher: keyring.data_cipher().unwrap(),
            documents: Program::at(env!("CARGO_BIN_EXE_taizhang")),
            authenticator: Arc::new(Authenticator::new(parts, &limits).unwrap()),
        });
        let api = Api::new(service.clone(), verifier.clone());
        let app = App::new(api, limits, ids.clone(), Explorer { tabs: Vec::new() }).unwrap();
        let router = router(Arc::new(app));
        Self { service, router, ids, maker, verifier }
    }

    /// What the program does now and then by itself.
    pub async fn looks_at_its_keys(&self, folder: &Path) {
        self.service.keys_take_up(folder, &self.verifier).await.unwrap();
    }
}

/// Somebody who calls it.
#[derive(Clone)]
pub struct Client {
    router: Router,
    token: Option<String>,
    pub user: Option<Uuid>,
}

impl TestApp {
    /// With the start values of the limits, on 1 July 2026, 9:00 in Shanghai.
    pub async fn new() -> Self {
        Self::with_limits(Limits::default()).await
    }

    pub async fn with_limits(limits: Limits) -> Self {
        Self::with(limits, PasswordProfile::Dengbao, TotpFor::Nobody).await
    }

    /// One that takes the word of other sign-in services.
    pub async fn with_providers(providers: Providers, totp_for: TotpFor) -> Self {
        Self::told(Limits::default(), PasswordProfile::Dengbao, totp_for, providers).await
    }

    pub async fn with(limits: Limits, profile: PasswordProfile, totp_for: TotpFor) -> Self {
        Self::told(limits, profile, totp_for, Providers::default()).await
    }

    pub async fn told(limits: Limits, profile: PasswordProfile, totp_for: TotpFor, providers: Providers) -> Self {
        // Boxed: every test holds it in its own future.
        Box::pin(Self::built(limits, profile, totp_for, providers)).await
    }

    async fn built(limits: Limits, profile: PasswordProfile, totp_for: TotpFor, providers: Providers) -> Self {
        // As little work for a password as there can be; what it costs in earnest is measured elsewhere.
        let usual = limits.sign_in_refusal == Limits::default().sign_in_refusal;
        let sign_in_refusal = if usual { Duration::ZERO } else { limits.sign_in_refusal };
        let limits =
            Limits { password_memory: 8, password_passes: 1, passwords_waiting: 1_000, sign_in_refusal, ..limits };
        let database = TestDatabase::new().await;
        let clock = Arc::new(FixedClock::new("2026-07-01T01:00:00Z".parse().unwrap()));
        let keys = tempfile::tempdir().unwrap();
        let choices = Choices { limits, profile, totp_for, providers };
        let server = Server::new(database.store.clone(), clock.clone(), keys.path(), &choices);
        let Server { service, router, ids, maker, verifier } = server;
        Self { database, service, clock, router, ids, maker, verifier, choices, keys }
    }

    /// Another program on the same database with the same key folder and the same clock.
    pub async fn beside(&self) -> Server {
        self.beside_at(self.keys.path()).await
    }

    /// The same, taking the word of other services.
    pub async fn beside_with(&self, providers: Providers) -> Server {
        let store = Store::open(&super::database::settings(&self.database.url)).await.unwrap();
        let Choices { limits, profile, totp_for, .. } = &self.choices;
        let choices = Choices { limits: limits.clone(), profile: *profile, totp_for: *totp_for, providers };
        Server::new(store, self.clock.clone(), self.keys.path(), &choices)
    }

    /// The same with its keys in a folder `keys` of its own.
    pub async fn beside_at(&self, place: &Path) -> Server {
        let store = Store::open(&super::database::settings(&self.database.url)).await.unwrap();
        Server::new(store, self.clock.clone(), place, &self.choices)
    }

    /// The folder of the private keys.
    pub fn keys(&self) -> PathBuf {
        self.keys.path().join("keys")
    }

    /// What the check of everything finds.
    pub async fn findings(&self) -> Vec<Finding> {
        let keyring = Keyring::open(&self.keys()).unwrap();
        let verifier = AnchorVerifier::new(&keyring.public_keys(), "taizhang").unwrap();
        let mut findings = Vec::new();
        self.service.fsck(&verifier, &mut |finding| findings.push(finding)).await.unwrap();
        findings
    }

    /// Brings in a places file; gives the root of each place by its key.
    pub async fn places(&self, text: &str) -> Vec<(String, Uuid)> {
        let document = units_json::read(text).unwrap();
        let mut roots = Vec::new();
        for place in &document.jurisdictions {
            let done = self.service.place_import(place).await.unwrap();
            roots.push((place.key.clone(), done.root));
        }
        // One signature unless a test asks for two, so that most tests tell their own story.
        super::database::execute(&self.database.url, "UPDATE unit SET report_signing = false").await;
        roots
    }

    /// The unit with this code under a root.
    pub async fn unit(&self, root: Uuid, code: &str) -> Uuid {
        let tx = self.service.store().begin().await.unwrap();
        let unit = tx.unit_by_code(root, code).await.unwrap();
        tx.rollback().await.unwrap();
        unit.unwrap_or_else(|| panic!("no unit {code}")).id
    }

    /// The root unit of a list.
    pub async fn root(&self, list: Uuid) -> Uuid {
        let tx = self.service.store().begin().await.unwrap();
        let column = entity::task_list::Column::Id;
        let row = tx.all_where::<entity::task_list::Entity>(column, &[list]).await.unwrap().remove(0);
        tx.rollback().await.unwrap();
        row.root_id
    }

    /// A new user of `unit` with one role there or elsewhere, signed in.
    pub async fn user(&self, login: &str, unit: Uuid, grants: &[(Role, Uuid)]) -> Client {
        let grants = grants.iter().map(|(role, unit)| NewGrant { role: *role, unit: *unit, scopes: Vec::new() });
        let new = NewUser {
            kind: UserKind::Person,
            login: login.to_owned(),
            display_name: format!("测试用户{login}"),
            unit,
            grants: grants.collect(),
        };
        self.sign_in(self.service.user_add(new).await.unwrap()).await
    }

    /// A session and a token for a user that exists.
    pub async fn sign_in(&self, user: Uuid) -> Client {
        let session = self.service.session_open(user, Duration::from_secs(12 * 3600), "test").await.unwrap();
        let token = self.maker.mint(user, session, self.service.clock().now(), &*self.ids).unwrap();
        Client { router: self.router.clone(), token: Some(token), user: Some(user) }
    }

    /// The caller of verbs that are called past HTTP, as a client's own user.
    pub async fn caller(&self, client: &Client) -> Caller {
        let user = client.user.expect("nobody calls no verbs");
        let session = self.service.session_open(user, Duration::from_secs(3600), "test").await.unwrap();
        let now = self.service.clock().now();
        let actor = self.service.store().actor(user, session, now, day_of(now)).await.unwrap().unwrap();
        Caller { actor: Arc::new(actor), request_id: "test".to_owned(), address: None, asked: Asked::default() }
    }

    /// Somebody with this access token.
    pub fn bearing(&self, token: &str) -> Client {
        Client { router: self.router.clone(), token: Some(token.to_owned()), user: None }
    }

    /// Nobody.
    pub fn anonymous(&self) -> Client {
        Client { router: self.router.clone(), token: None, user: None }
    }
}

impl Client {
    /// Somebody with this access token at this server.
    pub fn of(router: Router, token: &str) -> Self {
        Self { router, token: Some(token.to_owned()), user: None }
    }

    /// Sends one operation; the status and the whole answer, as bytes.
    pub async fn send(&self, query: &str, variables: Value) -> (u16, Vec<u8>) {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json")
            .header("x-request-id", "test");
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        (status, response.into_body().collect().await.unwrap().to_bytes().to_vec())
    }

    /// Sends any request, signed in if this is somebody.
    pub async fn request(&self, mut request: Request<Body>) -> axum::response::Response {
        if let (Some(token), false) = (&self.token, request.headers().contains_key("authorization")) {
            request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Sends one operation; the whole answer as JSON.
    pub async fn answer(&self, query: &str, variables: Value) -> Value {
        serde_json::from_slice(&self.send(query, variables).await.1).unwrap()
    }

    /// Sends one operation that must not fail; its data.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.answer(query, variables).await;
        assert!(answer["errors"].is_null(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// Sends one verb; its payload. Where the role guard closes the whole operation, a payload that says so.
    pub async fn payload(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.answer(query, variables).await;
        if answer["errors"][0]["extensions"]["code"] == "FORBIDDEN" {
            assert!(answer["data"].is_null(), "{query}\n{answer:#}");
            return json!({ "byGuard": true, "userErrors": [{ "code": "FORBIDDEN", "message": "closed", "field": [] }] });
        }
        assert!(answer["errors"].is_null(), "{query}\n{answer:#}");
        answer["data"].as_object_mut().unwrap().values_mut().next().unwrap().take()
    }
}
