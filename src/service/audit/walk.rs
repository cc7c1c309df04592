//! One pass over the chain: each row against the one before it, and against every signed statement about it.

use entity::{audit_anchor, audit_entry};
use uuid::Uuid;

use crate::secrets::{Anchor, AnchorVerifier};
use crate::store::audit_chain::link;

/// A chain without a fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Its rows.
    pub rows: i64,
    /// The signed statements beside it that agree with it.
    pub anchors: u64,
    /// The statements kept elsewhere that agree with it.
    pub kept: u64,
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
    /// A row that the chain knows nothing of: before its beginning or behind its end.
    Beyond(i64, Uuid),
    /// The chain ends with this row and is whole; what is kept of its end says otherwise, or is gone.
    Head(i64, Option<Uuid>),
    /// A row without a number that was not there when the chain began, or one of those is gone.
    Unchained(Option<Uuid>),
    /// What stands beside this row as a signed statement was signed by no known key, or is about another row.
    Statement(i64, Option<Uuid>),
    /// A signed statement beside the chain says otherwise about this row.
    Anchor(i64, Uuid),
    /// A statement kept elsewhere says otherwise about this row.
    Kept(i64, Uuid),
}

/// How far a pass has come.
pub(super) struct Walk<'a> {
    verifier: &'a AnchorVerifier,
    kept: Vec<&'a Anchor>,
    pub(super) done: Verified,
    /// The number, the key and the hash of the row it stands at.
    pub(super) number: i64,
    pub(super) row: Option<Uuid>,
    pub(super) hash: String,
}

impl<'a> Walk<'a> {
    /// Behind the row `number`, whose hash was `hash`; at the beginning 0 and nothing.
    pub(super) fn behind(verifier: &'a AnchorVerifier, kept: &'a [Anchor], number: i64, hash: String) -> Self {
        let mut kept: Vec<&Anchor> = kept.iter().collect();
        kept.sort_by_key(|anchor| anchor.sequence);
        Self { verifier, kept, done: Verified::default(), number, row: None, hash }
    }

    /// The next row, which must go on from the one before it and agree with everything that was ever said about it.
    pub(super) fn row(&mut self, row: &audit_entry::Model) -> Result<(), Broken> {
        let expected = self.number + 1;
        let number = row.sequence.unwrap_or_default();
        if number > expected {
            return Err(Broken::Missing(expected));
        }
        if number <= 0 {
            return Err(Broken::Beyond(number, row.id));
        }
        let hash = link(&self.hash, row);
        if number != expected || row.hash.as_deref() != Some(&hash) {
            return Err(Broken::Altered(number, row.id));
        }
        let from = self.kept.partition_point(|anchor| anchor.sequence < number);
        for anchor in self.kept[from..].iter().take_while(|anchor| anchor.sequence == number) {
            if anchor.hash != hash {
                return Err(Broken::Kept(number, row.id));
            }
            self.done.kept += 1;
        }
        (self.number, self.row, self.hash) = (number, Some(row.id), hash);
        self.done.rows += 1;
        Ok(())
    }

    /// A statement beside the row it stands at.
    pub(super) fn statement(&mut self, statement: &str) -> Result<(), Broken> {
        let Some(said) = self.verifier.read(statement).filter(|said| said.sequence == self.number) else {
            return Err(Broken::Statement(self.number, self.row));
        };
        match self.row {
            Some(row) if said.hash != self.hash => Err(Broken::Anchor(self.number, row)),
            _ => {
                self.done.anchors += 1;
                Ok(())
            }
        }
    }

    /// The next row with the statements beside it.
    pub(super) fn row_and_statements(
        &mut self,
        row: &audit_entry::Model,
        anchors: &[audit_anchor::Model],
    ) -> Result<(), Broken> {
        self.row(row)?;
        let from = anchors.partition_point(|anchor| anchor.sequence < self.number);
        let number = self.number;
        let beside = anchors[from..].iter().take_while(|anchor| anchor.sequence == number);
        beside.map(|anchor| anchor.statement.as_str()).try_for_each(|statement| self.statement(statement))
    }

    /// The last statement kept elsewhere about a row behind this one.
    pub(super) fn kept_beyond(&self) -> Option<&'a Anchor> {
        self.kept.last().copied().filter(|anchor| anchor.sequence > self.number)
    }
}
