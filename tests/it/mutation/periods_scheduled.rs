//! Periods that open by themselves.

use entity::{audit_entry, period_schedule, reporting_period, task_list};
use serde_json::{Value, json};
use taizhang::id::Kind;

use super::reports_stage::*;
use crate::support::Client;

fn monthly(s: &Stage) -> Value {
    json!({
        "taskList": id(Kind::TaskList, s.list), "kind": "PLAIN", "every": "MONTH", "label": "月自查",
        "opensAfterDays": 1, "dueWorkingDays": 5, "graceWorkingDays": 2,
    })
}

const SCHEDULE: &str = "periodSchedule { id label version active lastEndsOn next { startsOn endsOn opensOn dueOn missingCalendarYear } viewerCan { edit { allowed } } } userErrors { code message field }";

async fn create(client: &Client, input: Value) -> Value {
    let query = format!(
        "mutation($input: PeriodScheduleCreateInput!) {{ periodScheduleCreate(input: $input) {{ {SCHEDULE} }} }}"
    );
    client.payload(&query, json!({ "input": input })).await
}

async fn update(client: &Client, schedule: &str, input: Value) -> Value {
    let query = format!(
        "mutation($id: ID!, $input: PeriodScheduleUpdateInput!) {{ periodScheduleUpdate(id: $id, input: $input) {{ {SCHEDULE} }} }}"
    );
    client.payload(&query, json!({ "id": schedule, "input": input })).await
}

async fn remove(client: &Client, schedule: &str, version: i64) -> Value {
    client
        .payload(
            "mutation($id: ID!, $input: VersionInput!) { periodScheduleDelete(id: $id, input: $input) { deletedId periodSchedule { id } userErrors { code message field } } }",
            json!({ "id": schedule, "input": { "expectedVersion": version } }),
        )
        .await
}

/// The periods of the list as (label, due day), in the order of their ends.
async fn periods(s: &Stage) -> Vec<(String, String)> {
    let query = "query($id: ID!) { taskList(id: $id) { reportingPeriods { nodes { label dueOn graceWorkingDays } } } }";
    let data = s.office.data(query, json!({ "id": id(Kind::TaskList, s.list) })).await;
    let nodes = data["taskList"]["reportingPeriods"]["nodes"].as_array().unwrap().clone();
    nodes.iter().map(|node| (text(&node["label"]), text(&node["dueOn"]))).collect()
}

/// Another day; whoever was signed in before is not any more.
async fn day(s: &mut Stage, day: &str) {
    s.t.clock.set(format!("{day}T02:00:00Z").parse().unwrap());
    s.office = s.t.sign_in(s.office.user.unwrap()).await;
}

