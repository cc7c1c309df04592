//! 我的工作 in one request.

use serde_json::{Value, json};

use crate::mutation::reports_stage::*;
use crate::n_plus_one::{list_of, statements};
use crate::support::Client;

const WORK: &str = "{ viewer { work { counts { toReport returned overdue toSign toReview }
    toReport(first: 50) { totalCount nodes { id due { on state } period { label dueOn } task { number title } report { id version } } }
    returned(first: 50) { totalCount nodes { id report { id version status reviews(first: 1) { nodes { reason } } } } }
    overdue(first: 50) { totalCount nodes { id } }
    toSign(first: 50) { totalCount nodes { id version } }
    toReview(first: 50) { totalCount nodes { id version unit { name } } } } } }";

async fn work(client: &Client) -> Value {
    let work = client.data(WORK, json!({})).await["viewer"]["work"].take();
    for part in ["toReport", "returned", "overdue", "toSign", "toReview"] {
        assert_eq!(work["counts"][part], work[part]["totalCount"], "{part}");
        assert_eq!(work["counts"][part], work[part]["nodes"].as_array().unwrap().len(), "{part}");
    }
    work
}

async fn counts(client: &Client) -> Vec<i64> {
    let work = work(client).await;
    ["toReport", "returned", "overdue", "toReview"].iter().map(|part| number(&work["counts"][part])).collect()
}

#[tokio::test]
async fn what_waits_moves_from_one_to_the_other() {
    let s = Stage::new().await;
    let period = s.opened().await;
    assert_eq!(counts(&s.responsible).await, [2, 0, 0, 0]);
    assert_eq!(counts(&s.lead).await, [1, 0, 0, 0], "its own, not those of the co-units");
    for other in [&s.support, &s.foreign, &s.inspector, &s.admin, &s.office] {
        assert_eq!(counts(other).await, [0, 0, 0, 0]);
    }
    assert_eq!(counts(&s.both).await, [2, 0, 0, 0]);

    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let saved = save(&s.responsible, full(&owed), None).await;
    let report = text(&saved["progressReport"]["id"]);
    let open = work(&s.responsible).await;
    let node =
        open["toReport"]["nodes"].as_array().unwrap().iter().find(|node| node["id"] == json!(owed)).unwrap().clone();
    assert_eq!(
        node["report"],
        json!({ "id": report, "version": 1 }),
        "a draft is still to be reported, and can be acted upon"
    );
    // What the phone was given is enough to act.
    let done =
        act(&s.responsible, "Submit", &report, json!({ "expectedVersion": node["report"]["version"] }), None).await;
    assert_eq!(errors(&done), []);
    assert_eq!(counts(&s.responsible).await, [1, 0, 0, 0]);
    assert_eq!(counts(&s.office).await, [0, 0, 0, 1]);
    assert_eq!(counts(&s.both).await, [1, 0, 0, 1]);
    assert_eq!(counts(&s.inspector).await, [0, 0, 0, 0], "who may not decide has nothing to decide");
    assert_eq!(counts(&s.lead).await, [1, 0, 0, 0]);
    let version = number(&work(&s.office).await["toReview"]["nodes"][0]["version"]);
    let done = act(&s.office, "Return", &report, json!({ "expectedVersion": version, "reason": "请补充" }), None).await;
    assert_eq!(errors(&done), []);
    assert_eq!(counts(&s.responsible).await, [1, 1, 0, 0]);
    assert_eq!(counts(&s.office).await, [0, 0, 0, 0]);

    s.t.clock.set("2026-07-10T16:00:00Z".parse().unwrap());
    let responsible = s.t.sign_in(s.responsible.user.unwrap()).await;
    assert_eq!(counts(&responsible).await, [1, 1, 2, 0]);
    // Nothing can be done in a closed period.
    let office = s.t.sign_in(s.office.user.unwrap()).await;
    assert_eq!(errors(&close(&office, &period, 1).await), []);
    assert_eq!(counts(&responsible).await, [0, 0, 0, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_takes_a_handful_of_statements_whatever_there_is_to_do() {
    let mut taken = Vec::new();
    for tasks in [16, 60] {
        let (t, office, _) = list_of(tasks, 1).await;
        let unit = t.sign_in(unit_user(&t).await).await;
        let mine = statements(&t, &unit, WORK, "").await;
        taken.push((mine, statements(&t, &office, WORK, "").await));
        let work = work(&unit).await;
        assert!(number(&work["counts"]["toReport"]) >= 2 && number(&work["counts"]["returned"]) >= 1, "{work}");
    }
    println!("statements of one request: {taken:?}");
    // The parts are resolved side by side, and what they load is put together as it comes: a few more or less.
    for (mine, offices) in taken {
        assert!(mine <= 24 && offices <= 24, "{mine} and {offices} statements");
    }
}

/// The reporter of the only unit.
async fn unit_user(t: &crate::support::TestApp) -> uuid::Uuid {
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    let db = t.database.raw().await;
    #[expect(clippy::disallowed_methods, reason = "looks past every scope")]
    let found = entity::user_account::Entity::find()
        .filter(entity::user_account::Column::Login.eq("login-of-u0"))
        .one(&db)
        .await;
    found.unwrap().expect("a reporter").id
}
