//! Who fills a report in and how he is reached: asked for once, repeated by itself.
//!
//! Nothing is to be filled in twice (the rule of 2026 on government apps): a report that is begun bears what the same user
//! wrote on the last one of the same unit, and before there is one, the name of his account. What is not right can be
//! changed on each.

use entity::{progress_report, report_obligation};
use uuid::Uuid;

use super::phone::report_place;
use super::reports::blank;
use super::{Stop, Work};
use crate::error::Fault;

/// A name and a number, in the clear.
#[derive(Default)]
pub(super) struct Header {
    name: Option<String>,
    phone: Option<String>,
}

impl Header {
    /// What the actor last wrote on a report of the unit.
    pub(super) async fn usual(work: &Work, unit: Uuid) -> Result<Self, Stop> {
        let Some(last) = work.tx.last_written(&work.actor, unit).await? else { return Ok(Self::default()) };
        let phone = work.service().clear_phone(&last);
        Ok(Self { name: last.reporter_name.clone(), phone })
    }

    /// A report with nothing in it but this.
    pub(super) fn begin(&self, work: &Work, owed: &report_obligation::Model) -> Result<progress_report::Model, Stop> {
        let mut report = blank(work, owed);
        if let Some(name) = &self.name {
            report.reporter_name = Some(name.clone());
        }
        if let Some(phone) = &self.phone {
            report.reporter_phone_ciphertext = Some(seal(work, phone, report.id)?);
        }
        Ok(report)
    }
}

/// Seals a number for the report it stands on.
pub(super) fn seal(work: &Work, number: &str, report: Uuid) -> Result<String, Fault> {
    let sealed = work.service().cipher().seal(number, &report_place(report));
    sealed.map_err(|error| Fault::Internal(error.to_string()))
}
