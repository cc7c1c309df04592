//! An OpenID provider with three keys, and the connector that is set up for it.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use taizhang::external::{Connector, ConnectorError, HttpLimits, Identity, Providers};

use super::{
    BACK, Folder, NONCE, at, begun, limits,
    play::{Play, Reply},
    signers::{EC, ED, RSA, merged},
};

pub const CLIENT: &str = "taizhang & friends";
pub const CODE: &str = "C0DE+/=";
pub const DISCOVERY: &str = "/realm/.well-known/openid-configuration";
pub const KEYS: &str = "/realm/keys";
pub const TOKEN: &str = "/realm/token";

pub struct Gov {
    pub play: Play,
    pub providers: Providers,
    _folder: Folder,
}

impl Gov {
    pub async fn start() -> Self {
        Self::with(json!({})).await
    }

    /// With other fields in its entry.
    pub async fn with(changes: Value) -> Self {
        Self::within(limits(), changes).await
    }

    /// With other limits.
    pub async fn within(limits: HttpLimits, changes: Value) -> Self {
        let play = Play::start().await;
        let folder = Folder::new();
        let entry = json!({
            "id": "gov", "name": "统一身份认证", "kind": "oidc", "issuer": format!("{}/realm", play.base),
            "clientId": CLIENT, "clientSecretFile": "client.secret", "redirectUris": [BACK],
        });
        let providers = folder.provider_with(merged(entry, changes), limits);
        let gov = Self { play, providers, _folder: folder };
        gov.describe(json!({}));
        gov.publish(&[RSA.jwk(), EC.jwk(), ED.jwk()]);
        gov
    }

    pub fn issuer(&self) -> String {
        format!("{}/realm", self.play.base)
    }

    pub fn connector(&self) -> &dyn Connector {
        self.providers.get("gov").unwrap().connector.as_ref()
    }

    /// Describes itself, with these changes.
    pub fn describe(&self, changes: Value) {
        let issuer = self.issuer();
        let description = json!({
            "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize?lang=zh"),
            "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA"],
        });
        self.play.say(DISCOVERY, Reply::ok(merged(description, changes).to_string()));
    }

    pub fn publish(&self, keys: &[Value]) {
        self.play.say(KEYS, Reply::ok(json!({"keys": keys}).to_string()));
    }

    /// What a good token says at `at(0)`.
    pub fn claims(&self) -> Value {
        let now = at(0).timestamp();
        json!({
            "iss": self.issuer(), "aud": CLIENT, "sub": "248289761001", "nonce": NONCE,
            "iat": now - 2, "exp": now + 300, "name": "李雷", "email": "lilei@example.gov.cn",
        })
    }

    pub fn claims_with(&self, changes: Value) -> Value {
        merged(self.claims(), changes)
    }

    /// Comes back with a code for this token.
    pub async fn back_with(&self, token: &str, now: DateTime<Utc>) -> Result<Identity, ConnectorError> {
        let answer =
            json!({"access_token": "invented-api-token", "token_type": "Bearer", "expires_in": 300, "id_token": token});
        self.play.say(TOKEN, Reply::ok(answer.to_string()));
        self.back(now).await
    }

    pub async fn back(&self, now: DateTime<Utc>) -> Result<Identity, ConnectorError> {
        self.connector().identity(CODE, &begun(), now).await
    }

    /// A good token.
    pub fn good(&self) -> String {
        RSA.sign(&RSA.header(), &self.claims())
    }
}
