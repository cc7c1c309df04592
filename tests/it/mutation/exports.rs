//! Exports, through HTTP: asked for, made, fetched; over exactly the rows the asker sees.

use chrono::TimeDelta;
use entity::vocabulary::{Completion, ExportStatus};
use serde_json::{Value, json};
use taizhang::documents::list_json;
use taizhang::documents::read::read_here;
use taizhang::documents::write::read_report_sheet;
use taizhang::documents::write::views::row_key;
use taizhang::id::Kind;

use super::reports_stage::{Stage, act, errors, full, id, input_of, number, save, text, uuid};
use crate::support::Client;

const JOB: &str = "exportJob { id status progress problem view format file { id name mediaType size downloadUrl } }";

async fn ask(client: &Client, list: &str, input: Value, key: Option<&str>) -> Value {
    let query = format!(
        "mutation($id: ID!, $input: TaskListExportInput!, $key: String) {{ taskListExport(id: $id, input: $input, idempotencyKey: $key) {{ {JOB} userErrors {{ code message field }} }} }}"
    );
    client.payload(&query, json!({ "id": list, "input": input, "key": key })).await
}

async fn look(client: &Client, job: &str) -> Value {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on ExportJob {{ {} }} }} }}", &JOB[12..JOB.len() - 2]);
    client.data(&query, json!({ "id": job })).await["node"].clone()
}

impl Stage {
    fn list_id(&self) -> String {
        id(Kind::TaskList, self.list)
    }

    async fn work(&self) {
        while self.t.service.export_next().await.unwrap() {}
    }

    /// The job when it is done, and the content of its file.
    async fn made(&self, client: &Client, input: Value) -> (Value, Vec<u8>) {
        let payload = ask(client, &self.list_id(), input, None).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
        let job = text(&payload["exportJob"]["id"]);
        assert_eq!(payload["exportJob"]["status"], "QUEUED");
        self.work().await;
        let job = look(client, &job).await;
        let Some(file) = job["file"]["id"].as_str() else { return (job, Vec::new()) };
        let caller = self.t.caller(client).await;
        let mut open = self.t.service.file_open(&caller, uuid(file)).await.unwrap().unwrap();
        let mut bytes = Vec::new();
        while let Some(chunk) = open.next().await.unwrap() {
            bytes.extend(chunk);
        }
        assert_eq!(job["file"]["size"], bytes.len());
        (job, bytes)
    }

    /// A report of the lead unit with a number and words that a spreadsheet would run.
    async fn reported(&self, period: &str) -> String {
        let mut input = full(&self.owes(period, self.lead_unit, self.task).await);
        input["narrative"] = json!("=HYPERLINK(\"http://x\",\"虚构\")");
        input["reporterName"] = json!("虚构填报人");
        input["reporterPhone"] = json!("13900001234");
        let saved = save(&self.lead, input, None).await;
        let report = text(&saved["progressReport"]["id"]);
        let version = number(&saved["progressReport"]["version"]);
        let done = act(&self.lead, "Submit", &report, input_of("Submit", version), None).await;
        assert_eq!(done["userErrors"], json!([]));
        report
    }
}

/// All the whole numbers in a value together.
fn sum(value: &Value) -> i64 {
    match value {
        Value::Number(number) => number.as_i64().unwrap_or(0),
        Value::Array(values) => values.iter().map(sum).sum(),
        Value::Object(fields) => fields.values().map(sum).sum(),
        _ => 0,
    }
}

