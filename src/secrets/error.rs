//! What can go wrong with keys, as sentences for an operator.

use std::{io, path::PathBuf};

/// Keys could not be read, made or used; one plain sentence, never a key.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The machine refused to read or write.
    #[error("the key folder {} cannot be used: {cause}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Other accounts of the machine may read a key file or the folder.
    #[error(
        "{} can be read or changed by other accounts (mode {mode:03o}): make it private (chmod {wanted:o}), \
         and replace the key if others may have seen it",
        path.display()
    )]
    NotPrivate {
        /// Which file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// What they should be.
        wanted: u32,
    },
    /// A file is no key: cut short, of another kind, or strayed into the folder.
    #[error("{} is not a key file of this program: restore it from a backup or move it away", path.display())]
    NotAKey {
        /// Which file.
        path: PathBuf,
    },
    /// Signing keys are there but no data key: making a new one would orphan every encrypted column.
    #[error("the data key is missing in {}: restore data-*.key from a backup", path.display())]
    DataKeyMissing {
        /// The key folder.
        path: PathBuf,
    },
    /// All signing keys of this folder were retired, or there is none: nothing can be signed here.
    #[error(
        "this server has no signing key in use and signs nothing: run taizhang keys rotate where its key folder is, or copy \
         signing-*.pk8 of a server that signs"
    )]
    NoSigningKey,
    /// A public key from elsewhere is unusable.
    #[error("the signing key {kid} is not an Ed25519 key")]
    BadPublicKey {
        /// Its id.
        kid: String,
    },
    /// The list of breached passwords cannot be used.
    #[error("the list of breached passwords {} cannot be used: {why}", path.display())]
    BreachList {
        /// Which file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The cryptographic library refused.
    #[error("the cryptographic library refused to {0}")]
    Crypto(&'static str),
}
