//! Closing against writing, handing in, taking back, accepting (one by one and in one call) and returning: whatever comes first, no accepted report stands outside the frozen sums, what
//! was acknowledged is there, and nobody waits for somebody who waits for him.

use std::time::Instant;

use entity::vocabulary::{Completion, PeriodKind, ReportStatus};
use entity::{period_freeze, progress_report, reporting_period};
use futures_util::future::try_join_all;
use taizhang::error::UserErrorCode;
use taizhang::service::periods::NewPeriod;
use taizhang::service::reopenings::NewReopening;
use taizhang::service::report_bulk::ReportItem;
use taizhang::service::reports::ReportSave;
use taizhang::service::{Answer, Caller};
use uuid::Uuid;

use super::reports_stage::*;

/// What came of the races of one list.
#[derive(Clone, Copy, Debug, Default)]
struct Outcome {
    in_time: usize,
    late: usize,
    under_reopening: usize,
}

struct Racers {
    s: Stage,
    office: Caller,
    /// Each with its unit, the office's own reporter not among them.
    reporters: Vec<(Caller, Uuid)>,
}

/// A report that was written, with the reporter it is of.
#[derive(Clone, Copy)]
struct Report {
    id: Uuid,
    obligation: Uuid,
    by: usize,
}

/// A save that changes nothing yet.
fn nothing(obligation: Uuid) -> ReportSave {
    ReportSave {
        obligation,
        expected_version: None,
        narrative: None,
        completion: None,
        percent: None,
        done_count: None,
        reporter_name: None,
        reporter_phone: None,
        filled_on: None,
    }
}

/// Done, or refused because the period is closed (or the reopening over); anything else is a mistake.
fn told(answer: Answer<Uuid>, what: &str) -> bool {
    match answer {
        Ok(Ok(_)) => true,
        Ok(Err(errors)) => {
            assert!(errors.iter().all(|e| e.code == UserErrorCode::InvalidState), "{what}: {errors:?}");
            false
        }
        Err(fault) => panic!("{what}: {fault:?}"),
    }
}

fn done(answer: Answer<Uuid>, what: &str) -> Uuid {
    match answer {
        Ok(Ok(key)) => key,
        other => panic!("{what}: {other:?}"),
    }
}

async fn steps(number: usize) {
    for _ in 0..number {
        tokio::task::yield_now().await;
    }
}

/// What races against the close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Save,
    Submit,
    Withdraw,
    Accept,
    Return,
}

impl Act {
    /// What a report is after it.
    fn makes(self) -> ReportStatus {
        match self {
            Self::Save | Self::Withdraw => ReportStatus::Draft,
            Self::Submit => ReportStatus::Submitted,
            Self::Accept => ReportStatus::Accepted,
            Self::Return => ReportStatus::Returned,
        }
    }
}

impl Racers {
    async fn new() -> Self {
        let s = Stage::with(true).await;
        let office = s.t.caller(&s.office).await;
        let mut reporters = Vec::new();
        for (client, unit) in
            [(&s.lead, s.lead_unit), (&s.responsible, s.responsible_unit), (&s.support, s.support_unit)]
        {
            reporters.push((s.t.caller(client).await, unit));
        }
        Self { s, office, reporters }
    }

    /// Opens a period whose four reports are written; the first two are handed in.
    async fn arranged(&self, round: usize) -> (Uuid, Vec<Report>) {
        let service = &self.s.t.service;
        let start = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let starts_on = start + chrono::Days::new(u64::try_from(round % 60).unwrap());
        let ends_on = start + chrono::Days::new(60 + u64::try_from(round / 60).unwrap());
        let input = NewPeriod {
            task_list: self.s.list,
            kind: PeriodKind::Plain,
            starts_on,
            ends_on,
            due_on: ends_on,
            grace_working_days: 0,
            label: None,
        };
        let period = done(service.reporting_period_open(&self.office, None, input).await, "open");
        let tx = service.store().begin().await.unwrap();
        let column = entity::report_obligation::Column::ReportingPeriodId;
        let mut owed = tx.all_where::<entity::report_obligation::Entity>(column, &[period]).await.unwrap();
        tx.rollback().await.unwrap();
        owed.sort_by_key(|row| row.id);
        let mut reports = Vec::new();
        for (nth, row) in owed.iter().enumerate() {
            let by = self.reporters.iter().position(|(_, unit)| *unit == row.unit_id).unwrap();
            let save = ReportSave {
                narrative: Some(Some("虚构：已公开。".to_owned())),
                completion: Some(Some(Completion::Limited)),
                ..nothing(row.id)
            };
            let report = done(service.progress_report_save(&self.reporters[by].0, None, save).await, "save");
            if nth < 2 {
                done(service.progress_report_submit(&self.reporters[by].0, None, report, 1).await, "submit");
            }
            reports.push(Report { id: report, obligation: row.id, by });
        }
        (period, reports)
    }

