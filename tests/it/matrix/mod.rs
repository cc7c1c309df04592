//! The permission matrix: who gets what from every root field, as a table that can be read without knowing the code.

mod grants;
mod look_back;
mod questions;
mod verbs;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;

use self::questions::{Question, reads};
use self::verbs::verbs;
use crate::support::World;
use crate::support::every_table::TABLES;
use crate::support::introspection as schema;

/// The columns: everybody who differs from the others.
const COLUMNS: [(&str, &str); 22] = [
    ("nobody", "nobody"),
    ("office", "office"),
    ("off.div", "office-division"),
    ("off.cty", "office-county"),
    ("insp", "inspector"),
    ("insp.cty", "inspector-county"),
    ("insp.lst", "inspector-lists"),
    ("lead1", "lead1"),
    ("lead1.ap", "lead1-approver"),
    ("lead2", "lead2"),
    ("resp1", "resp1"),
    ("supp", "supp"),
    ("none", "none"),
    ("cty.bur", "county-bureau"),
    ("sysadm", "system-admin"),
    ("secadm", "security-admin"),
    ("audadm", "audit-admin"),
    ("m.lists", "machine-lists"),
    ("m.both", "machine-both"),
    ("m.write", "machine-writes"),
    ("expired", "expired"),
    ("foreign", "foreign-office"),
];

const LEGEND: &str = "\
谁能看到什么、做什么 / Who sees what, who may do what

A number is how many rows come (totalCount); `sees` is an object, `-` is null: absent and invisible are the same.
`may` is a verb that passed the policy and stopped only at an input made to fail; `may:STATE` passed who-may-do-it and
stopped at the state of the thing. NOT_FOUND is what an invisible thing answers to a verb, FORBIDDEN a visible one;
`role` is a verb that is not open to the role at all, whatever it is about.
`clear` is a telephone number in the clear; reading it leaves an audit row. 401 is a request that never reached the
schema.

office, off.div, off.cty   OFFICE of the root, of a division of it, of a county below
insp, insp.cty, insp.lst   INSPECTOR of the root, of the county, of named lists (closed, the county's draft)
lead1, lead1.ap            REPORTER and APPROVER of the lead unit; lead2 leads jointly
resp1, supp, none          REPORTER of a responsible, a supporting and an uninvolved unit of the list `issued`
cty.bur                    REPORTER of a bureau of the county, responsible for one task of the list `issued`
sysadm, secadm, audadm     SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN
m.lists, m.both, m.write   INTEGRATION with lists:read (lead1), and reports:read (lead1), and reports:write (resp1)
expired                    REPORTER of lead1 until yesterday
foreign                    OFFICE of another place
";

fn cell(field: &str, status: u16, answer: &Value) -> String {
    if status == 401 {
        return "401".to_owned();
    }
    if let Some(error) = answer["errors"].as_array().and_then(|errors| errors.first()) {
        let code = error["extensions"]["code"].as_str().unwrap_or("?");
        return if code == "FORBIDDEN" { "role".to_owned() } else { code.to_owned() };
    }
    let data = &answer["data"][field];
    if let Some(errors) = data["userErrors"].as_array() {
        let inner = data["outcomes"].as_array().into_iter().flatten();
        let inner = inner.flat_map(|outcome| outcome["userErrors"].as_array().unwrap());
        let codes: BTreeSet<&str> = errors.iter().chain(inner).map(|e| e["code"].as_str().unwrap()).collect();
        let policy = ["NOT_FOUND", "FORBIDDEN"].into_iter().find(|code| codes.contains(code));
        return match policy {
            Some(code) => code.to_owned(),
            None if codes.contains("INVALID_STATE") => "may:STATE".to_owned(),
            None if data["phone"].is_string() => "clear".to_owned(),
            None if codes.is_empty() && field == "taskListImport" => "may".to_owned(),
            None if codes.is_empty() => "DONE".to_owned(),
            None => "may".to_owned(),
        };
    }
    match data {
        Value::Null => "-".to_owned(),
        Value::Array(items) => {
            let seen = |item: &Value| if item.is_null() { "-" } else { "sees" };
            items.iter().map(seen).collect::<Vec<_>>().join(",").replace("sees", "s")
        }
        object => match object["totalCount"].as_i64() {
            Some(count) => count.to_string(),
            None => "sees".to_owned(),
        },
    }
}

async fn row(world: &World, question: &Question) -> String {
    let mut line = format!("{:<25} {:<38}", question.field, question.about);
    for (_, person) in COLUMNS {
        let (status, bytes) = world.client(person).send(&question.query, question.variables.clone()).await;
        let answer = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let _ = write!(line, " {:<9}", cell(question.field, status, &answer));
    }
    line.trim_end().to_owned()
}

async fn row_counts(world: &World) -> Vec<i64> {
    let db = world.t.database.raw().await;
    let mut counts = Vec::new();
    // A revealed number leaves an audit row and changes nothing else.
    for table in TABLES.into_iter().filter(|table| *table != "audit_entry") {
        let count = Statement::from_string(db.get_database_backend(), format!("SELECT COUNT(*) AS n FROM {table}"));
        counts.push(db.query_one_raw(count).await.unwrap().unwrap().try_get("", "n").unwrap());
    }
    counts
}

#[tokio::test]
async fn the_matrix_is_as_it_was_agreed() {
    let world = World::new().await;
    let before = row_counts(&world).await;
    let mut table = LEGEND.to_owned();
    for (title, questions) in [("读 / Reads", reads(&world)), ("写 / Verbs", verbs(&world))] {
        let heads: Vec<String> = COLUMNS.iter().map(|(head, _)| format!("{head:<9}")).collect();
        let _ = write!(table, "\n{title}\n{:<25} {:<38} {}", "field", "about", heads.join(" ").trim_end());
        table.push('\n');
        for question in questions {
            table.push_str(&row(&world, &question).await);
            table.push('\n');
        }
    }
    assert!(!table.contains("DONE"), "a verb of the matrix went through:\n{table}");
    assert_eq!(before, row_counts(&world).await, "the matrix changed something");
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("matrix", table);
    });
}

/// Root fields without a row. May only shrink: whoever adds one has to raise the number in the open.
const EXEMPT: [&str; 0] = [];
const EXEMPT_AT_MOST: usize = 0;

#[tokio::test]
async fn every_root_field_has_a_row() {
    let world = World::new().await;
    let asked: BTreeSet<&str> = reads(&world).iter().chain(&verbs(&world)).map(|question| question.field).collect();
    let mut missing = Vec::new();
    let mut fields = BTreeSet::new();
    for root in ["Query", "Mutation"] {
        for field in schema::fields(root) {
            let name = field["name"].as_str().unwrap();
            fields.insert(name);
            if !asked.contains(name) && !EXEMPT.contains(&name) {
                missing.push(format!("{root}.{name}"));
            }
        }
    }
    assert!(missing.is_empty(), "no row in the matrix for {missing:?}; add a question to tests/it/matrix/questions.rs");
    assert_eq!(EXEMPT.len(), EXEMPT_AT_MOST, "the list of exemptions only shrinks");
    assert!(EXEMPT.iter().all(|name| fields.contains(name) && !asked.contains(name)), "an exemption nobody needs");
    assert!(asked.iter().all(|name| fields.contains(name)), "a row for a field that is gone");
}
