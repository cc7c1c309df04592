//! Access tokens: good ones pass, and of a table of bad ones none does.

use std::{fs, path::Path, time::Duration};

use aws_lc_rs::{hmac, signature::Ed25519KeyPair};
use base64::{
    Engine,
    engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use taizhang::{
    id::{GlobalId, IdMaker, Kind},
    secrets::{Keyring, PublicKey, Rejected, SecretsError, TokenRules, TokenVerifier},
};
use tempfile::TempDir;
use uuid::Uuid;

use super::secrets::ids;

/// The rules of these tests: the start values.
pub fn rules() -> TokenRules {
    TokenRules {
        issuer: "taizhang".to_owned(),
        audience: "taizhang-api".to_owned(),
        lifetime: Duration::from_secs(900),
        leeway: Duration::from_secs(30),
    }
}

struct Forge {
    _home: TempDir,
    ring: Keyring,
    pair: Ed25519KeyPair,
    verifier: TokenVerifier,
    now: DateTime<Utc>,
    user: Uuid,
    session: Uuid,
}

fn private_key(dir: &Path, kid: &str) -> Ed25519KeyPair {
    Ed25519KeyPair::from_pkcs8(&fs::read(dir.join(format!("signing-{kid}.pk8"))).unwrap()).unwrap()
}

impl Forge {
    fn new() -> Self {
        let home = TempDir::new().unwrap();
        let dir = home.path().join("keys");
        let ring = Keyring::open_or_create(&dir, &ids()).unwrap();
        let pair = private_key(&dir, &ring.public_keys()[0].kid);
        let verifier = TokenVerifier::new(&ring.public_keys(), rules()).unwrap();
        let maker = ids();
        let now = DateTime::from_timestamp_millis(1_767_225_600_500).unwrap();
        Self { _home: home, ring, pair, verifier, now, user: maker.next(), session: maker.next() }
    }

    fn kid(&self) -> String {
        self.ring.public_keys()[0].kid.clone()
    }

    fn header(&self) -> Value {
        json!({"typ": "at+jwt", "alg": "EdDSA", "kid": self.kid()})
    }

    fn claims(&self) -> Value {
        let now = self.now.timestamp();
        json!({
            "iss": "taizhang", "aud": "taizhang-api", "sub": GlobalId::new(Kind::User, self.user).to_string(),
            "sid": self.session.to_string(), "jti": Uuid::from_u128(7).to_string(),
            "iat": now, "nbf": now, "exp": now + 900,
        })
    }

    /// Signs whatever text it is given.
    fn raw(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.pair.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }

    fn with_header(&self, name: &str, value: Value) -> String {
        let mut header = self.header();
        header[name] = value;
        self.raw(&header.to_string(), &self.claims().to_string())
    }

    fn with_claim(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims();
        claims[name] = value;
        self.raw(&self.header().to_string(), &claims.to_string())
    }

    fn with_times(&self, iat: i64, nbf: i64, exp: i64) -> String {
        let mut claims = self.claims();
        let now = self.now.timestamp();
        (claims["iat"], claims["nbf"], claims["exp"]) = (json!(now + iat), json!(now + nbf), json!(now + exp));
        self.raw(&self.header().to_string(), &claims.to_string())
    }

    fn without(&self, part: &str, name: &str) -> String {
        let (mut header, mut claims) = (self.header(), self.claims());
        let gone = if part == "header" { &mut header } else { &mut claims };
        gone.as_object_mut().unwrap().remove(name).expect("was there");
        self.raw(&header.to_string(), &claims.to_string())
    }

    fn good(&self) -> String {
        self.ring.token_maker(rules()).unwrap().mint(self.user, self.session, self.now, &ids()).unwrap()
    }

    /// The same token with another signature, header or payload part.
    fn swap(&self, part: usize, with: &str) -> String {
        let good = self.good();
        let mut parts: Vec<&str> = good.split('.').collect();
        parts[part] = with;
        parts.join(".")
    }
}

#[test]
fn a_minted_token_says_who_asks_and_for_how_long() {
    let f = Forge::new();
    let claims = f.verifier.verify(&f.good(), f.now).expect("good");
    assert_eq!((claims.user, claims.session), (f.user, f.session));
    assert_eq!(claims.issued_at.timestamp(), f.now.timestamp());
    assert_eq!(claims.expires_at - claims.issued_at, TimeDelta::minutes(15));
    let maker = ids();
    let minted = f.ring.token_maker(rules()).unwrap();
    let mut two = [(); 2].map(|()| minted.mint(f.user, f.session, f.now, &maker).unwrap());
    let [a, b] = two.each_mut().map(|token| f.verifier.verify(token, f.now).unwrap().token);
    assert_ne!(a, b, "every token has an id of its own");
}

#[test]
fn time_counts_at_the_limit_and_not_one_past_it() {
    let f = Forge::new();
    let at = |seconds| f.now + TimeDelta::seconds(seconds);
    let token = f.good();
    for (seconds, expected) in [
        (-31, Err(Rejected::NotYet)),
        (-30, Ok(())),
        (0, Ok(())),
        (899, Ok(())),
        (929, Ok(())),
        (930, Err(Rejected::Expired)),
        (1_000_000_000, Err(Rejected::Expired)),
    ] {
        assert_eq!(f.verifier.verify(&token, at(seconds)).map(|_| ()), expected, "at {seconds} s");
    }
    assert!(f.verifier.verify(&f.with_times(-10, 0, 890), f.now).is_ok(), "exactly the longest life");
    assert_eq!(f.verifier.verify(&f.with_times(-10, 0, 891), f.now), Err(Rejected::Lifetime));
    assert_eq!(f.verifier.verify(&token, DateTime::from_timestamp(-1, 0).unwrap()), Err(Rejected::NotYet));
}

#[test]
fn a_forged_but_correct_token_passes_so_that_the_table_below_means_something() {
    let f = Forge::new();
    assert!(f.verifier.verify(&f.raw(&f.header().to_string(), &f.claims().to_string()), f.now).is_ok());
    let spaced = serde_json::to_string_pretty(&f.claims()).unwrap();
    assert!(f.verifier.verify(&f.raw(&f.header().to_string(), &spaced), f.now).is_ok());
}

#[test]
fn no_bad_token_passes() {
    let f = Forge::new();
    let (header, claims) = (f.header().to_string(), f.claims().to_string());
    let b64 = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let good = f.good();
    let public = f.ring.public_keys()[0].public.clone();
    let hmac_signed = |alg: &str, secret: &[u8]| {
        let mut header = f.header();
        header["alg"] = json!(alg);
        let message = format!("{}.{}", b64(&header.to_string()), b64(&claims));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))
    };
    let unsigned = |alg: &str| {
        let mut header = f.header();
        header["alg"] = json!(alg);
        format!("{}.{}.", b64(&header.to_string()), b64(&claims))
    };
    let twice = |text: &str, more: &str| format!("{{{more},{}", &text[1..]);
    let stranger = Forge::new();
    let other_signature = f.pair.sign(b"another message");
    let now = f.now.timestamp();
    let mut table: Vec<(String, String)> = Vec::new();
    let mut bad = |name: &str, token: String| table.push((name.to_owned(), token));

    // The signature and the algorithm.
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        bad(&format!("alg {alg:?} without signature"), unsigned(alg));
        bad(&format!("alg {alg:?} with signature"), f.with_header("alg", json!(alg)));
    }
    bad("HS256 with the public key's bytes", hmac_signed("HS256", &URL_SAFE_NO_PAD.decode(&public).unwrap()));
    bad("HS256 with the public key's text", hmac_signed("HS256", public.as_bytes()));
    bad("HS256 with an empty key", hmac_signed("HS256", b""));
    bad("HMAC under the name EdDSA", hmac_signed("EdDSA", &URL_SAFE_NO_PAD.decode(&public).unwrap()));
    for alg in ["RS256", "ES256", "PS256", "HS512", "Ed25519", "eddsa", "EdDSA "] {
        bad(&format!("alg {alg}"), f.with_header("alg", json!(alg)));
    }
    bad("alg a number", f.with_header("alg", json!(1)));
    bad("alg an array", f.with_header("alg", json!(["EdDSA"])));
    bad("no signature", f.swap(2, ""));
    bad("signature of another message", f.swap(2, &URL_SAFE_NO_PAD.encode(other_signature)));
    bad("signature cut", good[..good.len() - 1].to_owned());
    bad("signature of zeros", f.swap(2, &URL_SAFE_NO_PAD.encode([0; 64])));
    bad("signature and one more byte", f.swap(2, &URL_SAFE_NO_PAD.encode([&[0; 64][..], &[1]].concat())));
    bad("a stranger's key under our kid", stranger.with_header("kid", json!(f.kid())));
    bad("payload changed", f.swap(1, &b64(&claims.replace("taizhang-api", "taizhang-apj"))));
    bad("payload of another user", f.swap(1, &b64(&stranger.claims().to_string())));
    bad("header changed", f.swap(0, &b64(&format!(" {header}"))));

    // The key id.
    for kid in [
        "",
        "0001",
        "../../../../dev/null",
        "signing-0001",
        "/etc/hostname",
        "' OR 1=1 --",
        "x' UNION SELECT 'AA",
        "\0",
        "0001-\u{202e}",
        "http://127.0.0.1/key",
    ] {
        bad(&format!("kid {kid:?}"), f.with_header("kid", json!(kid)));
    }
    bad("kid upper case", f.with_header("kid", json!(f.kid().to_uppercase())));
    bad("kid with a blank", f.with_header("kid", json!(format!("{} ", f.kid()))));
    bad("kid null", f.with_header("kid", Value::Null));
    bad("kid an array", f.with_header("kid", json!([f.kid()])));
    bad("kid a number", f.with_header("kid", json!(1)));

    // The rest of the header.
    for name in ["typ", "alg", "kid"] {
        bad(&format!("header without {name}"), f.without("header", name));
    }
    for typ in ["JWT", "jwt", "at+JWT", "application/at+jwt", "id+jwt", "refresh+jwt", "JOSE", ""] {
        bad(&format!("typ {typ:?}"), f.with_header("typ", json!(typ)));
    }
    bad("typ null", f.with_header("typ", Value::Null));
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": stranger.ring.public_keys()[0].public});
    for (name, value) in [
        ("crit", json!([])),
        ("crit", json!(["exp"])),
        ("crit", json!(["b64"])),
        ("crit", Value::Null),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("jwk", jwk.clone()),
        ("jku", json!("https://example.invalid/keys")),
        ("x5u", json!("https://example.invalid/cert")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AA")),
        ("x5t#S256", json!("AA")),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("cty", json!("JWT")),
        ("url", json!("https://example.invalid")),
        ("nonce", json!("1")),
        ("anything", json!(1)),
    ] {
        bad(&format!("header with {name} {value}"), f.with_header(name, value));
    }
    bad("stranger's key embedded and used", stranger.with_header("jwk", jwk));
    bad("alg twice", f.raw(&twice(&header, r#""alg":"none""#), &claims));
    bad("alg twice, ours first", f.raw(&format!(r#"{},"alg":"EdDSA"}}"#, &header[..header.len() - 1]), &claims));
    bad("kid twice", f.raw(&twice(&header, r#""kid":"x""#), &claims));
    bad("alg twice in disguise", f.raw(&twice(&header, r#""\u0061lg":"none""#), &claims));
    bad("header an array", f.raw(&json!(["at+jwt", "EdDSA", f.kid()]).to_string(), &claims));
    bad("header a string", f.raw("\"EdDSA\"", &claims));
    bad("header empty", f.raw("{}", &claims));
    bad("header not JSON", f.raw("{alg:EdDSA}", &claims));
    bad("header with a blank after it", f.raw(&format!("{header} "), &claims));
    bad("header with a blank before it", f.raw(&format!(" {header}"), &claims));
    bad("header with more after it", f.raw(&format!("{header}{{}}"), &claims));

    // Claims missing, doubled, of the wrong kind.
    for name in ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"] {
        bad(&format!("without {name}"), f.without("claims", name));
        bad(&format!("{name} null"), f.with_claim(name, Value::Null));
        bad(&format!("{name} an object"), f.with_claim(name, json!({})));
        let again = format!("\"{name}\":{}", f.claims()[name]);
        bad(&format!("{name} twice"), f.raw(&header, &twice(&claims, &again)));
    }
    for name in ["iss", "aud"] {
        let right = f.claims()[name].clone();
        let text = right.as_str().unwrap();
        bad(&format!("{name} in an array"), f.with_claim(name, json!([right])));
        bad(&format!("{name} among others"), f.with_claim(name, json!([right, "other"])));
        bad(&format!("{name} an empty array"), f.with_claim(name, json!([])));
        for wrong in ["", "other", "taizhan", "TAIZHANG", " taizhang", "taizhang-api/", "taizhang,taizhang-api"] {
            bad(&format!("{name} {wrong:?}"), f.with_claim(name, json!(wrong)));
        }
        bad(&format!("{name} with a tail"), f.with_claim(name, json!(format!("{text}\u{0}"))));
    }
    for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::User) {
        bad(&format!("sub a {}", kind.prefix()), f.with_claim("sub", json!(GlobalId::new(*kind, f.user).to_string())));
    }
    let sub = f.claims()["sub"].as_str().unwrap().to_owned();
    for wrong in [
        f.user.to_string(),
        sub.to_uppercase(),
        format!("{sub} "),
        sub.replace("user_", ""),
        "user_".to_owned(),
        "admin".to_owned(),
        String::new(),
        "user_zzzzzzzzzzzzzzzzzzzzzzzzzz".to_owned(),
    ] {
        bad(&format!("sub {wrong:?}"), f.with_claim("sub", json!(wrong)));
    }
    bad("sub a number", f.with_claim("sub", json!(1)));
    for name in ["sid", "jti"] {
        for wrong in ["", "1", "{00000000-0000-0000-0000-000000000007}", "00000000000000000000000000000007"] {
            bad(&format!("{name} {wrong:?}"), f.with_claim(name, json!(wrong)));
        }
        bad(&format!("{name} upper case"), f.with_claim(name, json!("ABCDEFAB-0000-7000-8000-000000000001")));
    }
    bad("a claim we do not know", f.with_claim("role", json!("SYSTEM_ADMIN")));
    bad("claims an array", f.raw(&header, &json!([1, 2]).to_string()));
    bad("claims a list in order", {
        let c = f.claims();
        let names = ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"];
        f.raw(&header, &Value::from(names.map(|n| c[n].clone()).to_vec()).to_string())
    });
    bad("claims empty", f.raw(&header, "{}"));
    bad("claims not JSON", f.raw(&header, "{exp}"));
    bad("claims with a comment", f.raw(&header, &format!("/**/{claims}")));
    bad("claims with a blank after them", f.raw(&header, &format!("{claims} ")));
    bad("claims with a blank before them", f.raw(&header, &format!(" {claims}")));
    bad("claims with more after it", f.raw(&header, &format!("{claims}{claims}")));

    // Times.
    bad("exp past", f.with_times(-930, -930, -30));
    bad("exp now less the leeway", f.with_times(-900, -900, -30));
    bad("nbf in the future", f.with_times(0, 31, 800));
    bad("iat in the future", f.with_times(31, 31, 800));
    bad("iat after nbf", f.with_times(1, 0, 800));
    bad("exp before nbf", f.with_times(-20, 0, -10));
    bad("exp equal to nbf", f.with_times(0, 0, 0));
    bad("life one second too long", f.with_times(0, 0, 901));
    bad("life of a year", f.with_times(0, 0, 31_536_000));
    bad("long life with a late start", f.with_times(-10_000, 0, 800));
    for name in ["iat", "nbf", "exp"] {
        for (what, value) in [
            ("a float", json!(now as f64 + 0.5)),
            ("a whole float", json!(now as f64)),
            ("negative", json!(-1)),
            ("text", json!(now.to_string())),
            ("true", json!(true)),
            ("an array", json!([now])),
            ("huge", json!(u64::MAX)),
            ("as big as i64", json!(i64::MAX)),
            ("past the year 9999", json!(253_402_300_800_u64)),
        ] {
            bad(&format!("{name} {what}"), f.with_claim(name, value));
        }
        let number = f.claims()[name].to_string();
        for wild in ["1e400", "99999999999999999999999999", "1.8e19", "-0.0", "NaN", "Infinity", "0x10"] {
            let text = claims.replace(&format!("\"{name}\":{number}"), &format!("\"{name}\":{wild}"));
            assert_ne!(text, claims);
            bad(&format!("{name} {wild}"), f.raw(&header, &text));
        }
    }

    // The shape.
    bad("nothing", String::new());
    bad("dots", "..".to_owned());
    bad("four dots", "....".to_owned());
    bad("one part", b64(&header));
    bad("two parts", good.rsplit_once('.').unwrap().0.to_owned());
    bad("five parts as in an encrypted token", format!("{good}.AA.AA"));
    bad("an encrypted token", format!("{}.AA.AA.AA.AA", b64(r#"{"alg":"dir","enc":"A256GCM"}"#)));
    bad(
        "JSON serialisation",
        json!({"payload": b64(&claims), "protected": b64(&header), "signature": "AA"}).to_string(),
    );
    for (name, token) in [
        ("a dot before", format!(".{good}")),
        ("a dot after", format!("{good}.")),
        ("a blank before", format!(" {good}")),
        ("a blank after", format!("{good} ")),
        ("a line break after", format!("{good}\n")),
        ("padding", format!("{good}=")),
        ("Bearer", format!("Bearer {good}")),
        ("a wide letter", format!("{good}Ａ")),
        ("twice", format!("{good}{good}")),
    ] {
        bad(name, token);
    }
    bad("padding where it belongs", {
        let message = format!("{}.{}", URL_SAFE.encode(format!("{header} ")), URL_SAFE.encode(format!("{claims} ")));
        format!("{message}.{}", URL_SAFE.encode(f.pair.sign(message.as_bytes())))
    });
    for at in (0..good.len()).step_by(17) {
        bad(&format!("cut at {at}"), good[..at].to_owned());
    }

    let passed: Vec<_> = table.iter().filter(|(_, token)| f.verifier.verify(token, f.now).is_ok()).collect();
    assert!(passed.is_empty(), "{} of {} bad tokens pass: {passed:#?}", passed.len(), table.len());
    assert!(table.len() > 200, "only {}", table.len());
    assert!(f.verifier.verify(&good, f.now).is_ok());
}

#[test]
fn a_token_may_be_2048_bytes_long_and_not_one_more() {
    let f = Forge::new();
    let of_length = |wanted: usize| {
        // Blanks inside the JSON are signed and harmless; on both sides of the dot they reach every length.
        let padded = |text: String, by: usize| text.replacen('{', &format!("{{{}", " ".repeat(by)), 1);
        let tokens = (0..3).flat_map(|head| (0..2000).map(move |body| (head, body)));
        tokens
            .map(|(head, body)| f.raw(&padded(f.header().to_string(), head), &padded(f.claims().to_string(), body)))
            .find(|token| token.len() == wanted)
            .expect("some blanks give this length")
    };
    assert!(f.verifier.verify(&of_length(2048), f.now).is_ok());
    assert_eq!(f.verifier.verify(&of_length(2049), f.now), Err(Rejected::TooLong));
}

#[test]
fn no_single_changed_byte_passes() {
    let f = Forge::new();
    let good = f.good();
    for at in 0..good.len() {
        for flip in [1, 2, 4, 8, 16, 32] {
            let mut bytes = good.clone().into_bytes();
            bytes[at] ^= flip;
            let changed = String::from_utf8(bytes).expect("ASCII stays ASCII");
            assert!(f.verifier.verify(&changed, f.now).is_err(), "byte {at} changed by {flip}: {changed}");
        }
    }
}

#[test]
fn after_a_rotation_old_tokens_stay_good_until_their_key_goes() {
    let mut f = Forge::new();
    let old = f.good();
    f.ring.add_signing_key(&ids()).unwrap();
    let keys = f.ring.public_keys();
    assert_eq!(keys.len(), 2);
    let new = f.good();
    let both = TokenVerifier::new(&keys, rules()).unwrap();
    assert!(both.verify(&old, f.now).is_ok() && both.verify(&new, f.now).is_ok());
    assert_eq!(f.verifier.verify(&new, f.now), Err(Rejected::UnknownKey));
    let newest = TokenVerifier::new(&keys[1..], rules()).unwrap();
    assert_eq!(newest.verify(&old, f.now), Err(Rejected::UnknownKey));
    let nobody = TokenVerifier::new(&[], rules()).unwrap();
    assert_eq!(nobody.verify(&new, f.now), Err(Rejected::UnknownKey));
}

#[test]
fn only_ed25519_keys_are_trusted() {
    let f = Forge::new();
    let good = f.ring.public_keys().remove(0);
    for (algorithm, public) in [("HS256", good.public.as_str()), ("EdDSA", "AAAA"), ("EdDSA", "not base64!"), ("", "")]
    {
        let key = PublicKey { kid: good.kid.clone(), algorithm: algorithm.to_owned(), public: public.to_owned() };
        let refusal = TokenVerifier::new(&[key], rules()).unwrap_err();
        assert!(matches!(refusal, SecretsError::BadPublicKey { .. }), "{refusal}");
    }
}

/// The log says why; the client does not learn it.
#[test]
fn each_refusal_has_its_reason() {
    let f = Forge::new();
    let reason = |token: &str| f.verifier.verify(token, f.now).unwrap_err();
    assert_eq!(reason(&f.swap(2, &URL_SAFE_NO_PAD.encode([0; 64]))), Rejected::Signature);
    assert_eq!(reason(&f.with_claim("iss", json!("other"))), Rejected::Issuer);
    assert_eq!(reason(&f.with_claim("aud", json!("other"))), Rejected::Audience);
    assert_eq!(reason(&f.with_claim("iat", json!("text"))), Rejected::Claims);
    assert_eq!(reason(&f.without("claims", "sub")), Rejected::Claims);
    assert_eq!(reason(&f.with_header("kid", json!("other"))), Rejected::UnknownKey);
}

#[test]
fn time_goes_on_to_the_end_of_the_year_9999() {
    let f = Forge::new();
    let last = 253_402_300_799_i64 - f.now.timestamp();
    let near = f.now + TimeDelta::seconds(last - 50);
    assert!(f.verifier.verify(&f.with_times(last - 100, last - 100, last), near).is_ok());
    let past = f.verifier.verify(&f.with_times(last - 100, last - 100, last + 1), near);
    assert_eq!(past, Err(Rejected::Claims));
}

#[test]
fn keys_come_and_go() {
    let f = Forge::new();
    let maker = f.ring.token_maker(rules()).unwrap();
    assert_eq!(maker.kid(f.now), Some(f.kid()));
    let said = format!("{maker:?}");
    assert!(said.starts_with("TokenMaker {") && said.contains("taizhang-api"), "{said}");
    maker.follow(Vec::new());
    assert_eq!(maker.kid(f.now), None);
    assert!(maker.mint(f.user, f.session, f.now, &ids()).is_err(), "nothing to sign with");

    let (good, own) = (f.good(), f.ring.public_keys());
    assert_eq!(f.verifier.published(), own);
    f.verifier.trust(&[]).unwrap();
    assert_eq!(f.verifier.verify(&good, f.now), Err(Rejected::UnknownKey));
    assert!(f.verifier.published().is_empty());
    f.verifier.trust(&own).unwrap();
    assert!(f.verifier.verify(&good, f.now).is_ok());
}
