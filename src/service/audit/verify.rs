//! The check of the whole chain, row by row, with bounded memory; the first thing that is wrong is named.

use entity::{audit_anchor, audit_entry};
use uuid::Uuid;

use crate::error::Fault;
use crate::secrets::{Anchor, AnchorVerifier};
use crate::service::Service;
use crate::store::audit_chain::link;

/// Rows that are read at a time.
const PORTION: u64 = 1_000;

/// A chain without a fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Its rows.
    pub rows: i64,
    /// The signed statements that agree with it.
    pub anchors: u64,
    /// Rows from before it began, about which it says nothing.
    pub unchained: i64,
}

/// The first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The row with this number is not there.
    Missing(i64),
    /// This row is not what it was when it was written.
    Altered(i64, Uuid),
    /// The chain says it ends before this row, or otherwise than it does.
    Beyond(i64, Uuid),
    /// A row without a number that was not there when the chain began, or one of those is gone.
    Unchained(Option<Uuid>),
    /// A signed statement about this row that no known key signed, or that says something else.
    Anchor(i64),
}

/// How far the check has come.
struct Walk<'a> {
    verifier: &'a AnchorVerifier,
    kept: Option<&'a Anchor>,
    done: Verified,
    hash: String,
}

impl Service {
    /// Walks the whole chain, and compares it with the signed statements; with `kept` as well, one that was kept elsewhere.
    pub async fn audit_verify(
        &self,
        verifier: &AnchorVerifier,
        kept: Option<&Anchor>,
    ) -> Result<Result<Verified, Broken>, Fault> {
        // Taken first: what is added meanwhile lies behind it and is not looked at.
        let head = self.store().audit_head().await?;
        let mut walk = Walk { verifier, kept, done: Verified::default(), hash: String::new() };
        let mut last = None;
        loop {
            let rows = self.store().audit_rows(walk.done.rows, PORTION).await?;
            let Some(end) = rows.last().and_then(|row| row.sequence) else { break };
            let anchors = self.store().audit_anchors(walk.done.rows, PORTION).await?;
            let within: Vec<_> = anchors.into_iter().filter(|anchor| anchor.sequence <= end).collect();
            for row in rows {
                if walk.done.rows == head.sequence {
                    last = last.or(Some(row));
                    break;
                }
                if let Err(broken) = walk.row(&row, &within) {
                    return Ok(Err(broken));
                }
            }
            if walk.done.rows == head.sequence {
                break;
            }
        }
        if walk.done.rows < head.sequence {
            return Ok(Err(Broken::Missing(walk.done.rows + 1)));
        }
        if walk.hash != head.hash {
            return Ok(Err(Broken::Altered(walk.done.rows, Uuid::nil())));
        }
        if let Some(broken) = self.audit_beyond(&walk, head.sequence, last).await? {
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
    async fn audit_beyond(
        &self,
        walk: &Walk<'_>,
        end: i64,
        next: Option<audit_entry::Model>,
    ) -> Result<Option<Broken>, Fault> {
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
        if let Some(kept) = walk.kept.filter(|kept| kept.sequence > end) {
            return Ok(Some(Broken::Missing(kept.sequence)));
        }
        let beyond = self.store().audit_anchors(end, 1).await?.pop();
        let head = self.store().audit_head().await?.sequence;
        Ok(beyond.filter(|anchor| anchor.sequence > head).map(|anchor| Broken::Missing(anchor.sequence)))
    }
}

impl Walk<'_> {
    fn row(&mut self, row: &audit_entry::Model, anchors: &[audit_anchor::Model]) -> Result<(), Broken> {
        let expected = self.done.rows + 1;
        let number = row.sequence.unwrap_or_default();
        if number > expected {
            return Err(Broken::Missing(expected));
        }
        let hash = link(&self.hash, row);
        if number != expected || row.hash.as_deref() != Some(&hash) {
            return Err(Broken::Altered(number, row.id));
        }
        if self.kept.is_some_and(|kept| kept.sequence == number && kept.hash != hash) {
            return Err(Broken::Anchor(number));
        }
        for anchor in anchors.iter().filter(|anchor| anchor.sequence == number) {
            let read = self.verifier.read(&anchor.statement);
            if read.is_none_or(|said| said.sequence != number || said.hash != hash) {
                return Err(Broken::Anchor(number));
            }
            self.done.anchors += 1;
        }
        self.done.rows = expected;
        self.hash = hash;
        Ok(())
    }
}
