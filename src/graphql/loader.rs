//! Loaders: made per request, holding the actor, so that nothing is shared between principals.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use chrono::NaiveDate;
use entity::{
    assignment, assignment_response, period_freeze, period_reopening, progress_report, progress_report_revision,
    publication_step, unit,
};
use uuid::Uuid;

use super::context::RequestContext;
use super::user_error::top_level;
use crate::error::Fault;
use crate::store::after_issue::Receipt;
use crate::store::reader::PeriodCounts;
use crate::store::report_history::Place;
use crate::store::reports::{ListStanding, UnitInPeriod};
use crate::store::scope::Scoped;
use crate::store::sign_in::WayIn;
use crate::store::{Page, PageQuery, Reader, StoreError, Visible};

/// Loads many at once for one actor.
pub struct Batch {
    reader: Reader,
}

/// An error of a batch, shared by all who waited for it.
pub type LoadError = Arc<StoreError>;

impl Batch {
    /// For the actor of `reader`.
    pub fn new(reader: Reader) -> Self {
        Self { reader }
    }
}

/// One row by its key.
pub struct ByKey<E>(pub Uuid, PhantomData<fn() -> E>);

/// One page of a nested connection: the parent, and the question that all parents share.
pub struct ByParent<E: Scoped> {
    parent: Uuid,
    fingerprint: Arc<str>,
    query: Arc<PageQuery<E>>,
}

macro_rules! plain_key {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        $($(#[$doc])* #[derive(Clone, Copy, PartialEq, Eq, Hash)] pub struct $name(pub Uuid);)+
    };
}

plain_key! {
    /// The other names of a unit.
    AliasesOfUnit,
    /// The other names of a group.
    AliasesOfGroup,
    /// A unit with all above it.
    AncestorsOf,
    /// The report of an obligation.
    ReportOfObligation,
    /// The latest report of an assignment.
    LatestReportOf,
    /// The counts of a period.
    CountsOfPeriod,
    /// The issuer and state of a list, for those who report or review.
    StandingOfList,
    /// The actor's own assignments on a task.
    OwnAssignmentsOn,
    /// The answer to an assignment.
    ResponseTo,
    /// How far the receipt of a list is.
    ReceiptOf,
    /// Who joined the group of an assignment since.
    AddedSince,
    /// What a unit became.
    SuccessorOf,
    /// The latest frozen sums of a period.
    LatestFreezeOf,
    /// The reopenings of a period.
    ReopeningsOf,
    /// The lead that reports for all on a task.
    ReportingLeadOn,
    /// The revision before a revision.
    RevisionBefore,
    /// A list, if the actor sees it whole.
    ListSeenWhole,
    /// What was done to a publication.
    StepsOfPublication,
    /// The issuer and state of the list a rectification belongs to.
    StandingOfRectification,
    /// How many tasks of a list have a unit on them that is out of use.
    TasksWithEndedUnits,
    /// The lists that a grant names.
    ListsOfGrant,
    /// The lists that a request for a grant names.
    ListsOfGrantRequest,
    /// How a user who is kept comes in.
    WayInOf,
}

/// Whether without a grant nobody would keep the users, or the grants, of the place on a day.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LastOfPlace(pub Uuid, pub NaiveDate);

impl Loader<LastOfPlace> for Batch {
    type Value = bool;
    type Error = LoadError;

    async fn load(&self, keys: &[LastOfPlace]) -> Result<HashMap<LastOfPlace, Self::Value>, LoadError> {
        let Some(LastOfPlace(_, today)) = keys.first().copied() else { return Ok(HashMap::new()) };
        let asked: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let last = self.reader.last_of_places(&asked, today).await?;
        Ok(keys.iter().map(|key| (*key, last.contains(&key.0))).collect())
    }
}

/// What would be carried forward: task, unit, period.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct HandedInBefore(pub Place);

impl Loader<HandedInBefore> for Batch {
    type Value = Visible<progress_report_revision::Model>;
    type Error = LoadError;

    async fn load(&self, keys: &[HandedInBefore]) -> Result<HashMap<HandedInBefore, Self::Value>, LoadError> {
        let places: Vec<Place> = keys.iter().map(|key| key.0).collect();
        let found = self.reader.handed_in_before(&places).await?;
        Ok(found.into_iter().map(|(place, row)| (HandedInBefore(place), row)).collect())
    }
}

/// The days of their own of what a unit still owes in a period.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DaysOwed(pub UnitInPeriod);

impl Loader<DaysOwed> for Batch {
    type Value = Vec<Option<NaiveDate>>;
    type Error = LoadError;

    async fn load(&self, keys: &[DaysOwed]) -> Result<HashMap<DaysOwed, Self::Value>, LoadError> {
        let asked: Vec<UnitInPeriod> = keys.iter().map(|key| key.0).collect();
        let found = self.reader.days_owed(&asked).await?;
        Ok(found.into_iter().map(|(one, days)| (DaysOwed(one), days)).collect())
    }
}

/// Whether something that a notice is about is still owed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct StillOwed(pub Uuid);

impl Loader<StillOwed> for Batch {
    type Value = bool;
    type Error = LoadError;

    async fn load(&self, keys: &[StillOwed]) -> Result<HashMap<StillOwed, Self::Value>, LoadError> {
        let asked: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let owed = self.reader.notices_still_owed(&asked).await?;
        Ok(asked.into_iter().map(|notice| (StillOwed(notice), owed.contains(&notice))).collect())
    }
}

impl<E> Clone for ByKey<E> {
    fn clone(&self) -> Self {
        Self(self.0, PhantomData)
    }
}
impl<E> PartialEq for ByKey<E> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<E> Eq for ByKey<E> {}
impl<E> Hash for ByKey<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<E: Scoped> Clone for ByParent<E> {
    fn clone(&self) -> Self {
        Self { parent: self.parent, fingerprint: Arc::clone(&self.fingerprint), query: Arc::clone(&self.query) }
    }
}
impl<E: Scoped> PartialEq for ByParent<E> {
    fn eq(&self, other: &Self) -> bool {
        self.parent == other.parent && self.fingerprint == other.fingerprint
    }
}
impl<E: Scoped> Eq for ByParent<E> {}
impl<E: Scoped> Hash for ByParent<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parent.hash(state);
        self.fingerprint.hash(state);
    }
}

