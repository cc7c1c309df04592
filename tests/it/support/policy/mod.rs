//! Who sees what, once more: the table of DESIGN §3 as plain loops over the rows of a world.
//!
//! Written from the design and from nothing else, without SQL and without the program's own scope and policy, so that the
//! two can be held against each other.

pub mod around_periods;
pub mod edges;
pub mod filters;
mod grants;
mod look_back;
mod notices;
pub mod publishing;
pub mod work;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::vocabulary::*;
use entity::{role_grant, task_list, user_account};
use uuid::Uuid;

use super::world::Rows;

/// What a principal may see of a world.
pub struct Policy<'w> {
    pub rows: &'w Rows,
    pub user: &'w user_account::Model,
    pub today: NaiveDate,
    pub root: Uuid,
    grants: Vec<&'w role_grant::Model>,
    /// What was found out already, by type.
    seen: HashMap<&'static str, HashSet<Uuid>>,
}

/// The types of objects.
pub const TYPES: [&str; 47] = [
    "Unit",
    "UnitGroup",
    "User",
    "Session",
    "ServiceAccountSecret",
    "ExternalIdentity",
    "TaskList",
    "Section",
    "Task",
    "Deadline",
    "ImportQuestion",
    "ExportJob",
    "Assignment",
    "ReportingPeriod",
    "ReportObligation",
    "ProgressReport",
    "ProgressReportRevision",
    "ReportReview",
    "ReportSignature",
    "Evidence",
    "ReportPart",
    "File",
    "PeriodSchedule",
    "PeriodReopening",
    "PeriodFreeze",
    "ExtensionRequest",
    "AssignmentResponse",
    "Amendment",
    "AmendmentChange",
    "UnitChange",
    "LookBack",
    "LookBackItem",
    "LookBackEvidence",
    "Rectification",
    "RectificationStep",
    "TaskLineage",
    "LineageCoverage",
    "Publication",
    "PublicationStep",
    "PublicationFinding",
    "PublicationRelease",
    "AuditEntry",
    "RoleGrant",
    "RoleGrantRequest",
    "UrgeNotice",
    "UrgeRule",
    // Behind everything that it can be about.
    "Notification",
];

/// Lists and tasks, or periods and reports: service accounts are let into one or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Lists,
    Reports,
}

impl<'w> Policy<'w> {
    pub fn new(rows: &'w Rows, user: Uuid, today: NaiveDate) -> Self {
        let user = rows.user_account.iter().find(|u| u.id == user).unwrap();
        let root_of = |unit: Uuid| rows.unit.iter().find(|u| u.id == unit).unwrap().root_id;
        let root = root_of(user.unit_id);
        let in_force = |g: &&role_grant::Model| {
            g.user_id == user.id
                && root_of(g.unit_id) == root
                && g.ended_at.is_none()
                && g.valid_until.is_none_or(|last| today <= last)
        };
        let grants = rows.role_grant.iter().filter(in_force).collect();
        let mut policy = Self { rows, user, today, root, grants, seen: HashMap::new() };
        for of in TYPES {
            let seen = policy.all(of).into_iter().filter(|id| policy.find_out(of, *id)).collect();
            policy.seen.insert(of, seen);
        }
        policy
    }

    /// `unit` stands at or below `top`.
    pub fn below(&self, top: Uuid, unit: Uuid) -> bool {
        let mut at = Some(unit);
        while let Some(here) = at {
            if here == top {
                return true;
            }
            at = self.rows.unit.iter().find(|u| u.id == here).and_then(|u| u.parent_id);
        }
        false
    }

    /// `section` stands at or below `top`.
    pub fn section_below(&self, top: Uuid, section: Uuid) -> bool {
        let mut at = Some(section);
        while let Some(here) = at {
            if here == top {
                return true;
            }
            at = self.rows.section.iter().find(|s| s.id == here).and_then(|s| s.parent_id);
        }
        false
    }

