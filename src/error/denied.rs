//! The reasons of refusals, in both languages.

use crate::authz::Reason;

/// The reason of a refusal in Chinese.
pub(super) const fn chinese(reason: Reason) -> &'static str {
    match reason {
        Reason::OfficeOnly => "仅发文单位的政务公开办可以操作。",
        Reason::OfficeOrAdminOnly => "仅政务公开办或系统管理员可以操作。",
        Reason::ReportingUnitOnly => "仅承担该任务的单位填报人可以操作。",
        Reason::OwnReport => "不能审核本人提交的报告。",
        Reason::ListNotDraft => "清单已印发，不能再按草稿修改。",
        Reason::ListNotIssued => "清单未处于执行状态。",
        Reason::ListNotClosed => "清单尚未办结。",
        Reason::PeriodClosed => "该报告期已关闭。",
        Reason::ReportNotEditable => "报告已提交或已通过，不能修改。",
        Reason::ReportNotSubmitted => "报告不在待审核状态。",
        Reason::ReportMissing => "尚未填写落实情况。",
        Reason::WritersOnly => "仅政务公开办和填报单位的人员可以上传文件。",
        Reason::PeriodNotClosed => "该报告期尚未关闭。",
        Reason::ListOver => "清单已办结，不能再设置定期开启。",
        Reason::ExtensionNotPending => "该延期申请已处理或已撤回。",
        Reason::ReopeningOver => "该单位的重新开放已结束。",
    }
}

/// The reason of a refusal in English.
pub(super) const fn english(reason: Reason) -> &'static str {
    match reason {
        Reason::OfficeOnly => "Only the office of the issuer may do this.",
        Reason::OfficeOrAdminOnly => "Only the office or the system administrator may do this.",
        Reason::ReportingUnitOnly => "Only the people of the reporting unit may do this.",
        Reason::OwnReport => "Nobody reviews what he handed in himself.",
        Reason::ListNotDraft => "The list has been issued and is no draft any more.",
        Reason::ListNotIssued => "The list is not in force.",
        Reason::ListNotClosed => "The list is not closed.",
        Reason::PeriodClosed => "The reporting period is closed.",
        Reason::ReportNotEditable => "The report was handed in or accepted and can't be changed.",
        Reason::ReportNotSubmitted => "The report is not waiting for a decision.",
        Reason::ReportMissing => "Nothing has been written yet.",
        Reason::WritersOnly => "Only the office and those who write reports may upload files.",
        Reason::PeriodNotClosed => "The reporting period is not closed.",
        Reason::ListOver => "The list's year is over, so no periods open by themselves.",
        Reason::ExtensionNotPending => "The request for more time was decided or taken back already.",
        Reason::ReopeningOver => "The period is not open for this unit any more.",
    }
}
