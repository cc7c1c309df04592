//! The second person: approving a request, or refusing it.

use entity::vocabulary::{Role, RoleGrantRequestStatus};
use entity::{role_grant, role_grant_list, role_grant_request, role_grant_request_list, unit};
use uuid::Uuid;

use super::fit::{self, Right, is_live};
use super::request::taken;
use super::{Checks, REASON_CHARS, Stop, Work, reason};
use crate::authz::GrantAction;
use crate::error::{GrantMessage, Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::store::StoreError;

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
    fit::check(work, &mut checks, &user, at, &right).await?;
    let asker = work.tx.user_by_id(row.requested_by).await?.filter(|asker| asker.disabled_at.is_none());
    if asker.is_none() || !work.tx.holds_any(row.requested_by, &KEEPERS, work.today).await? {
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
        request_id: Some(row.id),
        ended_at: None,
        ended_by: None,
        end_reason: None,
        version: 1,
        created_at: work.now,
    };
    let secret_power = matches!(row.role, Role::SecurityAdmin | Role::AuditAdmin);
    let user = row.user_id;
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
    if secret_power {
        // A code that the system administrator gave out would let its bearer in as one of the other two powers.
        work.tx.one_time_codes_void(user).await?;
    }
    work.audit_also("roleGrantApprove", GlobalId::new(Kind::RoleGrant, grant), &["user", "role", "unit"]);
    Ok(id)
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
    let rows = work.tx.all_where::<role_grant::Entity>(role_grant::Column::UserId, &[user]).await?;
    for row in rows.into_iter().filter(|row| row.ended_at.is_none() && !is_live(row, work.today)) {
        let row = role_grant::Model { ended_at: Some(work.now), version: row.version + 1, ..row };
        work.tx.update::<role_grant::Entity>(row).await?;
    }
    Ok(())
}
