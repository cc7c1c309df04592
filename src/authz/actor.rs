//! The principal of a request: a user acting for a unit, with the grants in force today.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use entity::vocabulary::{Role, UserKind};
use uuid::Uuid;

/// What a service account may touch; the words of its `scopes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// `lists:read`: lists, sections, tasks and assignments.
    ListsRead,
    /// `reports:read`: periods, obligations and reports.
    ReportsRead,
    /// `reports:write`: the reporting verbs.
    ReportsWrite,
}

impl Scope {
    /// Every scope.
    pub const ALL: &'static [Self] = &[Self::ListsRead, Self::ReportsRead, Self::ReportsWrite];

    /// The word of the scope.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ListsRead => "lists:read",
            Self::ReportsRead => "reports:read",
            Self::ReportsWrite => "reports:write",
        }
    }

    /// Reads a space-separated list; unknown words give no right and are dropped.
    pub fn parse_all(words: &str) -> BTreeSet<Self> {
        Self::ALL.iter().copied().filter(|s| words.split(' ').any(|w| w == s.as_str())).collect()
    }
}

/// A role at a unit, in force today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What it allows.
    pub role: Role,
    /// Where.
    pub unit_id: Uuid,
    /// For `INTEGRATION`.
    pub scopes: BTreeSet<Scope>,
    /// For an inspector of named lists: those lists and nothing else.
    pub named_lists: Option<BTreeSet<Uuid>>,
}

/// The part of the business data a reach is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Lists, sections, tasks, assignments, deadlines.
    Lists,
    /// Periods, obligations, reports, reviews.
    Reports,
}

/// One way in which an actor reaches business rows; its rights are the union of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach<'a> {
    /// Everything of lists issued at or below this unit, drafts too.
    Issuer(Uuid),
    /// Everything of these lists, as far as they lie under this root: a list named by mistake opens nothing elsewhere.
    Lists(&'a BTreeSet<Uuid>, Uuid),
    /// What the tasks assigned to this unit allow (DESIGN §3).
    Unit(Uuid),
}

/// The principal of a request, loaded from the database for that request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user.
    pub user_id: Uuid,
    /// A person or a service account.
    pub kind: UserKind,
    /// The name shown beside what the user did.
    pub display_name: String,
    /// The unit the user acts for.
    pub unit_id: Uuid,
    /// The root of that unit's tree; nothing crosses it.
    pub root_id: Uuid,
    /// The session of the token.
    pub session_id: Uuid,
    /// The grants in force today.
    pub grants: Vec<Grant>,
    /// The units that another one comes from under that root, by that one.
    pub predecessors: BTreeMap<Uuid, BTreeSet<Uuid>>,
    /// What the session asked for, where it is a machine's: what came by other sessions of the account is not there.
    pub narrowed: Option<BTreeSet<Scope>>,
    /// The moment of the request; what has expired by then is not there.
    pub at: DateTime<Utc>,
}

impl Actor {
    /// The ways this actor reaches business rows of `area`; administrators have none.
    pub fn reach(&self, area: Area) -> Vec<Reach<'_>> {
        self.grants.iter().filter_map(|grant| reach_of(grant, area, self.root_id)).collect()
    }

    /// The units that became part of `unit`, or that it took a part of: whoever does a task reads what was written on it by
    /// those he comes from.
    pub fn predecessors(&self, unit: Uuid) -> impl Iterator<Item = Uuid> + '_ {
        self.predecessors.get(&unit).into_iter().flatten().copied()
    }

    /// The units at which the actor holds `role`.
    pub fn units_with(&self, role: Role) -> impl Iterator<Item = Uuid> + '_ {
        self.grants.iter().filter(move |g| g.role == role).map(|g| g.unit_id)
    }

    /// Whether the actor holds `role` anywhere.
    pub fn has(&self, role: Role) -> bool {
        self.units_with(role).next().is_some()
    }

    /// Whether the actor writes anything at all that files are for: lists or reports.
    pub fn writes(&self) -> bool {
        self.has(Role::Office) || self.grants.iter().any(|grant| self.reports_for(grant.unit_id))
    }

    /// Whether the actor writes reports for `unit`.
    pub fn reports_for(&self, unit: Uuid) -> bool {
        self.grants.iter().any(|g| {
            g.unit_id == unit
                && match g.role {
                    Role::Reporter | Role::Approver => true,
                    Role::Integration => g.scopes.contains(&Scope::ReportsWrite),
                    Role::Office | Role::Inspector | Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin => {
                        false
                    }
                }
        })
    }
}

impl Actor {
    /// Whether the actor signs the reports of `unit`.
    pub fn signs_for(&self, unit: Uuid) -> bool {
        self.units_with(Role::Approver).any(|at| at == unit)
    }
}

fn reach_of(grant: &Grant, area: Area, root: Uuid) -> Option<Reach<'_>> {
    match grant.role {
        Role::Office => Some(Reach::Issuer(grant.unit_id)),
        Role::Inspector => Some(match &grant.named_lists {
            Some(lists) => Reach::Lists(lists, root),
            None => Reach::Issuer(grant.unit_id),
        }),
        Role::Reporter | Role::Approver => Some(Reach::Unit(grant.unit_id)),
        Role::Integration => {
            let needed = match area {
                Area::Lists => Scope::ListsRead,
                Area::Reports => Scope::ReportsRead,
            };
            grant.scopes.contains(&needed).then_some(Reach::Unit(grant.unit_id))
        }
        Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin => None,
    }
}

impl Actor {
    /// Whether the actor holds OFFICE at one of these units (a unit and all above it).
    pub fn office_over(&self, at_and_above: &HashSet<Uuid>) -> bool {
        self.units_with(Role::Office).any(|unit| at_and_above.contains(&unit))
    }

    /// Whether the actor holds AUDIT_ADMIN at the root: what was done at the machine or by time itself is of no unit.
    pub fn audits_all(&self) -> bool {
        self.units_with(Role::AuditAdmin).any(|unit| unit == self.root_id)
    }

    /// Whether the actor holds SYSTEM_ADMIN at one of these units.
    pub fn administers(&self, at_and_above: &HashSet<Uuid>) -> bool {
        self.units_with(Role::SystemAdmin).any(|unit| at_and_above.contains(&unit))
    }

    /// Whether the actor holds SECURITY_ADMIN at one of these units.
    pub fn keeps_grants(&self, at_and_above: &HashSet<Uuid>) -> bool {
        self.units_with(Role::SecurityAdmin).any(|unit| at_and_above.contains(&unit))
    }
}
