//! From the browser's first step to a session, through HTTP; and the file that the guide shows.

use std::collections::HashMap;

use entity::vocabulary::Role;
use serde_json::{Value, json};
use taizhang::config::TotpFor;
use taizhang::external::Providers;
use url::Url;

use super::{
    BACK, Folder,
    gov::{CODE, Gov, TOKEN},
    play::Reply,
    signers::RSA,
};
use crate::auth::scene::Scene;
use crate::support::TestApp;

#[tokio::test]
async fn somebody_of_the_provider_is_somebody_here() {
    let gov = Gov::start().await;
    let s = Scene::of(TestApp::with_providers(gov.providers.clone(), TotpFor::Nobody).await).await;
    let user = s.newcomer("a", &[Role::Reporter]).await;
    s.link_by_hand(user, &gov.issuer(), "248289761001").await;
    let begin = async || s.send("/auth/external/start", json!({ "provider": "gov", "redirectUri": BACK })).await.ok();
    let begun = begin().await;
    let address = Url::parse(&begun.text("authorizeUrl")).unwrap();
    let asked: HashMap<String, String> = address.query_pairs().into_owned().collect();
    assert_eq!(asked["state"], begun.text("state"));

    let token_for = |nonce: &str| {
        let now = s.now().timestamp();
        let claims = gov.claims_with(json!({ "nonce": nonce, "iat": now - 2, "exp": now + 300 }));
        let token = RSA.sign(&RSA.header(), &claims);
        let answer =
            json!({ "access_token": "invented", "token_type": "Bearer", "expires_in": 300, "id_token": token });
        gov.play.say(TOKEN, Reply::ok(answer.to_string()));
    };
    let finish = async |begun: &crate::auth::scene::Reply| {
        let body = json!({ "handle": begun.text("handle"), "state": begun.text("state"), "code": CODE });
        s.send("/auth/external/finish", body).await
    };
    token_for("of another sign-in");
    assert_eq!(finish(&begun).await.status, 401);
    token_for(&asked["nonce"]);
    let signed = finish(&begun).await.ok();
    assert!(s.is_in(&signed.access()).await);
    // The verifier that belongs to the challenge came back with the code.
    assert_ne!(gov.play.seen(TOKEN)[1].form["code_verifier"], asked["code_challenge"]);

    // What is good for one sign-in is not good for the next.
    assert_eq!(finish(&begin().await).await.status, 401);
    gov.play.say(TOKEN, Reply::status(503, "away"));
    let away = finish(&begin().await).await;
    assert_eq!((away.status, away.code().as_str()), (503, "UNAVAILABLE"));
    let refused =
        "SELECT CAST(reasons AS TEXT) FROM audit_entry WHERE operation = 'externalSignIn' AND reasons IS NOT NULL";
    let reasons = s.texts(refused).await;
    assert_eq!(reasons.iter().filter(|reason| reason.contains("TOKEN_NONCE")).count(), 2, "{reasons:?}");
}

/// The file in docs/external-sign-in.md is one, as it stands there.
#[test]
fn the_file_of_the_guide_is_read() {
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/external-sign-in.md")).unwrap();
    let text = guide.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let folder = Folder::new();
    for name in ["gov.secret", "wecom.secret"] {
        folder.write(name, "a secret", 0o600);
    }
    let authority = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/external/recorded/test_only_ca.pem");
    folder.write("ca.pem", &std::fs::read_to_string(authority).unwrap(), 0o644);
    let providers = Providers::read(&folder.write("providers.json", text, 0o644)).unwrap();
    let ids: Vec<Value> = providers.all().iter().map(|one| json!([one.id, one.kind.as_str()])).collect();
    assert_eq!(ids, [json!(["gov", "oidc"]), json!(["cas", "cas"]), json!(["wecom", "wecom"])]);
}
