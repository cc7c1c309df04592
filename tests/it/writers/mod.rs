//! The writers of office files.

mod ledger;
mod package;
mod safety;
pub mod views;
