//! The demo place: everything it names exists, and every task finds somebody to act.

use std::collections::{BTreeMap, BTreeSet};

use entity::vocabulary::{AssignmentTarget, DeadlineKind, GroupExpansion};
use taizhang::documents::demo::{LIST_2025, LIST_2026, UNITS};
use taizhang::documents::list_json::{self, ListDocument, TaskItem};
use taizhang::documents::units_json::{self, Jurisdiction};
use taizhang::domain::calendar::Calendar;
use taizhang::domain::expansion::{Group, Printed, expand};
use taizhang::domain::names::{Found, NameIndex};
use uuid::Uuid;

use crate::documents::shared_documents;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Thing {
    Unit(Uuid),
    Group(Uuid),
}

/// A place as the store would hold it.
struct Place {
    names: NameIndex<Thing>,
    groups: BTreeMap<Uuid, Group>,
}

fn place(jurisdiction: &Jurisdiction) -> Place {
    let mut names = NameIndex::default();
    let mut ids = BTreeMap::new();
    for (n, unit) in (1_u128..).zip(&jurisdiction.units) {
        ids.insert(unit.id.clone(), Uuid::from_u128(n));
        for name in std::iter::once(&unit.name).chain(&unit.short).chain(&unit.aliases) {
            names.add(name, Thing::Unit(Uuid::from_u128(n)));
        }
    }
    let mut groups = BTreeMap::new();
    for (n, group) in (10_000_u128..).zip(&jurisdiction.groups) {
        let members = group.members.iter().map(|m| ids[m]).collect();
        groups.insert(Uuid::from_u128(n), Group { members, expansion: group.effective_expansion() });
        for name in std::iter::once(&group.name).chain(&group.aliases) {
            names.add(name, Thing::Group(Uuid::from_u128(n)));
        }
    }
    Place { names, groups }
}

/// The printed assignments of a task with their names looked up.
fn looked_up(task: &TaskItem, place: &Place) -> Vec<Printed> {
    let mut printed = Vec::new();
    for (i, a) in (20_000_u128..).zip(&task.assignments) {
        let (unit, group) = match (a.target, place.names.find(&a.name)) {
            (AssignmentTarget::Open, _) => (None, None),
            (AssignmentTarget::Unit, Found::One(Thing::Unit(id))) => (Some(id), None),
            (AssignmentTarget::Group, Found::One(Thing::Group(id))) => (None, Some(id)),
            (_, found) => panic!("task {:?}: {} is {found:?}", task.number, a.name),
        };
        printed.push(Printed { id: Uuid::from_u128(i), role: a.role, target: a.target, unit, group });
    }
    printed
}

fn demo() -> (Jurisdiction, ListDocument, ListDocument) {
    let mut units = units_json::read(UNITS).unwrap_or_else(|e| panic!("{e:?}"));
    let read = |text| list_json::read(text).unwrap_or_else(|e| panic!("{e:?}"));
    (units.jurisdictions.remove(0), read(LIST_2026), read(LIST_2025))
}

#[test]
fn the_demo_names_only_what_exists_and_every_task_has_somebody() {
    let (jurisdiction, list, table) = demo();
    let place = place(&jurisdiction);
    for task in list.tasks.iter().chain(&table.tasks) {
        let units = expand(&looked_up(task, &place), &place.groups);
        assert!(!units.is_empty(), "task {:?}", task.number);
        // What is printed names everybody who is assigned.
        let text = format!(
            "{}{}",
            task.lead_text.as_deref().unwrap_or_default(),
            task.unit_text.as_deref().unwrap_or_default()
        );
        for a in &task.assignments {
            assert!(text.contains(&a.name), "{} in {text}", a.name);
            assert!(a.scope_note.as_ref().is_none_or(|note| text.contains(note.as_str())));
        }
    }
}

