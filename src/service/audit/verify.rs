//! The check of the whole chain, row by row, with bounded memory; the first thing that is wrong is named.

use entity::audit_entry;

use super::walk::{Broken, Verified, Walk};
use crate::error::Fault;
use crate::secrets::{Anchor, AnchorVerifier};
use crate::service::Service;
use crate::store::audit_chain::link;

/// Rows that are read at a time.
const PORTION: u64 = 1_000;

impl Service {
    /// Walks the whole chain, and compares it with the signed statements beside it and with those kept elsewhere.
    pub async fn audit_verify(
        &self,
        verifier: &AnchorVerifier,
        kept: &[Anchor],
    ) -> Result<Result<Verified, Broken>, Fault> {
        // Taken first: what is added meanwhile lies behind it and is not looked at.
        let Some(head) = self.store().audit_head_kept().await? else { return Ok(Err(Broken::Head(0, None))) };
        let mut walk = Walk::behind(verifier, kept, 0, String::new());
        let mut next = None;
        // From before the first number there is: a row or a statement that was put there has no place in the chain.
        let mut behind = i64::MIN;
        while next.is_none() {
            let rows = self.store().audit_rows(behind, PORTION).await?;
            let Some(end) = rows.last().and_then(|row| row.sequence) else { break };
            let mut anchors = self.store().audit_anchors(behind, PORTION).await?;
            anchors.retain(|anchor| anchor.sequence <= end);
            behind = end;
            if let Some(stray) = anchors.first().filter(|anchor| anchor.sequence <= 0) {
                return Ok(Err(Broken::Statement(stray.sequence, None)));
            }
            for row in rows {
                if walk.number == head.sequence {
                    next = Some(row);
                    break;
                }
                if let Err(broken) = walk.row_and_statements(&row, &anchors) {
                    return Ok(Err(broken));
                }
            }
        }
        if walk.number < head.sequence {
            return Ok(Err(Broken::Missing(walk.number + 1)));
        }
        if walk.number != head.sequence || walk.hash != head.hash {
            return Ok(Err(Broken::Head(walk.number, walk.row)));
        }
        if let Some(broken) = self.audit_beyond(&walk, next).await? {
            return Ok(Err(broken));
        }
        let passed = u64::try_from(head.unchained).unwrap_or_default();
        let (unchained, stranger) = self.store().audit_unchained(passed).await?;
        if unchained != passed {
            return Ok(Err(Broken::Unchained(stranger)));
        }
        walk.done.unchained = head.unchained;
        Ok(Ok(walk.done))
    }

    /// What stands behind the end that the chain had when the check began: it must go on from there.
    async fn audit_beyond(&self, walk: &Walk<'_>, next: Option<audit_entry::Model>) -> Result<Option<Broken>, Fault> {
        let end = walk.number;
        let next = match next {
            Some(row) => Some(row),
            None => self.store().audit_rows(end, 1).await?.pop(),
        };
        if let Some(row) = next
            && (self.store().audit_head().await?.sequence == end
                || row.sequence != Some(end + 1)
                || row.hash.as_deref() != Some(&link(&walk.hash, &row)))
        {
            return Ok(Some(Broken::Beyond(row.sequence.unwrap_or_default(), row.id)));
        }
        if let Some(kept) = walk.kept_beyond() {
            return Ok(Some(Broken::Missing(kept.sequence)));
        }
        let beyond = self.store().audit_anchors(end, 1).await?.pop();
        let head = self.store().audit_head().await?.sequence;
        Ok(beyond.filter(|anchor| anchor.sequence > head).map(|anchor| Broken::Missing(anchor.sequence)))
    }
}
