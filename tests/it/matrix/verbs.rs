//! The verbs of the matrix.
//!
//! Each is asked with an input that fails in the end (a stale version, an empty name), so that nothing changes and the
//! answer still tells who may: STALE, REQUIRED and the like stand behind the policy.

use serde_json::{Value, json};
use taizhang::id::{GlobalId, Kind};

use super::questions::{Question, report_kinds};
use super::{grants, look_back};
use crate::support::World;

pub(super) struct Verbs<'w> {
    world: &'w World,
    all: Vec<Question>,
}

impl Verbs<'_> {
    pub(super) fn id(&self, kind: Kind, name: &str) -> String {
        self.world.id(kind, name)
    }

    /// The first right of somebody.
    pub(super) fn grant_of(&self, user: &str) -> uuid::Uuid {
        let user = self.world.get(user);
        self.world.rows.role_grant.iter().find(|grant| grant.user_id == user).unwrap().id
    }

    /// A verb that makes something.
    pub(super) fn make(&mut self, field: &'static str, about: &str, input: Value) {
        let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
        let query = format!("mutation($input: {kind}!) {{ {field}(input: $input) {{ userErrors {{ code }} }} }}");
        self.all.push(Question { field, about: about.to_owned(), query, variables: json!({ "input": input }) });
    }

    /// A verb on many things, of which there is one.
    pub(super) fn many(&mut self, field: &'static str, about: &str, item: Value) {
        let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
        let query = format!(
            "mutation($input: {kind}!) {{ {field}(input: $input) {{ outcomes {{ userErrors {{ code }} }} userErrors {{ code }} }} }}"
        );
        let variables = json!({ "input": { "items": [item] } });
        self.all.push(Question { field, about: about.to_owned(), query, variables });
    }

    /// A verb on something that exists.
    pub(super) fn change(&mut self, field: &'static str, about: &str, input_type: &str, id: &str, input: Value) {
        let query = format!(
            "mutation($id: ID!, $input: {input_type}!) {{ {field}(id: $id, input: $input) {{ userErrors {{ code }} }} }}"
        );
        let variables = json!({ "id": id, "input": input });
        self.all.push(Question { field, about: about.to_owned(), query, variables });
    }
}

/// Every verb about things in each relation to somebody.
pub fn verbs(world: &World) -> Vec<Question> {
    let mut verbs = Verbs { world, all: Vec::new() };
    directory(&mut verbs);
    users(&mut verbs);
    grants::verbs(&mut verbs);
    lists(&mut verbs);
    parts_of_drafts(&mut verbs);
    questions(&mut verbs);
    reporting(&mut verbs);
    files(&mut verbs);
    exports(&mut verbs);
    around_periods(&mut verbs);
    notices(&mut verbs);
    after_issue(&mut verbs);
    look_back::verbs(&mut verbs);
    publishing(&mut verbs);
    verbs.all
}

pub(super) fn stale() -> Value {
    json!({ "expectedVersion": 999 })
}

fn directory(v: &mut Verbs<'_>) {
    for (about, unit) in [("below the root", "a"), ("below the county", "a.county"), ("elsewhere", "b")] {
        let input = json!({ "parent": v.id(Kind::Unit, unit), "code": " ", "name": " ", "kind": " " });
        v.make("unitCreate", about, input);
    }
    for (about, unit) in [("a bureau", "lead1"), ("a county bureau", "a.county.bureau"), ("elsewhere", "b.bureau")] {
        let id = v.id(Kind::Unit, unit);
        v.change("unitUpdate", about, "UnitUpdateInput", &id, stale());
    }
    for (about, unit) in [("resp1", "resp1"), ("a county bureau", "a.county.bureau"), ("elsewhere", "b.bureau")] {
        let id = v.id(Kind::Unit, unit);
        let input = json!({ "expectedVersion": 999, "required": true });
        v.change("unitReportSigningSet", about, "UnitReportSigningSetInput", &id, input);
    }
    for (about, unit) in [("a bureau", "lead1"), ("a county bureau", "a.county.bureau"), ("elsewhere", "b.bureau")] {
        let id = v.id(Kind::Unit, unit);
        let rename = json!({ "expectedVersion": 999, "name": "改", "on": "2026-07-01" });
        v.change("unitRename", about, "UnitRenameInput", &id, rename);
        let merge = json!({ "expectedVersion": 999, "sources": [], "reason": "改", "on": "2026-07-01" });
        v.change("unitMerge", about, "UnitMergeInput", &id, merge);
        let split = json!({ "expectedVersion": 999, "into": [], "ends": false, "on": "2026-07-01" });
        v.change("unitSplit", about, "UnitSplitInput", &id, split);
    }
    v.make("unitGroupCreate", "in the own place", json!({ "code": " ", "name": " ", "members": [] }));
    for (about, group) in [("of the own place", "group"), ("elsewhere", "b.group")] {
        let id = v.id(Kind::UnitGroup, group);
        v.change("unitGroupUpdate", about, "UnitGroupUpdateInput", &id, stale());
    }
}

