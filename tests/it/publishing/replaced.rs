//! A new version takes the place of the old one.

use serde_json::json;

use super::scene::*;
use crate::mutation::reports_stage::*;

#[tokio::test]
async fn the_old_one_leads_to_the_new_one() {
    let p = Scene::new().await;
    let first = p.published(&p.prepared(p.of_list("第一版")).await).await;
    let old = text(&first["id"]);
    let mut input = p.of_list("第二版");
    input["replaces"] = json!(old);
    let second = p.prepared(input.clone()).await;
    let third = p.prepared(input.clone()).await;
    let new = text(&second["id"]);
    assert_eq!(second["replaces"]["id"], old);
    assert_eq!(p.get(&format!("/public/publications/{old}")).await.status, 200, "until the new one is there");
    p.published(&second).await;
    let trace = p.get(&format!("/public/publications/{old}")).await;
    assert_eq!((trace.status, &trace.json()["replacedBy"]), (410, &json!(new)));
    assert_eq!(p.get(&format!("/public/publications/{new}")).await.json()["title"], "第二版");
    let seen = p
        .s
        .office
        .data("query($id: ID!) { publication(id: $id) { status replacedBy { id } withdrawnAt } }", json!({ "id": old }))
        .await;
    assert_eq!(
        (&seen["publication"]["status"], &seen["publication"]["replacedBy"]["id"]),
        (&json!("WITHDRAWN"), &json!(new))
    );
    assert_eq!(p.s.count("outbox WHERE topic = 'publication.withdrawn'").await, 1);

    // Of two that want the same place, one gets it.
    let key = text(&third["id"]);
    for (client, step, version) in
        [(&p.content, "CONTENT_REVIEW", 1), (&p.secrecy, "SECRECY_REVIEW", 2), (&p.chief, "APPROVAL", 3)]
    {
        assert_eq!(errors(&review(client, &key, pass(step, version)).await), []);
    }
    let before = p.s.rows().await;
    assert_eq!(codes(&verb(&p.s.office, "Publish", &key, json!({ "expectedVersion": 4 })).await), ["CONFLICT"]);
    assert_eq!(errors(&prepare(&p.s.office, input).await), [("CONFLICT".into(), "input.replaces".into())]);
    let mut of_draft = p.of_list("第四版");
    of_draft["replaces"] = json!(key);
    assert_eq!(
        errors(&prepare(&p.s.office, of_draft).await),
        [("CONFLICT".into(), "input.replaces".into())],
        "never published"
    );
    assert_eq!(p.s.rows().await, before);

    // What was withdrawn first is replaced as well, and keeps its day.
    let version = p.s.office.data("query($id: ID!) { publication(id: $id) { version } }", json!({ "id": new })).await;
    let input = json!({ "expectedVersion": version["publication"]["version"], "reason": "误发" });
    assert_eq!(errors(&verb(&p.s.office, "Withdraw", &new, input).await), []);
    let mut again = p.of_list("第五版");
    again["replaces"] = json!(new);
    let last = p.published(&p.prepared(again).await).await;
    assert_eq!(p.get(&format!("/public/publications/{new}")).await.json()["replacedBy"], last["id"]);
}

#[tokio::test]
async fn what_was_never_published_is_given_up_without_a_trace() {
    let p = Scene::new().await;
    let made = p.prepared(p.of_list("作废稿")).await;
    let key = text(&made["id"]);
    let input = json!({ "expectedVersion": 1, "reason": "不再需要" });
    assert_eq!(errors(&verb(&p.s.office, "Withdraw", &key, input).await), []);
    assert_eq!(p.get(&format!("/public/publications/{key}")).await.status, 404);
    assert_eq!(p.get("/public/publications").await.json()["items"], json!([]));
    let input = json!({ "expectedVersion": 2, "reason": "再次" });
    assert_eq!(codes(&verb(&p.s.office, "Withdraw", &key, input).await), ["INVALID_STATE"]);
}
