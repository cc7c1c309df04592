//! One reader per format of office files, each into [`Pages`]; the content decides about the type, the name is a hint.

mod budget;
mod cfb;
mod delimited;
mod docx;
mod encoding;
mod error;
mod html;
mod html_tree;
mod number_format;
mod numbering;
mod numerals;
mod package;
mod sheet;
mod sniff;
mod text;
mod xls;
mod xlsx;
mod xlsx_parts;
mod xml;

use super::table::Pages;
use budget::Budget;
pub use budget::{FileLimits, limits};
pub use error::{Note, ReadError};
pub use sniff::FileType;

/// Reads a file in this process. Files of strangers go through [`super::sandbox::read`] instead.
pub fn read_here(bytes: &[u8], name: &str) -> Result<Pages, ReadError> {
    read_within(bytes, name, FileLimits::default())
}

/// Reads a file in this process, within other limits than the start values.
pub fn read_within(bytes: &[u8], name: &str, within: FileLimits) -> Result<Pages, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if bytes.len() > within.bytes {
        return Err(ReadError::TooBig);
    }
    let named = FileType::of_name(name);
    let found = sniff::sniff(bytes, named, within)?;
    let is = found.file_type;
    if let Some(named) = named.filter(|named| is == FileType::Text && matches!(named, FileType::Docx | FileType::Doc)) {
        return Err(ReadError::NotWhatItsName { named, is });
    }
    let budget = &mut Budget::within(within);
    let mut pages = match is {
        FileType::Docx => docx::read(bytes, budget)?,
        FileType::Xlsx => xlsx::read(bytes, budget)?,
        FileType::Xls => xls::read(bytes, budget)?,
        FileType::Html => html::read(&found.text, budget)?,
        FileType::Csv => delimited::read(&found.text, budget)?,
        FileType::Text => text::read(&found.text, budget)?,
        _ => {
            return Err(match named {
                Some(named) if named.is_read() && named != is => ReadError::NotWhatItsName { named, is },
                _ => ReadError::Unsupported { is },
            });
        }
    };
    pages.notes.extend(found.notes);
    if let Some(named) = named.filter(|named| *named != is) {
        pages.notes.insert(0, Note::OtherType { named, is });
    }
    pages.notes.truncate(limits::MAX_NOTES);
    Ok(pages)
}
