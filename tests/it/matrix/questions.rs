//! The questions of the matrix: each root field with the things it is asked about.

use serde_json::{Value, json};
use taizhang::id::{GlobalId, Kind};

use crate::support::World;
use crate::support::world::key;

/// A question that every principal is asked.
pub struct Question {
    /// The root field.
    pub field: &'static str,
    /// About what, in words.
    pub about: String,
    pub query: String,
    pub variables: Value,
}

fn ask(field: &'static str, about: impl Into<String>, query: impl Into<String>, variables: Value) -> Question {
    Question { field, about: about.into(), query: query.into(), variables }
}

/// Reads: the connections, and one of each thing in each relation to somebody.
pub fn reads(world: &World) -> Vec<Question> {
    let mut all = vec![ask("viewer", "oneself", "{ viewer { name } }", json!({}))];
    for field in [
        "units",
        "unitGroups",
        "taskLists",
        "tasks",
        "reportObligations",
        "progressReports",
        "publications",
        "auditEntries",
        "serviceAccounts",
        "roleGrants",
        "roleGrantRequests",
    ] {
        let of = world.count(field);
        all.push(ask(field, format!("all of {of}"), format!("{{ {field} {{ totalCount }} }}"), json!({})));
    }
    let mut one = |field: &'static str, kind: Kind, about: &str, id: uuid::Uuid| {
        let id = GlobalId::new(kind, id).to_string();
        all.push(ask(
            field,
            about,
            format!("query($id: ID!) {{ {field}(id: $id) {{ __typename }} }}"),
            json!({ "id": id }),
        ));
    };
    let named = [
        ("unit", Kind::Unit, "of the own place", "none"),
        ("unit", Kind::Unit, "of another place", "b.bureau"),
        ("unitGroup", Kind::UnitGroup, "of the own place", "group"),
        ("unitGroup", Kind::UnitGroup, "of another place", "b.group"),
        ("taskList", Kind::TaskList, "draft of the office", "draft"),
        ("taskList", Kind::TaskList, "issued by the office", "issued"),
        ("taskList", Kind::TaskList, "closed, of the division", "closed"),
        ("taskList", Kind::TaskList, "issued by the county", "county"),
        ("taskList", Kind::TaskList, "of another place", "foreign"),
        ("task", Kind::Task, "in the draft", "draft-t1"),
        ("task", Kind::Task, "lead1, resp1, supp (none: withdrawn)", "t1"),
        ("task", Kind::Task, "resp2 alone", "t4"),
        ("task", Kind::Task, "lead2, county-bureau", "t5"),
        ("task", Kind::Task, "of the county's list", "county-t1"),
        ("reportingPeriod", Kind::ReportingPeriod, "open, of the issued list", "p2"),
        ("reportingPeriod", Kind::ReportingPeriod, "of the county's list", "county-p"),
        ("node", Kind::Section, "section with tasks of resp2 alone", "s2"),
        ("node", Kind::Assignment, "withdrawn assignment", "withdrawn"),
        ("node", Kind::ImportQuestion, "of the draft", "q-draft"),
        ("node", Kind::ImportQuestion, "of the county's draft", "q-county"),
        ("node", Kind::File, "office's upload", "office's upload 0"),
        ("node", Kind::File, "office's, expired", "office's expired file"),
        ("node", Kind::File, "office's, of another unit", "office's file of another unit"),
        ("node", Kind::File, "resp1's export", "resp1's export"),
        ("node", Kind::ExportJob, "office's export", "office's job 0"),
        ("node", Kind::ExportJob, "office's, of another unit", "office's job 2"),
        ("node", Kind::UrgeNotice, "to resp1", "urge1"),
        ("node", Kind::UrgeNotice, "to the county's bureau", "urge4"),
        ("node", Kind::Notification, "resp1's, of an open period", "told 2"),
        ("node", Kind::Notification, "resp1's, of the county's period", "told 3"),
        ("node", Kind::Notification, "office's, of reports", "told 18"),
        ("node", Kind::UrgeRule, "of the issued list", "issued's rule 1"),
        ("node", Kind::UrgeRule, "of the county's list", "county's rule 1"),
        ("node", Kind::Task, "withdrawn from the issued list", "tw"),
        ("node", Kind::AssignmentResponse, "receipt of resp1 on t1", "answer of resp1 on t1"),
        ("node", Kind::AssignmentResponse, "objection of lead1 on t2", "answer of lead1 on t2"),
        ("node", Kind::AssignmentResponse, "of a bureau of the county", "answer of a.county.bureau on county-t1"),
        ("node", Kind::Amendment, "about t1; none went", "amendment 1"),
        ("node", Kind::Amendment, "about t4, resp2 alone", "amendment 2"),
        ("node", Kind::AmendmentChange, "none is withdrawn from t1", "change none"),
        ("node", Kind::AmendmentChange, "tw is withdrawn", "change tw"),
        ("node", Kind::Amendment, "of another place", "amendment foreign"),
        ("node", Kind::UnitChange, "of the own place", "renamed"),
        ("node", Kind::RoleGrantRequest, "waits, of the root's sysadm", "right waits"),
        ("node", Kind::RoleGrantRequest, "waits, in the county", "right waits in the county"),
        ("node", Kind::RoleGrantRequest, "of another place", "right foreign"),
        ("node", Kind::RoleGrant, "of none, taken away", "right of none that was taken away"),
        ("node", Kind::User, "person of lead1", "@lead1"),
        ("node", Kind::User, "person of another place", "@foreign-office"),
    ];
    for (field, kind, about, name) in named {
        one(field, kind, about, world.get(name));
    }
    for (about, id) in report_kinds(world) {
        one("progressReport", Kind::ProgressReport, &about, id);
    }
    for (about, period) in [("of the issued list", "p2"), ("of the county's list", "county-p")] {
        let query = "query($id: ID!) { reportingPeriodChart(id: $id, kind: RECEIPT) { __typename } }";
        let id = world.id(Kind::ReportingPeriod, period);
        all.push(ask("reportingPeriodChart", about, query, json!({ "id": id })));
    }
    for by in ["UNIT", "LIST"] {
        let query = format!("{{ reportingStatus(groupBy: {by}) {{ totalCount }} }}");
        all.push(ask("reportingStatus", format!("rows by {by}"), query, json!({})));
    }
    for field in ["lookBacks", "rectifications"] {
        let of = world.count(field);
        all.push(ask(field, format!("all of {of}"), format!("{{ {field} {{ totalCount }} }}"), json!({})));
    }
    let of = world.count("urgeNotices");
    all.push(ask("urgeNotices", format!("all of {of}"), "{ urgeNotices { totalCount } }", json!({})));
    all.push(ask("missingReports", "all there are", "{ missingReports { totalCount } }", json!({})));
    for (about, period) in [("of the issued list", "p2"), ("of the county's list", "county-p")] {
        let query = "query($id: ID!) { reportingMatrix(period: $id) { totalCount } }";
        all.push(ask("reportingMatrix", about, query, json!({ "id": world.id(Kind::ReportingPeriod, period) })));
    }
    let mut one = |field: &'static str, kind: Kind, about: &str, id: uuid::Uuid| {
        let id = GlobalId::new(kind, id).to_string();
        let query = format!("query($id: ID!) {{ {field}(id: $id) {{ __typename }} }}");
        all.push(ask(field, about, query, json!({ "id": id })));
    };
    one("task", Kind::Task, "absent", key(800_000));
    for (field, kind, about, name) in [
        ("lookBack", Kind::LookBack, "open, of the issued list", "round-open"),
        ("lookBack", Kind::LookBack, "finished, of the issued list", "round-done"),
        ("lookBack", Kind::LookBack, "finished, of the county's list", "round-county"),
        ("lookBack", Kind::LookBack, "of another place", "round-foreign"),
        ("node", Kind::LookBackItem, "resp1's, round open", "round-open: t1 resp1"),
        ("node", Kind::LookBackItem, "resp1's, round finished", "round-done: t1 resp1"),
        ("node", Kind::LookBackItem, "none's, withdrawn since", "round-done: t1 none"),
        ("rectification", Kind::Rectification, "resp1's", "rect-resp1"),
        ("rectification", Kind::Rectification, "none's, withdrawn since", "rect-none"),
        ("rectification", Kind::Rectification, "of the county's list", "rect-county"),
        ("node", Kind::TaskLineage, "county's task from t5", "l1 from t5"),
        ("node", Kind::TaskLineage, "draft's task from t1", "draft-t1 from t1"),
        ("node", Kind::TaskLineage, "within the county", "l2 from county-t1"),
        ("lineageCoverage", Kind::TaskList, "of the issued list", "issued"),
        ("lineageCoverage", Kind::TaskList, "of the county's list", "county"),
        ("lineageCoverage", Kind::TaskList, "of the draft", "draft"),
    ] {
        one(field, kind, about, world.get(name));
    }
    for (about, who) in [("lead1's session", "lead1"), ("a county bureau's session", "county-bureau")] {
        let session = world.rows.session.iter().find(|s| s.user_id == world.user(who) && s.purpose == "another");
        one("node", Kind::Session, about, session.unwrap().id);
    }
    one("node", Kind::ExternalIdentity, "of lead1", world.get("identity"));
    one("node", Kind::ExternalIdentity, "of a county bureau", world.get("identity county"));
    one("node", Kind::ServiceAccountSecret, "a machine's secret", world.get("secret old"));
    let publications = [
        ("published, of the issued list", "list published"),
        ("draft, of the issued list", "list anew"),
        ("withdrawn, of the closed list", "progress withdrawn"),
        ("in review, of the county's list", "county's secret"),
        ("published, of another place", "foreign's list"),
    ];
    for (about, name) in publications {
        one("publication", Kind::Publication, about, world.get(name));
        one("publicationDocument", Kind::Publication, about, world.get(name));
    }
    let ids: Vec<String> = ["issued", "draft", "foreign"].iter().map(|name| world.id(Kind::TaskList, name)).collect();
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }";
    all.push(ask("nodes", "issued, draft and foreign list", query, json!({ "ids": ids })));
    all
}

