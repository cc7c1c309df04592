//! Evidence of reports (佐证材料): added and taken out while the report can be written.
//!
//! What belonged to a revision that was handed in stays with it: it is only marked as taken out.

use std::collections::HashMap;

use chrono::TimeDelta;
use entity::vocabulary::EvidenceKind;
use entity::{evidence, file, look_back_evidence};
use serde::Serialize;
use uuid::Uuid;

use super::files::own_upload;
use super::reports::{SAVED, keep, take};
use super::work::{Checks, begin};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::Action;
use crate::domain::link::is_link;
use crate::error::{Message, UserError, UserErrorCode};

/// Pieces of evidence of one report at most.
pub const MAX_EVIDENCE: usize = 20;
/// Characters of a title or a document number at most.
pub const TITLE_CHARS: usize = 200;

/// A piece of evidence to be added.
#[derive(Clone, Debug, Serialize)]
pub struct NewEvidence {
    /// The report.
    pub report: Uuid,
    /// The version of the report that was read.
    pub expected_version: i32,
    /// What it is.
    pub kind: EvidenceKind,
    /// What it is called.
    pub title: Option<String>,
    /// The address of a link.
    pub url: Option<String>,
    /// The number of a document.
    pub document_number: Option<String>,
    /// A file that was brought in.
    pub file: Option<Uuid>,
}

impl Service {
    /// Adds a piece of evidence to a report.
    pub async fn evidence_add(&self, caller: &Caller, key: Option<String>, input: NewEvidence) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("evidenceAdd", key, &input)?);
        let result = add(&mut work, input).await;
        work.end(result).await
    }

    /// Takes a piece of evidence out of its report; gives the report.
    pub async fn evidence_remove(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("evidenceRemove", key, &(id, expected_version))?);
        let result = remove(&mut work, id, expected_version).await;
        work.end(result).await
    }
}

async fn add(work: &mut Work, input: NewEvidence) -> Result<Uuid, Stop> {
    let report = take(work, Action::ReportSave, input.report, input.expected_version).await?;
    let mut checks = Checks::default();
    let title = checks.optional(input.title.as_deref(), TITLE_CHARS, "input.title");
    let url = input.url.as_deref().map(str::trim).filter(|url| !url.is_empty()).map(str::to_owned);
    if url.as_deref().is_some_and(|url| !is_link(url)) {
        checks.fail(UserErrorCode::InvalidFormat, Message::BadLink, "input.url");
    }
    let number = checks.optional(input.document_number.as_deref(), TITLE_CHARS, "input.documentNumber");
    let given = (url.is_some(), number.is_some(), input.file.is_some());
    let fits = match input.kind {
        EvidenceKind::Link => given == (true, false, false),
        EvidenceKind::DocumentNumber => given == (false, true, false),
        EvidenceKind::File => given == (false, false, true),
    };
    if !fits {
        checks.fail(UserErrorCode::Conflict, Message::EvidenceMisfit, "input.kind");
    }
    let all = work.tx.all_where::<evidence::Entity>(evidence::Column::ProgressReportId, &[report.id]).await?;
    let standing: Vec<_> = all.into_iter().filter(|row| row.removed_in.is_none()).collect();
    if standing.len() >= MAX_EVIDENCE {
        checks.fail(UserErrorCode::Limit, Message::TooMany(MAX_EVIDENCE), "input.progressReport");
    }
    let same = |row: &evidence::Model| {
        (row.kind, &row.url, &row.document_number, row.file_id) == (input.kind, &url, &number, input.file)
    };
    if standing.iter().any(same) {
        checks.fail(UserErrorCode::Duplicate, Message::ItemTwice, "input.kind");
    }
    checks.done()?;
    if let Some(id) = input.file {
        attach(work, &[(id, "input.file".to_owned())]).await?;
    }
    let row = evidence::Model {
        id: work.id(),
        progress_report_id: report.id,
        kind: input.kind,
        title,
        url,
        document_number: number,
        file_id: input.file,
        added_in: report.revision + 1,
        removed_in: None,
        added_by: work.actor.user_id,
        created_at: work.now,
    };
    work.tx.insert::<evidence::Entity>(row).await?;
    keep(work, report, SAVED, &["evidence"]).await
}

/// Uploads of one's own become evidence: from now on they have no end. All of them or none: of a refusal nothing stays,
/// even where others go on in the same transaction.
pub(super) async fn attach(work: &Work, files: &[(Uuid, String)]) -> Result<(), Stop> {
    let keys: Vec<Uuid> = files.iter().map(|(id, _)| *id).collect();
    let rows = work.tx.locked_where::<file::Entity>(&work.actor, file::Column::Id, &keys).await?;
    let own: HashMap<Uuid, _> = rows.into_iter().filter(|row| own_upload(work, row)).map(|row| (row.id, row)).collect();
    let strange = files.iter().filter(|(id, _)| !own.contains_key(id));
    let errors: Vec<UserError> = strange.map(|(_, path)| UserError::not_found_at(path)).collect();
    if !errors.is_empty() {
        return Err(Stop::Refused(errors));
    }
    for row in own.into_values().filter(|row| row.expires_at.is_some()) {
        work.tx.update::<file::Entity>(file::Model { expires_at: None, ..row.into_inner() }).await?;
    }
    Ok(())
}

async fn remove(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let Some(seen) = work.tx.visible::<evidence::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let report = take(work, Action::ReportSave, seen.progress_report_id, expected_version).await?;
    let Some(row) = work.tx.locked::<evidence::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let mut row = row.into_inner();
    if row.removed_in.is_some() {
        return Err(UserError::not_found().into());
    }
    if row.added_in <= report.revision {
        row.removed_in = Some(report.revision + 1);
        work.tx.update::<evidence::Entity>(row).await?;
    } else {
        let file = match row.file_id {
            Some(file) => work.tx.locked::<file::Entity>(&work.actor, file).await?,
            None => None,
        };
        work.tx.delete_keys::<evidence::Entity>(&[id]).await?;
        if let Some(file) = file {
            release(work, file.into_inner()).await?;
        }
    }
    keep(work, report, SAVED, &["evidence"]).await
}

/// A file that is evidence of nothing any more ends as an upload does.
pub(super) async fn release(work: &Work, row: file::Model) -> Result<(), Stop> {
    let reports = work.tx.count_where::<evidence::Entity>(evidence::Column::FileId, row.id).await?;
    let found = work.tx.count_where::<look_back_evidence::Entity>(look_back_evidence::Column::FileId, row.id).await?;
    if reports + found == 0 {
        let life = TimeDelta::from_std(work.service().limits().upload_life).unwrap_or(TimeDelta::MAX);
        let expires_at = Some(work.now + life);
        work.tx.update::<file::Entity>(file::Model { expires_at, ..row }).await?;
    }
    Ok(())
}
