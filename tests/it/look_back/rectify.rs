//! Rectifications: from the problem to its end.

use serde_json::{Value, json};
use taizhang::clock::Clock;

use super::*;

async fn open(client: &Client, item: &str, more: Value) -> Value {
    let mut input = json!({ "lookBackItem": item, "problem": "虚构：专栏没有内容。" });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    make(client, "rectificationOpen", RECTIFICATION, input).await
}

async fn step(client: &Client, verb: &str, rectification: &str, input: Value) -> Value {
    change(
        client,
        &format!("rectification{verb}"),
        &format!("Rectification{verb}Input"),
        RECTIFICATION,
        rectification,
        input,
    )
    .await
}

async fn opened(s: &Stage) -> (String, String) {
    let (_, own, _) = finished(s).await;
    let payload = open(&s.office, &own, json!({ "dueOn": "2026-07-10" })).await;
    assert_eq!(errors(&payload), []);
    (text(&payload["rectification"]["id"]), own)
}

#[tokio::test]
async fn a_problem_is_planned_reported_sent_back_and_closed() {
    let s = stage().await;
    let (_, own, lead) = finished(&s).await;
    // Ten working days from Wednesday, 1 July.
    let payload = open(&s.office, &own, json!({ "dueInWorkingDays": 10 })).await;
    assert_eq!(errors(&payload), []);
    let row = &payload["rectification"];
    assert_eq!((&row["status"], &row["dueOn"], &row["daysLeft"]), (&json!("OPENED"), &json!("2026-07-15"), &json!(14)));
    let one = text(&row["id"]);
    assert_eq!(
        errors(&open(&s.office, &lead, json!({ "dueOn": "2026-07-10" })).await),
        [("INVALID_STATE".to_owned(), "input.lookBackItem".to_owned())]
    );

    let early = step(&s.responsible, "Report", &one, json!({ "expectedVersion": 1, "result": "好了" })).await;
    assert_eq!(codes(&early), ["INVALID_STATE"], "first the measure");
    let plan = |version: i64, measure: &str| json!({ "expectedVersion": version, "measure": measure });
    assert_eq!(errors(&step(&s.responsible, "Plan", &one, plan(1, "补录")).await), []);
    assert_eq!(errors(&step(&s.signer, "Plan", &one, plan(2, "月底前补录三年内容")).await), []);
    assert_eq!(
        codes(&step(&s.office, "Recheck", &one, json!({ "expectedVersion": 3, "decision": "CLOSED" })).await),
        ["INVALID_STATE"]
    );
    let result = json!({ "expectedVersion": 3, "result": "已补录", "evidence": [{ "kind": "LINK", "url": "https://example.com/full" }] });
    let reported = step(&s.responsible, "Report", &one, result).await;
    assert_eq!(errors(&reported), []);
    assert_eq!(reported["rectification"]["evidence"]["totalCount"], 1);
    assert_eq!(codes(&step(&s.responsible, "Plan", &one, plan(4, "另一个")).await), ["INVALID_STATE"]);

    let bare = step(&s.office, "Recheck", &one, json!({ "expectedVersion": 4, "decision": "RETURNED" })).await;
    assert_eq!(errors(&bare), [("REQUIRED".to_owned(), "input.text".to_owned())]);
    let back = json!({ "expectedVersion": 4, "decision": "RETURNED", "text": "只补了一年", "dueOn": "2026-07-24" });
    let back = step(&s.office, "Recheck", &one, back).await;
    assert_eq!(errors(&back), []);
    let row = &back["rectification"];
    assert_eq!(
        (&row["status"], &row["returnCount"], &row["dueOn"]),
        (&json!("RETURNED"), &json!(1), &json!("2026-07-24"))
    );
    let again = json!({ "expectedVersion": 5, "result": "三年都补了" });
    assert_eq!(errors(&step(&s.responsible, "Report", &one, again).await), []);
    let closed = step(&s.office, "Recheck", &one, json!({ "expectedVersion": 6, "decision": "CLOSED" })).await;
    assert_eq!(errors(&closed), []);
    let row = &closed["rectification"];
    assert_eq!(
        (&row["status"], &row["daysLeft"], &row["evidence"]["totalCount"]),
        (&json!("CLOSED"), &Value::Null, &json!(1))
    );
    let steps: Vec<(String, Option<&str>)> = row["steps"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| (text(&step["status"]), step["text"].as_str()))
        .collect();
    let expected = [
        ("OPENED", Some("虚构：专栏没有内容。")),
        ("PLANNED", Some("补录")),
        ("PLANNED", Some("月底前补录三年内容")),
        ("REPORTED", Some("已补录")),
        ("RETURNED", Some("只补了一年")),
        ("REPORTED", Some("三年都补了")),
        ("CLOSED", None),
    ];
    assert_eq!(steps, expected.map(|(status, text)| (status.to_owned(), text)));
    let over = json!({ "expectedVersion": 7, "reason": "误" });
    assert_eq!(codes(&step(&s.office, "Cancel", &one, over).await), ["INVALID_STATE"]);
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation LIKE 'rectification%'").await, 7);
    assert_eq!(s.count("outbox WHERE topic LIKE 'rectification.%'").await, 7);
}

