//! The JSON forms: real lists when they are at hand, round trips, and mutations that must never panic.

use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::{Value, json};
use taizhang::documents::{DocumentProblem, ProblemKind, list_json, units_json};
use taizhang::domain::lang::Lang;

/// The folder of real documents beside the repository, if this machine has one.
pub fn shared_documents() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/documents");
    if folder.is_dir() {
        Some(folder)
    } else {
        eprintln!("no ../shared/documents beside the repository: the real lists are not read in this run");
        None
    }
}

fn small() -> Value {
    json!({
        "format": "taizhang-list/1", "title": "清单", "year": 2026, "issuer": null, "reportingPeriod": null,
        "columns": [{"header": null, "role": "NUMBER"}],
        "sections": [{"path": ["一"], "title": "甲"}, {"path": ["一", "（一）"], "title": "乙"}],
        "tasks": [
            {"number": "1", "sectionPath": ["一", "（一）"], "title": null, "requirement": "做好公开。", "leadText": null, "unitText": "市甲局",
             "inherited": false, "assignments": [{"name": "市甲局", "role": "LEAD", "target": "UNIT", "scopeNote": null}], "deadlineText": "6月底前",
             "deadline": {"kind": "MONTH_END", "date": "2026-06-30", "rule": null, "source": "COLUMN"},
             "otherTimes": [{"text": "7月-8月", "kind": "WINDOW", "from": "2026-07-01", "to": "2026-08-31"}], "incentive": true, "needsReview": false},
            {"number": "2", "sectionPath": ["一"], "title": "丙", "requirement": null, "leadText": null, "unitText": null, "inherited": false,
             "assignments": [], "deadlineText": null,
             "deadline": {"kind": "RELATIVE", "date": null, "rule": {"event": "清单发布", "offset": 30, "unit": "day"}, "source": "TEXT"},
             "otherTimes": [], "incentive": false, "needsReview": true},
        ],
    })
}

fn problems(document: &Value) -> Vec<DocumentProblem> {
    list_json::read(document.to_string()).expect_err("this document is wrong")
}

/// What `list_json::read` says after one value was replaced.
fn after(pointer: &str, value: Value) -> Vec<(String, &'static str)> {
    let mut document = small();
    *document.pointer_mut(pointer).unwrap() = value;
    problems(&document).into_iter().map(|p| (p.path, p.kind.code())).collect()
}

fn one(path: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(path.to_owned(), code)]
}

#[test]
fn a_small_list_is_read_and_written_back_as_it_was() {
    let document = list_json::read(small().to_string()).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&list_json::write(&document)).unwrap(), small());
    let with_mark = format!("\u{FEFF}{}", small());
    assert_eq!(list_json::read(with_mark).unwrap(), document, "a byte order mark does not matter");
}

