//! Those who look: the inspector, who reads everything and writes nothing, and those for whom there is nothing to see.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use taizhang::documents::read::read_here;

use super::ground::{Year, ask, names, pages, refused, verb};
use super::model::Key;
use crate::support::Client;

/// Every list of business data, as one would ask for how much there is.
const ROOTS: [&str; 10] = [
    "taskLists { totalCount }",
    "tasks { totalCount }",
    "progressReports { totalCount }",
    "reportObligations { totalCount }",
    "missingReports { totalCount }",
    "urgeNotices { totalCount }",
    "reportingStatus { totalCount }",
    "lookBacks { totalCount }",
    "rectifications { totalCount }",
    "publications { totalCount }",
];

/// What the verbs write into.
const WRITTEN: [&str; 17] = [
    // That somebody was refused is kept beside all this.
    "audit_entry WHERE result = 'DONE'",
    "outbox",
    "progress_report",
    "report_review",
    "urge_notice",
    "amendment",
    "file",
    "task_list",
    "task",
    "task_lineage",
    "look_back",
    "look_back_item WHERE finding IS NOT NULL",
    "rectification",
    "rectification_step",
    "publication",
    "publication_step",
    "publication_public WHERE document IS NOT NULL",
];

/// The administrators of the three kinds.
pub const ADMINISTRATORS: [&str; 3] = ["system", "security", "audit"];

