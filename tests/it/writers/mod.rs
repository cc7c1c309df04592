//! The writers of office files.

mod form_random;
mod ledger;
mod package;
mod safety;
pub mod views;
