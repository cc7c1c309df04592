//! Rectifications of units that are on the task no more: because it was taken from them, or because they became another one.

use serde_json::{Value, json};

use super::*;
use crate::mutation::amendments_stage::{amend, seat};
use crate::mutation::unit_changes::verb;
use crate::notices::{deliver, told};
use crate::support::database::execute;

async fn opened(s: &Stage) -> (String, String) {
    let (_, own, _) = finished(s).await;
    let input = json!({ "lookBackItem": own, "problem": "虚构：专栏没有内容。", "dueOn": "2026-07-10" });
    let payload = make(&s.office, "rectificationOpen", RECTIFICATION, input).await;
    assert_eq!(errors(&payload), []);
    (text(&payload["rectification"]["id"]), own)
}

async fn step(client: &Client, verb: &str, rectification: &str, input: Value) -> Value {
    let (name, kind) = (format!("rectification{verb}"), format!("Rectification{verb}Input"));
    change(client, &name, &kind, RECTIFICATION, rectification, input).await
}

async fn read(client: &Client, rectification: &str) -> Value {
    let query = format!(
        "query($id: ID!) {{ {} viewer {{ work {{ toRectify {{ nodes {{ id task {{ number }} }} }} }} }} rectifications {{ totalCount }} }}",
        RECTIFICATION.replacen(' ', "(id: $id) ", 1)
    );
    client.data(&query, json!({ "id": rectification })).await
}

async fn merge(s: &Stage, client: &Client, into: Uuid) {
    let sources = [id(Kind::Unit, s.responsible_unit)];
    let input = json!({ "expectedVersion": 1, "sources": sources, "reason": "机构改革", "on": "2026-07-01" });
    assert_eq!(errors(&verb(client, "Merge", into, input, None).await), []);
}

#[tokio::test]
async fn the_successor_puts_it_right() {
    let s = stage().await;
    let (one, own) = opened(&s).await;
    let plan = json!({ "expectedVersion": 1, "measure": "补录" });
    assert_eq!(errors(&step(&s.responsible, "Plan", &one, plan).await), []);
    // One that is over stays with who did it.
    let input = json!({ "lookBackItem": own, "problem": "虚构：误。", "dueOn": "2026-07-10" });
    let over = make(&s.office, "rectificationOpen", RECTIFICATION, input).await;
    let over = text(&over["rectification"]["id"]);
    let called_off = json!({ "expectedVersion": 1, "reason": "误发" });
    assert_eq!(errors(&step(&s.office, "Cancel", &over, called_off).await), []);
    deliver(&s).await;

    merge(&s, &s.both, s.lead_unit).await;
    deliver(&s).await;
    let seen = read(&s.lead, &one).await;
    let row = &seen["rectification"];
    assert_eq!((&row["status"], &row["measure"], &row["version"]), (&json!("PLANNED"), &json!("补录"), &json!(3)));
    assert_eq!(row["unit"]["id"], id(Kind::Unit, s.lead_unit));
    assert_eq!(seen["viewer"]["work"]["toRectify"]["nodes"], json!([{ "id": one, "task": { "number": "1" } }]));
    let name = async |unit| {
        let data =
            s.office.data("query($id: ID!) { unit(id: $id) { name } }", json!({ "id": id(Kind::Unit, unit) })).await;
        text(&data["unit"]["name"])
    };
    let said = format!("单位合并，由{}转至{}：机构改革", name(s.responsible_unit).await, name(s.lead_unit).await);
    let steps: Vec<_> = row["steps"]["nodes"].as_array().unwrap().iter().map(|step| text(&step["text"])).collect();
    assert_eq!(steps, ["虚构：专栏没有内容。", "补录", &said]);
    assert!(read(&s.lead, &over).await["rectification"].is_null());
    assert!(read(&s.responsible, &one).await["rectification"].is_null());
    let (kind, said, _) = told(&s.lead).await.into_iter().find(|(kind, ..)| kind.starts_with("RECT")).unwrap();
    assert_eq!((kind.as_str(), said.as_str()), ("RECTIFICATION_OPENED", "第1项任务须整改，请于2026-07-10前完成。"));

    let result = json!({ "expectedVersion": 3, "result": "已补录" });
    assert_eq!(codes(&step(&s.responsible, "Report", &one, result.clone()).await), ["NOT_FOUND"]);
    assert_eq!(errors(&step(&s.lead, "Report", &one, result).await), []);
    let closed = step(&s.office, "Recheck", &one, json!({ "expectedVersion": 4, "decision": "CLOSED" })).await;
    assert_eq!(errors(&closed), []);
    assert_eq!(
        s.count("audit_entry WHERE result = 'DONE' AND operation = 'unitMerge' AND object_type = 'rectification'")
            .await,
        1
    );
}

