//! The office's verbs. Each is one transaction: begin, lock, policy, do, audit, outbox, idempotency result, commit.

pub mod amendments;
pub mod assignments;
pub mod audit;
pub mod charts;
pub mod corrections;
pub mod deadlines;
pub mod demo;
pub mod directory;
mod done_count;
mod drafts;
mod due_changes;
pub mod evidence;
pub mod exports;
pub mod extensions;
pub mod external;
pub mod file_link;
pub mod files;
pub mod grants;
pub mod groups;
pub mod identity;
pub mod import;
pub mod issue;
pub mod lineage;
pub mod lists;
pub mod locks;
pub mod look_back;
pub mod machines;
mod names;
pub mod notices;
mod opening;
pub mod operator;
pub mod periods;
pub mod phone;
pub mod publishing;
pub mod questions;
pub mod reopenings;
pub mod report_bulk;
mod report_desk;
pub mod report_fill;
mod report_header;
pub mod report_sheet;
pub mod reporting_lead;
pub mod reports;
pub mod responses;
pub mod reviews;
pub(crate) mod rounds;
pub mod schedules;
pub mod second_factor;
pub mod sections;
pub mod sign_in;
pub mod signing;
pub mod status;
pub mod tasks;
pub mod unit_changes;
pub mod upkeep;
pub mod urging;
pub mod users;
mod views;
pub mod work;

use std::sync::Arc;

use tokio::sync::Notify;
pub use work::{Answer, Call, Caller, Stop, Work};

use crate::clock::SharedClock;
use crate::config::Limits;
use crate::documents::sandbox::Program;
use crate::domain::calendar::Calendar;
use crate::id::SharedIdMaker;
use crate::secrets::DataCipher;
use crate::store::Store;

/// What the verbs are made of.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: SharedClock,
    /// New identifiers.
    pub ids: SharedIdMaker,
    /// The limits in force.
    pub limits: Arc<Limits>,
    /// Working days.
    pub calendar: Arc<Calendar>,
    /// Seals telephone numbers.
    pub cipher: DataCipher,
    /// Reads files of strangers.
    pub documents: Program,
    /// Keys, rules and counters of signing in.
    pub authenticator: Arc<sign_in::Authenticator>,
}

/// Everything the verbs need; clones share it.
#[derive(Clone)]
pub struct Service(Arc<Parts>, Arc<Notify>);

impl Service {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts), Arc::new(Notify::new()))
    }

    /// The store, for reading.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The clock.
    pub fn clock(&self) -> &SharedClock {
        &self.0.clock
    }

    /// The maker of identifiers.
    pub fn ids(&self) -> &SharedIdMaker {
        &self.0.ids
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// The calendar of working days.
    pub fn calendar(&self) -> &Calendar {
        &self.0.calendar
    }

    /// What seals telephone numbers.
    pub fn cipher(&self) -> &DataCipher {
        &self.0.cipher
    }

    /// What reads files of strangers.
    pub fn documents(&self) -> &Program {
        &self.0.documents
    }

    /// Wakes whoever makes exports.
    fn exports(&self) -> &Notify {
        &self.1
    }
}
