//! 落实情况: what is accepted and signed, as it was accepted, and nothing of who wrote it.

use serde_json::{Value, json};

use super::scene::*;
use crate::mutation::reports_stage::*;
use crate::support::database::execute;

fn of_period(kind: &str, period: &str) -> Value {
    json!({ "kind": kind, "period": period, "title": "虚构落实情况（上半年）" })
}

#[tokio::test]
async fn accepted_reports_of_a_closed_period() {
    let p = Scene::new().await;
    let period = p.s.opened().await;
    let (first, second) = (p.s.task, p.s.second);
    p.accepted(&period, &p.s.lead, p.s.lead_unit, first, "牵头单位已完成公开。").await;
    let corrected = p.accepted(&period, &p.s.responsible, p.s.responsible_unit, first, "首次通过的文字。").await;
    // Handed in and not accepted.
    let owed = p.s.owes(&period, p.s.responsible_unit, second).await;
    let mut input = full(&owed);
    input["narrative"] = json!("未通过的文字。");
    let saved = save(&p.s.responsible, input, None).await;
    let waiting = text(&saved["progressReport"]["id"]);
    act(&p.s.responsible, "Submit", &waiting, input_of("Submit", 1), None).await;

    let open = prepare(&p.s.office, of_period("PROGRESS", &period)).await;
    assert_eq!(codes(&open), ["INVALID_STATE"], "a period is published when it is closed");
    // A correction is on its way; what was accepted counts.
    assert_eq!(errors(&act(&p.s.responsible, "Correct", &corrected, input_of("Correct", 3), None).await), []);
    let input = json!({ "obligation": p.s.owes(&period, p.s.responsible_unit, first).await, "expectedVersion": 4, "narrative": "更正中的文字。" });
    assert_eq!(errors(&save(&p.s.responsible, input, None).await), []);
    p.closed(&period).await;

    let made = p.prepared(of_period("PROGRESS", &period)).await;
    assert_eq!((&made["openFindingCount"], &made["leftOutCount"]), (&json!(0), &json!(0)));
    let document = p.document(&p.s.office, &text(&made["id"])).await;
    let tasks = &document["content"]["content"]["tasks"];
    assert_eq!(tasks.as_array().unwrap().len(), 1, "{tasks}");
    assert_eq!((&tasks[0]["number"], &tasks[0]["leads"]), (&json!("1"), &json!(["虚构"])));
    let mut texts: Vec<String> = tasks[0]["reports"].as_array().unwrap().iter().map(|r| text(&r["text"])).collect();
    texts.sort();
    assert_eq!(texts, ["牵头单位已完成公开。", "首次通过的文字。"]);
    assert_eq!(tasks[0]["reports"][0]["completion"], "COMPLETED");
    let all = document.to_string();
    for hidden in ["未通过", "更正中", "填报人张某", "13987654321", "138****", "responsible"] {
        assert!(!all.contains(hidden), "{hidden} in {all}");
    }

    // What is published is the snapshot, whatever becomes of the tables.
    let done = p.published(&made).await;
    let path = text(&done["publicPath"]);
    let before = p.get(&path).await.body;
    execute(&p.s.t.database.url, "UPDATE progress_report_revision SET narrative = '后来的文字'").await;
    execute(&p.s.t.database.url, "UPDATE task SET title = '后来的名称'").await;
    assert_eq!(p.get(&path).await.body, before);
}

#[tokio::test]
async fn nothing_is_public_without_both_signatures() {
    let p = Scene::new().await;
    let period = p.s.opened().await;
    p.accepted(&period, &p.s.lead, p.s.lead_unit, p.s.task, "牵头单位的文字。").await;
    p.accepted(&period, &p.s.responsible, p.s.responsible_unit, p.s.task, "未经签发的文字。").await;
    // From now on the responsible unit signs; what it handed in before was signed by nobody.
    p.s.two_signatures().await;
    let owed = p.s.owes(&period, p.s.responsible_unit, p.s.second).await;
    let mut input = full(&owed);
    input["narrative"] = json!("签发并通过的文字。");
    let report = text(&save(&p.s.responsible, input, None).await["progressReport"]["id"]);
    assert_eq!(errors(&act(&p.s.responsible, "Submit", &report, input_of("Submit", 1), None).await), []);
    assert_eq!(errors(&act(&p.s.signer, "Sign", &report, input_of("Sign", 2), None).await), []);
    assert_eq!(errors(&act(&p.s.office, "Accept", &report, input_of("Accept", 3), None).await), []);
    p.closed(&period).await;

    let made = p.prepared(of_period("PROGRESS", &period)).await;
    assert_eq!(made["leftOutCount"], 1);
    let all = p.document(&p.s.office, &text(&made["id"])).await.to_string();
    assert!(all.contains("牵头单位的文字。") && all.contains("签发并通过的文字。"), "{all}");
    assert!(!all.contains("未经签发的文字"), "{all}");
    let sums = p.prepared(of_period("ANNUAL_REPORT", &period)).await;
    let sums = p.document(&p.s.office, &text(&sums["id"])).await;
    assert_eq!(sums["content"]["content"]["total"]["accepted"], 2, "{sums}");

    // Nothing left: nothing to publish.
    execute(&p.s.t.database.url, "UPDATE unit SET report_signing = true").await;
    execute(&p.s.t.database.url, "UPDATE progress_report_revision SET signed_by = NULL").await;
    let before = p.s.rows().await;
    for kind in ["PROGRESS", "ANNUAL_REPORT"] {
        let none = prepare(&p.s.office, of_period(kind, &period)).await;
        assert_eq!(errors(&none), [("INVALID_STATE".into(), "input.period".into())]);
    }
    assert_eq!(p.s.rows().await, before);
}

