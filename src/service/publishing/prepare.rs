//! Taking the snapshot.

use entity::vocabulary::{PublicationAct, PublicationKind, PublicationStatus};
use entity::{publication, publication_finding, publication_snapshot, reporting_period, task_list};
use uuid::Uuid;

use super::findings::{counted, look, rows};
use super::snapshot::Snapshot;
use super::{NewPublication, TITLE_CHARS, record, told};
use crate::authz::{Action, State, decide};
use crate::error::{Message, PublishingMessage, UserError, UserErrorCode};
use crate::service::periods::subject_over;
use crate::service::work::Checks;
use crate::service::{Stop, Work};

pub(super) async fn prepare(work: &mut Work, input: NewPublication) -> Result<Uuid, Stop> {
    let (list, period) = source(work, &input).await?;
    let subject = subject_over(work, list.issuer_unit_id).await?;
    let period_status = period.as_ref().map(|period| period.status);
    let state = State { list: Some(list.status), period: period_status, ..State::default() };
    decide(Action::PublicationPrepare, subject, state)?;
    let mut checks = Checks::default();
    let title = checks.text(&input.title, TITLE_CHARS, "input.title");
    if let Some(replaces) = input.replaces {
        check_replaced(work, &mut checks, &list, &input, replaces).await?;
    }
    checks.done()?;
    let snapshot = Snapshot::take(work, input.kind, &list, period.as_ref(), title).await?;
    if snapshot.is_empty {
        let message = Message::Publishing(PublishingMessage::NothingAccepted);
        return Err(UserError::at(UserErrorCode::InvalidState, message, "input.period").into());
    }
    let looked = look(snapshot.document).await?;
    let row = publication::Model {
        id: work.id(),
        task_list_id: list.id,
        reporting_period_id: period.map(|period| period.id),
        issuer_unit_id: list.issuer_unit_id,
        kind: input.kind,
        title: looked.title,
        status: PublicationStatus::Draft,
        round: 1,
        checksum: looked.checksum,
        open_findings: counted(looked.found.len()),
        left_out: counted(snapshot.left_out),
        prepared_by: work.actor.user_id,
        replaces_id: input.replaces,
        replaced_by_id: None,
        published_at: None,
        withdrawn_at: None,
        withdrawal_reason: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    work.tx.insert::<publication::Entity>(row.clone()).await?;
    let kept = publication_snapshot::Model { id: row.id, task_list_id: row.task_list_id, document: looked.text };
    work.tx.insert::<publication_snapshot::Entity>(kept).await?;
    work.tx.insert_all::<publication_finding::Entity>(rows(work, &row, looked.found)).await?;
    let step = record(work, &row, row.round, PublicationAct::Preparation, None, None).await?;
    Ok(told(work, &row, step, "publication.prepared", &["kind", "title"]))
}

/// The list and the period, held still.
async fn source(
    work: &Work,
    input: &NewPublication,
) -> Result<(task_list::Model, Option<reporting_period::Model>), Stop> {
    let misfit =
        || UserError::at(UserErrorCode::Conflict, Message::Publishing(PublishingMessage::SourceMisfit), "input");
    let (list, period) = match (input.kind, input.task_list, input.period) {
        (PublicationKind::List, Some(list), None) => (list, None),
        (PublicationKind::Progress | PublicationKind::AnnualReport, None, Some(period)) => {
            let Some(seen) = work.tx.visible::<reporting_period::Entity>(&work.actor, period).await? else {
                return Err(UserError::not_found_at("input.period").into());
            };
            (seen.task_list_id, Some(period))
        }
        _ => return Err(misfit().into()),
    };
    let named = if period.is_some() { "input.period" } else { "input.taskList" };
    let Some(list) = work.tx.held::<task_list::Entity>(&work.actor, list).await? else {
        return Err(UserError::not_found_at(named).into());
    };
    let period = match period {
        None => None,
        // Held: it stays closed while the snapshot is taken.
        Some(period) => match work.tx.held::<reporting_period::Entity>(&work.actor, period).await? {
            Some(period) => Some(period.into_inner()),
            None => return Err(UserError::not_found_at(named).into()),
        },
    };
    Ok((list.into_inner(), period))
}

async fn check_replaced(
    work: &Work,
    checks: &mut Checks,
    list: &task_list::Model,
    input: &NewPublication,
    replaces: Uuid,
) -> Result<(), Stop> {
    let path = "input.replaces";
    match work.tx.visible::<publication::Entity>(&work.actor, replaces).await? {
        None => return Err(UserError::not_found_at(path).into()),
        Some(old) if old.task_list_id != list.id || old.kind != input.kind || old.published_at.is_none() => {
            checks.fail(UserErrorCode::Conflict, Message::Publishing(PublishingMessage::ReplacesMisfit), path);
        }
        Some(old) if old.replaced_by_id.is_some() => {
            checks.fail(UserErrorCode::Conflict, Message::Publishing(PublishingMessage::ReplacedAlready), path);
        }
        Some(_) => {}
    }
    Ok(())
}
