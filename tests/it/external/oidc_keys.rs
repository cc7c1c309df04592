//! The keys of an OpenID provider: which are believed, for how long, and how often they are asked for.

use serde_json::{Value, json};

use super::{
    at,
    gov::{Gov, KEYS},
    play::Reply,
    reason,
    signers::{EC, ED, OTHER_RSA, RSA, Signer, b64, ed, merged},
    unavailable,
};

/// A token that is good at a time.
fn token(gov: &Gov, signer: &Signer, seconds: i64) -> String {
    let now = at(seconds).timestamp();
    signer.sign(&signer.header(), &gov.claims_with(json!({"iat": now, "exp": now + 60})))
}

#[tokio::test]
async fn keys_are_kept_for_five_minutes() {
    let gov = Gov::start().await;
    for (seconds, calls) in [(0, 1), (299, 1), (300, 2), (599, 2), (600, 3)] {
        assert_eq!(reason(&gov.back_with(&token(&gov, &RSA, seconds), at(seconds)).await), "(good)");
        assert_eq!(gov.play.calls(KEYS), calls, "after {seconds} s");
    }
}

#[tokio::test]
async fn a_new_key_is_found_and_an_old_one_forgotten() {
    let gov = Gov::start().await;
    let (old, new) = (ed("2025"), ed("2026"));
    gov.publish(&[old.jwk()]);
    assert_eq!(reason(&gov.back_with(&token(&gov, &old, 0), at(0)).await), "(good)");
    gov.publish(&[old.jwk(), new.jwk()]);
    assert_eq!(reason(&gov.back_with(&token(&gov, &new, 59), at(59)).await), "TOKEN_KEY", "asked just now");
    assert_eq!(reason(&gov.back_with(&token(&gov, &new, 60), at(60)).await), "(good)");
    assert_eq!(gov.play.calls(KEYS), 2);
    gov.publish(&[new.jwk()]);
    assert_eq!(reason(&gov.back_with(&token(&gov, &old, 359), at(359)).await), "(good)", "until the set is old");
    assert_eq!(reason(&gov.back_with(&token(&gov, &old, 360), at(360)).await), "TOKEN_KEY");
    assert_eq!(gov.play.calls(KEYS), 3);
}

#[tokio::test]
async fn a_new_key_without_a_name_is_found_too() {
    let gov = Gov::start().await;
    let unnamed = json!({"kid": null});
    let at_time = |signer: &Signer, seconds: i64| {
        let now = at(seconds).timestamp();
        signer.sign(&merged(signer.header(), unnamed.clone()), &gov.claims_with(json!({"iat": now, "exp": now + 60})))
    };
    gov.publish(&[RSA.jwk_with(unnamed.clone())]);
    assert_eq!(reason(&gov.back_with(&at_time(&RSA, 0), at(0)).await), "(good)");
    gov.publish(&[OTHER_RSA.jwk_with(unnamed.clone())]);
    assert_eq!(reason(&gov.back_with(&at_time(&OTHER_RSA, 61), at(61)).await), "(good)");
    assert_eq!(reason(&gov.back_with(&at_time(&RSA, 62), at(62)).await), "TOKEN_SIGNATURE");
}

#[tokio::test]
async fn made_up_keys_are_no_reason_to_ask_more_than_once_a_minute() {
    let gov = Gov::start().await;
    let stranger = ed("nobody's");
    for seconds in 0..290 {
        assert_eq!(reason(&gov.back_with(&token(&gov, &stranger, seconds), at(seconds)).await), "TOKEN_KEY");
    }
    assert_eq!(gov.play.calls(KEYS), 5);
    // Neither when asking fails: after the set that was got at 240 s, this one.
    gov.play.say(KEYS, Reply::status(500, ""));
    assert_eq!(reason(&gov.back_with(&token(&gov, &stranger, 300), at(300)).await), "(unavailable)");
    for seconds in 301..360 {
        assert_eq!(reason(&gov.back_with(&token(&gov, &stranger, seconds), at(seconds)).await), "TOKEN_KEY");
        assert_eq!(reason(&gov.back_with(&token(&gov, &RSA, seconds), at(seconds)).await), "(good)");
    }
    assert_eq!(gov.play.calls(KEYS), 6);
}

#[tokio::test]
async fn a_bad_signature_of_a_named_key_is_no_reason_to_ask() {
    let gov = Gov::start().await;
    assert_eq!(reason(&gov.back_with(&token(&gov, &RSA, 0), at(0)).await), "(good)");
    let now = at(100).timestamp();
    let forged = OTHER_RSA.sign(&RSA.header(), &gov.claims_with(json!({"iat": now, "exp": now + 60})));
    assert_eq!(reason(&gov.back_with(&forged, at(100)).await), "TOKEN_SIGNATURE");
    assert_eq!(gov.play.calls(KEYS), 1);
}

