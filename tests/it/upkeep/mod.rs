//! What keeps the house in order: keys that change, the check of everything, backups, and what is no longer needed.

mod backups;
mod checked;
mod damaged;
mod keys;
mod migrating;
mod only_reading;
mod postgres;
mod resealing;
mod restored;
mod restoring;
mod retained;
mod rotation;
