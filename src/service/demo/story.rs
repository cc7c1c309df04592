//! What happened in the demo place: one list in force with a period open and reports in every state, one still a draft.

use chrono::NaiveDate;
use entity::vocabulary::{Completion, PeriodKind, TaskListStatus};
use entity::{progress_report, report_obligation, reporting_period, task, task_list, unit};
use uuid::Uuid;

use crate::documents::{demo, list_json};
use crate::domain::lang::Lang;
use crate::error::{Fault, UserError};
use crate::service::import::TaskListImport;
use crate::service::issue::Issue;
use crate::service::periods::NewPeriod;
use crate::service::reports::ReportSave;
use crate::service::{Answer, Caller, Service};
use crate::store::StoreError;
use crate::store::scope::Scoped;

/// How far a report of the demo got.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Draft,
    Submitted,
    Returned,
    Accepted,
}

struct Written {
    by: &'static str,
    task: &'static str,
    narrative: &'static str,
    completion: Completion,
    percent: Option<i32>,
    fate: Fate,
}

const REPORTS: &[Written] = &[
    Written {
        by: "demo.lead",
        task: "1",
        narrative: "专栏已开设，按季更新两期，配发图表六张；各乡镇、街道的材料已汇总。",
        completion: Completion::Limited,
        percent: Some(50),
        fate: Fate::Accepted,
    },
    Written {
        by: "demo.unit",
        task: "1",
        narrative: "已报送本镇重点项目进度两次，惠民举措三条。",
        completion: Completion::Substantial,
        percent: Some(60),
        fate: Fate::Submitted,
    },
    Written {
        by: "demo.lead",
        task: "2",
        narrative: "清单已公布。",
        completion: Completion::Completed,
        percent: Some(100),
        fate: Fate::Returned,
    },
    Written {
        by: "demo.finance",
        task: "2",
        narrative: "资金来源一栏已逐项核对，随清单一并公布。",
        completion: Completion::Completed,
        percent: Some(100),
        fate: Fate::Submitted,
    },
    Written {
        by: "demo.unit",
        task: "17",
        narrative: "清理失效链接十一条、停更栏目两个，已逐栏登记。",
        completion: Completion::Completed,
        percent: Some(100),
        fate: Fate::Accepted,
    },
    Written {
        by: "demo.unit",
        task: "25",
        narrative: "分管负责人已明确，联络员待定。",
        completion: Completion::Limited,
        percent: None,
        fate: Fate::Draft,
    },
];

/// Does whatever of it has not been done.
pub(super) async fn tell(service: &Service, root: Uuid) -> Result<(), Fault> {
    let office = caller(service, "demo.office").await?;
    let list = import(service, &office, root, demo::LIST_2026).await?;
    import(service, &office, root, demo::LIST_2025).await?;
    issue(service, &office, list).await?;
    let period = open(service, &office, list).await?;
    for written in REPORTS {
        report(service, &office, list, period, written).await?;
    }
    Ok(())
}

async fn caller(service: &Service, login: &str) -> Result<Caller, Fault> {
    let user = service.store().user_by_login(login).await?;
    let user = user.ok_or_else(|| Fault::Internal(format!("{login} is missing")))?;
    let caller = service.caller_of(user.id, "demo").await?;
    caller.ok_or_else(|| Fault::Internal(format!("{login} may not act")))
}

/// Nothing of the demo is refused; if it is, the demo is wrong.
fn done<T>(answer: Answer<T>) -> Result<T, Fault> {
    let said = |errors: Vec<UserError>| errors.iter().map(|e| e.message.text(Lang::En)).collect::<Vec<_>>().join(" ");
    answer?.map_err(|errors| Fault::Internal(format!("the demo was refused: {}", said(errors))))
}

fn day(year: i32, month: u32, day: u32) -> Result<NaiveDate, Fault> {
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| Fault::Internal("a day of the demo".to_owned()))
}

async fn rows<E: Scoped>(
    service: &Service,
    caller: &Caller,
    column: E::Column,
    values: &[Uuid],
) -> Result<Vec<E::Model>, Fault> {
    let tx = service.store().begin().await.map_err(StoreError::from)?;
    let rows = tx.visible_where::<E>(&caller.actor, column, values).await?;
    tx.rollback().await.map_err(StoreError::from)?;
    Ok(rows.into_iter().map(|row| row.into_inner()).collect())
}

async fn import(service: &Service, office: &Caller, root: Uuid, text: &str) -> Result<Uuid, Fault> {
    let document = list_json::read(text).map_err(|problems| Fault::Internal(format!("demo list: {problems:?}")))?;
    let tx = service.store().begin().await.map_err(StoreError::from)?;
    let issuer = tx.unit_by_code(root, "yunting.zfb").await?;
    tx.rollback().await.map_err(StoreError::from)?;
    let issuer = issuer.ok_or_else(|| Fault::Internal("the demo office".to_owned()))?.id;
    let input = TaskListImport { issuer, read: document.into(), title: None, support_reports: false, dry_run: false };
    let imported = done(service.task_list_import(office, None, input).await)?;
    imported.list.ok_or_else(|| Fault::Internal("an import without a list".to_owned()))
}

