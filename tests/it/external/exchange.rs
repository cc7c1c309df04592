//! Exchanges that go wrong: they end soon, go nowhere else and say why.

use std::time::{Duration, Instant};

use serde_json::json;
use taizhang::external::{HttpLimits, Providers};
use tokio::net::TcpListener;

use super::{
    BACK, Folder, at, begun,
    gov::{DISCOVERY, Gov, KEYS, TOKEN},
    hasty,
    play::Reply,
    reason, unavailable,
};

#[tokio::test]
async fn redirects_are_not_followed() {
    for path in [DISCOVERY, KEYS, TOKEN] {
        for status in [301, 302, 303, 307, 308] {
            let gov = Gov::start().await;
            gov.play.say("/elsewhere", Reply::ok("{}"));
            let token = gov.good();
            assert_eq!(reason(&gov.back_with(&token, at(0)).await), "(good)");
            let location = Some(format!("{}/elsewhere", gov.play.base));
            gov.play.say(path, Reply { location, ..Reply::status(status, "") });
            // A day and more later, so that nothing that is kept serves.
            let why = unavailable(gov.back(at(100_000)).await);
            assert!(why.contains("redirect"), "{path} {status}: {why}");
            assert_eq!(gov.play.calls("/elsewhere"), 0);
        }
    }
}

#[tokio::test]
async fn long_answers_are_given_up() {
    for path in [DISCOVERY, KEYS, TOKEN] {
        let gov = Gov::start().await;
        gov.play.say(TOKEN, Reply::ok(json!({"token_type": "Bearer", "id_token": gov.good()}).to_string()));
        gov.play.say(path, Reply::ok(format!("{{\"pad\":\"{}\"}}", "x".repeat(64 * 1024))));
        let why = unavailable(gov.back(at(0)).await);
        assert!(why.contains("an answer longer than 65536 bytes"), "{path}: {why}");
    }
}

#[tokio::test]
async fn slow_answers_are_given_up() {
    for path in [DISCOVERY, KEYS, TOKEN] {
        let gov = Gov::within(hasty(), json!({})).await;
        gov.play.say(TOKEN, Reply::ok(json!({"token_type": "Bearer", "id_token": gov.good()}).to_string()));
        gov.play.say(path, Reply { after: Duration::from_secs(30), ..Reply::ok("{}") });
        let started = Instant::now();
        let why = unavailable(gov.back(at(0)).await);
        assert!(why.contains("no answer within 600 ms"), "{path}: {why}");
        assert!(started.elapsed() < Duration::from_secs(15));
    }
}

#[tokio::test]
async fn one_that_is_not_there_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let folder = Folder::new();
    let entry = json!({"id": "cas", "name": "CAS", "kind": "cas", "baseUrl": base, "redirectUris": [BACK]});
    let providers = folder.provider(entry);
    let connector = &providers.get("cas").unwrap().connector;
    let why = unavailable(connector.identity("ST-1856339", &begun(), at(0)).await);
    assert!(why.starts_with("127.0.0.1: ") && why.to_lowercase().contains("refused"), "{why}");
}

#[tokio::test]
async fn words_that_are_not_http_are_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"SSH-2.0-OpenSSH_9.9\r\n").await.unwrap();
        tokio::time::sleep(Duration::from_secs(5)).await;
    });
    let entry = json!({"id": "cas", "name": "CAS", "kind": "cas", "baseUrl": base, "redirectUris": [BACK]});
    let providers = Folder::new().provider(entry);
    let connector = &providers.get("cas").unwrap().connector;
    let why = unavailable(connector.identity("ST-1856339", &begun(), at(0)).await);
    assert!(why.starts_with("127.0.0.1: "), "{why}");
    server.abort();
}

#[tokio::test]
async fn no_more_than_so_many_at_once() {
    let gov = Gov::start().await;
    let token = gov.good();
    assert_eq!(reason(&gov.back_with(&token, at(0)).await), "(good)");
    let answer = json!({"token_type": "Bearer", "id_token": token}).to_string();
    gov.play.say(TOKEN, Reply { after: Duration::from_millis(200), ..Reply::ok(answer) });
    let all = futures_util::future::join_all((0..12).map(|_| gov.back(at(0)))).await;
    let count = |wanted: &str| all.iter().filter(|result| reason(result) == wanted).count();
    assert_eq!((count("(good)"), count("(busy)")), (8, 4));
    assert_eq!(reason(&gov.back(at(0)).await), "(good)", "places are given back");
}

#[tokio::test]
async fn a_place_is_given_back_when_the_browser_goes_away() {
    let gov = Gov::start().await;
    assert_eq!(reason(&gov.back_with(&gov.good(), at(0)).await), "(good)");
    let answer = gov.play.seen(TOKEN).len();
    gov.play.say(TOKEN, Reply { after: Duration::from_secs(30), ..Reply::ok("{}") });
    for _ in 0..20 {
        let gone = tokio::time::timeout(Duration::from_millis(50), gov.back(at(0))).await;
        assert!(gone.is_err(), "it waits, and is not busy");
    }
    assert!(gov.play.calls(TOKEN) > answer);
    assert_eq!(reason(&gov.back_with(&gov.good(), at(0)).await), "(good)");
}

#[test]
fn the_usual_limits() {
    let limits = HttpLimits::default();
    assert_eq!((limits.connect, limits.whole), (Duration::from_secs(3), Duration::from_secs(8)));
    assert_eq!((limits.longest, limits.at_once), (262_144, 8));
    assert!(Providers::default().all().is_empty());
}
