//! A thousand telephone numbers, each of them once: who gets to see how many of them, and where none may ever stand.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use entity::vocabulary::AssignmentRole;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use taizhang::domain::text::mask_phone;
use taizhang::secrets::place;
use taizhang::store::Engine;
use taizhang::telemetry::{Format, subscriber};

use super::ground::{Year, ask, done, int, pages, text, verb};
use super::model::Key;
use super::papers::invented;
use super::spine::{Cast, issue};
use crate::support::Client;
use crate::support::every_table::TABLES;

/// Numbers in all.
const PLANTED: usize = 1_000;

/// The nth number.
fn number(nth: usize) -> String {
    format!("138{:08}", 10_000_019 + nth * 81_173)
}

/// Everything that looks like one of them in some text: runs of digits, and numbers written with signs between.
fn found(text: &[u8], planted: &BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut run = Vec::new();
    for byte in text.iter().copied().chain([b'x']) {
        match byte {
            b'0'..=b'9' => run.push(byte),
            // Written in groups, it is the same number.
            b' ' | b'-' if !run.is_empty() => {}
            _ => {
                for window in run.windows(11) {
                    let window = std::str::from_utf8(window).unwrap();
                    if planted.contains(window) {
                        found.insert(window.to_owned());
                    }
                }
                run.clear();
            }
        }
    }
    found
}

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the database holds, as it lies there: the bytes of its files, or every row as text.
async fn at_rest(y: &Year) -> Vec<u8> {
    if y.t.database.engine() == Engine::Sqlite {
        let file = y.t.database.url.strip_prefix("sqlite://").unwrap().split('?').next().unwrap().to_owned();
        let read = |name: String| std::fs::read(name).unwrap();
        return [read(file.clone()), read(format!("{file}-wal"))].concat();
    }
    let db = y.t.database.raw().await;
    let mut all = Vec::new();
    for table in TABLES {
        let sql = Statement::from_string(db.get_database_backend(), format!("SELECT x::text AS t FROM {table} x"));
        for row in db.query_all_raw(sql).await.unwrap() {
            all.extend(row.try_get::<String>("", "t").unwrap().into_bytes());
            all.push(b'\n');
        }
    }
    all
}

/// The scene: numbers of users, and of the reports of two periods.
struct Planted {
    y: Year,
    all: BTreeSet<String>,
    /// Of the users.
    users: usize,
    /// Of the reports: (period, task, unit), the report, the number.
    reports: Vec<(usize, Key, String, String)>,
    /// What every answer on the way said.
    said: Vec<u8>,
}

