//! 机构改革: in autumn one unit becomes a part of another, in the middle of a period, and one is divided among two others.

use std::collections::BTreeSet;

use entity::vocabulary::AssignmentRole;
use serde_json::{Value, json};

use super::ground::{Year, ask, done, int, pages, text, verb};
use super::model::{Key, Owed, Report, Stands};
use super::spine::{Cast, plain_unit};
use crate::support::Client;

/// Units that play no other part.
pub struct Reform {
    /// Becomes a part of the next one.
    joining: String,
    joined: String,
    /// Is divided among these.
    divided: String,
    heirs: [String; 2],
}

fn rank(role: AssignmentRole) -> u8 {
    match role {
        AssignmentRole::Lead => 2,
        AssignmentRole::Responsible => 1,
        AssignmentRole::Support => 0,
    }
}

impl Reform {
    pub fn of(y: &Year, cast: &Cast) -> Self {
        let plain = plain_unit(y);
        let leads =
            |unit: &String| y.books.seats.iter().any(|((_, u), role)| u == unit && *role == AssignmentRole::Lead);
        let mut free: Vec<String> = y.crew().into_iter().filter(|unit| *unit != plain && !cast.plays(unit)).collect();
        // One that leads something, where there is one.
        let joining = free.remove(free.iter().position(leads).unwrap_or_default());
        // Who leads something reads what others handed in, whatever becomes of them.
        free.sort_by_key(leads);
        let mut free = free.into_iter();
        let mut next = || free.next().expect("enough units to reform");
        Self { joining, joined: next(), divided: next(), heirs: [next(), next()] }
    }
}

impl Year {
    async fn version_of(&self, unit: &str) -> Value {
        ask(&self.office().await, "unit(id: $id) { version }", &self.unit_id(unit)).await["unit"]["version"].take()
    }

    /// For the people of a unit that is no more there is nothing left.
    async fn has_nothing(&self, unit: &str) {
        let query = "{ tasks { totalCount } reportObligations { totalCount } progressReports { totalCount } }";
        for who in [self.reporter(unit).await, self.approver(unit).await] {
            let seen = who.data(query, json!({})).await;
            for what in ["tasks", "reportObligations", "progressReports"] {
                assert_eq!(seen[what]["totalCount"], 0, "{what} of {unit}");
            }
        }
    }

    /// What a successor reads of the reports of the unit before it: those that were ever handed in, on the tasks it does.
    async fn reads_after(&self, successor: &str, before: &str) -> usize {
        let filter = format!(", filter: {{ unit: {{ eq: \"{}\" }} }}", self.unit_id(before));
        let who = self.reporter(successor).await;
        let given = pages(&who, "progressReports", &filter, "id").await;
        let given: BTreeSet<String> = given.iter().map(|report| text(&report["id"])).collect();
        let inherited =
            |(task, unit): &Key| unit == before && self.books.seats.contains_key(&(task.clone(), successor.to_owned()));
        let written = self.books.spans.iter().flat_map(|span| &span.owed).filter(|(key, _)| inherited(key));
        let reports = written.filter_map(|(_, owed)| owed.report.as_ref());
        let expected: BTreeSet<String> =
            reports.filter(|report| report.handed_in.is_some()).map(|report| report.id.clone()).collect();
        assert!(given == expected, "{successor} after {before}: {} of {}", given.len(), expected.len());
        expected.len()
    }

    /// Somebody else reads none of it.
    async fn reads_nothing(&self, who: &Client, before: &str) {
        let filter = format!("filter: {{ unit: {{ eq: \"{}\" }} }}", self.unit_id(before));
        let seen = who.data(&format!("{{ progressReports({filter}) {{ totalCount }} }}"), json!({})).await;
        assert_eq!(seen["progressReports"]["totalCount"], 0, "reports of {before}");
    }

