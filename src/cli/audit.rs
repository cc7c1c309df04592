//! `audit verify|anchor`.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::house::{House, Older};
use super::{Audit, AuditVerify, Failure, audit_file, output};
use crate::config::Settings;
use crate::id::{GlobalId, Kind};
use crate::secrets::{Anchor, AnchorVerifier, Keyring, PublicKey};
use crate::service::Service;
use crate::service::audit::{Broken, Verified};

/// Largest file of kept statements that is read, bytes: one an hour for a hundred years has less.
const LARGEST: u64 = 512 << 20;

/// Checks the trail, states how far it has come, or writes it out; true when nothing is wrong.
pub(super) async fn audit(settings: &Settings, asked: &Audit) -> Result<bool, Failure> {
    match asked {
        Audit::Verify(AuditVerify { file: Some(file), key, anchor }) => {
            audit_file::verify(file, key.as_deref(), anchor.as_deref())
        }
        Audit::Verify(asked) => verify(settings, asked.anchor.as_deref()).await,
        Audit::Anchor => anchor(settings).await,
        Audit::Export(asked) => audit_file::export(settings, *asked).await,
    }
}

async fn anchor(settings: &Settings) -> Result<bool, Failure> {
    let house = House::open(settings, Older::Refuse).await?;
    house.signs()?;
    let maker = house.token_maker().anchor_maker();
    match house.service.audit_anchor(&maker).await? {
        Some(statement) => output::line(&statement),
        None => output::aside("审计记录为空 · there is nothing in the trail yet"),
    }
    house.close().await;
    Ok(true)
}

async fn verify(settings: &Settings, elsewhere: Option<&Path>) -> Result<bool, Failure> {
    let house = House::open(settings, Older::Refuse).await?;
    let issuer = settings.token_rules().issuer;
    let verifier = AnchorVerifier::new(&keys(&house.service, &house.keyring).await?, &issuer)?;
    let kept = elsewhere.map(|path| kept(path, &verifier)).transpose()?.unwrap_or_default();
    let found = house.service.audit_verify(&verifier, &kept).await?;
    house.close().await;
    match &found {
        Ok(Verified { rows, anchors, kept, unchained }) => output::line(&format!(
            "审计链完整：{rows} 条，锚点 {anchors} 个，另存的锚点 {kept} 个，建链前 {unchained} 条 · the chain is whole: {rows} \
             rows, {anchors} anchors, {kept} kept elsewhere, {unchained} rows from before it"
        )),
        Err(broken) => output::line(&said(broken)),
    }
    Ok(found.is_ok())
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

/// Statements that were kept elsewhere, one a line.
pub(super) fn kept(path: &Path, verifier: &AnchorVerifier) -> Result<Vec<Anchor>, Failure> {
    let unreadable = |cause: std::io::Error| Failure::unreadable(path, &cause);
    let file = std::fs::File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.len() > LARGEST {
        return Err(none_of_ours(path, 1));
    }
    let mut kept = Vec::new();
    for (nth, line) in BufReader::new(file.take(LARGEST)).lines().enumerate() {
        let line = line.map_err(unreadable)?;
        if line.trim().is_empty() {
            continue;
        }
        kept.push(verifier.read(line.trim()).ok_or_else(|| none_of_ours(path, nth + 1))?);
    }
    if kept.is_empty() { Err(none_of_ours(path, 1)) } else { Ok(kept) }
}

fn none_of_ours(path: &Path, line: usize) -> Failure {
    let path = path.display();
    Failure::new(
        format!("{path} 第 {line} 行不是本系统签名的锚点。"),
        format!("{path}, line {line}: this is no statement that a key of this installation signed."),
    )
}

/// What is wrong, with the number and the identifier of the row.
pub(super) fn said(broken: &Broken) -> String {
    let id = |id: &uuid::Uuid| GlobalId::new(Kind::AuditEntry, *id);
    let if_any = |row: &Option<uuid::Uuid>| row.as_ref().map(|row| format!(" ({})", id(row))).unwrap_or_default();
    match broken {
        Broken::Missing(number) => format!("第 {number} 条缺失 · row {number} is missing"),
        Broken::Altered(number, row) => {
            let row = id(row);
            format!("第 {number} 条 ({row}) 被改动 · row {number} ({row}) was altered")
        }
        Broken::Beyond(number, row) => {
            let row = id(row);
            format!("第 {number} 条 ({row}) 不是本系统写入的 · row {number} ({row}) was put in")
        }
        Broken::Head(number, Some(row)) => {
            let row = id(row);
            format!(
                "审计链止于第 {number} 条 ({row})，链尾记录与之不符 · the chain ends with row {number} ({row}), and the record \
                 of its end says otherwise"
            )
        }
        Broken::Head(_, None) => {
            "链尾记录已丢失或与审计链不符 · the record of where the chain ends is gone or says otherwise".to_owned()
        }
        Broken::Unchained(Some(row)) => {
            let row = id(row);
            format!("{row} 没有序号 · a row without a number was put in ({row})")
        }
        Broken::Unchained(None) => "建链前的记录有缺失 · rows from before the chain are missing".to_owned(),
        Broken::Statement(number, row) => {
            let row = if_any(row);
            format!(
                "第 {number} 条{row} 的锚点不是本系统签名的 · the statement beside row {number}{row} was signed by no key of \
                 this installation, or is about another row"
            )
        }
        Broken::Anchor(number, row) => {
            let row = id(row);
            format!(
                "第 {number} 条 ({row}) 与签名的锚点不符 · a signed statement about row {number} ({row}) says otherwise"
            )
        }
        Broken::Kept(number, row) => {
            let row = id(row);
            format!(
                "第 {number} 条 ({row}) 与另存的锚点不符 · a statement kept elsewhere about row {number} ({row}) says \
                 otherwise"
            )
        }
    }
}
