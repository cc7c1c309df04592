//! Ten times more than it can do: what it can do gets done, the rest is refused at once, and afterwards all is as before.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::client::{Answered, Lost, Times, graphql, memory, number, send};
use crate::support::binary::{self, Served};

/// A page of a list, as the office looks at it.
const PAGE: &str = "{ tasks(first: 100) { totalCount nodes { number requirement responsibilityText deadlineText dueOn \
                    assignments(first: 50) { totalCount nodes { role name unit { shortName } \
                    latestReport { status completion } } } } } }";
/// The people who ask; each may have twenty requests at once.
const PEOPLE: usize = 8;
const PATIENCE: Duration = Duration::from_secs(30);

struct Stage {
    served: Served,
    requests: Arc<Vec<Vec<u8>>>,
    _folder: tempfile::TempDir,
}

fn stage() -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), binary::free_port(), &["--limit-access-token", "1h"]);
    let request = |person: usize| {
        let login = format!("office.{person}");
        let make = ["token", &login, "--create", "--unit", "yunting", "--role", "OFFICE", "--limit-access-token", "1h"];
        graphql(binary::done(folder.path(), &make).trim(), PAGE, false)
    };
    let requests = Arc::new((0..PEOPLE).map(request).collect());
    Stage { served, requests, _folder: folder }
}

impl Stage {
    /// Answers a second that as many clients get as there are people times two, each asking again when it is answered.
    async fn capacity(&self, last: Duration) -> (f64, Times) {
        let (address, done) = (self.served.address, Arc::new(AtomicU64::new(0)));
        let over = Arc::new(AtomicBool::new(false));
        let clients: Vec<_> = (0..2 * PEOPLE)
            .map(|client| {
                let (requests, done, over) = (self.requests.clone(), done.clone(), over.clone());
                tokio::spawn(async move {
                    let mut times = Vec::new();
                    while !over.load(Ordering::Relaxed) {
                        let answered = send(address, &requests[client % PEOPLE], PATIENCE).await.expect("an answer");
                        assert_eq!(answered.status, 200, "{}", String::from_utf8_lossy(&answered.body));
                        done.fetch_add(1, Ordering::Relaxed);
                        times.push(answered.took);
                    }
                    times
                })
            })
            .collect();
        // The first second warms up.
        sleep(Duration::from_secs(1)).await;
        let (before, began) = (done.load(Ordering::Relaxed), Instant::now());
        sleep(last).await;
        let rate = (done.load(Ordering::Relaxed) - before) as f64 / began.elapsed().as_secs_f64();
        over.store(true, Ordering::Relaxed);
        let mut times = Times::default();
        for client in clients {
            client.await.unwrap().into_iter().for_each(|took| times.add(took));
        }
        (rate, times)
    }
}

#[derive(Default)]
struct Flood {
    served: Times,
    refused: Times,
    late: usize,
    other: Vec<String>,
}

/// Requests at a fixed rate, answered or not.
async fn flood(address: SocketAddr, requests: Arc<Vec<Vec<u8>>>, rate: f64, last: Duration) -> Flood {
    let (answers, mut seen) = mpsc::unbounded_channel::<Result<Answered, Lost>>();
    let mut beat = interval(Duration::from_secs_f64(1.0 / rate));
    beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let began = Instant::now();
    let mut nth = 0;
    while began.elapsed() < last {
        beat.tick().await;
        let (requests, answers) = (requests.clone(), answers.clone());
        let person = nth % PEOPLE;
        nth += 1;
        tokio::spawn(async move {
            let _ = answers.send(send(address, &requests[person], PATIENCE).await);
        });
    }
    drop(answers);
    let mut flood = Flood::default();
    while let Some(answer) = seen.recv().await {
        match answer {
            Ok(answer) if answer.status == 200 => flood.served.add(answer.took),
            // One principal too many at once, or too many altogether; both say when to come again.
            Ok(answer) if matches!(answer.status, 429 | 503) && answer.head.contains("\nretry-after: ") => {
                flood.refused.add(answer.took);
            }
            Ok(answer) => flood.other.push(format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body))),
            Err(Lost::Late) => flood.late += 1,
            Err(lost) => flood.other.push(format!("{lost:?}")),
        }
    }
    flood
}

