//! Logs: to standard error, one structured line per event, chosen by a filter the caller gives.

use std::io;

use tracing::{Subscriber, subscriber::SetGlobalDefaultError};
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::ParseError,
    fmt::{self, MakeWriter},
    layer::SubscriberExt,
};

/// The filter when nothing is asked: ours and warnings of others, so that no SQL is ever written by default.
pub const DEFAULT_FILTER: &str = "warn,taizhang=info";

/// How a line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Pretty,
    /// For machines: one JSON object per line.
    Json,
}

/// Why no log can be written.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be read.
    #[error("the log filter cannot be read: {0}")]
    Filter(#[from] ParseError),
    /// There is a log already.
    #[error("there is a log already")]
    Twice(#[from] SetGlobalDefaultError),
}

/// A subscriber that writes to `writer`.
pub fn subscriber<W>(format: Format, filter: &str, writer: W) -> Result<impl Subscriber + Send + Sync, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_writer(writer).with_ansi(false);
    let lines: Box<dyn Layer<_> + Send + Sync> = match format {
        Format::Pretty => lines.boxed(),
        Format::Json => lines.json().flatten_event(true).boxed(),
    };
    // What ran is said by us in one line; who wants theirs asks for it by name.
    let filter = EnvFilter::builder().parse(format!("sea_orm_migration=warn,{filter}"))?;
    Ok(Registry::default().with(filter).with(lines))
}

/// Writes the log of the process to standard error from now on, panics included.
pub fn init(format: Format, filter: &str) -> Result<(), TelemetryError> {
    tracing::subscriber::set_global_default(subscriber(format, filter, io::stderr)?)?;
    // Only where it happened: the words of a panic may hold what somebody said.
    std::panic::set_hook(Box::new(|info| {
        let at = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(%at, "panic");
    }));
    Ok(())
}
