//! `POST /auth/token`: what RFC 6749 asks of it.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use serde_json::json;
use taizhang::config::{Limits, PasswordProfile, TotpFor};

use super::{FORM, Machine, account, get, post, scene, secret, with};
use crate::auth::scene::{Reply, Scene};

const GRANT: &str = "grant_type=client_credentials";

#[tokio::test]
async fn a_machine_gets_a_token_for_what_is_granted_to_it() {
    let (s, admin, machine) = scene("reports:read lists:read").await;
    let reply = machine.ask(&s.t.router, None).await.ok();
    let answer = reply.json();
    assert_eq!(
        (&answer["token_type"], &answer["expires_in"], &answer["scope"]),
        (&json!("Bearer"), &json!(900), &json!("lists:read reports:read"))
    );
    assert_eq!(answer.as_object().unwrap().len(), 4, "and no refresh token: {answer}");
    assert_eq!(reply.headers["cache-control"], "no-store");
    assert_eq!(reply.headers["pragma"], "no-cache");
    assert_eq!(reply.headers["content-type"], "application/json");
    let client = s.client(&reply.text("access_token"));
    let data =
        client.data("{ viewer { user { id kind } grants { role scopes } } taskLists { totalCount } }", json!({}));
    let data = data.await;
    assert_eq!(data["viewer"]["user"], json!({ "id": machine.id, "kind": "SERVICE" }));
    assert_eq!(data["viewer"]["grants"], json!([{ "role": "INTEGRATION", "scopes": ["lists:read", "reports:read"] }]));

    // The other way to prove who one is; form-encoded, with a charset, unknown and empty parameters ignored.
    let body = format!(
        "{GRANT}&client_id={}&client_secret={}&scope=&resource=x&state",
        machine.id,
        machine.secret.replace('_', "%5F")
    );
    post(&s.t.router, "/auth/token", &[("content-type", "application/x-www-form-urlencoded; charset=UTF-8")], &body)
        .await
        .ok();
    let mixed = format!("{GRANT}&client_id={}", machine.id);
    post(&s.t.router, "/auth/token", &[("content-type", FORM), ("authorization", &machine.basic())], &mixed).await.ok();
    assert_eq!(s.audited("tokenIssue", "DONE").await, 3);

    let seen = admin.data(
        "{ serviceAccounts { totalCount nodes { clientId user { login sessions { totalCount nodes { purpose scopes } } } secrets { nodes { id lastUsedAt expiresOn } } } } }",
        json!({}),
    );
    let seen = &seen.await["serviceAccounts"];
    assert_eq!((&seen["totalCount"], &seen["nodes"][0]["user"]["login"]), (&json!(1), &json!("gateway")));
    assert_eq!(seen["nodes"][0]["secrets"]["nodes"][0]["lastUsedAt"], "2026-07-01T01:00:00.000Z");
    assert_eq!(seen["nodes"][0]["user"]["sessions"]["totalCount"], 3);
    assert_eq!(
        seen["nodes"][0]["user"]["sessions"]["nodes"][0],
        json!({ "purpose": "client-credentials", "scopes": ["lists:read", "reports:read"] })
    );
    assert!(!seen.to_string().contains("tzs_"));
    let kept = s.texts("SELECT secret_digest FROM service_secret").await;
    assert!(kept.iter().all(|digest| digest.len() == 43 && !machine.secret.contains(digest.as_str())), "{kept:?}");
}

fn error(reply: &Reply, status: u16, code: &str) {
    let answer = reply.json();
    assert_eq!((reply.status, &answer["error"]), (status, &json!(code)), "{answer}");
    assert_eq!(reply.headers["cache-control"], "no-store", "{answer}");
    assert_eq!(reply.headers["content-type"], "application/json");
    let why = answer["error_description"].as_str().unwrap();
    assert!(why.bytes().all(|b| matches!(b, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e)), "{why}");
    assert_eq!(status == 401, reply.headers.contains_key("www-authenticate"), "{answer}");
}

