//! One line per request, with nothing in it that somebody said.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use taizhang::telemetry::{DEFAULT_FILTER, Format, init, subscriber};
use tracing::instrument::WithSubscriber;

use super::toy::toy;

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// A place that logs for the first time in another thread can miss a subscriber that is made meanwhile.
#[test]
fn a_line_per_request() {
    crate::support::alone("envelope::log::alone");
}

#[tokio::test]
#[ignore = "run by a_line_per_request, in a process of its own"]
async fn alone() {
    let t = toy(|_| {});
    let paper = Paper::default();
    let pen = paper.clone();
    let log = subscriber(Format::Json, DEFAULT_FILTER, move || pen.clone()).unwrap();
    async {
        let body = json!({
            "query": "query Find_1($t: String!) { echo(text: \"literal-7\") other: echo(text: $t) }",
            "variables": { "t": "variable-8" },
        });
        t.raw(body.to_string(), &[("x-request-id", "trace-9")]).await.ok();
        t.query(&format!("query {} {{ ping }}", "n".repeat(80))).await.ok();
        t.query("{ nothing(text: \"literal-7\") }").await;
        t.query("{ fails }").await;
    }
    .with_subscriber(log)
    .await;
    let text = paper.text();
    for secret in ["literal-7", "variable-8", "user-1", "Bearer", "hunter2"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let requests: Vec<&Value> = lines.iter().filter(|line| line["target"] == "taizhang::request").collect();
    assert_eq!(requests.len(), 4, "{text}");
    let first = requests[0];
    for (name, wanted) in [
        ("request_id", json!("trace-9")),
        ("method", json!("POST")),
        ("path", json!("/graphql")),
        ("status", json!(200)),
        ("operation", json!("query")),
        ("operation_name", json!("Find_1")),
        ("actor", json!("user_1")),
        ("cost", json!(1)),
    ] {
        assert_eq!(first[name], wanted, "{name}");
    }
    assert!(first["duration_ms"].is_u64());
    assert_eq!(requests[1]["operation_name"], "n".repeat(64));
    assert_eq!(requests[2]["status"], 400);
    assert!(lines.iter().any(|line| line["level"] == "ERROR"), "{text}");
}

#[test]
fn filters_and_formats() {
    let paper = Paper::default();
    let pen = paper.clone();
    let log = subscriber(Format::Pretty, DEFAULT_FILTER, move || pen.clone()).unwrap();
    tracing::subscriber::with_default(log, || {
        tracing::info!(target: "sqlx::query", "SELECT secret");
        tracing::info!(target: "taizhang::store", "opened");
    });
    assert!(paper.text().contains("opened") && !paper.text().contains("SELECT"), "{}", paper.text());
    assert!(subscriber(Format::Json, "what=ever=this", io::sink).is_err());
    assert!(init(Format::Json, "a=b=c").is_err());
}
