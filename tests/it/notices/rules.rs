//! Rules by which units are reminded and urged by themselves.

use entity::{report_obligation, reporting_period};
use serde_json::{Value, json};
use taizhang::id::Kind;

use super::{deliver, kinds, told};
use crate::mutation::reports_stage::*;
use crate::support::Client;

const RULE: &str = "urgeRule { id offsetWorkingDays grade text replyWithinWorkingDays active ranOn version
    taskList { id } viewerCan { edit { allowed } } } userErrors { code message field }";

async fn create(client: &Client, s: &Stage, mut terms: Value) -> Value {
    terms["taskList"] = json!(id(Kind::TaskList, s.list));
    let query = format!("mutation($input: UrgeRuleCreateInput!) {{ urgeRuleCreate(input: $input) {{ {RULE} }} }}");
    client.payload(&query, json!({ "input": terms })).await
}

async fn update(client: &Client, rule: &str, terms: Value) -> Value {
    let query = format!(
        "mutation($id: ID!, $input: UrgeRuleUpdateInput!) {{ urgeRuleUpdate(id: $id, input: $input) {{ {RULE} }} }}"
    );
    client.payload(&query, json!({ "id": rule, "input": terms })).await
}

async fn remove(client: &Client, rule: &str, version: i64) -> Value {
    client
        .payload(
            "mutation($id: ID!, $input: VersionInput!) { urgeRuleDelete(id: $id, input: $input) { deletedId urgeRule { id } userErrors { code field } } }",
            json!({ "id": rule, "input": { "expectedVersion": version } }),
        )
        .await
}

/// Moves the clock to a time of day where the offices are, and follows the rules; how many were written to.
async fn at(s: &Stage, day: &str, time: &str) -> usize {
    s.t.clock.set(format!("{day}T{time}:00+08:00").parse().unwrap());
    s.t.service.urging_run_due().await.unwrap()
}

async fn again(s: &Stage, client: &Client) -> Client {
    s.t.sign_in(client.user.unwrap()).await
}

/// What the lead owes.
async fn owed(s: &Stage, office: &Client) -> String {
    let query = "query($filter: ReportObligationFilter) { reportObligations(filter: $filter) { nodes { id } } }";
    let filter = json!({ "filter": { "unit": { "eq": id(Kind::Unit, s.lead_unit) } } });
    text(&office.data(query, filter).await["reportObligations"]["nodes"][0]["id"])
}

/// The notices in the order of their numbers.
async fn sent(s: &Stage) -> Vec<Value> {
    let office = again(s, &s.office).await;
    let query = "{ urgeNotices(first: 50) { nodes { grade daysOverdue replyDueOn text items { totalCount } } } }";
    let data = office.data(query, json!({})).await;
    data["urgeNotices"]["nodes"].as_array().unwrap().iter().rev().cloned().collect()
}

/// A period that is due on Friday, 10 July 2026.
async fn stage() -> Stage {
    let s = Stage::new().await;
    s.opened().await;
    deliver(&s).await;
    s
}

