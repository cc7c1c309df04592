//! Links to another sign-in service: when they end, and what making one asks for.

use chrono::TimeDelta;
use entity::vocabulary::Role;
use serde_json::{Value, json};
use taizhang::config::TotpFor;
use taizhang::id::{GlobalId, Kind};

use super::external::{begin, come_in, finish, gov, scene, scene_of};
use super::scene::{OTHER, PASSWORD, Reply, Scene, request};
use super::totp::{enrolled, shown};

/// Links whoever is signed in to who the code says.
async fn link_self(s: &Scene, token: &str, password: &str, code: &str) -> Reply {
    let begun = begin(s).await;
    let body =
        json!({ "handle": begun.text("handle"), "state": begun.text("state"), "code": code, "password": password });
    s.send_as(token, "/auth/external/link", body).await
}

/// Whoever set the first password for somebody can link himself in his place; a reset is to be the end of that.
#[tokio::test]
async fn a_reset_ends_the_links_and_what_they_opened() {
    let s = scene().await;
    s.person("admin", &[Role::SystemAdmin]).await;
    let admin = s.sign_in("admin", PASSWORD).await.ok().access();
    let user = s.id(s.person("a", &[Role::Reporter]).await);
    let own = s.sign_in("a", PASSWORD).await.ok().access();
    link_self(&s, &own, PASSWORD, "1:thief").await.ok();
    let inside = come_in(&s, "2:thief").await.ok();
    let reset = "mutation($id: ID!) { userPasswordReset(id: $id, input: { expectedVersion: 1 }) {
        code userErrors { code message } } }";
    let done: Value = s.client(&admin).payload(reset, json!({ "id": user })).await;
    assert_eq!(done["userErrors"], json!([]), "{done:#}");
    assert_eq!(come_in(&s, "3:thief").await.status, 422, "nobody here any more");
    assert!(!s.is_in(&inside.access()).await);
    assert_eq!(s.refresh(&inside.refresh()).await.status, 401);
    assert_eq!(s.audited("externalIdentityUnlink", "DONE").await, 1);

    // The operator's reset too.
    let body = json!({ "code": done["code"], "password": OTHER });
    s.send("/auth/accept", body).await.ok();
    let own = s.sign_in("a", OTHER).await.ok().access();
    link_self(&s, &own, OTHER, "4:thief").await.ok();
    s.t.service.operator_code(s.key_of("a").await, false).await.unwrap().unwrap();
    assert_eq!(come_in(&s, "5:thief").await.status, 422);
    assert_eq!(s.audited("externalIdentityUnlink", "DONE").await, 2);
    assert_eq!(s.count("SELECT COUNT(*) FROM external_identity WHERE ended_at IS NULL").await, 0);
    let by_nobody = "SELECT COUNT(*) FROM external_identity WHERE ended_by IS NULL";
    assert_eq!(s.count(by_nobody).await, 1, "the operator is no user");
}

fn body(begun: &Reply, code: &str, totp: Option<&str>) -> Value {
    let mut body =
        json!({ "handle": begun.text("handle"), "state": begun.text("state"), "code": code, "password": PASSWORD });
    if let Some(totp) = totp {
        body["totp"] = totp.into();
    }
    body
}

async fn failures(s: &Scene) -> i64 {
    s.count("SELECT CAST(MAX(failures) AS BIGINT) FROM user_credential").await
}

