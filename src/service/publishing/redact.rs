//! Replacing text before the first decision.

use std::collections::HashMap;

use entity::publication_snapshot;
use entity::vocabulary::PublicationAct;
use uuid::Uuid;

use super::findings::{counted, look, put, rows};
use super::{Redaction, TITLE_CHARS, course, keep, record, take, told};
use crate::authz::Action;
use crate::documents::publication::PublicationDocument;
use crate::domain::personal_data::{find, mask};
use crate::domain::publication::Step;
use crate::domain::report::MAX_NARRATIVE;
use crate::error::{Fault, Message, PublishingMessage, UserErrorCode};
use crate::service::work::Checks;
use crate::service::{Stop, Work};

pub(super) async fn redact(work: &mut Work, id: Uuid, input: Redaction) -> Result<Uuid, Stop> {
    let (mut row, _) = take(work, Action::PublicationRedact, id, input.expected_version).await?;
    if course(&row).after(Step::Redact).is_none() {
        return Err(Fault::Internal("a redaction that the policy allows and the course does not".to_owned()).into());
    }
    let mut document = read(work, id).await?;
    replace(work, &mut document, &input)?;
    if input.mask_findings {
        document.texts(&mut |_, text| {
            if !find(text).is_empty() {
                *text = mask(text);
            }
        });
    }
    let looked = look(document).await?;
    row.title = looked.title;
    row.checksum = looked.checksum;
    row.open_findings = counted(looked.found.len());
    // Whoever changes the text has made it.
    row.prepared_by = work.actor.user_id;
    let kept = publication_snapshot::Model { id, task_list_id: row.task_list_id, document: looked.text };
    work.tx.update::<publication_snapshot::Entity>(kept).await?;
    put(work, id, rows(work, &row, looked.found)).await?;
    let step = record(work, &row, row.round, PublicationAct::Redaction, None, None).await?;
    let id = told(work, &row, step, "publication.redacted", &["document"]);
    keep(work, row).await?;
    Ok(id)
}

/// The document as it is kept.
pub(super) async fn read(work: &Work, id: Uuid) -> Result<PublicationDocument, Stop> {
    let Some(kept) = work.tx.visible::<publication_snapshot::Entity>(&work.actor, id).await? else {
        return Err(Fault::Internal("a publication without its document".to_owned()).into());
    };
    Ok(PublicationDocument::read(&kept.document).map_err(|error| Fault::Internal(error.to_string()))?)
}

/// Puts the new texts in their places, or says everything that is wrong with them.
fn replace(work: &Work, document: &mut PublicationDocument, input: &Redaction) -> Result<(), Stop> {
    let mut checks = Checks::default();
    let most = work.service().limits().bulk_items;
    if input.texts.len() > most {
        checks.fail(UserErrorCode::Limit, Message::TooMany(most), "input.texts");
    }
    if input.texts.is_empty() && !input.mask_findings {
        checks.fail(UserErrorCode::Required, Message::Publishing(PublishingMessage::NothingToRedact), "input.texts");
    }
    let mut wanted: HashMap<&str, (usize, String)> = HashMap::new();
    for (nth, (pointer, text)) in input.texts.iter().take(most).enumerate() {
        let most = if pointer == "/title" { TITLE_CHARS } else { MAX_NARRATIVE };
        let text = checks.text(text, most, &format!("input.texts.{nth}.text"));
        if wanted.insert(pointer, (nth, text)).is_some() {
            checks.fail(UserErrorCode::Duplicate, Message::ItemTwice, &format!("input.texts.{nth}.pointer"));
        }
    }
    document.texts(&mut |place, text| {
        if let Some((_, new)) = wanted.remove(place.pointer.as_str()) {
            *text = new;
        }
    });
    for (nth, _) in wanted.into_values() {
        let path = format!("input.texts.{nth}.pointer");
        checks.fail(UserErrorCode::NotFound, Message::Publishing(PublishingMessage::NoSuchText), &path);
    }
    checks.done()
}
