//! Progress pictures: one `Chart`, three outputs with the same numbers (SVG, PNG, a description for ECharts).
//!
//! Nothing is sorted here and nobody gets a place: units and sections keep the order of the registry and of the list.

mod build;
mod echarts;
mod font_files;
mod fonts;
mod model;
mod number;
mod png;
mod svg;
mod text;
mod ticks;
mod tone;

pub use build::{Caption, Row};
pub use echarts::echarts;
pub use font_files::{DEFAULT_FOLDERS, find_fonts};
pub use fonts::{FontError, Fonts};
pub use model::{Chart, ChartError, ChartKind, MAX_CATEGORIES, MAX_LABEL, MAX_SERIES, Series};
pub use png::{MAX_PIXELS, MAX_SIDE, Picture, PngError, SCALE, png};
pub use svg::svg;
pub use ticks::{MAX_TICKS, ticks};
pub use tone::Tone;
