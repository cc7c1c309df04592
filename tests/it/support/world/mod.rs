//! Two places full of invented people, lists and reports, written row by row, past every verb.
//!
//! Root A has an office of its own (`a`), a division that issues lists too (`a.division`), bureaus by what they are to
//! the list `issued` (lead1, lead2, resp1, resp2, supp, none), and a county below with its own office. Root B is foreign.

mod after_issue;
mod around_periods;
mod audit;
mod build;
mod grants;
mod look_back;
mod mergers;
mod notices;
mod publishing;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocabulary::*;
use taizhang::id::{GlobalId, Kind};
use uuid::Uuid;

pub use build::{Build, key, phone};
pub use rows::Rows;

use super::{Client, TestApp};

/// A server with a world in its database.
pub struct World {
    pub t: TestApp,
    pub rows: Rows,
    pub names: BTreeMap<String, Uuid>,
    /// Everybody who can or can't sign in, by name, in the order in which they are shown.
    pub people: Vec<(&'static str, Client)>,
}

/// A name, the unit acted for, and the grants.
type Person = (&'static str, &'static str, &'static [(Role, &'static str)]);

/// Who is there.
pub const PEOPLE: &[Person] = &[
    ("office", "a", &[(Role::Office, "a")]),
    ("office-division", "a.division", &[(Role::Office, "a.division")]),
    ("office-county", "a.county", &[(Role::Office, "a.county")]),
    ("inspector", "a.division", &[(Role::Inspector, "a")]),
    ("inspector-county", "a.county", &[(Role::Inspector, "a.county")]),
    ("inspector-lists", "a", &[(Role::Inspector, "a")]),
    ("lead1", "lead1", &[(Role::Reporter, "lead1")]),
    ("lead1-approver", "lead1", &[(Role::Approver, "lead1")]),
    ("lead2", "lead2", &[(Role::Reporter, "lead2")]),
    ("resp1", "resp1", &[(Role::Reporter, "resp1")]),
    ("resp1-approver", "resp1", &[(Role::Approver, "resp1")]),
    ("resp2", "resp2", &[(Role::Reporter, "resp2")]),
    ("supp", "supp", &[(Role::Reporter, "supp")]),
    ("none", "none", &[(Role::Reporter, "none")]),
    ("county-bureau", "a.county.bureau", &[(Role::Reporter, "a.county.bureau")]),
    ("two-units", "resp1", &[(Role::Reporter, "resp1"), (Role::Reporter, "lead2")]),
    ("office-and-unit", "a.county", &[(Role::Office, "a.county"), (Role::Reporter, "supp")]),
    ("system-admin", "a", &[(Role::SystemAdmin, "a")]),
    ("system-admin-county", "a.county", &[(Role::SystemAdmin, "a.county")]),
    ("security-admin", "a", &[(Role::SecurityAdmin, "a")]),
    ("audit-admin", "a", &[(Role::AuditAdmin, "a")]),
    ("machine-none", "lead1", &[(Role::Integration, "lead1")]),
    ("machine-lists", "lead1", &[(Role::Integration, "lead1")]),
    ("machine-reports", "lead1", &[(Role::Integration, "lead1")]),
    ("machine-both", "lead1", &[(Role::Integration, "lead1")]),
    ("machine-writes", "resp1", &[(Role::Integration, "resp1")]),
    ("expired", "lead1", &[(Role::Reporter, "lead1")]),
    ("last-day", "lead1", &[(Role::Reporter, "lead1")]),
    ("no-grants", "lead1", &[]),
    ("disabled", "lead1", &[(Role::Reporter, "lead1")]),
    ("strange-grant", "b.bureau", &[(Role::Office, "a"), (Role::Reporter, "lead1")]),
    ("foreign-office", "b", &[(Role::Office, "b")]),
    ("foreign-bureau", "b.bureau", &[(Role::Reporter, "b.bureau")]),
];