/// A link is a way in for good: whoever found an open session and knows the password does not make one.
#[tokio::test]
async fn a_link_asks_for_the_one_time_password() {
    let s = scene().await;
    s.person("a", &[Role::Reporter]).await;
    let token = s.sign_in("a", PASSWORD).await.ok().access();
    let secret = enrolled(&s, &token).await;
    s.advance(TimeDelta::minutes(1));
    let begun = begin(&s).await;
    let tried = async |body: Value| s.send_as(&token, "/auth/external/link", body).await;
    let missing = tried(body(&begun, "1:a", None)).await;
    assert_eq!((missing.status, missing.code().as_str()), (422, "REQUIRED"));
    assert_eq!(missing.json()["errors"][0]["field"], json!(["totp"]));
    let wrong = tried(body(&begun, "1:a", Some("000000"))).await;
    assert_eq!((wrong.status, &wrong.json()["errors"][0]["field"]), (422, &json!(["totp"])));
    assert_eq!(failures(&s).await, 1, "a guess");
    // The code was not used up by the slips.
    let good = shown(&s, &secret, 0);
    let made = tried(body(&begun, "1:a", Some(&good))).await.ok();
    // What is sent again is no guess, and is told what it made, where the service vouches for it once more.
    let again = tried(body(&begun, "1:a", Some(&good))).await;
    assert_eq!((again.status, &again.json()["errors"][0]["field"]), (422, &json!(["code"])));
    let again = tried(body(&begun, "2:a", Some(&good))).await.ok();
    assert_eq!(again.text("id"), made.text("id"));
    assert_eq!(failures(&s).await, 1);
    assert_eq!(s.count("SELECT COUNT(*) FROM external_identity").await, 1);
    // Good once, here too.
    let stale = tried(body(&begin(&s).await, "3:b", Some(&good))).await;
    assert_eq!((stale.status, &stale.json()["errors"][0]["field"]), (422, &json!(["totp"])));
    s.advance(TimeDelta::minutes(1));
    // Somebody who is linked to the same already is told so.
    let twice = tried(body(&begin(&s).await, "4:a", Some(&shown(&s, &secret, 0)))).await.ok();
    assert_eq!(twice.text("id"), made.text("id"));
    // A used handle makes no other link, and is no 401, by which an app would throw the session away.
    let other = tried(body(&begun, "5:b", None)).await;
    assert_eq!((other.status, &other.json()["errors"][0]["field"]), (422, &json!(["code"])));
    assert!(s.is_in(&token).await);
    assert_eq!(s.count("SELECT COUNT(*) FROM external_identity").await, 1);
}

#[tokio::test]
async fn who_has_to_set_up_one_time_passwords_links_nobody_before() {
    let s = scene_of(false, TotpFor::AdministratorsAndOffice).await;
    s.person("a", &[Role::Office]).await;
    let token = s.sign_in("a", PASSWORD).await.ok().access();
    let refused = s.send_as(&token, "/auth/external/link", body(&begin(&s).await, "1:a", None)).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "TOTP_ENROLMENT_REQUIRED"));
    assert_eq!(s.count("SELECT COUNT(*) FROM external_identity").await, 0);
}

/// The trail names the service and the link, and never who somebody is there.
#[tokio::test]
async fn the_trail_names_the_service_and_the_link() {
    let s = scene().await;
    for login in ["a", "b"] {
        s.person(login, &[Role::Reporter]).await;
    }
    let (a, b) = (s.sign_in("a", PASSWORD).await.ok().access(), s.sign_in("b", PASSWORD).await.ok().access());
    let link = link_self(&s, &a, PASSWORD, "1:subject-of-a").await.ok().text("id");
    come_in(&s, "2:subject-of-a").await.ok();
    assert_eq!(link_self(&s, &b, PASSWORD, "3:subject-of-a").await.code(), "DUPLICATE");
    assert_eq!(come_in(&s, "4:nobody").await.status, 422);
    let rows = s
        .texts(
            "SELECT operation || ' ' || result || ' ' || coalesce(object_type, '-') || ' ' || coalesce(reasons, '-') \
             || ' ' || CAST(changed AS TEXT) FROM audit_entry WHERE operation LIKE 'external%' ORDER BY sequence",
        )
        .await;
    let rows: Vec<String> = rows.iter().map(|row| row.replace([' ', '"'], "")).collect();
    let wanted = [
        "externalIdentityLinkDONEidentity-[user,issuer,subject,provider,gov]",
        "externalSignInDONEidentity-[provider,gov]",
        "externalIdentityLinkREFUSEDuserDUPLICATE[provider,gov]",
        "externalSignInREFUSED-UNKNOWN_IDENTITY[provider,gov]",
    ];
    assert_eq!(rows, wanted);
    let key = link.parse::<GlobalId>().unwrap();
    assert_eq!(key.kind, Kind::ExternalIdentity);
    let about = s.count("SELECT COUNT(DISTINCT object_id) FROM audit_entry WHERE object_type = 'identity'").await;
    assert_eq!(about, 1, "both lines name the one link");
    let all = s.texts("SELECT coalesce(CAST(changed AS TEXT), '') || coalesce(reasons, '') FROM audit_entry").await;
    assert!(!all.join(" ").contains("subject-of-a"));
}

