//! Whether the time of a refused sign-in tells who exists: unknown names, wrong passwords and locked accounts by turns. The
//! work is alike and ends at times a part of a millisecond apart; the answers come at one moment.

use std::time::{Duration, Instant};

use entity::vocabulary::Role;
use taizhang::config::{Limits, PasswordProfile, TotpFor};

use super::client::{Times, number};
use crate::auth::scene::{OTHER, Scene};

/// Wrong passwords before an account is locked.
const TRIES: usize = 4;
/// When everybody is told; longer than the work takes here.
const MOMENT: Duration = Duration::from_millis(80);

/// Attempts of each kind by turns, and their times.
async fn times(rounds: usize) -> [Times; 3] {
    let limits = Limits { sign_in_burst: 100_000, sign_in_refusal: MOMENT, ..Limits::default() };
    let s = Scene::with(limits, PasswordProfile::Dengbao, TotpFor::Nobody).await;
    let people = rounds.div_ceil(TRIES);
    for number in 0..people {
        s.person(&format!("known-{number}"), &[Role::Office]).await;
    }
    s.person("locked", &[Role::Office]).await;
    for _ in 0..=TRIES {
        assert_eq!(s.sign_in("locked", OTHER).await.status, 401);
    }
    let mut times = [Times::default(), Times::default(), Times::default()];
    for round in 0..rounds {
        let known = format!("known-{}", round / TRIES);
        let unknown = format!("nobody-{}", round / TRIES);
        // Another one begins each time, so that none is always the first after a pause.
        for turn in 0..3 {
            let kind = (round + turn) % 3;
            let login = [unknown.as_str(), known.as_str(), "locked"][kind];
            let began = Instant::now();
            let answer = s.sign_in(login, OTHER).await;
            times[kind].add(began.elapsed());
            assert_eq!(answer.status, 401);
        }
    }
    times
}

#[tokio::test]
async fn nobody_is_told_before_the_moment() {
    for times in times(8).await {
        assert!(times.percentile(1) >= MOMENT, "{:?}", times.percentile(1));
    }
}

/// `cargo test --test it trials::timing -- --ignored --nocapture`; `TAIZHANG_TRIAL_ATTEMPTS` for more than 500 of each kind.
#[tokio::test]
#[ignore = "some minutes; the machine must have nothing else to do"]
async fn five_hundred_attempts_of_each_kind() {
    let rounds = usize::try_from(number("TAIZHANG_TRIAL_ATTEMPTS", 500, 100_000)).unwrap();
    let [unknown, wrong, locked] = times(rounds).await.map(|times| times.percentile(50));
    println!("medians of {rounds} attempts each: unknown {unknown:?}, wrong password {wrong:?}, locked {locked:?}");
    for (name, time) in [("wrong password", wrong), ("locked", locked)] {
        let apart = time.abs_diff(unknown);
        assert!(apart < Duration::from_micros(200), "{name} is {apart:?} apart from an unknown name ({unknown:?})");
    }
}
