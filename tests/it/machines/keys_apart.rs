//! Servers on one database with key folders of their own: what the table says holds, whatever a folder is like.

use std::path::Path;

use chrono::TimeDelta;
use serde_json::json;
use taizhang::secrets::{Keyring, SecretsError};
use taizhang::service::operator::{KeyState, KeysError};

use super::{Machine, get, scene};
use crate::auth::scene::Scene;
use crate::support::app::Server;
use crate::support::binary::{done, run};

/// A server with a folder of its own beside the first one, and both have looked at their keys.
struct Apart {
    s: Scene,
    machine: Machine,
    place: tempfile::TempDir,
    other: Server,
    /// The key of the other server.
    own: String,
}

fn kid(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

async fn is_good(router: &axum::Router, token: &str) -> bool {
    let client = crate::support::Client::of(router.clone(), token);
    client.send("{ viewer { name } }", json!({})).await.0 == 200
}

impl Apart {
    async fn new() -> Self {
        let (s, _, machine) = scene("lists:read").await;
        s.t.service.keys_take_up(&s.t.keys(), &s.t.verifier).await.unwrap();
        let place = tempfile::tempdir().unwrap();
        let other = s.t.beside_at(place.path()).await;
        let own = Keyring::open(&place.path().join("keys")).unwrap().public_keys().remove(0).kid;
        let a = Self { s, machine, place, other, own };
        a.looks().await.unwrap();
        a.s.t.service.keys_take_up(&a.s.t.keys(), &a.s.t.verifier).await.unwrap();
        a
    }

    async fn looks(&self) -> Result<(), KeysError> {
        self.other.service.keys_take_up(&self.place.path().join("keys"), &self.other.verifier).await
    }

    async fn published(&self) -> Vec<String> {
        let keys = get(&self.other.router, "/.well-known/jwks.json").await.ok().json();
        keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn a_server_whose_keys_were_all_retired_refuses_them_and_signs_nothing() {
    let a = Apart::new().await;
    let (t, machine) = (&a.s.t, &a.machine);
    let (good, leaked) = (machine.token(&t.router).await, machine.token(&a.other.router).await);
    assert_eq!(kid(&leaked), a.own);
    assert!(is_good(&t.router, &leaked).await && is_good(&a.other.router, &leaked).await);
    t.service.key_retire(&a.own, true).await.unwrap();
    let stopped = a.looks().await;
    assert!(matches!(stopped, Err(KeysError::Secrets(SecretsError::NoSigningKey))), "{stopped:?}");
    assert!(!is_good(&a.other.router, &leaked).await, "what was retired is refused");
    assert!(is_good(&a.other.router, &good).await, "what others sign is not");
    assert_eq!(a.published().await, [kid(&good)]);
    let nothing = machine.ask(&a.other.router, None).await;
    assert_eq!((nothing.status, nothing.json()["error"].as_str()), (503, Some("temporarily_unavailable")));

    // A new key is all that is missing.
    let mut ring = Keyring::open(&a.place.path().join("keys")).unwrap();
    ring.add_signing_key(&*a.other.ids).unwrap();
    a.looks().await.unwrap();
    let fresh = machine.token(&a.other.router).await;
    assert!(kid(&fresh) != a.own && is_good(&a.other.router, &fresh).await);
}

#[tokio::test]
async fn a_folder_that_cannot_be_read_keeps_no_trust_alive() {
    let a = Apart::new().await;
    let (t, machine, keys) = (&a.s.t, &a.machine, a.place.path().join("keys"));
    let leaked = machine.token(&a.other.router).await;
    std::fs::write(keys.join("notes.txt"), "").unwrap();
    let stopped = a.looks().await;
    assert!(matches!(stopped, Err(KeysError::Secrets(SecretsError::NotAKey { .. }))), "{stopped:?}");
    assert_eq!(kid(&machine.token(&a.other.router).await), a.own, "what is trusted signs on");
    t.service.key_retire(&a.own, true).await.unwrap();
    assert!(a.looks().await.is_err());
    assert!(!is_good(&a.other.router, &leaked).await);
    assert!(!a.published().await.contains(&a.own));
    assert_eq!(machine.ask(&a.other.router, None).await.status, 503, "nor is anything signed with it");

    // Nor does a folder that is gone.
    let b = Apart::new().await;
    let leaked = b.machine.token(&b.other.router).await;
    b.s.t.service.key_retire(&b.own, true).await.unwrap();
    std::fs::rename(b.place.path().join("keys"), b.place.path().join("elsewhere")).unwrap();
    assert!(b.looks().await.is_err());
    assert!(!is_good(&b.other.router, &leaked).await);
}

/// A key that was retired before its moment has taken nothing over: the one before it signed on.
#[tokio::test]
async fn a_key_that_never_signed_ends_no_other_ones_time() {
    let (s, _, machine) = scene("lists:read").await;
    let t = &s.t;
    t.service.keys_take_up(&t.keys(), &t.verifier).await.unwrap();
    let rotate = async || {
        let mut ring = Keyring::open(&t.keys()).unwrap();
        ring.add_signing_key(&*t.ids).unwrap();
        t.service.keys_take_up(&t.keys(), &t.verifier).await.unwrap();
        ring.public_keys().pop().unwrap().kid
    };
    let first = kid(&machine.token(&t.router).await);
    let never = rotate().await;
    assert!(t.service.key_retire(&never, false).await.unwrap());
    s.advance(TimeDelta::hours(3));
    let third = rotate().await;
    t.service.key_sign_now(&third).await.unwrap();
    let token = machine.token(&t.router).await;
    assert_eq!(kid(&token), first, "until it looks again");
    match t.service.key_retire(&first, false).await {
        Err(KeysError::Live(_, until)) => assert_eq!(until, s.now() + TimeDelta::seconds(930)),
        other => panic!("{other:?}"),
    }
    let states: Vec<KeyState> = t.service.keys_list().await.unwrap().into_iter().map(|(_, state)| state).collect();
    let (verifies, gone) = (KeyState::Verifies(s.now() + TimeDelta::seconds(930)), s.now() - TimeDelta::hours(3));
    assert_eq!(states, [verifies, KeyState::Retired(gone), KeyState::Signs]);
}

fn refused(folder: &Path, args: &[&str], word: &str) {
    let output = run(folder, args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains(word), "{args:?}: {said}");
}

/// The machine whose only key was retired elsewhere is told what to do, and can do it.
#[test]
fn whoever_has_retired_keys_only_can_mend_it_by_the_commands() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    done(here.path(), &["demo"]);
    let (data, keys) = (here.path().join("data/keys"), there.path().join("data/keys"));
    std::fs::create_dir_all(&keys).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(&keys, mode).unwrap();
    for entry in std::fs::read_dir(&data).unwrap().map(|entry| entry.unwrap()) {
        if entry.file_name().to_string_lossy().starts_with("data-") {
            std::fs::copy(entry.path(), keys.join(entry.file_name())).unwrap();
        }
    }
    let url = format!("sqlite://{}", here.path().join("data/taizhang.db").display());
    let there_run = |args: &[&str]| run(there.path(), &[args, &["--database-url", &url]].concat());
    assert!(there_run(&["keys", "rotate"]).status.success());
    let name = std::fs::read_dir(&keys).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let file = name.into_iter().find(|name| name.starts_with("signing-")).unwrap();
    let own = file.trim_start_matches("signing-").trim_end_matches(".pk8");
    done(here.path(), &["keys", "retire", own, "--now"]);
    refused(there.path(), &["token", "demo.office", "--database-url", &url], "taizhang keys rotate");
    assert!(there_run(&["keys", "list"]).status.success());

    // What was retired elsewhere is cleared away here.
    assert!(keys.join(&file).exists());
    let cleared = there_run(&["keys", "retire", own]);
    assert!(cleared.status.success(), "{}", String::from_utf8_lossy(&cleared.stderr));
    assert!(!keys.join(&file).exists());
    assert!(there_run(&["keys", "rotate", "--now"]).status.success());
    assert!(there_run(&["token", "demo.office"]).status.success());
}
