//! Those who race against the closing of a period: what each does, on the service or through the public door, and what it
//! makes of a report.

use chrono::NaiveDate;
use entity::vocabulary::{AssignmentRole, Completion, PeriodKind, ReportStatus, TaskStatus};
use entity::{assignment, extension_request, report_obligation, report_part, task, task_list};
use serde_json::{Value, json};
use taizhang::error::UserErrorCode;
use taizhang::id::Kind;
use taizhang::service::amendments::{AddedUnit, Amend, Change};
use taizhang::service::assignments::Whom;
use taizhang::service::extensions::{ExtensionVerdict, NewExtension};
use taizhang::service::periods::NewPeriod;
use taizhang::service::report_bulk::ReportItem;
use taizhang::service::report_fill::ReportMerge;
use taizhang::service::reports::ReportSave;
use taizhang::service::tasks::NewTask;
use taizhang::service::{Answer, Caller};
use uuid::Uuid;

use super::reports_stage::*;
use crate::support::Client;

/// Somebody by both ways: past HTTP, and through it.
pub struct Person {
    pub caller: Caller,
    pub client: Client,
}

/// What races against the close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    Save,
    Submit,
    Merge,
    CarryForward,
    DecideExtension,
    Withdraw,
    Accept,
    Return,
    Sign,
    SendBack,
    Correct,
    CancelCorrection,
}

impl Act {
    pub const ALL: [Self; 12] = [
        Self::Save,
        Self::Submit,
        Self::Merge,
        Self::CarryForward,
        Self::DecideExtension,
        Self::Withdraw,
        Self::Accept,
        Self::Return,
        Self::Sign,
        Self::SendBack,
        Self::Correct,
        Self::CancelCorrection,
    ];

    /// What a report is before it, and its version.
    pub fn finds(self) -> (ReportStatus, i32) {
        match self {
            Self::Save | Self::Submit | Self::Merge | Self::CarryForward | Self::DecideExtension => {
                (ReportStatus::Draft, 1)
            }
            Self::Withdraw | Self::Accept | Self::Return => (ReportStatus::Submitted, 2),
            Self::Sign | Self::SendBack => (ReportStatus::Signing, 2),
            Self::Correct => (ReportStatus::Accepted, 3),
            Self::CancelCorrection => (ReportStatus::Draft, 4),
        }
    }

    /// What a report is after it.
    pub fn makes(self) -> ReportStatus {
        match self {
            Self::Save
            | Self::Merge
            | Self::CarryForward
            | Self::DecideExtension
            | Self::Withdraw
            | Self::SendBack
            | Self::Correct => ReportStatus::Draft,
            Self::Submit | Self::Sign => ReportStatus::Submitted,
            Self::Accept | Self::CancelCorrection => ReportStatus::Accepted,
            Self::Return => ReportStatus::Returned,
        }
    }

    /// By how much it moves the version of the report.
    pub fn moves(self) -> i32 {
        i32::from(self != Self::DecideExtension)
    }
}

/// A report that was written, with the reporter it is of.
#[derive(Clone, Copy, Debug)]
pub struct Report {
    pub id: Uuid,
    pub obligation: Uuid,
    pub by: usize,
    /// The request for more time that waits, if there is one.
    pub request: Option<Uuid>,
}

/// Who is taken from the list while the period closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The supporting unit's assignment to the first task.
    Seat,
    /// The second task.
    Task,
}

impl Taken {
    /// Whose report it is about, of the four.
    pub fn place(self) -> usize {
        match self {
            Self::Seat => 2,
            Self::Task => 3,
        }
    }
}

pub struct Racers {
    pub s: Stage,
    pub office: Person,
    pub signer: Person,
    /// Each with its unit, the office's own reporter not among them.
    pub reporters: Vec<(Person, Uuid)>,
}

