//! What clients ask, done by the verbs.

use serde_json::{Value, json};

use super::{OAuthRefusal, OAuthWish, REVOKE, Said, TOKEN, WellKnown};
use crate::authz::Scope;
use crate::secrets::TokenVerifier;
use crate::service::Service;
use crate::service::sign_in::{AuthStop, Client, ClientStop, Origin};
use crate::web::auth::AuthOrigin;

/// Does it.
pub(in crate::web) async fn run(
    service: &Service,
    verifier: &TokenVerifier,
    wish: OAuthWish,
    origin: AuthOrigin,
) -> Result<Option<Value>, OAuthRefusal> {
    let origin = Origin { address: origin.address, user_agent: origin.user_agent, request_id: origin.request_id };
    let client = |said: Said| Client { id: said.id, secret: said.secret };
    match wish {
        OAuthWish::Token { client: said, scope } => {
            let token = service.client_token(&client(said), scope.as_deref(), &origin).await?;
            Ok(Some(json!({
                "access_token": token.access,
                "token_type": "Bearer",
                "expires_in": token.life.as_secs(),
                "scope": token.scopes,
            })))
        }
        OAuthWish::Revoke { client: said, token } => {
            service.token_hand_back(verifier, &token, said.map(client).as_ref(), &origin).await?;
            Ok(None)
        }
    }
}

/// What the token endpoint can do. Where the issuer is no address of the web, the endpoints are paths of this server: where
/// it stands in the web is not known here, and what a request says about it is anybody's word.
pub(in crate::web) fn metadata(issuer: &str) -> String {
    let web = issuer.starts_with("https://") || issuer.starts_with("http://");
    let base = if web { issuer.trim_end_matches('/') } else { "" };
    let at = |path: &str| format!("{base}{path}");
    json!({
        "issuer": issuer,
        "token_endpoint": at(TOKEN),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "revocation_endpoint": at(REVOKE),
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "jwks_uri": at(WellKnown::Keys.path()),
        "grant_types_supported": ["client_credentials"],
        // Required by the RFC; there is no authorization endpoint, so there are none.
        "response_types_supported": [],
        "scopes_supported": Scope::ALL.iter().map(|scope| scope.as_str()).collect::<Vec<_>>(),
    })
    .to_string()
}

/// The public keys of the access tokens, those that are going to sign among them.
pub(in crate::web) fn keys(verifier: &TokenVerifier) -> String {
    let keys = verifier.published().into_iter().map(|key| {
        json!({ "kty": "OKP", "crv": "Ed25519", "alg": key.algorithm, "use": "sig", "kid": key.kid, "x": key.public })
    });
    json!({ "keys": keys.collect::<Vec<_>>() }).to_string()
}

impl From<ClientStop> for OAuthRefusal {
    fn from(stop: ClientStop) -> Self {
        match stop {
            ClientStop::NothingGranted => Self::Unauthorized,
            ClientStop::NotGranted => Self::Scope,
            ClientStop::Auth(AuthStop::TooMany(wait)) => {
                let whole = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                Self::TooMany(whole.max(1))
            }
            ClientStop::Auth(AuthStop::Busy | AuthStop::Away) => Self::Unavailable,
            ClientStop::Auth(AuthStop::Refused | AuthStop::TotpRequired | AuthStop::Errors(_)) => Self::Client,
            ClientStop::Auth(AuthStop::Fault(fault)) => {
                tracing::error!(error = ?fault, "a client could not be served");
                if fault.may_pass() { Self::Unavailable } else { Self::Internal }
            }
        }
    }
}
