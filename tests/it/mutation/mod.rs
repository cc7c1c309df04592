//! The verbs, through HTTP.

mod reports;
mod reports_periods;
mod reports_permissions;
mod reports_phone;
mod reports_race;
mod reports_stage;
