//! The edges of what stands around periods.

use entity::vocabulary::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Policy;
use super::edges::Edge;

impl Policy<'_> {
    /// As [`Policy::edge`].
    pub(super) fn edge_around_periods(&self, from: &str, field: &str, id: Uuid) -> Option<Edge> {
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
            ("TaskList", "periodSchedules") => those!("PeriodSchedule", period_schedule, task_list_id),
            ("TaskList", "urgeRules") => those!("UrgeRule", urge_rule, task_list_id),
            ("UrgeRule", "taskList") => self.one("TaskList", Some(row!(urge_rule).task_list_id)),
            ("PeriodSchedule", "lastSkippedFor") => {
                self.one("ReportingPeriod", row!(period_schedule).skipped_period_id)
            }
            ("PeriodSchedule", "taskList") => self.one("TaskList", Some(row!(period_schedule).task_list_id)),
            ("ReportingPeriod", "freezes") => those!("PeriodFreeze", period_freeze, reporting_period_id),
            ("ReportingPeriod", "reopenings") => those!("PeriodReopening", period_reopening, reporting_period_id),
            ("ReportingPeriod", "extensionRequests") => {
                those!("ExtensionRequest", extension_request, reporting_period_id)
            }
            ("ReportObligation", "extensionRequests") => {
                those!("ExtensionRequest", extension_request, report_obligation_id)
            }
            ("ReportingPeriod", "closeGate") => Edge::One(Some(("CloseGate", id))),
            ("CloseGate", "outstanding") => {
                let of_period = rows.report_obligation.iter().filter(|o| o.reporting_period_id == id);
                self.many("ReportObligation", of_period.filter(|o| self.outstanding(o.id)).map(|o| o.id))
            }
            ("PeriodReopening", "period") => {
                self.one("ReportingPeriod", Some(row!(period_reopening).reporting_period_id))
            }
            ("PeriodReopening", "unit") => self.one("Unit", Some(row!(period_reopening).unit_id)),
            ("PeriodReopening", "reopenedBy") => self.one("User", Some(row!(period_reopening).reopened_by)),
            ("PeriodFreeze", "period") => self.one("ReportingPeriod", Some(row!(period_freeze).reporting_period_id)),
            ("PeriodFreeze", "report") => self.one("ProgressReport", row!(period_freeze).progress_report_id),
            ("ExtensionRequest", "obligation") => {
                self.one("ReportObligation", Some(row!(extension_request).report_obligation_id))
            }
            ("ExtensionRequest", "period") => {
                self.one("ReportingPeriod", Some(row!(extension_request).reporting_period_id))
            }
            ("ExtensionRequest", "unit") => self.one("Unit", Some(row!(extension_request).unit_id)),
            ("ExtensionRequest", "requestedBy") => self.one("User", Some(row!(extension_request).requested_by)),
            ("ExtensionRequest", "decidedBy") => self.one("User", row!(extension_request).decided_by),
            _ => return None,
        })
    }

    /// The frozen sums of a period as the principal must get them: the latest, or nothing.
    pub(super) fn frozen(&self, period: Uuid) -> Value {
        let seen =
            |f: &&entity::period_freeze::Model| f.reporting_period_id == period && self.sees("PeriodFreeze", f.id);
        let latest = self.rows.period_freeze.iter().filter(seen).max_by_key(|f| f.number);
        latest.map_or(Value::Null, |f| json!({ "expected": f.roll_up["expected"], "accepted": f.roll_up["accepted"] }))
    }

    /// What stands in the way of closing, as far as the principal sees.
    pub(super) fn gate(&self, period: Uuid) -> Value {
        let of = |o: &&entity::report_obligation::Model| {
            o.reporting_period_id == period && self.sees("ReportObligation", o.id) && self.counted(o.id)
        };
        let (mut missing, mut returned, mut submitted) = (0, 0, 0);
        for owed in self.rows.report_obligation.iter().filter(of) {
            let report = self
                .rows
                .progress_report
                .iter()
                .find(|r| r.report_obligation_id == owed.id && self.sees("ProgressReport", r.id));
            match report.map(|r| r.status) {
                // One under correction was accepted, and that counts.
                _ if report.is_some_and(|r| r.accepted_revision.is_some()) => {}
                Some(ReportStatus::Accepted) => {}
                Some(ReportStatus::Submitted) => submitted += 1,
                Some(ReportStatus::Returned) => returned += 1,
                _ => missing += 1,
            }
        }
        let list = self.rows.reporting_period.iter().find(|p| p.id == period).unwrap().task_list_id;
        let of_list = self.rows.task.iter().filter(|t| t.task_list_id == list && self.sees("Task", t.id));
        let ended = of_list.filter(|t| self.has_ended_unit(t.id)).count();
        json!({ "missingCount": missing, "returnedCount": returned, "submittedCount": submitted,
            "unitOutOfUseCount": ended })
    }

    /// An assignment in force names a unit that is out of use.
    pub(super) fn has_ended_unit(&self, task: Uuid) -> bool {
        let ended = |unit: Uuid| self.rows.unit.iter().any(|u| u.id == unit && !u.active);
        self.rows
            .assignment
            .iter()
            .any(|a| a.task_id == task && a.status == AssignmentStatus::Active && a.unit_id.is_some_and(ended))
    }
}
