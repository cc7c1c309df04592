//! Files and exports.

use entity::{export_job, file};
use sea_orm::{ColumnTrait, Condition};

use super::{OrderBy, order_fields, query};
use crate::authz::Actor;
use crate::store::page::{PageArgs, PageQuery};

order_fields! {
    /// Orders of files.
    FileOrder for file {
        /// As they were kept.
        CreatedAt => CreatedAt,
    }
}

order_fields! {
    /// Orders of exports.
    ExportOrder for export_job {
        /// As they were asked for.
        CreatedAt => CreatedAt,
    }
}

/// The caller's own exports, the latest first.
pub fn exports(page: PageArgs) -> PageQuery<export_job::Entity> {
    query(Condition::all(), OrderBy { field: ExportOrder::CreatedAt, descending: true }, page, None)
}

/// The caller's own files, the latest first; what others attached to reports is read there.
pub fn files(actor: &Actor, page: PageArgs) -> PageQuery<file::Entity> {
    let own =
        Condition::all().add(file::Column::OwnerUserId.eq(actor.user_id)).add(file::Column::UnitId.eq(actor.unit_id));
    query(own, OrderBy { field: FileOrder::CreatedAt, descending: true }, page, None)
}
