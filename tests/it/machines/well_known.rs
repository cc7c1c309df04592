//! What everybody may know: the metadata of the server and its public keys.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::json;

use super::{get, post, scene, send};
use crate::support::TestApp;

const SERVER: &str = "/.well-known/oauth-authorization-server";
const KEYS: &str = "/.well-known/jwks.json";

#[tokio::test]
async fn the_metadata_says_what_there_is_and_it_is_there() {
    let t = TestApp::new().await;
    let reply = get(&t.router, SERVER).await.ok();
    assert_eq!(reply.headers["content-type"], "application/json");
    let said = reply.json();
    assert_eq!(
        said,
        json!({
            "issuer": "taizhang",
            "token_endpoint": "/auth/token",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "revocation_endpoint": "/auth/revoke",
            "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "jwks_uri": "/.well-known/jwks.json",
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "scopes_supported": taizhang::authz::Scope::ALL.iter().map(|scope| scope.as_str()).collect::<Vec<_>>(),
        })
    );
    for endpoint in ["token_endpoint", "revocation_endpoint"] {
        let reply = post(&t.router, said[endpoint].as_str().unwrap(), &[], "").await;
        assert_eq!((reply.status, &reply.json()["error"]), (400, &json!("invalid_request")));
    }
    get(&t.router, said["jwks_uri"].as_str().unwrap()).await.ok();
}

#[tokio::test]
async fn whoever_has_the_keys_checks_tokens_by_himself() {
    let (s, _, machine) = scene("lists:read").await;
    let token = machine.token(&s.t.router).await;
    let reply = get(&s.t.router, KEYS).await.ok();
    assert_eq!(reply.headers["content-type"], "application/jwk-set+json");
    let keys = reply.json();
    let key = &keys["keys"][0];
    let names: BTreeSet<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, BTreeSet::from(["alg", "crv", "kid", "kty", "use", "x"]), "and nothing private");
    assert_eq!(
        (&key["kty"], &key["crv"], &key["alg"], &key["use"]),
        (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA"), &json!("sig"))
    );
    let header = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!(header.kid.as_deref(), key["kid"].as_str());
    let public = URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
    assert_eq!(public.len(), 32);
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_audience(&["taizhang"]);
    rules.validate_exp = false;
    let read = jsonwebtoken::decode::<serde_json::Value>(&token, &DecodingKey::from_ed_der(&public), &rules).unwrap();
    assert_eq!(read.claims["sub"], json!(machine.id));
}

#[tokio::test]
async fn both_are_cached_asked_without_a_token_and_only_read() {
    let t = TestApp::new().await;
    for path in [SERVER, KEYS] {
        let before = t.service.store().statements();
        let reply = get(&t.router, path).await.ok();
        assert_eq!(reply.headers["cache-control"], "public, max-age=300");
        assert_eq!(reply.headers["access-control-allow-origin"], "*");
        let tag = reply.headers["etag"].clone();
        let again = Request::get(path).header("if-none-match", &tag).body(Body::empty()).unwrap();
        let again = send(&t.router, again).await;
        assert_eq!((again.status, again.bytes.len(), &again.headers["etag"]), (304, 0, &tag));
        let other = Request::get(path).header("if-none-match", "\"x\"").body(Body::empty()).unwrap();
        assert_eq!(send(&t.router, other).await.ok().bytes, reply.bytes);
        let head = send(&t.router, Request::head(path).body(Body::empty()).unwrap()).await.ok();
        assert_eq!((head.bytes.len(), &head.headers["etag"]), (0, &tag));
        let posted = post(&t.router, path, &[], "").await;
        assert_eq!((posted.status, &posted.headers["allow"]), (405, &"GET, HEAD".parse().unwrap()));
        assert_eq!(t.service.store().statements(), before, "nothing is asked of the database");
    }
}