/// A telephone that did not hear the answer sends the same again: that is no guess.
#[tokio::test]
async fn a_one_time_password_that_is_sent_again_is_no_guess() {
    let s = scene().await;
    let user = s.person("a", &[Role::Reporter]).await;
    let secret = enrolled(&s, &s.sign_in("a", PASSWORD).await.ok().access()).await;
    s.link_by_hand(user, "https://elsewhere.example", "a").await;
    s.advance(TimeDelta::minutes(1));
    let handle = come_in(&s, "1:a").await.ok().text("handle");
    let body = json!({ "handle": handle, "totp": shown(&s, &secret, 0) });
    s.send("/auth/external/totp", body.clone()).await.ok();
    for _ in 0..6 {
        assert_eq!(s.send("/auth/external/totp", body.clone()).await.status, 401);
    }
    assert_eq!(failures(&s).await, 0);
    assert_eq!(s.audited("accountLock", "DONE").await, 0);
    let reasons = s.texts("SELECT reasons FROM audit_entry WHERE operation = 'externalSignIn' AND reasons IS NOT NULL");
    assert_eq!(reasons.await.iter().filter(|reason| *reason == "REPLAYED").count(), 6);
}

/// What a service opened ends with it, and its second factor counts as long as it is trusted with one.
#[tokio::test]
async fn sessions_end_with_the_service_that_opened_them() {
    let s = scene_of(true, TotpFor::AdministratorsAndOffice).await;
    let user = s.newcomer("a", &[Role::Office]).await;
    s.link_by_hand(user, "https://elsewhere.example", "a").await;
    let signed = come_in(&s, "1:a").await.ok();
    assert_eq!(signed.json()["mustEnrolTotp"], false);
    let ask = async |server: &crate::support::app::Server, token: &str| {
        let mut asked = axum::http::Request::post("/graphql")
            .header("content-type", "application/json")
            .body(axum::body::Body::from(json!({ "query": "{ taskLists { totalCount } }" }).to_string()))
            .unwrap();
        asked.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        tower::ServiceExt::oneshot(server.router.clone(), asked).await.unwrap().status().as_u16()
    };
    let refresh = async |server: &crate::support::app::Server, token: &str| {
        let asked = request("/auth/refresh", &json!({ "refreshToken": token }).to_string());
        tower::ServiceExt::oneshot(server.router.clone(), asked).await.unwrap()
    };
    let same = s.t.beside_with(gov(true)).await;
    assert_eq!(ask(&same, &signed.access()).await, 200);
    let weaker = s.t.beside_with(gov(false)).await;
    assert_eq!(ask(&weaker, &signed.access()).await, 403, "its word is one factor by now");
    let without = s.t.beside_with(taizhang::external::Providers::default()).await;
    assert_eq!(ask(&without, &signed.access()).await, 401);
    assert_eq!(refresh(&without, &signed.refresh()).await.status().as_u16(), 401);
    let next = refresh(&weaker, &signed.refresh()).await;
    let bytes = http_body_util::BodyExt::collect(next.into_body()).await.unwrap().to_bytes();
    let next: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(next["mustEnrolTotp"], true, "{next:#}");
    // Nothing was taken away: the settings say so, and may say otherwise again.
    assert_eq!(ask(&same, next["accessToken"].as_str().unwrap()).await, 200);
}

/// A handle of another service that bore the same name proves nothing.
#[tokio::test]
async fn a_handle_belongs_to_its_issuer() {
    let s = scene().await;
    let user = s.person("a", &[Role::Reporter]).await;
    let secret = enrolled(&s, &s.sign_in("a", PASSWORD).await.ok().access()).await;
    s.link_by_hand(user, "https://elsewhere.example", "a").await;
    s.advance(TimeDelta::minutes(1));
    let handle = finish(&s, &begin(&s).await, "1:a").await.ok().text("handle");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("providers.json");
    let other = json!({ "providers": [{ "id": "gov", "name": "另一平台（虚构）", "kind": "cas",
        "baseUrl": "https://cas.example", "redirectUris": ["https://taizhang.example/back"] }] });
    std::fs::write(&file, other.to_string()).unwrap();
    let server = s.t.beside_with(taizhang::external::Providers::read(&file).unwrap()).await;
    let body = json!({ "handle": handle, "totp": shown(&s, &secret, 0) });
    let asked = request("/auth/external/totp", &body.to_string());
    let refused = tower::ServiceExt::oneshot(server.router.clone(), asked).await.unwrap();
    assert_eq!(refused.status().as_u16(), 422);
    s.send("/auth/external/totp", body).await.ok();
}
