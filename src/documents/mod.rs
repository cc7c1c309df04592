//! Reading and writing of the files that offices exchange; bytes in, values out, no file system.

pub mod chart;
pub mod demo;
mod list_check;
pub mod list_json;
pub mod media;
pub mod problem;
pub mod publication;
pub mod read;
mod reader;
pub mod sandbox;
pub mod table;
pub mod understand;
pub mod units_json;
pub mod write;

pub(crate) use list_check::is_sane;
pub use problem::{DocumentProblem, ProblemKind};
