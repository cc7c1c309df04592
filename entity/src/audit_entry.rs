//! Who did what and when; it outlives everything it names.

use sea_orm::entity::prelude::*;

/// Who did what and when; it outlives everything it names.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// When.
    pub at: DateTimeUtc,
    /// Who, if known.
    pub user_id: Option<Uuid>,
    /// For which unit, if known.
    pub unit_id: Option<Uuid>,
    /// What was asked.
    #[sea_orm(column_type = "Text")]
    pub operation: String,
    /// The kind of the object.
    #[sea_orm(column_type = "Text", nullable)]
    pub object_type: Option<String>,
    /// The object.
    pub object_id: Option<Uuid>,
    /// `DONE` or `REFUSED`.
    #[sea_orm(column_type = "Text")]
    pub result: String,
    /// The names of the changed fields, never their values.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub changed: Option<Json>,
    /// The request it happened in.
    #[sea_orm(column_type = "Text")]
    pub request_id: String,
    /// Its number in the chain, from 1 without a gap; none for what was there before the chain began.
    #[sea_orm(unique)]
    pub sequence: Option<i64>,
    /// The hash over this row and the one before it, base64url.
    #[sea_orm(column_type = "Text", nullable)]
    pub hash: Option<String>,
    /// From which network address, if from one.
    #[sea_orm(column_type = "Text", nullable)]
    pub address: Option<String>,
    /// Why it was refused: the codes, separated by spaces.
    #[sea_orm(column_type = "Text", nullable)]
    pub reasons: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