fn users(v: &mut Verbs<'_>) {
    for (about, unit) in
        [("of a bureau", "lead1"), ("of a county bureau", "a.county.bureau"), ("elsewhere", "b.bureau")]
    {
        let unit = v.id(Kind::Unit, unit);
        v.make("userInvite", about, json!({ "unit": unit, "login": " ", "displayName": " " }));
    }
    for (about, user) in [
        ("lead1's reporter", "@lead1"),
        ("a county bureau's", "@county-bureau"),
        ("the security admin", "@security-admin"),
        ("the system admin", "@system-admin"),
        ("elsewhere", "@foreign-bureau"),
    ] {
        let id = v.id(Kind::User, user);
        v.change("userPasswordReset", about, "UserPasswordResetInput", &id, stale());
        v.change("userDisable", about, "VersionInput", &id, stale());
        v.change("userEnable", about, "VersionInput", &id, stale());
        v.change("userUnlock", about, "VersionInput", &id, stale());
        v.change("userSessionsEnd", about, "VersionInput", &id, stale());
    }
    for (about, unit) in
        [("of a bureau", "lead1"), ("of a county bureau", "a.county.bureau"), ("elsewhere", "b.bureau")]
    {
        let unit = v.id(Kind::Unit, unit);
        v.make("serviceAccountCreate", about, json!({ "unit": unit, "login": " ", "displayName": " " }));
    }
    for (about, user) in [("of lead1", "@machine-lists"), ("a person", "@lead1"), ("elsewhere", "@foreign-bureau")] {
        let id = v.id(Kind::User, user);
        v.change("serviceAccountDisable", about, "VersionInput", &id, stale());
        v.change("serviceAccountEnable", about, "VersionInput", &id, stale());
        let input = json!({ "expiresOn": "2020-01-01" });
        v.change("serviceAccountSecretCreate", about, "ServiceAccountSecretCreateInput", &id, input);
    }
    let id = v.id(Kind::ServiceAccountSecret, "secret revoked");
    let query = "mutation($id: ID!) { serviceAccountSecretRevoke(id: $id) { userErrors { code } } }".to_owned();
    let about = "taken back, of lead1".to_owned();
    v.all.push(Question { field: "serviceAccountSecretRevoke", about, query, variables: json!({ "id": id }) });
    for (about, user) in [
        ("nothing asked, of lead1", "@lead1"),
        ("waits, of a county bureau", "@county-bureau"),
        ("waits, of the security admin", "@security-admin"),
        ("elsewhere", "@foreign-bureau"),
    ] {
        let id = v.id(Kind::User, user);
        v.change("userTotpRemovalApprove", about, "VersionInput", &id, stale());
        v.change("userTotpRemovalRefuse", about, "VersionInput", &id, stale());
    }
    let id = v.id(Kind::ExternalIdentity, "identity ended");
    let query = "mutation($id: ID!) { externalIdentityUnlink(id: $id) { userErrors { code } } }".to_owned();
    let about = "taken away, of lead1".to_owned();
    v.all.push(Question { field: "externalIdentityUnlink", about, query, variables: json!({ "id": id }) });
    // Whoever sees a session may end it, so the one that is asked about has ended.
    let ended = v.world.rows.session.iter().find(|session| session.purpose == "ended").unwrap().id;
    let id = GlobalId::new(Kind::Session, ended).to_string();
    let query = "mutation($id: ID!) { sessionRevoke(id: $id) { userErrors { code } } }".to_owned();
    v.all.push(Question { field: "sessionRevoke", about: "ended".to_owned(), query, variables: json!({ "id": id }) });
    // Nothing else to fail at than the key.
    let query = "mutation { sessionRevokeOthers(idempotencyKey: \"\") { userErrors { code } } }".to_owned();
    let about = "one's own".to_owned();
    v.all.push(Question { field: "sessionRevokeOthers", about, query, variables: json!({}) });
}

