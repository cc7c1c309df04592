//! `backup`: a copy of the embedded database, made while it is served; and the copy that is made before a migration.
//!
//! The copy is written under a hidden name, flushed, described and only then given its name, which must be free: a backup
//! is there whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::manifest::{Manifest, digest, with};
use super::upkeep_args::Backup;
use super::whole::{self, folder_of};
use super::{Failure, house, output};
use crate::clock::{Clock, SystemClock};
use crate::config::{Engine, Settings};
use crate::id::ClockIdMaker;
use crate::service::audit::keep_alone;
use crate::store::Store;
use crate::store::backup::{Contents, CopyError};

/// How moments are written in names.
const STAMP: &str = "%Y%m%dT%H%M%SZ";

/// Makes a backup.
pub(super) async fn backup(settings: &Settings, asked: &Backup) -> Result<(), Failure> {
    if settings.database_url.engine() == Engine::Postgres {
        return Err(by_pg_dump(settings, &asked.target));
    }
    let store = house::existing(settings).await?;
    let status = store.migrate_status().await.map_err(crate::store::MigrateError::from)?;
    if status.applied.is_empty() && status.unknown.is_empty() {
        return Err(nothing_to_keep(settings));
    }
    let now = SystemClock.now();
    let target = if asked.target.is_dir() {
        whole::clean(&asked.target, "taizhang");
        asked.target.join(format!("taizhang-{}.db", now.format(STAMP)))
    } else {
        asked.target.clone()
    };
    let keys = with(&target, ".keys");
    if asked.with_keys && keys.exists() {
        return Err(there(&keys));
    }
    // It stands in the copy too. A database that takes no more is the more in need of one.
    if status.pending.is_empty()
        && status.unknown.is_empty()
        && let Err(error) = keep_alone(&store, &ClockIdMaker::new(Arc::new(SystemClock)), "databaseBackup", now).await
    {
        tracing::warn!(%error, "the audit trail takes no row about this backup");
        output::aside("审计记录无法写入，备份未留痕 · the audit trail takes no row, so this backup leaves none");
    }
    let manifest = write(&store, &target, now).await?;
    if asked.with_keys {
        whole::copy_keys(&settings.keys_dir(), &keys)?;
    }
    let _ = store.close().await;
    let rows: i64 = manifest.rows.values().sum();
    output::line(&target.display().to_string());
    output::aside(&format!(
        "已备份 {rows} 行、{} 字节；检验：taizhang restore --verify {} · {rows} rows, {} bytes; to check it: taizhang restore \
         --verify {}",
        manifest.bytes,
        target.display(),
        manifest.bytes,
        target.display()
    ));
    if !asked.with_keys {
        output::aside(&format!(
            "密钥不在其中：请把 {} 另存一处，没有它备份中的电话和文件无法读取 · the keys are not in it: keep {} elsewhere, \
             without it telephone numbers and files in the backup can't be read",
            settings.keys_dir().display(),
            settings.keys_dir().display()
        ));
    }
    Ok(())
}

/// On PostgreSQL its own tools make backups; the line to use, without the password.
fn by_pg_dump(settings: &Settings, target: &Path) -> Failure {
    let address = settings.database_url.masked().replace(":***@", "@");
    let line = format!("pg_dump --format=custom --no-owner --file={} '{address}'", target.display());
    let keys = settings.keys_dir();
    Failure::new(
        format!("PostgreSQL 请用它自带的工具备份（口令放在 ~/.pgpass）：{line}；并另存 {}。", keys.display()),
        format!(
            "PostgreSQL is backed up with its own tool (the password comes from ~/.pgpass): {line}; keep {} elsewhere \
             too.",
            keys.display()
        ),
    )
}

fn nothing_to_keep(settings: &Settings) -> Failure {
    Failure::new(
        format!("{} 不是 taizhang 的数据库，未作备份；请检查 data-dir 和 database-url。", settings.database_url),
        format!(
            "{} is no database of taizhang and was not backed up; check data-dir and database-url.",
            settings.database_url
        ),
    )
}

fn there(path: &Path) -> Failure {
    Failure::unwritable(path, &std::io::Error::from(ErrorKind::AlreadyExists))
}

/// Writes a copy of the database to `target`, with its manifest beside it.
pub(super) async fn write(store: &Store, target: &Path, now: DateTime<Utc>) -> Result<Manifest, Failure> {
    let folder = folder_of(target);
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let partial = folder.join(format!(".{name}.partial"));
    let held = whole::hold(&partial)?;
    let written = fill(store, target, &partial, &held, now).await;
    let _ = fs::remove_file(with(&partial, ".json"));
    let _ = fs::remove_file(&partial);
    let manifest = written?;
    whole::sync(&folder).map_err(|cause| Failure::unwritable(target, &cause))?;
    Ok(manifest)
}

