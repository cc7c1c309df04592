//! The folder of private keys: Ed25519 keys that sign tokens, 256-bit keys that encrypt columns.
//!
//! A file is named `signing-<kid>.pk8` or `data-<key id>.key`, an id is `<number>-<random>`. Which key signs or encrypts, and
//! until when the others verify, is the database's word, because several programs have to agree; the others decrypt until
//! their file is put away. What fingerprints and links are made with comes from the oldest data key, and is kept in
//! `mac-<id>.key` before that one can go.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jsonwebtoken::EncodingKey;

use super::signers::{Signer, Signers};
use super::{AnchorMaker, DataCipher, SecretsError, TokenMaker, TokenRules, private_file};
use crate::id::IdMaker;

/// The one algorithm of the signing keys, as written in tokens and in the table of signing keys.
pub const ALGORITHM: &str = "EdDSA";
/// Bytes of a data key.
const DATA_KEY_BYTES: usize = 32;

/// The public half of a signing key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The key id.
    pub kid: String,
    /// The only algorithm it may be used with: always [`ALGORITHM`].
    pub algorithm: String,
    /// The 32 bytes, base64url without padding (the `x` of a JWK).
    pub public: String,
}

/// A key whose tokens are good, and from when on it signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    /// Its public half.
    pub key: PublicKey,
    /// From when on it signs, wherever its private half is.
    pub signs_from: DateTime<Utc>,
}

struct Signing {
    public: PublicKey,
    private: EncodingKey,
}

impl Signing {
    fn signs(&self, from: DateTime<Utc>) -> Signer {
        Signer { kid: self.public.kid.clone(), key: self.private.clone(), from }
    }
}

pub(super) struct Data {
    pub(super) id: String,
    pub(super) key: [u8; DATA_KEY_BYTES],
}

/// The private keys of an installation, oldest first; never empty of either kind.
pub struct Keyring {
    dir: PathBuf,
    signing: Vec<Signing>,
    data: Vec<Data>,
    mac: Option<[u8; DATA_KEY_BYTES]>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("dir", &self.dir)
            .field("signing", &self.signing.iter().map(|k| &k.public.kid).collect::<Vec<_>>())
            .field("data", &self.data.iter().map(|k| &k.id).collect::<Vec<_>>())
            .finish()
    }
}

impl Keyring {
    /// Reads the keys in `dir`; makes the folder and one key of each kind when there is none yet.
    pub fn open_or_create(dir: &Path, ids: &dyn IdMaker) -> Result<Self, SecretsError> {
        private_file::private_dir(dir)?;
        // Complete already: nothing to write, so a read-only folder is enough.
        let found = Self::read(dir)?;
        if !found.signing.is_empty() && !found.data.is_empty() {
            return Ok(found);
        }
        let _lock = private_file::lock(dir)?;
        let mut found = Self::read(dir)?;
        // The data key comes first, so that a signing key alone always means a lost data key.
        match (found.signing.is_empty(), found.data.is_empty()) {
            (false, true) => return Err(SecretsError::DataKeyMissing { path: dir.to_owned() }),
            (true, true) => found.make_data(ids, None)?,
            (_, false) => {}
        }
        if found.signing.is_empty() {
            found.make_signing(ids)?;
        }
        Ok(found)
    }

    /// Adds a signing key; when it signs, the database says. Tokens of the older ones stay good.
    pub fn add_signing_key(&mut self, ids: &dyn IdMaker) -> Result<(), SecretsError> {
        let _lock = private_file::lock(&self.dir)?;
        *self = Self::read(&self.dir)?;
        self.make_signing(ids)
    }

    /// Removes the private half of a signing key; whether it was there.
    pub fn remove_signing_key(&mut self, kid: &str) -> Result<bool, SecretsError> {
        let _lock = private_file::lock(&self.dir)?;
        *self = Self::read(&self.dir)?;
        let Some(at) = self.signing.iter().position(|key| key.public.kid == kid) else { return Ok(false) };
        private_file::remove(&self.dir, &format!("signing-{kid}.pk8"))?;
        self.signing.remove(at);
        Ok(true)
    }

    /// Reads the keys in `dir`, and makes none; there may be none.
    pub fn open_any(dir: &Path) -> Result<Self, SecretsError> {
        private_file::existing_dir(dir)?;
        Self::read(dir)
    }

