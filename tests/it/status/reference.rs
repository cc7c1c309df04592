//! The figures of everybody against the same figures by plain loops over the rows of a world.

use std::collections::{BTreeMap, BTreeSet};

use entity::vocabulary::*;
use serde_json::{Map, Value, json};
use taizhang::clock::day_of;
use taizhang::id::{GlobalId, Kind};
use uuid::Uuid;

use super::COUNTS;
use crate::support::World;
use crate::support::policy::Policy;

type Obligation = entity::report_obligation::Model;

/// What a principal sees of the report of an obligation.
fn report<'w>(policy: &Policy<'w>, owed: &Obligation) -> Option<&'w entity::progress_report::Model> {
    let rows = policy.rows;
    rows.progress_report.iter().find(|r| r.report_obligation_id == owed.id && policy.sees("ProgressReport", r.id))
}

fn count(policy: &Policy<'_>, owed: &Obligation, figures: &mut Map<String, Value>) {
    let mut one = |figure: &str| {
        let sum = figures[figure].as_i64().unwrap() + 1;
        figures[figure] = json!(sum);
    };
    one("expected");
    let due = policy.rows.reporting_period.iter().find(|p| p.id == owed.reporting_period_id).unwrap().due_on;
    let report = report(policy, owed);
    // One under correction was accepted, and that counts.
    let accepted = report.and_then(|r| r.accepted_completion);
    match report.map(|r| if r.accepted_revision.is_some() { ReportStatus::Accepted } else { r.status }) {
        Some(status @ (ReportStatus::Submitted | ReportStatus::Accepted)) => {
            one("received");
            one(if status == ReportStatus::Accepted { "accepted" } else { "submitted" });
            let report = report.unwrap();
            one(if day_of(report.submitted_at.unwrap()) > due { "late" } else { "onTime" });
            match accepted.or(report.completion) {
                Some(Completion::NothingToReport) => one("nothingToReport"),
                Some(Completion::NotApplicable) => one("notApplicable"),
                _ => {}
            }
        }
        status => {
            one(if status == Some(ReportStatus::Returned) { "returned" } else { "missing" });
            one(if policy.today > due { "overdue" } else { "notDue" });
        }
    }
}

/// The keys of the rows an obligation counts in.
fn keys(policy: &Policy<'_>, owed: &Obligation, by: &str) -> Vec<Option<Uuid>> {
    let rows = policy.rows;
    let seen = |of: &str, id: Uuid| Some(id).filter(|id| policy.sees(of, *id));
    let keys: BTreeSet<Uuid> = match by {
        "UNIT" => seen("Unit", owed.unit_id).into_iter().collect(),
        "LIST" => seen("TaskList", owed.task_list_id).into_iter().collect(),
        "SECTION" => {
            let task = rows.task.iter().find(|t| t.id == owed.task_id && policy.sees("Task", t.id));
            let mut at = task.and_then(|t| t.section_id);
            while let Some(parent) = at.and_then(|id| rows.section.iter().find(|s| s.id == id).unwrap().parent_id) {
                at = Some(parent);
            }
            at.and_then(|id| seen("Section", id)).into_iter().collect()
        }
        "LEAD" => rows
            .assignment
            .iter()
            .filter(|a| a.task_id == owed.task_id && a.role == AssignmentRole::Lead && policy.sees("Assignment", a.id))
            .filter_map(|a| a.unit_id)
            .collect(),
        _ => {
            let of_unit = rows.unit_group_member.iter().filter(|m| m.unit_id == owed.unit_id);
            of_unit.filter_map(|m| seen("UnitGroup", m.unit_group_id)).collect()
        }
    };
    if keys.is_empty() { vec![None] } else { keys.into_iter().map(Some).collect() }
}

fn zero() -> Map<String, Value> {
    COUNTS.split_whitespace().map(|figure| (figure.to_owned(), json!(0))).collect()
}

