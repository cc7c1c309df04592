//! Tokens and codes that say nothing: 256 random bits. The database keeps their digests; who reads it can use none of them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{Random, SecretsError};

/// What a refresh token begins with, so that one is known where it should not be.
pub const REFRESH: &str = "tzr_";
/// What the code of an invitation or a reset begins with.
pub const CODE: &str = "tzc_";
/// What the secret of a service account begins with.
pub const SECRET: &str = "tzs_";
/// Random bytes of one.
const BYTES: usize = 32;
/// Longest text looked at; ours have 47 characters.
const LONGEST: usize = 64;

/// A new one.
pub fn new(prefix: &str, random: &dyn Random) -> Result<String, SecretsError> {
    let mut bytes = [0; BYTES];
    random.fill(&mut bytes)?;
    Ok(of(prefix, &bytes))
}

/// The one of these bytes.
pub fn of(prefix: &str, bytes: &[u8]) -> String {
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// What is kept of it; nothing for what is not of this kind at all.
pub fn digest(prefix: &str, text: &str) -> Option<String> {
    let body = text.strip_prefix(prefix).filter(|_| text.len() <= LONGEST)?;
    let bytes = URL_SAFE_NO_PAD.decode(body).ok().filter(|bytes| bytes.len() == BYTES)?;
    // One spelling each: what decodes to the same bytes is the same token.
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, of(prefix, &bytes).as_bytes());
    Some(URL_SAFE_NO_PAD.encode(digest))
}

#[cfg(test)]
mod tests {
    use super::super::SystemRandom;
    use super::*;

    #[test]
    fn only_what_is_ours_has_a_digest() {
        let token = new(REFRESH, &SystemRandom).unwrap();
        assert_eq!(token.len(), 47);
        assert_eq!(digest(REFRESH, &token).unwrap().len(), 43);
        assert_ne!(digest(REFRESH, &token), digest(REFRESH, &new(REFRESH, &SystemRandom).unwrap()));
        for bad in ["", "tzr_", &token[..46], &token[4..], &format!("{token}A"), &token.replace("tzr_", "tzc_")] {
            assert_eq!(digest(REFRESH, bad), None, "{bad}");
        }
        assert_eq!(digest(CODE, &token), None);
    }
}
