//! The annual report: cut from accepted reports, its tables compared with the books, published and taken back.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use taizhang::documents::write::section_line;

use super::ground::{Year, ask, done, names, text, verb};
use super::model::{Key, Stands};
use super::publishing::{DESKS, Published};
use super::spine::Cast;

/// What is written and never accepted, and must not be read anywhere.
const UNFINISHED: &str = "虚构：此稿未经审核。";

/// Sums as a document has them.
#[derive(Default)]
struct Sums {
    expected: u32,
    accepted: u32,
    completion: BTreeMap<&'static str, u32>,
}

impl Sums {
    fn add(&mut self, accepted: Option<&'static str>) {
        self.expected += 1;
        if let Some(completion) = accepted {
            self.accepted += 1;
            *self.completion.entry(completion).or_default() += 1;
        }
    }

    fn fields(&self) -> Map<String, Value> {
        let fields = json!({ "expected": self.expected, "accepted": self.accepted, "completion": self.completion });
        fields.as_object().unwrap().clone()
    }

    fn named(&self, name: &str) -> Value {
        let mut fields = self.fields();
        fields.insert("name".to_owned(), json!(name));
        Value::Object(fields)
    }
}

/// The tasks of the list in its order, what was added behind.
fn in_order(y: &Year, span: usize) -> Vec<String> {
    let mut order: Vec<String> =
        y.papers.list.tasks.iter().map(|task| task.number.clone().unwrap_or_default()).collect();
    let added: BTreeSet<&String> =
        y.books.spans[span].owed.keys().map(|(task, _)| task).filter(|task| !order.contains(task)).collect();
    order.extend(added.into_iter().cloned().collect::<Vec<_>>());
    order
}

/// The tables of a period, counted out from the books; what `counts` leaves out counts as not accepted.
fn tables(y: &Year, span: usize, counts: &dyn Fn(&Key) -> bool) -> (Map<String, Value>, Vec<Value>, Vec<Value>) {
    let titles: BTreeMap<&String, &String> = y
        .papers
        .list
        .sections
        .iter()
        .filter(|section| section.path.len() == 1)
        .map(|section| (&section.path[0], &section.title))
        .collect();
    let mut total = Sums::default();
    let mut sections: Vec<(String, Sums)> = Vec::new();
    let mut units: BTreeMap<&String, Sums> = BTreeMap::new();
    for task in in_order(y, span) {
        let label = y.books.sections.get(&task);
        let line = label.map_or("未分部分".to_owned(), |label| section_line(label, titles[label]));
        for (key, owed) in y.books.spans[span].owed.iter().filter(|((t, _), _)| *t == task) {
            let accepted = owed.report.as_ref().and_then(|report| report.accepted).filter(|_| counts(key));
            total.add(accepted);
            units.entry(&key.1).or_default().add(accepted);
            if sections.last().is_none_or(|(last, _)| *last != line) {
                sections.push((line.clone(), Sums::default()));
            }
            sections.last_mut().unwrap().1.add(accepted);
        }
    }
    let sections = sections.iter().map(|(line, sums)| sums.named(line)).collect();
    // Units come in the order of the directory, and nobody is ranked.
    let printed = names(&y.papers.place);
    let name = |code: &String| y.renamed.get(code).unwrap_or(&printed[code]).clone();
    let of_unit = y.papers.place.units.iter().filter_map(|unit| Some((&unit.id, units.get(&unit.id)?)));
    (total.fields(), sections, of_unit.map(|(code, sums)| sums.named(&name(code))).collect())
}

impl Year {
    /// What is in a publication, as the office reads it.
    async fn content_of(&self, publication: &Value) -> Value {
        let id = text(&publication["id"]);
        let query = "publicationDocument(id: $id) { content }";
        ask(&self.office().await, query, &id).await["publicationDocument"]["content"]["content"].take()
    }

    /// Takes something back, published or not; it is gone from the public.
    async fn withdraw(&self, login: &str, id: &str, reason: &str) {
        let who = self.who(login).await;
        let version = ask(&who, "publication(id: $id) { version }", id).await["publication"]["version"].take();
        let input = json!({ "expectedVersion": version, "reason": reason });
        let (name, kind) = ("publicationWithdraw", "PublicationWithdrawInput");
        let fields = "publication { status publicPath withdrawalReason }";
        let given = done(verb(&who, name, kind, Some(id), input, fields).await);
        let expected = json!({ "status": "WITHDRAWN", "publicPath": null, "withdrawalReason": reason });
        assert_eq!(given["publication"], expected);
    }

