//! Signing in with the word of another service, which is played here; the real ones speak in tests/it/external.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocabulary::Role;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use taizhang::config::TotpFor;
use taizhang::error::UserErrorCode;
use taizhang::external::{Begun, Connector, ConnectorError, Identity, Provider, ProviderKind, Providers};
use taizhang::service::sign_in::AuthStop;

use super::scene::{PASSWORD, Reply, Scene};
use super::totp::{enrolled, shown};
use crate::support::TestApp;

const BACK: &str = "https://taizhang.example/back";
const UNLINK: &str = "mutation($id: ID!) { externalIdentityUnlink(id: $id) {
    externalIdentity { endedAt } userErrors { code } } }";

/// A service that knows whoever a code names, each code once, and only for a browser that it has seen.
#[derive(Default)]
pub(super) struct Played {
    sent: Mutex<BTreeSet<String>>,
    taken: Mutex<BTreeSet<String>>,
}

impl Connector for Played {
    fn issuer(&self) -> &str {
        "https://elsewhere.example"
    }

    fn address<'a>(&'a self, begun: &'a Begun, _: DateTime<Utc>) -> BoxFuture<'a, Result<String, ConnectorError>> {
        assert!([&begun.state, &begun.nonce, &begun.verifier].iter().all(|text| text.len() == 43));
        self.sent.lock().unwrap().insert(begun.nonce.clone());
        async { Ok(format!("https://elsewhere.example/authorize?state={}", begun.state)) }.boxed()
    }

    fn identity<'a>(
        &'a self,
        code: &'a str,
        begun: &'a Begun,
        _: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Identity, ConnectorError>> {
        assert!(self.sent.lock().unwrap().contains(&begun.nonce), "nonce and verifier come back as they were made");
        let issuer = if code == "other:a" { "https://other.example" } else { self.issuer() };
        let told = match code.split_once(':') {
            _ if code == "away" => Err(ConnectorError::Unavailable("played".to_owned())),
            _ if code == "busy" => Err(ConnectorError::Busy),
            Some((_, subject)) if self.taken.lock().unwrap().insert(code.to_owned()) => {
                Ok(Identity { issuer: issuer.to_owned(), subject: subject.to_owned() })
            }
            _ => Err(ConnectorError::Refused("CODE", "played".to_owned())),
        };
        async { told }.boxed()
    }
}

pub(super) fn gov(second_factor: bool) -> Providers {
    Providers::new(vec![Provider {
        id: "gov".to_owned(),
        name: "统一身份认证（虚构）".to_owned(),
        kind: ProviderKind::Oidc,
        redirect_uris: vec![BACK.to_owned()],
        second_factor,
        connector: Arc::new(Played::default()),
    }])
}

pub(super) async fn scene_of(second_factor: bool, totp_for: TotpFor) -> Scene {
    Scene::of(TestApp::with_providers(gov(second_factor), totp_for).await).await
}

pub(super) async fn scene() -> Scene {
    scene_of(false, TotpFor::Nobody).await
}

pub(super) async fn begin(s: &Scene) -> Reply {
    s.send("/auth/external/start", json!({ "provider": "gov", "redirectUri": BACK })).await.ok()
}

pub(super) async fn finish(s: &Scene, begun: &Reply, code: &str) -> Reply {
    let body = json!({ "handle": begun.text("handle"), "state": begun.text("state"), "code": code });
    s.send("/auth/external/finish", body).await
}

/// From the beginning to the end.
pub(super) async fn come_in(s: &Scene, code: &str) -> Reply {
    finish(s, &begin(s).await, code).await
}

