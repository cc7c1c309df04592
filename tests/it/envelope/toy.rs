//! A schema without a domain, and helpers to send requests to it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use async_graphql::{
    Context, EmptySubscription, Error, ErrorExtensions, ID, InputValueError, InputValueResult, Object, Request,
    Response, Scalar, ScalarType, Schema, SimpleObject,
};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, StatusCode, header},
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use taizhang::{
    clock::SystemClock,
    config::{Limits, Network},
    id::ClockIdMaker,
    web::{
        App, AuthError, Executor, FileError, NotReady, Outgoing, Principal, RequestInfo,
        explorer::{Explorer, Tab},
        router,
    },
};
use tokio::sync::Semaphore;
use tower::ServiceExt;
use uuid::Uuid;

/// What the resolvers and the tests share.
#[derive(Default)]
pub struct Shared {
    pub entered: AtomicUsize,
    pub finished: AtomicUsize,
    pub cancelled: AtomicUsize,
    pub not_ready: AtomicBool,
    pub asked_if_ready: AtomicUsize,
    pub languages: std::sync::Mutex<Vec<taizhang::web::Lang>>,
    pub gate: Gate,
}

pub struct Gate(pub Semaphore);

impl Default for Gate {
    fn default() -> Self {
        Self(Semaphore::new(0))
    }
}

/// Counts how a resolver ended.
struct Stay<'a>(&'a Shared, bool);

impl Drop for Stay<'_> {
    fn drop(&mut self) {
        let counter = if self.1 { &self.0.finished } else { &self.0.cancelled };
        counter.fetch_add(1, Ordering::SeqCst);
    }
}

async fn wait(ctx: &Context<'_>) -> usize {
    let shared = ctx.data_unchecked::<Arc<Shared>>();
    let mut stay = Stay(shared, false);
    let nth = shared.entered.fetch_add(1, Ordering::SeqCst) + 1;
    shared.gate.0.acquire().await.unwrap().forget();
    stay.1 = true;
    nth
}

#[derive(SimpleObject, Default)]
pub struct Owner {
    id: ID,
    name: String,
}

#[derive(SimpleObject, Default)]
pub struct PageInfo {
    has_next_page: bool,
}

#[derive(SimpleObject, Default)]
pub struct ItemEdge {
    cursor: String,
    node: Item,
}

#[derive(SimpleObject, Default)]
pub struct ItemConnection {
    edges: Vec<ItemEdge>,
    nodes: Vec<Item>,
    page_info: PageInfo,
    total_count: i32,
}

#[derive(Default)]
pub struct Item;

#[Object]
impl Item {
    async fn id(&self) -> ID {
        ID::from("item_1")
    }
    async fn title(&self) -> &str {
        "一"
    }
    async fn owner(&self) -> Owner {
        Owner::default()
    }
    async fn latest(&self) -> Option<Owner> {
        None
    }
    async fn tags(&self) -> Vec<Owner> {
        Vec::new()
    }
    async fn children(&self, first: Option<i32>, last: Option<i32>) -> ItemConnection {
        let _ = (first, last);
        ItemConnection::default()
    }
    async fn parent(&self) -> Option<Item> {
        None
    }
}

/// A scalar that reads itself only when it is executed.
pub struct Day(String);

#[Scalar]
impl ScalarType for Day {
    fn parse(value: async_graphql::Value) -> InputValueResult<Self> {
        match value {
            async_graphql::Value::String(text) if text.len() == 10 => Ok(Self(text)),
            _ => Err(InputValueError::custom("not a day")),
        }
    }
    fn to_value(&self) -> async_graphql::Value {
        self.0.clone().into()
    }
}

fn on_purpose() -> bool {
    panic!("on purpose")
}

pub struct Query;

