//! The end of sessions: signing out, taking back one or all others, and forgetting what ended long ago.

use chrono::TimeDelta;
use entity::session;
use entity::vocabulary::NotificationKind;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AuthStop, Line, Origin, Service, commit};
use crate::authz::{Action, Actor, MachineAction, State, Subject, decide};
use crate::error::{Fault, UserError};
use crate::id::{GlobalId, Kind};
use crate::service::notices::About;
use crate::service::work::begin;
use crate::service::{Answer, Call, Caller, Stop, Work};

/// Days for which ended sessions of machines are kept.
const MACHINES_KEPT_DAYS: i64 = 1;
/// Sessions removed in one transaction, and transactions of one round.
const SWEEP: (u64, u32) = (200, 50);

/// How many sessions were ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionsEnded(pub u64);

impl Service {
    /// Ends one's own session.
    pub async fn sign_out(&self, actor: &Actor, origin: &Origin) -> Result<(), AuthStop> {
        let now = self.clock().now();
        let tx = self.auth_tx().await?;
        let user = tx.user_claimed(actor.user_id).await?.ok_or(AuthStop::Refused)?;
        tx.session_end(actor.session_id, now).await?;
        let line = Line { operation: "signOut", user: Some(&user), refused: None, changed: &["revokedAt"] };
        self.sign_in_note(&tx, origin, line, now).await?;
        commit(tx).await
    }

    /// Takes a session back; it is over with the next request.
    pub async fn session_revoke(&self, caller: &Caller, key: Option<String>, id: Uuid) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("sessionRevoke", key, &id)?);
        let result = revoke(&mut work, id).await;
        work.end(result).await
    }

    /// Takes all of one's own sessions back but the one that asks.
    pub async fn session_revoke_others(&self, caller: &Caller, key: Option<String>) -> Answer<SessionsEnded> {
        let mut work = begin!(self, caller, Call::new("sessionRevokeOthers", key, &())?);
        let result = revoke_others(&mut work).await;
        work.end(result).await
    }

    /// Removes sessions with their tokens, and codes, some days after they ended; how many went.
    pub async fn sessions_sweep(&self) -> Result<u64, Fault> {
        let (portion, rounds) = SWEEP;
        let kept = i64::try_from(self.limits().kept_session_days).unwrap_or(i64::from(u16::MAX));
        let now = self.clock().now();
        let (before, machines) = (now - TimeDelta::days(kept), now - TimeDelta::days(MACHINES_KEPT_DAYS));
        let mut gone = 0;
        for _ in 0..rounds {
            let these = self.store().sessions_sweep(before, machines, portion).await?;
            gone += these;
            if these < portion {
                break;
            }
        }
        for _ in 0..rounds {
            let these = self.store().used_handles_sweep(now, portion).await?;
            gone += these;
            if these < portion {
                break;
            }
        }
        Ok(gone)
    }
}

async fn revoke(work: &mut Work, id: Uuid) -> Result<Uuid, Stop> {
    // One's own, and for the keeper of users those of the users he keeps: the scope is all there is to decide.
    let row = work.tx.visible::<session::Entity>(&work.actor, id).await?.ok_or_else(UserError::not_found)?;
    let user = work.tx.user_claimed(row.user_id).await?.ok_or_else(UserError::not_found)?;
    if !work.tx.session_end(row.id, work.now).await? {
        return Err(UserError::not_found().into());
    }
    if user.id != work.actor.user_id {
        let about = About::account(NotificationKind::SessionsEnded, &user);
        work.service().tell_about(&work.tx, about, work.now).await?;
    }
    work.audit(GlobalId::new(Kind::Session, row.id), &["revokedAt"]);
    Ok(row.id)
}

async fn revoke_others(work: &mut Work) -> Result<SessionsEnded, Stop> {
    let subject = Subject { narrowed: work.actor.narrowed.is_some(), ..Subject::default() };
    decide(Action::Machine(MachineAction::EndOthers), subject, State::default())?;
    let (user, own) = (work.actor.user_id, work.actor.session_id);
    work.tx.user_claimed(user).await?;
    let ended = work.tx.sessions_end(user, Some(own), work.now).await?;
    work.audit(GlobalId::new(Kind::User, user), &["sessions"]);
    Ok(SessionsEnded(ended))
}
