//! 回头看: whether what was reported is so. A round over everything that has a unit and a day, a finding for each, and what is
//! wrong is put right, sent back, closed, or left open.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use entity::vocabulary::DeadlineKind;
use serde_json::{Value, json};
use taizhang::domain::rule::Rule;

use super::ground::{Year, ask, date, done, int, refused, text, verb};
use super::model::Key;
use crate::files::{get, put};
use crate::support::Client;

/// Items a round has here at most; a round over fewer tasks shows the same.
const ENOUGH: usize = 300;
/// What may be found, by turns.
const FINDINGS: [&str; 5] = ["DONE", "PARTLY_DONE", "NOT_DONE", "DONE_ON_PAPER_ONLY", "NOT_APPLICABLE"];

const RECTIFICATION: &str = "rectification { id version status dueOn returnCount isOverdue evidence { totalCount }
    steps(first: 50) { nodes { status text } } }";

/// Whether a finding settles a part of a task.
pub fn settles(finding: &str) -> bool {
    matches!(finding, "DONE" | "NOT_APPLICABLE")
}

/// What a round came to.
pub struct Round {
    pub findings: BTreeMap<Key, &'static str>,
}

/// An item: its identifier, its version, its day, the words of it, and what was found.
type Item = (String, i64, NaiveDate, Value, Value);

/// The day by which each task was to be done, as the papers have it: the day of its own column, or the last one in its
/// text. 全年 and 持续推进 are no days.
fn days(y: &Year, issued_on: NaiveDate) -> BTreeMap<String, NaiveDate> {
    use DeadlineKind::{FixedDate, MonthEnd, Relative, Window};
    let mut days = BTreeMap::new();
    for task in &y.papers.list.tasks {
        let own = match (task.deadline.kind, &task.deadline.rule) {
            (FixedDate | MonthEnd | Window, _) => task.deadline.date.or(task.deadline.to),
            (Relative, Some(Rule::Relative(rule))) if rule.event.contains("清单发布") => {
                Some(issued_on + Days::new(u64::try_from(rule.offset).unwrap()))
            }
            _ => None,
        };
        let further = task.other_times.iter().filter(|time| matches!(time.kind, FixedDate | MonthEnd | Window));
        let day = own.or_else(|| further.filter_map(|time| time.date.or(time.to)).max());
        if let Some(day) = day {
            days.insert(task.number.clone().unwrap_or_default(), day);
        }
    }
    days
}

impl Year {
    /// What somebody sees of a round; nothing where he does not see it.
    async fn items(&self, who: &Client, round: &str) -> Option<BTreeMap<Key, Item>> {
        let mut items = BTreeMap::new();
        loop {
            let query = format!(
                "lookBack(id: $id) {{ items(first: 200, offset: {}) {{ totalCount nodes {{
                    id version dueOn deadlineText finding unit {{ code }} task {{ number }} }} }} }}",
                items.len()
            );
            let round = ask(who, &query, round).await["lookBack"].take();
            let nodes = round["items"]["nodes"].as_array()?.clone();
            for node in &nodes {
                let key = (text(&node["task"]["number"]), text(&node["unit"]["code"]));
                let (text_of_day, finding) = (node["deadlineText"].clone(), node["finding"].clone());
                let item = (text(&node["id"]), int(&node["version"]), date(&node["dueOn"]), text_of_day, finding);
                assert!(items.insert(key, item).is_none(), "twice in the round");
            }
            if nodes.is_empty() || round["items"]["totalCount"] == items.len() {
                return Some(items);
            }
        }
    }

    async fn begin_round(&self, title: &str, by: NaiveDate) -> (String, i64) {
        let input =
            json!({ "taskList": self.list, "title": title, "dueOn": self.today() + Days::new(5), "deadlinesBy": by });
        let fields = "lookBack { id status version items { totalCount } }";
        let office = self.office().await;
        let begun = done(verb(&office, "lookBackCreate", "LookBackCreateInput", None, input, fields).await);
        assert_eq!((&begun["lookBack"]["status"], &begun["lookBack"]["version"]), (&json!("OPEN"), &json!(1)));
        (text(&begun["lookBack"]["id"]), int(&begun["lookBack"]["items"]["totalCount"]))
    }

    /// A step of a rectification.
    async fn step(&self, who: &Client, name: &str, id: &str, input: Value) -> Value {
        let version = ask(&self.office().await, "rectification(id: $id) { version }", id).await;
        let mut input = input;
        input["expectedVersion"] = version["rectification"]["version"].clone();
        let (name, kind) = (format!("rectification{name}"), format!("Rectification{name}Input"));
        verb(who, &name, &kind, Some(id), input, RECTIFICATION).await
    }

    /// What somebody is told, the latest first.
    async fn told(&self, who: &Client) -> Vec<String> {
        let data = who.data("{ viewer { notifications(first: 3) { nodes { kind } } } }", json!({})).await;
        data["viewer"]["notifications"]["nodes"].as_array().unwrap().iter().map(|one| text(&one["kind"])).collect()
    }
}

