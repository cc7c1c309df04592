//! The public halves of the signing keys: one table for all instances that share a database.

use entity::signing_key;

use crate::secrets::PublicKey;
use crate::service::Service;
use crate::store::StoreError;

/// Why the keys of this installation cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database knows another key of the same id.
    #[error("the signing key {0} in the key folder is not the one the database knows by this id")]
    Other(String),
    /// The newest key was retired.
    #[error("the signing key {0} was retired; add a new one")]
    Retired(String),
}

impl Service {
    /// Enters keys that are new into the table, and gives every key whose tokens are good: those of other instances
    /// too, without the retired.
    pub async fn keys_register(&self, own: &[PublicKey]) -> Result<Vec<PublicKey>, KeysError> {
        let known = self.store().signing_keys().await?;
        let mut missing = Vec::new();
        for key in own {
            match known.iter().find(|row| row.id == key.kid) {
                None => missing.push(key),
                Some(row) if row.public_key != key.public => return Err(KeysError::Other(key.kid.clone())),
                Some(_) => {}
            }
        }
        if !missing.is_empty() {
            let tx = self.store().begin().await.map_err(StoreError::from)?;
            let now = self.clock().now();
            let rows = missing.iter().map(|key| signing_key::Model {
                id: key.kid.clone(),
                algorithm: key.algorithm.clone(),
                public_key: key.public.clone(),
                created_at: now,
                retired_at: None,
            });
            let added = tx.insert_all::<signing_key::Entity>(rows.collect()).await;
            match added {
                Ok(()) => {
                    self.note(&tx, "signingKeyAdd", None).await?;
                    tx.commit().await.map_err(StoreError::from)?;
                }
                // Another instance with the same folder was a moment faster.
                Err(StoreError::Unique) => tx.rollback().await.map_err(StoreError::from)?,
                Err(error) => return Err(error.into()),
            }
        }
        let good: Vec<signing_key::Model> =
            self.store().signing_keys().await?.into_iter().filter(|row| row.retired_at.is_none()).collect();
        if let Some(newest) = own.last()
            && !good.iter().any(|row| row.id == newest.kid)
        {
            return Err(KeysError::Retired(newest.kid.clone()));
        }
        Ok(good
            .into_iter()
            .map(|row| PublicKey { kid: row.id, algorithm: row.algorithm, public: row.public_key })
            .collect())
    }
}