/// All the text of a file that was made.
fn words(bytes: &[u8], name: &str) -> String {
    let pages = read_here(bytes, name).unwrap();
    let cells = pages
        .tables
        .iter()
        .flat_map(|table| table.before.iter().cloned().chain(table.cells.iter().map(|cell| cell.text.clone())));
    cells.chain(pages.tail.iter().cloned()).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn every_view_is_made_in_every_form_it_has() {
    let s = Stage::new().await;
    let period = s.opened().await;
    s.reported(&period).await;
    for view in ["LEDGER", "REPORT_SHEET", "REPORT_FORM", "SUMMARY", "MISSING"] {
        for (format, ending) in [("DOCX", "docx"), ("XLSX", "xlsx"), ("CSV", "csv")] {
            let unit = id(Kind::Unit, s.lead_unit);
            let input = json!({ "view": view, "format": format, "period": period, "unit": unit });
            let (job, bytes) = s.made(&s.office, input).await;
            assert_eq!(
                (&job["status"], &job["progress"]),
                (&json!("SUCCEEDED"), &json!(100)),
                "{view} {format}: {job}"
            );
            let name = text(&job["file"]["name"]);
            assert!(name.ends_with(&format!(".{ending}")) && !name.contains('/'), "{name}");
            let words = words(&bytes, &name);
            let expected = match view {
                "LEDGER" | "REPORT_FORM" => "序号",
                "REPORT_SHEET" => "HYPERLINK",
                "SUMMARY" => "应报",
                _ => "未报",
            };
            assert!(words.contains(expected), "{view} {format}: {words}");
            assert!(!words.contains("13900001234"), "{view} {format} shows a number in the clear");
        }
    }
    let (_, svg) = s.made(&s.office, json!({ "view": "SUMMARY", "format": "SVG", "period": period })).await;
    assert!(String::from_utf8(svg).unwrap().contains("<svg"));
    // A picture needs a Chinese font; a machine without one says so.
    let (job, png) = s.made(&s.office, json!({ "view": "SUMMARY", "format": "PNG", "period": period })).await;
    if job["status"] == "SUCCEEDED" {
        assert_eq!(&png[..4], b"\x89PNG");
    } else {
        assert!(job["problem"].as_str().unwrap().contains("字体"), "{job}");
    }
    let (_, json_form) = s.made(&s.office, json!({ "view": "LEDGER", "format": "JSON" })).await;
    assert_eq!(list_json::read(json_form).unwrap().tasks.len(), 2);
}

#[tokio::test]
async fn a_unit_gets_its_own_rows_and_nobody_else_anything() {
    let s = Stage::new().await;
    let period = s.opened().await;
    s.reported(&period).await;
    let (_, whole) = s.made(&s.office, json!({ "view": "LEDGER", "format": "JSON" })).await;
    let (_, own) = s.made(&s.lead, json!({ "view": "LEDGER", "format": "JSON" })).await;
    let (whole, own) = (list_json::read(whole).unwrap(), list_json::read(own).unwrap());
    assert_eq!((whole.tasks.len(), own.tasks.len()), (2, 1));
    // What the lead unit wrote is its own and the office's; the responsible unit's summary knows nothing of it.
    let summary = json!({ "view": "SUMMARY", "format": "CSV", "period": period });
    let (job, bytes) = s.made(&s.responsible, summary).await;
    let lead_name = "房管局";
    assert!(!words(&bytes, &text(&job["file"]["name"])).contains(lead_name));
    let sheet =
        json!({ "view": "REPORT_SHEET", "format": "CSV", "period": period, "unit": id(Kind::Unit, s.lead_unit) });
    let (job, _) = s.made(&s.responsible, sheet).await;
    assert_eq!((&job["status"], job["file"].is_null()), (&json!("FAILED"), true), "{job}");
    assert!(job["problem"].as_str().unwrap().contains("没有可导出"), "{job}");

    let input = json!({ "view": "LEDGER", "format": "DOCX" });
    for (client, code) in [(&s.foreign, "NOT_FOUND"), (&s.admin, "FORBIDDEN")] {
        let payload = ask(client, &s.list_id(), input.clone(), None).await;
        assert_eq!(payload["userErrors"][0]["code"], code);
    }
    // Somebody else's export is nobody's business.
    let payload = ask(&s.office, &s.list_id(), input, None).await;
    let job = text(&payload["exportJob"]["id"]);
    assert!(look(&s.lead, &job).await.is_null());
    assert!(look(&s.inspector, &job).await.is_null());
}

#[tokio::test]
async fn rights_are_those_of_the_moment_it_is_made() {
    let s = Stage::new().await;
    let payload = ask(&s.lead, &s.list_id(), json!({ "view": "LEDGER", "format": "CSV" }), None).await;
    let job = text(&payload["exportJob"]["id"]);
    let raw = s.t.database.raw().await;
    use sea_orm::ConnectionTrait;
    raw.execute_unprepared("UPDATE assignment SET status = 'WITHDRAWN'").await.unwrap();
    s.work().await;
    let done = look(&s.lead, &job).await;
    assert_eq!(done["status"], "FAILED", "{done}");
    assert!(done["file"].is_null());
}

#[tokio::test]
async fn telephone_numbers_are_masked_unless_asked_for_and_allowed_and_then_audited() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let report = s.reported(&period).await;
    let reveals = "audit_entry WHERE result = 'DONE' AND operation = 'progressReportPhoneReveal'";
    let sheet = |clear: bool| json!({ "view": "REPORT_SHEET", "format": "XLSX", "period": period, "unit": id(Kind::Unit, s.lead_unit), "clearPhones": clear });
    let shown = async |client: &Client, clear: bool| {
        let (job, bytes) = s.made(client, sheet(clear)).await;
        words(&bytes, &text(&job["file"]["name"]))
    };
    assert!(shown(&s.office, false).await.contains("139****1234"));
    assert_eq!(s.count(reveals).await, 0);
    assert!(shown(&s.inspector, true).await.contains("139****1234"), "an inspector never reads it");
    assert_eq!(s.count(reveals).await, 0);
    assert!(shown(&s.office, true).await.contains("13900001234"));
    assert_eq!(s.count(reveals).await, 1);
    assert!(shown(&s.lead, true).await.contains("13900001234"), "the unit's own");
    assert_eq!(s.count(reveals).await, 2);
    let of_report = format!("{reveals} AND object_type = 'report'");
    assert_eq!(s.count(&of_report).await, 2, "about {report}");
}

