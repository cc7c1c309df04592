//! The main job, from end to end.
//!
//! `year` and `putian` are whole years; their steps are in `spine` and `events`, what the office, the units and those who
//! only look do is in `office`, `unit` and `eyes`, on the ground of `ground`, with `papers` to begin with and the books of
//! `model` to compare with. `phones` plants a thousand telephone numbers and looks for them.

mod events;
mod eyes;
mod ground;
mod model;
mod office;
mod papers;
mod phones;
mod putian;
mod real_lists;
mod round_trip;
mod spine;
mod unit;
mod year;
