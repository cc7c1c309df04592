//! From files to lists: the expression of units, the words of deadlines, and whole layouts.

mod deadlines;
pub mod layouts;
mod poison;
pub mod real;
mod registry;
mod units;