    /// The office and the inspectors see everything of a list, drafts too.
    pub fn whole(&self, list: &task_list::Model) -> bool {
        list.root_id == self.root
            && self.grants.iter().any(|grant| match grant.role {
                Role::Office => self.below(grant.unit_id, list.issuer_unit_id),
                Role::Inspector if grant.named_lists => {
                    let named =
                        |l: &entity::role_grant_list::Model| l.role_grant_id == grant.id && l.task_list_id == list.id;
                    self.rows.role_grant_list.iter().any(named)
                }
                Role::Inspector => self.below(grant.unit_id, list.issuer_unit_id),
                _ => false,
            })
    }

    /// The units for which the principal sees what their tasks allow.
    pub fn units(&self, part: Part) -> Vec<Uuid> {
        let needed = if part == Part::Lists { "lists:read" } else { "reports:read" };
        let sees = |grant: &&&role_grant::Model| match grant.role {
            Role::Reporter | Role::Approver => true,
            Role::Integration => grant.scopes.split(' ').any(|scope| scope == needed),
            _ => false,
        };
        self.grants.iter().filter(sees).map(|grant| grant.unit_id).collect()
    }

    fn on(&self, unit: Uuid, task: Uuid) -> bool {
        self.rows
            .assignment
            .iter()
            .any(|a| a.task_id == task && a.unit_id == Some(unit) && a.status == AssignmentStatus::Active)
    }

    fn leads(&self, unit: Uuid, task: Uuid) -> bool {
        self.rows.assignment.iter().any(|a| {
            a.task_id == task
                && a.unit_id == Some(unit)
                && a.status == AssignmentStatus::Active
                && a.role == AssignmentRole::Lead
        })
    }

