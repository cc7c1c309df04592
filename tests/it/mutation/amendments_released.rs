//! What is owed no more since an amendment: it is released and nothing that belongs to it is lost.

use serde_json::{Value, json};
use taizhang::id::Kind;

use super::amendments_stage::*;
use super::reports_stage::{Stage, act, codes, errors, full, id, input_of, number, save, text};

const OBLIGATION: &str = "query($id: ID!) { node(id: $id) { ... on ReportObligation { releasedAt dueOn due { on state }
    report { id status } viewerCan { save { allowed reason } submit { allowed } requestExtension { allowed } } } } }";

async fn shown(s: &Stage, owed: &str) -> Value {
    s.responsible.data(OBLIGATION, json!({ "id": owed })).await["node"].take()
}

fn joins(s: &Stage, unit: uuid::Uuid, role: &str) -> Value {
    let assignment = json!({ "role": role, "unit": id(Kind::Unit, unit) });
    json!({ "addAssignment": { "task": id(Kind::Task, s.task), "assignment": assignment } })
}

/// Gives the unit another role on the first task.
async fn becomes(s: &Stage, role: &str) {
    let at = seat(s, s.task, s.responsible_unit).await;
    let changes = json!([{ "withdrawAssignment": { "assignment": at } }, joins(s, s.responsible_unit, role)]);
    assert_eq!(errors(&amend(s, changes).await), []);
}

/// The Monday behind the day of the period, when everybody signs in anew.
async fn behind_the_day(s: &mut Stage) {
    s.t.clock.set("2026-07-13T10:00:00+08:00".parse().unwrap());
    s.office = s.t.sign_in(s.office.user.unwrap()).await;
    s.responsible = s.t.sign_in(s.responsible.user.unwrap()).await;
}

async fn sums(s: &Stage) -> Value {
    let query = "{ reportingStatus { totals { expected missing } } past: reportingStatus(asOf: \"2026-07-12\") { totals { expected missing } } }";
    s.office.data(query, json!({})).await
}

#[tokio::test]
async fn what_was_never_handed_in_is_released_with_all_that_belongs_to_it() {
    let mut s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let saved = save(&s.responsible, full(&owed), None).await;
    assert_eq!(errors(&saved), []);
    let report = text(&saved["progressReport"]["id"]);
    let ask = "mutation($input: ExtensionRequestCreateInput!) { extensionRequestCreate(input: $input) { extensionRequest { id } userErrors { code message field } } }";
    let more = json!({ "input": { "obligation": owed, "until": "2026-07-20", "reason": "虚构理由" } });
    let asked = s.responsible.payload(ask, more.clone()).await;
    let decide = "mutation($id: ID!, $input: ExtensionRequestDecideInput!) { extensionRequestDecide(id: $id, input: $input) { userErrors { code message field } } }";
    let granted = json!({ "id": asked["extensionRequest"]["id"], "input": { "decision": "GRANTED", "until": "2026-07-20", "expectedVersion": 1 } });
    assert_eq!(errors(&s.office.payload(decide, granted).await), []);
    let urge = "mutation($input: UrgeNoticeSendInput!) { urgeNoticeSend(input: $input) { userErrors { code message field } } }";
    let units = json!([id(Kind::Unit, s.responsible_unit)]);
    let sent = s.office.payload(urge, json!({ "input": { "period": period, "units": units, "grade": "BLUE" } })).await;
    assert_eq!(errors(&sent), []);
    let items = s.count("urge_notice_item").await;
    assert!(items > 0);
    behind_the_day(&mut s).await;
    let before = sums(&s).await;

    // Who supports reports nothing on this list, and still sees what it wrote.
    becomes(&s, "SUPPORT").await;
    let kept =
        (s.count("urge_notice_item").await, s.count("extension_request").await, s.count("progress_report").await);
    assert_eq!(kept, (items, 1, 1));
    let after = sums(&s).await;
    let expected = |all: &Value| number(&all["reportingStatus"]["totals"]["expected"]);
    assert_eq!(expected(&after), expected(&before) - 1);
    assert_eq!(after["past"], before["past"], "what stood then stood then");

    let now = shown(&s, &owed).await;
    assert!(now["releasedAt"].is_string());
    assert_eq!((&now["due"]["on"], &now["report"]["status"]), (&Value::Null, &json!("DRAFT")));
    assert_eq!(now["due"]["state"], "NO_DATE", "what is owed no more is due on no day");
    let field = |yes: bool| format!("reportObligations(filter: {{ released: {yes} }}) {{ totalCount nodes {{ id }} }}");
    let query = format!("{{ gone: {} owed: {} reportingStatus {{ totals {{ noDate }} }} }}", field(true), field(false));
    let split = s.office.data(&query, json!({})).await;
    assert_eq!(split["gone"], json!({ "totalCount": 1, "nodes": [{ "id": owed }] }));
    assert_eq!((&split["owed"]["totalCount"], &split["reportingStatus"]["totals"]["noDate"]), (&json!(2), &json!(0)));
    let can = &now["viewerCan"];
    assert_eq!(can["save"]["reason"], "清单调整后，该单位不再承担此任务，无须填报。");
    for verb in ["save", "submit", "requestExtension"] {
        assert_eq!(can[verb]["allowed"], false, "{verb}");
    }
    let rows = s.rows().await;
    let again = json!({ "obligation": owed, "expectedVersion": 1, "percent": 41 });
    assert_eq!(codes(&save(&s.responsible, again.clone(), None).await), ["INVALID_STATE"]);
    assert_eq!(codes(&act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await), ["INVALID_STATE"]);
    assert_eq!(codes(&s.responsible.payload(ask, more).await), ["INVALID_STATE"]);
    assert_eq!(s.rows().await, rows, "nothing was changed");

    // Back on the task it goes on where it stopped, with the day it was granted, which is the later one.
    becomes(&s, "RESPONSIBLE").await;
    let now = shown(&s, &owed).await;
    assert_eq!((&now["releasedAt"], &now["dueOn"]), (&Value::Null, &json!("2026-07-20")));
    assert_eq!(errors(&save(&s.responsible, again, None).await), []);
    assert_eq!(expected(&sums(&s).await), expected(&before));
}