#[Object]
impl Query {
    async fn ping(&self) -> &str {
        "pong"
    }
    async fn echo(&self, text: String) -> String {
        text
    }
    async fn lists(&self, value: async_graphql::Json<Value>) -> bool {
        value.0.is_array()
    }
    async fn items(&self, first: Option<i32>, last: Option<i32>, after: Option<String>) -> ItemConnection {
        let _ = (first, last, after);
        ItemConnection::default()
    }
    async fn nodes(&self, ids: Vec<ID>) -> Vec<Option<Item>> {
        ids.iter().map(|_| None).collect()
    }
    async fn item(&self) -> Item {
        Item
    }
    async fn wait(&self, ctx: &Context<'_>) -> usize {
        wait(ctx).await
    }
    async fn panics(&self) -> bool {
        on_purpose()
    }
    async fn fails(&self) -> Result<bool, Error> {
        Err(Error::new("secret cause: password=hunter2"))
    }
    async fn forbidden(&self) -> Result<bool, Error> {
        Err(Error::new("不行").extend_with(|_, e| e.set("code", "FORBIDDEN")))
    }
    async fn away(&self) -> Result<bool, Error> {
        Err(Error::new("busy").extend_with(|_, e| e.set("code", "UNAVAILABLE")))
    }
    async fn day(&self, on: Day) -> Day {
        on
    }
}

pub struct Mutation;

#[Object]
impl Mutation {
    async fn add(&self, ctx: &Context<'_>) -> usize {
        ctx.data_unchecked::<Arc<Shared>>().entered.fetch_add(1, Ordering::SeqCst) + 1
    }
    async fn add_slowly(&self, ctx: &Context<'_>) -> usize {
        wait(ctx).await
    }
    async fn panics(&self) -> bool {
        on_purpose()
    }
}

/// Whoever holds the token `user-N`.
#[derive(Clone)]
pub struct User(u128);

impl Principal for User {
    fn key(&self) -> Uuid {
        Uuid::from_u128(self.0)
    }
    fn actor_id(&self) -> String {
        format!("user_{}", self.0)
    }
}

pub struct ToyExecutor {
    schema: Schema<Query, Mutation, EmptySubscription>,
    shared: Arc<Shared>,
}

impl Executor for ToyExecutor {
    type Principal = User;

    fn session(&self, bearer: Option<&str>) -> Result<Option<Uuid>, AuthError> {
        match bearer {
            Some("forged") => Err(AuthError::Refused),
            Some("forever") => Ok(Some(Uuid::from_u128(u128::MAX))),
            _ => Ok(None),
        }
    }

    async fn authenticate(&self, bearer: Option<&str>, info: &RequestInfo) -> Result<User, AuthError> {
        self.shared.languages.lock().unwrap().push(info.lang);
        match bearer {
            None => Err(AuthError::Missing),
            Some("down") => Err(AuthError::Unavailable),
            Some("panic") => panic!("on purpose"),
            Some("forever") => std::future::pending().await,
            Some(token) => {
                let number = token.strip_prefix("user-").and_then(|n| n.parse().ok()).ok_or(AuthError::Refused)?;
                Ok(User(number))
            }
        }
    }

    async fn execute(&self, _: User, _: Arc<RequestInfo>, request: Request) -> Response {
        self.schema.execute(request).await
    }

    /// The only file is one without end.
    async fn fetch(&self, _: User, _: Arc<RequestInfo>, _: &str) -> Result<Outgoing, FileError> {
        let content = futures_util::stream::repeat_with(|| Ok(vec![b'x'; 64 * 1_024]));
        let (name, media_type) = ("endless.csv".to_owned(), "text/csv".to_owned());
        Ok(Outgoing { name, media_type, size: 1 << 40, content: Box::pin(content) })
    }

    fn sdl(&self) -> String {
        self.schema.sdl()
    }

    async fn ready(&self) -> Result<(), NotReady> {
        self.shared.asked_if_ready.fetch_add(1, Ordering::SeqCst);
        if self.shared.not_ready.load(Ordering::SeqCst) { Err(NotReady("asleep")) } else { Ok(()) }
    }
}

/// The toy instance and the ways to talk to it.
#[derive(Clone)]
pub struct Toy {
    pub app: Arc<App<ToyExecutor>>,
    pub shared: Arc<Shared>,
    pub limits: Limits,
}

/// The schema in SDL.
pub fn sdl() -> String {
    Schema::new(Query, Mutation, EmptySubscription).sdl()
}

