//! Different people, in their order, recorded; and those who may not.

use axum::body::Body;
use axum::http::Request;
use sea_orm::ConnectionTrait;
use serde_json::json;
use taizhang::id::Kind;

use super::scene::*;
use crate::mutation::reports_stage::*;

#[tokio::test]
async fn a_list_goes_from_desk_to_desk_to_the_public_and_back() {
    let p = Scene::new().await;
    let made = p.prepared(p.of_list("虚构清单（2026年）")).await;
    let key = text(&made["id"]);
    assert_eq!(
        (&made["status"], &made["nextStep"], &made["version"]),
        (&json!("DRAFT"), &json!("CONTENT_REVIEW"), &json!(1))
    );
    assert_eq!(made["viewerCan"]["review"], json!({ "allowed": false, "code": "FORBIDDEN" }));
    let path = format!("/public/publications/{key}");
    assert_eq!(p.get(&path).await.status, 404);
    assert_eq!(p.get("/public/publications").await.json(), json!({ "items": [], "next": null }));

    let done = p.published(&made).await;
    assert_eq!((&done["status"], &done["publicPath"]), (&json!("PUBLISHED"), &json!(path)));
    let steps: Vec<_> = done["steps"]["nodes"].as_array().unwrap().iter().map(|s| text(&s["act"])).collect();
    assert_eq!(steps, ["PREPARATION", "CONTENT_REVIEW", "SECRECY_REVIEW", "APPROVAL", "PUBLISHING"]);
    for step in done["steps"]["nodes"].as_array().unwrap() {
        assert_eq!(step["checksum"], made["checksum"], "what was decided about is what is public");
    }

    let page = p.get(&path).await;
    assert_eq!((page.status, page.header("etag")), (200, format!("\"{}\"", text(&made["checksum"])).as_str()));
    let document = p.document(&p.s.office, &key).await;
    assert_eq!((&page.json(), &made["checksum"]), (&document["content"], &document["checksum"]));
    assert_eq!(page.json()["format"], "taizhang-publication/1");
    assert_eq!(page.json()["content"]["tasks"][0]["title"], "虚构任务1");
    // A unit reads what everybody reads, at the same door; in the schema there is nothing for it.
    let own = p.ask(&p.s.responsible, Request::get(&path).body(Body::empty()).unwrap()).await;
    assert_eq!((own.status, &own.body), (200, &page.body));
    let query = "query($id: ID!) { publications { totalCount } publication(id: $id) { id } node(id: $id) { id } publicationDocument(id: $id) { checksum } }";
    for client in [&p.s.responsible, &p.s.lead, &p.s.foreign, &p.s.admin] {
        let data = client.data(query, json!({ "id": key })).await;
        let nothing = json!({ "publications": { "totalCount": 0 }, "publication": null, "node": null, "publicationDocument": null });
        assert_eq!(data, nothing);
    }
    let seen = p.s.inspector.data(query, json!({ "id": key })).await;
    assert_eq!((&seen["publications"]["totalCount"], &seen["publication"]["id"]), (&json!(1), &json!(key)));

    let input = json!({ "expectedVersion": done["version"], "reason": "  " });
    assert_eq!(errors(&verb(&p.s.office, "Withdraw", &key, input).await), [("REQUIRED".into(), "input.reason".into())]);
    let input = json!({ "expectedVersion": done["version"], "reason": "内部理由：数字有误" });
    let withdrawn = verb(&p.spare, "Withdraw", &key, input).await;
    assert_eq!(errors(&withdrawn), []);
    assert_eq!(withdrawn["publication"]["status"], "WITHDRAWN");
    assert_eq!(withdrawn["publication"]["publicPath"], json!(null));
    let gone = p.get(&path).await;
    assert_eq!(gone.status, 410);
    let trace = json!({
        "id": key, "kind": "LIST", "title": "虚构清单（2026年）", "issuer": gone.json()["issuer"], "year": 2026,
        "status": "WITHDRAWN", "publishedOn": "2026-07-01", "withdrawnOn": "2026-07-01",
    });
    assert_eq!(gone.json(), trace);
    assert_eq!(p.get("/public/publications").await.json(), json!({ "items": [trace], "next": null }));
    assert!(!gone.body.contains("内部理由"));
    assert_eq!(p.s.count("publication_public WHERE document IS NOT NULL").await, 0);
    for act in ["Prepare", "Review", "Publish", "Withdraw"] {
        let wanted = if act == "Review" { 3 } else { 1 };
        assert_eq!(
            p.s.count(&format!("audit_entry WHERE result = 'DONE' AND operation = 'publication{act}'")).await,
            wanted,
            "{act}"
        );
    }
    assert_eq!(p.s.count("outbox WHERE topic LIKE 'publication.%'").await, 6);
}

