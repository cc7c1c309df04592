//! From printed names to acting units, against a reference that asks for each unit alone.

use std::collections::BTreeMap;

use entity::vocabulary::AssignmentRole::{self, Lead, Responsible, Support};
use entity::vocabulary::AssignmentTarget::{self, Group as GroupTarget, Open, Unit};
use entity::vocabulary::GroupExpansion::{ExceptLeads, Members};
use proptest::prelude::*;
use taizhang::domain::expansion::{Group, Printed, expand};
use uuid::Uuid;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// A printed assignment with the row id `1000 + position`.
fn printed(rows: &[(AssignmentRole, AssignmentTarget, u128)]) -> Vec<Printed> {
    rows.iter()
        .enumerate()
        .map(|(i, &(role, target, name))| Printed {
            id: id(1_000 + i as u128),
            role,
            target,
            unit: (target == Unit).then(|| id(name)),
            group: (target == GroupTarget).then(|| id(name)),
        })
        .collect()
}

fn groups() -> BTreeMap<Uuid, Group> {
    BTreeMap::from([
        (id(100), Group { members: [1, 2, 3].map(id).to_vec(), expansion: Members }),
        (id(101), Group { members: [3, 4].map(id).to_vec(), expansion: Members }),
        (id(102), Group { members: [1, 2, 3, 4, 5].map(id).to_vec(), expansion: ExceptLeads }),
        (id(103), Group { members: vec![], expansion: Members }),
    ])
}

/// (unit, role, position of the group in print or none) in the order of the answer.
fn answer(rows: &[(AssignmentRole, AssignmentTarget, u128)]) -> Vec<(u128, AssignmentRole, Option<u128>)> {
    expand(&printed(rows), &groups())
        .iter()
        .map(|e| (e.unit.as_u128(), e.role, e.source.map(|s| s.as_u128() - 1_000)))
        .collect()
}

#[test]
fn rules_by_example() {
    assert_eq!(answer(&[]), []);
    assert_eq!(answer(&[(Responsible, Open, 0)]), [], "等相关部门 names nobody");
    assert_eq!(answer(&[(Responsible, GroupTarget, 103)]), [], "an empty group names nobody");
    assert_eq!(answer(&[(Responsible, GroupTarget, 999)]), [], "an unknown group names nobody");
    assert_eq!(
        answer(&[(Support, Unit, 9), (Lead, Unit, 8), (Lead, Unit, 9)]),
        [(9, Lead, None), (8, Lead, None)],
        "once each, strongest role, printed order"
    );
    assert_eq!(
        answer(&[(Responsible, GroupTarget, 100), (Lead, Unit, 2)]),
        [(2, Lead, None), (1, Responsible, Some(0)), (3, Responsible, Some(0))],
        "who is named keeps the role of the name"
    );
    assert_eq!(
        answer(&[(Support, GroupTarget, 100), (Lead, GroupTarget, 101)]),
        [(1, Support, Some(0)), (2, Support, Some(0)), (3, Lead, Some(1)), (4, Lead, Some(1))],
        "the strongest group wins"
    );
    assert_eq!(
        answer(&[(Support, GroupTarget, 102), (Lead, GroupTarget, 101), (Lead, Unit, 1)]),
        [(1, Lead, None), (2, Support, Some(0)), (5, Support, Some(0)), (3, Lead, Some(1)), (4, Lead, Some(1))],
        "all but the leads, named or expanded"
    );
    assert_eq!(
        answer(&[(Support, Unit, 3), (Lead, GroupTarget, 101)]),
        [(3, Support, None), (4, Lead, Some(1))],
        "a group does not overrule a name"
    );
}

/// The role of one unit, found without any state.
fn role_of(unit: Uuid, rows: &[Printed], groups: &BTreeMap<Uuid, Group>) -> Option<AssignmentRole> {
    // The vocabulary is ordered from LEAD to SUPPORT: the least is the strongest.
    let named = rows.iter().filter(|p| p.target == Unit && p.unit == Some(unit)).map(|p| p.role).min();
    let holding = |relative: bool| {
        rows.iter()
            .filter(|p| p.target == GroupTarget)
            .filter_map(|p| Some((p.role, groups.get(&p.group?)?)))
            .filter(|(_, g)| (g.expansion == ExceptLeads) == relative && g.members.contains(&unit))
            .map(|(role, _)| role)
            .min()
    };
    let without_relative = named.or_else(|| holding(false));
    match (named, without_relative) {
        (Some(role), _) => Some(role),
        (None, Some(Lead)) => Some(Lead),
        (None, plain) => [plain, holding(true)].into_iter().flatten().min(),
    }
}

fn any_rows() -> impl Strategy<Value = Vec<(AssignmentRole, AssignmentTarget, u128)>> {
    let role = prop_oneof![Just(Lead), Just(Responsible), Just(Support)];
    let name = prop_oneof![
        (1_u128..8).prop_map(|n| (Unit, n)),
        (100_u128..105).prop_map(|n| (GroupTarget, n)),
        Just((Open, 0))
    ];
    prop::collection::vec((role, name).prop_map(|(role, (target, name))| (role, target, name)), 0..9)
}

fn any_groups() -> impl Strategy<Value = BTreeMap<Uuid, Group>> {
    let group = (prop::collection::vec(1_u128..8, 0..6), any::<bool>()).prop_map(|(members, relative)| Group {
        members: members.into_iter().map(id).collect(),
        expansion: if relative { ExceptLeads } else { Members },
    });
    prop::collection::vec(group, 4).prop_map(|groups| (100_u128..).map(id).zip(groups).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_unit_has_the_role_of_the_reference(rows in any_rows(), groups in any_groups()) {
        let rows = printed(&rows);
        let found = expand(&rows, &groups);
        let by_unit: BTreeMap<Uuid, AssignmentRole> = found.iter().map(|e| (e.unit, e.role)).collect();
        prop_assert_eq!(by_unit.len(), found.len(), "each unit once");
        for unit in (1..8).map(id) {
            prop_assert_eq!(by_unit.get(&unit).copied(), role_of(unit, &rows, &groups));
        }
        for e in &found {
            let row = rows.iter().find(|p| p.id == e.printed).unwrap();
            prop_assert_eq!(row.role, e.role);
            match e.source {
                None => prop_assert_eq!(row.unit, Some(e.unit)),
                Some(source) => {
                    prop_assert_eq!(source, e.printed);
                    prop_assert!(groups[&row.group.unwrap()].members.contains(&e.unit));
                }
            }
        }
        // Named units first, then groups as they are printed.
        let places: Vec<_> = found.iter().map(|e| e.source.map(|s| s.as_u128())).collect();
        prop_assert!(places.is_sorted());
        prop_assert_eq!(expand(&rows, &groups), found);
    }

    #[test]
    fn the_order_of_print_does_not_change_the_roles(rows in any_rows(), groups in any_groups(), turn in any::<prop::sample::Index>()) {
        let rows = printed(&rows);
        let mut turned = rows.clone();
        if !turned.is_empty() {
            let by = turn.index(turned.len());
            turned.rotate_left(by);
        }
        let roles = |rows: &[Printed]| expand(rows, &groups).iter().map(|e| (e.unit, e.role)).collect::<BTreeMap<_, _>>();
        prop_assert_eq!(roles(&rows), roles(&turned));
    }
}
