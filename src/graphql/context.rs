//! What every resolver finds in its context: the actor, the scoped reader, the verbs and the loaders of this request.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID};
use chrono::NaiveDate;
use uuid::Uuid;

use super::loader::Batch;
use super::user_error::bad_request;
use super::waves::Waves;
use crate::authz::Actor;
use crate::clock::day_of;
use crate::domain::due::LateDays;
use crate::domain::lang::Lang;
use crate::id::{GlobalId, Kind};
use crate::service::{Caller, Service};
use crate::store::Reader;

/// The surroundings of one request.
pub struct RequestContext {
    /// Who calls.
    pub caller: Caller,
    /// The store under the caller's scope.
    pub reader: Reader,
    /// The verbs.
    pub service: Service,
    /// The day of the request.
    pub today: NaiveDate,
    /// The language of texts.
    pub lang: Lang,
    /// The loaders, made for this request and this actor.
    pub loader: DataLoader<Batch>,
    /// What the loaders wait for.
    pub waves: Waves,
}

impl RequestContext {
    /// For one request of `caller`.
    pub fn new(service: Service, caller: Caller, lang: Lang) -> Self {
        let reader = service.store().reader_for(Arc::clone(&caller.actor));
        let today = day_of(service.clock().now());
        let waves = Waves::default();
        let waiting = waves.clone();
        let loader = DataLoader::new(Batch::new(reader.clone()), move |batch| waiting.add(batch))
            // The wave is the delay.
            .delay(Duration::ZERO)
            .max_batch_size(5_000);
        Self { caller, reader, service, today, lang, loader, waves }
    }

    /// For which due days it is too late today.
    pub fn late_days(&self) -> LateDays {
        LateDays::new(self.today, self.service.calendar())
    }

    /// The principal.
    pub fn actor(&self) -> &Actor {
        &self.caller.actor
    }
}

/// The surroundings of this request.
pub fn of<'a>(ctx: &Context<'a>) -> async_graphql::Result<&'a RequestContext> {
    ctx.data::<RequestContext>().map_err(|_| async_graphql::Error::new("no principal"))
}

/// The outer form of a key.
pub fn id(kind: Kind, uuid: Uuid) -> ID {
    ID(GlobalId::new(kind, uuid).to_string())
}

/// The key behind an identifier; another kind, or no identifier at all, is the client's mistake.
pub fn key(kind: Kind, id: &ID) -> async_graphql::Result<Uuid> {
    match id.parse::<GlobalId>() {
        Ok(global) if global.kind == kind => Ok(global.uuid),
        _ => Err(bad_request(format!(
            "this identifier is none of a {}: an identifier looks like {}_…",
            kind.prefix(),
            kind.prefix()
        ))),
    }
}

/// An identifier of any kind; what is none is the client's mistake.
pub fn any_key(id: &ID) -> async_graphql::Result<GlobalId> {
    id.parse().map_err(|_| bad_request("this is no identifier: one looks like report_…"))
}

/// An optional identifier.
pub fn optional_key(kind: Kind, id: Option<&ID>) -> async_graphql::Result<Option<Uuid>> {
    id.map(|id| key(kind, id)).transpose()
}

/// Several identifiers.
pub fn keys(kind: Kind, ids: &[ID]) -> async_graphql::Result<Vec<Uuid>> {
    ids.iter().map(|id| key(kind, id)).collect()
}
