//! Signing keys change with overlap: published first, signing later, and verifying until their last token is over.

use std::path::Path;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::{Value, json};
use taizhang::secrets::{AnchorVerifier, Keyring};
use taizhang::service::operator::{KeyState, KeysError};

use super::{get, scene};
use crate::support::TestApp;
use crate::support::app::Server;
use crate::support::binary::{Served, done, free_port, run};

fn kid(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

async fn published(router: &axum::Router) -> Vec<String> {
    let keys = get(router, "/.well-known/jwks.json").await.ok().json();
    keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

async fn is_good(router: &axum::Router, token: &str) -> bool {
    let client = crate::support::Client::of(router.clone(), token);
    client.send("{ viewer { name } }", json!({})).await.0 == 200
}

/// What `taizhang keys rotate` does.
async fn rotate(t: &TestApp, server: &Server) -> String {
    let mut ring = Keyring::open(&t.keys()).unwrap();
    ring.add_signing_key(&*server.ids).unwrap();
    let own = ring.public_keys();
    server.service.keys_register(&own).await.unwrap();
    own.last().unwrap().kid.clone()
}

#[tokio::test]
async fn two_servers_change_over_at_the_same_moment_and_no_good_token_is_refused() {
    let (s, _, machine) = scene("lists:read").await;
    let (t, other) = (&s.t, s.t.beside().await);
    let look = async || {
        t.service.keys_take_up(&t.keys(), &t.verifier).await.unwrap();
        other.looks_at_its_keys(&t.keys()).await;
    };
    let ask = async |router: &axum::Router| machine.token(router).await;
    look().await;
    let old = published(&t.router).await;
    assert_eq!(old.len(), 1);
    let new = rotate(t, &other).await;

    // Published by both once they have looked, and signed with by neither before its time.
    look().await;
    for router in [&t.router, &other.router] {
        assert_eq!(published(router).await, [old[0].clone(), new.clone()]);
        assert_eq!(kid(&ask(router).await), old[0]);
    }
    s.advance(TimeDelta::minutes(59));
    let last = ask(&t.router).await;
    assert_eq!(kid(&last), old[0]);
    let list = t.service.keys_list().await.unwrap();
    let states: Vec<KeyState> = list.iter().map(|(_, state)| *state).collect();
    let begins = s.now() + TimeDelta::minutes(1);
    assert_eq!(states, [KeyState::Signs, KeyState::Waits(begins)]);
    assert!(matches!(t.service.key_retire(&old[0], true).await, Err(KeysError::Signs(_))));

    // At its moment both sign with it, without another look.
    s.advance(TimeDelta::minutes(1));
    let fresh = [ask(&t.router).await, ask(&other.router).await];
    for token in &fresh {
        assert_eq!(kid(token), new);
        assert!(is_good(&t.router, token).await && is_good(&other.router, token).await);
    }
    assert!(is_good(&t.router, &last).await && is_good(&other.router, &last).await, "the old key verifies on");

    // It can't be retired while tokens of it live; then it can, and is refused by both.
    let until = begins + TimeDelta::seconds(930);
    match t.service.key_retire(&old[0], false).await {
        Err(KeysError::Live(kid, at)) => assert_eq!((kid, at), (old[0].clone(), until)),
        other => panic!("{other:?}"),
    }
    s.advance(TimeDelta::seconds(930));
    t.service.key_retire(&old[0], false).await.unwrap();
    assert!(!t.service.key_retire(&old[0], false).await.unwrap(), "it was retired already");
    assert!(matches!(t.service.key_retire("0009-none", false).await, Err(KeysError::Unknown(_))));
    look().await;
    for router in [&t.router, &other.router] {
        assert_eq!(published(router).await, std::slice::from_ref(&new));
        assert!(is_good(router, &ask(router).await).await);
    }
    assert!(matches!(t.service.key_retire(&new, true).await, Err(KeysError::Signs(_))), "one is always left");
    assert_eq!(s.audited("signingKeyAdd", "DONE").await, 2);
    assert_eq!(s.audited("signingKeyRetire", "DONE").await, 1);
    let named = format!(
        "SELECT COUNT(*) FROM audit_entry WHERE operation = 'signingKeyRetire' AND CAST(changed AS TEXT) LIKE '%{}%'",
        old[0]
    );
    assert_eq!(s.count(&named).await, 1, "the trail says which");
}

#[tokio::test]
async fn a_key_that_others_may_have_seen_goes_at_once_and_its_statements_stay_good() {
    let (s, _, machine) = scene("lists:read").await;
    let (t, other) = (&s.t, s.t.beside().await);
    t.service.keys_take_up(&t.keys(), &t.verifier).await.unwrap();
    let token = machine.token(&t.router).await;
    let anchors = t.service.authenticator().tokens().anchor_maker();
    let stated = t.service.audit_anchor(&anchors).await.unwrap().unwrap();
    assert_eq!(kid(&stated), kid(&token));
    let new = rotate(t, &other).await;
    t.service.key_sign_now(&new).await.unwrap();
    t.service.key_retire(&kid(&token), true).await.unwrap();
    t.service.keys_take_up(&t.keys(), &t.verifier).await.unwrap();
    assert!(!is_good(&t.router, &token).await, "its time is not over, its key is");
    assert_eq!(kid(&machine.token(&t.router).await), new);

    // Statements of both keys are read with the public halves that the database has.
    let keys = t.service.store().signing_keys().await.unwrap();
    let keys: Vec<_> = keys
        .into_iter()
        .map(|row| taizhang::secrets::PublicKey { kid: row.id, algorithm: row.algorithm, public: row.public_key })
        .collect();
    let verifier = AnchorVerifier::new(&keys, "taizhang").unwrap();
    assert!(verifier.read(&stated).is_some());
    let newer = t.service.audit_anchor(&anchors).await.unwrap().unwrap();
    assert_eq!(kid(&newer), new, "whoever states things takes the new key up too");
    assert!(verifier.read(&newer).is_some());
    assert!(t.service.audit_verify(&verifier, &[]).await.unwrap().is_ok());
}

/// Two running programs on one database and one key folder take the change up by themselves.
#[test]
fn running_servers_take_a_rotation_up_without_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let folder: &Path = home.path();
    let quick = ["--limit-key-poll", "1s", "--limit-key-lead", "6s"];
    let servers = [free_port(), free_port()].map(|port| Served::start(folder, port, &quick));
    let rotate = [&["keys", "rotate"][..], &quick[..]].concat();
    let token = |login: &str| servers[0].token(login);
    let (office, before) = ("demo.office", kid(&token("demo.office")));
    let ask = |server: &Served, token: &str| {
        server.ask(token, "{ viewer { name } }", json!({})).unwrap_or((0, Value::Null)).0
    };
    let new = done(folder, &rotate).trim().to_owned();
    let began = Instant::now();
    let has = |server: &Served| server.get("/.well-known/jwks.json").is_some_and(|(_, text)| text.contains(&new));
    let (mut asked, mut changed) = (0, false);
    while began.elapsed() < Duration::from_secs(60) && !changed {
        let token = token(office);
        changed = kid(&token) == new;
        if changed {
            assert!(servers.iter().all(has), "both knew it before it signed");
        }
        for server in &servers {
            assert_eq!(ask(server, &token), 200, "signed by {}", kid(&token));
            asked += 1;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(changed && asked >= 4, "{asked}");
    println!("{asked} tokens while the key changed, none refused");

    let list = String::from_utf8(run(folder, &["keys", "list"]).stdout).unwrap();
    assert!(list.lines().count() == 2 && list.contains(&new) && list.contains("signs"), "{list}");
    let early = run(folder, &["keys", "retire", &before]);
    assert!(!early.status.success() && String::from_utf8_lossy(&early.stderr).contains("may be good until"));
    done(folder, &["keys", "retire", &before, "--now"]);
    let key = folder.join("data/keys").join(format!("signing-{before}.pk8"));
    assert!(!key.exists(), "its private half is gone");
    let began = Instant::now();
    let gone = |server: &Served| server.get("/.well-known/jwks.json").is_some_and(|(_, text)| !text.contains(&before));
    while !servers.iter().all(gone) {
        assert!(began.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(100));
    }
    for server in &servers {
        assert_eq!(ask(server, &token(office)), 200);
    }
    assert!(!run(folder, &["keys", "retire", &new]).status.success(), "one is always left");
    assert!(String::from_utf8_lossy(&run(folder, &["audit", "verify"]).stdout).contains("whole"));
}
