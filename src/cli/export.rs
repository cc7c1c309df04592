//! `export`: a list, or what came in for one of its periods, as a file, in the name of the office of its place.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use entity::vocabulary::{ExportFormat, ExportStatus, ExportView};
use entity::{export_job, reporting_period, task_list};
use uuid::Uuid;

use super::data::find_unit;
use super::house::{House, Older};
use super::lists::named;
use super::progress::Progress;
use super::{Export, Failure, output};
use crate::config::Settings;
use crate::domain::lang::Lang;
use crate::id::{GlobalId, Kind};
use crate::service::exports::NewExport;
use crate::service::{Caller, Service};
use crate::store::Reader;

/// How often is looked whether another program, which took the job, has ended it, and how often at most.
const LOOK: Duration = Duration::from_millis(200);
const LOOKS: u32 = 600;

/// Writes the file that was asked for; never over one that is there.
pub(super) async fn export(settings: &Settings, asked: &Export) -> Result<(), Failure> {
    let format = format_of(&asked.out)?;
    let house = House::open(settings, Older::Refuse).await?;
    let service = &house.service;
    let (list, office) = named(service, &asked.list).await?;
    let reader = service.store().reader_for(Arc::clone(&office.actor));
    let period = match asked.view {
        ExportView::Ledger => None,
        _ => Some(period_of(&reader, &list, asked.period.as_deref()).await?),
    };
    let unit = match &asked.unit {
        Some(said) => Some(find_unit(service, said, "--unit").await?.id),
        None => None,
    };
    // Before anything is made: a name that is taken is no place for it.
    let mut file = File::create_new(&asked.out).map_err(|cause| Failure::unwritable(&asked.out, &cause))?;
    let input = NewExport {
        view: asked.view,
        format,
        period,
        unit,
        standard_layout: asked.standard_layout,
        clear_phones: false,
        lang: Lang::Zh,
    };
    let made = made(service, &reader, &office, list.id, input).await;
    let written = match &made {
        Ok(bytes) => file.write_all(bytes).map_err(|cause| Failure::unwritable(&asked.out, &cause)),
        Err(_) => Ok(()),
    };
    if made.is_err() || written.is_err() {
        // Half a file looks like a whole one.
        let _ = std::fs::remove_file(&asked.out);
    }
    let bytes = made?.len();
    written?;
    let path = asked.out.display();
    output::line(&format!("{path}  已导出 {bytes} 字节 · exported, {bytes} bytes · {}", list.title));
    house.close().await;
    Ok(())
}

/// The form that the ending of a file's name stands for.
fn format_of(path: &Path) -> Result<ExportFormat, Failure> {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_uppercase();
    ExportFormat::ALL.iter().copied().find(|format| format.as_str() == ending).ok_or_else(|| {
        let known: Vec<String> = ExportFormat::ALL.iter().map(|f| format!(".{}", f.as_str().to_lowercase())).collect();
        let known = known.join(" ");
        Failure::new(
            format!("文件名 {} 的后缀须为 {known} 之一。", path.display()),
            format!("The name {} must end in one of {known}.", path.display()),
        )
    })
}

/// The period that is meant, by its label or identifier; the only one when none is named.
async fn period_of(reader: &Reader, list: &task_list::Model, said: Option<&str>) -> Result<Uuid, Failure> {
    let column = reporting_period::Column::TaskListId;
    let periods = reader.rows_where::<reporting_period::Entity>(column, &[list.id]).await?;
    let id = |period: &reporting_period::Model| GlobalId::new(Kind::ReportingPeriod, period.id).to_string();
    let meant = |period: &&_| said.is_none_or(|said| period_is(period, said, &id(period)));
    let found: Vec<_> = periods.iter().map(|period| &**period).filter(meant).collect();
    match found[..] {
        [period] => Ok(period.id),
        _ => {
            let known: Vec<String> = periods.iter().map(|period| period.label.clone()).collect();
            let known = known.join("、");
            Err(Failure::new(
                format!("请用 --period 指明一个报告期（现有：{known}）。"),
                format!("Name one reporting period with --period (there are: {known})."),
            ))
        }
    }
}

fn period_is(period: &reporting_period::Model, said: &str, id: &str) -> bool {
    // People type a hyphen where the label has a dash.
    let plain = |text: &str| text.replace(['–', '—', '－', '~'], "-");
    said == id || plain(said) == plain(&period.label)
}

/// The content of the file, made by the same worker as those that are asked for over the API.
async fn made(
    service: &Service,
    reader: &Reader,
    office: &Caller,
    list: Uuid,
    input: NewExport,
) -> Result<Vec<u8>, Failure> {
    let progress = Progress::start();
    let job = service.task_list_export(office, None, list, input).await?.map_err(|errors| Failure::refused(&errors))?;
    progress.step("生成", "making");
    for _ in 0..LOOKS {
        let worked = service.export_next().await?;
        let row = reader.by_keys::<export_job::Entity>(&[job]).await?.remove(&job).map(|row| row.into_inner());
        match row {
            Some(export_job::Model { status: ExportStatus::Succeeded, file_id: Some(file), .. }) => {
                let open = service.file_open(office, file).await?.ok_or_else(gone)?;
                return Ok(open.whole().await?.1);
            }
            Some(export_job::Model { status: ExportStatus::Failed, problem, .. }) => {
                let problem = problem.unwrap_or_default();
                return Err(Failure::new(
                    format!("未能导出：{problem}。"),
                    format!("Nothing was exported: {problem}."),
                ));
            }
            Some(_) if worked => {}
            Some(_) => tokio::time::sleep(LOOK).await,
            None => return Err(gone()),
        }
    }
    Err(gone())
}

fn gone() -> Failure {
    Failure::new("导出未能完成，请重试。", "The export did not come to an end: try again.")
}
