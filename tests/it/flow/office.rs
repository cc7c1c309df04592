//! What the office does.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::ground::{Year, ask, date, done, int, pages, text, verb};
use super::model::{Key, Stands};
use crate::files::{get, put};
use crate::support::Client;

impl Year {
    /// Which units' reports need a signature: most switch it off, each by its own approver.
    pub async fn signing_only(&mut self, keep: &[String]) {
        for code in self.units.keys().cloned().collect::<Vec<_>>() {
            if keep.contains(&code) {
                continue;
            }
            let approver = self.approver(&code).await;
            let input = json!({ "expectedVersion": 1, "required": false });
            let id = self.unit_id(&code);
            let set = verb(
                &approver,
                "unitReportSigningSet",
                "UnitReportSigningSetInput",
                Some(&id),
                input,
                "unit { reportSigning }",
            )
            .await;
            assert_eq!(done(set)["unit"]["reportSigning"], false);
        }
        self.signing = keep.to_vec();
    }

    /// Brings the file in: tried first, then imported, and known again. The kinds of what it asks.
    pub async fn import(&mut self) -> Vec<String> {
        let office = self.office().await;
        let ending = self.papers.file.0.rsplit('.').next().unwrap().to_owned();
        let name = format!("list.{ending}");
        let file = put(&office, &name, self.papers.file.1.clone()).await.id();
        let fields =
            "taskList { id title year status } importedBefore taskCount sectionCount questionCount questions { kind }";
        let issuer = self.unit_id(&self.papers.place.office);
        let input = |dry: bool| json!({ "issuer": issuer, "file": file, "dryRun": dry });
        let tried = done(verb(&office, "taskListImport", "TaskListImportInput", None, input(true), fields).await);
        assert!(tried["taskList"].is_null());
        assert_eq!(self.count("task_list").await, 0, "a dry run leaves nothing");
        let kept = done(verb(&office, "taskListImport", "TaskListImportInput", None, input(false), fields).await);
        assert_eq!(
            (&kept["taskCount"], &kept["sectionCount"]),
            (&json!(self.papers.list.tasks.len()), &json!(self.papers.list.sections.len()))
        );
        assert_eq!((&kept["taskList"]["year"], &kept["taskList"]["status"]), (&json!(self.year), &json!("DRAFT")));
        self.list = text(&kept["taskList"]["id"]);
        let again = done(verb(&office, "taskListImport", "TaskListImportInput", None, input(false), fields).await);
        assert_eq!((&again["importedBefore"], &again["taskList"]["id"]), (&json!(true), &kept["taskList"]["id"]));
        assert_eq!(self.count("task_list").await, 1);
        kept["questions"].as_array().unwrap().iter().map(|q| text(&q["kind"])).collect()
    }

