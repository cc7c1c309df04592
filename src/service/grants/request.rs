//! Asking for a right, and taking the request back.

use std::collections::BTreeSet;

use entity::vocabulary::{NotificationKind, RoleGrantRequestStatus};
use entity::{role_grant_request, role_grant_request_list, unit, user_account};
use uuid::Uuid;

use super::fit::{self, Right, When};
use super::{Checks, NewGrantRequest, Stop, Work, over, reason};
use crate::authz::{Action, GrantAction, Scope, State, Subject, decide};
use crate::error::{GrantMessage, Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::service::notices::About;
use crate::service::work::expect_version;

pub(super) async fn create(work: &mut Work, input: NewGrantRequest) -> Result<Uuid, Stop> {
    let at = work.tx.visible::<unit::Entity>(&work.actor, input.unit).await?;
    let Some(at) = at else { return Err(UserError::not_found_at("input.unit").into()) };
    decide(Action::Grant(GrantAction::Request), over(work, at.id).await?, State::default())?;
    // Whoever asks for the same user at the same time, or approves something of his, waits here.
    let user = work.tx.claimed::<user_account::Entity>(&work.actor, input.user).await?;
    let Some(user) = user else { return Err(UserError::not_found_at("input.user").into()) };

    let mut checks = Checks::default();
    let reason = reason(&mut checks, &input.reason);
    if input.scopes.len() > Scope::ALL.len() {
        checks.fail(UserErrorCode::Limit, Message::TooMany(Scope::ALL.len()), "input.scopes");
    }
    let scopes: BTreeSet<String> = input.scopes.into_iter().take(Scope::ALL.len()).collect();
    let scopes: Vec<String> = scopes.into_iter().collect();
    let lists: Option<BTreeSet<Uuid>> = input.lists.map(|lists| lists.into_iter().collect());
    let lists: Option<Vec<Uuid>> = lists.map(|lists| lists.into_iter().collect());
    let right = Right { role: input.role, scopes: &scopes, lists: lists.as_deref(), valid_until: input.valid_until };
    fit::check(work, &mut checks, &user, &at, &right, When::Requested).await?;
    // What another one asked for is said to those who may see it; where two wait for the same, the second is refused when
    // the first was approved.
    if work.tx.is_asked_for(&work.actor, (user.id, input.role, at.id), work.now).await? {
        checks.fail(UserErrorCode::Duplicate, Message::Grant(GrantMessage::AskedAlready), "input.user");
    }
    checks.done()?;

    let id = work.id();
    let life = chrono::TimeDelta::from_std(work.service().limits().grant_request).unwrap_or_default();
    work.tx
        .insert::<role_grant_request::Entity>(role_grant_request::Model {
            id,
            user_id: user.id,
            role: input.role,
            realm: user.realm,
            unit_id: at.id,
            root_id: at.root_id,
            scopes: scopes.join(" "),
            named_lists: lists.is_some(),
            valid_until: input.valid_until,
            reason,
            status: RoleGrantRequestStatus::Pending,
            requested_by: work.actor.user_id,
            decided_by: None,
            decided_at: None,
            decision_reason: None,
            lapses_at: work.now + life,
            version: 1,
            created_at: work.now,
            updated_at: work.now,
        })
        .await?;
    let lists = lists.unwrap_or_default().into_iter();
    let lists = lists.map(|task_list_id| role_grant_request_list::Model { role_grant_request_id: id, task_list_id });
    work.tx.insert_all::<role_grant_request_list::Entity>(lists.collect()).await?;
    let about = About { kind: NotificationKind::GrantRequested, user: user.id, unit: at.id, subject: id };
    work.service().tell_about(&work.tx, about, work.now).await?;
    let changed = ["user", "role", "unit", "scopes", "lists", "validUntil", "reason"];
    work.audit(GlobalId::new(Kind::RoleGrantRequest, id), &changed);
    Ok(id)
}

pub(super) async fn withdraw(work: &mut Work, id: Uuid, version: i32) -> Result<Uuid, Stop> {
    let (row, _) = taken(work, GrantAction::Withdraw, id, version).await?;
    let row = role_grant_request::Model {
        status: RoleGrantRequestStatus::Withdrawn,
        version: row.version + 1,
        updated_at: work.now,
        ..row
    };
    work.tx.update::<role_grant_request::Entity>(row).await?;
    work.audit(GlobalId::new(Kind::RoleGrantRequest, id), &["status"]);
    Ok(id)
}

/// A request with its user, both locked, if the policy allows what is wanted of it.
pub(super) async fn taken(
    work: &Work,
    action: GrantAction,
    id: Uuid,
    version: i32,
) -> Result<(role_grant_request::Model, user_account::Model), Stop> {
    let seen = work.tx.visible::<role_grant_request::Entity>(&work.actor, id).await?;
    let Some(seen) = seen else { return Err(UserError::not_found().into()) };
    // The user before the request: everything about the rights of one person goes through him. He need not be one whom
    // the actor sees: the right is at a unit of his.
    let user = work.tx.user_claimed(seen.user_id).await?.ok_or_else(UserError::not_found)?;
    let row = work.tx.locked::<role_grant_request::Entity>(&work.actor, id).await?;
    let row = row.ok_or_else(UserError::not_found)?.into_inner();
    let me = work.actor.user_id;
    let subject =
        Subject { is_it: row.user_id == me, asked_for_it: row.requested_by == me, ..over(work, row.unit_id).await? };
    let lapsed = row.lapses_at <= work.now;
    decide(Action::Grant(action), subject, State { grant_request: Some(row.status), lapsed, ..State::default() })?;
    expect_version(row.version, version)?;
    Ok((row, user))
}
