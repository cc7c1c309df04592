//! `kill -9` under writers: no acknowledged report is lost, none is there twice.
//!
//! Eight writers save and submit reports with idempotency keys. When the process is gone, each repeats its last request
//! until it is answered; whatever was acknowledged must be there, once, exactly as it was said.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::binary::{self, Served};

/// The writers: a unit with many obligations each, and a person of it.
const WRITERS: [(&str, &str); 8] = [
    ("writer.1", "yunting.t.liudu"),
    ("writer.2", "yunting.t.shilu"),
    ("writer.3", "yunting.t.luwan"),
    ("writer.4", "yunting.t.wanghe"),
    ("writer.5", "yunting.j.tingbei"),
    ("writer.6", "yunting.j.tingnan"),
    ("writer.7", "yunting.gxq"),
    ("writer.8", "yunting.czj"),
];
const SAVE: &str = "mutation($o: ID!, $n: String!, $c: Int, $k: String!) { progressReportSave(input: { obligation: $o, \
                    narrative: $n, completion: COMPLETED, doneCount: $c }, idempotencyKey: $k) \
                    { progressReport { id version } userErrors { code message } } }";
const SUBMIT: &str = "mutation($r: ID!, $k: String!) { progressReportSubmit(id: $r, input: { expectedVersion: 1 }, \
                      idempotencyKey: $k) { progressReport { id status } userErrors { code message } } }";
const OWED: &str = "{ reportObligations(filter: { missingReport: true }, first: 200) \
                    { nodes { id expectedCount report { id } viewerCan { save { allowed } } } } }";

/// What was acknowledged: the report and its narrative, by obligation.
type Acknowledged = Mutex<BTreeMap<String, (String, String)>>;

struct Hall {
    address: SocketAddr,
    tokens: Mutex<HashMap<&'static str, String>>,
    over: AtomicBool,
    kills: AtomicUsize,
    answers: AtomicUsize,
    writing: AtomicUsize,
}

impl Hall {
    /// Asks until a whole answer comes; a server that is gone comes back.
    fn insist(&self, login: &'static str, query: &str, variables: &Value) -> Option<Value> {
        loop {
            let token = self.tokens.lock().unwrap()[login].clone();
            match binary::ask(self.address, &token, query, variables.clone()) {
                Some((200, answer)) if answer["errors"].is_null() => {
                    self.answers.fetch_add(1, Ordering::Relaxed);
                    return Some(answer["data"].clone());
                }
                // Gone, overloaded or on the way up: the same request again, with the same key.
                _ if self.over.load(Ordering::Relaxed) => return None,
                _ => std::thread::sleep(Duration::from_millis(3)),
            }
        }
    }
}

fn write(hall: &Hall, login: &'static str, owed: &[(String, Value)], acknowledged: &Acknowledged) {
    for (obligation, count) in owed {
        if hall.over.load(Ordering::Relaxed) {
            return;
        }
        let narrative = format!("已办结，编号 {obligation}，第 {} 次中断之后。", hall.kills.load(Ordering::Relaxed));
        let save = json!({ "o": obligation, "n": narrative, "c": count, "k": format!("save-{obligation}") });
        let Some(saved) = hall.insist(login, SAVE, &save) else { return };
        let saved = &saved["progressReportSave"];
        assert_eq!(saved["userErrors"], json!([]), "{saved}");
        let report = saved["progressReport"]["id"].as_str().unwrap().to_owned();
        acknowledged.lock().unwrap().insert(obligation.clone(), (report.clone(), narrative));
        let Some(sent) = hall.insist(login, SUBMIT, &json!({ "r": report, "k": format!("submit-{obligation}") }))
        else {
            return;
        };
        assert_eq!(sent["progressReportSubmit"]["userErrors"], json!([]), "{sent}");
    }
}

