//! What a message to people says: made of what its reader sees now.

use chrono::NaiveDate;
use entity::vocabulary::{ExtensionStatus, NotificationKind as Kind, RectificationStatus};
use entity::{report_obligation, reporting_period, task, unit};

use super::notification::Notification;
use super::urge_notice::document_number;
use super::{notification_account, notification_publishing};
use crate::clock::day_of;
use crate::domain::period::{day_to_name, due_for};
use crate::graphql::context::RequestContext;
use crate::graphql::loader::{DaysOwed, StillOwed};

type Sentence = async_graphql::Result<Option<String>>;

/// The sentence; nothing when a part of it is not seen any more.
pub(super) async fn sentence(told: &Notification, request: &RequestContext) -> Sentence {
    if told.0.kind.is_of_account() {
        return notification_account::sentence(told, request).await;
    }
    let Some(list) = told.list_row(request).await? else { return off_the_list(told, request).await };
    let list = list.title.as_str();
    match told.0.kind {
        Kind::ListIssued => Ok(say(
            request,
            &format!("《{list}》已印发，其中有本单位承担的任务。"),
            &format!("“{list}” has been issued; some of its tasks are your unit's."),
        )),
        Kind::AssignmentDeclined => Ok(acting(told, request).await?.and_then(|unit| {
            say(
                request,
                &format!("{unit}对《{list}》中承担的任务提出异议，请处理。"),
                &format!("{unit} objects to a task of “{list}”; please decide."),
            )
        })),
        Kind::ObjectionDecided => Ok(say(
            request,
            &format!("本单位对《{list}》提出的异议已有处理结果。"),
            &format!("Your unit's objection to a task of “{list}” was decided."),
        )),
        Kind::ReportingLeadNamed => Ok(say(
            request,
            &format!("《{list}》中由本单位牵头的任务，牵头汇总单位有变化，请查看。"),
            &format!("Who reports for all leads of a task of “{list}” has changed; your unit is one of them."),
        )),
        Kind::PeriodOpened
        | Kind::ReportsSubmitted
        | Kind::ReportsAccepted
        | Kind::Reminded
        | Kind::SignatureWanted
        | Kind::PeriodReopened
        | Kind::PeriodMoved
        | Kind::ReopeningEnded => of_period(told, request, list).await,
        Kind::ReportReturned | Kind::SignatureRefused => of_report(told, request).await,
        Kind::Urged | Kind::UrgeReplied => of_notice(told, request).await,
        Kind::ExtensionRequested | Kind::ExtensionDecided | Kind::ExtensionWithdrawn => {
            of_extension(told, request).await
        }
        Kind::LookBackFound => Ok(told.look_back_row(request).await?.and_then(|round| {
            let title = &round.title;
            say(
                request,
                &format!("“{title}”已完成，其中有涉及本单位的结论。"),
                &format!("“{title}” is finished; something was found about your unit."),
            )
        })),
        Kind::RectificationOpened | Kind::RectificationAnswered | Kind::RectificationDecided => {
            of_rectification(told, request).await
        }
        Kind::PublicationReviewWanted
        | Kind::PublicationReturned
        | Kind::PublicationApproved
        | Kind::PublicationPublished
        | Kind::PublicationWithdrawn => notification_publishing::sentence(told, request).await,
        Kind::PasswordReset
        | Kind::PasswordChanged
        | Kind::TotpEnrolled
        | Kind::TotpRemoved
        | Kind::IdentityLinked
        | Kind::IdentityUnlinked
        | Kind::SessionsEnded
        | Kind::RefreshReplayed
        | Kind::AccountLocked
        | Kind::GrantGiven
        | Kind::GrantEnded
        | Kind::GrantRequested
        | Kind::TotpRemovalRequested => Ok(None),
        Kind::ListAmended => Ok(told.amendment_row(request).await?.and_then(|amendment| {
            let number = amendment.number;
            say(
                request,
                &format!("《{list}》作了第{number}次调整，涉及本单位。"),
                &format!("Amendment {number} of “{list}” concerns your unit."),
            )
        })),
    }
}

/// What is still told of a list on which the unit has nothing to do any more: that this is so, what became of its objection,
/// and what it has to put right. The list is not named, for it may bear another title by now.
async fn off_the_list(told: &Notification, request: &RequestContext) -> Sentence {
    match told.0.kind {
        Kind::ListAmended => Ok(told.amendment_row(request).await?.and_then(|amendment| {
            let number = amendment.number;
            say(
                request,
                &format!("本单位原承担任务的一份清单作了第{number}次调整，其中已没有本单位承担的任务。"),
                &format!("Amendment {number} of a list concerns your unit, which has no task in it any more."),
            )
        })),
        Kind::ObjectionDecided => Ok(say(
            request,
            "本单位提出的异议已有处理结果，所涉清单中已没有本单位承担的任务。",
            "Your unit's objection was decided; it has no task in that list any more.",
        )),
        Kind::RectificationOpened | Kind::RectificationAnswered | Kind::RectificationDecided => {
            of_rectification(told, request).await
        }
        _ => Ok(None),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "every sentence may be missing a part, and they are all of one form")]
