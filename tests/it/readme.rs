//! What the READMEs promise: their queries answer, their story happens as told, and the two are twins.

use std::collections::HashMap;

use serde_json::{Value, json};
use taizhang::documents::demo as files;
use taizhang::domain::question::QuestionKind;
use taizhang::service::demo;

use crate::support::{Client, TestApp};

const GUIDE: &str = "docs/documents.md";
const READMES: [&str; 2] = ["README.md", "README.zh-CN.md"];

fn path(name: &str) -> String {
    format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn text(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap()
}

/// A document of the README: who sends it, what is sent, and the answer that is shown.
struct Step {
    who: String,
    query: String,
    answer: Option<String>,
}

/// The documents of a part (its heading counted from 0), in order.
fn steps(readme: &str, part: usize) -> Vec<Step> {
    let part = readme.split("\n## ").nth(part).expect("such a part");
    let (mut steps, mut who, mut lines) = (Vec::<Step>::new(), String::new(), part.lines());
    while let Some(line) = lines.next() {
        let block = |lines: &mut std::str::Lines<'_>| {
            lines.take_while(|line| !line.starts_with("```")).collect::<Vec<_>>().join("\n")
        };
        if let Some(login) = line.split('`').find(|word| word.starts_with("demo.") && !word.contains(' ')) {
            login.clone_into(&mut who);
        } else if line == "```graphql" {
            steps.push(Step { who: who.clone(), query: block(&mut lines), answer: None });
        } else if line == "```json" {
            steps.last_mut().expect("an answer follows a query").answer = Some(block(&mut lines));
        }
    }
    steps
}

async fn people(t: &TestApp) -> HashMap<String, Client> {
    let mut clients = HashMap::new();
    for person in demo::people(&t.service).await.unwrap() {
        clients.insert(person.login.to_owned(), t.sign_in(person.user).await);
    }
    clients
}

/// Nothing that was asked for is empty.
fn full(value: &Value, at: &str) {
    match value {
        Value::Array(items) => {
            assert!(!items.is_empty() || at.ends_with("Roles"), "{at} is empty");
            items.iter().for_each(|item| full(item, at));
        }
        Value::Object(fields) => fields.iter().for_each(|(name, field)| full(field, &format!("{at}.{name}"))),
        _ => {}
    }
}

#[tokio::test]
async fn the_six_queries_answer() {
    let t = TestApp::new().await;
    demo::load(&t.service).await.unwrap();
    let people = people(&t).await;
    for name in READMES {
        let steps = steps(&text(name), 3);
        assert_eq!(steps.len(), 6);
        for step in steps {
            let data = people[&step.who].data(&step.query, json!({})).await;
            for (field, value) in data.as_object().unwrap() {
                assert!(value["totalCount"].as_i64().unwrap() > 0, "{field} of {}: {data}", step.query);
                if field != "taskLists" {
                    full(value, field);
                }
            }
        }
    }
}

/// Every identifier by its kind, as it appears.
fn remember(value: &Value, ids: &mut HashMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some((kind, rest)) = text.split_once('_')
                && rest.len() == 26
                && rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            {
                ids.insert(kind.to_owned(), text.clone());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| remember(item, ids)),
        Value::Object(fields) => fields.values().for_each(|field| remember(field, ids)),
        _ => {}
    }
}

/// The answers of the story, identifiers shortened.
async fn told(steps: &[Step]) -> Vec<String> {
    let t = TestApp::new().await;
    demo::place(&t.service).await.unwrap();
    let people = people(&t).await;
    let mut ids = HashMap::from([("content".to_owned(), files::LIST_2026.to_owned())]);
    let mut answers = Vec::new();
    for step in steps {
        let variables: HashMap<&String, &String> =
            ids.iter().filter(|(name, _)| step.query.contains(&format!("${name}:"))).collect();
        let data = people[&step.who].data(&step.query, json!(variables)).await;
        remember(&data, &mut ids);
        assert!(!data.to_string().contains("\"userErrors\":[{"), "{}\n{data}", step.query);
        let mut shown = serde_json::to_string(&data).unwrap();
        for (kind, id) in ids.iter().filter(|(kind, _)| *kind != "content") {
            shown = shown.replace(id, &format!("{kind}_…"));
        }
        answers.push(shown);
    }
    answers
}

#[tokio::test]
async fn the_story_happens_as_it_is_told() {
    let steps = steps(&text(READMES[0]), 4);
    let answers = told(&steps).await;
    assert!(steps.len() >= 12);
    for (step, answer) in steps.iter().zip(&answers) {
        let shown: Value = serde_json::from_str(step.answer.as_ref().expect("an answer is shown")).unwrap();
        assert_eq!(shown, serde_json::from_str::<Value>(answer).unwrap(), "{}", step.query);
    }
    let all = answers.join("\n");
    for state in ["DRAFT", "ISSUED", "SUBMITTED", "RETURNED", "ACCEPTED", "{\"progressReport\":null}"] {
        assert!(all.contains(state), "{state}");
    }
}

