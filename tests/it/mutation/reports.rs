//! The life of a report: who sees it when, what is refused, and that a repetition does nothing twice.

use serde_json::{Value, json};

use super::reports_stage::*;

/// Who sees the report of the responsible unit, in the order office, inspector, its own people, lead, support unit,
/// another unit, administrator.
async fn views(s: &Stage, report: &str) -> [Option<String>; 7] {
    [
        s.sees(&s.office, report).await,
        s.sees(&s.inspector, report).await,
        s.sees(&s.responsible, report).await,
        s.sees(&s.lead, report).await,
        s.sees(&s.support, report).await,
        s.sees(&s.foreign, report).await,
        s.sees(&s.admin, report).await,
    ]
}

fn seen(status: &str, by_the_lead: bool) -> [Option<String>; 7] {
    let yes = Some(status.to_owned());
    [yes.clone(), yes.clone(), yes.clone(), if by_the_lead { yes } else { None }, None, None, None]
}

#[tokio::test]
async fn from_the_first_word_to_the_closed_period() {
    let s = Stage::with(true).await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;

    let draft = save(&s.responsible, json!({ "obligation": owed, "narrative": "虚构：正在办理。" }), None).await;
    assert_eq!(errors(&draft), []);
    let report = text(&draft["progressReport"]["id"]);
    assert_eq!(draft["progressReport"]["status"], "DRAFT");
    assert_eq!(draft["progressReport"]["version"], 1);
    assert_eq!(draft["progressReport"]["reporterName"], "测试用户responsible");
    assert_eq!(views(&s, &report).await, seen("DRAFT", false));

    // All gaps at once, and nothing happened.
    let cleared = json!({ "obligation": owed, "expectedVersion": 1, "narrative": null, "reporterName": "虚构联系人" });
    assert_eq!(save(&s.responsible, cleared, None).await["progressReport"]["version"], 2);
    let before = s.rows().await;
    let gaps = act(&s.responsible, "Submit", &report, input_of("Submit", 2), None).await;
    let required = |field: &str| ("REQUIRED".to_owned(), field.to_owned());
    assert_eq!(errors(&gaps), [required("narrative"), required("completion")]);
    assert_eq!(gaps["progressReport"]["status"], "DRAFT");
    assert_eq!(s.rows().await, before);

    let mut input = full(&owed);
    input["expectedVersion"] = json!(2);
    let filled = save(&s.responsible, input, None).await;
    assert_eq!(filled["progressReport"]["version"], 3);
    assert_eq!(filled["progressReport"]["reporterName"], "虚构联系人", "what is not given stays");
    let done = act(&s.responsible, "Submit", &report, input_of("Submit", 3), None).await;
    assert_eq!(errors(&done), []);
    assert_eq!(done["progressReport"]["status"], "SUBMITTED");
    assert_eq!(done["progressReport"]["revision"], 1);
    assert_eq!(done["progressReport"]["submittedAt"], "2026-07-01T01:00:00.000Z");
    assert_eq!(views(&s, &report).await, seen("SUBMITTED", true));

    s.t.clock.advance(chrono::TimeDelta::minutes(5));
    let back = act(&s.office, "Return", &report, input_of("Return", 4), None).await;
    assert_eq!(errors(&back), []);
    assert_eq!(back["progressReport"]["status"], "RETURNED");
    assert_eq!(back["progressReport"]["returnCount"], 1);
    assert_eq!(back["progressReport"]["decidedAt"], "2026-07-01T01:05:00.000Z");
    assert_eq!(views(&s, &report).await, seen("RETURNED", false));
    let reviews = json!([{ "decision": "RETURNED", "reason": "请补充公开链接。", "revision": 1 }]);
    assert_eq!(back["progressReport"]["reviews"]["nodes"], reviews);

    let mended = json!({ "obligation": owed, "expectedVersion": 5, "narrative": "虚构：已公开，链接已补。" });
    let mended = save(&s.responsible, mended, None).await;
    assert_eq!(mended["progressReport"]["status"], "RETURNED", "until it is handed in again");
    assert_eq!(mended["progressReport"]["reviews"]["nodes"], reviews);
    act(&s.responsible, "Submit", &report, input_of("Submit", 6), None).await;
    let taken = act(&s.responsible, "Withdraw", &report, input_of("Withdraw", 7), None).await;
    assert_eq!(taken["progressReport"]["status"], "DRAFT");
    assert_eq!(views(&s, &report).await, seen("DRAFT", false));
    let again = act(&s.responsible, "Submit", &report, input_of("Submit", 8), None).await;
    assert_eq!(again["progressReport"]["revision"], 3);

    let accepted = json!({ "expectedVersion": 9, "comment": "  写得清楚。 " });
    let accepted = act(&s.office, "Accept", &report, accepted, None).await;
    assert_eq!(errors(&accepted), []);
    assert_eq!(accepted["progressReport"]["status"], "ACCEPTED");
    assert_eq!(views(&s, &report).await, seen("ACCEPTED", true));
    let revisions: Vec<i64> = accepted["progressReport"]["revisions"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| number(&node["revision"]))
        .collect();
    assert_eq!(revisions, [3, 2, 1]);
    assert_eq!(accepted["progressReport"]["reviews"]["nodes"][0]["reason"], "写得清楚。");
    // A lead sees what its co-unit handed in, but not what the office wrote to it.
    let lead = s
        .lead
        .data(&format!("query($id: ID!) {{ {} }}", REPORT.replacen(' ', "(id: $id) ", 1)), json!({ "id": report }))
        .await;
    assert_eq!(lead["progressReport"]["narrative"], "虚构：已公开，链接已补。");
    assert_eq!(lead["progressReport"]["reviews"]["nodes"], json!([]));

    let closed = close(&s.office, &period, 1).await;
    let sums = json!({ "expected": 4, "received": 1, "accepted": 1, "returned": 0, "missing": 3 });
    assert_eq!(closed["reportingPeriod"]["rollUp"], sums);
    assert_eq!(views(&s, &report).await, seen("ACCEPTED", true));

    // Every change left one audit row and its messages, and nothing else did.
    let audit = |operation: &str| format!("audit_entry WHERE result = 'DONE' AND operation = '{operation}'");
    let sent = |topic: &str| format!("outbox WHERE topic = '{topic}'");
    for (operation, topic, times) in [
        ("progressReportSave", "progress_report.saved", 4),
        ("progressReportSubmit", "progress_report.submitted", 3),
        ("progressReportWithdraw", "progress_report.withdrawn", 1),
        ("progressReportReturn", "progress_report.returned", 1),
        ("progressReportAccept", "progress_report.accepted", 1),
    ] {
        assert_eq!(s.count(&audit(operation)).await, times, "{operation}");
        assert_eq!(s.count(&sent(topic)).await, times, "{topic}");
    }
    assert_eq!(s.count("progress_report_revision").await, 3);
    assert_eq!(s.count("report_review").await, 2);
}