async fn issue(service: &Service, office: &Caller, list: Uuid) -> Result<(), Fault> {
    let row = async || -> Result<task_list::Model, Fault> {
        let mut rows = rows::<task_list::Entity>(service, office, task_list::Column::Id, &[list]).await?;
        rows.pop().ok_or_else(|| Fault::Internal("the demo list".to_owned()))
    };
    if row().await?.status != TaskListStatus::Draft {
        return Ok(());
    }
    for task in rows::<task::Entity>(service, office, task::Column::TaskListId, &[list]).await? {
        if task.needs_review {
            done(service.task_confirm(office, None, task.id, task.version).await)?;
        }
    }
    let input = Issue {
        expected_version: row().await?.version,
        issued_on: Some(day(2026, 3, 2)?),
        document_number: Some("云政办〔2026〕0号（虚构）".to_owned()),
    };
    done(service.task_list_issue(office, None, list, input).await)?;
    Ok(())
}

async fn open(service: &Service, office: &Caller, list: Uuid) -> Result<Uuid, Fault> {
    let column = reporting_period::Column::TaskListId;
    if let Some(period) = rows::<reporting_period::Entity>(service, office, column, &[list]).await?.first() {
        return Ok(period.id);
    }
    let input = NewPeriod {
        task_list: list,
        kind: PeriodKind::Cumulative,
        starts_on: day(2026, 1, 1)?,
        ends_on: day(2026, 6, 30)?,
        due_on: day(2026, 7, 10)?,
        grace_working_days: 0,
        label: None,
    };
    done(service.reporting_period_open(office, None, input).await)
}

async fn report(service: &Service, office: &Caller, list: Uuid, period: Uuid, written: &Written) -> Result<(), Fault> {
    let by = caller(service, written.by).await?;
    let tasks = rows::<task::Entity>(service, &by, task::Column::TaskListId, &[list]).await?;
    let task = tasks.iter().find(|task| task.number == written.task).map(|task| task.id);
    let column = report_obligation::Column::ReportingPeriodId;
    let owed = rows::<report_obligation::Entity>(service, &by, column, &[period]).await?;
    let owed = owed.iter().find(|row| Some(row.task_id) == task && row.unit_id == by.actor.unit_id);
    let owed = owed.ok_or_else(|| Fault::Internal(format!("{} owes nothing on {}", written.by, written.task)))?;
    let (owed, expected) = (owed.id, owed.expected_count);
    let column = progress_report::Column::ReportObligationId;
    if !rows::<progress_report::Entity>(service, &by, column, &[owed]).await?.is_empty() {
        return Ok(());
    }
    let save = ReportSave {
        obligation: owed,
        expected_version: None,
        narrative: Some(Some(written.narrative.to_owned())),
        completion: Some(Some(written.completion)),
        percent: Some(written.percent),
        done_count: Some(expected),
        filled_on: None,
        reporter_name: Some(Some(by.actor.display_name.clone())),
        reporter_phone: Some(Some("13800001234".to_owned())),
    };
    let id = done(service.progress_report_save(&by, None, save).await)?;
    if written.fate == Fate::Draft {
        return Ok(());
    }
    let version = hand_in(service, &by, id).await?;
    match written.fate {
        Fate::Draft | Fate::Submitted => {}
        Fate::Accepted => {
            let comment = Some("情况属实，继续推进。".to_owned());
            done(service.progress_report_accept(office, None, id, version, comment).await)?;
        }
        Fate::Returned => {
            let reason = "请补充公布的日期和网址，并写明项目数量。".to_owned();
            done(service.progress_report_return(office, None, id, version, reason).await)?;
        }
    }
    Ok(())
}

/// Who signs where the unit asks for it.
const SIGNER: &str = "demo.signer";

/// Hands a report in the way its unit wants it; the version it has then.
async fn hand_in(service: &Service, by: &Caller, report: Uuid) -> Result<i32, Fault> {
    let mut units = rows::<unit::Entity>(service, by, unit::Column::Id, &[by.actor.unit_id]).await?;
    let unit = units.pop().ok_or_else(|| Fault::Internal("a unit of the demo".to_owned()))?;
    done(service.progress_report_submit(by, None, report, 1).await)?;
    if !unit.report_signing {
        return Ok(2);
    }
    let signer = caller(service, SIGNER).await?;
    done(service.progress_report_sign(&signer, None, report, 2).await)?;
    Ok(3)
}
