//! A list in force with everybody around it, and a short way to call the reporting verbs.

use entity::vocabulary::*;
use entity::{assignment, task, task_list};
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use serde_json::{Value, json};
use taizhang::documents::demo;
use taizhang::id::{GlobalId, Kind};
use uuid::Uuid;

use crate::support::database::execute;
use crate::support::{Client, TestApp};

/// The place, the list and the people.
pub struct Stage {
    pub t: TestApp,
    pub list: Uuid,
    pub task: Uuid,
    /// Led by the responsible unit of the first.
    pub second: Uuid,
    pub lead_unit: Uuid,
    pub responsible_unit: Uuid,
    pub support_unit: Uuid,
    pub office: Client,
    /// Holds OFFICE and REPORTER of the responsible unit.
    pub both: Client,
    pub lead: Client,
    pub responsible: Client,
    /// Signs for the responsible unit.
    pub signer: Client,
    pub support: Client,
    pub foreign: Client,
    pub inspector: Client,
    pub admin: Client,
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(false).await
    }

    /// Two tasks: the first with a lead, a responsible and a supporting unit, nobody in particular and one whose
    /// assignment was withdrawn; the second led by the responsible unit of the first.
    pub async fn with(support_reports: bool) -> Self {
        // Boxed: many tests hold it in their own future.
        Box::pin(Self::built(support_reports)).await
    }

    async fn built(support_reports: bool) -> Self {
        let t = TestApp::new().await;
        let (_, root) = t.places(demo::UNITS).await.remove(0);
        let [office_unit, lead_unit, responsible_unit, support_unit, foreign_unit] = [
            t.unit(root, "yunting.zfb").await,
            t.unit(root, "yunting.fgj").await,
            t.unit(root, "yunting.jyj").await,
            t.unit(root, "yunting.mzj").await,
            t.unit(root, "yunting.sfj").await,
        ];
        let people = (
            t.user("office", office_unit, &[(Role::Office, office_unit)]).await,
            t.user("both", responsible_unit, &[(Role::Office, root), (Role::Reporter, responsible_unit)]).await,
            t.user("lead", lead_unit, &[(Role::Reporter, lead_unit)]).await,
            t.user("responsible", responsible_unit, &[(Role::Reporter, responsible_unit)]).await,
            t.user("support", support_unit, &[(Role::Approver, support_unit)]).await,
            t.user("foreign", foreign_unit, &[(Role::Reporter, foreign_unit)]).await,
            t.user("inspector", office_unit, &[(Role::Inspector, root)]).await,
            t.user("admin", office_unit, &[(Role::SystemAdmin, root)]).await,
        );
        let signer = t.user("signer", responsible_unit, &[(Role::Approver, responsible_unit)]).await;
        let (office, both, lead, responsible, support, foreign, inspector, admin) = people;
        let (list, first, second) = (t.ids.next(), t.ids.next(), t.ids.next());
        let now = t.service.clock().now();
        let tx = t.service.store().begin().await.unwrap();
        tx.insert::<task_list::Entity>(task_list::Model {
            id: list,
            root_id: root,
            issuer_unit_id: office_unit,
            year: 2026,
            title: "虚构清单".into(),
            document_number: None,
            issuer_text: None,
            status: TaskListStatus::Issued,
            reporting_period_text: None,
            columns: None,
            support_reports,
            issued_on: None,
            issued_at: Some(now),
            closed_at: None,
            import_digest: None,
            version: 1,
            created_at: now,
            updated_at: now,
        })
        .await
        .unwrap();
        for (position, id) in [(1, first), (2, second)] {
            tx.insert::<task::Entity>(task::Model {
                id,
                task_list_id: list,
                section_id: None,
                position,
                number: position.to_string(),
                title: Some(format!("虚构任务{position}")),
                requirement: None,
                lead_text: None,
                unit_text: None,
                inherited: false,
                incentive: false,
                needs_review: false,
                review_note: None,
                status: TaskStatus::Active,
                version: 1,
                created_at: now,
                updated_at: now,
            })
            .await
            .unwrap();
        }
        use AssignmentRole::{Lead, Responsible, Support};
        use AssignmentStatus::{Active, Withdrawn};
        let assignments = [
            (first, 1, Responsible, AssignmentTarget::Unit, Some(responsible_unit), Active),
            (first, 2, Lead, AssignmentTarget::Unit, Some(lead_unit), Active),
            (first, 3, Support, AssignmentTarget::Unit, Some(support_unit), Active),
            (first, 5, Responsible, AssignmentTarget::Open, None, Active),
            (first, 6, Responsible, AssignmentTarget::Unit, Some(foreign_unit), Withdrawn),
            (second, 1, Lead, AssignmentTarget::Unit, Some(responsible_unit), Active),
        ];
        for (task_id, position, role, target, unit_id, status) in assignments {
            tx.insert::<assignment::Entity>(assignment::Model {
                id: t.ids.next(),
                task_id,
                position,
                role,
                target,
                name: "虚构".into(),
                unit_id,
                unit_group_id: None,
                source_assignment_id: None,
                scope_note: None,
                status,
                version: 1,
                created_at: now,
                updated_at: now,
            })
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        Self {
            t,
            list,
            task: first,
            second,
            lead_unit,
            responsible_unit,
            support_unit,
            office,
            both,
            lead,
            responsible,
            signer,
            support,
            foreign,
            inspector,
            admin,
        }
    }

    /// The period from January to June, opened.
    pub async fn opened(&self) -> String {
        let input = period_input(self.list, "CUMULATIVE", "2026-01-01", "2026-06-30", "2026-07-10");
        let payload = open(&self.office, input, None).await;
        assert_eq!(payload["userErrors"], json!([]));
        text(&payload["reportingPeriod"]["id"])
    }

    /// The responsible unit asks for a second signature from now on.
    pub async fn two_signatures(&self) {
        let sql = format!("UPDATE unit SET report_signing = {} WHERE code = 'yunting.jyj'", true);
        execute(&self.t.database.url, &sql).await;
    }

    /// What `unit` owes for a task in a period.
    pub async fn owes(&self, period: &str, unit: Uuid, task: Uuid) -> String {
        let data = self
            .office
            .data(
                "query($filter: ReportObligationFilter) { reportObligations(filter: $filter) { nodes { id } } }",
                json!({ "filter": {
                    "unit": { "eq": id(Kind::Unit, unit) },
                    "task": { "eq": id(Kind::Task, task) },
                    "period": { "eq": period },
                } }),
            )
            .await;
        let nodes = data["reportObligations"]["nodes"].as_array().unwrap().clone();
        assert_eq!(nodes.len(), 1, "{nodes:?}");
        text(&nodes[0]["id"])
    }

    /// Every row the verbs write, as text: equal before and after means that nothing changed.
    pub async fn rows(&self) -> String {
        let db = self.t.database.raw().await;
        [
            all::<entity::reporting_period::Entity>(&db).await,
            all::<entity::report_obligation::Entity>(&db).await,
            all::<entity::progress_report::Entity>(&db).await,
            all::<entity::progress_report_revision::Entity>(&db).await,
            all::<entity::report_review::Entity>(&db).await,
            all::<entity::period_schedule::Entity>(&db).await,
            all::<entity::period_reopening::Entity>(&db).await,
            all::<entity::period_freeze::Entity>(&db).await,
            all::<entity::extension_request::Entity>(&db).await,
            all::<entity::period_due_change::Entity>(&db).await,
            all::<entity::obligation_due_change::Entity>(&db).await,
            all::<entity::report_signature::Entity>(&db).await,
            all::<entity::evidence::Entity>(&db).await,
            all::<entity::report_part::Entity>(&db).await,
            all::<entity::task_reporting_lead::Entity>(&db).await,
            all::<entity::file::Entity>(&db).await,
            all::<entity::look_back::Entity>(&db).await,
            all::<entity::look_back_item::Entity>(&db).await,
            all::<entity::look_back_evidence::Entity>(&db).await,
            all::<entity::rectification::Entity>(&db).await,
            all::<entity::rectification_step::Entity>(&db).await,
            all::<entity::task_lineage::Entity>(&db).await,
            all::<entity::task::Entity>(&db).await,
            all::<entity::publication::Entity>(&db).await,
            all::<entity::publication_snapshot::Entity>(&db).await,
            all::<entity::publication_step::Entity>(&db).await,
            all::<entity::publication_finding::Entity>(&db).await,
            all::<entity::publication_release::Entity>(&db).await,
            all::<entity::publication_public::Entity>(&db).await,
            // That somebody was refused is kept beside all this.
            done(all::<entity::audit_entry::Entity>(&db).await),
            all::<entity::outbox::Entity>(&db).await,
            all::<entity::idempotency_result::Entity>(&db).await,
        ]
        .concat()
    }

    /// How many rows there are.
    pub async fn count(&self, from: &str) -> i64 {
        let db = self.t.database.raw().await;
        let sql = Statement::from_string(db.get_database_backend(), format!("SELECT COUNT(*) AS n FROM {from}"));
        db.query_one_raw(sql).await.unwrap().unwrap().try_get("", "n").unwrap()
    }

    /// The status of the report of `unit` on the first task as `client` sees it, by way of the list of reports, of the
    /// report itself and of its obligation; they must agree.
    pub async fn sees(&self, client: &Client, report: &str) -> Option<String> {
        let data = client
            .data(
                "query($id: ID!) { progressReports(first: 50) { totalCount nodes { id status } } progressReport(id: $id) { id status narrative } node(id: $id) { ... on ProgressReport { status } } }",
                json!({ "id": report }),
            )
            .await;
        let nodes = data["progressReports"]["nodes"].as_array().unwrap();
        assert_eq!(data["progressReports"]["totalCount"], nodes.len());
        let listed = nodes.iter().find(|node| node["id"] == report).map(|node| text(&node["status"]));
        let own = data["progressReport"]["status"].as_str().map(str::to_owned);
        let node = data["node"]["status"].as_str().map(str::to_owned);
        assert_eq!(listed, own);
        assert_eq!(listed, node);
        listed
    }
}