#[tokio::test]
async fn between_the_office_and_the_unit() {
    let s = stage().await;
    let (one, own) = opened(&s).await;
    let query = "query($id: ID!, $item: ID!) { rectification(id: $id) { problem steps { totalCount } } rectifications { totalCount }
        node(id: $id) { id } item: node(id: $item) { ... on LookBackItem { rectifications { totalCount } } } }";
    for (client, sees) in [
        (&s.office, true),
        (&s.both, true),
        (&s.inspector, true),
        (&s.responsible, true),
        (&s.signer, true),
        (&s.lead, false),
        (&s.support, false),
        (&s.foreign, false),
        (&s.admin, false),
    ] {
        let data = client.data(query, json!({ "id": one, "item": own })).await;
        assert_eq!(data["rectifications"]["totalCount"], i64::from(sees));
        for field in ["rectification", "node", "item"] {
            assert_eq!(!data[field].is_null(), sees, "{field}: {data}");
        }
    }
    let before = s.rows().await;
    let plan = json!({ "expectedVersion": 1, "measure": "代写" });
    let recheck = json!({ "expectedVersion": 1, "decision": "CLOSED" });
    let cancel = json!({ "expectedVersion": 1, "reason": "误" });
    for (client, code) in
        [(&s.lead, "NOT_FOUND"), (&s.support, "NOT_FOUND"), (&s.office, "FORBIDDEN"), (&s.inspector, "FORBIDDEN")]
    {
        let payload = step(client, "Plan", &one, plan.clone()).await;
        assert_eq!(codes(&payload), [code]);
        assert_eq!(
            codes(&step(client, "Report", &one, json!({ "expectedVersion": 1, "result": "代写" })).await),
            [code]
        );
    }
    for client in [&s.responsible, &s.lead, &s.inspector, &s.admin] {
        assert_eq!(codes(&step(client, "Recheck", &one, recheck.clone()).await), ["FORBIDDEN"]);
        assert_eq!(codes(&step(client, "Cancel", &one, cancel.clone()).await), ["FORBIDDEN"]);
        assert_eq!(codes(&open(client, &own, json!({ "dueOn": "2026-07-10" })).await), ["FORBIDDEN"]);
    }
    assert_eq!(
        codes(&step(&s.office, "Cancel", &one, json!({ "expectedVersion": 3, "reason": "误" })).await),
        ["STALE"]
    );
    assert_eq!(s.rows().await, before);
    let cancelled = step(&s.office, "Cancel", &one, cancel).await;
    assert_eq!(errors(&cancelled), []);
    assert_eq!(cancelled["rectification"]["status"], "CANCELLED");
    assert_eq!(
        codes(&step(&s.responsible, "Plan", &one, json!({ "expectedVersion": 2, "measure": "迟" })).await),
        ["INVALID_STATE"]
    );
}

