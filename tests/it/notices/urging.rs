//! 催办: sent, read and replied to.

use serde_json::{Value, json};
use taizhang::id::{GlobalId, Kind};

use super::{deliver, kinds, told};
use crate::mutation::reports_stage::*;
use crate::support::Client;

const NOTICE: &str =
    "id documentNumber number year grade text daysOverdue replyDueOn reply repliedAt readAt version unit { id }
    period { id } taskList { id } items { totalCount nodes { obligation { id } } }";

async fn send(client: &Client, input: Value, key: Option<&str>) -> Value {
    let query = format!(
        "mutation($input: UrgeNoticeSendInput!, $key: String) {{ urgeNoticeSend(input: $input, idempotencyKey: $key) {{
            outcomes {{ unitId urgeNotice {{ {NOTICE} }} userErrors {{ code field }} }} userErrors {{ code message field }} }} }}"
    );
    client.payload(&query, json!({ "input": input, "key": key })).await
}

async fn change(client: &Client, verb: &str, kind: &str, id: &str, input: Value) -> Value {
    let query = format!(
        "mutation($id: ID!, $input: {kind}!) {{ urgeNotice{verb}(id: $id, input: $input) {{
            urgeNotice {{ {NOTICE} }} userErrors {{ code message field }} }} }}"
    );
    client.payload(&query, json!({ "id": id, "input": input })).await
}

async fn reply(client: &Client, id: &str, version: i64, text: &str) -> Value {
    change(client, "Reply", "UrgeNoticeReplyInput", id, json!({ "expectedVersion": version, "reply": text })).await
}

async fn numbers(client: &Client) -> Vec<String> {
    let data = client.data("{ urgeNotices(first: 100) { totalCount nodes { documentNumber } } }", json!({})).await;
    let nodes = data["urgeNotices"]["nodes"].as_array().unwrap();
    assert_eq!(data["urgeNotices"]["totalCount"], nodes.len());
    nodes.iter().map(|node| text(&node["documentNumber"])).collect()
}

fn to(period: &str, units: &[uuid::Uuid]) -> Value {
    let units: Vec<String> = units.iter().map(|unit| id(Kind::Unit, *unit)).collect();
    json!({ "period": period, "units": units, "grade": "YELLOW", "text": " 请抓紧报送。 ", "replyDueOn": "2026-07-20" })
}

#[tokio::test]
async fn units_that_owe_are_urged_by_one_numbered_notice_each() {
    let s = Stage::new().await;
    let period = s.opened().await;
    s.t.clock.set("2026-07-13T01:00:00Z".parse().unwrap());
    let office = s.t.sign_in(s.office.user.unwrap()).await;
    let nobody = s.t.ids.next();
    let units = [s.responsible_unit, s.lead_unit, s.support_unit, nobody, s.lead_unit];
    let payload = send(&office, to(&period, &units), Some("k")).await;
    assert_eq!(payload["userErrors"], json!([]));
    let outcomes = payload["outcomes"].as_array().unwrap();
    let first = &outcomes[0]["urgeNotice"];
    assert_eq!((&first["documentNumber"], &first["daysOverdue"]), (&json!("催办〔2026〕1号"), &json!(3)));
    assert_eq!(
        (&first["grade"], &first["text"], &first["replyDueOn"]),
        (&json!("YELLOW"), &json!("请抓紧报送。"), &json!("2026-07-20"))
    );
    assert_eq!(first["items"]["totalCount"], 2, "one notice about everything it owes");
    assert_eq!(first["period"]["id"], json!(period));
    assert_eq!(outcomes[1]["urgeNotice"]["documentNumber"], "催办〔2026〕2号");
    let code = |nth: usize| outcomes[nth]["userErrors"][0]["code"].clone();
    assert_eq!([code(2), code(3), code(4)], [json!("INVALID_STATE"), json!("NOT_FOUND"), json!("INVALID_STATE")]);
    assert_eq!(outcomes[2]["userErrors"][0]["field"], json!(["input", "units", "2"]));
    // The same call again is the same call.
    assert_eq!(send(&office, to(&period, &units), Some("k")).await, payload);
    assert_eq!((s.count("urge_notice").await, s.count("urge_notice_item").await), (2, 3));
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'urgeNoticeSend'").await, 1);

    // Between the office and the unit.
    let again = async |client: &Client| s.t.sign_in(client.user.unwrap()).await;
    let (responsible, lead) = (again(&s.responsible).await, again(&s.lead).await);
    assert_eq!(numbers(&office).await, ["催办〔2026〕2号", "催办〔2026〕1号"]);
    assert_eq!(numbers(&responsible).await, ["催办〔2026〕1号"]);
    assert_eq!(numbers(&lead).await, ["催办〔2026〕2号"]);
    for other in [&s.support, &s.foreign, &s.inspector, &s.admin] {
        assert!(numbers(&again(other).await).await.is_empty());
    }
    deliver(&s).await;
    assert_eq!(kinds(&responsible).await, ["URGED", "PERIOD_OPENED"]);
    assert_eq!(told(&lead).await[0].1, "收到催办〔2026〕2号，请及时报送，并于2026-07-20前回复。");
    assert_eq!(
        s.count("notification WHERE kind = 'URGED'").await,
        4,
        "three people of the responsible unit, one of the lead"
    );

    // The numbers go on, and begin anew in another year.
    let payload = send(&office, to(&period, &[s.lead_unit]), None).await;
    assert_eq!(payload["outcomes"][0]["urgeNotice"]["number"], 3);
    s.t.clock.set("2027-01-04T01:00:00Z".parse().unwrap());
    let office = again(&s.office).await;
    let mut input = to(&period, &[s.lead_unit]);
    input["replyDueOn"] = Value::Null;
    let payload = send(&office, input, None).await;
    assert_eq!(payload["outcomes"][0]["urgeNotice"]["documentNumber"], "催办〔2027〕1号");
}