    /// The books after a merger: the stronger role stays, what was handed in stays whose it is, what is still owed comes to
    /// the successor, with the time that was granted or that is left to whoever joins.
    fn enter_merger(&mut self, span: usize, from: &str, into: &str) -> Vec<String> {
        let due = self.books.spans[span].due;
        let joins = self.t.service.calendar().add_working_days(self.today(), 5).unwrap();
        let seats: Vec<(Key, AssignmentRole)> = self
            .books
            .seats
            .iter()
            .filter(|((_, unit), _)| unit == from)
            .map(|(key, role)| (key.clone(), *role))
            .collect();
        for (key, role) in &seats {
            self.books.seats.remove(key);
            let own = self.books.seats.entry((key.0.clone(), into.to_owned())).or_insert(*role);
            if rank(*role) > rank(*own) {
                *own = *role;
            }
        }
        let owed = &mut self.books.spans[span].owed;
        for (key, _) in &seats {
            let own = (key.0.clone(), into.to_owned());
            let granted = owed.get(key).and_then(|owed| owed.due);
            if owed.get(key).is_some_and(|owed| owed.report.as_ref().is_none_or(|r| r.stands != Stands::Submitted)) {
                owed.remove(key);
            }
            if self.books.seats[&own] != AssignmentRole::Support {
                let own = owed.entry(own).or_insert_with(|| Owed { due: (joins > due).then_some(joins), report: None });
                own.due = own.due.max(granted.filter(|day| *day > due));
            }
        }
        seats.into_iter().map(|(key, _)| key.0).collect()
    }

    /// The successor goes on where the other stopped: word for word what was handed in last.
    async fn goes_on(&mut self, span: usize, before: usize, tasks: &[String], from: &str, into: &str) {
        let who = self.reporter(into).await;
        let owed = self.owes(&who, span, into).await;
        let counts = self.counts(&who, span, into).await;
        let was_on = |task: &String| {
            let key = (task.clone(), into.to_owned());
            self.books.spans.iter().take(span).any(|span| span.owed.get(&key).is_some_and(|owed| owed.report.is_some()))
        };
        // What was handed in in this very period would be carried, too.
        let old = |task: &String| {
            let key = (task.clone(), from.to_owned());
            let here = self.books.spans[span].owed.contains_key(&key);
            self.books.spans[before].owed.get(&key).filter(|_| !here)?.report.clone()
        };
        let found = tasks.iter().find_map(|task| {
            let obligation = owed.get(task).filter(|obligation| !counts.contains_key(*obligation))?;
            Some((task.clone(), obligation.clone(), old(task).filter(|_| !was_on(task))?))
        });
        let Some((task, obligation, old)) = found else {
            assert!(!self.papers.invented, "nothing of {from} to go on with");
            return;
        };
        let (name, kind) = ("progressReportCarryForward", "ProgressReportCarryForwardInput");
        let fields = "progressReport { id version narrative completion unit { code } }";
        let carried = done(verb(&who, name, kind, None, json!({ "obligation": obligation }), fields).await);
        let given = &carried["progressReport"];
        assert_eq!(
            (&given["narrative"], &given["completion"], &given["unit"]["code"]),
            (&json!(old.narrative), &json!(old.completion), &json!(into))
        );
        let (id, version) = (text(&given["id"]), int(&given["version"]));
        let report = Report { id, version, stands: Stands::Draft, handed_in: None, accepted: None, ..old };
        self.books.spans[span].owed.get_mut(&(task, into.to_owned())).unwrap().report = Some(report);
    }
}

/// November: while the period of October runs, a unit becomes a part of another. It has handed one thing in and got time for
/// the rest; all of that goes over.
pub async fn joined(y: &mut Year, cast: &Reform, span: usize, before: usize) {
    let (from, into) = (cast.joining.clone(), cast.joined.clone());
    y.more_time(span, &from, 12, true).await;
    y.report(span, &from, |nth| nth == 0).await;
    let handed_in = y.standing(span, &from, &[Stands::Submitted])[0].clone();
    let handed_in = y.books.report(span, &handed_in).id.clone();
    y.day(y.books.spans[span].due).await;
    let (office, plain) = (y.office().await, plain_unit(y));
    let (amendments, all) = (y.count("amendment").await, y.count("report_obligation").await);
    let names = ask(&office, "unit(id: $id) { name }", &y.unit_id(&from)).await["unit"]["name"].take();
    let input = json!({ "expectedVersion": y.version_of(&into).await, "sources": [y.unit_id(&from)],
        "reason": "机构改革", "on": y.today(), "documentNumber": "虚编〔2025〕8号" });
    let fields = "unit { active aliases history(first: 1) { nodes { kind oldName } } }
        sources { code active successor { code } } amendments { number reason }";
    let id = y.unit_id(&into);
    let merged = done(verb(&office, "unitMerge", "UnitMergeInput", Some(&id), input, fields).await);
    let line = json!({ "nodes": [{ "kind": "MERGED", "oldName": names }] });
    assert_eq!((&merged["unit"]["active"], &merged["unit"]["history"]), (&json!(true), &line));
    assert_eq!(merged["sources"], json!([{ "code": from, "active": false, "successor": { "code": into } }]));
    assert_eq!(merged["amendments"], json!([{ "number": amendments + 1, "reason": "机构改革" }]));

    let tasks = y.enter_merger(span, &from, &into);
    y.check_seats().await;
    y.compare(&office, Some(span), |_| true).await;
    y.compare(&office, None, |_| true).await;
    assert!(y.count("report_obligation").await >= all, "nothing that was owed is deleted");
    y.has_nothing(&from).await;
    assert!(y.reads_after(&into, &from).await > 0);
    assert_eq!(y.reads(&y.reporter(&into).await, &handed_in).await["status"], "SUBMITTED");
    y.reads_nothing(&y.reporter(&plain).await, &from).await;
    y.workers().await;
    let told = "{ viewer { notifications(first: 5) { nodes { kind } } } }";
    let told = y.reporter(&into).await.data(told, json!({})).await;
    let kinds = told["viewer"]["notifications"]["nodes"].as_array().unwrap().clone();
    assert!(kinds.contains(&json!({ "kind": "LIST_AMENDED" })), "{kinds:?}");

    // In the time that was granted the successor reports on what came to it, too.
    y.goes_on(span, before, &tasks, &from, &into).await;
    y.day(y.today() + chrono::TimeDelta::days(1)).await;
    y.report(span, &into, |_| true).await;
    let office = y.office().await;
    y.compare(&office, Some(span), |_| true).await;
    for task in &tasks {
        let owed = y.books.spans[span].owed.get(&(task.clone(), into.clone()));
        let in_time = owed.is_none_or(|owed| owed.due.is_some_and(|day| day > y.today()));
        assert!(in_time, "time for {task}");
    }
}

