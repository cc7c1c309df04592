//! Who is told of a publication: those who may take the next step of its review, and who prepared it of what was decided.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::vocabulary::{NotificationKind as Kind, PublicationAct, PublicationDecision};
use entity::{notification, outbox, publication, publication_step};
use uuid::Uuid;

use crate::authz::{Action, State, Subject, decide};
use crate::service::Service;
use crate::service::publishing::subject_of;
use crate::store::{StoreError, Tx};

/// What people are told because of these messages.
pub(super) async fn told(
    service: &Service,
    tx: &Tx,
    messages: &[outbox::Model],
    today: NaiveDate,
) -> Result<Vec<notification::Model>, StoreError> {
    let step_of = |message: &outbox::Model| -> Option<Uuid> {
        let step = message.payload.get("publicationStep").filter(|_| message.topic.starts_with("publication."))?;
        step.as_str()?.parse().ok()
    };
    let named: HashMap<Uuid, &outbox::Model> =
        messages.iter().filter_map(|message| step_of(message).map(|step| (step, message))).collect();
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<Uuid> = named.keys().copied().collect();
    let mut steps = tx.all_where::<publication_step::Entity>(publication_step::Column::Id, &keys).await?;
    steps.sort_by_key(|step| (step.created_at, step.id));
    let keys: Vec<Uuid> = steps.iter().map(|step| step.publication_id).collect();
    let rows = tx.all_where::<publication::Entity>(publication::Column::Id, &keys).await?;
    let done = tx.all_where::<publication_step::Entity>(publication_step::Column::PublicationId, &keys).await?;
    let issuers: HashSet<Uuid> = rows.iter().map(|row| row.issuer_unit_id).collect();
    let offices = tx.offices_above(&issuers.into_iter().collect::<Vec<_>>(), today).await?;
    let rows: HashMap<Uuid, publication::Model> = rows.into_iter().map(|row| (row.id, row)).collect();

    let mut told = Vec::new();
    for step in steps {
        let (Some(row), Some(message)) = (rows.get(&step.publication_id), named.get(&step.id)) else { continue };
        let kind = kind_of(&step);
        let (users, origin) = if kind == Kind::PublicationReviewWanted {
            // Where something was done since, it is the last of it that asks for the next.
            let since = |later: &&publication_step::Model| (later.created_at, later.id) > (step.created_at, step.id);
            if done.iter().filter(|later| later.publication_id == row.id).any(|later| since(&later)) {
                continue;
            }
            let above = offices.get(&row.issuer_unit_id).map(Vec::as_slice).unwrap_or_default();
            // Once for each step, however often the text is changed before it.
            let origin = format!("{}:{}:{}:{}", kind.as_str(), row.id, row.round, row.status.as_str());
            (reviewers(row, &done, above), origin)
        } else {
            (vec![step.prepared_by], message.id.to_string())
        };
        // Nobody is told what he did himself.
        for user in users.into_iter().filter(|user| *user != step.user_id) {
            told.push(notification::Model {
                id: service.ids().next(),
                user_id: user,
                unit_id: row.issuer_unit_id,
                kind,
                subject_id: row.id,
                origin: origin.clone(),
                created_at: message.created_at,
                read_at: None,
            });
        }
    }
    Ok(told)
}

fn kind_of(step: &publication_step::Model) -> Kind {
    match (step.act, step.decision) {
        (PublicationAct::Publishing, _) => Kind::PublicationPublished,
        (PublicationAct::Withdrawal, _) => Kind::PublicationWithdrawn,
        (_, Some(PublicationDecision::Returned)) => Kind::PublicationReturned,
        (PublicationAct::Approval, _) => Kind::PublicationApproved,
        _ => Kind::PublicationReviewWanted,
    }
}

/// Those who may take the next step as things stand: of the nearest office in which there is somebody.
fn reviewers(row: &publication::Model, done: &[publication_step::Model], above: &[HashSet<Uuid>]) -> Vec<Uuid> {
    let done = || done.iter().filter(|step| step.publication_id == row.id);
    let state = State { publication: Some(row.status), ..State::default() };
    let may = |user: &Uuid| {
        let office = Subject { office: true, ..Subject::default() };
        decide(Action::PublicationReview, subject_of(office, done(), row.round, *user), state).is_ok()
    };
    let of = |people: &HashSet<Uuid>| people.iter().copied().filter(may).collect::<Vec<_>>();
    above.iter().map(of).find(|people| !people.is_empty()).unwrap_or_default()
}
