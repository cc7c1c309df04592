//! Something on its way to the public, or there, or back.

use sea_orm::entity::prelude::*;

use crate::vocabulary::{PublicationKind, PublicationStatus};

/// Something on its way to the public, or there, or back.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "publication")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The list.
    pub task_list_id: Uuid,
    /// The period, where it is about one.
    pub reporting_period_id: Option<Uuid>,
    /// The unit that publishes: the issuer of the list.
    pub issuer_unit_id: Uuid,
    /// What is published.
    pub kind: PublicationKind,
    /// The title the public sees.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// Where it stands.
    pub status: PublicationStatus,
    /// Counts the rounds of review, from 1.
    pub round: i32,
    /// The SHA-256 of the snapshot, in hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub checksum: String,
    /// Findings of the detectors that nobody has released.
    pub open_findings: i32,
    /// Accepted reports that were left out, because their unit signs and nobody signed them.
    pub left_out: i32,
    /// Who made the text as it is: took the snapshot, or redacted it last.
    pub prepared_by: Uuid,
    /// The publication that it takes the place of.
    pub replaces_id: Option<Uuid>,
    /// The publication that took its place.
    pub replaced_by_id: Option<Uuid>,
    /// When it was put before the public.
    pub published_at: Option<DateTimeUtc>,
    /// When it was taken back.
    pub withdrawn_at: Option<DateTimeUtc>,
    /// Why it was taken back.
    #[sea_orm(column_type = "Text", nullable)]
    pub withdrawal_reason: Option<String>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
    /// The row behind `issuer_unit_id`.
    #[sea_orm(belongs_to, from = "issuer_unit_id", to = "id")]
    pub issuer: BelongsTo<super::unit::Entity>,
    /// The row behind `prepared_by`.
    #[sea_orm(belongs_to, from = "prepared_by", to = "id")]
    pub preparer: BelongsTo<super::user_account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
