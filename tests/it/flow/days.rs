//! What is due: units are reminded and urged by rules, a due day is moved, and a unit without a network sends its form in.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

use super::ground::{Year, ask, done, int, pages, text, verb};
use super::model::{Model, Report, Stands};
use super::spine::Cast;
use crate::files::put;

/// What the rule behind the day says.
const URGED: &str = "请尽快报送。";

impl Year {
    /// A day some working days before or behind another.
    fn working_day(&self, from: NaiveDate, days: i32) -> NaiveDate {
        self.t.service.calendar().add_working_days(from, days).unwrap()
    }

    /// The program looks at the rules; how many times a unit was written to.
    async fn rules(&self) -> usize {
        self.t.service.urging_run_due().await.unwrap()
    }

    async fn rule(&self, terms: Value) -> Value {
        let mut terms = terms;
        terms["taskList"] = json!(self.list);
        let fields = "urgeRule { id version active ranOn }";
        let office = self.office().await;
        done(verb(&office, "urgeRuleCreate", "UrgeRuleCreateInput", None, terms, fields).await)["urgeRule"].take()
    }

    /// What somebody was told last.
    async fn told_last(&self, unit: &str) -> Value {
        let query = "{ viewer { notifications(first: 1) { nodes { kind period { id } urgeNotice {
            grade text daysOverdue replyDueOn documentNumber items { totalCount } } } } } }";
        self.reporter(unit).await.data(query, json!({})).await["viewer"]["notifications"]["nodes"][0].take()
    }
}

/// May: the office has had enough of urging by hand. Who owes something is reminded the day before by a rule, and urged the
/// day after by another one, once, in working hours, and by nobody.
pub async fn urged_by_rules(y: &mut Year, cast: &Cast, span: usize) {
    let due = y.books.spans[span].due;
    let (before, behind) = (y.working_day(due, -1), y.working_day(due, 1));
    y.rule(json!({ "offsetWorkingDays": -1 })).await;
    let after = json!({ "offsetWorkingDays": 1, "grade": "BLUE", "text": URGED, "replyWithinWorkingDays": 3 });
    let rule = y.rule(after.clone()).await;
    for (unit, most) in [(&cast.returned, usize::MAX), (&cast.signed_too, 3), (&cast.denied, 3)] {
        y.report(span, unit, |nth| nth < most).await;
    }
    y.sign_all(span, &cast.signed_too).await;
    let silent = y.books.silent(span);
    assert!(silent.contains(&cast.late) && !silent.contains(&cast.returned));
    let urged = async |y: &Year| (y.count("urge_notice").await, y.count("urge_rule_run").await);
    let (notices, _) = urged(y).await;

    y.day(before).await;
    let morning: DateTime<Utc> = format!("{before}T00:30:00Z").parse().unwrap();
    let now = y.t.service.clock().now();
    y.t.clock.set(morning);
    assert_eq!(y.rules().await, 0, "offices open at nine");
    y.t.clock.set(now);
    assert_eq!((y.rules().await, y.rules().await), (silent.len(), 0), "each unit once, however much it owes");
    y.workers().await;
    let period = json!({ "id": y.books.spans[span].id });
    let told = y.told_last(&cast.late).await;
    assert_eq!((&told["kind"], &told["period"]), (&json!("REMINDED"), &period));
    assert_ne!(y.told_last(&cast.returned).await["kind"], "REMINDED", "who has reported everything is left alone");
    assert_eq!(urged(y).await.0, notices, "a reminder is no notice");

    // On the day itself one of them reports; the others are urged the day after.
    y.day(due.max(before + TimeDelta::days(1))).await;
    assert_eq!(y.rules().await, 0);
    y.report(span, &cast.asking, |_| true).await;
    let silent = y.books.silent(span);
    y.day(behind).await;
    assert_eq!((y.rules().await, y.rules().await), (silent.len(), 0));
    y.workers().await;
    let all = i64::try_from(silent.len()).unwrap();
    assert_eq!(urged(y).await.0, notices + all);
    let told = y.told_last(&cast.late).await;
    assert_eq!(told["kind"], "URGED");
    let notice = &told["urgeNotice"];
    assert_eq!(
        [&notice["grade"], &notice["text"], &notice["daysOverdue"], &notice["replyDueOn"]],
        [&json!("BLUE"), &json!(URGED), &json!((behind - due).num_days()), &json!(y.working_day(behind, 3))]
    );
    assert_eq!(notice["items"]["totalCount"], y.books.tasks(span, &cast.late).len());
    assert_ne!(y.told_last(&cast.asking).await["kind"], "URGED");
    assert_eq!(
        y.count("audit_entry WHERE result = 'DONE' AND operation = 'urgeNoticeSend' AND user_id IS NULL").await,
        1,
        "nobody did it"
    );
    // What the office sees of it are notices like those it sends itself.
    let office = y.office().await;
    let blue = pages(&office, "urgeNotices", "", "grade unit { code }").await;
    let mut units: Vec<String> =
        blue.iter().filter(|n| n["grade"] == "BLUE").map(|notice| text(&notice["unit"]["code"])).collect();
    units.sort();
    assert_eq!(units, silent.into_iter().collect::<Vec<_>>());
    let own = pages(&y.reporter(&cast.late).await, "urgeNotices", "", "grade").await;
    assert_eq!(own.iter().filter(|notice| notice["grade"] == "BLUE").count(), 1);

    // From now on it urges by hand again.
    let rules = "taskList(id: $id) { urgeRules { nodes { id version offsetWorkingDays grade text replyWithinWorkingDays ranOn } } }";
    for row in ask(&office, rules, &y.list).await["taskList"]["urgeRules"]["nodes"].as_array().unwrap() {
        assert_eq!(row["ranOn"], json!(behind));
        let (id, input) = (row["id"].as_str(), json!({ "expectedVersion": row["version"] }));
        if row["id"] == rule["id"] {
            let mut off = after.clone();
            (off["expectedVersion"], off["active"]) = (row["version"].clone(), json!(false));
            let fields = "urgeRule { active }";
            let kept = done(verb(&office, "urgeRuleUpdate", "UrgeRuleUpdateInput", id, off, fields).await);
            assert_eq!(kept["urgeRule"]["active"], false);
        } else {
            done(verb(&office, "urgeRuleDelete", "VersionInput", id, input, "deletedId").await);
        }
    }
    y.report(span, &cast.late, |_| true).await;
    assert_eq!(y.rules().await, 0);
    y.accept_all(span, &[]).await;
    y.close(span).await;
    y.compare(&office, Some(span), |_| true).await;
}

