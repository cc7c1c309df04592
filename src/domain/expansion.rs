//! Issuing: from the names that are printed beside a task to the units that have to act.

use std::collections::{BTreeMap, BTreeSet};

use entity::vocabulary::{AssignmentRole, AssignmentTarget, GroupExpansion};
use uuid::Uuid;

/// A printed assignment of one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// Its row.
    pub id: Uuid,
    /// Its role.
    pub role: AssignmentRole,
    /// What it names.
    pub target: AssignmentTarget,
    /// The unit, if it names one that is known.
    pub unit: Option<Uuid>,
    /// The group, if it names one that is known.
    pub group: Option<Uuid>,
}

/// A group as it stands on the day of issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its units, in their order.
    pub members: Vec<Uuid>,
    /// How it becomes units.
    pub expansion: GroupExpansion,
}

/// A unit that has to act on the task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expanded {
    /// The unit.
    pub unit: Uuid,
    /// Its role.
    pub role: AssignmentRole,
    /// The printed assignment of the group it came from; nothing when it is named itself.
    pub source: Option<Uuid>,
    /// The printed assignment that gave the role, be it a unit or a group.
    pub printed: Uuid,
}

/// The units of a task, each once.
///
/// Named units come first in printed order, with the strongest role they are named with. Then the groups in printed
/// order give their role to members that are not there yet; where several groups hold a unit the strongest role wins.
/// A relative group (其他…) leaves out the leads of the task, named or expanded: they are there before it. 等相关部门 names
/// nobody.
pub fn expand(printed: &[Printed], groups: &BTreeMap<Uuid, Group>) -> Vec<Expanded> {
    let mut named: Vec<Expanded> = Vec::new();
    for p in printed.iter().filter(|p| p.target == AssignmentTarget::Unit) {
        let Some(unit) = p.unit else { continue };
        match named.iter_mut().find(|e| e.unit == unit) {
            Some(there) if strength(p.role) > strength(there.role) => (there.role, there.printed) = (p.role, p.id),
            Some(_) => {}
            None => named.push(Expanded { unit, role: p.role, source: None, printed: p.id }),
        }
    }

    let mut there: BTreeSet<Uuid> = named.iter().map(|e| e.unit).collect();

    // The strongest role first, so that all leads are there before a relative group comes, which thereby leaves them out;
    // of the same role whole groups first, because 其他 means those that nothing else names.
    let mut order: Vec<(usize, &Printed, &Group)> = printed
        .iter()
        .enumerate()
        .filter(|(_, p)| p.target == AssignmentTarget::Group)
        .filter_map(|(i, p)| Some((i, p, groups.get(&p.group?)?)))
        .collect();
    order
        .sort_by_key(|(i, p, g)| (std::cmp::Reverse(strength(p.role)), g.expansion == GroupExpansion::ExceptLeads, *i));

    let mut from_groups: Vec<(usize, Expanded)> = Vec::new();
    for (position, p, group) in order {
        for &unit in &group.members {
            if there.insert(unit) {
                from_groups.push((position, Expanded { unit, role: p.role, source: Some(p.id), printed: p.id }));
            }
        }
    }
    // A stable sort keeps the order of the members within a group.
    from_groups.sort_by_key(|(position, _)| *position);
    named.into_iter().chain(from_groups.into_iter().map(|(_, e)| e)).collect()
}

/// How strong a role is.
pub const fn strength(role: AssignmentRole) -> u8 {
    match role {
        AssignmentRole::Lead => 3,
        AssignmentRole::Responsible => 2,
        AssignmentRole::Support => 1,
    }
}