    fn list_of(&self, list: Uuid) -> Option<&'w task_list::Model> {
        self.rows.task_list.iter().find(|l| l.id == list)
    }

    /// The own units that are on a task of a list that has left the draft.
    fn own_on(&self, part: Part, task: Uuid) -> Vec<Uuid> {
        let task = self.rows.task.iter().find(|t| t.id == task).unwrap();
        if self.list_of(task.task_list_id).unwrap().status == TaskListStatus::Draft {
            return Vec::new();
        }
        if task.status == TaskStatus::Withdrawn {
            return Vec::new();
        }
        self.units(part).into_iter().filter(|unit| self.on(*unit, task.id)).collect()
    }

    fn sees_list(&self, part: Part, id: Uuid) -> bool {
        let Some(list) = self.list_of(id) else { return false };
        let tasks = || self.rows.task.iter().filter(|t| t.task_list_id == id);
        self.whole(list) || tasks().any(|t| !self.own_on(part, t.id).is_empty())
    }

    /// `unit` is one for which the principal reports, and it is on a task of the list.
    fn on_list(&self, unit: Uuid, list: Uuid) -> bool {
        self.rows.task.iter().any(|t| t.task_list_id == list && self.own_on(Part::Reports, t.id).contains(&unit))
    }

    fn sees_task(&self, id: Uuid) -> bool {
        let Some(task) = self.rows.task.iter().find(|t| t.id == id) else { return false };
        self.whole(self.list_of(task.task_list_id).unwrap()) || !self.own_on(Part::Lists, id).is_empty()
    }

    fn sees_section(&self, id: Uuid) -> bool {
        let Some(section) = self.rows.section.iter().find(|s| s.id == id) else { return false };
        let under = |t: &&entity::task::Model| t.section_id.is_some_and(|s| self.section_below(id, s));
        self.whole(self.list_of(section.task_list_id).unwrap())
            || self.rows.task.iter().filter(under).any(|t| !self.own_on(Part::Lists, t.id).is_empty())
    }

    fn sees_obligation(&self, id: Uuid) -> bool {
        let Some(o) = self.rows.report_obligation.iter().find(|o| o.id == id) else { return false };
        self.whole(self.list_of(o.task_list_id).unwrap())
            || self
                .own_on(Part::Reports, o.task_id)
                .iter()
                .any(|own| o.unit_id == *own || self.inherits(*own, o.unit_id) || self.leads(*own, o.task_id))
    }

    fn sees_report(&self, id: Uuid) -> bool {
        let Some(r) = self.rows.progress_report.iter().find(|r| r.id == id) else { return false };
        let handed_in = matches!(r.status, ReportStatus::Submitted | ReportStatus::Accepted);
        self.whole(self.list_of(r.task_list_id).unwrap())
            || self.own_on(Part::Reports, r.task_id).iter().any(|own| {
                r.unit_id == *own
                    || (r.revision > 0 && self.inherits(*own, r.unit_id))
                    || (handed_in && self.leads(*own, r.task_id))
            })
    }

    /// `unit` became `own`, or a part of it did, by mergers and splits, each of a unit that is out of use since.
    fn inherits(&self, own: Uuid, unit: Uuid) -> bool {
        let (mut open, mut met) = (vec![unit], HashSet::new());
        while let Some(at) = open.pop() {
            let gone = self.rows.unit.iter().any(|u| u.id == at && !u.active);
            if gone && met.insert(at) {
                let gone = |c: &&entity::unit_change::Model| c.kind != UnitChangeKind::Renamed && c.from_unit_id == at;
                open.extend(self.rows.unit_change.iter().filter(gone).map(|c| c.to_unit_id));
            }
            if at == own && unit != own {
                return true;
            }
        }
        false
    }

    fn sees_review(&self, id: Uuid) -> bool {
        let Some(review) = self.rows.report_review.iter().find(|r| r.id == id) else { return false };
        self.sees_story(review.progress_report_id)
    }

    /// What the office and the unit told each other, and what the unit told itself: nothing for a lead.
    fn sees_story(&self, report: Uuid) -> bool {
        let report = self.rows.progress_report.iter().find(|r| r.id == report).unwrap();
        self.whole(self.list_of(report.task_list_id).unwrap())
            || self.own_on(Part::Reports, report.task_id).iter().any(|own| {
                report.unit_id == *own || (self.inherits(*own, report.unit_id) && self.sees_report(report.id))
            })
    }

    /// Contacts: oneself, those of the own unit, and for the office and the keepers of users and grants those below.
    fn sees_user(&self, id: Uuid) -> bool {
        let Some(user) = self.rows.user_account.iter().find(|u| u.id == id) else { return false };
        id == self.user.id
            || self.grants.iter().any(|grant| match grant.role {
                Role::Office | Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin => {
                    self.below(grant.unit_id, user.unit_id)
                }
                Role::Reporter | Role::Approver => grant.unit_id == user.unit_id,
                Role::Inspector | Role::Integration => false,
            })
    }

    /// Sessions that live: one's own, and those of the users that one keeps.
    fn sees_session(&self, id: Uuid) -> bool {
        let now = super::world::now();
        let live = |s: &&entity::session::Model| {
            s.revoked_at.is_none() && now < s.expires_at && s.idle_ends_at.is_none_or(|end| now < end)
        };
        let Some(session) = self.rows.session.iter().filter(live).find(|s| s.id == id) else { return false };
        self.keeps_whole(session.user_id, &[Role::SystemAdmin])
    }

    /// That one-time passwords be taken away: from oneself, and from those over all of whose rights one keeps users or rights.
    pub fn sees_totp_removal(&self, of: Uuid) -> bool {
        self.rows.totp_removal.iter().any(|asked| asked.user_id == of)
            && self.keeps_whole(of, &[Role::SystemAdmin, Role::SecurityAdmin])
    }

    /// How oneself comes in, and those whom one keeps.
    pub fn sees_way_in(&self, of: Uuid) -> bool {
        self.keeps_whole(of, &[Role::SystemAdmin])
    }

    /// Oneself, and the users whom one is over with one of these roles, with all that they hold.
    fn keeps_whole(&self, of: Uuid, roles: &[Role]) -> bool {
        let user = self.rows.user_account.iter().find(|u| u.id == of).unwrap();
        let held = || self.rows.role_grant.iter().filter(|held| held.user_id == user.id && held.ended_at.is_none());
        let keeps = |grant: &&role_grant::Model| {
            roles.contains(&grant.role)
                && self.below(grant.unit_id, user.unit_id)
                && held().all(|held| self.below(grant.unit_id, held.unit_id))
        };
        user.id == self.user.id || self.grants.iter().any(keeps)
    }

    /// The secrets of the service accounts that one keeps or audits.
    fn sees_secret(&self, id: Uuid) -> bool {
        let Some(secret) = self.rows.service_secret.iter().find(|s| s.id == id) else { return false };
        self.machines().contains(&secret.user_id)
    }

    /// Who one is elsewhere, and who those are whom one keeps or audits.
    fn sees_identity(&self, id: Uuid) -> bool {
        let Some(identity) = self.rows.external_identity.iter().find(|i| i.id == id) else { return false };
        let user = self.rows.user_account.iter().find(|u| u.id == identity.user_id).unwrap();
        let keeps = |grant: &&role_grant::Model| {
            matches!(grant.role, Role::SystemAdmin | Role::AuditAdmin) && self.below(grant.unit_id, user.unit_id)
        };
        user.id == self.user.id || self.grants.iter().any(keeps)
    }

    /// The service accounts that one keeps or audits.
    pub fn machines(&self) -> Vec<Uuid> {
        let over = |user: &&user_account::Model| {
            let mut grants = self.grants.iter();
            grants.any(|grant| {
                matches!(grant.role, Role::SystemAdmin | Role::AuditAdmin) && self.below(grant.unit_id, user.unit_id)
            })
        };
        let machines = self.rows.user_account.iter().filter(|user| user.kind == UserKind::Service);
        machines.filter(over).map(|user| user.id).collect()
    }

    /// Oneself, and the users whom the system administrator keeps.
    pub fn keeps(&self, user: &user_account::Model) -> bool {
        let keeps =
            |grant: &&role_grant::Model| grant.role == Role::SystemAdmin && self.below(grant.unit_id, user.unit_id);
        user.id == self.user.id || self.grants.iter().any(keeps)
    }

    /// Audit administrators read what was done for units below them; at the root also what was done for none.
    fn sees_audit(&self, id: Uuid) -> bool {
        let Some(row) = self.rows.audit_entry.iter().find(|row| row.id == id) else { return false };
        let mut at = self.grants.iter().filter(|grant| grant.role == Role::AuditAdmin).map(|grant| grant.unit_id);
        at.any(|at| row.unit_id.map_or(at == self.root, |unit| self.below(at, unit)))
    }

    /// Files: one's own, made for the unit one acts for now, and not expired at the moment of the world; and what is
    /// evidence of a visible report.
    fn sees_file(&self, id: Uuid) -> bool {
        let Some(file) = self.rows.file.iter().find(|f| f.id == id) else { return false };
        let now = super::world::now();
        let own = file.owner_user_id == self.user.id
            && file.unit_id == self.user.unit_id
            && file.expires_at.is_none_or(|end| now < end);
        own || self.rows.evidence.iter().any(|e| e.file_id == Some(id) && self.sees_report(e.progress_report_id))
            || self.rows.look_back_evidence.iter().any(|e| e.file_id == Some(id) && self.sees_look_back_evidence(e))
    }

    /// Between the office and the unit: a lead does not read its co-unit's objection.
    fn sees_response(&self, id: Uuid) -> bool {
        let Some(r) = self.rows.assignment_response.iter().find(|r| r.id == id) else { return false };
        self.whole(self.list_of(r.task_list_id).unwrap()) || self.own_on(Part::Lists, r.task_id).contains(&r.unit_id)
    }

    /// Who was there then sees it, whatever came since.
    fn sees_change(&self, id: Uuid) -> bool {
        let Some(c) = self.rows.amendment_change.iter().find(|c| c.id == id) else { return false };
        let own = self.units(Part::Lists);
        self.whole(self.list_of(c.task_list_id).unwrap())
            || self.rows.amendment_audience.iter().any(|a| a.amendment_change_id == id && own.contains(&a.unit_id))
    }

    /// Whether the principal sees the object of this GraphQL type.
    pub fn sees(&self, of: &str, id: Uuid) -> bool {
        self.seen.get(of).unwrap_or_else(|| panic!("the reference policy does not know {of}")).contains(&id)
    }

    fn find_out(&self, of: &str, id: Uuid) -> bool {
        match of {
            "Unit" => self.rows.unit.iter().any(|u| u.id == id && u.root_id == self.root),
            "UnitGroup" => self.rows.unit_group.iter().any(|g| g.id == id && g.root_id == self.root),
            "User" => self.sees_user(id),
            "Session" => self.sees_session(id),
            "ServiceAccountSecret" => self.sees_secret(id),
            "ExternalIdentity" => self.sees_identity(id),
            "TaskList" => self.sees_list(Part::Lists, id),
            "Section" => self.sees_section(id),
            "Task" => self.sees_task(id),
            "Deadline" => self.rows.deadline.iter().any(|d| d.id == id && self.sees_task(d.task_id)),
            "ImportQuestion" => self
                .rows
                .import_question
                .iter()
                .any(|q| q.id == id && self.whole(self.list_of(q.task_list_id).unwrap())),
            "ExportJob" => self
                .rows
                .export_job
                .iter()
                .any(|j| j.id == id && j.owner_user_id == self.user.id && j.unit_id == self.user.unit_id),
            "Assignment" => self
                .rows
                .assignment
                .iter()
                .any(|a| a.id == id && a.status == AssignmentStatus::Active && self.sees_task(a.task_id)),
            "ReportingPeriod" => {
                self.rows.reporting_period.iter().any(|p| p.id == id && self.sees_list(Part::Reports, p.task_list_id))
            }
            "ReportObligation" => self.sees_obligation(id),
            "ProgressReport" => self.sees_report(id),
            "ProgressReportRevision" => {
                self.rows.progress_report_revision.iter().any(|r| r.id == id && self.sees_report(r.progress_report_id))
            }
            "ReportReview" => self.sees_review(id),
            "ReportSignature" => {
                let Some(row) = self.rows.report_signature.iter().find(|s| s.id == id) else { return false };
                self.sees_story(row.progress_report_id)
            }
            "Evidence" => self.rows.evidence.iter().any(|e| e.id == id && self.sees_report(e.progress_report_id)),
            "ReportPart" => self.rows.report_part.iter().any(|p| p.id == id && self.sees_report(p.progress_report_id)),
            "File" => self.sees_file(id),
            "PeriodSchedule" => self
                .rows
                .period_schedule
                .iter()
                .any(|s| s.id == id && self.whole(self.list_of(s.task_list_id).unwrap())),
            // Frozen sums are over everybody's rows.
            "PeriodFreeze" => {
                self.rows.period_freeze.iter().any(|f| f.id == id && self.whole(self.list_of(f.task_list_id).unwrap()))
            }
            // The office's word to one unit: that unit's, as long as it is on the list.
            "PeriodReopening" => self.rows.period_reopening.iter().any(|r| {
                r.id == id
                    && (self.whole(self.list_of(r.task_list_id).unwrap()) || self.on_list(r.unit_id, r.task_list_id))
            }),
            // Between the unit and the office; no lead reads it.
            "ExtensionRequest" => self.rows.extension_request.iter().any(|e| {
                e.id == id
                    && (self.whole(self.list_of(e.task_list_id).unwrap())
                        || self.own_on(Part::Reports, e.task_id).contains(&e.unit_id))
            }),
            "UrgeNotice" => self.sees_urge_notice(id),
            "UrgeRule" => {
                self.rows.urge_rule.iter().any(|r| r.id == id && self.whole(self.list_of(r.task_list_id).unwrap()))
            }
            "Notification" => self.sees_notification(id),
            "AssignmentResponse" => self.sees_response(id),
            "Amendment" => {
                self.rows.amendment_change.iter().any(|c| c.amendment_id == id && self.sees_change(c.id))
                    || self
                        .rows
                        .amendment
                        .iter()
                        .any(|a| a.id == id && self.whole(self.list_of(a.task_list_id).unwrap()))
            }
            "AmendmentChange" => self.sees_change(id),
            "UnitChange" => self.rows.unit_change.iter().any(|c| c.id == id && c.root_id == self.root),
            "Publication" => self.sees_publication(id),
            "PublicationStep" => {
                self.rows.publication_step.iter().any(|s| s.id == id && self.sees_publication(s.publication_id))
            }
            "AuditEntry" => self.sees_audit(id),
            "RoleGrant" => self.sees_grant(id),
            "RoleGrantRequest" => self.sees_grant_request(id),
            "PublicationRelease" => self
                .rows
                .publication_release
                .iter()
                .any(|r| r.id == id && self.whole(self.list_of(r.task_list_id).unwrap())),
            "PublicationFinding" => {
                self.rows.publication_finding.iter().any(|f| f.id == id && self.sees_publication(f.publication_id))
            }
            other => {
                self.sees_look_back(other, id).unwrap_or_else(|| panic!("the reference policy does not know {other}"))
            }
        }
    }

    /// Every object of a type, seen or not.
    pub fn all(&self, of: &str) -> Vec<Uuid> {
        macro_rules! ids {
            ($table:ident) => {
                self.rows.$table.iter().map(|row| row.id).collect()
            };
        }
        match of {
            "Unit" => ids!(unit),
            "UnitGroup" => ids!(unit_group),
            "User" => ids!(user_account),
            "Session" => ids!(session),
            "ServiceAccountSecret" => ids!(service_secret),
            "ExternalIdentity" => ids!(external_identity),
            "TaskList" => ids!(task_list),
            "Section" => ids!(section),
            "Task" => ids!(task),
            "Deadline" => ids!(deadline),
            "ImportQuestion" => ids!(import_question),
            "ExportJob" => ids!(export_job),
            "Assignment" => ids!(assignment),
            "ReportingPeriod" => ids!(reporting_period),
            "ReportObligation" => ids!(report_obligation),
            "ProgressReport" => ids!(progress_report),
            "ProgressReportRevision" => ids!(progress_report_revision),
            "ReportReview" => ids!(report_review),
            "ReportSignature" => ids!(report_signature),
            "Evidence" => ids!(evidence),
            "ReportPart" => ids!(report_part),
            "File" => ids!(file),
            "PeriodSchedule" => ids!(period_schedule),
            "PeriodReopening" => ids!(period_reopening),
            "PeriodFreeze" => ids!(period_freeze),
            "ExtensionRequest" => ids!(extension_request),
            "UrgeNotice" => ids!(urge_notice),
            "UrgeRule" => ids!(urge_rule),
            "Notification" => ids!(notification),
            "AssignmentResponse" => ids!(assignment_response),
            "Amendment" => ids!(amendment),
            "AmendmentChange" => ids!(amendment_change),
            "UnitChange" => ids!(unit_change),
            "Publication" => ids!(publication),
            "PublicationStep" => ids!(publication_step),
            "PublicationFinding" => ids!(publication_finding),
            "PublicationRelease" => ids!(publication_release),
            "AuditEntry" => ids!(audit_entry),
            "RoleGrant" => ids!(role_grant),
            "RoleGrantRequest" => ids!(role_grant_request),
            other => {
                self.all_of_look_back(other).unwrap_or_else(|| panic!("the reference policy does not know {other}"))
            }
        }
    }
}
