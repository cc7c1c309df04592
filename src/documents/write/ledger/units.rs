//! The cells of the units: as printed, or put together where nothing was printed.

use entity::vocabulary::{AssignmentRole, AssignmentTarget};

use crate::documents::list_json::TaskItem;
use crate::domain::unit_expression::OPEN_NAME;

/// The names of a role: "甲局、乙局等".
fn names(task: &TaskItem, role: AssignmentRole, keep: impl Fn(&str) -> bool) -> String {
    let mut out = String::new();
    for item in task.assignments.iter().filter(|a| a.role == role && keep(&a.name)) {
        if item.name == OPEN_NAME {
            out.push('等');
            continue;
        }
        match item.target {
            AssignmentTarget::Open => out.push('等'),
            _ if !out.is_empty() => out.push('、'),
            _ => {}
        }
        out.push_str(&item.name);
        if let Some(scope) = &item.scope_note {
            out.push_str(&format!("（{scope}）"));
        }
    }
    out
}

/// The cell of the lead units.
pub(super) fn lead(task: &TaskItem) -> String {
    match &task.lead_text {
        Some(text) => text.clone(),
        None if task.unit_text.is_some() => String::new(),
        None => names(task, AssignmentRole::Lead, |_| true),
    }
}

/// The cell of the responsible units; it names the other roles too where they have no column.
pub(super) fn units(task: &TaskItem, has_lead: bool, has_support: bool) -> String {
    if let Some(text) = &task.unit_text {
        return text.clone();
    }
    if task.lead_text.is_some() {
        return String::new();
    }
    let mut parts = Vec::new();
    let mut add = |names: String, behind: &str| {
        if !names.is_empty() {
            parts.push(format!("{names}{behind}"));
        }
    };
    if !has_lead {
        add(names(task, AssignmentRole::Lead, |_| true), "牵头");
    }
    add(names(task, AssignmentRole::Responsible, |_| true), "");
    if !has_support {
        add(names(task, AssignmentRole::Support, |_| true), "配合");
    }
    parts.join("；")
}

/// The cell of the supporters: those that no other cell names; without a column of units it is the printed cell.
pub(super) fn support(task: &TaskItem, has_units: bool) -> String {
    if !has_units && let Some(text) = &task.unit_text {
        return text.clone();
    }
    let said = [task.lead_text.as_deref(), task.unit_text.as_deref()];
    names(task, AssignmentRole::Support, |name| !said.iter().flatten().any(|text| text.contains(name)))
}
