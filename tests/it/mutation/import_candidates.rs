//! What the reader of a list offers as an answer is accepted, and does what it says.

use serde_json::{Value, json};
use taizhang::documents::list_json;
use taizhang::documents::understand::{ImportQuestion, QuestionKind};
use taizhang::id::Kind;
use taizhang::service::import::{ReadList, TaskListImport};

use super::lists_import::{item, small};
use super::lists_scene::{Scene, done, gid, refused};
use crate::understand::{grids, layouts};

/// Questions that name nobody and nothing yet: the answer that is proposed is new to the draft.
const NEW: [&str; 5] = ["NO_UNIT", "NO_DEADLINE", "UNKNOWN_NAME", "AMBIGUOUS_NAME", "INACTIVE_UNIT"];
/// Names without a unit stand in nearly every list; so many of them are enough for each.
const NAMES: usize = 1;

impl Scene {
    async fn put(&self, read: ReadList) -> String {
        let input = TaskListImport { issuer: self.root, read, title: None, support_reports: false, dry_run: false };
        let caller = self.caller(&self.office).await;
        let imported = self.t.service.task_list_import(&caller, None, input).await.unwrap().unwrap();
        gid(Kind::TaskList, imported.list.unwrap())
    }

    async fn open(&self, list: &str) -> Vec<Value> {
        let query =
            "query($id: ID!) { taskList(id: $id) { importQuestions(first: 100, filter: { status: { eq: OPEN } }) {
            nodes { id kind printed candidates proposal version text task { number } } } } }";
        let data = self.office.data(query, json!({ "id": list })).await;
        data["taskList"]["importQuestions"]["nodes"].as_array().unwrap().clone()
    }

    /// What a list says, without what only counts its changes.
    async fn said(&self, list: &str) -> Value {
        let query = "query($id: ID!) { taskList(id: $id) { title year issuerText tasks(first: 50) { nodes { number
            deadlines(first: 20) { nodes { kind text dueOn fromOn } }
            assignments(first: 30) { nodes { name role target scopeNote unit { code } unitGroup { code } } } } } } }";
        self.office.data(query, json!({ "id": list })).await
    }

    async fn say(&self, question: &Value, value: &str) -> Value {
        let input = json!({ "expectedVersion": question["version"], "value": value, "remember": false });
        let fields = "importQuestion { status answer task { number } }";
        self.run("importQuestionAnswer", "ImportQuestionAnswerInput", fields, question["id"].as_str(), input).await
    }
}

/// Each candidate of each question of each list the tests know.
#[tokio::test]
async fn every_candidate_is_accepted_and_changes_what_it_says() {
    let s = Scene::new().await;
    let caller = s.caller(&s.office).await;
    let grids = grids::files().into_iter().map(|(list, name, bytes)| (list, name.to_owned(), bytes));
    let layouts = layouts::files().into_iter().map(|(name, bytes)| (name.clone(), name, bytes));
    let (mut answered, mut kinds) = (0, std::collections::BTreeSet::new());
    for (list, name, bytes) in grids.chain(layouts) {
        let read = s.t.service.list_read(&caller, &name, bytes, None).await.unwrap();
        let read = read.unwrap_or_else(|errors| panic!("{list}: {errors:?}"));
        let (mut round, mut rounds) = (0, 1);
        while round < rounds {
            let again = ReadList {
                document: read.document.clone(),
                questions: read.questions.clone(),
                digest: format!("{list} {round}"),
            };
            let draft = s.put(again).await;
            let mut asked = s.open(&draft).await;
            let offered = |question: &Value| question["candidates"].as_array().unwrap().len();
            rounds = asked.iter().filter(|q| q["kind"] != "UNKNOWN_NAME").map(offered).max().unwrap_or(1).max(1);
            let (mut names, mut before) = (0, s.said(&draft).await);
            while !asked.is_empty() {
                let question = asked.remove(0);
                let Some(value) = question["candidates"].get(round).and_then(Value::as_str) else { continue };
                let kind = question["kind"].as_str().unwrap();
                let is_name = kind == "UNKNOWN_NAME";
                names += usize::from(is_name);
                if is_name && (names > NAMES || round > 0) {
                    continue;
                }
                let payload = s.say(&question, value).await;
                assert_eq!(payload["userErrors"], json!([]), "{list}: {question} = {value}");
                assert_eq!(payload["importQuestion"]["status"], "ANSWERED", "{list}: {question}");
                let after = s.said(&draft).await;
                let new = NEW.contains(&kind) || question["proposal"] != *value;
                assert_eq!(before != after, new, "{list}: {question} = {value}\n{before}\n{after}");
                before = after;
                answered += 1;
                kinds.insert(kind.to_owned());
                // An answer about a name, or a task that goes, answers others too.
                if is_name || kind == "OVERLAP" {
                    let open = s.open(&draft).await;
                    asked.retain(|question| open.iter().any(|open| open["id"] == question["id"]));
                }
            }
            round += 1;
        }
    }
    println!("{answered} candidates of {} kinds: {kinds:?}", kinds.len());
    assert!(answered >= 150 && kinds.len() >= 12, "{answered} {kinds:?}");
}

