//! Where a PostgreSQL server can be started from.

use std::path::{Path, PathBuf};

/// The folder of the newest server's programs: Debian's place first, then the search path.
pub fn find() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    // The newest first.
    folders.sort_by_key(|bin| {
        let version = bin.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok());
        std::cmp::Reverse(version)
    });
    #[expect(clippy::disallowed_methods, reason = "the harness looks for the server")]
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path).filter(|bin| bin.join("initdb").exists()));
    folders.into_iter().find(|bin| bin.join("pg_ctl").exists())
}
