//! The main job, from end to end.

mod real_lists;
mod round_trip;
