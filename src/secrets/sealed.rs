//! Encrypted columns: AES-256-GCM, bound to the place where they stand.

use std::{
    collections::HashSet,
    fmt,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use super::{Keyring, SecretsError, keyring::Data};

const VERSION: &str = "v1";
/// What sealed bytes begin with: nothing that a file of an office begins with.
const MARK: &[u8] = b"\0tz1\0";
/// Missing keys that are remembered at most.
const MISSING: usize = 64;
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

/// Encrypts with the data key in force, decrypts with every one; clones share the keys.
#[derive(Clone)]
pub struct DataCipher(Arc<Inner>);

struct Inner {
    dir: PathBuf,
    keys: RwLock<Keys>,
    fingerprint: hmac::Key,
    link: hmac::Key,
    refresh: hmac::Key,
}

struct Keys {
    /// Oldest first.
    all: Vec<Arc<Key>>,
    sealing: Arc<Key>,
    /// Keys that were not in the folder when it was read last: it is not read again for each value under them.
    missing: HashSet<String>,
}

struct Key {
    id: String,
    cipher: RandomizedNonceKey,
    proof: String,
}

impl fmt::Debug for DataCipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.key_ids()).finish()
    }
}

impl Key {
    fn new(data: &Data) -> Result<Arc<Self>, SecretsError> {
        let cipher =
            RandomizedNonceKey::new(&AES_256_GCM, &data.key).map_err(|_| SecretsError::Crypto("use a data key"))?;
        let proof = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &data.key), b"taizhang/v1/proof");
        Ok(Arc::new(Self { id: data.id.clone(), cipher, proof: URL_SAFE_NO_PAD.encode(proof) }))
    }
}