#[tokio::test]
async fn who_may_not_urge_changes_nothing() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let units = [s.responsible_unit];
    // An office below the issuer, or beside it, has nothing to do with the list.
    let beside = s.lead_unit;
    let elsewhere = s.t.user("elsewhere", beside, &[(entity::vocabulary::Role::Office, beside)]).await;
    let before = s.rows().await;
    for client in [&s.responsible, &s.lead, &s.foreign, &s.inspector, &s.admin] {
        let payload = send(client, to(&period, &units), None).await;
        assert_eq!(codes(&payload), ["FORBIDDEN"]);
    }
    let payload = send(&elsewhere, to(&period, &units), None).await;
    assert_eq!(errors(&payload), [("NOT_FOUND".into(), "input.period".into())]);
    let mut bad = to(&period, &[]);
    bad["replyDueOn"] = json!("2026-06-30");
    bad["text"] = json!("长".repeat(2_001));
    let wrong = send(&s.office, bad, None).await;
    let mut wrong = errors(&wrong);
    wrong.sort();
    let expected = [("OUT_OF_RANGE", "input.replyDueOn"), ("REQUIRED", "input.units"), ("TOO_LONG", "input.text")];
    assert_eq!(wrong, expected.map(|(code, field)| (code.to_owned(), field.to_owned())));
    let many = send(&s.office, to(&period, &vec![s.lead_unit; 101]), None).await;
    assert_eq!(codes(&many), ["LIMIT"]);
    assert_eq!(s.rows().await, before);
    assert_eq!(s.count("urge_notice").await, 0);
    assert_eq!(errors(&close(&s.office, &period, 1).await), []);
    assert_eq!(codes(&send(&s.office, to(&period, &units), None).await), ["INVALID_STATE"]);
    assert_eq!(s.count("urge_notice").await, 0);
}

#[tokio::test]
async fn the_unit_reads_and_replies_once() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let payload = send(&s.office, to(&period, &[s.responsible_unit, s.lead_unit]), None).await;
    let notice = text(&payload["outcomes"][0]["urgeNotice"]["id"]);
    assert_eq!(payload["outcomes"][0]["urgeNotice"]["daysOverdue"], 0, "the day has not come");
    // Somebody else's is not there.
    for (client, code) in [(&s.lead, "NOT_FOUND"), (&s.foreign, "NOT_FOUND"), (&s.office, "FORBIDDEN")] {
        let payload = reply(client, &notice, 1, "无关").await;
        assert_eq!(codes(&payload), [code]);
        let payload = change(client, "MarkRead", "VersionInput", &notice, json!({ "expectedVersion": 1 })).await;
        assert_eq!(codes(&payload), [code]);
    }
    assert_eq!(s.count("urge_notice WHERE reply IS NOT NULL OR read_at IS NOT NULL").await, 0);
    let stale = change(&s.responsible, "MarkRead", "VersionInput", &notice, json!({ "expectedVersion": 9 })).await;
    assert_eq!(codes(&stale), ["STALE"]);
    let read = change(&s.responsible, "MarkRead", "VersionInput", &notice, json!({ "expectedVersion": 1 })).await;
    assert_eq!(read["userErrors"], json!([]));
    assert!(read["urgeNotice"]["readAt"].is_string());
    let again = change(&s.responsible, "MarkRead", "VersionInput", &notice, json!({ "expectedVersion": 2 })).await;
    assert_eq!(again["urgeNotice"], read["urgeNotice"], "once is enough");

    assert_eq!(errors(&reply(&s.responsible, &notice, 2, "  ").await), [("REQUIRED".into(), "input.reply".into())]);
    let done = reply(&s.responsible, &notice, 2, "本周内报送。").await;
    assert_eq!((&done["userErrors"], &done["urgeNotice"]["reply"]), (&json!([]), &json!("本周内报送。")));
    assert_eq!(codes(&reply(&s.responsible, &notice, 3, "再改").await), ["INVALID_STATE"]);
    let query = "{ a: urgeNotices(filter: { replied: true }) { nodes { reply } } b: urgeNotices(filter: { read: false }) { totalCount } }";
    let data = s.office.data(query, json!({})).await;
    assert_eq!(data, json!({ "a": { "nodes": [{ "reply": "本周内报送。" }] }, "b": { "totalCount": 1 } }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_are_given_once_however_many_send() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let mut sending = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let (office, input) = (s.office.clone(), to(&period, &[s.lead_unit, s.responsible_unit]));
        sending.spawn(async move { errors(&send(&office, input, None).await) });
    }
    for done in sending.join_all().await {
        assert_eq!(done, []);
    }
    let mut given = numbers(&s.office).await;
    given.sort_by_key(|text| {
        text.trim_matches(|c: char| !c.is_ascii_digit())
            .rsplit('〕')
            .next()
            .unwrap()
            .trim_end_matches('号')
            .parse::<i32>()
            .unwrap()
    });
    let expected: Vec<String> = (1..=12).map(|n| format!("催办〔2026〕{n}号")).collect();
    assert_eq!(given, expected);
    assert!(GlobalId::new(Kind::UrgeNotice, s.list).to_string().starts_with("urge_"));
}

