//! The months of a year, one function each, and what happens in every month.

use serde_json::json;

use super::ground::{Year, ask, done, int, pages, refused, verb};
use super::model::Stands;
use super::publishing::plant;

/// Who plays which part; all but the office are different units, those with the least to do first.
#[derive(Clone, Debug)]
pub struct Cast {
    /// Its approver signs.
    pub signed: String,
    /// As well.
    pub signed_too: String,
    /// Reports after the day.
    pub late: String,
    /// Never reports in the first quarter.
    pub missing: String,
    /// Asks for time and gets it.
    pub asking: String,
    /// Asks and does not.
    pub denied: String,
    /// Gets a report back.
    pub returned: String,
    /// Changes its name.
    pub renamed: String,
    /// Gets a new reporter.
    pub changing: String,
    /// Objects, and the office agrees.
    pub objecting: String,
    /// Objects, and it does not.
    pub insisting: String,
}

impl Cast {
    pub fn of(y: &Year) -> Self {
        let crew = y.crew();
        let mut crew = crew.into_iter();
        let mut next = || crew.next().expect("enough units to play all parts");
        Self {
            signed: next(),
            signed_too: next(),
            late: next(),
            missing: next(),
            asking: next(),
            denied: next(),
            returned: next(),
            renamed: next(),
            changing: next(),
            objecting: next(),
            insisting: next(),
        }
    }

    /// Whether a unit has a part.
    pub fn plays(&self, unit: &str) -> bool {
        let parts = [&self.signed, &self.signed_too, &self.late, &self.missing, &self.asking, &self.denied];
        let more = [&self.returned, &self.renamed, &self.changing, &self.objecting, &self.insisting];
        parts.into_iter().chain(more).any(|part| *part == unit)
    }
}

/// January: the list comes in, is understood, issued and received.
pub async fn issue(y: &mut Year, cast: &Cast) {
    y.signing_only(&[cast.signed.clone(), cast.signed_too.clone()]).await;
    let asked = y.import().await;
    if y.papers.invented {
        let expected: Vec<String> = y.papers.answers.iter().map(|_| "UNKNOWN_NAME".to_owned()).collect();
        let names = asked.iter().filter(|kind| *kind == "UNKNOWN_NAME").count();
        assert!(names <= expected.len(), "{asked:?}");
    }
    // A draft is the office's own affair.
    let nobody = y.reporter(&cast.late).await;
    assert_eq!(nobody.data("{ taskLists { totalCount } }", json!({})).await["taskLists"]["totalCount"], 0);
    let answered = y.answer_questions().await;
    assert!(answered <= asked.len(), "{answered} answers to {asked:?}");
    // Whatever is still to be looked at is confirmed by a person.
    let office = y.office().await;
    let query = "taskList(id: $id) { tasks(first: 200, filter: { needsReview: true }) { nodes { id version } } }";
    let data = ask(&office, query, &y.list).await;
    for task in data["taskList"]["tasks"]["nodes"].as_array().unwrap() {
        let input = json!({ "expectedVersion": task["version"] });
        done(verb(&office, "taskConfirm", "VersionInput", task["id"].as_str(), input, "task { needsReview }").await);
    }
    plant(y).await;
    y.issue().await;
    y.check_seats().await;
    y.workers().await;
    // Who has something to do was told so, and sees his tasks and no others.
    let own = y.reporter(&cast.late).await;
    let told =
        own.data("{ viewer { unreadCount notifications { nodes { kind } } } tasks { totalCount } }", json!({})).await;
    assert_eq!(told["viewer"]["notifications"]["nodes"], json!([{ "kind": "LIST_ISSUED" }]));
    let tasks = y.books.seats.keys().filter(|(_, unit)| *unit == cast.late).count();
    assert_eq!(told["tasks"]["totalCount"], tasks);
}

