//! What goes over to the unit that takes another one over: what was written, and the time that was granted.

use serde_json::{Value, json};
use taizhang::id::Kind;
use uuid::Uuid;

use super::amendments_stage::amend;
use super::reports_stage::*;
use super::unit_changes::verb;
use crate::support::Client;
use crate::support::database::execute;

async fn merge(s: &Stage, source: Uuid, into: Uuid, version: i64) {
    let sources = [id(Kind::Unit, source)];
    let input = json!({ "expectedVersion": version, "sources": sources, "reason": "机构改革", "on": "2026-07-01" });
    assert_eq!(errors(&verb(&s.both, "Merge", into, input, None).await), []);
}

async fn handed_in(client: &Client, owed: &str, narrative: &str) -> String {
    let mut input = full(owed);
    input["narrative"] = json!(narrative);
    let report = text(&save(client, input, None).await["progressReport"]["id"]);
    assert_eq!(errors(&act(client, "Submit", &report, input_of("Submit", 1), None).await), []);
    report
}

async fn carry(client: &Client, owed: &str) -> Value {
    let query = "mutation($input: ProgressReportCarryForwardInput!) { progressReportCarryForward(input: $input) {
        progressReport { id status narrative percent unchanged unit { id } } userErrors { code message field } } }";
    client.payload(query, json!({ "input": { "obligation": owed } })).await
}

#[tokio::test]
async fn the_successor_reads_what_was_handed_in_and_carries_it_forward() {
    let s = Stage::new().await;
    let early =
        open(&s.office, period_input(s.list, "CUMULATIVE", "2026-01-01", "2026-03-31", "2026-04-10"), None).await;
    let early = text(&early["reportingPeriod"]["id"]);
    let june = s.opened().await;
    let owes = async |period: &str, task| s.owes(period, s.responsible_unit, task).await;
    let first = handed_in(&s.responsible, &owes(&early, s.second).await, "虚构：一季度。").await;
    assert_eq!(errors(&act(&s.office, "Return", &first, input_of("Return", 2), None).await), []);
    let second = handed_in(&s.responsible, &owes(&june, s.second).await, "虚构：上半年。").await;
    assert_eq!(errors(&act(&s.office, "Accept", &second, input_of("Accept", 2), None).await), []);
    let begun = text(&save(&s.responsible, full(&owes(&early, s.task).await), None).await["progressReport"]["id"]);
    let files = json!({ "id": second });
    let more = "query($id: ID!) { progressReport(id: $id) { narrative unit { id } obligation { unit { id } } reviews { nodes { decision } }
        revisions { totalCount } viewerCan { save { allowed code } } } }";
    for report in [&first, &second, &begun] {
        assert_eq!(s.sees(&s.lead, report).await, None, "it is not on the task yet");
    }

    merge(&s, s.responsible_unit, s.lead_unit, 1).await;
    assert_eq!(s.sees(&s.lead, &first).await.as_deref(), Some("RETURNED"));
    assert_eq!(s.sees(&s.lead, &second).await.as_deref(), Some("ACCEPTED"));
    assert_eq!(s.sees(&s.lead, &begun).await, None, "what was never handed in is not shown");
    for other in [&s.support, &s.foreign, &s.responsible] {
        assert_eq!(s.sees(other, &second).await, None);
    }
    let read = s.lead.data(more, files.clone()).await["progressReport"].clone();
    let source = json!({ "id": id(Kind::Unit, s.responsible_unit) });
    assert_eq!((&read["unit"], &read["obligation"]["unit"]), (&source, &source), "it stays whose it was");
    assert_eq!(
        (&read["reviews"]["nodes"][0]["decision"], &read["revisions"]["totalCount"]),
        (&json!("ACCEPTED"), &json!(1))
    );
    assert_eq!(read["viewerCan"]["save"], json!({ "allowed": false, "code": "FORBIDDEN" }));
    // Read it may, and nothing else.
    let before = s.rows().await;
    for (name, report, version) in [("Withdraw", &first, 3), ("Submit", &first, 3), ("Correct", &second, 3)] {
        let refused = act(&s.lead, name, report, input_of(name, version), None).await;
        assert_eq!(codes(&refused), ["FORBIDDEN"], "{name}");
    }
    assert_eq!(s.rows().await, before);

    // The latest of what was handed in, also for the same period: nobody writes it again.
    let owed = s.owes(&june, s.lead_unit, s.second).await;
    for (client, code) in [(&s.support, "NOT_FOUND"), (&s.office, "FORBIDDEN")] {
        assert_eq!(codes(&carry(client, &owed).await), [code]);
    }
    let done = carry(&s.lead, &owed).await;
    assert_eq!(errors(&done), []);
    let carried = &done["progressReport"];
    assert_eq!((&carried["narrative"], &carried["status"]), (&json!("虚构：上半年。"), &json!("DRAFT")));
    assert_eq!((&carried["percent"], &carried["unchanged"]), (&json!(40), &json!(true)));
    assert_eq!(carried["unit"]["id"], id(Kind::Unit, s.lead_unit));
    // What was returned for the first quarter and never mended is nothing to carry.
    let owed = s.owes(&early, s.lead_unit, s.second).await;
    assert_eq!(errors(&carry(&s.lead, &owed).await), [("INVALID_STATE".to_owned(), "input.obligation".to_owned())]);
    // Once it has handed something in itself, that is what counts.
    handed_in(&s.lead, &owed, "虚构：补报一季度。").await;
    let input = period_input(s.list, "CUMULATIVE", "2026-01-01", "2026-07-31", "2026-08-10");
    let july = text(&open(&s.office, input, None).await["reportingPeriod"]["id"]);
    let owed = s.owes(&july, s.lead_unit, s.second).await;
    assert_eq!(carry(&s.lead, &owed).await["progressReport"]["narrative"], "虚构：补报一季度。");

    // Over two mergers; and a unit that is in use again speaks for itself.
    merge(&s, s.lead_unit, s.support_unit, 1).await;
    assert_eq!(s.sees(&s.support, &first).await.as_deref(), Some("RETURNED"), "which no lead would be shown");
    let owed = s.owes(&july, s.support_unit, s.second).await;
    assert_eq!(carry(&s.support, &owed).await["progressReport"]["narrative"], "虚构：上半年。");
    execute(&s.t.database.url, "UPDATE unit SET active = true WHERE code = 'yunting.jyj'").await;
    assert_eq!(s.sees(&s.support, &first).await, None);
}

