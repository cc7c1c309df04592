//! Taking a right away: by one person, at once.

use entity::role_grant;
use entity::vocabulary::{NotificationKind, Realm};
use uuid::Uuid;

use super::{Checks, Stop, Work, over, reason};
use crate::authz::{Action, GrantAction, State, Subject, decide};
use crate::error::UserError;
use crate::id::{GlobalId, Kind};
use crate::service::notices::About;
use crate::service::work::expect_version;

pub(super) async fn revoke(work: &mut Work, id: Uuid, version: i32, said: String) -> Result<Uuid, Stop> {
    let seen = work.tx.visible::<role_grant::Entity>(&work.actor, id).await?;
    let Some(seen) = seen else { return Err(UserError::not_found().into()) };
    work.tx.user_claimed(seen.user_id).await?;
    if seen.realm == Realm::Administration {
        // Two who take the last two away side by side wait for each other here.
        work.tx.unit_claimed(work.actor.root_id).await?;
    }
    let row = work.tx.locked::<role_grant::Entity>(&work.actor, id).await?;
    let row = row.ok_or_else(UserError::not_found)?.into_inner();
    let subject = Subject { is_it: row.user_id == work.actor.user_id, ..over(work, row.unit_id).await? };
    let last_of_place = work.tx.is_last_of_place(&row, work.today).await?;
    let state = State { grant_ended: row.ended_at.is_some(), last_of_place, ..State::default() };
    decide(Action::Grant(GrantAction::Revoke), subject, state)?;
    expect_version(row.version, version)?;
    let mut checks = Checks::default();
    let said = reason(&mut checks, &said);
    checks.done()?;
    let row = role_grant::Model {
        ended_at: Some(work.now),
        ended_by: Some(work.actor.user_id),
        end_reason: Some(said),
        version: row.version + 1,
        ..row
    };
    let about = About { kind: NotificationKind::GrantEnded, user: row.user_id, unit: row.unit_id, subject: id };
    work.tx.update::<role_grant::Entity>(row).await?;
    work.service().tell_about(&work.tx, about, work.now).await?;
    work.audit(GlobalId::new(Kind::RoleGrant, id), &["endedAt"]);
    Ok(id)
}
