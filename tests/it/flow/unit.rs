//! What a unit does: its reporter, and its approver.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::ground::{Year, ask, done, int, pages, text, verb};
use super::model::{Key, Owed, Report, Stands};
use crate::support::Client;

/// What a report says, by turns, so that every completion occurs.
const COMPLETIONS: [(&str, Option<i64>); 6] = [
    ("SUBSTANTIAL", Some(70)),
    ("COMPLETED", Some(100)),
    ("LIMITED", Some(30)),
    ("NOTHING_TO_REPORT", None),
    ("SUBSTANTIAL", Some(80)),
    ("NOT_APPLICABLE", None),
];

impl Year {
    /// What a unit owes in a period, as it reads it itself: task and obligation. It is what the books say.
    pub async fn owes(&self, who: &Client, span: usize, unit: &str) -> BTreeMap<String, String> {
        let filter = format!(
            ", filter: {{ period: {{ eq: \"{}\" }}, unit: {{ eq: \"{}\" }} }}",
            self.books.spans[span].id,
            self.unit_id(unit)
        );
        let nodes = pages(who, "reportObligations", &filter, "id task { number }").await;
        let owed: BTreeMap<String, String> =
            nodes.iter().map(|node| (text(&node["task"]["number"]), text(&node["id"]))).collect();
        let mut expected = self.books.tasks(span, unit);
        let mut given: Vec<String> = owed.keys().cloned().collect();
        expected.sort();
        given.sort();
        assert_eq!(given, expected, "{unit} in {}", self.books.spans[span].label);
        owed
    }

    /// How often the recurring tasks of a unit have to have happened, by obligation.
    pub async fn counts(&self, who: &Client, span: usize, unit: &str) -> BTreeMap<String, Value> {
        let filter = format!(
            ", filter: {{ period: {{ eq: \"{}\" }}, unit: {{ eq: \"{}\" }} }}",
            self.books.spans[span].id,
            self.unit_id(unit)
        );
        let nodes = pages(who, "reportObligations", &filter, "id expectedCount").await;
        let counted = nodes.iter().filter(|node| !node["expectedCount"].is_null());
        counted.map(|node| (text(&node["id"]), node["expectedCount"].clone())).collect()
    }

    /// A unit writes about some of its tasks, all at once, and hands them in.
    pub async fn report(&mut self, span: usize, unit: &str, wanted: impl Fn(usize) -> bool) {
        self.save(span, unit, wanted).await;
        self.submit(span, unit).await;
    }

    /// A unit writes drafts about those of its tasks that it has written nothing on, as far as they are wanted.
    pub async fn save(&mut self, span: usize, unit: &str, wanted: impl Fn(usize) -> bool) {
        let who = self.reporter(unit).await;
        let owed = self.owes(&who, span, unit).await;
        let counts = self.counts(&who, span, unit).await;
        let mut items = Vec::new();
        for (nth, (task, obligation)) in owed.iter().enumerate() {
            let key = (task.clone(), unit.to_owned());
            if !wanted(nth) || self.books.spans[span].owed[&key].report.is_some() {
                continue;
            }
            let (completion, percent) = COMPLETIONS[(nth + span + unit.len()) % COMPLETIONS.len()];
            let narrative = format!("虚构：第{task}项已按要求办理，第{span}期。");
            let item = json!({
                "obligation": obligation, "narrative": narrative, "completion": completion, "percent": percent,
                "doneCount": counts.get(obligation),
                "reporterName": "虚构填报人", "reporterPhone": "13900001234", "filledOn": self.today(),
            });
            items.push((key, completion, narrative, item));
        }
        for part in items.chunks(100) {
            let input = json!({ "items": part.iter().map(|(.., item)| item).collect::<Vec<_>>() });
            let fields = "doneCount outcomes { progressReport { id status version } userErrors { code field } }";
            let saved =
                done(verb(&who, "progressReportSaveMany", "ProgressReportSaveManyInput", None, input, fields).await);
            assert_eq!(saved["doneCount"], part.len(), "{unit}: {saved:#}");
            for ((key, completion, narrative, _), outcome) in part.iter().zip(saved["outcomes"].as_array().unwrap()) {
                let report = &outcome["progressReport"];
                assert_eq!(report["status"], "DRAFT");
                let kept = Report {
                    id: text(&report["id"]),
                    version: int(&report["version"]),
                    stands: Stands::Draft,
                    completion,
                    narrative: narrative.clone(),
                    handed_in: None,
                    accepted: None,
                };
                self.books.spans[span].owed.get_mut(key).unwrap().report = Some(kept);
            }
        }
    }

