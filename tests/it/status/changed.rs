//! Figures of past days, whatever was changed, granted, withdrawn or filtered since.

use serde_json::{Value, json};
use taizhang::id::Kind;

use super::COUNTS;
use crate::mutation::amendments_stage::{amend, number_two, seat};
use crate::mutation::reports_stage::*;
use crate::support::Client;
use crate::support::lcg::Lcg;

/// Another moment; whoever was signed in before signs in anew.
async fn at(s: &mut Stage, day: &str, time: &str) {
    s.t.clock.set(format!("{day}T{time}:00+08:00").parse().unwrap());
    s.office = s.t.sign_in(s.office.user.unwrap()).await;
    s.inspector = s.t.sign_in(s.inspector.user.unwrap()).await;
    s.responsible = s.t.sign_in(s.responsible.user.unwrap()).await;
    s.lead = s.t.sign_in(s.lead.user.unwrap()).await;
}

/// The totals of a day, of what a filter meets.
async fn totals(client: &Client, day: Option<&str>, filter: Value) -> Value {
    let query = format!(
        "query($day: Date, $filter: ReportObligationFilter) {{
            reportingStatus(asOf: $day, filter: $filter, first: 200) {{ totals {{ {COUNTS} }} }} }}"
    );
    let data = client.data(&query, json!({ "day": day, "filter": filter })).await;
    data["reportingStatus"]["totals"].clone()
}

async fn figures<const N: usize>(s: &Stage, day: &str, filter: Value, names: [&str; N]) -> [i64; N] {
    let totals = totals(&s.office, Some(day), filter).await;
    names.map(|name| number(&totals[name]))
}

async fn extension(s: &Stage, owed: &str, until: &str) -> Value {
    let ask = "mutation($input: ExtensionRequestCreateInput!) {
        extensionRequestCreate(input: $input) { extensionRequest { id version } userErrors { code message field } } }";
    let input = json!({ "obligation": owed, "until": until, "reason": "虚构：数据未齐" });
    s.responsible.payload(ask, json!({ "input": input })).await
}

async fn grant(s: &Stage, asked: &Value, until: &str) -> Value {
    let decide = "mutation($id: ID!, $input: ExtensionRequestDecideInput!) {
        extensionRequestDecide(id: $id, input: $input) { userErrors { code message field } } }";
    let input = json!({ "expectedVersion": 1, "decision": "GRANTED", "until": until });
    s.office.payload(decide, json!({ "id": asked["extensionRequest"]["id"], "input": input })).await
}

async fn move_period(s: &Stage, period: &str, change: Value) -> Value {
    let query = "query($id: ID!) { reportingPeriod(id: $id) { version } }";
    let version = s.office.data(query, json!({ "id": period })).await["reportingPeriod"]["version"].clone();
    let mut input = json!({ "expectedVersion": version });
    input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    let update = "mutation($id: ID!, $input: ReportingPeriodUpdateInput!) {
        reportingPeriodUpdate(id: $id, input: $input) { userErrors { code message field } } }";
    s.office.payload(update, json!({ "id": period, "input": input })).await
}

fn overdue() -> Value {
    json!({ "overdue": true })
}

#[tokio::test]
async fn more_time_counts_from_the_day_it_was_granted() {
    let mut s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    // Due on the 10th. Asked on the 9th, granted on the 15th for the 20th and on the 22nd for the 31st.
    at(&mut s, "2026-07-09", "10:00").await;
    let asked = extension(&s, &owed, "2026-07-20").await;
    assert_eq!(errors(&asked), []);
    at(&mut s, "2026-07-14", "23:00").await;
    let before = totals(&s.office, None, json!({})).await;
    assert_eq!((&before["overdue"], &before["notDue"]), (&json!(3), &json!(0)));
    at(&mut s, "2026-07-15", "10:00").await;
    assert_eq!(errors(&grant(&s, &asked, "2026-07-20").await), []);
    at(&mut s, "2026-07-22", "10:00").await;
    let asked = extension(&s, &owed, "2026-07-31").await;
    assert_eq!(errors(&grant(&s, &asked, "2026-07-31").await), []);
    assert_eq!(s.count("obligation_due_change").await, 2);

    at(&mut s, "2026-08-03", "10:00").await;
    assert_eq!(totals(&s.office, Some("2026-07-14"), json!({})).await, before);
    let due = |on: &str| json!({ "dueOn": { "eq": on } });
    for (day, late, on_10, on_20, on_31) in [
        ("2026-07-10", 0, 3, 0, 0),
        ("2026-07-14", 3, 3, 0, 0),
        ("2026-07-15", 2, 2, 1, 0),
        ("2026-07-20", 2, 2, 1, 0),
        ("2026-07-21", 3, 2, 1, 0),
        ("2026-07-22", 2, 2, 0, 1),
        ("2026-08-01", 3, 2, 0, 1),
    ] {
        let found = [
            figures(&s, day, json!({}), ["overdue"]).await,
            figures(&s, day, overdue(), ["expected"]).await,
            figures(&s, day, due("2026-07-10"), ["expected"]).await,
            figures(&s, day, due("2026-07-20"), ["expected"]).await,
            figures(&s, day, due("2026-07-31"), ["expected"]).await,
        ];
        assert_eq!(found, [[late], [late], [on_10], [on_20], [on_31]], "{day}");
    }
}

