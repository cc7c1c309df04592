//! What is wished, done by the verbs; and what they say, as JSON or as a refusal.

use serde_json::{Value, json};

use super::{AuthOrigin, AuthRefusal, AuthWish};
use crate::secrets::TokenVerifier;
use crate::service::Service;
use crate::service::identity::{Confinement, Present, SignInError};
use crate::service::sign_in::{AuthStop, ExternalBegun, ExternalOutcome, Origin, SignIn, Tokens};
use crate::web::executor::AuthError;
use crate::web::refusal::Refusal;

/// Does it.
pub(in crate::web) async fn run(
    service: &Service,
    verifier: &TokenVerifier,
    wish: AuthWish,
    bearer: Option<String>,
    origin: AuthOrigin,
) -> Result<Value, AuthRefusal> {
    let origin = Origin { address: origin.address, user_agent: origin.user_agent, request_id: origin.request_id };
    let signed_in = async || -> Result<Present, AuthRefusal> {
        let token = bearer.as_deref().ok_or(Refusal::TokenMissing)?;
        service.present(verifier, token).await.map_err(|error| Refusal::from(AuthError::from(error)).into())
    };
    // Behind the password that has to be changed there may be one-time passwords that have to be set up, so whoever has to
    // do the one does not do the other.
    let no_password_first = |present: Present| match present.confined {
        Some(Confinement::PasswordChange) => Err(AuthRefusal::from(Refusal::PasswordChangeRequired)),
        Some(Confinement::TotpEnrolment) | None => Ok(present.actor),
    };
    let done = match wish {
        AuthWish::SignIn { login, password, totp } => {
            service.sign_in(&SignIn { login, password, totp }, &origin).await.map(tokens)
        }
        AuthWish::Refresh { refresh_token } => service.refresh(&refresh_token, &origin).await.map(tokens),
        AuthWish::SignOut => {
            let actor = signed_in().await?.actor;
            service.sign_out(&actor, &origin).await.map(|()| json!({}))
        }
        AuthWish::Password { current, new } => {
            let actor = signed_in().await?.actor;
            let changed = service.password_change(&actor, &current, &new, &origin).await;
            changed.map(|day| json!({ "passwordExpiresOn": day }))
        }
        AuthWish::Accept { code, password } => {
            service.accept_code(&code, &password, &origin).await.map(|login| json!({ "login": login }))
        }
        AuthWish::TotpEnrol { password } => {
            let actor = no_password_first(signed_in().await?)?;
            let enrolled = service.totp_enrol(&actor, &password, &origin).await;
            enrolled.map(|made| json!({ "secret": made.secret, "otpauthUrl": made.address }))
        }
        AuthWish::TotpConfirm { totp } => {
            let actor = no_password_first(signed_in().await?)?;
            service.totp_confirm(&actor, &totp, &origin).await.map(|()| json!({}))
        }
        AuthWish::Providers => Ok(providers(service)),
        AuthWish::ExternalStart { provider, redirect_uri } => {
            service.external_begin(&provider, &redirect_uri, &origin).await.map(begun)
        }
        AuthWish::ExternalFinish(back) => service.external_finish(&back, &origin).await.map(outcome),
        AuthWish::ExternalTotp { handle, totp } => service.external_totp(&handle, &totp, &origin).await.map(outcome),
        AuthWish::ExternalLink { said, back } => {
            let present = signed_in().await?;
            // Another way in before the one-time passwords that are wanted would be a way past them.
            if let Some(Confinement::TotpEnrolment) = present.confined {
                return Err(Refusal::TotpEnrolmentRequired.into());
            }
            let linked = service.external_link(&no_password_first(present)?, &said, &back, &origin).await;
            linked.map(|id| json!({ "id": id.to_string() }))
        }
        AuthWish::TotpRemove { password, totp } => {
            let actor = no_password_first(signed_in().await?)?;
            service.totp_remove(&actor, &password, &totp, &origin).await.map(|()| json!({}))
        }
    };
    done.map_err(AuthRefusal::from)
}

fn tokens(tokens: Tokens) -> Value {
    json!({
        "accessToken": tokens.access,
        "tokenType": "Bearer",
        "expiresIn": tokens.access_life.as_secs(),
        "refreshToken": tokens.refresh,
        "refreshExpiresIn": tokens.refresh_life.as_secs(),
        "mustChangePassword": tokens.must_change_password,
        "mustEnrolTotp": tokens.must_enrol_totp,
        "passwordExpiresOn": tokens.password_expires_on,
    })
}

fn providers(service: &Service) -> Value {
    let providers = service.authenticator().providers().all().iter();
    let all: Vec<_> =
        providers.map(|one| json!({ "id": one.id, "name": one.name, "kind": one.kind.as_str() })).collect();
    json!({ "providers": all })
}

fn begun(begun: ExternalBegun) -> Value {
    json!({
        "authorizeUrl": begun.authorize_url,
        "state": begun.state,
        "handle": begun.handle,
        "expiresIn": begun.life.as_secs(),
    })
}

fn outcome(outcome: ExternalOutcome) -> Value {
    match outcome {
        ExternalOutcome::SignedIn(signed) => tokens(signed),
        ExternalOutcome::TotpRequired { handle, life } => {
            json!({ "totpRequired": true, "handle": handle, "expiresIn": life.as_secs() })
        }
    }
}

impl From<SignInError> for AuthError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::Refused,
            SignInError::Confined(what) => what.into(),
            SignInError::Unavailable => Self::Unavailable,
        }
    }
}

impl From<Confinement> for AuthError {
    fn from(what: Confinement) -> Self {
        match what {
            Confinement::PasswordChange => Self::PasswordChange,
            Confinement::TotpEnrolment => Self::TotpEnrolment,
        }
    }
}

impl From<AuthStop> for AuthRefusal {
    fn from(stop: AuthStop) -> Self {
        match stop {
            AuthStop::Refused => Refusal::SignInRefused.into(),
            AuthStop::TotpRequired => Refusal::TotpRequired.into(),
            AuthStop::TooMany(wait) => {
                let whole = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                Refusal::TooManyAttempts(whole.max(1)).into()
            }
            AuthStop::Busy => Refusal::Overloaded.into(),
            AuthStop::Away => Refusal::ProviderAway.into(),
            AuthStop::Errors(errors) => Self::Errors(errors),
            AuthStop::Fault(fault) => {
                tracing::error!(error = ?fault, "signing in failed");
                if fault.may_pass() { Refusal::AuthUnavailable.into() } else { Refusal::Internal.into() }
            }
        }
    }
}
