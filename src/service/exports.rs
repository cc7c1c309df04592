//! Files made for somebody: asked for by a verb, made by a worker under the rights the asker has when it is made, kept
//! for a day.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::vocabulary::{ExportFormat, ExportStatus, ExportView, FilePurpose, MediaType, TaskListStatus, UserKind};
use entity::{audit_entry, export_job, reporting_period, task_list, unit};
use serde::Serialize;
use uuid::Uuid;

use super::files::{NewFile, keep};
use super::views::{PeriodView, ledger};
use super::work::begin;
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, State, Subject, decide};
use crate::clock::day_of;
use crate::documents::chart::{self, Chart};
use crate::documents::write::{self, Form, Profile, WriteError};
use crate::domain::lang::Lang;
use crate::domain::text::mask_phone;
use crate::error::{Fault, Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

/// Exports of one person that wait at the same time at most.
const WAITING: u64 = 20;
/// How long a file that was made is kept.
const LIFE: TimeDelta = TimeDelta::hours(24);
/// A job that was begun so long ago was left behind by a program that died.
const STALE: TimeDelta = TimeDelta::minutes(10);
/// How often a job is begun before it counts as failed.
const ATTEMPTS: i32 = 3;
/// How long ended jobs are shown.
const SHOWN: TimeDelta = TimeDelta::days(7);

/// What is to be exported.
#[derive(Clone, Debug, Serialize)]
pub struct NewExport {
    /// What it shows.
    pub view: ExportView,
    /// The form of the file.
    pub format: ExportFormat,
    /// The period, for the views that are about one.
    pub period: Option<Uuid>,
    /// The unit of a report sheet or form; the caller's own when none is given.
    pub unit: Option<Uuid>,
    /// In the usual columns instead of the list's own.
    pub standard_layout: bool,
    /// Telephone numbers in the clear, as far as the caller may read them; each reading is audited.
    pub clear_phones: bool,
    /// The language of what is not printed text.
    #[serde(skip)]
    pub lang: Lang,
}

/// Why a job came to nothing.
enum Failed {
    /// Its owner sees nothing of it any more, or never did.
    Nothing,
    /// It can't be written in this form.
    Write(WriteError),
    /// A picture that can't be drawn; the sentence.
    Picture(String),
    /// The server's own trouble.
    Fault(Fault),
}

impl From<crate::store::StoreError> for Failed {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Fault(error.into())
    }
}

/// A file that was made: its content, and the reports whose telephone number it shows in the clear.
struct Made {
    bytes: Vec<u8>,
    revealed: Vec<Uuid>,
    title: String,
}

