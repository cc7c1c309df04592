//! By which way somebody comes, as the audit trail names it.

use entity::audit_entry;
use serde_json::json;
use uuid::Uuid;

use crate::id::Kind;

/// A way in. Where another service stands behind it, the trail names the service by its name in the settings and the link
/// by its key; never who somebody is there.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    /// What was asked.
    pub(super) operation: &'static str,
    service: Option<&'a str>,
    link: Option<Uuid>,
}

impl From<&'static str> for Way<'_> {
    fn from(operation: &'static str) -> Self {
        Self { operation, service: None, link: None }
    }
}

impl<'a> Way<'a> {
    /// By this service.
    pub(super) fn by(operation: &'static str, service: &'a str) -> Self {
        Self { operation, service: Some(service), link: None }
    }

    /// And by this link.
    pub(super) fn with(self, link: Uuid) -> Self {
        Self { link: Some(link), ..self }
    }

    /// Names service and link in a row. A service is no object of the schema: its name stands where the names of fields do.
    pub(super) fn named_in(&self, mut row: audit_entry::Model) -> audit_entry::Model {
        if let Some(service) = self.service {
            let mut changed: Vec<serde_json::Value> =
                row.changed.as_ref().and_then(|changed| changed.as_array().cloned()).unwrap_or_default();
            changed.extend([json!("provider"), json!(service)]);
            row.changed = Some(changed.into());
        }
        if let Some(link) = self.link {
            row.object_type = Some(Kind::ExternalIdentity.prefix().to_owned());
            row.object_id = Some(link);
        }
        row
    }
}
