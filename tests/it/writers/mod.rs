//! The writers of office files.

mod ledger;
mod package;
mod views;