fn lists(v: &mut Verbs<'_>) {
    // A document that could be read: an import is tried without being done.
    let content = taizhang::documents::demo::LIST_2025;
    for (about, unit) in [("of the root", "a"), ("of the county", "a.county"), ("elsewhere", "b")] {
        let issuer = v.id(Kind::Unit, unit);
        v.make("taskListCreate", about, json!({ "issuer": issuer, "year": 2026, "title": " " }));
        v.make("taskListImport", about, json!({ "issuer": issuer, "content": content, "dryRun": true }));
    }
    let lists = ["draft", "issued", "closed", "county", "foreign"];
    let verbs = [
        ("taskListUpdate", "TaskListUpdateInput"),
        ("taskListDelete", "VersionInput"),
        ("taskListIssue", "TaskListIssueInput"),
        ("taskListClose", "VersionInput"),
        ("taskListArchive", "VersionInput"),
    ];
    for (field, input) in verbs {
        for list in lists {
            let id = v.id(Kind::TaskList, list);
            v.change(field, list, input, &id, stale());
        }
    }
}

fn parts_of_drafts(v: &mut Verbs<'_>) {
    for list in ["draft", "issued", "foreign"] {
        let id = v.id(Kind::TaskList, list);
        v.make("sectionCreate", list, json!({ "taskList": id, "label": " ", "title": " " }));
        v.make("taskCreate", list, json!({ "taskList": id, "number": " " }));
    }
    for (about, section) in [("of the draft", "draft-s1"), ("of the issued list", "s1.1"), ("elsewhere", "foreign-s1")]
    {
        let id = v.id(Kind::Section, section);
        v.change("sectionUpdate", about, "SectionUpdateInput", &id, stale());
        v.change("sectionDelete", about, "VersionInput", &id, stale());
    }
    for (about, task) in [("of the draft", "draft-t1"), ("t1 of the issued list", "t1"), ("elsewhere", "foreign-t1")] {
        let id = v.id(Kind::Task, task);
        v.change("taskUpdate", about, "TaskUpdateInput", &id, stale());
        v.change("taskDelete", about, "VersionInput", &id, stale());
        v.change("taskConfirm", about, "VersionInput", &id, stale());
        v.change("taskReportingLeadName", about, "TaskReportingLeadNameInput", &id, stale());
        v.make("assignmentCreate", about, json!({ "task": id, "role": "LEAD", "name": " " }));
        let task = v.world.get(task);
        let first = v.world.rows.assignment.iter().find(|a| a.task_id == task).unwrap().id;
        let id = GlobalId::new(Kind::Assignment, first).to_string();
        v.change("assignmentUpdate", about, "AssignmentUpdateInput", &id, stale());
        v.change("assignmentDelete", about, "VersionInput", &id, stale());
    }
}

fn questions(v: &mut Verbs<'_>) {
    for (about, question) in [("of the draft", "q-draft"), ("of the county's draft", "q-county")] {
        let id = v.id(Kind::ImportQuestion, question);
        let input = json!({ "expectedVersion": 999, "keep": true });
        v.change("importQuestionAnswer", about, "ImportQuestionAnswerInput", &id, input);
    }
    // More than are allowed at once.
    let many = vec![v.id(Kind::ImportQuestion, "q-draft"); 101];
    for list in ["draft", "issued", "foreign"] {
        let id = v.id(Kind::TaskList, list);
        v.change("importQuestionKeep", list, "ImportQuestionKeepInput", &id, json!({ "questions": many }));
    }
}

