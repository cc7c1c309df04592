//! Carrying forward, and the lead that merges.

use serde_json::{Value, json};
use taizhang::id::Kind;

use super::reports_stage::*;
use crate::support::Client;
use crate::support::database::execute;

const FILLED: &str = "progressReport { id status version narrative completion percent unchanged parts { totalCount nodes { revision narrative completion percent movedOn unit { name } source { id } } } }";

async fn fill(client: &Client, verb: &str, input: Value) -> Value {
    let query = format!(
        "mutation($input: ProgressReport{verb}Input!) {{ progressReport{verb}(input: $input) {{ {FILLED} userErrors {{ code message field }} }} }}"
    );
    client.payload(&query, json!({ "input": input })).await
}

async fn read(client: &Client, report: &str) -> Value {
    let query = format!("query($id: ID!) {{ {} }}", FILLED.replacen(' ', "(id: $id) ", 1));
    client.data(&query, json!({ "id": report })).await["progressReport"].clone()
}

async fn handed_in(s: &Stage, client: &Client, owed: &str, narrative: &str) -> String {
    let mut input = full(owed);
    input["narrative"] = json!(narrative);
    let report = text(&save(client, input, None).await["progressReport"]["id"]);
    let done = act(client, "Submit", &report, input_of("Submit", 1), None).await;
    assert_eq!(errors(&done), [], "{}", s.list);
    report
}

#[tokio::test]
async fn last_periods_report_is_carried_forward() {
    let s = Stage::new().await;
    let early =
        open(&s.office, period_input(s.list, "CUMULATIVE", "2026-01-01", "2026-03-31", "2026-04-10"), None).await;
    let early = text(&early["reportingPeriod"]["id"]);
    let june = s.opened().await;
    let owed = s.owes(&june, s.responsible_unit, s.task).await;
    let before = s.rows().await;
    let nothing = fill(&s.responsible, "CarryForward", json!({ "obligation": owed })).await;
    assert_eq!(errors(&nothing), [("INVALID_STATE".to_owned(), "input.obligation".to_owned())]);
    assert_eq!(s.rows().await, before);
    let first = s.owes(&early, s.responsible_unit, s.task).await;
    let report = handed_in(&s, &s.responsible, &first, "虚构：一季度已公开。").await;
    assert_eq!(read(&s.responsible, &report).await["unchanged"], Value::Null, "there is nothing before it");
    for (client, code) in [(&s.lead, "FORBIDDEN"), (&s.office, "FORBIDDEN"), (&s.foreign, "NOT_FOUND")] {
        assert_eq!(codes(&fill(client, "CarryForward", json!({ "obligation": owed })).await), [code]);
    }
    let done = fill(&s.responsible, "CarryForward", json!({ "obligation": owed })).await;
    assert_eq!(errors(&done), []);
    let carried = &done["progressReport"];
    assert_eq!((&carried["narrative"], &carried["percent"]), (&json!("虚构：一季度已公开。"), &json!(40)));
    assert_eq!((&carried["status"], &carried["unchanged"]), (&json!("DRAFT"), &json!(true)));
    let id = text(&carried["id"]);
    let change = json!({ "obligation": owed, "expectedVersion": 1, "percent": 50 });
    save(&s.responsible, change, None).await;
    assert_eq!(read(&s.office, &id).await["unchanged"], false);
    let stale = fill(&s.responsible, "CarryForward", json!({ "obligation": owed, "expectedVersion": 1 })).await;
    assert_eq!(codes(&stale), ["STALE"]);
    fill(&s.responsible, "CarryForward", json!({ "obligation": owed, "expectedVersion": 2 })).await;
    assert_eq!(read(&s.office, &id).await["unchanged"], true);
    // While the earlier one is being corrected, what was accepted of it is what counts.
    act(&s.office, "Accept", &report, input_of("Accept", 2), None).await;
    act(&s.responsible, "Correct", &report, input_of("Correct", 3), None).await;
    let words = json!({ "obligation": first, "expectedVersion": 4, "narrative": "改了一半" });
    assert_eq!(errors(&save(&s.responsible, words, None).await), []);
    assert_eq!(read(&s.office, &id).await["unchanged"], true);
}

