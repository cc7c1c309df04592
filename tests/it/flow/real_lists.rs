//! The main job on a real list of 74 tasks: imported, issued, reported on by a lead unit, reviewed by the office; and at
//! every step each sees exactly what it may. Then all five real lists, imported and issued.

use entity::vocabulary::Role;
use serde_json::{Value, json};
use taizhang::service::import::{TaskListImport, read_list};
use uuid::Uuid;

use crate::support::{Client, TestApp, shared};

const LISTS: &str = "{ taskLists { totalCount nodes { id status version title tasks(first: 200) { totalCount nodes { id number needsReview version } } } } }";
const REPORTS: &str = "{ progressReports(first: 50) { totalCount nodes { id status narrative version unit { name } reviews { nodes { decision reason } } } } }";

fn only<'a>(data: &'a Value, connection: &str) -> &'a Value {
    assert_eq!(data[connection]["totalCount"], 1, "{data:#}");
    &data[connection]["nodes"][0]
}

/// The payload of a verb that must have gone well.
async fn done(client: &Client, query: &str, variables: Value) -> Value {
    let data = client.data(query, variables).await;
    let payload = data.as_object().unwrap().values().next().unwrap().clone();
    assert_eq!(payload["userErrors"], json!([]), "{query}\n{payload:#}");
    payload
}

/// The codes a verb refused with.
async fn refused(client: &Client, query: &str, variables: Value) -> Vec<String> {
    let data = client.data(query, variables).await;
    let payload = data.as_object().unwrap().values().next().unwrap().clone();
    payload["userErrors"].as_array().unwrap().iter().map(|e| e["code"].as_str().unwrap().to_owned()).collect()
}

const ISSUE: &str = "mutation($id: ID!, $input: TaskListIssueInput!) { taskListIssue(id: $id, input: $input) { taskList { id status version issuedOn } userErrors { code message field } } }";
const CONFIRM: &str = "mutation($id: ID!, $input: VersionInput!) { taskConfirm(id: $id, input: $input) { task { id needsReview } userErrors { code message field } } }";
const OPEN: &str = "mutation($input: ReportingPeriodOpenInput!) { reportingPeriodOpen(input: $input) { reportingPeriod { id label version rollUp { expected missing } } userErrors { code message field } } }";
const SAVE: &str = "mutation($input: ProgressReportSaveInput!) { progressReportSave(input: $input, idempotencyKey: \"save-1\") { progressReport { id status version reporterPhone } userErrors { code message field } } }";
const SUBMIT: &str = "mutation($id: ID!, $v: Int!, $key: String) { progressReportSubmit(id: $id, input: { expectedVersion: $v }, idempotencyKey: $key) { progressReport { id status version revision } userErrors { code message field } } }";
const RETURN: &str = "mutation($id: ID!, $v: Int!) { progressReportReturn(id: $id, input: { expectedVersion: $v, reason: \"请补充完成时间和佐证\" }) { progressReport { id status version returnCount } userErrors { code message field } } }";
const ACCEPT: &str = "mutation($id: ID!, $v: Int!) { progressReportAccept(id: $id, input: { expectedVersion: $v }) { progressReport { id status version } userErrors { code message field } } }";

/// Imports a document of `../shared/documents` as the office; the confirmed draft's id and version.
async fn imported(t: &TestApp, office: &Client, issuer: Uuid, text: &str) -> (String, Vec<String>) {
    let document = read_list(text, None).unwrap();
    let caller = t.caller(office).await;
    let input = TaskListImport { issuer, read: document.into(), title: None, support_reports: false, dry_run: false };
    let outcome = t.service.task_list_import(&caller, None, input.clone()).await.unwrap().unwrap();
    let again = t.service.task_list_import(&caller, None, input).await.unwrap().unwrap();
    assert!(again.before && again.list == outcome.list, "the same file twice is recognised");
    let id = taizhang::id::GlobalId::new(taizhang::id::Kind::TaskList, outcome.list.unwrap()).to_string();
    (id, outcome.questions.into_iter().filter_map(|question| question.number).collect())
}

/// Confirms what asks a person, and issues the list.
async fn issued(office: &Client, id: &str, on: &str) -> Value {
    let query = "query($id: ID!) { taskList(id: $id) { tasks(first: 200, filter: { needsReview: true }) { nodes { id number version } } } }";
    let data = office.data(query, json!({ "id": id })).await;
    for task in data["taskList"]["tasks"]["nodes"].as_array().unwrap() {
        let input = json!({ "expectedVersion": task["version"] });
        done(office, CONFIRM, json!({ "id": task["id"], "input": input })).await;
    }
    let data = office.data("query($id: ID!) { taskList(id: $id) { version } }", json!({ "id": id })).await;
    let input = json!({ "expectedVersion": data["taskList"]["version"], "issuedOn": on });
    done(office, ISSUE, json!({ "id": id, "input": input })).await["taskList"].clone()
}

