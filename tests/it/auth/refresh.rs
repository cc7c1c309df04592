//! How sessions go on, and how a stolen token ends them.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::json;
use taizhang::config::{Limits, PasswordProfile, TotpFor};

use super::scene::{PASSWORD, Scene};

#[tokio::test]
async fn each_token_is_good_once_and_the_session_goes_on() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let first = s.sign_in("a", PASSWORD).await.ok();
    s.advance(TimeDelta::minutes(14));
    let second = s.refresh(&first.refresh()).await.ok();
    assert_ne!(second.refresh(), first.refresh());
    assert_ne!(second.access(), first.access());
    s.advance(TimeDelta::minutes(14));
    let third = s.refresh(&second.refresh()).await.ok();
    assert!(s.is_in(&third.access()).await);
    assert_eq!(s.count("SELECT COUNT(*) FROM session").await, 1);
    assert_eq!(s.count("SELECT COUNT(*) FROM refresh_token WHERE used_at IS NULL").await, 1);
}

#[tokio::test]
async fn a_used_token_ends_the_whole_family_at_once() {
    for (name, wait, uses_next) in [("long after", 11, false), ("at once, but the next was used", 0, true)] {
        let s = Scene::new().await;
        s.person("a", &[]).await;
        let first = s.sign_in("a", PASSWORD).await.ok();
        let other = s.sign_in("a", PASSWORD).await.ok();
        let mut last = s.refresh(&first.refresh()).await.ok();
        if uses_next {
            last = s.refresh(&last.refresh()).await.ok();
        }
        assert!(s.is_in(&last.access()).await);
        s.advance(TimeDelta::seconds(wait));
        let replayed = s.refresh(&first.refresh()).await;
        assert_eq!((replayed.status, replayed.code().as_str()), (401, "UNAUTHENTICATED"), "{name}");
        assert!(!s.is_in(&last.access()).await, "{name}: the access token ends with the session");
        assert_eq!(s.refresh(&last.refresh()).await.status, 401, "{name}: and so does the newest refresh token");
        assert!(s.is_in(&other.access()).await, "{name}: another sign-in is another family");
        assert_eq!(s.audited("refreshReplay", "REFUSED").await, 1, "{name}");
    }
}

/// A telephone that did not hear the answer: the same question within ten seconds gets the same next token.
#[tokio::test]
async fn the_same_question_within_ten_seconds_gets_the_same_next_token() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let first = s.sign_in("a", PASSWORD).await.ok();
    let lost = s.refresh(&first.refresh()).await.ok();
    s.advance(TimeDelta::seconds(10));
    let again = s.refresh(&first.refresh()).await.ok();
    assert_eq!(again.refresh(), lost.refresh(), "one chain, nothing new");
    assert_eq!(s.count("SELECT COUNT(*) FROM refresh_token").await, 2);
    // A thief who repeats it holds what its owner holds: the second of them who goes on ends it for both.
    s.advance(TimeDelta::minutes(5));
    s.refresh(&lost.refresh()).await.ok();
    s.advance(TimeDelta::seconds(11));
    assert_eq!(s.refresh(&again.refresh()).await.status, 401);
    assert!(!s.is_in(&again.access()).await);
}

#[tokio::test]
async fn from_another_address_there_is_no_second_answer() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let body = |token: &str| json!({ "refreshToken": token });
    let signed = json!({ "login": "a", "password": PASSWORD });
    let first = s.send_from("192.0.2.1", "/auth/sign-in", signed).await.ok();
    s.send_from("192.0.2.1", "/auth/refresh", body(&first.refresh())).await.ok();
    assert_eq!(s.send_from("198.51.100.1", "/auth/refresh", body(&first.refresh())).await.status, 401);
    assert_eq!(s.audited("refreshReplay", "REFUSED").await, 1);
    assert!(!s.is_in(&first.access()).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_at_once_make_one_next_token() {
    let limits = Limits { sign_in_burst: 1_000, ..Limits::default() };
    let s = Arc::new(Scene::with(limits, PasswordProfile::Dengbao, TotpFor::Nobody).await);
    s.person("a", &[]).await;
    for round in 0..10 {
        let signed = s.sign_in("a", PASSWORD).await.ok();
        let all = (0..4).map(|_| {
            let (s, token) = (s.clone(), signed.refresh());
            tokio::spawn(async move { s.refresh(&token).await })
        });
        let mut next = std::collections::BTreeSet::new();
        for each in all.collect::<Vec<_>>() {
            next.insert(each.await.unwrap().ok().refresh());
        }
        assert_eq!(next.len(), 1, "round {round}: {next:?}");
        s.refresh(next.first().unwrap()).await.ok();
        assert_eq!(s.count("SELECT COUNT(*) FROM refresh_token").await, 3 * (round + 1));
    }
    assert_eq!(s.audited("refreshReplay", "REFUSED").await, 0);
}

#[tokio::test]
async fn what_is_no_token_of_ours_is_refused_like_one_that_is_over() {
    let s = Scene::new().await;
    s.person("a", &[]).await;
    let signed = s.sign_in("a", PASSWORD).await.ok();
    let token = signed.refresh();
    let unknown = s.refresh("nonsense").await;
    assert_eq!(unknown.status, 401);
    let swapped: String = token.chars().rev().collect();
    for bad in [
        "",
        "tzr_",
        &signed.access(),
        &swapped,
        &format!("{token}x"),
        &token.to_uppercase(),
        &format!("tzc_{}", &token[4..]),
    ] {
        let reply = s.refresh(bad).await;
        assert_eq!((reply.status, &reply.bytes), (401, &unknown.bytes), "{bad}");
    }
    assert!(s.is_in(&signed.access()).await, "guessing ends nobody's session");
    s.advance(TimeDelta::hours(13));
    assert_eq!(s.refresh(&token).await.bytes, unknown.bytes);
}

#[tokio::test]
async fn a_session_goes_on_so_many_times() {
    let limits = Limits { session_refreshes: 3, ..Limits::default() };
    let s = Scene::with(limits, PasswordProfile::Dengbao, TotpFor::Nobody).await;
    s.person("a", &[]).await;
    let mut last = s.sign_in("a", PASSWORD).await.ok();
    for _ in 0..3 {
        last = s.refresh(&last.refresh()).await.ok();
    }
    assert_eq!(s.refresh(&last.refresh()).await.status, 401, "one past the limit");
}
