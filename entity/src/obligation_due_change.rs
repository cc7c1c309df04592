//! The own day of an obligation, and whether it was owed, as they were until they were changed.

use sea_orm::entity::prelude::*;

/// The own day of an obligation, and whether it was owed, as they were until they were changed; what holds now stands on
/// the obligation.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "obligation_due_change")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The obligation.
    pub report_obligation_id: Uuid,
    /// Its own due day; nothing where the period's held.
    pub due_on: Option<Date>,
    /// Since when it was owed no more; nothing where it was owed to the end of this time.
    pub released_at: Option<DateTimeUtc>,
    /// Since when it was so.
    pub since_at: DateTimeUtc,
    /// When it was changed.
    pub until_at: DateTimeUtc,
    /// The row behind `report_obligation_id`.
    #[sea_orm(belongs_to, from = "report_obligation_id", to = "id")]
    pub report_obligation: BelongsTo<super::report_obligation::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
