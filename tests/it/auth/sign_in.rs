//! From nobody to a session, and everything that does not lead there.

use chrono::TimeDelta;
use entity::vocabulary::Role;
use serde_json::json;

use super::scene::{OTHER, PASSWORD, Reply, Scene};
use crate::support::database::execute;

#[tokio::test]
async fn a_password_gives_tokens_that_are_good_for_queries() {
    let s = Scene::new().await;
    s.person("zhang.san", &[Role::Reporter]).await;
    let reply = s.sign_in("zhang.san", PASSWORD).await.ok();
    let body = reply.json();
    assert_eq!((&body["tokenType"], &body["expiresIn"]), (&json!("Bearer"), &json!(900)));
    assert_eq!(body["refreshExpiresIn"], 1_800, "thirty minutes without a request");
    assert_eq!((&body["mustChangePassword"], &body["mustEnrolTotp"]), (&json!(false), &json!(false)));
    assert_eq!(body["passwordExpiresOn"], "2026-09-29", "ninety days");
    assert_eq!(reply.headers["cache-control"], "no-store");
    assert_eq!(reply.headers["x-request-id"], "auth-test");
    assert!(body["refreshToken"].as_str().unwrap().starts_with("tzr_"));
    let (status, viewer) = s.viewer(&reply.access()).await;
    assert_eq!((status, &viewer["data"]["viewer"]["name"]), (200, &json!("测试用户")));
    assert_eq!((s.audited("signIn", "DONE").await, s.audited("signIn", "REFUSED").await), (1, 0));
    // Neither token nor password is anywhere in the database.
    let kept = s.texts("SELECT token_digest FROM refresh_token").await;
    assert!(kept.len() == 1 && !kept.contains(&reply.refresh()));
    assert!(s.texts("SELECT password_hash FROM user_credential").await[0].starts_with("$argon2id$"));
}

fn same_refusal(name: &str, reply: &Reply, of: &Reply) {
    assert_eq!(reply.status, 401, "{name}");
    assert_eq!(reply.bytes, of.bytes, "{name}: the bytes tell them apart");
    let names = |reply: &Reply| {
        let mut names: Vec<_> = reply.headers.iter().map(|(n, v)| format!("{n}: {v:?}")).collect();
        names.sort();
        names
    };
    assert_eq!(names(reply), names(of), "{name}: the headers tell them apart");
}

#[tokio::test]
async fn unknown_wrong_disabled_locked_and_without_a_password_are_the_same_bytes_after_the_same_work() {
    let s = Scene::new().await;
    for login in ["wrong", "disabled", "locked", "password.gone"] {
        s.person(login, &[Role::Office]).await;
    }
    s.newcomer("invited", &[]).await;
    let url = &s.t.database.url;
    execute(url, "UPDATE user_account SET disabled_at = created_at WHERE login = 'disabled'").await;
    let of = |login: &str| format!("(SELECT id FROM user_account WHERE login = '{login}')");
    execute(
        url,
        &format!(
            "UPDATE user_credential SET locked_until = '2026-07-01 02:00:00+00:00' WHERE user_id = {}",
            of("locked")
        ),
    )
    .await;
    execute(url, &format!("UPDATE user_credential SET password_hash = NULL WHERE user_id = {}", of("password.gone")))
        .await;

    let before = (s.verified(), s.statements());
    let unknown = s.sign_in("nobody", PASSWORD).await;
    let statements = s.statements() - before.1;
    let before = before.0;
    assert_eq!((unknown.status, unknown.code().as_str()), (401, "UNAUTHENTICATED"));
    assert_eq!(s.verified() - before, 1, "for nobody the same work");
    let long = "长".repeat(300);
    for (name, login, password) in [
        ("wrong password", "wrong", "wrong"),
        ("disabled, right password", "disabled", PASSWORD),
        ("locked, right password", "locked", PASSWORD),
        ("locked, wrong password", "locked", "wrong"),
        ("no password any more", "password.gone", PASSWORD),
        ("no password yet", "invited", PASSWORD),
        ("empty login", "", PASSWORD),
        ("empty password", "wrong", ""),
        ("a zero in the login", "wro\0ng", PASSWORD),
        ("a zero in the password", "wrong", "\0"),
        ("a long login", &long, PASSWORD),
        ("another case", "WRONG", PASSWORD),
        ("blanks around it", " wrong ", PASSWORD),
        ("a wildcard", "%", PASSWORD),
        ("a quote", "' OR 1=1 --", PASSWORD),
    ] {
        let before = (s.verified(), s.statements());
        let reply = s.sign_in(login, password).await;
        same_refusal(name, &reply, &unknown);
        assert_eq!(s.verified() - before.0, 1, "{name}: one verification, no more and no less");
        assert_eq!(s.statements() - before.1, statements, "{name}: as many statements as for nobody");
    }
    let before = s.statements();
    for _ in 0..3 {
        s.sign_in("wrong", "wrong").await;
    }
    assert_eq!(s.audited("accountLock", "DONE").await, 1, "the last of them has locked");
    assert_eq!(s.statements() - before, 3 * statements, "which takes no more than any other");
    // What was typed by somebody unknown is written down nowhere.
    assert_eq!(s.count("SELECT COUNT(*) FROM audit_entry WHERE operation = 'signIn' AND user_id IS NULL").await, 8);
    assert_eq!(s.count("SELECT COUNT(*) FROM session").await, 0);
}