fn kill_under_writers(kills: usize, patience: Duration) {
    let folder = tempfile::tempdir().unwrap();
    let port = binary::free_port();
    let extra = ["--limit-access-token", "1h", "--limit-running-per-principal", "20"];
    let mut served = Served::start(folder.path(), port, &extra);
    let mut tokens = HashMap::new();
    let mut token = |login, more: &[&str]| {
        let args = [&["token", login, "--limit-access-token", "1h"], more].concat();
        tokens.insert(login, binary::done(folder.path(), &args).trim().to_owned());
    };
    token("demo.office", &[]);
    for (login, unit) in WRITERS {
        token(login, &["--create", "--unit", unit, "--role", "REPORTER"]);
    }
    let hall = Hall {
        address: served.address,
        tokens: Mutex::new(tokens),
        over: AtomicBool::new(false),
        kills: AtomicUsize::new(0),
        answers: AtomicUsize::new(0),
        writing: AtomicUsize::new(WRITERS.len()),
    };
    // More periods make more to write.
    let list =
        hall.insist("demo.office", "{ taskLists(filter: { status: { eq: ISSUED } }) { nodes { id } } }", &json!({}));
    let list = list.unwrap()["taskLists"]["nodes"][0]["id"].clone();
    for month in 1..=12_u32 {
        let last = match month {
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let open = "mutation($l: ID!, $a: Date!, $b: Date!) { reportingPeriodOpen(input: { taskList: $l, kind: PLAIN, \
                    startsOn: $a, endsOn: $b, dueOn: $b }) { userErrors { code message } } }";
        let days = json!({ "l": list, "a": format!("2026-{month:02}-01"), "b": format!("2026-{month:02}-{last}") });
        let opened = hall.insist("demo.office", open, &days).unwrap();
        assert_eq!(opened["reportingPeriodOpen"]["userErrors"], json!([]), "{opened}");
    }
    let mut owed: Vec<(&'static str, Vec<(String, Value)>)> = Vec::new();
    for (login, _) in WRITERS {
        let data = hall.insist(login, OWED, &json!({})).unwrap();
        let nodes = data["reportObligations"]["nodes"].as_array().unwrap();
        // A lead sees what the others owe as well; and a draft of the demo is missing, but begun.
        let own =
            nodes.iter().filter(|node| node["viewerCan"]["save"]["allowed"] == json!(true) && node["report"].is_null());
        owed.push((
            login,
            own.map(|node| (node["id"].as_str().unwrap().to_owned(), node["expectedCount"].clone())).collect(),
        ));
    }
    let acknowledged = Acknowledged::default();
    let began = Instant::now();
    std::thread::scope(|scope| {
        // Also when this thread fails: the writers end, and so does the test.
        let _over = Over(&hall.over);
        for (login, mine) in &owed {
            let (hall, acknowledged) = (&hall, &acknowledged);
            scope.spawn(move || {
                write(hall, login, mine, acknowledged);
                hall.writing.fetch_sub(1, Ordering::Relaxed);
            });
        }
        while hall.kills.load(Ordering::Relaxed) < kills && began.elapsed() < patience {
            let before = hall.answers.load(Ordering::Relaxed);
            // In the middle of the work: after some answers, at a moment of its own.
            let wait = Instant::now();
            while hall.answers.load(Ordering::Relaxed) < before + 5 && wait.elapsed() < Duration::from_secs(1) {
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(Duration::from_millis((hall.kills.load(Ordering::Relaxed) as u64 * 7) % 23));
            assert!(hall.writing.load(Ordering::Relaxed) > 4, "the writers have run out of work");
            served.kill();
            hall.kills.fetch_add(1, Ordering::Relaxed);
            served = Served::start(folder.path(), port, &extra);
        }
    });
    let done = hall.kills.load(Ordering::Relaxed);
    assert!(done >= kills, "only {done} of {kills} kills in {:?}", began.elapsed());

    // Everything that was acknowledged is there once, in the words that were sent.
    let acknowledged = acknowledged.into_inner().unwrap();
    let mut found: HashMap<String, Vec<(String, String)>> = HashMap::new();
    let mut after = Value::Null;
    loop {
        let page = "query($after: String) { progressReports(first: 200, after: $after) { pageInfo { hasNextPage \
                    endCursor } nodes { id narrative obligation { id } } } }";
        let data = hall.insist_now("demo.office", page, &json!({ "after": after }));
        let page = &data["progressReports"];
        for node in page["nodes"].as_array().unwrap() {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            found
                .entry(text(&node["obligation"]["id"]))
                .or_default()
                .push((text(&node["id"]), text(&node["narrative"])));
        }
        if page["pageInfo"]["hasNextPage"] != json!(true) {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    for (obligation, said) in &acknowledged {
        assert_eq!(found.get(obligation).map(Vec::as_slice), Some(&[said.clone()][..]), "{obligation}");
    }
    assert!(found.values().all(|reports| reports.len() == 1), "a report is there twice");
    assert!(acknowledged.len() > kills, "too little was written: {}", acknowledged.len());
    println!("{done} kills in {:?}, {} reports acknowledged, all there once", began.elapsed(), acknowledged.len());
}

/// Says that it is over when it goes.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Hall {
    /// Asks a server that is there.
    fn insist_now(&self, login: &'static str, query: &str, variables: &Value) -> Value {
        self.over.store(false, Ordering::Relaxed);
        self.insist(login, query, variables).unwrap()
    }
}

#[test]
fn three_kills() {
    kill_under_writers(3, Duration::from_secs(60));
}

/// `cargo test --test it kill::fifty -- --ignored --nocapture`
#[test]
#[ignore = "a minute of killing; .ci/run does it"]
fn fifty_kills() {
    kill_under_writers(50, Duration::from_secs(90));
}
