//! One letter of a rule for one unit, however many days what it owes is due on.

use entity::report_obligation;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use taizhang::id::Kind;

use super::deliver;
use crate::mutation::reports_stage::*;

async fn rule(s: &Stage, offset: i64) -> String {
    let mut terms = json!({ "taskList": id(Kind::TaskList, s.list), "offsetWorkingDays": offset });
    if offset > 0 {
        terms["grade"] = json!("BLUE");
    }
    let query = "mutation($input: UrgeRuleCreateInput!) { urgeRuleCreate(input: $input) { urgeRule { id } userErrors { code message field } } }";
    let made = s.office.payload(query, json!({ "input": terms })).await;
    assert_eq!(errors(&made), []);
    text(&made["urgeRule"]["id"])
}

async fn at(s: &Stage, day: &str) -> usize {
    s.t.clock.set(format!("{day}T10:00:00+08:00").parse().unwrap());
    s.t.service.urging_run_due().await.unwrap()
}

/// What the responsible unit owes is due on a Saturday and on the Sunday behind it, what the lead owes on the Friday before.
async fn weekend() -> Stage {
    let s = Stage::new().await;
    s.opened().await;
    deliver(&s).await;
    let tx = s.t.service.store().begin().await.unwrap();
    let column = report_obligation::Column::UnitId;
    let owed = tx.all_where::<report_obligation::Entity>(column, &[s.responsible_unit]).await.unwrap();
    assert_eq!(owed.len(), 2);
    for (mut row, day) in owed.into_iter().zip(["2026-07-11", "2026-07-12"]) {
        row.due_on = Some(day.parse().unwrap());
        tx.update::<report_obligation::Entity>(row).await.unwrap();
    }
    tx.commit().await.unwrap();
    s
}

/// The notices, by number: the unit's identifier and how much they are about.
async fn notices(s: &Stage) -> Vec<(String, i64)> {
    let office = s.t.sign_in(s.office.user.unwrap()).await;
    let query = "{ urgeNotices(first: 50) { nodes { unit { id } items { totalCount } } } }";
    let data = office.data(query, json!({})).await;
    let one = |node: &Value| (text(&node["unit"]["id"]), number(&node["items"]["totalCount"]));
    data["urgeNotices"]["nodes"].as_array().unwrap().iter().rev().map(one).collect()
}

/// How much each reminder is about.
async fn reminded_of(s: &Stage) -> Vec<i64> {
    use sea_orm::EntityTrait;
    let db = s.t.database.raw().await;
    #[expect(clippy::disallowed_methods, reason = "looks past every scope")]
    let all = entity::outbox::Entity::find().all(&db).await.unwrap();
    let reminders = all.into_iter().filter(|row| row.topic == "reporting_period.reminded");
    reminders.map(|row| number(&row.payload["obligations"])).collect()
}

/// How often a rule has acted for the responsible unit.
async fn acted(s: &Stage) -> i64 {
    s.count("urge_rule_run WHERE due_on IN ('2026-07-11', '2026-07-12')").await
}

#[tokio::test]
async fn two_days_that_come_to_one_working_day_are_one_letter() {
    let s = weekend().await;
    for offset in [-2, 0, 1] {
        rule(&s, offset).await;
    }
    let reminded = || s.count("outbox WHERE topic = 'reporting_period.reminded'");
    // Two working days before: the lead on Wednesday, the other on Thursday, for both of its days.
    assert_eq!((at(&s, "2026-07-08").await, acted(&s).await), (1, 0));
    assert_eq!((at(&s, "2026-07-09").await, acted(&s).await), (1, 2), "one letter, and each day is done");
    // The day itself: a Friday, and a Saturday and a Sunday that are reminded of on that Friday.
    assert_eq!((at(&s, "2026-07-10").await, acted(&s).await), (2, 4));
    assert_eq!(reminded().await, 4);
    let counted = reminded_of(&s).await;
    assert_eq!(counted.iter().filter(|n| **n == 2).count(), 2, "both reports in one reminder: {counted:?}");
    // And behind it.
    assert_eq!(at(&s, "2026-07-13").await, 2);
    assert_eq!(acted(&s).await, 6);
    let mut sent = notices(&s).await;
    sent.sort_by_key(|(_, items)| *items);
    assert_eq!(sent, [(id(Kind::Unit, s.lead_unit), 1), (id(Kind::Unit, s.responsible_unit), 2)]);
    assert_eq!(s.count("outbox WHERE topic = 'urge_notice.sent'").await, 2);
    for day in ["2026-07-13", "2026-07-14"] {
        assert_eq!(at(&s, day).await, 0, "said is said");
    }
}

