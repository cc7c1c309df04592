//! Files.

use entity::file;
use sea_orm::Condition;

use super::{OrderBy, order_fields, query};
use crate::store::page::{PageArgs, PageQuery};

order_fields! {
    /// Orders of files.
    FileOrder for file {
        /// As they were kept.
        CreatedAt => CreatedAt,
    }
}

/// The caller's own files, the latest first.
pub fn files(page: PageArgs) -> PageQuery<file::Entity> {
    query(Condition::all(), OrderBy { field: FileOrder::CreatedAt, descending: true }, page, None)
}
