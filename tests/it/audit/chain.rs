//! A thousand tamperings of the trail, each of them found.

use entity::audit_entry;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use taizhang::service::audit::Broken;
use uuid::Uuid;

use super::{Notary, busy, trail, unfenced, verify};

/// What is done to a row of the trail.
#[derive(Clone, Debug)]
enum Tampering {
    Field(usize, u8),
    Delete(usize),
    Swap(usize, usize),
    Insert(usize),
    Unnumbered,
}

fn tampering() -> impl Strategy<Value = Tampering> {
    prop_oneof![
        8 => (any::<usize>(), 0..13_u8).prop_map(|(row, field)| Tampering::Field(row, field)),
        2 => any::<usize>().prop_map(Tampering::Delete),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Tampering::Swap(a, b)),
        2 => any::<usize>().prop_map(Tampering::Insert),
        1 => Just(Tampering::Unnumbered),
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

#[tokio::test]
async fn a_thousand_tamperings_are_found() {
    let s = busy().await;
    let notary = Notary::new(&s);
    s.t.service.audit_anchor(&notary.maker).await.unwrap();
    unfenced(&s).await;
    let rows = trail(&s).await;
    let whole = verify(&s, &notary).await.unwrap();
    let db = s.t.database.raw().await;
    let put = async |row: audit_entry::Model| {
        audit_entry::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&db).await.unwrap();
    };
    let take = async |id: Uuid| {
        audit_entry::Entity::delete_many().filter(audit_entry::Column::Id.eq(id)).exec(&db).await.unwrap();
    };
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let mut done = 0;
    while done < 1_000 {
        let tampering = tampering().new_tree(&mut runner).unwrap().current();
        let at = |n: usize| n % rows.len();
        // What is put back afterwards, and what is taken out.
        let (mut back, mut out) = (Vec::new(), Vec::new());
        match tampering.clone() {
            Tampering::Field(nth, field) => {
                let mut row = rows[at(nth)].clone();
                if !change(&mut row, field) {
                    continue;
                }
                take(row.id).await;
                out.push(row.id);
                back.push(rows[at(nth)].clone());
                put(row).await;
            }
            Tampering::Delete(nth) => {
                take(rows[at(nth)].id).await;
                back.push(rows[at(nth)].clone());
            }
            Tampering::Swap(a, b) => {
                let (mut one, mut two) = (rows[at(a)].clone(), rows[at(b)].clone());
                if one.id == two.id {
                    continue;
                }
                back.extend([one.clone(), two.clone()]);
                out.extend([one.id, two.id]);
                std::mem::swap(&mut one.sequence, &mut two.sequence);
                take(one.id).await;
                take(two.id).await;
                put(one).await;
                put(two).await;
            }
            Tampering::Insert(nth) => {
                // Behind the end, with the numbers going on.
                let mut row = rows[at(nth)].clone();
                row.id = s.t.ids.next();
                row.sequence = Some(whole.rows + 1);
                out.push(row.id);
                put(row).await;
            }
            Tampering::Unnumbered => {
                let row = audit_entry::Model { id: s.t.ids.next(), sequence: None, hash: None, ..rows[0].clone() };
                out.push(row.id);
                put(row).await;
            }
        }
        let found = verify(&s, &notary).await.expect_err(&format!("{tampering:?}"));
        // The first bad row is named.
        match &tampering {
            Tampering::Field(nth, field) if *field < 12 => {
                let row = &rows[at(*nth)];
                assert_eq!(found, Broken::Altered(row.sequence.unwrap(), row.id), "{tampering:?}");
            }
            Tampering::Field(nth, _) | Tampering::Delete(nth) => {
                assert_eq!(found, Broken::Missing(rows[at(*nth)].sequence.unwrap()), "{tampering:?}");
            }
            Tampering::Swap(a, b) => {
                let first = at(*a).min(at(*b));
                assert!(
                    matches!(found, Broken::Altered(number, _) if Some(number) == rows[first].sequence),
                    "{found:?}"
                );
            }
            Tampering::Insert(_) => assert_eq!(found, Broken::Beyond(whole.rows + 1, out[0])),
            Tampering::Unnumbered => assert_eq!(found, Broken::Unchained(Some(out[0]))),
        }
        for id in out {
            take(id).await;
        }
        for row in back {
            put(row).await;
        }
        done += 1;
    }
    assert_eq!(verify(&s, &notary).await, Ok(whole), "what was put back is whole again");
}