#[tokio::test]
async fn the_time_that_was_granted_stays_with_the_task() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.second).await;
    let ask = "mutation($input: ExtensionRequestCreateInput!) { extensionRequestCreate(input: $input) { extensionRequest { id } userErrors { code message field } } }";
    let asked = json!({ "obligation": owed, "until": "2026-07-20", "reason": "数据未齐" });
    let request = s.responsible.payload(ask, json!({ "input": asked })).await;
    assert_eq!(errors(&request), []);
    let grant = "mutation($id: ID!, $input: ExtensionRequestDecideInput!) { extensionRequestDecide(id: $id, input: $input) { userErrors { code message field } } }";
    let granted = json!({ "expectedVersion": 1, "decision": "GRANTED" });
    let granted = json!({ "id": request["extensionRequest"]["id"], "input": granted });
    assert_eq!(errors(&s.office.payload(grant, granted).await), []);

    merge(&s, s.responsible_unit, s.lead_unit, 1).await;
    let due = async |task| {
        let owed = s.owes(&period, s.lead_unit, task).await;
        let query = "query($id: ID!) { node(id: $id) { ... on ReportObligation { dueOn firstDueOn } } }";
        s.lead.data(query, json!({ "id": owed })).await["node"].clone()
    };
    assert_eq!(due(s.second).await["dueOn"], "2026-07-20");
    assert_eq!(due(s.task).await["dueOn"], "2026-07-10", "more time was given for the other task only");
    assert_eq!(
        s.count("audit_entry WHERE result = 'DONE' AND operation = 'unitMerge' AND object_type = 'obligation'").await,
        1
    );
}

/// Whoever takes a part of a unit that ended reads and carries on what it wrote, on the tasks that come to him.
#[tokio::test]
async fn who_takes_a_part_goes_on_where_the_whole_stopped() {
    let s = Stage::new().await;
    let june = s.opened().await;
    let owed = s.owes(&june, s.responsible_unit, s.second).await;
    let report = handed_in(&s.responsible, &owed, "虚构：上半年。").await;
    let split = async |ends: bool| {
        let into = [id(Kind::Unit, s.lead_unit), id(Kind::Unit, s.support_unit)];
        let version = if ends { 2 } else { 1 };
        let input = json!({ "expectedVersion": version, "into": into, "ends": ends, "on": "2026-07-01" });
        assert_eq!(errors(&verb(&s.both, "Split", s.responsible_unit, input, None).await), []);
    };
    let task = id(Kind::Task, s.second);
    let seat = json!({ "role": "RESPONSIBLE", "unit": id(Kind::Unit, s.lead_unit) });
    assert_eq!(errors(&amend(&s, json!([{ "addAssignment": { "task": task, "assignment": seat } }])).await), []);
    split(false).await;
    assert_eq!(s.sees(&s.lead, &report).await, None, "it goes on and speaks for itself");
    split(true).await;
    assert_eq!(s.sees(&s.lead, &report).await.as_deref(), Some("SUBMITTED"));
    assert_eq!(s.sees(&s.support, &report).await, None, "it took a part, but not this task");
    let owed = s.owes(&june, s.lead_unit, s.second).await;
    let done = carry(&s.lead, &owed).await;
    assert_eq!((errors(&done), &done["progressReport"]["narrative"]), (vec![], &json!("虚构：上半年。")));
}