impl DataCipher {
    pub(super) fn new(dir: PathBuf, keys: &[Data], mac: &[u8]) -> Result<Self, SecretsError> {
        let all = keys.iter().map(Key::new).collect::<Result<Vec<_>, _>>()?;
        let Some(newest) = all.last().cloned() else { return Err(SecretsError::Crypto("find a data key")) };
        // A key of its own for each use, so that nothing is encrypted and fingerprinted with the same one.
        let derived = |label: &[u8]| {
            let key = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, mac), label);
            hmac::Key::new(hmac::HMAC_SHA256, key.as_ref())
        };
        Ok(Self(Arc::new(Inner {
            dir,
            keys: RwLock::new(Keys { all, sealing: newest, missing: HashSet::new() }),
            fingerprint: derived(b"taizhang/v1/fingerprint"),
            link: derived(b"taizhang/v1/link"),
            refresh: derived(b"taizhang/v1/refresh"),
        })))
    }

    fn keys(&self) -> RwLockReadGuard<'_, Keys> {
        self.0.keys.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn sealing(&self) -> Arc<Key> {
        self.keys().sealing.clone()
    }

    /// The key of this id; the folder is read again for one that is not known, because another program may have begun to
    /// seal with a key that was added meanwhile. For one that is not there it is read once, until [`DataCipher::reload`].
    fn key(&self, id: &str) -> Option<Arc<Key>> {
        let known = |keys: &Keys| keys.all.iter().find(|key| key.id == id).cloned();
        {
            let keys = self.keys();
            if let Some(key) = known(&keys) {
                return Some(key);
            }
            if keys.missing.contains(id) {
                return None;
            }
        }
        let mut keys = self.read_folder().ok()?;
        let found = known(&keys);
        if found.is_none() {
            if keys.missing.len() >= MISSING {
                keys.missing.clear();
            }
            keys.missing.insert(id.to_owned());
        }
        found
    }

    /// Takes over the keys that stand in the folder now; which one seals does not change by this.
    pub fn reload(&self) -> Result<(), SecretsError> {
        self.read_folder()?.missing.clear();
        Ok(())
    }

    fn read_folder(&self) -> Result<RwLockWriteGuard<'_, Keys>, SecretsError> {
        let found = Keyring::read_data(&self.0.dir)?;
        let mut keys = self.0.keys.write().unwrap_or_else(PoisonError::into_inner);
        let mut all = Vec::with_capacity(found.len());
        for data in &found {
            match keys.all.iter().find(|key| key.id == data.id) {
                Some(known) => all.push(known.clone()),
                None => all.push(Key::new(data)?),
            }
        }
        // The one that seals stays until another one does.
        if !all.iter().any(|key| key.id == keys.sealing.id) {
            all.insert(0, keys.sealing.clone());
        }
        keys.all = all;
        Ok(keys)
    }

    /// The ids of the keys that open, oldest first.
    pub fn key_ids(&self) -> Vec<String> {
        self.keys().all.iter().map(|key| key.id.clone()).collect()
    }

    /// The id of the key that seals.
    pub fn sealing_id(&self) -> String {
        self.sealing().id.clone()
    }

    /// From now on this key seals; false when it is not here.
    pub fn seal_with(&self, id: &str) -> bool {
        let mut keys = self.0.keys.write().unwrap_or_else(PoisonError::into_inner);
        let found = keys.all.iter().find(|key| key.id == id).cloned();
        found.map(|key| keys.sealing = key).is_some()
    }

    /// What only the holder of this key can say; says nothing about the key.
    pub fn proof(&self, id: &str) -> Option<String> {
        self.keys().all.iter().find(|key| key.id == id).map(|key| key.proof.clone())
    }

    /// What text sealed with this key begins with.
    pub fn text_prefix(id: &str) -> String {
        format!("{VERSION}.{id}.")
    }

    /// What bytes sealed with this key begin with.
    pub fn bytes_prefix(id: &str) -> Vec<u8> {
        [MARK, id.as_bytes(), b"\0"].concat()
    }

    /// Encrypts `plaintext` for the place `aad`: `v1.<key id>.<base64url of nonce and ciphertext>`.
    pub fn seal(&self, plaintext: &str, aad: &str) -> Result<String, SecretsError> {
        let refused = SecretsError::Crypto("encrypt");
        let key = self.sealing();
        let mut ciphertext = plaintext.as_bytes().to_vec();
        let Ok(nonce) = key.cipher.seal_in_place_append_tag(Aad::from(bound(&key.id, aad)), &mut ciphertext) else {
            return Err(refused);
        };
        let mut bytes = nonce.as_ref().to_vec();
        bytes.append(&mut ciphertext);
        Ok(format!("{}{}", Self::text_prefix(&key.id), URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Decrypts what was encrypted for the place `aad`.
    pub fn open(&self, sealed: &str, aad: &str) -> Result<String, CannotOpen> {
        let (id, body) = parts(sealed).ok_or(CannotOpen)?;
        let key = self.key(id).ok_or(CannotOpen)?;
        let mut bytes = URL_SAFE_NO_PAD.decode(body).map_err(|_| CannotOpen)?;
        let (nonce, ciphertext) = bytes.split_at_mut_checked(NONCE_LEN).ok_or(CannotOpen)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| CannotOpen)?;
        let plaintext =
            key.cipher.open_in_place(nonce, Aad::from(bound(id, aad)), ciphertext).map_err(|_| CannotOpen)?;
        String::from_utf8(plaintext.to_vec()).map_err(|_| CannotOpen)
    }

    /// Encrypts bytes for the place `aad`; kept as bytes, because text would make them a third longer.
    pub fn seal_bytes(&self, plain: &[u8], aad: &str) -> Result<Vec<u8>, SecretsError> {
        let refused = SecretsError::Crypto("encrypt");
        let key = self.sealing();
        let mut ciphertext = plain.to_vec();
        let Ok(nonce) = key.cipher.seal_in_place_append_tag(Aad::from(bound(&key.id, aad)), &mut ciphertext) else {
            return Err(refused);
        };
        Ok([Self::bytes_prefix(&key.id).as_slice(), nonce.as_ref(), ciphertext.as_slice()].concat())
    }

    /// Decrypts bytes that were encrypted for the place `aad`; what was never encrypted is given as it is.
    pub fn open_bytes(&self, mut sealed: Vec<u8>, aad: &str) -> Result<Vec<u8>, CannotOpen> {
        let Some(rest) = sealed.strip_prefix(MARK) else { return Ok(sealed) };
        let end = rest.iter().position(|byte| *byte == 0).ok_or(CannotOpen)?;
        let key = std::str::from_utf8(&rest[..end]).ok().and_then(|id| self.key(id)).ok_or(CannotOpen)?;
        let bound = bound(&key.id, aad);
        let body = sealed.get_mut(MARK.len() + end + 1..).ok_or(CannotOpen)?;
        let (nonce, ciphertext) = body.split_at_mut_checked(NONCE_LEN).ok_or(CannotOpen)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| CannotOpen)?;
        let plain = key.cipher.open_in_place(nonce, Aad::from(bound), ciphertext).map_err(|_| CannotOpen)?;
        Ok(plain.to_vec())
    }

    /// What tells two values apart without telling them: a plain digest of a telephone number is found by trying all.
    pub fn fingerprint(&self, plaintext: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.0.fingerprint, plaintext.as_bytes()))
    }

    /// What follows a refresh token in its session: always the same, and nothing to anybody who has not both the token
    /// and the key.
    pub fn successor(&self, token: &str, session: Uuid) -> Vec<u8> {
        let mut mac = hmac::Context::with_key(&self.0.refresh);
        mac.update(session.as_bytes());
        mac.update(token.as_bytes());
        mac.sign().as_ref().to_vec()
    }

    /// Says that these bytes of a link come from here.
    pub fn sign_link(&self, bytes: &[u8]) -> [u8; LINK_MAC_BYTES] {
        let mut mac = [0; LINK_MAC_BYTES];
        mac.copy_from_slice(hmac::sign(&self.0.link, bytes).as_ref());
        mac
    }

    /// Whether these bytes of a link come from here; takes as long whatever is wrong.
    pub fn verify_link(&self, bytes: &[u8], mac: &[u8]) -> bool {
        hmac::verify(&self.0.link, bytes, mac).is_ok()
    }

    /// Whether it was encrypted with another key than the one that seals.
    pub fn needs_reseal(&self, sealed: &str) -> bool {
        parts(sealed).map(|(id, _)| id) != Some(self.sealing().id.as_str())
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
