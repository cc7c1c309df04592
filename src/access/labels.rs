//! The actions in words, in the order in which the paper has them.

use crate::authz::{Action as A, GrantAction, LookBackAction, MachineAction, UserAction};

/// A part of the paper: its heading in both languages, and its actions.
type Section = (&'static str, &'static str, &'static [A]);

/// The parts of the paper.
pub(super) const SECTIONS: &[Section] = &[
    (
        "单位与用户",
        "Units and users",
        &[
            A::DirectoryEdit,
            A::User(UserAction::Keep),
            A::User(UserAction::Reset),
            A::User(UserAction::Unlock),
            A::User(UserAction::EndSessions),
            A::User(UserAction::TotpRemovalApprove),
            A::User(UserAction::TotpRemovalRefuse),
            A::User(UserAction::Unlink),
        ],
    ),
    (
        "服务账号和会话",
        "Service accounts and sessions",
        &[A::Machine(MachineAction::Keep), A::Machine(MachineAction::Secret), A::Machine(MachineAction::EndOthers)],
    ),
    (
        "授权",
        "Rights",
        &[
            A::Grant(GrantAction::Request),
            A::Grant(GrantAction::Approve),
            A::Grant(GrantAction::Refuse),
            A::Grant(GrantAction::Withdraw),
            A::Grant(GrantAction::Revoke),
        ],
    ),
    (
        "清单",
        "Lists",
        &[
            A::ListCreate,
            A::ListEdit,
            A::ListDelete,
            A::ListIssue,
            A::ListAmend,
            A::AssignmentRespond,
            A::ObjectionDecide,
            A::ReportingLeadName,
            A::ListClose,
            A::ListArchive,
        ],
    ),
    (
        "报告期、延期和催办",
        "Periods, more time, urging",
        &[
            A::PeriodOpen,
            A::PeriodUpdate,
            A::PeriodClose,
            A::PeriodReopen,
            A::ScheduleEdit,
            A::ExtensionCreate,
            A::ExtensionWithdraw,
            A::ExtensionDecide,
            A::UrgeSend,
            A::UrgeReply,
            A::UrgeRead,
            A::UrgeRuleEdit,
        ],
    ),
    (
        "报告",
        "Reports",
        &[
            A::ReportSave,
            A::ReportMerge,
            A::ReportSubmit,
            A::ReportWithdraw,
            A::ReportSign,
            A::ReportSendBack,
            A::ReportAccept,
            A::ReportReturn,
            A::ReportCorrect,
            A::ReportCorrectionCancel,
            A::SigningSwitch,
            A::PhoneReveal,
            A::FileUpload,
        ],
    ),
    (
        "回头看和整改",
        "Looking back",
        &[
            A::LookBack(LookBackAction::Create),
            A::LookBack(LookBackAction::Record),
            A::LookBack(LookBackAction::Finish),
            A::LookBack(LookBackAction::Delete),
            A::LookBack(LookBackAction::Open),
            A::LookBack(LookBackAction::Plan),
            A::LookBack(LookBackAction::Report),
            A::LookBack(LookBackAction::Recheck),
            A::LookBack(LookBackAction::Cancel),
        ],
    ),
    (
        "公开",
        "Publishing",
        &[
            A::PublicationPrepare,
            A::PublicationRedact,
            A::PublicationReview,
            A::PublicationPublish,
            A::PublicationWithdraw,
        ],
    ),
];

/// An action in both languages.
pub(super) const fn label(action: A) -> (&'static str, &'static str) {
    match action {
        A::DirectoryEdit => ("维护单位和单位组", "keep units and groups"),
        A::User(UserAction::Keep) => ("邀请、停用、启用用户", "invite, disable, enable users"),
        A::User(UserAction::Reset) => ("重置口令", "reset a password"),
        A::User(UserAction::Unlock) => ("解除登录锁定", "end a lock before its time"),
        A::User(UserAction::EndSessions) => ("结束用户的全部会话", "end all sessions of a user"),
        A::User(UserAction::TotpRemovalApprove) => {
            ("批准解除动态口令", "approve that one-time passwords are taken away")
        }
        A::User(UserAction::TotpRemovalRefuse) => ("不予解除动态口令", "end the request for that without it"),
        A::User(UserAction::Unlink) => ("解除外部身份的绑定", "unlink an identity elsewhere"),
        A::Machine(MachineAction::Keep) => ("新建、停用、启用服务账号", "make, disable, enable service accounts"),
        A::Machine(MachineAction::Secret) => {
            ("新建、收回服务账号的密钥", "make a secret of a service account, or take it back")
        }
        A::Machine(MachineAction::EndOthers) => ("结束本账号的其他会话", "end the other sessions of one's own account"),
        A::Grant(GrantAction::Request) => ("申请授权", "ask for a right"),
        A::Grant(GrantAction::Approve) => ("批准授权", "approve a right"),
        A::Grant(GrantAction::Refuse) => ("不批准授权", "refuse a right"),
        A::Grant(GrantAction::Withdraw) => ("撤回授权申请", "take a request for a right back"),
        A::Grant(GrantAction::Revoke) => ("收回授权", "take a right away"),
        A::ListCreate => ("新建、导入清单", "start or import a list"),
        A::ListEdit => ("修改草稿", "change a draft"),
        A::ListDelete => ("删除草稿", "remove a draft"),
        A::ListIssue => ("印发清单", "issue a list"),
        A::ListClose => ("办结清单", "close a list"),
        A::ListArchive => ("归档清单", "archive a list"),
        A::ListAmend => ("调整已印发的清单", "amend a list in force"),
        A::AssignmentRespond => ("签收任务或提出异议", "acknowledge a task or object to it"),
        A::ObjectionDecide => ("处理异议", "decide about an objection"),
        A::ReportingLeadName => ("指定汇总单位", "name the lead that reports for all"),
        A::PeriodOpen => ("开启报告期", "open a period"),
        A::PeriodClose => ("关闭报告期", "close a period"),
        A::PeriodUpdate => ("修改报告期", "change a period"),
        A::PeriodReopen => ("对单位重新开放报告期", "open a period again for a unit"),
        A::ScheduleEdit => ("设置定期开启", "set by which rule periods open"),
        A::ExtensionCreate => ("申请延期", "ask for more time"),
        A::ExtensionWithdraw => ("撤回延期申请", "take a request for more time back"),
        A::ExtensionDecide => ("审批延期", "decide about more time"),
        A::UrgeSend => ("催办", "urge"),
        A::UrgeReply => ("回复催办", "reply to a notice"),
        A::UrgeRead => ("标记催办已读", "say that a notice was read"),
        A::UrgeRuleEdit => ("设置自动提醒催办", "set by which rule units are urged"),
        A::ReportSave => ("填写报告", "write a report"),
        A::ReportSubmit => ("提交报告", "hand a report in"),
        A::ReportWithdraw => ("撤回报告", "take a report back"),
        A::ReportAccept => ("通过报告", "accept a report"),
        A::ReportReturn => ("退回报告", "return a report"),
        A::ReportSign => ("签发报告", "sign a report"),
        A::ReportSendBack => ("退回填报人", "send a report back inside the unit"),
        A::ReportCorrect => ("更正已通过的报告", "correct an accepted report"),
        A::ReportCorrectionCancel => ("放弃更正", "give a correction up"),
        A::ReportMerge => ("汇总他单位的报告", "merge the parts of co-units"),
        A::SigningSwitch => ("设置是否须签发", "say whether reports need a signature"),
        A::PhoneReveal => ("查看填报人电话", "read a telephone number in the clear"),
        A::FileUpload => ("上传文件", "bring in a file"),
        A::LookBack(LookBackAction::Create) => ("开展回头看", "begin a round"),
        A::LookBack(LookBackAction::Record) => ("记录核查结论", "write a finding"),
        A::LookBack(LookBackAction::Finish) => ("结束回头看", "finish a round"),
        A::LookBack(LookBackAction::Delete) => ("删除回头看", "remove a round"),
        A::LookBack(LookBackAction::Open) => ("交办整改", "open a rectification"),
        A::LookBack(LookBackAction::Plan) => ("填写整改措施", "say what will be done"),
        A::LookBack(LookBackAction::Report) => ("报告整改完成", "say that it is done"),
        A::LookBack(LookBackAction::Recheck) => ("复核整改", "look again"),
        A::LookBack(LookBackAction::Cancel) => ("取消整改", "call a rectification off"),
        A::PublicationPrepare => ("编制公开稿", "prepare a publication"),
        A::PublicationRedact => ("修改公开稿", "redact a publication"),
        A::PublicationReview => ("审查公开稿", "review a publication"),
        A::PublicationPublish => ("发布", "publish"),
        A::PublicationWithdraw => ("撤回发布", "withdraw a publication"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_stands_in_one_part() {
        let named: Vec<A> = SECTIONS.iter().flat_map(|(_, _, actions)| *actions).copied().collect();
        assert_eq!(named.len(), A::ALL.len());
        assert!(A::ALL.iter().all(|action| named.contains(action)));
    }
}