#[tokio::test]
async fn the_day_and_the_grace_of_a_period_are_those_of_then() {
    let mut s = Stage::new().await;
    let period = s.opened().await;
    for (day, change) in [
        ("2026-07-13", json!({ "graceWorkingDays": 2 })),
        ("2026-07-16", json!({ "dueOn": "2026-07-17" })),
        ("2026-07-16", json!({ "graceWorkingDays": 0, "label": "改名" })),
        ("2026-07-16", json!({ "label": "又改名" })),
    ] {
        at(&mut s, day, "10:00").await;
        assert_eq!(errors(&move_period(&s, &period, change).await), []);
    }
    // Two changes in the same moment leave no time between them, and a name is no day.
    assert_eq!(s.count("period_due_change").await, 2);
    at(&mut s, "2026-07-30", "10:00").await;
    // Friday the 10th; two working days behind it end on Tuesday the 14th; from the 16th on it is Friday the 17th.
    let all = [("2026-07-10", 0), ("2026-07-12", 3), ("2026-07-13", 0), ("2026-07-14", 0), ("2026-07-15", 3)];
    let moved = [("2026-07-16", 0), ("2026-07-17", 0), ("2026-07-18", 3), ("2026-07-29", 3)];
    for (day, late) in all.into_iter().chain(moved) {
        assert_eq!(figures(&s, day, json!({}), ["overdue"]).await, [late], "{day}");
        assert_eq!(figures(&s, day, overdue(), ["expected"]).await, [late], "{day}, asked for");
        assert_eq!(figures(&s, day, json!({ "overdue": false }), ["expected"]).await, [3 - late], "{day}, the others");
    }
}

fn joins(s: &Stage) -> Value {
    let assignment = json!({ "role": "RESPONSIBLE", "unit": id(Kind::Unit, s.responsible_unit) });
    json!({ "addAssignment": { "task": id(Kind::Task, s.task), "assignment": assignment } })
}

