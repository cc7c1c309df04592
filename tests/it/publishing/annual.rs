//! The annual report: tables, a paragraph and pictures with the same numbers, from accepted reports alone.

use serde_json::json;
use taizhang::documents::chart::svg;
use taizhang::documents::publication::{PublicationDocument, figures};

use super::scene::*;
use crate::mutation::reports_stage::*;

#[tokio::test]
async fn sums_in_tables_words_and_pictures() {
    let p = Scene::new().await;
    let period = p.s.opened().await;
    p.accepted(&period, &p.s.lead, p.s.lead_unit, p.s.task, "完成。").await;
    p.accepted(&period, &p.s.responsible, p.s.responsible_unit, p.s.task, "完成。").await;
    p.closed(&period).await;
    let made = p.prepared(json!({ "kind": "ANNUAL_REPORT", "period": period, "title": "虚构年度报告" })).await;
    let read = p.document(&p.s.office, &text(&made["id"])).await;
    let content = &read["content"]["content"];
    assert_eq!(content["total"], json!({ "expected": 3, "accepted": 2, "completion": { "COMPLETED": 2 } }));
    let paragraph = text(&content["paragraph"]);
    for said in ["应报事项3项", "涉及2个单位", "通过审核2项", "已完成2项", "尚无通过审核的报告1项"]
    {
        assert!(paragraph.contains(said), "{said}: {paragraph}");
    }
    for table in ["byUnit", "bySection"] {
        let rows = content[table].as_array().unwrap();
        let sum = |field: &str| rows.iter().map(|row| number(&row[field])).sum::<i64>();
        assert_eq!((sum("expected"), sum("accepted")), (3, 2), "{table}");
        assert!(rows.iter().all(|row| row.get("rank").is_none() && row.get("score").is_none()));
    }
    assert_eq!(content["bySection"][0]["name"], "未分部分");
    // The pictures come from the tables: drawn again from what is kept they are the same.
    let document: PublicationDocument = serde_json::from_value(read["content"].clone()).unwrap();
    let drawn = figures(&document).unwrap();
    assert_eq!(drawn.len(), 2);
    for (at, (_, chart)) in drawn.iter().enumerate() {
        assert_eq!(read["figures"][at]["svg"], svg(chart));
        assert_eq!(content["figures"][at]["echarts"]["series"].as_array().unwrap().len(), 7);
    }
    let done = p.published(&made).await;
    let path = text(&done["publicPath"]);
    let picture = p.get(&format!("{path}/figures/by-unit.svg")).await;
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/svg+xml; charset=utf-8"));
    assert_eq!(read["figures"][1]["svg"], picture.body);
    assert_eq!(p.get(&format!("{path}/figures/by-secret.svg")).await.status, 404);
    let input = json!({ "expectedVersion": done["version"], "reason": "有误" });
    assert_eq!(errors(&verb(&p.s.office, "Withdraw", &text(&made["id"]), input).await), []);
    assert_eq!(p.get(&format!("{path}/figures/by-unit.svg")).await.status, 410);
}

/// A name that is changed is changed in the pictures too.
#[tokio::test]
async fn pictures_follow_the_tables() {
    let p = Scene::new().await;
    let period = p.s.opened().await;
    p.accepted(&period, &p.s.lead, p.s.lead_unit, p.s.task, "完成。").await;
    p.closed(&period).await;
    let made = p.prepared(json!({ "kind": "ANNUAL_REPORT", "period": period, "title": "虚构年度报告" })).await;
    let key = text(&made["id"]);
    let before = p.document(&p.s.office, &key).await;
    let old = text(&before["content"]["content"]["byUnit"][0]["name"]);
    let texts = json!([{ "pointer": "/content/byUnit/0/name", "text": "某单位" }]);
    assert_eq!(errors(&redact(&p.s.office, &key, json!({ "expectedVersion": 1, "texts": texts })).await), []);
    let after = p.document(&p.s.office, &key).await.to_string();
    assert!(after.contains("某单位") && !after.contains(&old), "{after}");
}