/// August: the day of July's reports is over when the office sees that nobody could report, and moves it. From then on
/// nobody is late; that on the day before everybody was, is known still.
pub async fn moved(y: &mut Year, cast: &Cast, span: usize) -> (NaiveDate, Model) {
    let due = y.books.spans[span].due;
    y.day(due + TimeDelta::days(1)).await;
    let past = (y.today(), y.books.clone());
    y.day(due + TimeDelta::days(2)).await;
    let (office, period) = (y.office().await, y.books.spans[span].id.clone());
    y.compare(&office, Some(span), |_| true).await;
    let version = ask(&office, "reportingPeriod(id: $id) { version }", &period).await["reportingPeriod"].take();
    let later = y.working_day(due, 5);
    let input = json!({ "expectedVersion": version["version"], "dueOn": later });
    let (name, kind) = ("reportingPeriodUpdate", "ReportingPeriodUpdateInput");
    let fields = "reportingPeriod { dueOn firstDueOn }";
    let kept = done(verb(&office, name, kind, Some(&period), input, fields).await);
    assert_eq!(kept["reportingPeriod"], json!({ "dueOn": later, "firstDueOn": due }));
    y.books.spans[span].due = later;
    let overdue = |y: &Year| int(&y.books.sums(&[span], "UNIT", y.today(), |_| true).0["overdue"]);
    assert_eq!(overdue(y), 0);
    y.compare(&office, Some(span), |_| true).await;
    y.workers().await;
    let told = y.told_last(&cast.late).await;
    assert_eq!((&told["kind"], &told["period"]), (&json!("PERIOD_MOVED"), &json!({ "id": period })));
    let own = y.reporter(&cast.late).await;
    y.compare(&own, Some(span), |(task, unit)| *unit == cast.late || y.books.leads(task).contains(&cast.late)).await;
    let filter = format!("period: \"{period}\", asOf: \"{}\"", past.0);
    y.compare_with(&office, &filter, |by| past.1.sums(&[span], by, past.0, |_| true)).await;
    y.report(span, &cast.late, |_| true).await;
    let (_, sums) = y.books.sums(&[span], "UNIT", y.today(), |_| true);
    assert_eq!(sums[&Some(cast.late.clone())]["late"], 0, "in time, by the new day");
    past
}

