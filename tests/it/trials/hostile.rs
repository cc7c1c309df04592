//! Two hundred hostile requests a second: the process lives, good clients are served as before, memory stays small.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{interval, sleep};

use super::client::{self, Times, graphql, memory, number, post, send};
use crate::support::binary::{self, Served};

const GOOD: &str = "{ viewer { name } tasks(first: 20) { nodes { number requirement dueOn } } }";
/// A time that is not worth a comparison: below it, what is measured is the machine.
const NOTHING: Duration = Duration::from_millis(50);

struct Attack {
    address: SocketAddr,
    token: String,
    sent: AtomicUsize,
    answered: AtomicUsize,
}

impl Attack {
    /// The nth hostile request; twelve kinds by turns.
    async fn one(self: Arc<Self>, nth: usize) {
        self.sent.fetch_add(1, Ordering::Relaxed);
        let (address, token) = (self.address, &self.token);
        let ask = |query: &str| graphql(token, query, false);
        let bytes = match nth % 12 {
            0 => ask(&format!("{{ units(filter: {}{}) {{ totalCount }} }}", "[".repeat(1_500), "]".repeat(1_500))),
            1 => ask(&bomb()),
            2 => ask(&format!("{{ {} }}", (0..500).map(|n| format!("a{n}: __typename ")).collect::<String>())),
            3 => post("/graphql", &format!("authorization: Bearer {token}\r\n"), &" ".repeat(300_000), false),
            4 => graphql(&"x".repeat(nth % 4_000), "{ viewer { name } }", false),
            5 => graphql(&format!("{}x", &token[..token.len() - 9]), "{ viewer { name } }", false),
            6 => {
                let guess = format!(r#"{{"login":"demo.office","password":"Guess-{nth}-guess"}}"#);
                post("/auth/sign-in", "", &guess, false)
            }
            7 => format!("GET /.env?{nth} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").into_bytes(),
            8 => vec![0x16, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3],
            9 => post("/graphql", &format!("authorization: Bearer {token}\r\n"), &"[".repeat(60_000), false),
            // A header, and a body, that never come to an end.
            10 => return self.slowly(b"POST /graphql HTTP/1.1\r\nhost: x\r\nx-slow: ").await,
            _ => {
                let head = format!(
                    "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: \
                     application/json\r\ncontent-length: 5000\r\n\r\n{{"
                );
                return self.slowly(head.as_bytes()).await;
            }
        };
        if send(address, &bytes, Duration::from_secs(20)).await.is_ok() {
            self.answered.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A byte now and then, until it is cut off or has lasted for ten seconds.
    async fn slowly(&self, head: &[u8]) {
        let Ok(mut stream) = TcpStream::connect(self.address).await else { return };
        if stream.write_all(head).await.is_err() {
            return;
        }
        for _ in 0..10 {
            sleep(Duration::from_secs(1)).await;
            if stream.write_all(b"a").await.is_err() {
                return;
            }
        }
    }
}

fn bomb() -> String {
    let bodies: String = (0..29).map(|i| format!("fragment A{i} on Query{{...A{0} ...A{0}}}", i + 1)).collect();
    format!("{{...A0}}{bodies}fragment A29 on Query{{__typename}}")
}

/// Good requests, forty a second at most, for so long; every one must be answered.
async fn good(address: SocketAddr, token: &str, last: Duration, times: &mut Times) {
    let bytes = graphql(token, GOOD, false);
    let began = Instant::now();
    let mut beat = interval(Duration::from_millis(25));
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while began.elapsed() < last {
        beat.tick().await;
        let answered = send(address, &bytes, Duration::from_secs(20)).await.expect("a good client is answered");
        let said = String::from_utf8_lossy(&answered.body);
        assert_eq!(answered.status, 200, "after {:?}: {said}", answered.took);
        times.add(answered.took);
    }
}

struct Measured {
    quiet: Times,
    hostile: Times,
    sent: usize,
    answered: usize,
    resident: u64,
}

/// By turns a slice without and a slice with the hostile ones, so that a machine that is busy otherwise is busy in both.
async fn under_attack(served: &mut Served, slices: u64, slice: Duration, rate: u64) -> Measured {
    let token = served.token("demo.office");
    let enemy = served.token("demo.unit");
    let address = served.address;
    let attack = Arc::new(Attack { address, token: enemy, sent: AtomicUsize::new(0), answered: AtomicUsize::new(0) });
    let (mut quiet, mut hostile) = (Times::default(), Times::default());
    // Nothing is cold.
    good(address, &token, Duration::from_millis(500), &mut Times::default()).await;
    let mut nth = 0;
    for _ in 0..slices {
        good(address, &token, slice, &mut quiet).await;
        let of_slice = attack.clone();
        let first = nth;
        let attacking = tokio::spawn(async move {
            let mut beat = interval(Duration::from_micros(1_000_000 / rate));
            let began = Instant::now();
            let mut nth = first;
            while began.elapsed() < slice {
                beat.tick().await;
                tokio::spawn(of_slice.clone().one(nth));
                nth += 1;
            }
            nth
        });
        good(address, &token, slice, &mut hostile).await;
        nth = attacking.await.unwrap();
        assert!(served.lives(), "killed");
        // What came last is still being refused.
        sleep(Duration::from_millis(300)).await;
    }
    let measured = Measured {
        quiet,
        hostile,
        sent: attack.sent.load(Ordering::Relaxed),
        answered: attack.answered.load(Ordering::Relaxed),
        resident: memory(served.child.id()).1,
    };
    println!(
        "{} hostile requests, {} of them answered; good ones p50 {:?} and p99 {:?} ({}) without them, {:?} and {:?} ({}) \
         with them; memory at most {} MiB",
        measured.sent,
        measured.answered,
        measured.quiet.percentile(50),
        measured.quiet.percentile(99),
        measured.quiet.len(),
        measured.hostile.percentile(50),
        measured.hostile.percentile(99),
        measured.hostile.len(),
        measured.resident,
    );
    measured
}

fn serve(folder: &std::path::Path) -> Served {
    // A trial is longer than a token; the attacker signs in as everybody does, from this one address.
    Served::start(folder, binary::free_port(), &["--limit-access-token", "15m"])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let mut served = serve(folder.path());
    let measured = under_attack(&mut served, 1, Duration::from_secs(5), 200).await;
    assert!(measured.sent > 500, "{}", measured.sent);
    assert!(measured.resident < 512, "{} MiB", measured.resident);
    assert_eq!(served.get("/readyz").unwrap().0, 200);
}

/// `cargo test --test it trials::hostile -- --ignored --nocapture`; TAIZHANG_TRIAL_SECONDS for more than a minute.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "two minutes; the machine must have nothing else to do"]
async fn a_minute() {
    let folder = tempfile::tempdir().unwrap();
    let mut served = serve(folder.path());
    let slices = number("TAIZHANG_TRIAL_SECONDS", 60, 3_600).div_ceil(10);
    let measured = under_attack(&mut served, slices, Duration::from_secs(10), 200).await;
    assert!(measured.sent as u64 >= slices * 10 * 190, "too few were sent: {}", measured.sent);
    let (without, with) = (measured.quiet.percentile(99), measured.hostile.percentile(99));
    assert!(with <= 2 * without.max(NOTHING), "p99 {without:?} without, {with:?} with the hostile ones");
    assert!(measured.resident <= 512, "{} MiB", measured.resident);
    // And it signs in who belongs here: the guesses cost the guesser's address its tries, not the user his name.
    let address = served.address;
    let livez =
        client::send(address, b"GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", NOTHING * 40).await;
    assert_eq!(livez.unwrap().status, 200);
}