/// A save that changes nothing yet.
fn nothing(obligation: Uuid) -> ReportSave {
    ReportSave {
        obligation,
        expected_version: None,
        narrative: None,
        completion: None,
        percent: None,
        done_count: None,
        reporter_name: None,
        reporter_phone: None,
        filled_on: None,
    }
}

/// What is said to who comes too late.
fn late(code: UserErrorCode, gone: bool) -> bool {
    code == UserErrorCode::InvalidState || (gone && code == UserErrorCode::NotFound)
}

/// Done, or refused because the period is closed (or the reopening over), or because nobody does it any more (`gone`);
/// anything else is a mistake.
pub fn told<T>(answer: Answer<T>, gone: bool, what: &str) -> bool {
    match answer {
        Ok(Ok(_)) => true,
        Ok(Err(errors)) => {
            assert!(errors.iter().all(|e| late(e.code, gone)), "{what}: {errors:?}");
            false
        }
        Err(fault) => panic!("{what}: {fault:?}"),
    }
}

/// The same of a payload.
fn said(payload: &Value, gone: bool, what: &str) -> bool {
    let codes = codes(payload);
    assert!(codes.iter().all(|code| code == "INVALID_STATE" || (gone && code == "NOT_FOUND")), "{what}: {payload}");
    codes.is_empty()
}

pub fn done<T>(answer: Answer<T>, what: &str) -> T {
    match answer {
        Ok(Ok(key)) => key,
        Ok(Err(errors)) => panic!("{what}: {errors:?}"),
        Err(fault) => panic!("{what}: {fault:?}"),
    }
}

impl Racers {
    /// With a list of their own, where one unit's reports are signed or no one's.
    pub async fn new(signing: bool) -> Self {
        let s = Stage::with(true).await;
        if signing {
            s.two_signatures().await;
        }
        let person = async |client: &Client| Person { caller: s.t.caller(client).await, client: client.clone() };
        let (office, signer) = (person(&s.office).await, person(&s.signer).await);
        let mut reporters = Vec::new();
        for (client, unit) in
            [(&s.responsible, s.responsible_unit), (&s.lead, s.lead_unit), (&s.support, s.support_unit)]
        {
            reporters.push((person(client).await, unit));
        }
        Self { s, office, signer, reporters }
    }

    /// Rows of a table, past every scope.
    pub async fn rows<E: sea_orm::EntityTrait>(&self, column: E::Column, key: Uuid) -> Vec<E::Model> {
        let tx = self.s.t.service.store().begin().await.unwrap();
        let rows = tx.all_where::<E>(column, &[key]).await.unwrap();
        tx.rollback().await.unwrap();
        rows
    }

    /// Opens a period whose four reports are written, and as far as they have to be for what is done to them: of the
    /// responsible, the lead and the supporting unit on the first task, and of the first of these on the second.
    pub async fn arranged(&self, round: usize, acts: [Act; 4]) -> (Uuid, [Report; 4]) {
        let service = &self.s.t.service;
        let start = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let starts_on = start + chrono::Days::new(u64::try_from(round % 60).unwrap());
        let ends_on = start + chrono::Days::new(60 + u64::try_from(round / 60).unwrap());
        let input = NewPeriod {
            task_list: self.s.list,
            kind: PeriodKind::Plain,
            starts_on,
            ends_on,
            due_on: ends_on,
            grace_working_days: 0,
            label: None,
        };
        let period = done(service.reporting_period_open(&self.office.caller, None, input).await, "open");
        let column = report_obligation::Column::ReportingPeriodId;
        let mut owed = self.rows::<report_obligation::Entity>(column, period).await;
        let by = |row: &report_obligation::Model| {
            self.reporters.iter().position(|(_, unit)| *unit == row.unit_id).expect("one of the three")
        };
        owed.sort_by_key(|row| (row.task_id != self.s.task, by(row)));
        assert_eq!(owed.iter().map(by).collect::<Vec<_>>(), [0, 1, 2, 0], "four reports");
        let mut reports = Vec::new();
        for (row, act) in owed.iter().zip(acts) {
            reports.push(self.written(row, by(row), act).await);
        }
        (period, reports.try_into().unwrap())
    }

