//! What each target does with the bytes it is given: any bytes are fine, a panic, a hang and a broken promise are not.

mod targets;

pub use targets::*;
