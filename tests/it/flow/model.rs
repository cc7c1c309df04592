//! What a careful clerk would write down beside the program: who owes what, what came and when, and the sums of it.
//! Nothing here asks the program for anything.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use entity::vocabulary::{AssignmentRole, AssignmentTarget};
use serde_json::{Map, Value, json};
use taizhang::documents::list_json::ListDocument;
use taizhang::documents::units_json::Jurisdiction;

use crate::status::COUNTS;

/// A task by its number and a unit by its code.
pub type Key = (String, String);

/// Sums: all together, and by what they are put together by.
pub type Sums = (Map<String, Value>, BTreeMap<Option<String>, Map<String, Value>>);

/// How a report stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    Draft,
    Signing,
    Submitted,
    Returned,
    Accepted,
}

/// What a unit wrote.
#[derive(Clone, Debug)]
pub struct Report {
    pub id: String,
    pub version: i64,
    pub stands: Stands,
    pub completion: &'static str,
    pub narrative: String,
    /// The day it last went to the office.
    pub handed_in: Option<NaiveDate>,
    /// What it said when it was last accepted.
    pub accepted: Option<&'static str>,
}

/// What a unit has to report on a task in a period.
#[derive(Clone, Debug, Default)]
pub struct Owed {
    /// The day that was granted to it alone.
    pub due: Option<NaiveDate>,
    pub report: Option<Report>,
}

/// A period.
#[derive(Clone, Debug)]
pub struct Span {
    pub id: String,
    pub label: String,
    pub due: NaiveDate,
    pub owed: BTreeMap<Key, Owed>,
}

/// The whole bookkeeping.
#[derive(Clone, Debug)]
pub struct Model {
    /// Who is on which task, in force.
    pub seats: BTreeMap<Key, AssignmentRole>,
    /// The label of the outermost section of a task.
    pub sections: BTreeMap<String, String>,
    /// The members of the groups.
    pub groups: BTreeMap<String, BTreeSet<String>>,
    pub spans: Vec<Span>,
}

impl Model {
    /// The books on the day of issue: names looked up and groups counted out by plain loops.
    pub fn of(place: &Jurisdiction, list: &ListDocument) -> Self {
        let mut units = BTreeMap::new();
        for unit in &place.units {
            for name in std::iter::once(&unit.name).chain(&unit.short).chain(&unit.aliases) {
                units.insert(name.clone(), unit.id.clone());
            }
        }
        let mut seats = BTreeMap::new();
        let mut sections = BTreeMap::new();
        for task in &list.tasks {
            let number = task.number.clone().unwrap_or_default();
            let mut on: BTreeMap<String, AssignmentRole> = BTreeMap::new();
            let rank = |role: AssignmentRole| match role {
                AssignmentRole::Lead => 0,
                AssignmentRole::Responsible => 1,
                AssignmentRole::Support => 2,
            };
            for printed in task.assignments.iter().filter(|a| a.target == AssignmentTarget::Unit) {
                let code = units.get(&printed.name).unwrap_or_else(|| panic!("no unit {}", printed.name));
                let role = on.entry(code.clone()).or_insert(printed.role);
                if rank(printed.role) < rank(*role) {
                    *role = printed.role;
                }
            }
            let mut groups: Vec<_> = task.assignments.iter().filter(|a| a.target == AssignmentTarget::Group).collect();
            groups.sort_by_key(|printed| rank(printed.role));
            for printed in groups {
                let group = place
                    .groups
                    .iter()
                    .find(|group| group.name == printed.name || group.aliases.contains(&printed.name))
                    .unwrap_or_else(|| panic!("no group {}", printed.name));
                // Who is on the task already keeps his role, so "the others" leaves the leads out by itself.
                for code in &group.members {
                    on.entry(code.clone()).or_insert(printed.role);
                }
            }
            seats.extend(on.into_iter().map(|(unit, role)| ((number.clone(), unit), role)));
            sections.insert(number, task.section_path.first().cloned().unwrap_or_default());
        }
        let groups =
            place.groups.iter().map(|group| (group.id.clone(), group.members.iter().cloned().collect())).collect();
        Self { seats, sections, groups, spans: Vec::new() }
    }

    /// Leads and responsible units report; supporting ones don't, unless the list says so, which none of these does.
    pub fn owing(&self) -> impl Iterator<Item = &Key> {
        self.seats.iter().filter(|(_, role)| **role != AssignmentRole::Support).map(|(key, _)| key)
    }

