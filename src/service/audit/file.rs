//! The check of a trail that was written out: the same walk as over the database, a line at a time.

use super::lines::{FORM, Header, Line};
use super::walk::{Broken, Verified, Walk};
use crate::secrets::{Anchor, AnchorVerifier};

/// Bytes of a line at most; the longest row has a few thousand.
pub const LONGEST_LINE: u64 = 1 << 20;

/// Why a file is no whole trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadFile {
    /// This line is none of a trail, or stands where it must not.
    Line(u64),
    /// It ends before its end: the last row in it, and the one it says it goes to.
    CutShort(i64, i64),
    /// A row of it is not what it was.
    Broken(Broken),
}

impl From<Broken> for BadFile {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

/// What a file without a fault holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedFile {
    /// Its first and its last row.
    pub rows: (i64, i64),
    /// What was found on the way.
    pub done: Verified,
    /// The last row that something signed agrees with; what stands behind it agrees with itself alone.
    pub vouched: Option<i64>,
}

/// The first line of a trail.
pub fn header(text: &str) -> Option<Header> {
    let header: Header = serde_json::from_str(text).ok()?;
    let good = header.form == FORM && header.from >= 1 && header.to >= header.from && header.unchained >= 0;
    (good && (header.from == 1) == header.before.is_empty()).then_some(header)
}

/// A check on its way through a file.
pub struct FileCheck<'a> {
    header: &'a Header,
    walk: Walk<'a>,
    line: u64,
    vouched: Option<i64>,
    over: bool,
}

impl<'a> FileCheck<'a> {
    /// Behind the first line.
    pub fn new(header: &'a Header, verifier: &'a AnchorVerifier, kept: &'a [Anchor]) -> Self {
        let walk = Walk::behind(verifier, kept, header.from - 1, header.before.clone());
        Self { header, walk, line: 1, vouched: None, over: false }
    }

    /// The next line.
    pub fn line(&mut self, text: &str) -> Result<(), BadFile> {
        self.line += 1;
        let bad = BadFile::Line(self.line);
        let line = if self.over { None } else { Line::read(text) };
        match line.ok_or(bad.clone())? {
            // From before the chain: counted, and no more can be said of them.
            Line::Row(row) if row.sequence.is_none() => {
                self.walk.done.unchained += 1;
                if self.walk.done.rows > 0 || row.hash.is_some() || self.walk.done.unchained > self.header.unchained {
                    return Err(Broken::Unchained(Some(row.id)).into());
                }
            }
            Line::Row(row) => {
                let signed = self.walk.done.kept;
                self.walk.row(&row)?;
                if self.walk.number > self.header.to {
                    return Err(Broken::Beyond(self.walk.number, row.id).into());
                }
                if self.walk.done.kept > signed {
                    self.vouched = Some(self.walk.number);
                }
            }
            Line::Statement(statement) => {
                if self.walk.row.is_none() {
                    return Err(bad);
                }
                self.walk.statement(&statement)?;
                self.vouched = Some(self.walk.number);
            }
            Line::End(end) => {
                if end.end != self.walk.number || end.hash != self.walk.hash {
                    return Err(Broken::Head(self.walk.number, self.walk.row).into());
                }
                self.over = true;
            }
        }
        Ok(())
    }

    /// Behind the last line.
    pub fn end(self) -> Result<VerifiedFile, BadFile> {
        if !self.over || self.walk.number < self.header.to {
            return Err(BadFile::CutShort(self.walk.number, self.header.to));
        }
        if self.walk.done.unchained != self.header.unchained {
            return Err(Broken::Unchained(None).into());
        }
        let rows = (self.header.from, self.header.to);
        Ok(VerifiedFile { rows, done: self.walk.done, vouched: self.vouched })
    }
}