#[tokio::test]
async fn an_amendment_changes_no_day_before_it() {
    let mut s = Stage::new().await;
    let period = s.opened().await;
    at(&mut s, "2026-07-08", "10:00").await;
    let deadline = json!({ "kind": "MONTH_END", "text": "9月底前", "date": "2026-09-30" });
    let change = json!([{ "changeTask": { "task": id(Kind::Task, s.task), "deadline": deadline } }]);
    assert_eq!(errors(&amend(&s, change).await), [], "a task's own deadline is no due day of reports");
    // Taken away on the 13th, given back on the 15th with five working days, taken away for good on the 17th.
    at(&mut s, "2026-07-13", "10:00").await;
    let at_once = seat(&s, s.task, s.responsible_unit).await;
    assert_eq!(errors(&amend(&s, json!([{ "withdrawAssignment": { "assignment": at_once } }])).await), []);
    at(&mut s, "2026-07-15", "10:00").await;
    assert_eq!(errors(&amend(&s, json!([joins(&s)])).await), []);
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let query = "query($id: ID!) { node(id: $id) { ... on ReportObligation { dueOn releasedAt } } }";
    let shown = s.office.data(query, json!({ "id": owed })).await["node"].take();
    assert_eq!(shown, json!({ "dueOn": "2026-07-22", "releasedAt": null }), "it owes what it owed");
    at(&mut s, "2026-07-17", "10:00").await;
    let again = seat(&s, s.task, s.responsible_unit).await;
    assert_eq!(errors(&amend(&s, json!([{ "withdrawAssignment": { "assignment": again } }])).await), []);
    let two = number_two(&s).await;
    at(&mut s, "2026-07-20", "10:00").await;
    assert_eq!(errors(&amend(&s, json!([{ "withdrawTask": { "task": id(Kind::Task, two) } }])).await), []);

    at(&mut s, "2026-07-30", "10:00").await;
    for (day, expected, late) in [
        ("2026-07-10", 3, 0),
        ("2026-07-12", 3, 3),
        ("2026-07-13", 2, 2),
        ("2026-07-14", 2, 2),
        ("2026-07-15", 3, 2),
        ("2026-07-16", 3, 2),
        ("2026-07-17", 2, 2),
        ("2026-07-19", 2, 2),
        ("2026-07-20", 1, 1),
        ("2026-07-29", 1, 1),
    ] {
        assert_eq!(figures(&s, day, json!({}), ["expected", "overdue"]).await, [expected, late], "{day}");
        let missing = json!({ "missingReport": true });
        assert_eq!(figures(&s, day, missing, ["expected"]).await, [expected], "{day}: nobody handed anything in");
    }
}

#[tokio::test]
async fn a_filter_looks_at_the_reports_of_that_day() {
    let mut s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    let story = [
        ("2026-07-02", "Submit"),
        ("2026-07-03", "Withdraw"),
        ("2026-07-06", "Submit"),
        ("2026-07-08", "Return"),
        ("2026-07-13", "Submit"),
        ("2026-07-15", "Accept"),
        ("2026-07-17", "Correct"),
        ("2026-07-18", "Submit"),
        ("2026-07-19", "Return"),
    ];
    for (version, (day, verb)) in (1..).zip(story) {
        at(&mut s, day, "10:00").await;
        let client = if matches!(verb, "Accept" | "Return") { &s.office } else { &s.responsible };
        assert_eq!(errors(&act(client, verb, &report, input_of(verb, version), None).await), [], "{day} {verb}");
    }
    at(&mut s, "2026-07-30", "10:00").await;
    let here = |more: Value| json!({ "and": [{ "unit": { "eq": id(Kind::Unit, s.responsible_unit) }, "task": { "eq": id(Kind::Task, s.task) } }, more] });
    for (day, missing, outstanding, is_overdue) in [
        ("2026-07-01", 1, 1, 0),
        ("2026-07-02", 0, 1, 0),
        ("2026-07-03", 1, 1, 0),
        ("2026-07-06", 0, 1, 0),
        ("2026-07-08", 1, 1, 0),
        ("2026-07-12", 1, 1, 1),
        ("2026-07-13", 0, 1, 0),
        ("2026-07-15", 0, 0, 0),
        ("2026-07-17", 0, 0, 0),
        ("2026-07-19", 0, 0, 0),
        ("2026-07-29", 0, 0, 0),
    ] {
        for (field, expected) in [("missingReport", missing), ("outstanding", outstanding), ("overdue", is_overdue)] {
            let met = figures(&s, day, here(json!({ field: true })), ["expected"]).await;
            let others = figures(&s, day, here(json!({ field: false })), ["expected"]).await;
            let not = figures(&s, day, here(json!({ "not": { field: true } })), ["expected"]).await;
            assert_eq!((met, others, not), ([expected], [1 - expected], [1 - expected]), "{day} {field}");
        }
    }
}

/// What is compared: everybody's figures by every grouping, whole and filtered.
async fn answers(s: &Stage, day: Option<&str>) -> Vec<Value> {
    let query = format!(
        "query($day: Date, $filter: ReportObligationFilter, $by: ReportingStatusGrouping) {{
            reportingStatus(asOf: $day, filter: $filter, groupBy: $by, first: 200) {{ totals {{ {COUNTS} }}
                nodes {{ unit {{ id }} taskList {{ id }} counts {{ {COUNTS} }} }} }} }}"
    );
    let mut answers = Vec::new();
    for filter in [
        json!({}),
        json!({ "missingReport": true }),
        json!({ "missingReport": false }),
        json!({ "outstanding": true }),
        json!({ "outstanding": false }),
        json!({ "overdue": true }),
        json!({ "not": { "overdue": true } }),
        json!({ "dueOn": { "gt": "2026-07-10" } }),
        json!({ "or": [{ "dueOn": { "lte": "2026-07-08" } }, { "missingReport": false }] }),
    ] {
        for (client, by) in [(&s.office, "UNIT"), (&s.inspector, "LIST")] {
            let variables = json!({ "day": day, "filter": filter, "by": by });
            answers.push(client.data(&query, variables).await["reportingStatus"].take());
        }
    }
    answers
}

