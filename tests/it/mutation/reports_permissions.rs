//! `viewerCan` says before what the verbs say after: every person, every state, every verb.

use entity::vocabulary::{PeriodStatus, ReportStatus, TaskListStatus};
use entity::{progress_report, reporting_period, task_list};
use serde_json::{Value, json};
use taizhang::authz::Scope;
use taizhang::id::Kind;
use taizhang::service::operator::{NewGrant, NewUser};

use super::reports_stage::*;
use crate::support::Client;

const VERBS: [&str; 7] = ["Submit", "Sign", "SendBack", "Withdraw", "Accept", "Return", "Correct"];

/// Puts list, period and report into a state.
async fn put(s: &Stage, list: TaskListStatus, period: (&str, PeriodStatus), report: (&str, ReportStatus)) -> i64 {
    let tx = s.t.service.store().begin().await.unwrap();
    let mut row = tx.all_where::<task_list::Entity>(task_list::Column::Id, &[s.list]).await.unwrap().remove(0);
    row.status = list;
    tx.update::<task_list::Entity>(row).await.unwrap();
    let key = [uuid(period.0)];
    let mut row = tx.all_where::<reporting_period::Entity>(reporting_period::Column::Id, &key).await.unwrap().remove(0);
    row.status = period.1;
    tx.update::<reporting_period::Entity>(row).await.unwrap();
    let key = [uuid(report.0)];
    let mut row = tx.all_where::<progress_report::Entity>(progress_report::Column::Id, &key).await.unwrap().remove(0);
    row.status = report.1;
    row.reporter_user_id = s.both.user;
    // A fresh number, because a revision is decided about once.
    row.revision += 1;
    row.version += 1;
    let version = i64::from(row.version);
    tx.update::<progress_report::Entity>(row).await.unwrap();
    tx.commit().await.unwrap();
    version
}

fn permission(of: &Value, verb: &str) -> (bool, Vec<String>) {
    let field = format!("{}{}", verb[..1].to_lowercase(), &verb[1..]);
    let permission = &of[field.as_str()];
    let code = permission["code"].as_str().map(str::to_owned);
    (permission["allowed"].as_bool().unwrap(), code.into_iter().collect())
}

const CAN: &str = "viewerCan { save { allowed code } submit { allowed code } withdraw { allowed code } accept { allowed code } return { allowed code } sign { allowed code } sendBack { allowed code } correct { allowed code } }";

/// What the person is told he can, by way of the obligation and of the report; `None` where it is invisible.
async fn told(client: &Client, owed: &str, report: &str) -> (Option<Value>, Option<Value>) {
    let query = format!(
        "query($owed: ID!, $report: ID!) {{ node(id: $owed) {{ ... on ReportObligation {{ {CAN} }} }} progressReport(id: $report) {{ {CAN} }} }}"
    );
    let data = client.data(&query, json!({ "owed": owed, "report": report })).await;
    let can = |value: &Value| (!value.is_null()).then(|| value["viewerCan"].clone());
    (can(&data["node"]), can(&data["progressReport"]))
}

#[tokio::test]
async fn what_is_allowed_succeeds_and_what_is_not_does_not() {
    let s = Stage::with(true).await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    // A service account that may report, and may not read lists.
    let new = NewUser {
        kind: entity::vocabulary::UserKind::Service,
        login: "machine".to_owned(),
        display_name: "虚构系统".to_owned(),
        unit: s.responsible_unit,
        grants: vec![NewGrant {
            role: entity::vocabulary::Role::Integration,
            unit: s.responsible_unit,
            scopes: vec![Scope::ReportsRead, Scope::ReportsWrite],
        }],
    };
    let machine = s.t.sign_in(s.t.service.user_add(new).await.unwrap()).await;
    let people = [
        ("office", &s.office),
        ("both", &s.both),
        ("lead", &s.lead),
        ("responsible", &s.responsible),
        ("signer", &s.signer),
        ("support", &s.support),
        ("foreign", &s.foreign),
        ("inspector", &s.inspector),
        ("admin", &s.admin),
        ("machine", &machine),
    ];
    let mut allowed = Vec::new();
    for list in [TaskListStatus::Issued, TaskListStatus::Closed] {
        for open in [PeriodStatus::Open, PeriodStatus::Closed] {
            for status in ReportStatus::ALL {
                let set = async || put(&s, list, (&period, open), (&report, *status)).await;
                let mut version = set().await;
                for (name, client) in people {
                    let (by_owed, by_report) = told(client, &owed, &report).await;
                    for verb in ["Save"].iter().chain(&VERBS) {
                        let at = format!("{name} {verb} {list:?} {open:?} {status:?}");
                        let payload = match *verb {
                            "Save" => {
                                let input = json!({ "obligation": owed, "expectedVersion": version, "percent": 41 });
                                save(client, input, None).await
                            }
                            _ => act(client, verb, &report, input_of(verb, version), None).await,
                        };
                        let found = codes(&payload);
                        match (&by_report, &by_owed) {
                            (Some(can), Some(same)) => {
                                assert_eq!(can, same, "{at}");
                                assert_eq!(permission(can, verb), (found.is_empty(), found.clone()), "{at}");
                            }
                            // The obligation of a co-unit is visible, its draft is not.
                            (None, Some(can)) => {
                                assert!(!permission(can, verb).0, "{at}");
                                let closed = *verb == "Save" || payload["byGuard"] == true;
                                let wanted = if closed { "FORBIDDEN" } else { "NOT_FOUND" };
                                assert_eq!(found, [wanted], "{at}");
                            }
                            (None, None) => {
                                let wanted = if payload["byGuard"] == true { "FORBIDDEN" } else { "NOT_FOUND" };
                                assert_eq!(found, [wanted], "{at}");
                            }
                            (Some(_), None) => panic!("{at}: a report without its obligation"),
                        }
                        if found.is_empty() {
                            allowed.push(format!("{name} {verb} {status:?}"));
                            assert_eq!((list, open), (TaskListStatus::Issued, PeriodStatus::Open), "{at}");
                            version = set().await;
                        }
                    }
                }
            }
        }
    }
    let mut expected: Vec<String> = Vec::new();
    for who in ["responsible", "both", "machine", "signer"] {
        for state in ["Draft", "Returned"] {
            expected.extend([format!("{who} Save {state}"), format!("{who} Submit {state}")]);
        }
        expected.extend([format!("{who} Withdraw Signing"), format!("{who} Withdraw Submitted")]);
        expected.push(format!("{who} Correct Accepted"));
    }
    // Not "support", who signs for another unit.
    expected.extend(["signer Sign Signing".to_owned(), "signer SendBack Signing".to_owned()]);
    // Not "both": that is who handed it in.
    expected.extend(["office Accept Submitted".to_owned(), "office Return Submitted".to_owned()]);
    expected.sort();
    allowed.sort();
    assert_eq!(allowed, expected);
}