#[tokio::test]
async fn a_units_own_report_stays_its_own() {
    let s = Stage::with(true).await;
    let period = s.opened().await;
    for (client, unit) in [(&s.lead, s.lead_unit), (&s.support, s.support_unit)] {
        let owed = s.owes(&period, unit, s.task).await;
        let report = text(&save(client, full(&owed), None).await["progressReport"]["id"]);
        act(client, "Submit", &report, input_of("Submit", 1), None).await;
        assert_eq!(s.sees(client, &report).await.as_deref(), Some("SUBMITTED"));
        assert_eq!(s.sees(&s.lead, &report).await.as_deref(), Some("SUBMITTED"));
        assert_eq!(s.sees(&s.responsible, &report).await, None);
        // Nobody writes for another unit, and nobody learns from the refusal whether there is something.
        let before = s.rows().await;
        let theirs = save(&s.responsible, full(&owed), None).await;
        assert_eq!((codes(&theirs), &theirs["progressReport"]), (vec!["NOT_FOUND".to_owned()], &Value::Null));
        assert_eq!(s.rows().await, before);
    }
}

#[tokio::test]
async fn refusals_change_nothing_and_tell_nothing() {
    let s = Stage::with(true).await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await;
    let before = s.rows().await;
    let outsiders = [(&s.support, "NOT_FOUND"), (&s.foreign, "NOT_FOUND"), (&s.admin, "NOT_FOUND")];
    for (client, code) in outsiders.into_iter().chain([(&s.lead, "FORBIDDEN"), (&s.inspector, "FORBIDDEN")]) {
        for verb in ["Submit", "Withdraw", "Accept", "Return"] {
            let payload = act(client, verb, &report, input_of(verb, 2), Some("k")).await;
            // Who lacks the role is told so before anything is looked up.
            let closed = payload["byGuard"] == true;
            assert_eq!(codes(&payload), [if closed { "FORBIDDEN" } else { code }], "{verb}");
            assert_eq!(payload["progressReport"].is_null(), closed || code == "NOT_FOUND");
        }
    }
    for verb in ["Submit", "Withdraw"] {
        assert_eq!(codes(&act(&s.office, verb, &report, input_of(verb, 2), None).await), ["FORBIDDEN"]);
    }
    for verb in ["Accept", "Return"] {
        assert_eq!(codes(&act(&s.responsible, verb, &report, input_of(verb, 2), None).await), ["FORBIDDEN"]);
    }
    let mut input = full(&owed);
    input["expectedVersion"] = json!(2);
    assert_eq!(codes(&save(&s.responsible, input.clone(), None).await), ["INVALID_STATE"]);
    assert_eq!(codes(&save(&s.office, input.clone(), None).await), ["FORBIDDEN"]);
    // Absent and invisible are told in the same words.
    let forged = taizhang::id::GlobalId::new(taizhang::id::Kind::ProgressReport, s.t.ids.next()).to_string();
    let absent = act(&s.foreign, "Submit", &forged, input_of("Submit", 2), None).await;
    assert_eq!(codes(&absent), ["NOT_FOUND"]);
    assert_eq!(absent, act(&s.foreign, "Submit", &report, input_of("Submit", 2), None).await);
    // A return needs its reason, and a blank is none.
    let blank = act(&s.office, "Return", &report, json!({ "expectedVersion": 2, "reason": " \n" }), None).await;
    assert_eq!(errors(&blank), [("REQUIRED".to_owned(), "input.reason".to_owned())]);
    let long = json!({ "expectedVersion": 2, "comment": "长".repeat(2_001) });
    let long = act(&s.office, "Accept", &report, long, None).await;
    assert_eq!(errors(&long), [("TOO_LONG".to_owned(), "input.comment".to_owned())]);
    assert_eq!(s.rows().await, before);
}