/// Every unit acknowledges; two object, and the office decides.
pub async fn receive(y: &mut Year, cast: &Cast) {
    let seats = y.seats().await;
    let units: std::collections::BTreeSet<String> = seats.keys().map(|(_, unit)| unit.clone()).collect();
    let office = y.office().await;
    let receipt = async |y: &Year| {
        let query = "taskList(id: $id) { acknowledgement { units acknowledged pending declined } }";
        ask(&y.office().await, query, &y.list).await["taskList"]["acknowledgement"].take()
    };
    let all = units.len();
    assert_eq!(receipt(y).await, json!({ "units": all, "acknowledged": 0, "pending": all, "declined": 0 }));
    // Each objects to a task on which others remain.
    let object = |unit: &String| {
        let others = |task: &String| y.books.owing().filter(|(t, _)| t == task).count() > 2;
        seats
            .keys()
            .find(|(task, u)| u == unit && others(task) && !y.books.leads(task).contains(unit))
            .cloned()
            .unwrap()
    };
    let objections = [(object(&cast.objecting), "UPHELD"), (object(&cast.insisting), "REJECTED")];
    for (key, _) in &objections {
        let who = y.reporter(&key.1).await;
        let input = json!({ "expectedVersion": 1, "reason": "非本单位职责" });
        let fields = "assignment { response { kind reason } }";
        let said =
            done(verb(&who, "assignmentDecline", "AssignmentDeclineInput", Some(&seats[key].1), input, fields).await);
        assert_eq!(said["assignment"]["response"], json!({ "kind": "DECLINED", "reason": "非本单位职责" }));
    }
    for unit in &units {
        let who = y.reporter(unit).await;
        let query = "mutation($id: ID!) { taskListAcknowledge(id: $id) { acknowledged userErrors { code } } }";
        let given = done(who.payload(query, json!({ "id": y.list })).await);
        let objected = objections.iter().filter(|(key, _)| key.1 == *unit).count();
        let expected = seats.keys().filter(|(_, u)| u == unit).count() - objected;
        assert_eq!(given["acknowledged"], expected, "{unit}");
    }
    assert_eq!(receipt(y).await, json!({ "units": all, "acknowledged": all - 2, "pending": 0, "declined": 2 }));
    for (key, decision) in objections {
        let node =
            ask(&office, "node(id: $id) { ... on Assignment { response { id version } } }", &seats[&key].1).await;
        let response = &node["node"]["response"];
        let input = json!({ "expectedVersion": response["version"], "decision": decision, "reason": "经研究" });
        let decided = verb(
            &office,
            "assignmentDeclineDecide",
            "AssignmentDeclineDecideInput",
            response["id"].as_str(),
            input,
            "assignmentResponse { decision }",
        )
        .await;
        assert_eq!(done(decided)["assignmentResponse"]["decision"], decision);
        if decision == "UPHELD" {
            y.books.seats.remove(&key);
        }
    }
    y.check_seats().await;
    assert_eq!(y.count("amendment").await, 1, "an objection that is upheld is an amendment");
}

/// 月自查 by months and 季督查 from January on, which open by themselves from now on.
pub async fn schedule(y: &Year) {
    let office = y.office().await;
    for (kind, every, label, due) in [("PLAIN", "MONTH", "月自查", 5), ("CUMULATIVE", "QUARTER", "季督查", 7)] {
        let input = json!({ "taskList": y.list, "kind": kind, "every": every, "label": label,
            "opensAfterDays": 1, "dueWorkingDays": due, "graceWorkingDays": 0 });
        done(
            verb(&office, "periodScheduleCreate", "PeriodScheduleCreateInput", None, input, "periodSchedule { id }")
                .await,
        );
    }
    assert_eq!(y.workers().await, 0, "nothing is over yet");
}

/// The first day after a month: its period opens by itself, and that of the quarter.
pub async fn turn(y: &mut Year, month: u32) -> (usize, Option<usize>) {
    y.day(y.date(month + 1, 1)).await;
    let quarter = month.is_multiple_of(3);
    assert_eq!(y.workers().await, 1 + usize::from(quarter), "after month {month}");
    assert_eq!(y.workers().await, 0, "once");
    let own = y.opened(&format!("{month}月（月自查）")).await;
    let quarter = match quarter {
        true => Some(y.opened(&format!("1–{month}月（季督查）")).await),
        false => None,
    };
    let office = y.office().await;
    y.compare(&office, None, |_| true).await;
    (own, quarter)
}

/// A month in which nothing happens but what happens in every month: a few report, the rest is taken as missing.
pub async fn plain_month(y: &mut Year, span: usize, reporting: &[&String]) {
    for unit in reporting {
        y.report(span, unit, |nth| nth < 3).await;
        if y.signing.contains(unit) {
            y.sign_all(span, unit).await;
        }
    }
    y.accept_all(span, &[]).await;
    y.close(span).await;
    let office = y.office().await;
    y.compare(&office, Some(span), |_| true).await;
}