/// The sessions of everybody, more than one of some, and some that have ended.
async fn sessions(t: &TestApp, b: &Build) -> Vec<entity::session::Model> {
    let (hour, mut ended) = (std::time::Duration::from_secs(3_600), Vec::new());
    for who in ["@office", "@office", "@office", "@lead1", "@county-bureau", "@foreign-office"] {
        t.service.session_open(b.get(who), hour, "another").await.unwrap();
        ended.push(t.service.session_open(b.get(who), hour, "ended").await.unwrap());
    }
    let tx = t.service.store().begin().await.unwrap();
    let users: Vec<Uuid> = b.rows.user_account.iter().map(|user| user.id).collect();
    let mut all = tx.all_where::<entity::session::Entity>(entity::session::Column::UserId, &users).await.unwrap();
    for (nth, id) in ended.into_iter().enumerate() {
        let session = all.iter_mut().find(|session| session.id == id).unwrap();
        match nth % 3 {
            0 => session.revoked_at = Some(now()),
            1 => session.idle_ends_at = Some(now()),
            _ => session.expires_at = now(),
        }
        tx.update::<entity::session::Entity>(session.clone()).await.unwrap();
    }
    tx.commit().await.unwrap();
    all
}

impl World {
    /// Makes one, on 1 July 2026.
    pub async fn new() -> Self {
        let t = TestApp::new().await;
        let mut b = Build::new(t.service.cipher().clone());
        places(&mut b);
        people(&mut b);
        secrets(&mut b);
        identities(&mut b);
        removals(&mut b);
        lists(&mut b);
        named_lists(&mut b);
        periods(&mut b);
        around_periods::all(&mut b);
        files(&mut b);
        after_issue::after_issue(&mut b);
        look_back::all(&mut b);
        publishing::all(&mut b);
        grants::rights(&mut b);
        notices::notices(&mut b);
        mergers::mergers(&mut b);
        audit::trail(&mut b);
        let tx = t.service.store().begin().await.unwrap();
        b.rows.write(&tx).await;
        tx.commit().await.unwrap();
        let mut people = vec![("nobody", t.anonymous())];
        for (name, ..) in PEOPLE {
            people.push((name, t.sign_in(b.get(&format!("@{name}"))).await));
        }
        b.rows.session = sessions(&t, &b).await;
        // Signing in left its own rows in the trail.
        b.rows.audit_entry = audit::written(&t.database.raw().await).await;
        Self { t, rows: b.rows, names: b.names, people }
    }

    /// The key of something with a name.
    pub fn get(&self, name: &str) -> Uuid {
        *self.names.get(name).unwrap_or_else(|| panic!("nothing is called {name}"))
    }

    /// The outer identifier of something with a name.
    pub fn id(&self, kind: Kind, name: &str) -> String {
        GlobalId::new(kind, self.get(name)).to_string()
    }

    /// The key of somebody.
    pub fn user(&self, name: &str) -> Uuid {
        self.get(&format!("@{name}"))
    }

    /// Somebody by name.
    pub fn client(&self, name: &str) -> &Client {
        &self.people.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("nobody is called {name}")).1
    }

    /// Those who can sign in.
    pub fn principals(&self) -> impl Iterator<Item = (&'static str, &Client)> {
        self.people.iter().filter(|(name, _)| !matches!(*name, "nobody" | "disabled")).map(|(n, c)| (*n, c))
    }

    /// How many rows there are behind a root connection, for everybody together.
    pub fn count(&self, field: &str) -> usize {
        match field {
            "units" => self.rows.unit.len(),
            "unitGroups" => self.rows.unit_group.len(),
            "taskLists" => self.rows.task_list.len(),
            "tasks" => self.rows.task.len(),
            "reportObligations" => self.rows.report_obligation.len(),
            "progressReports" => self.rows.progress_report.len(),
            "lookBacks" => self.rows.look_back.len(),
            "rectifications" => self.rows.rectification.len(),
            "urgeNotices" => self.rows.urge_notice.len(),
            "publications" => self.rows.publication.len(),
            "serviceAccounts" => self.rows.user_account.iter().filter(|user| user.kind == UserKind::Service).count(),
            "auditEntries" => self.rows.audit_entry.len(),
            "roleGrants" => self.rows.role_grant.len(),
            "roleGrantRequests" => self.rows.role_grant_request.len(),
            other => panic!("{other} is no root connection"),
        }
    }
}

