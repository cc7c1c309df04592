//! What is done to a database that was restored, before anybody uses it.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::clock::day_of;
use crate::error::Fault;
use crate::secrets::PublicKey;
use crate::service::Service;
use crate::service::operator::LiveLinks;
use crate::store::StoreError;

/// Secrets and links that are named one by one.
const NAMED: u64 = 200;

/// What is good by the backup, and may have been taken back since: the operator has to look.
#[derive(Clone, Debug, Default)]
pub struct Restored {
    /// Secrets of service accounts, by login name.
    pub secrets: Vec<LiveSecret>,
    /// How many there are.
    pub secrets_all: u64,
    /// Links to other sign-in services.
    pub links: LiveLinks,
    /// Signing keys that are trusted, and whose private halves are not here.
    pub keys: Vec<String>,
}

/// A secret that is good.
#[derive(Clone, Debug)]
pub struct LiveSecret {
    /// Of which account.
    pub login: String,
    /// Its key.
    pub id: Uuid,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Its last day.
    pub expires_on: Option<NaiveDate>,
}

impl Service {
    /// Ends every session and voids every code, because those that were taken back since would live again, and says in the
    /// trail that a backup was restored. Of secrets, links and signing keys nobody here knows what became of them; `own` are those
    /// whose private halves are here.
    pub async fn restored(&self, own: &[PublicKey]) -> Result<Restored, Fault> {
        let now = self.clock().now();
        let keys = self.store().signing_keys().await?;
        let tx = self.store().begin().await.map_err(StoreError::from)?;
        tx.sessions_end_all(now).await?;
        tx.one_time_codes_void_all().await?;
        let (secrets, secrets_all) = tx.all_secrets_in_use(day_of(now), NAMED).await?;
        let links = self.live_links(&tx, None, None, NAMED).await?;
        self.note(&tx, "databaseRestore", None).await?;
        tx.commit().await.map_err(StoreError::from)?;
        let secrets = secrets.into_iter().map(|(user, secret)| LiveSecret {
            login: user.login,
            id: secret.id,
            created_at: secret.created_at,
            expires_on: secret.expires_on,
        });
        let elsewhere = keys.into_iter().filter(|row| row.retired_at.is_none());
        let elsewhere = elsewhere.filter(|row| own.iter().all(|key| key.kid != row.id)).map(|row| row.id);
        Ok(Restored { secrets: secrets.collect(), secrets_all, links, keys: elsewhere.collect() })
    }
}
