//! What people are told, urged about, found and published takes as many statements for thirty rows as for one.

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocabulary::*;
use serde_json::json;
use uuid::Uuid;

use crate::n_plus_one::statements;
use crate::support::world::Build;
use crate::support::{Client, TestApp};

fn at() -> DateTime<Utc> {
    "2026-06-20T00:00:00Z".parse().unwrap()
}

/// Rows that all belong to the `nth` of everything there is.
struct Nth<'b> {
    b: &'b mut Build,
    nth: usize,
}

impl Nth<'_> {
    fn named(&mut self, what: &str) -> Uuid {
        let id = self.b.next();
        let name = format!("{what} {}", self.nth);
        self.b.name(&name, id)
    }

    /// The nth row of a kind of the first unit.
    fn own<M>(&self, rows: &[M], unit: impl Fn(&M) -> Option<Uuid>) -> M
    where
        M: Clone,
    {
        let own = self.b.get("u0");
        rows.iter().filter(|row| unit(row) == Some(own)).nth(self.nth).cloned().expect("enough of them")
    }

    fn period(&mut self) -> Uuid {
        let id = self.named("period");
        let first = self.b.rows.reporting_period[0].clone();
        let days = TimeDelta::days(i64::try_from(self.nth).unwrap() + 1);
        self.b.rows.reporting_period.push(entity::reporting_period::Model {
            id,
            kind: PeriodKind::Plain,
            label: format!("虚构{}期", self.nth),
            ends_on: first.ends_on - days,
            ..first.clone()
        });
        let owed = self.own(&self.b.rows.report_obligation, |row| Some(row.unit_id));
        let (obligation, due_on) = (self.b.next(), Some(first.due_on + days));
        let owed = entity::report_obligation::Model { id: obligation, reporting_period_id: id, due_on, ..owed };
        self.b.rows.report_obligation.push(owed);
        id
    }

    fn urge(&mut self) -> Uuid {
        let id = self.named("urge");
        let owed = self.own(&self.b.rows.report_obligation, |row| Some(row.unit_id));
        self.b.rows.urge_notice.push(entity::urge_notice::Model {
            id,
            task_list_id: owed.task_list_id,
            reporting_period_id: owed.reporting_period_id,
            unit_id: owed.unit_id,
            year: 2026,
            number: i32::try_from(self.nth).unwrap() + 1,
            grade: UrgeGrade::Blue,
            text: None,
            days_overdue: 1,
            reply_due_on: None,
            sender_user_id: self.b.get("@office"),
            sender_unit_id: self.b.get("root"),
            read_at: None,
            reply: None,
            replied_at: None,
            replier_user_id: None,
            version: 1,
            created_at: at(),
            updated_at: at(),
        });
        let item = entity::urge_notice_item::Model { urge_notice_id: id, report_obligation_id: owed.id };
        self.b.rows.urge_notice_item.push(item);
        id
    }

    fn asked(&mut self) -> Uuid {
        let id = self.named("asked");
        let owed = self.own(&self.b.rows.report_obligation, |row| Some(row.unit_id));
        self.b.rows.extension_request.push(entity::extension_request::Model {
            id,
            report_obligation_id: owed.id,
            reporting_period_id: owed.reporting_period_id,
            task_list_id: owed.task_list_id,
            task_id: owed.task_id,
            unit_id: owed.unit_id,
            until_on: "2026-08-01".parse().unwrap(),
            reason: "虚构".into(),
            status: ExtensionStatus::Pending,
            granted_until: None,
            decision_reason: None,
            requested_by: self.b.get("@of-u0"),
            decided_by: None,
            decided_at: None,
            version: 1,
            created_at: at(),
            updated_at: at(),
        });
        id
    }

    fn evidence(&mut self, item: Option<Uuid>, rectification: Option<Uuid>) {
        let row = entity::look_back_evidence::Model {
            id: self.b.next(),
            look_back_item_id: item,
            rectification_id: rectification,
            kind: EvidenceKind::Link,
            title: None,
            url: Some("https://example.com".into()),
            document_number: None,
            file_id: None,
            added_by: self.b.get("@office"),
            created_at: at(),
        };
        self.b.rows.look_back_evidence.push(row);
    }

    /// A finished round with a finding and its rectification.
    fn round(&mut self) -> (Uuid, Uuid) {
        let (id, item, rectification) = (self.named("round"), self.b.next(), self.named("rectification"));
        let office = self.b.get("@office");
        let seat = self.own(&self.b.rows.assignment, |row| row.unit_id);
        let list = self.b.get("list");
        self.b.rows.look_back.push(entity::look_back::Model {
            id,
            task_list_id: list,
            title: format!("虚构回头看{}", self.nth),
            due_on: "2026-07-31".parse().unwrap(),
            deadlines_by: None,
            status: LookBackStatus::Finished,
            created_by: office,
            finished_by: Some(office),
            finished_at: Some(at()),
            version: 2,
            created_at: at(),
            updated_at: at(),
        });
        self.b.rows.look_back_item.push(entity::look_back_item::Model {
            id: item,
            look_back_id: id,
            task_list_id: list,
            task_id: seat.task_id,
            assignment_id: seat.id,
            unit_id: self.b.get("u0"),
            position: 0,
            due_on: "2026-05-31".parse().unwrap(),
            deadline_text: None,
            finding: Some(LookBackFinding::NotDone),
            finding_text: Some("虚构".into()),
            found_by: Some(office),
            found_at: Some(at()),
            version: 2,
            created_at: at(),
            updated_at: at(),
        });
        self.evidence(Some(item), None);
        self.b.rows.rectification.push(entity::rectification::Model {
            id: rectification,
            look_back_item_id: item,
            look_back_id: id,
            task_list_id: list,
            task_id: seat.task_id,
            unit_id: self.b.get("u0"),
            problem: "虚构".into(),
            due_on: "2026-06-30".parse().unwrap(),
            status: RectificationStatus::Opened,
            measure: None,
            result: None,
            recheck_text: None,
            return_count: 0,
            opened_by: office,
            reported_by: None,
            reported_at: None,
            closed_at: None,
            version: 1,
            created_at: at(),
            updated_at: at(),
        });
        let step = entity::rectification_step::Model {
            id: self.b.next(),
            rectification_id: rectification,
            status: RectificationStatus::Opened,
            text: None,
            user_id: office,
            created_at: at(),
        };
        self.b.rows.rectification_step.push(step);
        self.evidence(None, Some(rectification));
        (id, rectification)
    }

    fn publication(&mut self) -> Uuid {
        let id = self.named("publication");
        let (maker, root, list) = (self.b.get("@office2"), self.b.get("root"), self.b.get("list"));
        let checksum = format!("{:064x}", id.as_u128());
        self.b.rows.publication.push(entity::publication::Model {
            id,
            task_list_id: list,
            reporting_period_id: None,
            issuer_unit_id: root,
            kind: PublicationKind::List,
            title: format!("虚构公开稿{}", self.nth),
            status: PublicationStatus::Draft,
            round: 1,
            checksum: checksum.clone(),
            open_findings: 1,
            left_out: 0,
            prepared_by: maker,
            replaces_id: None,
            replaced_by_id: None,
            published_at: None,
            withdrawn_at: None,
            withdrawal_reason: None,
            version: 1,
            created_at: at(),
            updated_at: at(),
        });
        let step = entity::publication_step::Model {
            id: self.b.next(),
            publication_id: id,
            task_list_id: list,
            round: 1,
            act: PublicationAct::Preparation,
            decision: None,
            reason: None,
            checksum,
            user_id: maker,
            unit_id: root,
            decider_id: None,
            prepared_by: maker,
            created_at: at(),
        };
        self.b.rows.publication_step.push(step);
        let finding = entity::publication_finding::Model {
            id: self.b.next(),
            publication_id: id,
            task_list_id: list,
            position: 1,
            kind: PersonalDataKind::Phone,
            field: PublicationField::Narrative,
            task_number: None,
            pointer: "/title".into(),
            excerpt: "138****0000".into(),
            released_by: None,
            released_at: None,
            release_reason: None,
        };
        self.b.rows.publication_finding.push(finding);
        id
    }

    fn tell(&mut self, user: &str, kind: NotificationKind, subject_id: Uuid) {
        let row = entity::notification::Model {
            id: self.b.next(),
            user_id: self.b.get(user),
            unit_id: self.b.get("u0"),
            kind,
            subject_id,
            origin: format!("{} {}", kind.as_str(), self.nth),
            created_at: at(),
            read_at: None,
        };
        self.b.rows.notification.push(row);
    }
}

