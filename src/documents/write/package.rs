//! The package of an office file: a zip whose bytes depend on its parts only.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::error::WriteError;

/// Packs parts in their order.
pub(super) fn pack(parts: &[(&str, String)]) -> Result<Vec<u8>, WriteError> {
    let fault = |e: &dyn std::fmt::Display| WriteError::Internal(e.to_string());
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, options).map_err(|e| fault(&e))?;
        zip.write_all(content.as_bytes()).map_err(|e| fault(&e))?;
    }
    Ok(zip.finish().map_err(|e| fault(&e))?.into_inner())
}
