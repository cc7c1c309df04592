//! A task list that an inspector is asked to be allowed to read.

use sea_orm::entity::prelude::*;

/// A task list that an inspector is asked to be allowed to read.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant_request_list")]
pub struct Model {
    /// The request.
    #[sea_orm(primary_key, auto_increment = false)]
    pub role_grant_request_id: Uuid,
    /// The list.
    #[sea_orm(primary_key, auto_increment = false)]
    pub task_list_id: Uuid,
    /// The row behind `role_grant_request_id`.
    #[sea_orm(belongs_to, from = "role_grant_request_id", to = "id")]
    pub role_grant_request: BelongsTo<super::role_grant_request::Entity>,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
