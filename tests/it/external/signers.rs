//! Keys of providers, made when the tests start, and tokens of any shape signed with them.

use std::sync::LazyLock;

use aws_lc_rs::{
    encoding::AsDer,
    hmac, rand,
    rsa::KeySize,
    signature::{
        self, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
        RsaPublicKeyComponents,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

pub struct Signer {
    pub kid: &'static str,
    pub alg: &'static str,
    pair: Pair,
}

pub static RSA: LazyLock<Signer> = LazyLock::new(|| rsa("rsa-1"));
pub static OTHER_RSA: LazyLock<Signer> = LazyLock::new(|| rsa("rsa-2"));
pub static EC: LazyLock<Signer> = LazyLock::new(|| {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    Signer { kid: "ec-1", alg: "ES256", pair: Pair::Ec(pair) }
});
pub static ED: LazyLock<Signer> = LazyLock::new(|| ed("ed-1"));

fn rsa(kid: &'static str) -> Signer {
    Signer { kid, alg: "RS256", pair: Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()) }
}

/// A new key, quickly made.
pub fn ed(kid: &'static str) -> Signer {
    Signer { kid, alg: "EdDSA", pair: Pair::Ed(Ed25519KeyPair::generate().unwrap()) }
}

pub fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Signer {
    /// The public key as it stands in a key set.
    pub fn jwk(&self) -> Value {
        let mut jwk = match &self.pair {
            Pair::Rsa(pair) => {
                let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({"kty": "RSA", "n": b64(public.n), "e": b64(public.e)})
            }
            Pair::Ec(pair) => {
                let point = pair.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "x": b64(&point[1..33]), "y": b64(&point[33..])})
            }
            Pair::Ed(pair) => json!({"kty": "OKP", "crv": "Ed25519", "x": b64(pair.public_key())}),
        };
        jwk["kid"] = self.kid.into();
        jwk["use"] = "sig".into();
        jwk["alg"] = self.alg.into();
        jwk
    }

    /// The same with other members.
    pub fn jwk_with(&self, changes: Value) -> Value {
        merged(self.jwk(), changes)
    }

    pub fn header(&self) -> Value {
        json!({"alg": self.alg, "typ": "JWT", "kid": self.kid})
    }

    /// A token of this header and these claims.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        self.sign_text(&header.to_string(), &claims.to_string())
    }

    pub fn sign_text(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", b64(header), b64(claims));
        let signature = match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &rand::SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
                signature
            }
            Pair::Ec(pair) => pair.sign(&rand::SystemRandom::new(), message.as_bytes()).unwrap().as_ref().to_vec(),
            Pair::Ed(pair) => pair.sign(message.as_bytes()).as_ref().to_vec(),
        };
        format!("{message}.{}", b64(signature))
    }

    /// Signed with RSA-PSS, which is not RS256.
    pub fn sign_pss(&self, header: &Value, claims: &Value) -> String {
        let Pair::Rsa(pair) = &self.pair else { panic!("no RSA key") };
        let message = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
        let mut signed = vec![0; pair.public_modulus_len()];
        pair.sign(&signature::RSA_PSS_SHA256, &rand::SystemRandom::new(), message.as_bytes(), &mut signed).unwrap();
        format!("{message}.{}", b64(signed))
    }

    /// The public key as bytes that somebody could take for a secret of HMAC.
    pub fn public_bytes(&self) -> Vec<u8> {
        match &self.pair {
            Pair::Rsa(pair) => AsDer::as_der(pair.public_key()).unwrap().as_ref().to_vec(),
            Pair::Ec(pair) => pair.public_key().as_ref().to_vec(),
            Pair::Ed(pair) => pair.public_key().as_ref().to_vec(),
        }
    }
}

/// A token signed by HMAC.
pub fn sign_hmac(secret: &[u8], header: &Value, claims: &Value) -> String {
    let message = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
    format!("{message}.{}", b64(tag))
}

/// `value` with the members of `changes`; null takes one away.
pub fn merged(mut value: Value, changes: Value) -> Value {
    for (name, change) in changes.as_object().unwrap() {
        if change.is_null() {
            value.as_object_mut().unwrap().remove(name);
        } else {
            value[name] = change.clone();
        }
    }
    value
}
