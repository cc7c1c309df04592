//! Keys and what is made with them: the keyring, access tokens, encrypted columns; and what people sign in with:
//! passwords, one-time passwords, tokens and codes that say nothing.

pub mod anchor;
mod argon;
pub mod breached;
pub mod error;
pub mod keyring;
pub mod opaque;
pub mod password;
mod private_file;
pub mod random;
pub mod sealed;
pub mod signers;
pub mod token;
pub mod totp;
mod workers;

pub use anchor::{Anchor, AnchorMaker, AnchorVerifier};
pub use breached::Breached;
pub use error::SecretsError;
pub use keyring::{ALGORITHM, Keyring, PublicKey, TrustedKey};
pub use password::{PasswordFault, PasswordWork, Passwords};
pub use random::{Random, SharedRandom, SystemRandom};
pub use sealed::{CannotOpen, DataCipher, LINK_MAC_BYTES, place};
pub use signers::Signer;
pub use token::{Claims, Rejected, TokenMaker, TokenRules, TokenVerifier};
