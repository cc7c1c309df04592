//! A province: 200 units on 200 tasks in 12 periods. Run by hand:
//! `cargo test --release --test it status::speed -- --ignored --nocapture`.

use std::time::Instant;

use entity::vocabulary::*;
use serde_json::json;
use taizhang::id::{GlobalId, Kind};

use crate::support::TestApp;
use crate::support::world::Build;

const UNITS: usize = 200;
const TASKS: usize = 200;
const PERIODS: u32 = 11;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement; takes minutes"]
async fn a_province_is_counted_in_a_handful_of_statements() {
    let t = TestApp::new().await;
    let mut b = Build::new(t.service.cipher().clone());
    b.unit("root", None);
    let names: Vec<String> = (0..UNITS).map(|n| format!("u{n}")).collect();
    names.iter().for_each(|name| {
        b.unit(name, Some("root"));
    });
    b.group("everybody", &names.iter().map(String::as_str).collect::<Vec<_>>());
    b.user("office", "root", &[(Role::Office, "root")]);
    b.user("of-u0", "u0", &[(Role::Reporter, "u0")]);
    b.list("list", "root", TaskListStatus::Issued);
    (0..10).for_each(|n| {
        b.section(&format!("s{n}"), "list", None);
    });
    for n in 0..TASKS {
        let on = names.iter().enumerate().map(|(nth, name)| {
            (if nth == n { AssignmentRole::Lead } else { AssignmentRole::Responsible }, name.as_str())
        });
        b.task(&format!("t{n}"), "list", Some(&format!("s{}", n % 10)), &on.collect::<Vec<_>>());
    }
    for month in 1..=PERIODS {
        let status = if month < 6 { PeriodStatus::Closed } else { PeriodStatus::Open };
        b.period(&format!("p{month}"), "list", month, status);
        b.reports(&format!("p{month}"));
    }
    let tx = t.service.store().begin().await.unwrap();
    b.rows.write(&tx).await;
    tx.commit().await.unwrap();
    println!("{} obligations, {} reports", b.rows.report_obligation.len(), b.rows.progress_report.len());
    let period = GlobalId::new(Kind::ReportingPeriod, b.get("p6")).to_string();
    let list = GlobalId::new(Kind::TaskList, b.get("list")).to_string();
    for who in ["@office", "@of-u0"] {
        let client = t.sign_in(b.get(who)).await;
        for by in ["UNIT", "SECTION", "LEAD", "GROUP", "LIST"] {
            for (about, period, day) in
                [("a period", Some(&period), None), ("a year", None, None), ("a year, past", None, Some("2026-06-30"))]
            {
                let query = "query($by: ReportingStatusGrouping, $p: ID, $l: ID, $d: Date) {
                    reportingStatus(groupBy: $by, period: $p, taskList: $l, asOf: $d, first: 200) { totalCount totals { expected } } }";
                let (before, begun) = (t.service.store().statements(), Instant::now());
                let answer = client.answer(query, json!({ "by": by, "p": period, "l": list, "d": day })).await;
                let taken = begun.elapsed();
                let statements = t.service.store().statements() - before;
                println!(
                    "{who} {by} {about}: {taken:.0?}, {statements} statements, {}",
                    answer["data"]["reportingStatus"]
                );
                assert!(statements <= 6, "{statements} statements");
            }
        }
        for (what, query) in [
            (
                "missing",
                "query($p: ID!) { missingReports(period: $p, first: 200) { totalCount nodes { id due { state } } } }",
            ),
            (
                "matrix",
                "query($p: ID!) { reportingMatrix(period: $p, first: 20) { totalCount nodes { cells { due { state } } } } }",
            ),
            (
                "work",
                "{ viewer { work { counts { toReport returned overdue toReview } toReport(first: 50) { nodes { id } } } } }",
            ),
        ] {
            let begun = Instant::now();
            let answer = client.answer(query, json!({ "p": period })).await;
            println!(
                "{who} {what}: {:.0?} {}",
                begun.elapsed(),
                answer.to_string().chars().take(120).collect::<String>()
            );
        }
    }
}