async fn planted() -> Planted {
    let mut y = Year::begin(invented()).await;
    let cast = Cast::of(&y);
    issue(&mut y, &cast).await;
    let all: BTreeSet<String> = (0..PLANTED).map(number).collect();
    assert_eq!(all.len(), PLANTED);
    let mut numbers = (0..PLANTED).map(number);

    // No verb writes a user's number; it is sealed as the program would.
    let db = y.t.database.raw().await;
    let logins = Statement::from_string(db.get_database_backend(), "SELECT id FROM user_account ORDER BY id");
    let ids: Vec<uuid::Uuid> =
        db.query_all_raw(logins).await.unwrap().iter().map(|row| row.try_get("", "id").unwrap()).collect();
    drop(db);
    let users = ids.len();
    let tx = y.t.service.store().begin().await.unwrap();
    for id in ids {
        let column = entity::user_account::Column::Id;
        let user = tx.all_where::<entity::user_account::Entity>(column, &[id]).await.unwrap().remove(0);
        let sealed =
            y.t.service.cipher().seal(&numbers.next().unwrap(), &place("user_account", "phone_ciphertext", id));
        let user = entity::user_account::Model { phone_ciphertext: Some(sealed.unwrap()), ..user };
        tx.update::<entity::user_account::Entity>(user).await.unwrap();
    }
    tx.commit().await.unwrap();

    let mut said = Vec::new();
    let mut reports = Vec::new();
    let mut span = 0;
    while numbers.len() > 0 {
        // As many periods as there are numbers for.
        let office = y.office().await;
        let (from, to) = (y.date(1, 1), y.date(2 + u32::try_from(span).unwrap(), 1).pred_opt().unwrap());
        let input = json!({ "taskList": y.list, "kind": "CUMULATIVE", "startsOn": from, "endsOn": to, "dueOn": y.date(12, 31) });
        let opened = verb(
            &office,
            "reportingPeriodOpen",
            "ReportingPeriodOpenInput",
            None,
            input,
            "reportingPeriod { id label }",
        )
        .await;
        let opened = &done(opened)["reportingPeriod"];
        assert_eq!(y.books.open(text(&opened["id"]), text(&opened["label"]), y.date(12, 31)), span);
        let units: Vec<String> = y.units.keys().cloned().collect();
        for unit in units {
            let who = y.reporter(&unit).await;
            let owed = y.owes(&who, span, &unit).await;
            let counts = y.counts(&who, span, &unit).await;
            let chosen: Vec<((String, String), String)> = owed.into_iter().zip(numbers.by_ref()).collect();
            if chosen.is_empty() {
                continue;
            }
            let item = |((_, obligation), number): &((String, String), String)| json!({ "obligation": obligation, "narrative": "虚构：已公开。", "completion": "SUBSTANTIAL", "doneCount": counts.get(obligation), "reporterName": "虚构填报人", "reporterPhone": number });
            let fields =
                "doneCount outcomes { progressReport { id version status reporterPhone } userErrors { code message } }";
            let input = json!({ "items": chosen.iter().map(item).collect::<Vec<_>>() });
            let saved =
                done(verb(&who, "progressReportSaveMany", "ProgressReportSaveManyInput", None, input, fields).await);
            assert_eq!(saved["doneCount"], chosen.len());
            said.extend(saved.to_string().into_bytes());
            let outcomes = saved["outcomes"].as_array().unwrap();
            for (((task, _), number), outcome) in chosen.iter().zip(outcomes) {
                assert_eq!(outcome["progressReport"]["reporterPhone"], mask_phone(number));
                let id = text(&outcome["progressReport"]["id"]);
                reports.push((span, (task.clone(), unit.clone()), id, number.clone()));
            }
            let item = |outcome: &Value| json!({ "id": outcome["progressReport"]["id"], "expectedVersion": outcome["progressReport"]["version"] });
            let input = json!({ "items": outcomes.iter().map(item).collect::<Vec<_>>() });
            let sent =
                verb(&who, "progressReportSubmitMany", "ProgressReportSubmitManyInput", None, input, fields).await;
            assert_eq!(done(sent)["doneCount"], chosen.len());
        }
        for unit in y.signing.clone() {
            let who = y.approver(&unit).await;
            for (of, key, id, _) in &reports {
                if *of == span && key.1 == unit {
                    done(
                        verb(
                            &who,
                            "progressReportSign",
                            "ProgressReportSignInput",
                            Some(id),
                            json!({ "expectedVersion": 2 }),
                            "progressReport { reporterPhone }",
                        )
                        .await,
                    );
                }
            }
        }
        span += 1;
    }
    assert_eq!(users + reports.len(), PLANTED);
    Planted { y, all, users, reports, said }
}

impl Planted {
    /// The reports a unit sees: its own, and what its co-units handed in on the tasks it leads.
    fn seen_by(&self, unit: &str) -> BTreeMap<&str, &str> {
        let leads =
            |task: &str| self.y.books.seats.get(&(task.to_owned(), unit.to_owned())) == Some(&AssignmentRole::Lead);
        let seen = self.reports.iter().filter(|(_, (task, u), ..)| u == unit || leads(task));
        seen.map(|(_, _, id, number)| (id.as_str(), number.as_str())).collect()
    }

