//! The chain of the audit trail: each row bears a hash over itself and over the hash of the row before it, so that none can
//! be changed, taken out or put in without breaking every hash behind it.

use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::audit_entry;

/// What the hashes are made for; another way of making them needs another name.
const FORM: &str = "taizhang-audit/1";

/// The hash of `row` behind a row with the hash `before`: SHA-256 over form, `before` and every field but the hash itself,
/// each with its length before it, so that no two rows read the same.
pub fn link(before: &str, row: &audit_entry::Model) -> String {
    let text = |value: &Option<String>| value.as_ref().map(|value| value.clone().into_bytes());
    let fields: [Option<Vec<u8>>; 15] = [
        Some(FORM.as_bytes().to_vec()),
        Some(before.as_bytes().to_vec()),
        row.sequence.map(|number| number.to_be_bytes().to_vec()),
        Some(row.id.as_bytes().to_vec()),
        Some(row.at.timestamp_micros().to_be_bytes().to_vec()),
        row.user_id.map(|id| id.as_bytes().to_vec()),
        row.unit_id.map(|id| id.as_bytes().to_vec()),
        Some(row.operation.clone().into_bytes()),
        text(&row.object_type),
        row.object_id.map(|id| id.as_bytes().to_vec()),
        Some(row.result.clone().into_bytes()),
        row.changed.as_ref().map(|changed| changed.to_string().into_bytes()),
        Some(row.request_id.clone().into_bytes()),
        text(&row.address),
        text(&row.reasons),
    ];
    let mut hash = Context::new(&SHA256);
    for field in fields {
        // No field is as long as this.
        let length = field.as_ref().map_or(u64::MAX, |bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX - 1));
        hash.update(&length.to_be_bytes());
        hash.update(&field.unwrap_or_default());
    }
    URL_SAFE_NO_PAD.encode(hash.finish())
}