#[tokio::test]
async fn opening_and_closing_agree_too() {
    let s = Stage::new().await;
    let people = [
        ("office", &s.office),
        ("both", &s.both),
        ("lead", &s.lead),
        ("foreign", &s.foreign),
        ("inspector", &s.inspector),
        ("admin", &s.admin),
    ];
    let mut done = Vec::new();
    for (nth, (name, client)) in people.into_iter().enumerate() {
        for (round, list) in [TaskListStatus::Issued, TaskListStatus::Closed].into_iter().enumerate() {
            let day = format!("2026-02-{:02}", 1 + nth * 2 + round);
            let input = period_input(s.list, "PLAIN", &day, &day, "2026-07-10");
            let set = |status| {
                let s = &s;
                async move {
                    let tx = s.t.service.store().begin().await.unwrap();
                    let column = task_list::Column::Id;
                    let mut row = tx.all_where::<task_list::Entity>(column, &[s.list]).await.unwrap().remove(0);
                    row.status = status;
                    tx.update::<task_list::Entity>(row).await.unwrap();
                    tx.commit().await.unwrap();
                }
            };
            set(list).await;
            let query = "query($id: ID!) { taskList(id: $id) { viewerCan { openPeriod { allowed code } } } }";
            let data = client.answer(query, json!({ "id": id(Kind::TaskList, s.list) })).await["data"].take();
            let found = codes(&open(client, input.clone(), None).await);
            match &data["taskList"] {
                Value::Null => assert_eq!(found, ["FORBIDDEN"], "none of them is an office here"),
                seen => {
                    let can = &seen["viewerCan"]["openPeriod"];
                    assert_eq!(can["allowed"], found.is_empty(), "{name}");
                    assert_eq!(can["code"].as_str(), found.first().map(String::as_str), "{name}");
                }
            }
            if found.is_empty() {
                done.push(format!("{name} opens {list:?}"));
            }
            // One for closing, opened by the office.
            set(TaskListStatus::Issued).await;
            let day = format!("2026-03-{:02}", 1 + nth * 2 + round);
            let other = open(&s.office, period_input(s.list, "PLAIN", &day, &day, "2026-07-10"), None).await;
            let period = text(&other["reportingPeriod"]["id"]);
            let query = "query($id: ID!) { reportingPeriod(id: $id) { viewerCan { close { allowed code } } } }";
            for version in [1, 2] {
                let data = client.answer(query, json!({ "id": period })).await["data"].take();
                let found = codes(&close(client, &period, version).await);
                match &data["reportingPeriod"] {
                    Value::Null => assert_eq!(found, ["FORBIDDEN"], "none of them is an office here"),
                    seen => {
                        let can = &seen["viewerCan"]["close"];
                        assert_eq!(can["allowed"], found.is_empty(), "{name} {version}");
                        assert_eq!(can["code"].as_str(), found.first().map(String::as_str), "{name} {version}");
                    }
                }
                if found.is_empty() {
                    done.push(format!("{name} closes"));
                }
            }
        }
    }
    let expected =
        ["both closes", "both closes", "both opens Issued", "office closes", "office closes", "office opens Issued"];
    done.sort();
    assert_eq!(done, expected);
}
