//! What keeps the house in order: keys that change, the check of everything, backups, and what is no longer needed.

mod backups;
mod checked;
mod keys;
mod migrating;
mod postgres;
mod restored;
mod retained;
mod rotation;
