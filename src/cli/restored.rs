//! What is done after a restore, and what the operator is told to look at.

use super::house::{self, House, Older};
use super::{Failure, external, fsck, output};
use crate::clock::day_of;
use crate::config::Settings;
use crate::id::{GlobalId, Kind};
use crate::service::upkeep::restored::Restored;

/// Does to a database that other tools have restored what `restore` does to one that it restores itself; whether nothing
/// is wrong with it.
pub(super) async fn after(settings: &Settings) -> Result<bool, Failure> {
    let settings = house::patient(settings);
    let house = House::open(&settings, Older::Refuse).await?;
    let findings = fsck::check(&settings, &house.service, &house.keyring, false).await?;
    let restored = house.service.restored(&house.keyring.public_keys()).await?;
    house.close().await;
    advise(&restored);
    output::line("会话和代码已失效，已记入审计 · sessions and codes have ended, and the trail says so");
    Ok(findings == 0)
}

/// What was good when the backup was made, and may have been taken back since.
pub(super) fn advise(restored: &Restored) {
    if !restored.secrets.is_empty() {
        output::aside(&format!(
            "以下 {} 个服务账号密钥按备份有效；备份之后收回过的，请再次收回（serviceAccountSecretRevoke）：\n\
             these {} secrets of service accounts are good as the backup has it; take those back again that were taken back \
             since (serviceAccountSecretRevoke):",
            restored.secrets_all, restored.secrets_all
        ));
        for secret in &restored.secrets {
            let id = GlobalId::new(Kind::ServiceAccountSecret, secret.id);
            let last = secret.expires_on.map_or_else(|| "—".to_owned(), |day| day.to_string());
            output::aside(&format!("    {id}  {}  {} … {last}", secret.login, day_of(secret.created_at)));
        }
    }
    if !restored.links.shown.is_empty() {
        output::aside(&format!(
            "以下 {} 个外部登录绑定按备份有效；备份之后解除过的，请再次解除（taizhang external unlink 绑定）：\n\
             these {} links to other sign-in services are good as the backup has it; take those away again that were taken away \
             since (taizhang external unlink LINK):",
            restored.links.all, restored.links.all
        ));
        for link in &restored.links.shown {
            output::aside(&format!("    {}", external::shown(link)));
        }
    }
    if !restored.keys.is_empty() {
        output::aside(
            "以下签名密钥按备份受信任，而私钥不在本机；备份之后停用过的，请先运行 taizhang keys rotate --now，再逐个运行 taizhang keys retire 密钥 --now：\n\
             these signing keys are trusted as the backup has it, and their private halves are not here; retire those again that were \
             retired since, by taizhang keys rotate --now and then taizhang keys retire KID --now:",
        );
        for kid in &restored.keys {
            output::aside(&format!("    {kid}"));
        }
    }
}
