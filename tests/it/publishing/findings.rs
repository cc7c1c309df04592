//! What the detectors find keeps a text from the public, until it is taken out or let through.

use entity::vocabulary::{AssignmentRole, Completion};
use serde_json::json;
use taizhang::documents::publication::*;

use super::scene::*;
use crate::mutation::reports_stage::*;
use crate::support::database::execute;

async fn with_numbers(p: &Scene) -> serde_json::Value {
    execute(&p.s.t.database.url, "UPDATE task SET title = '咨询电话0594-2345678', requirement = '联系人张某13800138000、13900139000' WHERE number = '1'").await;
    p.prepared(p.of_list("虚构")).await
}

#[tokio::test]
async fn open_findings_stop_the_secrecy_review() {
    let p = Scene::new().await;
    let made = with_numbers(&p).await;
    let key = text(&made["id"]);
    assert_eq!((&made["openFindingCount"], &made["findings"]["totalCount"]), (&json!(3), &json!(3)));
    let first = &made["findings"]["nodes"][0];
    assert_eq!(
        (&first["kind"], &first["field"], &first["taskNumber"], &first["pointer"], &first["excerpt"]),
        (
            &json!("PHONE"),
            &json!("TASK_TITLE"),
            &json!("1"),
            &json!("/content/tasks/0/title"),
            &json!("咨询电话0594-****678")
        )
    );
    let excerpts = made["findings"].to_string();
    assert!(!excerpts.contains("13800138000") && !excerpts.contains("2345678"), "{excerpts}");
    let ids: Vec<String> = made["findings"]["nodes"].as_array().unwrap().iter().map(|f| text(&f["id"])).collect();

    let early =
        json!({ "expectedVersion": 1, "step": "CONTENT_REVIEW", "decision": "PASSED", "releaseOthers": "公开电话" });
    assert_eq!(errors(&review(&p.content, &key, early).await), [("CONFLICT".into(), "input.releases".into())]);
    assert_eq!(errors(&review(&p.content, &key, pass("CONTENT_REVIEW", 1)).await), []);
    let before = p.s.rows().await;
    let blocked = review(&p.secrecy, &key, pass("SECRECY_REVIEW", 2)).await;
    assert_eq!(errors(&blocked), [("CONFLICT".into(), "input.releases".into())]);
    let mut input = pass("SECRECY_REVIEW", 2);
    input["releases"] = json!([{ "finding": ids[0], "reason": " " }, { "finding": id(taizhang::id::Kind::PublicationFinding, p.s.list), "reason": "公开" }]);
    let mut wrong = errors(&review(&p.secrecy, &key, input.clone()).await);
    wrong.sort();
    assert_eq!(
        wrong,
        [
            ("CONFLICT".into(), "input.releases".into()),
            ("NOT_FOUND".into(), "input.releases.1.finding".into()),
            ("REQUIRED".into(), "input.releases.0.reason".into()),
        ]
    );
    assert_eq!(p.s.rows().await, before);
    input["releases"] = json!([{ "finding": ids[0], "reason": "单位公开的咨询电话" }]);
    input["releaseOthers"] = json!("当事人书面同意");
    let done = review(&p.secrecy, &key, input).await;
    assert_eq!(errors(&done), []);
    assert_eq!(done["publication"]["openFindingCount"], 0);
    let reasons: Vec<_> = done["publication"]["findings"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| text(&f["releaseReason"]))
        .collect();
    assert_eq!(reasons, ["单位公开的咨询电话", "当事人书面同意", "当事人书面同意"]);
    // A return closes what was let through.
    let returned = review(&p.chief, &key, back("APPROVAL", 3)).await;
    assert_eq!(returned["publication"]["openFindingCount"], 3);
    assert!(returned["publication"]["findings"]["nodes"].as_array().unwrap().iter().all(|f| f["released"] == false));
}

