//! A list that is written is read back as the same list, in every form.

use std::path::PathBuf;

use taizhang::documents::list_json::{self, ListDocument};
use taizhang::documents::write::{self, Form, Profile};

use crate::documents::shared_documents;
use crate::understand::layouts::read;
use crate::understand::real::{json, misses};

const REAL: [&str; 5] = ["town-2021", "bureau-2021", "shulan-2024", "tongcheng-2024", "putian-2021"];

/// The list after a journey through a form.
fn journey(list: &ListDocument, profile: Profile, form: Form) -> ListDocument {
    let bytes = write::list(list, profile, form).unwrap();
    match form {
        Form::Json => list_json::read(&bytes).unwrap(),
        _ => read(&bytes, &format!("list.{}", form.extension())).list,
    }
}

/// Without what says only how sure the reader was.
fn settled(mut list: ListDocument) -> ListDocument {
    list.tasks.iter_mut().for_each(|t| t.needs_review = false);
    list
}

/// Lines within a text stay lines where the form has cells over several rows.
fn without_lines(mut list: ListDocument) -> ListDocument {
    for text in list.tasks.iter_mut().filter_map(|t| t.requirement.as_mut()) {
        *text = text.split('\n').collect();
    }
    list
}

fn same(before: &ListDocument, after: &ListDocument, what: &str) {
    assert_eq!(before.sections, after.sections, "{what}");
    for (a, b) in after.tasks.iter().zip(&before.tasks) {
        assert_eq!(b, a, "{what}: task {:?}", b.number);
    }
    assert_eq!(before, after, "{what}");
}

fn invented() -> Vec<(String, ListDocument)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/understand/lists");
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    let lists: Vec<_> = names
        .into_iter()
        .filter(|p| p.extension().is_some_and(|e| e != "json"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name.clone(), read(&std::fs::read(&path).unwrap(), &name).list)
        })
        .collect();
    assert!(lists.len() >= 12);
    lists
}

#[test]
fn the_real_lists_come_back() {
    let Some(folder) = shared_documents() else { return };
    for name in REAL {
        let bytes = std::fs::read(folder.join(format!("{name}.expected.json"))).unwrap();
        let expected: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let list = list_json::read(&bytes).unwrap();
        for form in Form::ALL.iter().copied() {
            let file = format!("{name}.{}", form.extension());
            let bytes = write::list(&list, Profile::Own, form).unwrap();
            if form == Form::Json {
                assert_eq!(list_json::read(&bytes).unwrap(), list, "{file}");
                continue;
            }
            let understood = read(&bytes, &file);
            assert_eq!(misses(&expected, &json(&understood)), [], "{file}");
            assert_eq!(understood.list.columns, list.columns, "{file}");
            assert_eq!(understood.list.issuer, list.issuer, "{file}");
            assert_eq!(understood.list.title, list.title, "{file}");
            let inherited = |l: &ListDocument| l.tasks.iter().map(|t| t.inherited).collect::<Vec<_>>();
            assert_eq!(inherited(&understood.list), inherited(&list), "{file}");
        }
    }
}

#[test]
fn import_export_import_changes_nothing() {
    let Some(folder) = shared_documents() else { return };
    for name in REAL {
        let file = format!("{name}.docx");
        let list = settled(read(&std::fs::read(folder.join(&file)).unwrap(), &file).list);
        for form in Form::ALL.iter().copied() {
            same(&list, &settled(journey(&list, Profile::Own, form)), &format!("{name} as {form:?}"));
        }
    }
}

#[test]
fn invented_lists_of_every_layout_come_back() {
    for (name, list) in invented() {
        let list = settled(list);
        for form in Form::ALL.iter().copied() {
            let back = settled(journey(&list, Profile::Own, form));
            let what = format!("{name} as {form:?}");
            match form {
                Form::Csv => same(&without_lines(list.clone()), &without_lines(back), &what),
                _ => same(&list, &back, &what),
            }
        }
    }
}

/// A list as a program would make it, of tasks in the form `taizhang-list/1`.
fn made(columns: serde_json::Value, tasks: serde_json::Value) -> ListDocument {
    let list = serde_json::json!({
        "format": "taizhang-list/1", "title": "2026年云汀市公开任务清单", "year": 2026, "issuer": "云汀市公开试点办",
        "columns": columns,
        "sections": [{"path": ["一"], "title": "甲类"}, {"path": ["一", "（一）"], "title": "甲一"}, {"path": ["一", "（二）"], "title": "甲二"},
            {"path": ["二"], "title": "还没有任务"}, {"path": ["三"], "title": "丙类"}],
        "tasks": tasks,
    });
    list_json::read(list.to_string()).unwrap_or_else(|p| panic!("{p:?}"))
}

