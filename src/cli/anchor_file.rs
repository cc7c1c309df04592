//! The file to which a running server adds every statement about the trail, to be copied off the machine or to lie on a disk
//! of another one.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::Failure;

/// Where statements go besides the database and the log.
#[derive(Clone, Debug)]
pub(super) struct AnchorFile(Option<PathBuf>);

impl AnchorFile {
    /// A file that can be added to, or none.
    pub(super) fn at(path: Option<&Path>) -> Result<Self, Failure> {
        if let Some(path) = path {
            added(path, "").map_err(|cause| {
                let shown = path.display();
                Failure::new(
                    format!("锚点文件 {shown} 无法写入，请检查 audit-anchor-file 及其所在目录是否存在。"),
                    format!(
                        "The file of statements {shown} can't be written: {cause}. Check audit-anchor-file, and that its \
                         folder is there."
                    ),
                )
            })?;
        }
        Ok(Self(path.map(Path::to_owned)))
    }

    /// Says a statement in the log and adds it to the file; whether it is kept.
    pub(super) fn keep(&self, statement: &str) -> bool {
        tracing::info!(target: "taizhang::audit", statement, "the audit trail has come this far");
        let Some(path) = &self.0 else { return true };
        match added(path, &format!("{statement}\n")) {
            Ok(()) => true,
            Err(error) => {
                tracing::error!(%error, path = %path.display(), "a statement about the audit trail could not be kept");
                false
            }
        }
    }
}

/// Opened each time, so that the file may be moved away; on the disk before it counts as kept.
fn added(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).mode(0o640).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_data()
}
