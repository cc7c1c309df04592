//! The form of a unit comes back: the difference first, then the saving.

use entity::vocabulary::Completion;
use serde_json::{Value, json};
use taizhang::documents::write::{self, Form};

use super::report_sheet_scene::*;
use super::reports_stage::*;

/// The reports of the caller as their unit sees them.
async fn reports(s: &Stage) -> Vec<Value> {
    let query = "{ progressReports(first: 50) { nodes { id status version narrative completion percent reporterName reporterPhone task { number } } } }";
    let mut nodes = s.responsible.data(query, json!({})).await["progressReports"]["nodes"].as_array().unwrap().clone();
    nodes.sort_by_key(|node| text(&node["task"]["number"]));
    nodes
}

#[tokio::test]
async fn the_blank_form_is_sent_out_filled_in_shown_and_saved() {
    for form in [Form::Docx, Form::Xlsx, Form::Csv] {
        let s = Stage::new().await;
        let period = s.opened().await;
        let blank = s.form(&period, s.responsible_unit).await;
        let bytes = write::book(&write::report_sheet(&blank, true), form).unwrap();
        let file = s.upload(&s.responsible, &format!("空白表.{}", form.extension()), bytes).await;
        let nothing = s.import(&s.responsible, &period, &file, save_it(), None).await;
        assert_eq!((errors(&nothing), problems(&nothing)), (vec![], vec![]), "{form:?}");
        assert_eq!((states(&nothing), &nothing["savedCount"]), (vec!["UNCHANGED"; 2], &json!(0)));
        assert!(nothing["rows"][0]["before"].is_null() && nothing["rows"][0]["after"].is_null());

        let filled = s.filled(&period, s.responsible_unit).await;
        let file = s.send_form(&s.responsible, &filled, form).await;
        let before = s.rows().await;
        // Not said is a dry run.
        let shown = s.import(&s.responsible, &period, &file, json!({}), None).await;
        assert_eq!((errors(&shown), problems(&shown)), (vec![], vec![]), "{form:?}");
        assert_eq!(
            (states(&shown), &shown["savedCount"], &shown["absentCount"]),
            (vec!["NEW"; 2], &json!(0), &json!(0))
        );
        let content =
            json!({ "narrative": "虚构：第1项已公开。\n附链接。", "completion": "SUBSTANTIAL", "percent": 80 });
        let row = &shown["rows"][0];
        assert_eq!((&row["taskNumber"], &row["before"], &row["after"]), (&json!("1"), &Value::Null, &content));
        assert_eq!(row["changes"], json!(["NARRATIVE", "COMPLETION", "PERCENT", "REPORTER_NAME", "REPORTER_PHONE"]));
        assert!(!text(&row["place"]).is_empty());
        assert_eq!(s.rows().await, before, "nothing is saved before it is agreed to");

        let agreed = json!({ "dryRun": false, "digest": shown["digest"] });
        let saved = s.import(&s.responsible, &period, &file, agreed, None).await;
        assert_eq!((errors(&saved), &saved["savedCount"]), (vec![], &json!(2)));
        assert_eq!((&saved["rows"], &saved["digest"]), (&shown["rows"], &shown["digest"]));
        let kept = reports(&s).await;
        assert_eq!(kept.len(), 2);
        for (report, row) in kept.iter().zip(&filled.rows) {
            assert_eq!((&report["status"], &report["version"]), (&json!("DRAFT"), &json!(1)));
            assert_eq!(report["narrative"].as_str(), row.narrative.as_deref());
            assert_eq!((&report["completion"], &report["percent"]), (&json!("SUBSTANTIAL"), &json!(80)));
            assert_eq!((&report["reporterName"], &report["reporterPhone"]), (&json!("虚构甲"), &json!("139****5678")));
        }
        let revealed = reveal(&s.responsible, &text(&kept[1]["id"])).await;
        assert_eq!(revealed["phone"], "13912345678");
        // Two calls were done, the blank one and this; each left one audit row, and each report one message.
        assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'progressReportImport'").await, 2);
        assert_eq!(s.count("outbox WHERE topic = 'progress_report.saved'").await, 2);

        let again = s.import(&s.responsible, &period, &file, save_it(), None).await;
        assert_eq!((states(&again), &again["savedCount"]), (vec!["UNCHANGED"; 2], &json!(0)));
        assert_eq!((&again["rows"][0]["before"], &again["rows"][0]["changes"]), (&content, &json!([])));
        assert_eq!(reports(&s).await, kept);
    }
}

