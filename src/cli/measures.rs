//! What only the whole program knows, for `/metrics`: statements sent, and which build this is.

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use crate::store::{Engine, Store};

/// Registers them.
pub(super) fn register(registry: &mut Registry, store: Store) {
    let engine = match store.engine() {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    let build = Info::new(vec![("version", env!("CARGO_PKG_VERSION")), ("engine", engine)]);
    registry.register("build", "Which build this is and what it stands on", build);
    registry.register_collector(Box::new(Statements(store)));
}

struct Statements(Store);

impl std::fmt::Debug for Statements {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Statements")
    }
}

impl Collector for Statements {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let sent = ConstCounter::new(self.0.statements());
        let metric = encoder.encode_descriptor("sql_statements", "SQL statements sent", None, sent.metric_type())?;
        sent.encode(metric)
    }
}