    /// A unit has its reports signed from now on, or not any more.
    async fn signs(&self, unit: &str, required: bool) {
        let (approver, id) = (self.approver(unit).await, self.unit_id(unit));
        let version = ask(&approver, "unit(id: $id) { version }", &id).await["unit"]["version"].take();
        let input = json!({ "expectedVersion": version, "required": required });
        let (name, kind) = ("unitReportSigningSet", "UnitReportSigningSetInput");
        done(verb(&approver, name, kind, Some(&id), input, "unit { reportSigning }").await);
    }

    /// A unit that missed the closing gets time, and comes not far: one report is accepted and under correction, one is
    /// returned, one not handed in.
    async fn half_done(&mut self, span: usize, unit: &str) -> (Key, String) {
        self.open_again(span, unit).await;
        self.report(span, unit, |nth| nth == 0).await;
        assert_eq!(self.accept_all(span, &[]).await, 1);
        let kept = self.standing(span, unit, &[Stands::Accepted])[0].clone();
        self.save(span, unit, |nth| nth == 1).await;
        let back = self.standing(span, unit, &[Stands::Draft])[0].clone();
        self.mend(span, &back, UNFINISHED).await;
        self.submit(span, unit).await;
        self.give_back(span, &back, "未附佐证材料。").await;
        self.save(span, unit, |nth| nth == 2).await;
        let said = self.books.report(span, &kept).narrative.clone();
        let mut unfinished = self.standing(span, unit, &[Stands::Draft]);
        self.begin_correction(span, &kept).await;
        unfinished.push(kept.clone());
        for key in unfinished {
            self.mend(span, &key, UNFINISHED).await;
        }
        (kept, said)
    }
}

