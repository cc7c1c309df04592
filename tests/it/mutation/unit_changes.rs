//! Units that get another name, merge or split: the directory, the history, and what they do in lists in force.

use serde_json::{Value, json};
use taizhang::id::Kind;
use uuid::Uuid;

use super::amendments_stage::*;
use super::reports_stage::{Stage, codes, errors, full, id, save, text};
use crate::support::Client;

const UNIT: &str = "unit { id name shortName aliases active version successor { id } history { totalCount nodes { kind oldName newName changedOn documentNumber fromUnit { id } toUnit { id } } } }";

async fn verb(client: &Client, verb: &str, unit: Uuid, input: Value, key: Option<&str>) -> Value {
    let more = if verb == "Merge" { "amendments { number reason } users { name }" } else { "" };
    let query = format!(
        "mutation($id: ID!, $input: Unit{verb}Input!, $key: String) {{ unit{verb}(id: $id, input: $input, idempotencyKey: $key) {{ {UNIT} {more} userErrors {{ code message field }} }} }}"
    );
    client.payload(&query, json!({ "id": id(Kind::Unit, unit), "input": input, "key": key })).await
}

async fn unit(client: &Client, key: Uuid) -> Value {
    client
        .data(
            &format!("query($id: ID!) {{ {} }}", UNIT.replacen(' ', "(id: $id) ", 1)),
            json!({ "id": id(Kind::Unit, key) }),
        )
        .await["unit"]
        .clone()
}

fn at(code: &str, field: &str) -> (String, String) {
    (code.to_owned(), field.to_owned())
}

#[tokio::test]
async fn another_name_leaves_the_old_one_as_an_alias_and_in_the_history() {
    let s = Stage::new().await;
    let old = text(&unit(&s.both, s.responsible_unit).await["name"]);
    let other = text(&unit(&s.both, s.lead_unit).await["name"]);
    let input = |version: i64, name: &str, on: &str| json!({ "expectedVersion": version, "name": name, "on": on, "documentNumber": "虚编〔2026〕1号" });
    let before = rows(&s).await;
    for (client, code) in [(&s.office, "FORBIDDEN"), (&s.lead, "FORBIDDEN"), (&s.inspector, "FORBIDDEN")] {
        assert_eq!(
            codes(&verb(client, "Rename", s.responsible_unit, input(1, "虚构新局", "2026-06-01"), None).await),
            [code]
        );
    }
    assert_eq!(
        codes(&verb(&s.both, "Rename", s.responsible_unit, input(9, "虚构新局", "2026-06-01"), None).await),
        ["STALE"]
    );
    let wrong = verb(&s.both, "Rename", s.responsible_unit, input(1, &other, "2026-07-02"), None).await;
    assert_eq!(errors(&wrong), [at("DUPLICATE", "input.name"), at("OUT_OF_RANGE", "input.on")]);
    let same = verb(&s.both, "Rename", s.responsible_unit, input(1, &old, "2026-06-01"), None).await;
    assert_eq!(errors(&same), [at("INVALID_STATE", "input.name")]);
    assert_eq!(rows(&s).await, before);

    let done = verb(&s.admin, "Rename", s.responsible_unit, input(1, "虚构新局", "2026-06-01"), Some("名")).await;
    assert_eq!(errors(&done), []);
    assert_eq!((&done["unit"]["name"], &done["unit"]["version"]), (&json!("虚构新局"), &json!(2)));
    assert!(done["unit"]["aliases"].as_array().unwrap().contains(&json!(old)));
    let me = json!({ "id": id(Kind::Unit, s.responsible_unit) });
    let line = json!({ "kind": "RENAMED", "oldName": old, "newName": "虚构新局", "changedOn": "2026-06-01",
        "documentNumber": "虚编〔2026〕1号", "fromUnit": me, "toUnit": me });
    assert_eq!(done["unit"]["history"], json!({ "totalCount": 1, "nodes": [line] }));
    assert_eq!(done["unit"]["successor"], Value::Null);
    // The old name still means the unit, and may become its name again.
    let task = number_two(&s).await;
    let again = json!([{ "addAssignment": { "task": id(Kind::Task, task), "assignment": { "role": "SUPPORT", "name": old } } }]);
    assert_eq!(errors(&amend(&s, again).await), [at("DUPLICATE", "input.changes.0.unit")]);
    let back = verb(&s.both, "Rename", s.responsible_unit, input(2, &old, "2026-07-01"), None).await;
    assert_eq!(errors(&back), []);
    assert_eq!(back["unit"]["history"]["totalCount"], 2);
    assert!(!back["unit"]["aliases"].as_array().unwrap().contains(&json!(old)));
    assert_eq!(s.count("audit_entry WHERE operation = 'unitRename'").await, 2);
}

