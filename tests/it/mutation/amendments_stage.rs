//! Short ways to answer, to amend and to look at what came of it.

use entity::vocabulary::*;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::{Value, json};
use taizhang::id::Kind;
use uuid::Uuid;

use super::reports_stage::{Stage, id, number, text};
use crate::support::Client;

const RESPONSE: &str = "response { id kind reason decision decisionReason respondedAt version unit { id } }";

#[expect(clippy::disallowed_methods, reason = "looks past every scope")]
async fn all<E: EntityTrait>(db: &impl ConnectionTrait) -> String {
    let mut rows: Vec<String> = E::find().all(db).await.unwrap().iter().map(|row| format!("{row:?}\n")).collect();
    rows.sort();
    rows.concat()
}

/// Every row these verbs write, as text.
pub async fn rows(s: &Stage) -> String {
    let db = s.t.database.raw().await;
    [
        s.rows().await,
        all::<entity::task_list::Entity>(&db).await,
        all::<entity::task::Entity>(&db).await,
        all::<entity::deadline::Entity>(&db).await,
        all::<entity::assignment::Entity>(&db).await,
        all::<entity::assignment_response::Entity>(&db).await,
        all::<entity::amendment::Entity>(&db).await,
        all::<entity::amendment_change::Entity>(&db).await,
        all::<entity::amendment_audience::Entity>(&db).await,
        all::<entity::unit::Entity>(&db).await,
        all::<entity::unit_alias::Entity>(&db).await,
        all::<entity::unit_change::Entity>(&db).await,
    ]
    .concat()
}

/// The assignment in force of a unit on a task.
pub async fn seat(s: &Stage, task: Uuid, unit: Uuid) -> String {
    let tx = s.t.service.store().begin().await.unwrap();
    let rows = tx.all_where::<entity::assignment::Entity>(entity::assignment::Column::TaskId, &[task]).await.unwrap();
    tx.rollback().await.unwrap();
    let row = rows.iter().find(|a| a.unit_id == Some(unit) && a.status == AssignmentStatus::Active).expect("a seat");
    id(Kind::Assignment, row.id)
}

/// The second task of the stage.
pub async fn number_two(s: &Stage) -> Uuid {
    let tx = s.t.service.store().begin().await.unwrap();
    let rows = tx.all_where::<entity::task::Entity>(entity::task::Column::TaskListId, &[s.list]).await.unwrap();
    tx.rollback().await.unwrap();
    rows.iter().find(|t| t.number == "2").unwrap().id
}

/// Acknowledge or Decline.
pub async fn answer(client: &Client, verb: &str, seat: &str, input: Value, key: Option<&str>) -> Value {
    let kind = if verb == "Decline" { "AssignmentDeclineInput" } else { "VersionInput" };
    let query = format!(
        "mutation($id: ID!, $input: {kind}!, $key: String) {{ assignment{verb}(id: $id, input: $input, idempotencyKey: $key) {{ assignment {{ id {RESPONSE} }} userErrors {{ code message field }} }} }}"
    );
    client.payload(&query, json!({ "id": seat, "input": input, "key": key })).await
}

pub async fn acknowledge_all(client: &Client, s: &Stage, key: Option<&str>) -> Value {
    let query = "mutation($id: ID!, $key: String) { taskListAcknowledge(id: $id, idempotencyKey: $key) { taskList { id } acknowledged userErrors { code message field } } }";
    client.payload(query, json!({ "id": id(Kind::TaskList, s.list), "key": key })).await
}

pub async fn decide(client: &Client, objection: &str, input: Value) -> Value {
    let query = "mutation($id: ID!, $input: AssignmentDeclineDecideInput!) { assignmentDeclineDecide(id: $id, input: $input) { assignmentResponse { id decision decisionReason assignment { id } } userErrors { code message field } } }";
    client.payload(query, json!({ "id": objection, "input": input })).await
}

/// The answer to an assignment as somebody sees it.
pub async fn response(client: &Client, seat: &str) -> Value {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Assignment {{ {RESPONSE} }} }} }}");
    client.data(&query, json!({ "id": seat })).await["node"]["response"].clone()
}

pub async fn receipt(client: &Client, s: &Stage) -> Value {
    let query = "query($id: ID!) { taskList(id: $id) { acknowledgement { units acknowledged pending declined } } }";
    client.data(query, json!({ "id": id(Kind::TaskList, s.list) })).await["taskList"]["acknowledgement"].clone()
}

/// The amendments of the list as somebody sees them.
pub async fn amendments(client: &Client, s: &Stage) -> Value {
    let query = "query($id: ID!) { taskList(id: $id) { amendments(first: 5) { totalCount nodes { id number reason documentNumber changes(first: 20) { totalCount nodes { id kind
        task { number } unit { id } before { number title requirement deadlineText name role } after { number title requirement deadlineText dueOn name role }
        redline { field segments { change text } } } } } } } }";
    client.data(query, json!({ "id": id(Kind::TaskList, s.list) })).await["taskList"]["amendments"].clone()
}

pub async fn version(s: &Stage) -> i64 {
    let query = "query($id: ID!) { taskList(id: $id) { version } }";
    number(&s.office.data(query, json!({ "id": id(Kind::TaskList, s.list) })).await["taskList"]["version"])
}

/// Amends the list as it stands.
pub async fn amend(s: &Stage, changes: Value) -> Value {
    let input = json!({ "expectedVersion": version(s).await, "reason": "虚构调整", "changes": changes });
    amend_with(&s.office, s, input, None).await
}

pub async fn amend_with(client: &Client, s: &Stage, input: Value, key: Option<&str>) -> Value {
    let query = "mutation($id: ID!, $input: TaskListAmendInput!, $key: String) { taskListAmend(id: $id, input: $input, idempotencyKey: $key) { taskList { id version } amendment { id number reason } userErrors { code message field } } }";
    client.payload(query, json!({ "id": id(Kind::TaskList, s.list), "input": input, "key": key })).await
}

/// The tasks somebody sees, by number.
pub async fn tasks(client: &Client) -> Vec<String> {
    let data = client.data("{ tasks(first: 100) { totalCount nodes { number } } }", json!({})).await;
    let nodes = data["tasks"]["nodes"].as_array().unwrap();
    assert_eq!(data["tasks"]["totalCount"], nodes.len());
    nodes.iter().map(|node| text(&node["number"])).collect()
}

/// What is owed in the periods of the list: (task number, unit).
pub async fn owed(client: &Client) -> Vec<(String, String)> {
    let query = "{ reportObligations(first: 100) { nodes { releasedAt task { number } unit { id } } } }";
    let data = client.data(query, json!({})).await;
    let mut owed: Vec<_> = data["reportObligations"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|node| node["releasedAt"].is_null())
        .map(|node| (text(&node["task"]["number"]), text(&node["unit"]["id"])))
        .collect();
    owed.sort();
    owed
}
