//! Hostile transports, too many attempts, and what the routes let through.

use axum::body::Body;
use axum::http::{Method, Request};
use chrono::TimeDelta;
use serde_json::json;
use taizhang::config::{Limits, PasswordProfile, TotpFor};
use taizhang::web::auth::ROUTES;

use super::scene::{PASSWORD, Scene, request};

#[tokio::test]
async fn only_posts_of_small_plain_json_are_read() {
    let s = Scene::new().await;
    for path in ROUTES {
        for method in [Method::GET, Method::PUT, Method::DELETE, Method::OPTIONS, Method::HEAD, Method::PATCH] {
            let asked = Request::builder().method(method.clone()).uri(path).body(Body::empty()).unwrap();
            let reply = s.raw(asked).await;
            assert_eq!(reply.status, 405, "{method} {path}");
            assert_eq!(reply.headers["allow"], "POST");
        }
        if path == "/auth/sign-out" {
            continue;
        }
        for media in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json; charset=gbk",
            "",
        ] {
            let mut asked = Request::post(path).body(Body::from("{}")).unwrap();
            if !media.is_empty() {
                asked.headers_mut().insert("content-type", media.parse().unwrap());
            }
            assert_eq!(s.raw(asked).await.status, 415, "{media} {path}");
        }
        let mut packed = request(path, "{}");
        packed.headers_mut().insert("content-encoding", "gzip".parse().unwrap());
        assert_eq!(s.raw(packed).await.status, 415, "{path}");
        let long = s.raw(request(path, &format!("{{\"x\":\"{}\"}}", "x".repeat(8_192)))).await;
        assert_eq!((long.status, &long.headers["connection"]), (413, &"close".parse().unwrap()), "{path}");
        let exact = format!("{{\"x\":\"{}\"}}", "x".repeat(8_192 - 8));
        assert_eq!((exact.len(), s.raw(request(path, &exact)).await.status), (8_192, 400), "{path}");
        let deep = format!("{}{}", "[".repeat(4_000), "]".repeat(4_000));
        for body in
            ["", "[]", "null", "7", "{", "\u{feff}{}", "{\"login\":{}}", "{}", &deep, &format!("{{\"login\":{deep}}}")]
        {
            let reply = s.raw(request(path, body)).await;
            assert_eq!((reply.status, reply.code().as_str()), (400, "BAD_REQUEST"), "{path} {:.20}", body);
            assert!(reply.json()["message"].as_str().unwrap().contains("JSON"), "{path}");
        }
        let mut broken = request(path, "");
        *broken.body_mut() = Body::from(vec![b'{', 0xff, b'}']);
        assert_eq!(s.raw(broken).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn keys_twice_unknown_ones_and_other_types_are_refused() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let good = format!(r#"{{"login":"a","password":"{PASSWORD}"}}"#);
    assert_eq!(s.raw(request("/auth/sign-in", &good)).await.status, 200);
    for bad in [
        format!(r#"{{"login":"a","login":"b","password":"{PASSWORD}"}}"#),
        format!(r#"{{"login":"a","password":"x","password":"{PASSWORD}"}}"#),
        format!(r#"{{"login":["a","b"],"password":"{PASSWORD}"}}"#),
        format!(r#"[{{"login":"a","password":"{PASSWORD}"}}]"#),
        format!(r#"["a","{PASSWORD}",null]"#),
        format!(r#"{{"login":"a","password":"{PASSWORD}","admin":"true"}}"#),
        format!(r#"{{"login":1,"password":"{PASSWORD}"}}"#),
        r#"{"login":"a"}"#.to_owned(),
        r#"{"login":"a","password":null}"#.to_owned(),
        format!(r#"{good}{good}"#),
    ] {
        let reply = s.raw(request("/auth/sign-in", &bad)).await;
        assert_eq!((reply.status, reply.code().as_str()), (400, "BAD_REQUEST"), "{bad}");
        assert!(!String::from_utf8(reply.bytes).unwrap().contains("River"), "nothing of it comes back");
    }
    assert_eq!(s.verified(), 1, "nothing of this reaches a password");
}

#[tokio::test]
async fn an_address_tries_so_often_and_no_more_known_or_unknown() {
    let limits = Limits { sign_in_burst: 4, sign_in_refill: std::time::Duration::from_secs(10), ..Limits::default() };
    let s = Scene::with(limits, PasswordProfile::Dengbao, TotpFor::Nobody).await;
    s.person("known", &[]).await;
    s.advance(TimeDelta::minutes(5));
    let body = |login: &str| json!({ "login": login, "password": "wrong" });
    let mut last = Vec::new();
    for (address, login) in [("192.0.2.1", "known"), ("192.0.2.2", "unknown")] {
        for _ in 0..4 {
            assert_eq!(s.send_from(address, "/auth/sign-in", body(login)).await.status, 401);
        }
        let before = s.verified();
        let reply = s.send_from(address, "/auth/sign-in", body(login)).await;
        assert_eq!((reply.status, reply.code().as_str()), (429, "RATE_LIMITED"), "{login}");
        assert_eq!(reply.headers["retry-after"], "10");
        assert_eq!(s.verified(), before, "and costs nothing");
        last.push(reply.bytes);
    }
    assert_eq!(last[0], last[1], "the same for known and unknown");
    // Every route counts, and one that is right too.
    let code = s.send_from("192.0.2.1", "/auth/accept", json!({ "code": "x", "password": PASSWORD })).await;
    let refresh = s.send_from("192.0.2.1", "/auth/refresh", json!({ "refreshToken": "x" })).await;
    assert_eq!((code.status, refresh.status), (429, 429));
    assert_eq!(s.send_from("192.0.2.3", "/auth/sign-in", body("known")).await.status, 401, "another address");
    s.advance(TimeDelta::seconds(10));
    let right = json!({ "login": "known", "password": PASSWORD });
    assert_eq!(
        s.send_from("192.0.2.1", "/auth/sign-in", right.clone()).await.status,
        401,
        "five failures have locked it"
    );
    assert_eq!(s.send_from("192.0.2.1", "/auth/sign-in", right).await.status, 429, "one attempt more, not two");
}

/// Aliases and batches are ways to try many at once elsewhere; here a request is one attempt, and GraphQL has no verb for it.
#[tokio::test]
async fn the_schema_signs_nobody_in() {
    let schema = taizhang::graphql::schema_text();
    let verbs = schema.split("\ntype Mutation {").nth(1).unwrap().split("\n}").next().unwrap();
    let verbs: Vec<&str> =
        verbs.lines().filter_map(|line| line.split_once(['(', ':'])).map(|(verb, _)| verb.trim()).collect();
    // Descriptions stand between them, and are no names.
    let verbs: Vec<&str> = verbs.into_iter().filter(|verb| verb.chars().all(|c| c.is_ascii_alphanumeric())).collect();
    assert!(verbs.contains(&"progressReportSave"), "{verbs:?}");
    for verb in verbs {
        for word in ["signIn", "SignIn", "login", "Login", "efresh", "oken", "uthenticate"] {
            assert!(!verb.contains(word), "{verb}");
        }
    }
    let takes = |line: &str| line.trim_start().starts_with("password:");
    assert!(!schema.lines().any(takes), "no input takes a password");
}

#[tokio::test]
async fn with_all_places_taken_passwords_wait() {
    let limits = Limits { passwords_at_once: 1, sign_in_burst: 1_000, ..Limits::default() };
    let s = std::sync::Arc::new(Scene::with(limits, PasswordProfile::Dengbao, TotpFor::Nobody).await);
    s.person("a", &[]).await;
    let all: Vec<_> = (0..40)
        .map(|_| {
            let s = s.clone();
            tokio::spawn(async move { s.sign_in("nobody", "x").await.status })
        })
        .collect();
    for each in all {
        assert_eq!(each.await.unwrap(), 401, "there is room for a thousand");
    }
}