/// Lists of past years are not amended: the successor is on none of their tasks, and has to put right what was found.
#[tokio::test]
async fn of_a_closed_list_too_whoever_enters_the_merger() {
    let s = stage().await;
    let (one, own) = opened(&s).await;
    execute(&s.t.database.url, "UPDATE task_list SET status = 'CLOSED'").await;
    let heir = s.t.unit(s.t.root(s.list).await, "yunting.sfj").await;
    merge(&s, &s.admin, heir).await;
    deliver(&s).await;
    let seen = read(&s.foreign, &one).await;
    let can = &seen["rectification"]["viewerCan"];
    assert_eq!((&can["plan"]["allowed"], &can["recheck"]["allowed"]), (&json!(true), &json!(false)));
    assert_eq!((&seen["rectification"]["item"], &seen["rectifications"]["totalCount"]), (&Value::Null, &json!(1)));
    assert_eq!(seen["viewer"]["work"]["toRectify"]["nodes"], json!([{ "id": one, "task": null }]));
    let lists =
        s.foreign.data("{ taskLists { totalCount } tasks { totalCount } lookBacks { totalCount } }", json!({})).await;
    for of in ["taskLists", "tasks", "lookBacks"] {
        assert_eq!(lists[of]["totalCount"], 0, "nothing else of the list");
    }
    let (kind, said, _) = told(&s.foreign).await.remove(0);
    assert_eq!((kind.as_str(), said.as_str()), ("RECTIFICATION_OPENED", "一项任务须整改，请于2026-07-10前完成。"));
    assert_eq!(errors(&step(&s.foreign, "Plan", &one, json!({ "expectedVersion": 2, "measure": "补录" })).await), []);

    // What is opened from now on goes to the successor too; who has nothing to do with it still does not get it.
    let input = json!({ "lookBackItem": own, "problem": "虚构：又一个问题。", "dueOn": "2026-07-10" });
    let more = make(&s.office, "rectificationOpen", RECTIFICATION, input.clone()).await;
    assert_eq!(errors(&more), []);
    assert_eq!(more["rectification"]["unit"]["id"], id(Kind::Unit, heir));
    let stranger = s.t.unit(s.t.root(s.list).await, "yunting.zfb").await;
    let before = s.rows().await;
    let mut elsewhere = input;
    elsewhere["unit"] = json!(id(Kind::Unit, stranger));
    let refused = make(&s.office, "rectificationOpen", RECTIFICATION, elsewhere).await;
    assert_eq!(errors(&refused), [("CONFLICT".to_owned(), "input.unit".to_owned())]);
    assert_eq!(s.rows().await, before);
}

#[tokio::test]
async fn who_is_on_the_task_no_more_puts_it_right_all_the_same() {
    let s = stage().await;
    let (one, own) = opened(&s).await;
    let gone = json!([
        { "withdrawAssignment": { "assignment": seat(&s, s.task, s.responsible_unit).await } },
    ]);
    assert_eq!(errors(&amend(&s, gone).await), []);
    let seen = read(&s.responsible, &one).await;
    assert_eq!(seen["rectification"]["problem"], "虚构：专栏没有内容。");
    assert_eq!(seen["viewer"]["work"]["toRectify"]["nodes"], json!([{ "id": one, "task": null }]));
    let found = "query($id: ID!) { node(id: $id) { id } }";
    assert!(s.responsible.data(found, json!({ "id": own })).await["node"].is_null(), "the finding goes with the task");
    assert!(read(&s.support, &one).await["rectification"].is_null());
    assert_eq!(
        errors(&step(&s.responsible, "Plan", &one, json!({ "expectedVersion": 1, "measure": "补录" })).await),
        []
    );
    let result = json!({ "expectedVersion": 2, "result": "已补录", "evidence": [{ "kind": "LINK", "url": "https://example.com/full" }] });
    let reported = step(&s.responsible, "Report", &one, result).await;
    assert_eq!((errors(&reported), &reported["rectification"]["evidence"]["totalCount"]), (vec![], &json!(1)));
    // Sent back, it is told what to do, although the task is not shown any more.
    let back = json!({ "expectedVersion": 3, "decision": "RETURNED", "text": "还缺一年" });
    assert_eq!(errors(&step(&s.office, "Recheck", &one, back).await), []);
    deliver(&s).await;
    let (kind, said, _) = told(&s.responsible).await.remove(0);
    assert_eq!((kind.as_str(), said.as_str()), ("RECTIFICATION_DECIDED", "一项任务的整改已有复查意见。"));
}
