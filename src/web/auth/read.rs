//! From a body to what is wished: a JSON object of a few texts, each once, and nothing beside them.

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::PROVIDERS;
use crate::config::Limits;
use crate::service::sign_in::{ExternalReturn, SaidAgain};
use crate::web::graphql::extract;
use crate::web::graphql::negotiate::{self, BodyKind};
use crate::web::guard::json_depth;
use crate::web::refusal::Refusal;

/// What somebody wishes.
#[derive(Clone)]
pub enum AuthWish {
    /// A session.
    SignIn {
        /// The login name.
        login: String,
        /// The password.
        password: String,
        /// The one-time password.
        totp: Option<String>,
    },
    /// The next tokens.
    Refresh {
        /// The refresh token.
        refresh_token: String,
    },
    /// The end of the session.
    SignOut,
    /// Another password.
    Password {
        /// The present one.
        current: String,
        /// The new one.
        new: String,
    },
    /// A password by a one-time code.
    Accept {
        /// The code.
        code: String,
        /// The password.
        password: String,
    },
    /// A secret for one-time passwords.
    TotpEnrol {
        /// The password.
        password: String,
    },
    /// One-time passwords from now on.
    TotpConfirm {
        /// The first one.
        totp: String,
    },
    /// The other services by which one signs in.
    Providers,
    /// The way to one of them.
    ExternalStart {
        /// Which one.
        provider: String,
        /// Where the browser comes back to.
        redirect_uri: String,
    },
    /// A session for who came back.
    ExternalFinish(ExternalReturn),
    /// The same, with the one-time password that was missing.
    ExternalTotp {
        /// The handle that was given for it.
        handle: String,
        /// The one-time password.
        totp: String,
    },
    /// A link between who is signed in and who came back.
    ExternalLink {
        /// What one signs in with here.
        said: SaidAgain,
        /// What the browser came back with.
        back: ExternalReturn,
    },
    /// No one-time passwords any more.
    TotpRemove {
        /// The password.
        password: String,
        /// The last one.
        totp: String,
    },
}

macro_rules! bodies {
    ($($name:ident { $($field:ident: $type:ty),+ })+) => {$(
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct $name { $($field: $type),+ }
    )+};
}

bodies! {
    SignIn { login: String, password: String, totp: Option<String> }
    Refresh { refresh_token: String }
    Password { current: String, new: String }
    Accept { code: String, password: String }
    PasswordAlone { password: String }
    TotpAlone { totp: String }
    PasswordAndTotp { password: String, totp: String }
    Start { provider: String, redirect_uri: String }
    Finish { handle: String, state: String, code: String }
    HandleAndTotp { handle: String, totp: String }
    Link { handle: String, state: String, code: String, password: String, totp: Option<String> }
}

/// Reads what is wished at an address.
pub(super) async fn wish(path: &str, headers: &HeaderMap, body: Body, limits: &Limits) -> Result<AuthWish, Refusal> {
    // Whoever signs out has nothing to say but who he is, and that stands in the header.
    match path {
        "/auth/sign-out" => return Ok(AuthWish::SignOut),
        PROVIDERS => return Ok(AuthWish::Providers),
        _ => {}
    }
    // A form of another site can send no JSON, and a body in another form is no mistake of a user.
    if !headers.contains_key(header::CONTENT_TYPE) || !matches!(negotiate::readable(headers), Ok(BodyKind::Json)) {
        return Err(Refusal::OnlyJson);
    }
    let bytes = extract::bytes(headers, body, limits.auth_bytes, limits.body_timeout).await?;
    Ok(match path {
        "/auth/sign-in" => {
            let SignIn { login, password, totp } = read(&bytes, "login, password, totp?")?;
            AuthWish::SignIn { login, password, totp }
        }
        "/auth/refresh" => {
            let Refresh { refresh_token } = read(&bytes, "refreshToken")?;
            AuthWish::Refresh { refresh_token }
        }
        "/auth/password" => {
            let Password { current, new } = read(&bytes, "current, new")?;
            AuthWish::Password { current, new }
        }
        "/auth/accept" => {
            let Accept { code, password } = read(&bytes, "code, password")?;
            AuthWish::Accept { code, password }
        }
        "/auth/totp/enrol" => {
            let PasswordAlone { password } = read(&bytes, "password")?;
            AuthWish::TotpEnrol { password }
        }
        "/auth/totp/confirm" => {
            let TotpAlone { totp } = read(&bytes, "totp")?;
            AuthWish::TotpConfirm { totp }
        }
        "/auth/totp/remove" => {
            let PasswordAndTotp { password, totp } = read(&bytes, "password, totp")?;
            AuthWish::TotpRemove { password, totp }
        }
        "/auth/external/start" => {
            let Start { provider, redirect_uri } = read(&bytes, "provider, redirectUri")?;
            AuthWish::ExternalStart { provider, redirect_uri }
        }
        "/auth/external/finish" => {
            let Finish { handle, state, code } = read(&bytes, "handle, state, code")?;
            AuthWish::ExternalFinish(ExternalReturn { handle, state, code })
        }
        "/auth/external/totp" => {
            let HandleAndTotp { handle, totp } = read(&bytes, "handle, totp")?;
            AuthWish::ExternalTotp { handle, totp }
        }
        "/auth/external/link" => {
            let Link { handle, state, code, password, totp } = read(&bytes, "handle, state, code, password, totp?")?;
            let said = SaidAgain { password, totp };
            AuthWish::ExternalLink { said, back: ExternalReturn { handle, state, code } }
        }
        _ => return Err(Refusal::Internal),
    })
}

fn read<T: DeserializeOwned>(bytes: &[u8], fields: &'static str) -> Result<T, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::NotUtf8)?;
    // One object of texts is one bracket deep; serde would also take an array for a struct.
    if json_depth(bytes) > 1 || !text.trim_start().starts_with('{') {
        return Err(Refusal::Fields(fields));
    }
    serde_json::from_str(text).map_err(|_| Refusal::Fields(fields))
}
