//! What the public is answered. It goes through the reader of the public alone; nobody is signed in here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use entity::publication_public;
use entity::vocabulary::PublicationKind;
use serde::Serialize;
use uuid::Uuid;

use super::findings::checksum;
use crate::clock::day_of;
use crate::documents::chart;
use crate::documents::publication::{FigureName, PublicationDocument, figures};
use crate::domain::years::is_in_years;
use crate::error::Fault;
use crate::id::{GlobalId, Kind};
use crate::service::Service;
use crate::store::{PublicFilter, PublicLine};

/// Which part of the list of what is published is asked for, as it stands in the address.
#[derive(Clone, Debug, Default)]
pub struct PublicAsk {
    /// The year.
    pub year: Option<String>,
    /// The kind.
    pub kind: Option<String>,
    /// How many.
    pub first: Option<String>,
    /// Behind this cursor.
    pub after: Option<String>,
}

/// What the public is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicAnswer {
    /// Here it is: its media type, its bytes, and what they are known by.
    Here(&'static str, String, String),
    /// It was withdrawn; the trace of it.
    Gone(String),
    /// There is nothing of the kind.
    Absent,
    /// This parameter makes no sense.
    Bad(&'static str),
}

const JSON: &str = "application/json; charset=utf-8";
const SVG: &str = "image/svg+xml; charset=utf-8";

/// One line, as the public sees it: days and no moments, and no more of a withdrawn one than that it was there.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    id: String,
    kind: PublicationKind,
    title: String,
    issuer: String,
    year: i32,
    status: &'static str,
    published_on: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn_on: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checksum: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    href: Option<String>,
}

#[derive(Serialize)]
struct List {
    items: Vec<Line>,
    next: Option<String>,
}

fn outer(id: Uuid) -> String {
    GlobalId::new(Kind::Publication, id).to_string()
}

impl From<PublicLine> for Line {
    fn from(line: PublicLine) -> Self {
        Self {
            id: outer(line.id),
            kind: line.kind,
            title: line.title,
            issuer: line.issuer,
            year: line.year,
            status: if line.withdrawn_at.is_some() { "WITHDRAWN" } else { "PUBLISHED" },
            published_on: day_of(line.published_at),
            withdrawn_on: line.withdrawn_at.map(day_of),
            replaced_by: line.replaced_by.map(outer),
            href: line.withdrawn_at.is_none().then(|| format!("/public/publications/{}", outer(line.id))),
            checksum: line.checksum,
        }
    }
}

fn json(value: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::Internal(error.to_string()))
}

fn cursor(line: &PublicLine) -> String {
    URL_SAFE_NO_PAD.encode(format!("{} {}", line.published_at.timestamp_millis(), line.id))
}

fn place(text: &str) -> Option<(DateTime<Utc>, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (at, id) = text.split_once(' ')?;
    // A cursor is written by whoever asks; PostgreSQL has no days before 4713 BC.
    let at = DateTime::from_timestamp_millis(at.parse().ok()?).filter(is_in_years)?;
    Some((at, id.parse().ok()?))
}

impl Service {
    /// What is published, the latest first.
    pub async fn public_list(&self, ask: &PublicAsk) -> Result<PublicAnswer, Fault> {
        let mut filter = PublicFilter::default();
        if let Some(year) = &ask.year {
            let Ok(year) = year.parse() else { return Ok(PublicAnswer::Bad("year")) };
            filter.year = Some(year);
        }
        if let Some(word) = &ask.kind {
            let Some(kind) = PublicationKind::ALL.iter().find(|kind| kind.as_str() == word) else {
                return Ok(PublicAnswer::Bad("kind"));
            };
            filter.kind = Some(*kind);
        }
        let limits = self.limits();
        let size = match &ask.first {
            None => limits.page_default,
            Some(text) => match text.parse::<u64>() {
                Ok(size) if (1..=limits.page_max).contains(&size) => size,
                _ => return Ok(PublicAnswer::Bad("first")),
            },
        };
        let behind = match &ask.after {
            None => None,
            Some(text) => match place(text) {
                Some(place) => Some(place),
                None => return Ok(PublicAnswer::Bad("after")),
            },
        };
        let mut lines = self.store().public_reader().page(&filter, behind, size + 1).await?;
        let more = u64::try_from(lines.len()).unwrap_or(u64::MAX) > size;
        lines.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        let next = lines.last().filter(|_| more).map(cursor);
        let body = json(&List { items: lines.into_iter().map(Line::from).collect(), next })?;
        let known_by = checksum(&body);
        Ok(PublicAnswer::Here(JSON, body, known_by))
    }

    /// One document, byte for byte as it was approved; of a withdrawn one the trace.
    pub async fn public_one(&self, id: &str) -> Result<PublicAnswer, Fault> {
        match self.published(id).await? {
            None => Ok(PublicAnswer::Absent),
            Some(row) => match (row.document.clone(), row.checksum.clone()) {
                (Some(document), Some(checksum)) => Ok(PublicAnswer::Here(JSON, document, checksum)),
                _ => Ok(PublicAnswer::Gone(json(&trace(row))?)),
            },
        }
    }

    /// One picture of a document: `by-section.svg`, `by-unit.svg`.
    pub async fn public_figure(&self, id: &str, name: &str) -> Result<PublicAnswer, Fault> {
        let wanted = match name {
            "by-section.svg" => FigureName::BySection,
            "by-unit.svg" => FigureName::ByUnit,
            _ => return Ok(PublicAnswer::Absent),
        };
        let Some(row) = self.published(id).await? else { return Ok(PublicAnswer::Absent) };
        let Some(document) = row.document.clone() else { return Ok(PublicAnswer::Gone(json(&trace(row))?)) };
        let drawn = tokio::task::spawn_blocking(move || {
            let document = PublicationDocument::read(&document).map_err(|error| Fault::Internal(error.to_string()))?;
            let all = figures(&document).unwrap_or_default();
            Ok::<_, Fault>(all.into_iter().find(|(name, _)| *name == wanted).map(|(_, chart)| chart::svg(&chart)))
        });
        let drawn = drawn.await.map_err(|error| Fault::Internal(error.to_string()))??;
        Ok(drawn.map_or(PublicAnswer::Absent, |svg| {
            let known_by = checksum(&svg);
            PublicAnswer::Here(SVG, svg, known_by)
        }))
    }

    async fn published(&self, id: &str) -> Result<Option<publication_public::Model>, Fault> {
        let key = id.parse::<GlobalId>().ok().filter(|id| id.kind == Kind::Publication);
        match key {
            Some(key) => Ok(self.store().public_reader().one(key.uuid).await?),
            None => Ok(None),
        }
    }
}

fn trace(row: publication_public::Model) -> Line {
    PublicLine {
        id: row.id,
        kind: row.kind,
        title: row.title,
        issuer: row.issuer,
        year: row.year,
        checksum: row.checksum,
        published_at: row.published_at,
        withdrawn_at: row.withdrawn_at,
        replaced_by: row.replaced_by,
    }
    .into()
}
