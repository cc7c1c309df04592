//! What was taken back since the backup does not come back to life unseen.

use entity::vocabulary::Role;
use serde_json::{Value, json};
use taizhang::secrets::Keyring;

use crate::auth::scene::PASSWORD;
use crate::machines::{scene, secret};
use crate::support::binary::{self, Served};

#[tokio::test]
async fn codes_are_void_and_what_may_have_been_taken_back_is_named() {
    let (s, admin, machine) = scene("lists:read").await;
    let t = &s.t;
    t.service.keys_take_up(&t.keys(), &t.verifier).await.unwrap();
    let second = secret(&admin, &machine.id, json!({ "expiresOn": "2026-07-31" })).await;
    let newcomer = s.newcomer("newcomer", &[Role::Reporter]).await;
    let code = t.service.operator_code(newcomer, false).await.unwrap().unwrap();
    let own = Keyring::open(&t.keys()).unwrap().public_keys();
    let token = machine.token(&t.router).await;
    let restored = t.service.restored(&own).await.unwrap();
    assert!(restored.keys.is_empty());
    assert_eq!(restored.secrets_all, 2);
    let mut ids: Vec<String> = restored.secrets.iter().map(|secret| secret.id.to_string()).collect();
    let mut wanted = [&machine, &second].map(|machine| crate::machines::key(&machine.secret_id).to_string());
    ids.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(ids, wanted);
    assert!(restored.secrets.iter().all(|secret| secret.login == "gateway"));
    assert!(!s.is_in(&token).await);
    assert_eq!(s.send("/auth/accept", json!({ "code": code.text, "password": PASSWORD })).await.status, 422);
    assert_eq!(t.service.restored(&[]).await.unwrap().keys, [own[0].kid.clone()], "whose private half is elsewhere");
}

#[test]
fn a_restore_names_secrets_and_keys_that_were_taken_back_since() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    binary::done(at, &["demo"]);
    let served = Served::start(at, binary::free_port(), &[]);
    let admin = ["token", "keeper", "--create", "--unit", "yunting", "--role", "SYSTEM_ADMIN"];
    let token = binary::done(at, &admin).trim().to_owned();
    let ask = |query: &str, variables: Value| served.ask(&token, query, variables).unwrap().1;
    let unit = ask("{ viewer { unit { id } } }", json!({}))["data"]["viewer"]["unit"]["id"].clone();
    let create = "mutation($u: ID!) { serviceAccountCreate(input: { unit: $u, login: \"gateway\", displayName: \"网关（虚构）\" }) { serviceAccount { clientId } userErrors { message } } }";
    let made = ask(create, json!({ "u": unit }));
    let id = made["data"]["serviceAccountCreate"]["serviceAccount"]["clientId"].clone();
    let make = "mutation($id: ID!) { serviceAccountSecretCreate(id: $id, input: {}) { secret { id } userErrors { message } } }";
    let made = ask(make, json!({ "id": id }));
    let secret =
        made["data"]["serviceAccountSecretCreate"]["secret"]["id"].as_str().unwrap_or_else(|| panic!("{made:#}"));
    let leaked = binary::done(at, &["keys", "list"]).lines().next().unwrap().split(' ').next().unwrap().to_owned();
    binary::done(at, &["backup", "b.db"]);
    drop(served);
    binary::done(at, &["keys", "rotate", "--now"]);
    binary::done(at, &["keys", "retire", &leaked, "--now"]);

    let restored = binary::run(at, &["restore", "b.db", "--replace"]);
    let said = String::from_utf8_lossy(&restored.stderr).into_owned();
    assert!(restored.status.success(), "{said}");
    assert!(said.contains(secret) && said.contains("gateway") && said.contains("serviceAccountSecretRevoke"), "{said}");
    assert!(said.contains(&leaked) && said.contains("taizhang keys retire"), "{said}");
    // And what it says can be done.
    binary::done(at, &["keys", "rotate", "--now"]);
    binary::done(at, &["keys", "retire", &leaked, "--now"]);
}
