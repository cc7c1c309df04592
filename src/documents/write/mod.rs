//! The writing of office files: one model of sheets, one writer per form, and the layouts that fill the model.

mod csv;
mod docx;
mod error;
mod measure;
pub mod model;
mod package;
mod text;
mod xlsx;

pub use self::csv::csv;
pub use docx::docx;
pub use error::WriteError;
pub(in crate::documents) use text::fuse;
pub use xlsx::{MAX_CELL, xlsx};
