//! Who users are at other sign-in services: linked by the keeper of users, or by whoever is signed in and proves both.

use entity::vocabulary::UserKind;
use entity::{external_identity, user_account};
use serde::Serialize;
use uuid::Uuid;

use super::directory::unique;
use super::users::kept;
use super::work::{Checks, begin};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::UserAction;
use crate::error::{Message, SignInMessage, UserError, UserErrorCode};
use crate::external::{SUBJECT_CHARS, is_subject};
use crate::id::{GlobalId, Kind};

/// Identities of one user that are in use at once.
pub(super) const IDENTITIES: usize = 8;

/// An identity that is to be linked.
#[derive(Clone, Debug, Serialize)]
pub struct IdentityLink {
    /// The user here.
    pub user: Uuid,
    /// The service, by its name in the settings.
    pub provider: String,
    /// Who the user is there.
    pub subject: String,
}

impl Service {
    /// Links a user to who he is at another sign-in service.
    pub async fn external_identity_link(
        &self,
        caller: &Caller,
        key: Option<String>,
        input: IdentityLink,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("externalIdentityLink", key, &input)?);
        let result = link(&mut work, input).await;
        work.end(result).await
    }

    /// Takes a link away, and ends what it opened.
    pub async fn external_identity_unlink(&self, caller: &Caller, key: Option<String>, id: Uuid) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("externalIdentityUnlink", key, &id)?);
        let result = unlink(&mut work, id).await;
        work.end(result).await
    }
}

async fn link(work: &mut Work, input: IdentityLink) -> Result<Uuid, Stop> {
    // Whoever says who somebody is elsewhere could say that it is he: it takes what a reset of the password takes.
    let user = kept(work, input.user, UserAction::Link, false).await?;
    let service = work.service().clone();
    let provider = service.authenticator().providers().get(&input.provider);

    let mut checks = Checks::default();
    check_user(&mut checks, &user);
    if provider.is_none() {
        let message = Message::SignIn(SignInMessage::UnknownProvider);
        checks.fail(UserErrorCode::NotFound, message, "input.provider");
    }
    let subject = checks.text(&input.subject, SUBJECT_CHARS, "input.subject");
    // The rest was said by now.
    let bounded = (1..=SUBJECT_CHARS).contains(&subject.chars().count()) && !subject.chars().any(char::is_control);
    if bounded && !is_subject(&subject) {
        checks.fail(UserErrorCode::InvalidFormat, Message::ControlCharacters, "input.subject");
    }
    if work.tx.external_identities_of(user.id).await?.len() >= IDENTITIES {
        checks.fail(UserErrorCode::Limit, Message::SignIn(SignInMessage::IdentitiesFull(IDENTITIES)), "input.user");
    }
    checks.done()?;
    let Some(provider) = provider else { return Err(UserError::not_found_at("input.provider").into()) };

    let row = external_identity::Model {
        id: work.id(),
        user_id: user.id,
        issuer: provider.connector.issuer().to_owned(),
        subject: subject.clone(),
        created_at: work.now,
        made_by: Some(work.actor.user_id),
        last_used_at: None,
        ended_at: None,
        ended_by: None,
    };
    let id = row.id;
    unique(work.tx.insert::<external_identity::Entity>(row).await, &subject, "input.subject")?;
    work.audit(GlobalId::new(Kind::ExternalIdentity, id), &["user", "issuer", "subject"]);
    Ok(id)
}

fn check_user(checks: &mut Checks, user: &user_account::Model) {
    if user.kind != UserKind::Person {
        checks.fail(UserErrorCode::InvalidState, Message::SignIn(SignInMessage::MachineIdentity), "input.user");
    }
    if user.disabled_at.is_some() {
        checks.fail(UserErrorCode::InvalidState, Message::SignIn(SignInMessage::UserDisabled), "input.user");
    }
}

async fn unlink(work: &mut Work, id: Uuid) -> Result<Uuid, Stop> {
    let row = work.tx.visible::<external_identity::Entity>(&work.actor, id).await?;
    kept(work, row.ok_or_else(UserError::not_found)?.user_id, UserAction::Unlink, false).await?;
    // The user is claimed, so nobody else writes about his identities; what was read before may have changed.
    let row = work.tx.visible::<external_identity::Entity>(&work.actor, id).await?;
    let row = row.ok_or_else(UserError::not_found)?.into_inner();
    if row.ended_at.is_some() {
        let message = Message::SignIn(SignInMessage::IdentityEnded);
        return Err(UserError::new(UserErrorCode::InvalidState, message).into());
    }
    work.tx.external_identity_end(row, Some(work.actor.user_id), work.now).await?;
    work.audit(GlobalId::new(Kind::ExternalIdentity, id), &["endedAt"]);
    Ok(id)
}