#[tokio::test]
async fn units_are_reminded_before_and_urged_behind_the_day_once() {
    let s = stage().await;
    for terms in [
        json!({ "offsetWorkingDays": -3 }),
        json!({ "offsetWorkingDays": 0 }),
        json!({ "offsetWorkingDays": 1, "grade": "BLUE", "text": " 请尽快。 ", "replyWithinWorkingDays": 2 }),
        json!({ "offsetWorkingDays": 3, "grade": "RED" }),
    ] {
        let made = create(&s.office, &s, terms).await;
        assert_eq!(errors(&made), []);
        assert_eq!(made["urgeRule"]["viewerCan"]["edit"]["allowed"], true);
    }
    assert_eq!(at(&s, "2026-07-06", "10:00").await, 0, "four working days before");
    // 7 July is three working days before: at night nobody is written to, in the morning both units are, once.
    assert_eq!(at(&s, "2026-07-07", "08:59").await, 0);
    assert_eq!(at(&s, "2026-07-07", "09:00").await, 2, "one digest for each unit, however much it owes");
    assert_eq!(at(&s, "2026-07-07", "09:01").await, 0);
    assert_eq!(at(&s, "2026-07-08", "10:00").await, 0, "said is said");
    deliver(&s).await;
    let responsible = again(&s, &s.responsible).await;
    assert_eq!(kinds(&responsible).await, ["REMINDED", "PERIOD_OPENED"]);
    let said = told(&responsible).await[0].1.clone();
    assert!(said.contains("2026-07-10") && said.contains("尚有未报事项"), "{said}");
    assert!(kinds(&again(&s, &s.support).await).await.is_empty(), "who owes nothing is not reminded");

    // On the day itself until six o'clock, not later.
    assert_eq!(at(&s, "2026-07-10", "18:00").await, 0);
    assert_eq!(at(&s, "2026-07-10", "17:59").await, 2);
    // A weekend, then the first working day behind: numbered notices.
    assert_eq!(at(&s, "2026-07-11", "10:00").await, 0);
    assert_eq!(at(&s, "2026-07-13", "10:00").await, 2);
    let notices = sent(&s).await;
    assert_eq!(notices.len(), 2);
    for notice in &notices {
        assert_eq!(
            (&notice["grade"], &notice["daysOverdue"], &notice["replyDueOn"], &notice["text"]),
            (&json!("BLUE"), &json!(3), &json!("2026-07-15"), &json!("请尽快。"))
        );
    }
    let counts: Vec<_> = notices.iter().map(|notice| notice["items"]["totalCount"].as_i64().unwrap()).collect();
    assert_eq!(counts.iter().sum::<i64>(), 3);
    // Nobody did it, and the trail says which rule.
    assert_eq!(
        s.count("audit_entry WHERE result = 'DONE' AND operation = 'urgeNoticeSend' AND user_id IS NULL").await,
        1
    );

    // What comes in meanwhile is not urged.
    let (lead, office) = (again(&s, &s.lead).await, again(&s, &s.office).await);
    let saved = save(&lead, full(&owed(&s, &office).await), None).await;
    let report = text(&saved["progressReport"]["id"]);
    assert_eq!(errors(&act(&lead, "Submit", &report, json!({ "expectedVersion": 1 }), None).await), []);
    assert_eq!(at(&s, "2026-07-15", "10:00").await, 1);
    let last = sent(&s).await.pop().unwrap();
    assert_eq!((&last["grade"], &last["daysOverdue"]), (&json!("RED"), &json!(5)));
    assert_eq!(at(&s, "2026-07-16", "10:00").await, 0);
}

#[tokio::test]
async fn a_program_that_slept_sends_one_letter_and_not_three() {
    let s = stage().await;
    for (offset, grade) in [(1, "BLUE"), (2, "YELLOW"), (3, "RED")] {
        let made = create(&s.office, &s, json!({ "offsetWorkingDays": offset, "grade": grade })).await;
        assert_eq!(errors(&made), []);
    }
    assert_eq!(errors(&create(&s.office, &s, json!({ "offsetWorkingDays": -5 })).await), []);
    assert_eq!(at(&s, "2026-07-20", "10:00").await, 2);
    let grades: Vec<_> = sent(&s).await.iter().map(|notice| text(&notice["grade"])).collect();
    assert_eq!(grades, ["RED", "RED"], "the last one speaks, and nobody is reminded of a day that is over");
    // A rule that comes too late for its day says nothing again.
    let made = create(&again(&s, &s.office).await, &s, json!({ "offsetWorkingDays": 2, "grade": "BLUE" })).await;
    assert_eq!(errors(&made), []);
    assert_eq!(at(&s, "2026-07-20", "10:01").await, 0);
    assert_eq!(at(&s, "2026-07-21", "10:00").await, 0);
}

