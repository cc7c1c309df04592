//! The way there and back with an OpenID provider.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use url::Url;

use super::{
    BACK, CHALLENGE, NONCE, SECRET, STATE, VERIFIER, assert_silent, at, begun,
    gov::{CLIENT, CODE, DISCOVERY, Gov, KEYS, TOKEN},
    play::Reply,
    reason, unavailable,
};

#[tokio::test]
async fn the_browser_is_sent_with_everything_that_ties_the_answer_to_it() {
    let gov = Gov::with(json!({"scopes": "openid profile"})).await;
    let address = gov.connector().address(&begun(), at(0)).await.unwrap();
    let url = Url::parse(&address).unwrap();
    assert!(address.starts_with(&format!("{}/authorize?lang=zh&", gov.issuer())), "{address}");
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let wanted = [
        ("lang", "zh"),
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", BACK),
        ("scope", "openid profile"),
        ("state", STATE),
        ("nonce", NONCE),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    assert_eq!(pairs, wanted.map(|(name, value)| (name.to_owned(), value.to_owned())));
    for secret in [SECRET, VERIFIER] {
        assert!(!address.contains(secret));
    }
}

#[tokio::test]
async fn the_code_is_exchanged_with_secret_and_verifier() {
    let gov = Gov::start().await;
    assert_eq!(reason(&gov.back_with(&gov.good(), at(0)).await), "(good)");
    let asked = &gov.play.seen(TOKEN)[0];
    let form = |name: &str| asked.form.get(name).map(String::as_str);
    assert_eq!(form("grant_type"), Some("authorization_code"));
    assert_eq!(form("code"), Some(CODE));
    assert_eq!(form("redirect_uri"), Some(BACK));
    assert_eq!(form("code_verifier"), Some(VERIFIER));
    assert_eq!((form("client_id"), form("client_secret")), (None, None));
    assert_eq!(asked.headers["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(asked.headers["accept"], "application/json");
    assert!(!asked.headers.contains_key("cookie"));
    // Both parts are form-encoded before they are joined.
    let basic = STANDARD.encode("taizhang+%26+friends:s3cr3t%26%2B%25+of+the+client");
    assert_eq!(asked.headers["authorization"].to_str().unwrap(), format!("Basic {basic}"));
}

#[tokio::test]
async fn the_secret_goes_into_the_body_where_only_that_is_offered() {
    let gov = Gov::start().await;
    gov.describe(json!({"token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"]}));
    assert_eq!(reason(&gov.back_with(&gov.good(), at(0)).await), "(good)");
    let asked = &gov.play.seen(TOKEN)[0];
    assert_eq!(asked.form["client_id"], CLIENT);
    assert_eq!(asked.form["client_secret"], SECRET);
    assert!(!asked.headers.contains_key("authorization"));
    assert_eq!(asked.raw_query, "");
}

#[tokio::test]
async fn a_client_without_a_secret_says_its_id() {
    let gov = Gov::with(json!({"clientSecretFile": null})).await;
    assert_eq!(reason(&gov.back_with(&gov.good(), at(0)).await), "(good)");
    let asked = &gov.play.seen(TOKEN)[0];
    assert_eq!(asked.form["client_id"], CLIENT);
    assert!(!asked.form.contains_key("client_secret") && !asked.headers.contains_key("authorization"));
}

#[tokio::test]
async fn a_provider_that_takes_no_secret_is_not_sent_one() {
    let gov = Gov::start().await;
    gov.describe(json!({"token_endpoint_auth_methods_supported": ["private_key_jwt"]}));
    let why = unavailable(gov.back_with(&gov.good(), at(0)).await);
    assert!(why.contains("takes no client secret"), "{why}");
    assert_eq!(gov.play.calls(TOKEN), 0);
}

#[tokio::test]
async fn codes_of_strange_form_are_not_passed_on() {
    let gov = Gov::start().await;
    for code in ["", "a\r\nb", "码", "a\u{7f}", &"x".repeat(2049)] {
        assert_eq!(reason(&gov.connector().identity(code, &begun(), at(0)).await), "CODE");
    }
    assert_eq!(gov.play.paths(), Vec::<String>::new());
}

#[tokio::test]
async fn what_the_token_endpoint_says() {
    let gov = Gov::start().await;
    let said = |status, body: Value| Reply::status(status, body.to_string());
    let good = gov.good();
    let hidden = "eyJ and C0DE and s3cr3t";
    let rows = [
        (said(400, json!({"error": "invalid_grant", "error_description": hidden})), "CODE", ""),
        (said(401, json!({"error": "invalid_client"})), "(unavailable)", "clientSecretFile"),
        (said(400, json!({"error": hidden})), "(unavailable)", "answered 400 with no known error"),
        (said(400, json!("invalid_grant")), "(unavailable)", "no known error"),
        (Reply::status(404, "<html>"), "(unavailable)", "answered 404"),
        (Reply::status(500, "eyJ"), "(unavailable)", "answered 500"),
        (said(503, json!({"error": "invalid_grant"})), "(unavailable)", "answered 503"),
        (Reply::ok("<html>eyJ</html>"), "(unavailable)", "not JSON"),
        (
            Reply::ok(format!(r#"{{"token_type":"Bearer","id_token":"x","id_token":"{good}"}}"#)),
            "(unavailable)",
            "not JSON",
        ),
        (said(200, json!({"token_type": "Bearer", "access_token": "x"})), "(unavailable)", "no ID token"),
        (said(200, json!({"token_type": "Bearer", "id_token": [good]})), "(unavailable)", "no ID token"),
        (said(200, json!({"token_type": "mac", "id_token": good})), "TOKEN_TYPE", ""),
        (said(200, json!({"id_token": good})), "TOKEN_TYPE", ""),
        (said(201, json!({"token_type": "bearer", "id_token": good})), "(unavailable)", "answered 201"),
        (said(200, json!({"token_type": "bearer", "id_token": good})), "(good)", ""),
    ];
    for (index, (reply, wanted, detail)) in rows.into_iter().enumerate() {
        gov.play.say(TOKEN, reply);
        let result = gov.back(at(0)).await;
        assert_eq!(reason(&result), wanted, "row {index}");
        if wanted == "(unavailable)" {
            let why = unavailable(result);
            assert!(why.contains(detail), "row {index}: {why}");
        }
    }
}

#[tokio::test]
async fn a_description_with_faults_is_no_description() {
    let elsewhere = "https://elsewhere.example/realm";
    let rows = [
        (json!({"issuer": elsewhere}), "another issuer"),
        (json!({"issuer": null}), "another issuer"),
        (json!({"issuer": ["x"]}), "another issuer"),
        (json!({"token_endpoint": null}), "has no token_endpoint"),
        (json!({"jwks_uri": 7}), "has no jwks_uri"),
        (json!({"token_endpoint": "http://id.example.gov.cn/token"}), "token_endpoint of the description: plain http"),
        (json!({"jwks_uri": "http://10.0.0.1/keys"}), "jwks_uri of the description: plain http"),
        (json!({"jwks_uri": "file:///etc/passwd"}), "not an address of the web"),
        (json!({"jwks_uri": "/keys"}), "not an address"),
        (json!({"jwks_uri": "https://me:pw@id.example.gov.cn/keys"}), "a user or a password"),
        (json!({"jwks_uri": "https://@id.example.gov.cn/keys"}), "a user or a password"),
        (json!({"authorization_endpoint": "https://id.example.gov.cn/a#x"}), "holds a #"),
        (json!({"authorization_endpoint": "javascript:alert(1)"}), "not an address of the web"),
        (json!({"authorization_endpoint": "https://id.example.gov.cn/a?state=1"}), "holds what sign-ins add to it"),
    ];
    for (changes, detail) in rows {
        let gov = Gov::start().await;
        gov.describe(changes);
        let why = unavailable(gov.connector().address(&begun(), at(0)).await);
        assert!(why.contains(detail), "{why}");
    }
    let gov = Gov::start().await;
    for (index, body) in ["", "[]", "<html>", r#"{"issuer":"a","issuer":"b"}"#].into_iter().enumerate() {
        gov.play.say(DISCOVERY, Reply::ok(body));
        let later = at(20 * i64::try_from(index).unwrap());
        let why = unavailable(gov.connector().address(&begun(), later).await);
        assert!(why.contains("not JSON"), "{why}");
    }
}

#[tokio::test]
async fn the_description_is_kept_and_serves_while_the_provider_is_away() {
    let gov = Gov::start().await;
    let sent = async |seconds| gov.connector().address(&begun(), at(seconds)).await;
    for seconds in [0, 1, 3599] {
        sent(seconds).await.unwrap();
    }
    assert_eq!(gov.play.calls(DISCOVERY), 1);
    gov.describe(json!({"authorization_endpoint": format!("{}/new", gov.issuer())}));
    assert!(sent(3600).await.unwrap().contains("/realm/new?"));
    assert_eq!(gov.play.calls(DISCOVERY), 2);
    gov.play.say(DISCOVERY, Reply::status(502, ""));
    assert!(sent(8000).await.unwrap().contains("/realm/new?"));
    assert!(sent(8005).await.unwrap().contains("/realm/new?"));
    assert_eq!(gov.play.calls(DISCOVERY), 3, "who comes soon after a failure does not wait for another");
    sent(3599 + 24 * 3600).await.unwrap();
    assert!(unavailable(sent(3600 + 24 * 3600).await).contains("answered 502"));
    gov.describe(json!({}));
    assert!(sent(3620 + 24 * 3600).await.unwrap().contains("/realm/authorize?"));
}

#[tokio::test]
async fn a_clock_that_is_put_back_makes_nothing_good_for_longer() {
    let gov = Gov::start().await;
    let sent = async |seconds| gov.connector().address(&begun(), at(seconds)).await;
    for (seconds, calls) in [(100_000, 1), (99_941, 1), (99_940, 2), (0, 3), (3600, 4)] {
        sent(seconds).await.unwrap();
        assert_eq!(gov.play.calls(DISCOVERY), calls, "at {seconds} s");
    }
}

#[tokio::test]
async fn many_at_once_ask_for_the_description_and_the_keys_once() {
    let gov = Gov::start().await;
    let description = Reply { after: Duration::from_millis(300), ..Reply::status(503, "") };
    gov.play.say(DISCOVERY, description);
    let begun = begun();
    let all = (0..20).map(|_| gov.connector().address(&begun, at(0)));
    let started = std::time::Instant::now();
    assert!(futures_util::future::join_all(all).await.iter().all(Result::is_err));
    assert!(started.elapsed() < Duration::from_secs(4), "a failure is waited for once");
    assert_eq!(gov.play.calls(DISCOVERY), 1);
    gov.describe(json!({}));
    gov.connector().address(&begun, at(60)).await.unwrap();
    let good = gov.good();
    let all = (0..8).map(|_| gov.back_with(&good, at(60)));
    for result in futures_util::future::join_all(all).await {
        assert_eq!(reason(&result), "(good)");
    }
    assert_eq!((gov.play.calls(DISCOVERY), gov.play.calls(KEYS)), (2, 1));
}

#[tokio::test]
async fn nothing_secret_is_shown() {
    let gov = Gov::start().await;
    assert_silent(&format!("{:?} {:?}", gov.providers, begun()));
    assert_silent(&format!("{:?}", gov.providers.get("gov").unwrap()));
    gov.play.say(TOKEN, Reply::ok("eyJ"));
    let error = gov.back(at(0)).await.unwrap_err();
    assert_silent(&format!("{error} {error:?}"));
}