fn say(request: &RequestContext, zh: &str, en: &str) -> Option<String> {
    Some(request.lang.pick(zh, en).to_owned())
}

/// The unit that did something.
async fn acting(told: &Notification, request: &RequestContext) -> Sentence {
    Ok(request.row::<unit::Entity>(told.0.unit_id).await?.map(|unit| unit.name.clone()))
}

async fn of_period(told: &Notification, request: &RequestContext, list: &str) -> Sentence {
    let Some(period) = told.period_row(request).await? else { return Ok(None) };
    let label = &period.label;
    let (zh, en) = match told.0.kind {
        Kind::PeriodOpened => match day_owed(told, request, &period).await? {
            Some(due) => (
                format!("《{list}》{label}报送开始，请于{due}前报送。"),
                format!("Reporting for {label} of “{list}” has begun; it is due on {due}."),
            ),
            None => (format!("《{list}》{label}报送开始。"), format!("Reporting for {label} of “{list}” has begun.")),
        },
        Kind::ReportsSubmitted => {
            let Some(unit) = acting(told, request).await? else { return Ok(None) };
            (
                format!("{unit}报送了《{list}》{label}的落实情况，请审核。"),
                format!("{unit} handed in reports for {label} of “{list}”; please decide."),
            )
        }
        Kind::Reminded => match day_owed(told, request, &period).await? {
            Some(due) => (
                format!("《{list}》{label}的落实情况应于{due}前报送，本单位尚有未报事项。"),
                format!("Reports for {label} of “{list}” are due on {due}; your unit still owes some."),
            ),
            None => (
                format!("曾提醒报送《{list}》{label}的落实情况，本单位现已没有未报事项。"),
                format!("Your unit was reminded of {label} of “{list}”, and owes nothing there any more."),
            ),
        },
        Kind::SignatureWanted => (
            format!("《{list}》{label}的落实情况待审签。"),
            format!("Reports for {label} of “{list}” wait for a signature."),
        ),
        Kind::PeriodMoved => match day_owed(told, request, &period).await? {
            Some(due) => (
                format!("《{list}》{label}的报送期限有调整，请于{due}前报送。"),
                format!("The day for {label} of “{list}” was moved; it is due on {due}."),
            ),
            None => (
                format!("《{list}》{label}的报送期限有调整，本单位现已没有未报事项。"),
                format!("The day for {label} of “{list}” was moved; your unit owes nothing there any more."),
            ),
        },
        Kind::ReopeningEnded => (
            format!("《{list}》{label}对本单位的重新开放已提前结束。"),
            format!("{label} of “{list}”, opened again for your unit, was closed before its day."),
        ),
        Kind::PeriodReopened => (
            format!("《{list}》{label}已对本单位重新开放，可以补报、更正。"),
            format!("{label} of “{list}” was opened again for your unit."),
        ),
        _ => (
            format!("《{list}》{label}的落实情况已审核通过。"),
            format!("Reports for {label} of “{list}” were accepted."),
        ),
    };
    Ok(say(request, &zh, &en))
}

/// The day that counts for the unit: that of what it still owes in the period, which may have been given more time; none
/// when it owes nothing any more.
async fn day_owed(
    told: &Notification,
    request: &RequestContext,
    period: &reporting_period::Model,
) -> async_graphql::Result<Option<NaiveDate>> {
    let days = request.load(DaysOwed((period.id, told.0.unit_id))).await?.unwrap_or_default();
    Ok(day_to_name(period.due_on, &days, day_of(told.0.created_at)))
}

async fn of_report(told: &Notification, request: &RequestContext) -> Sentence {
    let Some(report) = told.report_row(request).await? else { return Ok(None) };
    let period = request.row::<reporting_period::Entity>(report.reporting_period_id).await?;
    let task = request.row::<task::Entity>(report.task_id).await?;
    let Some((period, task)) = period.zip(task) else { return Ok(None) };
    let (number, label) = (&task.number, &period.label);
    Ok(if told.0.kind == Kind::SignatureRefused {
        say(
            request,
            &format!("第{number}项任务{label}的落实情况未予签发，请修改后再送审签。"),
            &format!("The report on task {number} for {label} was not signed; mend it and hand it in again."),
        )
    } else {
        say(
            request,
            &format!("第{number}项任务{label}的落实情况被退回，请修改后重报。"),
            &format!("The report on task {number} for {label} was returned to be mended."),
        )
    })
}

