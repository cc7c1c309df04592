//! Files made for somebody: asked for by a verb, made by a worker under the rights the asker has when it is made, kept
//! for a day.

mod make;

use std::sync::Arc;

use chrono::TimeDelta;
use entity::vocabulary::{ExportFormat, ExportStatus, ExportView, FilePurpose, TaskListStatus};
use entity::{export_job, reporting_period, task_list, unit};
use serde::Serialize;
use uuid::Uuid;

use super::audit::Asked;
use super::files::{NewFile, keep};
use super::rounds::round;
use super::work::begin;
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::clock::day_of;
use crate::domain::lang::Lang;
use crate::error::{Fault, Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use make::{Failed, Made, extension, media_type};

/// Exports of one person that wait at the same time at most.
const WAITING: u64 = 20;
/// Files and bytes of one person's exports that are kept at the same time at most.
const KEPT: (u64, u64) = (200, 500 * 1024 * 1024);
/// How long a file that was made is kept.
const LIFE: TimeDelta = TimeDelta::hours(24);
/// A job that was begun so long ago was left behind by a program that died.
const STALE: TimeDelta = TimeDelta::minutes(10);
/// A job that takes less is done before anybody looks how far it is: a write, and a wait for the disk, for nobody.
const SHORT: TimeDelta = TimeDelta::seconds(1);
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

    /// Makes the files that are asked for, for ever. One that panics is the only one that is not made; it counts as begun,
    /// and is begun again a few times.
    pub async fn exports_run(&self) {
        const PAUSE: std::time::Duration = std::time::Duration::from_secs(5);
        loop {
            match round("exports", self.export_next()).await {
                Some(Ok(true)) => {}
                Some(Ok(false)) => {
                    // Another program may have been asked, or may have died: a look now and then, besides being told.
                    let _ = tokio::time::timeout(PAUSE, self.exports().notified()).await;
                }
                Some(Err(error)) => {
                    tracing::warn!(%error, "exports can't be made at the moment");
                    tokio::time::sleep(PAUSE).await;
                }
                None => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// Makes the next file, if one is asked for; whether there was one.
    pub async fn export_next(&self) -> Result<bool, Fault> {
        let now = self.clock().now();
        let Some(job) = self.store().export_claim(now, now - STALE).await? else { return Ok(false) };
        let lang = Lang::from_tag(&job.lang);
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
            // Nobody minds if another program ended it meanwhile.
            self.store().export_end(&ended).await?;
        }
        Ok(true)
    }

    /// Removes the traces of exports that ended long ago.
    pub async fn exports_sweep(&self) -> Result<u64, Fault> {
        Ok(self.store().exports_sweep(self.clock().now() - SHOWN).await?)
    }

    async fn export(&self, job: &export_job::Model) -> Result<(), Failed> {
        // The rights of this moment: whoever lost them meanwhile gets nothing.
        let now = self.clock().now();
        let actor = self.store().actor_of(job.owner_user_id, job.id, now, day_of(now)).await?.ok_or(Failed::Nothing)?;
        let actor = match &job.scopes {
            // Its rights are those of the session that asked; the file it makes is not there for any session yet.
            Some(scopes) => crate::authz::Actor { narrowed: None, ..actor.narrowed_to(scopes) },
            None => actor,
        };
        let request_id = GlobalId::new(Kind::ExportJob, job.id).to_string();
        let caller = Caller { actor: Arc::new(actor), request_id, address: None, asked: Asked::default() };
        if caller.actor.unit_id != job.unit_id {
            return Err(Failed::Nothing);
        }
        let made = self.make(&caller, job).await?;
        self.progress(job, 90).await;
        self.finish(&caller, job, made).await.map_err(Failed::Fault)
    }

    /// Says how far a job is; whoever can't be told has to wait for the end.
    async fn progress(&self, job: &export_job::Model, percent: i32) {
        let now = self.clock().now();
        if job.started_at.is_some_and(|began| now - began < SHORT) {
            return;
        }
        if let Err(error) = self.store().export_progress(job.id, percent).await {
            tracing::debug!(%error, "the progress of an export could not be written");
        }
    }

    /// The file, the end of the job and the audit rows are one transaction.
    async fn finish(&self, caller: &Caller, job: &export_job::Model, made: Made) -> Result<(), Fault> {
        let begun = self.begin::<Uuid>(caller, Call::new("taskListExportMake", None, &job.id)?).await?;
        let Ok(super::work::Begun::Fresh(mut work)) = begun else {
            return Err(Fault::Internal("an export without a key was replayed".to_owned()));
        };
        let result = finished(&mut work, job, made).await;
        if work.end(result).await?.is_err() {
            tracing::info!(job = %job.id, "an export was ended by another program, or is not wanted any more");
        }
        Ok(())
    }
}

async fn ask(work: &mut Work, list: Uuid, input: NewExport) -> Result<Uuid, Stop> {
    // Held, so that it is not removed meanwhile.
    let Some(list) = work.tx.held::<task_list::Entity>(&work.actor, list).await? else {
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
    let kept = work.tx.files_kept(work.actor.user_id, FilePurpose::Export, work.now).await?;
    if kept.files >= KEPT.0 || kept.bytes >= KEPT.1 {
        checks.fail(UserErrorCode::Limit, Message::ExportsKept(KEPT.0, KEPT.1 >> 20), "input");
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
        scopes: work.actor.narrowed.as_ref().map(crate::authz::Scope::words),
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
    let ended = export_job::Model {
        status: ExportStatus::Succeeded,
        progress: 100,
        file_id: Some(file),
        finished_at: Some(work.now),
        ..job.clone()
    };
    // Whoever took the job over meanwhile ends it; nothing of this is kept then.
    if !work.tx.export_end(&ended).await? {
        return Err(UserError::not_found().into());
    }
    // Each clear reading of a telephone number leaves a row of its own.
    for report in made.revealed {
        work.audit_also("progressReportPhoneReveal", GlobalId::new(Kind::ProgressReport, report), &[]);
    }
    work.audit(GlobalId::new(Kind::ExportJob, job.id), &["status", "file"]);
    work.tell("export.done", serde_json::json!({ "export": job.id }));
    Ok(file)
}
