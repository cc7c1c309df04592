//! The second person: approving a request, or refusing it.

use std::collections::HashSet;

use entity::vocabulary::{GrantOrigin, NotificationKind, Role, RoleGrantRequestStatus};
use entity::{
    one_time_code, role_grant, role_grant_list, role_grant_request, role_grant_request_list, service_secret, unit,
};
use uuid::Uuid;

use super::fit::{self, Right, When};
use super::request::taken;
use super::{Checks, REASON_CHARS, Stop, Work, reason};
use crate::authz::{GrantAction, POWERS_APART};
use crate::error::{GrantMessage, Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::service::notices::About;
use crate::store::StoreError;
use crate::store::query::grants::is_in_force;

/// Who may ask for rights.
const KEEPERS: [Role; 2] = [Role::SystemAdmin, Role::SecurityAdmin];

pub(super) async fn approve(work: &mut Work, id: Uuid, version: i32, said: Option<String>) -> Result<Uuid, Stop> {
    let (row, user) = taken(work, GrantAction::Approve, id, version).await?;
    let mut checks = Checks::default();
    let said = checks.optional(said.as_deref(), REASON_CHARS, "input.reason");
    // Everything is asked again: it was some days ago that somebody looked.
    let units = work.tx.all_where::<unit::Entity>(unit::Column::Id, &[row.unit_id]).await?;
    let at = units.first().ok_or_else(UserError::not_found)?;
    let column = role_grant_request_list::Column::RoleGrantRequestId;
    let lists = work.tx.all_where::<role_grant_request_list::Entity>(column, &[row.id]).await?;
    let lists: Vec<Uuid> = lists.into_iter().map(|list| list.task_list_id).collect();
    let scopes: Vec<String> = row.scopes.split_whitespace().map(str::to_owned).collect();
    let right = Right {
        role: row.role,
        scopes: &scopes,
        lists: row.named_lists.then_some(&lists),
        valid_until: row.valid_until,
    };
    fit::check(work, &mut checks, &user, at, &right, When::Decided).await?;
    let above = work.tx.ancestors(&[at.id]).await?.remove(&at.id).unwrap_or_default();
    let asker = work.tx.holders(&[row.requested_by], &KEEPERS, &above, at.root_id, work.today).await?;
    if asker.is_empty() {
        checks.fail(UserErrorCode::InvalidState, Message::Grant(GrantMessage::RequesterGone), "id");
    }
    checks.done()?;

    end_what_is_over(work, row.user_id).await?;
    let grant = work.id();
    let made = role_grant::Model {
        id: grant,
        user_id: row.user_id,
        role: row.role,
        realm: row.realm,
        unit_id: row.unit_id,
        scopes: row.scopes.clone(),
        named_lists: row.named_lists,
        valid_until: row.valid_until,
        origin: GrantOrigin::Request,
        request_id: Some(row.id),
        request_status: Some(RoleGrantRequestStatus::Granted),
        ended_at: None,
        ended_by: None,
        end_reason: None,
        version: 1,
        created_at: work.now,
    };
    let (user, apart) = (row.user_id, POWERS_APART.contains(&row.role));
    settle(work, row, RoleGrantRequestStatus::Granted, said).await?;
    work.tx.insert::<role_grant::Entity>(made).await.map_err(|error| match error {
        // The keys of the database have the last word.
        StoreError::Unique => {
            UserError::at(UserErrorCode::Conflict, Message::Grant(GrantMessage::HoldsAnother), "id").into()
        }
        other => Stop::from(other),
    })?;
    let lists = lists.into_iter().map(|task_list_id| role_grant_list::Model { role_grant_id: grant, task_list_id });
    work.tx.insert_all::<role_grant_list::Entity>(lists.collect()).await?;
    let about = About { kind: NotificationKind::GrantGiven, user, unit: at.id, subject: grant };
    work.service().tell_about(&work.tx, about, work.now).await?;
    take_back(work, user, apart, &above, at.root_id).await?;
    work.audit_also("roleGrantApprove", GlobalId::new(Kind::RoleGrant, grant), &["user", "role", "unit"]);
    Ok(id)
}

/// Whoever made a code or a secret may know it still, and whoever said who the account is elsewhere may be that himself; he
/// would become what the account becomes. Each was made by somebody who was over all that the account could do: where he
/// is not over the new right, or where that is one of the powers that no keeper of users gets, they are good for nothing
/// from now on. What the operator made stays.
async fn take_back(work: &mut Work, user: Uuid, apart: bool, above: &HashSet<Uuid>, root: Uuid) -> Result<(), Stop> {
    let codes = work.tx.one_time_codes_unused(user).await?;
    let secrets = work.tx.service_secrets_in_use(user, work.today).await?;
    // Whoever has linked himself has proved that he is both, but only by the password: the keeper who invited him may have set
    // that one, and of the powers apart no keeper of users is to have any.
    let links = work.tx.external_identities_of(user).await?.into_iter();
    let links: Vec<_> = links.filter(|link| apart || link.made_by != Some(user)).collect();
    let of_codes = codes.iter().map(|code| code.made_by);
    let others = secrets.iter().map(|secret| secret.made_by).chain(links.iter().map(|link| link.made_by));
    let makers: Vec<Uuid> = of_codes.chain(others).flatten().collect();
    if makers.is_empty() {
        return Ok(());
    }
    let over = work.tx.holders(&makers, &[Role::SystemAdmin], above, root, work.today).await?;
    let known = |made_by: Option<Uuid>| made_by.is_some_and(|maker| apart || !over.contains(&maker));
    for code in codes.into_iter().filter(|code| known(code.made_by)) {
        work.tx.delete_where::<one_time_code::Entity>(one_time_code::Column::Id, code.id).await?;
        work.audit_also("codeVoid", GlobalId::new(Kind::User, user), &["code"]);
    }
    for secret in secrets.into_iter().filter(|secret| known(secret.made_by)) {
        let id = secret.id;
        work.tx.sessions_end_of_secret(id, work.now).await?;
        let secret = service_secret::Model { revoked_at: Some(work.now), ..secret };
        work.tx.update::<service_secret::Entity>(secret).await?;
        let object = GlobalId::new(Kind::ServiceAccountSecret, id);
        work.audit_also("serviceAccountSecretRevoke", object, &["revokedAt"]);
    }
    for link in links.into_iter().filter(|link| known(link.made_by)) {
        let object = GlobalId::new(Kind::ExternalIdentity, link.id);
        work.tx.external_identity_end(link, Some(work.actor.user_id), work.now).await?;
        let about = About { kind: NotificationKind::IdentityUnlinked, user, unit: work.actor.root_id, subject: user };
        work.service().tell_about(&work.tx, about, work.now).await?;
        work.audit_also("externalIdentityUnlink", object, &["endedAt"]);
    }
    Ok(())
}

pub(super) async fn refuse(work: &mut Work, id: Uuid, version: i32, said: String) -> Result<Uuid, Stop> {
    let (row, _) = taken(work, GrantAction::Refuse, id, version).await?;
    let mut checks = Checks::default();
    let said = reason(&mut checks, &said);
    checks.done()?;
    settle(work, row, RoleGrantRequestStatus::Refused, Some(said)).await?;
    Ok(id)
}

async fn settle(
    work: &mut Work,
    row: role_grant_request::Model,
    status: RoleGrantRequestStatus,
    said: Option<String>,
) -> Result<(), Stop> {
    let id = row.id;
    let row = role_grant_request::Model {
        status,
        decided_by: Some(work.actor.user_id),
        decided_at: Some(work.now),
        decision_reason: said,
        version: row.version + 1,
        updated_at: work.now,
        ..row
    };
    work.tx.update::<role_grant_request::Entity>(row).await?;
    work.audit(GlobalId::new(Kind::RoleGrantRequest, id), &["status", "decisionReason"]);
    Ok(())
}

/// Rights whose last day is past make room for new ones; nobody took them away.
async fn end_what_is_over(work: &mut Work, user: Uuid) -> Result<(), Stop> {
    let (rows, today) = (work.tx.grants_not_ended(user).await?, work.today);
    for row in rows.into_iter().filter(|row| !is_in_force(row, today)) {
        work.audit_also("roleGrantEnd", GlobalId::new(Kind::RoleGrant, row.id), &["endedAt"]);
        let row = role_grant::Model { ended_at: Some(work.now), version: row.version + 1, ..row };
        work.tx.update::<role_grant::Entity>(row).await?;
    }
    Ok(())
}