/// Receipt, objection and amendments, each asked with a version that is not there; a whole list is acknowledged only where
/// nothing is left or nothing may be.
fn after_issue(v: &mut Verbs<'_>) {
    for (about, task, unit) in
        [("resp1 on t1", "t1", "resp1"), ("lead1 on t1", "t1", "lead1"), ("elsewhere", "foreign-t1", "b.bureau")]
    {
        let (task, unit) = (v.world.get(task), v.world.get(unit));
        let row = v.world.rows.assignment.iter().find(|a| a.task_id == task && a.unit_id == Some(unit)).unwrap();
        let id = GlobalId::new(Kind::Assignment, row.id).to_string();
        v.change("assignmentAcknowledge", about, "VersionInput", &id, stale());
        let input = json!({ "expectedVersion": 999, "reason": "虚构" });
        v.change("assignmentDecline", about, "AssignmentDeclineInput", &id, input);
    }
    for list in ["draft", "closed", "county"] {
        let id = v.id(Kind::TaskList, list);
        let query = "mutation($id: ID!) { taskListAcknowledge(id: $id) { userErrors { code } } }".to_owned();
        let (field, about) = ("taskListAcknowledge", list.to_owned());
        v.all.push(Question { field, about, query, variables: json!({ "id": id }) });
    }
    for (about, answer) in [
        ("lead1's on t2", "answer of lead1 on t2"),
        ("of a county bureau", "answer of a.county.bureau on county-t1"),
        ("elsewhere", "answer of b.bureau on foreign-t1"),
    ] {
        let id = v.id(Kind::AssignmentResponse, answer);
        let input = json!({ "expectedVersion": 999, "decision": "REJECTED", "reason": "虚构" });
        v.change("assignmentDeclineDecide", about, "AssignmentDeclineDecideInput", &id, input);
    }
    for list in ["draft", "issued", "closed", "county", "foreign"] {
        let id = v.id(Kind::TaskList, list);
        let input = json!({ "expectedVersion": 999, "reason": "虚构", "changes": [] });
        v.change("taskListAmend", list, "TaskListAmendInput", &id, input);
    }
    let group = v.world.rows.assignment.iter().find(|a| a.unit_group_id.is_some()).unwrap().id;
    let id = GlobalId::new(Kind::Assignment, group).to_string();
    let input = json!({ "expectedVersion": 999, "reason": "虚构", "units": [] });
    v.change("assignmentGroupTakeOver", "of t2", "AssignmentGroupTakeOverInput", &id, input);
}

/// Exports in a form that there is not, so that nothing is made.
fn exports(v: &mut Verbs<'_>) {
    for list in ["draft", "issued", "county", "foreign"] {
        let id = v.id(Kind::TaskList, list);
        let input = json!({ "view": "MISSING", "format": "PNG" });
        v.change("taskListExport", list, "TaskListExportInput", &id, input);
    }
}

/// Notices: too many at once, to nobody, and with a stale version.
fn notices(v: &mut Verbs<'_>) {
    let many = vec![v.id(Kind::Notification, "told 2"); 101];
    v.make("notificationMarkRead", "resp1's", json!({ "notifications": many }));
    for (about, period) in
        [("open, of the issued list", "p2"), ("closed, of the issued list", "p1"), ("of the county's list", "county-p")]
    {
        let input = json!({ "period": v.id(Kind::ReportingPeriod, period), "units": [], "grade": "BLUE" });
        v.make("urgeNoticeSend", about, input);
    }
    for (about, notice) in [("to resp1", "urge1"), ("to the county's bureau", "urge4")] {
        let id = v.id(Kind::UrgeNotice, notice);
        v.change(
            "urgeNoticeReply",
            about,
            "UrgeNoticeReplyInput",
            &id,
            json!({ "expectedVersion": 999, "reply": "好" }),
        );
        v.change("urgeNoticeMarkRead", about, "VersionInput", &id, stale());
    }
    for list in ["draft", "issued", "closed", "county", "foreign"] {
        let id = v.id(Kind::TaskList, list);
        v.make("urgeRuleCreate", list, json!({ "taskList": id, "offsetWorkingDays": 99 }));
    }
    for (about, rule) in [
        ("of the issued list", "issued's rule 1"),
        ("of the county's list", "county's rule 1"),
        ("elsewhere", "foreign's rule 0"),
    ] {
        let id = v.id(Kind::UrgeRule, rule);
        let input = json!({ "expectedVersion": 999, "offsetWorkingDays": 0 });
        v.change("urgeRuleUpdate", about, "UrgeRuleUpdateInput", &id, input);
        v.change("urgeRuleDelete", about, "VersionInput", &id, stale());
    }
}

/// Files that somebody else in no column brought in, so that nobody's call goes through.
fn files(v: &mut Verbs<'_>) {
    for (about, file) in [("somebody else's", "resp2's upload"), ("resp1's export, no upload", "resp1's export")] {
        let id = v.id(Kind::File, file);
        v.make("fileUpload", about, json!({ "file": id }));
    }
}

