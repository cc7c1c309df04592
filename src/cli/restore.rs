//! `restore`: a backup is copied, looked at, brought to this program's shape and checked, all apart; only then does it take
//! the place of the database, which is kept under another name.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::backup::not_copied;
use super::house::{self, House};
use super::manifest::{Manifest, digest, with};
use super::upkeep_args::Restore;
use super::whole::{self, BESIDE, folder_of};
use super::{Failure, external, fsck, output};
use crate::clock::{Clock, SystemClock, day_of};
use crate::config::{Engine, Settings};
use crate::id::{ClockIdMaker, GlobalId, IdMaker, Kind};
use crate::secrets::Keyring;
use crate::service::upkeep::restored::Restored;
use crate::store::backup::{Alone, Contents, CopyError};
use crate::store::{MigrateError, connect};

/// Restores a backup, or says whether it is good.
pub(super) async fn restore(settings: &Settings, asked: &Restore) -> Result<bool, Failure> {
    if settings.database_url.engine() == Engine::Postgres {
        return Err(by_pg_restore(settings, &asked.file));
    }
    whole(&asked.file)?;
    if asked.verify { verify(settings, &asked.file).await } else { replace(settings, asked).await }
}

fn by_pg_restore(settings: &Settings, file: &Path) -> Failure {
    let address = settings.database_url.masked().replace(":***@", "@");
    let line = format!("pg_restore --no-owner --single-transaction --dbname='{address}' {}", file.display());
    Failure::new(
        format!("PostgreSQL 请用它自带的工具恢复到一个空库，再运行 taizhang fsck：{line}。"),
        format!("PostgreSQL is restored with its own tool into an empty database, then run taizhang fsck: {line}."),
    )
}

/// Refuses a backup that is not what its manifest says.
fn whole(file: &Path) -> Result<(), Failure> {
    let (bytes, sha256) = digest(file).map_err(|cause| Failure::unreadable(file, &cause))?;
    let manifest = Manifest::read(file).map_err(|cause| Failure::unreadable(&Manifest::path(file), &cause))?;
    let Some(manifest) = manifest else {
        output::aside(
            "旁边没有清单文件，无法核对摘要 · there is no manifest beside it, so its digest can't be compared",
        );
        return Ok(());
    };
    if manifest.bytes != bytes || manifest.sha256 != sha256 {
        let shown = file.display();
        return Err(Failure::new(
            format!("备份 {shown} 与其清单不符：应为 {} 字节，实为 {bytes} 字节，可能被截断或损坏。", manifest.bytes),
            format!(
                "The backup {shown} is not what its manifest says: {} bytes then, {bytes} now; it was cut short or \
                 damaged.",
                manifest.bytes
            ),
        ));
    }
    Ok(())
}

/// A file or folder that goes when it is dropped, with what the engine puts beside it.
struct Aside(PathBuf);

impl Drop for Aside {
    fn drop(&mut self) {
        // The file last: as long as it is there nobody else begins one of this name.
        for ending in BESIDE.iter().chain(&[""]) {
            let _ = fs::remove_file(with(&self.0, ending));
        }
        let _ = fs::remove_dir(&self.0);
    }
}

/// Copies the backup into a file, flushed.
fn copy(from: &Path, file: &mut File, path: &Path) -> Result<(), Failure> {
    let mut source = File::open(from).map_err(|cause| Failure::unreadable(from, &cause))?;
    let written = std::io::copy(&mut source, file).and_then(|_| file.sync_all());
    written.map_err(|cause| match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            not_copied(path, &CopyError::Full)
        }
        _ => Failure::unwritable(path, &cause),
    })
}

/// Looks at the copy, migrates it and checks it; how much is wrong with it, and what the operator has to look at if it is used.
async fn prepare(settings: &Settings, backup: &Path, path: &Path, install: bool) -> Result<(u64, Restored), Failure> {
    let contents = Contents::read(path).await.map_err(|error| not_copied(backup, &error))?;
    if !contents.status.unknown.is_empty() {
        return Err(MigrateError::Newer(contents.status.unknown).into());
    }
    if contents.status.applied.is_empty() {
        let shown = backup.display();
        return Err(Failure::new(
            format!("{shown} 不是 taizhang 的备份。"),
            format!("{shown} is not a backup of taizhang."),
        ));
    }
    for name in &contents.status.pending {
        output::aside(&format!("{name}  将执行 · will run"));
    }
    let keyring = keys(settings, backup)?;
    let store = house::store_at(settings, path.display().to_string()).await?;
    store.migrate_up().await?;
    let house = House::of(settings, store, keyring).await?;
    house.service.data_keys_follow().await?;
    let count = fsck::check(settings, &house.service, &house.keyring, false).await?;
    let restored =
        if install { house.service.restored(&house.keyring.public_keys()).await? } else { Restored::default() };
    house.close().await;
    Ok((count, restored))
}