#[test]
fn every_mistake_has_its_place_and_its_code() {
    assert_eq!(after("/format", json!("taizhang-list/2")), one("format", "WRONG_FORMAT"));
    assert_eq!(after("/year", json!("2026")), one("year", "WRONG_TYPE"));
    assert_eq!(after("/year", json!(1026)), one("year", "OUT_OF_RANGE"));
    assert_eq!(after("/tasks", Value::Null), one("tasks", "REQUIRED"));
    assert_eq!(after("/columns/0/role", json!("X")), one("columns[0].role", "UNKNOWN_WORD"));
    assert_eq!(after("/sections/1/path/0", json!("二"))[0], ("sections[1].path".into(), "MISSING_PARENT"));
    assert_eq!(after("/sections/1/path", json!(["一"]))[0], ("sections[1].path".into(), "DUPLICATE"));
    assert_eq!(after("/sections/0/title", json!(" ")), one("sections[0].title", "REQUIRED"));
    assert_eq!(after("/tasks/1/sectionPath", json!(["九"])), one("tasks[1].sectionPath", "UNKNOWN_SECTION"));
    assert_eq!(after("/tasks/1/number", json!("１ ")), one("tasks[1].number", "DUPLICATE"));
    assert_eq!(after("/tasks/1/title", json!("")), one("tasks[1]", "NOTHING_SAID"));
    assert_eq!(after("/tasks/0/requirement", json!("a\u{0}b")), one("tasks[0].requirement", "CONTROL_CHARACTER"));
    assert_eq!(after("/tasks/0/requirement", json!("a\u{202E}b")), one("tasks[0].requirement", "CONTROL_CHARACTER"));
    assert_eq!(after("/tasks/0/inherited", json!("no")), one("tasks[0].inherited", "WRONG_TYPE"));
    let role = "tasks[0].assignments[0].role";
    assert_eq!(after("/tasks/0/assignments/0/role", json!("BOSS")), one(role, "UNKNOWN_WORD"));
    assert_eq!(after("/tasks/0/assignments/0/role", Value::Null), one(role, "REQUIRED"));
    assert_eq!(
        after("/tasks/0/assignments/0/target", json!("ALL")),
        one("tasks[0].assignments[0].target", "UNKNOWN_WORD")
    );
    assert_eq!(after("/tasks/0/assignments/0/name", json!(7)), one("tasks[0].assignments[0].name", "WRONG_TYPE"));
    assert_eq!(after("/tasks/0/deadline/kind", json!("SOON")), one("tasks[0].deadline.kind", "UNKNOWN_WORD"));
    assert_eq!(after("/tasks/0/deadline/date", json!("2026-06-29")), one("tasks[0].deadline.date", "NOT_MONTH_END"));
    assert_eq!(after("/tasks/0/deadline/date", json!("2026-6-30")), one("tasks[0].deadline.date", "INVALID_DATE"));
    assert_eq!(after("/tasks/0/deadline/date", Value::Null), one("tasks[0].deadline.date", "DATE_MISSING"));
    assert_eq!(
        after("/tasks/0/otherTimes/0/to", json!("2026-06-30")),
        one("tasks[0].otherTimes[0].to", "WINDOW_REVERSED")
    );
    assert_eq!(after("/tasks/1/deadline/rule", Value::Null), one("tasks[1].deadline.rule", "REQUIRED"));
    assert_eq!(after("/tasks/1/deadline/rule/unit", json!("year")), one("tasks[1].deadline.rule", "INVALID_RULE"));
    assert_eq!(after("/tasks/1/deadline/rule/offset", json!(99_999)), one("tasks[1].deadline.rule", "INVALID_RULE"));
    assert_eq!(after("/tasks/1", json!([])), one("tasks[1]", "WRONG_TYPE"));
}

#[test]
fn limits_hold_at_the_limit_and_not_one_past_it() {
    let with_tasks = |n: usize| {
        let mut document = small();
        document["tasks"] = (0..n).map(|i| json!({"number": i.to_string(), "requirement": "做。"})).collect();
        list_json::read(document.to_string())
    };
    assert_eq!(with_tasks(list_json::MAX_TASKS).unwrap().tasks.len(), list_json::MAX_TASKS);
    assert_eq!(with_tasks(list_json::MAX_TASKS + 1).unwrap_err()[0].path, "tasks");

    let mut document = small();
    document["tasks"][0]["requirement"] = "公".repeat(list_json::MAX_TEXT).into();
    assert!(list_json::read(document.to_string()).is_ok());
    document["tasks"][0]["requirement"] = "公".repeat(list_json::MAX_TEXT + 1).into();
    assert_eq!(problems(&document)[0].kind, ProblemKind::TooLong { max: list_json::MAX_TEXT });

    for (pointer, max, code) in [
        ("assignments", list_json::MAX_ASSIGNMENTS, "TOO_MANY"),
        ("otherTimes", list_json::MAX_OTHER_TIMES, "TOO_MANY"),
    ] {
        let mut document = small();
        let item = document["tasks"][0][pointer][0].clone();
        document["tasks"][0][pointer] = vec![item.clone(); max].into();
        assert!(list_json::read(document.to_string()).is_ok(), "{pointer}");
        document["tasks"][0][pointer] = vec![item; max + 1].into();
        let found = problems(&document);
        assert_eq!((found[0].path.as_str(), found[0].kind.code()), (&*format!("tasks[0].{pointer}"), code));
    }

    let mut document = small();
    document["sections"] =
        (0..=list_json::MAX_SECTIONS).map(|i| json!({"path": [i.to_string()], "title": "节"})).collect();
    assert!(problems(&document).iter().any(|p| p.path == "sections" && p.kind.code() == "TOO_MANY"));
}

