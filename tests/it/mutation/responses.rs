//! Receipt and objection: who answers, who reads the answer, and what comes of an objection.

use serde_json::{Value, json};
use taizhang::id::Kind;

use super::amendments_stage::*;
use super::reports_stage::{Stage, codes, errors, id, text};

#[tokio::test]
async fn a_unit_acknowledges_and_only_the_office_and_itself_read_it() {
    let s = Stage::new().await;
    let seat = seat(&s, s.task, s.responsible_unit).await;
    let done = answer(&s.responsible, "Acknowledge", &seat, json!({ "expectedVersion": 1 }), Some("签")).await;
    assert_eq!(errors(&done), []);
    assert_eq!(done["assignment"]["response"]["kind"], "ACKNOWLEDGED");
    assert_eq!(done["assignment"]["response"]["respondedAt"], "2026-07-01T01:00:00.000Z");
    for (client, sees) in
        [(&s.office, true), (&s.inspector, true), (&s.responsible, true), (&s.lead, false), (&s.support, false)]
    {
        let shown = response(client, &seat).await;
        assert_eq!(shown.is_null(), !sees, "{shown}");
    }
    let response = text(&done["assignment"]["response"]["id"]);
    let node = "query($id: ID!) { node(id: $id) { id } }";
    assert!(s.lead.data(node, json!({ "id": response })).await["node"].is_null());
    assert!(s.foreign.data(node, json!({ "id": response })).await["node"].is_null());
    assert!(!s.office.data(node, json!({ "id": response })).await["node"].is_null());
    // Once is enough, and a repetition with the same key does nothing.
    let before = rows(&s).await;
    let again = answer(&s.responsible, "Acknowledge", &seat, json!({ "expectedVersion": 1 }), Some("签")).await;
    assert_eq!(again, done);
    let again = answer(&s.responsible, "Acknowledge", &seat, json!({ "expectedVersion": 1 }), None).await;
    assert_eq!(codes(&again), ["INVALID_STATE"]);
    assert_eq!(rows(&s).await, before);
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'assignmentAcknowledge'").await, 1);
    assert_eq!(s.count("outbox WHERE topic = 'assignment.acknowledged'").await, 1);
}

#[tokio::test]
async fn nobody_answers_for_another_unit() {
    let s = Stage::new().await;
    let seat = seat(&s, s.task, s.responsible_unit).await;
    let before = rows(&s).await;
    for verb in ["Acknowledge", "Decline"] {
        let input = match verb {
            "Decline" => json!({ "expectedVersion": 1, "reason": "虚构" }),
            _ => json!({ "expectedVersion": 1 }),
        };
        for (client, code) in [
            (&s.lead, "FORBIDDEN"),
            (&s.support, "FORBIDDEN"),
            (&s.foreign, "NOT_FOUND"),
            (&s.office, "FORBIDDEN"),
            (&s.inspector, "FORBIDDEN"),
            (&s.admin, "FORBIDDEN"),
        ] {
            assert_eq!(codes(&answer(client, verb, &seat, input.clone(), None).await), [code], "{verb}");
        }
        let mut stale = input.clone();
        stale["expectedVersion"] = json!(2);
        assert_eq!(codes(&answer(&s.responsible, verb, &seat, stale, None).await), ["STALE"]);
    }
    let blank = json!({ "expectedVersion": 1, "reason": " \n" });
    let blank = answer(&s.responsible, "Decline", &seat, blank, None).await;
    assert_eq!(errors(&blank), [("REQUIRED".to_owned(), "input.reason".to_owned())]);
    assert_eq!(codes(&acknowledge_all(&s.foreign, &s, None).await), ["NOT_FOUND"]);
    assert_eq!(codes(&acknowledge_all(&s.office, &s, None).await), ["FORBIDDEN"]);
    assert_eq!(rows(&s).await, before);
}