impl<E: Scoped> Loader<ByKey<E>> for Batch {
    type Value = Visible<E::Model>;
    type Error = LoadError;

    async fn load(&self, keys: &[ByKey<E>]) -> Result<HashMap<ByKey<E>, Self::Value>, LoadError> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let rows = self.reader.by_keys::<E>(&ids).await?;
        Ok(rows.into_iter().map(|(id, row)| (ByKey(id, PhantomData), row)).collect())
    }
}

impl<E: Scoped> Loader<ByParent<E>> for Batch {
    type Value = Page<E::Model>;
    type Error = LoadError;

    async fn load(&self, keys: &[ByParent<E>]) -> Result<HashMap<ByParent<E>, Self::Value>, LoadError> {
        let mut questions: HashMap<&str, Vec<&ByParent<E>>> = HashMap::new();
        for key in keys {
            questions.entry(&key.fingerprint).or_default().push(key);
        }
        let mut pages = HashMap::new();
        for asked in questions.into_values() {
            let Some(first) = asked.first() else { continue };
            let parents: Vec<Uuid> = asked.iter().map(|key| key.parent).collect();
            let mut found = self.reader.pages_by_parent(&first.query, &parents).await?;
            for key in asked {
                pages.insert(key.clone(), found.remove(&key.parent).unwrap_or_default());
            }
        }
        Ok(pages)
    }
}

