//! The object types; each wraps a `Visible` row and nothing else.

pub mod amendment;
pub mod assignment;
pub mod assignment_response;
pub mod directory;
pub mod export;
pub mod file;
pub mod group_member;
pub mod import_question;
pub mod report;
pub mod report_permissions;
pub mod reporting;
pub mod section;
pub mod task;
pub mod task_list;
pub mod unit_change;
pub mod user;
pub mod viewer_can;

/// Declares an object type around a visible row.
macro_rules! object_of_row {
    ($(#[$doc:meta])* $name:ident, $row:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name(pub(crate) $crate::store::Visible<$row>);

        impl From<$crate::store::Visible<$row>> for $name {
            fn from(row: $crate::store::Visible<$row>) -> Self {
                Self(row)
            }
        }
    };
}
pub(crate) use object_of_row;
