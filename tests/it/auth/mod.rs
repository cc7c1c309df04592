//! Signing in, through HTTP.

mod bootstrap;
mod codes;
mod envelope;
mod external;
mod external_links;
mod locks;
mod log;
mod passwords;
mod profiles;
mod refresh;
pub mod scene;
mod sessions;
mod sign_in;
pub mod totp;
mod users;
