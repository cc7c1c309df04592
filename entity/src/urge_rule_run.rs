//! What a rule has done already: for one unit, one period and one due day it acts once.

use sea_orm::entity::prelude::*;

/// What a rule has done already: for one unit, one period and one due day it acts once.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "urge_rule_run")]
pub struct Model {
    /// The rule.
    #[sea_orm(primary_key, auto_increment = false)]
    pub urge_rule_id: Uuid,
    /// The period.
    #[sea_orm(primary_key, auto_increment = false)]
    pub reporting_period_id: Uuid,
    /// The unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit_id: Uuid,
    /// The day that what it owes is due.
    #[sea_orm(primary_key, auto_increment = false)]
    pub due_on: Date,
    /// When.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
