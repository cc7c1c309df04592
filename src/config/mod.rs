//! Configuration: flags, `TAIZHANG_*` variables and start values, from one table.
//!
//! A flag wins over a variable, a variable over the start value; an empty variable counts as absent.

mod database_url;
mod duration;
mod limit_table;
pub mod limits;
pub mod reference;
pub mod settings;
mod sign_in;
pub mod table;

pub use database_url::{DatabaseUrl, Engine};
pub use duration::read as duration;
pub use limits::Limits;
pub use settings::{BadSetting, InForce, LogFormat, Settings, Source};
pub use sign_in::{Network, PasswordProfile, TotpFor, holder};
pub use table::{Setting, all};

/// The value of a variable of this process; the only place that asks for one.
#[expect(clippy::disallowed_methods, reason = "the one place that owns the environment")]
pub fn process_variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name)
}
