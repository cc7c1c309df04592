//! Where unguessable bytes come from; injected like the clock and the identifiers.

use std::sync::Arc;

use super::SecretsError;

/// A source of unguessable bytes.
pub trait Random: Send + Sync {
    /// Fills `into`.
    fn fill(&self, into: &mut [u8]) -> Result<(), SecretsError>;
}

/// The source everyone shares.
pub type SharedRandom = Arc<dyn Random>;

/// The machine's own randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, into: &mut [u8]) -> Result<(), SecretsError> {
        aws_lc_rs::rand::fill(into).map_err(|_| SecretsError::Crypto("give random bytes"))
    }
}
