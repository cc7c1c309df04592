//! What is told of things that are over: a list on which the unit has nothing to do any more, a rectification called off.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use taizhang::id::Kind;

use super::{deliver, kinds, told};
use crate::look_back::{RECTIFICATION, change, finished, make, stage};
use crate::mutation::amendments_stage::{amend, answer, decide, response, seat, tasks};
use crate::mutation::reports_stage::*;

#[tokio::test]
async fn who_loses_the_last_task_of_a_list_hears_of_it() {
    let s = Stage::new().await;
    let place = seat(&s, s.task, s.lead_unit).await;
    let decline = json!({ "expectedVersion": 1, "reason": "职责不符" });
    assert_eq!(errors(&answer(&s.lead, "Decline", &place, decline, None).await), []);
    let objection = text(&response(&s.lead, &place).await["id"]);
    let upheld = json!({ "expectedVersion": 1, "decision": "UPHELD", "reason": "职责不在该单位" });
    assert_eq!(errors(&decide(&s.office, &objection, upheld).await), []);
    assert_eq!(tasks(&s.lead).await, [""; 0]);
    deliver(&s).await;

    let mut heard = told(&s.lead).await;
    heard.sort();
    let amended = "本单位原承担任务的一份清单作了第1次调整，其中已没有本单位承担的任务。";
    let decided = "本单位提出的异议已有处理结果，所涉清单中已没有本单位承担的任务。";
    let expected = [("LIST_AMENDED", amended), ("OBJECTION_DECIDED", decided)];
    assert_eq!(heard, expected.map(|(kind, said)| (kind.to_owned(), said.to_owned(), false)));
    let query = "{ viewer { notifications { nodes { kind taskList { id title } amendment { number changes { totalCount } } } } } }";
    let shown = s.lead.data(query, json!({})).await["viewer"]["notifications"]["nodes"].clone();
    for node in shown.as_array().unwrap() {
        assert_eq!(node["taskList"], Value::Null, "the list is not shown any more");
        let own = json!({ "number": 1, "changes": { "totalCount": 1 } });
        assert_eq!(node["amendment"], if node["kind"] == "LIST_AMENDED" { own } else { Value::Null });
    }
    let body = json!({ "query": "{ viewer { notifications { nodes { text } } } }" }).to_string();
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept-language", "en")
        .body(Body::from(body))
        .unwrap();
    let english = s.lead.request(request).await.into_body().collect().await.unwrap().to_bytes();
    let english = String::from_utf8(english.to_vec()).unwrap();
    assert!(
        english.contains("Amendment 1 of a list concerns your unit, which has no task in it any more."),
        "{english}"
    );
    assert!(english.contains("Your unit's objection was decided; it has no task in that list any more."), "{english}");

    // Nobody else hears of the objection; whoever is still on the list is told of which one it is.
    for other in [&s.responsible, &s.support, &s.foreign, &s.admin] {
        assert!(!kinds(other).await.contains(&"OBJECTION_DECIDED".to_owned()));
    }
    let back = json!([{ "addAssignment": { "task": id(Kind::Task, s.second), "assignment": { "role": "SUPPORT", "unit": id(Kind::Unit, s.lead_unit) } } }]);
    assert_eq!(errors(&amend(&s, back).await), []);
    let said: Vec<String> = told(&s.lead).await.into_iter().map(|(_, said, _)| said).collect();
    assert!(said.contains(&"《虚构清单》作了第1次调整，涉及本单位。".to_owned()), "{said:?}");
    assert!(said.contains(&"本单位对《虚构清单》提出的异议已有处理结果。".to_owned()), "{said:?}");
}

#[tokio::test]
async fn a_rectification_that_is_called_off_is_told_as_that() {
    let s = stage().await;
    let (_, own, _) = finished(&s).await;
    let input = json!({ "lookBackItem": own, "problem": "虚构：专栏没有内容。", "dueOn": "2026-07-10" });
    let opened = make(&s.office, "rectificationOpen", RECTIFICATION, input).await;
    assert_eq!(errors(&opened), []);
    let one = text(&opened["rectification"]["id"]);
    deliver(&s).await;
    let (kind, said, _) = told(&s.responsible).await.remove(0);
    assert_eq!((kind.as_str(), said.as_str()), ("RECTIFICATION_OPENED", "第1项任务须整改，请于2026-07-10前完成。"));
    let reason = json!({ "expectedVersion": 1, "reason": "重复交办" });
    let done = change(&s.office, "rectificationCancel", "RectificationCancelInput", RECTIFICATION, &one, reason).await;
    assert_eq!(errors(&done), []);
    deliver(&s).await;
    let (kind, said, _) = told(&s.responsible).await.remove(0);
    assert_eq!((kind.as_str(), said.as_str()), ("RECTIFICATION_DECIDED", "第1项任务的整改已取消。"));
    for other in [&s.lead, &s.office, &s.support] {
        assert!(!kinds(other).await.contains(&"RECTIFICATION_DECIDED".to_owned()));
    }
}
