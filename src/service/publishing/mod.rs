//! Publishing (先审后发): a snapshot is taken, reviewed by different people, put before the public, and taken back.

mod door;
mod findings;
mod prepare;
mod publish;
mod read;
mod redact;
mod review;
mod snapshot;

use entity::vocabulary::{PublicationAct, PublicationDecision, PublicationKind};
use entity::{publication, publication_step};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

pub use door::{PublicAnswer, PublicAsk};
pub use read::ReadDocument;
pub use review::{Release, Verdict};

pub use crate::documents::publication::FigureName;

use super::periods::subject_over;
use super::work::{begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, State, Subject, decide};
use crate::domain::publication::{Course, decides, writes};
use crate::error::UserError;
use crate::id::{GlobalId, Kind};
use crate::store::Visible;

/// Characters of a title at most.
pub const TITLE_CHARS: usize = 200;
/// Bytes of a document at most.
pub const DOCUMENT_BYTES: usize = 8 * 1024 * 1024;
/// Findings in a document at most; with more of them it is no text to be published.
pub const FINDINGS: usize = 10_000;

/// Something to be published.
#[derive(Clone, Debug, Serialize)]
pub struct NewPublication {
    /// What is published.
    pub kind: PublicationKind,
    /// The list, for a list.
    pub task_list: Option<Uuid>,
    /// The period, for anything else.
    pub period: Option<Uuid>,
    /// The title.
    pub title: String,
    /// The publication whose place it takes.
    pub replaces: Option<Uuid>,
}

/// Text that is replaced.
#[derive(Clone, Debug, Serialize)]
pub struct Redaction {
    /// The version that was read.
    pub expected_version: i32,
    /// Whether everything the detectors find is masked.
    pub mask_findings: bool,
    /// Texts by their JSON pointer, with what stands there from now on.
    pub texts: Vec<(String, String)>,
}

impl Service {
    /// Takes a snapshot to be published.
    pub async fn publication_prepare(
        &self,
        caller: &Caller,
        key: Option<String>,
        input: NewPublication,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("publicationPrepare", key, &input)?);
        let result = prepare::prepare(&mut work, input).await;
        work.end(result).await
    }

    /// Replaces text of a snapshot before anybody has decided about it.
    pub async fn publication_redact(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        input: Redaction,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("publicationRedact", key, &(id, &input))?);
        let result = redact::redact(&mut work, id, input).await;
        work.end(result).await
    }

    /// Decides about a snapshot: content, secrecy, approval.
    pub async fn publication_review(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        verdict: Verdict,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("publicationReview", key, &(id, &verdict))?);
        let result = review::review(&mut work, id, verdict).await;
        work.end(result).await
    }

    /// Puts an approved snapshot before the public.
    pub async fn publication_publish(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("publicationPublish", key, &(id, expected_version))?);
        let result = publish::publish(&mut work, id, expected_version).await;
        work.end(result).await
    }

    /// Takes a publication back, with the reason.
    pub async fn publication_withdraw(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
        reason: String,
    ) -> Answer<Uuid> {
        let call = Call::new("publicationWithdraw", key, &(id, expected_version, &reason))?;
        let mut work = begin!(self, caller, call);
        let result = publish::withdraw(&mut work, id, expected_version, &reason).await;
        work.end(result).await
    }
}

/// Who somebody is to a publication by what he did to it.
pub fn subject_of<'a>(
    subject: Subject,
    steps: impl Iterator<Item = &'a publication_step::Model> + Clone,
    round: i32,
    user: Uuid,
) -> Subject {
    Subject {
        prepared_it: steps.clone().any(|step| step.user_id == user && writes(step.act)),
        decided_it: steps.clone().any(|step| step.round == round && step.decider_id == Some(user)),
        ..subject
    }
}

/// The publication under lock with what was done to it, if the policy allows `action` on it at this version.
async fn take(
    work: &Work,
    action: Action,
    id: Uuid,
    expected_version: i32,
) -> Result<(publication::Model, Vec<Visible<publication_step::Model>>), Stop> {
    let Some(row) = work.tx.locked::<publication::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let column = publication_step::Column::PublicationId;
    let steps = work.tx.visible_where::<publication_step::Entity>(&work.actor, column, &[id]).await?;
    let subject = subject_over(work, row.issuer_unit_id).await?;
    let subject = subject_of(subject, steps.iter().map(|step| &**step), row.round, work.actor.user_id);
    decide(action, subject, State { publication: Some(row.status), ..State::default() })?;
    expect_version(row.version, expected_version)?;
    Ok((row.into_inner(), steps))
}

/// Where a publication stands.
const fn course(row: &publication::Model) -> Course {
    Course { status: row.status, round: row.round }
}

/// Records what was done, under the round in which it was done; gives the row of the step.
async fn record(
    work: &Work,
    row: &publication::Model,
    round: i32,
    act: PublicationAct,
    decision: Option<PublicationDecision>,
    reason: Option<String>,
) -> Result<Uuid, Stop> {
    let step = publication_step::Model {
        id: work.id(),
        publication_id: row.id,
        task_list_id: row.task_list_id,
        round,
        act,
        decision,
        reason,
        checksum: row.checksum.clone(),
        user_id: work.actor.user_id,
        unit_id: work.actor.unit_id,
        decider_id: decides(act).then_some(work.actor.user_id),
        prepared_by: row.prepared_by,
        created_at: work.now,
    };
    let id = step.id;
    work.tx.insert::<publication_step::Entity>(step).await?;
    Ok(id)
}

/// Keeps a changed publication.
async fn keep(work: &Work, mut row: publication::Model) -> Result<(), Stop> {
    row.version += 1;
    row.updated_at = work.now;
    Ok(work.tx.update::<publication::Entity>(row).await?)
}

/// The audit row and the message of a verb; identifiers only.
fn told(work: &mut Work, row: &publication::Model, step: Uuid, topic: &str, changed: &[&'static str]) -> Uuid {
    work.audit(GlobalId::new(Kind::Publication, row.id), changed);
    let ids = json!({
        "publication": row.id,
        "publicationStep": step,
        "taskList": row.task_list_id,
        "reportingPeriod": row.reporting_period_id,
    });
    work.tell(topic, ids);
    row.id
}
