//! A list as the document it came from, or as it would be printed.

use std::collections::HashMap;

use entity::vocabulary::{DeadlineKind, TaskStatus};
use entity::{assignment, deadline, section, task, task_list};
use uuid::Uuid;

use crate::documents::list_json::{
    AssignmentItem, Column, ColumnRole, DeadlineItem, ListDocument, OtherTime, SectionItem, TaskItem,
};
use crate::domain::rule::Rule;
use crate::store::{Reader, StoreError, Visible};

/// The visible part of a list.
pub(in crate::service) async fn ledger(reader: &Reader, list: &task_list::Model) -> Result<ListDocument, StoreError> {
    let mut sections = reader.rows_where::<section::Entity>(section::Column::TaskListId, &[list.id]).await?;
    sections.sort_by_key(|row| (row.position, row.id));
    let mut tasks = reader.rows_where::<task::Entity>(task::Column::TaskListId, &[list.id]).await?;
    // What was withdrawn is printed no more.
    tasks.retain(|row| row.status == TaskStatus::Active);
    tasks.sort_by_key(|row| (row.position, row.id));
    let keys: Vec<Uuid> = tasks.iter().map(|row| row.id).collect();
    let mut deadlines = by_task(reader.rows_where::<deadline::Entity>(deadline::Column::TaskId, &keys).await?, |row| {
        (row.task_id, row.position)
    });
    let mut assignments =
        by_task(reader.rows_where::<assignment::Entity>(assignment::Column::TaskId, &keys).await?, |row| {
            (row.task_id, row.position)
        });
    let paths = paths(&sections);
    let mut document = ListDocument {
        title: Some(list.title.clone()),
        issuer: list.issuer_text.clone(),
        reporting_period: list.reporting_period_text.clone(),
        columns: columns(list),
        ..ListDocument::empty(list.year)
    };
    document.sections = in_printed_order(&sections)
        .into_iter()
        .map(|row| SectionItem { path: paths.get(&row.id).cloned().unwrap_or_default(), title: row.title.clone() })
        .collect();
    document.tasks = tasks
        .iter()
        .map(|row| {
            let path = row.section_id.and_then(|section| paths.get(&section)).cloned().unwrap_or_default();
            let times = deadlines.remove(&row.id).unwrap_or_default();
            let who = assignments.remove(&row.id).unwrap_or_default();
            item(row, path, &times, &who)
        })
        .collect();
    Ok(document)
}

fn by_task<M>(rows: Vec<Visible<M>>, place: impl Fn(&M) -> (Uuid, i32)) -> HashMap<Uuid, Vec<Visible<M>>> {
    let mut rows = rows;
    rows.sort_by_key(|row| place(row));
    let mut groups: HashMap<Uuid, Vec<Visible<M>>> = HashMap::new();
    for row in rows {
        groups.entry(place(&row).0).or_default().push(row);
    }
    groups
}

/// The labels from the outermost down to each section.
pub(in crate::service) fn paths(sections: &[Visible<section::Model>]) -> HashMap<Uuid, Vec<String>> {
    let rows: HashMap<Uuid, &section::Model> = sections.iter().map(|row| (row.id, &**row)).collect();
    let path = |row: &section::Model| {
        let mut labels = vec![row.label.clone()];
        let mut above = row.parent_id;
        // The tree has no circles; a bound costs nothing.
        for _ in 0..32 {
            let Some(parent) = above.and_then(|id| rows.get(&id)) else { break };
            labels.push(parent.label.clone());
            above = parent.parent_id;
        }
        labels.reverse();
        labels
    };
    sections.iter().map(|row| (row.id, path(row))).collect()
}

/// Parents before their children, otherwise as printed.
pub(in crate::service) fn in_printed_order(sections: &[Visible<section::Model>]) -> Vec<&section::Model> {
    fn add<'a>(parent: Option<Uuid>, all: &'a [Visible<section::Model>], out: &mut Vec<&'a section::Model>, depth: u8) {
        for row in all.iter().filter(|row| row.parent_id == parent && depth > 0) {
            out.push(row);
            add(Some(row.id), all, out, depth - 1);
        }
    }
    let mut out = Vec::new();
    add(None, sections, &mut out, 32);
    out
}

/// The columns of the table the list was read from.
fn columns(list: &task_list::Model) -> Vec<Column> {
    let stored = list.columns.as_ref().and_then(|columns| columns.as_array());
    let column = |value: &serde_json::Value| {
        let role = ColumnRole::ALL.iter().find(|role| value["role"] == role.as_str())?;
        Some(Column { header: value["header"].as_str().map(str::to_owned), role: *role })
    };
    stored.map(|columns| columns.iter().filter_map(column).collect()).unwrap_or_default()
}

fn item(
    row: &task::Model,
    section_path: Vec<String>,
    times: &[Visible<deadline::Model>],
    who: &[Visible<assignment::Model>],
) -> TaskItem {
    let own = times.iter().find(|row| row.position == 0);
    TaskItem {
        number: Some(row.number.clone()),
        section_path,
        title: row.title.clone(),
        requirement: row.requirement.clone(),
        lead_text: row.lead_text.clone(),
        unit_text: row.unit_text.clone(),
        inherited: row.inherited,
        // What a group came to is not printed; the group is.
        assignments: who
            .iter()
            .filter(|row| row.source_assignment_id.is_none())
            .map(|row| AssignmentItem {
                name: row.name.clone(),
                role: row.role,
                target: row.target,
                scope_note: row.scope_note.clone(),
            })
            .collect(),
        deadline_text: own.and_then(|row| row.text.clone()),
        deadline: own.map_or(DeadlineItem::NONE, |row| {
            let (date, from, to) = days(row);
            DeadlineItem { kind: row.kind, date, from, to, rule: rule(row), source: row.source }
        }),
        other_times: times.iter().filter(|row| row.position > 0).map(|row| other(row)).collect(),
        incentive: row.incentive,
        needs_review: row.needs_review,
    }
}

fn other(row: &deadline::Model) -> OtherTime {
    let (date, from, to) = days(row);
    OtherTime { text: row.text.clone().unwrap_or_default(), kind: row.kind, date, from, to, rule: rule(row) }
}

fn rule(row: &deadline::Model) -> Option<Rule> {
    row.rule.clone().and_then(|rule| serde_json::from_value(rule).ok())
}

/// The days as a document says them: one that was computed from the day of issue is not said.
fn days(row: &deadline::Model) -> (Option<chrono::NaiveDate>, Option<chrono::NaiveDate>, Option<chrono::NaiveDate>) {
    match row.kind {
        DeadlineKind::Window => (None, row.from_on, row.due_on),
        DeadlineKind::Relative => (None, row.from_on, None),
        _ => (row.due_on, row.from_on, None),
    }
}
