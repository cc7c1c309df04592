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