#[tokio::test]
async fn five_failures_lock_for_half_an_hour_and_a_success_begins_the_count_anew() {
    let s = Scene::new().await;
    let user = s.person("li.si", &[]).await;
    for _ in 0..4 {
        s.sign_in("li.si", "wrong").await;
    }
    s.sign_in("li.si", PASSWORD).await.ok();
    for _ in 0..4 {
        s.sign_in("li.si", "wrong").await;
    }
    s.sign_in("li.si", PASSWORD).await.ok();
    for _ in 0..5 {
        assert_eq!(s.sign_in("li.si", "wrong").await.status, 401);
    }
    assert_eq!(s.sign_in("li.si", PASSWORD).await.status, 401, "locked");
    assert_eq!(s.audited("accountLock", "DONE").await, 1);
    s.advance(TimeDelta::minutes(30) - TimeDelta::milliseconds(1));
    // What is tried meanwhile makes the lock no longer.
    assert_eq!(s.sign_in("li.si", PASSWORD).await.status, 401, "a moment too early");
    s.advance(TimeDelta::milliseconds(1));
    s.sign_in("li.si", PASSWORD).await.ok();
    let kept = s.count(&format!("SELECT COUNT(*) FROM audit_entry WHERE operation = 'signIn' AND result = 'REFUSED' AND object_type = 'user' AND user_id = {}", key(&s, user))).await;
    assert_eq!(kept, 15);
}

/// A key as a literal of the engine.
pub fn key(s: &Scene, id: uuid::Uuid) -> String {
    match s.t.database.engine() {
        taizhang::store::Engine::Sqlite => format!("x'{}'", id.simple()),
        taizhang::store::Engine::Postgres => format!("'{id}'"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_side_by_side_count_one_by_one() {
    let s = std::sync::Arc::new(Scene::new().await);
    s.person("wang.wu", &[]).await;
    let tries = (0..12).map(|nth| {
        let s = s.clone();
        tokio::spawn(async move { s.sign_in("wang.wu", &format!("wrong {nth}")).await.status })
    });
    for each in tries.collect::<Vec<_>>() {
        assert_eq!(each.await.unwrap(), 401);
    }
    assert_eq!(s.audited("accountLock", "DONE").await, 1, "locked once, by the fifth");
    assert_eq!(s.sign_in("wang.wu", PASSWORD).await.status, 401);
    assert_eq!(
        s.count("SELECT COUNT(*) FROM user_credential WHERE locked_until IS NOT NULL AND failures = 0").await,
        1
    );
}

/// Behind five wrong ones the right one opens nothing, although it was verified before the fifth was counted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_right_guess_among_wrong_ones_from_an_open_session_comes_too_late() {
    for route in ["/auth/password", "/auth/totp/enrol"] {
        let s = std::sync::Arc::new(Scene::new().await);
        s.person("a", &[]).await;
        let token = s.sign_in("a", PASSWORD).await.ok().access();
        let tries: Vec<_> = (0..12)
            .map(|nth| {
                let (s, token) = (s.clone(), token.clone());
                let guess = if nth == 11 { PASSWORD.to_owned() } else { format!("wrong {nth}") };
                let body = match route {
                    "/auth/password" => json!({ "current": guess, "new": OTHER }),
                    _ => json!({ "password": guess }),
                };
                tokio::spawn(async move { s.send_as(&token, route, body).await.status })
            })
            .collect();
        for each in tries {
            each.await.unwrap();
        }
        assert_eq!(s.audited("accountLock", "DONE").await, 1, "{route}");
        let late = "SELECT COUNT(*) FROM audit_entry d JOIN audit_entry l ON l.operation = 'accountLock' AND \
                    l.sequence < d.sequence WHERE d.operation IN ('passwordChange', 'totpEnrol')";
        assert_eq!(s.count(late).await, 0, "{route}: done behind the lock");
    }
}

#[tokio::test]
async fn another_work_factor_makes_a_new_hash_at_the_next_sign_in() {
    let s = Scene::new().await;
    s.person("sun.qi", &[]).await;
    let weaker = s.texts("SELECT password_hash FROM user_credential").await.remove(0);
    assert!(weaker.contains("m=8,t=1,p=1"), "{weaker}");
    // As if it had been made with other parameters: the hash of the same password with two passes.
    let work = taizhang::secrets::PasswordWork { memory: 16, passes: 2, lanes: 1, at_once: 1, waiting: 1 };
    let other = taizhang::secrets::Passwords::new(work, std::sync::Arc::new(taizhang::secrets::SystemRandom)).unwrap();
    let hash = other.hash(PASSWORD).await.unwrap();
    execute(&s.t.database.url, &format!("UPDATE user_credential SET password_hash = '{hash}'")).await;
    s.sign_in("sun.qi", "wrong").await;
    assert_eq!(s.texts("SELECT password_hash FROM user_credential").await, [hash]);
    s.sign_in("sun.qi", PASSWORD).await.ok();
    let anew = s.texts("SELECT password_hash FROM user_credential").await.remove(0);
    assert!(anew.contains("m=8,t=1,p=1") && anew != weaker, "{anew}");
    s.sign_in("sun.qi", PASSWORD).await.ok();
}
