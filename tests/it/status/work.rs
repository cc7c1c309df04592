//! 我的工作 in one request.

use serde_json::{Value, json};
use taizhang::id::Kind;

use crate::mutation::reports_stage::*;
use crate::n_plus_one::{list_of, statements};
use crate::support::Client;

const WORK: &str = "{ viewer { work { counts { toReport returned overdue toSign toReview toRectify toRecheck toReply }
    toReport(first: 50) { totalCount nodes { id due { on state } period { label dueOn } task { number title } report { id version } } }
    returned(first: 50) { totalCount nodes { id report { id version status reviews(first: 1) { nodes { reason } } } } }
    overdue(first: 50) { totalCount nodes { id } }
    toSign(first: 50) { totalCount nodes { id version } }
    toReview(first: 50) { totalCount nodes { id version unit { name } } }
    toRectify(first: 50) { totalCount nodes { id version status dueOn task { number } } }
    toRecheck(first: 50) { totalCount nodes { id version unit { name } } }
    toReply(first: 50) { totalCount nodes { id version replyDueOn replyOpen replyOverdue documentNumber } } } } }";

async fn work(client: &Client) -> Value {
    let work = client.data(WORK, json!({})).await["viewer"]["work"].take();
    for part in ["toReport", "returned", "overdue", "toSign", "toReview", "toRectify", "toRecheck", "toReply"] {
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
    // What one handed in oneself somebody else decides.
    let second = s.owes(&period, s.responsible_unit, s.second).await;
    let second = text(&save(&s.both, full(&second), None).await["progressReport"]["id"]);
    assert_eq!(errors(&act(&s.both, "Submit", &second, input_of("Submit", 1), None).await), []);
    assert_eq!(counts(&s.office).await, [0, 0, 0, 2]);
    assert_eq!(counts(&s.both).await, [0, 0, 0, 1]);
    assert_eq!(errors(&act(&s.both, "Withdraw", &second, input_of("Withdraw", 2), None).await), []);
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
    // Until it is opened again, for one unit and for its days.
    let input = json!({ "expectedVersion": 2, "unit": id(Kind::Unit, s.responsible_unit), "until": "2026-07-13", "reason": "虚构：准予补报" });
    let query =
        "mutation($id: ID!, $input: ReportingPeriodReopenInput!) { reportingPeriodReopen(id: $id, input: $input) {
        reportingPeriod { status } userErrors { code message field } } }";
    assert_eq!(errors(&office.payload(query, json!({ "id": period, "input": input })).await), []);
    assert_eq!(counts(&responsible).await, [1, 1, 2, 0]);
    assert_eq!(counts(&s.t.sign_in(s.lead.user.unwrap()).await).await, [0, 0, 0, 0], "it stays closed for the others");
    let done = act(&responsible, "Submit", &report, json!({ "expectedVersion": version + 1 }), None).await;
    assert_eq!(errors(&done), []);
    assert_eq!(counts(&office).await, [0, 0, 0, 1]);
    s.t.clock.set("2026-07-13T16:00:00Z".parse().unwrap());
    let (responsible, office) = (s.t.sign_in(responsible.user.unwrap()).await, s.t.sign_in(office.user.unwrap()).await);
    assert_eq!((counts(&responsible).await, counts(&office).await), (vec![0; 4], vec![0; 4]));
}

#[tokio::test]
async fn what_is_to_be_put_right_waits_for_the_unit_and_then_for_the_office() {
    use crate::look_back::{RECTIFICATION, change, finished, make, stage};
    let s = stage().await;
    let (_, own, _) = finished(&s).await;
    let waits = async || {
        let mut all = Vec::new();
        for client in [&s.responsible, &s.office, &s.lead, &s.both, &s.signer, &s.inspector, &s.foreign, &s.admin] {
            let counts = work(client).await["counts"].take();
            all.push((number(&counts["toRectify"]), number(&counts["toRecheck"])));
        }
        all
    };
    let nobody = [(0, 0); 8];
    assert_eq!(waits().await, nobody);
    let input = json!({ "lookBackItem": own, "problem": "虚构问题", "dueOn": "2026-07-20" });
    let opened = make(&s.office, "rectificationOpen", RECTIFICATION, input).await;
    assert_eq!(errors(&opened), []);
    let id = text(&opened["rectification"]["id"]);
    // Of the unit both who writes and who signs, also where he holds the office above; not the lead beside it.
    let with_unit = [(1, 0), (0, 0), (0, 0), (1, 0), (1, 0), (0, 0), (0, 0), (0, 0)];
    assert_eq!(waits().await, with_unit);
    let step = async |client: &Client, verb: &str, kind: &str, input: Value| {
        let done = change(client, verb, kind, RECTIFICATION, &id, input).await;
        assert_eq!(errors(&done), [], "{verb}");
    };
    let plan = json!({ "expectedVersion": 1, "measure": "虚构措施" });
    step(&s.responsible, "rectificationPlan", "RectificationPlanInput", plan).await;
    assert_eq!(waits().await, with_unit, "what is planned is not done");
    let node = work(&s.responsible).await["toRectify"]["nodes"][0].take();
    assert_eq!((&node["id"], &node["version"], &node["dueOn"]), (&json!(id), &json!(2), &json!("2026-07-20")));
    let done = json!({ "expectedVersion": 2, "result": "虚构结果" });
    step(&s.responsible, "rectificationReport", "RectificationReportInput", done).await;
    let with_office = [(0, 0), (0, 1), (0, 0), (0, 1), (0, 0), (0, 0), (0, 0), (0, 0)];
    assert_eq!(waits().await, with_office, "who only inspects rechecks nothing");
    let back = json!({ "expectedVersion": 3, "decision": "RETURNED", "text": "虚构意见" });
    step(&s.office, "rectificationRecheck", "RectificationRecheckInput", back).await;
    assert_eq!(waits().await, with_unit);
    step(
        &s.office,
        "rectificationCancel",
        "RectificationCancelInput",
        json!({ "expectedVersion": 4, "reason": "虚构" }),
    )
    .await;
    assert_eq!(waits().await, nobody);
}