#[tokio::test]
async fn who_let_something_through_stays_on_record_over_returns_and_changes() {
    let p = Scene::new().await;
    let made = with_numbers(&p).await;
    let key = text(&made["id"]);
    let trace = async |client: &crate::support::Client| {
        let query = "query($id: ID!) { publication(id: $id) { steps(first: 50) { nodes { act round user { id }
            releases(first: 50) { totalCount nodes { id kind field taskNumber pointer excerpt reason } } } } } }";
        let data = client.data(query, json!({ "id": key })).await;
        let steps = data["publication"]["steps"]["nodes"].as_array().cloned().unwrap_or_default();
        for step in &steps {
            let secrecy = step["act"] == "SECRECY_REVIEW";
            assert!(secrecy || step["releases"]["totalCount"] == 0, "only a secrecy review lets something through");
        }
        steps.into_iter().filter(|step| step["releases"]["totalCount"] != 0).collect::<Vec<_>>()
    };
    let letting = |version: i64, reason: &str| {
        let mut input = pass("SECRECY_REVIEW", version);
        input["releaseOthers"] = json!(reason);
        input
    };
    assert_eq!(errors(&review(&p.content, &key, pass("CONTENT_REVIEW", 1)).await), []);
    // What is refused leaves no trace.
    assert_eq!(errors(&review(&p.secrecy, &key, pass("SECRECY_REVIEW", 2)).await).len(), 1);
    assert_eq!(p.s.count("publication_release").await, 0);
    assert_eq!(errors(&review(&p.secrecy, &key, letting(2, "第一轮放行")).await), []);
    let first = trace(&p.s.office).await;
    assert_eq!(first.len(), 1);
    let user = |client: &crate::support::Client| json!(id(taizhang::id::Kind::User, client.user.unwrap()));
    assert_eq!((&first[0]["round"], &first[0]["user"]["id"]), (&json!(1), &user(&p.secrecy)));
    let nodes = first[0]["releases"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 3);
    assert!(nodes.iter().all(|node| node["reason"] == "第一轮放行" && node["kind"] == "PHONE"));
    assert_eq!(nodes[0]["excerpt"], "咨询电话0594-****678", "masked, as the findings are");
    assert!(!first[0].to_string().contains("13800138000"));
    // Returned, one of the numbers taken out, and sent again to somebody else.
    assert_eq!(errors(&review(&p.chief, &key, back("APPROVAL", 3)).await), []);
    assert_eq!(trace(&p.s.office).await, first, "a return takes nothing away");
    let input = json!({ "expectedVersion": 4, "texts": [{ "pointer": "/content/tasks/0/title", "text": "见网站" }] });
    assert_eq!(errors(&redact(&p.s.office, &key, input).await), []);
    assert_eq!(trace(&p.s.office).await, first, "nor does a change of the text");
    assert_eq!(errors(&review(&p.content, &key, pass("CONTENT_REVIEW", 5)).await), []);
    assert_eq!(errors(&review(&p.spare, &key, letting(6, "第二轮放行")).await), []);
    let both = trace(&p.s.office).await;
    assert_eq!((both.len(), &both[0]), (2, &first[0]));
    assert_eq!((&both[1]["round"], &both[1]["user"]["id"]), (&json!(2), &user(&p.spare)));
    assert_eq!(both[1]["releases"]["totalCount"], 2, "what was taken out needed nobody");
    // Units see nothing of it.
    let release = text(&nodes[0]["id"]);
    let node = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(p.s.office.data(node, json!({ "id": release })).await["node"]["id"], json!(release));
    for other in [&p.s.responsible, &p.s.lead, &p.s.foreign, &p.s.admin] {
        assert!(other.data(node, json!({ "id": release })).await["node"].is_null());
        assert!(trace(other).await.is_empty());
    }
}

