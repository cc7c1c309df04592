//! Words of administration: the side of the house a user is on, and where a request for a right stands.

use async_graphql::Enum;
use entity::vocabulary;

use crate::store::query::grants::RequestState;

/// 用户类属：业务或管理，设立后不变（三员分立）。
/// On which side of the house a user is, for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::Realm")]
pub enum Realm {
    /// 业务：清单和报告。
    /// Works with lists and reports.
    Business,
    /// 管理：三员之一，不看业务数据。
    /// May hold one of the three administrators' roles, and sees no business data.
    Administration,
}

/// 授权申请的状态。
/// Where a request for a right stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
pub enum RoleGrantRequestStatus {
    /// 待审批。
    /// It waits for a second person.
    Pending,
    /// 已批准。
    /// Approved; the right is there.
    Granted,
    /// 未批准。
    /// Refused.
    Refused,
    /// 已撤回。
    /// Taken back by whoever asked.
    Withdrawn,
    /// 逾期失效。
    /// Nobody decided in time.
    Lapsed,
}

impl RoleGrantRequestStatus {
    /// What a stored word means at a moment.
    pub fn of(word: vocabulary::RoleGrantRequestStatus, lapsed: bool) -> Self {
        use vocabulary::RoleGrantRequestStatus as Word;
        match word {
            Word::Pending if lapsed => Self::Lapsed,
            Word::Pending => Self::Pending,
            Word::Granted => Self::Granted,
            Word::Refused => Self::Refused,
            Word::Withdrawn => Self::Withdrawn,
        }
    }
}

impl From<RoleGrantRequestStatus> for RequestState {
    fn from(status: RoleGrantRequestStatus) -> Self {
        use vocabulary::RoleGrantRequestStatus as Word;
        match status {
            RoleGrantRequestStatus::Pending => Self::Is(Word::Pending),
            RoleGrantRequestStatus::Granted => Self::Is(Word::Granted),
            RoleGrantRequestStatus::Refused => Self::Is(Word::Refused),
            RoleGrantRequestStatus::Withdrawn => Self::Is(Word::Withdrawn),
            RoleGrantRequestStatus::Lapsed => Self::Lapsed,
        }
    }
}
