//! The form that a unit filled in offline comes back: the difference is shown first, and saved when it is agreed to.
//!
//! A blank cell says nothing and takes nothing away. What is saved are drafts, by the rules of `progressReportSave`.

mod difference;
mod form;
mod keep;
mod problem;

use entity::vocabulary::Completion;
use entity::{progress_report, reporting_period};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::difference::{Part, RowState};
use self::form::Sheet;
use super::reports::ground;
use super::work::begin;
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, decide};
use crate::documents::sandbox;
use crate::documents::write::{FilledForm, FormProblemKind, read_report_sheet};
use crate::domain::lang::Lang;
use crate::error::{Fault, Message, UserError, UserErrorCode};
use crate::store::StoreError;

pub use difference::{Part as SheetPart, RowState as SheetRowState};
pub use problem::{SheetProblem, SheetProblemKind};

/// Rows of a form at most.
pub const MAX_ROWS: usize = 5_000;
/// Problems told at most.
pub const MAX_PROBLEMS: usize = 1_000;
/// Characters of a digest.
const DIGEST_CHARS: usize = 64;

/// A filled form to be taken over.
#[derive(Clone, Debug, Serialize)]
pub struct SheetImport {
    /// The period it reports on.
    pub period: Uuid,
    /// The file.
    pub file: Uuid,
    /// Only show the difference. An idempotency key is not spent on this.
    pub dry_run: bool,
    /// The difference that was agreed to; another one is not saved.
    pub digest: Option<String>,
}

/// What came of a filled form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetImported {
    /// Says which difference this is.
    pub digest: String,
    /// Reports that were saved.
    pub saved: usize,
    /// Obligations of the unit that the form has no row for.
    pub absent: usize,
    /// The rows that belong to obligations of the unit, in the order of the file.
    pub rows: Vec<SheetRow>,
    /// What a person must look at, the first [`MAX_PROBLEMS`].
    pub problems: Vec<SheetProblem>,
}

/// A row of a filled form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetRow {
    /// What is answered.
    pub obligation: Uuid,
    /// The number of the task.
    pub number: Option<String>,
    /// Where the row stands.
    pub place: String,
    /// What becomes of it.
    pub state: RowState,
    /// Why it is passed over.
    pub reason: Option<SkipReason>,
    /// What differs from the report as it is.
    pub changed: Vec<Part>,
    /// The report as it is; none when nothing is written yet.
    pub before: Option<Content>,
    /// The report as the form has it; none when neither says anything.
    pub after: Option<Content>,
}

/// What a report says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What was done.
    pub narrative: Option<String>,
    /// How far the work is.
    pub completion: Option<Completion>,
    /// How far the work is, 0 to 100.
    pub percent: Option<i32>,
    /// How often a recurring task was done.
    pub done_count: Option<i32>,
}

/// Why a row is passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkipReason {
    /// The code.
    pub code: UserErrorCode,
    /// The part of the report that is meant; empty when it is the whole.
    pub field: Vec<String>,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl From<UserError> for SkipReason {
    fn from(error: UserError) -> Self {
        let (zh, en) = (error.message.text(Lang::Zh), error.message.text(Lang::En));
        Self { code: error.code, field: error.field, zh, en }
    }
}

impl Service {
    /// Reads a filled form out of a file of the caller's, shows how it differs from what is written, and saves that.
    pub async fn progress_report_import_file(
        &self,
        caller: &Caller,
        key: Option<String>,
        input: SheetImport,
    ) -> Answer<SheetImported> {
        let call = Call::new("progressReportImport", key, &input)?;
        // Who may not is told so before a file is opened, and nobody waits for the reading of it.
        let work = begin!(self, caller, call.clone());
        if let Err(stop) = admitted(&work, &input).await {
            return work.end(Err(stop)).await;
        }
        undo(*work).await?;
        let form = match self.form_read(caller, input.file).await? {
            Ok(form) => form,
            Err(error) => return Ok(Err(vec![error])),
        };
        let mut work = begin!(self, caller, call);
        match import(&mut work, &input, form).await {
            Ok(imported) if input.dry_run => {
                undo(*work).await?;
                Ok(Ok(imported))
            }
            result => work.end(result).await,
        }
    }

