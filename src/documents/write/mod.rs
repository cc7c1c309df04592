//! The writing of office files: one model of sheets, one writer per form, and the layouts that fill the model.

mod completion;
mod csv;
mod docx;
mod error;
mod form;
mod ledger;
mod measure;
mod missing;
pub mod model;
mod package;
mod report_sheet;
mod summary;
mod text;
mod titles;
pub mod views;
mod xlsx;

pub use self::csv::csv;
pub use docx::docx;
pub use error::WriteError;
pub use form::{FilledForm, FilledRow, FormProblem, FormProblemKind, read_report_sheet};
pub use ledger::{Layout, Profile, ledger, section_line};
pub use missing::missing;
pub use report_sheet::report_sheet;
pub use summary::summary;
pub(in crate::documents) use text::fuse;
pub use xlsx::{MAX_CELL, xlsx};

use super::list_json::{self, ListDocument};
use model::Book;

/// The forms of files that are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Word.
    Docx,
    /// Excel.
    Xlsx,
    /// Separated values.
    Csv,
    /// `taizhang-list/1`; only a list can be written so.
    Json,
}

impl Form {
    /// Every form.
    pub const ALL: &'static [Self] = &[Self::Docx, Self::Xlsx, Self::Csv, Self::Json];

    /// How names of such files end.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

/// Writes a book in a form.
pub fn book(book: &Book, form: Form) -> Result<Vec<u8>, WriteError> {
    match form {
        Form::Docx => docx(book),
        Form::Xlsx => xlsx(book),
        Form::Csv => csv(book),
        Form::Json => Err(WriteError::NoSuchForm),
    }
}

/// Writes a list in a form.
pub fn list(list: &ListDocument, profile: Profile, form: Form) -> Result<Vec<u8>, WriteError> {
    match form {
        Form::Json => Ok(list_json::write(list).into_bytes()),
        form => book(&ledger(list, Layout { profile, merged_cells: form != Form::Csv }), form),
    }
}
