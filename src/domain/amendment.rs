//! What an amendment remembers of a task or an assignment: how it was, and how it is.

use chrono::NaiveDate;
use entity::vocabulary::{AssignmentRole, AssignmentTarget};
use serde::{Deserialize, Serialize};

use super::text_diff::{Segment, diff};

/// A task, or an assignment of it, at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Snapshot {
    /// The number of the task.
    pub number: String,
    /// Its title.
    pub title: Option<String>,
    /// Its requirement.
    pub requirement: Option<String>,
    /// The lead units as printed.
    pub lead_text: Option<String>,
    /// The responsible units as printed.
    pub unit_text: Option<String>,
    /// Its deadline as printed.
    pub deadline: Option<String>,
    /// The day of its deadline.
    pub due_on: Option<NaiveDate>,
    /// Further deadlines as printed.
    pub further_deadlines: Vec<String>,
    /// 激励性指标.
    pub incentive: bool,
    /// The assignment, where the change is about one; of the task only number and title are told then.
    pub assignment: Option<AssignmentSnapshot>,
}

/// An assignment at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssignmentSnapshot {
    /// The name as printed.
    pub name: String,
    /// The role.
    pub role: AssignmentRole,
    /// What it names.
    pub target: AssignmentTarget,
    /// The part it is limited to.
    pub scope_note: Option<String>,
}

/// The texts that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The title.
    Title,
    /// The requirement.
    Requirement,
    /// The lead units as printed.
    LeadText,
    /// The responsible units as printed.
    ResponsibilityText,
    /// The deadline and the further ones.
    Deadline,
    /// The name of an assignment.
    Assignment,
}

impl Field {
    /// Every field, in the order in which they are shown.
    pub const ALL: &'static [Self] =
        &[Self::Title, Self::Requirement, Self::LeadText, Self::ResponsibilityText, Self::Deadline, Self::Assignment];

    fn of(self, snapshot: &Snapshot) -> String {
        let text = match self {
            // Of an assignment the task is only named.
            Self::Assignment => snapshot.assignment.as_ref().map(named),
            _ if snapshot.assignment.is_some() => None,
            Self::Title => snapshot.title.clone(),
            Self::Requirement => snapshot.requirement.clone(),
            Self::LeadText => snapshot.lead_text.clone(),
            Self::ResponsibilityText => snapshot.unit_text.clone(),
            Self::Deadline => Some(deadlines(snapshot)),
        };
        text.unwrap_or_default()
    }
}

/// The name with the part it is limited to, as it is printed.
fn named(assignment: &AssignmentSnapshot) -> String {
    match &assignment.scope_note {
        Some(note) => format!("{}（{note}）", assignment.name),
        None => assignment.name.clone(),
    }
}

fn deadlines(snapshot: &Snapshot) -> String {
    let day = snapshot.due_on.map(|day| day.to_string());
    let own = snapshot.deadline.clone().or(day);
    own.iter().chain(&snapshot.further_deadlines).cloned().collect::<Vec<_>>().join("；")
}

/// What changed, field by field; fields that did not change are left out.
pub fn redlines(before: Option<&Snapshot>, after: Option<&Snapshot>) -> Vec<(Field, Vec<Segment>)> {
    let text = |field: Field, of: Option<&Snapshot>| of.map(|of| field.of(of)).unwrap_or_default();
    let changed = |field: &Field| {
        let (old, new) = (text(*field, before), text(*field, after));
        (old != new).then(|| (*field, diff(&old, &new)))
    };
    Field::ALL.iter().filter_map(changed).collect()
}
