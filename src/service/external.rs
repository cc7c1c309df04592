//! Who users are at other sign-in services: linked by whoever is signed in and proves both, or by the operator at the machine.
//! An administrator does not link others: he could say that somebody is he.

use entity::vocabulary::{NotificationKind, UserKind};
use entity::{external_identity, user_account};
use uuid::Uuid;

use super::directory::unique;
use super::notices::About;
use super::sign_in::AuthStop;
use super::users::kept;
use super::work::{Checks, begin};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::UserAction;
use crate::error::{Message, SignInMessage, UserError, UserErrorCode};
use crate::external::{SUBJECT_CHARS, is_subject};
use crate::id::{GlobalId, Kind};
use crate::store::StoreError;

/// Identities of one user that are in use at once.
pub(super) const IDENTITIES: usize = 8;

impl Service {
    /// Links a user to who he is at another sign-in service, as the operator at the machine says.
    pub async fn operator_link(&self, user: Uuid, provider: &str, subject: &str) -> Result<Uuid, AuthStop> {
        let now = self.clock().now();
        let tx = self.store().begin().await.map_err(StoreError::from)?;
        let user = tx.user_claimed(user).await?.ok_or_else(UserError::not_found)?;
        let provider = self.authenticator().providers().get(provider);

        let mut checks = Checks::default();
        check_user(&mut checks, &user);
        if provider.is_none() {
            checks.fail(UserErrorCode::NotFound, Message::SignIn(SignInMessage::UnknownProvider), "provider");
        }
        let subject = checks.text(subject, SUBJECT_CHARS, "subject");
        // The rest was said by now.
        let bounded = (1..=SUBJECT_CHARS).contains(&subject.chars().count()) && !subject.chars().any(char::is_control);
        if bounded && !is_subject(&subject) {
            checks.fail(UserErrorCode::InvalidFormat, Message::ControlCharacters, "subject");
        }
        if tx.external_identities_of(user.id).await?.len() >= IDENTITIES {
            checks.fail(UserErrorCode::Limit, Message::SignIn(SignInMessage::IdentitiesFull(IDENTITIES)), "user");
        }
        checks.done().map_err(AuthStop::from)?;
        let Some(provider) = provider else { return Err(UserError::not_found_at("provider").into()) };

        let row = external_identity::Model {
            id: self.ids().next(),
            user_id: user.id,
            issuer: provider.connector.issuer().to_owned(),
            subject: subject.clone(),
            created_at: now,
            made_by: None,
            last_used_at: None,
            ended_at: None,
            ended_by: None,
        };
        let id = row.id;
        unique(tx.insert::<external_identity::Entity>(row).await, &subject, "subject").map_err(AuthStop::from)?;
        self.tell_about(&tx, About::account(NotificationKind::IdentityLinked, &user), now).await?;
        let object = GlobalId::new(Kind::ExternalIdentity, id);
        self.note_changed(&tx, "externalIdentityLink", object, vec!["user", "issuer", "subject"]).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(id)
    }

    /// Takes a link away, and ends what it opened.
    pub async fn external_identity_unlink(&self, caller: &Caller, key: Option<String>, id: Uuid) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("externalIdentityUnlink", key, &id)?);
        let result = unlink(&mut work, id).await;
        work.end(result).await
    }
}

fn check_user(checks: &mut Checks, user: &user_account::Model) {
    if user.kind != UserKind::Person {
        checks.fail(UserErrorCode::InvalidState, Message::SignIn(SignInMessage::MachineIdentity), "user");
    }
    if user.disabled_at.is_some() {
        checks.fail(UserErrorCode::InvalidState, Message::SignIn(SignInMessage::UserDisabled), "user");
    }
}

async fn unlink(work: &mut Work, id: Uuid) -> Result<Uuid, Stop> {
    let row = work.tx.visible::<external_identity::Entity>(&work.actor, id).await?;
    let user = kept(work, row.ok_or_else(UserError::not_found)?.user_id, UserAction::Unlink, false).await?;
    // The user is claimed, so nobody else writes about his identities; what was read before may have changed.
    let row = work.tx.visible::<external_identity::Entity>(&work.actor, id).await?;
    let row = row.ok_or_else(UserError::not_found)?.into_inner();
    if row.ended_at.is_some() {
        let message = Message::SignIn(SignInMessage::IdentityEnded);
        return Err(UserError::new(UserErrorCode::InvalidState, message).into());
    }
    work.tx.external_identity_end(row, Some(work.actor.user_id), work.now).await?;
    let about = About::account(NotificationKind::IdentityUnlinked, &user);
    work.service().tell_about(&work.tx, about, work.now).await?;
    work.audit(GlobalId::new(Kind::ExternalIdentity, id), &["endedAt"]);
    Ok(id)
}