    /// Writes a report as far as an act finds it.
    async fn written(&self, owed: &report_obligation::Model, by: usize, act: Act) -> Report {
        let (service, unit, office) = (&self.s.t.service, &self.reporters[by].0.caller, &self.office.caller);
        let save = ReportSave {
            narrative: Some(Some("虚构：已公开。".to_owned())),
            completion: Some(Some(Completion::Limited)),
            ..nothing(owed.id)
        };
        let id = done(service.progress_report_save(unit, None, save).await, "save");
        let (status, version) = act.finds();
        if version > 1 {
            done(service.progress_report_submit(unit, None, id, 1).await, "submit");
        }
        if version > 2 {
            done(service.progress_report_accept(office, None, id, 2, None).await, "accept");
        }
        if version > 3 {
            done(service.progress_report_correct(unit, None, id, 3).await, "correct");
        }
        let request = if act == Act::DecideExtension {
            let input =
                NewExtension { obligation: owed.id, until_on: self.granted(), reason: "数据未齐".to_owned() };
            Some(done(service.extension_request_create(unit, None, input).await, "ask"))
        } else {
            None
        };
        let row = self.rows::<entity::progress_report::Entity>(entity::progress_report::Column::Id, id).await.remove(0);
        assert_eq!((row.status, row.version), (status, version), "{act:?}");
        Report { id, obligation: owed.id, by, request }
    }

    fn granted(&self) -> NaiveDate {
        taizhang::clock::day_of(self.s.t.service.clock().now()) + chrono::Days::new(10)
    }

    /// Does it past HTTP; whether it was done.
    pub async fn act(&self, act: Act, report: Report, gone: bool) -> bool {
        let (service, unit, office) = (&self.s.t.service, &self.reporters[report.by].0.caller, &self.office.caller);
        let (id, version, reason) = (report.id, act.finds().1, || "请补充。".to_owned());
        let answer = match act {
            Act::Save => {
                let save = ReportSave {
                    expected_version: Some(version),
                    percent: Some(Some(40)),
                    ..nothing(report.obligation)
                };
                service.progress_report_save(unit, None, save).await
            }
            Act::Submit => service.progress_report_submit(unit, None, id, version).await,
            Act::Merge => {
                let input =
                    ReportMerge { obligation: report.obligation, expected_version: Some(version), sources: None };
                service.progress_report_merge(unit, None, input).await
            }
            Act::CarryForward => {
                service.progress_report_carry_forward(unit, None, report.obligation, Some(version)).await
            }
            Act::DecideExtension => {
                let verdict = ExtensionVerdict { expected_version: 1, granted: true, until_on: None, reason: None };
                service.extension_request_decide(office, None, report.request.unwrap(), verdict).await
            }
            Act::Withdraw => service.progress_report_withdraw(unit, None, id, version).await,
            Act::Accept => service.progress_report_accept(office, None, id, version, None).await,
            Act::Return => service.progress_report_return(office, None, id, version, reason()).await,
            Act::Sign => service.progress_report_sign(&self.signer.caller, None, id, version).await,
            Act::SendBack => service.progress_report_send_back(&self.signer.caller, None, id, version, reason()).await,
            Act::Correct => service.progress_report_correct(unit, None, id, version).await,
            Act::CancelCorrection => service.progress_report_correction_cancel(unit, None, id, version).await,
        };
        told(answer, gone, &format!("{act:?}"))
    }

