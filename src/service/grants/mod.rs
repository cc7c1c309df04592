//! Rights: asked for by one person, approved by another, taken away by one at once. Two people stand behind each right that
//! is given over the network; what the operator gives at the machine is in the audit trail.

mod decide;
mod fit;
mod request;
mod revoke;

use entity::vocabulary::Role;
use serde::Serialize;
use uuid::Uuid;

use super::work::{Checks, begin};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::Subject;
use crate::error::{GrantMessage, Message, UserErrorCode};

/// Characters of a reason at most.
const REASON_CHARS: usize = 500;

/// A right that is asked for.
#[derive(Clone, Debug, Serialize)]
pub struct NewGrantRequest {
    /// For whom.
    pub user: Uuid,
    /// What.
    pub role: Role,
    /// Where.
    pub unit: Uuid,
    /// For a service account.
    pub scopes: Vec<String>,
    /// For an inspector of named lists.
    pub lists: Option<Vec<Uuid>>,
    /// The last day.
    pub valid_until: Option<chrono::NaiveDate>,
    /// Why.
    pub reason: String,
}

impl Service {
    /// Asks for a right.
    pub async fn role_grant_request(
        &self,
        caller: &Caller,
        key: Option<String>,
        input: NewGrantRequest,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("roleGrantRequest", key, &input)?);
        let result = request::create(&mut work, input).await;
        work.end(result).await
    }

    /// Takes a request back.
    pub async fn role_grant_request_withdraw(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("roleGrantRequestWithdraw", key, &(id, version))?);
        let result = request::withdraw(&mut work, id, version).await;
        work.end(result).await
    }

    /// Approves a request: the right is there from the next request of its user on.
    pub async fn role_grant_approve(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        version: i32,
        reason: Option<String>,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("roleGrantApprove", key, &(id, version, &reason))?);
        let result = decide::approve(&mut work, id, version, reason).await;
        work.end(result).await
    }

    /// Refuses a request.
    pub async fn role_grant_refuse(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        version: i32,
        reason: String,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("roleGrantRefuse", key, &(id, version, &reason))?);
        let result = decide::refuse(&mut work, id, version, reason).await;
        work.end(result).await
    }

    /// Takes a right away; it is over with the next request of its user.
    pub async fn role_grant_revoke(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        version: i32,
        reason: String,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("roleGrantRevoke", key, &(id, version, &reason))?);
        let result = revoke::revoke(&mut work, id, version, reason).await;
        work.end(result).await
    }
}

/// Who the actor is to the users and the rights of a unit.
pub(super) async fn over(work: &Work, unit: Uuid) -> Result<Subject, Stop> {
    let above = work.tx.ancestors(&[unit]).await?.remove(&unit).unwrap_or_default();
    let actor = &work.actor;
    Ok(Subject {
        system_admin: actor.administers(&above),
        security_admin: actor.keeps_grants(&above),
        ..Subject::default()
    })
}

/// A reason that has to be there.
fn reason(checks: &mut Checks, text: &str) -> String {
    let reason = checks.optional(Some(text), REASON_CHARS, "input.reason");
    if reason.is_none() {
        checks.fail(UserErrorCode::Required, Message::Grant(GrantMessage::ReasonNeeded), "input.reason");
    }
    reason.unwrap_or_default()
}
