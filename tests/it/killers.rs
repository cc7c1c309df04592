//! What kills a server of this kind, against the real binary: it lives, and its neighbours do not notice.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::binary::{self, Served};

/// "At once", on a machine that builds something else at the same time.
const AT_ONCE: Duration = Duration::from_millis(1_500);

pub fn served(folder: &std::path::Path, extra: &[&str]) -> (Served, String) {
    let served = Served::start(folder, binary::free_port(), &[&["--demo", "off"], extra].concat());
    binary::done(folder, &["unit", "import", concat!(env!("CARGO_MANIFEST_DIR"), "/demo/units.json")]);
    let make = ["token", "zhang", "--create", "--unit", "yunting", "--role", "OFFICE"];
    let token = binary::done(folder, &make).trim().to_owned();
    (served, token)
}

/// A fragment bomb of about 1 kB: 30 fragments, each spreading the next one twice; 2^30 fields.
fn bomb() -> String {
    let mut text = "{...A0}".to_owned();
    for i in 0..29 {
        text.push_str(&format!("fragment A{i} on Query{{...A{0} ...A{0}}}", i + 1));
    }
    text + "fragment A29 on Query{__typename}"
}

#[test]
fn the_two_killers() {
    let folder = tempfile::tempdir().unwrap();
    let (mut served, token) = served(folder.path(), &[]);
    let literal = format!("{{ units(filter: {}{}) {{ totalCount }} }}", "[".repeat(1_500), "]".repeat(1_500));
    let bomb = bomb();
    assert!((900..1_300).contains(&bomb.len()), "{}", bomb.len());
    let address = served.address;
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let neighbour = scope.spawn(|| {
            let (mut slowest, mut count) = (Duration::ZERO, 0);
            while !over.load(Ordering::Relaxed) {
                let began = Instant::now();
                let (status, answer) = binary::ask(address, &token, "{ viewer { name } }", json!({})).unwrap();
                assert_eq!((status, &answer["data"]["viewer"]["name"]), (200, &json!("zhang")));
                slowest = slowest.max(began.elapsed());
                count += 1;
            }
            (slowest, count)
        });
        let began = Instant::now();
        for _ in 0..10 {
            for killer in [&literal, &bomb] {
                let began = Instant::now();
                let (status, answer) = binary::ask(address, &token, killer, json!({})).unwrap();
                assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (400, &json!("QUERY_TOO_COMPLEX")));
                assert!(began.elapsed() < AT_ONCE, "{:?}", began.elapsed());
            }
            // As a variable, the other way in.
            let deep: serde_json::Value =
                serde_json::from_str(&format!("{}1{}", "[".repeat(100), "]".repeat(100))).unwrap();
            let query = "query Q($x: UnitFilter) { units(filter: $x) { totalCount } }";
            let (status, _) = binary::ask(address, &token, query, json!({ "x": deep })).unwrap();
            assert_eq!(status, 400);
        }
        // Nobody is needed to send them.
        for killer in [&literal, &bomb] {
            assert_eq!(binary::ask(address, "", killer, json!({})).unwrap().0, 401);
        }
        std::thread::sleep(Duration::from_millis(300).saturating_sub(began.elapsed()));
        over.store(true, Ordering::Relaxed);
        let (slowest, count) = neighbour.join().unwrap();
        assert!(slowest < AT_ONCE && count > 2, "{slowest:?} {count}");
    });
    assert!(served.lives());
    assert_eq!(served.get("/readyz").unwrap().0, 200);
}

fn connect(address: SocketAddr, first: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(first).unwrap();
    stream
}

#[test]
fn slow_headers_and_idle_connections_are_cut() {
    let folder = tempfile::tempdir().unwrap();
    let limits = [
        ["--limit-header-timeout", "1s"],
        ["--limit-body-timeout", "1s"],
        ["--limit-idle-timeout", "2s"],
        ["--limit-connections", "200"],
    ];
    let (mut served, token) = served(folder.path(), limits.as_flattened());
    let address = served.address;
    // Somebody who is let in, and whose bodies end in the middle; what is above his share is refused at once.
    let make = ["token", "li", "--create", "--unit", "yunting", "--role", "OFFICE"];
    let slow = binary::done(folder.path(), &make).trim().to_owned();
    let body = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {slow}\r\ncontent-type: application/json\r\n\
         content-length: 100\r\n\r\n{{\"query\": "
    );
    let began = Instant::now();
    // As many as there are places: silent ones, headers that never end, bodies that never come, and idle ones.
    let open: Vec<TcpStream> = (0..200)
        .map(|i| match i % 4 {
            0 => connect(address, b""),
            1 => connect(address, body.as_bytes()),
            2 => connect(address, b"POST /graphql HTTP/1.1\r\nhost: x\r\nx-slow: "),
            _ => connect(address, b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n"),
        })
        .collect();
    // The next one gets its turn when they are cut, and not later.
    let (status, _) = served.ask(&token, "{ viewer { name } }", json!({})).unwrap();
    assert_eq!(status, 200);
    for mut stream in open {
        let mut text = Vec::new();
        let _ = stream.read_to_end(&mut text);
    }
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    assert!(served.lives());
}
