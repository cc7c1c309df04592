//! Looking back, rectifications, and tasks that go on in other lists, through HTTP.

mod coverage;
mod handed_over;
mod lineage;
mod rectify;
mod rounds;

use entity::deadline;
use entity::vocabulary::DeadlineKind;
use serde_json::{Value, json};
use taizhang::id::Kind;
use uuid::Uuid;

use crate::mutation::reports_stage::*;
use crate::support::Client;

/// The stage with deadlines: the first task by the end of May, the second all the time.
pub async fn stage() -> Stage {
    let s = Stage::new().await;
    let month_end = DeadlineKind::MonthEnd;
    time(&s, s.task, 0, month_end, Some("5月底前"), Some("2026-05-31")).await;
    time(&s, s.second, 0, DeadlineKind::Ongoing, Some("持续推进"), None).await;
    s
}

/// A deadline of a task.
pub async fn time(s: &Stage, task: Uuid, position: i32, kind: DeadlineKind, text: Option<&str>, due_on: Option<&str>) {
    let row = deadline::Model {
        id: s.t.ids.next(),
        task_id: task,
        position,
        kind,
        text: text.map(str::to_owned),
        due_on: due_on.map(|day| day.parse().unwrap()),
        from_on: None,
        rule: None,
        source: None,
    };
    let tx = s.t.service.store().begin().await.unwrap();
    tx.insert::<deadline::Entity>(row).await.unwrap();
    tx.commit().await.unwrap();
}

pub const ROUND: &str = "lookBack { id title status version finishedAt createdBy { id }
    viewerCan { record { allowed } finish { allowed } delete { allowed } }
    items(first: 50) { totalCount nodes { id version finding text dueOn deadlineText task { id } unit { id } assignment { id } } } }";
pub const ITEM: &str = "lookBackItem { id version finding text foundAt foundBy { id }
    evidence { totalCount nodes { id kind title url documentNumber file { id } } }
    viewerCan { record { allowed } openRectification { allowed } } }";
pub const RECTIFICATION: &str = "rectification { id status version problem dueOn measure result recheckText returnCount
    isOverdue daysLeft workingDaysOverdue reportedAt closedAt unit { id } item { id } evidence { totalCount }
    steps { totalCount nodes { status text } }
    viewerCan { plan { allowed } report { allowed } recheck { allowed } cancel { allowed } } }";

/// A verb that takes only an input.
pub async fn make(client: &Client, verb: &str, fields: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", verb[..1].to_uppercase(), &verb[1..]);
    let query = format!(
        "mutation($input: {kind}!, $key: String) {{ {verb}(input: $input, idempotencyKey: $key) {{ {fields} userErrors {{ code message field }} }} }}"
    );
    client.payload(&query, json!({ "input": input })).await
}

/// A verb on something.
pub async fn change(client: &Client, verb: &str, kind: &str, fields: &str, id: &str, input: Value) -> Value {
    let query = format!(
        "mutation($id: ID!, $input: {kind}!) {{ {verb}(id: $id, input: $input) {{ {fields} userErrors {{ code message field }} }} }}"
    );
    client.payload(&query, json!({ "id": id, "input": input })).await
}

pub async fn begin(s: &Stage, title: &str) -> Value {
    let input = json!({ "taskList": id(Kind::TaskList, s.list), "title": title, "dueOn": "2026-07-31" });
    make(&s.office, "lookBackCreate", ROUND, input).await
}

pub async fn finish(client: &Client, round: &str, version: i64) -> Value {
    change(client, "lookBackFinish", "VersionInput", ROUND, round, json!({ "expectedVersion": version })).await
}

pub async fn record(client: &Client, item: &str, input: Value) -> Value {
    change(client, "lookBackItemRecord", "LookBackItemRecordInput", ITEM, item, input).await
}

/// A finished round: the responsible unit reported on paper only, the lead did its part. The round and the two items.
pub async fn finished(s: &Stage) -> (String, String, String) {
    let begun = begin(s, "2026年回头看").await;
    assert_eq!(errors(&begun), []);
    let round = text(&begun["lookBack"]["id"]);
    let (own, lead) = (item_of(&begun, s.responsible_unit), item_of(&begun, s.lead_unit));
    let found = json!({ "expectedVersion": 1, "finding": "DONE_ON_PAPER_ONLY", "text": "虚构：栏目是空的。" });
    assert_eq!(errors(&record(&s.office, &own, found).await), []);
    assert_eq!(errors(&record(&s.office, &lead, json!({ "expectedVersion": 1, "finding": "DONE" })).await), []);
    assert_eq!(errors(&finish(&s.office, &round, 1).await), []);
    (round, own, lead)
}

/// The item of a unit in a payload.
pub fn item_of(payload: &Value, unit: Uuid) -> String {
    let items = payload["lookBack"]["items"]["nodes"].as_array().unwrap();
    text(&items.iter().find(|item| item["unit"]["id"] == id(Kind::Unit, unit)).unwrap()["id"])
}

/// What somebody sees of rounds, items and rectifications: totals by every way in, and the identifiers.
pub async fn sees(client: &Client, round: &str, item: &str) -> (i64, i64, bool) {
    let data = client
        .data(
            "query($round: ID!, $item: ID!) { lookBacks { totalCount nodes { id items { totalCount nodes { id } } } }
            lookBack(id: $round) { items { totalCount } } node(id: $item) { ... on LookBackItem { finding lookBack { id } } } }",
            json!({ "round": round, "item": item }),
        )
        .await;
    let items = &data["lookBack"]["items"]["totalCount"];
    let rounds = number(&data["lookBacks"]["totalCount"]);
    assert_eq!(rounds == 0, data["lookBack"].is_null());
    (rounds, items.as_i64().unwrap_or_default(), !data["node"].is_null())
}