/// An administrator's token, and a reporter who is `a` there, as the operator said.
async fn linked(s: &Scene, roles: &[Role]) -> (String, String, Value) {
    s.person("admin", &[Role::SystemAdmin]).await;
    let admin = s.sign_in("admin", PASSWORD).await.ok().access();
    let user = s.newcomer("a", roles).await;
    s.t.service.operator_link(user, "gov", "a").await.unwrap();
    let query = "query($id: ID!) { node(id: $id) { ... on User { externalIdentities { nodes {
        id provider issuer subject endedAt } } } } }";
    let data = s.client(&admin).data(query, json!({ "id": s.id(user) })).await;
    (admin, s.id(user), data["node"]["externalIdentities"]["nodes"][0].clone())
}

#[tokio::test]
async fn whoever_is_linked_comes_in_without_a_password() {
    let s = scene().await;
    let listed = s.raw(axum::http::Request::get("/auth/external").body(axum::body::Body::empty()).unwrap()).await.ok();
    let expected = json!({ "providers": [{ "id": "gov", "name": "统一身份认证（虚构）", "kind": "oidc" }] });
    assert_eq!(listed.json(), expected, "and nothing of what is secret");
    let (_, _, identity) = linked(&s, &[Role::Reporter]).await;
    assert_eq!((&identity["provider"], &identity["subject"]), (&json!("gov"), &json!("a")));
    assert_eq!(identity["issuer"], "https://elsewhere.example");

    let begun = begin(&s).await;
    assert!(begun.text("authorizeUrl").contains(&begun.text("state")));
    assert_eq!(begun.json()["expiresIn"], 600);
    assert!(!begun.text("handle").contains(&begun.text("state")), "the handle is sealed");
    let signed = finish(&s, &begun, "1:a").await.ok();
    assert_eq!((&signed.json()["mustChangePassword"], &signed.json()["mustEnrolTotp"]), (&json!(false), &json!(false)));
    let mine = "{ viewer { user { login externalIdentities { totalCount nodes { subject lastUsedAt } } }
        sessions { nodes { purpose } } } }";
    let viewer = s.client(&signed.access()).data(mine, json!({})).await["viewer"].clone();
    assert_eq!(viewer["user"]["login"], "a");
    assert_eq!(viewer["sessions"]["nodes"], json!([{ "purpose": "external-sign-in" }]));
    assert_eq!(viewer["user"]["externalIdentities"]["totalCount"], 1);
    assert!(viewer["user"]["externalIdentities"]["nodes"][0]["lastUsedAt"].is_string());
    // The session goes on as any other does.
    let next = s.refresh(&signed.refresh()).await.ok();
    assert!(s.is_in(&next.access()).await);
    assert_eq!(s.audited("externalSignIn", "DONE").await, 1);
    // Who has no password has none to guess.
    assert_eq!(s.sign_in("a", PASSWORD).await.bytes, s.sign_in("nobody", PASSWORD).await.bytes);
}

