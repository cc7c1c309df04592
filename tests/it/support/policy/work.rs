//! What waits for whom, once more.

use entity::vocabulary::*;
use uuid::Uuid;

use super::Policy;
use super::edges::{Edge, Ref};

type Obligation = entity::report_obligation::Model;

impl Policy<'_> {
    /// The day an obligation was due has passed.
    pub(super) fn too_late(&self, obligation: Uuid) -> bool {
        let owed = self.rows.report_obligation.iter().find(|o| o.id == obligation).unwrap();
        self.rows.reporting_period.iter().find(|p| p.id == owed.reporting_period_id).unwrap().due_on < self.today
    }

    /// Something can still be done in the period for the unit.
    fn is_open(&self, period: Uuid, unit: Uuid) -> bool {
        let again = self.rows.period_reopening.iter().any(|row| {
            (row.reporting_period_id, row.unit_id) == (period, unit)
                && row.ended_at.is_none()
                && row.until_on >= self.today
        });
        let period = self.rows.reporting_period.iter().find(|p| p.id == period).unwrap();
        let list = self.rows.task_list.iter().find(|l| l.id == period.task_list_id).unwrap();
        (again || period.status == PeriodStatus::Open) && list.status == TaskListStatus::Issued
    }

    /// The principal writes the reports of this unit, and reads them.
    fn works_for(&self, unit: Uuid) -> bool {
        self.grants.iter().filter(|grant| grant.unit_id == unit).any(|grant| match grant.role {
            Role::Reporter | Role::Approver => true,
            Role::Integration => {
                ["reports:read", "reports:write"].iter().all(|s| grant.scopes.split(' ').any(|w| w == *s))
            }
            _ => false,
        })
    }

    /// What waits for the principal.
    pub(super) fn work(&self, part: &str) -> Option<Edge> {
        let status = |owed: &Obligation| {
            let report = self.rows.progress_report.iter().find(|r| r.report_obligation_id == owed.id);
            report.map(|r| r.status)
        };
        let waits = |owed: &Obligation| match (part, status(owed)) {
            ("toReport", None | Some(ReportStatus::Draft)) | ("returned", Some(ReportStatus::Returned)) => true,
            ("overdue", None | Some(ReportStatus::Draft | ReportStatus::Signing | ReportStatus::Returned)) => {
                self.missing(owed.id) && self.too_late(owed.id)
            }
            _ => false,
        };
        let refs: Vec<Ref> = match part {
            "toReport" | "returned" | "overdue" => {
                let mine = self.rows.report_obligation.iter().filter(|owed| {
                    self.sees("ReportObligation", owed.id)
                        && self.works_for(owed.unit_id)
                        && self.is_open(owed.reporting_period_id, owed.unit_id)
                        && owed.released_at.is_none()
                });
                mine.filter(|owed| waits(owed)).map(|owed| ("ReportObligation", owed.id)).collect()
            }
            "toSign" => {
                let signs = |unit: Uuid| self.grants.iter().any(|g| g.role == Role::Approver && g.unit_id == unit);
                let waiting = self.rows.progress_report.iter().filter(|report| {
                    self.sees("ProgressReport", report.id)
                        && report.status == ReportStatus::Signing
                        && signs(report.unit_id)
                        && report.reporter_user_id != Some(self.user.id)
                        && self.is_open(report.reporting_period_id, report.unit_id)
                });
                waiting.map(|report| ("ProgressReport", report.id)).collect()
            }
            "toReview" => {
                let issuer = |list: Uuid| self.rows.task_list.iter().find(|l| l.id == list).unwrap().issuer_unit_id;
                let offices: Vec<Uuid> =
                    self.grants.iter().filter(|g| g.role == Role::Office).map(|g| g.unit_id).collect();
                let waiting = self.rows.progress_report.iter().filter(|report| {
                    self.sees("ProgressReport", report.id)
                        && report.status == ReportStatus::Submitted
                        && ![report.reporter_user_id, report.signed_by_user_id].contains(&Some(self.user.id))
                        && offices.iter().any(|office| self.below(*office, issuer(report.task_list_id)))
                        && self.is_open(report.reporting_period_id, report.unit_id)
                });
                waiting.map(|report| ("ProgressReport", report.id)).collect()
            }
            "toRectify" | "toRecheck" => {
                let steers = |list: Uuid| {
                    let issuer = self.rows.task_list.iter().find(|l| l.id == list).unwrap().issuer_unit_id;
                    self.grants.iter().any(|g| g.role == Role::Office && self.below(g.unit_id, issuer))
                };
                let waiting = self.rows.rectification.iter().filter(|row| {
                    self.sees("Rectification", row.id)
                        && match row.status {
                            RectificationStatus::Closed | RectificationStatus::Cancelled => false,
                            RectificationStatus::Reported => part == "toRecheck" && steers(row.task_list_id),
                            _ => part == "toRectify" && self.works_for(row.unit_id),
                        }
                });
                waiting.map(|row| ("Rectification", row.id)).collect()
            }
            "toReply" => {
                let waiting = self.rows.urge_notice.iter().filter(|row| {
                    self.sees("UrgeNotice", row.id)
                        && self.works_for(row.unit_id)
                        && row.reply_due_on.is_some()
                        && row.replied_at.is_none()
                });
                waiting.map(|row| ("UrgeNotice", row.id)).collect()
            }
            _ => return None,
        };
        Some(Edge::Many(refs))
    }
}
