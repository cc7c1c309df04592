//! `fsck`: the check of everything that must hold.

use super::house::{self, House};
use super::upkeep_args::Fsck;
use super::{Failure, audit, output};
use crate::config::Settings;
use crate::domain::lang::Lang;
use crate::secrets::{AnchorVerifier, Keyring};
use crate::service::Service;
use crate::service::upkeep::fsck::Finding;

/// Checks the database; true when nothing is wrong.
pub(super) async fn fsck(settings: &Settings, asked: Fsck) -> Result<bool, Failure> {
    let settings = house::patient(settings);
    let house = House::open_to_look(&settings).await?;
    let count = check(&settings, &house.service, &house.keyring, asked.json).await?;
    house.close().await;
    Ok(count == 0)
}

/// Says what is wrong; how much that is.
pub(super) async fn check(
    settings: &Settings,
    service: &Service,
    keyring: &Keyring,
    json: bool,
) -> Result<u64, Failure> {
    let verifier = AnchorVerifier::new(&audit::keys(service, keyring).await?, &settings.token_rules().issuer)?;
    let count = service.fsck(&verifier, &mut |finding| output::line(&said(&finding, json))).await?;
    if !json {
        output::line(&if count == 0 {
            "未发现问题 · nothing is wrong".to_owned()
        } else {
            format!("发现 {count} 个问题 · {count} findings")
        });
    }
    Ok(count)
}

fn said(finding: &Finding, json: bool) -> String {
    if json {
        let mut line = serde_json::to_value(finding).unwrap_or_default();
        line["adviceZh"] = finding.advice(Lang::Zh).into();
        line["adviceEn"] = finding.advice(Lang::En).into();
        return line.to_string();
    }
    let Finding { check, table, row, zh, en, detail } = finding;
    format!(
        "{check}  {table} {row}  {detail}\n    {zh}。{}。\n    {en}: {}.",
        finding.advice(Lang::Zh),
        finding.advice(Lang::En)
    )
}
