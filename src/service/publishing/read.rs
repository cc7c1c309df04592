//! The text of a publication, for those who prepare and review it.

use std::sync::Arc;

use entity::publication_snapshot;
use uuid::Uuid;

use super::findings::checksum;
use crate::documents::chart;
use crate::documents::publication::{FigureName, PublicationDocument, figures};
use crate::error::Fault;
use crate::service::{Caller, Service};

/// A text with its pictures.
pub struct ReadDocument {
    /// The document.
    pub content: serde_json::Value,
    /// Its checksum.
    pub checksum: String,
    /// Its pictures as drawings.
    pub figures: Vec<(FigureName, String)>,
}

impl Service {
    /// The text of a publication; `None` when it is invisible.
    pub async fn publication_document(&self, caller: &Caller, id: Uuid) -> Result<Option<ReadDocument>, Fault> {
        let reader = self.store().reader_for(Arc::clone(&caller.actor));
        let kept = reader.by_keys::<publication_snapshot::Entity>(&[id]).await?.remove(&id);
        let Some(kept) = kept else { return Ok(None) };
        let read = tokio::task::spawn_blocking(move || {
            let broken = |error: serde_json::Error| Fault::Internal(error.to_string());
            let document = PublicationDocument::read(&kept.document).map_err(broken)?;
            let drawn = figures(&document).unwrap_or_default();
            Ok::<_, Fault>(ReadDocument {
                content: serde_json::from_str(&kept.document).map_err(broken)?,
                checksum: checksum(&kept.document),
                figures: drawn.into_iter().map(|(name, chart)| (name, chart::svg(&chart))).collect(),
            })
        });
        Ok(Some(read.await.map_err(|error| Fault::Internal(error.to_string()))??))
    }
}
