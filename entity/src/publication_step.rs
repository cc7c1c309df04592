//! What was done to a publication, by whom and when.

use sea_orm::entity::prelude::*;

use crate::vocabulary::{PublicationAct, PublicationDecision};

/// What was done to a publication, by whom and when.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "publication_step")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The publication.
    pub publication_id: Uuid,
    /// The list, copied from the publication.
    pub task_list_id: Uuid,
    /// The round of review.
    pub round: i32,
    /// What was done.
    pub act: PublicationAct,
    /// What was decided, where something was.
    pub decision: Option<PublicationDecision>,
    /// Why.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// The checksum of the snapshot at that moment: what was decided about.
    #[sea_orm(column_type = "Text")]
    pub checksum: String,
    /// Who did it.
    pub user_id: Uuid,
    /// The unit he acted for.
    pub unit_id: Uuid,
    /// Who did it, where it was a decision: nobody decides twice in a round.
    pub decider_id: Option<Uuid>,
    /// Who had made the text: never who decides about it.
    pub prepared_by: Uuid,
    /// When.
    pub created_at: DateTimeUtc,
    /// The row behind `publication_id`.
    #[sea_orm(belongs_to, from = "publication_id", to = "id")]
    pub publication: BelongsTo<super::publication::Entity>,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
    /// The row behind `user_id`.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user_account::Entity>,
    /// The row behind `unit_id`.
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