#[tokio::test]
async fn nobody_decides_about_his_own_text_or_twice() {
    let p = Scene::new().await;
    let made = p.prepared(p.of_list("虚构")).await;
    let key = text(&made["id"]);
    let before = p.s.rows().await;
    let own = review(&p.s.office, &key, pass("CONTENT_REVIEW", 1)).await;
    assert_eq!(codes(&own), ["FORBIDDEN"]);
    for step in ["SECRECY_REVIEW", "APPROVAL"] {
        let early = review(&p.content, &key, pass(step, 1)).await;
        assert_eq!(errors(&early), [("INVALID_STATE".into(), "input.step".into())]);
    }
    assert_eq!(codes(&verb(&p.s.office, "Publish", &key, json!({ "expectedVersion": 1 })).await), ["INVALID_STATE"]);
    assert_eq!(codes(&review(&p.content, &key, pass("CONTENT_REVIEW", 7)).await), ["STALE"]);
    assert_eq!(p.s.rows().await, before, "nothing of it changed anything");

    assert_eq!(errors(&review(&p.content, &key, pass("CONTENT_REVIEW", 1)).await), []);
    let twice = review(&p.content, &key, pass("SECRECY_REVIEW", 2)).await;
    assert_eq!(codes(&twice), ["FORBIDDEN"]);
    assert_eq!(twice["publication"]["viewerCan"]["review"]["allowed"], false);
    assert_eq!(
        codes(&redact(&p.s.office, &key, json!({ "expectedVersion": 2, "maskFindings": true })).await),
        ["INVALID_STATE"]
    );
    assert_eq!(errors(&review(&p.secrecy, &key, pass("SECRECY_REVIEW", 2)).await), []);
    for client in [&p.s.office, &p.content, &p.secrecy] {
        assert_eq!(codes(&review(client, &key, pass("APPROVAL", 3)).await), ["FORBIDDEN"]);
    }
    // A return begins a round in which the same people may decide; the text's maker may never.
    let returned = review(&p.chief, &key, back("APPROVAL", 3)).await;
    assert_eq!(errors(&returned), []);
    assert_eq!((&returned["publication"]["status"], &returned["publication"]["round"]), (&json!("DRAFT"), &json!(2)));
    let input = json!({ "expectedVersion": 4, "texts": [{ "pointer": "/title", "text": "虚构（修订）" }] });
    let changed = redact(&p.content, &key, input).await;
    assert_eq!(errors(&changed), []);
    assert_eq!(changed["publication"]["title"], "虚构（修订）");
    assert_ne!(changed["publication"]["checksum"], made["checksum"]);
    for client in [&p.s.office, &p.content] {
        assert_eq!(codes(&review(client, &key, pass("CONTENT_REVIEW", 5)).await), ["FORBIDDEN"]);
    }
    for (client, step, version) in
        [(&p.chief, "CONTENT_REVIEW", 5), (&p.secrecy, "SECRECY_REVIEW", 6), (&p.spare, "APPROVAL", 7)]
    {
        assert_eq!(errors(&review(client, &key, pass(step, version)).await), [], "{step}");
    }
    assert_eq!(errors(&verb(&p.content, "Publish", &key, json!({ "expectedVersion": 8 })).await), []);
    assert_eq!(p.get(&format!("/public/publications/{key}")).await.json()["title"], "虚构（修订）");
}

