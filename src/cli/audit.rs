//! `audit verify|anchor`.

use std::path::Path;

use super::house::{House, Older};
use super::{Audit, Failure, output};
use crate::config::Settings;
use crate::id::{GlobalId, Kind};
use crate::secrets::{Anchor, AnchorVerifier, Keyring, PublicKey};
use crate::service::Service;
use crate::service::audit::Broken;

/// Longest file with a statement that is read, bytes.
const LONGEST: u64 = 4_096;

/// Checks the trail, or states how far it has come; true when nothing is wrong.
pub(super) async fn audit(settings: &Settings, asked: &Audit) -> Result<bool, Failure> {
    let house = House::open(settings, Older::Refuse).await?;
    let issuer = settings.token_rules().issuer;
    let good = match asked {
        Audit::Anchor => {
            house.signs()?;
            let maker = house.token_maker().anchor_maker();
            match house.service.audit_anchor(&maker).await? {
                Some(statement) => output::line(&statement),
                None => output::aside("审计记录为空 · there is nothing in the trail yet"),
            }
            true
        }
        Audit::Verify(asked) => {
            let verifier = AnchorVerifier::new(&keys(&house.service, &house.keyring).await?, &issuer)?;
            let kept = asked.anchor.as_deref().map(|path| kept(path, &verifier)).transpose()?;
            match house.service.audit_verify(&verifier, kept.as_ref()).await? {
                Ok(done) => {
                    output::line(&format!(
                        "审计链完整：{} 条，锚点 {} 个，建链前 {} 条 · the chain is whole: {} rows, {} anchors, {} rows from before it",
                        done.rows, done.anchors, done.unchained, done.rows, done.anchors, done.unchained
                    ));
                    true
                }
                Err(broken) => {
                    output::line(&said(&broken));
                    false
                }
            }
        }
    };
    house.close().await;
    Ok(good)
}

/// The keys that ever signed: those in the folder, and the public halves of those that were moved away.
pub(super) async fn keys(service: &Service, keyring: &Keyring) -> Result<Vec<PublicKey>, Failure> {
    let mut keys = keyring.public_keys();
    for row in service.store().signing_keys().await? {
        if !keys.iter().any(|key| key.kid == row.id) {
            keys.push(PublicKey { kid: row.id, algorithm: row.algorithm, public: row.public_key });
        }
    }
    Ok(keys)
}

fn kept(path: &Path, verifier: &AnchorVerifier) -> Result<Anchor, Failure> {
    let unreadable = |cause: std::io::Error| Failure::unreadable(path, &cause);
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    let text = if length > LONGEST { String::new() } else { std::fs::read_to_string(path).map_err(unreadable)? };
    verifier.read(text.trim()).ok_or_else(|| {
        Failure::new(
            format!("{} 不是本系统签名的锚点。", path.display()),
            format!("{} holds no statement that a key of this installation signed.", path.display()),
        )
    })
}

fn said(broken: &Broken) -> String {
    let id = |id: uuid::Uuid| GlobalId::new(Kind::AuditEntry, id);
    match broken {
        Broken::Missing(number) => format!("第 {number} 条缺失 · row {number} is missing"),
        Broken::Altered(number, row) => {
            format!("第 {number} 条（{}）被改动 · row {number} was altered", id(*row))
        }
        Broken::Beyond(number, row) => {
            format!("第 {number} 条（{}）不是本系统写入的 · row {number} was put in", id(*row))
        }
        Broken::Unchained(Some(row)) => format!("{} 没有序号 · a row without a number was put in", id(*row)),
        Broken::Unchained(None) => "建链前的记录有缺失 · rows from before the chain are missing".to_owned(),
        Broken::Anchor(number) => {
            format!("第 {number} 条与签名的锚点不符 · a signed statement about row {number} says otherwise")
        }
    }
}