    /// Everything somebody gets by asking, wherever a number could stand; the masked numbers of the reports he sees.
    async fn asked(&self, login: &str) -> (Vec<u8>, BTreeMap<String, Value>) {
        let who = self.y.who(login).await;
        let mut said = Vec::new();
        for query in [
            "{ viewer { name user { id name unit { name } } unit { name contacts(first: 50) { nodes { id name unit { name } } } } grants { role scopes }
                notifications(first: 50) { nodes { text report { reporterPhone } } } work { toReview(first: 50) { nodes { reporterPhone reporterName } } } } }",
            "{ units(first: 100) { nodes { name contacts(first: 20) { nodes { id name unit { name } } } } } }",
            "{ taskLists { nodes { title tasks(first: 5) { nodes { number progressReports(first: 20) { nodes { reporterName reporterPhone } } } } } } }",
            "{ reportObligations(first: 200) { nodes { report { reporterName reporterPhone } } } }",
        ] {
            said.extend(who.send(query, json!({})).await.1);
        }
        let probe = who.answer("{ progressReports { totalCount } }", json!({})).await;
        if !probe["errors"].is_null() || probe["data"]["progressReports"]["totalCount"] == 0 {
            return (said, BTreeMap::new());
        }
        let fields = "id reporterName reporterPhone narrative unit { name }";
        let reports = pages(&who, "progressReports", "", fields).await;
        let deep = "query($id: ID!) { progressReport(id: $id) { reporterPhone revisions { nodes { revision narrative submittedBy { id name } } }
            reviews { nodes { reason } } signatures { nodes { user { id name } } } evidence { nodes { title } } parts { nodes { narrative } } } }";
        for report in reports.iter().step_by(25) {
            said.extend(who.send(deep, json!({ "id": report["id"] })).await.1);
        }
        said.extend(json!(reports).to_string().into_bytes());
        (said, reports.into_iter().map(|report| (text(&report["id"]), report["reporterPhone"].clone())).collect())
    }
}

async fn reveal(who: &Client, report: &str) -> Value {
    let query = "mutation($id: ID!) { progressReportPhoneReveal(id: $id) { phone progressReport { reporterPhone } userErrors { code message } } }";
    who.payload(query, json!({ "id": report })).await
}

const REVEALS: &str = "audit_entry WHERE result = 'DONE' AND operation = 'progressReportPhoneReveal'";

#[tokio::test]
async fn a_thousand_numbers_and_nobody_sees_one_that_is_not_his() {
    let paper = Paper::default();
    let pen = paper.clone();
    let log = subscriber(Format::Json, "trace", move || pen.clone()).unwrap();
    // For the thread: a verb runs in a task of its own on it. A second log, because while there is one only, other threads
    // decide for all of them what is worth writing.
    let second = tracing::Dispatch::new(subscriber(Format::Json, "trace", io::sink).unwrap());
    let looking = tracing::subscriber::set_default(log);

    let mut p = Box::pin(planted()).await;
    let mut said = std::mem::take(&mut p.said);
    said.extend(slips(&p).await);
    println!("{} numbers of users, {} of reports", p.users, p.reports.len());
    let everybody: BTreeMap<&str, &str> =
        p.reports.iter().map(|(_, _, id, number)| (id.as_str(), number.as_str())).collect();
    // By asking nobody gets any in the clear, and masked those of the reports that he sees.
    let plain = super::spine::plain_unit(&p.y);
    let lead = p.y.books.seats.iter().find(|(_, role)| **role == AssignmentRole::Lead).unwrap().0.1.clone();
    assert!(p.seen_by(&lead).len() > p.reports.iter().filter(|(_, key, ..)| key.1 == lead).count());
    let (plain_writer, plain_signer, lead_writer) =
        (format!("填报 {plain}"), format!("审签 {plain}"), format!("填报 {lead}"));
    for (login, sees) in [
        ("office", everybody.clone()),
        ("deputy", everybody.clone()),
        ("inspector", everybody.clone()),
        (&*plain_writer, p.seen_by(&plain)),
        (&*plain_signer, p.seen_by(&plain)),
        (&*lead_writer, p.seen_by(&lead)),
        ("system", BTreeMap::new()),
        ("security", BTreeMap::new()),
        ("audit", BTreeMap::new()),
        ("foreign office", BTreeMap::new()),
        ("foreign unit", BTreeMap::new()),
    ] {
        let (answers, masked) = p.asked(login).await;
        let expected: BTreeMap<String, Value> =
            sees.iter().map(|(id, number)| ((*id).to_owned(), json!(mask_phone(number)))).collect();
        assert!(masked == expected, "{login}: {} masked numbers, {} expected", masked.len(), expected.len());
        assert_eq!(found(&answers, &p.all), BTreeSet::new(), "{login}");
        said.extend(answers);
    }
    assert_eq!(p.y.count(REVEALS).await, 0, "a masked number is no reading");

    // On purpose: the office all, each of them entered; a unit its own; nobody else any.
    let reads = async |login: &str, step: usize| {
        let who = p.y.who(login).await;
        let (mut clear, before) = (BTreeSet::new(), p.y.count(REVEALS).await);
        for (_, _, id, number) in p.reports.iter().step_by(step) {
            let payload = reveal(&who, id).await;
            if payload["phone"].is_null() {
                assert!(!payload["userErrors"].as_array().unwrap().is_empty(), "{login}: {payload}");
                assert_eq!(found(payload.to_string().as_bytes(), &p.all), BTreeSet::new());
            } else {
                assert_eq!(payload["phone"], json!(number));
                clear.insert(number.as_str());
            }
        }
        let entered = p.y.count(REVEALS).await - before;
        assert_eq!(
            usize::try_from(entered).unwrap(),
            clear.len(),
            "{login}: each reading is entered, and nothing else"
        );
        clear
    };
    let own = |unit: &str| -> BTreeSet<&str> {
        p.reports.iter().filter(|(_, key, ..)| key.1 == unit).map(|(.., number)| number.as_str()).collect()
    };
    assert_eq!(reads("office", 1).await, everybody.values().copied().collect());
    assert_eq!(reads(&plain_writer, 1).await, own(&plain));
    assert_eq!(reads(&lead_writer, 1).await, own(&lead), "of its co-units a lead gets none");
    for login in ["inspector", "system", "security", "audit", "foreign office", "foreign unit"] {
        // Those who are refused before anything is looked up are refused alike.
        assert_eq!(reads(login, 10).await, BTreeSet::new(), "{login}");
    }

    exports(&p, &plain, &lead).await;
    said.extend(workers(&p).await);
    drop((looking, second));

    // At rest, in the log, in what was answered: none. The row is there, the number is not.
    let kept = at_rest(&p.y).await;
    assert!(contains(&kept, "虚构：已公开。".as_bytes()), "the scan reads what is there");
    assert_eq!(found(&kept, &p.all), BTreeSet::new(), "at rest");
    let written = paper.0.lock().unwrap().clone();
    assert!(contains(&written, b"taizhang"), "the log is looked at");
    assert_eq!(found(&written, &p.all), BTreeSet::new(), "in the log");
    assert_eq!(found(&said, &p.all), BTreeSet::new(), "in the answers");
    println!("{} bytes at rest, {} of log, {} of answers", kept.len(), written.len(), said.len());
}

