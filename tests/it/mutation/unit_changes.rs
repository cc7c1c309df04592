//! Units that get another name, merge or split: the directory, the history, and what they do in lists in force.

use serde_json::{Value, json};
use taizhang::id::Kind;
use uuid::Uuid;

use super::amendments_stage::*;
use super::reports_stage::{Stage, codes, errors, full, id, open, period_input, save, text};
use crate::support::Client;

const UNIT: &str = "unit { id name shortName aliases active version successor { id } history { totalCount nodes { kind oldName newName changedOn documentNumber fromUnit { id } toUnit { id } } } }";

pub async fn verb(client: &Client, verb: &str, unit: Uuid, input: Value, key: Option<&str>) -> Value {
    let more = match verb {
        "Merge" => "amendments { number reason } sources { contacts(first: 50) { nodes { name } } }",
        _ => "",
    };
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
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'unitRename'").await, 2);
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
    let people = done["sources"][0]["contacts"]["nodes"].as_array().unwrap();
    let mut names: Vec<String> = people.iter().map(|user| text(&user["name"])).collect();
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
    let standing = async |client: &Client| {
        let data =
            client.data("{ tasks(filter: { unitOutOfUse: true }) { totalCount nodes { number } } }", json!({})).await;
        let nodes = data["tasks"]["nodes"].as_array().unwrap();
        nodes.iter().map(|task| text(&task["number"])).collect::<Vec<_>>()
    };
    assert_eq!(standing(&s.office).await, ["1", "2"]);

    // Where the unit goes on, nothing has to be moved; who enters it without seeing lists is told nothing of them.
    let s = Stage::new().await;
    let into = [id(Kind::Unit, s.support_unit)];
    let done = verb(&s.both, "Split", s.lead_unit, input(&into, false), None).await;
    assert_eq!((errors(&done), &done["unit"]["active"]), (vec![], &json!(true)));
    assert_eq!(standing(&s.office).await, Vec::<String>::new());
    let done = verb(&s.admin, "Split", s.responsible_unit, input(&into, true), None).await;
    assert_eq!((errors(&done), &done["unit"]["active"]), (vec![], &json!(false)));
    assert_eq!(standing(&s.admin).await, Vec::<String>::new());
}

/// What stands with a unit that ended is shown wherever the office looks, and nobody waits for it.
#[tokio::test]
async fn nothing_is_expected_of_a_unit_that_ended() {
    let s = Stage::new().await;
    let before = s.opened().await;
    let into = json!([id(Kind::Unit, s.support_unit)]);
    let input = json!({ "expectedVersion": 1, "into": into, "ends": true, "on": "2026-07-01" });
    assert_eq!(errors(&verb(&s.both, "Split", s.responsible_unit, input, None).await), []);
    assert_eq!(owed(&s.office).await.len(), 3, "what was expected before stays until the list is amended");
    let input = period_input(s.list, "CUMULATIVE", "2026-01-01", "2026-07-31", "2026-08-10");
    let opened = open(&s.office, input, None).await;
    assert_eq!(errors(&opened), []);
    let period = text(&opened["reportingPeriod"]["id"]);
    let query = "query($period: ID!, $list: ID!) { reportingPeriod(id: $period) { reportObligations { nodes { unit { id } } } closeGate { unitOutOfUseCount missingCount } }
        taskList(id: $list) { tasks(filter: { unitOutOfUse: true }) { totalCount nodes { number } } } in: tasks(filter: { unitOutOfUse: false }) { totalCount } }";
    let seen = async |client: &Client, period: &str| {
        client.data(query, json!({ "period": period, "list": id(Kind::TaskList, s.list) })).await
    };
    let new = seen(&s.office, &period).await;
    let lead = json!([{ "unit": { "id": id(Kind::Unit, s.lead_unit) } }]);
    assert_eq!(new["reportingPeriod"]["reportObligations"]["nodes"], lead);
    assert_eq!(new["reportingPeriod"]["closeGate"], json!({ "unitOutOfUseCount": 2, "missingCount": 1 }));
    let ended = json!({ "totalCount": 2, "nodes": [{ "number": "1" }, { "number": "2" }] });
    assert_eq!((&new["taskList"]["tasks"], &new["in"]["totalCount"]), (&ended, &json!(0)));
    assert_eq!(seen(&s.office, &before).await["reportingPeriod"]["closeGate"]["missingCount"], 3);
    let unit = seen(&s.lead, &period).await;
    assert_eq!(unit["reportingPeriod"]["closeGate"]["unitOutOfUseCount"], 1, "of what it sees");

    // The office names somebody else: he owes it at once, and nothing is left over.
    let second = id(Kind::Task, number_two(&s).await);
    let changes = json!([
        { "withdrawAssignment": { "assignment": seat(&s, s.task, s.responsible_unit).await } },
        { "withdrawAssignment": { "assignment": seat(&s, s.second, s.responsible_unit).await } },
        { "addAssignment": { "task": second, "assignment": { "role": "LEAD", "unit": id(Kind::Unit, s.support_unit) } } },
    ]);
    assert_eq!(errors(&amend(&s, changes).await), []);
    let after = seen(&s.office, &period).await;
    assert_eq!(after["reportingPeriod"]["closeGate"], json!({ "unitOutOfUseCount": 0, "missingCount": 2 }));
    assert_eq!(after["taskList"]["tasks"]["totalCount"], 0);
}
