//! From files to lists: the expression of units, the words of deadlines, and whole layouts.

mod deadlines;
pub mod grids;
pub mod layouts;
mod poison;
mod properties;
pub mod real;
mod registry;
mod units;