#[tokio::test]
async fn what_breaks_off_is_sent_whole_the_next_time_and_once() {
    let s = weekend().await;
    rule(&s, 1).await;
    let db = s.t.database.raw().await;
    // The last thing it writes fails: as if the program died there.
    db.execute_unprepared("ALTER TABLE outbox RENAME TO outbox_away").await.unwrap();
    assert_eq!(at(&s, "2026-07-13").await, 0);
    db.execute_unprepared("ALTER TABLE outbox_away RENAME TO outbox").await.unwrap();
    assert_eq!((s.count("urge_notice").await, s.count("urge_rule_run").await), (0, 0), "nothing by halves");
    assert_eq!(at(&s, "2026-07-13").await, 2);
    assert_eq!((s.count("urge_notice").await, s.count("urge_rule_run").await), (2, 3));
    // Even where it is not known any more that the rules were followed today.
    db.execute_unprepared("UPDATE urge_rule SET ran_on = NULL").await.unwrap();
    assert_eq!(at(&s, "2026-07-13").await, 0);
    // One of the two days is not known to be done: the letter is about that one alone.
    let gone = format!("DELETE FROM urge_rule_run WHERE due_on = '{}'", "2026-07-12");
    db.execute_unprepared(&gone).await.unwrap();
    db.execute_unprepared("UPDATE urge_rule SET ran_on = NULL").await.unwrap();
    assert_eq!(at(&s, "2026-07-13").await, 1);
    assert_eq!(notices(&s).await.pop().unwrap(), (id(Kind::Unit, s.responsible_unit), 1));
    assert_eq!((s.count("urge_notice").await, s.count("urge_rule_run").await), (3, 3));
}

#[tokio::test]
async fn two_periods_that_come_to_one_day_are_one_letter() {
    let mut s = Stage::new().await;
    let half_year = s.opened().await;
    // The second quarter is due on the same Friday as January to June.
    let input = period_input(s.list, "PLAIN", "2026-04-01", "2026-06-30", "2026-07-10");
    let quarter = open(&s.office, input, None).await;
    assert_eq!(errors(&quarter), []);
    let quarter = text(&quarter["reportingPeriod"]["id"]);
    deliver(&s).await;
    rule(&s, 1).await;
    assert_eq!(at(&s, "2026-07-13").await, 2, "one letter for each unit");
    let mut sent = notices(&s).await;
    sent.sort_by_key(|(_, items)| *items);
    assert_eq!(sent, [(id(Kind::Unit, s.lead_unit), 2), (id(Kind::Unit, s.responsible_unit), 4)]);

    // Each item names its period, the notice that which began first; and it is found by either.
    s.office = s.t.sign_in(s.office.user.unwrap()).await;
    let lead = s.t.sign_in(s.lead.user.unwrap()).await;
    let query = "query($period: ID!) { urgeNotices(filter: { period: { eq: $period } }) { totalCount nodes {
        period { id } items { nodes { obligation { period { id } } } } } } }";
    for period in [&half_year, &quarter] {
        let found = &lead.data(query, json!({ "period": period })).await["urgeNotices"];
        assert_eq!(found["totalCount"], 1);
        let notice = &found["nodes"][0];
        assert_eq!(notice["period"]["id"], json!(half_year));
        let items = notice["items"]["nodes"].as_array().unwrap();
        let of: Vec<&Value> = items.iter().map(|item| &item["obligation"]["period"]["id"]).collect();
        assert_eq!(of, [&json!(half_year), &json!(quarter)]);
    }

    // What was reported in one of them leaves the other; only who owes nothing of it any more is not asked.
    deliver(&s).await;
    for (period, last) in [(&half_year, "收到催办〔2026〕"), (&quarter, "曾收到催办〔2026〕")] {
        let owed = s.owes(period, s.lead_unit, s.task).await;
        let saved = save(&lead, full(&owed), None).await;
        assert_eq!(errors(&saved), []);
        let report = text(&saved["progressReport"]["id"]);
        assert_eq!(errors(&act(&lead, "Submit", &report, json!({ "expectedVersion": 1 }), None).await), []);
        let told = super::told(&lead).await;
        let urged = told.iter().find(|(kind, ..)| kind == "URGED").unwrap();
        assert!(urged.1.starts_with(last), "{}", urged.1);
    }
}