fn asks(kind: QuestionKind, path: &str, candidates: &[&str]) -> ImportQuestion {
    let mut question = ImportQuestion::new(kind, path);
    question.candidates = candidates.iter().map(|text| (*text).to_owned()).collect();
    question.proposal = question.candidates.first().cloned();
    question
}

fn unit(name: &str, role: &str) -> Value {
    json!({ "name": name, "role": role, "target": if name.starts_with('各') { "GROUP" } else { "UNIT" } })
}

/// A draft with these questions.
async fn draft(s: &Scene, tasks: Value, questions: Vec<ImportQuestion>) -> String {
    let document = list_json::read(small(tasks).to_string()).unwrap();
    s.put(ReadList { questions, ..ReadList::from(document) }).await
}

fn roles(said: &Value, task: usize) -> Vec<String> {
    let rows = said["taskList"]["tasks"]["nodes"][task]["assignments"]["nodes"].as_array().unwrap();
    rows.iter().map(|row| format!("{}/{}", row["name"].as_str().unwrap(), row["role"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn the_first_of_each_task_leads() {
    let s = Scene::new().await;
    let mut tasks = json!([
        item("1", json!([unit("市司法局", "RESPONSIBLE"), unit("市教育局", "RESPONSIBLE")])),
        item("2", json!([unit("市教育局", "LEAD"), unit("市司法局", "RESPONSIBLE")])),
        item("3", json!([unit("市民政局", "SUPPORT"), unit("市司法局", "RESPONSIBLE")])),
        item("4", json!([unit("市司法局", "LEAD"), unit("市教育局", "LEAD"), unit("市民政局", "SUPPORT")])),
        item("5", json!([unit("市司法局", "RESPONSIBLE"), unit("市教育局", "RESPONSIBLE")])),
    ]);
    tasks[3]["leadText"] = json!("市司法局、市教育局");
    let list = draft(
        &s,
        tasks,
        vec![
            asks(QuestionKind::FirstLeads, "tasks", &["RESPONSIBLE", "LEAD"]),
            asks(QuestionKind::FirstLeads, "tasks[4].unitText", &["RESPONSIBLE", "LEAD"]),
        ],
    )
    .await;
    let [all, one] = <[Value; 2]>::try_from(s.open(&list).await).unwrap();
    refused(&s.say(&all, "SUPPORT").await, "INVALID_FORMAT", "input.value");
    done(&s.say(&one, "RESPONSIBLE").await);
    assert_eq!(roles(&s.said(&list).await, 4), ["市司法局/RESPONSIBLE", "市教育局/RESPONSIBLE"]);
    done(&s.say(&all, "LEAD").await);
    let said = s.said(&list).await;
    assert_eq!(roles(&said, 0), ["市司法局/LEAD", "市教育局/RESPONSIBLE"]);
    assert_eq!(roles(&said, 1), ["市教育局/LEAD", "市司法局/RESPONSIBLE"]);
    assert_eq!(roles(&said, 2), ["市民政局/SUPPORT", "市司法局/LEAD"]);
    assert_eq!(roles(&said, 3), ["市司法局/LEAD", "市教育局/RESPONSIBLE", "市民政局/SUPPORT"]);
    assert_eq!(roles(&said, 4), ["市司法局/LEAD", "市教育局/RESPONSIBLE"]);
}

#[tokio::test]
async fn a_task_that_repeats_another_goes_and_its_question_stays_answered() {
    let s = Scene::new().await;
    let one = |number: &str| item(number, json!([unit("市司法局", "RESPONSIBLE")]));
    let mut overlap = asks(QuestionKind::Overlap, "tasks[1]", &["保留两项", "删去第 2 项"]);
    overlap.task = Some("2".to_owned());
    let list = draft(
        &s,
        json!([one("1"), one("2"), one("3")]),
        vec![overlap, asks(QuestionKind::Review, "tasks[1]", &["OK"])],
    )
    .await;
    let asked = s.open(&list).await;
    let question = asked.iter().find(|question| question["kind"] == "OVERLAP").unwrap();
    refused(&s.say(question, "删去第 3 项").await, "INVALID_FORMAT", "input.value");
    let payload = s.say(question, "删去第 2 项").await;
    let answered = &done(&payload)["importQuestion"];
    assert_eq!((&answered["status"], &answered["answer"]), (&json!("ANSWERED"), &json!("删去第 2 项")));
    assert_eq!(answered["task"], Value::Null);
    let said = s.said(&list).await;
    let numbers: Vec<&Value> =
        said["taskList"]["tasks"]["nodes"].as_array().unwrap().iter().map(|task| &task["number"]).collect();
    assert_eq!(numbers, ["1", "3"]);
    assert!(s.open(&list).await.is_empty(), "what was asked about the task went with it");
}

#[tokio::test]
async fn tasks_are_numbered_through_and_those_without_a_deadline_get_the_one_of_the_note() {
    let s = Scene::new().await;
    let one = |number: &str| item(number, json!([unit("市司法局", "RESPONSIBLE")]));
    let mut tasks = json!([one("一-1"), one("一-2"), one("二-1"), one("1")]);
    tasks[1]["deadlineText"] = json!("6月底");
    tasks[1]["deadline"] = json!({ "kind": "MONTH_END", "date": "2026-06-30", "source": "COLUMN" });
    let list = draft(
        &s,
        tasks,
        vec![
            asks(QuestionKind::NumbersRestart, "tasks", &["一-1…", "1-4"]),
            asks(QuestionKind::NoDeadline, "tasks", &["2026-12-10"]),
        ],
    )
    .await;
    let asked = s.open(&list).await;
    let by = |kind: &str| asked.iter().find(|question| question["kind"] == kind).unwrap();
    refused(&s.say(by("NUMBERS_RESTART"), "1-9").await, "INVALID_FORMAT", "input.value");
    done(&s.say(by("NUMBERS_RESTART"), "1-4").await);
    refused(&s.say(by("NO_DEADLINE"), "不知何时").await, "INVALID_FORMAT", "input.value");
    done(&s.say(by("NO_DEADLINE"), "2026-12-10").await);
    let said = s.said(&list).await;
    let task = |at: usize| said["taskList"]["tasks"]["nodes"][at].clone();
    let due: Vec<Value> =
        (0..4).map(|at| json!([task(at)["number"], task(at)["deadlines"]["nodes"][0]["dueOn"]])).collect();
    let expected = json!([["1", "2026-12-10"], ["2", "2026-06-30"], ["3", "2026-12-10"], ["4", "2026-12-10"]]);
    assert_eq!(json!(due), expected);
}
