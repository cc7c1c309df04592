//! Signing in: passwords, one-time passwords, sessions that go on by refresh tokens, codes that set a first password.
//!
//! Nobody learns who exists: unknown, disabled and locked are answered like a wrong password, after the same work.

mod accept;
mod addresses;
mod authenticator;
mod clients;
mod codes;
mod external;
mod password;
mod refresh;
mod sessions;
mod totp;
mod verify;
mod way;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{audit_entry, user_account};
use uuid::Uuid;

pub use authenticator::{Authenticator, AuthenticatorParts};
pub(in crate::service) use clients::is_live;
pub use clients::{Client, ClientStop, ClientToken};
pub use codes::Code;
pub(in crate::service) use codes::UNLINK;
pub use external::{ExternalBegun, ExternalOutcome, ExternalReturn, SaidAgain};
pub use password::SignInState;
pub use sessions::SessionsEnded;
pub use totp::Enrolment;
pub(in crate::service) use totp::without_totp;
pub use verify::SignIn;
pub(in crate::service) use verify::totp_place;

use super::audit::Noted;
use super::{Service, Stop};
use crate::authz::Actor;
use crate::error::{Fault, UserError};
use crate::id::{GlobalId, Kind};
use crate::secrets::{PasswordFault, SecretsError};
use crate::store::{StoreError, Tx};

/// Characters of what a client says about itself.
const USER_AGENT_CHARS: usize = 200;

/// From where a request comes.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The address.
    pub address: Option<IpAddr>,
    /// What the client says it is.
    pub user_agent: Option<String>,
    /// The request, for the audit trail.
    pub request_id: String,
}

impl Origin {
    fn address_text(&self) -> Option<String> {
        self.address.map(|address| address.to_canonical().to_string())
    }

    /// Without what could not be kept or shown.
    fn agent_text(&self) -> Option<String> {
        let shown = self.user_agent.as_deref()?.chars().filter(|c| !c.is_control());
        Some(shown.take(USER_AGENT_CHARS).collect::<String>()).filter(|text| !text.is_empty())
    }
}

/// What somebody who is signed in goes on with. Nothing prints it: these are secrets.
#[derive(Clone)]
pub struct Tokens {
    /// For every request.
    pub access: String,
    /// How long it is good.
    pub access_life: Duration,
    /// For the next tokens, once.
    pub refresh: String,
    /// How long it is good if nothing else is asked until then.
    pub refresh_life: Duration,
    /// Nothing else is done before the password is changed.
    pub must_change_password: bool,
    /// Nothing else is done before one-time passwords are set up.
    pub must_enrol_totp: bool,
    /// From which day on the password has to be changed.
    pub password_expires_on: Option<NaiveDate>,
}

/// Why it was not done.
#[derive(Debug)]
pub enum AuthStop {
    /// Wrong, unknown, disabled, locked, used, over: whichever, nobody is told.
    Refused,
    /// The password is right, and a one-time password is needed.
    TotpRequired,
    /// This address tries too often; how long to wait.
    TooMany(Duration),
    /// Too many passwords are at work.
    Busy,
    /// Another sign-in service cannot be asked now, or too many wait for its answers.
    Away,
    /// Something the user can mend.
    Errors(Vec<UserError>),
    /// A fault of ours or of the database.
    Fault(Fault),
}

impl From<StoreError> for AuthStop {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

impl From<Stop> for AuthStop {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(errors) => Self::Errors(errors),
            Stop::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<SecretsError> for AuthStop {
    fn from(error: SecretsError) -> Self {
        let said = error.to_string();
        Self::Fault(if matches!(error, SecretsError::NoSigningKey) {
            Fault::NotReady(said)
        } else {
            Fault::Internal(said)
        })
    }
}

impl From<PasswordFault> for AuthStop {
    fn from(fault: PasswordFault) -> Self {
        match fault {
            PasswordFault::Busy => Self::Busy,
            PasswordFault::Failed(cause) => Self::Fault(Fault::Internal(cause)),
        }
    }
}

impl From<UserError> for AuthStop {
    fn from(error: UserError) -> Self {
        Self::Errors(vec![error])
    }
}

/// What a line of the audit trail is about.
struct Line<'a> {
    operation: &'static str,
    user: Option<&'a user_account::Model>,
    /// Why it was refused.
    refused: Option<&'static str>,
    changed: &'a [&'static str],
}

impl Service {
    /// Keys, rules and counters of signing in.
    pub fn authenticator(&self) -> &Arc<Authenticator> {
        &self.0.authenticator
    }

    /// A row for the audit trail: who is known by his key, and nobody by what he typed.
    fn sign_in_row(&self, origin: &Origin, line: Line<'_>, now: DateTime<Utc>) -> audit_entry::Model {
        let noted = Noted {
            user: line.user.map(|user| user.id),
            unit: line.user.map(|user| user.unit_id),
            operation: line.operation,
            object: line.user.map(|user| GlobalId::new(Kind::User, user.id)),
            changed: Some(line.changed.to_vec()),
            request: &origin.request_id,
            address: origin.address_text(),
            reasons: line.refused.into_iter().collect(),
        };
        self.audit_row(noted, now)
    }

    /// Adds it, last of all that is written.
    async fn sign_in_note(
        &self,
        tx: &Tx,
        origin: &Origin,
        line: Line<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        tx.audit(vec![self.sign_in_row(origin, line, now)]).await
    }

    async fn auth_tx(&self) -> Result<Tx, AuthStop> {
        Ok(self.store().begin().await.map_err(StoreError::from)?)
    }

    /// Counts an attempt of this address, whoever it is about.
    fn attempt(&self, origin: &Origin) -> Result<(), AuthStop> {
        self.authenticator().attempt(origin.address, self.clock().now()).map_err(AuthStop::TooMany)
    }

    /// The user behind an actor, claimed; nobody where he was disabled meanwhile.
    async fn own_row(&self, tx: &Tx, actor: &Actor) -> Result<user_account::Model, AuthStop> {
        tx.user_claimed(actor.user_id).await?.filter(|user| user.disabled_at.is_none()).ok_or(AuthStop::Refused)
    }
}

/// Makes it durable; only then is anybody answered.
async fn commit(tx: Tx) -> Result<(), AuthStop> {
    Ok(tx.commit().await.map_err(StoreError::from)?)
}

pub(in crate::service) fn span(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

fn whole_seconds(span: TimeDelta) -> Duration {
    Duration::from_secs(u64::try_from(span.num_seconds()).unwrap_or_default())
}

/// A new row for somebody who has nothing to sign in with yet.
fn no_credential(user: Uuid, now: DateTime<Utc>) -> entity::user_credential::Model {
    entity::user_credential::Model {
        user_id: user,
        password_hash: None,
        changed_at: None,
        must_change: false,
        failures: 0,
        locked_until: None,
        totp_ciphertext: None,
        totp_confirmed_at: None,
        totp_last_step: None,
        last_sign_in_at: None,
        last_sign_in_address: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}