#[tokio::test]
async fn a_reply_that_is_wanted_waits_for_the_unit_until_it_comes() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let send = async |units: &[uuid::Uuid], due: Option<&str>| {
        let units: Vec<String> = units.iter().map(|unit| id(Kind::Unit, *unit)).collect();
        let input = json!({ "period": period, "units": units, "grade": "BLUE", "replyDueOn": due });
        let query = "mutation($input: UrgeNoticeSendInput!) { urgeNoticeSend(input: $input) {
            outcomes { urgeNotice { id } userErrors { code } } userErrors { code message field } } }";
        let sent = s.office.payload(query, json!({ "input": input })).await;
        assert_eq!(errors(&sent), []);
        text(&sent["outcomes"][0]["urgeNotice"]["id"])
    };
    let late = send(&[s.responsible_unit, s.lead_unit], Some("2026-07-14")).await;
    let early = send(&[s.responsible_unit], Some("2026-07-13")).await;
    send(&[s.responsible_unit], None).await;
    let clients = async || {
        let mut all = Vec::new();
        for client in [&s.responsible, &s.signer, &s.lead, &s.office, &s.support, &s.inspector, &s.foreign, &s.admin] {
            all.push(s.t.sign_in(client.user.unwrap()).await);
        }
        all
    };
    let waits = async || {
        let mut all = Vec::new();
        for client in clients().await {
            all.push(number(&work(&client).await["counts"]["toReply"]));
        }
        all
    };
    assert_eq!(waits().await, [2, 2, 1, 0, 0, 0, 0, 0], "only where a reply is wanted, and only of the unit");
    let order = async |client: &Client| -> Vec<(String, bool)> {
        let nodes = work(client).await["toReply"]["nodes"].take();
        let one = |node: &Value| (text(&node["id"]), node["replyOverdue"].as_bool().unwrap());
        nodes.as_array().unwrap().iter().map(one).collect()
    };
    assert_eq!(order(&s.responsible).await, [(early.clone(), false), (late.clone(), false)], "due first in front");

    // The last day is in time still; the day behind it is not.
    s.t.clock.set("2026-07-13T15:59:59Z".parse().unwrap());
    let counted = async |client: &Client| {
        let field = |filter: &str| format!("urgeNotices(filter: {{ {filter} }}) {{ totalCount }}");
        let query = format!(
            "{{ a: {} b: {} c: {} }}",
            field("replyOpen: true"),
            field("replyOverdue: true"),
            field("not: { replyOverdue: true }")
        );
        let data = client.data(&query, json!({})).await;
        ["a", "b", "c"].map(|part| number(&data[part]["totalCount"]))
    };
    let office = clients().await.remove(3);
    assert_eq!(counted(&office).await, [3, 0, 4]);
    s.t.clock.set("2026-07-13T16:00:00Z".parse().unwrap());
    let mut people = clients().await;
    let (responsible, office) = (people.remove(0), people.remove(2));
    assert_eq!(order(&responsible).await, [(early.clone(), true), (late.clone(), false)]);
    assert_eq!(counted(&office).await, [3, 1, 3]);
    assert_eq!(counted(&responsible).await, [2, 1, 2], "a unit counts its own");

    // Neither a report nor the end of the period is the reply; the reply is.
    assert_eq!(errors(&close(&office, &period, 1).await), []);
    assert_eq!(waits().await, [2, 2, 1, 0, 0, 0, 0, 0]);
    let query = "mutation($id: ID!, $input: UrgeNoticeReplyInput!) { urgeNoticeReply(id: $id, input: $input) {
        urgeNotice { replyOpen replyOverdue } userErrors { code message field } } }";
    let input = json!({ "expectedVersion": 1, "reply": "虚构回复" });
    let replied = responsible.payload(query, json!({ "id": early, "input": input })).await;
    assert_eq!(errors(&replied), []);
    assert_eq!(replied["urgeNotice"], json!({ "replyOpen": false, "replyOverdue": false }));
    assert_eq!(waits().await, [1, 1, 1, 0, 0, 0, 0, 0]);
    assert_eq!(counted(&office).await, [2, 0, 4]);
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
        assert!(mine <= 32 && offices <= 32, "{mine} and {offices} statements");
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
