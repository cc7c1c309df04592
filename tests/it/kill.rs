//! `kill -9` under writers: no acknowledged report is lost, none is there twice, no change happens twice.
//!
//! Writers save, change and submit reports with idempotency keys. When the process is gone, or the database under it, each
//! repeats its last request until it is answered; whatever was acknowledged must be there, once, exactly as it was said.
//! docs/trials.md says how to run more of it.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::binary::{self, Served};
use crate::support::postgres::Server;
use crate::trials::client::number;

/// Units with many obligations each.
pub const UNITS: [&str; 8] = [
    "yunting.t.liudu",
    "yunting.t.shilu",
    "yunting.t.luwan",
    "yunting.t.wanghe",
    "yunting.j.tingbei",
    "yunting.j.tingnan",
    "yunting.gxq",
    "yunting.czj",
];
const SAVE: &str = "mutation($o: ID!, $n: String!, $c: Int, $v: Int, $k: String!) { progressReportSave(input: { \
                    obligation: $o, narrative: $n, completion: COMPLETED, doneCount: $c, expectedVersion: $v }, \
                    idempotencyKey: $k) { progressReport { id version } userErrors { code message } } }";
const SUBMIT: &str = "mutation($r: ID!, $v: Int!, $k: String!) { progressReportSubmit(id: $r, input: { \
                      expectedVersion: $v }, idempotencyKey: $k) { progressReport { id version } \
                      userErrors { code message } } }";
const OWED: &str = "query($after: String) { reportObligations(filter: { missingReport: true }, first: 200, \
                    after: $after) { pageInfo { hasNextPage endCursor } \
                    nodes { id expectedCount report { id } viewerCan { save { allowed } } } } }";
const WRITTEN: &str = "query($after: String) { progressReports(first: 200, after: $after) { pageInfo { hasNextPage \
                       endCursor } nodes { id narrative version obligation { id } } } }";
/// Changes of a report before it is handed in; the last report of a writer is changed until the end.
const CHANGES: usize = 2;
/// A request that is not answered for so long, the server being there, is a fault.
const AT_LAST: Duration = Duration::from_secs(60);

/// What was said of a report: its identifier, its narrative, its version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    pub report: String,
    pub narrative: String,
    pub version: i64,
}

/// The writers and what they were told.
pub struct Hall {
    pub address: SocketAddr,
    pub tokens: HashMap<String, String>,
    pub over: AtomicBool,
    pub answers: AtomicUsize,
    kills: AtomicUsize,
    writing: AtomicUsize,
    acknowledged: Mutex<BTreeMap<String, Said>>,
    /// Every word, in its order, as far as somebody wants to know.
    pub journal: Option<Journal>,
}

/// Who is told of what was acknowledged: the obligation and what was said of it.
pub type Journal = Box<dyn Fn(&str, &Said) + Send + Sync>;

impl Hall {
    pub fn new(address: SocketAddr, tokens: HashMap<String, String>, writers: usize) -> Self {
        Self {
            address,
            tokens,
            over: AtomicBool::new(false),
            answers: AtomicUsize::new(0),
            kills: AtomicUsize::new(0),
            writing: AtomicUsize::new(writers),
            acknowledged: Mutex::default(),
            journal: None,
        }
    }

    fn acknowledge(&self, obligation: &str, said: &Said) {
        if let Some(journal) = &self.journal {
            journal(obligation, said);
        }
        self.acknowledged.lock().unwrap().insert(obligation.to_owned(), said.clone());
    }

    /// Asks until a whole answer comes; a server that is gone comes back.
    fn insist(&self, login: &str, query: &str, variables: &Value) -> Value {
        let mut since = Instant::now();
        let mut kills = self.kills.load(Ordering::Relaxed);
        loop {
            let answered = binary::ask(self.address, &self.tokens[login], query, variables.clone());
            match answered {
                Some((200, answer)) if answer["errors"].is_null() => {
                    self.answers.fetch_add(1, Ordering::Relaxed);
                    return answer["data"].clone();
                }
                // Gone, overloaded or on the way up: the same request again, with the same key.
                other => {
                    if kills != self.kills.load(Ordering::Relaxed) {
                        (kills, since) = (self.kills.load(Ordering::Relaxed), Instant::now());
                    }
                    assert!(since.elapsed() < AT_LAST, "{login} is not answered: {other:?}");
                    std::thread::sleep(Duration::from_millis(3));
                }
            }
        }
    }

