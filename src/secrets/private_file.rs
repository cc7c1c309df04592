//! Files only this account may read, written whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    path::{Path, PathBuf},
};

use super::SecretsError;

/// No key is longer; whatever is, is something else.
const LONGEST: u64 = 4096;

/// The sentence for a refusal of the machine at `path`.
pub(super) fn io_error(path: &Path) -> impl FnOnce(std::io::Error) -> SecretsError {
    let path = path.to_owned();
    move |cause| SecretsError::Io { path, cause }
}

/// Makes the folder, private, or checks that the one that is there is.
pub(super) fn private_dir(dir: &Path) -> Result<(), SecretsError> {
    if !dir.exists() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(dir).map_err(io_error(dir))?;
    }
    let metadata = fs::metadata(dir).map_err(io_error(dir))?;
    check_private(dir, &metadata, 0o700)
}

/// Checks that the folder is there, and private.
pub(super) fn existing_dir(dir: &Path) -> Result<(), SecretsError> {
    check_private(dir, &fs::metadata(dir).map_err(io_error(dir))?, 0o700)
}

/// Gives a file of `dir` another name, and flushes the folder; where it stands now.
pub(super) fn put_away(dir: &Path, name: &str, other: &str) -> Result<PathBuf, SecretsError> {
    let path = dir.join(other);
    fs::rename(dir.join(name), &path).map_err(io_error(&path))?;
    #[cfg(unix)]
    File::open(dir).and_then(|folder| folder.sync_all()).map_err(io_error(dir))?;
    Ok(path)
}

/// Reads a key file, refusing one that others may read.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, SecretsError> {
    let file = File::open(path).map_err(io_error(path))?;
    // Asked of the opened file, so that it cannot be swapped in between.
    let metadata = file.metadata().map_err(io_error(path))?;
    check_private(path, &metadata, 0o600)?;
    if !metadata.is_file() || metadata.len() > LONGEST {
        return Err(SecretsError::NotAKey { path: path.to_owned() });
    }
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes).map_err(io_error(path))?;
    Ok(bytes)
}

/// Writes `name` in `dir`: a temporary file, flushed, renamed, and the folder flushed.
pub(super) fn write(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), SecretsError> {
    let temporary = dir.join(format!(".{name}.new"));
    let path = dir.join(name);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary).map_err(io_error(&temporary))?;
    file.write_all(bytes).map_err(io_error(&temporary))?;
    file.sync_all().map_err(io_error(&temporary))?;
    fs::rename(&temporary, &path).map_err(io_error(&path))?;
    #[cfg(unix)]
    File::open(dir).and_then(|folder| folder.sync_all()).map_err(io_error(dir))?;
    Ok(())
}

/// Removes `name` from `dir` for good.
pub(super) fn remove(dir: &Path, name: &str) -> Result<(), SecretsError> {
    let path = dir.join(name);
    fs::remove_file(&path).map_err(io_error(&path))?;
    #[cfg(unix)]
    File::open(dir).and_then(|folder| folder.sync_all()).map_err(io_error(dir))?;
    Ok(())
}

/// Takes the folder's lock, so that two processes starting at once make one set of keys; held until dropped.
pub(super) fn lock(dir: &Path) -> Result<File, SecretsError> {
    let path = dir.join(".lock");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path).map_err(io_error(dir))?;
    file.lock().map_err(io_error(dir))?;
    Ok(file)
}

#[cfg(unix)]
fn check_private(path: &Path, metadata: &fs::Metadata, wanted: u32) -> Result<(), SecretsError> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(SecretsError::NotPrivate { path: path.to_owned(), mode, wanted }) }
}

#[cfg(not(unix))]
fn check_private(_: &Path, _: &fs::Metadata, _: u32) -> Result<(), SecretsError> {
    Ok(())
}