/// So many of everything, seen by the office and by the unit it is about.
async fn place(number: usize) -> (TestApp, Client, Client) {
    let t = TestApp::new().await;
    let mut b = Build::new(t.service.cipher().clone());
    b.unit("root", None);
    b.unit("u0", Some("root"));
    b.user("office", "root", &[(Role::Office, "root")]);
    b.user("office2", "root", &[(Role::Office, "root")]);
    b.user("of-u0", "u0", &[(Role::Reporter, "u0")]);
    b.list("list", "root", TaskListStatus::Issued);
    for n in 0..number * 2 {
        b.task(&format!("t{n}"), "list", None, &[(AssignmentRole::Responsible, "u0")]);
    }
    b.period("p", "list", 6, PeriodStatus::Open);
    b.reports("p");
    for nth in 0..number {
        let mut one = Nth { b: &mut b, nth };
        let (period, urge, asked) = (one.period(), one.urge(), one.asked());
        let ((round, rectification), publication) = (one.round(), one.publication());
        let report = one.own(&one.b.rows.progress_report, |row| Some(row.unit_id)).id;
        use NotificationKind::*;
        for (kind, subject) in [
            (PeriodOpened, period),
            (Reminded, period),
            (ReportReturned, report),
            (Urged, urge),
            (LookBackFound, round),
            (RectificationOpened, rectification),
        ] {
            one.tell("@of-u0", kind, subject);
        }
        for (kind, subject) in [
            (ReportsSubmitted, period),
            (UrgeReplied, urge),
            (ExtensionRequested, asked),
            (RectificationAnswered, rectification),
            (PublicationReviewWanted, publication),
            (PublicationApproved, publication),
        ] {
            one.tell("@office", kind, subject);
        }
    }
    let tx = t.service.store().begin().await.unwrap();
    b.rows.write(&tx).await;
    tx.commit().await.unwrap();
    let (office, unit) = (t.sign_in(b.get("@office")).await, t.sign_in(b.get("@of-u0")).await);
    (t, office, unit)
}

