//! A secret is its machine's whole power: whoever made it must be over all of that.

use entity::vocabulary::Role;
use serde_json::{Value, json};
use taizhang::id::{GlobalId, Kind};

use super::{account, scene, secret};
use crate::admins::{approve, ask, code};

#[tokio::test]
async fn a_secret_of_the_keeper_of_a_part_ends_when_its_account_is_lifted_above_him() {
    let (s, admin, _) = scene("lists:read").await;
    let t = &s.t;
    let part = t.user("part", s.unit, &[(Role::SystemAdmin, s.unit)]).await;
    let security = t.user("security", s.root, &[(Role::SecurityAdmin, s.root)]).await;
    let id = account(&s, &part, "lifted").await;
    let give = async |unit| {
        let unit = GlobalId::new(Kind::Unit, unit).to_string();
        let right =
            json!({ "user": id, "role": "INTEGRATION", "unit": unit, "scopes": ["lists:read"], "reason": "对接" });
        let asked = ask(&admin, right).await;
        let request = asked["roleGrantRequest"]["id"].as_str().unwrap_or_else(|| panic!("{asked:#}"));
        assert_eq!(code(&approve(&security, request, 1).await), &Value::Null);
    };
    let his = secret(&part, &id, json!({})).await;
    give(s.unit).await;
    let token = his.token(&t.router).await;
    assert!(s.is_in(&token).await, "he is over all of it");
    let other = secret(&admin, &id, json!({})).await;

    give(s.root).await;
    assert!(!s.is_in(&token).await, "with the next request");
    assert_eq!(his.ask(&t.router, None).await.status, 401);
    assert!(s.is_in(&other.token(&t.router).await).await, "who made this one is over the root");
    assert_eq!(s.audited("serviceAccountSecretRevoke", "DONE").await, 1);
}