async fn fill(
    store: &Store,
    target: &Path,
    partial: &Path,
    held: &File,
    now: DateTime<Utc>,
) -> Result<Manifest, Failure> {
    let unwritable = |cause: io::Error| Failure::unwritable(target, &cause);
    // Asked while it is held: another program may have made it until a moment ago.
    if target.symlink_metadata().is_ok() {
        return Err(there(target));
    }
    store.copy_into(partial).await.map_err(|error| not_copied(target, &error))?;
    held.sync_all().map_err(unwritable)?;
    let contents = Contents::read(partial).await.map_err(|error| not_copied(target, &error))?;
    let (bytes, sha256) = digest(partial).map_err(unwritable)?;
    let manifest = Manifest {
        form: Manifest::form(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now.to_rfc3339(),
        bytes,
        sha256,
        migrations: [contents.status.applied, contents.status.unknown].concat(),
        rows: contents.rows,
        data_keys: contents.data_keys,
    };
    named(target, partial, &manifest).map_err(unwritable)?;
    Ok(manifest)
}

/// Gives the backup and its manifest their names.
fn named(target: &Path, partial: &Path, manifest: &Manifest) -> io::Result<()> {
    let (beside, hidden) = (Manifest::path(target), with(partial, ".json"));
    let text = serde_json::to_string_pretty(manifest).unwrap_or_default();
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&hidden)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    // A manifest without a backup says nothing, a backup without its manifest can't be checked: so it comes first. One that
    // is there already was left by a program that was killed between the two.
    if beside.is_file() && target.symlink_metadata().is_err() {
        fs::remove_file(&beside)?;
    }
    whole::name(&hidden, &beside)?;
    whole::name(partial, target).inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })
}

pub(super) fn not_copied(path: &Path, error: &CopyError) -> Failure {
    let shown = path.display();
    match error {
        CopyError::Full => Failure::new(
            format!("磁盘已满，未写成 {shown}；原数据库没有变化。"),
            format!("The disk is full: {shown} was not written; the database is as it was."),
        ),
        CopyError::Damaged(why) => Failure::new(
            format!("{shown} 不是完整的数据库，可能被截断或损坏。"),
            format!("{shown} is not a whole database; it was cut short or damaged ({}).", first_line(why)),
        ),
        CopyError::InUse => Failure::new(
            format!("{shown} 正被其他程序使用，请先停止服务。"),
            format!("{shown} is in use by another program: stop the server first."),
        ),
        CopyError::Refused(cause) => {
            tracing::error!(%cause, "the copy failed");
            Failure::new(
                format!("未写成 {shown}，原因见日志；原数据库没有变化。"),
                format!("{shown} was not written, the log says why; the database is as it was."),
            )
        }
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim_end_matches('.').chars().take(200).collect()
}

/// Before an embedded database is migrated it is copied, beside itself, and the last few copies are kept. Without the copy
/// nothing is migrated.
pub(super) async fn before_migration(settings: &Settings, store: &Store) -> Result<(), Failure> {
    let keep = settings.migration_backups;
    let Some(file) = store.file().await?.filter(|_| keep > 0) else { return Ok(()) };
    let status = store.migrate_status().await.map_err(crate::store::MigrateError::from)?;
    let Some(next) = status.pending.first().filter(|_| status.unknown.is_empty() && !status.applied.is_empty()) else {
        return Ok(());
    };
    if !store.holds_anything().await? {
        return Ok(());
    }
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let number = next.split('_').nth(1).unwrap_or("next");
    let now = SystemClock.now();
    whole::clean(&folder_of(&file), &format!("{stem}.before-"));
    // To the millisecond: who tries again at once makes another copy.
    let target = file.with_file_name(format!("{stem}.before-{number}-{}.db", now.format("%Y%m%dT%H%M%S%3fZ")));
    write(store, &target, now)
        .await
        .map_err(|failure| failure.about("migration-backups=0 迁移前不备份 · migrates without a backup"))?;
    tracing::info!(backup = %target.display(), "the database was copied before it is migrated");
    prune(&file, &stem, keep);
    Ok(())
}

/// Removes the older copies; what can't be removed stays, and what the operator named is his.
fn prune(file: &Path, stem: &str, keep: usize) {
    let begins = format!("{stem}.before-");
    let named = |entry: fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        let (number, moment) = name.strip_prefix(&begins)?.strip_suffix(".db")?.split_once('-')?;
        let ours = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && is_moment(moment);
        ours.then(|| (moment.to_owned(), entry.path()))
    };
    let mut copies: Vec<_> = fs::read_dir(folder_of(file)).into_iter().flatten().flatten().filter_map(named).collect();
    copies.sort();
    for (_, path) in copies.iter().rev().skip(keep) {
        let _ = fs::remove_file(path);
        let _ = fs::remove_file(Manifest::path(path));
    }
}

/// Whether it is a moment as it stands in the name of a copy, to the second or to the millisecond.
fn is_moment(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = text.strip_suffix('Z').and_then(|text| text.split_once('T'));
    parts.is_some_and(|(day, time)| day.len() == 8 && matches!(time.len(), 6 | 9) && digits(day) && digits(time))
}
