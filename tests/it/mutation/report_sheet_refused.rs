//! Forms that are not taken over: whose, when, of what, and what another saw.

use entity::assignment;
use entity::vocabulary::Role;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use taizhang::documents::write::Form;
use taizhang::id::Kind;

use super::report_sheet_scene::*;
use super::reports_stage::*;
use crate::readers::make;

fn at_file(code: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), "input.file".to_owned())]
}

#[tokio::test]
async fn forms_of_another_unit_or_period_are_refused_as_a_whole() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let view = s.filled(&period, s.responsible_unit).await;
    let before = s.rows().await;
    let refused = async |view: &_, code: &str, words: &str| {
        for more in [json!({}), save_it()] {
            let file = s.send_form(&s.responsible, view, Form::Xlsx).await;
            let uploaded = s.rows().await;
            let payload = s.import(&s.responsible, &period, &file, more, None).await;
            assert_eq!(errors(&payload), at_file(code));
            assert!(text(&payload["userErrors"][0]["message"]).contains(words), "{payload}");
            assert_eq!((&payload["rows"], &payload["digest"]), (&json!([]), &Value::Null));
            assert_eq!(s.rows().await, uploaded);
        }
    };
    // The lead's form, rows and all, and one that only says so.
    refused(&s.filled(&period, s.lead_unit).await, "CONFLICT", "填报单位").await;
    let mut named = view.clone();
    named.unit = "虚构的某局".into();
    refused(&named, "CONFLICT", "虚构的某局").await;
    let mut dated = view.clone();
    dated.period = "1–3月".into();
    refused(&dated, "CONFLICT", "1–3月").await;
    // Both at once.
    dated.unit = "虚构的某局".into();
    let file = s.send_form(&s.responsible, &dated, Form::Docx).await;
    assert_eq!(codes(&s.import(&s.responsible, &period, &file, json!({}), None).await), ["CONFLICT"; 2]);
    // A form that does not say whose it is, is the only unit's the caller reports for.
    let mut nameless = view.clone();
    nameless.unit = String::new();
    let file = s.send_form(&s.responsible, &nameless, Form::Docx).await;
    let shown = s.import(&s.responsible, &period, &file, json!({}), None).await;
    assert_eq!((states(&shown), problems(&shown)), (vec!["NEW"; 2], vec!["NO_UNIT"]));
    // Of one who reports for two units it could be either's.
    let grants = [(Role::Reporter, s.lead_unit), (Role::Reporter, s.responsible_unit)];
    let two = s.t.user("two", s.lead_unit, &grants).await;
    let file = s.send_form(&two, &nameless, Form::Docx).await;
    assert_eq!(errors(&s.import(&two, &period, &file, json!({}), None).await), at_file("CONFLICT"));
    let file = s.send_form(&two, &view, Form::Docx).await;
    assert_eq!(states(&s.import(&two, &period, &file, json!({}), None).await), ["NEW"; 2]);
    // Another way to write the period means the same.
    let mut spelt = view;
    spelt.period = "1至6月份".into();
    let file = s.send_form(&s.responsible, &spelt, Form::Docx).await;
    assert_eq!(states(&s.import(&s.responsible, &period, &file, json!({}), None).await), ["NEW"; 2]);
    assert_eq!(s.count("progress_report").await, 0);
    assert!(before.len() < s.rows().await.len(), "uploads leave their audit rows");
}

#[tokio::test]
async fn who_may_not_and_when_is_told_before_the_file_is_read() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let view = s.filled(&period, s.responsible_unit).await;
    let file = s.send_form(&s.responsible, &view, Form::Xlsx).await;
    let before = s.rows().await;
    let try_it = async |client: &_, more: Value| s.import(client, &period, &file, more, None).await;
    // No role, no sight of the period, and somebody else's file.
    assert_eq!(try_it(&s.office, save_it()).await["byGuard"], true);
    assert_eq!(errors(&try_it(&s.foreign, save_it()).await), [("NOT_FOUND".to_owned(), "input.period".to_owned())]);
    assert_eq!(errors(&try_it(&s.lead, save_it()).await), at_file("NOT_FOUND"));
    let absent = id(Kind::File, s.t.ids.next());
    let payload = s.import(&s.responsible, &period, &absent, save_it(), None).await;
    assert_eq!(errors(&payload), at_file("NOT_FOUND"));
    let digest = json!({ "dryRun": false, "digest": "那个" });
    let payload = try_it(&s.responsible, digest).await;
    assert_eq!(errors(&payload), [("INVALID_FORMAT".to_owned(), "input.digest".to_owned())]);
    assert_eq!(s.rows().await, before);

    close(&s.office, &period, 1).await;
    let before = s.rows().await;
    for more in [json!({}), save_it()] {
        let payload = try_it(&s.responsible, more).await;
        assert_eq!(codes(&payload), ["INVALID_STATE"]);
        assert_eq!(payload["userErrors"][0]["message"], "该报告期已关闭。");
    }
    assert_eq!(s.rows().await, before);
}

