//! What goes on: open tasks in next year's list, with reasons, and the tasks of that list in the list of a unit below; what
//! nobody took up is known.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;
use entity::vocabulary::{AssignmentRole, Role};
use serde_json::{Value, json};

use super::ground::{Year, ask, done, int, pages, refused, text, verb};
use super::looking_back::{Round, settles};
use super::model::{Key, Model};

/// Tasks that a unit takes up at most; it always leaves one.
const TAKEN_UP: usize = 6;

/// A task of next year's list.
struct Carried {
    id: String,
    version: Value,
    needs_review: bool,
}

impl Year {
    /// Whether the books know a part of a task to be done: somebody looked and found so, or nobody looked and a report
    /// says so that was accepted.
    fn is_settled(&self, key: &Key, round: &Round) -> bool {
        let reported = |key: &Key| {
            let reports = self.books.spans.iter().filter_map(|span| span.owed.get(key)?.report.as_ref());
            reports.into_iter().any(|report| report.accepted == Some("COMPLETED"))
        };
        round.findings.get(key).map_or_else(|| reported(key), |found| settles(found))
    }

    /// The tasks with a part that is not done.
    fn open_tasks(&self, round: &Round) -> BTreeSet<String> {
        let mut parts: BTreeMap<&String, Vec<&Key>> = BTreeMap::new();
        for key in self.books.owing() {
            parts.entry(&key.0).or_default().push(key);
        }
        let all = self.books.seats.keys().map(|(task, _)| task);
        let open =
            all.filter(|task| parts.get(task).is_none_or(|keys| !keys.iter().all(|key| self.is_settled(key, round))));
        open.cloned().collect()
    }

    async fn new_list(&self, login: &str, issuer: &str, title: &str) -> String {
        let input = json!({ "issuer": issuer, "year": self.year + 1, "title": title });
        let who = self.who(login).await;
        let made = done(verb(&who, "taskListCreate", "TaskListCreateInput", None, input, "taskList { id }").await);
        text(&made["taskList"]["id"])
    }

    async fn put_in_force(&self, login: &str, list: &str) {
        let who = self.who(login).await;
        let version = ask(&who, "taskList(id: $id) { version }", list).await["taskList"]["version"].take();
        let input = json!({ "expectedVersion": version, "issuedOn": self.today() });
        let fields = "taskList { status }";
        let issued = done(verb(&who, "taskListIssue", "TaskListIssueInput", Some(list), input, fields).await);
        assert_eq!(issued["taskList"]["status"], "ISSUED");
    }

    /// What was taken up of a list below, compared with what is expected: who should take what up, and what of it was.
    async fn covered(&self, list: &str, expected: &BTreeSet<Key>, taken: &BTreeSet<Key>, overdue: bool) {
        let query = "lineageCoverage(id: $id, days: 1) { ownListDueOn isOwnListOverdue expectedCount coveredCount
            uncovered(first: 200) { totalCount nodes { task { number } unit { code } } }
            unitsWithoutList { totalCount nodes { code } } }";
        for login in ["office", "inspector"] {
            let given = ask(&self.who(login).await, query, list).await["lineageCoverage"].take();
            assert_eq!(
                (&given["expectedCount"], &given["coveredCount"]),
                (&json!(expected.len()), &json!(taken.len()))
            );
            assert_eq!(given["isOwnListOverdue"], overdue, "{given}");
            let left = given["uncovered"]["nodes"].as_array().unwrap();
            let left: BTreeSet<Key> =
                left.iter().map(|node| (text(&node["task"]["number"]), text(&node["unit"]["code"]))).collect();
            assert_eq!(left, expected.difference(taken).cloned().collect());
            assert_eq!(given["uncovered"]["totalCount"], left.len());
            let with: BTreeSet<&String> = taken.iter().map(|(_, unit)| unit).collect();
            let without: BTreeSet<&String> =
                expected.iter().map(|(_, unit)| unit).filter(|u| !with.contains(u)).collect();
            let said = given["unitsWithoutList"]["nodes"].as_array().unwrap();
            assert_eq!(
                said.iter().map(|unit| text(&unit["code"])).collect::<BTreeSet<_>>(),
                without.into_iter().cloned().collect()
            );
        }
        // It is for those who see the whole list.
        for (_, unit) in expected {
            assert!(ask(&self.reporter(unit).await, query, list).await["lineageCoverage"].is_null());
        }
    }
}

