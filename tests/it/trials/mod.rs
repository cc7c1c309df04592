//! Trials of the real binary: load, hostility, restarts, power cuts. The short forms run with every test, the long ones by
//! hand; docs/trials.md says how, and what was seen.

mod audit;
mod capacity;
pub mod client;
mod disk;
mod hostile;
mod power;
mod restart;
mod start;
mod timing;
mod waits;