#[tokio::test]
async fn every_refusal_is_the_one_of_the_rfc() {
    let (s, admin, machine) = scene("lists:read").await;
    let Machine { id, secret: text, .. } = machine.clone();
    let basic = machine.basic();
    let with_basic = |body: String| (vec![("content-type", FORM), ("authorization", basic.as_str())], body);
    let plain = |body: String| (vec![("content-type", FORM)], body);
    let posted = format!("client_id={id}&client_secret={text}");
    let twice = format!("Basic {}", STANDARD.encode(format!("{id}:{text}x")));
    let cases = [
        ("no grant_type", with_basic(String::new()), 400, "invalid_request"),
        ("empty grant_type", with_basic("grant_type=".into()), 400, "invalid_request"),
        ("grant_type twice", with_basic(format!("{GRANT}&{GRANT}")), 400, "invalid_request"),
        ("any twice", with_basic(format!("{GRANT}&x=1&x=1")), 400, "invalid_request"),
        ("two ways", with_basic(format!("{GRANT}&{posted}")), 400, "invalid_request"),
        ("secret beside Basic", with_basic(format!("{GRANT}&client_secret={text}")), 400, "invalid_request"),
        ("another client_id", with_basic(format!("{GRANT}&client_id=user_x")), 400, "invalid_request"),
        ("no form", with_basic(format!("{GRANT}&a=%zz")), 400, "invalid_request"),
        ("password", with_basic("grant_type=password&username=a&password=b".into()), 400, "unsupported_grant_type"),
        ("refresh_token", with_basic("grant_type=refresh_token&refresh_token=a".into()), 400, "unsupported_grant_type"),
        ("in capitals", with_basic("grant_type=CLIENT_CREDENTIALS".into()), 400, "unsupported_grant_type"),
        ("nobody", plain(GRANT.into()), 401, "invalid_client"),
        ("no secret", plain(format!("{GRANT}&client_id={id}")), 401, "invalid_client"),
        ("no id", plain(format!("{GRANT}&client_secret={text}")), 401, "invalid_client"),
        ("the login", plain(format!("{GRANT}&client_id=gateway&client_secret={text}")), 401, "invalid_client"),
        ("wrong secret", plain(format!("{GRANT}&{posted}x")), 401, "invalid_client"),
        (
            "a bearer",
            (vec![("content-type", FORM), ("authorization", "Bearer x")], GRANT.into()),
            401,
            "invalid_client",
        ),
        (
            "no base64",
            (vec![("content-type", FORM), ("authorization", "Basic ?")], GRANT.into()),
            401,
            "invalid_client",
        ),
        (
            "wrong Basic",
            (vec![("content-type", FORM), ("authorization", &*twice)], GRANT.into()),
            401,
            "invalid_client",
        ),
        ("unknown scope", with_basic(format!("{GRANT}&scope=admin")), 400, "invalid_scope"),
        ("scope not granted", with_basic(format!("{GRANT}&scope=reports%3Awrite")), 400, "invalid_scope"),
        ("more than granted", with_basic(format!("{GRANT}&scope=lists:read+reports:read")), 400, "invalid_scope"),
        ("scope in capitals", with_basic(format!("{GRANT}&scope=LISTS:READ")), 400, "invalid_scope"),
        ("two blanks", with_basic(format!("{GRANT}&scope=lists:read++lists:read")), 400, "invalid_scope"),
        ("no scope token", with_basic(format!("{GRANT}&scope=a%22b")), 400, "invalid_scope"),
        (
            "JSON",
            (vec![("content-type", "application/json")], json!({ "grant_type": "x" }).to_string()),
            400,
            "invalid_request",
        ),
        ("no type", (vec![("authorization", &*basic)], GRANT.into()), 400, "invalid_request"),
        (
            "GBK",
            (vec![("content-type", "application/x-www-form-urlencoded; charset=gbk")], GRANT.into()),
            400,
            "invalid_request",
        ),
    ];
    for (about, (headers, body), status, code) in cases {
        let reply = post(&s.t.router, "/auth/token", &headers, &body).await;
        println!("{about}: {}", reply.json());
        error(&reply, status, code);
    }
    let address = format!("/auth/token?{GRANT}&{posted}");
    error(&post(&s.t.router, &address, &[("content-type", FORM)], GRANT).await, 400, "invalid_request");
    let long = format!("{GRANT}&x={}", "x".repeat(Limits::default().auth_bytes));
    error(&post(&s.t.router, "/auth/token", &[("content-type", FORM)], &long).await, 413, "invalid_request");
    let reply = get(&s.t.router, "/auth/token").await;
    error(&reply, 405, "invalid_request");
    assert_eq!(reply.headers["allow"], "POST");

    // Known, and nothing is granted.
    let bare = secret(&admin, &account(&s, &admin, "bare").await, json!({})).await;
    error(&bare.ask(&s.t.router, None).await, 400, "unauthorized_client");
    error(&bare.ask(&s.t.router, Some("lists:read")).await, 400, "unauthorized_client");
    assert_eq!(s.count("SELECT COUNT(*) FROM session WHERE purpose = 'client-credentials'").await, 0);
    assert_eq!(s.audited("tokenIssue", "DONE").await, 0);
    let reasons = "SELECT DISTINCT reasons FROM audit_entry WHERE operation = 'tokenIssue' ORDER BY reasons";
    assert_eq!(s.texts(reasons).await, ["NOTHING_GRANTED", "NOT_GRANTED", "UNKNOWN_CLIENT", "WRONG_SECRET"]);
}

