//! What anybody may read. Nothing else stands in this table, and it is all that the public door reads.

use sea_orm::entity::prelude::*;

use crate::vocabulary::PublicationKind;

/// What anybody may read. Nothing else stands in this table, and it is all that the public door reads.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "publication_public")]
pub struct Model {
    /// The publication, one to one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it is.
    pub kind: PublicationKind,
    /// Its title.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// Who publishes it, by name.
    #[sea_orm(column_type = "Text")]
    pub issuer: String,
    /// The year of the list.
    pub year: i32,
    /// The document, byte for byte; gone once it was withdrawn.
    #[sea_orm(column_type = "Text", nullable)]
    pub document: Option<String>,
    /// The SHA-256 of the document, in hexadecimal digits; gone with it.
    #[sea_orm(column_type = "Text", nullable)]
    pub checksum: Option<String>,
    /// When it was published.
    pub published_at: DateTimeUtc,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTimeUtc>,
    /// What took its place.
    pub replaced_by: Option<Uuid>,
    /// The row behind `id`.
    #[sea_orm(belongs_to, from = "id", to = "id")]
    pub publication: BelongsTo<super::publication::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
