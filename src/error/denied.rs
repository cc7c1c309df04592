//! The reasons of refusals, in both languages.

use super::{grants, look_back};
use crate::authz::Reason;

/// The reason of a refusal in Chinese.
pub(super) const fn chinese(reason: Reason) -> &'static str {
    match reason {
        Reason::OfficeOnly => "仅发文单位的政务公开办可以操作。",
        Reason::OfficeOrAdminOnly => "仅政务公开办或系统管理员可以操作。",
        Reason::AdminOnly => "仅系统管理员可以操作。",
        Reason::SecurityOnly => "仅安全管理员可以审批。",
        Reason::OwnAccount => "不能对本人的账号操作；修改口令请用 POST /auth/password。",
        Reason::SeparatePowers => {
            "三员分立：系统管理员不能重置安全管理员、审计管理员的口令，须由运维人员在服务器上办理（taizhang invite）。"
        }
        Reason::PeopleOnly => "服务账号不能进行此操作。",
        Reason::ReportingUnitOnly => "仅承担该任务的单位填报人可以操作。",
        Reason::OwnReport => "不能审核本人提交或签发的报告。",
        Reason::OwnRequest => "不能处理本人提出的申请或异议，请由另一人办理。",
        Reason::ListNotDraft => "清单已印发，不能再按草稿修改。",
        Reason::ListNotIssued => "清单未处于执行状态。",
        Reason::ListNotClosed => "清单尚未办结。",
        Reason::PeriodClosed => "该报告期已关闭。",
        Reason::ReportNotEditable => "报告已提交或已通过，不能修改。",
        Reason::ReportNotSubmitted => "报告不在待审核状态。",
        Reason::ReportMissing => "尚未填写落实情况。",
        Reason::WritersOnly => "仅政务公开办和填报单位的人员可以上传文件。",
        Reason::NoticeReplied => "该催办通知已经回复。",
        Reason::PeriodNotClosed => "该报告期尚未关闭。",
        Reason::ListOver => "清单已办结，不能再设置定期开启和提醒催办。",
        Reason::ExtensionNotPending => "该延期申请已处理或已撤回。",
        Reason::ReopeningOver => "该单位的重新开放已结束。",
        Reason::ApproverOnly => "仅填报单位的审签人可以操作。",
        Reason::OwnSignature => "不能签发本人提交的报告，须由另一人签发。",
        Reason::ReportNotSigning => "报告不在待签发状态。",
        Reason::ReportNotHandedIn => "报告不在待签发或待审核状态。",
        Reason::ReportNotAccepted => "报告尚未通过，可直接修改，无须更正。",
        Reason::ReportNotCorrecting => "报告不在更正中；更正已提交的，须先撤回。",
        Reason::ReportingLeadOnly => "仅该任务的牵头汇总单位可以汇总；有多个牵头单位时，须先由政务公开办指定其一。",
        Reason::SigningSwitchOnly => "仅本单位审签人、政务公开办或系统管理员可以设置。",
        Reason::Grant(reason) => grants::denied_chinese(reason),
        Reason::LookBack(reason) => look_back::denied_chinese(reason),
        Reason::OwedNoMore => "清单调整后，该单位不再承担此任务，无须填报。",
        Reason::ListDraft => "清单尚未印发，不能公开。",
        Reason::OwnPublication => "不能审查本人编制或修改过的公开稿，须由另一人审查。",
        Reason::PublicationDecided => "本人已在本轮审查中作过决定，其余环节须由他人办理。",
        Reason::PublicationNotDraft => "公开稿已进入审查，不能再修改；须先退回。",
        Reason::PublicationNotInReview => "公开稿不在审查中。",
        Reason::PublicationNotApproved => "公开稿尚未完成内容审核、保密审查和签发。",
        Reason::PublicationWithdrawn => "公开稿已撤回。",
    }
}

/// The reason of a refusal in English.
pub(super) const fn english(reason: Reason) -> &'static str {
    match reason {
        Reason::OfficeOnly => "Only the office of the issuer may do this.",
        Reason::OfficeOrAdminOnly => "Only the office or the system administrator may do this.",
        Reason::AdminOnly => "Only the system administrator may do this.",
        Reason::SecurityOnly => "Only a security administrator decides about it.",
        Reason::OwnAccount => "Nobody does this to his own account; a password is changed by POST /auth/password.",
        Reason::PeopleOnly => "A service account does not do this.",
        Reason::SeparatePowers => {
            "Who keeps users does not reset those who keep grants or the audit trail; the operator does, by taizhang invite."
        }
        Reason::ReportingUnitOnly => "Only the people of the reporting unit may do this.",
        Reason::OwnReport => "Nobody reviews what he handed in or signed himself.",
        Reason::OwnRequest => "Nobody decides about what he asked for himself: somebody else has to.",
        Reason::ListNotDraft => "The list has been issued and is no draft any more.",
        Reason::ListNotIssued => "The list is not in force.",
        Reason::ListNotClosed => "The list is not closed.",
        Reason::PeriodClosed => "The reporting period is closed.",
        Reason::ReportNotEditable => "The report was handed in or accepted and can't be changed.",
        Reason::ReportNotSubmitted => "The report is not waiting for a decision.",
        Reason::ReportMissing => "Nothing has been written yet.",
        Reason::WritersOnly => "Only the office and those who write reports may upload files.",
        Reason::NoticeReplied => "The notice was replied to.",
        Reason::PeriodNotClosed => "The reporting period is not closed.",
        Reason::ListOver => "The list's year is over, so no periods open and nobody is urged by itself.",
        Reason::ExtensionNotPending => "The request for more time was decided or taken back already.",
        Reason::ReopeningOver => "The period is not open for this unit any more.",
        Reason::ApproverOnly => "Only the approver of the reporting unit may do this.",
        Reason::OwnSignature => "Nobody signs what he handed in himself; somebody else has to.",
        Reason::ReportNotSigning => "The report does not wait for a signature.",
        Reason::ReportNotHandedIn => "The report waits neither for a signature nor for a decision.",
        Reason::ReportNotAccepted => "The report is not accepted; it can be changed without a correction.",
        Reason::ReportNotCorrecting => {
            "The report is not under correction; a correction that was handed in has to be taken back first."
        }
        Reason::ReportingLeadOnly => {
            "Only the lead that reports for the task may merge; of several leads the office names one first."
        }
        Reason::SigningSwitchOnly => "Only the unit's approver, the office or the system administrator may set this.",
        Reason::Grant(reason) => grants::denied_english(reason),
        Reason::LookBack(reason) => look_back::denied_english(reason),
        Reason::OwedNoMore => "Since the list was amended the unit owes nothing on this task.",
        Reason::ListDraft => "The list has not been issued, so nothing of it is published.",
        Reason::OwnPublication => "Nobody decides about a text that he prepared or redacted; somebody else has to.",
        Reason::PublicationDecided => "You have decided in this round already; the other steps are for others.",
        Reason::PublicationNotDraft => "The text is in review and can't be changed; it has to be returned first.",
        Reason::PublicationNotInReview => "The publication does not wait for a decision.",
        Reason::PublicationNotApproved => "Content review, secrecy review and approval are not all done.",
        Reason::PublicationWithdrawn => "The publication was withdrawn.",
    }
}
