//! Who is told of publications: who may take the next step, and who prepared them; never a unit.

use serde_json::{Value, json};

use super::{deliver, kinds, told};
use crate::mutation::reports_stage::*;
use crate::publishing::scene::*;
use crate::support::Client;

async fn newest(client: &Client) -> (String, String) {
    let (kind, text, _) = told(client).await.remove(0);
    (kind, text)
}

fn of(kind: &str, text: &str) -> (String, String) {
    (kind.to_owned(), text.to_owned())
}

async fn counts(p: &Scene) -> Vec<usize> {
    let mut counts = Vec::new();
    for client in [&p.s.office, &p.content, &p.secrecy, &p.chief, &p.spare, &p.s.both] {
        counts.push(kinds(client).await.len());
    }
    counts
}

#[tokio::test]
async fn who_may_take_the_next_step_is_told_and_who_prepared_it_of_the_decision() {
    let p = Scene::new().await;
    let made = p.prepared(p.of_list("虚构公开稿")).await;
    let key = text(&made["id"]);
    assert_eq!(deliver(&p.s).await, 1);
    let wanted = |step: &str| of("PUBLICATION_REVIEW_WANTED", &format!("公开稿“虚构公开稿”待{step}，请办理。"));
    for client in [&p.content, &p.secrecy, &p.chief, &p.spare] {
        assert_eq!(newest(client).await, wanted("内容审核"));
    }
    assert_eq!(counts(&p).await, [0, 1, 1, 1, 1, 0], "not who prepared it, and nobody above the office that can do it");
    let field = "{ viewer { notifications(first: 1) { nodes { publication { id } taskList { title } unit { id } period { id } } } } }";
    let seen = p.content.data(field, json!({})).await["viewer"]["notifications"]["nodes"][0].take();
    assert_eq!((&seen["publication"]["id"], &seen["taskList"]["title"]), (&json!(key), &json!("虚构清单")));

    // Text that is changed before anybody decided asks nobody again.
    let input = json!({ "expectedVersion": 1, "texts": [{ "pointer": "/title", "text": "虚构公开稿" }] });
    assert_eq!(errors(&redact(&p.s.office, &key, input).await), []);
    deliver(&p.s).await;
    assert_eq!(counts(&p).await, [0, 1, 1, 1, 1, 0]);

    assert_eq!(errors(&review(&p.content, &key, pass("CONTENT_REVIEW", 2)).await), []);
    deliver(&p.s).await;
    assert_eq!(counts(&p).await, [0, 1, 2, 2, 2, 0], "who decided has nothing more to decide");
    assert_eq!(newest(&p.content).await.1, "公开稿“虚构公开稿”曾送审查，现无须本人办理。");
    assert_eq!(newest(&p.spare).await, wanted("保密审查"));
    assert_eq!(errors(&review(&p.secrecy, &key, pass("SECRECY_REVIEW", 3)).await), []);
    assert_eq!(errors(&review(&p.chief, &key, back("APPROVAL", 4)).await), []);
    deliver(&p.s).await;
    assert_eq!(
        newest(&p.s.office).await,
        of("PUBLICATION_RETURNED", "公开稿“虚构公开稿”在审查中被退回，请修改后再送审查。")
    );
    assert_eq!(counts(&p).await[0], 1);

    // Somebody else mends it: now it is his, and the next round is for the others.
    let input = json!({ "expectedVersion": 5, "texts": [{ "pointer": "/title", "text": "虚构公开稿（改）" }] });
    assert_eq!(errors(&redact(&p.content, &key, input).await), []);
    let before = counts(&p).await;
    deliver(&p.s).await;
    let told_now: Vec<usize> = counts(&p).await.iter().zip(&before).map(|(now, before)| now - before).collect();
    assert_eq!(told_now, [0, 0, 1, 1, 1, 0]);
    for (client, step, version) in
        [(&p.chief, "CONTENT_REVIEW", 6), (&p.secrecy, "SECRECY_REVIEW", 7), (&p.spare, "APPROVAL", 8)]
    {
        assert_eq!(errors(&review(client, &key, pass(step, version)).await), [], "{step}");
        deliver(&p.s).await;
    }
    assert_eq!(newest(&p.content).await, of("PUBLICATION_APPROVED", "公开稿“虚构公开稿（改）”已签发，可以发布。"));
    assert_eq!(errors(&verb(&p.s.office, "Publish", &key, json!({ "expectedVersion": 9 })).await), []);
    deliver(&p.s).await;
    assert_eq!(newest(&p.content).await, of("PUBLICATION_PUBLISHED", "公开稿“虚构公开稿（改）”已发布。"));
    let input = json!({ "expectedVersion": 10, "reason": "内部理由" });
    assert_eq!(errors(&verb(&p.spare, "Withdraw", &key, input).await), []);
    deliver(&p.s).await;
    assert_eq!(newest(&p.content).await, of("PUBLICATION_WITHDRAWN", "公开稿“虚构公开稿（改）”已撤回。"));
    assert_eq!(kinds(&p.s.office).await, ["PUBLICATION_RETURNED"], "one is not told what one did oneself");

    // A unit is told nothing of all this, nor those who only read or administer.
    for nobody in [&p.s.responsible, &p.s.lead, &p.s.signer, &p.s.support, &p.s.foreign, &p.s.inspector, &p.s.admin] {
        assert!(kinds(nobody).await.is_empty());
    }
    assert!(kinds(&p.s.both).await.is_empty());
    // Nor is anybody told twice when a message comes back.
    let all = p.s.count("notification").await;
    let db = p.s.t.database.raw().await;
    sea_orm::ConnectionTrait::execute_unprepared(&db, "UPDATE outbox SET delivered_at = NULL").await.unwrap();
    deliver(&p.s).await;
    assert_eq!(p.s.count("notification").await, all);
}

#[tokio::test]
async fn where_nobody_near_may_decide_those_above_are_asked() {
    let s = Stage::new().await;
    let input = json!({ "kind": "LIST", "taskList": id(taizhang::id::Kind::TaskList, s.list), "title": "虚构" });
    let made = prepare(&s.office, input).await;
    assert_eq!(errors(&made), []);
    deliver(&s).await;
    assert!(kinds(&s.office).await.is_empty(), "nobody reviews his own text");
    assert_eq!(kinds(&s.both).await, ["PUBLICATION_REVIEW_WANTED"]);
    // Who loses the office sees nothing of it any more.
    let seen =
        "query($id: ID!) { node(id: $id) { id } viewer { unreadCount notifications { totalCount nodes { id } } } }";
    let own = s.both.data(seen, json!({ "id": made["publication"]["id"] })).await;
    let notice = own["viewer"]["notifications"]["nodes"][0]["id"].clone();
    let db = s.t.database.raw().await;
    let lost = "DELETE FROM role_grant WHERE role = 'OFFICE'";
    sea_orm::ConnectionTrait::execute_unprepared(&db, lost).await.unwrap();
    let data = s.both.data(seen, json!({ "id": notice })).await;
    let nothing = json!({ "unreadCount": 0, "notifications": { "totalCount": 0, "nodes": [] } });
    assert_eq!(data, json!({ "node": Value::Null, "viewer": nothing }));
}