/// After a merger somebody else may have to put it right: on the task he must be, and the finding stays what it is about.
#[tokio::test]
async fn another_unit_on_the_task_may_have_to_put_it_right() {
    let s = stage().await;
    let (_, own, _) = finished(&s).await;
    let input = |unit: uuid::Uuid| json!({ "dueOn": "2026-07-10", "unit": id(Kind::Unit, unit) });
    let before = s.rows().await;
    let other = s.t.unit(s.t.root(s.list).await, "yunting.sfj").await;
    let refused = open(&s.office, &own, input(other)).await;
    assert_eq!(errors(&refused), [("CONFLICT".to_owned(), "input.unit".to_owned())], "its assignment was withdrawn");
    assert_eq!(s.rows().await, before);
    let payload = open(&s.office, &own, input(s.lead_unit)).await;
    assert_eq!(errors(&payload), []);
    let one = text(&payload["rectification"]["id"]);
    let query = "query($id: ID!) { rectification(id: $id) { problem item { id } } }";
    let data = s.lead.data(query, json!({ "id": one })).await;
    assert_eq!(data["rectification"], json!({ "problem": "虚构：专栏没有内容。", "item": null }));
    assert!(s.responsible.data(query, json!({ "id": one })).await["rectification"].is_null());
}

#[tokio::test]
async fn a_rectification_has_one_day_and_comes_out_of_a_finished_round() {
    let s = stage().await;
    let begun = begin(&s, "回头看").await;
    let own = item_of(&begun, s.responsible_unit);
    let found = json!({ "expectedVersion": 1, "finding": "NOT_DONE", "text": "没有" });
    assert_eq!(errors(&record(&s.office, &own, found).await), []);
    let before = s.rows().await;
    let early = open(&s.office, &own, json!({ "dueOn": "2026-07-10" })).await;
    assert_eq!(codes(&early), ["INVALID_STATE"], "it would tell the unit before the round is finished");
    assert_eq!(s.rows().await, before);

    let s = stage().await;
    let (_, own, _) = finished(&s).await;
    let before = s.rows().await;
    let at = |code: &str, field: &str| vec![(code.to_owned(), format!("input.{field}"))];
    for (more, expected) in [
        (json!({}), at("REQUIRED", "dueOn")),
        (json!({ "dueOn": "2026-07-10", "dueInWorkingDays": 5 }), at("CONFLICT", "dueOn")),
        (json!({ "dueOn": "2026-06-30" }), at("OUT_OF_RANGE", "dueOn")),
        (json!({ "dueInWorkingDays": 0 }), at("OUT_OF_RANGE", "dueInWorkingDays")),
        (json!({ "dueInWorkingDays": 251 }), at("OUT_OF_RANGE", "dueInWorkingDays")),
        (json!({ "dueInWorkingDays": 250 }), at("INVALID_STATE", "dueInWorkingDays")),
        (json!({ "dueOn": "2026-07-10", "problem": " " }), at("REQUIRED", "problem")),
    ] {
        assert_eq!(errors(&open(&s.office, &own, more.clone()).await), expected, "{more}");
    }
    assert_eq!(s.rows().await, before);
}