/// The next January: the report of the year, from the period that has the whole of it.
pub async fn annual_report(y: &mut Year, cast: &Cast, span: usize, list: &Published) {
    let (kept, said) = y.half_done(span, &cast.missing).await;
    let accepted = |y: &Year, key: &Key| {
        y.books.spans[span].owed[key].report.as_ref().is_some_and(|report| report.accepted.is_some())
    };
    let of = json!({ "period": y.books.spans[span].id });
    let of = |kind: &str, title: &str| {
        let mut input = of.clone();
        (input["kind"], input["title"]) = (json!(kind), json!(title));
        input
    };

    // The words of a period first: each unit's accepted text, also of what is under correction, and nothing else.
    let progress = y.prepare(of("PROGRESS", "落实情况（内部核对）")).await;
    let content = y.content_of(&progress).await;
    let mut given: BTreeMap<(String, String), (Value, Value)> = BTreeMap::new();
    for task in content["tasks"].as_array().unwrap() {
        for report in task["reports"].as_array().unwrap() {
            let key = (text(&task["number"]), text(&report["unit"]));
            let before = given.insert(key, (report["completion"].clone(), report["text"].clone()));
            assert!(before.is_none());
        }
    }
    let printed = names(&y.papers.place);
    let mut expected = BTreeMap::new();
    for (key, owed) in y.books.spans[span].owed.iter().filter(|(key, _)| accepted(y, key)) {
        let report = owed.report.as_ref().unwrap();
        let said = if *key == kept { &said } else { &report.narrative };
        let name = y.renamed.get(&key.1).unwrap_or(&printed[&key.1]).clone();
        expected.insert((key.0.clone(), name), (json!(report.accepted), json!(said)));
    }
    assert_eq!(given, expected);
    assert!(!content.to_string().contains(UNFINISHED));
    y.withdraw("office", &text(&progress["id"]), "只为核对").await;
    let never = format!("/public/publications/{}", text(&progress["id"]));
    assert_eq!(y.anybody(&never).await.status, 404, "what was never published leaves no trace");

    // A unit that signs, and did not, is left out.
    let title = format!("{}年政务公开工作年度报告（虚构）", y.year);
    y.signs(&cast.returned, true).await;
    let made = y.prepare(of("ANNUAL_REPORT", &title)).await;
    let unsigned = |key: &Key| key.1 != cast.returned;
    let left_out = y.books.spans[span].owed.keys().filter(|key| !unsigned(key) && accepted(y, key)).count();
    assert!(left_out > 0);
    assert_eq!(made["leftOutCount"], left_out);
    assert_eq!(y.content_of(&made).await["byUnit"], json!(tables(y, span, &unsigned).2));
    y.withdraw("deputy", &text(&made["id"]), "该单位无需审签").await;
    y.signs(&cast.returned, false).await;

    let made = y.prepare(of("ANNUAL_REPORT", &title)).await;
    assert_eq!((&made["leftOutCount"], &made["openFindingCount"]), (&json!(0), &json!(0)));
    let content = y.content_of(&made).await;
    let (total, by_section, by_unit) = tables(y, span, &|_| true);
    assert_eq!(content["total"], Value::Object(total.clone()));
    assert_eq!(content["bySection"], json!(by_section));
    assert_eq!(content["byUnit"], json!(by_unit));
    let paragraph = text(&content["paragraph"]);
    let open = total["expected"].as_u64().unwrap() - total["accepted"].as_u64().unwrap();
    for said in [
        format!("应报事项{}项", total["expected"]),
        format!("涉及{}个单位", by_unit.len()),
        format!("通过审核{}项", total["accepted"]),
        format!("尚无通过审核的报告{open}项"),
    ] {
        assert!(paragraph.contains(&said), "{said}: {paragraph}");
    }
    // The sums of the period are those of the program's own ledger, too.
    let query = "reportingPeriod(id: $id) { rollUp { expected accepted } }";
    let ledger = ask(&y.office().await, query, &y.books.spans[span].id).await["reportingPeriod"]["rollUp"].take();
    assert_eq!(ledger, json!({ "expected": total["expected"], "accepted": total["accepted"] }));

    let mut publication = made;
    for (login, step) in DESKS {
        let decided = y.decides(login, &publication, json!({ "step": step, "decision": "PASSED" })).await;
        publication = done(decided)["publication"].take();
    }
    let report = y.publish(&publication).await;
    let page = y.anybody(&report.path).await;
    assert_eq!(page.json()["content"], content);
    let whole = String::from_utf8(page.bytes).unwrap();
    let written = y.books.spans[span].owed.values().filter_map(|owed| owed.report.as_ref());
    assert!(written.clone().any(|report| report.narrative == UNFINISHED));
    assert!(written.clone().all(|report| !whole.contains(&report.narrative)), "a sum has no words of a report");
    for name in ["by-section", "by-unit"] {
        let picture = y.anybody(&format!("{}/figures/{name}.svg", report.path)).await;
        assert_eq!((picture.status.as_u16(), picture.header("content-type")), (200, "image/svg+xml; charset=utf-8"));
    }
    let list_title = text(&y.anybody(&list.path).await.json()["title"]);
    let stands = |state: &str| [(title.clone(), state.to_owned()), (list_title.clone(), "PUBLISHED".to_owned())];
    assert_eq!(y.before_the_public().await, stands("PUBLISHED"));

    // Some days later it is taken back: the trace stays, the reason is the house's own.
    let (published, reason) = (y.today(), "数据口径有误");
    y.day(y.today() + chrono::TimeDelta::days(1)).await;
    y.withdraw("chief", &report.id, reason).await;
    let gone = y.anybody(&report.path).await;
    assert_eq!(gone.status, 410);
    let trace = gone.json();
    let expected = json!({
        "id": report.id, "kind": "ANNUAL_REPORT", "title": title, "issuer": trace["issuer"], "year": y.year,
        "status": "WITHDRAWN", "publishedOn": published, "withdrawnOn": y.today(),
    });
    assert_eq!(trace, expected);
    assert!(!String::from_utf8(gone.bytes).unwrap().contains(reason));
    assert_eq!(y.anybody(&format!("{}/figures/by-unit.svg", report.path)).await.status, 410);
    assert_eq!(y.before_the_public().await, stands("WITHDRAWN"));
    let query = "publication(id: $id) { steps(first: 50) { nodes { act reason } } }";
    let steps = ask(&y.office().await, query, &report.id).await["publication"]["steps"]["nodes"].take();
    let last = json!({ "act": "WITHDRAWAL", "reason": reason });
    assert_eq!(steps.as_array().unwrap().last(), Some(&last));
    y.stands_published(list).await;
}