#[tokio::test]
async fn nobody_decides_about_what_he_handed_in_himself() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    // A colleague wrote it, but this one hands it in.
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    act(&s.both, "Submit", &report, input_of("Submit", 1), None).await;
    let before = s.rows().await;
    for verb in ["Accept", "Return"] {
        let payload = act(&s.both, verb, &report, input_of(verb, 2), None).await;
        assert_eq!(codes(&payload), ["FORBIDDEN"], "{verb}");
    }
    assert_eq!(s.rows().await, before);
    assert_eq!(codes(&act(&s.office, "Accept", &report, input_of("Accept", 2), None).await), [""; 0]);
}

#[tokio::test]
async fn everything_wrong_with_a_draft_is_said_at_once() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let before = s.rows().await;
    let input = json!({
        "obligation": owed, "narrative": "长".repeat(10_001), "completion": "COMPLETED", "percent": 101,
        "reporterName": "名".repeat(101), "reporterPhone": "12345",
    });
    let at = |code: &str, field: &str| (code.to_owned(), format!("input.{field}"));
    // The narrative alone is past the size a request may have in characters, so it travels by itself below.
    let mut short = input.clone();
    short["narrative"] = json!("\u{202E}");
    let expected = [
        at("TOO_LONG", "reporterName"),
        at("INVALID_FORMAT", "reporterPhone"),
        at("INVALID_FORMAT", "narrative"),
        at("OUT_OF_RANGE", "percent"),
    ];
    assert_eq!(errors(&save(&s.responsible, short, None).await), expected);
    let long = json!({ "obligation": owed, "narrative": input["narrative"] });
    assert_eq!(errors(&save(&s.responsible, long, None).await), [at("TOO_LONG", "narrative")]);
    let half = json!({ "obligation": owed, "completion": "COMPLETED", "percent": 99 });
    assert_eq!(errors(&save(&s.responsible, half, None).await), [at("CONFLICT", "percent")]);
    assert_eq!(s.rows().await, before);
}