#[tokio::test]
async fn a_whole_list_is_acknowledged_at_once_and_counted_by_units() {
    let s = Stage::new().await;
    let counts = |units: i64, acknowledged: i64, pending: i64, declined: i64| json!({ "units": units, "acknowledged": acknowledged, "pending": pending, "declined": declined });
    assert_eq!(receipt(&s.office, &s).await, counts(3, 0, 3, 0));
    let one = seat(&s, s.task, s.responsible_unit).await;
    answer(&s.responsible, "Acknowledge", &one, json!({ "expectedVersion": 1 }), None).await;
    assert_eq!(receipt(&s.office, &s).await, counts(3, 0, 3, 0), "the unit has another task");

    let done = acknowledge_all(&s.both, &s, Some("整")).await;
    assert_eq!((errors(&done), &done["acknowledged"]), (vec![], &json!(1)), "what was answered is not answered again");
    assert_eq!(acknowledge_all(&s.both, &s, Some("整")).await, done);
    assert_eq!(receipt(&s.office, &s).await, counts(3, 1, 2, 0));
    assert_eq!(receipt(&s.responsible, &s).await, counts(1, 1, 0, 0), "a unit counts itself alone");
    assert_eq!(receipt(&s.lead, &s).await, counts(1, 0, 1, 0));
    assert_eq!(codes(&acknowledge_all(&s.responsible, &s, None).await), ["INVALID_STATE"]);
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'taskListAcknowledge'").await, 1);
    assert_eq!(s.count("outbox WHERE topic = 'task_list.acknowledged'").await, 1);

    let lead = seat(&s, s.task, s.lead_unit).await;
    answer(&s.lead, "Decline", &lead, json!({ "expectedVersion": 1, "reason": "不属本单位职责" }), None).await;
    assert_eq!(receipt(&s.office, &s).await, counts(3, 1, 1, 1));
    assert_eq!(receipt(&s.responsible, &s).await, counts(1, 1, 0, 0), "of the objection nobody else hears");
}

#[tokio::test]
async fn an_objection_is_rejected_with_a_word() {
    let s = Stage::new().await;
    let seat = seat(&s, s.task, s.responsible_unit).await;
    let input = json!({ "expectedVersion": 1, "reason": "  不属本单位职责 " });
    let done = answer(&s.responsible, "Decline", &seat, input.clone(), None).await;
    assert_eq!(errors(&done), []);
    assert_eq!(done["assignment"]["response"]["kind"], "DECLINED");
    assert_eq!(done["assignment"]["response"]["reason"], "不属本单位职责");
    let objection = text(&done["assignment"]["response"]["id"]);
    assert_eq!(codes(&answer(&s.responsible, "Decline", &seat, input.clone(), None).await), ["INVALID_STATE"]);

    let before = rows(&s).await;
    let decision =
        |version: i64, what: &str, why: &str| json!({ "expectedVersion": version, "decision": what, "reason": why });
    for (client, code) in
        [(&s.lead, "FORBIDDEN"), (&s.responsible, "FORBIDDEN"), (&s.foreign, "FORBIDDEN"), (&s.inspector, "FORBIDDEN")]
    {
        assert_eq!(codes(&decide(client, &objection, decision(1, "REJECTED", "仍由该单位负责")).await), [code]);
    }
    assert_eq!(codes(&decide(&s.office, &objection, decision(2, "REJECTED", "仍由该单位负责")).await), ["STALE"]);
    let blank = decide(&s.office, &objection, decision(1, "REJECTED", " ")).await;
    assert_eq!(errors(&blank), [("REQUIRED".to_owned(), "input.reason".to_owned())]);
    assert_eq!(rows(&s).await, before);

    let rejected = decide(&s.office, &objection, decision(1, "REJECTED", "仍由该单位负责")).await;
    assert_eq!(errors(&rejected), []);
    assert_eq!(rejected["assignmentResponse"]["decision"], "REJECTED");
    assert_eq!(response(&s.responsible, &seat).await["decisionReason"], "仍由该单位负责");
    assert_eq!(codes(&decide(&s.office, &objection, decision(2, "UPHELD", "改")).await), ["INVALID_STATE"]);
    assert_eq!(
        codes(&answer(&s.responsible, "Decline", &seat, input, None).await),
        ["INVALID_STATE"],
        "decided is decided"
    );
    let bowed = answer(&s.responsible, "Acknowledge", &seat, json!({ "expectedVersion": 1 }), None).await;
    assert_eq!(errors(&bowed), []);
    assert_eq!(bowed["assignment"]["response"]["kind"], "ACKNOWLEDGED");
    assert_eq!(bowed["assignment"]["response"]["reason"], "不属本单位职责", "the trace stays");
}

