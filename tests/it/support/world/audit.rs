//! The audit trail of a world: what was done for several units, and for none.

use entity::audit_entry;
use sea_orm::{ConnectionTrait, EntityTrait};

use super::build::Build;

pub(super) fn trail(b: &mut Build) {
    let done = [
        (Some("@office"), Some("a"), "taskListIssue", "issued"),
        (Some("@lead1"), Some("lead1"), "progressReportSubmit", "issued"),
        (Some("@resp1"), Some("resp1"), "progressReportSave", "issued"),
        (Some("@office-county"), Some("a.county"), "taskListIssue", "county"),
        (Some("@foreign-office"), Some("b"), "taskListIssue", "foreign"),
        (Some("@foreign-bureau"), Some("b.bureau"), "progressReportSave", "foreign"),
        (None, None, "reportingPeriodOpen", "issued"),
    ];
    for (nth, (user, unit, operation, object)) in done.into_iter().enumerate() {
        let (id, at) = (b.next(), b.at());
        b.name(&format!("audit {nth}"), id);
        let row = audit_entry::Model {
            id,
            at,
            user_id: user.map(|user| b.get(user)),
            unit_id: unit.map(|unit| b.get(unit)),
            operation: operation.to_owned(),
            object_type: Some("list".to_owned()),
            object_id: Some(b.get(object)),
            result: if nth == 2 { "REFUSED" } else { "DONE" }.to_owned(),
            changed: Some(serde_json::json!(["status"])),
            request_id: format!("request {nth}"),
            sequence: None,
            hash: None,
            address: (nth == 1).then(|| "192.0.2.1".to_owned()),
            reasons: (nth == 2).then(|| "FORBIDDEN".to_owned()),
        };
        b.rows.audit_entry.push(row);
    }
}

/// Every row of the trail as it stands in the database.
pub(super) async fn written<C: ConnectionTrait>(db: &C) -> Vec<audit_entry::Model> {
    #[expect(clippy::disallowed_methods, reason = "looks past every scope")]
    let all = audit_entry::Entity::find().all(db).await;
    all.unwrap()
}