/// The table itself forbids what the service would.
#[tokio::test]
async fn the_table_forbids_it_too() {
    let p = Scene::new().await;
    let made = p.prepared(p.of_list("虚构")).await;
    let key = text(&made["id"]);
    assert_eq!(errors(&review(&p.content, &key, pass("CONTENT_REVIEW", 1)).await), []);
    let db = p.s.t.database.raw().await;
    let copy = |id: u8, decider: &str| {
        let quote = if p.s.t.database.engine() == taizhang::store::Engine::Sqlite {
            format!("X'{:032x}'", id)
        } else {
            format!("'{:032x}'::uuid", id)
        };
        format!(
            "INSERT INTO publication_step (id, publication_id, task_list_id, round, act, decision, reason, checksum, user_id, unit_id, decider_id, prepared_by, created_at) \
             SELECT {quote}, publication_id, task_list_id, round, 'SECRECY_REVIEW', 'PASSED', NULL, checksum, {decider}, unit_id, {decider}, prepared_by, created_at \
             FROM publication_step WHERE act = 'CONTENT_REVIEW'"
        )
    };
    let twice = db.execute_unprepared(&copy(1, "user_id")).await.unwrap_err().to_string().to_lowercase();
    assert!(twice.contains("unique"), "{twice}");
    let own = db.execute_unprepared(&copy(2, "prepared_by")).await.unwrap_err().to_string().to_lowercase();
    assert!(own.contains("check"), "{own}");
    let open = db.execute_unprepared(
        "UPDATE publication SET status = 'PUBLISHED', open_findings = 1, published_at = created_at",
    );
    assert!(open.await.unwrap_err().to_string().to_lowercase().contains("check"));
}

#[tokio::test]
async fn who_may_not_changes_nothing() {
    let p = Scene::new().await;
    let made = p.prepared(p.of_list("虚构")).await;
    let key = text(&made["id"]);
    let root = p.s.t.root(p.s.list).await;
    let below = p.s.t.unit(root, "yunting.jyj").await;
    let other = p.s.t.user("other", below, &[(entity::vocabulary::Role::Office, below)]).await;
    let before = p.s.rows().await;
    let people = [&p.s.lead, &p.s.responsible, &p.s.signer, &p.s.support, &p.s.foreign, &p.s.inspector, &p.s.admin];
    for client in people {
        let answers = [
            prepare(client, p.of_list("虚构")).await,
            redact(client, &key, json!({ "expectedVersion": 1, "maskFindings": true })).await,
            review(client, &key, pass("CONTENT_REVIEW", 1)).await,
            verb(client, "Publish", &key, json!({ "expectedVersion": 1 })).await,
            verb(client, "Withdraw", &key, json!({ "expectedVersion": 1, "reason": "否" })).await,
        ];
        for answer in answers {
            assert_eq!(codes(&answer), ["FORBIDDEN"]);
            assert!(answer["publication"].is_null(), "{answer}");
        }
    }
    // OFFICE of a unit below: there is no such thing for him.
    let absent = prepare(&other, p.of_list("虚构")).await;
    assert_eq!(errors(&absent), [("NOT_FOUND".into(), "input.taskList".into())]);
    assert_eq!(codes(&review(&other, &key, pass("CONTENT_REVIEW", 1)).await), ["NOT_FOUND"]);
    assert_eq!(
        codes(&verb(&other, "Withdraw", &key, json!({ "expectedVersion": 1, "reason": "否" })).await),
        ["NOT_FOUND"]
    );
    let misfit = json!({ "kind": "LIST", "title": "虚构" });
    assert_eq!(errors(&prepare(&p.s.office, misfit).await), [("CONFLICT".into(), "input".into())]);
    let empty = p.of_list("  ");
    assert_eq!(errors(&prepare(&p.s.office, empty).await), [("REQUIRED".into(), "input.title".into())]);
    let period = p.s.t.ids.next();
    let absent = json!({ "kind": "PROGRESS", "period": id(Kind::ReportingPeriod, period), "title": "虚构" });
    assert_eq!(errors(&prepare(&p.s.office, absent).await), [("NOT_FOUND".into(), "input.period".into())]);
    assert_eq!(p.s.rows().await, before);
}