    /// Does it through HTTP; whether it was done.
    pub async fn send(&self, act: Act, report: Report, gone: bool) -> bool {
        let (unit, office) = (&self.reporters[report.by].0.client, &self.office.client);
        let (key, version) = (id(Kind::ProgressReport, report.id), act.finds().1);
        let owed = json!({ "obligation": id(Kind::ReportObligation, report.obligation), "expectedVersion": version });
        let of_report = json!({ "expectedVersion": version });
        let with_reason = json!({ "expectedVersion": version, "reason": "请补充。" });
        let (client, name, key, input) = match act {
            Act::Save => {
                let mut input = owed;
                input["percent"] = json!(40);
                (unit, "progressReportSave", None, input)
            }
            Act::Submit => (unit, "progressReportSubmit", Some(key), of_report),
            Act::Merge => (unit, "progressReportMerge", None, owed),
            Act::CarryForward => (unit, "progressReportCarryForward", None, owed),
            Act::DecideExtension => {
                let request = id(Kind::ExtensionRequest, report.request.unwrap());
                let input = json!({ "expectedVersion": 1, "decision": "GRANTED" });
                (office, "extensionRequestDecide", Some(request), input)
            }
            Act::Withdraw => (unit, "progressReportWithdraw", Some(key), of_report),
            Act::Accept => (office, "progressReportAccept", Some(key), of_report),
            Act::Return => (office, "progressReportReturn", Some(key), with_reason),
            Act::Sign => (&self.signer.client, "progressReportSign", Some(key), of_report),
            Act::SendBack => (&self.signer.client, "progressReportSendBack", Some(key), with_reason),
            Act::Correct => (unit, "progressReportCorrect", Some(key), of_report),
            Act::CancelCorrection => (unit, "progressReportCorrectionCancel", Some(key), of_report),
        };
        let (declared, given) = if key.is_some() { ("$id: ID!, ", "id: $id, ") } else { ("", "") };
        let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let query = format!(
            "mutation({declared}$input: {kind}!) {{ {name}({given}input: $input) {{ userErrors {{ code message field }} }} }}"
        );
        said(&client.payload(&query, json!({ "id": key, "input": input })).await, gone, name)
    }

    /// Accepts or signs two in one call; whether each was.
    pub async fn act_on_both(&self, act: Act, reports: [Uuid; 2], gone: bool) -> [bool; 2] {
        let items = reports.map(|id| ReportItem { id, expected_version: 2, comment: None }).to_vec();
        let service = &self.s.t.service;
        let answer = match act {
            Act::Accept => service.progress_report_accept_many(&self.office.caller, None, items).await,
            Act::Sign => service.progress_report_sign_many(&self.signer.caller, None, items).await,
            other => panic!("{other:?} is done one by one"),
        };
        let outcomes = answer.expect("no fault").expect("not too many");
        let done = outcomes.into_iter().map(|outcome| {
            let errors = outcome.errors;
            assert!(errors.iter().all(|e| late(e.code, gone)), "many: {errors:?}");
            errors.is_empty()
        });
        done.collect::<Vec<_>>().try_into().unwrap()
    }

    /// Closes the period, past HTTP or through it.
    pub async fn close(&self, period: Uuid, http: bool) {
        if http {
            let closed = close(&self.office.client, &id(Kind::ReportingPeriod, period), 1).await;
            assert_eq!(codes(&closed), Vec::<String>::new());
        } else {
            let caller = &self.office.caller;
            done(self.s.t.service.reporting_period_close(caller, None, period, 1, true).await, "close");
        }
    }

    async fn list_version(&self) -> i32 {
        self.rows::<task_list::Entity>(task_list::Column::Id, self.s.list).await.remove(0).version
    }

    async fn amended(&self, changes: Vec<Change>) {
        let input = Amend {
            expected_version: self.list_version().await,
            reason: "虚构调整".to_owned(),
            document_number: None,
            changes,
        };
        done(self.s.t.service.task_list_amend(&self.office.caller, None, self.s.list, input).await, "amend");
    }

