//! How much runs at once, deadlines, and what a client that goes away leaves behind.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use serde_json::json;

use super::toy::{Answer, Toy, signed_in, toy, until};

fn spawn(t: &Toy, token: &str, query: &str) -> tokio::task::JoinHandle<Answer> {
    let (t, token, body) = (t.clone(), format!("Bearer {token}"), json!({ "query": query }).to_string());
    tokio::spawn(async move { t.raw(body, &[("authorization", &token)]).await })
}

#[tokio::test]
async fn running_per_principal() {
    let t = toy(|limits| limits.running_per_principal = 2);
    let first = spawn(&t, "user-1", "{ wait }");
    let second = spawn(&t, "user-1", "{ wait }");
    until(|| t.entered() == 2).await;
    let third = t.query("{ ping }").await;
    assert_eq!(third.refused(429, "RATE_LIMITED").header("retry-after"), "1");
    // Somebody else is not concerned.
    spawn(&t, "user-2", "{ ping }").await.unwrap().ok();
    t.open(2);
    first.await.unwrap().ok();
    second.await.unwrap().ok();
    t.query("{ ping }").await.ok();
}

#[tokio::test]
async fn places_and_queue_of_the_instance() {
    let t = toy(|limits| (limits.running, limits.waiting) = (1, 1));
    let runs = spawn(&t, "user-1", "{ wait }");
    until(|| t.entered() == 1).await;
    let waits = spawn(&t, "user-2", "{ wait }");
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(t.entered(), 1);
    let refused = t.query("{ ping }").await;
    assert_eq!(refused.refused(503, "UNAVAILABLE").header("retry-after"), "1");
    // Health has its own lane.
    for path in ["/livez", "/readyz", "/metrics"] {
        assert_eq!(t.plain(path).await.status, 200, "{path}");
    }
    t.open(2);
    runs.await.unwrap().ok();
    waits.await.unwrap().ok();
    t.query("{ ping }").await.ok();
}

#[tokio::test]
async fn one_principal_does_not_starve_another() {
    let t = toy(|_| {});
    let many: Vec<_> = (0..200).map(|_| spawn(&t, "user-1", "{ wait }")).collect();
    until(|| t.entered() == t.limits.running_per_principal).await;
    // What goes past his share is refused at once and waits nowhere.
    until(|| many.iter().filter(|one| one.is_finished()).count() == 180).await;
    for _ in 0..20 {
        let began = Instant::now();
        spawn(&t, "user-2", "{ ping }").await.unwrap().ok();
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    }
    t.open(20);
    let mut refused = 0;
    for one in many {
        let answer = one.await.unwrap();
        if answer.status != 200 {
            assert_eq!(answer.refused(429, "RATE_LIMITED").header("retry-after"), "1");
            refused += 1;
        }
    }
    assert_eq!(refused, 180);
}

/// Two who take all there is, and a third: he waits behind what runs and the few of theirs that wait, not behind all of it.
#[tokio::test]
async fn two_principals_do_not_starve_a_third() {
    let t = toy(|_| {});
    let many: Vec<_> = (0..400).map(|n| spawn(&t, ["user-1", "user-2"][n % 2], "{ wait }")).collect();
    until(|| t.entered() == t.limits.running).await;
    until(|| many.iter().filter(|one| one.is_finished()).count() == 360).await;
    let third = spawn(&t, "user-3", "{ ping }");
    // Eight wait before him: with nine places that become free he is served.
    t.open(9);
    tokio::time::timeout(Duration::from_secs(5), third).await.expect("he does not starve").unwrap().ok();
    t.open(31);
    for one in many {
        let _ = one.await.unwrap();
    }
}

#[tokio::test]
async fn one_session_does_not_fill_the_door() {
    let t = toy(|limits| (limits.running_per_principal, limits.running, limits.waiting) = (2, 8, 1));
    // Two places for those who arrive, and four who wait before them.
    let many: Vec<_> = (0..20).map(|_| spawn(&t, "forever", "{ ping }")).collect();
    until(|| many.iter().filter(|one| one.is_finished()).count() == 18).await;
    let asked = t.shared.languages.lock().unwrap().len();
    t.raw(json!({ "query": "{ ping }" }).to_string(), &[("authorization", "Bearer forged")])
        .await
        .refused(401, "UNAUTHENTICATED");
    assert_eq!(t.shared.languages.lock().unwrap().len(), asked, "nobody was looked for");
    for one in many {
        match one.is_finished() {
            true => _ = one.await.unwrap().refused(429, "RATE_LIMITED"),
            false => one.abort(),
        }
    }
    spawn(&t, "user-2", "{ ping }").await.unwrap().ok();
}