async fn all<E: EntityTrait>(db: &impl ConnectionTrait) -> String {
    #[expect(clippy::disallowed_methods, reason = "looks past every scope")]
    let mut rows: Vec<String> = E::find().all(db).await.unwrap().iter().map(|row| format!("{row:?}\n")).collect();
    rows.sort();
    rows.concat()
}

/// What was done, without what was refused.
fn done(rows: String) -> String {
    rows.lines().filter(|row| !row.contains("result: \"REFUSED\"")).collect()
}

pub fn id(kind: Kind, key: Uuid) -> String {
    GlobalId::new(kind, key).to_string()
}

pub fn uuid(id: &str) -> Uuid {
    id.parse::<GlobalId>().unwrap().uuid
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

pub fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("no number: {value}"))
}

/// The codes of the user errors with the fields they name.
pub fn errors(payload: &Value) -> Vec<(String, String)> {
    let errors = payload["userErrors"].as_array().unwrap_or_else(|| panic!("no user errors in {payload}"));
    errors
        .iter()
        .map(|error| {
            assert!(!text(&error["message"]).is_empty());
            let path: Vec<&str> = error["field"].as_array().unwrap().iter().map(|p| p.as_str().unwrap()).collect();
            (text(&error["code"]), path.join("."))
        })
        .collect()
}