/// September: a unit whose network is down gets its blank form on a stick, fills three rows in and sends the file. What it
/// would change is shown first, then kept; the rest of the form says nothing.
pub async fn by_form(y: &mut Year, span: usize, unit: &str) {
    let who = y.reporter(unit).await;
    let owed = y.owes(&who, span, unit).await;
    let counts = y.counts(&who, span, unit).await;
    let period = y.books.spans[span].id.clone();
    let asked = json!({ "view": "REPORT_FORM", "format": "CSV", "period": period, "unit": y.unit_id(unit) });
    let (_, blank) = y.exported(&who, asked).await;
    let mut form = String::from_utf8(blank).unwrap();
    let mut fill = |from: &str, to: &str| {
        assert_eq!(form.matches(from).count(), 1, "{from:?} in {form}");
        form = form.replace(from, to);
    };
    fill("填报人及手机号码：", "填报人及手机号码：虚构填报人 13900001234");
    let filled: Vec<(&String, &String)> = owed.iter().take(3).collect();
    for (task, obligation) in &filled {
        let key: taizhang::id::GlobalId = obligation.parse().unwrap();
        let key = taizhang::documents::write::views::row_key(key.uuid);
        let times = counts.get(*obligation).map(|count| format!("，{count}次")).unwrap_or_default();
        let said = format!("\"基本完成60%{times}\",\"虚构：第{task}项见纸质材料。\",\"\",\"{key}\"");
        fill(&format!("\"\",\"\",\"\",\"{key}\""), &said);
    }
    let file = put(&who, "form.csv", form.into_bytes()).await.id();
    let fields = "rows { obligation { id } state } problems { kind } digest savedCount absentCount";
    let (name, kind) = ("progressReportImport", "ProgressReportImportInput");
    let input = json!({ "period": period, "file": file });
    let before = y.written().await;
    let shown = done(verb(&who, name, kind, None, input.clone(), fields).await);
    assert_eq!((&shown["problems"], &shown["savedCount"], &shown["absentCount"]), (&json!([]), &json!(0), &json!(0)));
    let rows = shown["rows"].as_array().unwrap();
    let is_filled = |row: &Value| filled.iter().any(|(_, obligation)| row["obligation"]["id"] == **obligation);
    let states = rows.iter().map(|row| (row["state"].clone(), is_filled(row)));
    assert!(states.clone().all(|(state, filled)| state == if filled { "NEW" } else { "UNCHANGED" }), "{shown:#}");
    assert_eq!((rows.len(), y.written().await), (owed.len(), before), "nothing is kept before it is agreed to");

    let mut agreed = input;
    (agreed["dryRun"], agreed["digest"]) = (json!(false), shown["digest"].clone());
    let kept = done(verb(&who, name, kind, None, agreed.clone(), fields).await);
    assert_eq!((&kept["rows"], &kept["savedCount"]), (&shown["rows"], &json!(filled.len())));
    let filter = format!(", filter: {{ period: {{ eq: \"{period}\" }}, unit: {{ eq: \"{}\" }} }}", y.unit_id(unit));
    let reports = pages(&who, "progressReports", &filter, "id version status narrative task { number }").await;
    assert_eq!(reports.len(), filled.len());
    for report in reports {
        let task = text(&report["task"]["number"]);
        let narrative = format!("虚构：第{task}项见纸质材料。");
        assert_eq!((&report["status"], &report["narrative"]), (&json!("DRAFT"), &json!(narrative)));
        let report = Report {
            id: text(&report["id"]),
            version: int(&report["version"]),
            stands: Stands::Draft,
            completion: "SUBSTANTIAL",
            narrative,
            handed_in: None,
            accepted: None,
        };
        y.books.spans[span].owed.get_mut(&(task, unit.to_owned())).unwrap().report = Some(report);
    }
    // Sent once more, by mistake, it changes nothing.
    agreed["digest"] = Value::Null;
    let again = done(verb(&who, name, kind, None, agreed, fields).await);
    assert_eq!(again["savedCount"], 0);
    y.submit(span, unit).await;
}