#[tokio::test]
async fn what_a_spreadsheet_would_run_stays_text() {
    let s = Stage::new().await;
    let period = s.opened().await;
    s.reported(&period).await;
    let input =
        json!({ "view": "REPORT_SHEET", "format": "CSV", "period": period, "unit": id(Kind::Unit, s.lead_unit) });
    let (_, bytes) = s.made(&s.office, input).await;
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with('\u{feff}'));
    assert!(text.contains("'=HYPERLINK") && !text.contains("\"=HYPERLINK") && !text.contains(",=HYPERLINK"), "{text}");
}

#[tokio::test]
async fn what_can_not_be_is_said_at_once() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let refusal = async |input: Value| errors(&ask(&s.office, &s.list_id(), input, None).await);
    let of = |code: &str, field: &str| vec![(code.to_owned(), field.to_owned())];
    assert_eq!(
        refusal(json!({ "view": "SUMMARY", "format": "JSON", "period": period })).await,
        of("INVALID_FORMAT", "input.format")
    );
    assert_eq!(
        refusal(json!({ "view": "MISSING", "format": "PNG", "period": period })).await,
        of("INVALID_FORMAT", "input.format")
    );
    assert_eq!(refusal(json!({ "view": "MISSING", "format": "CSV" })).await, of("REQUIRED", "input.period"));
    let nowhere = id(Kind::ReportingPeriod, s.task);
    assert_eq!(
        refusal(json!({ "view": "MISSING", "format": "CSV", "period": nowhere })).await,
        of("NOT_FOUND", "input.period")
    );
    let ledger = json!({ "view": "LEDGER", "format": "CSV" });
    // The same key is the same export.
    let once = ask(&s.office, &s.list_id(), ledger.clone(), Some("k")).await;
    let twice = ask(&s.office, &s.list_id(), ledger.clone(), Some("k")).await;
    assert_eq!(once["exportJob"]["id"], twice["exportJob"]["id"]);
    for _ in 1..20 {
        assert_eq!(refusal(ledger.clone()).await, []);
    }
    assert_eq!(refusal(ledger.clone()).await, of("LIMIT", "input"));
    s.work().await;
    assert_eq!(refusal(ledger).await, []);
}