macro_rules! loader {
    ($key:ident => $value:ty, $method:ident) => {
        impl Loader<$key> for Batch {
            type Value = $value;
            type Error = LoadError;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, $value>, LoadError> {
                let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
                Ok(self.reader.$method(&ids).await?.into_iter().map(|(id, value)| ($key(id), value)).collect())
            }
        }
    };
}

loader!(AliasesOfUnit => Vec<String>, unit_aliases);
loader!(AliasesOfGroup => Vec<String>, unit_group_aliases);
loader!(AncestorsOf => HashSet<Uuid>, ancestors);
loader!(ReportOfObligation => Visible<progress_report::Model>, reports_of_obligations);
loader!(LatestReportOf => Visible<progress_report::Model>, latest_reports);
loader!(CountsOfPeriod => PeriodCounts, period_counts);
loader!(StandingOfList => ListStanding, list_standings);
loader!(OwnAssignmentsOn => Vec<Visible<assignment::Model>>, own_assignments);
loader!(LatestFreezeOf => Visible<period_freeze::Model>, latest_freezes);
loader!(ReopeningsOf => Vec<Visible<period_reopening::Model>>, reopenings);
loader!(RevisionBefore => Visible<progress_report_revision::Model>, revisions_before);
loader!(ListSeenWhole => (), lists_seen_whole);
loader!(ReportingLeadOn => Visible<assignment::Model>, reporting_leads);
loader!(ResponseTo => Visible<assignment_response::Model>, responses_of_assignments);
loader!(ReceiptOf => Receipt, receipts);
loader!(AddedSince => Vec<Visible<unit::Model>>, added_since);
loader!(SuccessorOf => Uuid, successors);
loader!(StepsOfPublication => Vec<Visible<publication_step::Model>>, publication_steps);
loader!(StandingOfRectification => ListStanding, standings_of_rectifications);
loader!(TasksWithEndedUnits => usize, tasks_with_ended_units);
loader!(ListsOfGrant => Vec<Uuid>, lists_of_grants);
loader!(ListsOfGrantRequest => Vec<Uuid>, lists_of_grant_requests);
loader!(WayInOf => WayIn, ways_in);

impl RequestContext {
    /// One row by its key; `None` when absent or invisible.
    pub async fn row<E: Scoped>(&self, id: Uuid) -> async_graphql::Result<Option<Visible<E::Model>>> {
        self.load(ByKey::<E>(id, PhantomData)).await
    }

    /// One row as it is after a change, past what a loader may hold from before it.
    pub async fn fresh<E: Scoped>(&self, id: Uuid) -> async_graphql::Result<Option<Visible<E::Model>>> {
        let mut rows = self.reader.by_keys::<E>(&[id]).await.map_err(|e| top_level(e.into()))?;
        Ok(rows.remove(&id))
    }

    /// The page of a nested connection.
    pub async fn nested<E: Scoped>(&self, parent: Uuid, query: PageQuery<E>) -> async_graphql::Result<Page<E::Model>> {
        let fingerprint = format!("{query:?}").into();
        let key = ByParent { parent, fingerprint, query: Arc::new(query) };
        Ok(self.load(key).await?.unwrap_or_default())
    }

    /// The page of a root connection.
    pub async fn page<E: Scoped>(&self, query: PageQuery<E>) -> async_graphql::Result<Page<E::Model>> {
        self.reader.page(&query).await.map_err(|e| top_level(e.into()))
    }

    /// Anything the loaders load.
    pub async fn load<K>(&self, key: K) -> async_graphql::Result<Option<<Batch as Loader<K>>::Value>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Batch: Loader<K, Error = LoadError>,
    {
        self.loader.load_one(key).await.map_err(|error| {
            top_level(match Arc::try_unwrap(error) {
                Ok(error) => error.into(),
                // Others wait for the same batch and log its cause.
                Err(shared) => match &*shared {
                    StoreError::BadCursor => Fault::BadRequest(shared.to_string()),
                    other => Fault::Internal(other.to_string()),
                },
            })
        })
    }
}