/// A quarter goes on from the quarter before it, the first one from its last month, and a month from the month before it,
/// whatever else ended on the same day.
#[tokio::test]
async fn what_is_carried_forward_is_of_the_same_kind_if_there_is_one() {
    let s = Stage::new().await;
    let period = async |kind: &str, from: &str, to: &str| {
        let opened = open(&s.office, period_input(s.list, kind, from, to, "2026-08-10"), None).await;
        assert_eq!(errors(&opened), []);
        s.owes(&text(&opened["reportingPeriod"]["id"]), s.responsible_unit, s.task).await
    };
    let carried = async |owed: &str| {
        let done = fill(&s.responsible, "CarryForward", json!({ "obligation": owed })).await;
        assert_eq!(errors(&done), []);
        text(&done["progressReport"]["narrative"])
    };
    let march = period("PLAIN", "2026-03-01", "2026-03-31").await;
    let first = period("CUMULATIVE", "2026-01-01", "2026-03-31").await;
    handed_in(&s, &s.responsible, &march, "虚构：三月。").await;
    assert_eq!(carried(&first).await, "虚构：三月。");
    let words = json!({ "obligation": first, "expectedVersion": 1, "narrative": "虚构：一季度。" });
    let report = text(&save(&s.responsible, words, None).await["progressReport"]["id"]);
    assert_eq!(errors(&act(&s.responsible, "Submit", &report, input_of("Submit", 2), None).await), []);
    let april = period("PLAIN", "2026-04-01", "2026-04-30").await;
    assert_eq!(carried(&april).await, "虚构：三月。");
    let june = period("PLAIN", "2026-06-01", "2026-06-30").await;
    handed_in(&s, &s.responsible, &june, "虚构：六月。").await;
    let second = period("CUMULATIVE", "2026-01-01", "2026-06-30").await;
    assert_eq!(carried(&second).await, "虚构：一季度。");
}

#[tokio::test]
async fn what_is_too_long_when_merged_is_chosen_by_the_lead() {
    let s = Stage::with(true).await;
    let period = s.opened().await;
    let lead = s.owes(&period, s.lead_unit, s.task).await;
    let mut parts = Vec::new();
    for (client, unit) in [(&s.responsible, s.responsible_unit), (&s.support, s.support_unit)] {
        let owed = s.owes(&period, unit, s.task).await;
        parts.push(handed_in(&s, client, &owed, &"长".repeat(5_500)).await);
    }
    let before = s.rows().await;
    let all = fill(&s.lead, "Merge", json!({ "obligation": lead })).await;
    assert_eq!(errors(&all), [("TOO_LONG".to_owned(), "input.sources".to_owned())]);
    let said = text(&all["userErrors"][0]["message"]);
    assert!(said.contains("10000") && said.contains("sources"), "{said}");
    assert_eq!(s.rows().await, before);
    let one = fill(&s.lead, "Merge", json!({ "obligation": lead, "sources": [parts[0]] })).await;
    assert_eq!((errors(&one), &one["progressReport"]["parts"]["totalCount"]), (vec![], &json!(1)));
}