#[tokio::test]
async fn a_job_left_behind_is_made_by_the_next_program_and_not_for_ever() {
    let s = Stage::new().await;
    let payload = ask(&s.office, &s.list_id(), json!({ "view": "LEDGER", "format": "CSV" }), None).await;
    let job = text(&payload["exportJob"]["id"]);
    let (store, clock) = (s.t.service.store(), &s.t.clock);
    let claim = async || {
        let now = s.t.service.clock().now();
        store.export_claim(now, now - TimeDelta::minutes(10)).await.unwrap()
    };
    let first = claim().await.unwrap();
    assert_eq!((first.status, first.attempts), (ExportStatus::Running, 1));
    assert!(claim().await.is_none(), "it is being made");
    clock.set(s.t.service.clock().now() + TimeDelta::minutes(11));
    s.work().await;
    let office = s.t.sign_in(s.office.user.unwrap()).await;
    assert_eq!(look(&office, &job).await["status"], "SUCCEEDED");
    // The one that was thought dead comes back: what it has to say is not wanted any more.
    let late = entity::export_job::Model { status: ExportStatus::Failed, problem: Some("x".into()), ..first };
    assert!(!store.export_end(&late).await.unwrap());
    assert_eq!(look(&office, &job).await["status"], "SUCCEEDED");

    let payload = ask(&office, &s.list_id(), json!({ "view": "LEDGER", "format": "CSV" }), None).await;
    let job = text(&payload["exportJob"]["id"]);
    for _ in 0..3 {
        claim().await.unwrap();
        clock.set(s.t.service.clock().now() + TimeDelta::minutes(11));
    }
    s.work().await;
    let office = s.t.sign_in(s.office.user.unwrap()).await;
    let ended = look(&office, &job).await;
    assert_eq!(ended["status"], "FAILED");
    assert!(ended["problem"].as_str().unwrap().contains("重新导出"), "{ended}");
}

#[tokio::test]
async fn the_blank_form_comes_with_the_keys_of_its_rows() {
    let s = Stage::new().await;
    let period = s.opened().await;
    for (format, name) in [("DOCX", "a.docx"), ("XLSX", "a.xlsx"), ("CSV", "a.csv")] {
        let (_, bytes) = s.made(&s.lead, json!({ "view": "REPORT_FORM", "format": format, "period": period })).await;
        let form = read_report_sheet(&read_here(&bytes, name).unwrap());
        assert_eq!(form.rows.len(), 1, "{format}: {form:?}");
        let owed = s.owes(&period, s.lead_unit, s.task).await;
        assert_eq!(form.rows[0].key, row_key(uuid(&owed)), "{format}: the filled form finds its way back");
        assert!(form.rows[0].is_blank() && form.problems.is_empty(), "{format}: {form:?}");
        assert!(form.unit.as_deref().is_some_and(|unit| unit.contains("云汀市")), "{format}: {form:?}");
    }
}

#[tokio::test]
async fn pictures_count_what_is_seen() {
    let s = Stage::new().await;
    let period = s.opened().await;
    s.reported(&period).await;
    let query = "query($id: ID!, $kind: PeriodChartKind!) { reportingPeriodChart(id: $id, kind: $kind) { svg echarts }
        sections: reportingPeriodChart(id: $id, kind: $kind, by: SECTION) { svg } }";
    let total = |data: &Value| sum(&data["reportingPeriodChart"]["echarts"]["dataset"]);
    let office = s.office.data(query, json!({ "id": period, "kind": "RECEIPT" })).await;
    let unit = s.responsible.data(query, json!({ "id": period, "kind": "RECEIPT" })).await;
    assert!(office["reportingPeriodChart"]["svg"].as_str().unwrap().contains("<svg"), "{office}");
    assert!(total(&office) > total(&unit), "{office} {unit}");
    let nobody = s.foreign.data(query, json!({ "id": period, "kind": "PROGRESS" })).await;
    assert!(nobody["reportingPeriodChart"].is_null());
}