    /// Does it; whether it was done.
    async fn act(&self, act: Act, report: Report) -> bool {
        let (service, unit) = (&self.s.t.service, &self.reporters[report.by].0);
        let answer = match act {
            Act::Save => {
                let save =
                    ReportSave { expected_version: Some(1), percent: Some(Some(40)), ..nothing(report.obligation) };
                service.progress_report_save(unit, None, save).await
            }
            Act::Submit => service.progress_report_submit(unit, None, report.id, 1).await,
            Act::Withdraw => service.progress_report_withdraw(unit, None, report.id, 2).await,
            Act::Accept => service.progress_report_accept(&self.office, None, report.id, 2, None).await,
            Act::Return => {
                service.progress_report_return(&self.office, None, report.id, 2, "请补充。".to_owned()).await
            }
        };
        told(answer, &format!("{act:?}"))
    }

    /// Accepts two in one call; whether each was.
    async fn accept_both(&self, reports: [Uuid; 2]) -> (bool, bool) {
        let items = reports.map(|id| ReportItem { id, expected_version: 2, comment: None }).to_vec();
        let answer = self.s.t.service.progress_report_accept_many(&self.office, None, items).await;
        let outcomes = answer.expect("no fault").expect("not too many");
        let told: Vec<bool> = outcomes
            .into_iter()
            .map(|outcome| {
                assert!(outcome.errors.iter().all(|e| e.code == UserErrorCode::InvalidState), "{:?}", outcome.errors);
                outcome.errors.is_empty()
            })
            .collect();
        (told[0], told[1])
    }

    /// The rows of a period: its frozen sums must count exactly what is accepted, under consecutive numbers.
    async fn check(&self, period: Uuid, round: usize) -> Vec<progress_report::Model> {
        let tx = self.s.t.service.store().begin().await.unwrap();
        let row =
            tx.all_where::<reporting_period::Entity>(reporting_period::Column::Id, &[period]).await.unwrap().remove(0);
        let reports = tx
            .all_where::<progress_report::Entity>(progress_report::Column::ReportingPeriodId, &[period])
            .await
            .unwrap();
        let mut freezes =
            tx.all_where::<period_freeze::Entity>(period_freeze::Column::ReportingPeriodId, &[period]).await.unwrap();
        tx.rollback().await.unwrap();
        freezes.sort_by_key(|freeze| freeze.number);
        let numbers: Vec<usize> = freezes.iter().map(|f| usize::try_from(f.number).unwrap()).collect();
        assert_eq!(numbers, (1..=freezes.len()).collect::<Vec<_>>(), "round {round}");
        let last = freezes.last().expect("a closed period is frozen");
        assert_eq!(row.roll_up.as_ref(), Some(&last.roll_up), "round {round}");
        let accepted = reports.iter().filter(|report| report.status == ReportStatus::Accepted).count();
        assert_eq!(last.roll_up["accepted"], accepted, "round {round}: an accepted report outside the frozen sums");
        assert_eq!(last.roll_up["expected"], 4);
        reports
    }

