//! Files that are there whole or not at all: written under another name, which one program holds, flushed, and then named.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::Failure;
use super::manifest::with;

/// What SQLite puts beside a file.
pub(super) const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The folder of a file.
pub(super) fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Makes the names in a folder durable.
pub(super) fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// A new, empty, private file under the name of what is not done yet, held against every other program until it is closed.
/// What a killed one left there goes.
pub(super) fn hold(partial: &Path) -> Result<File, Failure> {
    let unwritable = |cause: io::Error| Failure::unwritable(partial, &cause);
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    let file = match options.clone().create_new(true).open(partial) {
        Ok(file) => file,
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {
            let left = options.open(partial).map_err(unwritable)?;
            take(&left, partial)?;
            // Not emptied but removed: what a killed program left may have got its second name already.
            fs::remove_file(partial).map_err(unwritable)?;
            options.create_new(true).open(partial).map_err(|cause| match cause.kind() {
                ErrorKind::AlreadyExists => busy(partial),
                _ => unwritable(cause),
            })?
        }
        Err(cause) => return Err(unwritable(cause)),
    };
    take(&file, partial)?;
    Ok(file)
}

/// Locks a file, if nobody else has and if the name still means it.
fn take(file: &File, path: &Path) -> Result<(), Failure> {
    match free(file, path) {
        Ok(true) => Ok(()),
        Ok(false) => Err(busy(path)),
        Err(cause) => Err(Failure::unwritable(path, &cause)),
    }
}

fn free(file: &File, path: &Path) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(false),
        Err(TryLockError::Error(cause)) => return Err(cause),
    }
    let own = file.metadata()?;
    let named = fs::symlink_metadata(path);
    Ok(named.is_ok_and(|named| (named.dev(), named.ino()) == (own.dev(), own.ino())))
}

fn busy(path: &Path) -> Failure {
    Failure::new(
        format!("另一个程序正在写入 {}。", path.display()),
        format!("Another program is writing {}.", path.display()),
    )
}

/// Gives a file a name that must be free; the name it had may stay.
pub(super) fn name(partial: &Path, target: &Path) -> io::Result<()> {
    // A second name and not a new one: that fails where the name is taken, also in this very moment.
    match fs::hard_link(partial, target) {
        Err(cause) if no_links(&cause) => {
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(target)?;
            fs::rename(partial, target)
        }
        other => other,
    }
}

/// Whether files have one name only in this place.
pub(super) fn no_links(cause: &io::Error) -> bool {
    matches!(cause.kind(), ErrorKind::Unsupported | ErrorKind::PermissionDenied)
}

/// Copies the key folder, private, under a name that is free.
pub(super) fn copy_keys(from: &Path, to: &Path) -> Result<(), Failure> {
    let unwritable = |cause: io::Error| Failure::unwritable(to, &cause);
    if to.symlink_metadata().is_ok() {
        return Err(unwritable(ErrorKind::AlreadyExists.into()));
    }
    let folder = folder_of(to);
    DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(unwritable)?;
    let hidden = folder.join(format!(".{}.partial", to.file_name().unwrap_or_default().to_string_lossy()));
    if let Ok(left) = File::open(&hidden) {
        take(&left, &hidden)?;
        fs::remove_dir_all(&hidden).map_err(unwritable)?;
    }
    DirBuilder::new().mode(0o700).create(&hidden).map_err(unwritable)?;
    let copied = copy_into(from, &hidden, to).and_then(|()| sync(&folder));
    if copied.is_err() {
        let _ = fs::remove_dir_all(&hidden);
    }
    copied.map_err(unwritable)
}

fn copy_into(from: &Path, hidden: &Path, to: &Path) -> io::Result<()> {
    // Held, so that nobody takes it for one that a killed program left.
    let held = File::open(hidden)?;
    held.lock()?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == ".lock" || !entry.file_type()?.is_file() {
            continue;
        }
        let bytes = fs::read(entry.path())?;
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(hidden.join(name))?;
        file.write_all(&bytes)?;
        file.sync_all()?;
    }
    held.sync_all()?;
    fs::rename(hidden, to)
}

/// Removes what killed programs left in a folder, of files whose names begin so, unless it is still being written.
pub(super) fn clean(folder: &Path, begins: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if !name.strip_prefix('.').is_some_and(|name| name.starts_with(begins)) {
            continue;
        }
        let (file, keys) = (name.ends_with(".db.partial"), name.ends_with(".db.keys.partial"));
        // Held until it is gone.
        let Some(held) = File::open(&path).ok().filter(|_| file || keys) else { continue };
        if !free(&held, &path).unwrap_or(false) {
            continue;
        }
        if keys {
            let _ = fs::remove_dir_all(&path);
            continue;
        }
        for ending in BESIDE.iter().chain(&[".json", ""]) {
            let _ = fs::remove_file(with(&path, ending));
        }
    }
}