pub fn codes(payload: &Value) -> Vec<String> {
    errors(payload).into_iter().map(|(code, _)| code).collect()
}

pub const REPORT: &str = "progressReport { id status version revision returnCount narrative completion percent doneCount reporterName reporterPhone submittedAt decidedAt reviews { nodes { decision reason revision } } revisions { nodes { revision narrative } } }";

pub fn period_input(list: Uuid, kind: &str, from: &str, to: &str, due: &str) -> Value {
    json!({ "taskList": id(Kind::TaskList, list), "kind": kind, "startsOn": from, "endsOn": to, "dueOn": due })
}

pub async fn open(client: &Client, input: Value, key: Option<&str>) -> Value {
    client.payload(
            "mutation($input: ReportingPeriodOpenInput!, $key: String) { reportingPeriodOpen(input: $input, idempotencyKey: $key) { reportingPeriod { id label status version rollUp { expected missing } } userErrors { code message field } } }",
            json!({ "input": input, "key": key }),
        )
        .await
}

pub async fn close(client: &Client, period: &str, version: i64) -> Value {
    client.payload(
            "mutation($id: ID!, $input: ReportingPeriodCloseInput!) { reportingPeriodClose(id: $id, input: $input) { reportingPeriod { id status version closedAt rollUp { expected received accepted returned missing } } userErrors { code message field } } }",
            json!({ "id": period, "input": { "expectedVersion": version, "acceptMissing": true } }),
        )
        .await
}

pub async fn save(client: &Client, input: Value, key: Option<&str>) -> Value {
    let query = format!(
        "mutation($input: ProgressReportSaveInput!, $key: String) {{ progressReportSave(input: $input, idempotencyKey: $key) {{ {REPORT} userErrors {{ code message field }} }} }}"
    );
    client.payload(&query, json!({ "input": input, "key": key })).await
}

/// One of Submit, Sign, SendBack, Withdraw, Accept, Return, Correct.
pub async fn act(client: &Client, verb: &str, report: &str, input: Value, key: Option<&str>) -> Value {
    let query = format!(
        "mutation($id: ID!, $input: ProgressReport{verb}Input!, $key: String) {{ progressReport{verb}(id: $id, input: $input, idempotencyKey: $key) {{ {REPORT} userErrors {{ code message field }} }} }}"
    );
    client.payload(&query, json!({ "id": report, "input": input, "key": key })).await
}

/// The input of a verb that works, at this version.
pub fn input_of(verb: &str, version: i64) -> Value {
    match verb {
        "Return" | "SendBack" => json!({ "expectedVersion": version, "reason": "请补充公开链接。" }),
        _ => json!({ "expectedVersion": version }),
    }
}

/// A report that can be handed in.
pub fn full(obligation: &str) -> Value {
    json!({ "obligation": obligation, "narrative": "虚构：已公开。", "completion": "LIMITED", "percent": 40 })
}

pub async fn reveal(client: &Client, report: &str) -> Value {
    client.payload(
            "mutation($id: ID!) { progressReportPhoneReveal(id: $id) { progressReport { id reporterPhone } phone userErrors { code message field } } }",
            json!({ "id": report }),
        )
        .await
}