impl Service {
    /// Asks for a file of a list or of one of its periods.
    pub async fn task_list_export(
        &self,
        caller: &Caller,
        key: Option<String>,
        list: Uuid,
        input: NewExport,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("taskListExport", key, &(list, &input))?);
        let result = ask(&mut work, list, input).await;
        let done = work.end(result).await;
        self.exports().notify_one();
        done
    }

    /// Makes the files that are asked for, for ever.
    pub async fn exports_run(&self) {
        loop {
            match self.export_next().await {
                Ok(true) => {}
                Ok(false) => {
                    // Another program may have been asked, or may have died: a look now and then, besides being told.
                    let _ = tokio::time::timeout(std::time::Duration::from_secs(5), self.exports().notified()).await;
                }
                Err(error) => {
                    tracing::warn!(%error, "exports can't be made at the moment");
                    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
                }
            }
        }
    }

    /// Makes the next file, if one is asked for; whether there was one.
    pub async fn export_next(&self) -> Result<bool, Fault> {
        let now = self.clock().now();
        let Some(job) = self.store().export_claim(now, now - STALE).await? else { return Ok(false) };
        let lang = if job.lang == "en" { Lang::En } else { Lang::Zh };
        let problem = if job.attempts > ATTEMPTS {
            Some(
                lang.pick("多次未能完成，请重新导出", "it could not be finished several times; ask for it again")
                    .to_owned(),
            )
        } else {
            match self.export(&job).await {
                Ok(()) => None,
                Err(Failed::Nothing) => Some(lang.pick("没有可导出的内容", "there is nothing to export").to_owned()),
                Err(Failed::Write(error)) => Some(error.text(lang)),
                Err(Failed::Picture(sentence)) => Some(sentence),
                Err(Failed::Fault(fault)) => {
                    tracing::error!(job = %job.id, %fault, "an export failed");
                    Some(
                        lang.pick("服务暂时出错，请稍后重新导出", "the server had trouble; ask for it again later")
                            .to_owned(),
                    )
                }
            }
        };
        if problem.is_some() {
            let finished_at = Some(self.clock().now());
            let ended = export_job::Model { status: ExportStatus::Failed, problem, finished_at, ..job };
            self.store().export_end(ended).await?;
        }
        Ok(true)
    }

    /// Removes the traces of exports that ended long ago.
    pub async fn exports_sweep(&self) -> Result<u64, Fault> {
        Ok(self.store().exports_sweep(self.clock().now() - SHOWN).await?)
    }

    async fn export(&self, job: &export_job::Model) -> Result<(), Failed> {
        // The rights of this moment: whoever lost them meanwhile gets nothing.
        let caller = self.caller_of(job.owner_user_id, "export").await?.ok_or(Failed::Nothing)?;
        if caller.actor.unit_id != job.unit_id {
            return Err(Failed::Nothing);
        }
        let made = self.make(&caller, job).await?;
        self.store().export_progress(job.id, 90).await?;
        self.finish(&caller, job, made).await.map_err(Failed::Fault)
    }

    async fn make(&self, caller: &Caller, job: &export_job::Model) -> Result<Made, Failed> {
        let reader = self.store().reader_for(Arc::clone(&caller.actor));
        let today = day_of(self.clock().now());
        let lang = if job.lang == "en" { Lang::En } else { Lang::Zh };
        let view = match job.reporting_period_id {
            Some(period) => Some(PeriodView::read(&reader, period).await?.ok_or(Failed::Nothing)?),
            None => None,
        };
        self.store().export_progress(job.id, 40).await?;
        let mut revealed = Vec::new();
        let (title, content) = match (job.view, &view) {
            (ExportView::Ledger, _) => {
                let mut rows = reader.by_keys::<task_list::Entity>(&[job.task_list_id]).await?;
                let list = rows.remove(&job.task_list_id).ok_or(Failed::Nothing)?;
                let document = ledger(&reader, &list).await?;
                (list.title.clone(), Content::List(Box::new(document)))
            }
            (ExportView::ReportSheet | ExportView::ReportForm, Some(view)) => {
                let blank = job.view == ExportView::ReportForm;
                let unit = job.subject_unit_id.unwrap_or(job.unit_id);
                let subject = self.phone_subject(&reader, caller, view, unit).await?;
                let clear =
                    job.clear_phones && !blank && decide(Action::PhoneReveal, subject, State::default()).is_ok();
                let phone = |report: &entity::progress_report::Model| {
                    let phone = self.clear_phone(report)?;
                    Some(if clear { phone } else { mask_phone(&phone) })
                };
                let sheet = view.sheet(unit, phone).ok_or(Failed::Nothing)?;
                if clear && sheet.phone.is_some() {
                    revealed.extend(view.last_report(unit));
                }
                let word = if blank { "填报表" } else { "落实情况表" };
                (
                    format!("{} {} {word}", sheet.unit, view.period.label),
                    Content::Book(write::report_sheet(&sheet, blank)),
                )
            }
            (ExportView::Summary, Some(view)) => {
                let title = format!("{} 汇总", view.period.label);
                match job.format {
                    ExportFormat::Svg | ExportFormat::Png => {
                        (title, Content::Chart(Box::new(picture(view, today, lang)?)))
                    }
                    _ => (title, Content::Book(write::summary(&view.summary(today)))),
                }
            }
            (ExportView::Missing, Some(view)) => {
                (format!("{} 未报清单", view.period.label), Content::Book(write::missing(&view.missing(today))))
            }
            (_, None) => return Err(Failed::Nothing),
        };
        let (format, standard) = (job.format, job.standard_layout);
        // Writing a long list takes a moment in which nobody else should wait for this thread.
        let written = tokio::task::spawn_blocking(move || content.write(format, standard, lang));
        let bytes = written.await.map_err(|e| Failed::Fault(Fault::Internal(e.to_string())))??;
        Ok(Made { bytes, revealed, title })
    }

    /// Who the caller is to the telephone numbers of a unit's reports.
    async fn phone_subject(
        &self,
        reader: &crate::store::Reader,
        caller: &Caller,
        view: &PeriodView,
        unit: Uuid,
    ) -> Result<Subject, Failed> {
        let issuer = view.list.issuer_unit_id;
        let above = reader.ancestors(&[issuer]).await?.remove(&issuer).unwrap_or_default();
        Ok(Subject {
            office: caller.actor.office_over(&above),
            reporter: caller.actor.kind == UserKind::Person && caller.actor.reports_for(unit),
            ..Subject::default()
        })
    }

    /// The file, the end of the job and the audit rows are one transaction.
    async fn finish(&self, caller: &Caller, job: &export_job::Model, made: Made) -> Result<(), Fault> {
        let begun = self.begin::<Uuid>(caller, Call::new("taskListExportMake", None, &job.id)?).await?;
        let Ok(super::work::Begun::Fresh(mut work)) = begun else {
            return Err(Fault::Internal("an export without a key was replayed".to_owned()));
        };
        let result = finished(&mut work, job, made).await;
        match work.end(result).await? {
            Ok(_) => Ok(()),
            Err(_) => Err(Fault::Internal("an export was refused at its end".to_owned())),
        }
    }
}

