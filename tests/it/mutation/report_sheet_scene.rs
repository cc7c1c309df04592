//! Filled forms: made from what a unit owes, changed by a test, sent in.

use entity::vocabulary::Completion;
use serde_json::{Value, json};
use taizhang::documents::write::views::{ReportRow, ReportSheetView, row_key};
use taizhang::documents::write::{self, Form};
use taizhang::id::Kind;
use uuid::Uuid;

use super::reports_stage::*;
use crate::support::Client;

/// What comes back of a row.
const ROW: &str = "obligation { id } taskNumber place state reason { code message field } changes
    before { narrative completion percent } after { narrative completion percent }";

impl Stage {
    /// The form of what `unit` owes, nothing filled in.
    pub async fn form(&self, period: &str, unit: Uuid) -> ReportSheetView {
        let query = "query($filter: ReportObligationFilter, $period: ID!, $unit: ID!) {
            reportingPeriod(id: $period) { label taskList { title } } unit(id: $unit) { name }
            reportObligations(filter: $filter) { nodes { id task { number title } } } }";
        let unit = id(Kind::Unit, unit);
        let filter = json!({ "unit": { "eq": unit }, "period": { "eq": period } });
        let data = self.office.data(query, json!({ "filter": filter, "period": period, "unit": unit })).await;
        let row = |node: &Value| ReportRow {
            key: row_key(uuid(node["id"].as_str().unwrap())),
            number: node["task"]["number"].as_str().map(str::to_owned),
            title: node["task"]["title"].as_str().map(str::to_owned),
            ..ReportRow::default()
        };
        let mut rows: Vec<ReportRow> = data["reportObligations"]["nodes"].as_array().unwrap().iter().map(row).collect();
        rows.sort_by(|a, b| a.number.cmp(&b.number));
        ReportSheetView {
            list_title: Some(text(&data["reportingPeriod"]["taskList"]["title"])),
            year: 2026,
            period: text(&data["reportingPeriod"]["label"]),
            unit: text(&data["unit"]["name"]),
            rows,
            ..ReportSheetView::default()
        }
    }

    /// The same, filled in by 虚构甲.
    pub async fn filled(&self, period: &str, unit: Uuid) -> ReportSheetView {
        let mut form = self.form(period, unit).await;
        (form.reporter, form.phone) = (Some("虚构甲".into()), Some("13912345678".into()));
        for row in &mut form.rows {
            row.completion = Some(Completion::Substantial);
            row.percent = Some(80);
            row.narrative = Some(format!("虚构：第{}项已公开。\n附链接。", row.number.as_deref().unwrap()));
        }
        form
    }

    /// Uploads a form as its unit sends it; the identifier of the file.
    pub async fn send_form(&self, client: &Client, view: &ReportSheetView, form: Form) -> String {
        let bytes = write::book(&write::report_sheet(view, false), form).unwrap();
        self.upload(client, &format!("落实情况表.{}", form.extension()), bytes).await
    }

    /// Uploads any file.
    pub async fn upload(&self, client: &Client, name: &str, bytes: Vec<u8>) -> String {
        let caller = self.t.caller(client).await;
        id(Kind::File, self.t.service.file_upload(&caller, name, bytes).await.unwrap().unwrap().id)
    }

    /// Imports an uploaded form; `more` are further fields of the input.
    pub async fn import(&self, client: &Client, period: &str, file: &str, more: Value, key: Option<&str>) -> Value {
        let mut input = json!({ "period": period, "file": file });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let query = format!(
            "mutation($input: ProgressReportImportInput!, $key: String) {{ progressReportImport(input: $input, idempotencyKey: $key) {{
                rows {{ {ROW} }} problems {{ kind place printed text }} digest savedCount absentCount
                userErrors {{ code message field }} }} }}"
        );
        client.payload(&query, json!({ "input": input, "key": key })).await
    }
}

/// The states of the rows in their order.
pub fn states(payload: &Value) -> Vec<&str> {
    payload["rows"].as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap()).collect()
}

/// The kinds of the problems in their order; each has its sentence.
pub fn problems(payload: &Value) -> Vec<&str> {
    let all = payload["problems"].as_array().unwrap();
    assert!(all.iter().all(|problem| text(&problem["text"]).ends_with('。')), "{all:?}");
    all.iter().map(|problem| problem["kind"].as_str().unwrap()).collect()
}

pub fn save_it() -> Value {
    json!({ "dryRun": false })
}
