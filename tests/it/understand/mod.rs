//! From files to lists: the expression of units, the words of deadlines, and whole layouts.

mod deadlines;
mod grids;
mod layouts;
mod poison;
mod properties;
mod real;
mod registry;
mod units;
