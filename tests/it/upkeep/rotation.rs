//! Keys of personal data change while reports with telephone numbers are saved and revealed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use entity::vocabulary::Role;
use serde_json::json;
use taizhang::secrets::{DataCipher, Keyring, place};
use taizhang::service::upkeep::data_keys::DataKeysError;
use taizhang::store::sealed::{Place, SealedColumn, SealedValue};

use crate::mutation::reports_stage::*;
use crate::support::{Client, TestApp};

const WRITERS: [&str; 8] = [
    "yunting.t.liudu",
    "yunting.t.shilu",
    "yunting.t.luwan",
    "yunting.t.wanghe",
    "yunting.j.tingbei",
    "yunting.j.tingnan",
    "yunting.gxq",
    "yunting.czj",
];
const SAVE: &str = "mutation($o: ID!, $v: Int, $p: String) { progressReportSave(input: { obligation: $o, \
                    expectedVersion: $v, narrative: \"已办。\", reporterPhone: $p }) { progressReport { id version } \
                    userErrors { code message field } } }";
const OWED: &str = "{ reportObligations(filter: { missingReport: true }, first: 200) \
                    { nodes { id report { id } viewerCan { save { allowed } } } } }";

/// Saves reports with numbers until it is told to stop, and reveals each; how often it did, and the last number of each.
async fn write(client: Client, nth: usize, over: Arc<AtomicBool>, turns: Arc<AtomicUsize>) -> BTreeMap<String, String> {
    let owed = client.data(OWED, json!({})).await;
    let own: Vec<String> = owed["reportObligations"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|node| node["report"].is_null() && node["viewerCan"]["save"]["allowed"] == true)
        .map(|node| text(&node["id"]))
        .take(6)
        .collect();
    assert!(!own.is_empty());
    let (mut last, mut versions, mut turn) = (BTreeMap::new(), BTreeMap::new(), 0_usize);
    while !over.load(Ordering::Relaxed) || turn < own.len() {
        let obligation = &own[turn % own.len()];
        let phone = format!("139{nth}{turn:07}");
        let version = versions.get(obligation).copied();
        let saved = client.payload(SAVE, json!({ "o": obligation, "v": version, "p": phone })).await;
        assert_eq!(errors(&saved), []);
        versions.insert(obligation.clone(), number(&saved["progressReport"]["version"]));
        let report = text(&saved["progressReport"]["id"]);
        let revealed = reveal(&client, &report).await;
        assert_eq!(revealed["phone"], json!(phone), "{revealed}");
        last.insert(report, phone);
        turn += 1;
        turns.fetch_add(1, Ordering::Relaxed);
    }
    last
}

/// The key ids under which something stands.
pub async fn under(t: &TestApp) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for column in SealedColumn::ALL {
        let mut after = Place::START;
        while let (rows, Some(next)) = t.service.store().sealed(column, after).await.unwrap() {
            after = next;
            for row in rows {
                let text = match row.value {
                    SealedValue::Text(text) => text.split('.').nth(1).unwrap().to_owned(),
                    SealedValue::Bytes(bytes) => {
                        String::from_utf8(bytes[5..].split(|byte| *byte == 0).next().unwrap().to_vec()).unwrap()
                    }
                };
                keys.insert(text);
            }
        }
    }
    keys
}

