//! What the keeper of a part made for an account is good for nothing once the account stands above him.

use serde_json::{Value, json};
use taizhang::id::{GlobalId, Kind};

use super::*;
use crate::auth::scene::PASSWORD;
use crate::machines::post;

/// Invites somebody of the administration; the identifier and the code.
async fn invited(by: &Client, unit: Uuid, login: &str) -> (String, String) {
    let query =
        "mutation($input: UserInviteInput!) { userInvite(input: $input) { user { id } code userErrors { code } } }";
    let unit = GlobalId::new(Kind::Unit, unit).to_string();
    let input = json!({ "unit": unit, "login": login, "displayName": "候选（虚构）", "realm": "ADMINISTRATION" });
    let made = by.payload(query, json!({ "input": input })).await;
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{made:#}")).to_owned();
    (text(&made["user"]["id"]), text(&made["code"]))
}

impl Scene {
    async fn accepts(&self, text: &str) -> u16 {
        let body = json!({ "code": text, "password": PASSWORD }).to_string();
        post(&self.t.router, "/auth/accept", &[("content-type", "application/json")], &body).await.status
    }

    /// Links a user four times: by the keeper of the part, by the root's, by himself, by the operator.
    async fn linked_by_each(&self, user: &str, part: &Client) {
        let user = user.parse::<GlobalId>().unwrap().uuid;
        let tx = self.t.service.store().begin().await.unwrap();
        let makers = [("his", part.user), ("root's", self.system.user), ("own", Some(user)), ("operator's", None)];
        for (subject, made_by) in makers {
            let row = entity::external_identity::Model {
                id: self.t.ids.next(),
                user_id: user,
                issuer: "https://sign-in.example".to_owned(),
                subject: subject.to_owned(),
                created_at: self.t.service.clock().now(),
                made_by,
                last_used_at: None,
                ended_at: None,
                ended_by: None,
            };
            tx.insert::<entity::external_identity::Entity>(row).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// The root's system administrator asks, and a security administrator approves.
    async fn lifts(&self, user: &str, role: &str, unit: Uuid) {
        let unit = GlobalId::new(Kind::Unit, unit).to_string();
        let asked = ask(&self.system, json!({ "user": user, "role": role, "unit": unit, "reason": "工作需要" })).await;
        let id = asked["roleGrantRequest"]["id"].as_str().unwrap_or_else(|| panic!("{asked:#}"));
        assert_eq!(code(&approve(&self.security, id, 1).await), &Value::Null);
    }
}

#[tokio::test]
async fn an_invitation_of_the_keeper_of_a_part_is_no_way_above_him() {
    let s = Scene::new().await;
    let county = s.t.user("county.system", s.county, &[(Role::SystemAdmin, s.county)]).await;
    let (above, his) = invited(&county, s.county, "above").await;
    let (within, also_his) = invited(&county, s.county, "within").await;
    let (plain, of_the_root) = invited(&s.system, s.county, "plain").await;
    s.lifts(&above, "SYSTEM_ADMIN", s.root).await;
    s.lifts(&within, "SYSTEM_ADMIN", s.county).await;
    s.lifts(&plain, "SYSTEM_ADMIN", s.root).await;
    assert_eq!(s.accepts(&his).await, 422, "he would be over himself by it");
    assert_eq!(s.accepts(&also_his).await, 200, "he is over all of it");
    assert_eq!(s.accepts(&of_the_root).await, 200);
    assert_eq!(s.count("audit_entry WHERE operation = 'codeVoid' AND object_id IS NOT NULL").await, 1);
}

/// Whoever says who somebody is elsewhere may be that himself.
#[tokio::test]
async fn a_link_of_the_keeper_of_a_part_is_no_way_above_him() {
    let s = Scene::new().await;
    let county = s.t.user("county.system", s.county, &[(Role::SystemAdmin, s.county)]).await;
    let (above, _) = invited(&county, s.county, "above").await;
    s.linked_by_each(&above, &county).await;
    s.lifts(&above, "SYSTEM_ADMIN", s.root).await;
    assert_eq!(s.count("external_identity WHERE ended_at IS NOT NULL").await, 1);
    assert_eq!(s.count("external_identity WHERE ended_at IS NOT NULL AND subject = 'his'").await, 1);
    assert_eq!(s.count("audit_entry WHERE operation = 'externalIdentityUnlink'").await, 1);
}

/// Of the powers apart no keeper of users has any, also not by a link that he made in the user's place with the first password.
#[tokio::test]
async fn no_link_is_a_way_into_another_power_not_even_the_users_own() {
    let s = Scene::new().await;
    let county = s.t.user("county.system", s.county, &[(Role::SystemAdmin, s.county)]).await;
    let (apart, _) = invited(&s.system, s.root, "apart").await;
    s.linked_by_each(&apart, &county).await;
    s.lifts(&apart, "SECURITY_ADMIN", s.root).await;
    assert_eq!(s.count("external_identity WHERE ended_at IS NOT NULL").await, 3);
    assert_eq!(s.count("external_identity WHERE ended_at IS NULL AND subject = 'operator''s'").await, 1);
    assert_eq!(s.count("audit_entry WHERE operation = 'externalIdentityUnlink'").await, 3);
}

#[tokio::test]
async fn a_code_of_the_operator_stays_good_for_another_power() {
    let s = Scene::new().await;
    let (candidate, his) = invited(&s.system, s.root, "next.security").await;
    let user: GlobalId = candidate.parse().unwrap();
    let operators = s.t.service.operator_code(user.uuid, false).await.unwrap().unwrap();
    s.lifts(&candidate, "SECURITY_ADMIN", s.root).await;
    assert_eq!(s.accepts(&his).await, 422, "the operator's took its place");
    assert_eq!(s.accepts(&operators.text).await, 200);
}

/// Whoever asked has to be over that unit still when it is decided, not over any.
#[tokio::test]
async fn whoever_asked_must_be_over_the_unit_still() {
    let s = Scene::new().await;
    let keeper = s.t.user("county.system", s.county, &[(Role::SystemAdmin, s.county)]).await;
    let bureau = s.t.unit(s.root, "liudu.fgj").await;
    let user = s.t.user("reporter", bureau, &[]).await;
    let id = s.asked(&keeper, &user, "REPORTER", bureau).await;
    let column = entity::role_grant::Column::UserId;
    let move_to = async |unit_id: Uuid| {
        let tx = s.t.service.store().begin().await.unwrap();
        let grant =
            tx.all_where::<entity::role_grant::Entity>(column, &[keeper.user.unwrap()]).await.unwrap().remove(0);
        tx.update::<entity::role_grant::Entity>(entity::role_grant::Model { unit_id, ..grant }).await.unwrap();
        tx.commit().await.unwrap();
    };
    move_to(s.unit).await;
    assert_eq!(code(&approve(&s.security, &id, 1).await), "INVALID_STATE");
    assert!(s.roles(&user).await.is_empty());
    move_to(s.root).await;
    assert_eq!(code(&approve(&s.security, &id, 1).await), &Value::Null);
}