    async fn race(&self, round: usize) -> Outcome {
        let service = &self.s.t.service;
        let (period, reports) = self.arranged(round).await;
        let reports = &reports;
        let closing = async {
            steps(round % 17).await;
            service.reporting_period_close(&self.office, None, period, 1, true).await
        };
        // Two wait for the office, two for their unit; what is done to them changes from round to round.
        let waiting = [[Act::Accept, Act::Accept], [Act::Accept, Act::Return], [Act::Withdraw, Act::Accept]][round % 3];
        let written = [[Act::Submit, Act::Submit], [Act::Save, Act::Submit]][round / 3 % 2];
        let acts = [waiting[0], waiting[1], written[0], written[1]];
        let act = |nth: usize, divisor: usize| async move {
            steps((round / divisor + nth) % 5).await;
            self.act(acts[nth], reports[nth]).await
        };
        let both = async {
            // The two that wait in one call, every fourth round where both are accepted.
            if acts[..2] == [Act::Accept; 2] && round / 3 % 4 == 3 {
                steps(round / 3 % 5).await;
                self.accept_both([reports[0].id, reports[1].id]).await
            } else {
                tokio::join!(act(0, 3), act(1, 3))
            }
        };
        let (closed, (a, b), c, d) = tokio::join!(closing, both, act(2, 7), act(3, 7));
        done(closed, "close");
        let rows = self.check(period, round).await;
        for (nth, told) in [a, b, c, d].into_iter().enumerate() {
            let row = rows.iter().find(|row| row.id == reports[nth].id).unwrap();
            let before = if nth < 2 { ReportStatus::Submitted } else { ReportStatus::Draft };
            let wanted = if told { acts[nth].makes() } else { before };
            assert_eq!(row.status, wanted, "round {round}: what was acknowledged is there, and nothing else");
            let percent = (told && acts[nth] == Act::Save).then_some(40);
            assert_eq!(row.percent, percent, "round {round}: what was written before the close is there");
        }
        let frozen = self.frozen_submitted(period).await;
        let submitted = rows.iter().filter(|row| row.status == ReportStatus::Submitted).count();
        assert_eq!(frozen, submitted, "round {round}: a report handed in outside the frozen sums");
        let in_time = usize::from(a) + usize::from(b) + usize::from(c) + usize::from(d);
        let under_reopening = if round.is_multiple_of(4) { self.reopened(period, &rows, round).await } else { 0 };
        Outcome { in_time, late: 4 - in_time, under_reopening }
    }

    async fn frozen_submitted(&self, period: Uuid) -> usize {
        let tx = self.s.t.service.store().begin().await.unwrap();
        let freezes =
            tx.all_where::<period_freeze::Entity>(period_freeze::Column::ReportingPeriodId, &[period]).await.unwrap();
        tx.rollback().await.unwrap();
        usize::try_from(freezes[0].roll_up["submitted"].as_u64().unwrap()).unwrap()
    }

    /// Everything that waits is accepted at once under reopenings, while one of them is ended.
    async fn reopened(&self, period: Uuid, rows: &[progress_report::Model], round: usize) -> usize {
        let service = &self.s.t.service;
        let today = taizhang::clock::day_of(service.clock().now());
        for (version, (_, unit)) in (2..).zip(self.reporters.iter()) {
            let input =
                NewReopening { expected_version: version, unit: *unit, until_on: today, reason: "补报".to_owned() };
            done(service.reporting_period_reopen(&self.office, None, period, input).await, "reopen");
        }
        let tx = service.store().begin().await.unwrap();
        let column = entity::period_reopening::Column::ReportingPeriodId;
        let reopening = tx.all_where::<entity::period_reopening::Entity>(column, &[period]).await.unwrap().remove(0).id;
        tx.rollback().await.unwrap();
        let ending = async {
            steps(round % 7).await;
            told(service.period_reopening_end(&self.office, None, reopening, 1).await, "end");
        };
        let waiting = rows.iter().filter(|row| row.status == ReportStatus::Submitted);
        let accepting = waiting.map(|row| async move {
            told(service.progress_report_accept(&self.office, None, row.id, row.version, None).await, "accept again")
        });
        let (done, ()) = tokio::join!(futures_util::future::join_all(accepting), ending);
        self.check(period, round).await;
        done.into_iter().filter(|done| *done).count()
    }
}

/// So many races, on `lists` databases side by side.
async fn races(number: usize, lists: usize) {
    let begun = Instant::now();
    let each = number / lists;
    let runs = (0..lists).map(|_| {
        tokio::spawn(async move {
            let racers = Racers::new().await;
            let mut sum = Outcome::default();
            for round in 0..each {
                let outcome = Box::pin(racers.race(round)).await;
                sum.in_time += outcome.in_time;
                sum.late += outcome.late;
                sum.under_reopening += outcome.under_reopening;
            }
            sum
        })
    });
    let sums = try_join_all(runs).await.unwrap();
    let (in_time, late): (usize, usize) = (sums.iter().map(|s| s.in_time).sum(), sums.iter().map(|s| s.late).sum());
    let again: usize = sums.iter().map(|s| s.under_reopening).sum();
    println!(
        "{} races: {in_time} in time, {late} late, {again} accepted under reopenings, {:?}",
        each * lists,
        begun.elapsed()
    );
    // Races that always end the same way show nothing.
    assert!(in_time > number / 20 && late > number / 20 && again > 0, "{in_time} in time, {late} late, {again} again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn forty_closing_races() {
    races(40, 2).await;
}

/// `cargo test --test it periods_race::a_thousand -- --ignored --nocapture`
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "a minute or so; .ci/run runs it on both engines"]
async fn a_thousand_closing_races() {
    races(1_000, 4).await;
}
