//! OpenID Connect: discovery, authorization code with PKCE, and an ID token that is checked here.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use hyper::{StatusCode, header::HeaderValue};
use url::{
    Url,
    form_urlencoded::{Serializer, byte_serialize},
};

use super::{
    Begun, Connector, ConnectorError, Identity, Look,
    discovery::{Discovery, SecretGoes},
    http::{Http, Talk, Wanted, unavailable},
    id_token::{Expected, IdToken, Signed},
    json::{self, text},
    kept::Kept,
    oidc_keys::Keys,
    refused,
    secret::Secret,
};

/// How long what a provider says of itself is good, and how long it serves when the provider is out of reach.
const DISCOVERY_GOOD: TimeDelta = TimeDelta::hours(1);
const DISCOVERY_STALE: TimeDelta = TimeDelta::hours(24);
/// How long its keys are good; a key that was taken back is believed no longer than this.
const KEYS_GOOD: TimeDelta = TimeDelta::minutes(5);
/// How soon they are asked for again when none fits: tokens with made-up keys are no reason to ask more often.
const KEYS_SOONEST: TimeDelta = TimeDelta::seconds(60);
/// Longest code that is passed on, bytes.
const LONGEST_CODE: usize = 2048;
/// What we add to the address of the authorization endpoint; none of it may stand there already.
const OURS: [&str; 8] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
];

/// A provider that speaks OpenID Connect.
pub(super) struct Oidc {
    issuer: String,
    described_at: Url,
    client_id: String,
    secret: Option<Secret>,
    scopes: String,
    http: Http,
    discovery: Kept<Discovery>,
    keys: Kept<Keys>,
}

impl Oidc {
    /// `described_at` is where the issuer describes itself.
    pub(super) fn new(
        issuer: String,
        described_at: Url,
        client_id: String,
        secret: Option<Secret>,
        scopes: String,
        http: Http,
    ) -> Self {
        let discovery = Kept::new(DISCOVERY_STALE, DISCOVERY_GOOD);
        let keys = Kept::new(TimeDelta::zero(), KEYS_SOONEST);
        Self { issuer, described_at, client_id, secret, scopes, http, discovery, keys }
    }

    async fn described(&self, talk: &Talk<'_>, now: DateTime<Utc>) -> Result<Arc<Discovery>, ConnectorError> {
        let ask = async {
            let body = talk.get(&self.described_at, Wanted::Json).await?;
            let read = Discovery::read(&body, &self.issuer, &self.described_at);
            Ok((read.map_err(|what| unavailable(&self.described_at, &what))?, DISCOVERY_GOOD))
        };
        self.discovery.get(now, ask).await
    }

    async fn looked_at(&self) -> Result<Look, ConnectorError> {
        let answer = self.http.talk()?.get_dated(&self.described_at, Wanted::Json).await?;
        let read = Discovery::read(&answer.body, &self.issuer, &self.described_at);
        read.map_err(|what| unavailable(&self.described_at, &what))?;
        Ok(Look::Answers(answer.date))
    }

    async fn asked_keys(&self, talk: &Talk<'_>, of: &Discovery) -> Result<(Keys, TimeDelta), ConnectorError> {
        let body = talk.get(&of.keys, Wanted::Json).await?;
        Ok((Keys::read(&body).map_err(|what| unavailable(&of.keys, what))?, KEYS_GOOD))
    }

