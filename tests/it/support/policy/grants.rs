//! Rights and requests for them: whoever keeps or audits the unit, and each his own.

use entity::role_grant;
use entity::vocabulary::Role;
use uuid::Uuid;

use super::Policy;
use super::edges::Edge;

impl Policy<'_> {
    /// The keepers of grants and of the trail, at or above a unit.
    fn keeps_rights_at(&self, unit: Uuid) -> bool {
        let keeps = |grant: &&role_grant::Model| {
            matches!(grant.role, Role::SecurityAdmin | Role::AuditAdmin) && self.below(grant.unit_id, unit)
        };
        self.grants.iter().any(keeps)
    }

    pub(super) fn sees_grant(&self, id: Uuid) -> bool {
        let Some(row) = self.rows.role_grant.iter().find(|row| row.id == id) else { return false };
        row.user_id == self.user.id || self.keeps_rights_at(row.unit_id)
    }

    pub(super) fn sees_grant_request(&self, id: Uuid) -> bool {
        let Some(row) = self.rows.role_grant_request.iter().find(|row| row.id == id) else { return false };
        row.requested_by == self.user.id || self.keeps_rights_at(row.unit_id)
    }

    /// Whether the side of the house of a user is shown to the principal.
    pub fn sees_realm(&self, user: &entity::user_account::Model) -> bool {
        let security =
            |grant: &&role_grant::Model| grant.role == Role::SecurityAdmin && self.below(grant.unit_id, user.unit_id);
        self.keeps(user) || self.grants.iter().any(security)
    }

    /// As [`Policy::edge`].
    pub(super) fn edge_of_grants(&self, from: &str, field: &str, id: Uuid) -> Option<Edge> {
        let rows = self.rows;
        macro_rules! row {
            ($table:ident) => {
                rows.$table.iter().find(|row| row.id == id)?
            };
        }
        Some(match (from, field) {
            ("Query", "roleGrants") => self.many("RoleGrant", self.all("RoleGrant").into_iter()),
            ("Query", "roleGrantRequests") => self.many("RoleGrantRequest", self.all("RoleGrantRequest").into_iter()),
            ("RoleGrant", "user") => self.one("User", Some(row!(role_grant).user_id)),
            ("RoleGrant", "unit") => self.one("Unit", Some(row!(role_grant).unit_id)),
            ("RoleGrant", "endedBy") => self.one("User", row!(role_grant).ended_by),
            ("RoleGrant", "request") => self.one("RoleGrantRequest", row!(role_grant).request_id),
            ("RoleGrantRequest", "user") => self.one("User", Some(row!(role_grant_request).user_id)),
            ("RoleGrantRequest", "unit") => self.one("Unit", Some(row!(role_grant_request).unit_id)),
            ("RoleGrantRequest", "requestedBy") => self.one("User", Some(row!(role_grant_request).requested_by)),
            ("RoleGrantRequest", "decidedBy") => self.one("User", row!(role_grant_request).decided_by),
            _ => return None,
        })
    }
}
