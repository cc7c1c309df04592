//! The verbs, through HTTP.

mod amendments;
mod amendments_stage;
mod exports;
mod import_files;
mod import_questions;
mod lists;
mod lists_groups;
mod lists_import;
mod lists_issue;
mod lists_scene;
mod report_sheet;
mod report_sheet_refused;
mod report_sheet_scene;
mod reports;
mod reports_periods;
mod reports_permissions;
mod reports_phone;
mod reports_race;
mod reports_stage;
mod responses;
mod unit_changes;
