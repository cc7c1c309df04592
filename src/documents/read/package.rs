//! The package of an office file since 2007: a zip of XML parts, opened with its limits.

use std::cell::Cell;
use std::io::{self, BufReader, Cursor, Read};
use std::rc::Rc;

use zip::ZipArchive;
use zip::result::ZipError;

use super::xml::{self, Handler};
use super::{FileLimits, ReadError, limits};

/// An open package. Parts are found by their name only; nothing is ever written anywhere.
#[derive(Clone)]
pub(super) struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that may still be unpacked, here and in every clone.
    left: Rc<Cell<u64>>,
}

impl<'a> Package<'a> {
    /// Opens it and looks at what it says of itself.
    pub(super) fn open(bytes: &'a [u8], within: FileLimits) -> Result<Self, ReadError> {
        if entries(bytes) > within.entries {
            return Err(ReadError::TooManyEntries);
        }
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ReadError::Damaged)?;
        if zip.len() > within.entries {
            return Err(ReadError::TooManyEntries);
        }
        let mut said = 0_u64;
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).map_err(|_| ReadError::Damaged)?;
            said = said.saturating_add(entry.size());
            if entry.encrypted() {
                return Err(ReadError::Encrypted);
            }
        }
        // What is said may be a lie; what is read is counted again.
        if said > within.unpacked {
            return Err(ReadError::Bomb);
        }
        Ok(Self { zip, left: Rc::new(Cell::new(within.unpacked)) })
    }

    /// Whether there is a part of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// Whether the name of a part begins so.
    pub(super) fn has_under(&self, start: &str) -> bool {
        self.zip.file_names_raw().any(|name| name.starts_with(start.as_bytes()) && name.ends_with(b".xml"))
    }

    /// Whether the name of a part ends so.
    pub(super) fn has_ending(&self, end: &str) -> bool {
        self.zip.file_names_raw().any(|name| name.ends_with(end.as_bytes()))
    }

    /// Reads the XML of a part; false when there is no such part.
    pub(super) fn drive(&mut self, name: &str, handler: &mut dyn Handler) -> Result<bool, ReadError> {
        let entry = match self.zip.by_name(name) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) => return Ok(false),
            Err(_) => return Err(ReadError::Damaged),
        };
        let counted = Counted { inner: entry, left: &self.left };
        let read = xml::drive(BufReader::new(counted), handler);
        if self.left.get() == 0 && read.is_err() {
            return Err(ReadError::Bomb);
        }
        read.map(|()| true)
    }

    /// Where the relations of a part lead: identifier, last piece of the type, target as a part's name.
    pub(super) fn relations(&mut self, part: &str) -> Result<Vec<Relation>, ReadError> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
        let mut found = Relations { folder: folder.to_owned(), all: Vec::new() };
        self.drive(&name, &mut found)?;
        Ok(found.all)
    }

    /// The name of the main part.
    pub(super) fn main_part(&mut self, usual: &str) -> Result<String, ReadError> {
        let relations = self.relations("")?;
        let said = relations.into_iter().find(|r| r.kind == "officeDocument").map(|r| r.target);
        Ok(said.filter(|name| self.has(name)).unwrap_or_else(|| usual.to_owned()))
    }
}

/// How many entries the end of the package speaks of, before anything is made for them.
fn entries(bytes: &[u8]) -> usize {
    let tail = &bytes[bytes.len().saturating_sub(66_000)..];
    let end = tail.windows(4).rposition(|window| window == b"PK\x05\x06").map(|at| &tail[at..]);
    end.filter(|end| end.len() >= 12).map_or(0, |end| usize::from(u16::from_le_bytes([end[10], end[11]])))
}

/// One relation of a part.
pub(super) struct Relation {
    /// Its identifier.
    pub(super) id: String,
    /// The last piece of its type.
    pub(super) kind: String,
    /// The name of the part.
    pub(super) target: String,
}

struct Relations {
    folder: String,
    all: Vec<Relation>,
}

impl Handler for Relations {
    fn start(&mut self, element: &xml::Element<'_>) -> Result<(), ReadError> {
        if element.name() == "Relationship" && self.all.len() < limits::MAX_ENTRIES {
            if element.attribute("TargetMode").is_some_and(|mode| mode == "External") {
                return Ok(());
            }
            let target = element.attribute("Target").unwrap_or_default();
            let target = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => joined(&self.folder, &target),
            };
            let kind = element.attribute("Type").unwrap_or_default();
            self.all.push(Relation {
                id: element.attribute("Id").unwrap_or_default(),
                kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                target,
            });
        }
        Ok(())
    }
}

/// "xl" and "../customXml/item1.xml" lead to "customXml/item1.xml".
fn joined(folder: &str, target: &str) -> String {
    let mut pieces: Vec<&str> = folder.split('/').filter(|piece| !piece.is_empty()).collect();
    for piece in target.split('/') {
        match piece {
            "" | "." => {}
            ".." => {
                pieces.pop();
            }
            piece => pieces.push(piece),
        }
    }
    pieces.join("/")
}

/// Counts the bytes that come out of the packer.
struct Counted<'b, R> {
    inner: R,
    left: &'b Cell<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 {
            return Err(io::Error::other("unpacked too large"));
        }
        let room = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let count = self.inner.read(&mut buffer[..room])?;
        self.left.set(left - count as u64);
        Ok(count)
    }
}