/// One thing that may happen; refusals are part of it. Whether it was done.
async fn happens(s: &Stage, random: &mut Lcg, period: &str) -> bool {
    let query = "{ reportObligations(first: 50) { nodes { id unit { id } report { id status version } } } }";
    let all = s.office.data(query, json!({})).await["reportObligations"]["nodes"].take();
    let one = random.pick(all.as_array().unwrap());
    let owed = text(&one["id"]);
    let by = if one["unit"]["id"] == json!(id(Kind::Unit, s.lead_unit)) { &s.lead } else { &s.responsible };
    let payload = match random.below(12) {
        0 => {
            let asked = extension(s, &owed, "2026-07-24").await;
            if !errors(&asked).is_empty() {
                return false;
            }
            let until = *random.pick(&["2026-07-20", "2026-07-22", "2026-07-24"]);
            grant(s, &asked, until).await
        }
        1 => move_period(s, period, json!({ "graceWorkingDays": random.below(4) })).await,
        2 => move_period(s, period, json!({ "dueOn": random.pick(&["2026-07-06", "2026-07-09", "2026-07-14"]) })).await,
        3 | 4 => {
            let tx = s.t.service.store().begin().await.unwrap();
            let column = entity::assignment::Column::TaskId;
            let seats = tx.all_where::<entity::assignment::Entity>(column, &[s.task]).await.unwrap();
            tx.rollback().await.unwrap();
            let active = entity::vocabulary::AssignmentStatus::Active;
            let seat = seats.iter().find(|seat| seat.unit_id == Some(s.responsible_unit) && seat.status == active);
            match seat {
                Some(seat) => {
                    let seat = id(Kind::Assignment, seat.id);
                    amend(s, json!([{ "withdrawAssignment": { "assignment": seat } }])).await
                }
                None => amend(s, json!([joins(s)])).await,
            }
        }
        _ => {
            let Some(report) = one["report"]["id"].as_str() else {
                return errors(&save(by, full(&owed), None).await).is_empty();
            };
            let version = number(&one["report"]["version"]);
            let (client, verb) = match (one["report"]["status"].as_str().unwrap(), random.below(8)) {
                ("SUBMITTED", 0..3) => (by, "Withdraw"),
                ("SUBMITTED", 3..7) => (&s.office, "Return"),
                ("SUBMITTED", _) => (&s.office, "Accept"),
                ("ACCEPTED", _) => (by, "Correct"),
                _ => (by, "Submit"),
            };
            act(client, verb, report, input_of(verb, version), None).await
        }
    };
    errors(&payload).is_empty()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_of_a_day_is_said_of_it_for_ever() {
    for seed in 1..=3 {
        let mut s = Stage::new().await;
        let mut random = Lcg::new(seed);
        let period = s.opened().await;
        let (mut given, mut done) = (Vec::new(), 0);
        for day in 1..=16 {
            let day = format!("2026-07-{day:02}");
            at(&mut s, &day, "10:00").await;
            for minute in 0..4 {
                at(&mut s, &day, &format!("10:{minute:02}")).await;
                done += usize::from(happens(&s, &mut random, &period).await);
            }
            at(&mut s, &day, "23:59").await;
            given.push((day, answers(&s, None).await));
        }
        at(&mut s, "2026-07-20", "10:00").await;
        for (day, given) in &given {
            assert_eq!(&answers(&s, Some(day)).await, given, "seed {seed}, {day}");
        }
        let distinct: std::collections::BTreeSet<String> = given.iter().map(|(_, all)| format!("{all:?}")).collect();
        assert!(done > 25 && distinct.len() > 8, "something happened: {done} steps, {} pictures", distinct.len());
    }
}