fn of_row(row: &Value) -> Option<Uuid> {
    let objects = ["unit", "section", "unitGroup", "taskList"].map(|field| row[field]["id"].as_str());
    let id = objects.into_iter().flatten().next()?;
    Some(id.parse::<GlobalId>().unwrap().uuid)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_gets_the_figures_of_what_he_sees() {
    let world = World::new().await;
    let today = day_of(world.t.service.clock().now());
    let query = format!(
        "query($by: ReportingStatusGrouping!, $p: ID, $l: ID, $day: Date) {{
            reportingStatus(groupBy: $by, period: $p, taskList: $l, asOf: $day, first: 200) {{ totals {{ {COUNTS} }}
                nodes {{ unit {{ id }} section {{ id }} unitGroup {{ id }} taskList {{ id }} counts {{ {COUNTS} }} }} }} }}"
    );
    let (mut compared, mut nonzero) = (0, BTreeSet::new());
    for (name, client) in world.principals() {
        let policy = Policy::new(&world.rows, world.user(name), today);
        for period in [None, Some("p1"), Some("p2"), Some("county-p")] {
            for by in ["UNIT", "SECTION", "LEAD", "GROUP", "LIST"] {
                let (mut rows, mut totals) = (BTreeMap::new(), zero());
                let wanted = |o: &&Obligation| {
                    policy.sees("ReportObligation", o.id)
                        && policy.counted(o.id)
                        && period.is_none_or(|p| world.get(p) == o.reporting_period_id)
                };
                for owed in world.rows.report_obligation.iter().filter(wanted) {
                    count(&policy, owed, &mut totals);
                    for key in keys(&policy, owed, by) {
                        count(&policy, owed, rows.entry(key).or_insert_with(zero));
                    }
                }
                let id = period.map(|p| world.id(Kind::ReportingPeriod, p));
                let data = client.data(&query, json!({ "by": by, "p": id, "day": today })).await;
                let answer = &data["reportingStatus"];
                assert_eq!(answer["totals"], Value::Object(totals.clone()), "{name} {period:?} {by}");
                let given: Vec<(Option<Uuid>, &Value)> =
                    answer["nodes"].as_array().unwrap().iter().map(|row| (of_row(row), &row["counts"])).collect();
                assert_eq!(given.len(), rows.len(), "{name} {period:?} {by}: {given:?}");
                for (key, counts) in given {
                    let expected = rows.get(&key).unwrap_or_else(|| panic!("{name} {period:?} {by}: {key:?} leaks"));
                    assert_eq!(*counts, Value::Object(expected.clone()), "{name} {period:?} {by} {key:?}");
                    compared += 1;
                }
                nonzero.extend(totals.into_iter().filter(|(_, n)| *n != json!(0)).map(|(figure, _)| figure));
            }
        }
    }
    println!("{compared} rows compared; figures that occurred: {nonzero:?}");
    assert!(compared > 500 && nonzero.len() >= 9, "{compared} {nonzero:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_gets_the_table_of_what_he_sees() {
    let world = World::new().await;
    let today = day_of(world.t.service.clock().now());
    let query = "query($p: ID!) { reportingMatrix(period: $p, first: 200) { totalCount units { id }
        nodes { task { id } cells { unitId obligation { id due { on state daysOverdue } } report { id status }
        due { on state daysOverdue } } } } }";
    let mut compared = 0;
    for (name, client) in world.principals() {
        let policy = Policy::new(&world.rows, world.user(name), today);
        for period in ["p1", "p2", "county-p", "foreign-p"] {
            let data = client.data(query, json!({ "p": world.id(Kind::ReportingPeriod, period) })).await;
            let answer = &data["reportingMatrix"];
            if !policy.sees("ReportingPeriod", world.get(period)) {
                assert!(answer.is_null(), "{name} {period}");
                continue;
            }
            let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            let mut units = BTreeSet::new();
            for owed in world.rows.report_obligation.iter().filter(|o| {
                o.reporting_period_id == world.get(period)
                    && policy.sees("ReportObligation", o.id)
                    && policy.counted(o.id)
            }) {
                if policy.sees("Unit", owed.unit_id) {
                    units.insert(GlobalId::new(Kind::Unit, owed.unit_id).to_string());
                }
                if policy.sees("Task", owed.task_id) {
                    let of = expected.entry(GlobalId::new(Kind::Task, owed.task_id).to_string()).or_default();
                    let report = report(&policy, owed)
                        .map(|r| (GlobalId::new(Kind::ProgressReport, r.id).to_string(), r.status.as_str()));
                    of.insert(format!(
                        "{} {} {report:?}",
                        GlobalId::new(Kind::ReportObligation, owed.id),
                        GlobalId::new(Kind::Unit, owed.unit_id)
                    ));
                }
            }
            let given: BTreeMap<String, BTreeSet<String>> = answer["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| {
                    let cells = row["cells"].as_array().unwrap().iter().map(|cell| {
                        compared += 1;
                        assert_eq!(
                            cell["due"], cell["obligation"]["due"],
                            "{name} {period}: as the obligation says itself"
                        );
                        let report = cell["report"]["id"]
                            .as_str()
                            .map(|id| (id.to_owned(), cell["report"]["status"].as_str().unwrap()));
                        format!(
                            "{} {} {report:?}",
                            cell["obligation"]["id"].as_str().unwrap(),
                            cell["unitId"].as_str().unwrap()
                        )
                    });
                    (row["task"]["id"].as_str().unwrap().to_owned(), cells.collect())
                })
                .collect();
            assert_eq!(given, expected, "{name} {period}");
            assert_eq!(answer["totalCount"], expected.len(), "{name} {period}");
            let columns: BTreeSet<String> = answer["units"]
                .as_array()
                .unwrap()
                .iter()
                .map(|unit| unit["id"].as_str().unwrap().to_owned())
                .collect();
            assert_eq!(columns, units, "{name} {period}");
        }
    }
    println!("{compared} cells compared");
    assert!(compared > 200);
}