#[tokio::test]
async fn what_is_wrong_lets_nobody_in() {
    let s = scene().await;
    let (_, _, _) = linked(&s, &[Role::Reporter]).await;
    let (here, there) = (begin(&s).await, begin(&s).await);
    let tried = async |handle: &str, state: &str, code: &str| {
        let body = json!({ "handle": handle, "state": state, "code": code });
        s.send("/auth/external/finish", body).await
    };
    let (handle, state) = (here.text("handle"), here.text("state"));
    let mixed = tried(&handle, &there.text("state"), "1:a").await;
    assert_eq!((mixed.status, mixed.code().as_str()), (401, "UNAUTHENTICATED"), "another browser's answer");
    for (code, status) in
        [("unknown", 401), ("", 401), ("1:\u{7}", 401), ("other:a", 401), ("1:", 401), ("away", 503), ("busy", 503)]
    {
        let refused = tried(&handle, &state, code).await;
        assert_eq!(refused.status, status, "{code:?} {:#}", refused.json());
        assert_eq!(refused.headers.contains_key("retry-after"), status == 503);
    }
    let middle = handle.len() / 2;
    let flipped = format!(
        "{}{}{}",
        &handle[..middle],
        if &handle[middle..=middle] == "A" { "B" } else { "A" },
        &handle[middle + 1..]
    );
    for bad in ["", "v1.x.y", &flipped] {
        let refused = tried(bad, &state, "2:a").await;
        assert_eq!((refused.status, &refused.json()["errors"][0]["field"]), (422, &json!(["handle"])), "{bad}");
    }
    // What else is sealed here is no handle, and a handle is no other thing.
    let other = s.t.service.cipher().seal("{}", "user_account/phone_ciphertext/x").unwrap();
    assert_eq!(tried(&other, &state, "2:a").await.status, 422);
    let totp = s.send("/auth/external/totp", json!({ "handle": handle, "totp": "000000" })).await;
    assert_eq!(totp.status, 422, "nobody has come back with this one yet");

    let unknown = s.send("/auth/external/start", json!({ "provider": "nothing", "redirectUri": BACK })).await;
    assert_eq!((unknown.status, &unknown.json()["errors"][0]["field"]), (422, &json!(["provider"])));
    for address in ["https://thief.example/", &format!("{BACK}/"), &format!("{BACK}?x"), ""] {
        let astray = s.send("/auth/external/start", json!({ "provider": "gov", "redirectUri": address })).await;
        assert_eq!((astray.status, &astray.json()["errors"][0]["field"]), (422, &json!(["redirectUri"])));
    }
    s.advance(TimeDelta::minutes(10));
    assert_eq!(tried(&handle, &state, "3:a").await.status, 422, "it took too long");
    assert_eq!(s.count("SELECT COUNT(*) FROM session WHERE external_identity_id IS NOT NULL").await, 0);
    assert_eq!(s.audited("externalSignIn", "REFUSED").await, 6, "each that the other service did not vouch for");
}

#[tokio::test]
async fn each_handle_is_good_once() {
    let s = scene().await;
    linked(&s, &[Role::Reporter]).await;
    let begun = begin(&s).await;
    // As if the other service took no care of its codes.
    finish(&s, &begun, "1:a").await.ok();
    assert_eq!(finish(&s, &begun, "2:a").await.status, 401);
    let begun = begin(&s).await;
    let (one, two) = tokio::join!(finish(&s, &begun, "3:a"), finish(&s, &begun, "4:a"));
    let mut both = [one.status, two.status];
    both.sort_unstable();
    assert_eq!(both, [200, 401]);
    assert_eq!(s.count("SELECT COUNT(*) FROM used_handle").await, 2);
    s.advance(TimeDelta::minutes(11));
    s.t.service.sessions_sweep().await.unwrap();
    assert_eq!(s.count("SELECT COUNT(*) FROM used_handle").await, 0, "what is over anyway need not be known");
    assert_eq!(finish(&s, &begun, "5:a").await.status, 422);
    // Also where they are more than one portion.
    let expires_at = s.now() - TimeDelta::seconds(1);
    let many = (0..450).map(|_| entity::used_handle::Model { id: s.t.ids.next(), expires_at });
    let tx = s.t.service.store().begin().await.unwrap();
    tx.insert_all::<entity::used_handle::Entity>(many.collect()).await.unwrap();
    tx.commit().await.unwrap();
    s.t.service.sessions_sweep().await.unwrap();
    assert_eq!(s.count("SELECT COUNT(*) FROM used_handle").await, 0);
}

