//! A server that answers as it is told and remembers what it was asked.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Response, Uri},
};
use tokio::{net::TcpListener, task::JoinHandle};
use url::form_urlencoded;

/// An answer.
#[derive(Clone, Default)]
pub struct Reply {
    pub status: u16,
    pub location: Option<String>,
    pub body: Vec<u8>,
    pub after: Duration,
}

impl Reply {
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::status(200, body)
    }

    pub fn status(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, body: body.into(), ..Self::default() }
    }
}

/// A request that came.
#[derive(Clone)]
pub struct Seen {
    pub query: Vec<(String, String)>,
    pub raw_query: String,
    pub headers: HeaderMap,
    pub form: HashMap<String, String>,
}

#[derive(Default)]
struct Inner {
    replies: HashMap<String, VecDeque<Reply>>,
    seen: HashMap<String, Vec<Seen>>,
}

/// The server; it ends when this does.
pub struct Play {
    pub base: String,
    inner: Arc<Mutex<Inner>>,
    task: JoinHandle<()>,
}

impl Drop for Play {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Play {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::<Mutex<Inner>>::default();
        let router = Router::new().fallback(answer).with_state(inner.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base, inner, task }
    }

    /// From now on this is said at `path`.
    pub fn say(&self, path: &str, reply: Reply) {
        self.say_each(path, [reply]);
    }

    /// From now on these are said at `path`, one after the other; the last one again and again.
    pub fn say_each(&self, path: &str, replies: impl IntoIterator<Item = Reply>) {
        self.inner.lock().unwrap().replies.insert(path.to_owned(), replies.into_iter().collect());
    }

    pub fn seen(&self, path: &str) -> Vec<Seen> {
        self.inner.lock().unwrap().seen.get(path).cloned().unwrap_or_default()
    }

    pub fn calls(&self, path: &str) -> usize {
        self.seen(path).len()
    }

    /// All paths that were asked for.
    pub fn paths(&self) -> Vec<String> {
        self.inner.lock().unwrap().seen.keys().cloned().collect()
    }
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}

async fn answer(State(inner): State<Arc<Mutex<Inner>>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let reply = {
        let mut inner = inner.lock().unwrap();
        let raw_query = uri.query().unwrap_or_default().to_owned();
        let seen =
            Seen { query: pairs(raw_query.as_bytes()), raw_query, headers, form: pairs(&body).into_iter().collect() };
        inner.seen.entry(uri.path().to_owned()).or_default().push(seen);
        match inner.replies.get_mut(uri.path()) {
            Some(replies) if replies.len() > 1 => replies.pop_front().unwrap(),
            Some(replies) => replies[0].clone(),
            None => Reply::status(404, "nothing here"),
        }
    };
    tokio::time::sleep(reply.after).await;
    let mut response = Response::builder().status(reply.status);
    if let Some(location) = reply.location {
        response = response.header("location", location);
    }
    response.body(reply.body.into()).unwrap()
}
