//! `keys list|rotate|retire`: the keys that sign tokens and statements about the audit trail.

use clap::{Args, Subcommand};

use super::house::{House, Older};
use super::token::clock_time;
use super::upkeep_args::DataKeys;
use super::{Failure, keys_data, output};
use crate::config::Settings;
use crate::service::operator::KeyState;

/// What is done with keys.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Keys {
    /// 列出签名密钥及其状态 · List the signing keys and what each does
    List,
    /// 添加新的签名密钥：先公布，期满后开始签名 · Add a signing key: published now, signing after the lead time
    Rotate(Rotate),
    /// 停用旧的签名密钥并删除其私钥 · Trust an old signing key no more, and remove its private half
    Retire(Retire),
    /// 个人数据的密钥 · The keys of personal data
    #[command(flatten)]
    Data(DataKeys),
}

/// How a signing key is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Args)]
pub struct Rotate {
    /// 即刻开始签名（旧密钥可能外泄时） · Sign with it at once, as when the old one may have been seen by others
    #[arg(long)]
    pub now: bool,
}

/// Which signing key goes.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Retire {
    /// 密钥标识（见 taizhang keys list） · The key's id, as taizhang keys list shows it
    pub kid: String,
    /// 即刻拒绝其签发的令牌，不等其到期 · Refuse its tokens from now on, without waiting for their end
    #[arg(long)]
    pub now: bool,
}

/// Does it.
pub(super) async fn keys(settings: &Settings, asked: &Keys) -> Result<(), Failure> {
    match asked {
        Keys::Data(asked) => keys_data::keys(settings, asked).await,
        Keys::List => {
            let house = House::open(settings, Older::Refuse).await?;
            list(&house, output::line).await?;
            house.close().await;
            Ok(())
        }
        Keys::Rotate(how) => rotate(settings, *how).await,
        Keys::Retire(which) => retire(settings, which).await,
    }
}

async fn rotate(settings: &Settings, how: Rotate) -> Result<(), Failure> {
    let mut house = House::open(settings, Older::Refuse).await?;
    house.keyring.add_signing_key(&**house.service.ids())?;
    let own = house.keyring.public_keys();
    house.service.keys_register(&own).await?;
    let kid = own.last().map(|key| key.kid.clone()).unwrap_or_default();
    if how.now {
        house.service.key_sign_now(&kid).await?;
    }
    output::line(&kid);
    list(&house, output::aside).await?;
    house.close().await;
    Ok(())
}

async fn retire(settings: &Settings, which: &Retire) -> Result<(), Failure> {
    let mut house = House::open(settings, Older::Refuse).await?;
    if !house.service.key_retire(&which.kid, which.now).await? {
        output::aside("该密钥此前已停用，现清除本机的私钥 · it was retired before; its private half here goes now");
    }
    house.keyring.remove_signing_key(&which.kid)?;
    list(&house, output::aside).await?;
    house.close().await;
    Ok(())
}

/// The keys, as the answer or beside it.
async fn list(house: &House, say: fn(&str)) -> Result<(), Failure> {
    let here = house.keyring.public_keys();
    for (row, state) in house.service.keys_list().await? {
        let (zh, en) = match state {
            KeyState::Waits(from) => (format!("已公布，{} 起签名", clock_time(from)), "published, signs from then on"),
            KeyState::Signs => ("正在签名".to_owned(), "signs"),
            KeyState::Verifies(until) => {
                (format!("仅验证，{} 后可停用", clock_time(until)), "verifies, may be retired after that")
            }
            KeyState::Retired(at) => (format!("{} 已停用", clock_time(at)), "retired"),
        };
        let held = here.iter().any(|key| key.kid == row.id);
        let private =
            if held { "私钥在此 · private half here" } else { "私钥不在此 · no private half here" };
        say(&format!("{}  {zh} · {en}  {private}", row.id));
    }
    Ok(())
}
