//! The request envelope: everything between a socket and the schema. It knows nothing of the domain.
//!
//! Wire it with an [`Executor`]: `serve(listener, router(app.clone()), &app, shutdown)`.

pub mod api;
pub mod auth;
pub mod cost;
pub mod executor;
pub mod explorer;
mod files;
mod finish;
mod graphql;
pub mod guard;
mod health;
pub mod info;
mod lane;
pub mod metrics;
mod multipart;
pub mod oauth;
mod origin;
mod patience;
mod public;
mod record;
pub mod refusal;
pub mod server;
mod shares;

use std::sync::Arc;

use axum::{
    Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{any, get},
};

pub use cost::SchemaUnreadable;
pub use executor::{AuthError, Executor, FileError, Incoming, Kept, NotReady, Outgoing, Principal};
pub use info::{Lang, RequestInfo};
pub use public::{PublicPage, PublicWish};
pub use server::{Lifecycle, serve, terminated};

use crate::{
    config::{Limits, Network},
    id::SharedIdMaker,
};

/// One instance: the executor with everything that stands around it.
pub struct App<E> {
    executor: Arc<E>,
    cost_schema: cost::CostSchema,
    limits: Limits,
    ids: SharedIdMaker,
    lanes: Arc<lane::Lanes>,
    uploads: multipart::Pool,
    metrics: Arc<metrics::Metrics>,
    explorer: explorer::Explorer,
    lifecycle: Lifecycle,
    readiness: health::Readiness,
    trusted_proxies: Vec<Network>,
}

impl<E: Executor> App<E> {
    /// Puts an instance together; fails when the schema cannot be read back from its own SDL.
    pub fn new(
        executor: E,
        limits: Limits,
        ids: SharedIdMaker,
        explorer: explorer::Explorer,
    ) -> Result<Self, SchemaUnreadable> {
        let lanes = Arc::new(lane::Lanes::new(&limits));
        Ok(Self {
            cost_schema: cost::CostSchema::from_sdl(&executor.sdl())?,
            executor: Arc::new(executor),
            ids,
            lifecycle: Lifecycle::new(lanes.clone()),
            lanes,
            uploads: multipart::Pool::new(limits.upload_memory),
            metrics: Arc::default(),
            explorer,
            limits,
            readiness: health::Readiness::default(),
            trusted_proxies: Vec::new(),
        })
    }

    /// Believes these proxies when they say for whom they ask.
    pub fn trusting(mut self, proxies: Vec<Network>) -> Self {
        self.trusted_proxies = proxies;
        self
    }

    /// What tells the instance that it is going to end.
    pub fn lifecycle(&self) -> Lifecycle {
        self.lifecycle.clone()
    }

    /// The counters of this instance.
    pub fn metrics(&self) -> &metrics::Metrics {
        &self.metrics
    }

    /// What is being executed with.
    pub fn executor(&self) -> &E {
        &self.executor
    }
}

/// What an operator may leave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extras {
    /// `/metrics`.
    pub metrics: bool,
    /// `/graphiql`.
    pub graphiql: bool,
    /// `/public/publications`.
    pub public: bool,
}

/// All routes of an instance.
pub fn router<E: Executor>(app: Arc<App<E>>) -> Router {
    router_with(app, Extras { metrics: true, graphiql: true, public: true })
}

/// The routes of an instance; what is left out is not there.
pub fn router_with<E: Executor>(app: Arc<App<E>>, extras: Extras) -> Router {
    let mut router = Router::new()
        .route("/graphql", any(graphql::handle::<E>))
        .route("/files", any(files::upload::<E>))
        .route("/files/{id}", any(files::download::<E>))
        .route("/auth/external", any(auth::handle::<E>))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready::<E>));
    for route in auth::ROUTES {
        router = router.route(route, any(auth::handle::<E>));
    }
    for route in oauth::ROUTES {
        router = router.route(route, any(oauth::handle::<E>));
    }
    for what in oauth::WellKnown::ALL {
        router = router.route(what.path(), any(oauth::known::<E>));
    }
    if extras.graphiql {
        router = router
            .route("/graphiql", get(explorer::page))
            .route("/graphiql/app.js", get(explorer::script))
            .route("/graphiql/app.css", get(explorer::style))
            .route("/graphiql/tabs.json", get(explorer::tabs::<E>));
    }
    if extras.public {
        router = router
            .route("/public/publications", any(public::list::<E>))
            .route("/public/publications/{id}", any(public::one::<E>))
            .route("/public/publications/{id}/figures/{name}", any(public::figure::<E>));
    }
    if extras.metrics {
        router = router.route("/metrics", get(health::metrics::<E>));
    }
    router.fallback(nothing_here).with_state(app)
}

async fn nothing_here() -> Response {
    StatusCode::NOT_FOUND.into_response()
}