#[tokio::test]
async fn who_is_known_there_and_nobody_here_is_told_what_to_do() {
    let s = scene().await;
    let (admin, user, _) = linked(&s, &[Role::Reporter]).await;
    let refused = come_in(&s, "1:b").await;
    assert_eq!((refused.status, refused.code().as_str()), (422, "NOT_FOUND"));
    assert!(refused.text("message").contains('b') && refused.text("message").contains("taizhang external link"));
    let disable = "mutation($id: ID!) { userDisable(id: $id, input: { expectedVersion: 1 }) { userErrors { code } } }";
    let signed = come_in(&s, "2:a").await.ok();
    assert_eq!(s.client(&admin).payload(disable, json!({ "id": user })).await["userErrors"], json!([]));
    assert!(!s.is_in(&signed.access()).await);
    let refused = come_in(&s, "3:a").await;
    assert_eq!((refused.status, refused.code().as_str()), (422, "NOT_FOUND"));
    assert_eq!(s.audited("externalSignIn", "REFUSED").await, 2);
    let subjects = s.texts("SELECT CAST(reasons AS TEXT) FROM audit_entry WHERE reasons IS NOT NULL").await.join(" ");
    assert!(subjects.contains("UNKNOWN_IDENTITY") && subjects.contains("NOT_IN_USE"), "{subjects}");
}

#[tokio::test]
async fn the_one_time_password_of_here_is_asked_for_behind_it() {
    let s = scene().await;
    linked(&s, &[Role::Reporter]).await;
    let own = s.t.service.operator_code(s.key_of("a").await, false).await.unwrap().unwrap();
    s.send("/auth/accept", json!({ "code": own.text, "password": PASSWORD })).await.ok();
    let secret = enrolled(&s, &s.sign_in("a", PASSWORD).await.ok().access()).await;
    s.advance(TimeDelta::minutes(1));

    let begun = begin(&s).await;
    let asked = finish(&s, &begun, "1:a").await.ok();
    assert_eq!((&asked.json()["totpRequired"], &asked.json()["expiresIn"]), (&json!(true), &json!(300)));
    assert!(asked.json().get("accessToken").is_none());
    assert_eq!(finish(&s, &begun, "2:a").await.status, 401, "the first handle is used");
    let try_totp =
        async |handle: &str, totp: &str| s.send("/auth/external/totp", json!({ "handle": handle, "totp": totp })).await;
    let handle = asked.text("handle");
    assert_eq!(try_totp(&handle, "000000").await.status, 401);
    try_totp(&handle, &shown(&s, &secret, 0)).await.ok();
    s.advance(TimeDelta::minutes(1));
    assert_eq!(try_totp(&handle, &shown(&s, &secret, 0)).await.status, 401, "good once");
    assert_eq!(finish(&s, &asked_as_begun(&asked), "3:a").await.status, 422, "and for nothing else");
    // Guesses are counted as at the door, and the fifth locks.
    let handle = come_in(&s, "4:a").await.ok().text("handle");
    for _ in 0..5 {
        assert_eq!(try_totp(&handle, "000000").await.status, 401);
    }
    assert_eq!(try_totp(&handle, &shown(&s, &secret, 0)).await.status, 401);
    assert_eq!(s.audited("accountLock", "DONE").await, 1);
    assert_eq!(come_in(&s, "5:a").await.status, 401, "nor is another guess to be had by beginning anew");
    s.advance(TimeDelta::hours(1));
    let handle = come_in(&s, "6:a").await.ok().text("handle");
    try_totp(&handle, &shown(&s, &secret, 0)).await.ok();
    s.advance(TimeDelta::minutes(5));
    let late = come_in(&s, "7:a").await.ok().text("handle");
    s.advance(TimeDelta::minutes(5));
    assert_eq!(try_totp(&late, &shown(&s, &secret, 0)).await.status, 422);
}

/// The handle for the one-time password, where one of the beginning belongs.
fn asked_as_begun(asked: &Reply) -> Reply {
    let body = json!({ "handle": asked.text("handle"), "state": "x" });
    Reply { bytes: body.to_string().into_bytes(), ..asked.clone() }
}

