//! Sessions that another service has opened end with it.

use entity::session;

use crate::service::Service;
use crate::store::StoreError;

impl Service {
    /// The session as far as the service that opened it is trusted now: none where that was taken out of the settings, and no
    /// second factor where it is not trusted with one any more. Sessions of other kinds stay as they are.
    pub(in crate::service) async fn vouched_for(
        &self,
        session: session::Model,
    ) -> Result<Option<session::Model>, StoreError> {
        let Some(link) = session.external_identity_id else { return Ok(Some(session)) };
        let link = self.store().external_identity_by_key(link).await?;
        let provider = link.and_then(|link| self.authenticator().providers().by_issuer(&link.issuer));
        Ok(provider.map(|provider| session::Model {
            second_factor_elsewhere: session.second_factor_elsewhere && provider.second_factor,
            ..session
        }))
    }
}
