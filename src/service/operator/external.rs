//! Links to other sign-in services, for the operator at the machine: shown, and taken away where somebody has claimed in one
//! place who another is.

use entity::{external_identity, user_account};
use uuid::Uuid;

use crate::id::{GlobalId, Kind};
use crate::service::Service;
use crate::service::sign_in::UNLINK;
use crate::store::{StoreError, Tx};

/// A link in force, with the name its user signs in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveLink {
    /// Whose.
    pub login: String,
    /// Whether the user may not act.
    pub disabled: bool,
    /// The link.
    pub link: external_identity::Model,
}

/// Links in force, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveLinks {
    /// Not all where there are many; by login name.
    pub shown: Vec<LiveLink>,
    /// All.
    pub all: u64,
}

impl Service {
    /// The links of everybody, or of this user, or to this subject.
    pub async fn operator_links(
        &self,
        user: Option<Uuid>,
        subject: Option<&str>,
        most: u64,
    ) -> Result<LiveLinks, StoreError> {
        let tx = self.store().begin().await?;
        let links = self.live_links(&tx, user, subject, most).await?;
        tx.rollback().await?;
        Ok(links)
    }

    pub(in crate::service) async fn live_links(
        &self,
        tx: &Tx,
        user: Option<Uuid>,
        subject: Option<&str>,
        most: u64,
    ) -> Result<LiveLinks, StoreError> {
        let (rows, all) = tx.external_identities_in_use(user, subject, most).await?;
        let shown = |(user, link): (user_account::Model, _)| LiveLink {
            login: user.login,
            disabled: user.disabled_at.is_some(),
            link,
        };
        Ok(LiveLinks { shown: rows.into_iter().map(shown).collect(), all })
    }

    /// Takes a link away and ends the sessions that it opened; whose it was, or nothing where there is none in force.
    pub async fn operator_unlink(&self, id: Uuid) -> Result<Option<user_account::Model>, StoreError> {
        let found = self.store().external_identity_by_key(id).await?.filter(|link| link.ended_at.is_none());
        let Some(found) = found else { return Ok(None) };
        let tx = self.store().begin().await?;
        let user = tx.user_claimed(found.user_id).await?;
        let (Some(user), Some(link)) = (user, tx.external_identity_in_force(id).await?) else { return Ok(None) };
        tx.external_identity_end(link, None, self.clock().now()).await?;
        self.note_changed(&tx, UNLINK, GlobalId::new(Kind::ExternalIdentity, id), vec!["endedAt"]).await?;
        tx.commit().await?;
        Ok(Some(user))
    }
}
