//! Who sees what people are told and urged about, once more.

use entity::vocabulary::*;
use uuid::Uuid;

use super::edges::Edge;
use super::{Part, Policy};

impl Policy<'_> {
    /// The principal holds the office that steers a list.
    fn steers(&self, list: Uuid) -> bool {
        let list = self.list_of(list).unwrap();
        self.grants.iter().any(|grant| grant.role == Role::Office && self.below(grant.unit_id, list.issuer_unit_id))
    }

    /// Between the office and the unit that is urged.
    pub(super) fn sees_urge_notice(&self, id: Uuid) -> bool {
        let Some(notice) = self.rows.urge_notice.iter().find(|n| n.id == id) else { return false };
        self.steers(notice.task_list_id)
            || (self.units(Part::Reports).contains(&notice.unit_id)
                && self.sees_list(Part::Reports, notice.task_list_id))
    }

    /// One's own, as long as one is who was told and sees what it is about.
    pub(super) fn sees_notification(&self, id: Uuid) -> bool {
        let Some(told) = self.rows.notification.iter().find(|n| n.id == id) else { return false };
        let period = || self.rows.reporting_period.iter().find(|p| p.id == told.subject_id).unwrap();
        let is_of_unit = self.units(Part::Reports).contains(&told.unit_id);
        told.user_id == self.user.id
            && match told.kind {
                NotificationKind::ListIssued => is_of_unit && self.sees_list(Part::Lists, told.subject_id),
                NotificationKind::PeriodOpened | NotificationKind::ReportsAccepted => {
                    is_of_unit && self.sees_list(Part::Reports, period().task_list_id)
                }
                NotificationKind::ReportReturned => is_of_unit && self.sees_report(told.subject_id),
                NotificationKind::Urged => is_of_unit && self.sees_urge_notice(told.subject_id),
                NotificationKind::ReportsSubmitted => self.steers(period().task_list_id),
            }
    }

    /// Where the fields of a notification lead.
    pub(super) fn told_edge(&self, field: &str, id: Uuid) -> Option<Edge> {
        use NotificationKind::*;
        let told = self.rows.notification.iter().find(|n| n.id == id)?;
        let period = self.rows.reporting_period.iter().find(|p| p.id == told.subject_id);
        let (of, subject) = match (field, told.kind) {
            ("unit", _) => ("Unit", Some(told.unit_id)),
            ("taskList", ListIssued) => ("TaskList", Some(told.subject_id)),
            ("taskList", _) => ("TaskList", period.map(|p| p.task_list_id)),
            ("period", _) => ("ReportingPeriod", period.map(|p| p.id)),
            ("report", ReportReturned) => ("ProgressReport", Some(told.subject_id)),
            ("urgeNotice", Urged) => ("UrgeNotice", Some(told.subject_id)),
            ("report" | "urgeNotice", _) => ("UrgeNotice", None),
            _ => return None,
        };
        Some(self.one(of, subject))
    }

    /// Where the fields of a notice lead.
    pub(super) fn urge_edge(&self, field: &str, id: Uuid) -> Option<Edge> {
        let notice = self.rows.urge_notice.iter().find(|n| n.id == id)?;
        Some(match field {
            "unit" => self.one("Unit", Some(notice.unit_id)),
            "taskList" => self.one("TaskList", Some(notice.task_list_id)),
            "period" => self.one("ReportingPeriod", Some(notice.reporting_period_id)),
            "items" => {
                let items = self.rows.urge_notice_item.iter().filter(|item| item.urge_notice_id == id);
                let seen = items.filter(|item| self.sees("ReportObligation", item.report_obligation_id));
                Edge::Many(seen.map(|item| ("UrgeNoticeItem", item.report_obligation_id)).collect())
            }
            _ => return None,
        })
    }
}