#[tokio::test]
async fn what_is_taken_out_is_gone() {
    let p = Scene::new().await;
    let made = with_numbers(&p).await;
    let key = text(&made["id"]);
    let before = p.s.rows().await;
    let input = json!({ "expectedVersion": 1, "texts": [
        { "pointer": "/content/tasks/0/secret", "text": "无" }, { "pointer": "/title", "text": " " },
        { "pointer": "/title", "text": "二" },
    ] });
    let mut wrong = errors(&redact(&p.s.office, &key, input).await);
    wrong.sort();
    assert_eq!(
        wrong,
        [
            ("DUPLICATE".into(), "input.texts.2.pointer".into()),
            ("NOT_FOUND".into(), "input.texts.0.pointer".into()),
            ("REQUIRED".into(), "input.texts.1.text".into()),
        ]
    );
    let none = redact(&p.s.office, &key, json!({ "expectedVersion": 1 })).await;
    assert_eq!(errors(&none), [("REQUIRED".into(), "input.texts".into())]);
    assert_eq!(p.s.rows().await, before);
    let input = json!({ "expectedVersion": 1, "maskFindings": true, "texts": [
        { "pointer": "/content/tasks/0/title", "text": "咨询电话见网站" },
    ] });
    let changed = redact(&p.spare, &key, input).await;
    assert_eq!(errors(&changed), []);
    assert_eq!(
        (&changed["publication"]["openFindingCount"], &changed["publication"]["findings"]["totalCount"]),
        (&json!(0), &json!(0))
    );
    let task = p.document(&p.s.office, &key).await["content"]["content"]["tasks"][0].clone();
    assert_eq!(
        (&task["title"], &task["requirement"]),
        (&json!("咨询电话见网站"), &json!("联系人张某138****8000、139****9000"))
    );
    // The list itself is as it was.
    assert_eq!(p.s.count("task WHERE requirement LIKE '%13800138000%'").await, 1);
    // Neither of the two who made the text decides about it.
    for client in [&p.s.office, &p.spare] {
        assert_eq!(codes(&review(client, &key, pass("CONTENT_REVIEW", 2)).await), ["FORBIDDEN"]);
    }
    p.published(&changed["publication"]).await;
}

/// Whatever text a document has is shown to the detectors: a leaf nobody looks at would be a hole.
#[test]
fn every_text_of_a_document_is_looked_at() {
    let mark = |what: &str| format!("文字{what}");
    let section = SectionEntry { path: vec![mark("路径")], title: mark("章节") };
    let sums = SumsEntry { name: mark("名称"), sums: Sums::default() };
    let head = |content| PublicationDocument {
        format: Format::One,
        title: mark("标题"),
        issuer: mark("单位"),
        as_of: "2026-07-01".parse().unwrap(),
        list: ListHead {
            year: 2026,
            title: mark("清单"),
            document_number: Some(mark("文号")),
            issued_on: "2026-01-01".parse().ok(),
        },
        period: Some(PeriodHead {
            label: mark("期"),
            starts_on: "2026-01-01".parse().unwrap(),
            ends_on: "2026-06-30".parse().unwrap(),
        }),
        content,
    };
    let list = Content::List(ListContent {
        sections: vec![section.clone()],
        tasks: vec![TaskEntry {
            number: mark("号"),
            section_path: vec![mark("径")],
            title: Some(mark("任务")),
            requirement: Some(mark("要求")),
            units: vec![UnitEntry {
                name: mark("承办"), role: AssignmentRole::Lead, scope_note: Some(mark("范围"))
            }],
            deadline: Some(mark("时限")),
            incentive: false,
        }],
    });
    let progress = Content::Progress(ProgressContent {
        sections: vec![section],
        tasks: vec![ProgressEntry {
            number: mark("号"),
            section_path: vec![mark("径")],
            title: Some(mark("任务")),
            requirement: Some(mark("要求")),
            leads: vec![mark("牵头")],
            deadline: Some(mark("时限")),
            reports: vec![AcceptedEntry {
                includes: Vec::new(),
                unit: mark("填报"),
                completion: Completion::Limited,
                text: mark("落实"),
            }],
        }],
    });
    let annual = Content::AnnualReport(AnnualContent {
        paragraph: mark("段落"),
        by_section: vec![sums.clone()],
        by_unit: vec![sums],
        ..AnnualContent::default()
    });
    for content in [list, progress, annual] {
        let mut document = head(content);
        document.redraw();
        let value = serde_json::to_value(&document).unwrap();
        let mut pointers = Vec::new();
        document.texts(&mut |place, text| {
            assert_eq!(value.pointer(&place.pointer), Some(&json!(text)), "{place:?}");
            pointers.push(place.pointer.clone());
            *text = "改".to_owned();
        });
        // Nothing that was there before is left, once every text shown was changed and the pictures drawn anew.
        document.redraw();
        let left = document.write().unwrap();
        assert!(!left.contains("文字"), "{left}");
        let unique: std::collections::BTreeSet<_> = pointers.iter().collect();
        assert_eq!(unique.len(), pointers.len());
    }
}