fn task(number: &str, path: &[&str], more: serde_json::Value) -> serde_json::Value {
    let mut task = serde_json::json!({
        "number": number, "sectionPath": path, "requirement": format!("公开虚构事项之{number}。"),
        "unitText": null, "assignments": [], "deadline": {"kind": "NONE"},
    });
    task.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    task
}

fn units(names: &[(&str, &str)]) -> serde_json::Value {
    let one = |(name, role): &(&str, &str)| serde_json::json!({"name": name, "role": role, "target": "UNIT"});
    names.iter().map(one).collect()
}

const FULL: [(&str, &str); 4] =
    [("工作任务", "SECTION"), ("序号", "NUMBER"), ("具体要求", "REQUIREMENT"), ("责任单位", "UNITS")];

fn columns(columns: &[(&str, &str)]) -> serde_json::Value {
    columns.iter().map(|(header, role)| serde_json::json!({"header": header, "role": role})).collect()
}

/// Everything that was said by the file, without what was made of it.
fn told(list: &ListDocument) -> Vec<String> {
    let one = |t: &taizhang::documents::list_json::TaskItem| {
        let who: Vec<String> = t.assignments.iter().map(|a| format!("{}{:?}", a.name, a.role)).collect();
        format!("{:?} {:?} {:?} {who:?} {} {:?}", t.number, t.section_path, t.requirement, t.incentive, t.deadline_text)
    };
    let sections = list.sections.iter().map(|s| format!("{:?} {}", s.path, s.title));
    let head = format!("{:?} {} {:?}", list.title, list.year, list.issuer);
    std::iter::once(head).chain(sections).chain(list.tasks.iter().map(one)).collect()
}

#[test]
fn a_list_that_no_file_had_before_comes_back_too() {
    let tasks = serde_json::json!([
        task(
            "1",
            &["一", "（一）"],
            serde_json::json!({"assignments": units(&[("市甲山局", "LEAD"), ("市乙水局", "RESPONSIBLE"), ("市丙林局", "SUPPORT")])})
        ),
        task(
            "2",
            &["一", "（一）"],
            serde_json::json!({"incentive": true, "unitText": "市乙水局", "assignments": units(&[("市乙水局", "RESPONSIBLE")])})
        ),
        task("3", &["一", "（一）"], serde_json::json!({})),
        task("4", &["一", "（二）"], serde_json::json!({"assignments": units(&[("市甲山局", "RESPONSIBLE")])})),
        task(
            "5",
            &["一", "（一）"],
            serde_json::json!({"assignments": units(&[("市甲山局", "RESPONSIBLE")]), "deadlineText": "2026年6月底前",
            "deadline": {"kind": "MONTH_END", "date": "2026-06-30", "source": "COLUMN"}})
        ),
        task("6", &["三"], serde_json::json!({"assignments": units(&[("市甲山局", "RESPONSIBLE")])})),
    ]);
    for own in [columns(&[]), columns(&FULL), columns(&FULL[1..])] {
        let list = made(own.clone(), tasks.clone());
        for profile in [Profile::Own, Profile::Standard] {
            for form in Form::ALL.iter().copied() {
                assert_eq!(told(&journey(&list, profile, form)), told(&list), "{own} {profile:?} {form:?}");
            }
        }
    }
}

#[test]
fn the_year_and_the_issuer_are_said_where_the_title_does_not() {
    let mut list = made(
        columns(&FULL),
        serde_json::json!([task(
            "1",
            &["一"],
            serde_json::json!({"requirement": "公开2019年、2020年、2021年的虚构数据。", "unitText": "市甲山局", "assignments": units(&[("市甲山局", "RESPONSIBLE")])})
        ),]),
    );
    for title in [None, Some("云汀市公开任务清单"), Some("2023年云汀市公开任务清单")] {
        list.title = title.map(str::to_owned);
        for form in Form::ALL.iter().copied() {
            assert_eq!(told(&journey(&list, Profile::Own, form)), told(&list), "{title:?} {form:?}");
        }
    }
}

#[test]
fn a_list_in_its_own_columns_looks_as_it_did() {
    for (name, list) in invented().into_iter().filter(|(_, list)| !list.columns.is_empty()) {
        let back = journey(&list, Profile::Own, Form::Docx);
        assert_eq!(back.columns, list.columns, "{name}");
        let standard = journey(&list, Profile::Standard, Form::Docx);
        let headings: Vec<_> = standard.columns.iter().filter_map(|c| c.header.as_deref()).collect();
        assert_eq!(headings[0], "序号", "{name}");
        assert!(headings.contains(&"责任单位"), "{name}: {headings:?}");
        assert_eq!(standard.tasks.len(), list.tasks.len(), "{name}");
    }
}
