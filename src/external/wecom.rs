//! WeCom (企业微信), and 政务微信 on a host of its own: a code in the browser's hand, and whose it is asked of the API.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use url::Url;

use super::{
    Begun, Connector, ConnectorError, Identity,
    http::{Http, Talk, Wanted, unavailable},
    json::{self, text},
    kept::{Fresh, Kept},
    refused,
    secret::Secret,
};

/// Longest code that is passed on, bytes.
const LONGEST_CODE: usize = 512;
/// Longest name of a member, bytes.
const LONGEST_MEMBER: usize = 64;
/// So much before its end a token of the API is given up, seconds.
const BEFORE_THE_END: i64 = 300;
/// Longest life of a token of the API that is believed, seconds.
const LONGEST_LIFE: i64 = 86_400;

/// The app of an organisation that is in WeCom.
pub(super) struct Wecom {
    issuer: String,
    app: App,
    authorize: Url,
    token: Url,
    member: Url,
    http: Http,
    tokens: Kept<Secret>,
}

/// How the organisation's app is known there.
pub(super) struct App {
    pub(super) corp_id: String,
    pub(super) agent_id: String,
    pub(super) secret: Secret,
}

impl Wecom {
    /// `api` is the API's address without a slash at its end.
    pub(super) fn new(app: App, api: &str, authorize: Url, http: Http) -> Result<Self, url::ParseError> {
        Ok(Self {
            issuer: format!("wecom:{}", app.corp_id),
            app,
            authorize,
            token: Url::parse(&format!("{api}/cgi-bin/gettoken"))?,
            member: Url::parse(&format!("{api}/cgi-bin/auth/getuserinfo"))?,
            http,
            tokens: Kept::new(TimeDelta::zero(), TimeDelta::zero()),
        })
    }

    /// The API's token; its address holds the secret and is shown nowhere.
    async fn asked_token(&self, talk: &Talk<'_>) -> Result<Fresh<Secret>, ConnectorError> {
        let mut url = self.token.clone();
        url.query_pairs_mut()
            .append_pair("corpid", &self.app.corp_id)
            .append_pair("corpsecret", self.app.secret.expose());
        let said = asked(talk, &url).await?;
        if said.code != 0 {
            let what = format!("gettoken answered errcode {} (see corpId and secretFile)", said.code);
            return Err(unavailable(&url, &what));
        }
        let token = text(&said.rest, "access_token").filter(|token| !token.is_empty());
        let life = said.rest.get("expires_in").and_then(Value::as_i64).filter(|life| (1..=LONGEST_LIFE).contains(life));
        let (Some(token), Some(life)) = (token, life) else {
            return Err(unavailable(&url, "gettoken answered without a token or its life"));
        };
        Ok((Secret::new(token.to_owned()), TimeDelta::seconds((life - BEFORE_THE_END).max(0))))
    }

    async fn asked_member(&self, talk: &Talk<'_>, token: &Secret, code: &str) -> Result<Said, ConnectorError> {
        let mut url = self.member.clone();
        url.query_pairs_mut().append_pair("access_token", token.expose()).append_pair("code", code);
        asked(talk, &url).await
    }

    async fn who(&self, code: &str, now: DateTime<Utc>) -> Result<Identity, ConnectorError> {
        if !(1..=LONGEST_CODE).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(refused("CODE", "not in the form of a code"));
        }
        let talk = self.http.talk()?;
        talk.in_time(self.told(&talk, code, now)).await
    }

    async fn told(&self, talk: &Talk<'_>, code: &str, now: DateTime<Utc>) -> Result<Identity, ConnectorError> {
        let token = self.tokens.get(now, self.asked_token(talk)).await?;
        let mut said = self.asked_member(talk, &token, code).await?;
        if said.token_is_over() {
            let newer = self.tokens.again(&token, now, self.asked_token(talk)).await?;
            if !Arc::ptr_eq(&newer, &token) {
                said = self.asked_member(talk, &newer, code).await?;
            }
        }
        Ok(Identity { issuer: self.issuer.clone(), subject: said.member(&self.member)? })
    }
}

async fn asked(talk: &Talk<'_>, url: &Url) -> Result<Said, ConnectorError> {
    let body = talk.get(url, Wanted::Json).await?;
    let rest = json::object(&body).map_err(|_| unavailable(url, "the API's answer is not JSON"))?;
    let code = rest.get("errcode").and_then(Value::as_i64);
    Ok(Said { code: code.ok_or_else(|| unavailable(url, "the API's answer has no errcode"))?, rest })
}

impl Connector for Wecom {
    fn issuer(&self) -> &str {
        &self.issuer
    }

    fn address<'a>(&'a self, begun: &'a Begun, _now: DateTime<Utc>) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let mut url = self.authorize.clone();
            url.query_pairs_mut()
                .append_pair("login_type", "CorpApp")
                .append_pair("appid", &self.app.corp_id)
                .append_pair("agentid", &self.app.agent_id)
                .append_pair("redirect_uri", &begun.redirect_uri)
                .append_pair("state", &begun.state);
            Ok(url.into())
        })
    }

    fn identity<'a>(
        &'a self,
        code: &'a str,
        _begun: &'a Begun,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Identity, ConnectorError>> {
        Box::pin(self.who(code, now))
    }
}

/// An answer of the API.
struct Said {
    code: i64,
    rest: Map<String, Value>,
}

impl Said {
    fn token_is_over(&self) -> bool {
        matches!(self.code, 40014 | 42001)
    }

    /// The member's name; hosts of earlier versions write it `UserId`.
    fn member(&self, url: &Url) -> Result<String, ConnectorError> {
        match self.code {
            0 => {}
            40029 | 40030 => return Err(refused("CODE", "WeCom does not take the code")),
            code => return Err(unavailable(url, &format!("getuserinfo answered errcode {code}"))),
        }
        let is_member = |name: &&str| {
            (1..=LONGEST_MEMBER).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'@' | b'.'))
        };
        match (self.rest.get("userid"), self.rest.get("UserId")) {
            (None, None) => Err(refused("NOT_A_MEMBER", "somebody who is not a member of the organisation")),
            (Some(Value::String(name)), None) | (None, Some(Value::String(name))) => Some(name.as_str())
                .filter(is_member)
                .map(str::to_owned)
                .ok_or_else(|| refused("SUBJECT", "a name that members do not have")),
            _ => Err(refused("SUBJECT", "a name that is not one text")),
        }
    }
}
