//! Things that happen at the same moment.

use std::time::Duration;

use entity::vocabulary::ReportStatus;
use entity::{report_obligation, task_list};
use serde_json::json;

use super::reports_stage::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn closing_and_handing_in_never_pass_each_other() {
    let s = Stage::with(true).await;
    let (mut in_time, mut late) = (0, 0);
    for round in 0..50 {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(round);
        let day = day.to_string();
        let opened = open(&s.office, period_input(s.list, "PLAIN", &day, &day, "2026-07-10"), None).await;
        let period = text(&opened["reportingPeriod"]["id"]);
        let mut reports = Vec::new();
        for (client, unit) in
            [(&s.lead, s.lead_unit), (&s.responsible, s.responsible_unit), (&s.support, s.support_unit)]
        {
            let owed = s.owes(&period, unit, s.task).await;
            reports.push((client, text(&save(client, full(&owed), None).await["progressReport"]["id"])));
        }
        let submit = |n: usize| act(reports[n].0, "Submit", &reports[n].1, input_of("Submit", 1), None);
        let closing = async {
            // Now before them, now after them.
            for _ in 0..round % 12 {
                tokio::task::yield_now().await;
            }
            close(&s.office, &period, 1).await
        };
        let (closed, one, two, three) = tokio::join!(closing, submit(0), submit(1), submit(2));
        assert_eq!(errors(&closed), []);
        let done = [one, two, three].iter().filter(|payload| codes(payload).is_empty()).count();
        let tx = s.t.service.store().begin().await.unwrap();
        use entity::{progress_report, reporting_period};
        let row = tx
            .all_where::<reporting_period::Entity>(reporting_period::Column::Id, &[uuid(&period)])
            .await
            .unwrap()
            .remove(0);
        let found = tx
            .all_where::<progress_report::Entity>(progress_report::Column::ReportingPeriodId, &[uuid(&period)])
            .await
            .unwrap();
        tx.rollback().await.unwrap();
        let submitted = found.iter().filter(|report| report.status == ReportStatus::Submitted).count();
        let sums = row.roll_up.unwrap();
        assert_eq!(sums["received"], submitted, "round {round}");
        assert_eq!(submitted, done, "round {round}: who was told so is in");
        assert_eq!(sums["expected"], 4);
        in_time += done;
        late += 3 - done;
    }
    // A race that always ends the same way shows nothing.
    assert!(in_time > 0 && late > 0, "{in_time} in time, {late} late");
}

/// Who waits for the list while it is amended finds what the amendment left, and not what he saw before.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_released_meanwhile_is_written_no_more() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.second).await;
    let office = s.t.caller(&s.office).await;
    let tx = s.t.service.store().begin().await.unwrap();
    assert!(tx.locked::<task_list::Entity>(&office.actor, s.list).await.unwrap().is_some());
    let (client, input) = (s.responsible.clone(), full(&owed));
    let saving = tokio::spawn(async move { save(&client, input, None).await });
    // Time enough to see what is owed, and to come to the list.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let column = report_obligation::Column::Id;
    let row = tx.all_where::<report_obligation::Entity>(column, &[uuid(&owed)]).await.unwrap().remove(0);
    let released_at = Some(s.t.service.clock().now());
    tx.update::<report_obligation::Entity>(report_obligation::Model { released_at, ..row }).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(codes(&saving.await.unwrap()), ["INVALID_STATE"]);
    assert_eq!(s.count("progress_report").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_phones_with_one_key_hand_in_once() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    let mut version = 1;
    for round in 1..=10 {
        let key = format!("k{round}");
        let send = || act(&s.responsible, "Submit", &report, input_of("Submit", version), Some(&key));
        let (one, two, three) = tokio::join!(send(), send(), send());
        assert_eq!(errors(&one), [], "round {round}");
        assert_eq!(one, two);
        assert_eq!(one, three);
        assert_eq!(number(&one["progressReport"]["revision"]), round);
        assert_eq!(s.count("progress_report_revision").await, round);
        assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'progressReportSubmit'").await, round);
        let back = act(&s.responsible, "Withdraw", &report, input_of("Withdraw", version + 1), None).await;
        assert_eq!(errors(&back), []);
        version += 2;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_phones_that_save_first_make_one_report() {
    let s = Stage::with(true).await;
    for round in 0..20 {
        let day = (chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(round)).to_string();
        let opened = open(&s.office, period_input(s.list, "PLAIN", &day, &day, "2026-07-10"), None).await;
        let owed = s.owes(&text(&opened["reportingPeriod"]["id"]), s.responsible_unit, s.task).await;
        let send = |text: &str| save(&s.responsible, json!({ "obligation": owed, "narrative": text }), None);
        let (mut one, mut two) = tokio::join!(send("一"), send("二"));
        if !codes(&one).is_empty() {
            std::mem::swap(&mut one, &mut two);
        }
        assert_eq!(errors(&one), []);
        assert_eq!(codes(&two), ["STALE"]);
        assert_eq!(two["progressReport"], one["progressReport"], "the other one's, as it is now");
        // And with one key both are the same call.
        let owed = s.owes(&text(&opened["reportingPeriod"]["id"]), s.responsible_unit, s.task).await;
        let lead = s.owes(&text(&opened["reportingPeriod"]["id"]), s.lead_unit, s.task).await;
        assert_ne!(owed, lead);
        let key = format!("k{round}");
        let send = || save(&s.lead, full(&lead), Some(&key));
        let (one, two) = tokio::join!(send(), send());
        assert_eq!(errors(&one), []);
        assert_eq!(one, two);
    }
    assert_eq!(s.count("progress_report").await, 40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_decision_is_made_once() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await;
    let answers = tokio::join!(
        act(&s.office, "Accept", &report, input_of("Accept", 2), None),
        act(&s.both, "Return", &report, input_of("Return", 2), None),
        act(&s.responsible, "Withdraw", &report, input_of("Withdraw", 2), None),
    );
    let outcomes = [codes(&answers.0), codes(&answers.1), codes(&answers.2)];
    assert_eq!(outcomes.iter().filter(|codes| codes.is_empty()).count(), 1, "{outcomes:?}");
    for codes in outcomes.iter().filter(|codes| !codes.is_empty()) {
        assert!(codes == &["STALE"] || codes == &["INVALID_STATE"], "{outcomes:?}");
    }
    assert!(s.count("report_review").await <= 1);
}