#[tokio::test]
async fn a_service_that_asks_for_two_factors_is_asked_for_no_third() {
    for (strong, asked) in [(false, true), (true, false)] {
        let s = scene_of(strong, TotpFor::AdministratorsAndOffice).await;
        s.person("admin", &[Role::SystemAdmin]).await;
        let user = s.newcomer("a", &[Role::Office]).await;
        s.link_by_hand(user, "https://elsewhere.example", "a").await;
        let signed = come_in(&s, "1:a").await.ok();
        assert_eq!(signed.json()["mustEnrolTotp"], asked);
        assert_eq!(signed.json()["mustChangePassword"], false);
        let lists = s.client(&signed.access()).send("{ taskLists { totalCount } }", json!({})).await;
        assert_eq!(lists.0 == 200, !asked, "{strong}");
    }
}

#[tokio::test]
async fn a_password_that_is_over_keeps_nobody_out_who_needs_none() {
    let s = scene().await;
    let user = s.person("a", &[Role::Reporter]).await;
    s.link_by_hand(user, "https://elsewhere.example", "a").await;
    s.advance(TimeDelta::days(91));
    assert_eq!(s.sign_in("a", PASSWORD).await.ok().json()["mustChangePassword"], true);
    let signed = come_in(&s, "1:a").await.ok();
    assert_eq!(signed.json()["mustChangePassword"], false);
    assert!(s.is_in(&signed.access()).await);
}

#[tokio::test]
async fn one_links_oneself_with_both_proofs() {
    let s = scene().await;
    for login in ["a", "b"] {
        s.person(login, &[Role::SecurityAdmin]).await;
    }
    let (a, b) = (s.sign_in("a", PASSWORD).await.ok().access(), s.sign_in("b", PASSWORD).await.ok().access());
    let tried = async |token: &str, password: &str, code: &str| {
        let begun = begin(&s).await;
        let body =
            json!({ "handle": begun.text("handle"), "state": begun.text("state"), "code": code, "password": password });
        s.send_as(token, "/auth/external/link", body).await
    };
    let wrong = tried(&a, "wrong", "1:a").await;
    assert_eq!((wrong.status, &wrong.json()["errors"][0]["field"]), (422, &json!(["password"])));
    let wrong = tried(&a, PASSWORD, "unknown").await;
    assert_eq!((wrong.status, &wrong.json()["errors"][0]["field"]), (422, &json!(["code"])), "his session stays");
    assert!(s.is_in(&a).await);
    let made = tried(&a, PASSWORD, "2:a").await.ok();
    assert!(made.text("id").starts_with("identity_"));
    let twice = tried(&b, PASSWORD, "3:a").await;
    assert_eq!((twice.status, twice.code().as_str()), (422, "DUPLICATE"), "one person there is one here");
    assert_eq!(tried("nothing", PASSWORD, "4:b").await.status, 401);
    let signed = come_in(&s, "5:a").await.ok();
    let unlinked = s.client(&signed.access()).payload(UNLINK, json!({ "id": made.text("id") })).await;
    assert_eq!(unlinked["userErrors"], json!([]), "{unlinked:#}");
    assert!(!s.is_in(&signed.access()).await, "what it opened is over");
    assert!(s.is_in(&a).await, "what the password opened is not");
    assert_eq!(come_in(&s, "6:a").await.status, 422);
    let again = s.client(&a).payload(UNLINK, json!({ "id": made.text("id") })).await;
    assert_eq!(again["userErrors"][0]["code"], "INVALID_STATE");
    tried(&b, PASSWORD, "7:a").await.ok();
    for n in 0..7 {
        tried(&b, PASSWORD, &format!("8:b{n}")).await.ok();
    }
    assert_eq!(tried(&b, PASSWORD, "9:b9").await.code(), "LIMIT");
    assert_eq!(s.audited("externalIdentityLink", "DONE").await, 9);
    assert_eq!(s.audited("externalIdentityLink", "REFUSED").await, 3, "not believed, another's, and one too many");
}

