//! The audit trail: statements that anchor it, and the check of the whole chain.

mod asked;
mod export;
mod file;
mod lines;
mod verify;
mod walk;

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::{audit_anchor, audit_entry};
use uuid::Uuid;

pub use self::asked::{Asked, MOST};
pub use self::export::{ExportStop, Mark, keep_alone};
pub use self::file::{BadFile, FileCheck, LONGEST_LINE, VerifiedFile, header};
pub use self::lines::{Header, key_set};
pub use self::walk::{Broken, Verified};
use super::rounds::round;
use super::{Caller, Service};
use crate::error::{Fault, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::secrets::AnchorMaker;
use crate::store::StoreError;

/// How often a running server states how far the trail has come.
const PAUSE: Duration = Duration::from_secs(3_600);

/// Something that was done or refused, before it has its place in the chain.
#[derive(Clone, Debug, Default)]
pub(super) struct Noted<'a> {
    /// Who, if known.
    pub user: Option<Uuid>,
    /// For which unit, if known.
    pub unit: Option<Uuid>,
    /// What was asked.
    pub operation: &'a str,
    /// What it was about.
    pub object: Option<GlobalId>,
    /// The names of the changed fields.
    pub changed: Option<Vec<&'a str>>,
    /// In which request.
    pub request: &'a str,
    /// From which address, if from one.
    pub address: Option<String>,
    /// Why it was refused; empty when it was done.
    pub reasons: Vec<&'static str>,
}

impl<'a> Noted<'a> {
    /// Something of a caller.
    pub(super) fn by(caller: &'a Caller) -> Self {
        let actor = &caller.actor;
        let (user, unit) = (Some(actor.user_id), Some(actor.unit_id));
        Self { user, unit, request: &caller.request_id, address: caller.address.clone(), ..Self::default() }
    }
}

fn row_of(noted: Noted<'_>, id: Uuid, at: DateTime<Utc>) -> audit_entry::Model {
    audit_entry::Model {
        id,
        at,
        user_id: noted.user,
        unit_id: noted.unit,
        operation: noted.operation.to_owned(),
        object_type: noted.object.as_ref().map(|object| object.kind.prefix().to_owned()),
        object_id: noted.object.map(|object| object.uuid),
        result: if noted.reasons.is_empty() { "DONE" } else { "REFUSED" }.to_owned(),
        changed: noted.changed.map(|changed| serde_json::json!(changed)),
        request_id: noted.request.to_owned(),
        sequence: None,
        hash: None,
        address: noted.address,
        reasons: (!noted.reasons.is_empty()).then(|| noted.reasons.join(" ")),
    }
}

/// Why something was refused, as far as that is kept.
type Reasons = BTreeSet<&'static str>;

fn reason(code: UserErrorCode) -> Option<&'static str> {
    match code {
        UserErrorCode::Forbidden => Some("FORBIDDEN"),
        UserErrorCode::NotFound => Some("NOT_FOUND"),
        _ => None,
    }
}

fn reasons(codes: impl IntoIterator<Item = UserErrorCode>) -> Reasons {
    codes.into_iter().filter_map(reason).collect()
}

impl Service {
    /// The row of the trail.
    pub(super) fn audit_row(&self, noted: Noted<'_>, at: DateTime<Utc>) -> audit_entry::Model {
        row_of(noted, self.ids().next(), at)
    }

    /// Keeps that somebody reached for what is not his to see or to do, and what that was, whether there is such a thing or
    /// not; other refusals are slips of the pen. Nothing was changed, so the trail is all there is to write; where it can't
    /// be written the refusal stands all the same.
    pub(super) async fn audit_refusal(&self, caller: &Caller, operation: &str, errors: &[UserError]) {
        let kept: Vec<&UserError> = errors.iter().filter(|error| reason(error.code).is_some()).collect();
        let object = caller.asked.refused(kept.first().copied());
        self.audit_refused(caller, operation, vec![(object, reasons(kept.iter().map(|error| error.code)))]).await;
    }

    /// The same of a verb that is closed to him altogether.
    pub async fn audit_closed(&self, caller: &Caller, operation: &str) {
        let object = caller.asked.refused(None);
        self.audit_refused(caller, operation, vec![(object, reasons([UserErrorCode::Forbidden]))]).await;
    }

