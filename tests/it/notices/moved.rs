//! Days that move, reopenings that end early, requests taken back, and who reports for several leads.

use serde_json::{Value, json};
use taizhang::id::Kind;

use super::{deliver, told};
use crate::mutation::reports_stage::*;
use crate::support::Client;

/// Does `verb` to something, and gives its payload.
async fn verb(client: &Client, verb: &str, input_type: &str, id: &str, input: Value, asked: &str) -> Value {
    let query = format!(
        "mutation($id: ID!, $input: {input_type}!) {{ {verb}(id: $id, input: $input) {{ {asked} userErrors {{ code message field }} }} }}"
    );
    let payload = client.payload(&query, json!({ "id": id, "input": input })).await;
    assert_eq!(errors(&payload), []);
    payload
}

/// What somebody was told last.
async fn last(client: &Client) -> (String, String) {
    let (kind, text, _) = told(client).await.into_iter().next().unwrap();
    (kind, text)
}

fn said(kind: &str, text: &str) -> (String, String) {
    (kind.to_owned(), text.to_owned())
}

#[tokio::test]
async fn who_still_owes_is_told_that_the_day_was_moved() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.lead_unit, s.task).await;
    let report = text(&save(&s.lead, full(&owed), None).await["progressReport"]["id"]);
    assert_eq!(errors(&act(&s.lead, "Submit", &report, json!({ "expectedVersion": 1 }), None).await), []);
    deliver(&s).await;
    let before = told(&s.lead).await;

    let update = async |version: i64, input: Value| {
        let mut input = input;
        input["expectedVersion"] = json!(version);
        verb(&s.office, "reportingPeriodUpdate", "ReportingPeriodUpdateInput", &period, input, "").await;
        deliver(&s).await;
    };
    update(1, json!({ "dueOn": "2026-07-08" })).await;
    let text = "《虚构清单》1–6月的报送期限有调整，请于2026-07-08前报送。";
    assert_eq!(last(&s.responsible).await, said("PERIOD_MOVED", text));
    assert_eq!(told(&s.lead).await, before, "who has reported has nothing to hurry for");
    // Another name, another grace, the same day once more: nobody has to know.
    let messages = told(&s.responsible).await.len();
    update(2, json!({ "label": "上半年", "graceWorkingDays": 2 })).await;
    update(3, json!({ "dueOn": "2026-07-08" })).await;
    assert_eq!(told(&s.responsible).await.len(), messages);
    update(4, json!({ "dueOn": "2026-07-15" })).await;
    let text = "《虚构清单》上半年的报送期限有调整，请于2026-07-15前报送。";
    assert_eq!(last(&s.responsible).await, said("PERIOD_MOVED", text));
    assert_eq!(told(&s.responsible).await.len(), messages + 1);
}

#[tokio::test]
async fn a_unit_hears_that_its_reopening_was_ended() {
    let s = Stage::new().await;
    let period = s.opened().await;
    assert_eq!(errors(&close(&s.office, &period, 1).await), []);
    let unit = id(Kind::Unit, s.responsible_unit);
    let input = json!({ "expectedVersion": 2, "unit": unit, "until": "2026-07-03", "reason": "系统故障" });
    let asked = "reportingPeriod { reopenings { nodes { id } } }";
    let opened = verb(&s.office, "reportingPeriodReopen", "ReportingPeriodReopenInput", &period, input, asked).await;
    let reopening = text(&opened["reportingPeriod"]["reopenings"]["nodes"][0]["id"]);
    verb(&s.office, "periodReopeningEnd", "VersionInput", &reopening, json!({ "expectedVersion": 1 }), "").await;
    deliver(&s).await;
    let ended = said("REOPENING_ENDED", "《虚构清单》1–6月对本单位的重新开放已提前结束。");
    assert_eq!(last(&s.responsible).await, ended);
    assert_eq!(last(&s.lead).await.0, "PERIOD_OPENED", "another unit hears nothing of it");
}

#[tokio::test]
async fn the_office_hears_that_a_request_was_taken_back() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let query = "mutation($input: ExtensionRequestCreateInput!) { extensionRequestCreate(input: $input) { extensionRequest { id } userErrors { code message field } } }";
    let input = json!({ "obligation": owed, "until": "2026-07-20", "reason": "数据未齐" });
    let asked = s.responsible.payload(query, json!({ "input": input })).await;
    assert_eq!(errors(&asked), []);
    let request = text(&asked["extensionRequest"]["id"]);
    deliver(&s).await;
    let (kind, text) = last(&s.office).await;
    assert_eq!(kind, "EXTENSION_REQUESTED");
    assert!(text.ends_with("申请将第1项任务1–6月的报送延至2026-07-20，请处理。"), "{text}");
    let version = json!({ "expectedVersion": 1 });
    verb(&s.responsible, "extensionRequestWithdraw", "VersionInput", &request, version, "").await;
    deliver(&s).await;
    let told = told(&s.office).await;
    assert_eq!(told.len(), 2);
    assert_eq!((told[0].0.as_str(), told[1].0.as_str()), ("EXTENSION_WITHDRAWN", "EXTENSION_REQUESTED"));
    for (_, text, _) in told {
        assert!(
            text.ends_with("申请将第1项任务1–6月的报送延至2026-07-20，现已撤回。"),
            "nothing is left to do: {text}"
        );
    }
}

#[tokio::test]
async fn the_leads_hear_who_reports_for_all() {
    let s = Stage::new().await;
    s.opened().await;
    deliver(&s).await;
    let task = id(Kind::Task, s.task);
    let version = async || {
        let data = s.office.data("query($id: ID!) { task(id: $id) { version } }", json!({ "id": task })).await;
        data["task"]["version"].clone()
    };
    for unit in [json!(id(Kind::Unit, s.lead_unit)), Value::Null] {
        let input = json!({ "expectedVersion": version().await, "unit": unit });
        verb(&s.office, "taskReportingLeadName", "TaskReportingLeadNameInput", &task, input, "").await;
        deliver(&s).await;
    }
    // Once on that day, though it was changed twice; and the units that do not lead hear nothing.
    let text = "《虚构清单》中由本单位牵头的任务，牵头汇总单位有变化，请查看。";
    assert_eq!(last(&s.lead).await, said("REPORTING_LEAD_NAMED", text));
    assert_eq!(told(&s.lead).await.len(), 2);
    assert_eq!(told(&s.responsible).await.len(), 1);
}
