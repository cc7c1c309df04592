//! From a form (`application/x-www-form-urlencoded`) and its header to what a client asks (RFC 6749 §2.3.1, §3.2, RFC 7009 §2.1).

use axum::http::{HeaderMap, Uri, header};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::OAuthRefusal;

/// Parameters of a form at most; a body of the allowed length could have thousands.
const PARAMETERS: usize = 32;

/// What a client says it is.
#[derive(Clone)]
pub struct Said {
    /// Its identifier.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

/// What a client asks.
#[derive(Clone)]
pub enum OAuthWish {
    /// A token.
    Token {
        /// Who asks.
        client: Said,
        /// For what.
        scope: Option<String>,
    },
    /// The end of a token.
    Revoke {
        /// Who asks; nobody in particular where the token is a person's.
        client: Option<Said>,
        /// The token.
        token: String,
    },
}

/// Reads what is asked at an address.
pub(super) fn wish(path: &str, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<OAuthWish, OAuthRefusal> {
    // What stands in an address stands in the logs of everything on the way.
    if uri.query().is_some() {
        return Err(OAuthRefusal::Request("parameters belong in the body and not in the address"));
    }
    if !is_form(headers) {
        return Err(OAuthRefusal::Request(
            "the body must be application/x-www-form-urlencoded in UTF-8, not compressed",
        ));
    }
    let form = Form::read(body)?;
    let client = form.client(headers)?;
    if path == super::REVOKE {
        let token = form.get("token").ok_or(OAuthRefusal::Request("token is missing"))?.to_owned();
        return Ok(OAuthWish::Revoke { client, token });
    }
    let grant = form.get("grant_type").ok_or(OAuthRefusal::Request("grant_type is missing"))?;
    if grant != "client_credentials" {
        return Err(OAuthRefusal::GrantType);
    }
    let client = client.ok_or(OAuthRefusal::Client)?;
    let scope = form.get("scope");
    if scope.is_some_and(|scope| !is_scope(scope)) {
        return Err(OAuthRefusal::Scope);
    }
    Ok(OAuthWish::Token { client, scope: scope.map(str::to_owned) })
}

fn is_form(headers: &HeaderMap) -> bool {
    let mut kinds = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(kind), None) = (kinds.next().and_then(|kind| kind.to_str().ok()), kinds.next()) else { return false };
    let mut parts = kind.split(';').map(str::trim);
    let named = parts.next().unwrap_or_default().eq_ignore_ascii_case("application/x-www-form-urlencoded");
    let utf8 = parts.all(|part| {
        part.split_once('=').is_none_or(|(name, value)| {
            !name.trim().eq_ignore_ascii_case("charset") || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
    });
    let plain = headers.get(header::CONTENT_ENCODING).is_none_or(|encoding| encoding.as_bytes() == b"identity");
    named && utf8 && plain
}

/// Words of printable ASCII without `"` and `\`, with one blank between them (RFC 6749 §3.3).
fn is_scope(text: &str) -> bool {
    text.split(' ').all(|word| !word.is_empty() && word.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)))
}

struct Form(Vec<(String, String)>);

impl Form {
    fn read(body: &[u8]) -> Result<Self, OAuthRefusal> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for part in body.split(|byte| *byte == b'&').filter(|part| !part.is_empty()) {
            let (name, value) = match part.iter().position(|byte| *byte == b'=') {
                Some(at) => (&part[..at], &part[at + 1..]),
                None => (part, &[][..]),
            };
            let unreadable = OAuthRefusal::Request("the form cannot be read");
            let (Some(name), Some(value)) = (decoded(name), decoded(value)) else { return Err(unreadable) };
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(OAuthRefusal::Request("a parameter stands twice"));
            }
            if pairs.len() >= PARAMETERS {
                return Err(OAuthRefusal::Request("too many parameters"));
            }
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }

    /// A parameter; one without a value is none (RFC 6749 §3.2).
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Who the client says it is, by one of the two ways and never by both.
    fn client(&self, headers: &HeaderMap) -> Result<Option<Said>, OAuthRefusal> {
        let (id, secret) = (self.get("client_id"), self.get("client_secret"));
        let mut said = headers.get_all(header::AUTHORIZATION).iter();
        match (said.next(), said.next()) {
            (None, _) => match (id, secret) {
                (Some(id), Some(secret)) => Ok(Some(Said { id: id.to_owned(), secret: secret.to_owned() })),
                (None, None) => Ok(None),
                _ => Err(OAuthRefusal::Client),
            },
            (Some(_), Some(_)) => Err(OAuthRefusal::Request("Authorization stands twice")),
            (Some(_), None) if secret.is_some() => Err(OAuthRefusal::Request("the client proves itself in two ways")),
            (Some(value), None) => {
                let basic = value.to_str().ok().and_then(basic).ok_or(OAuthRefusal::Client)?;
                match id {
                    Some(id) if id != basic.id => Err(OAuthRefusal::Request("client_id is not who is authorized")),
                    _ => Ok(Some(basic)),
                }
            }
        }
    }
}

/// `Basic`, both halves form-encoded before they were joined.
fn basic(value: &str) -> Option<Said> {
    let (scheme, rest) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = STANDARD.decode(rest.trim()).ok()?;
    let at = bytes.iter().position(|byte| *byte == b':')?;
    let (id, secret) = (decoded(&bytes[..at])?, decoded(&bytes[at + 1..])?);
    Some(Said { id, secret })
}

/// The text of a form-encoded part; nothing where it is none, or holds what PostgreSQL can't keep.
fn decoded(part: &[u8]) -> Option<String> {
    let hex = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => (hex(rest.next()?)? << 4) | hex(rest.next()?)?,
            other => *other,
        });
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(authorization: Option<&str>, body: &str) -> Result<OAuthWish, OAuthRefusal> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        }
        wish("/auth/token", &Uri::from_static("/auth/token"), &headers, body.as_bytes())
    }

    #[test]
    fn both_halves_of_basic_are_decoded_after_they_are_parted() {
        let value = format!("Basic {}", STANDARD.encode("a%3Ab+c:x%25y%E4%B8%AD"));
        let Ok(OAuthWish::Token { client, .. }) = ask(Some(&value), "grant_type=client_credentials") else { panic!() };
        assert_eq!((client.id.as_str(), client.secret.as_str()), ("a:b c", "x%y中"));
    }

    #[test]
    fn what_is_no_form_is_no_form() {
        for bad in ["a=%", "a=%2", "a=%zz", "a=%ff", "a=%00", "%ff=1", "a=1&a=1", "a=1&%61=1"] {
            assert!(matches!(ask(None, bad), Err(OAuthRefusal::Request(_))), "{bad}");
        }
        let many: Vec<String> = (0..=PARAMETERS).map(|n| format!("p{n}=1")).collect();
        assert!(matches!(ask(None, &many.join("&")), Err(OAuthRefusal::Request(_))));
        let good = "grant_type=client_credentials&&client_id=a&client_secret=b&scope=&resource=x&=";
        assert!(matches!(ask(None, good), Ok(OAuthWish::Token { scope: None, .. })));
    }
}