/// What is written, before it is written.
enum Content {
    List(Box<crate::documents::list_json::ListDocument>),
    Book(write::model::Book),
    Chart(Box<Chart>),
}

impl Content {
    fn write(self, format: ExportFormat, standard: bool, lang: Lang) -> Result<Vec<u8>, Failed> {
        let profile = if standard { Profile::Standard } else { Profile::Own };
        match (self, form(format)) {
            (Self::List(list), Some(form)) => write::list(&list, profile, form).map_err(Failed::Write),
            (Self::Book(book), Some(form)) => write::book(&book, form).map_err(Failed::Write),
            (Self::Chart(chart), None) if format == ExportFormat::Svg => Ok(chart::svg(&chart).into_bytes()),
            (Self::Chart(chart), None) => {
                let fonts = chart::find_fonts(&[]).map_err(|error| Failed::Picture(error.text(lang)))?;
                let picture = chart::png(&chart, &fonts).map_err(|error| Failed::Picture(error.text(lang)))?;
                Ok(picture.bytes)
            }
            _ => Err(Failed::Write(WriteError::NoSuchForm)),
        }
    }
}

const fn form(format: ExportFormat) -> Option<Form> {
    match format {
        ExportFormat::Docx => Some(Form::Docx),
        ExportFormat::Xlsx => Some(Form::Xlsx),
        ExportFormat::Csv => Some(Form::Csv),
        ExportFormat::Json => Some(Form::Json),
        ExportFormat::Svg | ExportFormat::Png => None,
    }
}

const fn media_type(format: ExportFormat) -> MediaType {
    match format {
        ExportFormat::Docx => MediaType::Docx,
        ExportFormat::Xlsx => MediaType::Xlsx,
        ExportFormat::Csv => MediaType::Csv,
        ExportFormat::Json => MediaType::Json,
        ExportFormat::Svg => MediaType::Svg,
        ExportFormat::Png => MediaType::Png,
    }
}

/// How names of such files end.
const fn extension(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Docx => "docx",
        ExportFormat::Xlsx => "xlsx",
        ExportFormat::Csv => "csv",
        ExportFormat::Json => "json",
        ExportFormat::Svg => "svg",
        ExportFormat::Png => "png",
    }
}

/// The receipt of a period per unit; units as in the directory, never by who is better.
fn picture(view: &PeriodView, today: chrono::NaiveDate, lang: Lang) -> Result<Chart, Failed> {
    super::charts::receipt(view, today, lang).map_err(|error| Failed::Picture(error.text(lang)))
}

