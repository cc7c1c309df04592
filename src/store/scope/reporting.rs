//! What belongs to reports beyond their text: signatures, evidence, parts, and who reports for several leads.

use entity::{evidence, report_part, report_signature, task_reporting_lead};
use sea_orm::{ColumnTrait, QueryFilter, Select};

use super::{all, own_story, visible_reports, visible_tasks};
use crate::authz::{Actor, Area};

/// Signatures inside the unit: as the reviews.
pub(super) fn report_signatures(actor: &Actor) -> Select<report_signature::Entity> {
    all().filter(report_signature::Column::ProgressReportId.in_subquery(own_story(actor)))
}

/// Evidence: with the report.
pub(super) fn evidences(actor: &Actor) -> Select<evidence::Entity> {
    all().filter(evidence::Column::ProgressReportId.in_subquery(visible_reports(actor)))
}

/// Parts: with the report they were merged into, whose text they are.
pub(super) fn report_parts(actor: &Actor) -> Select<report_part::Entity> {
    all().filter(report_part::Column::ProgressReportId.in_subquery(visible_reports(actor)))
}

/// Who reports for all leads: with the task.
pub(super) fn task_reporting_leads(actor: &Actor) -> Select<task_reporting_lead::Entity> {
    all().filter(task_reporting_lead::Column::TaskId.in_subquery(visible_tasks(actor, Area::Lists)))
}