#[tokio::test]
async fn a_difference_nobody_saw_is_not_saved() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let view = s.filled(&period, s.responsible_unit).await;
    let file = s.send_form(&s.responsible, &view, Form::Xlsx).await;
    let shown = s.import(&s.responsible, &period, &file, json!({}), None).await;
    let agreed = json!({ "dryRun": false, "digest": shown["digest"] });
    // A colleague writes meanwhile.
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let colleague = save(&s.both, json!({ "obligation": owed, "narrative": "虚构：同事写的。" }), None).await;
    assert_eq!(errors(&colleague), []);
    let before = s.rows().await;
    let stale = s.import(&s.responsible, &period, &file, agreed, None).await;
    assert_eq!(errors(&stale), [("STALE".to_owned(), "input.digest".to_owned())]);
    assert_eq!(s.rows().await, before);
    let shown = s.import(&s.responsible, &period, &file, json!({}), None).await;
    assert_eq!(states(&shown), ["CHANGED", "NEW"]);
    assert_eq!(shown["rows"][0]["before"]["narrative"], "虚构：同事写的。");
    let agreed = json!({ "dryRun": false, "digest": shown["digest"] });
    // Sent twice at once, it is saved once; the other one sees that the difference is gone.
    let (one, two) = tokio::join!(
        s.import(&s.responsible, &period, &file, agreed.clone(), None),
        s.import(&s.responsible, &period, &file, agreed, None),
    );
    let mut outcomes = [codes(&one), codes(&two)];
    outcomes.sort();
    assert_eq!(outcomes, [vec![], vec!["STALE".to_owned()]]);
    assert_eq!(s.count("progress_report").await, 2);
    assert_eq!(s.count("progress_report WHERE version = 2").await, 1);
}

#[tokio::test]
async fn the_same_key_saves_once() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let view = s.filled(&period, s.responsible_unit).await;
    let file = s.send_form(&s.responsible, &view, Form::Docx).await;
    // A dry run spends no key.
    s.import(&s.responsible, &period, &file, json!({}), Some("表")).await;
    let saved = s.import(&s.responsible, &period, &file, save_it(), Some("表")).await;
    assert_eq!((errors(&saved), &saved["savedCount"]), (vec![], &json!(2)));
    let before = s.rows().await;
    assert_eq!(s.import(&s.responsible, &period, &file, save_it(), Some("表")).await, saved);
    assert_eq!(s.rows().await, before);
    let other = s.send_form(&s.responsible, &view, Form::Xlsx).await;
    let payload = s.import(&s.responsible, &period, &other, save_it(), Some("表")).await;
    assert_eq!(errors(&payload), [("CONFLICT".to_owned(), "idempotencyKey".to_owned())]);
    // Later too, when the period is closed and the file is gone, the answer is the same.
    close(&s.office, &period, 1).await;
    s.t.clock.advance(chrono::TimeDelta::hours(25));
    let late = s.t.sign_in(s.responsible.user.unwrap()).await;
    assert_eq!(s.import(&late, &period, &file, save_it(), Some("表")).await, saved);
    // Rights follow the database: of a task that is no longer the unit's, an earlier answer tells nothing.
    let db = s.t.database.raw().await;
    let done = assignment::Entity::update_many()
        .col_expr(assignment::Column::Status, Expr::value("WITHDRAWN"))
        .filter(assignment::Column::TaskId.eq(s.task))
        .filter(assignment::Column::UnitId.eq(s.responsible_unit))
        .exec(&db)
        .await
        .unwrap();
    assert_eq!(done.rows_affected, 1);
    let less = s.import(&late, &period, &file, save_it(), Some("表")).await;
    assert_eq!((less["rows"].as_array().unwrap().len(), &less["rows"][0]), (1, &saved["rows"][1]));
    assert_eq!(s.count("progress_report").await, 2);
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'progressReportImport'").await, 1);
}

#[tokio::test]
async fn poison_and_papers_that_are_no_form_get_a_sentence() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let letter = "只是一封信，没有表格。".as_bytes().to_vec();
    let list = "序号,工作任务,责任单位\n1,虚构任务,某局\n".as_bytes().to_vec();
    let entities =
        b"<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]><html><table><tr><td>&c;</td></tr></table></html>";
    let cells = format!("<row>{}</row><row>{}</row>", make::inline("A1", "a"), make::inline("XFD1048576", "b"));
    let far = make::xlsx(&[("S", "", &format!("<sheetData>{cells}</sheetData>"))]);
    let files = [
        ("坏.docx", make::docx_parts(b"<w:document><w:body>", "", "", &[])),
        ("远.xlsx", far),
        ("图.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("信.txt", letter),
        ("清单.csv", list),
        ("实体.html", entities.to_vec()),
    ];
    for (name, bytes) in files {
        let file = s.upload(&s.responsible, name, bytes).await;
        let before = s.rows().await;
        let payload = s.import(&s.responsible, &period, &file, save_it(), None).await;
        assert_eq!(errors(&payload), at_file("INVALID_FORMAT"), "{name}");
        let message = text(&payload["userErrors"][0]["message"]);
        assert!(message.ends_with('。') && message.chars().count() > 4 && !message.contains("rror"), "{message}");
        assert_eq!(s.rows().await, before, "{name}");
    }
    let mut rows = String::from("填报单位：虚构局\n序号,完成情况,落实情况,编号\n");
    rows.extend((0..=5_000).map(|n| format!("{n},已完成,写了,K{n:07}\n")));
    let file = s.upload(&s.responsible, "长.csv", rows.into_bytes()).await;
    assert_eq!(errors(&s.import(&s.responsible, &period, &file, json!({}), None).await), at_file("LIMIT"));
}
