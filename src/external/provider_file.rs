//! The file of providers: what may stand in it, and the connectors made from it.

use std::{path::Path, sync::Arc};

use serde_json::Value;

use super::{
    Connector, Provider, ProviderKind, ProvidersError, address,
    cas::Cas,
    entry::Entry,
    files,
    http::{Http, HttpLimits},
    json,
    oidc::Oidc,
    wecom::{App, Wecom},
};

/// Longest file of providers, bytes.
const LONGEST: u64 = 64 * 1024;
/// Most providers.
const MOST: usize = 16;
/// Most redirect URIs of one provider.
const MOST_REDIRECTS: usize = 8;
/// Longest id, characters.
const LONGEST_ID: usize = 32;
/// Longest issuer, bytes: it stands in an index with the subject.
const LONGEST_ISSUER: usize = 512;
/// Longest name, characters.
const LONGEST_NAME: usize = 100;
/// Longest id of an organisation or an app of WeCom, characters.
const LONGEST_WECOM: usize = 64;
/// WeCom itself.
const WECOM_API: &str = "https://qyapi.weixin.qq.com";
const WECOM_AUTHORIZE: &str = "https://login.work.weixin.qq.com/wwlogin/sso/login";

/// Reads it, and the files that it names.
pub(super) fn read(path: &Path, limits: HttpLimits) -> Result<Vec<Provider>, ProvidersError> {
    let bytes = files::read(path, LONGEST).map_err(|(what, todo)| ProvidersError(format!("{what}; {todo}")))?;
    let whole = |what: &str| ProvidersError(format!("{}: {what}", path.display()));
    let mut file =
        json::object(&bytes).map_err(|error| whole(&format!("this is not JSON ({error}); mend it there")))?;
    let Some(Value::Array(entries)) = file.remove("providers") else {
        return Err(whole("there is no list of providers; write {\"providers\":[…]}"));
    };
    if let Some(field) = file.keys().next() {
        return Err(whole(&format!("field {field} is not known; leave it out")));
    }
    if entries.len() > MOST {
        return Err(whole(&format!("there are more than {MOST} providers; leave some out")));
    }
    let mut providers: Vec<Provider> = Vec::new();
    for (index, value) in entries.into_iter().enumerate() {
        let provider = provider(Entry::new(path, index + 1, value)?, limits)?;
        if providers.iter().any(|other| other.id == provider.id) {
            return Err(whole(&format!("provider {}, field id: another has the same; write a new one", provider.id)));
        }
        if providers.iter().any(|other| other.connector.issuer() == provider.connector.issuer()) {
            let (id, field) = (&provider.id, issuer_field(provider.kind));
            return Err(whole(&format!("provider {id}, field {field}: another provider has the same; leave one out")));
        }
        if let Some(uri) = providers.iter().find_map(|other| shared(other, &provider)) {
            return Err(whole(&format!(
                "provider {}, field redirectUris: {uri} stands at another provider too, and WeCom's codes belong to no one \
                 sign-in; write another address",
                provider.id
            )));
        }
        providers.push(provider);
    }
    Ok(providers)
}

/// An address to which two providers send browsers back, one of them WeCom. A code of OpenID Connect is bound to the sign-in
/// that asked for it (PKCE, nonce), a ticket of CAS to its address with the state in it; a code of WeCom to nothing, so it must
/// at least be plain whose it is.
fn shared<'a>(one: &Provider, other: &'a Provider) -> Option<&'a str> {
    let loose = one.kind == ProviderKind::Wecom || other.kind == ProviderKind::Wecom;
    other.redirect_uris.iter().find(|uri| loose && one.redirect_uris.contains(uri)).map(String::as_str)
}

/// The field that says what identities are kept under.
fn issuer_field(kind: ProviderKind) -> &'static str {
    match kind {
        ProviderKind::Oidc => "issuer",
        ProviderKind::Cas => "baseUrl",
        ProviderKind::Wecom => "corpId",
    }
}

fn provider(mut entry: Entry<'_>, limits: HttpLimits) -> Result<Provider, ProvidersError> {
    let id = entry.text("id")?;
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if id.len() > LONGEST_ID || !id.bytes().all(good) {
        let todo = "write 1 to 32 small letters, digits and hyphens";
        return Err(entry.wrong(
            "id",
            "it holds something else than small letters, digits and hyphens, or is long",
            todo,
        ));
    }
    entry.named(&id);
    let name = entry.text("name")?;
    if name.chars().count() > LONGEST_NAME {
        return Err(entry.wrong("name", "it is longer than 100 characters", "write less"));
    }
    let kind = match entry.text("kind")?.as_str() {
        "oidc" => ProviderKind::Oidc,
        "cas" => ProviderKind::Cas,
        "wecom" => ProviderKind::Wecom,
        _ => return Err(entry.wrong("kind", "there is no such kind", "write oidc, cas or wecom")),
    };
    let redirect_uris = redirects(&mut entry)?;
    let second_factor = entry.flag("secondFactor")?;
    let http = http(&mut entry, limits)?;
    let connector = match kind {
        ProviderKind::Oidc => oidc(&mut entry, http)?,
        ProviderKind::Cas => cas(&mut entry, http)?,
        ProviderKind::Wecom => wecom(&mut entry, http)?,
    };
    if connector.issuer().len() > LONGEST_ISSUER {
        return Err(entry.wrong(issuer_field(kind), "it is longer than 512 bytes", "write a shorter one"));
    }
    entry.done()?;
    Ok(Provider { id, name, kind, redirect_uris, second_factor, connector })
}

