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
        let subject = told.subject_id;
        if told.user_id != self.user.id {
            return false;
        }
        let Some(list) = self.told_list(told) else { return self.sees_of_account(told) };
        use NotificationKind::*;
        match told.kind {
            // The office is told of lists it steers.
            ReportsSubmitted
            | AssignmentDeclined
            | UrgeReplied
            | ExtensionRequested
            | ExtensionWithdrawn
            | RectificationAnswered => self.steers(list),
            PublicationReviewWanted
            | PublicationReturned
            | PublicationApproved
            | PublicationPublished
            | PublicationWithdrawn => self.steers(list) && self.sees("Publication", subject),
            _ if !self.units(Part::Reports).contains(&told.unit_id) => false,
            // Of its own objection it hears, on the list or not.
            ObjectionDecided => true,
            ListIssued | ReportingLeadNamed => self.sees_list(Part::Lists, list),
            PeriodOpened | ReportsAccepted | Reminded | SignatureWanted | PeriodReopened | PeriodMoved
            | ReopeningEnded => self.sees_list(Part::Reports, list),
            ReportReturned | SignatureRefused => self.sees_report(subject),
            Urged => self.sees_urge_notice(subject),
            ExtensionDecided => self.sees("ExtensionRequest", subject),
            ListAmended => self.sees("Amendment", subject),
            LookBackFound => self.sees("LookBack", subject),
            RectificationOpened | RectificationDecided => self.sees("Rectification", subject),
            PasswordReset | PasswordChanged | TotpEnrolled | TotpRemoved | IdentityLinked | IdentityUnlinked
            | SessionsEnded | RefreshReplayed | AccountLocked | GrantGiven | GrantEnded | GrantRequested
            | TotpRemovalRequested => unreachable!("of no list"),
        }
    }

    /// One's own account and rights, and what one may decide about the rights of others.
    fn sees_of_account(&self, told: &entity::notification::Model) -> bool {
        let id = told.subject_id;
        match told.kind.subject() {
            NotificationSubject::User => id == self.user.id,
            NotificationSubject::RoleGrant => {
                self.rows.role_grant.iter().any(|grant| grant.id == id && grant.user_id == self.user.id)
            }
            NotificationSubject::RoleGrantRequest => self.sees("RoleGrantRequest", id),
            _ => self.sees_totp_removal(id),
        }
    }

    /// The list that a message is about, if it is about one.
    fn told_list(&self, told: &entity::notification::Model) -> Option<Uuid> {
        let id = told.subject_id;
        macro_rules! list_of {
            ($table:ident) => {
                self.rows.$table.iter().find(|row| row.id == id).unwrap().task_list_id
            };
        }
        Some(match told.kind.subject() {
            NotificationSubject::TaskList => id,
            NotificationSubject::ReportingPeriod => list_of!(reporting_period),
            NotificationSubject::ProgressReport => list_of!(progress_report),
            NotificationSubject::UrgeNotice => list_of!(urge_notice),
            NotificationSubject::ExtensionRequest => list_of!(extension_request),
            NotificationSubject::Amendment => list_of!(amendment),
            NotificationSubject::LookBack => list_of!(look_back),
            NotificationSubject::Rectification => list_of!(rectification),
            NotificationSubject::Publication => list_of!(publication),
            NotificationSubject::User
            | NotificationSubject::RoleGrant
            | NotificationSubject::RoleGrantRequest
            | NotificationSubject::TotpRemoval => return None,
        })
    }

    /// Where the fields of a notification lead.
    pub(super) fn told_edge(&self, field: &str, id: Uuid) -> Option<Edge> {
        let told = self.rows.notification.iter().find(|n| n.id == id)?;
        let of = match field {
            "unit" => return Some(self.one("Unit", Some(told.unit_id))),
            "taskList" => return Some(self.one("TaskList", self.told_list(told))),
            "period" => ("ReportingPeriod", NotificationSubject::ReportingPeriod),
            "report" => ("ProgressReport", NotificationSubject::ProgressReport),
            "urgeNotice" => ("UrgeNotice", NotificationSubject::UrgeNotice),
            "extensionRequest" => ("ExtensionRequest", NotificationSubject::ExtensionRequest),
            "amendment" => ("Amendment", NotificationSubject::Amendment),
            "lookBack" => ("LookBack", NotificationSubject::LookBack),
            "publication" => ("Publication", NotificationSubject::Publication),
            "user" if told.kind.subject() == NotificationSubject::TotpRemoval => {
                ("User", NotificationSubject::TotpRemoval)
            }
            "user" => ("User", NotificationSubject::User),
            "roleGrant" => ("RoleGrant", NotificationSubject::RoleGrant),
            "roleGrantRequest" => ("RoleGrantRequest", NotificationSubject::RoleGrantRequest),
            "rectification" => ("Rectification", NotificationSubject::Rectification),
            _ => return None,
        };
        Some(self.one(of.0, (told.kind.subject() == of.1).then_some(told.subject_id)))
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