#[tokio::test]
async fn more_time_and_grace_put_urging_off() {
    let s = stage().await;
    assert_eq!(errors(&create(&s.office, &s, json!({ "offsetWorkingDays": 1, "grade": "BLUE" })).await), []);
    let tx = s.t.service.store().begin().await.unwrap();
    let column = report_obligation::Column::UnitId;
    let mut lead = tx.all_where::<report_obligation::Entity>(column, &[s.lead_unit]).await.unwrap().remove(0);
    lead.due_on = Some("2026-07-17".parse().unwrap());
    let column = reporting_period::Column::Id;
    let id = lead.reporting_period_id;
    let mut period = tx.all_where::<reporting_period::Entity>(column, &[id]).await.unwrap().remove(0);
    period.grace_working_days = 2;
    tx.update::<report_obligation::Entity>(lead).await.unwrap();
    tx.update::<reporting_period::Entity>(period).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(at(&s, "2026-07-13", "10:00").await, 0, "in the grace");
    assert_eq!(at(&s, "2026-07-15", "10:00").await, 1, "three working days behind: grace and one");
    assert_eq!(sent(&s).await[0]["daysOverdue"], 5, "late it is since the day itself");
    assert_eq!(at(&s, "2026-07-20", "10:00").await, 0);
    assert_eq!(at(&s, "2026-07-22", "10:00").await, 1, "the lead had until the 17th");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_programs_on_one_database_urge_once() {
    let s = stage().await;
    assert_eq!(errors(&create(&s.office, &s, json!({ "offsetWorkingDays": 1, "grade": "BLUE" })).await), []);
    s.t.clock.set("2026-07-13T10:00:00+08:00".parse().unwrap());
    let run = || s.t.service.urging_run_due();
    let (a, b, c, d) = tokio::join!(run(), run(), run(), run());
    assert_eq!(a.unwrap() + b.unwrap() + c.unwrap() + d.unwrap(), 2);
    assert_eq!(s.count("urge_notice").await, 2);
}

#[tokio::test]
async fn rules_are_kept_by_the_office_and_make_sense() {
    let s = stage().await;
    let wrong = [
        (json!({ "offsetWorkingDays": 21, "grade": "BLUE" }), "OUT_OF_RANGE", "offsetWorkingDays"),
        (json!({ "offsetWorkingDays": 1 }), "REQUIRED", "grade"),
        (json!({ "offsetWorkingDays": 0, "grade": "RED" }), "CONFLICT", "grade"),
        (json!({ "offsetWorkingDays": -1, "text": "快" }), "CONFLICT", "text"),
        (
            json!({ "offsetWorkingDays": 1, "grade": "RED", "replyWithinWorkingDays": 0 }),
            "OUT_OF_RANGE",
            "replyWithinWorkingDays",
        ),
    ];
    for (terms, code, field) in wrong {
        let refused = create(&s.office, &s, terms).await;
        assert_eq!(refused["userErrors"][0]["code"], code, "{refused}");
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", field]));
    }
    assert_eq!(s.count("urge_rule").await, 0);
    let terms = || json!({ "offsetWorkingDays": 1, "grade": "BLUE" });
    for other in [&s.foreign, &s.inspector, &s.responsible, &s.lead] {
        let query = format!("mutation($input: UrgeRuleCreateInput!) {{ urgeRuleCreate(input: $input) {{ {RULE} }} }}");
        let mut input = terms();
        input["taskList"] = json!(id(Kind::TaskList, s.list));
        let answer = other.answer(&query, json!({ "input": input })).await.to_string();
        assert!(!answer.contains("urgerule_"), "{answer}");
    }
    assert_eq!(s.count("urge_rule").await, 0);
    let made = create(&s.office, &s, terms()).await;
    let rule = text(&made["urgeRule"]["id"]);
    let mut off = terms();
    (off["expectedVersion"], off["active"]) = (json!(1), json!(false));
    let changed = update(&s.office, &rule, off.clone()).await;
    assert_eq!((codes(&changed), &changed["urgeRule"]["active"]), (vec![], &json!(false)));
    assert_eq!(codes(&update(&s.office, &rule, off).await), ["STALE"]);
    assert_eq!(at(&s, "2026-07-13", "10:00").await, 0, "what is switched off does nothing");
    let office = again(&s, &s.office).await;
    let seen = "query($id: ID!) { taskList(id: $id) { urgeRules { totalCount nodes { id } } } }";
    let list = json!({ "id": id(Kind::TaskList, s.list) });
    assert_eq!(office.data(seen, list.clone()).await["taskList"]["urgeRules"]["totalCount"], 1);
    let unit = again(&s, &s.responsible).await;
    assert_eq!(unit.data(seen, list).await["taskList"]["urgeRules"], json!({ "totalCount": 0, "nodes": [] }));
    assert_eq!(errors(&remove(&office, &rule, 2).await), []);
    assert_eq!(s.count("urge_rule").await, 0);
}