/// Whoever could say who somebody is elsewhere could say that it is he.
#[tokio::test]
async fn nobody_links_others_but_the_operator() {
    let s = scene().await;
    let (admin, user, identity) = linked(&s, &[Role::Reporter]).await;
    let verbs = "{ __type(name: \"Mutation\") { fields { name } } }";
    let verbs = s.client(&admin).data(verbs, json!({})).await["__type"]["fields"].to_string();
    assert!(!verbs.contains("IdentityLink\"") && verbs.contains("externalIdentityUnlink"));

    let key = s.key_of("a").await;
    let operator =
        async |user, provider: &str, subject: &str| match s.t.service.operator_link(user, provider, subject).await {
            Ok(_) => Vec::new(),
            Err(AuthStop::Errors(errors)) => errors.iter().map(|error| error.code).collect(),
            Err(other) => panic!("{other:?}"),
        };
    assert_eq!(operator(key, "gov", "a").await, [UserErrorCode::Duplicate]);
    let both = [UserErrorCode::NotFound, UserErrorCode::InvalidFormat];
    assert_eq!(operator(key, "nothing", "a\u{7}b").await, both);
    assert_eq!(s.audited("externalIdentityLink", "DONE").await, 1);
    assert_eq!(s.count("SELECT COUNT(*) FROM external_identity WHERE made_by IS NULL").await, 1);

    for role in [Role::Office, Role::SecurityAdmin, Role::AuditAdmin, Role::Reporter] {
        s.person(role.as_str(), &[role]).await;
        let token = s.sign_in(role.as_str(), PASSWORD).await.ok().access();
        let done = s.client(&token).payload(UNLINK, json!({ "id": identity["id"] })).await;
        let code = if role == Role::AuditAdmin { "FORBIDDEN" } else { "NOT_FOUND" };
        assert_eq!(done["userErrors"][0]["code"], code, "{role:?}");
    }
    let signed = come_in(&s, "1:a").await.ok();
    let done = s.client(&admin).payload(UNLINK, json!({ "id": identity["id"] })).await;
    assert!(done["externalIdentity"]["endedAt"].is_string(), "{done:#}");
    assert!(!s.is_in(&signed.access()).await);
    assert_eq!(operator(key, "gov", "a").await, [], "and it may be linked anew");
    assert_eq!(s.count("SELECT COUNT(*) FROM external_identity").await, 2);
    let disable = "mutation($id: ID!) { userDisable(id: $id, input: { expectedVersion: 1 }) { userErrors { code } } }";
    assert_eq!(s.client(&admin).payload(disable, json!({ "id": user })).await["userErrors"], json!([]));
    assert_eq!(operator(key, "gov", "b").await, [UserErrorCode::InvalidState]);
}

/// Whoever has just reset the password of somebody who must have a second factor opens no other door with it.
#[tokio::test]
async fn a_reset_opens_no_other_door() {
    let s = scene_of(true, TotpFor::AdministratorsAndOffice).await;
    let admin = s.newcomer("admin", &[Role::SystemAdmin]).await;
    let office = s.newcomer("a", &[Role::Office]).await;
    let reset =
        "mutation($id: ID!) { userPasswordReset(id: $id, input: { expectedVersion: 1 }) { code userErrors { code } } }";
    let done = s.t.sign_in(admin).await.payload(reset, json!({ "id": s.id(office) })).await;
    s.send("/auth/accept", json!({ "code": done["code"], "password": PASSWORD })).await.ok();
    let token = s.sign_in("a", PASSWORD).await.ok().access();
    let begun = begin(&s).await;
    let body = json!({ "handle": begun.text("handle"), "state": begun.text("state"), "code": "1:thief", "password": PASSWORD });
    assert_eq!(s.send_as(&token, "/auth/external/link", body).await.code(), "TOTP_ENROLMENT_REQUIRED");
    assert_eq!(come_in(&s, "2:thief").await.status, 422);
    assert_eq!(s.count("SELECT COUNT(*) FROM external_identity").await, 0);
}