    async fn sent_to(&self, begun: &Begun, now: DateTime<Utc>) -> Result<String, ConnectorError> {
        let talk = self.http.talk()?;
        let mut address = talk.in_time(self.described(&talk, now)).await?.authorization.clone();
        if address.query_pairs().any(|(name, _)| OURS.contains(&name.as_ref())) {
            return Err(unavailable(&address, "the authorization endpoint's address holds what sign-ins add to it"));
        }
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, begun.verifier.as_bytes()));
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &begun.redirect_uri)
            .append_pair("scope", &self.scopes)
            .append_pair("state", &begun.state)
            .append_pair("nonce", &begun.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        Ok(address.into())
    }

    /// The form that exchanges a code, and the header that goes with it.
    fn asking(
        &self,
        code: &str,
        begun: &Begun,
        of: &Discovery,
    ) -> Result<(String, Option<HeaderValue>), ConnectorError> {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &begun.redirect_uri)
            .append_pair("code_verifier", &begun.verifier);
        let mut authorization = None;
        match (&self.secret, of.secret_goes) {
            (None, _) => {
                form.append_pair("client_id", &self.client_id);
            }
            (Some(secret), SecretGoes::InTheBody) => {
                form.append_pair("client_id", &self.client_id).append_pair("client_secret", secret.expose());
            }
            (Some(secret), SecretGoes::InTheHeader) => authorization = Some(basic(&self.client_id, secret, &of.token)?),
            (Some(_), SecretGoes::Nowhere) => {
                return Err(unavailable(&of.token, "it takes no client secret; ask the provider for one of its ways"));
            }
        }
        Ok((form.finish(), authorization))
    }

    /// The ID token for a code.
    async fn token(
        &self,
        talk: &Talk<'_>,
        code: &str,
        begun: &Begun,
        of: &Discovery,
    ) -> Result<String, ConnectorError> {
        let (form, authorization) = self.asking(code, begun, of)?;
        let answer = talk.post(&of.token, form, authorization).await?;
        let said = json::object(&answer.body);
        if answer.status != StatusCode::OK {
            let error = said.ok().and_then(|said| text(&said, "error").map(known_error)).unwrap_or("no known error");
            return Err(match error {
                "invalid_grant" => refused("CODE", "the token endpoint does not take the code"),
                _ => unavailable(&of.token, &format!("answered {} with {error}", answer.status.as_u16())),
            });
        }
        let said = said.map_err(|_| unavailable(&of.token, "the token endpoint's answer is not JSON"))?;
        if !text(&said, "token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")) {
            return Err(refused("TOKEN_TYPE", "the token endpoint gave tokens that are not bearer tokens"));
        }
        let token = text(&said, "id_token").ok_or_else(|| unavailable(&of.token, "the answer holds no ID token"))?;
        Ok(token.to_owned())
    }

    async fn who(&self, code: &str, begun: &Begun, now: DateTime<Utc>) -> Result<Identity, ConnectorError> {
        if !(1..=LONGEST_CODE).contains(&code.len()) || !code.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) {
            return Err(refused("CODE", "not in the form of a code"));
        }
        let talk = self.http.talk()?;
        talk.in_time(self.told(&talk, code, begun, now)).await
    }

    async fn told(
        &self,
        talk: &Talk<'_>,
        code: &str,
        begun: &Begun,
        now: DateTime<Utc>,
    ) -> Result<Identity, ConnectorError> {
        let discovery = self.described(talk, now).await?;
        let token = self.token(talk, code, begun, &discovery).await?;
        let token = IdToken::read(&token)?;
        let keys = self.keys.get(now, self.asked_keys(talk, &discovery)).await?;
        let mut signed = token.signed_by(&keys);
        // A new key, perhaps; one without a name shows only by a signature that is not of the old one.
        if signed == Signed::NoKey || (signed == Signed::Badly && !token.names_its_key()) {
            let newer = self.keys.again(&keys, now, self.asked_keys(talk, &discovery)).await?;
            signed = token.signed_by(&newer);
        }
        match signed {
            Signed::Well => {}
            Signed::NoKey => return Err(refused("TOKEN_KEY", "no key of the provider fits, or more than one")),
            Signed::Badly => return Err(refused("TOKEN_SIGNATURE", "a wrong signature")),
        }
        let expected = Expected { issuer: &self.issuer, client_id: &self.client_id, nonce: &begun.nonce };
        Ok(Identity { issuer: self.issuer.clone(), subject: token.subject(&expected, now)? })
    }
}

impl Connector for Oidc {
    fn issuer(&self) -> &str {
        &self.issuer
    }

    fn address<'a>(&'a self, begun: &'a Begun, now: DateTime<Utc>) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(self.sent_to(begun, now))
    }

    fn look(&self) -> BoxFuture<'_, Result<Look, ConnectorError>> {
        Box::pin(self.looked_at())
    }

    fn identity<'a>(
        &'a self,
        code: &'a str,
        begun: &'a Begun,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Identity, ConnectorError>> {
        Box::pin(self.who(code, begun, now))
    }
}

/// HTTP Basic with both parts form-encoded first (RFC 6749, 2.3.1).
fn basic(id: &str, secret: &Secret, url: &Url) -> Result<HeaderValue, ConnectorError> {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let both = STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret.expose())));
    let mut value = HeaderValue::from_str(&format!("Basic {both}"))
        .map_err(|_| unavailable(url, "the client secret cannot be sent"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The errors of RFC 6749; what else a provider writes does not reach the log.
fn known_error(error: &str) -> &'static str {
    match error {
        "invalid_grant" => "invalid_grant",
        "invalid_client" => "invalid_client (see clientId and clientSecretFile)",
        "invalid_request" => "invalid_request",
        "invalid_scope" => "invalid_scope (see scopes)",
        "unauthorized_client" => "unauthorized_client (see what the provider allows this client)",
        "unsupported_grant_type" => "unsupported_grant_type",
        _ => "no known error",
    }
}
