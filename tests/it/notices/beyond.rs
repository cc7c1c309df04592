//! What people are told besides reports and periods: signatures, more time, replies, amendments, objections.

use serde_json::{Value, json};
use taizhang::id::Kind;

use super::{deliver, kinds, told};
use crate::mutation::amendments_stage::{amend, answer, decide, number_two, response, seat};
use crate::mutation::reports_stage::*;
use crate::support::Client;

async fn newest(client: &Client) -> (String, String) {
    let (kind, text, _) = told(client).await.remove(0);
    (kind, text)
}

/// One verb with the identifier and the input that are needed; it must succeed.
async fn done(client: &Client, verb: &str, input_type: &str, id: Option<&str>, input: Value) -> Value {
    let (declared, given) = if id.is_some() { ("$id: ID!, ", "id: $id, ") } else { ("", "") };
    let query = format!(
        "mutation({declared}$input: {input_type}!) {{ {verb}({given}input: $input) {{ userErrors {{ code message field }} }} }}"
    );
    let payload = client.payload(&query, json!({ "id": id, "input": input })).await;
    assert_eq!(errors(&payload), [], "{verb}");
    payload
}

async fn first(client: &Client, query: &str, path: &[&str]) -> String {
    let data = client.data(query, json!({})).await;
    text(path.iter().fold(&data, |at, step| &at[*step])["nodes"].get(0).map_or(&Value::Null, |node| &node["id"]))
}

#[tokio::test]
async fn who_signs_is_told_and_who_wrote_hears_of_it() {
    let s = Stage::new().await;
    s.two_signatures().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    let at = |version: i64| json!({ "expectedVersion": version });
    assert_eq!(errors(&act(&s.responsible, "Submit", &report, at(1), None).await), []);
    deliver(&s).await;
    let (kind, said) = newest(&s.signer).await;
    assert_eq!((kind.as_str(), said.as_str()), ("SIGNATURE_WANTED", "《虚构清单》1–6月的落实情况待审签。"));
    assert_eq!(kinds(&s.responsible).await, ["PERIOD_OPENED"], "who only writes has nothing to sign");
    assert!(kinds(&s.office).await.is_empty(), "what is not signed is not with the office");
    let back = json!({ "expectedVersion": 2, "reason": "请补充" });
    assert_eq!(errors(&act(&s.signer, "SendBack", &report, back, None).await), []);
    deliver(&s).await;
    let (kind, said) = newest(&s.responsible).await;
    assert_eq!(kind, "SIGNATURE_REFUSED");
    assert_eq!(said, "第1项任务1–6月的落实情况未予签发，请修改后再送审签。");
    assert!(kinds(&s.office).await.is_empty() && kinds(&s.lead).await == ["PERIOD_OPENED"]);
}

#[tokio::test]
async fn requests_and_their_answers_are_told() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let ask = json!({ "obligation": owed, "until": "2026-07-17", "reason": "数据未齐" });
    done(&s.responsible, "extensionRequestCreate", "ExtensionRequestCreateInput", None, ask).await;
    deliver(&s).await;
    let (kind, said) = newest(&s.office).await;
    assert_eq!(kind, "EXTENSION_REQUESTED");
    assert!(said.ends_with("申请将第1项任务1–6月的报送延至2026-07-17，请处理。"), "{said}");
    let field = "{ viewer { notifications(first: 1) { nodes { id extensionRequest { id } taskList { title } } } } }";
    let seen = s.office.data(field, json!({})).await["viewer"]["notifications"]["nodes"][0].clone();
    assert_eq!(seen["taskList"]["title"], "虚构清单");
    let request = text(&seen["extensionRequest"]["id"]);
    let grant = json!({ "expectedVersion": 1, "decision": "GRANTED", "until": "2026-07-16" });
    done(&s.office, "extensionRequestDecide", "ExtensionRequestDecideInput", Some(&request), grant).await;
    deliver(&s).await;
    let (kind, said) = newest(&s.responsible).await;
    assert_eq!(kind, "EXTENSION_DECIDED");
    assert_eq!(said, "第1项任务1–6月的延期申请已有结果，现应于2026-07-16前报送。");
    assert_eq!(kinds(&s.lead).await, ["PERIOD_OPENED"], "between the office and the unit");

    let urge = json!({ "period": period, "units": [id(Kind::Unit, s.lead_unit)], "grade": "BLUE" });
    done(&s.office, "urgeNoticeSend", "UrgeNoticeSendInput", None, urge).await;
    let notice = first(&s.lead, "{ urgeNotices { nodes { id } } }", &["urgeNotices"]).await;
    let can = "query($id: ID!) { node(id: $id) { ... on UrgeNotice { viewerCan { reply { allowed code } markRead { allowed } } } } }";
    let at = json!({ "id": notice });
    assert_eq!(s.lead.data(can, at.clone()).await["node"]["viewerCan"]["reply"]["allowed"], true);
    assert_eq!(s.office.data(can, at.clone()).await["node"]["viewerCan"]["reply"]["code"], "FORBIDDEN");
    deliver(&s).await;
    let urged = async || told(&s.lead).await.into_iter().find(|(kind, ..)| kind == "URGED").unwrap().2;
    assert!(!urged().await);
    // Whoever reads or answers the letter itself has read that there is one.
    let reply = json!({ "expectedVersion": 1, "reply": "明日报送。" });
    done(&s.lead, "urgeNoticeReply", "UrgeNoticeReplyInput", Some(&notice), reply).await;
    assert!(urged().await);
    assert_eq!(s.lead.data(can, at).await["node"]["viewerCan"]["reply"]["code"], "INVALID_STATE");
    deliver(&s).await;
    let (kind, said) = newest(&s.office).await;
    assert_eq!(kind, "URGE_REPLIED");
    assert!(said.ends_with("回复了催办〔2026〕1号。"), "{said}");

    let version = number(&close(&s.office, &period, 1).await["reportingPeriod"]["version"]);
    let again = json!({ "expectedVersion": version, "unit": id(Kind::Unit, s.responsible_unit), "until": "2026-07-20", "reason": "补报" });
    done(&s.office, "reportingPeriodReopen", "ReportingPeriodReopenInput", Some(&period), again).await;
    deliver(&s).await;
    assert_eq!(newest(&s.responsible).await.0, "PERIOD_REOPENED");
    assert!(!kinds(&s.lead).await.contains(&"PERIOD_REOPENED".to_owned()));
}