    /// A period is opened.
    pub fn open(&mut self, id: String, label: String, due: NaiveDate) -> usize {
        let owed = self.owing().map(|key| (key.clone(), Owed::default())).collect();
        self.spans.push(Span { id, label, due, owed });
        self.spans.len() - 1
    }

    /// The tasks a unit owes in a period.
    pub fn tasks(&self, span: usize, unit: &str) -> Vec<String> {
        self.spans[span].owed.keys().filter(|(_, u)| u == unit).map(|(task, _)| task.clone()).collect()
    }

    /// The units that have handed in nothing on something.
    pub fn silent(&self, span: usize) -> BTreeSet<String> {
        let waits = |owed: &Owed| {
            owed.report
                .as_ref()
                .is_none_or(|r| r.accepted.is_none() && !matches!(r.stands, Stands::Submitted | Stands::Accepted))
        };
        self.spans[span].owed.iter().filter(|(_, owed)| waits(owed)).map(|((_, unit), _)| unit.clone()).collect()
    }

    /// The report of a unit on a task.
    pub fn report(&mut self, span: usize, key: &Key) -> &mut Report {
        self.spans[span].owed.get_mut(key).unwrap().report.as_mut().unwrap_or_else(|| panic!("no report of {key:?}"))
    }

    /// The leads of a task.
    pub fn leads(&self, task: &str) -> Vec<String> {
        let on = self.seats.iter().filter(|((t, _), role)| t == task && **role == AssignmentRole::Lead);
        on.map(|((_, unit), _)| unit.clone()).collect()
    }

    fn keys(&self, key: &Key, by: &str, leads: &BTreeMap<&String, Vec<String>>) -> Vec<Option<String>> {
        let (task, unit) = key;
        let keys: Vec<String> = match by {
            "UNIT" => vec![unit.clone()],
            "SECTION" => self.sections.get(task).cloned().filter(|s| !s.is_empty()).into_iter().collect(),
            "LEAD" => leads.get(task).cloned().unwrap_or_default(),
            "GROUP" => {
                self.groups.iter().filter(|(_, members)| members.contains(unit)).map(|(code, _)| code.clone()).collect()
            }
            _ => vec!["list".to_owned()],
        };
        if keys.is_empty() { vec![None] } else { keys.into_iter().map(Some).collect() }
    }

    /// The sums of some periods, as far as `seen`: all together, and put together by something.
    pub fn sums(&self, spans: &[usize], by: &str, today: NaiveDate, seen: impl Fn(&Key) -> bool) -> Sums {
        let (mut totals, mut rows) = (zero(), BTreeMap::new());
        let mut leads: BTreeMap<&String, Vec<String>> = BTreeMap::new();
        for ((task, unit), _) in self.seats.iter().filter(|(_, role)| **role == AssignmentRole::Lead) {
            leads.entry(task).or_default().push(unit.clone());
        }
        for span in spans.iter().map(|span| &self.spans[*span]) {
            for (key, owed) in span.owed.iter().filter(|(key, _)| seen(key)) {
                count(span, owed, today, &mut totals);
                for part in self.keys(key, by, &leads) {
                    count(span, owed, today, rows.entry(part).or_insert_with(zero));
                }
            }
        }
        (totals, rows)
    }
}

fn zero() -> Map<String, Value> {
    COUNTS.split_whitespace().map(|figure| (figure.to_owned(), json!(0))).collect()
}

fn count(span: &Span, owed: &Owed, today: NaiveDate, sums: &mut Map<String, Value>) {
    let mut one = |figure: &str| sums[figure] = json!(sums[figure].as_i64().unwrap() + 1);
    one("expected");
    let due = owed.due.unwrap_or(span.due);
    let report = owed.report.as_ref();
    // What was accepted counts until its correction is.
    let stands = report.map(|r| if r.accepted.is_some() { Stands::Accepted } else { r.stands });
    match (report, stands) {
        (Some(report), Some(stands @ (Stands::Submitted | Stands::Accepted))) => {
            one("received");
            one(if stands == Stands::Accepted { "accepted" } else { "submitted" });
            one(if report.handed_in.unwrap() > due { "late" } else { "onTime" });
            match report.accepted.unwrap_or(report.completion) {
                "NOTHING_TO_REPORT" => one("nothingToReport"),
                "NOT_APPLICABLE" => one("notApplicable"),
                _ => {}
            }
        }
        (_, stands) => {
            one(if stands == Some(Stands::Returned) { "returned" } else { "missing" });
            one(if today > due { "overdue" } else { "notDue" });
        }
    }
}