async fn ask(work: &mut Work, list: Uuid, input: NewExport) -> Result<Uuid, Stop> {
    let Some(list) = work.tx.visible::<task_list::Entity>(&work.actor, list).await? else {
        return Err(UserError::not_found().into());
    };
    let mut checks = super::work::Checks::default();
    let about_period = input.view != ExportView::Ledger;
    let fits = match input.format {
        ExportFormat::Json => input.view == ExportView::Ledger,
        ExportFormat::Svg | ExportFormat::Png => input.view == ExportView::Summary,
        ExportFormat::Docx | ExportFormat::Xlsx | ExportFormat::Csv => true,
    };
    if !fits {
        checks.fail(UserErrorCode::InvalidFormat, Message::ExportFormatMisfit, "input.format");
    }
    if about_period && input.period.is_none() {
        checks.fail(UserErrorCode::Required, Message::Required, "input.period");
    }
    if about_period && list.status == TaskListStatus::Draft {
        checks.fail(UserErrorCode::InvalidState, Message::Denied(crate::authz::Reason::ListNotIssued), "input.view");
    }
    if let Some(period) = input.period {
        let row = work.tx.visible::<reporting_period::Entity>(&work.actor, period).await?;
        if row.is_none_or(|row| row.task_list_id != list.id) {
            checks.fail(UserErrorCode::NotFound, Message::NotFound, "input.period");
        }
    }
    if let Some(unit) = input.unit
        && work.tx.visible::<unit::Entity>(&work.actor, unit).await?.is_none()
    {
        checks.fail(UserErrorCode::NotFound, Message::NotFound, "input.unit");
    }
    if work.tx.exports_open(&work.actor).await? >= WAITING {
        checks.fail(UserErrorCode::Limit, Message::ExportsWaiting(WAITING), "input");
    }
    checks.done()?;
    let id = work.id();
    let row = export_job::Model {
        id,
        task_list_id: list.id,
        reporting_period_id: input.period.filter(|_| about_period),
        subject_unit_id: input.unit,
        owner_user_id: work.actor.user_id,
        unit_id: work.actor.unit_id,
        view: input.view,
        format: input.format,
        standard_layout: input.standard_layout,
        clear_phones: input.clear_phones,
        lang: input.lang.tag().to_owned(),
        status: ExportStatus::Queued,
        progress: 0,
        attempts: 0,
        file_id: None,
        problem: None,
        created_at: work.now,
        started_at: None,
        finished_at: None,
    };
    work.tx.insert::<export_job::Entity>(row).await?;
    work.audit(GlobalId::new(Kind::ExportJob, id), &["taskList", "view", "format"]);
    Ok(id)
}

async fn finished(work: &mut Work, job: &export_job::Model, made: Made) -> Result<Uuid, Stop> {
    let name = format!("{}.{}", made.title, extension(job.format));
    let new = NewFile {
        purpose: FilePurpose::Export,
        name: &name,
        media_type: media_type(job.format),
        bytes: &made.bytes,
        expires_at: Some(work.now + LIFE),
    };
    let file = keep(work, new).await?.id;
    // Each clear reading of a telephone number leaves a row of its own.
    let reveal = |report: Uuid| audit_entry::Model {
        id: work.id(),
        at: work.now,
        user_id: Some(work.actor.user_id),
        unit_id: Some(work.actor.unit_id),
        operation: "progressReportPhoneReveal".to_owned(),
        object_type: Some(Kind::ProgressReport.prefix().to_owned()),
        object_id: Some(report),
        result: "DONE".to_owned(),
        changed: Some(serde_json::json!([])),
        request_id: GlobalId::new(Kind::ExportJob, job.id).to_string(),
    };
    let rows: Vec<audit_entry::Model> = made.revealed.into_iter().map(reveal).collect();
    work.tx.insert_all::<audit_entry::Entity>(rows).await?;
    work.tx
        .update::<export_job::Entity>(export_job::Model {
            status: ExportStatus::Succeeded,
            progress: 100,
            file_id: Some(file),
            finished_at: Some(work.now),
            ..job.clone()
        })
        .await?;
    work.audit(GlobalId::new(Kind::ExportJob, job.id), &["status", "file"]);
    work.tell("export.done", serde_json::json!({ "export": job.id }));
    Ok(file)
}
