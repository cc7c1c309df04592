//! The door of the public: what is published, and nothing else of the database.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::vocabulary::PublicationKind;
use entity::{publication_public, publication_step};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::scope;
use super::{Reader, Store, StoreError, Visible};

/// Reads what is published. It has no principal and no way to any other table.
pub struct PublicReader(Store);

/// A place in the list of what is published: the moment of publishing, and the key.
pub type PublicPlace = (DateTime<Utc>, Uuid);

/// A line of that list; the documents themselves are not read for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicLine {
    /// The identifier.
    pub id: Uuid,
    /// What it is.
    pub kind: PublicationKind,
    /// The title.
    pub title: String,
    /// Who publishes it.
    pub issuer: String,
    /// The year of the list.
    pub year: i32,
    /// The checksum of the document; none when it was withdrawn.
    pub checksum: Option<String>,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// What took its place.
    pub replaced_by: Option<Uuid>,
}

/// Which lines are asked for.
#[derive(Clone, Debug, Default)]
pub struct PublicFilter {
    /// Of this year.
    pub year: Option<i32>,
    /// Of this kind.
    pub kind: Option<PublicationKind>,
}

impl Store {
    /// The reader of the public.
    pub fn public_reader(&self) -> PublicReader {
        PublicReader(self.clone())
    }
}

impl PublicReader {
    /// Up to `size` lines behind a place, the latest first.
    pub async fn page(
        &self,
        filter: &PublicFilter,
        behind: Option<PublicPlace>,
        size: u64,
    ) -> Result<Vec<PublicLine>, StoreError> {
        use publication_public::Column;
        let mut wanted = Condition::all();
        if let Some(year) = filter.year {
            wanted = wanted.add(Column::Year.eq(year));
        }
        if let Some(kind) = filter.kind {
            wanted = wanted.add(Column::Kind.eq(kind));
        }
        if let Some((at, key)) = behind {
            let same = Condition::all().add(Column::PublishedAt.eq(at)).add(Column::Id.lt(key));
            wanted = wanted.add(Condition::any().add(Column::PublishedAt.lt(at)).add(same));
        }
        type Line = (
            Uuid,
            PublicationKind,
            String,
            String,
            i32,
            Option<String>,
            DateTime<Utc>,
            Option<DateTime<Utc>>,
            Option<Uuid>,
        );
        let lines: Vec<Line> = scope::public()
            .filter(wanted)
            .select_only()
            .columns([Column::Id, Column::Kind, Column::Title, Column::Issuer, Column::Year])
            .columns([Column::Checksum, Column::PublishedAt, Column::WithdrawnAt, Column::ReplacedBy])
            .order_by_desc(Column::PublishedAt)
            .order_by_desc(Column::Id)
            .limit(size)
            .into_tuple()
            .all(self.0.reader())
            .await?;
        let line = |(id, kind, title, issuer, year, checksum, published_at, withdrawn_at, replaced_by): Line| {
            PublicLine { id, kind, title, issuer, year, checksum, published_at, withdrawn_at, replaced_by }
        };
        Ok(lines.into_iter().map(line).collect())
    }

    /// One publication, published or withdrawn; nothing of what never was public.
    pub async fn one(&self, id: Uuid) -> Result<Option<publication_public::Model>, StoreError> {
        Ok(scope::public().filter(publication_public::Column::Id.eq(id)).one(self.0.reader()).await?)
    }
}

impl Reader {
    /// What was done to each of these publications, as far as it is visible, in its order.
    pub async fn publication_steps(
        &self,
        publications: &[Uuid],
    ) -> Result<HashMap<Uuid, Vec<Visible<publication_step::Model>>>, StoreError> {
        let column = publication_step::Column::PublicationId;
        let mut steps: HashMap<Uuid, Vec<Visible<publication_step::Model>>> = HashMap::new();
        for row in self.rows_where::<publication_step::Entity>(column, publications).await? {
            steps.entry(row.publication_id).or_default().push(row);
        }
        Ok(steps)
    }
}
