//! Keys and what is made with them: the keyring, access tokens, encrypted columns.

pub mod anchor;
pub mod error;
pub mod keyring;
mod private_file;
pub mod sealed;
pub mod token;

pub use anchor::{Anchor, AnchorMaker, AnchorVerifier};
pub use error::SecretsError;
pub use keyring::{Keyring, PublicKey};
pub use sealed::{CannotOpen, DataCipher, LINK_MAC_BYTES, place};
pub use token::{Claims, Rejected, TokenMaker, TokenRules, TokenVerifier};
