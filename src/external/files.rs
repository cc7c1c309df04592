//! The files that stand beside the file of providers: secrets and certificates.

use std::{
    fs::{File, Metadata},
    io::Read,
    path::Path,
};

use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

use super::secret::Secret;

/// Longest secret, bytes.
const LONGEST_SECRET: u64 = 4 * 1024;
/// Longest bundle of certificates, bytes; that of a whole operating system has about a quarter of this.
const LONGEST_BUNDLE: u64 = 1024 * 1024;

/// What is wrong with a file, and what to do.
pub(super) type Wrong = (String, String);

/// Reads a whole file, up to a length.
pub(super) fn read(path: &Path, longest: u64) -> Result<Vec<u8>, Wrong> {
    contents(path, longest, |_| Ok(()))
}

/// Reads a secret that nobody else on this machine can read.
pub(super) fn secret(path: &Path) -> Result<Secret, Wrong> {
    let bytes = contents(path, LONGEST_SECRET, |metadata| private(path, metadata))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong(path, "is not text", "write the secret into it as text"))?;
    let secret = text.trim();
    if secret.is_empty() {
        return Err(wrong(path, "is empty", "write the secret into it"));
    }
    if secret.chars().any(char::is_control) {
        return Err(wrong(path, "holds more than one line", "write the secret alone into it"));
    }
    Ok(Secret::new(secret.to_owned()))
}

/// The roots of a bundle of certificates (PEM).
pub(super) fn roots(path: &Path) -> Result<RootCertStore, Wrong> {
    let bytes = contents(path, LONGEST_BUNDLE, |_| Ok(()))?;
    let mut roots = RootCertStore::empty();
    let bad =
        || wrong(path, "holds something else than certificates in PEM", "write PEM blocks of CERTIFICATE into it");
    for certificate in CertificateDer::pem_slice_iter(&bytes) {
        roots.add(certificate.map_err(|_| bad())?).map_err(|_| bad())?;
    }
    if roots.is_empty() { Err(bad()) } else { Ok(roots) }
}

/// The roots that browsers trust.
pub(super) fn common_roots() -> RootCertStore {
    webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect()
}

fn contents(path: &Path, longest: u64, look: impl FnOnce(&Metadata) -> Result<(), Wrong>) -> Result<Vec<u8>, Wrong> {
    let unread = |error: std::io::Error| {
        wrong(path, &format!("cannot be read ({error})"), "see that it is there and that this account may read it")
    };
    let file = File::open(path).map_err(unread)?;
    // Asked of the opened file, so that it cannot be swapped in between.
    let metadata = file.metadata().map_err(unread)?;
    if !metadata.is_file() {
        return Err(wrong(path, "is not a file", "name a file"));
    }
    look(&metadata)?;
    let mut bytes = Vec::new();
    file.take(longest + 1).read_to_end(&mut bytes).map_err(unread)?;
    match u64::try_from(bytes.len()) {
        Ok(length) if length <= longest => Ok(bytes),
        _ => Err(wrong(path, &format!("is longer than {longest} bytes"), "write less into it")),
    }
}

#[cfg(unix)]
fn private(path: &Path, metadata: &Metadata) -> Result<(), Wrong> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions());
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(wrong(path, "can be read by others on this machine", &format!("run: chmod 600 {}", path.display())))
}

#[cfg(not(unix))]
fn private(_: &Path, _: &Metadata) -> Result<(), Wrong> {
    Ok(())
}

fn wrong(path: &Path, what: &str, todo: &str) -> Wrong {
    (format!("{} {what}", path.display()), todo.to_owned())
}
