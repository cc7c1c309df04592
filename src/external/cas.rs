//! CAS protocol 3: a ticket in the browser's hand, and who it is for asked of the server.

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use url::Url;

use super::{
    Begun, Connector, ConnectorError, Identity, Look,
    cas_answer::{self, CasAnswer},
    http::{Http, Wanted, unavailable},
    is_subject, refused,
};

/// Longest ticket that is passed on, characters.
const LONGEST_TICKET: usize = 256;

/// A CAS server.
pub(super) struct Cas {
    issuer: String,
    login: Url,
    validate: Url,
    http: Http,
}

impl Cas {
    /// `base` is the server's address without a slash at its end.
    pub(super) fn new(base: String, http: Http) -> Result<Self, url::ParseError> {
        let login = Url::parse(&format!("{base}/login"))?;
        let validate = Url::parse(&format!("{base}/p3/serviceValidate"))?;
        Ok(Self { issuer: base, login, validate, http })
    }

    async fn who(&self, ticket: &str, begun: &Begun) -> Result<Identity, ConnectorError> {
        let form = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if !ticket.starts_with("ST-") || ticket.len() > LONGEST_TICKET || !ticket.bytes().all(form) {
            return Err(refused("CODE", "not in the form of a ticket"));
        }
        let mut url = self.validate.clone();
        url.query_pairs_mut().append_pair("service", &service(begun)?).append_pair("ticket", ticket);
        let body = self.http.talk()?.get(&url, Wanted::Xml).await?;
        let answer = std::str::from_utf8(&body).map_err(|_| "not UTF-8").and_then(cas_answer::read);
        match answer.map_err(|what| unavailable(&url, &format!("no answer of CAS 3: {what}")))? {
            CasAnswer::User(user) if is_subject(&user) => Ok(Identity { issuer: self.issuer.clone(), subject: user }),
            CasAnswer::User(_) => Err(refused("SUBJECT", "no user of 1 to 255 printable characters")),
            CasAnswer::Proxied => Err(refused("PROXY", "the ticket came through another service")),
            CasAnswer::Failure(code) => Err(failure(&url, &code)),
        }
    }
}

impl Cas {
    /// Asks for a ticket that there is not: the answer says that the server speaks CAS 3 and is to be reached.
    async fn looked_at(&self) -> Result<Look, ConnectorError> {
        let mut url = self.validate.clone();
        url.query_pairs_mut().append_pair("service", "https://taizhang.invalid/").append_pair("ticket", "ST-0-doctor");
        let answer = self.http.talk()?.get_dated(&url, Wanted::Xml).await?;
        let said = std::str::from_utf8(&answer.body).map_err(|_| "not UTF-8").and_then(cas_answer::read);
        said.map_err(|what| unavailable(&url, &format!("no answer of CAS 3: {what}")))?;
        Ok(Look::Answers(answer.date))
    }
}

impl Connector for Cas {
    fn issuer(&self) -> &str {
        &self.issuer
    }

    fn address<'a>(&'a self, begun: &'a Begun, _now: DateTime<Utc>) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let mut url = self.login.clone();
            url.query_pairs_mut().append_pair("service", &service(begun)?);
            Ok(url.into())
        })
    }

    fn look(&self) -> BoxFuture<'_, Result<Look, ConnectorError>> {
        Box::pin(self.looked_at())
    }

    fn identity<'a>(
        &'a self,
        code: &'a str,
        begun: &'a Begun,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Identity, ConnectorError>> {
        Box::pin(self.who(code, begun))
    }
}

/// The service that tickets are for. The state is part of it, so that a ticket belongs to the sign-in that asked for it.
fn service(begun: &Begun) -> Result<String, ConnectorError> {
    let mut url = Url::parse(&begun.redirect_uri).map_err(|_| refused("REDIRECT", "the redirect URI is no address"))?;
    url.query_pairs_mut().append_pair("state", &begun.state);
    Ok(url.into())
}

/// What the server says of a ticket it does not take.
fn failure(url: &Url, code: &str) -> ConnectorError {
    match code {
        "INTERNAL_ERROR" => unavailable(url, "INTERNAL_ERROR"),
        "INVALID_REQUEST" => unavailable(url, "INVALID_REQUEST"),
        "UNAUTHORIZED_SERVICE" | "UNAUTHORIZED_SERVICE_PROXY" => {
            unavailable(url, "UNAUTHORIZED_SERVICE (see redirectUris and the services that the server knows)")
        }
        _ => refused("CODE", "the server does not take the ticket"),
    }
}
