//! What people are told and urged about.

use async_graphql::Enum;
use entity::vocabulary;

/// 通知类别。
/// Of what somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::NotificationKind")]
pub enum NotificationKind {
    /// 清单已印发，本单位有任务。
    /// A list with tasks of the unit was issued.
    ListIssued,
    /// 报告期已开启。
    /// A reporting period was opened.
    PeriodOpened,
    /// 某单位报送了落实情况（每单位每日一条）。
    /// A unit handed reports in; one a day for each unit.
    ReportsSubmitted,
    /// 报告被退回。
    /// A report was returned.
    ReportReturned,
    /// 报告已通过（每日一条）。
    /// Reports were accepted; one a day.
    ReportsAccepted,
    /// 被催办。
    /// The unit was urged.
    Urged,
    /// 提醒报送。
    /// The unit was reminded of what it owes.
    Reminded,
    /// 有报告待审签（每日一条）。
    /// Reports wait for a signature; one a day.
    SignatureWanted,
    /// 报告被审签人退回。
    /// An approver sent a report back.
    SignatureRefused,
    /// 报告期对本单位重新开放。
    /// A period was opened again for the unit.
    PeriodReopened,
    /// 某单位申请延期。
    /// A unit asked for more time.
    ExtensionRequested,
    /// 延期申请已有结果。
    /// A request for more time was decided.
    ExtensionDecided,
    /// 某单位回复了催办。
    /// A unit replied to a notice.
    UrgeReplied,
    /// 清单有调整，涉及本单位。
    /// A list was amended, and it concerns the unit.
    ListAmended,
    /// 某单位提出异议（每日一条）。
    /// A unit objected to what it was assigned; one a day.
    AssignmentDeclined,
    /// 异议已有结果。
    /// An objection was decided.
    ObjectionDecided,
    /// 回头看有涉及本单位的结论。
    /// A round of looking back found something about the unit.
    LookBackFound,
    /// 本单位须整改。
    /// The unit has to put something right.
    RectificationOpened,
    /// 某单位报送了整改措施或结果。
    /// A unit said what it will do or has done.
    RectificationAnswered,
    /// 整改已复查或取消。
    /// The office looked again, or called it off.
    RectificationDecided,
    /// 公开稿待内容审核、保密审查或签发，告知可以办理下一环节的人。
    /// A publication waits for the next step of its review; told to those who may take it.
    PublicationReviewWanted,
    /// 公开稿被退回，告知编制人。
    /// A publication was returned; told to who prepared it.
    PublicationReturned,
    /// 公开稿已签发，告知编制人。
    /// A publication was approved; told to who prepared it.
    PublicationApproved,
    /// 公开稿已发布，告知编制人。
    /// A publication was put before the public; told to who prepared it.
    PublicationPublished,
    /// 公开稿已撤回，告知编制人。
    /// A publication was taken back; told to who prepared it.
    PublicationWithdrawn,
    /// 报告期的报送期限有调整，告知尚有未报事项的单位。
    /// The day by which a period is to be reported on was moved; told to the units that still owe something in it.
    PeriodMoved,
    /// 报告期对本单位的重新开放已提前结束。
    /// A period that was opened again for the unit was closed before its day.
    ReopeningEnded,
    /// 某单位撤回了延期申请。
    /// A unit took its request for more time back.
    ExtensionWithdrawn,
    /// 本单位牵头的任务，牵头汇总单位有变化（每日一条）。
    /// Of several leads of a task, another one reports for all; one a day.
    ReportingLeadNamed,
    /// 本人的口令被重置。
    /// One's password was reset by somebody else.
    PasswordReset,
    /// 本人的口令已修改，或已用一次性代码设置。
    /// One's password was changed, or set with a code.
    PasswordChanged,
    /// 本人的账号已启用动态口令。
    /// One-time passwords were set up for one's account.
    TotpEnrolled,
    /// 本人的动态口令已解除。
    /// One's one-time passwords were taken away.
    TotpRemoved,
    /// 本人的账号已绑定外部身份。
    /// An identity elsewhere was linked to one's account.
    IdentityLinked,
    /// 本人的账号已解除外部身份的绑定。
    /// An identity elsewhere was taken away from one's account.
    IdentityUnlinked,
    /// 本人的会话被他人结束。
    /// Somebody else ended one's sessions.
    SessionsEnded,
    /// 本人的续期令牌被重复使用，会话已结束。
    /// A used refresh token of one's came again, and its session ended.
    RefreshReplayed,
    /// 本人的账号因多次失败被锁定（每次锁定一条）。
    /// One's account was locked after failures; one for each lock.
    AccountLocked,
    /// 本人获得授权。
    /// One was given a right.
    GrantGiven,
    /// 本人的授权被收回。
    /// A right of one's was taken away.
    GrantEnded,
    /// 有授权申请待审批，告知可以审批的安全管理员。
    /// A right was asked for; told to the security administrators who may decide.
    GrantRequested,
    /// 有解除动态口令的申请，告知可以审批的安全管理员和本人。
    /// It was asked that one-time passwords be taken away; told to the security administrators who may decide, and to the
    /// person.
    TotpRemovalRequested,
}

/// 催办等级。
/// How urgent a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::UrgeGrade")]
pub enum UrgeGrade {
    /// 蓝色：提醒。
    /// Blue: a reminder.
    Blue,
    /// 黄色：催办。
    /// Yellow: urging.
    Yellow,
    /// 红色：督办。
    /// Red: the last warning.
    Red,
}
