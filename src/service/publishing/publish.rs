//! Putting a snapshot before the public, and taking it back.

use std::collections::BTreeMap;

use entity::vocabulary::{PublicationAct, PublicationDecision, PublicationStatus};
use entity::{publication, publication_public, publication_snapshot, publication_step};
use serde_json::json;
use uuid::Uuid;

use super::findings::checksum;
use super::{course, keep, record, take, told};
use crate::authz::Action;
use crate::documents::publication::PublicationDocument;
use crate::domain::publication::{ReviewStep, Step};
use crate::error::{Fault, Message, PublishingMessage, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::service::reopenings::reason as needed_reason;
use crate::service::work::Checks;
use crate::service::{Stop, Work};
use crate::store::Visible;

pub(super) async fn publish(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    // The one that is replaced is locked too, both in the order of their keys.
    let seen = work.tx.visible::<publication::Entity>(&work.actor, id).await?;
    let keys: Vec<Uuid> = [Some(id), seen.and_then(|row| row.replaces_id)].into_iter().flatten().collect();
    let column = publication::Column::Id;
    let locked = work.tx.locked_where::<publication::Entity>(&work.actor, column, &keys).await?;
    let old = locked.into_iter().map(Visible::into_inner).find(|row| row.id != id);
    let (mut row, steps) = take(work, Action::PublicationPublish, id, expected_version).await?;
    let Some(next) = course(&row).after(Step::Publish) else {
        return Err(inconsistent("a publishing that the policy allows and the course does not"));
    };
    if old.as_ref().is_some_and(|old| old.replaced_by_id.is_some()) {
        let message = Message::Publishing(PublishingMessage::ReplacedAlready);
        return Err(UserError::at(UserErrorCode::Conflict, message, "id").into());
    }
    let document = reviewed(work, &row, &steps).await?;
    row.status = next.status;
    row.published_at = Some(work.now);
    let read = PublicationDocument::read(&document).map_err(|error| Fault::Internal(error.to_string()))?;
    let public = publication_public::Model {
        id,
        kind: row.kind,
        title: row.title.clone(),
        issuer: read.issuer,
        year: read.list.year,
        document: Some(document),
        checksum: Some(row.checksum.clone()),
        published_at: work.now,
        withdrawn_at: None,
        replaced_by: None,
    };
    work.tx.insert::<publication_public::Entity>(public).await?;
    let step = record(work, &row, row.round, PublicationAct::Publishing, None, None).await?;
    if let Some(old) = old {
        replace(work, old, id).await?;
    }
    let id = told(work, &row, step, "publication.published", &["status"]);
    keep(work, row).await?;
    Ok(id)
}

/// The document, if it is the one that was decided about, at each step by somebody else.
async fn reviewed(
    work: &Work,
    row: &publication::Model,
    steps: &[Visible<publication_step::Model>],
) -> Result<String, Stop> {
    let Some(kept) = work.tx.visible::<publication_snapshot::Entity>(&work.actor, row.id).await? else {
        return Err(inconsistent("a publication without its document"));
    };
    let mut deciders = BTreeMap::new();
    for step in ReviewStep::ALL {
        let passed = steps.iter().find(|done| {
            done.round == row.round
                && done.act == step.act()
                && done.decision == Some(PublicationDecision::Passed)
                && done.checksum == row.checksum
        });
        let Some(decider) = passed.and_then(|done| done.decider_id) else {
            return Err(inconsistent("an approved publication without its steps"));
        };
        deciders.insert(decider, step.act().as_str());
    }
    let alone = deciders.contains_key(&row.prepared_by) || deciders.len() < ReviewStep::ALL.len();
    if alone || row.open_findings != 0 || checksum(&kept.document) != row.checksum {
        return Err(inconsistent("an approved publication that is not what was approved"));
    }
    Ok(kept.into_inner().document)
}

fn inconsistent(what: &str) -> Stop {
    Fault::Internal(what.to_owned()).into()
}

/// The new one stands in the place of the old one, which is withdrawn if it was not yet.
async fn replace(work: &mut Work, mut old: publication::Model, by: Uuid) -> Result<(), Stop> {
    old.replaced_by_id = Some(by);
    let stood = old.status == PublicationStatus::Published;
    if stood {
        old.status = PublicationStatus::Withdrawn;
        old.withdrawn_at = Some(work.now);
        let step = record(work, &old, old.round, PublicationAct::Withdrawal, None, None).await?;
        let ids = json!({
            "publication": old.id,
            "publicationStep": step,
            "taskList": old.task_list_id,
            "reportingPeriod": old.reporting_period_id,
        });
        work.tell("publication.withdrawn", ids);
    }
    unpublish(work, &old).await?;
    let changed: &[&'static str] = if stood { &["status", "replacedBy"] } else { &["replacedBy"] };
    work.audit_also("publicationPublish", GlobalId::new(Kind::Publication, old.id), changed);
    keep(work, old).await
}

/// Takes the text away from the public and leaves the trace.
async fn unpublish(work: &Work, row: &publication::Model) -> Result<(), Stop> {
    let column = publication_public::Column::Id;
    for mut public in work.tx.all_where::<publication_public::Entity>(column, &[row.id]).await? {
        (public.document, public.checksum) = (None, None);
        public.withdrawn_at = public.withdrawn_at.or(row.withdrawn_at);
        public.replaced_by = row.replaced_by_id;
        work.tx.update::<publication_public::Entity>(public).await?;
    }
    Ok(())
}

pub(super) async fn withdraw(work: &mut Work, id: Uuid, expected_version: i32, reason: &str) -> Result<Uuid, Stop> {
    let (mut row, _) = take(work, Action::PublicationWithdraw, id, expected_version).await?;
    let Some(next) = course(&row).after(Step::Withdraw) else {
        return Err(inconsistent("a withdrawal that the policy allows and the course does not"));
    };
    let mut checks = Checks::default();
    let reason = needed_reason(&mut checks, Some(reason), "input.reason");
    checks.done()?;
    row.status = next.status;
    row.withdrawn_at = Some(work.now);
    row.withdrawal_reason.clone_from(&reason);
    unpublish(work, &row).await?;
    let step = record(work, &row, row.round, PublicationAct::Withdrawal, None, reason).await?;
    let id = told(work, &row, step, "publication.withdrawn", &["status", "withdrawalReason"]);
    keep(work, row).await?;
    Ok(id)
}
