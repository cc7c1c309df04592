//! The main job, from end to end.
//!
//! `year` and `putian` are whole years; their steps are in `spine`, `events`, `days` and `reform`, and those at the end of a
//! year in `publishing`, `annual`, `looking_back` and `going_on`. What the office, the units and those who only look do is in
//! `office`, `unit` and `eyes`, on the ground of `ground`, with `papers` to begin with and the books of `model` to compare with.
//! `phones` plants a thousand telephone numbers and looks for them.

mod annual;
mod days;
mod events;
mod eyes;
mod going_on;
mod ground;
mod looking_back;
mod model;
mod office;
mod papers;
mod phones;
mod publishing;
mod putian;
mod real_lists;
mod reform;
mod round_trip;
mod spine;
mod unit;
mod year;
