//! Import, export, import again: the five real lists come back as they were, in every form that is written.

use entity::vocabulary::{ExportFormat, ExportView, Role};
use taizhang::documents::list_json::ListDocument;
use taizhang::domain::lang::Lang;
use taizhang::service::exports::NewExport;
use taizhang::service::import::TaskListImport;

use crate::support::{TestApp, shared};

/// What is compared: whether a person was asked is not part of a list.
fn plain(mut document: ListDocument) -> ListDocument {
    for task in &mut document.tasks {
        task.needs_review = false;
    }
    document
}

/// A file beside `units.json`, which is there.
fn shared_file(name: &str) -> Vec<u8> {
    std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/documents").join(name)).unwrap()
}

#[tokio::test]
async fn the_real_lists_come_back_as_they_were() {
    let Some(units) = shared("units.json") else { return };
    let t = TestApp::new().await;
    let roots = t.places(&units).await;
    let places = taizhang::documents::units_json::read(&units).unwrap();
    let mut tried = 0;
    for place in &places.jurisdictions {
        let root = roots.iter().find(|(key, _)| *key == place.key).unwrap().1;
        let office_unit = t.unit(root, &place.office).await;
        let office = t.user(&format!("office-{}", place.key), office_unit, &[(Role::Office, root)]).await;
        for list in &place.list {
            let caller = t.caller(&office).await;
            let file = shared_file(&format!("{list}.docx"));
            let read = t.service.list_read(&caller, "list.docx", file, None).await.unwrap().unwrap();
            let first = read.document.clone();
            let input =
                TaskListImport { issuer: office_unit, read, title: None, support_reports: false, dry_run: false };
            let imported = t.service.task_list_import(&caller, None, input).await.unwrap().unwrap();
            for (format, ending) in [
                (ExportFormat::Json, "json"),
                (ExportFormat::Docx, "docx"),
                (ExportFormat::Xlsx, "xlsx"),
                (ExportFormat::Csv, "csv"),
            ] {
                let new = NewExport {
                    view: ExportView::Ledger,
                    format,
                    period: None,
                    unit: None,
                    standard_layout: false,
                    clear_phones: false,
                    lang: Lang::Zh,
                };
                let job =
                    t.service.task_list_export(&caller, None, imported.list.unwrap(), new).await.unwrap().unwrap();
                assert!(t.service.export_next().await.unwrap());
                let reader = t.service.store().reader_for(caller.actor.clone());
                let job = reader.by_keys::<entity::export_job::Entity>(&[job]).await.unwrap().remove(&job).unwrap();
                let file = job.file_id.unwrap_or_else(|| panic!("{list} {ending}: {:?}", job.problem));
                let caller = t.caller(&office).await;
                let mut open = t.service.file_open(&caller, file).await.unwrap().unwrap();
                let mut bytes = Vec::new();
                while let Some(chunk) = open.next().await.unwrap() {
                    bytes.extend(chunk);
                }
                let name = format!("{list}.{ending}");
                let again = t.service.list_read(&caller, &name, bytes, None).await.unwrap().unwrap();
                let (again, mut wanted) = (plain(again.document), plain(first.clone()));
                // A list without a title gets one on import, and it is printed.
                if wanted.title.is_none() {
                    wanted.title.clone_from(&again.title);
                }
                assert_eq!(again.tasks.len(), wanted.tasks.len(), "{name}");
                for (a, b) in again.tasks.iter().zip(&wanted.tasks) {
                    assert_eq!(a, b, "{name}");
                }
                assert_eq!(again, wanted, "{name}");
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 20, "five lists in four forms");
}