#[tokio::test]
async fn whoever_signs_in_has_a_lane_of_his_own() {
    let t = toy(|limits| (limits.running, limits.waiting) = (1, 1));
    let runs = spawn(&t, "user-1", "{ wait }");
    until(|| t.entered() == 1).await;
    let waits = spawn(&t, "user-2", "{ wait }");
    tokio::time::sleep(Duration::from_millis(50)).await;
    let asked = t.shared.languages.lock().unwrap().len();
    for path in ["/graphql", "/files", "/files/file_1"] {
        let method = if path == "/files/file_1" { "GET" } else { "POST" };
        let answer = t.send(signed_in(method, path).body(axum::body::Body::from("{}")).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "1"), "{path}");
    }
    assert_eq!(t.shared.languages.lock().unwrap().len(), asked, "nobody was looked for");
    // The toy knows no password: it says so, and not that it is busy.
    let body = axum::body::Body::from(r#"{"login":"a","password":"b"}"#);
    let sign_in = axum::http::Request::post("/auth/sign-in").header("content-type", "application/json");
    assert_eq!(t.send(sign_in.body(body).unwrap()).await.status, 401);
    t.open(2);
    runs.await.unwrap().ok();
    waits.await.unwrap().ok();
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_the_queue() {
    let t = toy(|limits| (limits.running, limits.waiting) = (1, 1));
    let runs = spawn(&t, "user-1", "{ wait }");
    until(|| t.entered() == 1).await;
    let waits = spawn(&t, "user-2", "{ ping }");
    tokio::time::sleep(Duration::from_millis(30)).await;
    waits.abort();
    let _ = waits.await;
    let next = spawn(&t, "user-3", "{ ping }");
    tokio::time::sleep(Duration::from_millis(30)).await;
    t.open(1);
    runs.await.unwrap().ok();
    next.await.unwrap().ok();
}

#[tokio::test]
async fn a_query_ends_at_the_deadline() {
    let t = toy(|limits| limits.request_deadline = Duration::from_millis(100));
    let began = Instant::now();
    let late = t.query("{ wait }").await;
    assert_eq!(late.refused(503, "UNAVAILABLE").header("retry-after"), "1");
    assert!(began.elapsed() >= Duration::from_millis(100) && began.elapsed() < Duration::from_secs(2));
    assert_eq!(t.shared.cancelled.load(Ordering::SeqCst), 1, "the query was cancelled");
    t.query("{ ping }").await.ok();
}

#[tokio::test]
async fn waiting_ends_at_the_deadline_too() {
    let t = toy(|limits| (limits.request_deadline, limits.running) = (Duration::from_millis(100), 1));
    let runs = spawn(&t, "user-2", "mutation { addSlowly }");
    until(|| t.entered() == 1).await;
    t.query("{ ping }").await.refused(503, "UNAVAILABLE");
    t.open(1);
    runs.await.unwrap();
}

#[tokio::test]
async fn a_mutation_goes_on_without_its_client() {
    let t = toy(|limits| limits.running_per_principal = 1);
    let mutation = spawn(&t, "user-1", "mutation { addSlowly }");
    until(|| t.entered() == 1).await;
    mutation.abort();
    let _ = mutation.await;
    assert_eq!(t.shared.cancelled.load(Ordering::SeqCst), 0);
    // It still takes its place.
    t.query("{ ping }").await.refused(429, "RATE_LIMITED");
    t.open(1);
    until(|| t.shared.finished.load(Ordering::SeqCst) == 1).await;
    t.query("{ ping }").await.ok();

    let query = spawn(&t, "user-1", "{ wait }");
    until(|| t.entered() == 2).await;
    query.abort();
    until(|| t.shared.cancelled.load(Ordering::SeqCst) == 1).await;
}

#[tokio::test]
async fn a_mutation_outlives_the_deadline() {
    let t = toy(|limits| limits.request_deadline = Duration::from_millis(50));
    t.query("mutation { addSlowly }").await.refused(503, "UNAVAILABLE");
    t.open(1);
    until(|| t.shared.finished.load(Ordering::SeqCst) == 1).await;
}

#[tokio::test]
async fn a_change_that_does_not_end_is_given_up() {
    let t = toy(|limits| {
        (limits.request_deadline, limits.change_deadline) = (Duration::from_millis(50), Duration::from_millis(250));
        limits.running_per_principal = 1;
    });
    t.query("mutation { addSlowly }").await.refused(503, "UNAVAILABLE");
    t.query("{ ping }").await.refused(429, "RATE_LIMITED");
    until(|| t.shared.cancelled.load(Ordering::SeqCst) == 1).await;
    t.query("{ ping }").await.ok();
    assert_eq!(t.shared.finished.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn readiness_and_counters() {
    let t = toy(|_| {});
    assert_eq!(t.plain("/readyz").await.status, 200);
    t.shared.not_ready.store(true, Ordering::SeqCst);
    // However many ask: the database is asked once a second.
    for _ in 0..50 {
        assert_eq!(t.plain("/readyz").await.status, 200);
    }
    assert_eq!(t.shared.asked_if_ready.load(Ordering::SeqCst), 1);
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    assert_eq!(t.plain("/readyz").await.status, 503);
    assert_eq!(t.shared.asked_if_ready.load(Ordering::SeqCst), 2);
    assert_eq!(t.plain("/livez").await.status, 200);
    t.shared.not_ready.store(false, Ordering::SeqCst);
    t.app.lifecycle().drain();
    assert_eq!(t.plain("/readyz").await.status, 503);

    t.query("{ ping }").await.ok();
    t.query("mutation { add }").await.ok();
    t.query("{").await;
    let text = t.plain("/metrics").await.text;
    for line in [
        "taizhang_graphql_requests_total{operation=\"query\",status=\"200\"} 1",
        "taizhang_graphql_requests_total{operation=\"mutation\",status=\"200\"} 1",
        "taizhang_graphql_requests_total{operation=\"none\",status=\"400\"} 1",
        "taizhang_graphql_duration_seconds_count{operation=\"query\"} 1",
        "taizhang_graphql_in_flight 0",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert_eq!(t.plain("/nothing").await.status, 404);
}