#[tokio::test]
async fn a_report_under_correction_is_written_as_it_was_accepted() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.lead_unit, s.task).await;
    let mut input = full(&owed);
    (input["narrative"], input["filledOn"]) = (json!("虚构：已通过的说法。"), json!("2026-06-29"));
    let report = text(&save(&s.lead, input, None).await["progressReport"]["id"]);
    let link = async |version: i64, url: &str| {
        let query = "mutation($input: EvidenceAddInput!) { evidenceAdd(input: $input) { progressReport { evidence { nodes { id url } } } userErrors { code message field } } }";
        let input = json!({ "progressReport": report, "expectedVersion": version, "kind": "LINK", "url": url });
        let payload = s.lead.payload(query, json!({ "input": input })).await;
        assert_eq!(errors(&payload), []);
        text(&payload["progressReport"]["evidence"]["nodes"][0]["id"])
    };
    let old = link(1, "https://example.com/accepted").await;
    assert_eq!(errors(&act(&s.lead, "Submit", &report, input_of("Submit", 2), None).await), []);
    assert_eq!(errors(&act(&s.office, "Accept", &report, input_of("Accept", 3), None).await), []);
    assert_eq!(errors(&act(&s.lead, "Correct", &report, input_of("Correct", 4), None).await), []);
    let query = "mutation($id: ID!, $input: EvidenceRemoveInput!) { evidenceRemove(id: $id, input: $input) { userErrors { code message field } } }";
    let out = s.lead.payload(query, json!({ "id": old, "input": { "expectedVersion": 5 } })).await;
    assert_eq!(errors(&out), []);
    link(6, "https://example.com/draft").await;
    let change = json!({ "obligation": owed, "expectedVersion": 7, "narrative": "虚构：改到一半。", "completion": "COMPLETED", "percent": 100, "filledOn": "2026-06-30" });
    assert_eq!(errors(&save(&s.lead, change, None).await), []);
    let unit = id(Kind::Unit, s.lead_unit);
    let handed_in = async |submitted: bool| {
        for client in [&s.office, &s.lead, &s.inspector] {
            for (format, name) in [("DOCX", "a.docx"), ("XLSX", "a.xlsx"), ("CSV", "a.csv")] {
                let input = json!({ "view": "REPORT_SHEET", "format": format, "period": period, "unit": unit });
                let (_, bytes) = s.made(client, input).await;
                let sheet = read_report_sheet(&read_here(&bytes, name).unwrap());
                let (row, all) = (&sheet.rows[0], format!("{sheet:?}"));
                assert!(all.contains("已通过的说法") && !all.contains("改到一半"), "{submitted} {format}: {all}");
                assert!(all.contains("example.com/accepted") && !all.contains("example.com/draft"), "{format}: {all}");
                assert_eq!((row.completion, row.percent), (Some(Completion::Limited), Some(40)), "{format}");
                assert_eq!(sheet.reported_on, Some("2026-06-29".parse().unwrap()), "{format}");
            }
        }
        let (_, bytes) = s.made(&s.office, json!({ "view": "MISSING", "format": "CSV", "period": period })).await;
        assert!(!words(&bytes, "a.csv").contains("房管局"));
    };
    handed_in(false).await;
    assert_eq!(errors(&act(&s.lead, "Submit", &report, input_of("Submit", 8), None).await), []);
    handed_in(true).await;
    // The blank form says nothing of either.
    let (_, bytes) = s.made(&s.lead, json!({ "view": "REPORT_FORM", "format": "XLSX", "period": period })).await;
    let form = read_report_sheet(&read_here(&bytes, "a.xlsx").unwrap());
    assert!(form.rows[0].is_blank(), "{form:?}");
    assert_eq!(errors(&act(&s.office, "Accept", &report, input_of("Accept", 9), None).await), []);
    let input = json!({ "view": "REPORT_SHEET", "format": "CSV", "period": period, "unit": unit });
    let (_, bytes) = s.made(&s.office, input).await;
    let now = words(&bytes, "a.csv");
    assert!(
        now.contains("改到一半") && now.contains("example.com/draft") && !now.contains("example.com/accepted"),
        "{now}"
    );
}