    /// The reports of a unit that stand so.
    pub fn standing(&self, span: usize, unit: &str, stands: &[Stands]) -> Vec<Key> {
        let so = |owed: &Owed| owed.report.as_ref().is_some_and(|r| stands.contains(&r.stands));
        self.books.spans[span]
            .owed
            .iter()
            .filter(|((_, u), o)| u == unit && so(o))
            .map(|(key, _)| key.clone())
            .collect()
    }

    /// A unit hands in all its drafts, and what was returned and mended: to its approver, or to the office.
    pub async fn submit(&mut self, span: usize, unit: &str) {
        let who = self.reporter(unit).await;
        let signing = self.signing.iter().any(|code| code == unit);
        let keys = self.standing(span, unit, &[Stands::Draft, Stands::Returned]);
        let today = self.today();
        for part in keys.chunks(100) {
            let item = |key: &Key| {
                let report = self.books.spans[span].owed[key].report.as_ref().unwrap();
                json!({ "id": report.id, "expectedVersion": report.version })
            };
            let input = json!({ "items": part.iter().map(item).collect::<Vec<_>>() });
            let fields = "doneCount outcomes { progressReport { status version } userErrors { code field } }";
            let sent = done(
                verb(&who, "progressReportSubmitMany", "ProgressReportSubmitManyInput", None, input, fields).await,
            );
            assert_eq!(sent["doneCount"], part.len(), "{unit}: {sent:#}");
            for (key, outcome) in part.iter().zip(sent["outcomes"].as_array().unwrap()) {
                let given = &outcome["progressReport"];
                assert_eq!(given["status"], if signing { "SIGNING" } else { "SUBMITTED" }, "{unit}");
                let report = self.books.report(span, key);
                report.version = int(&given["version"]);
                report.stands = if signing { Stands::Signing } else { Stands::Submitted };
                if !signing {
                    report.handed_in = Some(today);
                }
            }
        }
    }

