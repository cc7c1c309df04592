//! `doctor`: looks at everything a start needs and changes nothing; one line each.

mod files;
mod machine;
mod outside;

use std::path::Path;

use chrono::Datelike;

use super::{Failure, house, output};
use crate::clock::{Clock, SystemClock, day_of};
use crate::config::{Engine, Settings};
use crate::id::ClockIdMaker;
use crate::secrets::Keyring;

/// What was found: fine, with a remark, or not fine.
pub(super) type Finding = Result<String, String>;

/// Prints the findings; true when all is well. What is only worth knowing is marked and changes nothing.
pub(super) async fn doctor(settings: &Settings) -> Result<bool, Failure> {
    let mut well = true;
    let (database, migrations) = database(settings).await;
    let own = [
        ("机器 · machine", machine::machine()),
        ("数据目录 · data folder", machine::writable(&settings.data_dir)),
        ("磁盘 · free disk", machine::free_disk(&settings.data_dir)),
        ("数据库 · database", database),
        ("迁移 · migrations", migrations),
        ("密钥 · keys", keys(&settings.keys_dir())),
        ("节假日 · calendar", calendar(&settings.holidays_dir)),
        ("文件读取 · office files", files::reading(&settings.limits).await),
        ("端口 · port", machine::port(settings.listen)),
        ("泄露口令 · breached passwords", outside::breached(settings.breached_passwords.as_deref())),
    ];
    let others = outside::services(settings.external_providers.as_deref()).await;
    for (what, finding) in own.map(|(what, finding)| (what.to_owned(), finding)).into_iter().chain(others) {
        let (mark, text) = match finding {
            Ok(text) => ("ok", text),
            Err(text) => {
                well = false;
                ("!!", text)
            }
        };
        say(mark, &what, &text);
    }
    // Everything else works without.
    let (mark, text) = files::font().map_or_else(|text| ("? ", text), |text| ("ok", text));
    say(mark, "图片字体 · font", &text);
    for (what, text) in outside::remarks(settings) {
        say("? ", what, &text);
    }
    Ok(well)
}

fn say(mark: &str, what: &str, text: &str) {
    output::line(&format!("{mark}  {what}  {}", text.replace('\n', " · ")));
}

async fn database(settings: &Settings) -> (Finding, Finding) {
    let not_yet = || Ok("首次启动时执行 · run on the first start".to_owned());
    if settings.database_url.engine() == Engine::Sqlite && !machine::sqlite_exists(settings.database_url.expose()) {
        return (Ok("首次启动时新建 · made on the first start".to_owned()), not_yet());
    }
    // What is not ready is a finding.
    let mut hurried = settings.clone();
    hurried.limits.start_wait = std::time::Duration::ZERO;
    let store = match house::store(&hurried).await {
        Ok(store) => store,
        Err(failure) => return (Err(failure.to_string()), Err("无法查看 · can't be seen".to_owned())),
    };
    let migrations = match store.migrate_status().await {
        Ok(status) if !status.unknown.is_empty() => {
            Err(format!("数据库较新 · the database is newer: {}", status.unknown.join(", ")))
        }
        Ok(status) if status.applied.is_empty() => not_yet(),
        Ok(status) if !status.pending.is_empty() => Err(format!(
            "{} 项未执行，请运行 taizhang migrate up · {} pending",
            status.pending.len(),
            status.pending.len()
        )),
        Ok(status) => Ok(format!("{} 项均已执行 · all {} applied", status.applied.len(), status.applied.len())),
        Err(error) => Err(error.to_string()),
    };
    let _ = store.close().await;
    (Ok(format!("{} · 设置安全 · settings are strict", settings.database_url)), migrations)
}

fn keys(folder: &Path) -> Finding {
    if !folder.exists() {
        return Ok("首次启动时生成 · made on the first start".to_owned());
    }
    // Complete folders are only read; an incomplete one is a finding, and must stay as it is.
    let has = |start: &str| {
        let names = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
        names.into_iter().any(|name| name.to_string_lossy().starts_with(start))
    };
    if !has("signing-") || !has("data-") {
        return Err(format!("{} 不完整 · is incomplete", folder.display()));
    }
    let ids = ClockIdMaker::new(std::sync::Arc::new(SystemClock));
    match Keyring::open_or_create(folder, &ids) {
        Ok(keyring) => {
            Ok(format!("{} · 0600 · {} 个签名密钥 · signing keys", folder.display(), keyring.public_keys().len()))
        }
        Err(error) => Err(Failure::from(error).to_string()),
    }
}

fn calendar(folder: &Path) -> Finding {
    let calendar = house::calendar(folder).map_err(|failure| failure.to_string())?;
    let today = day_of(SystemClock.now());
    let known: Vec<i32> = calendar.years().collect();
    let has = |year: i32| known.contains(&year);
    let (this, next) = (today.year(), today.year() + 1);
    if !has(this) {
        return Err(format!("缺少 {this} 年，请放入 {} · {this} is missing", folder.display()));
    }
    if has(next) {
        return Ok(format!("{this}、{next}"));
    }
    // The State Council announces the next year in November; until December there may be nothing to have.
    if today.month() == 12 {
        return Err(format!("缺少 {next} 年，请放入 {} · {next} is missing", folder.display()));
    }
    Ok(format!("{this}；{next} 年公布后请放入 {} · add {next} once it is announced", folder.display()))
}