fn places(b: &mut Build) {
    b.unit("a", None);
    b.unit("a.division", Some("a"));
    for unit in ["lead1", "lead2", "resp1", "resp2", "supp", "none", "old"] {
        b.unit(unit, Some("a"));
    }
    b.unit("a.county", Some("a"));
    b.unit("a.county.bureau", Some("a.county"));
    b.unit("a.county.village", Some("a.county"));
    b.unit("b", None);
    b.unit("b.bureau", Some("b"));
    b.group("group", &["resp1", "resp2", "a.county.bureau"]);
    b.group("b.group", &["b.bureau"]);
}

fn people(b: &mut Build) {
    for (name, unit, grants) in PEOPLE {
        b.user(name, unit, grants);
        let scopes = match *name {
            "machine-lists" => "lists:read",
            "machine-reports" => "reports:read",
            "machine-both" => "lists:read reports:read",
            "machine-writes" => "lists:read reports:read reports:write",
            _ => "",
        };
        if !scopes.is_empty() {
            b.grant().scopes = scopes.to_owned();
        }
        match *name {
            "expired" => b.grant().valid_until = Some(build::day("2026-06-30")),
            "last-day" => b.grant().valid_until = Some(build::day("2026-07-01")),
            "inspector-lists" => b.grant().named_lists = true,
            "disabled" => {
                let at = b.at();
                b.rows.user_account.last_mut().unwrap().disabled_at = Some(at);
            }
            _ => {}
        }
    }
}

/// Of a reporter, of somebody of a county, of an administrator, and one that was taken away.
fn identities(b: &mut Build) {
    for (name, of, ended) in [
        ("identity", "@lead1", false),
        ("identity ended", "@lead1", true),
        ("identity county", "@county-bureau", false),
        ("identity admin", "@security-admin", false),
        ("identity office", "@office", false),
        ("identity office ended", "@office", true),
        ("identity office another", "@office", false),
    ] {
        let (id, at) = (b.next(), b.at());
        b.name(name, id);
        b.rows.external_identity.push(entity::external_identity::Model {
            id,
            user_id: b.get(of),
            issuer: "https://sign-in.example".to_owned(),
            subject: name.to_owned(),
            created_at: at,
            made_by: Some(b.get("@system-admin")),
            last_used_at: None,
            ended_at: ended.then_some(at),
            ended_by: ended.then(|| b.get("@system-admin")),
        });
    }
}

/// Of somebody of a county, who waits for a second person; of an administrator, refused; of a foreigner.
fn removals(b: &mut Build) {
    use entity::vocabulary::RoleGrantRequestStatus as S;
    for (of, by, decided_by, status) in [
        ("@county-bureau", "@system-admin-county", None, S::Pending),
        ("@security-admin", "@system-admin", None, S::Pending),
        ("@office", "@system-admin", Some("@security-admin"), S::Refused),
        ("@foreign-bureau", "@foreign-office", None, S::Pending),
    ] {
        let at = b.at();
        b.rows.totp_removal.push(entity::totp_removal::Model {
            user_id: b.get(of),
            status,
            requested_by: b.get(by),
            decided_by: decided_by.map(|user| b.get(user)),
            decided_at: decided_by.map(|_| at),
            lapses_at: now() + chrono::TimeDelta::days(3),
            version: 1,
            created_at: at,
            updated_at: at,
        });
    }
}

/// Two of one machine, one of another, and one that was taken back.
fn secrets(b: &mut Build) {
    for (name, of, revoked) in [
        ("secret old", "@machine-lists", false),
        ("secret new", "@machine-lists", false),
        ("secret", "@machine-writes", false),
        ("secret revoked", "@machine-both", true),
    ] {
        let (id, at) = (b.next(), b.at());
        b.name(name, id);
        b.rows.service_secret.push(entity::service_secret::Model {
            id,
            user_id: b.get(of),
            secret_digest: name.to_owned(),
            created_at: at,
            made_by: Some(b.get("@system-admin")),
            expires_on: None,
            revoked_at: revoked.then_some(at),
            last_used_at: None,
        });
    }
}