/// The next January: what is not done goes on in next year's list, and from there in a unit's own.
pub async fn gone_on(y: &mut Year, round: &Round) {
    let next = carried_over(y, round).await;
    let list = next.0.clone();
    derived(y, &list, &next.1).await;
}

/// The office carries everything over that is open; what is done stays behind.
async fn carried_over(y: &mut Year, round: &Round) -> (String, BTreeMap<String, Carried>) {
    let office = y.office().await;
    let issuer = y.unit_id(&y.papers.place.office);
    let draft = y.new_list("office", &issuer, "下一年度政务公开重点工作任务清单（虚构）").await;
    y.made.push(draft.clone());
    let query = "taskList(id: $id) { tasks(first: 200) { nodes { id number status
        section { label title parent { label title } } } } }";
    let tasks = ask(&office, query, &y.list).await["taskList"]["tasks"]["nodes"].as_array().unwrap().clone();
    let open = y.open_tasks(round);
    let in_force: BTreeSet<String> = y.books.seats.keys().map(|(task, _)| task.clone()).collect();
    // Of the tasks that were looked at one in three was found to be done.
    let looked: BTreeSet<&String> = round.findings.keys().map(|(task, _)| task).collect();
    let done_too = open.len() < in_force.len() || looked.len() < 2;
    assert!(!open.is_empty() && done_too, "{} of {} are open", open.len(), in_force.len());
    let reason = |number: &str| {
        let looked = round.findings.keys().any(|(task, _)| task == number);
        if looked { "回头看认定尚有单位未完成" } else { "尚无已完成的报告" }
    };
    let item = |task: &Value| json!({ "task": task["id"], "reason": reason(&text(&task["number"])) });
    let fields = "outcomes { task { id number version needsReview section { label title parent { label title } } origins { nodes { kind reason origin { id } } } }
        userErrors { code field } }";
    let (mut carried, mut headed) = (BTreeMap::new(), 0);
    for part in tasks.chunks(100) {
        let version = ask(&office, "taskList(id: $id) { version }", &draft).await["taskList"]["version"].take();
        let items: Vec<Value> = part.iter().map(item).collect();
        let input = json!({ "expectedVersion": version, "items": items });
        let (name, kind) = ("taskListCarryOver", "TaskListCarryOverInput");
        let payload = done(verb(&office, name, kind, Some(&draft), input, fields).await);
        for (task, outcome) in part.iter().zip(payload["outcomes"].as_array().unwrap()) {
            let number = text(&task["number"]);
            let active = task["status"] == "ACTIVE";
            assert_eq!(active, in_force.contains(&number), "{number}");
            if !open.contains(&number) {
                let refusal = json!([{ "code": "INVALID_STATE", "field": ["task"] }]);
                assert_eq!((&outcome["task"], &outcome["userErrors"]), (&Value::Null, &refusal), "{number}");
                continue;
            }
            assert_eq!(outcome["userErrors"], json!([]), "{number}");
            let new = &outcome["task"];
            headed += usize::from(new["section"].is_object());
            assert_eq!(new["section"], task["section"], "{number} stands where it stood");
            let line = json!([{ "kind": "CARRIED_OVER", "reason": reason(&number), "origin": { "id": task["id"] } }]);
            assert_eq!((&new["number"], &new["origins"]["nodes"]), (&json!(number), &line));
            let (id, needs_review) = (text(&new["id"]), new["needsReview"] == true);
            carried.insert(number, Carried { id, version: new["version"].clone(), needs_review });
        }
    }
    assert_eq!(carried.keys().cloned().collect::<BTreeSet<_>>(), open);
    // All but what was added behind the list.
    assert!(headed + 2 > carried.len(), "{headed} of {}", carried.len());
    // Once is enough.
    let version = ask(&office, "taskList(id: $id) { version }", &draft).await["taskList"]["version"].take();
    let again = tasks.iter().find(|task| open.contains(&text(&task["number"]))).map(item);
    let input = json!({ "expectedVersion": version, "items": [again] });
    let (name, kind) = ("taskListCarryOver", "TaskListCarryOverInput");
    let payload = verb(&office, name, kind, Some(&draft), input, fields).await;
    assert_eq!(payload["outcomes"][0]["userErrors"][0]["code"], "DUPLICATE");

    // A day with a year of its own is not guessed at: a person says what it is now.
    let year = format!("{}年", y.year);
    for task in &y.papers.list.tasks {
        let Some(new) = carried.get(&task.number.clone().unwrap_or_default()) else { continue };
        let printed = task.deadline_text.as_deref().unwrap_or_default();
        if task.deadline.date.is_some() && printed.contains(&year) {
            assert!(new.needs_review, "{printed}");
        } else if task.deadline.date.is_none() && task.other_times.is_empty() {
            assert!(!new.needs_review, "{printed}");
        }
    }
    let mut asked = carried.values().filter(|task| task.needs_review);
    if let Some(task) = asked.next() {
        let day = json!({ "kind": "MONTH_END", "text": format!("{}年11月底前", y.year + 1), "date": format!("{}-11-30", y.year + 1) });
        let input = json!({ "expectedVersion": task.version, "deadline": day });
        let fields = "task { version dueOn }";
        let said = done(verb(&office, "taskUpdate", "TaskUpdateInput", Some(&task.id), input, fields).await);
        assert_eq!(said["task"]["dueOn"], day["date"]);
        let input = json!({ "expectedVersion": said["task"]["version"] });
        done(verb(&office, "taskConfirm", "VersionInput", Some(&task.id), input, "task { needsReview }").await);
    }
    for task in asked {
        let input = json!({ "expectedVersion": task.version });
        done(verb(&office, "taskConfirm", "VersionInput", Some(&task.id), input, "task { needsReview }").await);
    }
    (draft, carried)
}

