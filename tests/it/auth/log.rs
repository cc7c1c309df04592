//! Nothing that somebody typed or was given stands in a log line or in the audit trail.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use serde_json::json;
use taizhang::telemetry::{Format, subscriber};

use super::scene::{OTHER, PASSWORD, Scene};

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn nothing_typed_is_written_down() {
    crate::support::alone("auth::log::alone");
}

#[tokio::test]
#[ignore = "run by nothing_typed_is_written_down, in a process of its own"]
async fn alone() {
    let paper = Paper::default();
    let pen = paper.clone();
    // Everything of ours, the statements of the database too.
    let log = subscriber(Format::Json, "trace,hyper=off", move || pen.clone()).unwrap();
    let s = Scene::new().await;
    let user = s.newcomer("known-login", &[]).await;
    let mut secrets = vec![PASSWORD.to_owned(), OTHER.to_owned(), "unknown-login".to_owned(), "typed-wrong".to_owned()];
    tracing::subscriber::set_global_default(log).unwrap();
    let code = s.t.service.operator_code(user, false).await.unwrap().unwrap().text;
    s.send("/auth/accept", json!({ "code": code, "password": "typed-wrong" })).await;
    s.send("/auth/accept", json!({ "code": code, "password": PASSWORD })).await.ok();
    s.sign_in("unknown-login", PASSWORD).await;
    s.sign_in("known-login", "typed-wrong").await;
    let signed = s.sign_in("known-login", PASSWORD).await.ok();
    let made = s.send_as(&signed.access(), "/auth/totp/enrol", json!({ "password": PASSWORD })).await.ok();
    let change = json!({ "current": PASSWORD, "new": OTHER });
    s.send_as(&signed.access(), "/auth/password", change).await.ok();
    let next = s.refresh(&signed.refresh()).await.ok();
    s.advance(TimeDelta::minutes(1));
    s.refresh(&signed.refresh()).await;
    secrets.extend([code, signed.access(), signed.refresh(), next.access(), next.refresh(), made.text("secret")]);

    let log = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("a sign-in was refused") && log.contains("a used refresh token came again"), "{log:.2000}");
    assert!(log.contains("/auth/sign-in"));
    let mut audit = s.texts("SELECT operation FROM audit_entry").await;
    audit.extend(s.texts("SELECT CAST(changed AS TEXT) FROM audit_entry WHERE changed IS NOT NULL").await);
    audit.extend(s.texts("SELECT CAST(payload AS TEXT) FROM outbox").await);
    let audit = audit.join("\n");
    for secret in &secrets {
        assert!(!log.contains(secret.as_str()), "{secret} in the log");
        assert!(!audit.contains(secret.as_str()), "{secret} in the audit trail");
    }
}
