//! Links to another sign-in service: when they end, and what making one asks for.

use entity::vocabulary::Role;
use serde_json::{Value, json};

use super::external::{begin, come_in, scene};
use super::scene::{OTHER, PASSWORD, Reply, Scene};

/// Links whoever is signed in to who the code says.
async fn link_self(s: &Scene, token: &str, password: &str, code: &str) -> Reply {
    let begun = begin(s).await;
    let body =
        json!({ "handle": begun.text("handle"), "state": begun.text("state"), "code": code, "password": password });
    s.send_as(token, "/auth/external/link", body).await
}

/// Whoever set the first password for somebody can link himself in his place; a reset is to be the end of that.
#[tokio::test]
async fn a_reset_ends_the_links_and_what_they_opened() {
    let s = scene().await;
    s.person("admin", &[Role::SystemAdmin]).await;
    let admin = s.sign_in("admin", PASSWORD).await.ok().access();
    let user = s.id(s.person("a", &[Role::Reporter]).await);
    let own = s.sign_in("a", PASSWORD).await.ok().access();
    link_self(&s, &own, PASSWORD, "1:thief").await.ok();
    let inside = come_in(&s, "2:thief").await.ok();
    let reset = "mutation($id: ID!) { userPasswordReset(id: $id, input: { expectedVersion: 1 }) {
        code userErrors { code message } } }";
    let done: Value = s.client(&admin).payload(reset, json!({ "id": user })).await;
    assert_eq!(done["userErrors"], json!([]), "{done:#}");
    assert_eq!(come_in(&s, "3:thief").await.status, 422, "nobody here any more");
    assert!(!s.is_in(&inside.access()).await);
    assert_eq!(s.refresh(&inside.refresh()).await.status, 401);
    assert_eq!(s.audited("externalIdentityUnlink", "DONE").await, 1);

    // The operator's reset too.
    let body = json!({ "code": done["code"], "password": OTHER });
    s.send("/auth/accept", body).await.ok();
    let own = s.sign_in("a", OTHER).await.ok().access();
    link_self(&s, &own, OTHER, "4:thief").await.ok();
    s.t.service.operator_code(s.key_of("a").await, false).await.unwrap().unwrap();
    assert_eq!(come_in(&s, "5:thief").await.status, 422);
    assert_eq!(s.audited("externalIdentityUnlink", "DONE").await, 2);
    assert_eq!(s.count("SELECT COUNT(*) FROM external_identity WHERE ended_at IS NULL").await, 0);
    let by_nobody = "SELECT COUNT(*) FROM external_identity WHERE ended_by IS NULL";
    assert_eq!(s.count(by_nobody).await, 1, "the operator is no user");
}