#[tokio::test]
async fn a_lead_merges_the_parts_and_keeps_them() {
    let s = Stage::with(true).await;
    let period = s.opened().await;
    let lead = s.owes(&period, s.lead_unit, s.task).await;
    let before = s.rows().await;
    let nothing = fill(&s.lead, "Merge", json!({ "obligation": lead })).await;
    assert_eq!(errors(&nothing), [("INVALID_STATE".to_owned(), "input.sources".to_owned())]);
    assert_eq!(s.rows().await, before);
    let theirs = s.owes(&period, s.responsible_unit, s.task).await;
    let part = handed_in(&s, &s.responsible, &theirs, "虚构：学校已公开。").await;
    let draft = s.owes(&period, s.support_unit, s.task).await;
    let draft = text(&save(&s.support, full(&draft), None).await["progressReport"]["id"]);
    // Not those who don't lead, and nothing that is not handed in.
    let before = s.rows().await;
    for (client, code) in [(&s.responsible, "FORBIDDEN"), (&s.office, "FORBIDDEN"), (&s.foreign, "NOT_FOUND")] {
        let wanted = if client.user == s.responsible.user { &theirs } else { &lead };
        assert_eq!(codes(&fill(client, "Merge", json!({ "obligation": wanted })).await), [code]);
    }
    let unseen = fill(&s.lead, "Merge", json!({ "obligation": lead, "sources": [part, draft] })).await;
    assert_eq!(errors(&unseen), [("NOT_FOUND".to_owned(), "input.sources.1".to_owned())]);
    assert_eq!(s.rows().await, before);

    let merged = fill(&s.lead, "Merge", json!({ "obligation": lead })).await;
    assert_eq!(errors(&merged), []);
    let report = text(&merged["progressReport"]["id"]);
    let name = merged["progressReport"]["parts"]["nodes"][0]["unit"]["name"].as_str().unwrap().to_owned();
    assert_eq!(merged["progressReport"]["narrative"], format!("【{name}】虚构：学校已公开。"));
    let part_of = |moved: bool, source: Value| {
        json!({ "totalCount": 1, "nodes": [{
            "revision": 1, "narrative": "虚构：学校已公开。", "completion": "LIMITED", "percent": 40, "movedOn": moved,
            "unit": { "name": name }, "source": source,
        }] })
    };
    assert_eq!(merged["progressReport"]["parts"], part_of(false, json!({ "id": part })));
    // The co-unit takes its part back: the whole keeps it, and says so.
    act(&s.responsible, "Withdraw", &part, input_of("Withdraw", 2), None).await;
    assert_eq!(read(&s.lead, &report).await["parts"], part_of(true, Value::Null));
    assert_eq!(read(&s.office, &report).await["parts"], part_of(true, json!({ "id": part })));
    act(&s.responsible, "Submit", &part, input_of("Submit", 3), None).await;
    assert_eq!(read(&s.lead, &report).await["parts"], part_of(true, json!({ "id": part })));
    let again = fill(&s.lead, "Merge", json!({ "obligation": lead, "expectedVersion": 1 })).await;
    assert_eq!(again["progressReport"]["parts"]["nodes"][0]["revision"], 2);
    assert_eq!(s.count("report_part").await, 1);
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'progressReportMerge'").await, 2);
}

const NAME: &str = "mutation($id: ID!, $input: TaskReportingLeadNameInput!) { taskReportingLeadName(id: $id, input: $input) { task { version reportingLead { unit { id } } } userErrors { code message field } } }";

#[tokio::test]
async fn joint_leads_name_one_that_merges() {
    let s = Stage::with(true).await;
    execute(&s.t.database.url, "UPDATE assignment SET role = 'LEAD' WHERE position = 1").await;
    let period = s.opened().await;
    let (lead, other) = (s.owes(&period, s.lead_unit, s.task).await, s.owes(&period, s.responsible_unit, s.task).await);
    handed_in(&s, &s.support, &s.owes(&period, s.support_unit, s.task).await, "虚构：民政已公开。").await;
    for (client, owed) in [(&s.lead, &lead), (&s.responsible, &other)] {
        assert_eq!(codes(&fill(client, "Merge", json!({ "obligation": owed })).await), ["FORBIDDEN"]);
    }
    let task = id(Kind::Task, s.task);
    let name = async |client: &Client, version: i64, unit: Option<uuid::Uuid>| {
        let input = json!({ "expectedVersion": version, "unit": unit.map(|unit| id(Kind::Unit, unit)) });
        client.payload(NAME, json!({ "id": task, "input": input })).await
    };
    let before = s.rows().await;
    for (client, version, unit, code) in [
        (&s.lead, 1, s.lead_unit, "FORBIDDEN"),
        (&s.office, 1, s.support_unit, "INVALID_STATE"),
        (&s.office, 2, s.lead_unit, "STALE"),
    ] {
        assert_eq!(codes(&name(client, version, Some(unit)).await), [code]);
    }
    assert_eq!(s.rows().await, before);
    let named = name(&s.office, 1, Some(s.responsible_unit)).await;
    assert_eq!(errors(&named), []);
    let of = |unit| json!({ "unit": { "id": id(Kind::Unit, unit) } });
    assert_eq!(named["task"], json!({ "version": 2, "reportingLead": of(s.responsible_unit) }));
    assert_eq!(codes(&fill(&s.lead, "Merge", json!({ "obligation": lead })).await), ["FORBIDDEN"]);
    assert_eq!(errors(&fill(&s.responsible, "Merge", json!({ "obligation": other })).await), []);
    assert_eq!(name(&s.office, 2, Some(s.lead_unit)).await["task"]["reportingLead"], of(s.lead_unit));
    assert_eq!(errors(&fill(&s.lead, "Merge", json!({ "obligation": lead })).await), []);
    assert_eq!(name(&s.office, 3, None).await["task"]["reportingLead"], Value::Null);
}