#[tokio::test]
async fn units_are_reminded_of_a_reply_the_day_before_and_on_the_day() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let mut input = to(&period, &[s.lead_unit, s.responsible_unit]);
    input["replyDueOn"] = json!("2026-07-13");
    let sent = send(&s.office, input, None).await;
    deliver(&s).await;
    let at = async |moment: &str| {
        s.t.clock.set(format!("{moment}:00+08:00").parse().unwrap());
        let reminded = s.t.service.urging_remind_replies().await.unwrap();
        deliver(&s).await;
        let mut all = Vec::new();
        for client in [&s.lead, &s.responsible, &s.support, &s.office] {
            let client = s.t.sign_in(client.user.unwrap()).await;
            all.push(kinds(&client).await.iter().filter(|kind| *kind == "URGED").count());
        }
        (reminded, all)
    };
    assert_eq!(at("2026-07-09T10:00").await, (Some(0), vec![1, 1, 0, 0]), "two working days before");
    // The 13th is a Monday: the working day before it is Friday, the 10th.
    assert_eq!(at("2026-07-10T08:59").await, (None, vec![1, 1, 0, 0]));
    assert_eq!(at("2026-07-10T09:00").await, (Some(2), vec![2, 2, 0, 0]));
    assert_eq!(at("2026-07-10T09:01").await.1, [2, 2, 0, 0], "once, even if the program begins anew");
    assert_eq!(at("2026-07-11T10:00").await, (None, vec![2, 2, 0, 0]), "not on a Saturday");
    let lead = s.t.sign_in(s.lead.user.unwrap()).await;
    assert_eq!(told(&lead).await[0].1, "收到催办〔2026〕1号，请及时报送，并于2026-07-13前回复。");
    let notice = text(&sent["outcomes"][0]["urgeNotice"]["id"]);
    assert_eq!(errors(&reply(&lead, &notice, 1, "今日报送。").await), []);
    assert_eq!(at("2026-07-13T10:00").await, (Some(1), vec![2, 3, 0, 0]), "who has replied is not reminded");
    // Reported in the meantime, it owes the reply alone.
    let responsible = s.t.sign_in(s.responsible.user.unwrap()).await;
    for task in [s.task, s.second] {
        let office = s.t.sign_in(s.office.user.unwrap()).await;
        let filter = json!({ "filter": { "unit": { "eq": id(Kind::Unit, s.responsible_unit) }, "task": { "eq": id(Kind::Task, task) } } });
        let query = "query($filter: ReportObligationFilter) { reportObligations(filter: $filter) { nodes { id } } }";
        let owed = text(&office.data(query, filter).await["reportObligations"]["nodes"][0]["id"]);
        let report = text(&save(&responsible, full(&owed), None).await["progressReport"]["id"]);
        assert_eq!(errors(&act(&responsible, "Submit", &report, json!({ "expectedVersion": 1 }), None).await), []);
    }
    assert_eq!(
        told(&responsible).await[0].1,
        "曾收到催办〔2026〕2号，本单位现已没有未报事项，仍请于2026-07-13前回复。"
    );
    assert_eq!(at("2026-07-14T10:00").await, (Some(0), vec![2, 3, 0, 0]), "too late is no reminder any more");
}
