//! Where each field of the schema that leads to objects must lead, and what the computed values must be.

use std::collections::BTreeSet;

use entity::vocabulary::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Part, Policy};

/// An object: its GraphQL type and its key. Objects without an identifier go by the key of their unit.
pub type Ref = (&'static str, Uuid);

/// What a field must give.
#[derive(Clone, Debug, PartialEq)]
pub enum Edge {
    /// One object or null.
    One(Option<Ref>),
    /// The objects of a connection or a list, all pages together.
    Many(Vec<Ref>),
}

impl Policy<'_> {
    pub(super) fn one(&self, of: &'static str, id: Option<Uuid>) -> Edge {
        Edge::One(id.filter(|id| self.sees(of, *id)).map(|id| (of, id)))
    }

    pub(super) fn many(&self, of: &'static str, ids: impl Iterator<Item = Uuid>) -> Edge {
        Edge::Many(ids.filter(|id| self.sees(of, *id)).map(|id| (of, id)).collect())
    }

    /// What the field of this object must give; `None` when the reference has not been taught it.
    pub fn edge(&self, from: &str, field: &str, id: Uuid) -> Option<Edge> {
        let rows = self.rows;
        macro_rules! row {
            ($table:ident) => {
                rows.$table.iter().find(|row| row.id == id)?
            };
        }
        macro_rules! those {
            ($of:literal, $table:ident, $column:ident) => {
                self.many($of, rows.$table.iter().filter(|row| row.$column == id).map(|row| row.id))
            };
        }
        Some(match (from, field) {
            ("Query", "viewer") => Edge::One(Some(("Viewer", self.user.id))),
            ("Query", "units") => self.many("Unit", self.all("Unit").into_iter()),
            ("Query", "unitGroups") => self.many("UnitGroup", self.all("UnitGroup").into_iter()),
            ("Query", "taskLists") => self.many("TaskList", self.all("TaskList").into_iter()),
            ("Query", "tasks") => self.in_force(rows.task.iter()),
            ("Query", "reportObligations") => self.many("ReportObligation", self.all("ReportObligation").into_iter()),
            ("Query", "progressReports") => self.many("ProgressReport", self.all("ProgressReport").into_iter()),
            ("Query", "missingReports") => {
                self.many("ReportObligation", self.all("ReportObligation").into_iter().filter(|id| self.missing(*id)))
            }
            ("Viewer", "work") => Edge::One(Some(("ViewerWork", id))),
            ("ViewerWork", part) => self.work(part)?,
            ("Query", "auditEntries") => self.many("AuditEntry", self.all("AuditEntry").into_iter()),
            ("Query", "serviceAccounts") => {
                Edge::Many(self.machines().into_iter().map(|id| ("ServiceAccount", id)).collect())
            }
            ("ServiceAccount", "user") => self.one("User", Some(id)),
            ("ServiceAccount", "secrets") => those!("ServiceAccountSecret", service_secret, user_id),
            ("ExternalIdentity", "user") => self.one("User", Some(row!(external_identity).user_id)),
            ("User", "externalIdentities") => those!("ExternalIdentity", external_identity, user_id),
            ("User", "totpRemoval") => Edge::One(self.sees_totp_removal(id).then_some(("TotpRemoval", id))),
            ("TotpRemoval", field @ ("requestedBy" | "decidedBy")) => {
                let asked = rows.totp_removal.iter().find(|asked| asked.user_id == id).unwrap();
                self.one("User", if field == "requestedBy" { Some(asked.requested_by) } else { asked.decided_by })
            }
            ("ServiceAccountSecret", "user") => self.one("User", Some(row!(service_secret).user_id)),
            ("AuditEntry", "user") => self.one("User", row!(audit_entry).user_id),
            ("AuditEntry", "unit") => self.one("Unit", row!(audit_entry).unit_id),
            ("Query", "urgeNotices") => self.many("UrgeNotice", self.all("UrgeNotice").into_iter()),
            ("Viewer", "notifications") => self.many("Notification", self.all("Notification").into_iter()),
            ("Notification", field) => self.told_edge(field, id)?,
            ("UrgeNotice", field) => self.urge_edge(field, id)?,
            ("UrgeNoticeItem", "obligation") => self.one("ReportObligation", Some(id)),
            ("Query", "unit") => self.one("Unit", Some(id)),
            ("Query", "unitGroup") => self.one("UnitGroup", Some(id)),
            ("Query", "taskList") => self.one("TaskList", Some(id)),
            ("Query", "task") => self.one("Task", Some(id)),
            ("Query", "reportingPeriod") => self.one("ReportingPeriod", Some(id)),
            ("Query", "progressReport") => self.one("ProgressReport", Some(id)),

            ("Viewer", "user") => self.one("User", Some(id)),
            ("Viewer" | "User", "unit") => {
                self.one("Unit", rows.user_account.iter().find(|u| u.id == id).map(|u| u.unit_id))
            }
            ("Viewer" | "User", "sessions") => {
                self.many("Session", rows.session.iter().filter(|s| s.user_id == id).map(|s| s.id))
            }
            ("Viewer", "grants") => Edge::Many(self.grants.iter().map(|g| ("ViewerGrant", g.unit_id)).collect()),
            ("Viewer", "files") => {
                let own = rows.file.iter().filter(|f| f.owner_user_id == id && f.unit_id == self.user.unit_id);
                self.many("File", own.map(|f| f.id))
            }
            ("ViewerGrant" | "UnitGroupMember", "unit") => self.one("Unit", Some(id)),

            ("Unit", "parent") => self.one("Unit", row!(unit).parent_id),
            ("Unit", "children") => {
                self.many("Unit", rows.unit.iter().filter(|u| u.parent_id == Some(id)).map(|u| u.id))
            }
            ("Unit", "contacts") => {
                let of_unit = rows.user_account.iter().filter(|u| u.unit_id == id && u.disabled_at.is_none());
                self.many("User", of_unit.map(|u| u.id))
            }
            ("Unit", "history") => those!("UnitChange", unit_change, unit_id),
            ("Unit", "successor") => {
                let merged = rows.unit_change.iter().find(|c| c.from_unit_id == id && c.kind == UnitChangeKind::Merged);
                self.one("Unit", merged.map(|c| c.to_unit_id))
            }
            ("UnitGroup", "members") => {
                let members = rows.unit_group_member.iter().filter(|m| m.unit_group_id == id);
                Edge::Many(members.map(|m| ("UnitGroupMember", m.unit_id)).collect())
            }

            ("TaskList", "issuer") => self.one("Unit", Some(row!(task_list).issuer_unit_id)),
            ("TaskList", "sections") => those!("Section", section, task_list_id),
            ("TaskList", "tasks") => self.in_force(rows.task.iter().filter(|t| t.task_list_id == id)),
            ("TaskList", "amendments") => those!("Amendment", amendment, task_list_id),
            ("Amendment", "taskList") => self.one("TaskList", Some(row!(amendment).task_list_id)),
            ("Amendment", "byUnit") => self.one("Unit", Some(row!(amendment).by_unit_id)),
            ("Amendment", "changes") => those!("AmendmentChange", amendment_change, amendment_id),
            ("AmendmentChange", "amendment") => self.one("Amendment", Some(row!(amendment_change).amendment_id)),
            ("AmendmentChange", "task") => self.one("Task", Some(row!(amendment_change).task_id)),
            ("AmendmentChange", "assignment") => self.one("Assignment", row!(amendment_change).assignment_id),
            ("AmendmentChange", "unit") => self.one("Unit", row!(amendment_change).unit_id),
            ("AssignmentResponse", "assignment") => {
                self.one("Assignment", Some(row!(assignment_response).assignment_id))
            }
            ("AssignmentResponse", "unit") => self.one("Unit", Some(row!(assignment_response).unit_id)),
            ("AssignmentResponse", "respondedBy") => self.one("User", Some(row!(assignment_response).by_user_id)),
            ("UnitChange", "fromUnit") => self.one("Unit", Some(row!(unit_change).from_unit_id)),
            ("UnitChange", "toUnit") => self.one("Unit", Some(row!(unit_change).to_unit_id)),
            ("Viewer", "exports") => self.many("ExportJob", self.all("ExportJob").into_iter()),
            ("ExportJob", "taskList") => self.one("TaskList", Some(row!(export_job).task_list_id)),
            ("ExportJob", "period") => self.one("ReportingPeriod", row!(export_job).reporting_period_id),
            ("ExportJob", "unit") => self.one("Unit", row!(export_job).subject_unit_id),
            ("ExportJob", "file") => self.one("File", row!(export_job).file_id),
            ("TaskList", "importQuestions") => those!("ImportQuestion", import_question, task_list_id),
            ("ImportQuestion", "taskList") => self.one("TaskList", Some(row!(import_question).task_list_id)),
            ("ImportQuestion", "task") => self.one("Task", row!(import_question).task_id),
            ("ImportQuestion", "answeredBy") => self.one("User", row!(import_question).answered_by),
            ("TaskList", "reportingPeriods") => those!("ReportingPeriod", reporting_period, task_list_id),
            ("Section", "taskList") => self.one("TaskList", Some(row!(section).task_list_id)),
            ("Section", "parent") => self.one("Section", row!(section).parent_id),
            ("Section", "children") => {
                self.many("Section", rows.section.iter().filter(|s| s.parent_id == Some(id)).map(|s| s.id))
            }
            ("Section", "tasks") => self.in_force(rows.task.iter().filter(|t| t.section_id == Some(id))),

            ("Task", "taskList") => self.one("TaskList", Some(row!(task).task_list_id)),
            ("Task", "section") => self.one("Section", row!(task).section_id),
            ("Task", "deadline") => {
                let own = rows.deadline.iter().find(|d| d.task_id == id && d.position == 0);
                self.one("Deadline", own.map(|d| d.id))
            }
            ("Task", "deadlines") => those!("Deadline", deadline, task_id),
            ("Task", "assignments") => those!("Assignment", assignment, task_id),
            ("Task", "reportObligations") => those!("ReportObligation", report_obligation, task_id),
            ("Task", "progressReports") => those!("ProgressReport", progress_report, task_id),

            ("Assignment", "unit") => self.one("Unit", row!(assignment).unit_id),
            ("Assignment", "unitGroup") => self.one("UnitGroup", row!(assignment).unit_group_id),
            ("Assignment", "source") => self.one("Assignment", row!(assignment).source_assignment_id),
            ("Assignment", "response") => self.one(
                "AssignmentResponse",
                rows.assignment_response.iter().find(|r| r.assignment_id == id).map(|r| r.id),
            ),
            ("Assignment", "addedSince") => self.added_since(id),
            ("Assignment", "task") => self.one("Task", Some(row!(assignment).task_id)),
            ("Assignment", "latestReport") => self.one("ProgressReport", self.latest_report(id)),

            ("ReportingPeriod", "taskList") => self.one("TaskList", Some(row!(reporting_period).task_list_id)),
            ("ReportingPeriod", "reportObligations") => {
                those!("ReportObligation", report_obligation, reporting_period_id)
            }
            ("ReportObligation", "period") => {
                self.one("ReportingPeriod", Some(row!(report_obligation).reporting_period_id))
            }
            ("ReportObligation", "task") => self.one("Task", Some(row!(report_obligation).task_id)),
            ("ReportObligation", "assignment") => self.one("Assignment", Some(row!(report_obligation).assignment_id)),
            ("ReportObligation", "unit") => self.one("Unit", Some(row!(report_obligation).unit_id)),
            ("ReportObligation", "report") => {
                let report = rows.progress_report.iter().find(|r| r.report_obligation_id == id);
                self.one("ProgressReport", report.map(|r| r.id))
            }

            ("ProgressReport", "obligation") => {
                self.one("ReportObligation", Some(row!(progress_report).report_obligation_id))
            }
            ("ProgressReport", "period") => {
                self.one("ReportingPeriod", Some(row!(progress_report).reporting_period_id))
            }
            ("ProgressReport", "task") => self.one("Task", Some(row!(progress_report).task_id)),
            ("ProgressReport", "unit") => self.one("Unit", Some(row!(progress_report).unit_id)),
            ("ProgressReport", "revisions") => {
                those!("ProgressReportRevision", progress_report_revision, progress_report_id)
            }
            ("ProgressReport", "reviews") => those!("ReportReview", report_review, progress_report_id),
            ("ProgressReportRevision", "submittedBy") => {
                self.one("User", Some(row!(progress_report_revision).submitted_by))
            }
            ("ProgressReportRevision", "signedBy") => self.one("User", row!(progress_report_revision).signed_by),
            ("ProgressReport", "signatures") => those!("ReportSignature", report_signature, progress_report_id),
            ("ReportSignature", "user") => self.one("User", Some(row!(report_signature).user_id)),
            ("ProgressReport", "evidence") => {
                let standing = rows.evidence.iter().filter(|e| e.progress_report_id == id && e.removed_in.is_none());
                self.many("Evidence", standing.map(|e| e.id))
            }
            ("Evidence", "file") => self.one("File", row!(evidence).file_id),
            ("ProgressReport", "parts") => those!("ReportPart", report_part, progress_report_id),
            ("ReportPart", "unit") => self.one("Unit", Some(row!(report_part).unit_id)),
            ("ReportPart", "source") => self.one("ProgressReport", Some(row!(report_part).source_report_id)),
            ("Task", "reportingLead") => self.one("Assignment", self.reporting_lead(id)),
            ("ReportReview", "reviewerUnit") => self.one("Unit", Some(row!(report_review).reviewer_unit_id)),
            _ => {
                return self
                    .edge_around_periods(from, field, id)
                    .or_else(|| self.edge_of_look_back(from, field, id))
                    .or_else(|| self.edge_publishing(from, field, id))
                    .or_else(|| self.edge_of_grants(from, field, id));
            }
        })
    }

    /// The named lead of a task, else the only one.
    fn reporting_lead(&self, task: Uuid) -> Option<Uuid> {
        let leads: Vec<_> = self
            .rows
            .assignment
            .iter()
            .filter(|a| {
                a.task_id == task
                    && a.role == AssignmentRole::Lead
                    && a.status == AssignmentStatus::Active
                    && a.target == AssignmentTarget::Unit
            })
            .collect();
        let named = self.rows.task_reporting_lead.iter().find(|row| row.task_id == task).map(|row| row.assignment_id);
        let named = leads.iter().find(|lead| Some(lead.id) == named);
        named.or(if leads.len() == 1 { leads.first() } else { None }).map(|lead| lead.id)
    }

    /// What was withdrawn is listed no more.
    fn in_force<'r>(&self, tasks: impl Iterator<Item = &'r entity::task::Model>) -> Edge {
        self.many("Task", tasks.filter(|t| t.status == TaskStatus::Active).map(|t| t.id))
    }

    fn added_since(&self, assignment: Uuid) -> Edge {
        let rows = self.rows;
        let seat = rows.assignment.iter().find(|a| a.id == assignment).unwrap();
        let task = rows.task.iter().find(|t| t.id == seat.task_id).unwrap();
        let issued = rows.task_list.iter().find(|l| l.id == task.task_list_id).unwrap().issued_at;
        let on = |unit: Uuid| {
            let on = |a: &entity::assignment::Model| {
                a.task_id == task.id && a.unit_id == Some(unit) && a.status == AssignmentStatus::Active
            };
            rows.assignment.iter().any(on)
        };
        let active = |unit: Uuid| rows.unit.iter().any(|u| u.id == unit && u.active);
        let since = rows.unit_group_member.iter().filter(|m| {
            Some(m.unit_group_id) == seat.unit_group_id
                && issued.is_some_and(|issued| m.added_at > issued)
                && !on(m.unit_id)
                && active(m.unit_id)
        });
        self.many("Unit", since.map(|m| m.unit_id))
    }

    /// How far the receipt of a list is, over the answers that are seen: those of one's own, or all.
    fn receipt(&self, list: &entity::task_list::Model) -> Value {
        if list.status == TaskListStatus::Draft {
            return Value::Null;
        }
        let own = self.units(Part::Lists);
        let in_list = |task: Uuid| self.rows.task.iter().any(|t| t.id == task && t.task_list_id == list.id);
        let mut units: std::collections::BTreeMap<Uuid, (bool, bool)> = std::collections::BTreeMap::new();
        for seat in self.rows.assignment.iter().filter(|a| in_list(a.task_id) && self.sees("Assignment", a.id)) {
            let Some(unit) = seat.unit_id.filter(|unit| self.whole(list) || own.contains(unit)) else { continue };
            let answer = self.rows.assignment_response.iter().find(|r| r.assignment_id == seat.id);
            let entry = units.entry(unit).or_insert((true, false));
            entry.0 &= answer.is_some_and(|r| r.kind == ResponseKind::Acknowledged);
            entry.1 |= answer.is_some_and(|r| r.kind == ResponseKind::Declined && r.decision.is_none());
        }
        let declined = units.values().filter(|(_, waits)| *waits).count();
        let acknowledged = units.values().filter(|(all, waits)| *all && !*waits).count();
        let pending = units.len() - declined - acknowledged;
        json!({ "units": units.len(), "acknowledged": acknowledged, "pending": pending, "declined": declined })
    }

    fn latest_report(&self, assignment: Uuid) -> Option<Uuid> {
        let ends = |period: Uuid| self.rows.reporting_period.iter().find(|p| p.id == period).unwrap().ends_on;
        let obligations = self.rows.report_obligation.iter().filter(|o| o.assignment_id == assignment);
        let reports = obligations
            .filter_map(|o| self.rows.progress_report.iter().find(|r| r.report_obligation_id == o.id))
            .filter(|r| self.sees("ProgressReport", r.id));
        reports.max_by_key(|r| ends(r.reporting_period_id)).map(|r| r.id)
    }

    /// Values that are computed over other rows: what to ask for, and what must come.
    pub fn values(&self, of: &str, id: Uuid) -> Option<(&'static str, Value)> {
        let rows = self.rows;
        match of {
            "Task" => {
                let mut own: BTreeSet<Uuid> = self.grants.iter().map(|g| g.unit_id).collect();
                own.insert(self.user.unit_id);
                let active = |a: &&entity::assignment::Model| {
                    a.task_id == id
                        && a.status == AssignmentStatus::Active
                        && a.unit_id.is_some_and(|u| own.contains(&u))
                };
                let roles: BTreeSet<_> = rows.assignment.iter().filter(active).map(|a| a.role).collect();
                Some(("viewerRoles", json!({ "viewerRoles": roles })))
            }
            "ReportingPeriod" => {
                let mut values = self.roll_up(id);
                values["frozenRollUp"] = self.frozen(id);
                Some((
                    "rollUp { expected received accepted returned missing } frozenRollUp { expected accepted }",
                    values,
                ))
            }
            "CloseGate" => Some(("missingCount returnedCount submittedCount unitOutOfUseCount", self.gate(id))),
            "ProgressReport" => {
                let row = rows.progress_report.iter().find(|r| r.id == id)?;
                Some((
                    "status reporterName narrative",
                    json!({ "status": row.status, "reporterName": row.reporter_name, "narrative": row.narrative }),
                ))
            }
            "TaskList" => {
                let row = rows.task_list.iter().find(|l| l.id == id)?;
                let over = |g: &&entity::role_grant::Model| -> bool {
                    g.role == Role::Office && self.below(g.unit_id, row.issuer_unit_id)
                };
                let office = self.grants.iter().any(over);
                let can = |state| json!({ "allowed": office && row.status == state });
                Some((
                    "acknowledgement { units acknowledged pending declined } viewerCan { edit { allowed } issue { allowed } close { allowed } }",
                    json!({ "acknowledgement": self.receipt(row), "viewerCan": {
                        "edit": can(TaskListStatus::Draft),
                        "issue": can(TaskListStatus::Draft),
                        "close": can(TaskListStatus::Issued),
                    } }),
                ))
            }
            _ => self.values_of_look_back(of, id),
        }
    }

    fn roll_up(&self, period: Uuid) -> Value {
        let seen = |o: &&entity::report_obligation::Model| {
            o.reporting_period_id == period && self.sees("ReportObligation", o.id) && self.counted(o.id)
        };
        let expected = self.rows.report_obligation.iter().filter(seen).count();
        let count = |wanted: &[ReportStatus]| {
            let counts = |r: &&entity::progress_report::Model| {
                // A correction takes nothing back before it is accepted.
                let status = if r.accepted_revision.is_some() { ReportStatus::Accepted } else { r.status };
                r.reporting_period_id == period
                    && wanted.contains(&status)
                    && self.sees("ProgressReport", r.id)
                    && self.counted(r.report_obligation_id)
            };
            self.rows.progress_report.iter().filter(counts).count()
        };
        let received = count(&[ReportStatus::Submitted, ReportStatus::Accepted]);
        let returned = count(&[ReportStatus::Returned]);
        json!({ "rollUp": {
            "expected": expected,
            "received": received,
            "accepted": count(&[ReportStatus::Accepted]),
            "returned": returned,
            "missing": expected - received - returned,
        } })
    }

    /// The unit through which the principal is on a task, for filters that ask "mine".
    pub fn mine(&self, task: Uuid) -> bool {
        let mut own = self.units(Part::Lists);
        own.push(self.user.unit_id);
        let active = |a: &entity::assignment::Model| {
            a.task_id == task && a.status == AssignmentStatus::Active && a.unit_id.is_some_and(|u| own.contains(&u))
        };
        self.rows.assignment.iter().any(active)
    }
}