#[tokio::test]
async fn only_what_differs_is_changed() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let mut view = s.filled(&period, s.responsible_unit).await;
    let file = s.send_form(&s.responsible, &view, Form::Docx).await;
    s.import(&s.responsible, &period, &file, save_it(), None).await;
    // One narrative is mended in the other program; the blank cells of the second row say nothing.
    view.rows[0].narrative = Some("虚构：改了一处。".into());
    (view.rows[1].narrative, view.rows[1].completion, view.rows[1].percent) = (None, None, None);
    view.phone = None;
    let file = s.send_form(&s.responsible, &view, Form::Xlsx).await;
    let shown = s.import(&s.responsible, &period, &file, json!({ "dryRun": true }), None).await;
    assert_eq!(states(&shown), ["CHANGED", "UNCHANGED"]);
    assert_eq!(shown["rows"][0]["changes"], json!(["NARRATIVE"]));
    assert_eq!(shown["rows"][0]["before"]["narrative"], "虚构：第1项已公开。\n附链接。");
    assert_eq!(shown["rows"][0]["after"]["narrative"], "虚构：改了一处。");
    let saved = s.import(&s.responsible, &period, &file, save_it(), None).await;
    assert_eq!(saved["savedCount"], 1);
    let kept = reports(&s).await;
    assert_eq!((&kept[0]["version"], &kept[0]["narrative"]), (&json!(2), &json!("虚构：改了一处。")));
    assert_eq!(kept[0]["reporterPhone"], "139****5678", "what is blank takes nothing away");
    assert_eq!((&kept[1]["version"], &kept[1]["completion"]), (&json!(1), &json!("SUBSTANTIAL")));
    // A typing error in the middle of a number is a difference too.
    view.phone = Some("13900005678".into());
    let file = s.send_form(&s.responsible, &view, Form::Xlsx).await;
    let shown = s.import(&s.responsible, &period, &file, json!({}), None).await;
    assert_eq!(
        (states(&shown), &shown["rows"][0]["changes"]),
        (vec!["CHANGED", "UNCHANGED"], &json!(["REPORTER_PHONE"]))
    );
}

#[tokio::test]
async fn what_is_with_the_office_and_what_contradicts_itself_is_passed_over() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let mut view = s.filled(&period, s.responsible_unit).await;
    let file = s.send_form(&s.responsible, &view, Form::Xlsx).await;
    s.import(&s.responsible, &period, &file, save_it(), None).await;
    let submitted = text(&reports(&s).await[0]["id"]);
    act(&s.responsible, "Submit", &submitted, input_of("Submit", 1), None).await;

    view.rows[0].narrative = Some("虚构：交了再改。".into());
    view.rows[1].narrative = Some("虚构：还能改。".into());
    let file = s.send_form(&s.responsible, &view, Form::Docx).await;
    let saved = s.import(&s.responsible, &period, &file, save_it(), None).await;
    assert_eq!((states(&saved), &saved["savedCount"]), (vec!["SKIPPED", "CHANGED"], &json!(1)));
    assert_eq!(saved["rows"][0]["reason"]["code"], "INVALID_STATE");
    assert_eq!(saved["rows"][0]["reason"]["message"], "报告已提交或已通过，不能修改。");
    let kept = reports(&s).await;
    assert_eq!((&kept[0]["status"], &kept[0]["version"]), (&json!("SUBMITTED"), &json!(2)));
    assert_eq!((&kept[1]["narrative"], &kept[1]["version"]), (&json!("虚构：还能改。"), &json!(2)));

    // A returned report is written again and stays returned until it is handed in.
    act(&s.office, "Return", &submitted, input_of("Return", 2), None).await;
    (view.rows[1].completion, view.rows[1].percent) = (Some(Completion::Completed), Some(80));
    let file = s.send_form(&s.responsible, &view, Form::Docx).await;
    let saved = s.import(&s.responsible, &period, &file, save_it(), None).await;
    assert_eq!(states(&saved), ["CHANGED", "SKIPPED"]);
    let reason = &saved["rows"][1]["reason"];
    assert_eq!((&reason["code"], &reason["field"]), (&json!("CONFLICT"), &json!(["percent"])));
    view.rows[1].narrative = Some("长".repeat(10_001));
    view.rows[1].percent = Some(100);
    let file = s.send_form(&s.responsible, &view, Form::Xlsx).await;
    let saved = s.import(&s.responsible, &period, &file, save_it(), None).await;
    assert_eq!(
        (states(&saved), &saved["rows"][1]["reason"]["code"]),
        (vec!["UNCHANGED", "SKIPPED"], &json!("TOO_LONG"))
    );
    let shown = text(&saved["rows"][1]["after"]["narrative"]);
    assert_eq!(shown.chars().count(), 10_000, "shown as far as it could be kept");
    let kept = reports(&s).await;
    assert_eq!((&kept[0]["status"], &kept[0]["narrative"]), (&json!("RETURNED"), &json!("虚构：交了再改。")));
    assert_eq!(kept[1]["completion"], "SUBSTANTIAL");
}