fn redirects(entry: &mut Entry<'_>) -> Result<Vec<String>, ProvidersError> {
    const FIELD: &str = "redirectUris";
    let uris = entry.texts(FIELD)?;
    if !(1..=MOST_REDIRECTS).contains(&uris.len()) {
        return Err(entry.wrong(FIELD, "there are none, or more than 8", "write 1 to 8 addresses"));
    }
    for uri in &uris {
        address::redirect(uri).map_err(|(what, todo)| entry.wrong(FIELD, &format!("{uri}: {what}"), todo))?;
    }
    Ok(uris)
}

fn http(entry: &mut Entry<'_>, limits: HttpLimits) -> Result<Http, ProvidersError> {
    const FIELD: &str = "caFile";
    let roots = match entry.path(FIELD)? {
        Some(path) => files::roots(&path).map_err(|(what, todo)| entry.wrong(FIELD, &what, &todo))?,
        None => files::common_roots(),
    };
    Http::new(roots, limits).map_err(|error| entry.wrong(FIELD, &format!("TLS cannot begin ({error})"), "look at it"))
}

/// The address that a field holds, without the slash at its end.
fn base(entry: &Entry<'_>, field: &str, text: &str) -> Result<String, ProvidersError> {
    address::base(text).map_err(|(what, todo)| entry.wrong(field, what, todo))?;
    Ok(text.trim_end_matches('/').to_owned())
}

fn secret(entry: &mut Entry<'_>, field: &str) -> Result<Option<super::secret::Secret>, ProvidersError> {
    let Some(path) = entry.path(field)? else { return Ok(None) };
    files::secret(&path).map(Some).map_err(|(what, todo)| entry.wrong(field, &what, &todo))
}

fn oidc(entry: &mut Entry<'_>, http: Http) -> Result<Arc<dyn Connector>, ProvidersError> {
    let issuer = entry.text("issuer")?;
    let described_at = format!("{}/.well-known/openid-configuration", base(entry, "issuer", &issuer)?);
    let described_at = address::base(&described_at).map_err(|(what, todo)| entry.wrong("issuer", what, todo))?;
    let client_id = entry.text("clientId")?;
    let secret = secret(entry, "clientSecretFile")?;
    let scopes = entry.optional("scopes")?.unwrap_or_else(|| "openid".to_owned());
    if !scopes.split(' ').any(|scope| scope == "openid") {
        return Err(entry.wrong("scopes", "openid is not among them", "write openid, and others after a blank"));
    }
    Ok(Arc::new(Oidc::new(issuer, described_at, client_id, secret, scopes, http)))
}

fn cas(entry: &mut Entry<'_>, http: Http) -> Result<Arc<dyn Connector>, ProvidersError> {
    const FIELD: &str = "baseUrl";
    let text = entry.text(FIELD)?;
    let base = base(entry, FIELD, &text)?;
    let cas = Cas::new(base, http).map_err(|_| entry.wrong(FIELD, "paths cannot be added to it", "write another"))?;
    Ok(Arc::new(cas))
}

fn wecom(entry: &mut Entry<'_>, http: Http) -> Result<Arc<dyn Connector>, ProvidersError> {
    let corp_id = wecom_id(entry, "corpId")?;
    let agent_id = wecom_id(entry, "agentId")?;
    let Some(secret) = secret(entry, "secretFile")? else {
        return Err(entry.wrong("secretFile", "it is missing", "write the name of the file that holds the secret"));
    };
    let api = entry.optional("apiUrl")?.unwrap_or_else(|| WECOM_API.to_owned());
    let api = base(entry, "apiUrl", &api)?;
    let authorize = entry.optional("authorizeUrl")?.unwrap_or_else(|| WECOM_AUTHORIZE.to_owned());
    let authorize = address::base(&authorize).map_err(|(what, todo)| entry.wrong("authorizeUrl", what, todo))?;
    let app = App { corp_id, agent_id, secret };
    let wecom = Wecom::new(app, &api, authorize, http)
        .map_err(|_| entry.wrong("apiUrl", "paths cannot be added to it", "write another"))?;
    Ok(Arc::new(wecom))
}

fn wecom_id(entry: &mut Entry<'_>, field: &str) -> Result<String, ProvidersError> {
    let id = entry.text_or_number(field)?;
    let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if id.len() > LONGEST_WECOM || !id.bytes().all(good) {
        return Err(entry.wrong(field, "it holds something else than letters and digits", "copy it from WeCom"));
    }
    Ok(id)
}
