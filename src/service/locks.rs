//! What keeps somebody out, taken away, and what lets somebody in, ended: by the keeper of the user.

use entity::vocabulary::NotificationKind;
use entity::{user_account, user_credential};
use uuid::Uuid;

use super::notices::About;
use super::users::kept;
use super::work::{begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::UserAction;
use crate::error::{Message, SignInMessage, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

impl Service {
    /// Ends a lock before its time; the count of failures begins anew.
    pub async fn user_unlock(&self, caller: &Caller, key: Option<String>, id: Uuid, version: i32) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("userUnlock", key, &(id, version))?);
        let result = unlock(&mut work, id, version).await;
        work.end(result).await
    }

    /// Ends all sessions of a user; they are over with the next request.
    pub async fn user_sessions_end(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("userSessionsEnd", key, &(id, version))?);
        let result = end_sessions(&mut work, id, version).await;
        work.end(result).await
    }
}

async fn unlock(work: &mut Work, id: Uuid, version: i32) -> Result<Uuid, Stop> {
    let row = kept(work, id, UserAction::Unlock, false).await?;
    expect_version(row.version, version)?;
    let locked = |own: &user_credential::Model| own.locked_until.is_some_and(|until| work.now < until);
    let Some(own) = work.tx.credential(id).await?.filter(locked) else {
        return Err(UserError::new(UserErrorCode::InvalidState, Message::SignIn(SignInMessage::NotLocked)).into());
    };
    let own = user_credential::Model {
        failures: 0,
        locked_until: None,
        version: own.version + 1,
        updated_at: work.now,
        ..own
    };
    work.tx.update::<user_credential::Entity>(own).await?;
    let row = user_account::Model { version: row.version + 1, updated_at: work.now, ..row };
    work.tx.update::<user_account::Entity>(row).await?;
    work.audit(GlobalId::new(Kind::User, id), &["lockedUntil"]);
    Ok(id)
}

async fn end_sessions(work: &mut Work, id: Uuid, version: i32) -> Result<Uuid, Stop> {
    let row = kept(work, id, UserAction::EndSessions, false).await?;
    expect_version(row.version, version)?;
    if work.tx.sessions_end(id, None, work.now).await? > 0 {
        work.service().tell_about(&work.tx, About::account(NotificationKind::SessionsEnded, &row), work.now).await?;
    }
    work.audit(GlobalId::new(Kind::User, id), &["sessions"]);
    Ok(id)
}
