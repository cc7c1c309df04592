//! The content of an export, read and written under the rights of its owner.

use std::sync::Arc;

use entity::vocabulary::{ExportFormat, ExportView, MediaType, UserKind};
use entity::{export_job, task_list};
use uuid::Uuid;

use crate::authz::{Action, State, Subject, decide};
use crate::clock::day_of;
use crate::documents::chart::{self, Chart};
use crate::documents::write::{self, Form, Profile, WriteError};
use crate::domain::lang::Lang;
use crate::domain::text::mask_phone;
use crate::error::Fault;
use crate::service::views::{PeriodView, ledger};
use crate::service::{Caller, Service};

/// Why a job came to nothing.
pub(super) enum Failed {
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
pub(super) struct Made {
    pub(super) bytes: Vec<u8>,
    pub(super) revealed: Vec<Uuid>,
    pub(super) title: String,
}

impl Service {
    /// Makes the file of a job.
    pub(super) async fn make(&self, caller: &Caller, job: &export_job::Model) -> Result<Made, Failed> {
        let reader = self.store().reader_for(Arc::clone(&caller.actor));
        let today = day_of(self.clock().now());
        let lang = Lang::from_tag(&job.lang);
        let view = match job.reporting_period_id {
            Some(period) => Some(PeriodView::read(&reader, period).await?.ok_or(Failed::Nothing)?),
            None => None,
        };
        self.progress(job, 40).await;
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
                    _ => (title, Content::Book(write::summary(&view.summary(today, self.calendar())))),
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

/// What such files are.
pub(super) const fn media_type(format: ExportFormat) -> MediaType {
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
pub(super) const fn extension(format: ExportFormat) -> &'static str {
    match (form(format), format) {
        (Some(form), _) => form.extension(),
        (None, ExportFormat::Png) => "png",
        (None, _) => "svg",
    }
}

/// The receipt of a period per unit; units as in the directory, never by who is better.
fn picture(view: &PeriodView, today: chrono::NaiveDate, lang: Lang) -> Result<Chart, Failed> {
    crate::service::charts::receipt(view, today, lang).map_err(|error| Failed::Picture(error.text(lang)))
}