    /// The approver signs everything that waits for him in a period; it is what his own page says.
    pub async fn sign_all(&mut self, span: usize, unit: &str) {
        let who = self.approver(unit).await;
        let keys = self.standing(span, unit, &[Stands::Signing]);
        let query = "{ viewer { work { toSign(first: 200) { totalCount nodes { id version period { id } } } } } }";
        let page = who.data(query, json!({})).await["viewer"]["work"]["toSign"].take();
        let here: Vec<&Value> = page["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|n| n["period"]["id"] == json!(self.books.spans[span].id))
            .collect();
        assert_eq!(here.len(), keys.len(), "{unit} signs what waits");
        let today = self.today();
        for key in keys {
            let report = self.books.report(span, &key);
            let input = json!({ "expectedVersion": report.version });
            let signed = verb(
                &who,
                "progressReportSign",
                "ProgressReportSignInput",
                Some(&report.id),
                input,
                "progressReport { status version }",
            )
            .await;
            let signed = &done(signed)["progressReport"];
            assert_eq!(signed["status"], "SUBMITTED");
            (report.stands, report.version, report.handed_in) =
                (Stands::Submitted, int(&signed["version"]), Some(today));
        }
    }

    /// The approver sends one back to its writer.
    pub async fn send_back(&mut self, span: usize, key: &Key) {
        let who = self.approver(&key.1).await;
        let report = self.books.report(span, key);
        let input = json!({ "expectedVersion": report.version, "reason": "请写明公开日期。" });
        let fields = "progressReport { status version returnCount signatures { nodes { decision reason } } }";
        let sent = done(
            verb(&who, "progressReportSendBack", "ProgressReportSendBackInput", Some(&report.id), input, fields).await,
        );
        let given = &sent["progressReport"];
        assert_eq!((&given["status"], &given["returnCount"]), (&json!("DRAFT"), &json!(0)));
        assert_eq!(given["signatures"]["nodes"][0], json!({ "decision": "SENT_BACK", "reason": "请写明公开日期。" }));
        (report.stands, report.version) = (Stands::Draft, int(&given["version"]));
    }

    /// A unit changes the words of a draft or of what was returned.
    pub async fn mend(&mut self, span: usize, key: &Key, narrative: &str) {
        let who = self.reporter(&key.1).await;
        let obligation = self.owes(&who, span, &key.1).await[&key.0].clone();
        let report = self.books.report(span, key);
        let input = json!({ "obligation": obligation, "expectedVersion": report.version, "narrative": narrative });
        let saved = verb(
            &who,
            "progressReportSave",
            "ProgressReportSaveInput",
            None,
            input,
            "progressReport { version narrative }",
        )
        .await;
        let saved = &done(saved)["progressReport"];
        assert_eq!(saved["narrative"], narrative);
        (report.version, report.narrative) = (int(&saved["version"]), narrative.to_owned());
    }

    /// A link, a document number and a file as evidence of a draft.
    pub async fn prove(&mut self, span: usize, key: &Key) {
        let who = self.reporter(&key.1).await;
        let file = crate::files::put(&who, "proof.csv", "序号,事项\n1,虚构\n").await.id();
        let proofs = [
            json!({ "kind": "LINK", "title": "公开专栏", "url": "https://example.com/a" }),
            json!({ "kind": "DOCUMENT_NUMBER", "documentNumber": "虚构〔2025〕7号" }),
            json!({ "kind": "FILE", "file": file }),
        ];
        for (nth, mut proof) in proofs.into_iter().enumerate() {
            let report = self.books.report(span, key);
            (proof["progressReport"], proof["expectedVersion"]) = (json!(report.id), json!(report.version));
            let added = verb(
                &who,
                "evidenceAdd",
                "EvidenceAddInput",
                None,
                proof,
                "progressReport { version evidence { totalCount } }",
            )
            .await;
            let added = &done(added)["progressReport"];
            assert_eq!(added["evidence"]["totalCount"], nth + 1);
            report.version = int(&added["version"]);
        }
    }

    /// A unit carries all its reports of the month before forward, word for word; what recurs is counted anew.
    pub async fn carry_forward(&mut self, span: usize, from: usize, unit: &str) {
        let who = self.reporter(unit).await;
        let owed = self.owes(&who, span, unit).await;
        let counts = self.counts(&who, span, unit).await;
        for (task, obligation) in owed {
            let key = (task, unit.to_owned());
            let Some(before) = self.books.spans[from].owed.get(&key).and_then(|owed| owed.report.clone()) else {
                continue;
            };
            let fields = "progressReport { id version status narrative completion unchanged }";
            let input = json!({ "obligation": obligation });
            let carried = done(
                verb(&who, "progressReportCarryForward", "ProgressReportCarryForwardInput", None, input, fields).await,
            );
            let given = &carried["progressReport"];
            assert_eq!(
                (&given["narrative"], &given["completion"]),
                (&json!(before.narrative), &json!(before.completion))
            );
            let count = counts.get(&obligation);
            assert_eq!((&given["unchanged"], &given["status"]), (&json!(count.is_none()), &json!("DRAFT")));
            let mut version = int(&given["version"]);
            if let Some(count) = count {
                let input = json!({ "obligation": obligation, "expectedVersion": version, "doneCount": count });
                let fields = "progressReport { version }";
                let saved = verb(&who, "progressReportSave", "ProgressReportSaveInput", None, input, fields).await;
                version = int(&done(saved)["progressReport"]["version"]);
            }
            let report = Report {
                id: text(&given["id"]),
                version,
                stands: Stands::Draft,
                handed_in: None,
                accepted: None,
                ..before
            };
            self.books.spans[span].owed.get_mut(&key).unwrap().report = Some(report);
        }
    }

    /// A unit asks for more time for everything it owes in a period and the office decides.
    pub async fn more_time(&mut self, span: usize, unit: &str, days: i64, granted: bool) {
        let (who, office) = (self.reporter(unit).await, self.office().await);
        let first = self.books.spans[span].due;
        let until = first + chrono::TimeDelta::days(days);
        for (task, obligation) in self.owes(&who, span, unit).await {
            let input = json!({ "obligation": obligation, "reason": "系统改造", "until": until });
            let asked = verb(
                &who,
                "extensionRequestCreate",
                "ExtensionRequestCreateInput",
                None,
                input,
                "extensionRequest { id version status }",
            )
            .await;
            let request = &done(asked)["extensionRequest"];
            assert_eq!(request["status"], "PENDING");
            let verdict = if granted { "GRANTED" } else { "REFUSED" };
            let input = json!({ "expectedVersion": request["version"], "decision": verdict, "reason": "已研究" });
            let fields = "extensionRequest { status grantedUntil obligation { dueOn firstDueOn } }";
            let decided = verb(
                &office,
                "extensionRequestDecide",
                "ExtensionRequestDecideInput",
                request["id"].as_str(),
                input,
                fields,
            )
            .await;
            let decided = &done(decided)["extensionRequest"];
            assert_eq!(decided["status"], verdict);
            let due = if granted { until } else { first };
            assert_eq!(decided["obligation"]["dueOn"], json!(due));
            let firstly = if granted { json!(first) } else { decided["obligation"]["firstDueOn"].clone() };
            assert_eq!(decided["obligation"]["firstDueOn"], firstly, "the first date stays");
            if granted {
                self.books.spans[span].owed.get_mut(&(task, unit.to_owned())).unwrap().due = Some(until);
            }
        }
    }

    /// A unit begins to correct an accepted report.
    pub async fn begin_correction(&mut self, span: usize, key: &Key) {
        let who = self.reporter(&key.1).await;
        let report = self.books.report(span, key);
        let input = json!({ "expectedVersion": report.version });
        let begun = verb(
            &who,
            "progressReportCorrect",
            "ProgressReportCorrectInput",
            Some(&report.id),
            input,
            "progressReport { status version correcting }",
        )
        .await;
        let begun = &done(begun)["progressReport"];
        assert_eq!((&begun["status"], &begun["correcting"]), (&json!("DRAFT"), &json!(true)));
        (report.stands, report.version) = (Stands::Draft, int(&begun["version"]));
    }

    /// A unit corrects an accepted report; until the correction is accepted, what was accepted counts.
    pub async fn correct(&mut self, span: usize, key: &Key) {
        self.begin_correction(span, key).await;
        let office = self.office().await;
        self.compare(&office, Some(span), |_| true).await;
        self.mend(span, key, "虚构：更正后的情况。").await;
        self.submit(span, &key.1).await;
    }

    /// A unit begins to correct an accepted report, finds that it was right, and gives the correction up.
    pub async fn give_up_correction(&mut self, span: usize, key: &Key) {
        let before = self.books.report(span, key).clone();
        self.begin_correction(span, key).await;
        self.mend(span, key, "虚构：误改的情况。").await;
        let who = self.reporter(&key.1).await;
        let report = self.books.report(span, key);
        let input = json!({ "expectedVersion": report.version });
        let (name, kind) = ("progressReportCorrectionCancel", "ProgressReportCorrectionCancelInput");
        let fields = "progressReport { version status narrative completion correcting }";
        let given = done(verb(&who, name, kind, Some(&report.id), input, fields).await)["progressReport"].take();
        let version = int(&given["version"]);
        let as_before = json!({ "version": version, "status": "ACCEPTED", "narrative": before.narrative,
            "completion": before.accepted, "correcting": false });
        assert_eq!(given, as_before);
        *report = Report { version, ..before };
    }

    /// The text of a report as somebody reads it.
    pub async fn reads(&self, who: &Client, report: &str) -> Value {
        ask(who, "progressReport(id: $id) { status narrative reporterPhone }", report).await["progressReport"].take()
    }
}