/// A report in each state, of resp1 on a task that lead1 leads, and one of lead1.
pub fn report_kinds(world: &World) -> Vec<(String, uuid::Uuid)> {
    let (lead1, resp1) = (world.get("lead1"), world.get("resp1"));
    let led: Vec<uuid::Uuid> = world
        .rows
        .assignment
        .iter()
        .filter(|a| a.unit_id == Some(lead1) && a.role == entity::vocabulary::AssignmentRole::Lead)
        .map(|a| a.task_id)
        .collect();
    let released = |r: &entity::progress_report::Model| {
        let owed = world.rows.report_obligation.iter().find(|o| o.id == r.report_obligation_id);
        owed.is_some_and(|o| o.released_at.is_some())
    };
    let in_p2 = || world.rows.progress_report.iter().filter(|r| r.reporting_period_id == world.get("p2"));
    let of_resp1 = || in_p2().filter(|r| r.unit_id == resp1 && led.contains(&r.task_id));
    let mut found = Vec::new();
    for status in entity::vocabulary::ReportStatus::ALL {
        let report = of_resp1()
            .filter(|r| r.status == *status)
            .min_by_key(|r| released(r))
            .unwrap_or_else(|| panic!("no {status:?} report of resp1 in p2"));
        found.push((format!("resp1's, {}", status.as_str()), report.id));
    }
    let gone = of_resp1().find(|r| released(r)).expect("a report of resp1 that is owed no more");
    found.push((format!("resp1's, {}, released", gone.status.as_str()), gone.id));
    // One that it may merge into: it is the only lead, or the one that reports for all.
    let leads = |task: uuid::Uuid| {
        let of_task = |a: &&entity::assignment::Model| a.task_id == task && a.unit_id.is_some();
        let active = entity::vocabulary::AssignmentStatus::Active;
        let lead = entity::vocabulary::AssignmentRole::Lead;
        world.rows.assignment.iter().filter(of_task).filter(|a| a.role == lead && a.status == active).count()
    };
    let merges = |r: &entity::progress_report::Model| led.contains(&r.task_id) && leads(r.task_id) == 1;
    let own = in_p2().filter(|r| r.unit_id == lead1).min_by_key(|r| (released(r), !merges(r)));
    let own = own.expect("a report of lead1");
    found.push((format!("lead1's, {}", own.status.as_str()), own.id));
    found
}