#[tokio::test]
async fn unknown_wrong_and_out_of_use_are_one_answer_after_the_same_questions() {
    let (s, admin, machine) = scene("lists:read").await;
    let old = secret(&admin, &machine.id, json!({ "expiresOn": "2026-07-01" })).await;
    s.advance(TimeDelta::days(1));
    s.person("person", &[]).await;
    let admin = s.sign_in("admin", crate::auth::scene::PASSWORD).await.ok().access();
    let admin = s.client(&admin);
    let person = s.texts("SELECT login FROM user_account WHERE kind = 'PERSON'").await;
    assert_eq!(person.len(), 2);
    let disabled = account(&s, &admin, "off").await;
    super::grant(&s.t, super::key(&disabled), s.unit, "lists:read").await;
    let disabled = secret(&admin, &disabled, json!({})).await;
    let query =
        "mutation($id: ID!) { serviceAccountDisable(id: $id, input: { expectedVersion: 1 }) { userErrors { code } } }";
    assert_eq!(admin.payload(query, json!({ "id": disabled.id })).await["userErrors"], json!([]));
    let nobody = Machine { id: s.id(uuid::Uuid::from_u128(7)), ..machine.clone() };
    let wrong = Machine { secret: old.secret.replace("tzs_", "tzc_"), ..machine.clone() };
    let guessed = Machine { secret: format!("tzs_{}", "A".repeat(43)), ..machine.clone() };
    let of_another = Machine { secret: machine.secret.clone(), ..disabled.clone() };
    let mut answers = Vec::new();
    for (about, who) in [
        ("unknown", &nobody),
        ("wrong", &wrong),
        ("guessed", &guessed),
        ("of another", &of_another),
        ("over", &old),
        ("disabled", &disabled),
    ] {
        let before = s.t.service.store().statements();
        let reply = who.ask(&s.t.router, None).await;
        answers.push((about, reply.status, reply.bytes, s.t.service.store().statements() - before));
    }
    let (_, status, bytes, statements) = answers[0].clone();
    assert_eq!(status, 401);
    assert!(answers.iter().all(|a| (a.1, &a.2, a.3) == (status, &bytes, statements)), "{answers:?}");
    machine.ask(&s.t.router, None).await.ok();
    assert!(s.verified() <= 3, "and no password is at work for a machine");
}

#[tokio::test]
async fn machines_are_bounded_by_address_by_account_and_in_sessions() {
    let limits = Limits { client_burst: 4, sessions_per_machine: 3, ..Limits::default() };
    let s = Scene::with(limits, PasswordProfile::Dengbao, TotpFor::Nobody).await;
    let (s, admin, machine) = with(s, "lists:read").await;
    let mut tokens = Vec::new();
    for _ in 0..4 {
        tokens.push(machine.token(&s.t.router).await);
    }
    let live = futures_util::future::join_all(tokens.iter().map(|token| s.is_in(token))).await;
    assert_eq!(live, [false, true, true, true], "the oldest went");
    let reply = machine.ask(&s.t.router, None).await;
    error(&reply, 429, "temporarily_unavailable");
    assert_eq!(reply.headers["retry-after"], "10");
    // Whoever only says the name holds nobody up, and another machine has attempts of its own.
    let other = account(&s, &admin, "other").await;
    super::grant(&s.t, super::key(&other), s.unit, "lists:read").await;
    secret(&admin, &other, json!({})).await.ask(&s.t.router, None).await.ok();
    s.advance(TimeDelta::seconds(10));
    machine.ask(&s.t.router, None).await.ok();

    let (s, _, machine) = {
        let limits = Limits { sign_in_burst: 6, ..Limits::default() };
        with(Scene::with(limits, PasswordProfile::Dengbao, TotpFor::Nobody).await, "lists:read").await
    };
    let mut last = None;
    for _ in 0..6 {
        last = Some(Machine { secret: "guess".into(), ..machine.clone() }.ask(&s.t.router, None).await);
    }
    error(&last.unwrap(), 429, "temporarily_unavailable");

    // A day after their end they are forgotten; the trail is not.
    s.advance(TimeDelta::days(1));
    machine.ask(&s.t.router, None).await.ok();
    s.advance(TimeDelta::hours(25));
    let before = s.count("SELECT COUNT(*) FROM session").await;
    assert!(s.t.service.sessions_sweep().await.unwrap() >= 1);
    assert!(s.count("SELECT COUNT(*) FROM session").await < before);
    assert_eq!(s.count("SELECT COUNT(*) FROM session WHERE purpose = 'client-credentials'").await, 0);
}