/// What a lead merged is read once; who corrected his part since speaks for himself again.
#[tokio::test]
async fn what_a_lead_merged_stands_once() {
    let p = Scene::new().await;
    let period = p.s.opened().await;
    let task = p.s.task;
    let part = p.accepted(&period, &p.s.responsible, p.s.responsible_unit, task, "责任单位的部分。").await;
    let owed = p.s.owes(&period, p.s.lead_unit, task).await;
    let query = "mutation($input: ProgressReportMergeInput!) { progressReportMerge(input: $input) { progressReport { id version } userErrors { code message field } } }";
    let merged = p.s.lead.payload(query, json!({ "input": { "obligation": owed } })).await;
    assert_eq!(errors(&merged), []);
    let report = text(&merged["progressReport"]["id"]);
    let input = json!({ "obligation": owed, "expectedVersion": 1, "completion": "SUBSTANTIAL", "percent": 80 });
    assert_eq!(errors(&save(&p.s.lead, input, None).await), []);
    assert_eq!(errors(&act(&p.s.lead, "Submit", &report, input_of("Submit", 2), None).await), []);
    assert_eq!(errors(&act(&p.s.office, "Accept", &report, input_of("Accept", 3), None).await), []);

    let reports = async |period: &str| {
        let made = p.prepared(of_period("PROGRESS", period)).await;
        let document = p.document(&p.s.office, &text(&made["id"])).await;
        document["content"]["content"]["tasks"][0]["reports"].as_array().unwrap().clone()
    };
    execute(&p.s.t.database.url, "UPDATE reporting_period SET status = 'CLOSED'").await;
    let printed = reports(&period).await;
    assert_eq!(printed.len(), 1, "{printed:?}");
    assert_eq!(printed[0]["completion"], "SUBSTANTIAL");
    assert!(printed[0]["text"].as_str().unwrap().ends_with("】责任单位的部分。"), "{printed:?}");
    let included = printed[0]["includes"].as_array().unwrap();
    assert_eq!(included.len(), 1);
    assert_eq!((&included[0]["completion"], included[0]["unit"].is_string()), (&json!("COMPLETED"), true));

    execute(&p.s.t.database.url, "UPDATE reporting_period SET status = 'OPEN'").await;
    assert_eq!(errors(&act(&p.s.responsible, "Correct", &part, input_of("Correct", 3), None).await), []);
    let owed = p.s.owes(&period, p.s.responsible_unit, task).await;
    let input = json!({ "obligation": owed, "expectedVersion": 4, "narrative": "更正后的部分。" });
    assert_eq!(errors(&save(&p.s.responsible, input, None).await), []);
    assert_eq!(errors(&act(&p.s.responsible, "Submit", &part, input_of("Submit", 5), None).await), []);
    assert_eq!(errors(&act(&p.s.office, "Accept", &part, input_of("Accept", 6), None).await), []);
    execute(&p.s.t.database.url, "UPDATE reporting_period SET status = 'CLOSED'").await;
    let printed = reports(&period).await;
    let mut texts: Vec<String> = printed.iter().map(|report| text(&report["text"])).collect();
    texts.sort_by_key(String::len);
    assert_eq!(texts.len(), 2);
    assert_eq!(texts[0], "更正后的部分。");
    assert!(printed.iter().all(|report| report["includes"].is_null()), "{printed:?}");
}

/// What an amendment took back is printed no more; a draft is never published.
#[tokio::test]
async fn a_list_as_it_is_in_force() {
    let p = Scene::new().await;
    execute(&p.s.t.database.url, "UPDATE task SET status = 'WITHDRAWN' WHERE number = '2'").await;
    let made = p.prepared(p.of_list("虚构")).await;
    let document = p.document(&p.s.office, &text(&made["id"])).await;
    let numbers: Vec<_> =
        document["content"]["content"]["tasks"].as_array().unwrap().iter().map(|t| text(&t["number"])).collect();
    assert_eq!(numbers, ["1"]);
    // Units come by the names of the list; one whose assignment was withdrawn is not among them.
    let roles: Vec<_> = document["content"]["content"]["tasks"][0]["units"]
        .as_array()
        .unwrap()
        .iter()
        .map(|u| text(&u["role"]))
        .collect();
    assert_eq!(roles, ["RESPONSIBLE", "LEAD", "SUPPORT", "RESPONSIBLE"]);
    execute(&p.s.t.database.url, "UPDATE task_list SET status = 'DRAFT'").await;
    let before = p.s.rows().await;
    assert_eq!(codes(&prepare(&p.s.office, p.of_list("虚构")).await), ["INVALID_STATE"]);
    assert_eq!(p.s.rows().await, before);
}
