//! The sentences about rights: who asks for them, who approves them, who takes them away.

use crate::authz::GrantReason;

/// What a user is told about rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantMessage {
    /// An administrator's role for somebody of the business, or the other way round.
    OtherRealm,
    /// The user is an administrator already; of which kind does not matter.
    HoldsAnother,
    /// The user has this right already.
    HeldAlready,
    /// The same was asked for and waits.
    AskedAlready,
    /// The role is for service accounts only, or for people only.
    WrongKind,
    /// Scopes go with service accounts and with nobody else.
    ScopesMisplaced,
    /// No scope of this name.
    UnknownScope(String),
    /// Lists go with inspectors and with nobody else.
    ListsMisplaced,
    /// The day is over.
    DayPast,
    /// The unit stands under another root now.
    OtherRoot,
    /// Whoever asked may not ask any more.
    RequesterGone,
    /// A reason is needed.
    ReasonNeeded,
}

impl GrantMessage {
    pub(super) fn chinese(&self) -> String {
        match self {
            Self::OtherRealm => "管理员角色与业务角色不能由同一用户担任（三员分立），请另设用户。".into(),
            Self::HoldsAnother => "该用户已担任管理员；一人至多担任三员之一。".into(),
            Self::HeldAlready => "该用户已有这项授权；要改动请先收回（roleGrantRevoke）。".into(),
            Self::AskedAlready => "同样的申请正在等待审批，请先等待审批或撤回（roleGrantRequestWithdraw）。".into(),
            Self::WrongKind => "该角色与用户类别不符：对接角色只授予服务账号，其他角色只授予自然人。".into(),
            Self::ScopesMisplaced => "权限范围仅用于对接的服务账号，且至少一项。".into(),
            Self::UnknownScope(word) => format!("没有名为“{word}”的权限范围。"),
            Self::ListsMisplaced => "指定清单仅用于督查角色，且至少一份。".into(),
            Self::DayPast => "截止日期已过，请填今天或以后的日期，或重新申请。".into(),
            Self::OtherRoot => "该单位与用户不在同一地区，请选用户所在地区的单位，或另设用户。".into(),
            Self::RequesterGone => "申请人已停用或不再有权申请，请重新提出。".into(),
            Self::ReasonNeeded => "请填写理由。".into(),
        }
    }

    pub(super) fn english(&self) -> String {
        match self {
            Self::OtherRealm => {
                "Nobody holds an administrator's role and one of the business; make another user for it.".into()
            }
            Self::HoldsAnother => "The user is an administrator already; nobody holds two of the three.".into(),
            Self::HeldAlready => {
                "The user has this right already; to change it take it away first (roleGrantRevoke).".into()
            }
            Self::AskedAlready => "The same was asked for and waits: await the decision, or have it taken back (roleGrantRequestWithdraw).".into(),
            Self::WrongKind => {
                "The role does not fit the user: INTEGRATION is for service accounts, all others for people.".into()
            }
            Self::ScopesMisplaced => {
                "Scopes are for service accounts, which need one at least, and for nobody else.".into()
            }
            Self::UnknownScope(word) => format!("There is no scope {word}."),
            Self::ListsMisplaced => "Lists are named for inspectors, one at least, and for nobody else.".into(),
            Self::DayPast => "The day is over: name today or a later one, or ask anew.".into(),
            Self::OtherRoot => "The unit and the user are not of the same place: name a unit of the user's, or make another user.".into(),
            Self::RequesterGone => "Whoever asked is disabled or may not ask any more; ask anew.".into(),
            Self::ReasonNeeded => "A reason is needed.".into(),
        }
    }
}

pub(super) const fn denied_chinese(reason: GrantReason) -> &'static str {
    match reason {
        GrantReason::KeepersOnly => "仅系统管理员、安全管理员可以申请授权。",
        GrantReason::SecurityOnly => "仅安全管理员可以审批或收回授权。",
        GrantReason::OwnRight => "不能审批或收回本人的授权，须由另一位安全管理员办理。",
        GrantReason::RequesterOnly => "仅申请人可以撤回。",
        GrantReason::NotPending => "该申请已审批或已撤回；仍需要的请重新申请。",
        GrantReason::Lapsed => "该申请已逾期失效，请重新申请。",
        GrantReason::Ended => "该授权已收回或已到期。",
        GrantReason::LastAdministrator => "须至少保留一名系统管理员和一名安全管理员，请先授权他人。",
    }
}

pub(super) const fn denied_english(reason: GrantReason) -> &'static str {
    match reason {
        GrantReason::KeepersOnly => "Only system and security administrators ask for rights.",
        GrantReason::SecurityOnly => "Only a security administrator decides about rights and takes them away.",
        GrantReason::OwnRight => {
            "Nobody decides about a right of his own or takes it away; another security administrator has to."
        }
        GrantReason::RequesterOnly => "Only whoever asked may take the request back.",
        GrantReason::NotPending => "The request was decided or taken back; ask anew if it is still wanted.",
        GrantReason::Lapsed => "Nobody decided in time; ask anew.",
        GrantReason::Ended => "The right was taken away or is over.",
        GrantReason::LastAdministrator => {
            "A system administrator and a security administrator have to stay; give the right to somebody else first."
        }
    }
}
