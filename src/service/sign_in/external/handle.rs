//! What the server has to remember between the steps of a sign-in: it goes, sealed, to the client and comes back.

use chrono::{DateTime, TimeDelta, Utc};
use entity::used_handle;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Fault, Message, SignInMessage, UserError, UserErrorCode};
use crate::external::{Identity, Provider};
use crate::service::Service;
use crate::service::sign_in::AuthStop;

/// How long somebody may take at the other service.
pub(super) const BEGUN_LIFE: TimeDelta = TimeDelta::minutes(10);
/// How long somebody may take for the one-time password.
pub(super) const PROVED_LIFE: TimeDelta = TimeDelta::minutes(5);
/// Where handles are sealed for: what is sealed elsewhere is none.
const PLACE: &str = "external_sign_in/handle";

#[derive(Serialize, Deserialize)]
pub(super) struct Handle {
    pub(super) id: Uuid,
    pub(super) provider: String,
    until: DateTime<Utc>,
    pub(super) stage: Stage,
}

#[derive(Serialize, Deserialize)]
pub(super) enum Stage {
    /// On the way to the other service.
    Begun { state: String, nonce: String, verifier: String, redirect_uri: String },
    /// Back, and known there as this; by the issuer that said so, whatever the name of the service means by now.
    Proved { issuer: String, subject: String },
}

impl Stage {
    pub(super) fn proved(identity: &Identity) -> Self {
        Self::Proved { issuer: identity.issuer.clone(), subject: identity.subject.clone() }
    }
}

impl Handle {
    /// The row that says that it was used.
    pub(super) fn used(&self) -> used_handle::Model {
        used_handle::Model { id: self.id, expires_at: self.until }
    }
}

impl Service {
    pub(super) fn provider(&self, handle: &Handle) -> Result<&Provider, AuthStop> {
        Ok(self.authenticator().providers().get(&handle.provider).ok_or_else(handle_over)?)
    }

    pub(super) fn handle(&self, provider: &Provider, until: DateTime<Utc>, stage: Stage) -> Result<String, AuthStop> {
        let handle = Handle { id: self.ids().next(), provider: provider.id.clone(), until, stage };
        let text = serde_json::to_string(&handle).map_err(|error| Fault::Internal(error.to_string()));
        Ok(self.cipher().seal(&text.map_err(AuthStop::Fault)?, PLACE)?)
    }

    pub(super) fn opened(&self, handle: &str, now: DateTime<Utc>) -> Result<Handle, AuthStop> {
        let opened = self.cipher().open(handle, PLACE).ok();
        let handle: Option<Handle> = opened.and_then(|text| serde_json::from_str(&text).ok());
        Ok(handle.filter(|handle| now < handle.until).ok_or_else(handle_over)?)
    }
}

pub(super) fn handle_over() -> UserError {
    UserError::at(UserErrorCode::InvalidState, Message::SignIn(SignInMessage::HandleOver), "handle")
}