async fn of_notice(told: &Notification, request: &RequestContext) -> Sentence {
    let Some(notice) = told.urge_row(request).await? else { return Ok(None) };
    let number = document_number(&notice);
    if told.0.kind == Kind::Urged {
        // Who has reported since is not asked to, and who has replied owes no reply any more.
        let owed = request.load(StillOwed(notice.id)).await?.unwrap_or_default();
        let reply = notice.reply_due_on.filter(|_| notice.replied_at.is_none());
        let (zh, en) = match (owed, reply) {
            (true, None) => (format!("收到{number}，请及时报送。"), format!("Your unit was urged by {number}.")),
            (true, Some(due)) => (
                format!("收到{number}，请及时报送，并于{due}前回复。"),
                format!("Your unit was urged by {number}; a reply is wanted by {due}."),
            ),
            (false, None) => (
                format!("曾收到{number}，本单位现已没有未报事项。"),
                format!("Your unit was urged by {number}; it owes nothing any more."),
            ),
            (false, Some(due)) => (
                format!("曾收到{number}，本单位现已没有未报事项，仍请于{due}前回复。"),
                format!("Your unit was urged by {number}; it owes no report any more, but a reply by {due}."),
            ),
        };
        return Ok(say(request, &zh, &en));
    }
    let unit = acting(told, request).await?;
    Ok(unit.and_then(|unit| say(request, &format!("{unit}回复了{number}。"), &format!("{unit} replied to {number}."))))
}

async fn of_extension(told: &Notification, request: &RequestContext) -> Sentence {
    let Some(asked) = told.extension_row(request).await? else { return Ok(None) };
    let owed = request.row::<report_obligation::Entity>(asked.report_obligation_id).await?;
    let period = request.row::<reporting_period::Entity>(asked.reporting_period_id).await?;
    let task = request.row::<task::Entity>(asked.task_id).await?;
    let (Some(owed), Some(period), Some(task)) = (owed, period, task) else { return Ok(None) };
    let (number, label) = (&task.number, &period.label);
    if told.0.kind != Kind::ExtensionDecided {
        let Some(unit) = acting(told, request).await? else { return Ok(None) };
        let until = asked.until_on;
        let (zh, en) = match asked.status {
            ExtensionStatus::Pending => ("请处理", "please decide"),
            ExtensionStatus::Withdrawn => ("现已撤回", "this was taken back"),
            ExtensionStatus::Granted | ExtensionStatus::Refused => ("已有结果", "this was decided"),
        };
        return Ok(say(
            request,
            &format!("{unit}申请将第{number}项任务{label}的报送延至{until}，{zh}。"),
            &format!("{unit} asks to report on task {number} for {label} by {until}; {en}."),
        ));
    }
    let due = due_for(period.due_on, owed.due_on);
    Ok(say(
        request,
        &format!("第{number}项任务{label}的延期申请已有结果，现应于{due}前报送。"),
        &format!("The request for more time on task {number} for {label} was decided; it is due on {due}."),
    ))
}

async fn of_rectification(told: &Notification, request: &RequestContext) -> Sentence {
    let Some(row) = told.rectification_row(request).await? else { return Ok(None) };
    // A unit has to put right what was found, also when it is on the task no more.
    let (zh, en) = match request.row::<task::Entity>(row.task_id).await? {
        Some(task) => (format!("第{}项任务", task.number), format!("task {}", task.number)),
        None => ("一项任务".to_owned(), "a task".to_owned()),
    };
    let due = row.due_on;
    Ok(match told.0.kind {
        Kind::RectificationOpened => say(
            request,
            &format!("{zh}须整改，请于{due}前完成。"),
            &format!("Something about {en} has to be put right by {due}."),
        ),
        Kind::RectificationAnswered => acting(told, request).await?.and_then(|unit| {
            say(
                request,
                &format!("{unit}就{zh}的整改作了报告，请查看。"),
                &format!("{unit} has answered on what is to be put right about {en}."),
            )
        }),
        _ if row.status == RectificationStatus::Cancelled => say(
            request,
            &format!("{zh}的整改已取消。"),
            &format!("What was to be put right about {en} was called off."),
        ),
        _ => say(
            request,
            &format!("{zh}的整改已有复查意见。"),
            &format!("The office has looked again at what was to be put right about {en}."),
        ),
    })
}
