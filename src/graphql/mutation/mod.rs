//! The verbs as mutations: input objects in, payloads with the object in its true state and the user errors out.

pub mod amendments;
pub mod assignments;
pub mod corrections;
pub mod directory;
pub mod evidence;
pub mod exports;
pub mod extensions;
pub mod external;
pub mod files;
pub mod grants;
pub mod groups;
pub mod imports;
pub mod lineage;
pub mod lists;
pub mod look_back;
pub mod machines;
pub mod notifications;
pub mod periods;
pub mod publishing;
pub mod questions;
pub mod rectifications;
pub mod report_bulk;
pub mod report_fill;
pub mod report_sheet;
pub mod reports;
pub mod responses;
pub mod reviews;
pub mod schedules;
mod second_factor;
pub mod sections;
pub mod sessions;
pub mod signing;
pub mod tasks;
pub mod unit_changes;
pub mod urge_rules;
pub mod urging;
pub mod users;

use async_graphql::{InputObject, MergedObject};

/// Declares the payload of a verb: the object under the caller's scope, and the user errors.
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident { $(#[$fdoc:meta])* $field:ident: $object:ident, $entity:ident }) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            $(#[$fdoc])*
            pub $field: Option<$object>,
            /// 需要用户处理的问题；为空表示成功。
            /// What the user has to mend; empty means done.
            pub user_errors: Vec<$crate::graphql::user_error::UserError>,
        }

        impl $name {
            /// The object in its true state: after success the one that was changed, else the one that was meant.
            pub(super) async fn new(
                request: &$crate::graphql::context::RequestContext,
                answer: $crate::service::Answer<uuid::Uuid>,
                meant: Option<uuid::Uuid>,
            ) -> async_graphql::Result<Self> {
                let (key, errors) = match answer.map_err($crate::graphql::user_error::top_level)? {
                    Ok(key) => (Some(key), Vec::new()),
                    Err(errors) => (meant, errors),
                };
                let $field = match key {
                    Some(key) => request.fresh::<$entity::Entity>(key).await?.map($object::from),
                    None => None,
                };
                let user_errors = errors
                    .iter()
                    .map(|error| $crate::graphql::user_error::UserError::localised(error, request.lang))
                    .collect();
                Ok(Self { $field, user_errors })
            }
        }
    };
}
pub(crate) use payload;

/// Declares the payload of a verb that removes something: its identifier, or the object that is still there.
macro_rules! delete_payload {
    ($(#[$doc:meta])* $name:ident { $(#[$fdoc:meta])* $field:ident: $object:ident, $entity:ident, $kind:ident }) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            /// 已删除对象的标识；未删除时为空。
            /// The identifier of what was removed; null when nothing was.
            pub deleted_id: Option<async_graphql::ID>,
            $(#[$fdoc])*
            pub $field: Option<$object>,
            /// 需要用户处理的问题；为空表示成功。
            /// What the user has to mend; empty means done.
            pub user_errors: Vec<$crate::graphql::user_error::UserError>,
        }

        impl $name {
            /// The identifier after success, else the object that was meant, if it is visible.
            async fn new(
                request: &$crate::graphql::context::RequestContext,
                answer: $crate::service::Answer<uuid::Uuid>,
                meant: Option<uuid::Uuid>,
            ) -> async_graphql::Result<Self> {
                let errors = match answer.map_err($crate::graphql::user_error::top_level)? {
                    Ok(key) => {
                        let deleted_id = Some($crate::graphql::context::id($crate::id::Kind::$kind, key));
                        return Ok(Self { deleted_id, $field: None, user_errors: Vec::new() });
                    }
                    Err(errors) => errors,
                };
                let $field = match meant {
                    Some(key) => request.fresh::<$entity::Entity>(key).await?.map($object::from),
                    None => None,
                };
                let user_errors = errors
                    .iter()
                    .map(|error| $crate::graphql::user_error::UserError::localised(error, request.lang))
                    .collect();
                Ok(Self { deleted_id: None, $field, user_errors })
            }
        }
    };
}
pub(crate) use delete_payload;

/// 仅须给出版本的操作。
/// What a verb needs that changes nothing but the state.
#[derive(InputObject)]
pub struct VersionInput {
    /// 操作所依据的版本。
    /// The version that was read.
    expected_version: i32,
}

/// 变更：每个请求只执行一个。
/// The verbs; one per operation.
#[derive(MergedObject, Default)]
pub struct Mutation(
    directory::DirectoryMutation,
    periods::PeriodsMutation,
    reports::ReportsMutation,
    report_sheet::ReportSheetMutation,
    reviews::ReviewsMutation,
    groups::GroupMutation,
    lists::ListMutation,
    imports::ImportMutation,
    exports::ExportMutation,
    questions::QuestionMutation,
    sections::SectionMutation,
    tasks::TaskMutation,
    assignments::AssignmentMutation,
    files::FileMutation,
    schedules::SchedulesMutation,
    extensions::ExtensionsMutation,
    extensions::ExtensionDecisionsMutation,
    signing::SigningMutation,
    signing::SigningSwitchMutation,
    corrections::CorrectionsMutation,
    report_bulk::ReportBulkMutation,
    report_bulk::SigningBulkMutation,
    report_bulk::ReviewBulkMutation,
    evidence::EvidenceMutation,
    report_fill::ReportFillMutation,
    report_fill::ReportingLeadMutation,
    notifications::NotificationMutation,
    urging::UrgingMutation,
    urge_rules::UrgeRulesMutation,
    urging::UrgedMutation,
    amendments::AmendmentMutation,
    responses::ResponseMutation,
    responses::DecisionMutation,
    unit_changes::UnitChangeMutation,
    look_back::LookBackMutation,
    rectifications::RectificationMutation,
    rectifications::RectifyingMutation,
    lineage::LineageMutation,
    publishing::PublishingMutation,
    sessions::SessionMutation,
    users::UserMutation,
    machines::MachineMutation,
    second_factor::TotpRemovalMutation,
    second_factor::TotpRemovalEndMutation,
    external::ExternalIdentityEndMutation,
    grants::GrantRequestMutation,
    grants::GrantMutation,
);