/// An instance with the start values, changed as wanted.
pub fn toy(change: impl FnOnce(&mut Limits)) -> Toy {
    toy_behind(Vec::new(), change)
}

/// The same, behind proxies that are believed.
pub fn toy_behind(proxies: Vec<Network>, change: impl FnOnce(&mut Limits)) -> Toy {
    let mut limits = Limits::default();
    change(&mut limits);
    let shared = Arc::new(Shared::default());
    // async-graphql counts inline fragments and spreads as depth too, and stops at 32; ours stops at the bracket depth.
    let schema = Schema::build(Query, Mutation, EmptySubscription)
        .limit_recursive_depth(limits.bracket_depth)
        .data(shared.clone())
        .finish();
    let executor = ToyExecutor { schema, shared: shared.clone() };
    let tab = Tab { title: "例 one".into(), query: "{ ping }".into(), variables: String::new() };
    let ids = Arc::new(ClockIdMaker::new(Arc::new(SystemClock)));
    let app = App::new(executor, limits.clone(), ids, Explorer { tabs: vec![tab] }).unwrap().trusting(proxies);
    Toy { app: Arc::new(app), shared, limits }
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {} {:?}", self.status, self.text))
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|v| v.to_str().unwrap()).unwrap_or_default()
    }
    /// The code of the first error; the error must be complete.
    pub fn code(&self) -> String {
        let error = self.json()["errors"][0].clone();
        assert!(error["message"].as_str().is_some_and(|m| !m.is_empty()), "{}", self.text);
        assert_eq!(error["extensions"]["traceId"], self.header("x-request-id"), "{}", self.text);
        error["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no code: {}", self.text)).to_owned()
    }
    /// Asserts status and code of a refusal.
    pub fn refused(&self, status: u16, code: &str) -> &Self {
        assert_eq!((self.status.as_u16(), self.code().as_str()), (status, code), "{}", self.text);
        assert!(self.json().get("data").is_none(), "a refusal has no data: {}", self.text);
        self
    }
    /// Asserts that there is data and no error.
    pub fn ok(&self) -> &Self {
        assert_eq!(self.status, 200, "{}", self.text);
        assert!(self.json().get("errors").is_none(), "{}", self.text);
        self
    }
    pub fn asked(&self) -> u64 {
        self.json()["extensions"]["cost"]["asked"].as_u64().unwrap_or_else(|| panic!("no cost: {}", self.text))
    }
}

impl Toy {
    pub fn router(&self) -> Router {
        router(self.app.clone())
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: axum::http::Request<Body>) -> Answer {
        let response = self.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    /// A signed-in POST of this body, with more headers.
    pub async fn raw(&self, body: impl Into<Body>, headers: &[(&str, &str)]) -> Answer {
        let mut request = signed_in("POST", "/graphql").header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request
                .headers_mut()
                .unwrap()
                .insert(axum::http::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        self.send(request.body(body.into()).unwrap()).await
    }

    /// A signed-in query that wants the newer media type.
    pub async fn query(&self, query: &str) -> Answer {
        self.post(json!({ "query": query })).await
    }

    pub async fn post(&self, body: Value) -> Answer {
        self.raw(body.to_string(), &[("accept", "application/graphql-response+json")]).await
    }

    /// A signed-in GET with these parameters, already encoded.
    pub async fn get(&self, parameters: &str) -> Answer {
        let request = signed_in("GET", &format!("/graphql?{parameters}"))
            .header(header::ACCEPT, "application/graphql-response+json");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A GET without a token.
    pub async fn plain(&self, path: &str) -> Answer {
        self.send(axum::http::Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub fn entered(&self) -> usize {
        self.shared.entered.load(Ordering::SeqCst)
    }

    /// Lets this many waiting resolvers go on.
    pub fn open(&self, places: usize) {
        self.shared.gate.0.add_permits(places);
    }
}

pub fn signed_in(method: &str, uri: &str) -> axum::http::request::Builder {
    axum::http::Request::builder().method(method).uri(uri).header(header::AUTHORIZATION, "Bearer user-1")
}

/// Waits until something is so; fails after five seconds.
pub async fn until(what: impl Fn() -> bool) {
    for _ in 0..500 {
        if what() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it never became so");
}
