//! Lists by hand: started, changed and removed as drafts, closed and put away later.

use chrono::{DateTime, Utc};
use entity::vocabulary::{PeriodStatus, TaskListStatus};
use entity::{reporting_period, section, task, task_list, unit};
use serde::Serialize;
use uuid::Uuid;

use super::drafts::{issuer, list_for, list_id};
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::Action;
use crate::documents::list_json::MAX_NAME;
use crate::error::{Message, UserError, UserErrorCode};

/// Characters of a document number at most.
pub const DOCUMENT_NUMBER_CHARS: usize = 100;

/// A new list.
#[derive(Clone, Debug, Serialize)]
pub struct NewTaskList {
    /// The unit that issues it.
    pub issuer: Uuid,
    /// The year it is for.
    pub year: i32,
    /// The title.
    pub title: String,
    /// The document number.
    pub document_number: Option<String>,
    /// The issuer as printed.
    pub issuer_text: Option<String>,
    /// Whether supporting units owe reports too.
    pub support_reports: bool,
}

/// Changes of a draft; what is `None` stays.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TaskListChange {
    /// The version the change was made on.
    pub expected_version: i32,
    /// The year it is for.
    pub year: Option<i32>,
    /// The title.
    pub title: Option<String>,
    /// The document number; `Some(None)` takes it away.
    pub document_number: Option<Option<String>>,
    /// The issuer as printed; `Some(None)` takes it away.
    pub issuer_text: Option<Option<String>>,
    /// Whether supporting units owe reports too.
    pub support_reports: Option<bool>,
}

impl Service {
    /// Starts a list.
    pub async fn task_list_create(&self, caller: &Caller, key: Option<String>, input: NewTaskList) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("taskListCreate", key, &input)?);
        let result = create(&mut work, input).await;
        work.end(result).await
    }

    /// Changes a draft.
    pub async fn task_list_update(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        input: TaskListChange,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("taskListUpdate", key, &(id, &input))?);
        let result = update(&mut work, id, input).await;
        work.end(result).await
    }

    /// Removes a draft with everything in it.
    pub async fn task_list_delete(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("taskListDelete", key, &(id, expected_version))?);
        let result = delete(&mut work, id, expected_version).await;
        work.end(result).await
    }

    /// Ends a list: nothing is reported on it any more.
    pub async fn task_list_close(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("taskListClose", key, &(id, expected_version))?);
        let result = close(&mut work, id, expected_version).await;
        work.end(result).await
    }

    /// Puts a closed list away.
    pub async fn task_list_archive(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("taskListArchive", key, &(id, expected_version))?);
        let result = archive(&mut work, id, expected_version).await;
        work.end(result).await
    }
}

/// The years lists are for.
pub(super) fn check_year(checks: &mut Checks, year: i32, path: &str) {
    checks.within(year.into(), 2_000, 2_100, path);
}

/// A draft of `issuer` without anything in it.
pub(super) fn draft(id: Uuid, issuer: &unit::Model, year: i32, title: String, now: DateTime<Utc>) -> task_list::Model {
    task_list::Model {
        id,
        root_id: issuer.root_id,
        issuer_unit_id: issuer.id,
        year,
        title,
        document_number: None,
        issuer_text: None,
        status: TaskListStatus::Draft,
        reporting_period_text: None,
        columns: None,
        support_reports: false,
        issued_on: None,
        issued_at: None,
        closed_at: None,
        import_digest: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

async fn create(work: &mut Work, input: NewTaskList) -> Result<Uuid, Stop> {
    let issuer = issuer(work, input.issuer).await?;
    let mut checks = Checks::default();
    check_year(&mut checks, input.year, "input.year");
    let title = checks.text(&input.title, MAX_NAME, "input.title");
    let document_number =
        checks.optional(input.document_number.as_deref(), DOCUMENT_NUMBER_CHARS, "input.documentNumber");
    let issuer_text = checks.optional(input.issuer_text.as_deref(), MAX_NAME, "input.issuerText");
    checks.done()?;

    let id = work.id();
    let row = task_list::Model {
        document_number,
        issuer_text,
        support_reports: input.support_reports,
        ..draft(id, &issuer, input.year, title, work.now)
    };
    work.tx.insert::<task_list::Entity>(row).await?;
    work.audit(list_id(id), &["issuer", "year", "title", "documentNumber", "issuerText", "supportReports"]);
    work.tell("task_list.created", serde_json::json!({ "taskList": id }));
    Ok(id)
}

async fn update(work: &mut Work, id: Uuid, input: TaskListChange) -> Result<Uuid, Stop> {
    let mut row = list_for(work, id, Action::ListEdit).await?;
    expect_version(row.version, input.expected_version)?;
    let mut checks = Checks::default();
    let mut changed = Vec::new();
    if let Some(year) = input.year {
        check_year(&mut checks, year, "input.year");
        row.year = year;
        changed.push("year");
    }
    if let Some(title) = &input.title {
        row.title = checks.text(title, MAX_NAME, "input.title");
        changed.push("title");
    }
    if let Some(number) = &input.document_number {
        row.document_number = checks.optional(number.as_deref(), DOCUMENT_NUMBER_CHARS, "input.documentNumber");
        changed.push("documentNumber");
    }
    if let Some(text) = &input.issuer_text {
        row.issuer_text = checks.optional(text.as_deref(), MAX_NAME, "input.issuerText");
        changed.push("issuerText");
    }
    if let Some(support) = input.support_reports {
        row.support_reports = support;
        changed.push("supportReports");
    }
    checks.done()?;
    save(work, row).await?;
    work.audit(list_id(id), &changed);
    work.tell("task_list.updated", serde_json::json!({ "taskList": id }));
    Ok(id)
}

async fn delete(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let row = list_for(work, id, Action::ListDelete).await?;
    expect_version(row.version, expected_version)?;
    // Tasks first: they hold their sections, and the cascade from the list promises no order.
    work.tx.delete_where::<task::Entity>(task::Column::TaskListId, id).await?;
    work.tx.delete_where::<section::Entity>(section::Column::TaskListId, id).await?;
    work.tx.delete_where::<task_list::Entity>(task_list::Column::Id, id).await?;
    work.audit(list_id(id), &["deleted"]);
    work.tell("task_list.deleted", serde_json::json!({ "taskList": id }));
    Ok(id)
}

async fn close(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let mut row = list_for(work, id, Action::ListClose).await?;
    expect_version(row.version, expected_version)?;
    let periods = work.tx.all_where::<reporting_period::Entity>(reporting_period::Column::TaskListId, &[id]).await?;
    if periods.iter().any(|period| period.status == PeriodStatus::Open) {
        return Err(UserError::new(UserErrorCode::InvalidState, Message::PeriodsOpen).into());
    }
    row.status = TaskListStatus::Closed;
    row.closed_at = Some(work.now);
    save(work, row).await?;
    work.audit(list_id(id), &["status"]);
    work.tell("task_list.closed", serde_json::json!({ "taskList": id }));
    Ok(id)
}

async fn archive(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let mut row = list_for(work, id, Action::ListArchive).await?;
    expect_version(row.version, expected_version)?;
    row.status = TaskListStatus::Archived;
    save(work, row).await?;
    work.audit(list_id(id), &["status"]);
    work.tell("task_list.archived", serde_json::json!({ "taskList": id }));
    Ok(id)
}

/// Writes a changed list with its version counted on.
pub(super) async fn save(work: &Work, mut row: task_list::Model) -> Result<(), Stop> {
    row.version += 1;
    row.updated_at = work.now;
    Ok(work.tx.update::<task_list::Entity>(row).await?)
}