/// Two units have units below them; one makes a list of its own with a part of what it was given.
async fn derived(y: &mut Year, list: &str, carried: &BTreeMap<String, Carried>) {
    // Whom the new list reaches: as on the day of issue, for groups are counted out anew. Units whose seats are still those
    // of that day are meant, those with the least to do first.
    let of_unit = |seats: &mut dyn Iterator<Item = &Key>, unit: &String| -> BTreeSet<Key> {
        seats.filter(|(task, u)| u == unit && carried.contains_key(task)).cloned().collect()
    };
    let fresh = Model::of(&y.papers.place, &y.papers.list).seats;
    let mut able: Vec<(usize, String)> = Vec::new();
    for unit in y.crew() {
        let reached = of_unit(&mut fresh.keys(), &unit);
        if reached.len() > 1 && reached == of_unit(&mut y.books.seats.keys(), &unit) {
            able.push((reached.len(), unit));
        }
    }
    able.sort();
    let two: Vec<String> = able.into_iter().map(|(_, unit)| unit).take(2).collect();
    let [upper, idle] = <[String; 2]>::try_from(two).expect("two units with something to take up");
    let (system, office) = (y.who("system").await, y.office().await);
    for unit in [&upper, &idle] {
        let input = json!({ "parent": y.unit_id(unit), "code": format!("{unit}.x"), "name": format!("虚构下属单位{unit}"), "kind": "school" });
        done(verb(&system, "unitCreate", "UnitCreateInput", None, input, "unit { id }").await);
    }
    y.put_in_force("office", list).await;
    let mut expected = of_unit(&mut fresh.keys(), &upper);
    let taken: BTreeSet<Key> = expected.iter().take(TAKEN_UP.min(expected.len() - 1)).cloned().collect();
    let left = expected.difference(&taken).next().unwrap().clone();
    expected.extend(of_unit(&mut fresh.keys(), &idle));
    y.covered(list, &expected, &BTreeSet::new(), false).await;

    let place = y.units[&upper];
    y.appoint("本级", place, &[(Role::Office, place), (Role::Reporter, place)]).await;
    let own = y.new_list("本级", &y.unit_id(&upper), "本单位任务分解清单（虚构）").await;
    y.made.push(own.clone());
    let item = |key: &Key| json!({ "task": carried[&key.0].id });
    let input = json!({ "expectedVersion": 1, "items": taken.iter().map(item).collect::<Vec<_>>() });
    let fields = "outcomes { task { id number origins { nodes { kind reason origin { id } } } } userErrors { code } }";
    let (name, kind) = ("taskListDerive", "TaskListDeriveInput");
    let low = y.who("本级").await;
    // Who only reports, or reads, or keeps the directory does not do it for the unit.
    let (reporter, inspector) = (y.reporter(&upper).await, y.who("inspector").await);
    let before = y.written().await;
    for who in [&reporter, &inspector, &system] {
        let payload = verb(who, name, kind, Some(&own), input.clone(), fields).await;
        assert_eq!(refused(&payload), ["FORBIDDEN"]);
    }
    assert_eq!(y.written().await, before);
    let payload = done(verb(&low, name, kind, Some(&own), input, fields).await);
    let outcomes = payload["outcomes"].as_array().unwrap();
    assert_eq!(outcomes.len(), taken.len());
    for (key, outcome) in taken.iter().zip(outcomes) {
        let line = json!([{ "kind": "DERIVED", "reason": null, "origin": { "id": carried[&key.0].id } }]);
        let task = &outcome["task"];
        assert_eq!(
            (&task["number"], &task["origins"]["nodes"], &outcome["userErrors"]),
            (&json!(key.0), &line, &json!([]))
        );
        let who = json!({ "task": task["id"], "role": AssignmentRole::Lead, "unit": y.unit_id(&upper) });
        done(verb(&low, "assignmentCreate", "AssignmentCreateInput", None, who, "assignment { id }").await);
    }
    y.covered(list, &expected, &BTreeSet::new(), false).await;
    y.put_in_force("本级", &own).await;
    y.covered(list, &expected, &taken, false).await;

    // From the list below through next year's to this year's, task by task; why it was carried over only the office reads.
    let query = "taskList(id: $id) { tasks(first: 10) { nodes { number origins(first: 2) { nodes { kind origin {
        number taskList { id } origins(first: 2) { nodes { kind reason origin { number taskList { id } } } } } } } } } }";
    for (who, reads) in [(&office, true), (&y.reporter(&upper).await, false)] {
        let nodes = ask(who, query, &own).await["taskList"]["tasks"]["nodes"].as_array().unwrap().clone();
        assert_eq!(nodes.len(), taken.len());
        for node in nodes {
            let above = &node["origins"]["nodes"][0];
            assert_eq!((&above["kind"], &above["origin"]["taskList"]["id"]), (&json!("DERIVED"), &json!(list)));
            let first = &above["origin"]["origins"]["nodes"][0];
            assert_eq!((&first["kind"], &first["origin"]["taskList"]["id"]), (&json!("CARRIED_OVER"), &json!(y.list)));
            let numbers = [&above["origin"]["number"], &first["origin"]["number"]];
            assert_eq!(numbers, [&node["number"], &node["number"]]);
            assert_eq!(first["reason"].is_string(), reads);
        }
    }
    // The next day but one the other is late, and the task nobody took up is still nobody's below.
    y.day(y.today() + Days::new(2)).await;
    y.covered(list, &expected, &taken, true).await;
    let office = y.office().await;
    let derived = ask(&office, "task(id: $id) { derived { totalCount } }", &carried[&left.0].id).await;
    assert_eq!(int(&derived["task"]["derived"]["totalCount"]), 0);
    let lists = pages(&office, "taskLists", "", "year status").await;
    let of_year = |year: i32| lists.iter().filter(|one| one["year"] == year && one["status"] == "ISSUED").count();
    assert_eq!((of_year(y.year), of_year(y.year + 1)), (1, 2));
}