#[tokio::test]
async fn a_merger_moves_what_is_done_and_nobody_silently() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let draft = s.owes(&period, s.responsible_unit, s.task).await;
    save(&s.responsible, full(&draft), None).await;
    let renamed = json!({ "expectedVersion": 1, "name": "虚构新局", "on": "2026-06-01" });
    let old = text(&unit(&s.both, s.responsible_unit).await["name"]);
    verb(&s.both, "Rename", s.responsible_unit, renamed, None).await;
    let input = |version: i64, sources: &[Uuid]| {
        let sources: Vec<String> = sources.iter().map(|unit| id(Kind::Unit, *unit)).collect();
        json!({ "expectedVersion": version, "sources": sources, "reason": "机构改革", "on": "2026-07-01" })
    };
    let root = s.t.service.store().roots().await.unwrap()[0].id;
    let before = rows(&s).await;
    assert_eq!(
        codes(&verb(&s.office, "Merge", s.lead_unit, input(1, &[s.responsible_unit]), None).await),
        ["FORBIDDEN"]
    );
    assert_eq!(codes(&verb(&s.both, "Merge", s.lead_unit, input(7, &[s.responsible_unit]), None).await), ["STALE"]);
    let wrong = verb(&s.both, "Merge", s.lead_unit, input(1, &[s.lead_unit]), None).await;
    assert_eq!(errors(&wrong), [at("CONFLICT", "input.sources.0")]);
    let wrong = verb(&s.both, "Merge", s.lead_unit, input(1, &[root]), None).await;
    assert_eq!(codes(&wrong), ["INVALID_STATE", "INVALID_STATE"], "the root, and others stand below it");
    assert_eq!(
        errors(&verb(&s.both, "Merge", s.lead_unit, input(1, &[]), None).await),
        [at("REQUIRED", "input.sources")]
    );
    assert_eq!(rows(&s).await, before);

    let done = verb(&s.both, "Merge", s.lead_unit, input(1, &[s.responsible_unit]), Some("并")).await;
    assert_eq!(errors(&done), []);
    assert_eq!(done["amendments"], json!([{ "number": 1, "reason": "机构改革" }]));
    let mut names: Vec<String> = done["users"].as_array().unwrap().iter().map(|user| text(&user["name"])).collect();
    names.sort();
    assert_eq!(names, ["测试用户both", "测试用户responsible", "测试用户signer"], "they are listed and not moved");
    assert!(done["unit"]["aliases"].as_array().unwrap().contains(&json!(old)), "the aliases moved");
    let source = unit(&s.both, s.responsible_unit).await;
    assert_eq!((&source["active"], &source["successor"]["id"]), (&json!(false), &json!(id(Kind::Unit, s.lead_unit))));
    assert_eq!((&source["history"]["totalCount"], &done["unit"]["history"]["totalCount"]), (&json!(2), &json!(1)));

    // On the first task the stronger role of the successor stays; the second comes to it; what is owed goes along.
    assert_eq!(tasks(&s.responsible).await, [""; 0]);
    assert_eq!(tasks(&s.lead).await, ["1", "2"]);
    let roles = s.office.data("{ tasks { nodes { number assignments(filter: { target: { eq: UNIT } }) { nodes { role unit { id } } } } } }", json!({})).await;
    let lead = |node: &Value| node["unit"]["id"] == id(Kind::Unit, s.lead_unit) && node["role"] == "LEAD";
    for task in roles["tasks"]["nodes"].as_array().unwrap() {
        let seats = task["assignments"]["nodes"].as_array().unwrap();
        assert_eq!(seats.iter().filter(|node| lead(node)).count(), 1, "{task}");
        assert!(seats.iter().all(|node| node["unit"]["id"] != id(Kind::Unit, s.responsible_unit)));
    }
    let lead = id(Kind::Unit, s.lead_unit);
    assert_eq!(owed(&s.office).await, [("1".to_owned(), lead.clone()), ("2".to_owned(), lead)]);
    let rows_after = rows(&s).await;
    assert_eq!(verb(&s.both, "Merge", s.lead_unit, input(1, &[s.responsible_unit]), Some("并")).await, done);
    assert_eq!(rows(&s).await, rows_after, "the same key does it once");
    let again = verb(&s.both, "Merge", s.lead_unit, input(2, &[s.responsible_unit]), None).await;
    assert_eq!(errors(&again), [at("INVALID_STATE", "input.sources")], "what is out of use merges no more");
}

#[tokio::test]
async fn an_administrator_merges_units_and_touches_no_list() {
    let s = Stage::new().await;
    let sources = [id(Kind::Unit, s.responsible_unit)];
    let input = json!({ "expectedVersion": 1, "sources": sources, "reason": "机构改革", "on": "2026-07-01" });
    let done = verb(&s.admin, "Merge", s.lead_unit, input, None).await;
    assert_eq!((errors(&done), &done["amendments"]), (vec![], &json!([])));
    assert_eq!(tasks(&s.responsible).await, ["1", "2"], "the office amends its lists itself");
    assert_eq!(s.count("amendment").await, 0);
}

#[tokio::test]
async fn a_split_is_entered_on_both_sides() {
    let s = Stage::new().await;
    let into = [id(Kind::Unit, s.support_unit), id(Kind::Unit, s.lead_unit)];
    let input =
        |into: &[String], ends: bool| json!({ "expectedVersion": 1, "into": into, "ends": ends, "on": "2026-07-01" });
    let before = rows(&s).await;
    let twice = [into[0].clone(), into[0].clone()];
    assert_eq!(
        errors(&verb(&s.both, "Split", s.responsible_unit, input(&twice, true), None).await),
        [at("CONFLICT", "input.into.1")]
    );
    assert_eq!(codes(&verb(&s.office, "Split", s.responsible_unit, input(&into, true), None).await), ["FORBIDDEN"]);
    assert_eq!(rows(&s).await, before);
    let done = verb(&s.both, "Split", s.responsible_unit, input(&into, true), None).await;
    assert_eq!(errors(&done), []);
    assert_eq!((&done["unit"]["active"], &done["unit"]["history"]["totalCount"]), (&json!(false), &json!(2)));
    assert_eq!(done["unit"]["successor"], Value::Null, "nobody alone");
    for part in [s.support_unit, s.lead_unit] {
        let shown = unit(&s.office, part).await;
        assert_eq!(shown["history"]["nodes"][0]["kind"], "SPLIT");
        assert_eq!(shown["history"]["nodes"][0]["fromUnit"]["id"], id(Kind::Unit, s.responsible_unit));
    }
    assert_eq!(tasks(&s.responsible).await, ["1", "2"], "what it does is moved by amendments");
}
