//! Non-interference: change only what a principal may not see, replay its requests, and the bytes are the same.

mod changes;
mod requests;
mod view;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use serde_json::Value;
use taizhang::clock::day_of;
use taizhang::store::{Engine, Store};

use self::changes::KINDS;
use self::write::{VARIED, Write};
use crate::support::every_table::TABLES;
use crate::support::lcg::Lcg;
use crate::support::policy::Policy;
use crate::support::{Client, World};

const CHANGES: usize = 500;
/// The second engine sees the same rows through the same conditions.
const CHANGES_AGAIN: usize = 250;
/// Hidden changes between two askings: asking costs far more than changing, and what gives one away gives away all of them.
const TOGETHER: usize = 5;
const SEED: u64 = 7;

/// The tables that are not changed, and why. The list may only shrink.
const NOT_VARIED: &[(&str, &str)] = &[
    ("audit_anchor", "stands on the machine and is asked for there"),
    ("audit_head", "says where the trail ends, which its rows say"),
    ("data_key", "names of keys, which are asked for at the machine and not here"),
    ("file_chunk", "the bytes of a file, which come by its own link and not here"),
    ("one_time_code", "a digest that is asked for at the door and not here"),
    ("password_history", "hashes that are compared when a password is changed and not here"),
    ("publication_public", "stands before everybody"),
    ("refresh_token", "digests that are asked for at the door and not here"),
    ("section_closure", "says of sections once more what their rows say"),
    ("unit_closure", "says of units once more what their rows say"),
];

/// Those who see differently.
const PRINCIPALS: [&str; 18] = [
    "resp1",
    "lead1",
    "lead2",
    "supp",
    "none",
    "county-bureau",
    "office-county",
    "office-division",
    "inspector-county",
    "inspector-lists",
    "machine-lists",
    "machine-reports",
    "system-admin",
    "security-admin",
    "audit-admin",
    "no-grants",
    "office",
    "foreign-office",
];

async fn answers(client: &Client, requests: &[(String, Value)]) -> Vec<Vec<u8>> {
    let sent = requests.iter().map(|(query, variables)| client.send(query, variables.clone()));
    futures_util::future::join_all(sent).await.into_iter().map(|(_, bytes)| bytes).collect()
}

