//! Argon2 in memory that a thread keeps: taken from the allocator and given back for every password, it would come to lie
//! in several places of each thread's heap, and the process would hold a multiple of what the setting says.

use std::cell::RefCell;

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        Error,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};

thread_local! {
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// The hash of a password with this salt.
pub(super) fn hash(params: &Params, password: &[u8], salt: &[u8]) -> Result<PasswordHash, Error> {
    let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
    let output = output(Argon2::new(algorithm, version, params.clone()), password, salt)?;
    Ok(PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(params)?,
        salt: Some(Salt::new(salt)?),
        hash: Some(output),
    })
}

/// Whether it is the password of the hash, with the work that the hash names.
pub(super) fn is_of(password: &[u8], hash: &PasswordHash) -> Result<bool, Error> {
    let algorithm = Algorithm::try_from(hash.algorithm.as_str())?;
    let version = hash.version.map(Version::try_from).transpose()?.unwrap_or_default();
    let (Some(salt), Some(wanted)) = (&hash.salt, &hash.hash) else { return Ok(false) };
    // Compared in the same time whatever they are.
    Ok(output(Argon2::new(algorithm, version, Params::try_from(hash)?), password, salt)? == *wanted)
}

fn output(argon: Argon2<'_>, password: &[u8], salt: &[u8]) -> Result<Output, Error> {
    let blocks = argon.params().block_count();
    let mut buffer = [0; Output::MAX_LENGTH];
    let length = argon.params().output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let out = buffer.get_mut(..length).ok_or(Error::OutputSize)?;
    MEMORY.with_borrow_mut(|memory| {
        if memory.len() != blocks {
            // Given back before more is taken.
            *memory = Vec::new();
            *memory = vec![Block::new(); blocks];
        }
        let done = argon.hash_password_into_with_memory(password, salt, out, &mut memory[..]);
        // What was derived from a password does not stay.
        memory.fill(Block::new());
        done
    })?;
    Ok(Output::new(out)?)
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

    use super::*;

    #[test]
    fn it_is_the_argon_of_the_library() {
        let (small, large) = (Params::new(8, 1, 1, None).unwrap(), Params::new(64, 2, 2, None).unwrap());
        // By turns, so that the memory of the one is not that of the other.
        for params in [&small, &large, &small] {
            let own = hash(params, "秘密".as_bytes(), b"salt of 16 bytes").unwrap();
            let library = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
            let theirs: PasswordHash = library.hash_password_with_salt("秘密".as_bytes(), b"salt of 16 bytes").unwrap();
            assert_eq!(own.to_string(), theirs.to_string());
            assert!(library.verify_password("秘密".as_bytes(), own.to_string().as_str()).is_ok());
            assert!(is_of("秘密".as_bytes(), &theirs).unwrap() && !is_of(b"x", &theirs).unwrap());
        }
        let mut empty = hash(&small, b"x", b"salt of 16 bytes").unwrap();
        empty.hash = None;
        assert!(!is_of(b"x", &empty).unwrap(), "no hash is nobody's");
    }
}
