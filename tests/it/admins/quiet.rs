//! Whoever keeps users learns nothing of other people's rights by asking for some.

use serde_json::{Value, json};

use super::*;

#[tokio::test]
async fn what_somebody_holds_is_said_to_those_who_keep_rights_only() {
    let s = Scene::new().await;
    let office = s.t.user("office", s.unit, &[(Role::Office, s.root)]).await;
    let free = s.t.user("free", s.unit, &[]).await;
    for (user, role, expected) in [
        (&office, "OFFICE", "DUPLICATE"),
        (&s.second, "AUDIT_ADMIN", "CONFLICT"),
        (&s.audit, "AUDIT_ADMIN", "DUPLICATE"),
    ] {
        let told = ask(&s.security, s.right(user, role, s.root)).await;
        assert_eq!((code(&told), &told["userErrors"][0]["field"]), (&json!(expected), &json!(["input", "role"])));
        let id = s.asked(&s.system, user, role, s.root).await;
        let decided = approve(&s.security, &id, 1).await;
        assert_eq!((code(&decided), &decided["userErrors"][0]["field"]), (&json!(expected), &json!(["id"])));
        assert_eq!(code(&refuse(&s.security, &id, "已有授权").await), &Value::Null);
    }
    // To the system administrator those who hold it and those who do not are alike.
    let answers = [
        ask(&s.system, s.right(&office, "OFFICE", s.root)).await,
        ask(&s.system, s.right(&free, "OFFICE", s.root)).await,
    ];
    let shown = answers.map(|mut answer| {
        answer["roleGrantRequest"]["id"].take();
        answer
    });
    assert_eq!(shown[0], shown[1]);
    // One's own is no secret.
    assert_eq!(code(&ask(&s.system, s.right(&s.system, "SYSTEM_ADMIN", s.root)).await), "DUPLICATE");
}

#[tokio::test]
async fn what_another_asked_for_is_not_said_and_given_once() {
    let s = Scene::new().await;
    let first = s.asked(&s.security, &s.newcomer, "REPORTER", s.unit).await;
    let second = s.asked(&s.system, &s.newcomer, "REPORTER", s.unit).await;
    assert_eq!(code(&ask(&s.system, s.right(&s.newcomer, "REPORTER", s.unit)).await), "DUPLICATE", "his own waits");
    assert_eq!(code(&ask(&s.second, s.right(&s.newcomer, "REPORTER", s.unit)).await), "DUPLICATE", "he sees both");
    assert_eq!(code(&approve(&s.second, &first, 1).await), &Value::Null);
    assert_eq!(code(&approve(&s.second, &second, 1).await), "DUPLICATE");
    assert_eq!(s.roles(&s.newcomer).await, ["REPORTER"]);
}