#[tokio::test]
async fn keys_that_were_tampered_with_are_told_with_their_place() {
    for form in [Form::Docx, Form::Xlsx] {
        let s = Stage::new().await;
        let period = s.opened().await;
        let view = s.filled(&period, s.responsible_unit).await;
        let other = s.filled(&period, s.lead_unit).await;
        let told = async |view: &write::views::ReportSheetView| {
            let file = s.send_form(&s.responsible, view, form).await;
            let before = s.rows().await;
            let shown = s.import(&s.responsible, &period, &file, json!({}), None).await;
            assert_eq!(errors(&shown), []);
            assert_eq!(s.rows().await, before);
            // What stands above the table of a Word file has no place of its own.
            let above = |p: &Value| p["kind"] == "PHONE" || p["kind"] == "REPORTER";
            assert!(
                shown["problems"].as_array().unwrap().iter().all(|p| p["place"].is_string() || above(p)),
                "{shown}"
            );
            shown
        };
        // A key that is nobody's, and one of another unit whose rows the caller does not see: told in the same words.
        for key in ["K0000000", &other.rows[0].key] {
            let mut bad = view.clone();
            bad.rows[1].key = key.into();
            let shown = told(&bad).await;
            assert_eq!((states(&shown), problems(&shown)), (vec!["NEW"], vec!["UNKNOWN_KEY"]));
            assert_eq!((&shown["problems"][0]["printed"], &shown["absentCount"]), (&json!(key), &json!(1)));
        }
        let mut twice = view.clone();
        twice.rows[1].key = twice.rows[0].key.clone();
        let shown = told(&twice).await;
        assert_eq!((states(&shown), problems(&shown)), (vec!["NEW"], vec!["KEY_TWICE"]));
        // Keys that were sorted without their rows.
        let mut swapped = view.clone();
        swapped.rows[0].key = view.rows[1].key.clone();
        swapped.rows[1].key = view.rows[0].key.clone();
        let shown = told(&swapped).await;
        assert_eq!(states(&shown), ["SKIPPED"; 2]);
        assert_eq!(shown["rows"][0]["reason"]["code"], "CONFLICT");
        assert!(text(&shown["rows"][0]["reason"]["message"]).contains("第 2 项"));
        // Without its key a row is known by its number, unless that is somebody else's.
        let mut gone = view.clone();
        gone.rows[1].key = String::new();
        let shown = told(&gone).await;
        assert_eq!((states(&shown), problems(&shown)), (vec!["NEW"; 2], vec![]), "{form:?}");
        assert_eq!(shown["rows"][1]["taskNumber"], "2");
        gone.rows[1].number = Some("1".into());
        let shown = told(&gone).await;
        assert_eq!((states(&shown), problems(&shown)), (vec!["NEW"], vec!["ROW_TWICE"]));
        gone.rows[1].number = Some("9".into());
        let shown = told(&gone).await;
        assert_eq!((states(&shown), problems(&shown)), (vec!["NEW"], vec!["NO_KEY"]));
        // What can't be kept is told, and not passed over in silence.
        let mut more = view.clone();
        more.rows[0].evidence = vec!["https://yunting.example/1".into()];
        (more.reporter, more.phone) = (Some("名".repeat(101)), Some("12345".into()));
        let shown = told(&more).await;
        assert_eq!((states(&shown), problems(&shown)), (vec!["NEW"; 2], vec!["PHONE", "REPORTER", "EVIDENCE"]));
        assert_eq!(shown["rows"][0]["changes"], json!(["NARRATIVE", "COMPLETION", "PERCENT"]));
    }
}