    /// The second task as it is in force, and the supporting unit's seat on the first.
    async fn in_force(&self, taken: Taken) -> Uuid {
        match taken {
            Taken::Seat => {
                let mut seats = self.rows::<assignment::Entity>(assignment::Column::TaskId, self.s.task).await;
                seats.retain(|row| row.unit_id == Some(self.s.support_unit));
                seats.retain(|row| row.status == entity::vocabulary::AssignmentStatus::Active);
                seats.remove(0).id
            }
            Taken::Task => {
                let mut tasks = self.rows::<task::Entity>(task::Column::TaskListId, self.s.list).await;
                tasks.retain(|row| row.status == TaskStatus::Active && row.id != self.s.task);
                tasks.remove(0).id
            }
        }
    }

    /// An amendment that takes something out of the list.
    pub async fn taking(&self, taken: Taken) -> Amend {
        let id = self.in_force(taken).await;
        let change = match taken {
            Taken::Seat => Change::WithdrawAssignment(id),
            Taken::Task => Change::WithdrawTask(id),
        };
        Amend {
            expected_version: self.list_version().await,
            reason: "虚构调整".to_owned(),
            document_number: None,
            changes: vec![change],
        }
    }

    /// Makes that amendment, past HTTP or through it. Nothing hinders it.
    pub async fn take_out(&self, amend: Amend, http: bool) {
        if http {
            let change = match amend.changes[0] {
                Change::WithdrawAssignment(seat) => {
                    json!({ "withdrawAssignment": { "assignment": id(Kind::Assignment, seat) } })
                }
                Change::WithdrawTask(task) => json!({ "withdrawTask": { "task": id(Kind::Task, task) } }),
                ref other => panic!("{other:?}"),
            };
            let input =
                json!({ "expectedVersion": amend.expected_version, "reason": amend.reason, "changes": [change] });
            let made = super::amendments_stage::amend_with(&self.office.client, &self.s, input, None).await;
            assert_eq!(codes(&made), Vec::<String>::new(), "{made}");
        } else {
            let list = self.s.list;
            done(self.s.t.service.task_list_amend(&self.office.caller, None, list, amend).await, "amend");
        }
    }

    /// Puts it into the list again, for the periods to come.
    pub async fn put_back(&self, taken: Taken, round: usize) {
        let added = |role, unit| {
            let whom = Whom { unit: Some(unit), ..Whom::default() };
            AddedUnit { role, whom, scope_note: None }
        };
        let change = match taken {
            Taken::Seat => Change::AddAssignment(self.s.task, added(AssignmentRole::Support, self.s.support_unit)),
            Taken::Task => {
                let task = NewTask {
                    task_list: self.s.list,
                    section: None,
                    number: format!("补{round}"),
                    title: Some("虚构任务2".to_owned()),
                    requirement: None,
                    lead_text: None,
                    unit_text: None,
                    deadline: None,
                    further_deadlines: Vec::new(),
                    incentive: false,
                    position: None,
                };
                Change::AddTask(Box::new(task), vec![added(AssignmentRole::Lead, self.s.responsible_unit)])
            }
        };
        self.amended(vec![change]).await;
    }

    /// What an act left besides the report: the parts of a merger, the day that was granted.
    pub async fn check_left(&self, act: Act, told: bool, report: Report, round: usize) {
        match act {
            Act::Merge => {
                let parts = self.rows::<report_part::Entity>(report_part::Column::ProgressReportId, report.id).await;
                assert_eq!(parts.is_empty(), !told, "round {round}: merged is merged");
            }
            Act::DecideExtension => {
                let column = report_obligation::Column::Id;
                let owed = self.rows::<report_obligation::Entity>(column, report.obligation).await.remove(0);
                let column = extension_request::Column::ReportObligationId;
                let request = self.rows::<extension_request::Entity>(column, report.obligation).await.remove(0);
                let day = told.then(|| self.granted());
                assert_eq!((owed.due_on, request.granted_until), (day, day), "round {round}: granted is granted");
            }
            _ => {}
        }
    }
}
