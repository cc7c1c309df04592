//! A list in force, with an office of five, and short ways to publish.

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use entity::vocabulary::Role;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use taizhang::id::Kind;
use uuid::Uuid;

use crate::mutation::reports_stage::*;
use crate::support::Client;

/// The stage with four more people of the office.
pub struct Scene {
    pub s: Stage,
    /// Reviews the content.
    pub content: Client,
    /// Reviews for secrecy.
    pub secrecy: Client,
    /// Approves.
    pub chief: Client,
    /// Of the office too.
    pub spare: Client,
}

/// An answer of the public door.
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Page {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub const PUBLICATION: &str =
    "publication { id kind title status round version checksum nextStep openFindingCount leftOutCount publicPath
    withdrawalReason replaces { id } replacedBy { id status }
    findings(first: 200) { totalCount nodes { id kind field taskNumber pointer excerpt released releaseReason } }
    steps(first: 50) { nodes { act decision reason round checksum user { id } } }
    viewerCan { redact { allowed } review { allowed code } publish { allowed } withdraw { allowed } } }
    userErrors { code message field }";

impl Scene {
    pub async fn new() -> Self {
        let s = Stage::new().await;
        let root = s.t.root(s.list).await;
        let unit = s.t.unit(root, "yunting.zfb").await;
        let grants = &[(Role::Office, unit)];
        let content = s.t.user("content", unit, grants).await;
        let secrecy = s.t.user("secrecy", unit, grants).await;
        let chief = s.t.user("chief", unit, grants).await;
        let spare = s.t.user("spare", unit, grants).await;
        Self { s, content, secrecy, chief, spare }
    }

    /// A report of a unit on a task, handed in and accepted; gives the report.
    pub async fn accepted(&self, period: &str, client: &Client, unit: Uuid, task: Uuid, text: &str) -> String {
        let owed = self.s.owes(period, unit, task).await;
        let input = json!({
            "obligation": owed, "narrative": text, "completion": "COMPLETED", "percent": 100,
            "reporterName": "填报人张某", "reporterPhone": "13987654321",
        });
        let saved = save(client, input, None).await;
        assert_eq!(errors(&saved), []);
        let report = crate::mutation::reports_stage::text(&saved["progressReport"]["id"]);
        let submitted = act(client, "Submit", &report, input_of("Submit", 1), None).await;
        assert_eq!(errors(&submitted), []);
        let done = act(&self.s.office, "Accept", &report, input_of("Accept", 2), None).await;
        assert_eq!(errors(&done), []);
        report
    }

    /// Closes the period.
    pub async fn closed(&self, period: &str) {
        let done = close(&self.s.office, period, 1).await;
        assert_eq!(errors(&done), []);
    }

    pub fn of_list(&self, title: &str) -> Value {
        json!({ "kind": "LIST", "taskList": id(Kind::TaskList, self.s.list), "title": title })
    }

    /// Prepares a snapshot of the list.
    pub async fn prepared(&self, input: Value) -> Value {
        let payload = prepare(&self.s.office, input).await;
        assert_eq!(errors(&payload), []);
        payload["publication"].clone()
    }

    /// Takes a prepared publication through all steps; gives it as it is then.
    pub async fn published(&self, publication: &Value) -> Value {
        let (key, mut version) = (text(&publication["id"]), number(&publication["version"]));
        for (client, step) in
            [(&self.content, "CONTENT_REVIEW"), (&self.secrecy, "SECRECY_REVIEW"), (&self.chief, "APPROVAL")]
        {
            let done = review(client, &key, pass(step, version)).await;
            assert_eq!(errors(&done), [], "{step}");
            version += 1;
        }
        let done = verb(&self.s.office, "Publish", &key, json!({ "expectedVersion": version })).await;
        assert_eq!(errors(&done), []);
        done["publication"].clone()
    }

    /// The document as the office reads it.
    pub async fn document(&self, client: &Client, publication: &str) -> Value {
        let query = "query($id: ID!) { publicationDocument(id: $id) { content checksum figures { name svg } } }";
        client.data(query, json!({ "id": publication })).await["publicationDocument"].clone()
    }

    /// What anybody reads at a path.
    pub async fn get(&self, path: &str) -> Page {
        self.ask(&self.s.t.anonymous(), Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn ask(&self, client: &Client, request: Request<Body>) -> Page {
        let answer = client.request(request).await;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        Page { status, headers, body: String::from_utf8(bytes.to_vec()).unwrap() }
    }
}

pub async fn prepare(client: &Client, input: Value) -> Value {
    let query = format!(
        "mutation($input: PublicationPrepareInput!) {{ publicationPrepare(input: $input) {{ {PUBLICATION} }} }}"
    );
    client.payload(&query, json!({ "input": input })).await
}

pub async fn review(client: &Client, publication: &str, input: Value) -> Value {
    let query = format!(
        "mutation($id: ID!, $input: PublicationReviewInput!) {{ publicationReview(id: $id, input: $input) {{ {PUBLICATION} }} }}"
    );
    client.payload(&query, json!({ "id": publication, "input": input })).await
}

pub async fn redact(client: &Client, publication: &str, input: Value) -> Value {
    let query = format!(
        "mutation($id: ID!, $input: PublicationRedactInput!) {{ publicationRedact(id: $id, input: $input) {{ {PUBLICATION} }} }}"
    );
    client.payload(&query, json!({ "id": publication, "input": input })).await
}

/// Publish or Withdraw.
pub async fn verb(client: &Client, which: &str, publication: &str, input: Value) -> Value {
    let of = if which == "Publish" { "VersionInput" } else { "PublicationWithdrawInput" };
    let query = format!(
        "mutation($id: ID!, $input: {of}!) {{ publication{which}(id: $id, input: $input) {{ {PUBLICATION} }} }}"
    );
    client.payload(&query, json!({ "id": publication, "input": input })).await
}

pub fn pass(step: &str, version: i64) -> Value {
    json!({ "expectedVersion": version, "step": step, "decision": "PASSED" })
}

pub fn back(step: &str, version: i64) -> Value {
    json!({ "expectedVersion": version, "step": step, "decision": "RETURNED", "reason": "请核对数字。" })
}
