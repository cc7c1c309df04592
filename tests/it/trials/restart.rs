//! Restarts under load: whoever got a connection gets a whole answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::client::{Answered, Lost, exchange, graphql, number, post, send};
use crate::support::binary::{self, Served};

const ASK: &str = "{ viewer { name } tasks(first: 10) { nodes { number requirement } } }";
const PATIENCE: Duration = Duration::from_secs(30);
const CLIENTS: usize = 16;
const LANES_ARE_FULL: &str = "服务繁忙，请稍后再试。";

#[derive(Default, Debug)]
struct Tally {
    answers: usize,
    written: usize,
    /// Nobody was there: between the end of the one and the beginning of the other.
    refused: usize,
    /// Sent away before anything was done for them: the lanes were full. What was let in is answered, not told this.
    busy: usize,
    failed: Vec<String>,
}

struct Client {
    address: SocketAddr,
    token: String,
    /// On a connection that is kept, as long as the server keeps it.
    keeps: bool,
    kept: Option<TcpStream>,
    tally: Tally,
}

impl Client {
    /// One request, again and again until somebody takes it; everything but a whole answer to what was taken is a failure.
    async fn ask(&mut self, bytes: &[u8]) -> Option<Value> {
        loop {
            let outcome =
                if self.keeps { self.on_kept(bytes).await } else { send(self.address, bytes, PATIENCE).await };
            match outcome {
                Ok(Answered { status: 200, body, .. }) => {
                    self.tally.answers += 1;
                    return serde_json::from_slice(&body).ok();
                }
                Err(Lost::Refused) => {
                    self.tally.refused += 1;
                    sleep(Duration::from_millis(5)).await;
                }
                Ok(Answered { status: 503, head, body, .. })
                    if head.contains("\nretry-after: ") && String::from_utf8_lossy(&body).contains(LANES_ARE_FULL) =>
                {
                    self.tally.busy += 1;
                    sleep(Duration::from_millis(50)).await;
                }
                Ok(other) => {
                    let said = String::from_utf8_lossy(&other.body).into_owned();
                    self.tally.failed.push(format!("{} {said}", other.status));
                    return None;
                }
                Err(lost) => {
                    self.tally.failed.push(format!("{lost:?} keeps={}", self.keeps));
                    return None;
                }
            }
        }
    }

    async fn on_kept(&mut self, bytes: &[u8]) -> Result<Answered, Lost> {
        let mut stream = match self.kept.take() {
            Some(stream) => stream,
            None => TcpStream::connect(self.address).await.map_err(|_| Lost::Refused)?,
        };
        let asking = exchange(&mut stream, bytes, Instant::now());
        let answered = tokio::time::timeout(PATIENCE, asking).await.unwrap_or(Err(Lost::Late))?;
        if !answered.head.contains("\nconnection: close") {
            self.kept = Some(stream);
        }
        Ok(answered)
    }

    /// Asks, and writes one more change of its own draft every third time.
    async fn work(mut self, report: Option<(String, i64)>, over: Arc<AtomicBool>) -> (Tally, Option<(String, i64)>) {
        let mut report = report;
        let mut nth = 0;
        while !over.load(Ordering::Relaxed) {
            nth += 1;
            match &mut report {
                Some((obligation, version)) if nth % 3 == 0 => {
                    let save = "mutation($o: ID!, $n: String!, $v: Int) { progressReportSave(input: { obligation: $o, \
                                narrative: $n, expectedVersion: $v }) { progressReport { version } \
                                userErrors { code } } }";
                    let expected = (*version > 0).then_some(*version);
                    let variables = json!({ "o": obligation, "n": format!("第 {nth} 稿"), "v": expected });
                    let body = json!({ "query": save, "variables": variables }).to_string();
                    let lines = format!("authorization: Bearer {}\r\n", self.token);
                    // Without a key to repeat it by: it must be done once, and answered.
                    let Some(answer) = self.ask(&post("/graphql", &lines, &body, self.keeps)).await else { break };
                    let now = answer["data"]["progressReportSave"]["progressReport"]["version"].as_i64();
                    if now != Some(*version + 1) {
                        self.tally.failed.push(format!("{version} was there: {answer}"));
                        break;
                    }
                    *version += 1;
                    self.tally.written += 1;
                }
                _ => {
                    let bytes = graphql(&self.token, ASK, self.keeps);
                    if self.ask(&bytes).await.is_none() {
                        break;
                    }
                }
            }
            sleep(Duration::from_millis(3)).await;
        }
        (self.tally, report)
    }
}

