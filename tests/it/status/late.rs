//! Days of grace and days of one's own: what is said of each obligation, what is counted and what is found agree.

use serde_json::json;

use crate::mutation::reports_stage::*;

const ASKED: &str = "{ reportObligations(first: 200) { nodes { id lateFrom due { state } } }
    overdue: reportObligations(filter: { overdue: true }, first: 200) { totalCount nodes { id } }
    until: reportObligations(filter: { dueOn: { lte: \"2026-07-10\" } }) { totalCount }
    later: reportObligations(filter: { dueOn: { eq: \"2026-07-17\" } }) { nodes { id } }
    missing: missingReports(first: 200, orderBy: { field: DUE_ON }) { nodes { id } }
    reportingStatus { totals { expected overdue notDue } } }";

#[tokio::test]
async fn grace_and_more_time_put_lateness_off_everywhere() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let update = "mutation($id: ID!, $input: ReportingPeriodUpdateInput!) {
        reportingPeriodUpdate(id: $id, input: $input) { userErrors { code field } } }";
    let input = json!({ "expectedVersion": 1, "graceWorkingDays": 2 });
    assert_eq!(errors(&s.office.payload(update, json!({ "id": period, "input": input })).await), []);
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let ask = "mutation($input: ExtensionRequestCreateInput!) {
        extensionRequestCreate(input: $input) { extensionRequest { id } userErrors { code field } } }";
    let input = json!({ "obligation": owed, "until": "2026-07-17", "reason": "数据未齐" });
    let asked = s.responsible.payload(ask, json!({ "input": input })).await;
    let grant = "mutation($id: ID!, $input: ExtensionRequestDecideInput!) {
        extensionRequestDecide(id: $id, input: $input) { userErrors { code field } } }";
    let input = json!({ "expectedVersion": 1, "decision": "GRANTED", "until": "2026-07-17" });
    let id = &asked["extensionRequest"]["id"];
    assert_eq!(errors(&s.office.payload(grant, json!({ "id": id, "input": input })).await), []);

    // Due on Friday the 10th with two working days of grace, and one on Friday the 17th.
    for (day, own_is_late, others_are_late) in
        [("14", false, false), ("15", false, true), ("21", false, true), ("22", true, true)]
    {
        s.t.clock.set(format!("2026-07-{day}T02:00:00Z").parse().unwrap());
        let office = s.t.sign_in(s.office.user.unwrap()).await;
        let data = office.data(ASKED, json!({})).await;
        let all = data["reportObligations"]["nodes"].as_array().unwrap();
        assert!(all.len() > 2);
        let mut overdue = Vec::new();
        for node in all {
            let late = if node["id"] == json!(owed) { own_is_late } else { others_are_late };
            assert_eq!(node["due"]["state"], if late { "OVERDUE" } else { "NOT_DUE" }, "{day}: {node}");
            overdue.extend(late.then(|| node["id"].to_string()));
        }
        let mut found: Vec<String> =
            data["overdue"]["nodes"].as_array().unwrap().iter().map(|node| node["id"].to_string()).collect();
        overdue.sort();
        found.sort();
        assert_eq!(found, overdue, "{day}");
        let totals = &data["reportingStatus"]["totals"];
        assert_eq!(totals["overdue"], overdue.len(), "{day}");
        assert_eq!(totals["notDue"], all.len() - overdue.len(), "{day}");
        assert_eq!(data["until"]["totalCount"], all.len() - 1, "{day}");
        assert_eq!(data["later"]["nodes"], json!([{ "id": owed }]), "{day}");
        assert_eq!(data["missing"]["nodes"].as_array().unwrap().last().unwrap()["id"], json!(owed), "{day}");
    }
}