fn reporting(v: &mut Verbs<'_>) {
    for list in ["draft", "issued", "county", "foreign"] {
        let id = v.id(Kind::TaskList, list);
        // The first day lies behind the last.
        let input = json!({
            "taskList": id, "kind": "PLAIN", "startsOn": "2026-08-01", "endsOn": "2026-07-01", "dueOn": "2026-08-10",
        });
        v.make("reportingPeriodOpen", list, input);
    }
    for (about, period) in
        [("open, of the issued list", "p2"), ("closed, of the issued list", "p1"), ("elsewhere", "foreign-p")]
    {
        let id = v.id(Kind::ReportingPeriod, period);
        v.change("reportingPeriodClose", about, "ReportingPeriodCloseInput", &id, stale());
    }
    let file = v.id(Kind::File, "resp1's export");
    for (about, period) in
        [("open, of the issued list", "p2"), ("closed, of the issued list", "p1"), ("elsewhere", "foreign-p")]
    {
        // What was agreed to has the wrong form, which is found out before the file is looked for.
        let input = json!({ "period": v.id(Kind::ReportingPeriod, period), "file": file, "digest": "?" });
        v.make("progressReportImport", about, input);
    }
    for (about, report) in report_kinds(v.world) {
        let row = v.world.rows.progress_report.iter().find(|r| r.id == report).unwrap();
        let obligation = GlobalId::new(Kind::ReportObligation, row.report_obligation_id).to_string();
        let id = GlobalId::new(Kind::ProgressReport, report).to_string();
        let save = json!({ "obligation": obligation, "expectedVersion": 999, "narrative": "改" });
        v.make("progressReportSave", &about, save);
        v.change("progressReportSubmit", &about, "ProgressReportSubmitInput", &id, stale());
        v.change("progressReportWithdraw", &about, "ProgressReportWithdrawInput", &id, stale());
        v.change("progressReportAccept", &about, "ProgressReportAcceptInput", &id, stale());
        let back = json!({ "expectedVersion": 999, "reason": "请补充" });
        v.change("progressReportReturn", &about, "ProgressReportReturnInput", &id, back);
        v.change("progressReportSign", &about, "ProgressReportSignInput", &id, stale());
        let back = json!({ "expectedVersion": 999, "reason": "请补充" });
        v.change("progressReportSendBack", &about, "ProgressReportSendBackInput", &id, back);
        v.change("progressReportCorrect", &about, "ProgressReportCorrectInput", &id, stale());
        let (verb, input) = ("progressReportCorrectionCancel", "ProgressReportCorrectionCancelInput");
        v.change(verb, &about, input, &id, stale());
        let answered = json!({ "obligation": obligation, "expectedVersion": 999 });
        v.make("progressReportCarryForward", &about, answered.clone());
        v.make("progressReportMerge", &about, answered.clone());
        v.many("progressReportSaveMany", &about, answered);
        v.many("progressReportSubmitMany", &about, json!({ "id": id, "expectedVersion": 999 }));
        v.many("progressReportSignMany", &about, json!({ "id": id, "expectedVersion": 999 }));
        v.many("progressReportAcceptMany", &about, json!({ "id": id, "expectedVersion": 999 }));
        let link =
            json!({ "progressReport": id, "expectedVersion": 999, "kind": "LINK", "url": "https://example.com" });
        v.make("evidenceAdd", &about, link);
        let evidence = v.world.rows.evidence.iter().find(|e| e.progress_report_id == report).unwrap().id;
        let evidence = GlobalId::new(Kind::Evidence, evidence).to_string();
        v.change("evidenceRemove", &about, "EvidenceRemoveInput", &evidence, stale());
        // Nothing to fail at: who may gets the number, and leaves an audit row.
        let query =
            "mutation($id: ID!) { progressReportPhoneReveal(id: $id) { phone userErrors { code } } }".to_owned();
        let field = "progressReportPhoneReveal";
        v.all.push(Question { field, about, query, variables: json!({ "id": id }) });
    }
}

