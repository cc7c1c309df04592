//! The detectors over a whole document, and the document as it is kept.

use entity::vocabulary::{PersonalDataKind, PublicationField};
use entity::{publication, publication_finding};
use uuid::Uuid;

use super::{DOCUMENT_BYTES, FINDINGS};
use crate::documents::publication::PublicationDocument;
use crate::domain::personal_data::{excerpt, find, mask};
use crate::error::{Fault, Message, PublishingMessage, UserError, UserErrorCode};
use crate::service::{Stop, Work};

/// A document as it is kept: its bytes, their checksum, and what the detectors say about it.
pub(super) struct Looked {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) checksum: String,
    pub(super) found: Vec<Found>,
}

/// Something that was found.
pub(super) struct Found {
    kind: PersonalDataKind,
    field: PublicationField,
    task: Option<String>,
    pointer: String,
    excerpt: String,
}

/// Draws, writes and looks through a document; a long one takes a moment in which nobody else should wait for this
/// thread.
pub(super) async fn look(mut document: PublicationDocument) -> Result<Looked, Stop> {
    let looked = tokio::task::spawn_blocking(move || {
        document.redraw();
        let mut found = Vec::new();
        document.texts(&mut |place, text| {
            let all = find(text);
            found.extend(all.iter().map(|one| Found {
                kind: one.kind,
                field: place.field,
                task: place.task.as_deref().map(mask),
                pointer: place.pointer.clone(),
                excerpt: excerpt(text, &all, *one),
            }));
        });
        let text = document.write().map_err(|error| Fault::Internal(error.to_string()))?;
        Ok::<_, Fault>(Looked { checksum: checksum(&text), title: document.title, text, found })
    });
    let looked = looked.await.map_err(|error| Fault::Internal(error.to_string()))??;
    if looked.text.len() > DOCUMENT_BYTES {
        let message = Message::Publishing(PublishingMessage::TooLarge(DOCUMENT_BYTES / 1024 / 1024));
        return Err(UserError::at(UserErrorCode::Limit, message, "input").into());
    }
    if looked.found.len() > FINDINGS {
        return Err(UserError::at(UserErrorCode::Limit, Message::TooMany(FINDINGS), "input").into());
    }
    Ok(looked)
}

/// The SHA-256 of a text, in hexadecimal digits.
pub(super) fn checksum(text: &str) -> String {
    use std::fmt::Write as _;
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut out, byte| {
        // Writing to a string can't fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The rows of what was found.
pub(super) fn rows(work: &Work, of: &publication::Model, found: Vec<Found>) -> Vec<publication_finding::Model> {
    (1..)
        .zip(found)
        .map(|(position, one)| publication_finding::Model {
            id: work.id(),
            publication_id: of.id,
            task_list_id: of.task_list_id,
            position,
            kind: one.kind,
            field: one.field,
            task_number: one.task,
            pointer: one.pointer,
            excerpt: one.excerpt,
            released_by: None,
            released_at: None,
            release_reason: None,
        })
        .collect()
}

/// The findings of a publication, in their order.
pub(super) async fn of(work: &Work, publication: Uuid) -> Result<Vec<publication_finding::Model>, Stop> {
    let column = publication_finding::Column::PublicationId;
    let rows = work.tx.visible_where::<publication_finding::Entity>(&work.actor, column, &[publication]).await?;
    let mut rows: Vec<_> = rows.into_iter().map(crate::store::Visible::into_inner).collect();
    rows.sort_by_key(|row| row.position);
    Ok(rows)
}

/// Puts these rows in the place of those there are.
pub(super) async fn put(work: &Work, publication: Uuid, rows: Vec<publication_finding::Model>) -> Result<(), Stop> {
    let column = publication_finding::Column::PublicationId;
    work.tx.delete_where::<publication_finding::Entity>(column, publication).await?;
    Ok(work.tx.insert_all::<publication_finding::Entity>(rows).await?)
}

/// A count as the tables keep it.
pub(super) fn counted(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
