//! Counters of one instance, in a registry of its own.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

/// Upper bounds of the duration histogram, seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    operation: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Operation {
    operation: String,
}

/// What an instance counts.
pub struct Metrics {
    registry: Mutex<Registry>,
    requests: Family<Labels, Counter>,
    durations: Family<Operation, Histogram>,
    in_flight: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("taizhang");
        let requests = Family::<Labels, Counter>::default();
        let durations = Family::<Operation, Histogram>::new_with_constructor(|| Histogram::new(BUCKETS));
        let in_flight = Gauge::default();
        registry.register("graphql_requests", "GraphQL requests by operation type and status", requests.clone());
        registry.register("graphql_duration_seconds", "Time to the answer", durations.clone());
        registry.register("graphql_in_flight", "GraphQL requests being served", in_flight.clone());
        Self { registry: Mutex::new(registry), requests, durations, in_flight }
    }
}

impl Metrics {
    /// Lets other parts of the program register their own metrics.
    pub fn register(&self, with: impl FnOnce(&mut Registry)) {
        with(&mut self.registry.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn begin(&self) {
        self.in_flight.inc();
    }

    pub(super) fn end(&self, operation: &str, status: u16, took: Duration) {
        self.in_flight.dec();
        self.requests.get_or_create(&Labels { operation: operation.to_owned(), status }).inc();
        self.durations.get_or_create(&Operation { operation: operation.to_owned() }).observe(took.as_secs_f64());
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        match encode(&mut text, &registry) {
            Ok(()) => text,
            Err(_) => String::new(),
        }
    }
}
