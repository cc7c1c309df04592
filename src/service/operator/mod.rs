//! What operators do at the machine, before anybody can sign in: places with their units, users with their grants,
//! sessions for tokens, keys. No actor stands behind these; the audit row says so by naming no user.

mod keys;
mod people;
mod place;

use entity::audit_entry;

pub use keys::KeysError;
pub use people::{NewGrant, NewUser};
pub use place::{JURISDICTION, PlaceImported};

use super::Service;
use crate::id::GlobalId;
use crate::store::{StoreError, Tx};

impl Service {
    /// The audit row of something done at the machine.
    pub(in crate::service) async fn note(
        &self,
        tx: &Tx,
        operation: &str,
        about: Option<GlobalId>,
    ) -> Result<(), StoreError> {
        tx.insert::<audit_entry::Entity>(audit_entry::Model {
            id: self.ids().next(),
            at: self.clock().now(),
            user_id: None,
            unit_id: None,
            operation: operation.to_owned(),
            object_type: about.map(|about| about.kind.prefix().to_owned()),
            object_id: about.map(|about| about.uuid),
            result: "DONE".to_owned(),
            changed: None,
            request_id: "operator".to_owned(),
        })
        .await
    }
}