/// The first month: two signatures, evidence, a return, a report that comes late after a notice; the gate.
pub async fn first_month(y: &mut Year, cast: &Cast, span: usize) {
    let notice = "{ viewer { notifications(first: 5) { nodes { kind period { id } } } } }";
    let told = y.reporter(&cast.signed).await.data(notice, json!({})).await;
    let opened = json!({ "kind": "PERIOD_OPENED", "period": { "id": y.books.spans[span].id } });
    assert_eq!(told["viewer"]["notifications"]["nodes"][0], opened);

    // Inside the unit: written, proved, handed to the approver, sent back, mended, signed.
    y.save(span, &cast.signed, |_| true).await;
    let drafts = y.standing(span, &cast.signed, &[Stands::Draft]);
    y.prove(span, &drafts[0]).await;
    y.submit(span, &cast.signed).await;
    let office = y.office().await;
    y.compare(&office, Some(span), |_| true).await;
    assert_eq!(y.accept_all(span, &[]).await, 0, "nothing is with the office before it is signed");
    y.send_back(span, &drafts[0]).await;
    y.mend(span, &drafts[0], "虚构：已于一月十日公开。").await;
    y.submit(span, &cast.signed).await;
    y.sign_all(span, &cast.signed).await;

    // Others hand in at once; one of theirs comes back and is handed in again.
    for unit in [&cast.asking, &cast.denied, &cast.returned, &cast.renamed, &cast.changing] {
        y.report(span, unit, |_| true).await;
    }
    let back = y.standing(span, &cast.returned, &[Stands::Submitted])[0].clone();
    assert!(y.accept_all(span, std::slice::from_ref(&back)).await > 5);
    y.give_back(span, &back, "请补充公开链接。").await;
    y.compare(&office, Some(span), |_| true).await;
    let work = y.reporter(&cast.returned).await.data("{ viewer { work { counts { returned } } } }", json!({})).await;
    assert_eq!(work["viewer"]["work"]["counts"]["returned"], 1);
    y.mend(span, &back, "虚构：链接已补。").await;
    y.submit(span, &cast.returned).await;
    assert_eq!(y.accept_all(span, &[]).await, 1);

    // The day passes; who has not reported is urged, reads it, replies and reports, too late.
    y.day(y.books.spans[span].due + chrono::TimeDelta::days(2)).await;
    let notices = y.urge(span, "YELLOW").await;
    y.workers().await;
    let late = y.reporter(&cast.late).await;
    let told = late
        .data("{ viewer { notifications(first: 1) { nodes { id kind urgeNotice { id version } } } } }", json!({}))
        .await;
    let told = &told["viewer"]["notifications"]["nodes"][0];
    assert_eq!((&told["kind"], &told["urgeNotice"]["id"]), (&json!("URGED"), &json!(notices[&cast.late])));
    let marked = verb(
        &late,
        "notificationMarkRead",
        "NotificationMarkReadInput",
        None,
        json!({ "notifications": [told["id"]] }),
        "outcomes { notification { readAt } }",
    )
    .await;
    assert!(done(marked)["outcomes"][0]["notification"]["readAt"].is_string());
    let id = told["urgeNotice"]["id"].as_str();
    let read = verb(
        &late,
        "urgeNoticeMarkRead",
        "VersionInput",
        id,
        json!({ "expectedVersion": 1 }),
        "urgeNotice { version readAt }",
    )
    .await;
    let input = json!({ "expectedVersion": done(read)["urgeNotice"]["version"], "reply": "今日报送。" });
    let replied = verb(&late, "urgeNoticeReply", "UrgeNoticeReplyInput", id, input, "urgeNotice { reply }").await;
    assert_eq!(done(replied)["urgeNotice"]["reply"], "今日报送。");
    let office = y.office().await;
    let all = pages(&office, "urgeNotices", "", "reply unit { code }").await;
    assert_eq!(all.len(), notices.len());
    assert_eq!(all.iter().filter(|n| n["reply"].is_string()).count(), 1);
    assert_eq!(pages(&late, "urgeNotices", "", "unit { code }").await, [json!({ "unit": { "code": cast.late } })]);
    y.report(span, &cast.late, |_| true).await;
    y.accept_all(span, &[]).await;
    let (sums, _) = y.books.sums(&[span], "UNIT", y.today(), |_| true);
    assert_eq!(int(&sums["late"]), i64::try_from(y.books.tasks(span, &cast.late).len()).unwrap());
    y.inspected(span).await;
    y.inspector_writes_nothing(span).await;
    y.own_rows_only(&plain_unit(y), span).await;
    y.close(span).await;
}

/// A unit that leads nothing and owes something.
pub fn plain_unit(y: &Year) -> String {
    let leads = |unit: &String| {
        y.books.seats.iter().any(|((_, u), role)| u == unit && *role == entity::vocabulary::AssignmentRole::Lead)
    };
    y.crew().into_iter().find(|unit| !leads(unit)).expect("a unit that leads nothing")
}