    /// The same of each item of a verb on many things, in the order of its input; a row for each thing.
    pub(super) async fn audit_refused_items(&self, caller: &Caller, operation: &str, items: &[Vec<UserErrorCode>]) {
        let items = items.iter().enumerate();
        let refused = items.map(|(nth, codes)| (caller.asked.item(nth), reasons(codes.iter().copied())));
        self.audit_refused(caller, operation, refused.collect()).await;
    }

    async fn audit_refused(&self, caller: &Caller, operation: &str, refused: Vec<(Option<GlobalId>, Reasons)>) {
        let refused = refused.into_iter().filter(|(_, reasons)| !reasons.is_empty());
        let noted = refused.map(|(object, reasons)| {
            let reasons = reasons.into_iter().collect();
            Noted { operation, object, reasons, ..Noted::by(caller) }
        });
        let noted: Vec<_> = noted.collect();
        if noted.is_empty() {
            return;
        }
        if let Err(error) = self.audit_alone(noted).await {
            tracing::error!(%error, operation, "a refusal could not be kept in the audit trail");
        }
    }

    /// Keeps that a file was given out; without this it is not.
    pub(super) async fn audit_download(&self, caller: &Caller, file: Uuid) -> Result<(), Fault> {
        let object = Some(GlobalId::new(Kind::File, file));
        Ok(self.audit_alone(vec![Noted { operation: "fileDownload", object, ..Noted::by(caller) }]).await?)
    }

    /// Keeps that somebody asked for a file that is not there for him.
    pub(super) async fn audit_no_download(&self, caller: &Caller, file: Uuid) {
        let asked = Asked::one(GlobalId::new(Kind::File, file));
        let caller = Caller { asked, ..caller.clone() };
        self.audit_refusal(&caller, "fileDownload", &[UserError::not_found()]).await;
    }

    /// Adds rows beside which nothing is changed.
    async fn audit_alone(&self, noted: Vec<Noted<'_>>) -> Result<(), StoreError> {
        let now = self.clock().now();
        let tx = self.store().begin().await?;
        tx.audit(noted.into_iter().map(|noted| self.audit_row(noted, now)).collect()).await?;
        Ok(tx.commit().await?)
    }

    /// States how far the trail has come, now and then, for ever, and gives each statement to be kept elsewhere; what could
    /// not be kept is given again.
    pub async fn audit_anchors_run(&self, maker: &AnchorMaker, mut keep: impl FnMut(&str) -> bool + Send) {
        let mut last = None;
        loop {
            match round("audit anchors", self.audit_anchor(maker)).await {
                Some(Ok(Some(statement))) if last.as_ref() != Some(&statement) => {
                    if keep(&statement) {
                        last = Some(statement);
                    }
                }
                None | Some(Ok(_)) => {}
                Some(Err(error)) => tracing::warn!(%error, "the audit trail can't be anchored at the moment"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// States how far the trail has come; the last statement where nothing was added since, none where there is nothing yet.
    pub async fn audit_anchor(&self, maker: &AnchorMaker) -> Result<Option<String>, Fault> {
        let head = self.store().audit_head().await?;
        if head.sequence == 0 {
            return Ok(None);
        }
        if let Some(last) = self.store().audit_last_anchor().await?
            && last.sequence >= head.sequence
        {
            return Ok(Some(last.statement));
        }
        let now = self.clock().now();
        let signed = maker.sign(head.sequence, &head.hash, now).map_err(|error| Fault::Internal(error.to_string()))?;
        let row = audit_anchor::Model {
            id: self.ids().next(),
            sequence: head.sequence,
            statement: signed.clone(),
            created_at: now,
        };
        let tx = self.store().begin().await.map_err(StoreError::from)?;
        match tx.insert::<audit_anchor::Entity>(row).await {
            // Another program stated the same at the same time.
            Err(StoreError::Unique) => return Ok(Some(signed)),
            other => other?,
        }
        tx.commit().await.map_err(StoreError::from)?;
        Ok(Some(signed))
    }
}
