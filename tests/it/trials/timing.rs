//! Whether the time of a refused sign-in tells who exists: unknown names, wrong passwords and locked accounts by turns.

use std::time::{Duration, Instant};

use entity::vocabulary::Role;
use taizhang::config::{Limits, PasswordProfile, TotpFor};

use super::client::{Times, number};
use crate::auth::scene::{OTHER, Scene};

/// Wrong passwords before an account is locked.
const TRIES: usize = 4;

/// Attempts of each kind by turns; the median of each, and how far apart they are for every one of them.
async fn medians(rounds: usize) -> [Duration; 3] {
    let limits = Limits { sign_in_burst: 100_000, ..Limits::default() };
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
    times.map(|times| times.percentile(50))
}

#[tokio::test]
async fn twelve_attempts_of_each_kind() {
    let all = medians(12).await;
    // The hash is what takes the time, and it is made for each kind; without it an answer takes a few milliseconds.
    let (least, most) = (all.iter().min().unwrap(), all.iter().max().unwrap());
    assert!(*most < 4 * *least, "{all:?}");
}

/// `cargo test --test it trials::timing -- --ignored --nocapture`; `TAIZHANG_TRIAL_ATTEMPTS` for more than 500 of each kind.
#[tokio::test]
#[ignore = "a minute or two; the machine must have nothing else to do"]
async fn five_hundred_attempts_of_each_kind() {
    let rounds = usize::try_from(number("TAIZHANG_TRIAL_ATTEMPTS", 500, 100_000)).unwrap();
    let [unknown, wrong, locked] = medians(rounds).await;
    println!("medians of {rounds} attempts each: unknown {unknown:?}, wrong password {wrong:?}, locked {locked:?}");
    for (name, time) in [("wrong password", wrong), ("locked", locked)] {
        let apart = time.abs_diff(unknown);
        assert!(apart * 20 <= unknown, "{name} is {apart:?} apart from an unknown name ({unknown:?})");
    }
}
