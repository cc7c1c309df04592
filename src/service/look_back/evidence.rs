//! Evidence of findings and of what was put right: links, document numbers, and files that were brought in.

use std::collections::HashSet;

use entity::vocabulary::EvidenceKind;
use entity::{file, look_back_evidence};
use serde::Serialize;
use uuid::Uuid;

use crate::domain::link::is_link;
use crate::error::{Message, UserErrorCode};
use crate::service::evidence::{MAX_EVIDENCE, TITLE_CHARS, attach, release};
use crate::service::work::Checks;
use crate::service::{Stop, Work};

/// A piece of evidence.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceItem {
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

/// What it stands behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// The finding of an item.
    Item(Uuid),
    /// What was put right.
    Rectification(Uuid),
}

/// The pieces as they are to be written; every mistake is said.
pub(super) fn clean(checks: &mut Checks, items: Vec<EvidenceItem>, there: usize, path: &str) -> Vec<EvidenceItem> {
    if items.len() + there > MAX_EVIDENCE {
        checks.fail(UserErrorCode::Limit, Message::TooMany(MAX_EVIDENCE), path);
        return Vec::new();
    }
    let mut met = HashSet::new();
    let mut clean = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        let at = |field: &str| format!("{path}.{index}.{field}");
        let title = checks.optional(item.title.as_deref(), TITLE_CHARS, &at("title"));
        let url = item.url.as_deref().map(str::trim).filter(|url| !url.is_empty()).map(str::to_owned);
        if url.as_deref().is_some_and(|url| !is_link(url)) {
            checks.fail(UserErrorCode::InvalidFormat, Message::BadLink, &at("url"));
        }
        let number = checks.optional(item.document_number.as_deref(), TITLE_CHARS, &at("documentNumber"));
        let given = (url.is_some(), number.is_some(), item.file.is_some());
        let fits = match item.kind {
            EvidenceKind::Link => given == (true, false, false),
            EvidenceKind::DocumentNumber => given == (false, true, false),
            EvidenceKind::File => given == (false, false, true),
        };
        if !fits {
            checks.fail(UserErrorCode::Conflict, Message::EvidenceMisfit, &at("kind"));
        }
        if !met.insert((url.clone(), number.clone(), item.file)) {
            checks.fail(UserErrorCode::Duplicate, Message::ItemTwice, &at("kind"));
        }
        clean.push(EvidenceItem { title, url, document_number: number, ..item });
    }
    clean
}

/// The pieces there are.
pub(super) async fn standing(work: &Work, of: Of) -> Result<Vec<look_back_evidence::Model>, Stop> {
    let (column, id) = match of {
        Of::Item(id) => (look_back_evidence::Column::LookBackItemId, id),
        Of::Rectification(id) => (look_back_evidence::Column::RectificationId, id),
    };
    Ok(work.tx.all_where::<look_back_evidence::Entity>(column, &[id]).await?)
}

/// Adds pieces. A file is an upload of the actor's own, or is among `kept` already.
pub(super) async fn add(
    work: &Work,
    of: Of,
    items: Vec<EvidenceItem>,
    kept: &HashSet<Uuid>,
    path: &str,
) -> Result<(), Stop> {
    let brought: Vec<(Uuid, String)> = (0..)
        .zip(&items)
        .filter_map(|(index, item)| item.file.map(|file| (file, format!("{path}.{index}.file"))))
        .filter(|(file, _)| !kept.contains(file))
        .collect();
    attach(work, &brought).await?;
    let mut rows = Vec::with_capacity(items.len());
    for item in items {
        let (look_back_item_id, rectification_id) = match of {
            Of::Item(id) => (Some(id), None),
            Of::Rectification(id) => (None, Some(id)),
        };
        rows.push(look_back_evidence::Model {
            id: work.id(),
            look_back_item_id,
            rectification_id,
            kind: item.kind,
            title: item.title,
            url: item.url,
            document_number: item.document_number,
            file_id: item.file,
            added_by: work.actor.user_id,
            created_at: work.now,
        });
    }
    Ok(work.tx.insert_all::<look_back_evidence::Entity>(rows).await?)
}

/// Puts pieces in the place of those there are.
pub(super) async fn replace(work: &Work, of: Of, items: Vec<EvidenceItem>, path: &str) -> Result<(), Stop> {
    let before = standing(work, of).await?;
    let kept: HashSet<Uuid> = before.iter().filter_map(|row| row.file_id).collect();
    // The new ones first: a file that stays is never without anything that holds it.
    add(work, of, items, &kept, path).await?;
    remove(work, before).await
}

/// Takes pieces out; a file that shows nothing any more ends as an upload does.
pub(super) async fn remove(work: &Work, rows: Vec<look_back_evidence::Model>) -> Result<(), Stop> {
    let files: Vec<Uuid> = rows.iter().filter_map(|row| row.file_id).collect();
    let files = work.tx.locked_where::<file::Entity>(&work.actor, file::Column::Id, &files).await?;
    let keys: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    work.tx.delete_keys::<look_back_evidence::Entity>(&keys).await?;
    for file in files {
        release(work, file.into_inner()).await?;
    }
    Ok(())
}