#[test]
fn the_twins_show_the_same() {
    let (en, zh) = (text(READMES[0]), text(READMES[1]));
    assert_eq!(en.matches("\n## ").count(), zh.matches("\n## ").count());
    for part in [3, 4] {
        let sides = [steps(&en, part), steps(&zh, part)];
        for (a, b) in sides[0].iter().zip(&sides[1]) {
            assert_eq!((&a.who, &a.query, &a.answer), (&b.who, &b.query, &b.answer));
        }
        assert_eq!(sides[0].len(), sides[1].len());
    }
    for readme in [&en, &zh] {
        for link in readme.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(link.starts_with("http") || std::path::Path::new(&path(link)).exists(), "{link} leads nowhere");
        }
    }
}

/// After a change of the schema: `cargo test --test it readme::print -- --ignored`, then look at the difference.
#[tokio::test]
#[ignore = "writes the answers of the story into the READMEs"]
async fn print_the_story() {
    let answers = told(&steps(&text(READMES[0]), 4)).await;
    for name in READMES {
        let old = text(name);
        let mut parts = old.split("```json\n");
        let mut new = parts.next().unwrap().to_owned();
        for (part, answer) in parts.zip(&answers) {
            let value: Value = serde_json::from_str(answer).unwrap();
            let shown = if answer.len() < 110 { answer.clone() } else { serde_json::to_string_pretty(&value).unwrap() };
            new.push_str(&format!("```json\n{shown}\n```{}", part.split_once("\n```").unwrap().1));
        }
        std::fs::write(path(name), new).unwrap();
    }
}

/// The guide to documents with the table of questions as the program knows them.
fn guide() -> String {
    let old = text(GUIDE);
    let (before, rest) = old.split_once("<!-- kinds -->\n").expect("the table begins");
    let (_, after) = rest.split_once("<!-- /kinds -->\n").expect("the table ends");
    let row = |kind: &QuestionKind| {
        let (zh, en) = kind.texts();
        format!("| `{}` | {zh} | {en} |\n", kind.code())
    };
    let rows: String = QuestionKind::ALL.iter().map(row).collect();
    format!(
        "{before}<!-- kinds -->\n| 种类 · kind | 问题 | question |\n| --- | --- | --- |\n{rows}<!-- /kinds -->\n{after}"
    )
}

#[test]
fn the_guide_names_every_kind_of_question_and_verbs_that_exist() {
    assert_eq!(text(GUIDE), guide(), "cargo test --test it readme::print_the_guide -- --ignored");
    let schema = taizhang::graphql::schema_text();
    for verb in ["taskListImport", "importQuestionAnswer", "importQuestionKeep", "taskConfirm", "importedBefore"] {
        assert!(text(GUIDE).contains(verb) && schema.contains(&format!("\t{verb}")), "{verb}");
    }
}

/// After a change of the kinds of questions.
#[test]
#[ignore = "writes the table of questions into the guide"]
fn print_the_guide() {
    std::fs::write(path(GUIDE), guide()).unwrap();
}

#[tokio::test]
async fn the_examples_of_the_explorer_answer() {
    let t = TestApp::new().await;
    demo::load(&t.service).await.unwrap();
    let people = people(&t).await;
    let tabs = taizhang::web::explorer::Explorer::examples().tabs;
    for (tab, login) in tabs.iter().zip(["demo.office", "demo.lead", "demo.unit", "demo.inspector", "demo.admin"]) {
        let data = people[login].data(&tab.query, json!({})).await;
        for (field, value) in data.as_object().unwrap() {
            assert!(!value.is_null(), "{field} of {}", tab.title);
            let counts = value.get("totalCount").and_then(Value::as_i64);
            assert!(counts.is_none_or(|count| count > 0), "{field} of {}: {data}", tab.title);
        }
    }
    assert_eq!(tabs.len(), 5);
}

/// Every verb and field that the guide of the year names is one of the schema.
#[test]
fn the_guide_of_the_year_names_what_there_is() {
    let (guide, schema) = (text("docs/year.md"), text("schema.graphql"));
    let names = guide.split('`').skip(1).step_by(2).filter_map(|code| code.rsplit('.').next());
    let names: Vec<&str> = names
        .filter(|name| name.starts_with(char::is_lowercase) && name.chars().all(char::is_alphanumeric))
        .filter(|name| *name != "taizhang")
        .collect();
    assert!(names.len() > 30, "{names:?}");
    for name in names {
        let field = |line: &str| line.trim_start().strip_prefix(name).is_some_and(|rest| rest.starts_with(['(', ':']));
        assert!(schema.lines().any(field), "{name} is no field");
    }
}
