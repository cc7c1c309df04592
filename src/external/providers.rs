//! The configured identity providers.

use std::{path::Path, sync::Arc};

use super::{HttpLimits, Provider, provider_file};

/// A mistake in the file of providers: one sentence that says where, what and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ProvidersError(pub(super) String);

/// The configured identity providers; clones share them.
#[derive(Clone, Debug, Default)]
pub struct Providers(Arc<[Provider]>);

impl Providers {
    /// These ones, for tests and for connectors made elsewhere.
    pub fn new(providers: Vec<Provider>) -> Self {
        Self(providers.into())
    }

    /// All of them, in the order of the file.
    pub fn all(&self) -> &[Provider] {
        &self.0
    }

    /// The one of this id.
    pub fn get(&self, id: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.id == id)
    }

    /// The one whose identities are kept under `issuer`.
    pub fn by_issuer(&self, issuer: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.connector.issuer() == issuer)
    }

    /// Reads the file of providers, and the files of secrets and certificates that it names.
    pub fn read(path: &Path) -> Result<Self, ProvidersError> {
        Self::read_with(path, HttpLimits::default())
    }

    /// The same with other limits than the usual ones.
    pub fn read_with(path: &Path, limits: HttpLimits) -> Result<Self, ProvidersError> {
        provider_file::read(path, limits).map(Self::new)
    }
}
