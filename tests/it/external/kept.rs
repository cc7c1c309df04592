//! What is kept of a provider while it is slow or away.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{
    at, begun,
    gov::{DISCOVERY, Gov},
    hasty,
    play::Reply,
    unavailable,
};

/// While one asks anew, the others go on with what still serves.
#[tokio::test]
async fn what_serves_is_given_while_somebody_asks() {
    let gov = Gov::start().await;
    let begun = begun();
    gov.connector().address(&begun, at(0)).await.unwrap();
    gov.describe(json!({}));
    let description = Reply { after: Duration::from_secs(4), ..Reply::status(503, "") };
    gov.play.say(DISCOVERY, description);
    let later = at(3_700);
    let first = gov.connector().address(&begun, later);
    let others = async {
        while gov.play.calls(DISCOVERY) < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let began = Instant::now();
        for _ in 0..5 {
            gov.connector().address(&begun, later).await.unwrap();
        }
        began.elapsed()
    };
    let (first, others) = tokio::join!(first, others);
    first.unwrap();
    assert!(others < Duration::from_millis(2_500), "{others:?}");
    assert_eq!(gov.play.calls(DISCOVERY), 2);
}

/// A failure is remembered from when it happened: what took as long to fail is not asked for at once again.
#[tokio::test]
async fn a_failure_counts_from_its_end() {
    let gov = Gov::within(hasty(), json!({})).await;
    gov.play.say(DISCOVERY, Reply { after: Duration::from_secs(30), ..Reply::ok("{}") });
    let begun = begun();
    unavailable(gov.connector().address(&begun, at(0)).await);
    // It took 600 ms.
    let half = chrono::TimeDelta::milliseconds(500);
    unavailable(gov.connector().address(&begun, at(10) + half).await);
    assert_eq!(gov.play.calls(DISCOVERY), 1);
    unavailable(gov.connector().address(&begun, at(12)).await);
    assert_eq!(gov.play.calls(DISCOVERY), 2);
}
