//! The trail as a file: written out whole, checked without a database, and every change in it found.

use std::path::{Path, PathBuf};

use entity::audit_entry;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use taizhang::service::audit::Broken;
use taizhang::store::Engine;
use taizhang::store::audit_chain::link;
use uuid::Uuid;

use super::command::{Desk, said, says};
use super::forge::Held;
use super::{Notary, busy, unfenced};
use crate::mutation::reports_stage::*;
use crate::support::binary::{self, Served};
use crate::support::database::{execute, raw_at};

/// A trail with two statements, written out.
struct Exported {
    s: Stage,
    desk: Desk,
    folder: tempfile::TempDir,
    lines: Vec<Value>,
}

impl Exported {
    async fn new() -> Self {
        let s = Box::pin(busy()).await;
        let notary = Notary::new(&s);
        s.t.service.keys_register(&notary.keyring.public_keys()).await.unwrap();
        s.t.service.audit_anchor(&notary.maker).await.unwrap();
        s.t.user("later", s.lead_unit, &[]).await;
        s.t.service.audit_anchor(&notary.maker).await.unwrap();
        unfenced(&s).await;
        let desk = Desk::beside(&s).await;
        desk.put(&Held::of(&s).await).await;
        let lines = lines(&said(&desk.run(&["audit", "export"]), true));
        Self { s, desk, folder: tempfile::tempdir().unwrap(), lines }
    }

