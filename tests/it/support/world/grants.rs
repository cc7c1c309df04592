//! Rights of a world: asked for, refused, lapsed, approved, and one that was taken away.

use chrono::TimeDelta;
use entity::role_grant_request;
use entity::vocabulary::*;

use super::build::Build;
use super::now;

pub(super) fn rights(b: &mut Build) {
    use RoleGrantRequestStatus as S;
    let asked = [
        ("waits", "@none", Role::Office, "a", "@system-admin", None, S::Pending, 3),
        (
            "waits in the county",
            "@county-bureau",
            Role::Office,
            "a.county",
            "@system-admin-county",
            None,
            S::Pending,
            3,
        ),
        ("lapsed", "@supp", Role::Inspector, "a", "@system-admin", None, S::Pending, 0),
        ("refused", "@supp", Role::Office, "a", "@system-admin", Some("@security-admin"), S::Refused, 3),
        ("withdrawn", "@supp", Role::Approver, "supp", "@security-admin", None, S::Withdrawn, 3),
        (
            "granted",
            "@county-bureau",
            Role::Reporter,
            "a.county.bureau",
            "@system-admin",
            Some("@security-admin"),
            S::Granted,
            3,
        ),
        ("foreign", "@foreign-bureau", Role::Office, "b", "@foreign-office", None, S::Pending, 3),
    ];
    for (name, user, role, unit, requested_by, decided_by, status, days) in asked {
        let (id, at, unit_id) = (b.next(), b.at(), b.get(unit));
        b.name(&format!("right {name}"), id);
        let root_id = b.rows.unit.iter().find(|u| u.id == unit_id).unwrap().root_id;
        b.rows.role_grant_request.push(role_grant_request::Model {
            id,
            user_id: b.get(user),
            role,
            realm: role.realm(),
            unit_id,
            root_id,
            scopes: String::new(),
            named_lists: name == "lapsed",
            valid_until: None,
            reason: format!("虚构理由{name}"),
            status,
            requested_by: b.get(requested_by),
            decided_by: decided_by.map(|user| b.get(user)),
            decided_at: decided_by.map(|_| at),
            decision_reason: decided_by.map(|_| "虚构意见".to_owned()),
            lapses_at: now() + TimeDelta::days(days),
            version: 1,
            created_at: at,
            updated_at: at,
        });
        if status == S::Granted {
            let user_id = b.get(user);
            let grant = b.rows.role_grant.iter_mut().find(|g| g.user_id == user_id && g.role == role).unwrap();
            grant.origin = GrantOrigin::Request;
            grant.request_id = Some(id);
            grant.request_status = Some(S::Granted);
        }
    }
    let request = b.get("right lapsed");
    let list = entity::role_grant_request_list::Model { role_grant_request_id: request, task_list_id: b.get("closed") };
    b.rows.role_grant_request_list.push(list);

    // What was taken away is no right, whatever it was.
    let (id, at, unit_id) = (b.next(), b.at(), b.get("a"));
    b.name("right of none that was taken away", id);
    b.rows.role_grant.push(entity::role_grant::Model {
        id,
        user_id: b.get("@none"),
        role: Role::Office,
        realm: Realm::Business,
        unit_id,
        scopes: String::new(),
        named_lists: false,
        valid_until: None,
        origin: entity::vocabulary::GrantOrigin::Operator,
        request_id: None,
        request_status: None,
        ended_at: Some(at),
        ended_by: Some(b.get("@security-admin")),
        end_reason: Some("虚构理由".to_owned()),
        version: 2,
        created_at: at,
    });
}
