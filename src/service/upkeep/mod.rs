//! What keeps the house in order by itself: keys that change, personal data that nobody needs any more, and the check of
//! everything that must hold.

pub mod data_keys;
pub mod fsck;
pub mod reseal;
pub mod restored;
mod retention;
