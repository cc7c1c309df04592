//! What stands beside a backup: what it is of, what it holds, and its digest.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

/// The form of the manifest.
const FORM: &str = "taizhang-backup/1";
/// Longest manifest that is read, bytes.
const LONGEST: u64 = 256 * 1024;

/// What stands beside a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    pub(super) form: String,
    /// The program that made it.
    pub(super) version: String,
    /// When.
    pub(super) made_at: String,
    /// Bytes of the backup.
    pub(super) bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub(super) sha256: String,
    /// The migrations that have run.
    pub(super) migrations: Vec<String>,
    /// Rows, by table.
    pub(super) rows: BTreeMap<String, i64>,
    /// The data keys without which personal data and files in it stay closed.
    pub(super) data_keys: Vec<String>,
}

impl Manifest {
    pub(super) fn form() -> String {
        FORM.to_owned()
    }

    /// Where it stands.
    pub(super) fn path(backup: &Path) -> PathBuf {
        with(backup, ".json")
    }

    /// The one beside a backup; nothing when there is none, an error when it can't be understood.
    pub(super) fn read(backup: &Path) -> Result<Option<Self>, std::io::Error> {
        let path = Self::path(backup);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut text = String::new();
        file.take(LONGEST).read_to_string(&mut text)?;
        let manifest: Self = serde_json::from_str(&text).map_err(std::io::Error::other)?;
        if manifest.form == FORM { Ok(Some(manifest)) } else { Err(std::io::Error::other("another form")) }
    }
}

/// A path with something added to its name.
pub(super) fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

/// Length and digest of a file.
pub(super) fn digest(path: &Path) -> Result<(u64, String), std::io::Error> {
    let (mut file, mut digest, mut bytes) = (File::open(path)?, Context::new(&SHA256), 0_u64);
    let mut portion = vec![0; 256 * 1024];
    loop {
        let read = file.read(&mut portion)?;
        if read == 0 {
            break;
        }
        digest.update(&portion[..read]);
        bytes += u64::try_from(read).unwrap_or_default();
    }
    Ok((bytes, digest.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()))
}
