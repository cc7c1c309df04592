//! Tokens that a provider, or somebody in its place, must not get through with.

use serde_json::{Value, json};

use super::{
    at,
    gov::{CLIENT, Gov, KEYS},
    play::Reply,
    reason,
    signers::{EC, ED, OTHER_RSA, RSA, b64, ed, merged, sign_hmac},
};

/// A token with what is wrong with it, and why it is refused.
type Row = (&'static str, String, &'static str);

/// The header that goes with the RSA key, changed.
fn header(changes: Value) -> Value {
    merged(RSA.header(), changes)
}

fn forms(gov: &Gov) -> Vec<Row> {
    let good = gov.good();
    let parts: Vec<&str> = good.split('.').collect();
    let (head, claims) = (RSA.header().to_string(), gov.claims().to_string());
    vec![
        ("nothing", String::new(), "TOKEN_FORM"),
        ("two parts", parts[..2].join("."), "TOKEN_FORM"),
        ("four parts", format!("{good}.{}", parts[2]), "TOKEN_FORM"),
        ("no signature", format!("{}.{}.", parts[0], parts[1]), "TOKEN_SIGNATURE"),
        ("padded base64", format!("{}=.{}.{}", parts[0], parts[1], parts[2]), "TOKEN_FORM"),
        ("a blank before", format!(" {good}"), "TOKEN_FORM"),
        ("a header that is a list", RSA.sign_text("[]", &claims), "TOKEN_FORM"),
        ("a header with its algorithm twice", RSA.sign_text(r#"{"alg":"RS256","alg":"none"}"#, &claims), "TOKEN_FORM"),
        ("something after the header", RSA.sign_text(&format!("{head}{{}}"), &claims), "TOKEN_FORM"),
        ("too long", RSA.sign(&RSA.header(), &gov.claims_with(json!({"pad": "x".repeat(16_000)}))), "TOKEN_FORM"),
        ("claims that are a list", RSA.sign_text(&head, "[]"), "TOKEN_CLAIMS"),
        ("claims that are no JSON", RSA.sign_text(&head, "sub=1"), "TOKEN_CLAIMS"),
        ("claims too deep", RSA.sign_text(&head, &"{\"a\":".repeat(500)), "TOKEN_CLAIMS"),
    ]
}

fn headers(gov: &Gov) -> Vec<Row> {
    let claims = gov.claims();
    let evil = format!("{}/evil", gov.play.base);
    let mallory = ed("ed-9");
    let by = |changes: Value| RSA.sign(&header(changes), &claims);
    vec![
        ("jku", by(json!({"jku": evil})), "TOKEN_HEADER"),
        (
            "jku, and the key that lies there",
            mallory.sign(&merged(mallory.header(), json!({"jku": evil})), &claims),
            "TOKEN_HEADER",
        ),
        ("x5u", by(json!({"x5u": evil})), "TOKEN_HEADER"),
        ("jwk", mallory.sign(&merged(mallory.header(), json!({"jwk": mallory.jwk()})), &claims), "TOKEN_HEADER"),
        ("x5c", by(json!({"x5c": ["MIIB"]})), "TOKEN_HEADER"),
        ("crit", by(json!({"crit": ["exp"]})), "TOKEN_HEADER"),
        (
            "crit of nothing",
            RSA.sign_text(&format!(r#"{{"alg":"RS256","kid":"{}","crit":null}}"#, RSA.kid), &claims.to_string()),
            "TOKEN_HEADER",
        ),
        ("b64", by(json!({"b64": false})), "TOKEN_HEADER"),
        ("zip", by(json!({"zip": "DEF"})), "TOKEN_HEADER"),
        ("encrypted", by(json!({"enc": "A128GCM"})), "TOKEN_HEADER"),
        ("a token in a token", by(json!({"cty": "JWT"})), "TOKEN_HEADER"),
        ("an access token", by(json!({"typ": "at+jwt"})), "TOKEN_HEADER"),
        ("a logout token", by(json!({"typ": "logout+jwt"})), "TOKEN_HEADER"),
        ("a key id that is a number", by(json!({"kid": 1})), "TOKEN_HEADER"),
        ("no algorithm", by(json!({"alg": null})), "TOKEN_ALGORITHM"),
        ("alg none", format!("{}.{}.", b64(r#"{"alg":"none"}"#), b64(claims.to_string())), "TOKEN_ALGORITHM"),
        ("alg None, signed", by(json!({"alg": "None"})), "TOKEN_ALGORITHM"),
        ("RS512", by(json!({"alg": "RS512"})), "TOKEN_ALGORITHM"),
        ("ES384", by(json!({"alg": "ES384"})), "TOKEN_ALGORITHM"),
        ("PS256", RSA.sign_pss(&header(json!({"alg": "PS256"})), &claims), "TOKEN_ALGORITHM"),
        ("rs256 in small letters", by(json!({"alg": "rs256"})), "TOKEN_ALGORITHM"),
        (
            "HS256 with the RSA key",
            sign_hmac(&RSA.public_bytes(), &header(json!({"alg": "HS256"})), &claims),
            "TOKEN_ALGORITHM",
        ),
        (
            "HS256 with the Ed25519 key",
            sign_hmac(&ED.public_bytes(), &merged(ED.header(), json!({"alg": "HS256"})), &claims),
            "TOKEN_ALGORITHM",
        ),
    ]
}

fn keys(gov: &Gov) -> Vec<Row> {
    let claims = gov.claims();
    let good = gov.good();
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (head, payload) = message.split_once('.').unwrap();
    let richer = b64(gov.claims_with(json!({"sub": "root"})).to_string());
    let mut turned = signature.to_owned();
    turned.replace_range(9..10, if &signature[9..10] == "A" { "B" } else { "A" });
    vec![
        ("an unknown key id", RSA.sign(&header(json!({"kid": "rsa-0"})), &claims), "TOKEN_KEY"),
        ("an empty key id", RSA.sign(&header(json!({"kid": ""})), &claims), "TOKEN_KEY"),
        ("another key's id and type", RSA.sign(&header(json!({"kid": "ed-1"})), &claims), "TOKEN_KEY"),
        (
            "ES256 with the id of the RSA key",
            EC.sign(&merged(EC.header(), json!({"kid": RSA.kid})), &claims),
            "TOKEN_KEY",
        ),
        (
            "RS256 with the id of an EC key",
            EC.sign(&merged(EC.header(), json!({"alg": "RS256"})), &claims),
            "TOKEN_KEY",
        ),
        ("signed by another key of that type", OTHER_RSA.sign(&RSA.header(), &claims), "TOKEN_SIGNATURE"),
        ("another provider's key, unnamed", OTHER_RSA.sign(&header(json!({"kid": null})), &claims), "TOKEN_SIGNATURE"),
        ("RS256 over a PSS signature", RSA.sign_pss(&RSA.header(), &claims), "TOKEN_SIGNATURE"),
        ("other claims under the signature", format!("{head}.{richer}.{signature}"), "TOKEN_SIGNATURE"),
        (
            "another header over the signature",
            format!("{}.{payload}.{signature}", b64(header(json!({"x": 1})).to_string())),
            "TOKEN_SIGNATURE",
        ),
        ("a bit turned", format!("{message}.{turned}"), "TOKEN_SIGNATURE"),
        ("half a signature", format!("{message}.{}", &signature[..170]), "TOKEN_SIGNATURE"),
        ("a signature of zeros", format!("{message}.{}", b64([0; 256])), "TOKEN_SIGNATURE"),
        (
            "an EC signature of zeros",
            format!("{}.{payload}.{}", b64(EC.header().to_string()), b64([0; 64])),
            "TOKEN_SIGNATURE",
        ),
        (
            "an Ed25519 signature of zeros",
            format!("{}.{payload}.{}", b64(ED.header().to_string()), b64([0; 64])),
            "TOKEN_SIGNATURE",
        ),
    ]
}

fn claims(gov: &Gov) -> Vec<Row> {
    let by = |changes: Value| ED.sign(&ED.header(), &gov.claims_with(changes));
    let doubled = |name: &str| {
        let text = gov.claims().to_string();
        ED.sign_text(&ED.header().to_string(), &format!("{},\"{name}\":\"x\"}}", &text[..text.len() - 1]))
    };
    let deep = gov.claims().to_string().replacen('{', r#"{"more":{"a":1,"a":2},"#, 1);
    vec![
        ("no issuer", by(json!({"iss": null})), "TOKEN_ISSUER"),
        ("another issuer", by(json!({"iss": "https://id.example.gov.cn"})), "TOKEN_ISSUER"),
        ("an issuer with a slash", by(json!({"iss": format!("{}/", gov.issuer())})), "TOKEN_ISSUER"),
        ("an issuer in a list", by(json!({"iss": [gov.issuer()]})), "TOKEN_ISSUER"),
        ("no audience", by(json!({"aud": null})), "TOKEN_AUDIENCE"),
        ("another audience", by(json!({"aud": "another"})), "TOKEN_AUDIENCE"),
        ("other audiences", by(json!({"aud": ["another", "third"]})), "TOKEN_AUDIENCE"),
        ("an empty list of audiences", by(json!({"aud": []})), "TOKEN_AUDIENCE"),
        ("an audience that is a number", by(json!({"aud": [CLIENT, 7], "azp": CLIENT})), "TOKEN_AUDIENCE"),
        ("an audience that is an object", by(json!({"aud": {"0": CLIENT}})), "TOKEN_AUDIENCE"),
        ("two audiences, no party", by(json!({"aud": [CLIENT, "another"]})), "TOKEN_AUDIENCE"),
        ("two audiences, another party", by(json!({"aud": [CLIENT, "another"], "azp": "another"})), "TOKEN_AUDIENCE"),
        ("one audience, another party", by(json!({"azp": "another"})), "TOKEN_AUDIENCE"),
        ("a party in a list", by(json!({"azp": [CLIENT]})), "TOKEN_AUDIENCE"),
        ("no nonce", by(json!({"nonce": null})), "TOKEN_NONCE"),
        ("another nonce", by(json!({"nonce": "bm9uY2U"})), "TOKEN_NONCE"),
        ("an empty nonce", by(json!({"nonce": ""})), "TOKEN_NONCE"),
        ("a nonce in a list", by(json!({"nonce": [super::NONCE]})), "TOKEN_NONCE"),
        ("no subject", by(json!({"sub": null})), "TOKEN_SUBJECT"),
        ("an empty subject", by(json!({"sub": ""})), "TOKEN_SUBJECT"),
        ("a subject that is a number", by(json!({"sub": 248_289_761_001_i64})), "TOKEN_SUBJECT"),
        ("a subject of 256 characters", by(json!({"sub": "李".repeat(256)})), "TOKEN_SUBJECT"),
        ("a subject with a line break", by(json!({"sub": "248289761001\n"})), "TOKEN_SUBJECT"),
        ("a subject with a blank at its end", by(json!({"sub": "248289761001 "})), "TOKEN_SUBJECT"),
        ("a subject with a mark of no width", by(json!({"sub": "2482897\u{200b}61001"})), "TOKEN_SUBJECT"),
        ("a subject that turns around", by(json!({"sub": "\u{202e}100167982842"})), "TOKEN_SUBJECT"),
        ("a subject with a zero", by(json!({"sub": "248\u{0}"})), "TOKEN_SUBJECT"),
        ("the subject twice", doubled("sub"), "TOKEN_CLAIMS"),
        ("the issuer twice", doubled("iss"), "TOKEN_CLAIMS"),
        ("a claim twice that we do not read", doubled("email"), "TOKEN_CLAIMS"),
        ("twice further down", ED.sign_text(&ED.header().to_string(), &deep), "TOKEN_CLAIMS"),
    ]
}

fn times(gov: &Gov) -> Vec<Row> {
    let now = at(0).timestamp();
    let by = |changes: Value| EC.sign(&EC.header(), &gov.claims_with(changes));
    let row = |name, changes| (name, by(changes), "TOKEN_TIME");
    vec![
        row("no end", json!({"exp": null})),
        row("no beginning", json!({"iat": null})),
        row("an end that is a text", json!({"exp": (now + 300).to_string()})),
        row("an end that is a fraction", json!({"exp": now as f64 + 300.5})),
        row("an end before 1970", json!({"exp": -1})),
        row("an end after the year 9999", json!({"exp": 253_402_300_800_u64})),
        row("the largest end", json!({"exp": u64::MAX})),
        row("a beginning that is a list", json!({"iat": [now]})),
        row("expired", json!({"iat": now - 500, "exp": now - 60})),
        row("ended before it began", json!({"exp": now - 3})),
        row("made more than a minute ahead", json!({"iat": now + 61})),
        row("made more than ten minutes ago", json!({"iat": now - 601})),
        row("not yet", json!({"nbf": now + 61})),
        row("begins when it ends", json!({"nbf": now + 30, "exp": now + 30})),
        row("made after it ended", json!({"nbf": now - 100, "exp": now - 3})),
        row("made ahead, begun before", json!({"iat": now + 61, "nbf": now - 5})),
        row("a begin that is a text", json!({"nbf": "now"})),
    ]
}

#[tokio::test]
async fn no_bad_token_gets_through() {
    let gov = Gov::start().await;
    gov.play.say("/evil", Reply::ok(json!({"keys": [ed("ed-9").jwk()]}).to_string()));
    let rows = [forms(&gov), headers(&gov), keys(&gov), claims(&gov), times(&gov)].concat();
    assert!(rows.len() >= 90, "{}", rows.len());
    for (name, token, why) in rows {
        assert_eq!(reason(&gov.back_with(&token, at(0)).await), why, "{name}");
    }
    assert_eq!(gov.play.calls("/evil"), 0, "an address in a token is not followed");
    assert_eq!(gov.play.calls(KEYS), 1, "keys are not asked for again at once");
    assert_eq!(reason(&gov.back_with(&gov.good(), at(0)).await), "(good)");
}

#[tokio::test]
async fn good_tokens_get_through() {
    let gov = Gov::start().await;
    let now = at(0).timestamp();
    let by = |changes: Value| RSA.sign(&RSA.header(), &gov.claims_with(changes));
    let tokens = [
        ("RSA", gov.good()),
        ("P-256", EC.sign(&EC.header(), &gov.claims())),
        ("Ed25519", ED.sign(&ED.header(), &gov.claims())),
        ("unnamed key, the only one of its type", EC.sign(&json!({"alg": "ES256"}), &gov.claims())),
        ("type in small letters", RSA.sign(&header(json!({"typ": "jwt", "x5t": "abc"})), &gov.claims())),
        ("a list of one audience", by(json!({"aud": [CLIENT]}))),
        ("two audiences and the party", by(json!({"aud": ["another", CLIENT], "azp": CLIENT}))),
        ("just not expired", by(json!({"exp": now - 1, "iat": now - 300}))),
        ("a clock ahead", by(json!({"iat": now + 60, "nbf": now + 60}))),
        ("ten minutes old", by(json!({"iat": now - 600}))),
    ];
    for (name, token) in tokens {
        let identity = gov.back_with(&token, at(0)).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((identity.issuer, identity.subject), (gov.issuer(), "248289761001".to_owned()), "{name}");
    }
    let longest = "李".repeat(255);
    assert_eq!(gov.back_with(&by(json!({"sub": longest})), at(0)).await.unwrap().subject, longest);
}