#[tokio::test]
async fn a_real_list_from_import_to_acceptance() {
    let (Some(units), Some(list)) = (shared("units.json"), shared("shulan-2024.expected.json")) else {
        return;
    };
    let t = TestApp::new().await;
    t.clock.set("2024-05-06T01:00:00Z".parse().unwrap());
    let roots = t.places(&units).await;
    let root = |key: &str| roots.iter().find(|(k, _)| k == key).unwrap().1;
    let (here, elsewhere) = (root("shulan"), root("tongcheng"));
    let unit = async |code: &str| t.unit(here, code).await;
    let (zfb, lead_unit, town, court) =
        (unit("shulan.zfb").await, unit("shulan.zsj").await, unit("shulan.t.baiqi").await, unit("shulan.fy").await);
    let foreign_unit = t.unit(elsewhere, "tongcheng.sfj").await;
    let office = t.user("office", zfb, &[(Role::Office, here)]).await;
    let lead = t.user("lead", lead_unit, &[(Role::Reporter, lead_unit)]).await;
    let responsible = t.user("town", town, &[(Role::Reporter, town)]).await;
    let other = t.user("court", court, &[(Role::Reporter, court)]).await;
    let inspector = t.user("inspector", zfb, &[(Role::Inspector, here)]).await;
    let foreign = t.user("foreign", foreign_unit, &[(Role::Reporter, foreign_unit)]).await;
    let foreign_office = t.user("foreign-office", foreign_unit, &[(Role::Office, elsewhere)]).await;

    // The draft is the office's own affair.
    let (id, _) = imported(&t, &office, zfb, &list).await;
    assert_eq!(only(&office.data(LISTS, json!({})).await, "taskLists")["tasks"]["totalCount"], 74);
    assert_eq!(only(&inspector.data(LISTS, json!({})).await, "taskLists")["status"], "DRAFT");
    for nobody in [&lead, &responsible, &other, &foreign, &foreign_office] {
        assert_eq!(nobody.data(LISTS, json!({})).await["taskLists"]["totalCount"], 0);
    }
    let list = issued(&office, &id, "2024-04-30").await;
    assert_eq!((list["status"].as_str(), list["issuedOn"].as_str()), (Some("ISSUED"), Some("2024-04-30")));

    // Everybody sees its own tasks, and "30 days after this list is issued" has become a day.
    let own = only(&lead.data(LISTS, json!({})).await, "taskLists")["tasks"]["totalCount"].as_u64().unwrap();
    assert!((1..74).contains(&own), "{own}");
    for nobody in [&foreign, &foreign_office] {
        assert_eq!(nobody.data(LISTS, json!({})).await["taskLists"]["totalCount"], 0);
    }
    let day = office.data("query($id: ID!) { taskList(id: $id) { tasks(filter: { number: { eq: \"74\" } }) { nodes { dueOn deadlineText } } } }", json!({ "id": id })).await;
    assert_eq!(day["taskList"]["tasks"]["nodes"][0]["dueOn"], "2024-05-30");

    // The period makes the obligations; the lead unit reports.
    let period = json!({ "taskList": id, "kind": "CUMULATIVE", "startsOn": "2024-01-01", "endsOn": "2024-06-30", "dueOn": "2024-07-05" });
    let opened = done(&office, OPEN, json!({ "input": period })).await;
    assert_eq!(opened["reportingPeriod"]["label"], "1–6月");
    let owed = "{ reportObligations(first: 200, filter: { missingReport: true }) { totalCount nodes { id unit { name } task { number viewerRoles } } } }";
    let mine = lead.data(owed, json!({})).await;
    let obligation = mine["reportObligations"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|o| o["task"]["number"] == "3" && o["unit"]["name"] == "舒兰市政务服务和数字化建设管理局")
        .expect("task 3 is led by this bureau");
    assert_eq!(obligation["task"]["viewerRoles"], json!(["LEAD"]));
    let input = json!({ "obligation": obligation["id"], "narrative": "已发布工作情况 12 期。", "completion": "SUBSTANTIAL", "percent": 60, "reporterName": "测试填报人", "reporterPhone": "13900001234" });
    let saved = done(&lead, SAVE, json!({ "input": input })).await;
    let again = done(&lead, SAVE, json!({ "input": input })).await;
    assert_eq!(saved, again, "a phone that sends twice saves once");
    assert_eq!(saved["progressReport"]["reporterPhone"], "139****1234");
    let report = saved["progressReport"]["id"].clone();

    // A draft: the office sees it, the co-units do not.
    assert_eq!(only(&office.data(REPORTS, json!({})).await, "progressReports")["status"], "DRAFT");
    for nobody in [&responsible, &other, &foreign, &foreign_office] {
        assert_eq!(nobody.data(REPORTS, json!({})).await["progressReports"]["totalCount"], 0);
    }
    assert_eq!(refused(&office, ACCEPT, json!({ "id": report, "v": 1 })).await, ["INVALID_STATE"]);
    let submitted = done(&lead, SUBMIT, json!({ "id": report, "v": 1, "key": "submit-1" })).await;
    assert_eq!(submitted["progressReport"]["status"], "SUBMITTED");
    assert_eq!(done(&lead, SUBMIT, json!({ "id": report, "v": 1, "key": "submit-1" })).await, submitted);
    assert_eq!(refused(&responsible, SUBMIT, json!({ "id": report, "v": 2 })).await, ["NOT_FOUND"]);

    // Returned, mended, accepted.
    let version = submitted["progressReport"]["version"].clone();
    let returned = done(&office, RETURN, json!({ "id": report, "v": version })).await;
    assert_eq!(returned["progressReport"]["returnCount"], 1);
    let seen = lead.data(REPORTS, json!({})).await;
    assert_eq!(only(&seen, "progressReports")["reviews"]["nodes"][0]["reason"], "请补充完成时间和佐证");
    let version = returned["progressReport"]["version"].clone();
    assert_eq!(refused(&lead, SUBMIT, json!({ "id": report, "v": 1 })).await, ["STALE"]);
    let submitted = done(&lead, SUBMIT, json!({ "id": report, "v": version })).await;
    assert_eq!(submitted["progressReport"]["revision"], 2);
    let version = submitted["progressReport"]["version"].clone();
    let accepted = done(&office, ACCEPT, json!({ "id": report, "v": version })).await;
    assert_eq!(accepted["progressReport"]["status"], "ACCEPTED");
    assert_eq!(only(&inspector.data(REPORTS, json!({})).await, "progressReports")["status"], "ACCEPTED");
    assert_eq!(responsible.data(REPORTS, json!({})).await["progressReports"]["totalCount"], 0);
    let sums =
        "{ taskLists { nodes { reportingPeriods { nodes { rollUp { expected received accepted missing } } } } } }";
    let of = |data: &Value| data["taskLists"]["nodes"][0]["reportingPeriods"]["nodes"][0]["rollUp"].clone();
    let (all, few) = (of(&office.data(sums, json!({})).await), of(&responsible.data(sums, json!({})).await));
    assert_eq!(all["accepted"], 1);
    assert_eq!(few["received"], 0, "the sums of a unit are over its own rows");
    assert!(few["expected"].as_i64() < all["expected"].as_i64());
}