#[tokio::test]
async fn lateness_goes_by_the_day_of_the_clock() {
    let s = stage().await;
    let (one, _) = opened(&s).await;
    let query = "query($id: ID!) { rectification(id: $id) { isOverdue daysLeft workingDaysOverdue } rectifications(filter: { overdue: true }) { totalCount } }";
    let ask = async || s.responsible.data(query, json!({ "id": one })).await;
    let expected = |overdue: bool, left: i64, working: Value| {
        json!({ "rectification": { "isOverdue": overdue, "daysLeft": left, "workingDaysOverdue": working },
            "rectifications": { "totalCount": i64::from(overdue) } })
    };
    assert_eq!(ask().await, expected(false, 9, Value::Null));
    // 23:59 and 0:01 in Shanghai, by sessions that are an hour old at most.
    for (moment, overdue, left, working) in [
        ("2026-07-10T15:59:00Z", false, 0, Value::Null),
        ("2026-07-10T16:01:00Z", true, -1, json!(0)),
        ("2026-07-14T01:00:00Z", true, -4, json!(2)),
    ] {
        s.t.clock.set(moment.parse().unwrap());
        let client = s.t.sign_in(s.responsible.user.unwrap()).await;
        let data = client.data(query, json!({ "id": one })).await;
        assert_eq!(data, expected(overdue, left, working), "{moment} {}", s.t.clock.now());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_look_again_at_once_one_decides() {
    let s = stage().await;
    let (one, _) = opened(&s).await;
    assert_eq!(errors(&step(&s.responsible, "Plan", &one, json!({ "expectedVersion": 1, "measure": "补" })).await), []);
    assert_eq!(
        errors(&step(&s.responsible, "Report", &one, json!({ "expectedVersion": 2, "result": "补了" })).await),
        []
    );
    let (closed, returned) = tokio::join!(
        step(&s.office, "Recheck", &one, json!({ "expectedVersion": 3, "decision": "CLOSED" })),
        step(&s.both, "Recheck", &one, json!({ "expectedVersion": 3, "decision": "RETURNED", "text": "再补" }))
    );
    let mut all = [codes(&closed), codes(&returned)];
    all.sort();
    assert_eq!(all, [vec![], vec!["INVALID_STATE".to_owned()]]);
}

#[tokio::test]
async fn who_reported_it_does_not_look_again() {
    let s = stage().await;
    let (one, _) = opened(&s).await;
    assert_eq!(errors(&step(&s.both, "Plan", &one, json!({ "expectedVersion": 1, "measure": "补录" })).await), []);
    assert_eq!(errors(&step(&s.both, "Report", &one, json!({ "expectedVersion": 2, "result": "已补录" })).await), []);
    let can = async |client: &Client| {
        let query = "query($id: ID!) { rectification(id: $id) { viewerCan { recheck { allowed code reason } cancel { allowed } } } }";
        client.data(query, json!({ "id": one })).await["rectification"]["viewerCan"].take()
    };
    let own = can(&s.both).await;
    assert_eq!((&own["recheck"]["allowed"], &own["recheck"]["code"]), (&json!(false), &json!("FORBIDDEN")));
    assert_eq!(own["recheck"]["reason"], "不能复核本人报完成的整改，须由另一人复核。");
    assert_eq!(own["cancel"]["allowed"], true, "he holds the office");
    assert_eq!(can(&s.office).await["recheck"]["allowed"], true);
    let before = s.rows().await;
    for decision in [json!({ "decision": "CLOSED" }), json!({ "decision": "RETURNED", "text": "再补" })] {
        let mut input = decision;
        input["expectedVersion"] = json!(3);
        let refused = step(&s.both, "Recheck", &one, input).await;
        assert_eq!(codes(&refused), ["FORBIDDEN"]);
        assert_eq!(refused["userErrors"][0]["message"], "不能复核本人报完成的整改，须由另一人复核。");
    }
    assert_eq!(s.rows().await, before);
    // Sent back by the other one and reported by somebody else, it is his to look at.
    let back = json!({ "expectedVersion": 3, "decision": "RETURNED", "text": "再补" });
    assert_eq!(errors(&step(&s.office, "Recheck", &one, back).await), []);
    assert_eq!(can(&s.both).await["recheck"]["code"], "INVALID_STATE");
    let again = json!({ "expectedVersion": 4, "result": "都补了" });
    assert_eq!(errors(&step(&s.responsible, "Report", &one, again).await), []);
    let closed = step(&s.both, "Recheck", &one, json!({ "expectedVersion": 5, "decision": "CLOSED" })).await;
    assert_eq!((errors(&closed), &closed["rectification"]["status"]), (vec![], &json!("CLOSED")));
}