const TOLD: &str = "{ viewer { unreadCount notifications(first: 200) { totalCount nodes { kind text unit { name } taskList { title }
    period { label } report { status } urgeNotice { number } extensionRequest { until } amendment { number } lookBack { title }
    rectification { problem } publication { title nextStep } } } } }";
const OTHERS: [(&str, &str); 4] = [
    (
        "urgeNotices",
        "documentNumber replyOverdue unit { name } taskList { title } period { label } viewerCan { reply { allowed } markRead { allowed } }
        items(first: 2) { totalCount nodes { obligation { dueOn task { number } report { status } due { state } } } }",
    ),
    (
        "lookBacks",
        "title taskList { title } createdBy { name } viewerCan { record { allowed } finish { allowed } delete { allowed } }
        items(first: 2) { totalCount nodes { lookBack { title } task { number } assignment { name } unit { name } foundBy { name }
            viewerCan { record { allowed } openRectification { allowed } } evidence(first: 2) { totalCount nodes { url file { name } } }
            rectifications(first: 2) { totalCount nodes { status } } } }",
    ),
    (
        "rectifications",
        "task { number } unit { name } item { finding lookBack { title } } isOverdue daysLeft workingDaysOverdue
        viewerCan { plan { allowed } report { allowed } recheck { allowed } cancel { allowed } }
        evidence(first: 2) { totalCount nodes { url file { name } } } steps(first: 2) { totalCount nodes { user { name } } }",
    ),
    (
        "publications",
        "taskList { title } period { label } issuer { name } preparedBy { name } replaces { title } replacedBy { title } nextStep
        findings(first: 2) { totalCount nodes { excerpt releasedBy { name } } }
        steps(first: 2) { totalCount nodes { act user { name } unit { name } releases(first: 2) { totalCount } } }
        viewerCan { redact { allowed } review { allowed } publish { allowed } withdraw { allowed } }",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_rows_take_as_many_statements_as_one() {
    let (small, large) = (place(1).await, place(30).await);
    let told = large.2.data(TOLD, json!({})).await["viewer"]["notifications"].take();
    assert_eq!(told["totalCount"], 180, "six kinds for the unit, all of them seen");
    assert!(told["nodes"].as_array().unwrap().iter().all(|node| node["text"].is_string()));
    let told = large.1.data(TOLD, json!({})).await["viewer"]["notifications"].take();
    assert_eq!(told["totalCount"], 180, "six kinds for the office");
    assert!(told["nodes"].as_array().unwrap().iter().all(|node| node["text"].is_string()));
    let asked =
        OTHERS.map(|(root, fields)| (root, format!("{{ {root}(first: 31) {{ totalCount nodes {{ {fields} }} }} }}")));
    for (root, query) in &asked {
        assert_eq!(large.1.data(query, json!({})).await[*root]["totalCount"], 30, "{root}");
    }
    let asked = asked.into_iter().map(|(_, query)| query).chain([TOLD.to_owned()]);
    let mut most = Vec::new();
    for query in asked {
        for (few, many) in [(&small.1, &large.1), (&small.2, &large.2)] {
            let one = statements(&small.0, few, &query, "").await;
            let thirty = statements(&large.0, many, &query, "").await;
            most.push((one, thirty));
            // On a busy machine a batch may go out in two; a statement for each row would be 29 more.
            assert!(one.abs_diff(thirty) < 5, "{one} for one row, {thirty} for thirty: {query}");
        }
    }
    println!("statements, of the office and of the unit: {most:?}");
}
