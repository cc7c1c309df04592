//! `keys data-status|data-rotate|data-retire`.

use std::sync::Arc;

use chrono::TimeDelta;

use super::house::{self, House};
use super::upkeep_args::{DataKeys, DataRetire, DataRotate};
use super::{Failure, output, token};
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::id::ClockIdMaker;
use crate::secrets::Keyring;
use crate::service::upkeep::data_keys::{DataKeysError, KeyUse};

/// Does what is asked of the keys of personal data.
pub(super) async fn keys(settings: &Settings, asked: &DataKeys) -> Result<(), Failure> {
    let settings = &house::patient(settings);
    if let DataKeys::DataRetire(asked) = asked
        && asked.lost
    {
        return lost(settings, &asked.key).await;
    }
    let mut house = House::open_with_any_keys(settings).await?;
    match asked {
        DataKeys::DataStatus => status(&house.service.data_keys_status().await?),
        DataKeys::DataRotate(asked) => rotate(&mut house, *asked).await?,
        DataKeys::DataRetire(asked) => retire(&mut house, asked).await?,
    }
    house.close().await;
    Ok(())
}

fn status(keys: &[KeyUse]) {
    for KeyUse { key, here, seals, values } in keys {
        let state = match (key.retired_at, seals) {
            (Some(_), _) => "已停用 · retired",
            (None, true) => "加密中 · seals",
            (None, false) => "仅解密 · opens only",
        };
        let place = if *here { "" } else { "（不在本机 · not in this folder）" };
        let sum: u64 = values.iter().map(|(_, count)| count).sum();
        output::line(&format!("{}  {state}{place}  {sum} 个 · values", key.id));
        for (column, count) in values.iter().filter(|(_, count)| *count > 0) {
            let (table, name) = column.name();
            output::line(&format!("    {table}.{name}  {count}"));
        }
    }
}

async fn rotate(house: &mut House, asked: DataRotate) -> Result<(), Failure> {
    let lead = TimeDelta::from_std(asked.lead).unwrap_or_default();
    let ids = house.service.ids().clone();
    let (id, from) = house.service.data_key_rotate(&mut house.keyring, &*ids, lead).await?;
    output::aside(&format!(
        "{} 起用新密钥加密；其他机器须先有 {} 中的 data-{id}.key 和 mac-*.key；请备份密钥目录\n\
         it seals from {} on; other machines need data-{id}.key and mac-*.key of {} before that; back up the key folder",
        token::clock_time(from),
        house.keyring.dir().display(),
        from.to_rfc3339(),
        house.keyring.dir().display(),
    ));
    output::line(&id);
    Ok(())
}

async fn retire(house: &mut House, asked: &DataRetire) -> Result<(), Failure> {
    house.service.data_key_retire(&asked.key).await?;
    put_away(house, &asked.key)
}

/// Takes a key out of use that nobody has any more; where it was the only one, another one takes its place.
async fn lost(settings: &Settings, key: &str) -> Result<(), Failure> {
    let store = house::existing(settings).await?;
    store.require_current().await?;
    // Before anything is made in a folder that may not be the right one.
    if !store.data_keys().await?.iter().any(|row| row.id == key && row.retired_at.is_none()) {
        return Err(DataKeysError::Unknown(key.to_owned()).into());
    }
    let ids = ClockIdMaker::new(Arc::new(SystemClock));
    let keyring = Keyring::open_without(&settings.keys_dir(), key, &ids)?;
    let mut house = House::of(settings, store, keyring).await?;
    if let Some(new) = house.service.data_key_lost(&mut house.keyring, key, &ids).await? {
        output::aside(&format!(
            "此后由新密钥 {new} 加密，请备份密钥目录 · the new key {new} seals from now on; back up the key folder"
        ));
    }
    put_away(&mut house, key)?;
    house.close().await;
    Ok(())
}

fn put_away(house: &mut House, key: &str) -> Result<(), Failure> {
    let ids = house.service.ids().clone();
    match house.keyring.put_data_key_away(key, &*ids)? {
        Some(path) => output::line(&format!(
            "密钥文件改名为 {}；此前的备份仍需要它，请另行保存 · the file is {} now; backups made before need it, so keep it elsewhere",
            path.display(),
            path.display()
        )),
        None => output::line("密钥已停用 · the key is retired"),
    }
    Ok(())
}

impl From<DataKeysError> for Failure {
    fn from(error: DataKeysError) -> Self {
        let zh = match &error {
            DataKeysError::Store(_) | DataKeysError::Secrets(_) => String::new(),
            DataKeysError::Missing(id) => {
                format!("密钥目录中没有数据密钥 {id}：请从备份恢复 data-{id}.key，或从生成它的机器复制。")
            }
            DataKeysError::Other(id) => format!("密钥目录中的数据密钥 {id} 与数据库登记的不一致。"),
            DataKeysError::Unknown(id) => format!("没有使用中的数据密钥 {id}。"),
            DataKeysError::Sealing(id) => format!("数据密钥 {id} 正在加密，请先运行 keys data-rotate。"),
            DataKeysError::Early(id) => format!("{id} 之后的密钥启用不足一分钟，请稍后再试。"),
            DataKeysError::InUse(id, count) => {
                format!("仍有 {count} 个值由数据密钥 {id} 加密；运行中的服务会重新加密它们。")
            }
        };
        match error {
            DataKeysError::Store(cause) => cause.into(),
            DataKeysError::Secrets(cause) => cause.into(),
            other => Self::new(zh, format!("{other}.")),
        }
    }
}
