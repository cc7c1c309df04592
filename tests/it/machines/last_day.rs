//! No token outlives the last day of its secret.

use chrono::TimeDelta;
use serde_json::json;

use super::{grant, key, scene, secret};

#[tokio::test]
async fn a_token_ends_with_the_last_day_of_its_secret() {
    let (s, admin, first) = scene("lists:read").await;
    let machine = secret(&admin, &first.id, json!({ "expiresOn": "2026-07-01" })).await;
    grant(&s.t, key(&first.id), s.root, "lists:read").await;
    let ask = async || machine.ask(&s.t.router, None).await;
    let life = async || ask().await.ok().json()["expires_in"].as_u64().unwrap();
    assert_eq!(life().await, 900);
    // Ten minutes before midnight in Shanghai.
    s.advance(TimeDelta::minutes(14 * 60 + 50));
    assert_eq!(life().await, 600);
    let token = machine.token(&s.t.router).await;
    let without_end = first.token(&s.t.router).await;
    s.advance(TimeDelta::milliseconds(599_999));
    let last = ask().await.ok().json();
    assert_eq!(last["expires_in"], 1, "never none");
    let last = last["access_token"].as_str().unwrap();
    assert!(s.is_in(&token).await && s.is_in(last).await, "in the last moment");
    s.advance(TimeDelta::milliseconds(1));
    assert!(!s.is_in(&token).await && !s.is_in(last).await, "the day is over");
    assert_eq!(ask().await.status, 401);
    assert!(s.is_in(&without_end).await);
}