#[test]
fn problems_stop_at_a_hundred_and_say_so() {
    let mut document = small();
    document["tasks"] = vec![json!({}); 500].into();
    let found = problems(&document);
    assert_eq!(found.len(), 100);
    assert_eq!(found[99].kind, ProblemKind::More);
    assert_eq!(found[98].path, "tasks[98]");
}

#[test]
fn what_is_no_json_is_said_with_its_line() {
    for text in ["", "{", "[1,]", "{\n\"a\": }", &"[".repeat(100_000)] {
        let found = list_json::read(text).unwrap_err();
        assert_eq!((found.len(), found[0].kind.code()), (1, "NOT_JSON"));
        assert_eq!(units_json::read(text).unwrap_err()[0].kind.code(), "NOT_JSON");
    }
    assert_eq!(list_json::read([0xFF, 0xFE, 0x00]).unwrap_err()[0].kind.code(), "NOT_JSON");
    assert_eq!(
        list_json::read("[]").unwrap_err()[0],
        DocumentProblem {
            path: "$".into(),
            kind: ProblemKind::WrongType { expected: taizhang::documents::problem::JsonType::Object }
        }
    );
}

fn places() -> Value {
    json!({"format": "taizhang-units/1", "jurisdictions": [{
        "key": "k", "name": "某市", "level": "county_level_city", "office": "o", "list": [],
        "units": [{"id": "o", "name": "市府办", "short": "府办", "kind": "office", "aliases": ["府办"]}, {"id": "a", "name": "市甲局", "short": "甲局", "kind": "bureau", "aliases": [], "parent": "o"}],
        "groups": [{"id": "g", "name": "其他单位", "aliases": [], "members": ["o", "a"], "members_complete": false}],
    }]})
}

#[test]
fn units_are_read_and_their_mistakes_named() {
    let document = units_json::read(places().to_string()).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&units_json::write(&document)).unwrap(), places());
    use entity::vocabulary::GroupExpansion::{ExceptLeads, Members};
    let mut group = document.jurisdictions[0].groups[0].clone();
    assert_eq!(group.effective_expansion(), ExceptLeads);
    group.expansion = Some(Members);
    assert_eq!(group.effective_expansion(), Members, "what is written wins over the name");
    group = units_json::GroupItem { expansion: None, name: "各单位".into(), ..group };
    assert_eq!(group.effective_expansion(), Members);

    let base = "/jurisdictions/0";
    for (pointer, value, path, code) in [
        ("/office", json!("x"), "jurisdictions[0].office", "UNKNOWN_REFERENCE"),
        ("/units/1/id", json!("o"), "jurisdictions[0].units[1].id", "DUPLICATE"),
        ("/units/1/parent", json!("z"), "jurisdictions[0].units[1].parent", "MISSING_PARENT"),
        ("/units/1/aliases", json!(["府办"]), "jurisdictions[0].units[1]", "DUPLICATE"),
        ("/groups/0/name", json!("市甲局"), "jurisdictions[0].groups[0]", "DUPLICATE"),
        ("/groups/0/members/1", json!("o"), "jurisdictions[0].groups[0].members[1]", "DUPLICATE"),
        ("/groups/0/members/1", json!("q"), "jurisdictions[0].groups[0].members[1]", "UNKNOWN_REFERENCE"),
        ("/groups/0/members_complete", json!(1), "jurisdictions[0].groups[0].members_complete", "WRONG_TYPE"),
        ("/units/0/name", json!(""), "jurisdictions[0].units[0].name", "REQUIRED"),
    ] {
        let mut document = places();
        *document.pointer_mut(&format!("{base}{pointer}")).unwrap() = value;
        let found = units_json::read(document.to_string()).expect_err(pointer);
        assert!(found.iter().any(|p| p.path == path && p.kind.code() == code), "{pointer}: {found:?}");
    }
}

