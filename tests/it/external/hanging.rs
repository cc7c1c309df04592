//! A service that hangs: it keeps nobody out who comes another way, and nobody waits for it longer than is said.

use std::time::{Duration, Instant};

use entity::vocabulary::Role;
use serde_json::{Value, json};
use taizhang::config::{Limits, PasswordProfile, TotpFor};
use taizhang::external::HttpLimits;

use super::{
    BACK,
    gov::{CODE, DISCOVERY, Gov, KEYS, TOKEN},
    limits,
    play::Reply,
    signers::RSA,
};
use crate::auth::scene::{PASSWORD, Scene};
use crate::support::TestApp;

async fn scene(gov: &Gov) -> Scene {
    let limits = Limits { running_sign_in: 8, ..Limits::default() };
    Scene::of(TestApp::told(limits, PasswordProfile::Dengbao, TotpFor::Nobody, gov.providers.clone()).await).await
}

fn start() -> Value {
    json!({ "provider": "gov", "redirectUri": BACK })
}

#[tokio::test]
async fn one_that_hangs_keeps_nobody_out_who_has_a_password() {
    let gov = Gov::within(HttpLimits { whole: Duration::from_secs(5), ..limits() }, json!({})).await;
    gov.play.say(DISCOVERY, Reply { after: Duration::from_secs(30), ..Reply::ok("{}") });
    let s = scene(&gov).await;
    s.person("a", &[Role::Reporter]).await;
    let signed = s.sign_in("a", PASSWORD).await.ok();

    let starts = futures_util::future::join_all((0..20).map(|_| async {
        let began = Instant::now();
        let refused = s.send("/auth/external/start", start()).await;
        (refused, began.elapsed())
    }));
    let beside = async {
        while gov.play.calls(DISCOVERY) == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let began = Instant::now();
        s.sign_in("a", PASSWORD).await.ok();
        s.refresh(&signed.refresh()).await.ok();
        began.elapsed()
    };
    let (starts, beside) = tokio::join!(starts, beside);
    assert!(beside < Duration::from_secs(3), "whoever has a password waited {beside:?}");
    for (refused, _) in &starts {
        assert_eq!((refused.status, refused.code().as_str()), (503, "UNAVAILABLE"));
        assert!(refused.headers.contains_key("retry-after"));
    }
    let waited = starts.iter().filter(|(_, took)| *took > Duration::from_secs(4)).count();
    assert!((1..=4).contains(&waited), "half of the lane at most waits for it, and {waited} did");
    assert_eq!(gov.play.calls(DISCOVERY), 1);
}

/// Each answer alone comes in time, and all together do not.
#[tokio::test]
async fn the_answers_of_one_sign_in_have_one_time_together() {
    let gov = Gov::within(HttpLimits { whole: Duration::from_millis(1_500), ..limits() }, json!({})).await;
    let s = scene(&gov).await;
    let user = s.newcomer("a", &[Role::Reporter]).await;
    s.link_by_hand(user, &gov.issuer(), "248289761001").await;
    let begun = s.send("/auth/external/start", start()).await.ok();
    let address = url::Url::parse(&begun.text("authorizeUrl")).unwrap();
    let nonce = address.query_pairs().find(|(name, _)| name == "nonce").unwrap().1.into_owned();
    let now = s.now().timestamp();
    let claims = gov.claims_with(json!({ "nonce": nonce, "iat": now - 2, "exp": now + 300 }));
    let token = json!({ "token_type": "Bearer", "id_token": RSA.sign(&RSA.header(), &claims) });
    let after = Duration::from_millis(900);
    gov.play.say(KEYS, Reply { after, ..Reply::ok(json!({ "keys": [RSA.jwk()] }).to_string()) });
    gov.play.say(TOKEN, Reply { after, ..Reply::ok(token.to_string()) });

    let finish = json!({ "handle": begun.text("handle"), "state": begun.text("state"), "code": CODE });
    let began = Instant::now();
    let told = s.send("/auth/external/finish", finish.clone()).await;
    assert_eq!((told.status, told.code().as_str()), (503, "UNAVAILABLE"));
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(s.count("SELECT COUNT(*) FROM session").await, 0, "no session that nobody knows of");
    assert_eq!(s.count("SELECT COUNT(*) FROM used_handle").await, 0);
    // The handle is not lost with it.
    gov.publish(&[RSA.jwk()]);
    gov.play.say(TOKEN, Reply::ok(token.to_string()));
    s.advance(chrono::TimeDelta::seconds(11));
    s.send("/auth/external/finish", finish).await.ok();
}
