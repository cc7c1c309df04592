//! From files to lists: the expression of units, the words of deadlines, and whole layouts.

mod deadlines;
mod layouts;
mod poison;
mod real;
mod registry;
mod units;