#[tokio::test]
async fn many_at_once_with_made_up_keys_ask_once() {
    let gov = Gov::start().await;
    assert_eq!(reason(&gov.back_with(&token(&gov, &RSA, 0), at(0)).await), "(good)");
    let stranger = token(&gov, &ed("nobody's"), 100);
    let all = (0..8).map(|_| gov.back_with(&stranger, at(100)));
    for result in futures_util::future::join_all(all).await {
        assert_eq!(reason(&result), "TOKEN_KEY");
    }
    assert_eq!(gov.play.calls(KEYS), 2);
}

#[tokio::test]
async fn keys_that_are_not_for_signing_are_left_out() {
    // A modulus of 1024 bits, and one that has them only with zeros before it.
    let short = {
        let mut bytes = [0xa5_u8; 128];
        bytes[127] = 0x0d;
        bytes
    };
    let padded = [[0_u8; 256].as_slice(), &short].concat();
    let rows: Vec<(&str, &Signer, Value)> = vec![
        ("for encryption", &RSA, json!({"use": "enc"})),
        ("of another use", &RSA, json!({"use": "SIG"})),
        ("for other operations", &RSA, json!({"key_ops": ["encrypt"]})),
        ("of another algorithm", &RSA, json!({"alg": "RS512"})),
        ("of RSA-PSS", &RSA, json!({"alg": "PS256"})),
        ("of RSA-OAEP", &RSA, json!({"alg": "RSA-OAEP", "use": null})),
        ("of another type", &RSA, json!({"kty": "oct"})),
        ("RSA 1024", &RSA, json!({"n": b64(short)})),
        ("RSA 1024 with zeros before it", &RSA, json!({"n": b64(padded)})),
        ("RSA 16384", &RSA, json!({"n": b64([0xa5; 2048])})),
        ("RSA with a long exponent", &RSA, json!({"e": b64([1; 5])})),
        ("RSA without a modulus", &RSA, json!({"n": ""})),
        ("another curve", &EC, json!({"crv": "P-384"})),
        ("a short coordinate", &EC, json!({"x": b64([1; 31])})),
        ("no coordinate", &EC, json!({"y": null})),
        ("Ed448", &ED, json!({"crv": "Ed448"})),
        ("a long key", &ED, json!({"x": b64([1; 33])})),
        ("published with its private part", &ED, json!({"d": b64([1; 32])})),
        ("a name that is a number", &ED, json!({"kid": 1})),
    ];
    for (name, signer, changes) in rows {
        let gov = Gov::start().await;
        gov.publish(&[signer.jwk_with(changes)]);
        assert_eq!(reason(&gov.back_with(&token(&gov, signer, 0), at(0)).await), "TOKEN_KEY", "{name}");
    }
}

#[tokio::test]
async fn a_point_off_the_curve_signs_nothing() {
    let gov = Gov::start().await;
    gov.publish(&[EC.jwk_with(json!({"x": b64([1; 32])}))]);
    assert_eq!(reason(&gov.back_with(&token(&gov, &EC, 0), at(0)).await), "TOKEN_SIGNATURE");
}

#[tokio::test]
async fn strange_keys_do_not_make_the_others_bad() {
    let gov = Gov::start().await;
    let plain = ED.jwk_with(json!({"use": null, "alg": null, "key_ops": ["verify"], "x5c": ["MIIB"]}));
    gov.publish(&[json!(7), json!({}), json!({"kty": "AKP", "kid": "ed-1"}), plain]);
    assert_eq!(reason(&gov.back_with(&token(&gov, &ED, 0), at(0)).await), "(good)");
}

#[tokio::test]
async fn two_keys_that_fit_are_none() {
    let gov = Gov::start().await;
    gov.publish(&[RSA.jwk(), OTHER_RSA.jwk_with(json!({"kid": RSA.kid}))]);
    assert_eq!(reason(&gov.back_with(&token(&gov, &RSA, 0), at(0)).await), "TOKEN_KEY");
    gov.publish(&[RSA.jwk(), OTHER_RSA.jwk()]);
    let unnamed = RSA.sign(&json!({"alg": "RS256"}), &gov.claims_with(json!({"exp": at(900).timestamp()})));
    assert_eq!(reason(&gov.back_with(&unnamed, at(400)).await), "TOKEN_KEY");
    assert_eq!(reason(&gov.back_with(&token(&gov, &RSA, 401), at(401)).await), "(good)");
}

#[tokio::test]
async fn a_set_that_is_none_is_told() {
    let many = json!({"keys": vec![RSA.jwk(); 65]}).to_string();
    let rows = [
        (Reply::ok("<html>"), "not JSON"),
        (Reply::ok("{}"), "no list of keys"),
        (Reply::ok(r#"{"keys":[],"keys":[]}"#), "not JSON"),
        (Reply::ok(many), "more than 64 keys"),
        (Reply::status(404, ""), "answered 404"),
    ];
    for (reply, detail) in rows {
        let gov = Gov::start().await;
        gov.play.say(KEYS, reply);
        let why = unavailable(gov.back_with(&token(&gov, &RSA, 0), at(0)).await);
        assert!(why.contains(detail), "{why}");
    }
}
