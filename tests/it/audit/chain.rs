//! A thousand tamperings of the trail, each of them found, a share of them by the program an operator calls.

use entity::audit_entry;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sea_orm::{TransactionSession, TransactionTrait};
use serde_json::json;
use taizhang::service::audit::Broken;
use uuid::Uuid;

use super::command::Desk;
use super::forge::Held;
use super::{Notary, busy, unfenced, verify};
use crate::support::database::raw_at;

/// Fields of a row.
const FIELDS: u8 = 13;
/// The last two of them are what the chain itself writes.
const CONTENT: u8 = FIELDS - 2;

/// What is done to the trail by somebody who owns the database.
#[derive(Clone, Debug)]
enum Tampering {
    /// Another value in a field.
    Field(usize, u8),
    /// A row taken out.
    Delete(usize),
    /// Two rows in each other's place, by their numbers alone or with their hashes.
    Swap(usize, usize, bool),
    /// A row put in behind the end, with a number and a hash that go on.
    Append(usize),
    /// A row put in in the middle, those behind it moved on by one.
    Middle(usize),
    /// A row put in before the first.
    Before(i64),
    /// A row without a number put in.
    Unnumbered,
    /// The end cut off.
    Tail(usize),
    /// The end cut off and the record of it mended.
    TailMended(usize),
    /// A row changed and every hash behind it made anew.
    Rehashed(usize, u8),
    /// A row taken out, or put in, and everything behind it made anew.
    Renumbered(usize, bool),
    /// The record of the end.
    Head(u8),
    /// One of the statements.
    Statement(bool, u8),
}

fn tampering() -> impl Strategy<Value = Tampering> {
    let row = any::<usize>;
    prop_oneof![
        8 => (row(), 0..FIELDS).prop_map(|(row, field)| Tampering::Field(row, field)),
        2 => row().prop_map(Tampering::Delete),
        2 => (row(), row(), any::<bool>()).prop_map(|(a, b, all)| Tampering::Swap(a, b, all)),
        2 => row().prop_map(Tampering::Append),
        2 => row().prop_map(Tampering::Middle),
        1 => (-3..=0_i64).prop_map(Tampering::Before),
        1 => Just(Tampering::Unnumbered),
        2 => row().prop_map(Tampering::Tail),
        2 => row().prop_map(Tampering::TailMended),
        4 => (row(), 0..CONTENT).prop_map(|(row, field)| Tampering::Rehashed(row, field)),
        2 => (row(), any::<bool>()).prop_map(|(row, put)| Tampering::Renumbered(row, put)),
        2 => (0..5_u8).prop_map(Tampering::Head),
        3 => (any::<bool>(), 0..5_u8).prop_map(|(last, how)| Tampering::Statement(last, how)),
    ]
}

/// Another value in a field; `false` where the row had that value.
fn change(row: &mut audit_entry::Model, field: u8) -> bool {
    let was = row.clone();
    match field {
        0 => row.at += chrono::TimeDelta::milliseconds(1),
        1 => row.user_id = row.user_id.map_or(Some(Uuid::from_u128(7)), |_| None),
        2 => row.unit_id = Some(Uuid::from_u128(8)),
        3 => row.operation.push('x'),
        4 => row.object_type = Some("unit".to_owned()),
        5 => row.object_id = Some(Uuid::from_u128(9)),
        6 => row.result = if row.result == "DONE" { "REFUSED" } else { "DONE" }.to_owned(),
        7 => row.changed = Some(json!(["somethingElse"])),
        8 => row.request_id.insert(0, 'x'),
        9 => row.address = Some("192.0.2.7".to_owned()),
        10 => row.reasons = Some("FORBIDDEN".to_owned()),
        11 => row.hash = Some("A".repeat(43)),
        _ => row.sequence = None,
    }
    *row != was
}