fn around_periods(v: &mut Verbs<'_>) {
    let periods =
        [("open, of the issued list", "p2"), ("closed, of the issued list", "p1"), ("elsewhere", "foreign-p")];
    for (about, period) in periods {
        let id = v.id(Kind::ReportingPeriod, period);
        v.change("reportingPeriodUpdate", about, "ReportingPeriodUpdateInput", &id, stale());
        let unit = v.id(Kind::Unit, "resp1");
        let input = json!({ "expectedVersion": 999, "unit": unit, "until": "2026-07-31", "reason": "补报" });
        v.change("reportingPeriodReopen", about, "ReportingPeriodReopenInput", &id, input);
    }
    // Both ended the day before.
    for (about, reopening) in [("for resp1, over", "p1 for resp1"), ("elsewhere", "foreign-p for b.bureau")] {
        let id = v.id(Kind::PeriodReopening, reopening);
        v.change("periodReopeningEnd", about, "VersionInput", &id, stale());
    }
    for list in ["draft", "issued", "closed", "county", "foreign"] {
        let id = v.id(Kind::TaskList, list);
        let input = json!({
            "taskList": id, "kind": "PLAIN", "every": "MONTH", "label": " ", "opensAfterDays": 1, "dueWorkingDays": 5,
        });
        v.make("periodScheduleCreate", list, input);
    }
    for (about, schedule) in [
        ("of the issued list", "issued's MONTH schedule"),
        ("of the county's list", "county's HALF_YEAR schedule"),
        ("elsewhere", "foreign's QUARTER schedule"),
    ] {
        let id = v.id(Kind::PeriodSchedule, schedule);
        v.change("periodScheduleUpdate", about, "PeriodScheduleUpdateInput", &id, stale());
        v.change("periodScheduleDelete", about, "VersionInput", &id, stale());
    }
    for (about, request) in [
        ("resp1's, open period", "resp1 asks in p2, PENDING"),
        ("resp1's, open period, decided", "resp1 asks in p2, REFUSED"),
        ("resp1's, closed period", "resp1 asks in p1, PENDING"),
        ("lead1's, open period", "lead1 asks in p2, PENDING"),
        ("elsewhere", "b.bureau asks in foreign-p, PENDING"),
    ] {
        let row = v.world.rows.extension_request.iter().find(|e| e.id == v.world.get(request)).unwrap();
        let obligation = GlobalId::new(Kind::ReportObligation, row.report_obligation_id).to_string();
        let input = json!({ "obligation": obligation, "until": "2026-07-31", "reason": " " });
        v.make("extensionRequestCreate", about, input);
        let id = v.id(Kind::ExtensionRequest, request);
        v.change("extensionRequestWithdraw", about, "VersionInput", &id, stale());
        let input = json!({ "expectedVersion": 999, "decision": "REFUSED", "reason": "否" });
        v.change("extensionRequestDecide", about, "ExtensionRequestDecideInput", &id, input);
    }
}

/// Publications with an empty title, and decisions about a version there is not.
fn publishing(v: &mut Verbs<'_>) {
    for list in ["draft", "issued", "county", "foreign"] {
        let id = v.id(Kind::TaskList, list);
        v.make("publicationPrepare", list, json!({ "kind": "LIST", "taskList": id, "title": " " }));
    }
    for (about, period) in
        [("closed, of the issued list", "p1"), ("open, of the issued list", "p2"), ("elsewhere", "foreign-p")]
    {
        let id = v.id(Kind::ReportingPeriod, period);
        v.make("publicationPrepare", about, json!({ "kind": "PROGRESS", "period": id, "title": " " }));
    }
    for (about, name) in [
        ("draft, prepared by office", "list anew"),
        ("reviewed by off.div", "progress reviewed"),
        ("approved", "sums approved"),
        ("published", "list published"),
        ("withdrawn, of the closed list", "progress withdrawn"),
        ("draft of the county", "county's draft"),
        ("elsewhere", "foreign's list"),
    ] {
        let id = v.id(Kind::Publication, name);
        v.change("publicationRedact", about, "PublicationRedactInput", &id, stale());
        let input = json!({ "expectedVersion": 999, "step": "CONTENT_REVIEW", "decision": "PASSED" });
        v.change("publicationReview", about, "PublicationReviewInput", &id, input);
        v.change("publicationPublish", about, "VersionInput", &id, stale());
        let input = json!({ "expectedVersion": 999, "reason": "误发" });
        v.change("publicationWithdraw", about, "PublicationWithdrawInput", &id, input);
    }
}