#[tokio::test]
async fn an_objection_that_is_upheld_withdraws_the_assignment() {
    let s = Stage::new().await;
    let period = s.opened().await;
    s.owes(&period, s.lead_unit, s.task).await;
    let seat_of_lead = seat(&s, s.task, s.lead_unit).await;
    let declined =
        answer(&s.lead, "Decline", &seat_of_lead, json!({ "expectedVersion": 1, "reason": "职责已划转" }), None).await;
    let objection = text(&declined["assignment"]["response"]["id"]);
    let upheld =
        decide(&s.office, &objection, json!({ "expectedVersion": 1, "decision": "UPHELD", "reason": "职责调整" }))
            .await;
    assert_eq!(errors(&upheld), []);
    assert_eq!(upheld["assignmentResponse"]["decision"], "UPHELD");
    assert!(upheld["assignmentResponse"]["assignment"].is_null());

    // On the next request the unit sees nothing of the task any more.
    let task = id(Kind::Task, s.task);
    let data = s.lead.data("query($t: ID!, $l: ID!) { task(id: $t) { id } taskList(id: $l) { id } tasks { totalCount } reportObligations { totalCount } }", json!({ "t": task, "l": id(Kind::TaskList, s.list) })).await;
    assert_eq!(
        data,
        json!({ "task": null, "taskList": null, "tasks": { "totalCount": 0 }, "reportObligations": { "totalCount": 0 } })
    );
    assert_eq!(s.count("report_obligation WHERE released_at IS NULL").await, 2, "the lead owes nothing any more");
    // The others read the amendment, with the office's reason and not the unit's.
    for client in [&s.office, &s.responsible, &s.support] {
        let all = amendments(client, &s).await;
        assert_eq!(all["totalCount"], 1);
        assert_eq!(all["nodes"][0]["reason"], "职责调整");
        assert_eq!(all["nodes"][0]["changes"]["nodes"][0]["kind"], "WITHDRAW_ASSIGNMENT");
        assert!(!all.to_string().contains("职责已划转"));
    }
    let amendment = text(&amendments(&s.office, &s).await["nodes"][0]["id"]);
    let node = "query($id: ID!) { node(id: $id) { ... on Amendment { reason taskList { id } changes { totalCount nodes { task { id } before { number title } } } } } }";
    let own = s.lead.data(node, json!({ "id": amendment })).await["node"].clone();
    assert_eq!(own["reason"], "职责调整", "who goes is told that it goes");
    assert_eq!((&own["taskList"], &own["changes"]["nodes"][0]["task"]), (&Value::Null, &Value::Null));
    assert!(s.foreign.data(node, json!({ "id": amendment })).await["node"].is_null());

    // A task is not left without anybody: its only unit stays until another one is named.
    let second = number_two(&s).await;
    let only = seat(&s, second, s.responsible_unit).await;
    let declined =
        answer(&s.responsible, "Decline", &only, json!({ "expectedVersion": 1, "reason": "虚构" }), None).await;
    let objection = text(&declined["assignment"]["response"]["id"]);
    let before = rows(&s).await;
    let input = json!({ "expectedVersion": 1, "decision": "UPHELD", "reason": "同意" });
    assert_eq!(
        errors(&decide(&s.office, &objection, input).await),
        [("UNASSIGNED".to_owned(), "input.decision".to_owned())]
    );
    assert_eq!(rows(&s).await, before);
    // With another unit in the same amendment it goes, and the objection is settled by that.
    let changes = json!([
        { "withdrawAssignment": { "assignment": only } },
        { "addAssignment": { "task": id(Kind::Task, second), "assignment": { "role": "LEAD", "unit": id(Kind::Unit, s.lead_unit) } } },
    ]);
    assert_eq!(errors(&amend(&s, changes).await), []);
    let data = s
        .office
        .data(
            "query($id: ID!) { node(id: $id) { ... on AssignmentResponse { decision decisionReason } } }",
            json!({ "id": objection }),
        )
        .await;
    assert_eq!(data["node"], json!({ "decision": "UPHELD", "decisionReason": "虚构调整" }));
}

#[tokio::test]
async fn who_objects_does_not_decide() {
    let s = Stage::new().await;
    let seat = seat(&s, s.task, s.responsible_unit).await;
    let input = json!({ "expectedVersion": 1, "reason": "不属本单位职责" });
    let done = answer(&s.both, "Decline", &seat, input, None).await;
    let objection = text(&done["assignment"]["response"]["id"]);
    let before = rows(&s).await;
    for decision in ["UPHELD", "REJECTED"] {
        let input = json!({ "expectedVersion": 1, "decision": decision, "reason": "经研究" });
        assert_eq!(codes(&decide(&s.both, &objection, input).await), ["FORBIDDEN"]);
    }
    assert_eq!(rows(&s).await, before);
    let input = json!({ "expectedVersion": 1, "decision": "UPHELD", "reason": "经研究" });
    assert_eq!(errors(&decide(&s.office, &objection, input).await), []);
}