#[tokio::test]
async fn all_five_real_lists_are_imported_and_issued() {
    let Some(units) = shared("units.json") else { return };
    let t = TestApp::new().await;
    t.clock.set("2024-05-06T01:00:00Z".parse().unwrap());
    let roots = t.places(&units).await;
    for (place, office_code, file, tasks, asking) in [
        ("shulan", "shulan.zfb", "shulan-2024", 74, vec![]),
        ("tongcheng", "tongcheng.zfb", "tongcheng-2024", 32, vec![]),
        ("putian", "putian.zfb", "putian-2021", 37, vec!["6"]),
        ("zhen", "zhen.dzzhb", "town-2021", 36, vec!["16", "36"]),
        ("jmju", "jmju.bgs", "bureau-2021", 33, vec![]),
    ] {
        let root = roots.iter().find(|(key, _)| key == place).unwrap().1;
        let issuer = t.unit(root, office_code).await;
        let office = t.user(place, issuer, &[(Role::Office, root)]).await;
        let text = shared(&format!("{file}.expected.json")).unwrap();
        let (id, questions) = imported(&t, &office, issuer, &text).await;
        assert_eq!(questions, asking, "{file}");
        let on = if file.ends_with("2021") { "2021-04-30" } else { "2024-04-30" };
        if !asking.is_empty() {
            let data = office.data("query($id: ID!) { taskList(id: $id) { version } }", json!({ "id": id })).await;
            let input = json!({ "expectedVersion": data["taskList"]["version"], "issuedOn": on });
            let codes = refused(&office, ISSUE, json!({ "id": id, "input": input })).await;
            assert_eq!(codes, vec!["INVALID_STATE"; asking.len()], "{file}: what asks a person stops the issue");
        }
        assert_eq!(issued(&office, &id, on).await["status"], "ISSUED", "{file}");
        let count =
            office.data("query($id: ID!) { taskList(id: $id) { tasks { totalCount } } }", json!({ "id": id })).await;
        assert_eq!(count["taskList"]["tasks"]["totalCount"], tasks, "{file}");
    }
}
