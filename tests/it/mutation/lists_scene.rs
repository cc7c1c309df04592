//! The demo place with its people, and a draft to work on.

use std::sync::Arc;

use entity::vocabulary::Role;
use serde_json::{Value, json};
use taizhang::documents::{demo, list_json};
use taizhang::id::{GlobalId, Kind};
use taizhang::service::import::{Imported, TaskListImport};
use taizhang::service::{Answer, Caller};
use uuid::Uuid;

use crate::support::{Client, TestApp};

pub struct Scene {
    pub t: Arc<TestApp>,
    pub root: Uuid,
    pub office: Client,
}

pub fn gid(kind: Kind, uuid: Uuid) -> String {
    GlobalId::new(kind, uuid).to_string()
}

impl Scene {
    pub async fn new() -> Self {
        let t = Arc::new(TestApp::new().await);
        let (_, root) = t.places(demo::UNITS).await.remove(0);
        let office = t.user("office", root, &[(Role::Office, root)]).await;
        Self { t, root, office }
    }

    /// Another place, with an office of its own.
    pub async fn foreign_office(&self) -> Client {
        let (_, root) = self.t.places(&demo::UNITS.replace("yunting", "qinghe")).await.remove(0);
        self.t.user("foreign", root, &[(Role::Office, root)]).await
    }

    pub async fn unit(&self, code: &str) -> String {
        gid(Kind::Unit, self.t.unit(self.root, &format!("yunting.{code}")).await)
    }

    pub async fn somebody(&self, login: &str, role: Role, code: &str) -> Client {
        let unit = self.t.unit(self.root, &format!("yunting.{code}")).await;
        self.t.user(login, unit, &[(role, unit)]).await
    }

    /// Everybody who is not the office of this place, with what a verb on a draft answers him. Who lacks the role is
    /// refused before anything is looked up, so that he learns nothing either.
    pub async fn others(&self) -> Vec<(&'static str, Client, &'static str)> {
        let inspector = self.t.user("inspector", self.root, &[(Role::Inspector, self.root)]).await;
        let admin = self.t.user("admin", self.root, &[(Role::SystemAdmin, self.root)]).await;
        vec![
            ("foreign office", self.foreign_office().await, "NOT_FOUND"),
            ("reporter", self.somebody("reporter", Role::Reporter, "jyj").await, "FORBIDDEN"),
            ("office of another unit", self.somebody("low", Role::Office, "jyj").await, "NOT_FOUND"),
            ("inspector", inspector, "FORBIDDEN"),
            ("administrator", admin, "FORBIDDEN"),
        ]
    }

    /// A draft of 2026, by the office.
    pub async fn draft(&self) -> String {
        let input = json!({ "issuer": gid(Kind::Unit, self.root), "year": 2026, "title": "测试清单" });
        done(&self.run("taskListCreate", "TaskListCreateInput", "taskList { id }", None, input).await)["taskList"]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub async fn task(&self, list: &str, number: &str) -> String {
        let input = json!({ "taskList": list, "number": number, "requirement": "公开年度报告。" });
        let payload = self.run("taskCreate", "TaskCreateInput", "task { id }", None, input).await;
        done(&payload)["task"]["id"].as_str().unwrap().to_owned()
    }

    /// One verb by the office.
    pub async fn run(&self, verb: &str, input_type: &str, fields: &str, id: Option<&str>, input: Value) -> Value {
        run(&self.office, verb, input_type, fields, id, input).await
    }

    pub async fn version(&self, list: &str) -> i64 {
        let data = self.office.data("query($id: ID!) { taskList(id: $id) { version } }", json!({ "id": list })).await;
        data["taskList"]["version"].as_i64().unwrap()
    }

    pub async fn caller(&self, client: &Client) -> Caller {
        self.t.caller(client).await
    }

    pub async fn import(&self, issuer: Uuid, text: &str, dry_run: bool) -> Answer<Imported> {
        self.import_as(&self.office, issuer, text, dry_run).await
    }

    pub async fn import_as(&self, client: &Client, issuer: Uuid, text: &str, dry_run: bool) -> Answer<Imported> {
        let document = list_json::read(text).unwrap();
        let input = TaskListImport { issuer, read: document.into(), title: None, support_reports: false, dry_run };
        self.t.service.task_list_import(&self.caller(client).await, None, input).await
    }

    /// Everything the office sees of a list that may change, as one text.
    pub async fn picture(&self, list: &str) -> String {
        const QUERY: &str = "query($id: ID!) { taskList(id: $id) { title year status version issuedOn supportReports
            sections(first: 200) { nodes { id label title version parent { id } } }
            tasks(first: 200) { nodes { id number title requirement needsReview version dueOn
                deadlines(first: 20) { nodes { kind text dueOn } } } } } }";
        let mut picture = self.office.data(QUERY, json!({ "id": list })).await.to_string();
        const WHO: &str = "query($id: ID!) { taskList(id: $id) { tasks(first: 30) { nodes {
            assignments(first: 100) { nodes { id name role version unit { id } } } } } } }";
        picture.push_str(&self.office.data(WHO, json!({ "id": list })).await.to_string());
        picture
    }
}

/// One verb by anybody.
pub async fn run(who: &Client, verb: &str, input_type: &str, fields: &str, id: Option<&str>, input: Value) -> Value {
    run_with_key(who, verb, input_type, fields, id, input, None).await
}

pub async fn run_with_key(
    who: &Client,
    verb: &str,
    input_type: &str,
    fields: &str,
    id: Option<&str>,
    input: Value,
    key: Option<&str>,
) -> Value {
    let (declared, given) = if id.is_some() { ("$id: ID!, ", "id: $id, ") } else { ("", "") };
    let query = format!(
        "mutation({declared}$input: {input_type}!, $key: String) {{ {verb}({given}input: $input, idempotencyKey: $key) {{ {fields} userErrors {{ code message field }} }} }}"
    );
    let mut variables = json!({ "input": input, "key": key });
    if let Some(id) = id {
        variables["id"] = json!(id);
    }
    who.payload(&query, variables).await
}

/// The payload of a verb that must have worked.
pub fn done(payload: &Value) -> &Value {
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    payload
}

/// The codes and fields of a verb that must have been refused.
pub fn refusals(payload: &Value) -> Vec<(String, String)> {
    let errors = payload["userErrors"].as_array().unwrap();
    assert!(!errors.is_empty(), "it was done: {payload:#}");
    let field = |error: &Value| {
        error["field"].as_array().unwrap().iter().map(|f| f.as_str().unwrap()).collect::<Vec<_>>().join(".")
    };
    errors.iter().map(|error| (error["code"].as_str().unwrap().to_owned(), field(error))).collect()
}

pub fn refused(payload: &Value, code: &str, field: &str) {
    assert_eq!(refusals(payload), [(code.to_owned(), field.to_owned())], "{payload:#}");
}