#[tokio::test]
async fn stale_versions_get_the_report_as_it_is() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let mut early = full(&owed);
    early["expectedVersion"] = json!(1);
    let nothing = save(&s.responsible, early, None).await;
    assert_eq!((codes(&nothing), &nothing["progressReport"]), (vec!["STALE".to_owned()], &Value::Null));
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    let before = s.rows().await;
    let mut later = json!({ "obligation": owed, "narrative": "另一份" });
    for version in [Value::Null, json!(0), json!(2)] {
        later["expectedVersion"] = version;
        let stale = save(&s.both, later.clone(), None).await;
        assert_eq!(codes(&stale), ["STALE"]);
        assert_eq!(stale["progressReport"]["narrative"], "虚构：已公开。");
        assert_eq!(stale["progressReport"]["version"], 1);
    }
    let stale = act(&s.responsible, "Submit", &report, input_of("Submit", 2), None).await;
    assert_eq!((codes(&stale), &stale["progressReport"]["version"]), (vec!["STALE".to_owned()], &json!(1)));
    assert_eq!(s.rows().await, before);
    act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await;
    let before = s.rows().await;
    for (client, verb) in [(&s.responsible, "Withdraw"), (&s.office, "Accept"), (&s.office, "Return")] {
        let stale = act(client, verb, &report, input_of(verb, 1), None).await;
        assert_eq!(codes(&stale), ["STALE"], "{verb}");
        assert_eq!(stale["progressReport"]["status"], "SUBMITTED");
    }
    assert_eq!(s.rows().await, before);
}

#[tokio::test]
async fn the_same_key_does_it_once() {
    let s = Stage::new().await;
    let input = period_input(s.list, "CUMULATIVE", "2026-01-01", "2026-06-30", "2026-07-10");
    let first = open(&s.office, input.clone(), Some("开")).await;
    let before = s.rows().await;
    assert_eq!(open(&s.office, input.clone(), Some("开")).await, first);
    let mut other = input.clone();
    other["label"] = json!("别的");
    assert_eq!(codes(&open(&s.office, other, Some("开")).await), ["CONFLICT"]);
    assert_eq!(s.rows().await, before);

    let owed = s.owes(&text(&first["reportingPeriod"]["id"]), s.responsible_unit, s.task).await;
    let mut input = full(&owed);
    input["reporterPhone"] = json!("13912345678");
    let saved = save(&s.responsible, input.clone(), Some("写")).await;
    assert_eq!(save(&s.responsible, input.clone(), Some("写")).await, saved);
    input["reporterPhone"] = json!("13912345679");
    assert_eq!(codes(&save(&s.responsible, input, Some("写")).await), ["CONFLICT"], "another number is another input");
    let report = text(&saved["progressReport"]["id"]);
    let done = act(&s.responsible, "Submit", &report, input_of("Submit", 1), Some("交")).await;
    let before = s.rows().await;
    assert_eq!(act(&s.responsible, "Submit", &report, input_of("Submit", 1), Some("交")).await, done);
    assert_eq!(s.rows().await, before);
    assert_eq!(s.count("progress_report_revision").await, 1);
}