    /// Reads the keys in a folder from which the data key `lost` is gone for good; where it was the only one, another one is
    /// made, and a signing key where that is gone too.
    pub fn open_without(dir: &Path, lost: &str, ids: &dyn IdMaker) -> Result<Self, SecretsError> {
        private_file::existing_dir(dir)?;
        let _lock = private_file::lock(dir)?;
        let mut found = Self::read(dir)?;
        if found.data.is_empty() {
            found.make_data(ids, Some(lost))?;
        }
        if found.signing.is_empty() {
            found.make_signing(ids)?;
        }
        Ok(found)
    }

    /// Reads the keys in `dir`, and makes none; a data key must be among them.
    pub fn open(dir: &Path) -> Result<Self, SecretsError> {
        let found = Self::open_any(dir)?;
        if found.data.is_empty() { Err(SecretsError::DataKeyMissing { path: dir.to_owned() }) } else { Ok(found) }
    }

    /// Adds a data key, which encrypts from now on; what the older ones encrypted stays readable.
    pub fn add_data_key(&mut self, ids: &dyn IdMaker) -> Result<(), SecretsError> {
        let _lock = private_file::lock(&self.dir)?;
        *self = Self::read(&self.dir)?;
        self.keep_mac(ids)?;
        self.make_data(ids, None)
    }

    /// Puts a data key away, under a name that is not read any more; old backups need it still. Where it stands now, or
    /// nothing when it is not in this folder.
    pub fn put_data_key_away(&mut self, id: &str, ids: &dyn IdMaker) -> Result<Option<PathBuf>, SecretsError> {
        let _lock = private_file::lock(&self.dir)?;
        *self = Self::read(&self.dir)?;
        if !self.data.iter().any(|key| key.id == id) {
            return Ok(None);
        }
        if self.data.len() == 1 {
            return Err(SecretsError::Crypto("do without a data key"));
        }
        self.keep_mac(ids)?;
        let path = private_file::put_away(&self.dir, &format!("data-{id}.key"), &format!(".retired-data-{id}.key"))?;
        self.data.retain(|key| key.id != id);
        Ok(Some(path))
    }

    /// The ids of the data keys, oldest first.
    pub fn data_keys(&self) -> Vec<String> {
        self.data.iter().map(|key| key.id.clone()).collect()
    }

    /// Where the keys are.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The public halves of the signing keys, oldest first.
    pub fn public_keys(&self) -> Vec<PublicKey> {
        self.signing.iter().map(|key| key.public.clone()).collect()
    }

    /// What encrypts and decrypts columns with these keys.
    pub fn data_cipher(&self) -> Result<DataCipher, SecretsError> {
        let mac = self.mac.or_else(|| self.data.first().map(Data::mac));
        DataCipher::new(self.dir.clone(), &self.data, &mac.ok_or(SecretsError::Crypto("find a data key"))?)
    }

    /// What signs tokens, with the newest key.
    pub fn token_maker(&self, rules: TokenRules) -> Result<TokenMaker, SecretsError> {
        // Without any it signs nothing and says so when it is asked to: whoever has lost his key opens the house to make one.
        let signers = if self.signing.is_empty() { Vec::new() } else { vec![self.newest()?] };
        Ok(TokenMaker::new(signers, rules))
    }

    /// What signs statements about the audit trail, with the newest key.
    pub fn anchor_maker(&self, issuer: String) -> Result<AnchorMaker, SecretsError> {
        Ok(AnchorMaker::new(Signers::new(vec![self.newest()?]), issuer))
    }

    /// The private keys among these, each with the moment from which on it signs.
    pub fn signers(&self, trusted: &[TrustedKey]) -> Vec<Signer> {
        let own = |key: &TrustedKey| self.signing.iter().find(|own| own.public.kid == key.key.kid);
        trusted.iter().filter_map(|key| Some(own(key)?.signs(key.signs_from))).collect()
    }

    fn newest(&self) -> Result<Signer, SecretsError> {
        let newest = self.signing.last().ok_or(SecretsError::NoSigningKey)?;
        Ok(newest.signs(DateTime::<Utc>::MIN_UTC))
    }

    /// The data keys in `dir` at this moment, oldest first.
    pub(super) fn read_data(dir: &Path) -> Result<Vec<Data>, SecretsError> {
        Ok(Self::read(dir)?.data)
    }

