//! The house holds: who imports whom, who touches the database, and how large a file may be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The floors of the house from the top; a file imports its own floor and those below. Leaves stand beside them.
const ALLOWED: &[(&str, &[&str])] = &[
    ("main", &["*"]),
    ("lib", &["*"]),
    ("cli", &["*"]),
    ("web", &["graphql", "service", "authz", "domain", "config", "clock", "error", "id", "secrets", "telemetry"]),
    // A paper about the policy.
    ("access", &["authz", "domain", "error"]),
    ("graphql", &["service", "store", "authz", "domain", "clock", "error", "id"]),
    ("service", &["store", "authz", "domain", "documents", "clock", "config", "error", "external", "id", "secrets"]),
    ("store", &["authz", "domain", "config"]),
    ("documents", &["domain"]),
    // Messages name the reasons of the policy, the problems of documents and the faults of the store.
    ("error", &["authz", "domain", "documents", "store"]),
    ("authz", &[]),
    ("domain", &[]),
    ("external", &[]),
    ("secrets", &["clock", "id"]),
    ("config", &["secrets"]),
    ("id", &["clock"]),
    ("clock", &[]),
    ("telemetry", &["config"]),
];

/// The only crates of the database, and who may name them.
const OWNERS: &[&str] = &["store"];

fn files(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting = vec![root.join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root).unwrap().to_owned(), text));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} is empty");
    found
}

/// The code without comments, strings of documentation and the tests inside the file.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn module(path: &Path) -> String {
    let inside = path.strip_prefix("src").unwrap();
    inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The names that follow a path such as `crate::`, groups in braces opened up.
fn named_after(code: &str, path: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices(path) {
        let rest = &code[at + path.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut name = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        names.insert(std::mem::take(&mut name));
                        continue;
                    }
                    _ => {}
                }
                if depth == 0 {
                    name.push(c);
                }
            }
            names.insert(name);
        } else {
            names.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    let first =
        |name: &String| name.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_owned();
    names.iter().map(first).filter(|name| !name.is_empty() && name != "self").collect()
}

fn imports() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut imports: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let all = files("src");
    let modules: BTreeSet<String> = all.iter().map(|(path, _)| module(path)).collect();
    for (path, text) in &all {
        let code = code(text);
        let mut named = named_after(&code, "crate::");
        named.extend(named_after(&code, "taizhang::"));
        let from = imports.entry(module(path)).or_default();
        for name in named.into_iter().filter(|name| modules.contains(name) && *name != module(path)) {
            from.entry(name).or_insert_with(|| path.display().to_string());
        }
    }
    imports
}