/// Another program with the same folder, that never asked which key seals: it opens whatever it meets.
async fn other_program(t: &TestApp, cipher: &DataCipher) -> usize {
    let (mut after, mut opened) = (Place::START, 0);
    while let (rows, Some(next)) = t.service.store().sealed(SealedColumn::ReporterPhone, after).await.unwrap() {
        after = next;
        for row in rows {
            let SealedValue::Text(sealed) = row.value else { panic!("a number in bytes") };
            let here = place("progress_report", "reporter_phone_ciphertext", row.id);
            cipher.open(&sealed, &here).unwrap_or_else(|error| panic!("{sealed}: {error}"));
            opened += 1;
        }
    }
    opened
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_writers_while_the_key_changes_twice() {
    let t = Arc::new(TestApp::new().await);
    taizhang::service::demo::load(&t.service).await.unwrap();
    t.service.data_keys_follow().await.unwrap();
    let root = t.service.store().roots().await.unwrap()[0].id;
    let (over, turns) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut writers = Vec::new();
    for (nth, code) in WRITERS.iter().enumerate() {
        let unit = t.unit(root, code).await;
        let client = t.user(&format!("writer.{nth}"), unit, &[(Role::Reporter, unit)]).await;
        writers.push(tokio::spawn(write(client, nth, over.clone(), turns.clone())));
    }
    let office = t.unit(root, "yunting.zfb").await;
    let office = t.user("key.office", office, &[(Role::Office, root)]).await;
    let stranger = Keyring::open(&t.keys()).unwrap().data_cipher().unwrap();

    // What a running server does all the time, without its pauses.
    let (service, resealing) = (t.service.clone(), over.clone());
    let job = tokio::spawn(async move {
        let mut changed = 0;
        while !resealing.load(Ordering::Relaxed) {
            service.data_keys_follow().await.unwrap();
            changed += service.data_reseal().await.unwrap().changed;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        changed
    });
    let wait = async |more: usize| {
        let until = turns.load(Ordering::Relaxed) + more;
        while turns.load(Ordering::Relaxed) < until {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let first = t.service.cipher().sealing_id();
    let mut keyring = Keyring::open(&t.keys()).unwrap();
    wait(24).await;
    let (second, _) = t.service.data_key_rotate(&mut keyring, &*t.ids, TimeDelta::zero()).await.unwrap();
    wait(24).await;
    assert!(other_program(&t, &stranger).await > 0);
    let (third, _) = t.service.data_key_rotate(&mut keyring, &*t.ids, TimeDelta::zero()).await.unwrap();
    wait(24).await;
    assert!(other_program(&t, &stranger).await > 0);
    over.store(true, Ordering::Relaxed);
    let mut all = BTreeMap::new();
    for writer in writers {
        all.extend(writer.await.unwrap());
    }
    let changed = job.await.unwrap();
    assert!(changed > 0, "the job found something under an older key");

    t.service.data_keys_follow().await.unwrap();
    let done = t.service.data_reseal().await.unwrap();
    assert_eq!((done.closed, done.left), (0, 0));
    assert_eq!(under(&t).await, BTreeSet::from([third.clone()]), "nothing is left under {first} and {second}");
    for (report, phone) in &all {
        assert_eq!(reveal(&office, report).await["phone"], json!(phone));
    }
    println!("{} saves and reveals, {changed} sealed anew, {} reports", turns.load(Ordering::Relaxed), all.len());

    // The old keys may go now, and not before: nobody may seal with them any more.
    let early = t.service.data_key_retire(&first).await;
    assert!(matches!(early, Err(DataKeysError::Early(_))), "{early:?}");
    t.clock.advance(TimeDelta::seconds(61));
    let sealing = t.service.data_key_retire(&third).await;
    assert!(matches!(sealing, Err(DataKeysError::Sealing(_))), "{sealing:?}");
    for key in [&first, &second] {
        t.service.data_key_retire(key).await.unwrap();
        assert!(keyring.put_data_key_away(key, &*t.ids).unwrap().unwrap().exists());
    }
    t.service.data_keys_follow().await.unwrap();
    let fresh = Keyring::open(&t.keys()).unwrap().data_cipher().unwrap();
    assert_eq!(fresh.key_ids(), [third]);
    assert_eq!(fresh.fingerprint("13900000000"), t.service.cipher().fingerprint("13900000000"), "it outlives its key");
    assert_eq!(other_program(&t, &fresh).await, other_program(&t, &stranger).await);
    assert_eq!(t.findings().await, []);
}

#[tokio::test]
async fn a_key_opens_before_it_seals_and_goes_only_when_nothing_is_left() {
    let s = Stage::with(true).await;
    s.t.service.data_keys_follow().await.unwrap();
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let mut input = full(&owed);
    input["reporterPhone"] = json!("13987654321");
    let saved = save(&s.responsible, input, None).await;
    let report = text(&saved["progressReport"]["id"]);
    let first = s.t.service.cipher().sealing_id();
    let mut keyring = Keyring::open(&s.t.keys()).unwrap();

    // With a lead it opens at once and seals later.
    let lead = TimeDelta::minutes(10);
    let (second, from) = s.t.service.data_key_rotate(&mut keyring, &*s.t.ids, lead).await.unwrap();
    s.t.service.data_keys_follow().await.unwrap();
    assert_eq!(s.t.service.cipher().sealing_id(), first);
    assert_eq!(s.t.service.cipher().key_ids(), [first.clone(), second.clone()]);
    s.t.clock.set(from + TimeDelta::seconds(61));
    s.t.service.data_keys_follow().await.unwrap();
    assert_eq!(s.t.service.cipher().sealing_id(), second);

    let refused = s.t.service.data_key_retire(&first).await;
    assert!(matches!(&refused, Err(DataKeysError::InUse(_, 1))), "{refused:?}");
    let status = s.t.service.data_keys_status().await.unwrap();
    let sums = |n: usize| status[n].values.iter().map(|(_, count)| count).sum::<u64>();
    assert_eq!((sums(0), sums(1), status[1].seals), (1, 0, true));
    s.t.service.data_reseal().await.unwrap();
    s.t.service.data_key_retire(&first).await.unwrap();
    let responsible = s.t.sign_in(s.responsible.user.unwrap()).await;
    assert_eq!(reveal(&responsible, &report).await["phone"], "13987654321");
}

/// Every column that is sealed is one that is sealed anew: a new one is not forgotten.
#[test]
fn every_sealed_column_is_known() {
    let entities = Path::new(env!("CARGO_MANIFEST_DIR")).join("entity/src");
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(entities).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            continue;
        }
        let (table, text) =
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap());
        let mut blob = false;
        for line in text.lines().map(str::trim) {
            if let Some(field) = line.strip_prefix("pub ").and_then(|line| line.split(':').next()) {
                // A digest opens nothing, and a reference is no secret.
                if table == "lib" || field.ends_with("_digest") || field.ends_with("_id") {
                    continue;
                }
                if blob || field.contains("ciphertext") || field.contains("sealed") || field.contains("secret") {
                    found.insert((table.clone(), field.to_owned()));
                }
                blob = false;
            }
            blob |= line.contains("\"Blob\"") || line.contains("VarBinary");
        }
    }
    let known = SealedColumn::ALL.map(|column| column.name()).map(|(table, name)| (table.to_owned(), name.to_owned()));
    assert_eq!(found, BTreeSet::from(known), "name a new sealed column in store/sealed.rs");

    // Who seals; one more of them seals into one more column.
    let mut sealing = BTreeSet::new();
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if std::fs::read_to_string(&path).unwrap().contains(".seal(")
                || std::fs::read_to_string(&path).unwrap().contains(".seal_bytes(")
            {
                sealing.insert(path.file_name().unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    // handle.rs seals what its client keeps for ten minutes, and no column.
    let known = ["handle.rs", "reseal.rs", "files.rs", "report_header.rs", "totp.rs"];
    assert_eq!(sealing, BTreeSet::from(known.map(str::to_owned)));
}

#[tokio::test]
async fn portions_of_files_are_sealed_anew_too() {
    let s = crate::files::scene(|_| {}).await;
    s.t.service.data_keys_follow().await.unwrap();
    let content = "一".repeat(300_000);
    let id = crate::files::put(&s.office, "长.txt", content.clone()).await.id();
    let mut keyring = Keyring::open(&s.t.keys()).unwrap();
    let (second, _) = s.t.service.data_key_rotate(&mut keyring, &*s.t.ids, TimeDelta::zero()).await.unwrap();
    s.t.service.data_keys_follow().await.unwrap();
    let done = s.t.service.data_reseal().await.unwrap();
    assert_eq!((done.changed, done.closed, done.left), (4, 0, 0), "900,000 bytes are four portions");
    assert_eq!(under(&s.t).await, BTreeSet::from([second]));
    assert_eq!(crate::files::get(&s.office, &format!("/files/{id}")).await.bytes, content.into_bytes());
    assert_eq!(s.t.findings().await, []);
}