#[tokio::test]
async fn amendments_and_objections_are_told() {
    let s = Stage::new().await;
    let second = id(Kind::Task, number_two(&s).await);
    let changed = amend(&s, json!([{ "withdrawTask": { "task": second } }])).await;
    assert_eq!(errors(&changed), []);
    let seat = seat(&s, s.task, s.lead_unit).await;
    let decline = json!({ "expectedVersion": 1, "reason": "职责不符" });
    assert_eq!(errors(&answer(&s.lead, "Decline", &seat, decline, None).await), []);
    deliver(&s).await;
    let (kind, said) = newest(&s.responsible).await;
    assert_eq!((kind.as_str(), said.as_str()), ("LIST_AMENDED", "《虚构清单》作了第1次调整，涉及本单位。"));
    let (kind, said) = newest(&s.office).await;
    assert_eq!(kind, "ASSIGNMENT_DECLINED");
    assert!(said.ends_with("对《虚构清单》中承担的任务提出异议，请处理。"), "{said}");
    let objection = text(&response(&s.lead, &seat).await["id"]);
    let rejected = json!({ "expectedVersion": 1, "decision": "REJECTED", "reason": "职责明确" });
    assert_eq!(errors(&decide(&s.office, &objection, rejected).await), []);
    deliver(&s).await;
    assert_eq!(newest(&s.lead).await.0, "OBJECTION_DECIDED");
    assert!(!kinds(&s.responsible).await.contains(&"OBJECTION_DECIDED".to_owned()));
}

#[tokio::test]
async fn the_day_that_is_named_is_the_one_that_counts_for_the_unit() {
    let s = Stage::new().await;
    let period = s.opened().await;
    deliver(&s).await;
    let more = async |owed: &str, until: &str| {
        let ask = json!({ "obligation": owed, "until": until, "reason": "数据未齐" });
        done(&s.responsible, "extensionRequestCreate", "ExtensionRequestCreateInput", None, ask).await;
        let asked =
            "query($id: ID!) { node(id: $id) { ... on ReportObligation { extensionRequests { nodes { id } } } } }";
        let data = s.office.data(asked, json!({ "id": owed })).await;
        let request = text(&data["node"]["extensionRequests"]["nodes"][0]["id"]);
        let grant = json!({ "expectedVersion": 1, "decision": "GRANTED", "until": until });
        done(&s.office, "extensionRequestDecide", "ExtensionRequestDecideInput", Some(&request), grant).await;
    };
    let opened = |due: &str| format!("《虚构清单》1–6月报送开始，请于{due}前报送。");
    let first_owed = s.owes(&period, s.responsible_unit, s.task).await;
    more(&first_owed, "2026-07-20").await;
    assert_eq!(newest(&s.responsible).await.1, opened("2026-07-10"), "the other one is due on the period's day still");
    let second_owed = s.owes(&period, s.responsible_unit, s.second).await;
    more(&second_owed, "2026-07-17").await;
    assert_eq!(newest(&s.responsible).await.1, opened("2026-07-17"));
    assert_eq!(newest(&s.lead).await.1, opened("2026-07-10"), "more time of one unit is none of the others");

    // Reminded of what is next, and of nothing that was handed in.
    let report = text(&save(&s.responsible, full(&second_owed), None).await["progressReport"]["id"]);
    assert_eq!(errors(&act(&s.responsible, "Submit", &report, json!({ "expectedVersion": 1 }), None).await), []);
    let rule = json!({ "taskList": id(Kind::TaskList, s.list), "offsetWorkingDays": -1 });
    done(&s.office, "urgeRuleCreate", "UrgeRuleCreateInput", None, rule).await;
    s.t.clock.set("2026-07-17T10:00:00+08:00".parse().unwrap());
    assert_eq!(s.t.service.urging_run_due().await.unwrap(), 1, "one working day before the 20th");
    deliver(&s).await;
    let responsible = s.t.sign_in(s.responsible.user.unwrap()).await;
    let (kind, said) = newest(&responsible).await;
    assert_eq!(kind, "REMINDED");
    assert_eq!(said, "《虚构清单》1–6月的落实情况应于2026-07-20前报送，本单位尚有未报事项。");
    let report = text(&save(&responsible, full(&first_owed), None).await["progressReport"]["id"]);
    assert_eq!(errors(&act(&responsible, "Submit", &report, json!({ "expectedVersion": 1 }), None).await), []);
    let said: Vec<String> = told(&responsible).await.into_iter().map(|(_, said, _)| said).collect();
    assert_eq!(said[0], "曾提醒报送《虚构清单》1–6月的落实情况，本单位现已没有未报事项。");
    assert_eq!(said.last().unwrap(), "《虚构清单》1–6月报送开始。");
}