/// The next January: a round over last year's list, from its beginning to what every unit reads of it.
pub async fn looked_back(y: &mut Year) -> Round {
    let (office, inspector) = (y.office().await, y.who("inspector").await);
    let issued_on = ask(&office, "taskList(id: $id) { issuedOn }", &y.list).await["taskList"]["issuedOn"].take();
    let days = days(y, date(&issued_on));
    let owed: BTreeMap<Key, NaiveDate> =
        y.books.owing().filter_map(|key| Some((key.clone(), *days.get(&key.0)?))).collect();
    let many = |by: &NaiveDate| owed.values().filter(|day| *day <= by).count();
    let all: BTreeSet<NaiveDate> = owed.values().copied().collect();
    let by = *all.iter().rfind(|by| many(by) <= ENOUGH).expect("a day by which not too much was due");

    // One that was begun by mistake goes as it came.
    let first = *all.first().unwrap();
    let (mistake, count) = y.begin_round("误发起", first).await;
    assert_eq!(usize::try_from(count).unwrap(), many(&first));
    let version = json!({ "expectedVersion": 1 });
    done(verb(&office, "lookBackDelete", "VersionInput", Some(&mistake), version.clone(), "deletedId").await);
    assert_eq!(y.count("look_back_item").await, 0);

    let (round, _) = y.begin_round("全年任务回头看", by).await;
    y.made.push(round.clone());
    let items = y.items(&office, &round).await.unwrap();
    let due: BTreeMap<Key, NaiveDate> = items.iter().map(|(key, item)| (key.clone(), item.2)).collect();
    let expected: BTreeMap<Key, NaiveDate> = owed.into_iter().filter(|(_, day)| *day <= by).collect();
    assert_eq!(due, expected, "whoever owes reports on what has a day");
    assert_eq!(y.items(&inspector, &round).await.unwrap(), items, "the inspector reads along");
    y.made.extend(items.values().take(2).map(|item| item.0.clone()));

    // By turns of everything, except on every third task, where all is well.
    let order: Vec<&String> = items.keys().map(|(task, _)| task).collect::<BTreeSet<_>>().into_iter().collect();
    let turn = |(nth, key): (usize, &Key)| {
        let place = order.iter().position(|task| **task == key.0).unwrap();
        let well = place % 3 == 1;
        (key.clone(), if well { FINDINGS[nth % 2 * 4] } else { FINDINGS[(nth + place) % FINDINGS.len()] })
    };
    let findings: BTreeMap<Key, &'static str> = items.keys().enumerate().map(turn).collect();
    let (wrong, _) = findings.iter().find(|(_, found)| !settles(found)).unwrap();
    let found = |key: &Key| {
        let mut input = json!({ "expectedVersion": items[key].1, "finding": findings[key] });
        if findings[key] != "DONE" {
            input["text"] = json!(format!("虚构：第{}项核查情况。", key.0));
        }
        input
    };
    let (name, kind) = ("lookBackItemRecord", "LookBackItemRecordInput");
    let fields = "lookBackItem { finding evidence { totalCount } }";
    let file = put(&office, "found.csv", "序号,事项\n1,栏目无内容\n").await.id();
    let mut input = found(wrong);
    input["evidence"] =
        json!([{ "kind": "LINK", "url": "https://example.com/empty" }, { "kind": "FILE", "file": file }]);
    let own = y.reporter(&wrong.1).await;
    let id = Some(items[wrong].0.as_str());
    let system = y.who("system").await;
    let before = y.written().await;
    for who in [&inspector, &own, &system] {
        let mut input = input.clone();
        input["evidence"] = json!([]);
        let payload = verb(who, name, kind, id, input, fields).await;
        assert_eq!(refused(&payload), ["FORBIDDEN"]);
        assert!(payload["lookBackItem"].is_null());
    }
    assert_eq!(y.written().await, before);
    let recorded = done(verb(&office, name, kind, id, input, fields).await);
    assert_eq!(recorded["lookBackItem"], json!({ "finding": findings[wrong], "evidence": { "totalCount": 2 } }));
    let finish = async || {
        verb(&office, "lookBackFinish", "VersionInput", Some(&round), version.clone(), "lookBack { status }").await
    };
    if items.len() > 1 {
        assert_eq!(refused(&finish().await), ["INVALID_STATE"], "some have no finding");
    }
    let rest: Vec<&Key> = items.keys().filter(|key| *key != wrong).collect();
    for part in rest.chunks(100) {
        let one = |key: &&Key| {
            let mut input = found(key);
            input["id"] = json!(items[*key].0);
            input
        };
        let input = json!({ "items": part.iter().map(one).collect::<Vec<_>>() });
        let fields = "outcomes { lookBackItem { finding } userErrors { code message } }";
        let (name, kind) = ("lookBackItemRecordMany", "LookBackItemRecordManyInput");
        let many = done(verb(&office, name, kind, None, input, fields).await);
        let said: Vec<Value> = many["outcomes"].as_array().unwrap().clone();
        let expected = |key: &&Key| json!({ "lookBackItem": { "finding": findings[*key] }, "userErrors": [] });
        assert_eq!(said, part.iter().map(expected).collect::<Vec<_>>());
    }
    // Not before it is finished does a unit learn of it, then each of itself and of nobody else.
    assert!(y.items(&own, &round).await.is_none());
    let path = format!("/files/{file}");
    assert_eq!(get(&own, &path).await.status, 404);
    assert_eq!(done(finish().await)["lookBack"]["status"], "FINISHED");
    y.workers().await;
    assert_eq!(get(&own, &path).await.status, 200);
    assert_eq!(y.told(&own).await[0], "LOOK_BACK_FOUND");
    for unit in y.units.keys() {
        let who = y.reporter(unit).await;
        let seen = y.items(&who, &round).await.unwrap_or_default();
        let seen: BTreeMap<Key, Value> = seen.into_iter().map(|(key, item)| (key, item.4)).collect();
        let about = findings.iter().filter(|((_, u), _)| u == unit);
        assert_eq!(seen, about.map(|(key, found)| (key.clone(), json!(found))).collect(), "{unit}");
        if *unit != wrong.1 {
            assert_eq!(get(&who, &path).await.status, 404, "{unit}");
        }
    }
    put_right(y, &findings, &items).await;
    Round { findings }
}

