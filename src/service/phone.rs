//! Telephone numbers: sealed at rest, masked unless revealed on purpose.

use entity::progress_report;
use uuid::Uuid;

use super::Service;
use crate::domain::text::mask_phone;
use crate::secrets::place;

impl Service {
    /// The reporter's number, masked; `None` when there is none or it can't be opened.
    pub fn masked_phone(&self, report: &progress_report::Model) -> Option<String> {
        self.clear_phone(report).map(|phone| mask_phone(&phone))
    }

    fn clear_phone(&self, report: &progress_report::Model) -> Option<String> {
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

/// What binds a sealed number to its row.
pub(super) fn report_place(report: Uuid) -> String {
    place("progress_report", "reporter_phone_ciphertext", report)
}
