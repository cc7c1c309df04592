//! Closing against everything that is done to reports meanwhile: writing, filling, handing in, taking back, signing,
//! accepting (one by one and in one call), returning, correcting, giving time, and taking a unit or a task out of the list.
//! Whatever comes first, no accepted report stands outside the frozen sums, what was acknowledged is there, and nobody
//! waits for somebody who waits for him.

use std::collections::BTreeMap;
use std::time::Instant;

use entity::vocabulary::ReportStatus;
use entity::{period_freeze, progress_report, report_obligation, reporting_period};
use futures_util::future::try_join_all;
use taizhang::service::reopenings::NewReopening;
use uuid::Uuid;

use super::periods_racers::{Act, Racers, Report, Taken, done, told};

/// What came of the races of one list.
#[derive(Clone, Debug, Default)]
struct Outcome {
    /// In time and late, of each act.
    acts: BTreeMap<Act, (usize, usize)>,
    /// What was taken out of the list before the closing, and after.
    taken: (usize, usize),
    under_reopening: usize,
    through_http: usize,
}

impl Outcome {
    fn add(&mut self, other: &Self) {
        for (act, (in_time, late)) in &other.acts {
            let sum = self.acts.entry(*act).or_default();
            *sum = (sum.0 + in_time, sum.1 + late);
        }
        self.taken = (self.taken.0 + other.taken.0, self.taken.1 + other.taken.1);
        self.under_reopening += other.under_reopening;
        self.through_http += other.through_http;
    }
}

async fn steps(number: usize) {
    for _ in 0..number {
        tokio::task::yield_now().await;
    }
}

/// What is done to the reports of the responsible, the lead and the supporting unit on the first task, and of the first of
/// these on the second; and what is taken out of the list meanwhile.
type Script = ([Act; 4], Option<Taken>);

/// Where nobody signs.
const PLAIN: &[Script] = {
    use Act::*;
    &[
        ([Correct, Merge, Submit, CancelCorrection], None),
        ([Submit, CarryForward, Accept, DecideExtension], None),
        ([CancelCorrection, Merge, Withdraw, Accept], Some(Taken::Seat)),
        ([Accept, DecideExtension, Correct, Save], Some(Taken::Task)),
    ]
};

/// Where the responsible unit's reports are signed.
const SIGNED: &[Script] = {
    use Act::*;
    &[
        ([Sign, Merge, Accept, SendBack], None),
        ([SendBack, Correct, Return, Sign], None),
        ([Sign, CarryForward, CancelCorrection, DecideExtension], Some(Taken::Seat)),
        ([Sign, Accept, Submit, Sign], Some(Taken::Task)),
    ]
};

/// What races in a round: by turns what is most common, in its combinations, and what is rarer.
fn script(round: usize, signing: bool) -> Script {
    use Act::*;
    if signing || !round.is_multiple_of(2) {
        return if signing { SIGNED[round % SIGNED.len()] } else { PLAIN[round / 2 % PLAIN.len()] };
    }
    let turn = round / 2;
    // Two wait for the office, two for their unit; what is done to them changes from round to round.
    let waiting = [[Accept, Accept], [Accept, Return], [Withdraw, Accept]][turn % 3];
    let written = [[Submit, Submit], [Save, Submit]][turn / 3 % 2];
    ([waiting[0], waiting[1], written[0], written[1]], None)
}