/// Two units are told to put something right: one does, at the second go; the other has said how, and that is all.
async fn put_right(y: &mut Year, findings: &BTreeMap<Key, &'static str>, items: &BTreeMap<Key, Item>) {
    let (office, inspector) = (y.office().await, y.who("inspector").await);
    let mut wrong = findings.iter().filter(|(_, found)| !settles(found)).map(|(key, _)| key);
    let one = wrong.next().unwrap();
    let other = wrong.find(|key| key.1 != one.1).expect("two units with something wrong");
    let well = findings.iter().find(|(_, found)| settles(found)).map(|(key, _)| key).unwrap();
    let open = async |key: &Key, days: u64| {
        let input = json!({ "lookBackItem": items[key].0, "problem": "虚构：专栏没有内容。", "dueOn": y.today() + Days::new(days) });
        verb(&office, "rectificationOpen", "RectificationOpenInput", None, input, RECTIFICATION).await
    };
    assert_eq!(refused(&open(well, 9).await), ["INVALID_STATE"], "nothing is wrong there");
    let mut ids = Vec::new();
    for (key, days) in [(one, 9), (other, 1), (other, 5)] {
        let opened = done(open(key, days).await)["rectification"].take();
        assert_eq!(opened["status"], "OPENED");
        ids.push(text(&opened["id"]));
    }
    let [first, second, mistake] = [&ids[0], &ids[1], &ids[2]];
    let (unit, approver, stranger) = (y.reporter(&one.1).await, y.approver(&one.1).await, y.reporter(&other.1).await);
    let cancelled = done(y.step(&office, "Cancel", mistake, json!({ "reason": "重复交办" })).await);
    assert_eq!(cancelled["rectification"]["status"], "CANCELLED");
    y.workers().await;
    assert_eq!(y.told(&unit).await[0], "RECTIFICATION_OPENED");
    // Each has its own; who has no part in it finds nothing, who only reads writes nothing.
    let plan = json!({ "measure": "虚构：月底前补录。" });
    let before = y.written().await;
    assert_eq!(refused(&y.step(&stranger, "Plan", first, plan.clone()).await), ["NOT_FOUND"]);
    assert_eq!(refused(&y.step(&inspector, "Plan", first, plan.clone()).await), ["FORBIDDEN"]);
    assert_eq!(refused(&y.step(&office, "Plan", first, plan.clone()).await), ["FORBIDDEN"]);
    let recheck = json!({ "decision": "CLOSED" });
    assert_eq!(refused(&y.step(&unit, "Recheck", first, recheck.clone()).await), ["FORBIDDEN"]);
    assert_eq!(refused(&y.step(&office, "Recheck", first, recheck.clone()).await), ["INVALID_STATE"]);
    assert_eq!(y.written().await, before);

    done(y.step(&unit, "Plan", first, plan.clone()).await);
    done(y.step(&stranger, "Plan", second, plan).await);
    let proof = json!([{ "kind": "LINK", "url": "https://example.com/full" }]);
    let report = json!({ "result": "虚构：已补录本年内容。", "evidence": proof });
    done(y.step(&approver, "Report", first, report).await);
    let back = json!({ "decision": "RETURNED", "text": "上一年内容未补。" });
    let returned = done(y.step(&office, "Recheck", first, back).await)["rectification"].take();
    assert_eq!((&returned["status"], &returned["returnCount"]), (&json!("RETURNED"), &json!(1)));
    y.workers().await;
    assert_eq!(y.told(&unit).await[0], "RECTIFICATION_DECIDED");
    y.day(y.today() + Days::new(2)).await;

    let (unit, office) = (y.reporter(&one.1).await, y.office().await);
    done(y.step(&unit, "Report", first, json!({ "result": "虚构：均已补录。" })).await);
    let closed = done(y.step(&office, "Recheck", first, recheck).await)["rectification"].take();
    let steps: Vec<String> =
        closed["steps"]["nodes"].as_array().unwrap().iter().map(|step| text(&step["status"])).collect();
    assert_eq!(steps, ["OPENED", "PLANNED", "REPORTED", "RETURNED", "REPORTED", "CLOSED"]);
    assert_eq!((&closed["evidence"]["totalCount"], &closed["isOverdue"]), (&json!(1), &json!(false)));
    let query = "{ all: rectifications { totalCount } late: rectifications(filter: { overdue: true }) { nodes { id status } } }";
    let late = json!([{ "id": second, "status": "PLANNED" }]);
    for (who, count, late) in [
        (&office, 3, &late),
        (&y.who("inspector").await, 3, &late),
        (&y.reporter(&other.1).await, 2, &late),
        (&unit, 1, &json!([])),
    ] {
        let given = who.data(query, json!({})).await;
        assert_eq!((&given["all"]["totalCount"], &given["late"]["nodes"]), (&json!(count), late));
    }
    y.made.extend(ids);
}
