//! What the caller may do about an obligation and its report.

use async_graphql::SimpleObject;
use entity::{progress_report, report_obligation, reporting_period};

use super::viewer_can::Permission;
use crate::authz::{Action, State, Subject};
use crate::graphql::context::RequestContext;
use crate::graphql::loader::ReportingLeadOn;

/// 对报告可做的操作。
/// What the caller may do with a report.
#[derive(SimpleObject)]
pub struct ReportPermissions {
    /// 填写。
    /// Write it.
    save: Permission,
    /// 提交。
    /// Hand it in.
    submit: Permission,
    /// 撤回。
    /// Take it back.
    withdraw: Permission,
    /// 通过。
    /// Accept it.
    accept: Permission,
    /// 退回。
    /// Return it.
    #[graphql(name = "return")]
    return_it: Permission,
    /// 签发。
    /// Sign it.
    sign: Permission,
    /// 退回填报人。
    /// Send it back inside the unit.
    send_back: Permission,
    /// 更正已通过的报告。
    /// Correct it after acceptance.
    correct: Permission,
    /// 汇总其他单位的落实情况。
    /// Merge what the co-units handed in into it.
    merge: Permission,
}

/// What the caller may do about an obligation and its report.
pub(super) async fn permissions(
    request: &RequestContext,
    obligation: &report_obligation::Model,
    report: Option<&progress_report::Model>,
) -> async_graphql::Result<ReportPermissions> {
    let (subject, state) = request.standing_on_reporting(obligation.task_list_id).await?;
    let period = request.row::<reporting_period::Entity>(obligation.reporting_period_id).await?;
    let lead = request.load(ReportingLeadOn(obligation.task_id)).await?;
    let subject = Subject {
        reporting_lead: lead.is_some_and(|lead| lead.unit_id == Some(obligation.unit_id)),
        reporter: request.actor().reports_for(obligation.unit_id),
        approver: request.actor().signs_for(obligation.unit_id),
        signed_it: report.is_some_and(|row| row.signed_by_user_id == Some(request.actor().user_id)),
        submitted_it: report.is_some_and(|row| row.reporter_user_id == Some(request.actor().user_id)),
        ..subject
    };
    let state = State { period: period.map(|row| row.status), report: report.map(|row| row.status), ..state };
    let ask = |action| Permission::ask(action, subject, state, request.lang);
    Ok(ReportPermissions {
        save: ask(Action::ReportSave),
        submit: ask(Action::ReportSubmit),
        withdraw: ask(Action::ReportWithdraw),
        accept: ask(Action::ReportAccept),
        return_it: ask(Action::ReportReturn),
        sign: ask(Action::ReportSign),
        send_back: ask(Action::ReportSendBack),
        correct: ask(Action::ReportCorrect),
        merge: ask(Action::ReportMerge),
    })
}
