//! Configuration: flags, `TAIZHANG_*` variables and start values.

pub mod limits;

pub use limits::Limits;