#[test]
fn imports_follow_the_floors_of_the_house() {
    let mut wrong = Vec::new();
    for (from, to) in imports() {
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == from) else {
            wrong.push(format!("{from} has no place in the house yet"));
            continue;
        };
        for (name, file) in to {
            if !allowed.contains(&name.as_str()) && !allowed.contains(&"*") {
                wrong.push(format!("{from} imports {name} ({file})"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_two_modules_import_each_other_in_a_circle() {
    let imports = imports();
    // `error` names the store's error and the policy's refusal, which nothing of theirs needs in return.
    for start in imports.keys() {
        let mut reached = BTreeSet::new();
        let mut waiting: Vec<&String> = imports[start].keys().collect();
        while let Some(next) = waiting.pop() {
            assert!(next != start, "{start} comes back to itself by way of {reached:?}");
            if reached.insert(next) {
                waiting.extend(imports.get(next).into_iter().flat_map(BTreeMap::keys));
            }
        }
    }
}

#[test]
fn the_leaves_know_the_words_of_the_database_and_nothing_else_of_it() {
    for (path, text) in files("src") {
        let name = module(&path);
        let code = code(&text);
        if matches!(name.as_str(), "authz" | "domain") {
            for word in ["sea_orm", "async_graphql", "axum", "tokio", "sqlx"] {
                assert!(!code.contains(word), "{} uses {word}", path.display());
            }
            let entities = named_after(&code, "entity::");
            assert!(entities.iter().all(|e| e == "vocabulary"), "{} imports {entities:?}", path.display());
        }
        if name != "web" {
            assert!(!code.contains("axum::"), "{} uses axum", path.display());
        }
        // The command line prints the schema.
        if !matches!(name.as_str(), "graphql" | "web") {
            assert!(!code.contains("async_graphql"), "{} uses async_graphql", path.display());
        }
    }
}

#[test]
fn only_the_store_speaks_to_the_database() {
    for (path, text) in files("src") {
        let code = code(&text);
        if OWNERS.contains(&module(&path).as_str()) {
            continue;
        }
        for word in ["sea_orm::", "sqlx::", "DatabaseConnection", "DatabaseTransaction", "migration::"] {
            assert!(!code.contains(word), "{} names {word}", path.display());
        }
    }
    for (path, text) in files("migration/src") {
        assert!(!code(&text).contains("entity::"), "{} imports entity", path.display());
    }
}

/// A SELECT on a table starts in scope/mod.rs; clippy holds it too, but a lint can be switched off in a line.
#[test]
fn every_select_starts_in_the_scope() {
    let words = [
        "::find()",
        "::find_by_id(",
        ".find_related(",
        ".find_linked(",
        "::load()",
        "find_by_statement",
        "from_raw_sql",
    ];
    for (path, text) in files("src") {
        if path.starts_with("src/store/scope") {
            continue;
        }
        for word in words {
            assert!(!code(&text).contains(word), "{} has {word}", path.display());
        }
        let allowed = text.contains("clippy::disallowed_methods") && !text.contains("SELECT");
        let owner = ["src/clock.rs", "src/config/", "src/cli", "src/secrets/", "src/web/"];
        let owns = owner
            .iter()
            .any(|o| path.starts_with(o) || path == Path::new(o) || path.display().to_string().starts_with(o));
        assert!(!allowed || owns, "{} switches a fence off", path.display());
    }
    let scope = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/scope/mod.rs")).unwrap();
    assert_eq!(code(&scope).matches("::find()").count(), 1, "one place where a SELECT starts");
}

/// Rows outside any scope: who takes them is written here, and grows only with a reason.
#[test]
fn unscoped_rows_stay_inside_the_store() {
    let mut users = BTreeSet::new();
    for (path, text) in files("src") {
        if code(&text).contains("unscoped") {
            assert_eq!(module(&path), "store", "{} reaches past the scope", path.display());
            users.insert(path.file_name().unwrap().to_str().unwrap().to_owned());
        }
        let makes = code(&text).contains("Visible::new");
        assert!(!makes || module(&path) == "store", "{} seals rows itself", path.display());
    }
    println!("unscoped rows are read in {users:?}");
    // Among them scope/notices.rs, which is a part of the scope itself, audit.rs: the chain is whole or it is nothing, and
    // sign_in.rs with external.rs, where nobody is anybody yet. Keys and the check of everything (sealed.rs, fsck) are about all rows alike.
    assert!(users.len() <= 13, "more and more of the store reads past the scope: {users:?}");
}

/// What a past day is counted from, and goes when it is written over.
const KEPT_DAYS: [&str; 3] = ["due_on", "grace_working_days", "released_at"];

/// Who writes fields of these names into other tables: a schedule, a rectification, a finding.
const OTHER_DAYS: &[(&str, &str)] = &[
    ("src/service/look_back/rectify.rs", "recheck"),
    ("src/service/publishing/review.rs", "close"),
    ("src/service/schedules/mod.rs", "update"),
];

/// The functions of some code, each with its name.
fn functions(code: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in code.lines() {
        let words = line.split_whitespace();
        let mut words = words.skip_while(|word| word.starts_with("pub") || *word == "async");
        if words.next() == Some("fn") {
            let name = words.next().unwrap_or_default().chars().take_while(|c| c.is_alphanumeric() || *c == '_');
            found.push((name.collect(), String::new()));
        }
        if let Some((_, body)) = found.last_mut() {
            body.push_str(line);
            body.push('\n');
        }
    }
    found
}

/// What stands up to the bracket that closes the one before, and what follows it.
fn closed(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return Some((&text[..at], &text[at + 1..])),
            ')' | ']' | '}' => depth -= 1,
            ';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// Whether some code writes one of these days over. To release what nobody owes any more takes nothing away: it carries its
/// moment.
fn writes_over(body: &str, field: &str) -> bool {
    let becomes = |rest: &str| rest.starts_with('=') && !rest.starts_with("==") && !rest.starts_with("=>");
    let releases = |said: &str| field == "released_at" && (said.starts_with("Some(") || said.contains(".or(Some("));
    let named = format!(".{field}");
    let of_row = body.match_indices(&named).any(|(at, _)| {
        let rest = &body[at + named.len()..];
        if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            return false;
        }
        let borrowed = body[..at].rsplit(|c: char| c.is_whitespace() || c == '(').nth(1) == Some("&mut");
        let rest = rest.trim_start();
        let taken = [".take()", ".replace(", ".insert(", ".get_or_insert"].iter().any(|call| rest.starts_with(call));
        let in_tuple = || closed(rest).is_some_and(|(_, behind)| becomes(behind.trim_start()));
        let said = || rest[1..].split(';').next().unwrap_or_default().trim_start();
        borrowed || taken || (becomes(rest) && !releases(said())) || (!becomes(rest) && in_tuple())
    });
    let of_model = ["report_obligation::Model {", "reporting_period::Model {"].iter().any(|model| {
        body.match_indices(model).any(|(at, _)| {
            let fields = closed(&body[at + model.len()..]).map_or("", |(fields, _)| fields);
            let other = |c: char| !(c.is_alphanumeric() || c == '_');
            let says = |(at, _): (usize, &str)| {
                let rest = &fields[at + field.len()..];
                let said = rest.strip_prefix(':').map(str::trim_start);
                let whole = (at == 0 || fields[..at].ends_with(other)) && (rest.is_empty() || rest.starts_with(other));
                whole && !fields[..at].ends_with('.') && !said.is_some_and(releases)
            };
            // A row of its own was nothing before.
            fields.contains("..") && fields.match_indices(field).any(says)
        })
    });
    of_row || of_model
}

/// How the days of periods and obligations were is kept before they change, or a past day is told from what is so today.
#[test]
fn whoever_moves_a_day_keeps_what_it_was() {
    let mut others: BTreeSet<&(&str, &str)> = BTreeSet::new();
    let mut keeping: BTreeSet<String> = BTreeSet::new();
    for (path, text) in files("src/service") {
        let path = path.display().to_string();
        for (name, body) in functions(&code(&text)) {
            if !KEPT_DAYS.iter().any(|field| writes_over(&body, field)) {
                continue;
            }
            let keeps = body.contains("period_was(") || body.contains("obligations_were(");
            let other = OTHER_DAYS.iter().find(|(file, function)| *file == path && *function == name);
            assert!(keeps != other.is_some(), "{name} in {path} writes a day over and does not call due_changes");
            others.extend(other);
            if keeps {
                keeping.insert(path.clone());
            }
        }
    }
    assert_eq!(
        others.into_iter().collect::<Vec<_>>(),
        OTHER_DAYS.iter().collect::<Vec<_>>(),
        "the list may only shrink"
    );
    let known = ["amendments/owed.rs", "extensions.rs", "periods.rs", "unit_changes/merge.rs"];
    assert_eq!(keeping.into_iter().collect::<Vec<_>>(), known.map(|file| format!("src/service/{file}")));
}

/// The check above sees the ways in which a day can be written.
#[test]
fn a_day_that_is_written_over_is_seen() {
    let seen = |text: &str| KEPT_DAYS.iter().any(|field| writes_over(text, field));
    for text in [
        "row.due_on = Some(day);",
        "row.due_on =\n    row.due_on.max(day);",
        "period.grace_working_days = days;",
        "row.released_at = None;",
        "if row.released_at.take().is_some() {}",
        "(row.due_on, row.released_at) = (None, None);",
        "put(&mut row.due_on, day);",
        "let row = report_obligation::Model { due_on: Some(day), ..row };",
        "let row = report_obligation::Model { released_at: None, ..row };",
        "let row = reporting_period::Model {\n    due_on,\n    ..row\n};",
    ] {
        assert!(seen(text), "{text}");
    }
    for text in [
        "if row.due_on == day {}",
        "let late = due_for(period.due_on, row.due_on) < day;",
        "row.released_at = row.released_at.or(Some(work.now));",
        "row.released_at = Some(work.now);",
        "row.due_on_text = text;",
        "match (row.due_on, row.released_at) {}",
        "let row = report_obligation::Model { id, due_on: None, released_at: None, created_at };",
        "let row = report_obligation::Model { assignment_id: seat.id, unit_id: before.due_on, ..row };",
        "let day = NewPeriod { due_on: day, ..new };",
    ] {
        assert!(!seen(text), "{text}");
    }
}

#[test]
fn files_are_read_in_one_sitting() {
    let mut long = Vec::new();
    for (folder, most) in [("src", 400), ("entity/src", 400), ("migration/src", 400), ("tests", 600)] {
        for (path, text) in files(folder) {
            let lines = text.lines().count();
            if lines > most {
                long.push(format!("{}: {lines} lines, at most {most}", path.display()));
            }
            // `x.rs` beside `x/` is the other style.
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(path.with_extension(""));
            let beside = folder.is_dir() && !path.ends_with("main.rs");
            assert!(!beside, "{} stands beside its folder; use mod.rs", path.display());
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}