impl Racers {
    /// The rows of a period: its frozen sums must count exactly what is accepted, under consecutive numbers.
    async fn check(&self, period: Uuid, round: usize) -> (Vec<progress_report::Model>, Vec<report_obligation::Model>) {
        let row = self.rows::<reporting_period::Entity>(reporting_period::Column::Id, period).await.remove(0);
        let reports = self.rows::<progress_report::Entity>(progress_report::Column::ReportingPeriodId, period).await;
        let owed = self.rows::<report_obligation::Entity>(report_obligation::Column::ReportingPeriodId, period).await;
        let mut freezes = self.rows::<period_freeze::Entity>(period_freeze::Column::ReportingPeriodId, period).await;
        freezes.sort_by_key(|freeze| freeze.number);
        let numbers: Vec<usize> = freezes.iter().map(|f| usize::try_from(f.number).unwrap()).collect();
        assert_eq!(numbers, (1..=freezes.len()).collect::<Vec<_>>(), "round {round}");
        let last = freezes.last().expect("a closed period is frozen");
        assert_eq!(row.roll_up.as_ref(), Some(&last.roll_up), "round {round}");
        // What was accepted counts until its correction is.
        let accepted = reports.iter().filter(|report| report.accepted_revision.is_some()).count();
        assert_eq!(last.roll_up["accepted"], accepted, "round {round}: an accepted report outside the frozen sums");
        let received = |row: &report_obligation::Model| {
            let report = reports.iter().find(|report| report.report_obligation_id == row.id).unwrap();
            report.accepted_revision.is_some() || report.status == ReportStatus::Submitted
        };
        let counted = owed.iter().filter(|row| row.released_at.is_none() || received(row)).count();
        assert_eq!(last.roll_up["expected"], counted, "round {round}: what is owed, or received although it is not");
        (reports, owed)
    }

    async fn race(&self, round: usize, signing: bool) -> Outcome {
        let (acts, taken) = script(round, signing);
        let (period, reports) = self.arranged(round, acts).await;
        let taking = match taken {
            Some(taken) => Some(self.taking(taken).await),
            None => None,
        };
        // Every ninth goes through the public door; nine has nothing in common with the turns of the scripts.
        let http = round % 9 == 7;
        let closing = async {
            steps(round % 17).await;
            self.close(period, http).await;
        };
        let amending = async {
            if let Some(amend) = taking {
                steps(round / 5 % 7).await;
                self.take_out(amend, http).await;
            }
        };
        let act = |nth: usize, divisor: usize| async move {
            steps((round / divisor + nth) % 5).await;
            let gone = taken.is_some_and(|taken| taken.place() == nth);
            if http {
                self.send(acts[nth], reports[nth], gone).await
            } else {
                self.act(acts[nth], reports[nth], gone).await
            }
        };
        // Two that wait for the same person in one call, now and then.
        let pair = match acts {
            [Act::Accept, Act::Accept, ..] if round / 6 % 4 == 3 => Some([0, 1]),
            [Act::Sign, .., Act::Sign] if round % 8 == 3 => Some([0, 3]),
            _ => None,
        };
        let both = async {
            let Some(pair) = pair else { return [false; 2] };
            steps(round / 3 % 5).await;
            let ids = pair.map(|nth: usize| reports[nth].id);
            self.act_on_both(acts[0], ids, taken.is_some()).await
        };
        let alone = |nth: usize, divisor: usize| async move {
            !pair.is_some_and(|pair| pair.contains(&nth)) && act(nth, divisor).await
        };
        let ((), (), both, a, b, c, d) =
            tokio::join!(closing, amending, both, alone(0, 3), alone(1, 3), alone(2, 7), alone(3, 7));
        let mut told = [a, b, c, d];
        for (nth, done) in pair.into_iter().flatten().zip(both) {
            told[nth] = done;
        }
        let (rows, owed) = self.check(period, round).await;
        let mut outcome = Outcome { through_http: usize::from(http), ..Outcome::default() };
        for (nth, told) in told.into_iter().enumerate() {
            self.check_report(acts[nth], told, reports[nth], &rows, round).await;
            let (in_time, late) = outcome.acts.entry(acts[nth]).or_default();
            *(if told { in_time } else { late }) += 1;
        }
        let frozen = self.frozen_submitted(period).await;
        let waits =
            |row: &&progress_report::Model| row.status == ReportStatus::Submitted && row.accepted_revision.is_none();
        assert_eq!(
            frozen,
            rows.iter().filter(waits).count(),
            "round {round}: a report handed in outside the frozen sums"
        );
        let released: Vec<Uuid> = owed.iter().filter(|row| row.released_at.is_some()).map(|row| row.id).collect();
        if let Some(taken) = taken {
            let before = released == [reports[taken.place()].obligation];
            assert!(before || released.is_empty(), "round {round}: a closed period is not touched");
            outcome.taken = (usize::from(before), usize::from(!before));
            self.put_back(taken, round).await;
        } else {
            assert!(released.is_empty(), "round {round}");
        }
        if round.is_multiple_of(4) && taken.is_none() {
            outcome.under_reopening = self.reopened(period, &rows, round).await;
        }
        outcome
    }

