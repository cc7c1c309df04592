//! What operators do at the machine, before anybody can sign in: places with their units, users with their grants,
//! sessions for tokens, keys. No actor stands behind these; the audit row says so by naming no user.

mod external;
mod keys;
mod people;
mod place;

pub use external::{LiveLink, LiveLinks};
pub use keys::{KeyState, KeysError};
pub use people::{NewGrant, NewUser};
pub use place::{JURISDICTION, PlaceImported};

use super::Service;
use super::audit::Noted;
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
        let noted = Noted { operation, object: about, request: "operator", ..Noted::default() };
        tx.audit(vec![self.audit_row(noted, self.clock().now())]).await
    }

    /// The same about a signing key. A key is no object of the schema: its name stands where the names of fields do.
    async fn note_key(&self, tx: &Tx, operation: &str, kid: &str) -> Result<(), StoreError> {
        let changed = Some(vec!["signingKey", kid]);
        let noted = Noted { operation, changed, request: "operator", ..Noted::default() };
        tx.audit(vec![self.audit_row(noted, self.clock().now())]).await
    }

    /// The same with the names of what was changed.
    pub(in crate::service) async fn note_changed(
        &self,
        tx: &Tx,
        operation: &str,
        about: GlobalId,
        changed: Vec<&'static str>,
    ) -> Result<(), StoreError> {
        let changed = Some(changed);
        let noted = Noted { operation, object: Some(about), changed, request: "operator", ..Noted::default() };
        tx.audit(vec![self.audit_row(noted, self.clock().now())]).await
    }
}