fn contains(text: &[u8], words: &[u8]) -> bool {
    text.windows(words.len()).any(|window| window == words)
}

/// Inputs that go wrong with a number in them: what is answered does not repeat it, and neither does the log.
async fn slips(p: &Planted) -> Vec<u8> {
    let (_, key, report, number) = &p.reports[0];
    let who = p.y.reporter(&key.1).await;
    let obligation = p.y.owes(&who, 0, &key.1).await[&key.0].clone();
    let foreign = p.y.who("foreign unit").await;
    let mut said = Vec::new();
    let save = "mutation($input: ProgressReportSaveInput!, $key: String) { progressReportSave(input: $input, idempotencyKey: $key) { progressReport { reporterPhone } userErrors { code message field } } }";
    let grouped = format!("{} {} {}", &number[..3], &number[3..7], &number[7..]);
    for input in [
        json!({ "obligation": obligation, "expectedVersion": 1, "reporterPhone": number }),
        json!({ "obligation": obligation, "expectedVersion": 2, "reporterPhone": format!("{number}{number}") }),
        json!({ "obligation": obligation, "expectedVersion": 2, "reporterPhone": grouped, "percent": 900 }),
        json!({ "obligation": obligation, "expectedVersion": 2, "reporterPhone": [number] }),
        json!({ "obligation": obligation, "expectedVersion": number, "percent": 1 }),
        json!({ "obligation": number, "reporterPhone": number }),
        json!({ "obligation": obligation, "phone": number }),
    ] {
        for (client, idempotency) in [(&who, None), (&who, Some("k")), (&foreign, None)] {
            said.extend(client.send(save, json!({ "input": input, "key": idempotency })).await.1);
        }
    }
    said.extend(reveal(&foreign, report).await.to_string().into_bytes());
    let read = "query($id: ID!) { node(id: $id) { id } }";
    said.extend(who.send(read, json!({ "id": number })).await.1);
    said
}