    /// The nodes of all pages of a connection.
    fn all(&self, login: &str, query: &str) -> Vec<Value> {
        let (mut nodes, mut after) = (Vec::new(), Value::Null);
        loop {
            let mut data = self.insist(login, query, &json!({ "after": after }));
            let mut page = data.as_object_mut().unwrap().values_mut().next().unwrap().take();
            nodes.append(page["nodes"].as_array_mut().unwrap());
            if page["pageInfo"]["hasNextPage"] != json!(true) {
                return nodes;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }

    /// What somebody is answered who asks for his name.
    pub fn name(&self, login: &str) -> Option<(u16, Value)> {
        binary::ask(self.address, &self.tokens[login], "{ viewer { name } }", json!({}))
    }

    /// What stands there, by obligation, as these people see it.
    pub fn found(&self, logins: &[&str]) -> BTreeMap<String, Vec<Said>> {
        let mut found: BTreeMap<String, Vec<Said>> = BTreeMap::new();
        for login in logins {
            for node in self.all(login, WRITTEN) {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let (report, narrative) = (text(&node["id"]), text(&node["narrative"]));
                let said = Said { report, narrative, version: node["version"].as_i64().unwrap() };
                let of_one = found.entry(text(&node["obligation"]["id"])).or_default();
                if !of_one.contains(&said) {
                    of_one.push(said);
                }
            }
        }
        found
    }

    /// One verb that must be done; its report and version.
    fn done(&self, login: &str, query: &str, variables: &Value) -> (String, i64) {
        let data = self.insist(login, query, variables);
        let payload = data.as_object().unwrap().values().next().unwrap();
        assert_eq!(payload["userErrors"], json!([]), "{variables} {payload}");
        let report = &payload["progressReport"];
        (report["id"].as_str().unwrap().to_owned(), report["version"].as_i64().unwrap())
    }

    /// Saves, changes and hands in one report after the other; a change that happened twice would be a conflict.
    pub fn write(&self, login: &str, owed: &[(String, Value)]) {
        for (at, (obligation, count)) in owed.iter().enumerate() {
            let changes = if at + 1 == owed.len() { usize::MAX } else { CHANGES };
            let mut said: Option<Said> = None;
            for change in 0..=changes {
                if self.over.load(Ordering::Relaxed) {
                    return;
                }
                let kills = self.kills.load(Ordering::Relaxed);
                let narrative = format!("已办结，编号 {obligation}，第 {change} 稿，第 {kills} 次中断之后。");
                let before = said.as_ref().map(|said| said.version);
                let save = json!({ "o": obligation, "n": narrative, "c": count, "v": before,
                    "k": format!("save-{obligation}-{change}") });
                let (report, version) = self.done(login, SAVE, &save);
                assert!(said.as_ref().is_none_or(|said| said.report == report && said.version + 1 == version));
                let now = Said { report, narrative, version };
                self.acknowledge(obligation, &now);
                said = Some(now);
            }
            let Some(mut said) = said else { return };
            let submit = json!({ "r": said.report, "v": said.version, "k": format!("submit-{obligation}") });
            said.version = self.done(login, SUBMIT, &submit).1;
            self.acknowledge(obligation, &said);
        }
    }
}

/// What one trial is.
struct Trial {
    kills: usize,
    writers: usize,
    postgres: bool,
    patience: Duration,
}

/// More periods make more to write.
pub fn open_periods(hall: &Hall) {
    let list =
        hall.insist("demo.office", "{ taskLists(filter: { status: { eq: ISSUED } }) { nodes { id } } }", &json!({}));
    let list = list["taskLists"]["nodes"][0]["id"].clone();
    for month in 1..=12_u32 {
        let last = match month {
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let open = "mutation($l: ID!, $a: Date!, $b: Date!) { reportingPeriodOpen(input: { taskList: $l, kind: PLAIN, \
                    startsOn: $a, endsOn: $b, dueOn: $b }) { userErrors { code message } } }";
        let days = json!({ "l": list, "a": format!("2026-{month:02}-01"), "b": format!("2026-{month:02}-{last}") });
        let opened = hall.insist("demo.office", open, &days);
        assert_eq!(opened["reportingPeriodOpen"]["userErrors"], json!([]), "{opened}");
    }
}

/// What each writer owes: the writers of one unit share what it owes.
pub fn share(hall: &Hall, writers: usize) -> Vec<(String, Vec<(String, Value)>)> {
    let mut shares = Vec::new();
    for (at, _) in UNITS.iter().enumerate().take(writers) {
        // A lead sees what the others owe as well; and a draft of the demo is missing, but begun.
        let own: Vec<(String, Value)> = hall
            .all(&login(at), OWED)
            .iter()
            .filter(|node| node["viewerCan"]["save"]["allowed"] == json!(true) && node["report"].is_null())
            .map(|node| (node["id"].as_str().unwrap().to_owned(), node["expectedCount"].clone()))
            .collect();
        let of_unit: Vec<usize> = (at..writers).step_by(UNITS.len()).collect();
        for (nth, writer) in of_unit.iter().enumerate() {
            let mine: Vec<_> = own.iter().skip(nth).step_by(of_unit.len()).cloned().collect();
            assert!(!mine.is_empty(), "nothing to write for {}", login(*writer));
            shares.push((login(*writer), mine));
        }
    }
    shares
}

pub fn login(writer: usize) -> String {
    format!("writer.{writer}")
}

/// A server over its own database, and writers who owe it reports.
pub struct House {
    pub folder: tempfile::TempDir,
    pub database: Option<Server>,
    /// Where the database is, as arguments.
    pub place: Vec<String>,
    pub extra: Vec<String>,
    pub served: Served,
    pub hall: Hall,
    pub owed: Vec<(String, Vec<(String, Value)>)>,
}

impl House {
    pub fn new(writers: usize, postgres: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = postgres.then(Server::start_durable);
        let url = database.as_ref().map(|server| server.url("taizhang"));
        if let Some(server) = &database {
            let made = "CREATE DATABASE taizhang TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'";
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(crate::support::database::execute(&server.url("postgres"), made));
        }
        let place: Vec<&str> = url.iter().flat_map(|url| ["--database-url", url]).collect();
        let extra = [&["--limit-access-token", "1h", "--limit-running-per-principal", "20"], &place[..]].concat();
        let served = Served::start(folder.path(), binary::free_port(), &extra);
        if postgres {
            binary::done(folder.path(), &[&["demo"], &place[..]].concat());
        }
        let mut tokens = HashMap::new();
        let mut token = |login: &str, more: &[&str]| {
            let args = [&["token", login, "--limit-access-token", "1h"], more, &place[..]].concat();
            tokens.insert(login.to_owned(), binary::done(folder.path(), &args).trim().to_owned());
        };
        token("demo.office", &[]);
        for writer in 0..writers {
            token(&login(writer), &["--create", "--unit", UNITS[writer % UNITS.len()], "--role", "REPORTER"]);
        }
        let hall = Hall::new(served.address, tokens, writers);
        open_periods(&hall);
        let owed = share(&hall, writers);
        let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let (place, extra) = (own(&place), own(&extra));
        Self { folder, database, place, extra, served, hall, owed }
    }

    /// Everything that was acknowledged is there once, in the words that were sent; how many reports, and changes of them.
    pub fn all_there_once(&self) -> (usize, i64) {
        let logins: Vec<&str> = self.owed.iter().map(|(login, _)| login.as_str()).collect();
        let found = self.hall.found(&logins);
        let acknowledged = self.hall.acknowledged.lock().unwrap();
        for (obligation, said) in acknowledged.iter() {
            assert_eq!(found.get(obligation).map(Vec::as_slice), Some(&[said.clone()][..]), "{obligation}");
        }
        assert!(found.values().all(|reports| reports.len() == 1), "a report is there twice");
        (acknowledged.len(), acknowledged.values().map(|said| said.version).sum())
    }
}

fn kill_under_writers(trial: &Trial) {
    let mut house = House::new(trial.writers, trial.postgres);
    let House { folder, database, extra, served, hall, owed, .. } = &mut house;
    let (hall, owed) = (&*hall, &*owed);
    let extra: Vec<&str> = extra.iter().map(String::as_str).collect();
    let port = served.address.port();
    let (began, mut crashes) = (Instant::now(), 0);
    std::thread::scope(|scope| {
        // Also when this thread fails: the writers end, and so does the test.
        let _over = Over(&hall.over);
        for (login, mine) in owed {
            scope.spawn(move || {
                let _writing = Writing(&hall.writing);
                hall.write(login, mine);
            });
        }
        while hall.kills.load(Ordering::Relaxed) < trial.kills && began.elapsed() < trial.patience {
            let nth = hall.kills.load(Ordering::Relaxed);
            let before = hall.answers.load(Ordering::Relaxed);
            // In the middle of the work: after some answers, at a moment of its own.
            let wait = Instant::now();
            while hall.answers.load(Ordering::Relaxed) < before + 5 && wait.elapsed() < Duration::from_secs(2) {
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(Duration::from_millis((nth as u64 * 7) % 23));
            assert_eq!(hall.writing.load(Ordering::Relaxed), trial.writers, "a writer has ended");
            let mut halted = None;
            match &*database {
                // The database alone, by turns killed and told to drop everything; the process lives on.
                Some(server) if nth % 10 == 1 => {
                    server.halt(nth % 20 == 1);
                    server.resume();
                    crashes += 1;
                    assert!(served.lives(), "it must outlive its database");
                }
                // Both at once; the next one starts before its database does.
                Some(server) if nth % 10 == 6 => {
                    served.kill();
                    server.halt(nth % 20 == 6);
                    halted = Some(server);
                    crashes += 1;
                }
                _ => served.kill(),
            }
            if hall.kills.fetch_add(1, Ordering::Relaxed) % 100 == 99 {
                println!("{} kills after {:?}", nth + 1, began.elapsed());
            }
            std::thread::scope(|both| {
                if let Some(server) = halted {
                    both.spawn(|| server.resume());
                }
                if !served.lives() {
                    *served = Served::start(folder.path(), port, &extra);
                }
            });
        }
    });
    let (done, took) = (hall.kills.load(Ordering::Relaxed), began.elapsed());
    assert!(done >= trial.kills, "only {done} of {} kills in {took:?}", trial.kills);

    let answers = hall.answers.load(Ordering::Relaxed);
    let (reports, changes) = house.all_there_once();
    assert!(changes > 2 * trial.kills as i64, "too little was written: {changes}");
    println!(
        "{done} kills ({crashes} of the database) under {} writers in {took:?}, {} a kill; {reports} reports with \
         {changes} changes acknowledged, {answers} answers, all there once",
        trial.writers,
        format_args!("{:?}", took / u32::try_from(done.max(1)).unwrap()),
    );
}

/// Says that it is over when it goes.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Counts a writer out when it goes.
struct Writing<'a>(&'a AtomicUsize);

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

pub fn on_postgres() -> bool {
    #[expect(clippy::disallowed_methods, reason = "a trial is configured by the environment")]
    let engine = std::env::var("TAIZHANG_TEST_ENGINE");
    engine.as_deref() == Ok("postgres")
}

#[test]
fn three_kills() {
    kill_under_writers(&Trial { kills: 3, writers: 8, postgres: on_postgres(), patience: Duration::from_secs(90) });
}

/// `TAIZHANG_TEST_ENGINE=postgres TAIZHANG_KILLS=1000 TAIZHANG_KILL_WRITERS=32 cargo test --test it kill::many -- --ignored
/// --nocapture`
#[test]
#[ignore = "a minute of killing; .ci/run does it on both engines"]
fn many_kills() {
    let kills = number("TAIZHANG_KILLS", 50, 10_000) as usize;
    let writers = number("TAIZHANG_KILL_WRITERS", 8, 64) as usize;
    // Less than a second each where nothing else runs.
    let patience = Duration::from_secs(60 + 12 * kills as u64);
    kill_under_writers(&Trial { kills, writers, postgres: on_postgres(), patience });
}