fn lists(b: &mut Build) {
    use AssignmentRole::{Lead, Responsible, Support};
    b.list("draft", "a", TaskListStatus::Draft);
    b.section("draft-s1", "draft", None);
    b.task("draft-t1", "draft", Some("draft-s1"), &[(Lead, "lead1"), (Responsible, "resp1")]);
    b.task("draft-t2", "draft", Some("draft-s1"), &[(Responsible, "resp2")]);

    b.list("issued", "a", TaskListStatus::Issued);
    b.section("s1", "issued", None);
    b.section("s1.1", "issued", Some("s1"));
    b.section("s1.2", "issued", Some("s1"));
    b.section("s2", "issued", None);
    b.task("t1", "issued", Some("s1.1"), &[(Lead, "lead1"), (Responsible, "resp1"), (Support, "supp")]);
    b.assign("t1", Responsible, AssignmentTarget::Unit, Some("none"));
    b.task("t2", "issued", Some("s1.1"), &[(Lead, "lead1"), (Lead, "lead2"), (Responsible, "resp1")]);
    let group = b.assign("t2", Responsible, AssignmentTarget::Group, Some("group"));
    b.assign("t2", Responsible, AssignmentTarget::Unit, Some("resp2"));
    b.assignment().source_assignment_id = Some(group);
    b.task("t3", "issued", Some("s1.2"), &[(Responsible, "resp2"), (Support, "supp")]);
    b.assign("t3", Responsible, AssignmentTarget::Open, None);
    b.task("t4", "issued", Some("s2"), &[(Responsible, "resp2")]);
    b.task("t5", "issued", None, &[(Lead, "lead2"), (Responsible, "a.county.bureau")]);
    for n in 6..=12 {
        let units = [(Lead, "lead1"), (Responsible, "resp1"), (Responsible, "resp2"), (Support, "supp")];
        b.task(&format!("t{n}"), "issued", Some("s1.2"), &units);
    }

    for n in 1..=4 {
        let task = format!("t{n}");
        b.question(&format!("q{n}"), "issued", Some(&task), "虚构旧名");
        b.rows.import_question.last_mut().unwrap().status = ImportQuestionStatus::Answered;
    }

    b.list("closed", "a.division", TaskListStatus::Closed);
    b.section("closed-s1", "closed", None);
    b.task("closed-t1", "closed", Some("closed-s1"), &[(Lead, "lead1"), (Responsible, "resp1")]);
    b.task("closed-t2", "closed", Some("closed-s1"), &[(Responsible, "supp")]);

    b.list("archived", "a", TaskListStatus::Archived);
    b.task("archived-t1", "archived", None, &[(Lead, "lead2"), (Support, "none")]);

    b.list("county-draft", "a.county", TaskListStatus::Draft);
    b.task("county-draft-t1", "county-draft", None, &[(Lead, "a.county.bureau")]);
    b.question("q-draft", "draft", Some("draft-t1"), "虚构局");
    b.question("q-draft-list", "draft", None, "虚构清单");
    b.question("q-county", "county-draft", Some("county-draft-t1"), "虚构县局");

    b.list("county", "a.county", TaskListStatus::Issued);
    b.section("county-s1", "county", None);
    b.section("county-s2", "county", None);
    b.task("county-t1", "county", Some("county-s1"), &[(Lead, "a.county.bureau"), (Responsible, "a.county.village")]);
    b.task("county-t2", "county", Some("county-s2"), &[(Responsible, "a.county.village")]);

    b.list("foreign", "b", TaskListStatus::Issued);
    b.section("foreign-s1", "foreign", None);
    b.task("foreign-t1", "foreign", Some("foreign-s1"), &[(Lead, "b.bureau")]);
}

/// The moment at which the clock of every world stands.
pub fn now() -> DateTime<Utc> {
    "2026-07-01T01:00:00Z".parse().unwrap()
}