    /// What was acknowledged is there, and nothing else.
    async fn check_report(&self, act: Act, told: bool, report: Report, rows: &[progress_report::Model], round: usize) {
        let row = rows.iter().find(|row| row.id == report.id).unwrap();
        let (before, version) = act.finds();
        let (status, version) = if told { (act.makes(), version + act.moves()) } else { (before, version) };
        assert_eq!((row.status, row.version), (status, version), "round {round}: {act:?}, {told}");
        let percent = (told && act == Act::Save).then_some(40);
        let carried = told && act == Act::CarryForward;
        assert!(carried || row.percent == percent, "round {round}: what was written before the close is there");
        self.check_left(act, told, report, round).await;
    }

    async fn frozen_submitted(&self, period: Uuid) -> usize {
        let freezes = self.rows::<period_freeze::Entity>(period_freeze::Column::ReportingPeriodId, period).await;
        usize::try_from(freezes[0].roll_up["submitted"].as_u64().unwrap()).unwrap()
    }

    /// Everything that waits is accepted or signed at once under reopenings, while one of them is ended.
    async fn reopened(&self, period: Uuid, rows: &[progress_report::Model], round: usize) -> usize {
        let service = &self.s.t.service;
        let today = taizhang::clock::day_of(service.clock().now());
        for (version, (_, unit)) in (2..).zip(self.reporters.iter()) {
            let input =
                NewReopening { expected_version: version, unit: *unit, until_on: today, reason: "补报".to_owned() };
            done(service.reporting_period_reopen(&self.office.caller, None, period, input).await, "reopen");
        }
        let column = entity::period_reopening::Column::ReportingPeriodId;
        let reopening = self.rows::<entity::period_reopening::Entity>(column, period).await.remove(0).id;
        let ending = async {
            steps(round % 7).await;
            told(service.period_reopening_end(&self.office.caller, None, reopening, 1).await, false, "end");
        };
        let waiting = rows.iter().filter(|row| matches!(row.status, ReportStatus::Submitted | ReportStatus::Signing));
        let accepting = waiting.map(|row| async move {
            let answer = if row.status == ReportStatus::Signing {
                service.progress_report_sign(&self.signer.caller, None, row.id, row.version).await
            } else {
                service.progress_report_accept(&self.office.caller, None, row.id, row.version, None).await
            };
            told(answer, false, "accept again") && row.status == ReportStatus::Submitted
        });
        let (done, ()) = tokio::join!(futures_util::future::join_all(accepting), ending);
        self.check(period, round).await;
        done.into_iter().filter(|done| *done).count()
    }
}

/// So many races, on `lists` databases side by side; in one of them a unit's reports are signed.
async fn races(number: usize, lists: usize) -> Outcome {
    let begun = Instant::now();
    let each = number / lists;
    let runs = (0..lists).map(|list| {
        tokio::spawn(async move {
            let signing = list == 1;
            let racers = Racers::new(signing).await;
            let mut sum = Outcome::default();
            for round in 0..each {
                sum.add(&Box::pin(racers.race(round, signing)).await);
            }
            sum
        })
    });
    let mut sum = Outcome::default();
    for one in try_join_all(runs).await.unwrap() {
        sum.add(&one);
    }
    let (in_time, late) = sum.acts.values().fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
    println!("{} races: {in_time} in time, {late} late, {:?}: {sum:?}", each * lists, begun.elapsed());
    // Races that always end the same way show nothing.
    let again = sum.under_reopening;
    assert!(in_time > number / 20 && late > number / 20 && again > 0, "{in_time} in time, {late} late, {again} again");
    assert!(sum.through_http > 0);
    sum
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn forty_closing_races() {
    races(40, 2).await;
}

/// `cargo test --test it periods_race::a_thousand -- --ignored --nocapture`
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "a minute or so; .ci/run runs it on both engines"]
async fn a_thousand_closing_races() {
    let sum = races(1_000, 4).await;
    let both = |(before, after): (usize, usize)| before > 0 && after > 0;
    for act in Act::ALL {
        assert!(sum.acts.get(&act).copied().is_some_and(both), "{act:?} always ends the same way: {sum:?}");
    }
    assert!(both(sum.taken), "{sum:?}");
}
