//! A list from a file of the office: read in a child process, understood with the names of the place.

use chrono::Datelike;
use serde::Serialize;
use uuid::Uuid;

use super::Imported;
use super::{ReadList, TaskListImport, read_list};
use crate::clock::day_of;
use crate::documents::list_json;
use crate::documents::sandbox;
use crate::documents::understand::{Options, Understood, understand};
use crate::error::{Fault, Message, UserError, UserErrorCode};
use crate::service::files::digest;
use crate::service::names::Directory;
use crate::service::{Answer, Caller, Service};
use crate::store::StoreError;

/// A file to be imported as a list.
#[derive(Clone, Debug, Serialize)]
pub struct ImportFile {
    /// The unit that issues the list.
    pub issuer: Uuid,
    /// The year, where the file has none or a wrong one.
    pub year: Option<i32>,
    /// The title, where the file has none or another is wanted.
    pub title: Option<String>,
    /// Whether supporting units owe reports too.
    pub support_reports: bool,
    /// Only say what would come of it.
    pub dry_run: bool,
}

impl Service {
    /// Imports the list that a file of the caller's holds as a draft, with the questions of its reader.
    pub async fn task_list_import_file(
        &self,
        caller: &Caller,
        key: Option<String>,
        file: Uuid,
        input: ImportFile,
    ) -> Answer<Imported> {
        let Some(open) = self.file_open(caller, file).await? else {
            return Ok(Err(vec![UserError::not_found_at("input.file")]));
        };
        let (name, bytes) = open.whole().await?;
        let read = match self.list_read(caller, &name, bytes, input.year).await? {
            Ok(read) => read,
            Err(errors) => return Ok(Err(errors)),
        };
        let input = TaskListImport {
            issuer: input.issuer,
            read,
            title: input.title,
            support_reports: input.support_reports,
            dry_run: input.dry_run,
        };
        self.task_list_import(caller, key, input).await
    }

    /// Reads the list that a file holds, with the names under the caller's root; nothing is written.
    ///
    /// A file whose name ends in `.json` is a `taizhang-list/1`, everything else one of the office's own.
    pub async fn list_read(&self, caller: &Caller, name: &str, bytes: Vec<u8>, year: Option<i32>) -> Answer<ReadList> {
        let refused = |message| Ok(Err(vec![UserError::at(UserErrorCode::InvalidFormat, message, "input.file")]));
        if name.to_ascii_lowercase().ends_with(".json") {
            return Ok(match String::from_utf8(bytes) {
                Ok(text) => read_list(&text, year).map(ReadList::from),
                Err(_) => return refused(Message::NotUtf8),
            });
        }
        let pages = match sandbox::read(&bytes, name, self.documents()).await {
            Ok(pages) => pages,
            Err(error) => return refused(Message::UnreadableFile(error)),
        };
        let rows = self.store().reader_for(std::sync::Arc::clone(&caller.actor)).names().await;
        let directory = Directory::of(rows.map_err(|error: StoreError| Fault::from(error))?);
        let today = day_of(self.clock().now());
        // Understanding a long list takes a moment in which nobody else should wait for this thread.
        let understood = tokio::task::spawn_blocking(move || {
            let registry = Some(&directory.registry).filter(|registry| !registry.is_empty());
            let options =
                Options { registry, year: year.unwrap_or_else(|| today.year()), year_is_known: year.is_some() };
            understand(&pages, options)
        });
        let Understood { list, questions } = understood.await.map_err(|e| Fault::Internal(e.to_string()))?;
        if list.tasks.is_empty() {
            return refused(Message::NoListInFile);
        }
        // What goes on from here has passed the same checks as a list that came as JSON.
        let document = match list_json::checked(&list) {
            Ok(document) => document,
            Err(problems) => {
                let error =
                    |problem| UserError::at(UserErrorCode::InvalidFormat, Message::Document(problem), "input.file");
                return Ok(Err(problems.into_iter().map(error).collect()));
            }
        };
        // Another year makes another list of the same file.
        let digest = match year {
            Some(year) => format!("{} {year}", digest(&bytes)),
            None => digest(&bytes),
        };
        Ok(Ok(ReadList { document, questions, digest }))
    }
}
