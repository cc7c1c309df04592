//! The verbs of rights.

use serde_json::json;
use taizhang::id::{GlobalId, Kind};

use super::verbs::{Verbs, stale};

/// Each with an input that fails in the end.
pub fn verbs(v: &mut Verbs<'_>) {
    let user = v.id(Kind::User, "@lead1");
    for (about, unit) in [("at the root", "a"), ("at a county bureau", "a.county.bureau"), ("elsewhere", "b")] {
        let input = json!({ "user": user, "role": "REPORTER", "unit": v.id(Kind::Unit, unit), "reason": " " });
        v.make("roleGrantRequest", about, input);
    }
    for (about, right) in [
        ("waits, of the root's sysadm", "right waits"),
        ("waits, in the county", "right waits in the county"),
        ("refused, of the root's sysadm", "right refused"),
        ("lapsed, of the root's sysadm", "right lapsed"),
        ("elsewhere", "right foreign"),
    ] {
        let id = v.id(Kind::RoleGrantRequest, right);
        let reason = json!({ "expectedVersion": 999, "reason": "虚构" });
        v.change("roleGrantApprove", about, "RoleGrantApproveInput", &id, stale());
        v.change("roleGrantRefuse", about, "RoleGrantReasonInput", &id, reason);
        v.change("roleGrantRequestWithdraw", about, "VersionInput", &id, stale());
    }
    for (about, of) in [
        ("of lead1's reporter", "@lead1"),
        ("of the county's office", "@office-county"),
        ("of the only sysadm", "@system-admin"),
        ("of the only secadm", "@security-admin"),
        ("of audadm", "@audit-admin"),
        ("elsewhere", "@foreign-office"),
    ] {
        let grant = v.grant_of(of);
        let id = GlobalId::new(Kind::RoleGrant, grant).to_string();
        let reason = json!({ "expectedVersion": 999, "reason": "虚构" });
        v.change("roleGrantRevoke", about, "RoleGrantReasonInput", &id, reason);
    }
}