/// December: a unit is no more, and two others do what it did, as the office has it by an amendment. Each reads of it what
/// was written on the tasks that it does itself.
pub async fn divided(y: &mut Year, cast: &Reform) {
    let (gone, heirs) = (cast.divided.clone(), &cast.heirs);
    let office = y.office().await;
    let query = "taskList(id: $id) { tasks(first: 200) { nodes { id number } } }";
    let nodes = ask(&office, query, &y.list).await["taskList"]["tasks"]["nodes"].take();
    let id_of = |number: &String| {
        nodes.as_array().unwrap().iter().find(|n| n["number"] == json!(number)).unwrap()["id"].clone()
    };
    let mut changes = Vec::new();
    let mut moved = Vec::new();
    for ((task, unit), (role, seat)) in y.seats().await {
        if unit != gone {
            continue;
        }
        changes.push(json!({ "withdrawAssignment": { "assignment": seat } }));
        let there = heirs.iter().any(|heir| y.books.seats.contains_key(&(task.clone(), heir.clone())));
        if !there {
            let seat = json!({ "role": role, "unit": y.unit_id(&heirs[0]) });
            changes.push(json!({ "addAssignment": { "task": id_of(&task), "assignment": seat } }));
        }
        moved.push((task, there));
    }
    assert!(!moved.is_empty() && changes.len() <= 100, "{} changes", changes.len());
    let input = json!({ "expectedVersion": y.list_version().await, "reason": "撤并", "changes": changes });
    done(verb(&office, "taskListAmend", "TaskListAmendInput", Some(&y.list), input, "amendment { number }").await);
    for (task, there) in moved {
        let role = y.books.seats.remove(&(task.clone(), gone.clone())).unwrap();
        if !there {
            y.books.seats.insert((task, heirs[0].clone()), role);
        }
    }
    y.check_seats().await;
    y.reads_nothing(&y.reporter(&heirs[0]).await, &gone).await;

    let into: Vec<String> = heirs.iter().map(|heir| y.unit_id(heir)).collect();
    let input = json!({ "expectedVersion": y.version_of(&gone).await, "into": into, "ends": true, "on": y.today() });
    let fields = "unit { active history(first: 5) { nodes { kind } } }";
    let id = y.unit_id(&gone);
    let split = done(verb(&office, "unitSplit", "UnitSplitInput", Some(&id), input, fields).await);
    let lines = json!([{ "kind": "SPLIT" }, { "kind": "SPLIT" }]);
    assert_eq!((&split["unit"]["active"], &split["unit"]["history"]["nodes"]), (&json!(false), &lines));
    y.has_nothing(&gone).await;
    let mut read = 0;
    for heir in heirs {
        read += y.reads_after(heir, &gone).await;
    }
    assert!(read > 0);
    y.reads_nothing(&y.reporter(&plain_unit(y)).await, &gone).await;
    // The sums of the year are what they were.
    y.compare(&office, None, |_| true).await;
}