#[test]
fn the_demo_shows_every_shape_of_the_real_lists() {
    let (jurisdiction, list, table) = demo();
    assert!(jurisdiction.name.contains("虚构"));
    assert_eq!((jurisdiction.units.len(), jurisdiction.groups.len()), (26, 6));
    assert!(jurisdiction.groups.iter().any(|g| g.effective_expansion() == GroupExpansion::ExceptLeads));
    assert!(jurisdiction.groups.iter().any(|g| !g.members_complete));
    assert_eq!((list.sections.len(), list.tasks.len(), table.tasks.len()), (8, 26, 12));
    assert!(table.sections.iter().any(|s| s.path.len() == 2));
    let kinds: BTreeSet<DeadlineKind> = list.tasks.iter().map(|t| t.deadline.kind).collect();
    use DeadlineKind::{AllYear, FixedDate, MonthEnd, Ongoing, Recurring, Relative};
    assert_eq!(kinds, BTreeSet::from([FixedDate, MonthEnd, AllYear, Ongoing, Relative, Recurring]));
    let both = || list.tasks.iter().chain(&table.tasks);
    assert!(both().any(|t| t.assignments.iter().any(|a| a.target == AssignmentTarget::Open)));
    assert!(both().any(|t| t.assignments.iter().any(|a| a.scope_note.is_some())));
    assert!(both().any(|t| t.requirement.is_none()) && both().any(|t| t.inherited) && both().any(|t| t.incentive));
    assert_eq!(list.tasks.iter().filter(|t| t.needs_review).count(), 1);
}

#[test]
fn deadlines_of_the_demo_come_to_days_at_issue() {
    let (_, list, _) = demo();
    let calendar = Calendar::bundled().unwrap();
    let issued = "2026-03-20".parse().ok();
    let due: Vec<_> =
        list.tasks.iter().map(|t| t.to_deadline().resolve(list.year, issued, &calendar).unwrap()).collect();
    assert_eq!(due[5], "2026-04-19".parse().ok(), "30 days after the list");
    assert_eq!(due[24], "2026-04-03".parse().ok(), "10 working days after the list");
    assert_eq!(due[4], None, "after an application");
    assert_eq!(due.iter().filter(|d| d.is_some()).count(), 19);
}

#[test]
fn real_names_are_found_in_their_places() {
    let Some(folder) = shared_documents() else { return };
    let units = units_json::read(std::fs::read(folder.join("units.json")).unwrap()).unwrap();
    let mut lists = 0;
    for jurisdiction in &units.jurisdictions {
        let place = place(jurisdiction);
        for name in &jurisdiction.list {
            let bytes = std::fs::read(folder.join(format!("{name}.expected.json"))).unwrap();
            for task in list_json::read(bytes).unwrap().tasks {
                let printed = looked_up(&task, &place);
                assert!(!expand(&printed, &place.groups).is_empty(), "{name} {:?}", task.number);
            }
            lists += 1;
        }
    }
    assert_eq!(lists, 5);
}

/// The texts of a document, without white space.
fn texts(value: &serde_json::Value, all: &mut Vec<Vec<char>>) {
    match value {
        serde_json::Value::String(text) => all.push(text.chars().filter(|c| !c.is_whitespace()).collect()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| texts(item, all)),
        serde_json::Value::Object(map) => map.values().for_each(|item| texts(item, all)),
        _ => {}
    }
}

#[test]
fn the_demo_copies_nothing_from_the_real_lists() {
    const COMMON: usize = 20;
    let Some(folder) = shared_documents() else { return };
    let mut real = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mut all = Vec::new();
        match path.extension().and_then(|e| e.to_str()) {
            Some("json") => texts(&serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap(), &mut all),
            Some("txt" | "html") => texts(&String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into(), &mut all),
            _ => {}
        }
        for text in all {
            real.extend(text.windows(COMMON).map(<[char]>::to_vec));
        }
    }
    assert!(real.len() > 10_000);
    let mut ours = Vec::new();
    for document in [UNITS, LIST_2026, LIST_2025] {
        texts(&serde_json::from_str(document).unwrap(), &mut ours);
    }
    for text in ours {
        for part in text.windows(COMMON) {
            assert!(!real.contains(part), "{}", part.iter().collect::<String>());
        }
    }
}