/// Files: masked in every form, in the clear only where it was asked for by somebody who may, each reading entered.
async fn exports(p: &Planted, plain: &str, lead: &str) {
    let y = &p.y;
    let office = y.office().await;
    let period = y.books.spans[0].id.clone();
    let words = |name: &str, bytes: &[u8]| -> Vec<u8> {
        let read = taizhang::documents::read::read_here(bytes, name).unwrap();
        let cells = read.tables.iter().flat_map(|t| t.before.iter().chain(t.cells.iter().map(|cell| &cell.text)));
        let mut all = cells.chain(&read.tail).cloned().collect::<Vec<_>>().join("\n").into_bytes();
        all.extend_from_slice(bytes);
        all
    };
    let made = async |who: &Client, view: &str, format: &str, unit: &str, clear: bool| {
        let before = y.count(REVEALS).await;
        let input =
            json!({ "view": view, "format": format, "period": period, "unit": y.unit_id(unit), "clearPhones": clear });
        let (name, bytes) = y.exported(who, input).await;
        let shown = if format == "JSON" { found(&bytes, &p.all) } else { found(&words(&name, &bytes), &p.all) };
        let entered = usize::try_from(y.count(REVEALS).await - before).unwrap();
        assert_eq!(entered, shown.len(), "{view} {format} of {unit}");
        shown
    };
    let inspector = y.who("inspector").await;
    let (own, leading) = (y.reporter(plain).await, y.reporter(lead).await);
    for view in ["LEDGER", "REPORT_SHEET", "REPORT_FORM", "SUMMARY", "MISSING"] {
        for format in ["DOCX", "XLSX", "CSV"] {
            let expected = usize::from(view == "REPORT_SHEET");
            assert_eq!(made(&office, view, format, plain, true).await.len(), expected, "{view} {format}");
            assert_eq!(made(&office, view, format, plain, false).await.len(), 0, "{view} {format}");
            assert_eq!(made(&inspector, view, format, plain, true).await.len(), 0, "{view} {format}");
        }
    }
    assert_eq!(made(&office, "LEDGER", "JSON", plain, true).await.len(), 0);
    // What a unit may have is its own.
    let numbers = |unit: &str| -> BTreeSet<String> {
        p.reports.iter().filter(|(of, key, ..)| *of == 0 && key.1 == unit).map(|(.., number)| number.clone()).collect()
    };
    let shown = made(&own, "REPORT_SHEET", "CSV", plain, true).await;
    assert!(shown.len() == 1 && shown.is_subset(&numbers(plain)));
    let other = p.reports.iter().find(|(of, (task, unit), ..)| {
        *of == 0 && unit != lead && y.books.seats.get(&(task.clone(), lead.to_owned())) == Some(&AssignmentRole::Lead)
    });
    let other = &other.expect("a co-unit").1.1;
    assert_eq!(
        made(&leading, "REPORT_SHEET", "CSV", other, true).await.len(),
        0,
        "a lead gets no number of its co-units"
    );
    // The office takes the sheet of every unit: one number each, and each entered.
    let mut units: Vec<&String> = p.reports.iter().filter(|(of, ..)| *of == 0).map(|(_, key, ..)| &key.1).collect();
    units.dedup();
    for unit in units {
        let shown = made(&office, "REPORT_SHEET", "CSV", unit, true).await;
        assert!(shown.len() == 1 && shown.is_subset(&numbers(unit)), "{unit}: {shown:?}");
    }
}

/// What is told to people and to other programs, and what the trail says.
async fn workers(p: &Planted) -> Vec<u8> {
    p.y.workers().await;
    let db = p.y.t.database.raw().await;
    let mut said = Vec::new();
    for sql in [
        "SELECT CAST(payload AS TEXT) AS t FROM outbox",
        "SELECT CAST(changed AS TEXT) AS t FROM audit_entry WHERE changed IS NOT NULL",
        "SELECT request_id AS t FROM audit_entry",
    ] {
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
        assert!(!rows.is_empty(), "{sql}");
        for row in rows {
            said.extend(row.try_get::<String>("", "t").unwrap().into_bytes());
            said.push(b'\n');
        }
    }
    let office = p.y.office().await;
    let told = ask(
        &office,
        "node(id: $id) { id } viewer { unreadCount notifications(first: 100) { nodes { text kind } } }",
        &p.y.list,
    )
    .await;
    assert!(int(&told["viewer"]["unreadCount"]) > 0);
    said.extend(told.to_string().into_bytes());
    said
}