    /// Answers what the import asks: what the papers say, else as the program proposes, else as printed.
    pub async fn answer_questions(&self) -> usize {
        let office = self.office().await;
        let mut answered = 0;
        loop {
            let query =
                "query($id: ID!) { taskList(id: $id) { importQuestions(first: 100, filter: { status: { eq: OPEN } }) {
                nodes { id kind printed proposal version } } } }";
            let data = office.data(query, json!({ "id": self.list })).await;
            let Some(question) = data["taskList"]["importQuestions"]["nodes"].as_array().unwrap().first().cloned()
            else {
                return answered;
            };
            let known = self.papers.answers.iter().find(|(printed, _)| question["printed"] == *printed);
            let mut input = match known {
                Some((_, answer)) => answer.clone(),
                None if question["proposal"].is_string() => json!({ "acceptProposal": true }),
                None => json!({ "keep": true }),
            };
            input["expectedVersion"] = question["version"].clone();
            let id = question["id"].as_str();
            done(
                verb(
                    &office,
                    "importQuestionAnswer",
                    "ImportQuestionAnswerInput",
                    id,
                    input,
                    "importQuestion { status }",
                )
                .await,
            );
            answered += 1;
            assert!(answered < 100, "questions without end: {question}");
        }
    }

    /// Puts the list in force.
    pub async fn issue(&self) {
        let office = self.office().await;
        let input = json!({ "expectedVersion": self.list_version().await, "documentNumber": "虚政办〔2025〕1号", "issuedOn": self.today() });
        let issued =
            verb(&office, "taskListIssue", "TaskListIssueInput", Some(&self.list), input, "taskList { status }").await;
        assert_eq!(done(issued)["taskList"]["status"], "ISSUED");
    }

    /// Who is on which task, as the office reads it.
    pub async fn seats(&self) -> BTreeMap<Key, (String, String)> {
        let (office, mut seats) = (self.office().await, BTreeMap::new());
        let mut offset = 0;
        loop {
            let query = "query($id: ID!, $offset: Int) { taskList(id: $id) { tasks(first: 40, offset: $offset) { totalCount nodes { number
                assignments(first: 100, filter: { target: { eq: UNIT } }) { totalCount nodes { id role unit { code } } } } } } }";
            let data = office.data(query, json!({ "id": self.list, "offset": offset })).await;
            let tasks = data["taskList"]["tasks"]["nodes"].as_array().unwrap();
            for task in tasks {
                let on = task["assignments"]["nodes"].as_array().unwrap();
                assert_eq!(task["assignments"]["totalCount"], on.len());
                for seat in on {
                    let key = (text(&task["number"]), text(&seat["unit"]["code"]));
                    let before = seats.insert(key, (text(&seat["role"]), text(&seat["id"])));
                    assert!(before.is_none(), "twice on {}", task["number"]);
                }
            }
            offset += tasks.len();
            if tasks.is_empty() || data["taskList"]["tasks"]["totalCount"] == offset {
                return seats;
            }
        }
    }

    /// The seats in force are those of the books.
    pub async fn check_seats(&self) {
        let given: BTreeMap<Key, String> = self.seats().await.into_iter().map(|(key, (role, _))| (key, role)).collect();
        let expected: BTreeMap<Key, String> =
            self.books.seats.iter().map(|(key, role)| (key.clone(), role.as_str().to_owned())).collect();
        let differ: Vec<_> = expected.iter().filter(|(key, role)| given.get(*key) != Some(role)).take(5).collect();
        assert!(given == expected, "{} seats given, {} expected, such as {differ:?}", given.len(), expected.len());
    }

    /// Enters a period that opened by itself; it has exactly what the books expect.
    pub async fn opened(&mut self, label: &str) -> usize {
        let query = "taskList(id: $id) { reportingPeriods(first: 50) { nodes { id label dueOn status rollUp { expected received missing } } } }";
        let data = ask(&self.office().await, query, &self.list).await;
        let nodes = data["taskList"]["reportingPeriods"]["nodes"].as_array().unwrap().clone();
        let node = nodes.iter().find(|node| text(&node["label"]).starts_with(label));
        let node = node.unwrap_or_else(|| panic!("no period {label} in {nodes:?}"));
        assert_eq!(node["status"], "OPEN");
        let expected = self.books.owing().count();
        assert_eq!(node["rollUp"], json!({ "expected": expected, "received": 0, "missing": expected }), "{label}");
        self.books.open(text(&node["id"]), text(&node["label"]), date(&node["dueOn"]))
    }

    /// Accepts everything that waits in a period but what is named, a hundred at once; how many.
    pub async fn accept_all(&mut self, span: usize, but: &[Key]) -> usize {
        let office = self.office().await;
        let filter =
            format!(", filter: {{ period: {{ eq: \"{}\" }}, status: {{ eq: SUBMITTED }} }}", self.books.spans[span].id);
        let waiting = pages(&office, "progressReports", &filter, "id version unit { code } task { number }").await;
        let mut items: Vec<(Key, Value)> = Vec::new();
        for node in waiting {
            let key = (text(&node["task"]["number"]), text(&node["unit"]["code"]));
            assert_eq!(self.books.report(span, &key).stands, Stands::Submitted, "{key:?}");
            if !but.contains(&key) {
                items.push((key, json!({ "id": node["id"], "expectedVersion": node["version"] })));
            }
        }
        let submitted = |owed: &super::model::Owed| owed.report.as_ref().is_some_and(|r| r.stands == Stands::Submitted);
        let waits =
            self.books.spans[span].owed.iter().filter(|(key, owed)| submitted(owed) && !but.contains(key)).count();
        assert_eq!(items.len(), waits, "what waits is what the books say");
        for part in items.chunks(100) {
            let input = json!({ "items": part.iter().map(|(_, item)| item).collect::<Vec<_>>() });
            let fields = "doneCount outcomes { progressReport { status version } userErrors { code } }";
            let accepted = done(
                verb(&office, "progressReportAcceptMany", "ProgressReportAcceptManyInput", None, input, fields).await,
            );
            assert_eq!(accepted["doneCount"], part.len(), "{accepted:#}");
            for ((key, _), outcome) in part.iter().zip(accepted["outcomes"].as_array().unwrap()) {
                assert_eq!(outcome["progressReport"]["status"], "ACCEPTED");
                let report = self.books.report(span, key);
                report.version = int(&outcome["progressReport"]["version"]);
                report.stands = Stands::Accepted;
                report.accepted = Some(report.completion);
            }
        }
        items.len()
    }

    /// Returns one report with a reason.
    pub async fn give_back(&mut self, span: usize, key: &Key, reason: &str) {
        let office = self.office().await;
        let report = self.books.report(span, key);
        let input = json!({ "expectedVersion": report.version, "reason": reason });
        let fields = "progressReport { status version returnCount reviews { nodes { decision reason } } }";
        let returned = done(
            verb(&office, "progressReportReturn", "ProgressReportReturnInput", Some(&report.id), input, fields).await,
        );
        let given = &returned["progressReport"];
        assert_eq!((&given["status"], &given["returnCount"]), (&json!("RETURNED"), &json!(1)));
        assert_eq!(given["reviews"]["nodes"][0], json!({ "decision": "RETURNED", "reason": reason }));
        (report.stands, report.version) = (Stands::Returned, int(&given["version"]));
    }

    /// What stands between a period and its closing, as the books see it: missing, returned, submitted.
    fn outstanding(&self, span: usize) -> (i64, i64, i64) {
        let (sums, _) = self.books.sums(&[span], "LIST", self.today(), |_| true);
        (int(&sums["missing"]), int(&sums["returned"]), int(&sums["submitted"]))
    }

    /// Tries to close a period and closes it: while anything is outstanding the gate refuses, until it is taken as missing.
    pub async fn close(&mut self, span: usize) {
        let office = self.office().await;
        let id = self.books.spans[span].id.clone();
        let gate = ask(&office, "reportingPeriod(id: $id) { version closeGate { missingCount returnedCount submittedCount outstanding { totalCount } } }", &id).await["reportingPeriod"].take();
        let (missing, returned, submitted) = self.outstanding(span);
        let all = missing + returned + submitted;
        let expected = json!({ "missingCount": missing, "returnedCount": returned, "submittedCount": submitted, "outstanding": { "totalCount": all } });
        assert_eq!(gate["closeGate"], expected, "{}", self.books.spans[span].label);
        let fields = "reportingPeriod { status version frozenRollUp { expected received accepted returned missing } rollUp { expected received accepted returned missing } }";
        let call = async |accept: bool| {
            let input = json!({ "expectedVersion": gate["version"], "acceptMissing": accept });
            verb(&office, "reportingPeriodClose", "ReportingPeriodCloseInput", Some(&id), input, fields).await
        };
        if all > 0 {
            let refused = call(false).await;
            assert_eq!(refused["userErrors"][0]["code"], "CONFLICT");
            assert_eq!(refused["reportingPeriod"]["status"], "OPEN");
        }
        let closed = done(call(all > 0).await);
        assert_eq!(closed["reportingPeriod"]["status"], "CLOSED");
        self.check_frozen(span, &closed["reportingPeriod"]);
    }

    /// Opens a closed period again for one unit, for six days.
    pub async fn open_again(&self, span: usize, unit: &str) {
        let office = self.office().await;
        let id = &self.books.spans[span].id;
        let period = ask(&office, "reportingPeriod(id: $id) { version }", id).await["reportingPeriod"].take();
        let until = self.today() + chrono::TimeDelta::days(6);
        let input = json!({ "expectedVersion": period["version"], "unit": self.unit_id(unit), "until": until,
            "reason": "单位补报" });
        let (name, kind) = ("reportingPeriodReopen", "ReportingPeriodReopenInput");
        let opened = done(verb(&office, name, kind, Some(id), input, "reportingPeriod { status }").await);
        assert_eq!(opened["reportingPeriod"]["status"], "CLOSED");
    }

    /// The frozen sums of a period are those of the books, and those of the rows.
    pub fn check_frozen(&self, span: usize, period: &Value) {
        let (sums, _) = self.books.sums(&[span], "LIST", self.today(), |_| true);
        let expected: BTreeMap<&str, Value> = ["expected", "received", "accepted", "returned", "missing"]
            .into_iter()
            .map(|f| (f, sums[f].clone()))
            .collect();
        assert_eq!(period["frozenRollUp"], json!(expected), "{}", self.books.spans[span].label);
        assert_eq!(period["rollUp"], json!(expected), "{}", self.books.spans[span].label);
    }

    /// Urges every unit that has handed in too little: one numbered notice each. Their numbers by unit.
    pub async fn urge(&self, span: usize, grade: &str) -> BTreeMap<String, String> {
        let office = self.office().await;
        let silent: Vec<String> = self.books.silent(span).into_iter().collect();
        if silent.is_empty() {
            return BTreeMap::new();
        }
        let period = &self.books.spans[span];
        let units: Vec<String> = silent.iter().map(|code| self.unit_id(code)).collect();
        let reply = self.today() + chrono::TimeDelta::days(5);
        let input = json!({ "period": period.id, "units": units, "grade": grade, "text": "请于五日内报送。", "replyDueOn": reply });
        let fields = "outcomes { unitId urgeNotice { id documentNumber daysOverdue grade items { totalCount } } userErrors { code } }";
        let sent = done(verb(&office, "urgeNoticeSend", "UrgeNoticeSendInput", None, input, fields).await);
        let outcomes = sent["outcomes"].as_array().unwrap();
        assert_eq!(outcomes.len(), silent.len());
        let mut notices = BTreeMap::new();
        for (code, outcome) in silent.iter().zip(outcomes) {
            let notice = &outcome["urgeNotice"];
            assert_eq!(outcome["userErrors"], json!([]), "{code}");
            assert_eq!(notice["daysOverdue"], json!((self.today() - period.due).num_days().max(0)), "{code}");
            let owes = period.owed.iter().filter(|((_, unit), owed)| {
                unit == code
                    && owed.report.as_ref().is_none_or(|r| !matches!(r.stands, Stands::Submitted | Stands::Accepted))
            });
            assert_eq!(notice["items"]["totalCount"], owes.count(), "{code}");
            assert!(text(&notice["documentNumber"]).starts_with(&format!("催办〔{}〕", self.today().format("%Y"))));
            notices.insert(code.clone(), text(&notice["id"]));
        }
        notices
    }

    /// Has a file made, waits for the worker and fetches it by its link.
    pub async fn exported(&self, who: &Client, input: Value) -> (String, Vec<u8>) {
        let fields = "exportJob { id status }";
        let asked =
            done(verb(who, "taskListExport", "TaskListExportInput", Some(&self.list), input.clone(), fields).await);
        assert_eq!(asked["exportJob"]["status"], "QUEUED");
        while self.t.service.export_next().await.unwrap() {}
        let job = text(&asked["exportJob"]["id"]);
        let node =
            ask(who, "node(id: $id) { ... on ExportJob { status problem file { name size downloadUrl } } }", &job)
                .await["node"]
                .take();
        assert_eq!(node["status"], "SUCCEEDED", "{input} {node}");
        let answer = get(&self.t.anonymous(), &text(&node["file"]["downloadUrl"])).await;
        assert_eq!((answer.status.as_u16(), node["file"]["size"].as_u64()), (200, Some(answer.bytes.len() as u64)));
        (text(&node["file"]["name"]), answer.bytes)
    }
}
