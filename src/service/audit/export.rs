//! The trail, or a part of it, written out a portion at a time.

use std::io;

use chrono::NaiveDate;
use serde::Serialize;

use super::lines::{End, FORM, Header, Jwk, Row, Statement};
use super::{Noted, row_of};
use crate::clock::end_of;
use crate::error::Fault;
use crate::secrets::PublicKey;
use crate::service::Service;
use crate::store::StoreError;

/// Rows that are read at a time.
const PORTION: u64 = 1_000;

/// Where a part of the trail begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// With the row of this number.
    Number(i64),
    /// With the rows of this day.
    Day(NaiveDate),
}

/// Why nothing, or not everything, was written.
#[derive(Debug, thiserror::Error)]
pub enum ExportStop {
    /// There is no row in this part of the trail.
    #[error("no rows")]
    Nothing,
    /// A row of the part is not there, or is not one of the chain: the file would be no trail.
    #[error("row {0} is missing")]
    Broken(i64),
    /// What it is written to takes no more.
    #[error(transparent)]
    Unwritable(#[from] io::Error),
    /// A fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StoreError> for ExportStop {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

/// Who takes the lines.
type Take<'a> = dyn FnMut(&str) -> io::Result<()> + Send + 'a;

impl Service {
    /// Keeps that the trail is written out, and from where to where that was asked.
    pub async fn audit_export_noted(&self, from: Option<Mark>, to: Option<Mark>) -> Result<(), Fault> {
        let said = |word: &str, mark: Mark| match mark {
            Mark::Number(number) => format!("{word} {number}"),
            Mark::Day(day) => format!("{word} {day}"),
        };
        let marks: Vec<String> =
            from.map(|mark| said("from", mark)).into_iter().chain(to.map(|mark| said("to", mark))).collect();
        let changed = marks.iter().map(String::as_str).collect();
        let noted = Noted { operation: "auditExport", changed: Some(changed), request: "operator", ..Noted::default() };
        Ok(self.audit_alone(vec![noted]).await?)
    }

    /// Writes the rows from one mark to another, the whole trail without them, with the statements about them; how many rows.
    pub async fn audit_export(
        &self,
        issuer: &str,
        keys: &[PublicKey],
        (from, to): (Option<Mark>, Option<Mark>),
        take: &mut Take<'_>,
    ) -> Result<i64, ExportStop> {
        let head = self.store().audit_head().await?;
        let first = match from {
            None => Some(1),
            Some(Mark::Number(number)) => Some(number.max(1)),
            Some(Mark::Day(day)) => {
                let begins = day.pred_opt().map(end_of).unwrap_or_default();
                self.store().audit_first_from(begins).await?
            }
        };
        let last = match to {
            None => Some(head.sequence),
            Some(Mark::Number(number)) => Some(number.min(head.sequence)),
            Some(Mark::Day(day)) => self.store().audit_last_until(end_of(day)).await?,
        };
        let (Some(first), Some(last)) = (first, last) else { return Err(ExportStop::Nothing) };
        if first > last {
            return Err(ExportStop::Nothing);
        }
        let before = match first {
            1 => String::new(),
            _ => self.audit_hash_of(first - 1).await?,
        };
        // Those from before the chain belong to its beginning.
        let whole = first == 1;
        let unchained = if whole { head.unchained } else { 0 };
        let header = Header {
            form: FORM.to_owned(),
            issuer: issuer.to_owned(),
            made_at: self.clock().now(),
            from: first,
            to: last,
            before: before.clone(),
            unchained,
            keys: keys.iter().map(Jwk::of).collect(),
        };
        write(take, &header)?;
        if whole {
            self.audit_export_unchained(take).await?;
        }
        let mut end = End { end: first - 1, hash: before };
        while end.end < last {
            let behind = end.end;
            let rows = self.store().audit_rows(behind, PORTION).await?;
            let Some(until) = rows.last().and_then(|row| row.sequence) else {
                return Err(ExportStop::Broken(behind + 1));
            };
            let anchors = self.store().audit_anchors(behind, PORTION).await?;
            let mut anchors = anchors.into_iter().filter(|anchor| anchor.sequence <= until.min(last)).peekable();
            for row in rows {
                let (Some(number), Some(hash)) = (row.sequence, row.hash.clone()) else {
                    return Err(ExportStop::Broken(end.end + 1));
                };
                if number > last {
                    break;
                }
                if number != end.end + 1 {
                    return Err(ExportStop::Broken(end.end + 1));
                }
                write(take, &Row::from(row))?;
                while let Some(anchor) = anchors.next_if(|anchor| anchor.sequence <= number) {
                    write(take, &Statement { anchor: anchor.statement })?;
                }
                end = End { end: number, hash };
            }
        }
        write(take, &end)?;
        Ok(last - first + 1)
    }

    async fn audit_export_unchained(&self, take: &mut Take<'_>) -> Result<(), ExportStop> {
        let mut behind = None;
        loop {
            let rows = self.store().audit_unchained_rows(behind, PORTION).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            behind = Some(last.id);
            for row in rows {
                write(take, &Row::from(row))?;
            }
        }
    }

    async fn audit_hash_of(&self, number: i64) -> Result<String, ExportStop> {
        let row = self.store().audit_rows(number - 1, 1).await?.pop().filter(|row| row.sequence == Some(number));
        row.and_then(|row| row.hash).ok_or(ExportStop::Broken(number))
    }
}

fn write(take: &mut Take<'_>, line: &impl Serialize) -> Result<(), ExportStop> {
    let text = serde_json::to_string(line).map_err(|error| Fault::Internal(error.to_string()))?;
    Ok(take(&text)?)
}

/// Keeps something done at the machine where there is a database and nothing else.
pub async fn keep_alone(
    store: &crate::store::Store,
    ids: &dyn crate::id::IdMaker,
    operation: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), StoreError> {
    let noted = Noted { operation, request: "operator", ..Noted::default() };
    let tx = store.begin().await?;
    tx.audit(vec![row_of(noted, ids.next(), now)]).await?;
    Ok(tx.commit().await?)
}
