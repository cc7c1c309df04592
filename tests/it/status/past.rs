//! Figures of past days are those that were given on those days.

use serde_json::{Value, json};

use super::by_unit;
use crate::mutation::reports_stage::*;
use crate::support::Client;

async fn on(s: &Stage, day: &str, time: &str) {
    s.t.clock.set(format!("{day}T{time}:00+08:00").parse().unwrap());
}

async fn again(s: &Stage, client: &Client) -> Client {
    s.t.sign_in(client.user.unwrap()).await
}

async fn version(client: &Client, report: &str) -> i64 {
    let data = client.data("query($id: ID!) { progressReport(id: $id) { version } }", json!({ "id": report })).await;
    number(&data["progressReport"]["version"])
}

#[tokio::test]
async fn the_figures_of_a_past_day_are_those_given_on_that_day() {
    let s = Stage::new().await;
    on(&s, "2026-07-01", "09:00").await;
    let period = s.opened().await;
    let (responsible_unit, lead_unit, task) = (s.responsible_unit, s.lead_unit, s.task);
    let owed = [s.owes(&period, responsible_unit, task).await, s.owes(&period, lead_unit, task).await];
    let saved = save(&again(&s, &s.responsible).await, full(&owed[0]), None).await;
    let first = text(&saved["progressReport"]["id"]);
    let saved = save(&again(&s, &s.lead).await, full(&owed[1]), None).await;
    let second = text(&saved["progressReport"]["id"]);
    // Due on 10 July. The last moment of a day and the first of the next are told apart.
    let story = [
        ("2026-07-02", "09:00", &s.responsible, "Submit", &first),
        ("2026-07-03", "23:59", &s.responsible, "Withdraw", &first),
        ("2026-07-05", "00:00", &s.responsible, "Submit", &first),
        ("2026-07-06", "10:00", &s.office, "Return", &first),
        ("2026-07-08", "10:00", &s.lead, "Submit", &second),
        ("2026-07-09", "10:00", &s.office, "Accept", &second),
        ("2026-07-11", "00:00", &s.responsible, "Submit", &first),
        ("2026-07-13", "10:00", &s.office, "Accept", &first),
        // A correction waits for a day, and comes back once; what was accepted counts all the time.
        ("2026-07-12", "10:00", &s.lead, "Correct", &second),
        ("2026-07-12", "11:00", &s.lead, "Submit", &second),
        ("2026-07-14", "09:00", &s.office, "Return", &second),
        ("2026-07-15", "09:00", &s.lead, "Submit", &second),
        ("2026-07-16", "09:00", &s.office, "Accept", &second),
    ];
    let days: Vec<String> = (1..=17).map(|day| format!("2026-07-{day:02}")).collect();
    let viewers = [&s.office, &s.inspector, &s.responsible];
    let mut given: Vec<Vec<Value>> = Vec::new();
    for day in &days {
        for (_, time, client, verb, report) in story.iter().filter(|step| step.0 == day) {
            on(&s, day, time).await;
            let client = again(&s, client).await;
            let input = input_of(verb, version(&client, report).await);
            let done = act(&client, verb, report, input, None).await;
            assert_eq!(errors(&done), [], "{day} {verb}");
        }
        on(&s, day, "23:59").await;
        let mut answers = Vec::new();
        for viewer in viewers {
            answers.push(by_unit(&again(&s, viewer).await, None).await);
        }
        given.push(answers);
    }
    let figure = |day: usize, figure: &str| given[day - 1][0]["totals"][figure].as_i64().unwrap();
    assert_eq!(
        (1..=17).map(|d| figure(d, "submitted")).collect::<Vec<_>>(),
        [0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    );
    assert_eq!(
        (1..=17).map(|d| figure(d, "overdue")).collect::<Vec<_>>(),
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1]
    );
    assert_eq!((figure(14, "late"), figure(14, "accepted"), figure(6, "returned")), (1, 2, 1));
    assert_eq!((figure(17, "late"), figure(17, "accepted")), (1, 2), "a correction makes nothing late");

    on(&s, "2026-07-20", "12:00").await;
    for (nth, viewer) in viewers.into_iter().enumerate() {
        let viewer = again(&s, viewer).await;
        for (day, given) in days.iter().zip(&given) {
            assert_eq!(by_unit(&viewer, Some(day)).await, given[nth], "{day}, viewer {nth}");
        }
        let before = by_unit(&viewer, Some("2026-06-30")).await;
        assert_eq!((&before["totalCount"], &before["totals"]["expected"]), (&json!(0), &json!(0)), "nothing was owed");
    }
    // A lead reads no reviews of its co-units: of what it sees, the report was with the office until it was accepted.
    let lead = again(&s, &s.lead).await;
    for (day, submitted, accepted) in
        [("2026-07-04", 0, 0), ("2026-07-06", 1, 0), ("2026-07-12", 1, 1), ("2026-07-13", 0, 2)]
    {
        let totals = by_unit(&lead, Some(day)).await["totals"].take();
        assert_eq!(
            (&totals["submitted"], &totals["accepted"]),
            (&json!(submitted), &json!(accepted)),
            "{day}: {totals}"
        );
    }
}

#[tokio::test]
async fn days_overdue_are_counted_and_working_days_by_the_calendar() {
    let s = Stage::new().await;
    let period = s.opened().await;
    on(&s, "2026-07-10", "23:59").await;
    let query = "query($p: ID!, $f: ReportObligationFilter) { missingReports(period: $p, filter: $f) { totalCount
        nodes { due { on state daysOverdue workingDaysOverdue } } } }";
    let overdue = json!({ "overdue": true });
    let office = again(&s, &s.office).await;
    let data = office.data(query, json!({ "p": period })).await["missingReports"].take();
    assert_eq!(data["totalCount"], 3);
    let not_yet = json!({ "on": "2026-07-10", "state": "NOT_DUE", "daysOverdue": null, "workingDaysOverdue": null });
    assert_eq!(data["nodes"][0]["due"], not_yet);
    let data = office.data(query, json!({ "p": period, "f": overdue })).await;
    assert_eq!(data["missingReports"]["totalCount"], 0);
    // Friday the 10th was the day; on Tuesday the 14th four days have gone, two of them working days.
    on(&s, "2026-07-14", "00:00").await;
    let office = again(&s, &s.office).await;
    let data = office.data(query, json!({ "p": period, "f": overdue })).await["missingReports"].take();
    assert_eq!(data["totalCount"], 3);
    let late = json!({ "on": "2026-07-10", "state": "OVERDUE", "daysOverdue": 4, "workingDaysOverdue": 2 });
    assert_eq!(data["nodes"][0]["due"], late);
    // The calendar of 2027 is not known: said, not guessed.
    on(&s, "2027-01-05", "00:00").await;
    let office = again(&s, &s.office).await;
    let data = office.data(query, json!({ "p": period })).await["missingReports"].take();
    assert_eq!(data["nodes"][0]["due"]["daysOverdue"], 179);
    assert_eq!(data["nodes"][0]["due"]["workingDaysOverdue"], Value::Null);
}
