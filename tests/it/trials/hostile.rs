//! Two hundred hostile requests a second: the process lives, good clients are served as before, memory stays small.
//!
//! Whoever attacks has a machine of his own; here he shares one with the server and the good client. So three things are
//! measured by turns: the good client alone; with the same hostile requests made and sent, but to a server that refuses
//! everything unread; and with them sent to the server. What the second and the third differ by is what the attack does.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::{interval, sleep};

use super::client::{self, Times, graphql, memory, number, post, send};
use crate::support::binary::{self, Served};

const GOOD: &str = "{ viewer { name } tasks(first: 20) { nodes { number requirement dueOn } } }";
/// A time that is not worth a comparison: below it, what is measured is the machine.
const NOTHING: Duration = Duration::from_millis(20);

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
        // Eight machines attack, or the share of one address would keep most of it out; the good client has a ninth.
        let source = IpAddr::from([127, 0, 0, 11 + u8::try_from(nth % 8).unwrap_or(0)]);
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
            10 => return self.slowly(source, b"POST /graphql HTTP/1.1\r\nhost: x\r\nx-slow: ").await,
            _ => {
                let head = format!(
                    "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: \
                     application/json\r\ncontent-length: 5000\r\n\r\n{{"
                );
                return self.slowly(source, head.as_bytes()).await;
            }
        };
        if client::send_from(Some(source), address, &bytes, Duration::from_secs(20)).await.is_ok() {
            self.answered.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A byte now and then, until it is cut off or has lasted for ten seconds.
    async fn slowly(&self, source: IpAddr, head: &[u8]) {
        let Ok(mut stream) = client::connect_from(source, self.address).await else { return };
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

/// One of the three: the good client's times, and what the processor did meanwhile.
#[derive(Default)]
struct Phase {
    times: Times,
    /// Of the time of all processors, in ticks: all of it, what nobody used, what the server used.
    ticks: [u64; 3],
}

impl Phase {
    /// Good requests for so long, with what else happens meanwhile.
    async fn measure(&mut self, served: &Served, token: &str, slice: Duration) {
        let before = ticks(served.child.id());
        good(served.address, token, slice, &mut self.times).await;
        let after = ticks(served.child.id());
        for (sum, (after, before)) in self.ticks.iter_mut().zip(after.into_iter().zip(before)) {
            *sum += after - before;
        }
    }

    fn say(&self, what: &str) {
        let percent = |ticks: u64| 100 * ticks / self.ticks[0].max(1);
        println!(
            "{what}: good ones p50 {:?}, p99 {:?} ({}); the server used {} % of the machine, {} % were left over",
            self.times.percentile(50),
            self.times.percentile(99),
            self.times.len(),
            percent(self.ticks[2]),
            percent(self.ticks[1]),
        );
    }
}

fn ticks(pid: u32) -> [u64; 3] {
    let numbers = |path: &str, skip: &str| -> Vec<u64> {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let line = text.lines().next().unwrap_or_default();
        let rest = line.rsplit_once(skip).map_or("", |(_, rest)| rest);
        rest.split_whitespace().map(|number| number.parse().unwrap_or(0)).collect()
    };
    let machine = numbers("/proc/stat", "cpu ");
    let own = numbers(&format!("/proc/{pid}/stat"), ") ");
    let at = |numbers: &[u64], at: usize| numbers.get(at).copied().unwrap_or(0);
    // Idle and waiting for the disk; user and system time of the process, behind its state.
    [machine.iter().take(8).sum(), at(&machine, 3) + at(&machine, 4), at(&own, 11) + at(&own, 12)]
}

/// A server that reads a little and refuses, whatever comes.
async fn elsewhere() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4_096]).await;
                let answer = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    address
}

struct Measured {
    alone: Phase,
    aside: Phase,
    hostile: Phase,
    sent: usize,
    resident: u64,
}

/// Hostile requests at this rate for so long; which one was the last.
async fn attack(attack: Arc<Attack>, first: usize, rate: u64, slice: Duration) -> usize {
    let mut beat = interval(Duration::from_micros(1_000_000 / rate));
    let began = Instant::now();
    let mut nth = first;
    while began.elapsed() < slice {
        beat.tick().await;
        tokio::spawn(attack.clone().one(nth));
        nth += 1;
    }
    nth
}

/// By turns, so that a machine that is busy otherwise is busy in all three.
async fn under_attack(served: &mut Served, slices: u64, slice: Duration, rate: u64) -> Measured {
    let token = served.token("demo.office");
    let enemy = served.token("demo.unit");
    let at = |address| {
        let (sent, answered) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Arc::new(Attack { address, token: enemy.clone(), sent, answered })
    };
    let (beside, real) = (at(elsewhere().await), at(served.address));
    let (mut alone, mut aside, mut hostile) = (Phase::default(), Phase::default(), Phase::default());
    // Nothing is cold.
    good(served.address, &token, Duration::from_millis(500), &mut Times::default()).await;
    let before = memory(served.child.id()).1;
    let mut first = 0;
    for _ in 0..slices {
        alone.measure(served, &token, slice).await;
        let attacking = tokio::spawn(attack(beside.clone(), first, rate, slice));
        aside.measure(served, &token, slice).await;
        attacking.await.unwrap();
        let attacking = tokio::spawn(attack(real.clone(), first, rate, slice));
        hostile.measure(served, &token, slice).await;
        first = attacking.await.unwrap();
        assert!(served.lives(), "killed");
        // What came last is still being refused.
        sleep(Duration::from_millis(300)).await;
    }
    let resident = memory(served.child.id()).1;
    alone.say("alone");
    aside.say("beside an attack on somebody else");
    hostile.say("under attack");
    let (sent, answered) = (real.sent.load(Ordering::Relaxed), real.answered.load(Ordering::Relaxed));
    println!(
        "{sent} hostile requests, {answered} of them answered; memory at most {resident} MiB, {before} MiB before"
    );
    Measured { alone, aside, hostile, sent, resident }
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
#[ignore = "three minutes; the machine must have nothing else to do"]
async fn a_minute() {
    let folder = tempfile::tempdir().unwrap();
    let mut served = serve(folder.path());
    let slices = number("TAIZHANG_TRIAL_SECONDS", 60, 3_600).div_ceil(10);
    let measured = under_attack(&mut served, slices, Duration::from_secs(10), 200).await;
    assert!(measured.sent as u64 >= slices * 10 * 190, "too few were sent: {}", measured.sent);
    let (alone, aside) = (measured.alone.times.percentile(99), measured.aside.times.percentile(99));
    let with = measured.hostile.times.percentile(99);
    assert!(with <= 2 * alone.max(aside).max(NOTHING), "p99 {alone:?} alone, {aside:?} beside, {with:?} under attack");
    assert!(measured.resident <= 512, "{} MiB", measured.resident);
    // And it signs in who belongs here: the guesses cost the guesser's address its tries, not the user his name.
    let address = served.address;
    let livez =
        client::send(address, b"GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", Duration::from_secs(2))
            .await;
    assert_eq!(livez.unwrap().status, 200);
}