    fn file(&self, lines: &[Value]) -> PathBuf {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let path = self.folder.path().join("trail.jsonl");
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The public keys, as somebody has them who asked for them another time.
    fn keys(&self) -> String {
        let path = self.folder.path().join("keys.json");
        std::fs::write(&path, json!({ "keys": self.lines[0]["keys"] }).to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// What the check says of these lines, in a folder with nothing in it; and how it ended.
    fn check(&self, lines: &[Value], more: &[&str]) -> (String, String, bool) {
        check(&self.file(lines), more)
    }

    fn finds(&self, lines: &[Value], broken: &Broken) {
        let keys = self.keys();
        let (text, aside, good) = self.check(lines, &["--key", &keys]);
        assert!(!good && aside.is_empty(), "{text}{aside}");
        says(&text, broken);
    }

    /// The place of the line of a row.
    fn at(&self, number: i64) -> usize {
        self.lines.iter().position(|line| line["sequence"] == number).unwrap()
    }

    fn key(&self, number: i64) -> Uuid {
        text(&self.lines[self.at(number)]["id"]).parse().unwrap()
    }

    /// The numbers of the rows that something signed is about.
    fn anchored(&self) -> Vec<i64> {
        let places = 1..self.lines.len();
        let anchors = places.filter(|at| self.lines[*at]["anchor"].is_string());
        anchors.map(|at| number(&self.lines[at - 1]["sequence"])).collect()
    }
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn check(file: &Path, more: &[&str]) -> (String, String, bool) {
    let nowhere = tempfile::tempdir().unwrap();
    let args = [&["audit", "verify", "--file", file.to_str().unwrap()], more].concat();
    let output = binary::run(nowhere.path(), &args);
    assert_eq!(std::fs::read_dir(nowhere.path()).unwrap().count(), 0, "no database and no key is made");
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(matches!(output.status.code(), Some(0 | 1)), "{out}{err}");
    (out, err, output.status.success())
}

/// Hashes anew from this line on, as somebody would who has the file and no key.
fn rehash(lines: &mut [Value], from: usize) {
    let model = |line: &Value| {
        let uuid = |name: &str| line[name].as_str().map(|text| text.parse::<Uuid>().unwrap());
        let text = |name: &str| line[name].as_str().map(str::to_owned);
        audit_entry::Model {
            id: uuid("id").unwrap(),
            at: text("at").unwrap().parse().unwrap(),
            user_id: uuid("user"),
            unit_id: uuid("unit"),
            operation: text("operation").unwrap(),
            object_type: text("objectType"),
            object_id: uuid("object"),
            result: text("result").unwrap(),
            changed: line.get("changed").cloned(),
            request_id: text("request").unwrap(),
            sequence: line["sequence"].as_i64(),
            hash: text("hash"),
            address: text("address"),
            reasons: text("reasons"),
        }
    };
    let mut before = String::new();
    for (at, line) in lines.iter_mut().enumerate() {
        if line["sequence"].is_i64() {
            if at >= from {
                line["hash"] = json!(link(&before, &model(line)));
            }
            before = text(&line["hash"]);
        } else if line["end"].is_i64() {
            line["hash"] = json!(before);
        }
    }
}

#[tokio::test]
async fn a_file_is_checked_without_the_database_and_every_change_is_found() {
    let e = Exported::new().await;
    let lines = &e.lines;
    let (last, keys) = (number(&lines.last().unwrap()["end"]), e.keys());
    assert_eq!(lines[0]["form"], "taizhang-trail/1");
    assert_eq!(lines.iter().filter(|line| line["sequence"].is_i64()).count(), usize::try_from(last).unwrap());
    // That it was written out stands in it, where it can be signed; the last statement is about the last row then.
    let exported = lines.iter().rfind(|line| line["sequence"].is_i64()).unwrap();
    assert_eq!((&exported["operation"], &exported["request"]), (&json!("auditExport"), &json!("operator")));
    let signs = e.s.t.database.engine() == Engine::Sqlite;
    let anchored = e.anchored();
    assert_eq!((anchored.len(), anchored.last() == Some(&last)), if signs { (3, true) } else { (2, false) });

    let (text, aside, good) = e.check(lines, &["--key", &keys]);
    assert!(good, "{text}{aside}");
    let all = format!("rows 1 to {last}, {} anchors, 0 kept elsewhere, 0 rows from before it", anchored.len());
    assert!(text.contains(&all) && text.contains(&format!("第 1 至 {last} 条")), "{text}");
    assert_eq!(aside.contains("vouches for the rows up to"), !signs, "{aside}");
    // The first line of an export of before has the keys too; without any the file's own are taken, and that is said.
    let first = e.folder.path().join("first.jsonl");
    std::fs::write(&first, format!("{}\n{}\n", lines[0], lines[1])).unwrap();
    assert!(e.check(lines, &["--key", first.to_str().unwrap()]).2);
    let (_, aside, good) = e.check(lines, &[]);
    let kid = lines[0]["keys"][0]["kid"].as_str().unwrap();
    assert!(good && aside.contains("the keys are those the file itself names") && aside.contains(kid), "{aside}");

    // A field of a row, a row, two rows, the end.
    for (field, value) in [
        ("operation", json!("x")),
        ("user", Value::Null),
        ("at", json!("2026-07-01T00:00:00Z")),
        ("address", json!("x")),
    ] {
        let mut changed = lines.clone();
        let line = changed[e.at(7)].as_object_mut().unwrap();
        if value.is_null() && line.remove(field).is_none() {
            line.insert(field.to_owned(), json!(Uuid::from_u128(7)));
        } else if !value.is_null() {
            line.insert(field.to_owned(), value);
        }
        e.finds(&changed, &Broken::Altered(7, e.key(7)));
    }
    let mut fewer = lines.clone();
    fewer.remove(e.at(7));
    e.finds(&fewer, &Broken::Missing(7));
    let mut swapped = lines.clone();
    swapped.swap(e.at(7), e.at(8));
    e.finds(&swapped, &Broken::Missing(7));
    let mut twice = lines.clone();
    twice.insert(e.at(7), lines[e.at(7)].clone());
    e.finds(&twice, &Broken::Altered(7, e.key(7)));
    let mut end = lines.clone();
    end.last_mut().unwrap()["hash"] = json!("A".repeat(43));
    e.finds(&end, &Broken::Head(last, Some(e.key(last))));
    let mut put_in = lines.clone();
    let mut without = lines[e.at(7)].clone();
    without.as_object_mut().unwrap().retain(|name, _| name != "sequence" && name != "hash");
    put_in.insert(1, without);
    e.finds(&put_in, &Broken::Unchained(Some(e.key(7))));

    // Every hash behind the change made anew: what was signed tells. With the keys of a stranger the file agrees with itself
    // and says whose keys those are; with ours it does not.
    let mut anew = lines.clone();
    anew[e.at(3)]["operation"] = json!("somethingElse");
    rehash(&mut anew, e.at(3));
    e.finds(&anew, &Broken::Anchor(anchored[0], e.key(anchored[0])));
    let stranger = Notary::stranger(&e.s);
    let theirs = stranger.keyring.public_keys().remove(0);
    anew[0]["keys"] = json!([{ "kty": "OKP", "crv": "Ed25519", "kid": theirs.kid, "x": theirs.public }]);
    for about in &anchored {
        let hash = text_of(&anew[e.at(*about)]["hash"]);
        let now = e.s.t.service.clock().now();
        anew[e.at(*about) + 1]["anchor"] = json!(stranger.maker.sign(*about, &hash, now).unwrap());
    }
    let (_, aside, good) = e.check(&anew, &[]);
    assert!(good && aside.contains(&theirs.kid), "{aside}");
    e.finds(&anew, &Broken::Statement(anchored[0], Some(e.key(anchored[0]))));
    // Without any statement it says that nothing vouches for it; one kept elsewhere finds it.
    anew.retain(|line| line["anchor"].is_null());
    let (_, aside, good) = e.check(&anew, &["--key", &keys]);
    assert!(good && aside.contains("nothing that was signed vouches for these rows"), "{aside}");
    let kept = e.folder.path().join("kept.txt");
    let genuine = lines.iter().find_map(|line| line["anchor"].as_str()).unwrap();
    std::fs::write(&kept, format!("{genuine}\n")).unwrap();
    let kept = ["--key", &keys, "--anchor", kept.to_str().unwrap()];
    let (text, _, good) = e.check(&anew, &kept);
    assert!(!good);
    let told = anew.iter().find(|line| line["sequence"] == anchored[0]).unwrap();
    says(&text, &Broken::Kept(anchored[0], text_of(&told["id"]).parse().unwrap()));
    assert!(e.check(lines, &kept).0.contains("1 kept elsewhere"));
    // A file that ends before a statement that somebody kept says that it does.
    let part = self::lines(&said(&e.desk.run(&["audit", "export", "--to", "3"]), true));
    let (_, aside, good) = e.check(&part, &kept);
    assert!(good && aside.contains("1 statements kept elsewhere are about rows that are not in this file"), "{aside}");
}

fn text_of(value: &Value) -> String {
    text(value)
}

#[tokio::test]
async fn a_file_that_was_cut_or_is_something_else_is_said_to_be() {
    let e = Exported::new().await;
    let lines = &e.lines;
    let last = number(&lines.last().unwrap()["end"]);
    for cut in [1, 2, e.at(9), lines.len() - 1] {
        let (text, _, good) = e.check(&lines[..cut], &[]);
        assert!(!good && text.contains("the file is cut short") && text.contains(&format!("row {last}")), "{text}");
        assert!(text.contains("文件不完整"), "{text}");
    }
    // Cut, with an end that fits: it says itself where it should go to.
    let mut shorter: Vec<Value> = lines[..=e.at(9)].to_vec();
    shorter.push(json!({ "end": 9, "hash": lines[e.at(9)]["hash"] }));
    assert!(e.check(&shorter, &[]).0.contains("the file is cut short"));

    let long = json!({ "operation": "x".repeat(1 << 20) });
    let mut other = json!({ "end": last, "hash": "x" });
    other["more"] = json!(1);
    for (line, at) in [(json!("text"), 3), (json!({}), 3), (long, 3), (other, 3), (json!([1]), 3)] {
        let mut wrong = lines.clone();
        wrong[at - 1] = line;
        let (text, aside, good) = e.check(&wrong, &[]);
        assert!(!good && text.is_empty(), "{text}");
        assert!(aside.contains("line 3: this is no trail") && aside.contains("第 3 行不是导出的审计记录"), "{aside}");
    }
    for first in [json!({}), json!({ "form": "taizhang-trail/2" }), lines[1].clone()] {
        let mut wrong = lines.clone();
        wrong[0] = first;
        assert!(e.check(&wrong, &[]).1.contains("line 1: this is no trail"));
    }
    let mut behind = lines.clone();
    behind.push(lines[1].clone());
    assert!(e.check(&behind, &[]).1.contains(&format!("line {}: this is no trail", behind.len())));
    let no_keys = e.file(&lines[1..2]);
    let path = no_keys.to_str().unwrap().to_owned();
    let copy = e.folder.path().join("copy.jsonl");
    std::fs::copy(&no_keys, &copy).unwrap();
    assert!(e.check(lines, &["--key", copy.to_str().unwrap()]).1.contains("holds no public key"), "{path}");
    assert!(check(Path::new("/nowhere/trail.jsonl"), &[]).1.contains("can't be read"));
}

#[tokio::test]
async fn a_part_is_written_out_by_numbers_or_days() {
    let e = Exported::new().await;
    let part = |args: &[&str]| lines(&said(&e.desk.run(&[&["audit", "export"], args].concat()), true));
    let numbers = |lines: &[Value]| lines.iter().filter_map(|line| line["sequence"].as_i64()).collect::<Vec<_>>();
    let some = part(&["--from", "5", "--to", "12"]);
    assert_eq!(numbers(&some), (5..=12).collect::<Vec<_>>());
    assert_eq!((&some[0]["before"], &some[0]["from"]), (&e.lines[e.at(4)]["hash"], &json!(5)));
    let (text, aside, good) = e.check(&some, &["--key", &e.keys()]);
    assert!(
        good && text.contains("rows 5 to 12") && aside.contains("nothing that was signed vouches"),
        "{text}{aside}"
    );
    let mut other = some.clone();
    other[0]["before"] = json!("A".repeat(43));
    e.finds(&other, &Broken::Altered(5, e.key(5)));

    // The clock of the stage stands on the first of July; the command's own rows are of today.
    let day = part(&["--from", "2026-07-01", "--to", "2026-07-01"]);
    let of_stage = e.lines.iter().filter(|line| line["at"].as_str().is_some_and(|at| at.starts_with("2026-07-01")));
    assert_eq!(numbers(&day).len(), of_stage.count());
    let late = part(&["--from", "20", "--to", "1000000"]);
    assert_eq!(late.last().unwrap()["end"], late[0]["to"]);
    for nothing in [&["--to", "2026-06-30"][..], &["--from", "1000000"], &["--from", "9", "--to", "8"]] {
        let output = e.desk.run(&[&["audit", "export"], nothing].concat());
        assert_eq!(said(&output, false), "");
        assert!(String::from_utf8_lossy(&output.stderr).contains("There are no rows in this part"));
    }
    for wrong in ["0", "-1", "yesterday", "2026-13-01", "99999999999999999999"] {
        assert_eq!(e.desk.run(&["audit", "export", "--from", wrong]).status.code(), Some(2), "{wrong}");
    }
    // What was asked for stands in the trail.
    let all = part(&[]);
    let asked: Vec<&Value> =
        all.iter().filter(|line| line["operation"] == "auditExport").map(|line| &line["changed"]).collect();
    assert_eq!(asked[..3], [&json!([]), &json!(["from 5", "to 12"]), &json!(["from 2026-07-01", "to 2026-07-01"])]);
}

/// More than is read at a time, and rows from before the chain in front.
#[tokio::test]
async fn a_long_trail_is_written_out_in_portions() {
    let e = Exported::new().await;
    let mut held = Held::of(&e.s).await;
    let row = held.rows[0].clone();
    let old = audit_entry::Model { sequence: None, hash: None, ..row.clone() };
    for nth in 0..2_100_u128 {
        held.rows.push(audit_entry::Model { id: Uuid::from_u128(0x1_0000 + nth), ..row.clone() });
    }
    held.rehash(0);
    held.anchors.clear();
    held.head.as_mut().unwrap().unchained = 3;
    for nth in 0..3_u128 {
        held.rows.push(audit_entry::Model { id: Uuid::from_u128(0x100 + nth), ..old.clone() });
    }
    let count = held.rows.len() - 3;
    e.desk.put(&held).await;
    let out = lines(&said(&e.desk.run(&["audit", "export"]), true));
    let (text, _, good) = e.check(&out, &[]);
    let rows = count + 1;
    assert!(good && text.contains(&format!("rows 1 to {rows},")) && text.contains("3 rows from before it"), "{text}");
    assert_eq!(out[1..4].iter().filter(|line| line["sequence"].is_null()).count(), 3);
    let mut fewer = out.clone();
    fewer.remove(2);
    assert!(e.check(&fewer, &[]).0.contains("rows from before the chain are missing"));
    // A chain that is broken is not written out as if it were whole.
    held.rows.remove(1_500);
    e.desk.put(&held).await;
    let output = e.desk.run(&["audit", "export"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Row 1501 is missing"));
}

#[test]
fn a_running_server_adds_its_statements_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    // A folder that is not there is said at the start, before anything is made.
    let lost = ["serve", "--listen", "127.0.0.1:0", "--audit-anchor-file", &at("nowhere/anchors.txt")];
    let output = binary::run(folder.path(), &lost);
    let aside = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{aside}");
    assert!(aside.contains("审计") || aside.contains("锚点文件"), "{aside}");
    assert!(aside.contains("audit-anchor-file, and that its folder is there"), "{aside}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);

    let file = at("anchors.txt");
    for starts in 1..=2 {
        let served = Served::start(folder.path(), binary::free_port(), &["--audit-anchor-file", &file]);
        let began = std::time::Instant::now();
        let kept = || std::fs::read_to_string(&file).unwrap_or_default().lines().count();
        while kept() < starts && began.elapsed().as_secs() < 30 {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        assert_eq!(kept(), starts);
        drop(served);
    }
    // What stands there is what the check takes.
    let text = binary::done(folder.path(), &["audit", "verify", "--anchor", &file]);
    assert!(text.contains("2 kept elsewhere"), "{text}");
    let stated = binary::done(folder.path(), &["audit", "anchor"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().last(), stated.lines().next());
}

/// A whole database that leaves leaves a row, in the copy too; where the trail takes none the copy is made, and that is said.
#[tokio::test]
async fn a_backup_leaves_a_row() {
    let folder = tempfile::tempdir().unwrap();
    binary::done(folder.path(), &["demo"]);
    let copies = folder.path().join("copies");
    std::fs::create_dir(&copies).unwrap();
    let to = |name: &str| copies.join(name).to_str().unwrap().to_owned();
    let url = format!("sqlite://{}", folder.path().join("data/taizhang.db").display());
    let rows = async |url: &str| {
        let sql =
            "SELECT COUNT(*) AS n FROM audit_entry WHERE operation = 'databaseBackup' AND request_id = 'operator'";
        let db = raw_at(url).await;
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
        row.try_get::<i64>("", "n").unwrap()
    };
    assert_eq!(rows(&url).await, 0);
    binary::done(folder.path(), &["backup", &to("one.db")]);
    assert_eq!((rows(&url).await, rows(&format!("sqlite://{}", to("one.db"))).await), (1, 1));
    binary::done(folder.path(), &["audit", "verify"]);

    execute(&url, "CREATE TRIGGER jam BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'full'); END").await;
    let output = binary::run(folder.path(), &["backup", &to("two.db")]);
    let aside = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && copies.join("two.db").exists(), "{aside}");
    assert!(aside.contains("the audit trail takes no row, so this backup leaves none"), "{aside}");
    assert!(aside.contains("备份未留痕"), "{aside}");
    assert_eq!(rows(&url).await, 1);
}
