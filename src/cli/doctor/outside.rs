//! What signing in needs of others: other services, the list of breached passwords, the proxy before the server.

use std::path::Path;

use super::Finding;
use crate::clock::{Clock, SystemClock};
use crate::config::Settings;
use crate::external::{Look, Provider, Providers};
use crate::secrets::Breached;

/// A clock that differs by more than this makes ID tokens that are refused, in seconds.
const MOST_SKEW: i64 = 60;

/// The list of breached passwords, where there is one beside the built-in one.
pub(super) fn breached(file: Option<&Path>) -> Finding {
    match file {
        None => Ok("内置 · built in".to_owned()),
        Some(file) => match Breached::with_file(file) {
            Ok(_) => Ok(file.display().to_string()),
            Err(error) => Err(crate::cli::Failure::from(error).to_string()),
        },
    }
}

/// One line for the file of other sign-in services, where there is one, and one for each service in it.
pub(super) async fn services(file: Option<&Path>) -> Vec<(String, Finding)> {
    let what = || "登录平台 · sign-in services".to_owned();
    let Some(file) = file else { return Vec::new() };
    let providers = match Providers::read(file) {
        Ok(providers) => providers,
        Err(error) => return vec![(what(), Err(error.to_string()))],
    };
    let mut lines = vec![(what(), Ok(file.display().to_string()))];
    for provider in providers.all() {
        lines.push((format!("登录平台 {} · sign-in service", provider.id), service(provider).await));
    }
    lines
}

async fn service(provider: &Provider) -> Finding {
    match provider.connector.look().await {
        Ok(Look::Answers(Some(date))) => {
            let skew = (SystemClock.now() - date).num_seconds();
            let text = format!("{} · 时钟相差 {skew} 秒 · clocks {skew} s apart", provider.connector.issuer());
            if skew.abs() > MOST_SKEW { Err(text) } else { Ok(text) }
        }
        Ok(Look::Answers(None)) => Ok(provider.connector.issuer().to_owned()),
        Ok(Look::NotAsked) => Ok(format!("{} · 未询问 · not asked", provider.connector.issuer())),
        Err(error) => Err(error.to_string()),
    }
}

/// What is only worth knowing: services without TLS on this machine, and a proxy that nobody named.
pub(super) fn remarks(settings: &Settings) -> Vec<(&'static str, String)> {
    let mut remarks = Vec::new();
    let providers = settings.external_providers.as_deref().and_then(|file| Providers::read(file).ok());
    for provider in providers.iter().flat_map(Providers::all) {
        let issuer = provider.connector.issuer();
        if issuer.starts_with("http://") {
            remarks.push((
                "登录平台 · sign-in services",
                format!("{issuer} 不是 https · is not https, fit for trials only"),
            ));
        }
    }
    if settings.trusted_proxies.is_empty() {
        let text = "未设置 trusted-proxies：在反向代理之后，所有来访都算同一地址 · none are trusted: behind a proxy everybody \
                    comes from one address";
        remarks.push(("代理 · proxies", text.to_owned()));
    }
    remarks
}