    fn read(dir: &Path) -> Result<Self, SecretsError> {
        let (mut signing, mut data, mut mac) = (Vec::new(), Vec::new(), None);
        for entry in fs::read_dir(dir).map_err(private_file::io_error(dir))? {
            let path = entry.map_err(private_file::io_error(dir))?.path();
            let not_a_key = || SecretsError::NotAKey { path: path.clone() };
            let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(not_a_key)?;
            if name.starts_with('.') {
                continue;
            }
            // A misnamed key must not be overlooked: a second one would be made beside it.
            let (kind, number, id) = parse_name(name).ok_or_else(not_a_key)?;
            let bytes = private_file::read(&path)?;
            match kind {
                KeyFile::Signing => signing.push((number, signing_key(id, &bytes).ok_or_else(not_a_key)?)),
                KeyFile::Data => {
                    let key = bytes.try_into().map_err(|_| not_a_key())?;
                    data.push((number, Data { id: id.to_owned(), key }));
                }
                KeyFile::Mac => mac = Some(bytes.try_into().map_err(|_| not_a_key())?),
            }
        }
        signing.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.public.kid.cmp(&y.public.kid)));
        data.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.id.cmp(&y.id)));
        Ok(Self {
            dir: dir.to_owned(),
            signing: signing.into_iter().map(|(_, key)| key).collect(),
            data: data.into_iter().map(|(_, key)| key).collect(),
            mac,
        })
    }

    fn make_signing(&mut self, ids: &dyn IdMaker) -> Result<(), SecretsError> {
        let pkcs8 =
            Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| SecretsError::Crypto("make a key"))?;
        let kid = new_id(self.signing.iter().map(|key| key.public.kid.as_str()), ids);
        let key = signing_key(&kid, pkcs8.as_ref()).ok_or(SecretsError::Crypto("make a key"))?;
        private_file::write(&self.dir, &format!("signing-{kid}.pk8"), pkcs8.as_ref())?;
        self.signing.push(key);
        Ok(())
    }

    /// Writes down what the oldest data key gives, so that it outlives that key; always the same, whoever writes it.
    fn keep_mac(&mut self, ids: &dyn IdMaker) -> Result<(), SecretsError> {
        let Some(oldest) = self.data.first().filter(|_| self.mac.is_none()) else { return Ok(()) };
        let mac = oldest.mac();
        private_file::write(&self.dir, &format!("mac-{}.key", new_id(std::iter::empty(), ids)), &mac)?;
        self.mac = Some(mac);
        Ok(())
    }

    fn make_data(&mut self, ids: &dyn IdMaker, behind: Option<&str>) -> Result<(), SecretsError> {
        let mut key = [0; DATA_KEY_BYTES];
        aws_lc_rs::rand::fill(&mut key).map_err(|_| SecretsError::Crypto("make a key"))?;
        let id = new_id(self.data.iter().map(|key| key.id.as_str()).chain(behind), ids);
        private_file::write(&self.dir, &format!("data-{id}.key"), &key)?;
        self.data.push(Data { id, key });
        Ok(())
    }
}

impl Data {
    /// What fingerprints and links are made with; says nothing about the key.
    fn mac(&self) -> [u8; DATA_KEY_BYTES] {
        let mut mac = [0; DATA_KEY_BYTES];
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.key);
        mac.copy_from_slice(hmac::sign(&key, b"taizhang/v1/mac").as_ref());
        mac
    }
}

enum KeyFile {
    Signing,
    Data,
    Mac,
}

/// Kind, number and id of a key file's name.
fn parse_name(name: &str) -> Option<(KeyFile, u32, &str)> {
    let (kind, id) = match name.split_once('-')? {
        ("signing", rest) => (KeyFile::Signing, rest.strip_suffix(".pk8")?),
        ("data", rest) => (KeyFile::Data, rest.strip_suffix(".key")?),
        ("mac", rest) => (KeyFile::Mac, rest.strip_suffix(".key")?),
        _ => return None,
    };
    let (number, random) = id.split_once('-')?;
    let plain =
        |text: &str, good: fn(&u8) -> bool| !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| good(&b));
    if !plain(number, u8::is_ascii_digit) || !plain(random, u8::is_ascii_alphanumeric) {
        return None;
    }
    Some((kind, number.parse().ok()?, id))
}

/// An id one higher than the highest, so that the order does not hang on the machine's clock.
fn new_id<'a>(present: impl Iterator<Item = &'a str>, ids: &dyn IdMaker) -> String {
    let highest = present.filter_map(|id| id.split_once('-')?.0.parse::<u32>().ok()).max().unwrap_or_default();
    format!("{:04}-{}", highest.saturating_add(1), ids.next().simple())
}

fn signing_key(kid: &str, pkcs8: &[u8]) -> Option<Signing> {
    let pair = Ed25519KeyPair::from_pkcs8(pkcs8).ok()?;
    let public = PublicKey {
        kid: kid.to_owned(),
        algorithm: ALGORITHM.to_owned(),
        public: URL_SAFE_NO_PAD.encode(pair.public_key()),
    };
    Some(Signing { public, private: EncodingKey::from_ed_der(pkcs8) })
}
