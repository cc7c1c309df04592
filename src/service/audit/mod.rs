//! The audit trail: statements that anchor it, and the check of the whole chain.

mod verify;
mod walk;

use std::collections::BTreeSet;
use std::time::Duration;

use entity::{audit_anchor, audit_entry};
use uuid::Uuid;

pub use self::walk::{Broken, Verified};
use super::{Caller, Service};
use crate::error::{Fault, UserErrorCode};
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

impl Service {
    /// The row of the trail.
    pub(super) fn audit_row(&self, noted: Noted<'_>, at: chrono::DateTime<chrono::Utc>) -> audit_entry::Model {
        audit_entry::Model {
            id: self.ids().next(),
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

    /// Keeps that somebody reached for what is not his to see or to do; other refusals are slips of the pen. Nothing was
    /// changed, so the trail is all there is to write; where it can't be written the refusal stands all the same.
    pub async fn audit_refusal(
        &self,
        caller: &Caller,
        operation: &str,
        codes: impl IntoIterator<Item = UserErrorCode>,
    ) {
        let reasons: BTreeSet<&'static str> = codes
            .into_iter()
            .filter_map(|code| match code {
                UserErrorCode::Forbidden => Some("FORBIDDEN"),
                UserErrorCode::NotFound => Some("NOT_FOUND"),
                _ => None,
            })
            .collect();
        if reasons.is_empty() {
            return;
        }
        let noted = Noted { operation, reasons: reasons.into_iter().collect(), ..Noted::by(caller) };
        if let Err(error) = self.audit_alone(noted).await {
            tracing::error!(%error, operation, "a refusal could not be kept in the audit trail");
        }
    }

    /// Keeps that a file was given out; without this it is not.
    pub(super) async fn audit_download(&self, caller: &Caller, file: Uuid) -> Result<(), Fault> {
        let object = Some(GlobalId::new(Kind::File, file));
        Ok(self.audit_alone(Noted { operation: "fileDownload", object, ..Noted::by(caller) }).await?)
    }

    /// Adds a row beside which nothing is changed.
    async fn audit_alone(&self, noted: Noted<'_>) -> Result<(), StoreError> {
        let tx = self.store().begin().await?;
        tx.audit(vec![self.audit_row(noted, self.clock().now())]).await?;
        Ok(tx.commit().await?)
    }

    /// States how far the trail has come, now and then, for ever.
    pub async fn audit_anchors_run(&self, maker: &AnchorMaker) {
        loop {
            match self.audit_anchor(maker).await {
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "the audit trail can't be anchored at the moment"),
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