async fn ten_times(stage: &mut Stage, measure: Duration, last: Duration) -> (f64, f64, Flood, u64) {
    let (capacity, before) = stage.capacity(measure).await;
    let asked = 10.0 * capacity;
    println!("capacity {capacity:.1} a second, p50 {:?}, p99 {:?}", before.percentile(50), before.percentile(99));
    // Health is asked all the time.
    let address = stage.served.address;
    let over = Arc::new(AtomicBool::new(false));
    let asking = over.clone();
    let health = tokio::spawn(async move {
        let mut times = Times::default();
        while !asking.load(Ordering::Relaxed) {
            let get = b"GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
            let answered = send(address, get, PATIENCE).await.expect("health is answered");
            assert_eq!(answered.status, 200);
            times.add(answered.took);
            sleep(Duration::from_millis(100)).await;
        }
        times
    });
    let began = Instant::now();
    let flood = flood(address, stage.requests.clone(), asked, last).await;
    let goodput = flood.served.len() as f64 / began.elapsed().as_secs_f64();
    let after = Instant::now();
    over.store(true, Ordering::Relaxed);
    let health = health.await.unwrap();
    let resident = memory(stage.served.child.id()).1;
    println!(
        "{asked:.0} a second asked for {last:?}: {goodput:.1} a second served ({:.0} % of capacity, p99 {:?}), {} refused \
         (p50 {:?}, p99 {:?}), {} late, {} otherwise; health p99 {:?}; memory at most {resident} MiB",
        100.0 * goodput / capacity,
        flood.served.percentile(99),
        flood.refused.len(),
        flood.refused.percentile(50),
        flood.refused.percentile(99),
        flood.late,
        flood.other.len(),
        health.percentile(99),
    );
    assert!(flood.other.is_empty(), "{:?}", &flood.other[..flood.other.len().min(5)]);
    assert!(stage.served.lives());
    // As before: a request alone is answered as fast as a crowd was.
    let mut calm = false;
    while !calm && after.elapsed() < Duration::from_secs(5) {
        let answered = send(address, &stage.requests[0], PATIENCE).await;
        calm = answered.is_ok_and(|answered| answered.status == 200 && answered.took <= before.percentile(99));
    }
    assert!(calm, "not as before within five seconds");
    println!("as before after {:?}", after.elapsed());
    (capacity, goodput, flood, resident)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_few_seconds() {
    let mut stage = stage();
    let (capacity, goodput, flood, resident) =
        ten_times(&mut stage, Duration::from_secs(2), Duration::from_secs(3)).await;
    assert!(goodput >= 0.1 * capacity && flood.refused.len() > 10, "{goodput} {}", flood.refused.len());
    assert!(resident <= 512, "{resident} MiB");
}

/// `cargo test --test it trials::capacity -- --ignored --nocapture`; TAIZHANG_TRIAL_SECONDS for more than a minute.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "two minutes; the machine must have nothing else to do"]
async fn a_minute() {
    let mut stage = stage();
    let last = Duration::from_secs(number("TAIZHANG_TRIAL_SECONDS", 60, 3_600));
    let (capacity, goodput, flood, resident) = ten_times(&mut stage, Duration::from_secs(15), last).await;
    assert!(goodput >= 0.9 * capacity, "goodput {goodput:.1} of {capacity:.1}");
    let refused = flood.refused.percentile(99);
    assert!(refused <= Duration::from_secs(1), "p99 of a refusal {refused:?}");
    assert!(flood.late == 0, "{} answers came late", flood.late);
    assert!(resident <= 512, "{resident} MiB");
}