#[tokio::test]
async fn a_request_that_waits_goes_with_what_it_was_about() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let ask = "mutation($input: ExtensionRequestCreateInput!) { extensionRequestCreate(input: $input) { extensionRequest { id } userErrors { code message field } } }";
    let more = json!({ "input": { "obligation": owed, "until": "2026-07-20", "reason": "虚构理由" } });
    let asked = s.responsible.payload(ask, more.clone()).await;
    assert_eq!(errors(&asked), []);
    becomes(&s, "SUPPORT").await;
    let query = "query($id: ID!) { node(id: $id) { ... on ExtensionRequest { status version decidedAt viewerCan { decide { allowed } } } } }";
    let seen = s.office.data(query, json!({ "id": asked["extensionRequest"]["id"] })).await;
    let expected = json!({ "status": "WITHDRAWN", "version": 2, "decidedAt": null, "viewerCan": { "decide": { "allowed": false } } });
    assert_eq!(seen["node"], expected, "nobody has to refuse it");
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'extensionRequestWithdraw'").await, 1);
    // Back on the task the unit may ask anew.
    becomes(&s, "RESPONSIBLE").await;
    assert_eq!(errors(&s.responsible.payload(ask, more).await), []);
}

#[tokio::test]
async fn who_comes_when_the_day_is_near_or_over_has_a_day_of_his_own() {
    let mut s = Stage::new().await;
    let period = s.opened().await;
    // The fifth working day from then is the next Monday.
    behind_the_day(&mut s).await;
    let newcomer = s.t.unit(s.t.service.store().roots().await.unwrap()[0].id, "yunting.sfj").await;
    assert_eq!(errors(&amend(&s, json!([joins(&s, newcomer, "RESPONSIBLE")])).await), []);
    let owed = s.owes(&period, newcomer, s.task).await;
    let query = "query($id: ID!) { node(id: $id) { ... on ReportObligation { dueOn firstDueOn due { state } } } }";
    let shown = s.office.data(query, json!({ "id": owed })).await["node"].take();
    assert_eq!(shown, json!({ "dueOn": "2026-07-20", "firstDueOn": "2026-07-10", "due": { "state": "NOT_DUE" } }));
}