    /// The form in a file of the caller's.
    async fn form_read(&self, caller: &Caller, file: Uuid) -> Result<Result<FilledForm, UserError>, Fault> {
        let refused = |code, message| Ok(Err(UserError::at(code, message, "input.file")));
        let Some(open) = self.file_open(caller, file).await? else {
            return Ok(Err(UserError::not_found_at("input.file")));
        };
        let (name, bytes) = open.whole().await?;
        let pages = match sandbox::read(&bytes, &name, self.documents()).await {
            Ok(pages) => pages,
            Err(error) => return refused(UserErrorCode::InvalidFormat, Message::UnreadableFile(error)),
        };
        let read = tokio::task::spawn_blocking(move || read_report_sheet(&pages)).await;
        let form = read.map_err(|error| Fault::Internal(error.to_string()))?;
        if form.problems.iter().any(|problem| problem.kind == FormProblemKind::NoForm) {
            return refused(UserErrorCode::InvalidFormat, Message::Form(FormProblemKind::NoForm));
        }
        if form.rows.len() + form.keyless.len() > MAX_ROWS {
            return refused(UserErrorCode::Limit, Message::TooMany(MAX_ROWS));
        }
        Ok(Ok(form))
    }
}

async fn undo(work: Work) -> Result<(), Fault> {
    let Work { tx, .. } = work;
    Ok(tx.rollback().await.map_err(StoreError::from)?)
}

/// Whether the caller may take any form over for this period; for which unit, the form says.
async fn admitted(work: &Work, input: &SheetImport) -> Result<(), Stop> {
    let Some(period) = work.tx.visible::<reporting_period::Entity>(&work.actor, input.period).await? else {
        return Err(UserError::not_found_at("input.period").into());
    };
    // One of the units he reports for may have the period opened again; he who reports for none is told so.
    let reports_for = |unit: &Uuid| work.actor.reports_for(*unit);
    let own = work.actor.grants.iter().map(|grant| grant.unit_id).filter(reports_for);
    let mut refusal = None;
    for unit in own.chain([work.actor.unit_id]) {
        let (subject, state) = ground(work, period.task_list_id, period.id, unit).await?;
        match decide(Action::ReportSave, subject, state) {
            Ok(()) => {
                refusal = None;
                break;
            }
            Err(denied) => refusal = refusal.or(Some(denied)),
        }
    }
    if let Some(denied) = refusal {
        return Err(denied.into());
    }
    let is_digest = |digest: &str| digest.len() == DIGEST_CHARS && digest.bytes().all(|b| b.is_ascii_hexdigit());
    if input.digest.as_deref().is_some_and(|digest| !is_digest(digest)) {
        return Err(UserError::at(UserErrorCode::InvalidFormat, Message::BadDigest, "input.digest").into());
    }
    Ok(())
}

async fn import(work: &mut Work, input: &SheetImport, form: FilledForm) -> Result<SheetImported, Stop> {
    let Some(period) = work.tx.visible::<reporting_period::Entity>(&work.actor, input.period).await? else {
        return Err(UserError::not_found_at("input.period").into());
    };
    let unit = form::unit_of(work, &form, &period).await?;
    let (subject, state) = ground(work, period.task_list_id, period.id, unit).await?;
    decide(Action::ReportSave, subject, state)?;

    let sheet = Sheet::read(work, form, &period, unit).await?;
    let obligations: Vec<Uuid> = sheet.rows.iter().map(|row| row.obligation.id).collect();
    let column = progress_report::Column::ReportObligationId;
    let reports = if input.dry_run {
        work.tx.visible_where::<progress_report::Entity>(&work.actor, column, &obligations).await?
    } else {
        work.tx.locked_where::<progress_report::Entity>(&work.actor, column, &obligations).await?
    };
    let differences = difference::of(work, &sheet, reports, subject, state);
    let digest = difference::digest(work, &sheet, &differences)?;
    let mut imported = SheetImported {
        saved: 0,
        absent: sheet.absent,
        rows: Vec::new(),
        problems: sheet.problems.iter().take(MAX_PROBLEMS).cloned().collect(),
        digest,
    };
    if !input.dry_run {
        // Digests are small letters here and may be anything at a client's.
        if input.digest.as_ref().is_some_and(|seen| !seen.eq_ignore_ascii_case(&imported.digest)) {
            return Err(UserError::at(UserErrorCode::Stale, Message::Stale, "input.digest").into());
        }
        imported.saved = keep::keep(work, &sheet, &differences, period.id).await?;
    }
    imported.rows = differences.into_iter().map(|difference| difference.row).collect();
    Ok(imported)
}