impl Year {
    /// For somebody nothing of all this exists: no row is counted and no identifier leads anywhere.
    pub async fn sees_nothing(&self, login: &str) {
        let who = self.who(login).await;
        for root in ROOTS {
            let answer = who.answer(&format!("{{ {root} }}"), json!({})).await;
            if answer["errors"].is_null() {
                let field = root.split(' ').next().unwrap();
                assert_eq!(answer["data"][field]["totalCount"], 0, "{login}: {root}");
            } else {
                assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{login}: {root}");
                assert!(answer["data"].is_null(), "{login}: {root}");
            }
        }
        let mut ids = vec![self.list.clone()];
        ids.extend(self.made.iter().cloned());
        for span in &self.books.spans {
            ids.push(span.id.clone());
            ids.extend(
                span.owed.values().filter_map(|owed| owed.report.as_ref()).take(2).map(|report| report.id.clone()),
            );
        }
        for part in ids.chunks(50) {
            let nodes = who.answer("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": part })).await;
            if nodes["errors"].is_null() {
                assert!(nodes["data"]["nodes"].as_array().unwrap().iter().all(Value::is_null), "{login}: {nodes}");
            } else {
                assert_eq!(nodes["errors"][0]["extensions"]["code"], "FORBIDDEN", "{login}");
                assert!(nodes["data"].is_null());
            }
        }
    }

    /// The inspector reads what the office reads: every list, every report, every sum; telephone numbers masked.
    pub async fn inspected(&self, span: usize) {
        let (inspector, office) = (self.who("inspector").await, self.office().await);
        self.compare(&inspector, Some(span), |_| true).await;
        let filter = format!(", filter: {{ period: {{ eq: \"{}\" }} }}", self.books.spans[span].id);
        let fields = "id status narrative reporterPhone evidence { totalCount } reviews { totalCount }";
        let seen = pages(&inspector, "progressReports", &filter, fields).await;
        assert_eq!(seen, pages(&office, "progressReports", &filter, fields).await);
        let written = self.books.spans[span].owed.values().filter(|owed| owed.report.is_some()).count();
        assert_eq!(seen.len(), written);
        assert!(seen.iter().all(|report| report["reporterPhone"] != "13900001234"));
    }

    /// The inspector tries to do what the office and the units do; nothing comes of it.
    pub async fn inspector_writes_nothing(&self, span: usize) {
        let inspector = self.who("inspector").await;
        let period = self.books.spans[span].id.clone();
        let (key, report) =
            self.books.spans[span].owed.iter().find_map(|(key, owed)| Some((key, owed.report.as_ref()?))).unwrap();
        let unit = self.unit_id(&key.1);
        let version = json!({ "expectedVersion": report.version });
        let mut reason = version.clone();
        reason["reason"] = json!("虚构");
        let before = self.written().await;
        for (name, kind, id, input, fields) in [
            (
                "progressReportAccept",
                "ProgressReportAcceptInput",
                Some(&report.id),
                version.clone(),
                "progressReport { id }",
            ),
            (
                "progressReportReturn",
                "ProgressReportReturnInput",
                Some(&report.id),
                reason.clone(),
                "progressReport { id }",
            ),
            (
                "progressReportWithdraw",
                "ProgressReportWithdrawInput",
                Some(&report.id),
                version.clone(),
                "progressReport { id }",
            ),
            (
                "reportingPeriodClose",
                "ReportingPeriodCloseInput",
                Some(&period),
                version.clone(),
                "reportingPeriod { id }",
            ),
            ("taskListClose", "VersionInput", Some(&self.list), version.clone(), "taskList { id }"),
            (
                "urgeNoticeSend",
                "UrgeNoticeSendInput",
                None,
                json!({ "period": period, "units": [unit], "grade": "RED" }),
                "outcomes { unitId }",
            ),
        ] {
            let payload = verb(&inspector, name, kind, id.map(String::as_str), input, fields).await;
            assert_eq!(refused(&payload), ["FORBIDDEN"], "{name}");
        }
        assert_eq!(self.written().await, before);
    }

    /// How many rows the verbs have written.
    pub async fn written(&self) -> Vec<i64> {
        let mut counts = Vec::new();
        for table in WRITTEN {
            counts.push(self.count(table).await);
        }
        counts
    }

    /// The sheet of sums of a period, made and fetched in a form; every unit's line is that of the books.
    pub async fn summary_of(&self, span: usize, format: &str) {
        let office = self.office().await;
        let period = self.books.spans[span].id.clone();
        let (name, bytes) =
            self.exported(&office, json!({ "view": "SUMMARY", "format": format, "period": period })).await;
        assert!(name.ends_with(&format!(".{}", format.to_lowercase())), "{name}");
        let pages = read_here(&bytes, &name).unwrap();
        let lines = |table: &taizhang::documents::table::Table| {
            let mut rows: BTreeMap<usize, BTreeMap<usize, String>> = BTreeMap::new();
            for cell in &table.cells {
                rows.entry(cell.row).or_default().insert(cell.column, cell.text.clone());
            }
            rows.into_values().map(|row| row.into_values().collect::<Vec<String>>()).collect::<Vec<_>>()
        };
        let rows: Vec<Vec<String>> = pages.tables.iter().flat_map(lines).collect();
        let (_, sums) = self.books.sums(&[span], "UNIT", self.today(), |_| true);
        let names = names(&self.papers.place);
        let mut found = 0;
        for (code, counts) in sums {
            let code = code.unwrap();
            let name = self.renamed.get(&code).unwrap_or(&names[&code]);
            let row =
                rows.iter().find(|row| row.first() == Some(name)).unwrap_or_else(|| panic!("no {name} in {rows:?}"));
            let given: Vec<&str> = row[1..7].iter().map(String::as_str).collect();
            let expected: Vec<String> = ["expected", "received", "accepted", "returned", "late", "missing"]
                .into_iter()
                .map(|figure| counts[figure].to_string())
                .collect();
            assert_eq!(given, expected, "{name} in the {format} of {}", self.books.spans[span].label);
            found += 1;
        }
        assert!(found > 10);
    }

    /// Somebody who is not signed in any more, or never was.
    pub async fn is_nobody(&self, who: &Client) {
        let (status, answer) = who.send("{ viewer { name } }", json!({})).await;
        assert_eq!(status, 401, "{}", String::from_utf8_lossy(&answer));
    }

    /// A unit that leads nothing has its own rows and no others: its sums, its reports. What was taken from it is not its
    /// own any more.
    pub async fn own_rows_only(&self, unit: &str, span: usize) {
        let who = self.reporter(unit).await;
        assert!(
            !self
                .books
                .seats
                .iter()
                .any(|((_, u), role)| u == unit && *role == entity::vocabulary::AssignmentRole::Lead)
        );
        let own = |key: &Key| key.1 == unit && self.books.seats.contains_key(key);
        self.compare(&who, Some(span), own).await;
        let reports = pages(&who, "progressReports", "", "unit { code }").await;
        let written =
            self.books.spans.iter().flat_map(|span| &span.owed).filter(|(key, owed)| own(key) && owed.report.is_some());
        assert_eq!(reports.len(), written.count());
        assert!(reports.iter().all(|report| report["unit"]["code"] == unit));
        let other = self.books.spans[span]
            .owed
            .iter()
            .find_map(|((_, u), owed)| Some(&owed.report.as_ref()?.id).filter(|_| u != unit));
        if let Some(report) = other {
            assert!(ask(&who, "progressReport(id: $id) { id }", report).await["progressReport"].is_null());
        }
    }
}