/// The state after it, and what the check must find; nothing where it would change nothing.
fn tampered(whole: &Held, tampering: &Tampering, stranger: &Notary) -> Option<(Held, Broken)> {
    let mut held = whole.clone();
    let count = whole.rows.len();
    let end = i64::try_from(count).unwrap();
    let number = |at: usize| i64::try_from(at).unwrap() + 1;
    let other = |row: &audit_entry::Model| audit_entry::Model { id: Uuid::from_u128(0xabc), ..row.clone() };
    let altered = |held: &Held, at: usize| Broken::Altered(number(at), held.rows[at].id);
    // The first statement about this row or one behind it, which its own row contradicts.
    let told = |held: &Held, from: i64| {
        let about = held.anchors.iter().map(|anchor| anchor.sequence).filter(|about| *about >= from).min().unwrap();
        held.rows.iter().find(|row| row.sequence == Some(about)).map(|row| Broken::Anchor(about, row.id))
    };
    let found = match tampering {
        Tampering::Field(nth, field) => {
            let at = nth % count;
            if !change(&mut held.rows[at], *field) {
                return None;
            }
            if held.rows[at].sequence.is_none() { Broken::Missing(number(at)) } else { altered(&held, at) }
        }
        Tampering::Delete(nth) => {
            held.rows.remove(nth % count);
            Broken::Missing(number(nth % count))
        }
        Tampering::Swap(a, b, all) => {
            let (a, b) = ((a % count).min(b % count), (a % count).max(b % count));
            if a == b {
                return None;
            }
            let (one, two) = (held.rows[a].clone(), held.rows[b].clone());
            (held.rows[a].sequence, held.rows[b].sequence) = (two.sequence, one.sequence);
            if *all {
                (held.rows[a].hash, held.rows[b].hash) = (two.hash, one.hash);
            }
            Broken::Altered(number(a), held.rows[b].id)
        }
        Tampering::Append(nth) => {
            let mut longer = held.clone();
            longer.rows.push(other(&held.rows[nth % count]));
            longer.rehash(count);
            held.rows = longer.rows;
            Broken::Beyond(end + 1, held.rows[count].id)
        }
        Tampering::Middle(nth) => {
            let at = nth % count;
            held.rows.insert(at, other(&held.rows[at]));
            for row in &mut held.rows[at + 1..] {
                row.sequence = row.sequence.map(|number| number + 1);
            }
            // In the place of a row and like it in everything but its name.
            altered(&held, at)
        }
        Tampering::Before(number) => {
            let row = audit_entry::Model { sequence: Some(*number), ..other(&held.rows[0]) };
            held.rows.push(row);
            Broken::Beyond(*number, held.rows[count].id)
        }
        Tampering::Unnumbered => {
            held.rows.push(audit_entry::Model { sequence: None, hash: None, ..other(&held.rows[0]) });
            Broken::Unchained(Some(held.rows[count].id))
        }
        Tampering::Tail(nth) => {
            held.rows.truncate(1 + nth % (count - 1));
            Broken::Missing(number(held.rows.len()))
        }
        Tampering::TailMended(nth) => {
            held.rows.truncate(1 + nth % (count - 1));
            held.rehash(held.rows.len());
            let left = number(held.rows.len()) - 1;
            let gone = held.anchors.iter().map(|anchor| anchor.sequence).filter(|about| *about > left).min();
            Broken::Missing(gone.unwrap())
        }
        Tampering::Rehashed(nth, field) => {
            let at = nth % count;
            if !change(&mut held.rows[at], *field) {
                return None;
            }
            held.rehash(at);
            told(&held, number(at))?
        }
        Tampering::Renumbered(nth, put) => {
            let at = nth % count;
            if *put {
                held.rows.insert(at, other(&held.rows[at]));
            } else {
                held.rows.remove(at);
            }
            if at < held.rows.len() {
                held.rehash(at);
            } else {
                held.rehash(held.rows.len());
            }
            // Without its last row the chain is shorter than it is said to have been.
            told(&held, number(at)).unwrap_or(Broken::Missing(end))
        }
        Tampering::Head(how) => {
            let last = held.rows[count - 1].id;
            let head = held.head.as_mut().unwrap();
            match how {
                0 => {
                    head.hash = "A".repeat(43);
                    Broken::Head(end, Some(last))
                }
                1 => {
                    head.sequence += 1;
                    Broken::Missing(end + 1)
                }
                2 => {
                    head.sequence -= 1;
                    Broken::Head(end - 1, Some(held.rows[count - 2].id))
                }
                3 => {
                    head.unchained += 1;
                    Broken::Unchained(None)
                }
                _ => {
                    held.head = None;
                    Broken::Head(0, None)
                }
            }
        }
        Tampering::Statement(last, how) => {
            let which = usize::from(*last);
            let about = held.anchors[which].sequence;
            let row = held.rows[usize::try_from(about).unwrap() - 1].clone();
            let another = held.anchors[1 - which].statement.clone();
            let anchor = &mut held.anchors[which];
            match how {
                0 => anchor.statement = stranger.maker.sign(about, row.hash.as_ref().unwrap(), row.at).unwrap(),
                1 => anchor.statement.insert(60, 'A'),
                2 => anchor.statement = another,
                3 => anchor.sequence = end + 5,
                _ => anchor.sequence = 1,
            }
            match how {
                3 => Broken::Missing(end + 5),
                4 => Broken::Statement(1, Some(held.rows[0].id)),
                _ => Broken::Statement(about, Some(row.id)),
            }
        }
    };
    Some((held, found))
}

#[tokio::test]
async fn a_thousand_tamperings_are_found() {
    let s = busy().await;
    let (notary, stranger) = (Notary::new(&s), Notary::stranger(&s));
    // One statement in the middle and one at the end.
    s.t.service.audit_anchor(&notary.maker).await.unwrap();
    for nth in 0..8 {
        s.t.user(&format!("another{nth}"), s.lead_unit, &[]).await;
    }
    s.t.service.audit_anchor(&notary.maker).await.unwrap();
    unfenced(&s).await;
    let whole = Held::of(&s).await;
    let verified = verify(&s, &notary).await.unwrap();
    assert_eq!((verified.anchors, whole.anchors.len()), (2, 2));
    let desk = Desk::beside(&s).await;
    let db = raw_at(&s.t.database.url).await;
    let put = async |held: &Held| {
        let all_at_once = db.begin().await.unwrap();
        held.put(&all_at_once).await;
        all_at_once.commit().await.unwrap();
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut kinds = std::collections::BTreeMap::<String, usize>::new();
    let (mut done, mut by_command) = (0, 0);
    while done < 1_000 {
        let tampering = tampering().new_tree(&mut runner).unwrap().current();
        let Some((held, expected)) = tampered(&whole, &tampering, &stranger) else { continue };
        put(&held).await;
        assert_eq!(verify(&s, &notary).await, Err(expected.clone()), "{tampering:?}");
        let kind = format!("{tampering:?}").split('(').next().unwrap().to_owned();
        let of_kind = kinds.entry(kind).or_default();
        *of_kind += 1;
        // The first three of each kind, as an operator finds them.
        if *of_kind <= 3 {
            desk.put(&held).await;
            desk.finds(&expected);
            by_command += 1;
        }
        done += 1;
    }
    assert!(kinds.len() == 13 && kinds.values().all(|times| *times >= 3), "{kinds:?}");
    assert_eq!(by_command, 3 * kinds.len());
    put(&whole).await;
    assert_eq!(verify(&s, &notary).await, Ok(verified), "what was put back is whole again");
}
