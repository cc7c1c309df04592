//! Side by side: a token and the end of what it is got with, and two who make a secret where there is one place.

use serde_json::{Value, json};

use super::{Machine, SECRET, scene, secret, take_back};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_token_survives_the_end_of_its_secret() {
    let (s, admin, first) = scene("lists:read").await;
    let mut got = 0;
    for _ in 0..6 {
        let machine: Machine = secret(&admin, &first.id, json!({})).await;
        let (reply, gone) = tokio::join!(machine.ask(&s.t.router, None), take_back(&admin, &machine.secret_id));
        assert_eq!(gone["userErrors"], json!([]));
        if reply.status == 200 {
            got += 1;
            assert!(!s.is_in(&reply.text("access_token")).await);
        } else {
            assert_eq!(reply.status, 401);
        }
    }
    println!("{got} of 6 tokens were there before the end of their secret");
    let live = "SELECT COUNT(*) FROM session x JOIN service_secret y ON y.id = x.service_secret_id
        WHERE x.revoked_at IS NULL AND y.revoked_at IS NOT NULL";
    assert_eq!(s.count(live).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_token_survives_its_account() {
    let (s, admin, machine) = scene("lists:read").await;
    for round in 0..4 {
        let switch = |verb: &str, version: i32| {
            let query = format!(
                "mutation($id: ID!) {{ {verb}(id: $id, input: {{ expectedVersion: {version} }}) {{ userErrors {{ code }} }} }}"
            );
            let (admin, id) = (admin.clone(), machine.id.clone());
            async move { admin.payload(&query, json!({ "id": id })).await }
        };
        let (reply, done) =
            tokio::join!(machine.ask(&s.t.router, None), switch("serviceAccountDisable", 2 * round + 1));
        assert_eq!(done["userErrors"], json!([]));
        assert_eq!(switch("serviceAccountEnable", 2 * round + 2).await["userErrors"], json!([]));
        if reply.status == 200 {
            assert!(!s.is_in(&reply.text("access_token")).await, "what was before does not come back");
        } else {
            assert_eq!(reply.status, 401);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_secrets_for_one_place_one_is_made() {
    let (s, admin, first) = scene("lists:read").await;
    for _ in 0..4 {
        let make = || admin.payload(SECRET, json!({ "id": first.id, "input": {} }));
        let (one, two) = tokio::join!(make(), make());
        let made: Vec<&Value> = [&one, &two].into_iter().filter(|made| made["clientSecret"].is_string()).collect();
        assert_eq!(made.len(), 1, "{one:#}{two:#}");
        let refused = if one["clientSecret"].is_string() { &two } else { &one };
        assert_eq!(refused["userErrors"][0]["code"], "LIMIT");
        let live = s.count("SELECT COUNT(*) FROM service_secret WHERE revoked_at IS NULL AND user_id IN (SELECT id FROM user_account WHERE login = 'gateway')").await;
        assert_eq!(live, 2);
        take_back(&admin, made[0]["secret"]["id"].as_str().unwrap()).await;
    }
}