#[test]
fn the_real_lists_are_read_and_written_back() {
    let Some(folder) = shared_documents() else { return };
    let mut tasks = 0;
    for name in ["town-2021", "bureau-2021", "shulan-2024", "tongcheng-2024", "putian-2021"] {
        let bytes = std::fs::read(folder.join(format!("{name}.expected.json"))).unwrap();
        let document = list_json::read(&bytes).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        tasks += document.tasks.len();
        let mut original: Value = serde_json::from_slice(&bytes).unwrap();
        for task in original["tasks"].as_array_mut().unwrap() {
            task.as_object_mut().unwrap().remove("alternatives");
        }
        let written = list_json::write(&document);
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), original, "{name}");
        assert_eq!(list_json::read(written).unwrap(), document, "{name}");
    }
    assert_eq!(tasks, 212);
    let bytes = std::fs::read(folder.join("units.json")).unwrap();
    let document = units_json::read(&bytes).unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(
        serde_json::from_str::<Value>(&units_json::write(&document)).unwrap(),
        serde_json::from_slice::<Value>(&bytes).unwrap()
    );
}

/// Every pointer into a document.
fn pointers(value: &Value, here: String, all: &mut Vec<String>) {
    all.push(here.clone());
    match value {
        Value::Object(map) => map.iter().for_each(|(k, v)| pointers(v, format!("{here}/{k}"), all)),
        Value::Array(items) => items.iter().enumerate().for_each(|(i, v)| pointers(v, format!("{here}/{i}"), all)),
        _ => {}
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[[]]])),
        Just(json!({"kind": {"every": []}})),
        Just(json!("9".repeat(600))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_documents_never_panic_and_every_problem_has_a_place(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any_value()), 1..4), units in any::<bool>()
    ) {
        let mut document = if units { places() } else { small() };
        for (index, value) in edits {
            let mut all = Vec::new();
            pointers(&document, String::new(), &mut all);
            let pointer = index.get(&all);
            if let Some(place) = document.pointer_mut(pointer) {
                *place = value;
            }
        }
        let text = document.to_string();
        let found = if units {
            match units_json::read(&text) {
                Ok(read) => { prop_assert_eq!(units_json::read(units_json::write(&read)).unwrap(), read); return Ok(()); }
                Err(found) => found,
            }
        } else {
            match list_json::read(&text) {
                Ok(read) => { prop_assert_eq!(list_json::read(list_json::write(&read)).unwrap(), read); return Ok(()); }
                Err(found) => found,
            }
        };
        prop_assert!(!found.is_empty() && found.len() <= 100);
        for problem in found {
            prop_assert!(!problem.path.is_empty());
            prop_assert_ne!(problem.kind.text(Lang::Zh), problem.kind.text(Lang::En));
            // The place exists, or is a field that is missing in an object that exists.
            if problem.path != "$" {
                let pointer = format!("/{}", problem.path.replace(['.', '['], "/").replace(']', ""));
                let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
                prop_assert!(document.pointer(&pointer).is_some() || document.pointer(parent).is_some(), "{}", problem.path);
            }
        }
    }

    #[test]
    fn cut_bytes_never_panic(cut in 0usize..2_000, flip in 0usize..2_000, byte in any::<u8>()) {
        let mut bytes = small().to_string().into_bytes();
        bytes.truncate(cut.max(1));
        let at = flip % bytes.len();
        bytes[at] = byte;
        let _ = list_json::read(&bytes);
        let _ = units_json::read(&bytes);
    }
}
