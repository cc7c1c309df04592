//! One-time passwords that are taken away from somebody: asked for by whoever resets his password, approved by somebody who
//! keeps rights. One of them alone would become the other person.

use std::collections::HashSet;

use entity::vocabulary::{NotificationKind, Role, RoleGrantRequestStatus as Status};
use entity::{role_grant, totp_removal, unit, user_account, user_credential};
use uuid::Uuid;

use super::notices::About;
use super::sign_in::{AuthStop, without_totp};
use super::users::over_all;
use super::work::{begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, POWERS_APART, State, Subject, UserAction, decide};
use crate::error::{GrantMessage, Message, SignInMessage, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::store::Tx;

impl Service {
    /// Approves that somebody's one-time passwords are taken away: they are not asked for any more, and he may set up others.
    pub async fn totp_removal_approve(
        &self,
        caller: &Caller,
        key: Option<String>,
        user: Uuid,
        version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("userTotpRemovalApprove", key, &(user, version))?);
        let result = approve(&mut work, user, version).await;
        work.end(result).await
    }

    /// Ends such a request: everything stays as it is.
    pub async fn totp_removal_refuse(
        &self,
        caller: &Caller,
        key: Option<String>,
        user: Uuid,
        version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("userTotpRemovalRefuse", key, &(user, version))?);
        let result = refuse(&mut work, user, version).await;
        work.end(result).await
    }
}

/// Asks for it in the name of the actor; an earlier request about the same user makes way.
pub(super) async fn ask(work: &mut Work, user: &user_account::Model) -> Result<(), Stop> {
    let life = chrono::TimeDelta::from_std(work.service().limits().grant_request).unwrap_or_default();
    work.tx.delete_where::<totp_removal::Entity>(totp_removal::Column::UserId, user.id).await?;
    let row = totp_removal::Model {
        user_id: user.id,
        status: Status::Pending,
        requested_by: work.actor.user_id,
        decided_by: None,
        decided_at: None,
        lapses_at: work.now + life,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    work.tx.insert::<totp_removal::Entity>(row).await?;
    let about = About::account(NotificationKind::TotpRemovalRequested, user);
    work.service().tell_about(&work.tx, about, work.now).await?;
    work.audit_also("userTotpRemovalRequest", GlobalId::new(Kind::User, user.id), &["totp"]);
    Ok(())
}

/// Nobody sets one-time passwords up for a claimed user who has none while whoever reset his password waits for a second
/// person.
pub(super) async fn not_held(tx: &Tx, own: &user_credential::Model) -> Result<(), AuthStop> {
    if own.totp_confirmed_at.is_some() {
        return Ok(());
    }
    let rows = tx.all_where::<totp_removal::Entity>(totp_removal::Column::UserId, &[own.user_id]).await?;
    if rows.iter().all(|row| row.status == Status::Granted) {
        return Ok(());
    }
    Err(UserError::new(UserErrorCode::InvalidState, Message::SignIn(SignInMessage::TotpHeld)).into())
}

async fn approve(work: &mut Work, id: Uuid, version: i32) -> Result<Uuid, Stop> {
    let (user, asked) = taken(work, UserAction::TotpRemovalApprove, id, version).await?;
    // Everything is asked again: it was some days ago that somebody looked.
    if !asker_keeps(work, &user, asked.requested_by).await? {
        let message = Message::Grant(GrantMessage::RequesterGone);
        return Err(UserError::at(UserErrorCode::InvalidState, message, "id").into());
    }
    if let Some(own) = work.tx.credential(id).await? {
        let own = user_credential::Model { version: own.version + 1, updated_at: work.now, ..without_totp(own) };
        work.tx.update::<user_credential::Entity>(own).await?;
    }
    work.service().tell_about(&work.tx, About::account(NotificationKind::TotpRemoved, &user), work.now).await?;
    // Whoever came in with what is taken away comes again.
    work.tx.sessions_end(id, None, work.now).await?;
    settle(work, user, asked, Status::Granted).await
}

async fn refuse(work: &mut Work, id: Uuid, version: i32) -> Result<Uuid, Stop> {
    let (user, asked) = taken(work, UserAction::TotpRemovalRefuse, id, version).await?;
    let own = [asked.requested_by, asked.user_id].contains(&work.actor.user_id);
    settle(work, user, asked, if own { Status::Withdrawn } else { Status::Refused }).await
}

/// The user and the request, claimed, if the policy allows what is wanted of it.
async fn taken(
    work: &Work,
    action: UserAction,
    id: Uuid,
    version: i32,
) -> Result<(user_account::Model, totp_removal::Model), Stop> {
    let user = work.tx.claimed::<user_account::Entity>(&work.actor, id).await?.ok_or_else(UserError::not_found)?;
    let asked = work.tx.visible::<totp_removal::Entity>(&work.actor, id).await?.ok_or_else(UserError::not_found)?;
    let me = work.actor.user_id;
    let subject = Subject {
        is_it: user.id == me,
        asked_for_it: asked.requested_by == me,
        of_another_power: work.tx.holds_any(user.id, &POWERS_APART, work.today).await?,
        ..over_all(work, &user).await?
    };
    let lapsed = asked.lapses_at <= work.now;
    let state = State { grant_request: Some(asked.status), lapsed, ..State::default() };
    decide(Action::User(action), subject, state)?;
    expect_version(user.version, version)?;
    Ok((user.into_inner(), asked.into_inner()))
}

/// Whether whoever asked keeps the user still, and all that he holds by now.
async fn asker_keeps(work: &Work, user: &user_account::Model, asker: Uuid) -> Result<bool, Stop> {
    let grants = work.tx.all_where::<role_grant::Entity>(role_grant::Column::UserId, &[user.id]).await?;
    let held = grants.iter().filter(|grant| grant.ended_at.is_none()).map(|grant| grant.unit_id);
    let places: HashSet<Uuid> = held.chain([user.unit_id]).collect();
    let places: Vec<Uuid> = places.into_iter().collect();
    let units = work.tx.all_where::<unit::Entity>(unit::Column::Id, &places).await?;
    let above = work.tx.ancestors(&places).await?;
    for at in units {
        let over = above.get(&at.id).cloned().unwrap_or_default();
        if work.tx.holders(&[asker], &[Role::SystemAdmin], &over, at.root_id, work.today).await?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn settle(
    work: &mut Work,
    user: user_account::Model,
    asked: totp_removal::Model,
    status: Status,
) -> Result<Uuid, Stop> {
    let id = user.id;
    let decided = matches!(status, Status::Granted | Status::Refused);
    let asked = totp_removal::Model {
        status,
        decided_by: decided.then_some(work.actor.user_id),
        decided_at: decided.then_some(work.now),
        version: asked.version + 1,
        updated_at: work.now,
        ..asked
    };
    work.tx.update::<totp_removal::Entity>(asked).await?;
    // Counted on, so that of two who decide side by side the second learns that it was done.
    let user = user_account::Model { version: user.version + 1, updated_at: work.now, ..user };
    work.tx.update::<user_account::Entity>(user).await?;
    let changed: &[_] = if status == Status::Granted { &["totp"] } else { &["totpRemoval"] };
    work.audit(GlobalId::new(Kind::User, id), changed);
    Ok(id)
}
