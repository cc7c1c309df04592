//! Publishing: snapshots, reviews by different people, detectors, and what the public reads.

mod annual;
mod findings;
mod people;
mod planted;
mod progress;
mod public;
mod replaced;
pub mod scene;
