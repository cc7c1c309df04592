//! The number of SQL statements does not grow with the number of rows.

use entity::vocabulary::*;
use serde_json::json;
use taizhang::id::Kind;

use crate::support::world::Build;
use crate::support::{Client, TestApp};

/// A list of `tasks` tasks with `units` units each, a period, and a report for every obligation.
pub async fn list_of(tasks: usize, units: usize) -> (TestApp, Client, String) {
    let t = TestApp::new().await;
    let mut b = Build::new(t.service.cipher().clone());
    b.unit("root", None);
    let names: Vec<String> = (0..units).map(|n| format!("u{n}")).collect();
    for name in &names {
        b.unit(name, Some("root"));
    }
    b.group("everybody", &names.iter().map(String::as_str).collect::<Vec<_>>());
    b.user("office", "root", &[(Role::Office, "root")]);
    for name in &names {
        b.user(&format!("of-{name}"), name, &[(Role::Reporter, name)]);
    }
    b.list("list", "root", TaskListStatus::Issued);
    b.section("s", "list", None);
    for n in 0..tasks {
        let child = format!("s{n}");
        b.section(&child, "list", Some("s"));
        let on: Vec<_> = names.iter().map(|name| (AssignmentRole::Responsible, name.as_str())).collect();
        b.task(&format!("t{n}"), "list", Some("s"), &on);
    }
    b.period("p", "list", 6, PeriodStatus::Open);
    b.reports("p");
    let tx = t.service.store().begin().await.unwrap();
    b.rows.write(&tx).await;
    tx.commit().await.unwrap();
    let office = t.sign_in(b.get("@office")).await;
    let id = taizhang::id::GlobalId::new(Kind::TaskList, b.get("list")).to_string();
    (t, office, id)
}

pub async fn statements(t: &TestApp, client: &Client, query: &str, id: &str) -> u64 {
    let before = t.service.store().statements();
    client.data(query, json!({ "id": id })).await;
    t.service.store().statements() - before
}

const WHOLE: &str = "query($id: ID!) { taskList(id: $id) { title tasks(first: 200) { nodes { number title
    assignments(first: 20) { nodes { role name unit { name } latestReport { status narrative completion } } } } } } }";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_list_takes_eight_statements_whatever_its_size() {
    let mut counts = Vec::new();
    for (tasks, units) in [(1, 1), (74, 20)] {
        let (t, office, id) = list_of(tasks, units).await;
        counts.push(statements(&t, &office, WHOLE, &id).await);
    }
    println!("statements, authentication included: {counts:?}");
    assert!(counts.iter().all(|count| *count <= 8), "{counts:?} statements instead of 8");
    assert_eq!(counts[0], counts[1], "the number of statements grows with the list");
}

/// Every connection and every edge out of one, with 1 row and with 30.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_rows_take_as_many_statements_as_one() {
    let (small, large) = (list_of(1, 2).await, list_of(30, 2).await);
    let page = "first: 31";
    let queries = [
        format!("{{ units({page}) {{ totalCount nodes {{ aliases parent {{ name }} children {{ totalCount nodes {{ name }} }}
            contacts {{ totalCount nodes {{ name unit {{ name }} }} }} viewerCan {{ edit {{ allowed }} }} }} }} }}"),
        format!("{{ unitGroups({page}) {{ totalCount nodes {{ aliases viewerCan {{ edit {{ allowed }} }}
            members({page}) {{ totalCount nodes {{ unit {{ name }} }} }} }} }} }}"),
        format!("{{ taskLists(first: 2) {{ totalCount nodes {{ issuer {{ name }} viewerCan {{ edit {{ allowed }} }}
            sections({page}) {{ totalCount nodes {{ parent {{ title }} children(first: 1) {{ totalCount }} taskList {{ title }} }} }}
            reportingPeriods(first: 2) {{ totalCount nodes {{ rollUp {{ expected }} viewerCan {{ close {{ allowed }} }}
                reportObligations({page}) {{ totalCount nodes {{ id }} }} }} }} }} }} }}"),
        format!("{{ taskLists(first: 2) {{ nodes {{ sections({page}) {{ nodes {{ tasks({page}) {{ totalCount nodes {{ number }} }} }} }} }} }} }}"),
        format!("{{ tasks({page}) {{ totalCount nodes {{ taskList {{ title }} section {{ title }} deadlineText dueOn isOverdue daysLeft
            deadlines {{ totalCount nodes {{ text }} }} viewerRoles viewerCan {{ edit {{ allowed }} }} }} }} }}"),
        format!("{{ tasks({page}) {{ nodes {{ assignments {{ totalCount nodes {{ unit {{ name }} unitGroup {{ name }} source {{ id }}
            task {{ number }} latestReport {{ status }} }} }} }} }} }}"),
        format!("{{ tasks({page}) {{ nodes {{ reportObligations {{ totalCount nodes {{ period {{ label }} assignment {{ name }}
            unit {{ name }} report {{ status }} viewerCan {{ submit {{ allowed }} }} }} }} }} }} }}"),
        format!("{{ tasks({page}) {{ nodes {{ progressReports(first: 9) {{ totalCount nodes {{ reporterPhone period {{ label }} unit {{ name }}
            obligation {{ id }} viewerCan {{ accept {{ allowed }} }} revisions {{ totalCount nodes {{ submittedBy {{ name }} }} }}
            reviews {{ totalCount nodes {{ reviewerUnit {{ name }} }} }} }} }} }} }} }}"),
        format!("{{ reportObligations({page}) {{ totalCount nodes {{ task {{ number }} report {{ status }} }} }} }}"),
        format!("{{ progressReports({page}) {{ totalCount nodes {{ task {{ number }} revisions {{ totalCount }} }} }} }}"),
    ];
    for query in queries {
        let one = statements(&small.0, &small.1, &query, &small.2).await;
        let thirty = statements(&large.0, &large.1, &query, &large.2).await;
        assert_eq!(one, thirty, "{query}");
    }
}