/// What was good when the backup was made, and may have been taken back since.
fn advise(restored: &Restored) {
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

/// The keys with which the backup opens: those of the installation, or those beside the backup.
fn keys(settings: &Settings, backup: &Path) -> Result<Keyring, Failure> {
    let (own, beside) = (settings.keys_dir(), with(backup, ".keys"));
    if own.is_dir() || !beside.is_dir() { Ok(Keyring::open(&own)?) } else { Ok(Keyring::open(&beside)?) }
}

async fn verify(settings: &Settings, backup: &Path) -> Result<bool, Failure> {
    let ids = ClockIdMaker::new(std::sync::Arc::new(SystemClock));
    let folder = Aside(std::env::temp_dir().join(format!("taizhang-verify-{}", ids.next().simple())));
    DirBuilder::new().mode(0o700).create(&folder.0).map_err(|cause| Failure::unwritable(&folder.0, &cause))?;
    let path = Aside(folder.0.join("copy.db"));
    let mut options = OpenOptions::new();
    let made = options.write(true).create_new(true).mode(0o600).open(&path.0);
    let mut file = made.map_err(|cause| Failure::unwritable(&path.0, &cause))?;
    copy(backup, &mut file, &path.0)?;
    let good = prepare(settings, backup, &path.0, false).await?.0 == 0;
    output::line(if good { "备份可用 · the backup is good" } else { "备份有问题 · the backup is not good" });
    Ok(good)
}

async fn replace(settings: &Settings, asked: &Restore) -> Result<bool, Failure> {
    let bad = || Failure::new("数据库地址无法识别。", "The database address is not understood.");
    let target = connect::sqlite_path(settings.database_url.expose()).ok_or_else(bad)?;
    // Where the name is a link, what the engine writes beside the file stands beside the file it means.
    let target = fs::canonicalize(&target).unwrap_or(target);
    let folder = folder_of(&target);
    let unwritable = |cause: std::io::Error| Failure::unwritable(&target, &cause);
    DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(unwritable)?;
    if let Some(alone) = free(&target, asked.replace).await? {
        alone.release().await;
    }

    // Held until the end: two restores would write into one copy.
    let partial = with(&target, ".restoring");
    let mut held = whole::hold(&partial)?;
    let partial = Aside(partial);
    for ending in BESIDE {
        let _ = fs::remove_file(with(&partial.0, ending));
    }
    copy(&asked.file, &mut held, &partial.0)?;
    let (findings, restored) = prepare(settings, &asked.file, &partial.0, true).await?;
    settle(&partial.0).await?;
    held.sync_all().map_err(unwritable)?;
    if !settings.keys_dir().is_dir() {
        whole::copy_keys(&with(&asked.file, ".keys"), &settings.keys_dir())?;
    }
    // Asked again: somebody may have started meanwhile.
    let alone = free(&target, asked.replace).await?;
    let moved = take_place(&target, &partial.0).map_err(unwritable)?;
    // The name is free for another restore from here on.
    std::mem::forget(partial);
    whole::sync(&folder).map_err(unwritable)?;
    if let Some(alone) = alone {
        alone.release().await;
    }
    drop(held);
    if let Some(other) = moved {
        output::aside(&format!("原数据库改名为 {} · the database of before is {}", other.display(), other.display()));
    }
    advise(&restored);
    output::line(&format!("已恢复到 {} · restored to {}", target.display(), target.display()));
    Ok(findings == 0)
}

/// Everything that was written to the copy stands in its one file, or it is not used.
async fn settle(partial: &Path) -> Result<(), Failure> {
    let unsettled = || {
        let shown = partial.display();
        Failure::new(
            format!("{shown} 未能写完整，未作替换；原数据库没有变化。"),
            format!("{shown} could not be written to its end and is not used; the database is as it was."),
        )
    };
    // To leave the log is to write it back, which needs nobody else to look and room on the disk.
    match Alone::take(partial).await {
        Ok(alone) => alone.release().await,
        Err(CopyError::InUse) => return Err(unsettled()),
        Err(error) => return Err(not_copied(partial, &error)),
    }
    if BESIDE.iter().any(|ending| with(partial, ending).exists()) { Err(unsettled()) } else { Ok(()) }
}

/// Gives the copy the name of the database, which is kept under another name. At no moment is there none.
fn take_place(target: &Path, partial: &Path) -> std::io::Result<Option<PathBuf>> {
    let other = with(target, &format!(".replaced-{}", SystemClock.now().format("%Y%m%dT%H%M%S%3fZ")));
    let mut moved = false;
    // A log without its file, or beside a damaged one, would be played into the new one at its first opening.
    for ending in BESIDE {
        match fs::rename(with(target, ending), with(&other, ending)) {
            Ok(()) => moved = true,
            Err(cause) if cause.kind() == ErrorKind::NotFound => {}
            Err(cause) => return Err(cause),
        }
    }
    if moved {
        whole::sync(&folder_of(target))?;
    }
    match fs::hard_link(target, &other) {
        Ok(()) => moved = true,
        Err(cause) if cause.kind() == ErrorKind::NotFound => {}
        Err(cause) if whole::no_links(&cause) => {
            fs::rename(target, &other)?;
            moved = true;
        }
        Err(cause) => return Err(cause),
    }
    fs::rename(partial, target)?;
    Ok(moved.then_some(other))
}

/// Refuses a place where a database is in use, or holds something and is not to be replaced.
async fn free(target: &Path, replace: bool) -> Result<Option<Alone>, Failure> {
    if !fs::metadata(target).is_ok_and(|file| file.len() > 0) {
        return Ok(None);
    }
    let alone = match Alone::take(target).await {
        Ok(alone) => alone,
        // What is damaged is replaced, if that was said.
        Err(CopyError::Damaged(_)) if replace => return Ok(None),
        Err(error) => return Err(not_copied(target, &error)),
    };
    if alone.empty || replace {
        return Ok(Some(alone));
    }
    alone.release().await;
    let shown = target.display();
    Err(Failure::new(
        format!("{shown} 中已有数据；要替换请加 --replace，原数据库会改名保留。"),
        format!("{shown} holds data: add --replace to put the backup in its place; it is kept under another name."),
    ))
}