/// The second month: carried forward word for word, more time granted and refused.
pub async fn second_month(y: &mut Year, cast: &Cast, span: usize, before: usize) {
    y.carry_forward(span, before, &cast.returned).await;
    y.submit(span, &cast.returned).await;
    y.more_time(span, &cast.asking, 10, true).await;
    y.more_time(span, &cast.denied, 10, false).await;
    y.day(y.books.spans[span].due + chrono::TimeDelta::days(3)).await;
    for unit in [&cast.asking, &cast.denied] {
        y.report(span, unit, |_| true).await;
    }
    let office = y.office().await;
    y.compare(&office, Some(span), |_| true).await;
    let (_, sums) = y.books.sums(&[span], "UNIT", y.today(), |_| true);
    let late = |unit: &String| int(&sums[&Some(unit.clone())]["late"]);
    assert!(late(&cast.asking) == 0 && late(&cast.denied) > 0);
    y.accept_all(span, &[]).await;
    y.close(span).await;
}

/// A quarter: everybody reports, as far as `wanted`; what is missing at the end is urged and taken as missing.
pub async fn quarter(
    y: &mut Year,
    cast: &Cast,
    span: usize,
    silent: &[&String],
    wanted: &(dyn Fn(usize) -> bool + Sync),
) {
    let units: Vec<String> = y.units.keys().cloned().collect();
    for unit in &units {
        if !silent.contains(&unit) && *unit != cast.late {
            y.report(span, unit, wanted).await;
        }
    }
    for unit in y.signing.clone() {
        y.sign_all(span, &unit).await;
    }
    let office = y.office().await;
    y.compare(&office, Some(span), |_| true).await;
    let back = y.standing(span, &cast.returned, &[Stands::Submitted])[0].clone();
    y.accept_all(span, std::slice::from_ref(&back)).await;
    y.give_back(span, &back, "数据与上期不符，请核实。").await;
    y.day(y.books.spans[span].due + chrono::TimeDelta::days(1)).await;
    y.report(span, &cast.late, wanted).await;
    y.mend(span, &back, "虚构：已核实并更正。").await;
    y.submit(span, &cast.returned).await;
    let office = y.office().await;
    y.compare(&office, Some(span), |_| true).await;
    y.accept_all(span, &[]).await;
    y.urge(span, "RED").await;
    y.workers().await;
    y.close(span).await;
    y.compare(&office, Some(span), |_| true).await;
    y.own_rows_only(&plain_unit(y), span).await;
}

/// A closed period is opened again for the unit that missed it; what it reports is frozen anew, and so is what it corrects.
pub async fn reopened(y: &mut Year, cast: &Cast, span: usize) {
    let period = y.books.spans[span].id.clone();
    y.open_again(span, &cast.missing).await;
    y.day(y.today() + chrono::TimeDelta::days(1)).await;
    y.report(span, &cast.missing, |_| true).await;
    let number = y.accept_all(span, &[]).await;
    assert!(number > 0);
    // It is open for nobody else.
    let other = y.standing(span, &cast.returned, &[Stands::Accepted])[0].clone();
    let report = y.books.report(span, &other).clone();
    let begun = verb(
        &y.reporter(&other.1).await,
        "progressReportCorrect",
        "ProgressReportCorrectInput",
        Some(&report.id),
        json!({ "expectedVersion": report.version }),
        "progressReport { status }",
    )
    .await;
    assert_eq!(refused(&begun), ["INVALID_STATE"]);
    let key = y.standing(span, &cast.missing, &[Stands::Accepted])[0].clone();
    y.correct(span, &key).await;
    assert_eq!(y.accept_all(span, &[]).await, 1);
    // What it begins to correct and gives up again stands as it was, and is frozen no more often for it.
    let other = y.standing(span, &cast.missing, &[Stands::Accepted]).into_iter().find(|other| *other != key);
    y.give_up_correction(span, &other.expect("two reports")).await;
    let office = y.office().await;
    let query = "reportingPeriod(id: $id) { status freezes(first: 100) { totalCount nodes { number cause } }
        frozenRollUp { expected received accepted returned missing } rollUp { expected received accepted returned missing } }";
    let given = ask(&office, query, &period).await["reportingPeriod"].take();
    assert_eq!(given["status"], "CLOSED");
    assert_eq!(given["freezes"]["totalCount"], 1 + number + 1, "at the closing, for each report, for the correction");
    y.check_frozen(span, &given);
    y.compare(&office, Some(span), |_| true).await;
    let report = y.books.report(span, &key).id.clone();
    let shown = y.reads(&office, &report).await;
    assert_eq!((&shown["status"], &shown["narrative"]), (&json!("ACCEPTED"), &json!("虚构：更正后的情况。")));
}
