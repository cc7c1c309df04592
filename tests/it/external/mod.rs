//! The connectors of identity providers, against servers that play the providers on this machine.

mod bad_tokens;
mod cas;
mod exchange;
mod file;
mod gov;
mod hanging;
mod kept;
mod oidc;
mod oidc_keys;
mod play;
mod signers;
mod tls;
mod wecom;
mod whole;

pub use gov::Gov as Played;
use std::{fs, path::PathBuf, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use taizhang::external::{Begun, ConnectorError, HttpLimits, Providers};
use tempfile::TempDir;

/// The moment at which most things happen here, so many seconds later.
fn at(seconds: i64) -> DateTime<Utc> {
    "2026-05-06T08:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(seconds)
}

const STATE: &str = "c3RhdGUtc3RhdGUtc3RhdGUtc3RhdGUtc3RhdGUtc3Q";
const NONCE: &str = "bm9uY2Utbm9uY2Utbm9uY2Utbm9uY2Utbm9uY2Utbm8";
/// The verifier of RFC 7636, appendix B, and its challenge.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const BACK: &str = "https://app.example/sign-in/back?from=gov";
/// Stands where a secret stands; may appear nowhere else.
const SECRET: &str = "s3cr3t&+% of the client";

fn begun() -> Begun {
    Begun { state: STATE.into(), nonce: NONCE.into(), verifier: VERIFIER.into(), redirect_uri: BACK.into() }
}

/// The usual limits, but for the length of answers.
fn limits() -> HttpLimits {
    HttpLimits { longest: 64 * 1024, ..HttpLimits::default() }
}

/// Limits that make waiting short.
fn hasty() -> HttpLimits {
    HttpLimits { whole: Duration::from_millis(600), ..limits() }
}

/// A folder with a file of providers and a secret.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("client.secret", SECRET, 0o600);
        folder
    }

    fn write(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        path
    }

    /// Reads a file with this one provider.
    fn provider(&self, entry: Value) -> Providers {
        self.provider_with(entry, limits())
    }

    fn provider_with(&self, entry: Value, limits: HttpLimits) -> Providers {
        let text = serde_json::json!({"providers": [entry]}).to_string();
        Providers::read_with(&self.write("providers.json", &text, 0o644), limits).unwrap()
    }
}

/// The reason of a refusal.
fn reason<T>(result: &Result<T, ConnectorError>) -> &'static str {
    match result {
        Err(ConnectorError::Refused(reason, detail)) => {
            assert_silent(detail);
            reason
        }
        Err(ConnectorError::Unavailable(detail)) => {
            assert_silent(detail);
            "(unavailable)"
        }
        Err(ConnectorError::Busy) => "(busy)",
        Ok(_) => "(good)",
    }
}

/// Why the provider is not available.
fn unavailable<T>(result: Result<T, ConnectorError>) -> String {
    match result {
        Err(ConnectorError::Unavailable(detail)) => {
            assert_silent(&detail);
            detail
        }
        Err(other) => panic!("not unavailable, but {other}"),
        Ok(_) => panic!("not unavailable, but good"),
    }
}

/// Holds no secret, code or token.
fn assert_silent(text: &str) {
    for secret in [SECRET, "s3cr3t", "C0DE", "ST-1856339", "invented-api-token", "eyJ", NONCE, STATE, VERIFIER] {
        assert!(!text.contains(secret), "{text:?} tells {secret:?}");
    }
}

fn recorded(name: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/external/recorded/");
    fs::read_to_string(format!("{path}{name}")).unwrap()
}
