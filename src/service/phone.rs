//! Telephone numbers: sealed at rest, masked unless revealed on purpose.

use entity::progress_report;
use uuid::Uuid;

use super::reports::lock;
use super::work::begin;
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, decide};
use crate::domain::text::mask_phone;
use crate::id::{GlobalId, Kind};
use crate::secrets::place;

impl Service {
    /// The reporter's number, masked; `None` when there is none or it can't be opened.
    pub fn masked_phone(&self, report: &progress_report::Model) -> Option<String> {
        self.clear_phone(report).map(|phone| mask_phone(&phone))
    }

    /// The reporter's number in the clear. Every reading leaves an audit row of its own, so none is ever answered from
    /// an earlier one, and the number is opened only after that row is kept.
    pub async fn progress_report_phone_reveal(&self, caller: &Caller, id: Uuid) -> Answer<Option<String>> {
        // The value of a verb may be kept for its repetition, so the number is never that value.
        let mut work = begin!(self, caller, Call::new("progressReportPhoneReveal", None, &id)?);
        let (result, report) = match reveal(&mut work, id).await {
            Ok(report) => (Ok(id), Some(report)),
            Err(stop) => (Err(stop), None),
        };
        let done = work.end::<Uuid>(result).await?;
        Ok(done.map(|_| report.and_then(|report| self.clear_phone(&report))))
    }

    pub(super) fn clear_phone(&self, report: &progress_report::Model) -> Option<String> {
        let sealed = report.reporter_phone_ciphertext.as_deref()?;
        match self.cipher().open(sealed, &report_place(report.id)) {
            Ok(phone) => Some(phone),
            Err(error) => {
                tracing::error!(report = %report.id, %error, "a sealed telephone number can't be opened");
                None
            }
        }
    }
}

async fn reveal(work: &mut Work, id: Uuid) -> Result<progress_report::Model, Stop> {
    let (report, subject, state) = lock(work, id).await?;
    decide(Action::PhoneReveal, subject, state)?;
    work.audit(GlobalId::new(Kind::ProgressReport, id), &[]);
    Ok(report)
}

/// What binds a sealed number to its row.
pub(super) fn report_place(report: Uuid) -> String {
    place("progress_report", "reporter_phone_ciphertext", report)
}
