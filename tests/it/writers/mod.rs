//! The writers of office files.

mod ledger;
