//! The object types; each wraps a `Visible` row and nothing else.

pub mod amendment;
pub mod assignment;
pub mod assignment_response;
pub mod audit;
pub mod close_gate;
pub mod directory;
pub mod due;
pub mod evidence;
pub mod export;
pub mod extension;
pub mod external_identity;
pub mod file;
pub mod group_member;
pub mod import_question;
pub mod lineage;
pub mod look_back;
pub mod look_back_evidence;
pub mod notification;
mod notification_account;
mod notification_publishing;
mod notification_text;
pub mod obligation;
pub mod obligation_filter;
pub mod publication;
pub mod publication_parts;
pub mod publication_release;
pub mod rectification;
pub mod reopening;
pub mod report;
pub mod report_history;
pub mod report_part;
pub mod report_permissions;
pub mod reporting;
pub mod role_grant;
pub mod role_grant_request;
pub mod roll_up;
pub mod schedule;
pub mod section;
pub mod service_secret;
pub mod session;
pub mod status;
pub mod task;
pub mod task_filter;
pub mod task_list;
pub mod totp_removal;
pub mod unit_change;
pub mod urge_notice;
pub mod urge_rule;
pub mod user;
pub mod viewer_can;
pub mod work;

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