#[tokio::test]
async fn months_open_by_themselves_once() {
    let mut s = Stage::new().await;
    let made = create(&s.office, monthly(&s)).await;
    assert_eq!(errors(&made), []);
    // It is 1 July: the months up to May are over and past their due days, June opens today.
    let next = json!({ "startsOn": "2026-06-01", "endsOn": "2026-06-30", "opensOn": "2026-07-01", "dueOn": "2026-07-07", "missingCalendarYear": null });
    assert_eq!(made["periodSchedule"]["next"], next);
    assert_eq!(s.t.service.schedules_open_due().await.unwrap(), 1);
    assert_eq!(s.t.service.schedules_open_due().await.unwrap(), 0, "once");
    assert_eq!(periods(&s).await, [("6月（月自查）".to_owned(), "2026-07-07".to_owned())]);
    assert_eq!(s.count("report_obligation").await, 3);
    assert_eq!(s.count("outbox WHERE topic = 'reporting_period.opened'").await, 2, "one message per unit");
    // Nobody did it, and the trail says which schedule.
    let tx = s.t.service.store().begin().await.unwrap();
    let period = tx
        .all_where::<reporting_period::Entity>(reporting_period::Column::TaskListId, &[s.list])
        .await
        .unwrap()
        .remove(0);
    let trail = tx.all_where::<audit_entry::Entity>(audit_entry::Column::ObjectId, &[period.id]).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(period.grace_working_days, 2);
    assert_eq!(trail.len(), 1);
    assert_eq!((trail[0].user_id, trail[0].operation.as_str()), (None, "reportingPeriodOpen"));
    assert_eq!(trail[0].request_id, text(&made["periodSchedule"]["id"]));

    // Asleep from here to the middle of September: July is past its due day, August is not... not on the 5th.
    day(&mut s, "2026-09-05").await;
    assert_eq!(s.t.service.schedules_open_due().await.unwrap(), 1);
    assert_eq!(periods(&s).await.last().unwrap().0, "8月（月自查）", "July's due day is over: nobody could be in time");
    // A day before it opens nothing happens, on the day it does.
    day(&mut s, "2026-09-30").await;
    assert_eq!(s.t.service.schedules_open_due().await.unwrap(), 0);
    day(&mut s, "2026-10-01").await;
    assert_eq!(s.t.service.schedules_open_due().await.unwrap(), 1);
    assert_eq!(periods(&s).await.last().unwrap(), &("9月（月自查）".to_owned(), "2026-10-13".to_owned()));
    // December needs the holidays of a year that is not known: said, not guessed.
    day(&mut s, "2027-01-01").await;
    assert_eq!(s.t.service.schedules_open_due().await.unwrap(), 0);
    let data = s.office.data("query($id: ID!) { taskList(id: $id) { periodSchedules { nodes { next { endsOn dueOn missingCalendarYear } } } } }", json!({ "id": id(Kind::TaskList, s.list) })).await;
    let next = &data["taskList"]["periodSchedules"]["nodes"][0]["next"];
    assert_eq!(*next, json!({ "endsOn": "2026-12-31", "dueOn": null, "missingCalendarYear": 2027 }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_programs_on_one_database_open_it_once() {
    let s = Stage::new().await;
    assert_eq!(errors(&create(&s.office, monthly(&s)).await), []);
    let mut quarterly = monthly(&s);
    (quarterly["every"], quarterly["label"]) = (json!("QUARTER"), json!("季督查"));
    assert_eq!(errors(&create(&s.office, quarterly).await), []);
    let run = || s.t.service.schedules_open_due();
    let (a, b, c, d) = tokio::join!(run(), run(), run(), run());
    assert_eq!(a.unwrap() + b.unwrap() + c.unwrap() + d.unwrap(), 2);
    let labels: Vec<String> = periods(&s).await.into_iter().map(|(label, _)| label).collect();
    assert_eq!(labels.len(), 2);
    assert!(
        labels.contains(&"6月（月自查）".to_owned()) && labels.contains(&"二季度（季督查）".to_owned()),
        "{labels:?}"
    );
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'reportingPeriodOpen'").await, 2);
}

#[tokio::test]
async fn what_is_there_already_is_left_alone_and_a_closed_list_opens_nothing() {
    let mut s = Stage::new().await;
    // The office was quicker, with another due day.
    let by_hand = open(&s.office, period_input(s.list, "PLAIN", "2026-06-01", "2026-06-30", "2026-07-20"), None).await;
    let made = create(&s.office, monthly(&s)).await;
    let schedule = text(&made["periodSchedule"]["id"]);
    assert_eq!(s.t.service.schedules_open_due().await.unwrap(), 0);
    assert_eq!(periods(&s).await, [("6月".to_owned(), "2026-07-20".to_owned())]);
    let skipped = async |s: &Stage| {
        let query = "query($id: ID!) { node(id: $id) { ... on PeriodSchedule { lastSkippedAt lastSkippedFor { id label kind } } } }";
        let office = s.t.sign_in(s.office.user.unwrap()).await;
        office.data(query, json!({ "id": schedule })).await["node"].take()
    };
    // The office reads at the schedule why there is none of its own, and it is said once.
    let told = skipped(&s).await;
    let there = json!({ "id": by_hand["reportingPeriod"]["id"], "label": "6月", "kind": "PLAIN" });
    assert_eq!(told["lastSkippedFor"], there);
    assert!(told["lastSkippedAt"].is_string());
    s.t.clock.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(s.t.service.schedules_open_due().await.unwrap(), 0);
    assert_eq!(skipped(&s).await, told);
    // Switched off it sleeps; the worker's own note did not count as a change.
    let off = update(&s.office, &schedule, json!({ "expectedVersion": 1, "active": false })).await;
    assert_eq!(errors(&off), []);
    assert_eq!(
        (&off["periodSchedule"]["next"], &off["periodSchedule"]["lastEndsOn"]),
        (&Value::Null, &json!("2026-06-30"))
    );
    day(&mut s, "2026-08-01").await;
    assert_eq!(s.t.service.schedules_open_due().await.unwrap(), 0);
    assert_eq!(errors(&update(&s.office, &schedule, json!({ "expectedVersion": 2, "active": true })).await), []);
    assert_eq!(s.t.service.schedules_open_due().await.unwrap(), 1);
    assert_eq!(skipped(&s).await, told, "a span that is opened leaves it as it was");
    // The list is closed, once its periods are.
    let tx = s.t.service.store().begin().await.unwrap();
    let list = tx.all_where::<task_list::Entity>(task_list::Column::Id, &[s.list]).await.unwrap().remove(0);
    let closed = task_list::Model { status: entity::vocabulary::TaskListStatus::Closed, ..list };
    tx.update::<task_list::Entity>(closed).await.unwrap();
    tx.commit().await.unwrap();
    day(&mut s, "2026-09-01").await;
    let before = s.rows().await;
    assert_eq!(s.t.service.schedules_open_due().await.unwrap(), 0);
    assert_eq!(s.rows().await, before);
    assert_eq!(
        codes(&update(&s.office, &schedule, json!({ "expectedVersion": 3, "active": false })).await),
        ["INVALID_STATE"]
    );
    assert!(by_hand["reportingPeriod"]["id"].is_string());
}

#[tokio::test]
async fn who_keeps_schedules_and_what_they_may_say() {
    let s = Stage::new().await;
    let at = |code: &str, field: &str| (code.to_owned(), format!("input.{field}"));
    for client in [&s.lead, &s.responsible, &s.inspector, &s.foreign, &s.admin] {
        assert_eq!(codes(&create(client, monthly(&s)).await), ["FORBIDDEN"]);
    }
    let mut bad = monthly(&s);
    (bad["label"], bad["opensAfterDays"], bad["dueWorkingDays"], bad["graceWorkingDays"]) =
        (json!(" "), json!(61), json!(-1), json!(21));
    let expected = [
        at("REQUIRED", "label"),
        at("OUT_OF_RANGE", "opensAfterDays"),
        at("OUT_OF_RANGE", "dueWorkingDays"),
        at("OUT_OF_RANGE", "graceWorkingDays"),
    ];
    assert_eq!(errors(&create(&s.office, bad).await), expected);
    assert_eq!(s.count("period_schedule").await, 0);
    let schedule = text(&create(&s.office, monthly(&s)).await["periodSchedule"]["id"]);
    // The inspector reads it, units see the periods it opens only.
    let query =
        "query($id: ID!, $list: ID!) { node(id: $id) { id } taskList(id: $list) { periodSchedules { totalCount } } }";
    for (client, sees) in [(&s.office, 1), (&s.inspector, 1), (&s.lead, 0)] {
        let data = client.data(query, json!({ "id": schedule, "list": id(Kind::TaskList, s.list) })).await;
        assert_eq!(data["taskList"]["periodSchedules"]["totalCount"], sees);
        assert_eq!(data["node"].is_null(), sees == 0);
    }
    for client in [&s.lead, &s.inspector, &s.foreign] {
        assert_eq!(
            codes(&update(client, &schedule, json!({ "expectedVersion": 1, "active": false })).await),
            ["FORBIDDEN"]
        );
        assert_eq!(codes(&remove(client, &schedule, 1).await), ["FORBIDDEN"]);
    }
    assert_eq!(codes(&update(&s.office, &schedule, json!({ "expectedVersion": 4, "active": false })).await), ["STALE"]);
    assert_eq!(codes(&remove(&s.office, &schedule, 4).await), ["STALE"]);
    for _ in 1..12 {
        assert_eq!(errors(&create(&s.office, monthly(&s)).await), []);
    }
    assert_eq!(errors(&create(&s.office, monthly(&s)).await), [at("LIMIT", "taskList")]);
    let gone = remove(&s.office, &schedule, 1).await;
    assert_eq!((errors(&gone), &gone["deletedId"]), (vec![], &json!(schedule)));
    let tx = s.t.service.store().begin().await.unwrap();
    let left = tx.all_where::<period_schedule::Entity>(period_schedule::Column::TaskListId, &[s.list]).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(left.len(), 11);
}

#[tokio::test]
async fn recurring_tasks_expect_a_count() {
    let s = Stage::new().await;
    let tx = s.t.service.store().begin().await.unwrap();
    let row = entity::deadline::Model {
        id: s.t.ids.next(),
        task_id: s.task,
        position: 1,
        kind: entity::vocabulary::DeadlineKind::Recurring,
        text: Some("每季度至少一次".into()),
        due_on: None,
        from_on: None,
        rule: Some(json!({ "every": "quarter", "min_times": 1 })),
        source: Some(entity::vocabulary::DeadlineSource::Text),
    };
    tx.insert::<entity::deadline::Entity>(row).await.unwrap();
    tx.commit().await.unwrap();
    s.opened().await;
    let data = s.office.data("{ reportObligations { nodes { task { number } expectedCount } } }", json!({})).await;
    let mut counts: Vec<(String, Value)> = data["reportObligations"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (text(&node["task"]["number"]), node["expectedCount"].clone()))
        .collect();
    counts.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(counts, [("1".into(), json!(2)), ("1".into(), json!(2)), ("2".into(), Value::Null)]);
}

#[tokio::test]
async fn of_two_schedules_with_one_span_the_second_says_that_it_opened_nothing() {
    let s = Stage::new().await;
    let first = create(&s.office, monthly(&s)).await;
    let mut other = monthly(&s);
    (other["kind"], other["every"], other["label"]) = (json!("PLAIN"), json!("MONTH"), json!("月督查"));
    let second = create(&s.office, other).await;
    assert_eq!(s.t.service.schedules_open_due().await.unwrap(), 1);
    let query = "query($id: ID!) { node(id: $id) { ... on PeriodSchedule { lastSkippedFor { label } } } }";
    let mut said = Vec::new();
    for made in [first, second] {
        let schedule = text(&made["periodSchedule"]["id"]);
        said.push(s.office.data(query, json!({ "id": schedule })).await["node"]["lastSkippedFor"].take());
        assert!(s.lead.data(query, json!({ "id": schedule })).await["node"].is_null(), "not for units");
    }
    assert_eq!(said, [Value::Null, json!({ "label": "6月（月自查）" })]);
}
