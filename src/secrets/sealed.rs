//! Encrypted columns: AES-256-GCM, bound to the place where they stand.

use std::{fmt, sync::Arc};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use super::{SecretsError, keyring::Data};

const VERSION: &str = "v1";
/// What sealed bytes begin with: nothing that a file of an office begins with.
const MARK: &[u8] = b"\0tz1\0";
/// Bytes of what signs a link.
pub const LINK_MAC_BYTES: usize = 32;

/// The place of a value, to be given as `aad`: a ciphertext moved to another column or row does not open there.
pub fn place(table: &str, column: &str, row: Uuid) -> String {
    format!("{table}/{column}/{row}")
}

/// The text is no ciphertext of this place under a key of this installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an encrypted value does not open: it was changed or moved, or its key is missing")]
pub struct CannotOpen;

/// Encrypts with the newest data key, decrypts with every one; cheap to clone.
#[derive(Clone)]
pub struct DataCipher(Arc<Vec<(String, RandomizedNonceKey)>>, Arc<hmac::Key>, Arc<hmac::Key>, Arc<hmac::Key>);

impl fmt::Debug for DataCipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(id, _)| id)).finish()
    }
}

impl DataCipher {
    pub(super) fn new(keys: &[Data]) -> Result<Self, SecretsError> {
        let refused = |_| SecretsError::Crypto("use a data key");
        let Some(oldest) = keys.first() else { return Err(SecretsError::Crypto("find a data key")) };
        // A key of its own for each use, so that nothing is encrypted and fingerprinted with the same one.
        let derived = |label: &[u8]| {
            let key = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &oldest.key), label);
            Arc::new(hmac::Key::new(hmac::HMAC_SHA256, key.as_ref()))
        };
        let (fingerprint_key, link_key) = (derived(b"taizhang/v1/fingerprint"), derived(b"taizhang/v1/link"));
        let refresh_key = derived(b"taizhang/v1/refresh");
        let keys = keys
            .iter()
            .map(|data| Ok((data.id.clone(), RandomizedNonceKey::new(&AES_256_GCM, &data.key).map_err(refused)?)))
            .collect::<Result<_, SecretsError>>()?;
        Ok(Self(Arc::new(keys), fingerprint_key, link_key, refresh_key))
    }

    /// Encrypts `plaintext` for the place `aad`: `v1.<key id>.<base64url of nonce and ciphertext>`.
    pub fn seal(&self, plaintext: &str, aad: &str) -> Result<String, SecretsError> {
        let refused = SecretsError::Crypto("encrypt");
        let Some((id, key)) = self.0.last() else { return Err(refused) };
        let mut ciphertext = plaintext.as_bytes().to_vec();
        let Ok(nonce) = key.seal_in_place_append_tag(Aad::from(bound(id, aad)), &mut ciphertext) else {
            return Err(refused);
        };
        let mut bytes = nonce.as_ref().to_vec();
        bytes.append(&mut ciphertext);
        Ok(format!("{VERSION}.{id}.{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Decrypts what was encrypted for the place `aad`.
    pub fn open(&self, sealed: &str, aad: &str) -> Result<String, CannotOpen> {
        let (id, body) = parts(sealed).ok_or(CannotOpen)?;
        let (_, key) = self.0.iter().find(|(known, _)| known == id).ok_or(CannotOpen)?;
        let mut bytes = URL_SAFE_NO_PAD.decode(body).map_err(|_| CannotOpen)?;
        let (nonce, ciphertext) = bytes.split_at_mut_checked(NONCE_LEN).ok_or(CannotOpen)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| CannotOpen)?;
        let plaintext = key.open_in_place(nonce, Aad::from(bound(id, aad)), ciphertext).map_err(|_| CannotOpen)?;
        String::from_utf8(plaintext.to_vec()).map_err(|_| CannotOpen)
    }

    /// Encrypts bytes for the place `aad`; kept as bytes, because text would make them a third longer.
    pub fn seal_bytes(&self, plain: &[u8], aad: &str) -> Result<Vec<u8>, SecretsError> {
        let refused = SecretsError::Crypto("encrypt");
        let Some((id, key)) = self.0.last() else { return Err(refused) };
        let mut ciphertext = plain.to_vec();
        let Ok(nonce) = key.seal_in_place_append_tag(Aad::from(bound(id, aad)), &mut ciphertext) else {
            return Err(refused);
        };
        Ok([MARK, id.as_bytes(), b"\0", nonce.as_ref(), ciphertext.as_slice()].concat())
    }

    /// Decrypts bytes that were encrypted for the place `aad`; what was never encrypted is given as it is.
    pub fn open_bytes(&self, mut sealed: Vec<u8>, aad: &str) -> Result<Vec<u8>, CannotOpen> {
        let Some(rest) = sealed.strip_prefix(MARK) else { return Ok(sealed) };
        let end = rest.iter().position(|byte| *byte == 0).ok_or(CannotOpen)?;
        let (id, key) = self.0.iter().find(|(known, _)| known.as_bytes() == &rest[..end]).ok_or(CannotOpen)?;
        let bound = bound(id, aad);
        let body = sealed.get_mut(MARK.len() + end + 1..).ok_or(CannotOpen)?;
        let (nonce, ciphertext) = body.split_at_mut_checked(NONCE_LEN).ok_or(CannotOpen)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| CannotOpen)?;
        let plain = key.open_in_place(nonce, Aad::from(bound), ciphertext).map_err(|_| CannotOpen)?;
        Ok(plain.to_vec())
    }

    /// What tells two values apart without telling them: a plain digest of a telephone number is found by trying all.
    pub fn fingerprint(&self, plaintext: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.1, plaintext.as_bytes()))
    }

    /// What follows a refresh token in its session: always the same, and nothing to anybody who has not both the token
    /// and the key.
    pub fn successor(&self, token: &str, session: Uuid) -> Vec<u8> {
        let mut mac = hmac::Context::with_key(&self.3);
        mac.update(session.as_bytes());
        mac.update(token.as_bytes());
        mac.sign().as_ref().to_vec()
    }

    /// Says that these bytes of a link come from here.
    pub fn sign_link(&self, bytes: &[u8]) -> [u8; LINK_MAC_BYTES] {
        let mut mac = [0; LINK_MAC_BYTES];
        mac.copy_from_slice(hmac::sign(&self.2, bytes).as_ref());
        mac
    }

    /// Whether these bytes of a link come from here; takes as long whatever is wrong.
    pub fn verify_link(&self, bytes: &[u8], mac: &[u8]) -> bool {
        hmac::verify(&self.2, bytes, mac).is_ok()
    }

    /// Whether it was encrypted with another key than the newest.
    pub fn needs_reseal(&self, sealed: &str) -> bool {
        let newest = self.0.last().map(|(id, _)| id.as_str());
        parts(sealed).map(|(id, _)| id) != newest
    }
}

/// Key id and body of a ciphertext.
fn parts(sealed: &str) -> Option<(&str, &str)> {
    sealed.strip_prefix(VERSION)?.strip_prefix('.')?.split_once('.')
}

/// What is authenticated beside the value: the form, the key and the place.
fn bound(key: &str, aad: &str) -> Vec<u8> {
    format!("taizhang/{VERSION}/{key}\n{aad}").into_bytes()
}