async fn write(store: &Store, change: &Write) -> bool {
    let tx = store.begin().await.unwrap();
    if change.apply(&tx).await.is_err() {
        // The tables forbid it; it never happened.
        tx.rollback().await.unwrap();
        return false;
    }
    tx.commit().await.is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_hidden_changes_no_byte() {
    let mut world = World::new().await;
    let requests = requests::all(&world);
    let today = day_of(world.t.service.clock().now());
    let cipher = world.t.service.cipher().clone();
    let mut random = Lcg::new(SEED);
    let changes = if world.t.database.engine() == Engine::Postgres { CHANGES_AGAIN } else { CHANGES };
    let (mut done, mut nth, begun) = (0, 0, Instant::now());
    // How often each kind was hidden; what was least often comes next, so that each has its turn with those from whom it can
    // be hidden at all.
    let mut kinds = [0; KINDS];
    let mut tables: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();

    for (turn, name) in PRINCIPALS.iter().enumerate() {
        let client = world.client(name).clone();
        let user = world.user(name);
        let before = answers(&client, &requests).await;
        for bytes in &before {
            let answer: Value = serde_json::from_slice(bytes).unwrap();
            // A verb may be closed to the role; nothing else goes wrong.
            let code = &answer["errors"][0]["extensions"]["code"];
            assert!(answer["errors"].is_null() || code == "FORBIDDEN", "{name}: {answer:#}");
        }
        let wanted = changes * (turn + 1) / PRINCIPALS.len();
        let mut tried = [0; KINDS];
        while done < wanted {
            let mut hidden = Vec::new();
            while hidden.len() < TOGETHER.min(wanted - done) {
                nth += 1;
                let kind = (0..KINDS).min_by_key(|kind| kinds[*kind] * 3 + tried[*kind]).unwrap();
                tried[kind] += 1;
                let change = changes::any(kind, &world.rows, &cipher, nth, &mut random);
                let mut changed = world.rows.clone();
                change.remember(&mut changed);
                let seen = |rows| view::view(&Policy::new(rows, user, today), &cipher);
                if changed == world.rows
                    || seen(&world.rows) != seen(&changed)
                    || !write(world.t.service.store(), &change).await
                {
                    continue;
                }
                world.rows = changed;
                kinds[kind] += 1;
                *tables.entry(change.table()).or_default() += 1;
                hidden.push(change);
            }
            done += hidden.len();
            let after = answers(&client, &requests).await;
            if let Some(which) = (0..before.len()).find(|which| before[*which] != after[*which]) {
                wrong.push(format!(
                    "{name} notices one of {hidden:?}\n{}\n--- {}\n+++ {}",
                    requests[which].0,
                    String::from_utf8_lossy(&before[which]),
                    String::from_utf8_lossy(&after[which]),
                ));
                break;
            }
        }
        done = done.max(wanted);
    }
    println!(
        "{done} hidden changes of {nth} tried, {} requests each, {:?}: {tables:?}",
        requests.len(),
        begun.elapsed()
    );
    let shown: Vec<String> = wrong.iter().take(3).map(|w| w.chars().take(6_000).collect()).collect();
    assert!(wrong.is_empty(), "{} principals notice what they may not see:\n{}", wrong.len(), shown.join("\n\n"));
    let missed: Vec<&&str> = VARIED.iter().filter(|table| !tables.contains_key(**table)).collect();
    assert!(missed.is_empty(), "nothing of {missed:?} was ever hidden");
}

/// A new table is changed too, or there is a reason why not.
#[test]
fn every_table_is_changed_or_there_is_a_reason() {
    let varied: BTreeSet<&str> = VARIED.iter().copied().collect();
    let not: BTreeSet<&str> = NOT_VARIED.iter().map(|(table, _)| *table).collect();
    assert!(varied.is_disjoint(&not), "changed and not changed: {:?}", varied.intersection(&not));
    assert_eq!(varied.union(&not).copied().collect::<Vec<_>>(), TABLES);
    // Four of what people see, the two that hold the trail together, the names of keys, and the four that people sign in with.
    assert!(NOT_VARIED.len() <= 11, "the list may only shrink");
}

/// The other way round: the test can see. A change that is visible changes bytes.
#[tokio::test]
async fn what_is_visible_changes_bytes() {
    let mut world = World::new().await;
    let requests = requests::all(&world);
    let office = world.client("office").clone();
    let before = answers(&office, &requests).await;
    let mut task = world.rows.task.iter().find(|t| t.id == world.get("t4")).unwrap().clone();
    task.title = Some("另一个名称".to_owned());
    let change = Write::task(false, task);
    change.remember(&mut world.rows);
    assert!(write(world.t.service.store(), &change).await);
    assert_ne!(before, answers(&office, &requests).await);
    let supporter = world.client("supp").clone();
    let (one, two) = (answers(&supporter, &requests).await, answers(&supporter, &requests).await);
    assert_eq!(one, two, "answers depend on something besides the data");
}

/// Who belongs to what, who was there, how days were: it shows, to somebody, in what is asked.
#[tokio::test]
async fn what_stands_beside_the_rows_changes_bytes_too() {
    let mut world = World::new().await;
    let requests = requests::all(&world);
    let today = day_of(world.t.service.clock().now());
    let cipher = world.t.service.cipher().clone();
    let (mut random, mut nth) = (Lcg::new(SEED), 0);
    let mut shown = BTreeSet::new();
    for kind in changes::BESIDE {
        'people: for name in ["office", "resp1", "inspector-lists"] {
            let (client, user) = (world.client(name).clone(), world.user(name));
            let mut before = Vec::new();
            for _ in 0..120 {
                nth += 1;
                let change = changes::any(kind, &world.rows, &cipher, nth, &mut random);
                let mut changed = world.rows.clone();
                change.remember(&mut changed);
                let seen = |rows| view::view(&Policy::new(rows, user, today), &cipher);
                if changed == world.rows || seen(&world.rows) == seen(&changed) {
                    continue;
                }
                if before.is_empty() {
                    before = answers(&client, &requests).await;
                }
                if !write(world.t.service.store(), &change).await {
                    continue;
                }
                world.rows = changed;
                let after = answers(&client, &requests).await;
                if before != after {
                    shown.insert(change.table());
                    break 'people;
                }
            }
        }
    }
    assert_eq!(shown.len(), changes::BESIDE.count(), "nobody is shown a change of anything but {shown:?}");
}