/// Files of some: in force, for ever, expired this very moment, and made while acting for another unit. Nobody sees those
/// of somebody else, whatever his role.
fn files(b: &mut Build) {
    let (at, hour) = (now(), TimeDelta::hours(1));
    let mut add = |owner: &str, what: &str, unit: &str, purpose, expires_at| {
        let id = b.next();
        b.name(&format!("{owner}'s {what}"), id);
        let row = entity::file::Model {
            id,
            purpose,
            owner_user_id: b.get(&format!("@{owner}")),
            unit_id: b.get(unit),
            name: format!("{owner} {what}.csv"),
            media_type: MediaType::Csv,
            size: 3,
            sha256: format!("{:064x}", id.as_u128()),
            created_at: at - hour,
            expires_at,
        };
        b.rows.file.push(row);
    };
    for (owner, unit) in [("office", "a"), ("resp1", "resp1"), ("lead1", "lead1"), ("foreign-office", "b")] {
        for n in 0..4 {
            add(owner, &format!("upload {n}"), unit, FilePurpose::Upload, Some(at + hour));
        }
        add(owner, "export", unit, FilePurpose::Export, None);
        add(owner, "expired file", unit, FilePurpose::Upload, Some(at));
        add(owner, "file of another unit", "supp", FilePurpose::Export, Some(at + hour));
    }
    add("resp2", "upload", "resp2", FilePurpose::Upload, Some(at + hour));
    exports(b);
}

/// Exports of some, of things they see and of things they don't; one was made while acting for another unit.
fn exports(b: &mut Build) {
    let all = [
        ("office", "a", "issued", Some("p2"), Some("office's export")),
        ("office", "a", "draft", None, None),
        ("office", "supp", "issued", None, None),
        ("resp1", "resp1", "issued", Some("p2"), Some("resp1's export")),
        ("resp1", "resp1", "county", Some("county-p"), Some("office's export")),
        ("lead1", "lead1", "issued", None, None),
        ("foreign-office", "b", "foreign", None, Some("foreign-office's export")),
    ];
    for (n, (owner, unit, list, period, file)) in all.into_iter().enumerate() {
        let id = b.next();
        b.name(&format!("{owner}'s job {n}"), id);
        let row = entity::export_job::Model {
            id,
            task_list_id: b.get(list),
            reporting_period_id: period.map(|period| b.get(period)),
            subject_unit_id: period.map(|_| b.get("resp1")),
            owner_user_id: b.get(&format!("@{owner}")),
            unit_id: b.get(unit),
            view: if period.is_some() { ExportView::ReportSheet } else { ExportView::Ledger },
            format: ExportFormat::Docx,
            standard_layout: false,
            clear_phones: false,
            lang: "zh-CN".into(),
            status: ExportStatus::Succeeded,
            progress: 100,
            attempts: 1,
            file_id: file.map(|file| b.get(file)),
            problem: None,
            created_at: now() - TimeDelta::minutes(i64::try_from(n).unwrap()),
            started_at: None,
            finished_at: None,
            scopes: None,
        };
        b.rows.export_job.push(row);
    }
}

/// The inspector of named lists has three; one of them lies under a root that is not his.
fn named_lists(b: &mut Build) {
    let user = b.get("@inspector-lists");
    let grant = b.rows.role_grant.iter().find(|g| g.user_id == user).unwrap().id;
    let lists: BTreeSet<Uuid> = ["closed", "county-draft", "foreign"].iter().map(|name| b.get(name)).collect();
    for task_list_id in lists {
        b.rows.role_grant_list.push(entity::role_grant_list::Model { role_grant_id: grant, task_list_id });
    }
}

fn periods(b: &mut Build) {
    b.period("p1", "issued", 3, PeriodStatus::Closed);
    b.reports("p1");
    // The uninvolved unit was on t1 in the first quarter; its assignment was withdrawn since.
    let none = b.get("none");
    let t1 = b.get("t1");
    let withdrawn = b.rows.assignment.iter_mut().find(|a| a.unit_id == Some(none) && a.task_id == t1).unwrap();
    withdrawn.status = AssignmentStatus::Withdrawn;
    let withdrawn = withdrawn.id;
    b.name("withdrawn", withdrawn);
    b.period("p2", "issued", 6, PeriodStatus::Open);
    b.rows.report_obligation.retain(|o| o.assignment_id != withdrawn || o.reporting_period_id != b.names["p2"]);
    b.reports("p2");
    b.release("p2");
    for (period, list, status) in [
        ("closed-p", "closed", PeriodStatus::Closed),
        ("county-p", "county", PeriodStatus::Open),
        ("foreign-p", "foreign", PeriodStatus::Open),
    ] {
        b.period(period, list, 6, status);
        b.reports(period);
    }
}