/// The next one on the same port, as soon as it gets it.
async fn next(folder: &std::path::Path, port: u16, extra: &'static [&'static str]) -> Served {
    let folder = folder.to_owned();
    let starting = tokio::task::spawn_blocking(move || {
        let began = Instant::now();
        loop {
            match Served::try_start(&folder, port, extra, &[]) {
                Ok(served) => return served,
                // The old one still holds the port, and the new one says so.
                Err(why) => assert!(began.elapsed() < Duration::from_secs(20), "{why}"),
            }
        }
    });
    starting.await.unwrap()
}

async fn restarts(count: u64) {
    const EXTRA: &[&str] = &["--limit-access-token", "1h"];
    let folder = tempfile::tempdir().unwrap();
    let port = binary::free_port();
    let mut served = Served::start(folder.path(), port, EXTRA);
    let owed = "{ reportObligations(filter: { missingReport: true }, first: 200) \
                { nodes { id report { id } viewerCan { save { allowed } } } } }";
    let over = Arc::new(AtomicBool::new(false));
    let mut working = Vec::new();
    let mut tokens = Vec::new();
    for nth in 0..CLIENTS {
        let unit = crate::kill::UNITS[nth % crate::kill::UNITS.len()];
        let login = format!("client.{nth}");
        let make = ["token", &login, "--create", "--unit", unit, "--role", "REPORTER", "--limit-access-token", "1h"];
        let token = binary::done(folder.path(), &make).trim().to_owned();
        let (_, answer) = served.ask(&token, owed, json!({})).unwrap();
        let nodes = answer["data"]["reportObligations"]["nodes"].as_array().unwrap().clone();
        let mut own =
            nodes.iter().filter(|node| node["viewerCan"]["save"]["allowed"] == json!(true) && node["report"].is_null());
        // The two clients of a unit write at different things.
        let mine = own.nth(nth / crate::kill::UNITS.len()).map(|node| (node["id"].as_str().unwrap().to_owned(), 0));
        let (address, keeps) = (served.address, nth % 2 == 0);
        let client = Client { address, token: token.clone(), keeps, kept: None, tally: Tally::default() };
        working.push(tokio::spawn(client.work(mine, over.clone())));
        tokens.push(token);
    }
    let (mut gaps, mut ends) = (Vec::new(), Vec::new());
    for nth in 0..count {
        sleep(Duration::from_millis(600 + (nth * 37) % 200)).await;
        let began = Instant::now();
        served.terminate();
        while served.get("/readyz").is_some_and(|(status, _)| status == 200) {
            sleep(Duration::from_millis(5)).await;
        }
        // The old one goes on with what it has; the new one comes in as soon as the port is free.
        let mut old = std::mem::replace(&mut served, next(folder.path(), port, EXTRA).await);
        gaps.push(began.elapsed());
        let ended = tokio::task::spawn_blocking(move || old.child.wait().unwrap()).await.unwrap();
        assert!(ended.success(), "{ended}");
        ends.push(began.elapsed());
    }
    sleep(Duration::from_millis(600)).await;
    over.store(true, Ordering::Relaxed);
    let mut all = Tally::default();
    for (working, token) in working.into_iter().zip(tokens) {
        let (tally, report) = working.await.unwrap();
        all.answers += tally.answers;
        all.written += tally.written;
        all.refused += tally.refused;
        all.busy += tally.busy;
        all.failed.extend(tally.failed);
        // Every change that was answered, once.
        if let Some((obligation, version)) = report {
            let written = "{ progressReports(first: 200) { nodes { version obligation { id } } } }";
            let (_, answer) = served.ask(&token, written, json!({})).unwrap();
            let nodes = answer["data"]["progressReports"]["nodes"].as_array().unwrap();
            let there = nodes.iter().find(|node| node["obligation"]["id"] == json!(obligation));
            assert_eq!(there.map_or(0, |node| node["version"].as_i64().unwrap()), version, "{obligation}");
        }
    }
    println!(
        "{count} restarts under {CLIENTS} clients: {} answers, {} of them changes, {} connections refused between two \
         servers, {} told to come again, {} failed; ready again after {:?} at most, the old one gone after {:?} at most",
        all.answers,
        all.written,
        all.refused,
        all.busy,
        all.failed.len(),
        gaps.iter().max().unwrap(),
        ends.iter().max().unwrap(),
    );
    assert!(all.failed.is_empty(), "{:#?}", &all.failed[..all.failed.len().min(10)]);
    assert!(all.answers as u64 > 50 * count && all.written > 0, "{} answers", all.answers);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_restarts() {
    restarts(2).await;
}

/// `cargo test --test it trials::restart -- --ignored --nocapture`
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a minute"]
async fn twenty_restarts() {
    restarts(number("TAIZHANG_TRIAL_RESTARTS", 20, 1_000)).await;
}
