//! Codes that set a password, once: made by whoever keeps users or by the operator at the machine, shown once, kept as a
//! digest.

use chrono::{DateTime, Utc};
use entity::vocabulary::{CodeKind, NotificationKind, Role, UserKind};
use entity::{one_time_code, totp_removal, user_credential};
use uuid::Uuid;

use super::totp::without_totp;
use super::{AuthStop, Service, commit, span};
use crate::clock::day_of;
use crate::error::{Message, SignInMessage, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::secrets::{SecretsError, opaque};
use crate::service::notices::About;
use crate::service::operator::{NewGrant, NewUser};
use crate::store::{StoreError, Tx};

/// What the audit trail calls it to take a link to another sign-in service away.
pub(in crate::service) const UNLINK: &str = "externalIdentityUnlink";

/// A code that was just made; it is shown now or never.
#[derive(Clone)]
pub struct Code {
    /// What is handed over.
    pub text: String,
    /// From when it is good for nothing.
    pub expires_at: DateTime<Utc>,
}

impl Service {
    /// Makes a code for a claimed user; the earlier ones are void.
    pub(in crate::service) async fn make_code(
        &self,
        tx: &Tx,
        user: Uuid,
        kind: CodeKind,
        made_by: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<Code, CodeFault> {
        tx.one_time_codes_void(user).await?;
        let text = opaque::new(opaque::CODE, &**self.authenticator().random())?;
        let digest = opaque::digest(opaque::CODE, &text);
        let expires_at = now + span(self.limits().one_time_code);
        tx.insert::<one_time_code::Entity>(one_time_code::Model {
            id: self.ids().next(),
            user_id: user,
            kind,
            code_digest: digest.ok_or(StoreError::Misuse("a code that is none"))?,
            created_at: now,
            expires_at,
            used_at: None,
            made_by,
        })
        .await?;
        Ok(Code { text, expires_at })
    }

    /// Takes the password of a claimed user away at once, with every session: a password that has to be reset is one that
    /// is forgotten or known to others, and in both cases nobody should sign in with it while the code is on its way. Whoever
    /// knew it may have linked himself in the user's place, so the links to other sign-in services end too, taken away by
    /// `by`, or the operator; gives what ended, for the trail.
    pub(in crate::service) async fn take_password(
        &self,
        tx: &Tx,
        user: Uuid,
        remove_totp: bool,
        by: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<Vec<GlobalId>, StoreError> {
        tx.sessions_end(user, None, now).await?;
        let mut links = Vec::new();
        for link in tx.external_identities_of(user).await? {
            links.push(GlobalId::new(Kind::ExternalIdentity, link.id));
            tx.external_identity_end(link, by, now).await?;
        }
        let own = self.credential_or_new(tx, user, now).await?;
        self.remember_password(tx, &own, now).await?;
        let own = if remove_totp { without_totp(own) } else { own };
        let own = user_credential::Model {
            password_hash: None,
            changed_at: None,
            must_change: false,
            failures: 0,
            locked_until: None,
            version: own.version + 1,
            updated_at: now,
            ..own
        };
        tx.update::<user_credential::Entity>(own).await?;
        Ok(links)
    }

    /// The first administrators, one code for each in the order given; the role that somebody holds already where there is
    /// one, and then nobody is made.
    pub async fn bootstrap(&self, users: Vec<(Role, NewUser)>) -> Result<Result<Vec<Code>, Role>, AuthStop> {
        let now = self.clock().now();
        let tx = self.auth_tx().await?;
        let mut codes = Vec::new();
        for (role, user) in users {
            // Two at once wait for each other here, and the second finds the first.
            tx.unit_claimed(user.unit).await?;
            if tx.is_held(role, user.unit, day_of(now)).await? {
                return Ok(Err(role));
            }
            let grant = NewGrant { role, unit: user.unit, scopes: Vec::new() };
            let id = self.add_user(&tx, NewUser { grants: vec![grant], ..user }).await?;
            codes.push(self.make_code(&tx, id, CodeKind::Invitation, None, now).await.map_err(AuthStop::from)?);
            self.note(&tx, "bootstrap", Some(GlobalId::new(Kind::User, id))).await?;
        }
        commit(tx).await?;
        Ok(Ok(codes))
    }

    /// A code from the operator at the machine: an invitation for somebody without a password, else a reset.
    pub async fn operator_code(&self, user: Uuid, remove_totp: bool) -> Result<Option<Code>, AuthStop> {
        let now = self.clock().now();
        let tx = self.auth_tx().await?;
        let Some(user) = tx.user_claimed(user).await?.filter(|user| user.disabled_at.is_none()) else {
            return Ok(None);
        };
        if user.kind == UserKind::Service {
            let message = Message::SignIn(SignInMessage::MachinePassword);
            return Err(UserError::new(UserErrorCode::InvalidState, message).into());
        }
        let known = tx.credential(user.id).await?.is_some_and(|own| own.password_hash.is_some());
        let kind = if known { CodeKind::Reset } else { CodeKind::Invitation };
        let links = match known || remove_totp {
            true => self.take_password(&tx, user.id, remove_totp, None, now).await?,
            false => Vec::new(),
        };
        if remove_totp {
            // The operator needs nobody beside him, and whoever asked has nothing left to ask for.
            tx.delete_where::<totp_removal::Entity>(totp_removal::Column::UserId, user.id).await?;
            self.tell_about(&tx, About::account(NotificationKind::TotpRemoved, &user), now).await?;
        }
        if known || remove_totp {
            self.tell_about(&tx, About::account(NotificationKind::PasswordReset, &user), now).await?;
        }
        let code = self.make_code(&tx, user.id, kind, None, now).await.map_err(AuthStop::from)?;
        let operation = if known || remove_totp { "userPasswordReset" } else { "invitationCode" };
        let mut changed = vec!["code"];
        changed.extend(known.then_some("password"));
        changed.extend(remove_totp.then_some("totp"));
        for link in links {
            self.note_changed(&tx, UNLINK, link, vec!["endedAt"]).await?;
        }
        self.note_changed(&tx, operation, GlobalId::new(Kind::User, user.id), changed).await?;
        commit(tx).await?;
        Ok(Some(code))
    }
}

/// Why there is no code.
#[derive(Debug, thiserror::Error)]
pub enum CodeFault {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The machine's randomness.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
}

impl From<CodeFault> for AuthStop {
    fn from(fault: CodeFault) -> Self {
        match fault {
            CodeFault::Store(error) => error.into(),
            CodeFault::Secrets(error) => error.into(),
        }
    }
}

impl From<CodeFault> for crate::service::Stop {
    fn from(fault: CodeFault) -> Self {
        match fault {
            CodeFault::Store(error) => error.into(),
            CodeFault::Secrets(error) => Self::Fault(crate::error::Fault::Internal(error.to_string())),
        }
    }
}
