//! The door of the public: what comes out of it, and that nothing else does.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use taizhang::web::{Extras, router_with};

use super::scene::*;
use crate::mutation::reports_stage::*;
use crate::support::World;

#[tokio::test]
async fn pages_filters_and_conditions() {
    let p = Scene::new().await;
    let mut made = Vec::new();
    for n in 1..=5 {
        made.push(text(&p.published(&p.prepared(p.of_list(&format!("第{n}份"))).await).await["id"]));
    }
    made.reverse();
    let (mut seen, mut path) = (Vec::new(), "/public/publications?first=2".to_owned());
    loop {
        let page = p.get(&path).await;
        assert_eq!(page.status, 200);
        let page = page.json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|line| text(&line["id"])));
        match page["next"].as_str() {
            Some(next) => path = format!("/public/publications?first=2&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, made, "the latest first, each once");
    for (query, count) in [("kind=LIST", 5), ("kind=PROGRESS", 0), ("year=2026", 5), ("year=2025", 0), ("first=200", 5)]
    {
        let page = p.get(&format!("/public/publications?{query}")).await.json();
        assert_eq!(page["items"].as_array().unwrap().len(), count, "{query}");
    }
    for query in
        ["first=0", "first=201", "first=x", "year=x", "kind=list", "after=x", "secret=1", "first=1&first=2", "after="]
    {
        let page = p.get(&format!("/public/publications?{query}")).await;
        assert_eq!((page.status, &page.json()["code"]), (400, &json!("BAD_REQUEST")), "{query}");
    }
    // Cursors of our form that name moments outside the years there are, or that PostgreSQL does not have at all.
    for millis in ["-210900000000000", "-8334601228800000", "8210266876799999", "-2208988800001"] {
        let after = URL_SAFE_NO_PAD.encode(format!("{millis} {}", uuid::Uuid::nil()));
        let page = p.get(&format!("/public/publications?after={after}")).await;
        assert_eq!((page.status, &page.json()["code"]), (400, &json!("BAD_REQUEST")), "{millis}");
    }
    let path = format!("/public/publications/{}", made[0]);
    let page = p.get(&path).await;
    let tag = page.header("etag").to_owned();
    for (name, value) in [
        ("cache-control", "public, no-cache"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("content-type", "application/json; charset=utf-8"),
    ] {
        assert_eq!(page.header(name), value);
    }
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    assert!(!page.header("x-request-id").is_empty());
    for (asked, status) in
        [(tag.clone(), 304), (format!("W/{tag}"), 304), ("\"x\", *".into(), 304), ("\"x\"".into(), 200)]
    {
        let request = Request::get(&path).header("if-none-match", &asked).body(Body::empty()).unwrap();
        let known = p.ask(&p.s.t.anonymous(), request).await;
        assert_eq!((known.status, known.body.is_empty()), (status, status == 304), "{asked}");
    }
    let head = p.ask(&p.s.t.anonymous(), Request::head(&path).body(Body::empty()).unwrap()).await;
    assert_eq!((head.status, head.body.as_str(), head.header("etag")), (200, "", tag.as_str()));
    let list = p.get("/public/publications").await;
    let request =
        Request::get("/public/publications").header("if-none-match", list.header("etag")).body(Body::empty()).unwrap();
    assert_eq!(p.ask(&p.s.t.anonymous(), request).await.status, 304);
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let request = Request::builder().method(method).uri(&path).body(Body::empty()).unwrap();
        let refused = p.ask(&p.s.t.anonymous(), request).await;
        assert_eq!((refused.status, refused.header("allow")), (405, "GET, HEAD"), "{method}");
    }
    // A token, good or bad, changes nothing: nobody looks at it.
    let request = Request::get(&path).header("authorization", "Bearer x").body(Body::empty()).unwrap();
    assert_eq!(p.ask(&p.s.t.anonymous(), request).await.body, page.body);
    let english = Request::get("/public/publications/x").header("accept-language", "en").body(Body::empty()).unwrap();
    let absent = p.ask(&p.s.t.anonymous(), english).await;
    assert_eq!((absent.status, absent.json()["code"].clone()), (404, json!("NOT_FOUND")));
    assert!(text(&absent.json()["message"]).contains("There is no"));
}

/// Everything that never was public, and everything that is no publication, is answered with the same bytes.
#[tokio::test]
async fn what_is_not_published_does_not_exist() {
    let world = World::new().await;
    let t = &world.t;
    let mut answers = BTreeSet::new();
    let mut ids: Vec<String> = Vec::new();
    for row in &world.rows.publication {
        let is_public = world.rows.publication_public.iter().any(|public| public.id == row.id);
        if !is_public {
            ids.push(id(taizhang::id::Kind::Publication, row.id));
        }
    }
    assert!(ids.len() >= 4);
    let list = world.get("issued");
    ids.extend([
        id(taizhang::id::Kind::Publication, list),
        id(taizhang::id::Kind::TaskList, list),
        id(taizhang::id::Kind::PublicationStep, world.rows.publication_step[0].id),
        list.to_string(),
        "publication_".to_owned(),
        "%00".to_owned(),
        "..%2f..%2fmetrics".to_owned(),
        "publication_00000000000000000000000000.json".to_owned(),
    ]);
    for id in &ids {
        for path in [format!("/public/publications/{id}"), format!("/public/publications/{id}/figures/by-unit.svg")] {
            let request = Request::get(&path).header("x-request-id", "same").body(Body::empty()).unwrap();
            let answer = t.anonymous().request(request).await;
            assert_eq!(answer.status(), 404, "{path}");
            let headers = format!("{:?}", answer.headers());
            let body = http_body_util::BodyExt::collect(answer.into_body()).await.unwrap().to_bytes();
            answers.insert((headers, body));
        }
    }
    assert_eq!(answers.len(), 1, "absent and not published can be told apart: {answers:?}");

    let answer = t.anonymous().request(Request::get("/public/publications").body(Body::empty()).unwrap()).await;
    let body = http_body_util::BodyExt::collect(answer.into_body()).await.unwrap().to_bytes();
    let list: Value = serde_json::from_slice(&body).unwrap();
    let titles: BTreeSet<String> = list["items"].as_array().unwrap().iter().map(|line| text(&line["title"])).collect();
    let wanted: BTreeSet<String> = world.rows.publication_public.iter().map(|row| row.title.clone()).collect();
    assert_eq!(titles, wanted);
    // Whatever else the database holds, none of it is here.
    let said = String::from_utf8(body.to_vec()).unwrap();
    for hidden in ["虚构撤回", "虚构意见", "draft", "虚构任务", "user_"] {
        assert!(!said.contains(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn the_door_can_be_shut() {
    let world = World::new().await;
    let verifier = {
        let keys = tempfile::tempdir().unwrap();
        let keyring = taizhang::secrets::Keyring::open_or_create(&keys.path().join("k"), &*world.t.ids).unwrap();
        let rules = taizhang::secrets::TokenRules {
            issuer: "t".into(),
            audience: "t".into(),
            lifetime: std::time::Duration::from_secs(60),
            leeway: std::time::Duration::ZERO,
        };
        taizhang::secrets::TokenVerifier::new(&keyring.public_keys(), rules).unwrap()
    };
    let api = taizhang::web::api::Api::new(world.t.service.clone(), verifier);
    let explorer = taizhang::web::explorer::Explorer { tabs: Vec::new() };
    let app = taizhang::web::App::new(api, taizhang::config::Limits::default(), world.t.ids.clone(), explorer).unwrap();
    let app = Arc::new(app);
    for public in [true, false] {
        let router = router_with(app.clone(), Extras { metrics: false, graphiql: false, public });
        let request = Request::get("/public/publications").body(Body::empty()).unwrap();
        let answer = tower::ServiceExt::oneshot(router, request).await.unwrap();
        assert_eq!(answer.status(), if public { 200 } else { 404 });
    }
}

/// Together the public takes no more places than one who is signed in.
#[tokio::test]
async fn the_public_is_one_principal() {
    let limits = taizhang::config::Limits { running_per_principal: 0, ..taizhang::config::Limits::default() };
    let t = crate::support::TestApp::with_limits(limits).await;
    let answer = t.anonymous().request(Request::get("/public/publications").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status(), 429);
    assert!(answer.headers().contains_key("retry-after"));
}
