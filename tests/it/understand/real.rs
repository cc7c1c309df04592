//! The real lists beside the repository, when they are there: every value counts, as a clerk would count them.

use serde_json::Value;
use taizhang::documents::list_json;
use taizhang::documents::understand::Understood;

use super::layouts::read;
use crate::documents::shared_documents;

/// White space is ignored, full-width forms count as half-width ones; nothing else is forgiven.
fn norm(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let plain: String = text
        .chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap(),
            c => c,
        })
        .filter(|c| !c.is_whitespace())
        .collect();
    let plain = plain.trim_end_matches(['。', '.']).to_owned();
    Some(plain).filter(|p| !p.is_empty())
}

fn units(task: &Value) -> Vec<String> {
    let one = |a: &Value| format!("{:?} {} {} {:?}", norm(&a["name"]), a["role"], a["target"], norm(&a["scopeNote"]));
    let mut all: Vec<String> = task["assignments"].as_array().unwrap().iter().map(one).collect();
    all.sort();
    all
}

fn deadline(task: &Value) -> String {
    let d = &task["deadline"];
    match d["kind"].as_str().unwrap() {
        "FIXED_DATE" | "MONTH_END" => format!("DATE {}", d["date"]),
        kind => {
            let rule = &d["rule"];
            format!("{kind} {} {} {} {}", rule["offset"], rule["unit"], rule["every"], rule["min_times"])
        }
    }
}

type Field = (&'static str, fn(&Value) -> String);

const FIELDS: [Field; 9] = [
    ("section", |t| format!("{:?}", t["sectionPath"].as_array().unwrap().iter().map(norm).collect::<Vec<_>>())),
    ("title", |t| format!("{:?}", norm(&t["title"]))),
    ("requirement", |t| format!("{:?}", norm(&t["requirement"]))),
    ("leadText", |t| format!("{:?}", norm(&t["leadText"]))),
    ("unitText", |t| format!("{:?}", norm(&t["unitText"]))),
    ("assignments", |t| format!("{:?}", units(t))),
    ("deadlineText", |t| format!("{:?}", norm(&t["deadlineText"]))),
    ("deadline", deadline),
    ("incentive", |t| t["incentive"].to_string()),
];

/// What differs, as task and field; a reading that is right too counts as right.
pub fn misses(expected: &Value, actual: &Value) -> Vec<(String, &'static str)> {
    let (e, a) = (expected["tasks"].as_array().unwrap(), actual["tasks"].as_array().unwrap());
    let numbers = |tasks: &[Value]| tasks.iter().map(|t| norm(&t["number"])).collect::<Vec<_>>();
    assert_eq!(numbers(e), numbers(a), "the tasks and their order");
    let mut out = Vec::new();
    for (e, a) in e.iter().zip(a) {
        let mut readings = vec![e.clone()];
        for other in e["alternatives"].as_array().into_iter().flatten() {
            let mut reading = e.clone();
            reading.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
            readings.push(reading);
        }
        let number = e["number"].as_str().unwrap().to_owned();
        let wrong = |e: &Value| FIELDS.iter().filter(|(_, f)| f(e) != f(a)).map(|(n, _)| *n).collect::<Vec<_>>();
        let best = readings.iter().map(wrong).min_by_key(Vec::len).unwrap();
        out.extend(best.into_iter().map(|field| (number.clone(), field)));
    }
    let sections = |list: &Value| {
        let one = |s: &Value| (s["path"].as_array().unwrap().iter().map(norm).collect::<Vec<_>>(), norm(&s["title"]));
        list["sections"].as_array().unwrap().iter().map(one).collect::<Vec<_>>()
    };
    assert_eq!(sections(expected), sections(actual), "the sections");
    if expected["title"].is_string() {
        assert_eq!(norm(&expected["title"]), norm(&actual["title"]));
    }
    assert_eq!(expected["year"], actual["year"]);
    assert_eq!(expected["reportingPeriod"], actual["reportingPeriod"]);
    out
}

pub fn json(understood: &Understood) -> Value {
    let text = list_json::write(&understood.list);
    list_json::read(&text).unwrap_or_else(|problems| panic!("the draft is no list: {problems:?}"));
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_real_lists_are_read_without_a_miss() {
    let Some(folder) = shared_documents() else { return };
    for name in ["town-2021", "bureau-2021", "shulan-2024", "tongcheng-2024", "putian-2021"] {
        let expected = std::fs::read(folder.join(format!("{name}.expected.json"))).unwrap();
        let expected: Value = serde_json::from_slice(&expected).unwrap();
        for kind in ["docx", "xlsx", "html", "txt"] {
            let file = format!("{name}.{kind}");
            let understood = read(&std::fs::read(folder.join(&file)).unwrap(), &file);
            assert_eq!(misses(&expected, &json(&understood)), [], "{file}");
            // Broken text is never passed off as certain.
            let broken = kind == "txt" && matches!(name, "town-2021" | "shulan-2024");
            assert_eq!(understood.questions.iter().any(|q| q.kind.code() == "BROKEN_TEXT"), broken, "{file}");
        }
    }
}

#[test]
fn what_a_person_must_look_at_is_asked() {
    let Some(folder) = shared_documents() else { return };
    let ask = |file: &str| {
        let understood = read(&std::fs::read(folder.join(file)).unwrap(), file);
        understood.questions.iter().map(|q| (q.kind.code(), q.task.clone().unwrap_or_default())).collect::<Vec<_>>()
    };
    let overlap = ("OVERLAP", "6".to_owned());
    assert!(ask("tongcheng-2024.docx").contains(&overlap), "task 5 holds the text of task 6");
    assert!(ask("town-2021.txt").contains(&("INHERITED", "16".to_owned())), "a blank cell is never silently filled");
    assert!(ask("bureau-2021.txt").contains(&("YEAR", String::new())), "a year from the content is a proposal");
}
