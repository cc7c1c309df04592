//! Rows of the audit trail.

use async_graphql::{Context, Enum, ID, Object};
use entity::{audit_entry, unit, user_account};

use super::directory::Unit;
use super::object_of_row;
use super::user::User;
use crate::graphql::context::{self, any_key, id};
use crate::graphql::filter::{DateTimeFilter, IdFilter, StringFilter, filter_input};
use crate::graphql::page::connection;
use crate::graphql::scalar::DateTime;
use crate::id::{GlobalId, Kind};
use crate::store::query::audit;

object_of_row! {
    /// A row of the audit trail.
    AuditEntry, audit_entry::Model
}

connection! {
    /// 审计记录的分页列表。
    /// A page of the audit trail.
    AuditEntryConnection,
    /// 审计记录及其游标。
    /// A row of the audit trail with its cursor.
    AuditEntryEdge, AuditEntry, audit_entry::Model
}

filter_input! {
    /// 审计记录筛选。
    /// Which rows of the audit trail.
    AuditEntryFilter => audit::AuditLeaf {
        /// 操作人。
        /// Who.
        user: IdFilter => |v| v.keys(Kind::User)?,
        /// 所代表的单位。
        /// For which unit.
        unit: IdFilter => |v| v.keys(Kind::Unit)?,
        /// 操作，如 progressReportAccept。
        /// What was asked, such as progressReportAccept.
        operation: StringFilter => |v| v.into(),
        /// 对象，任何类型的标识：何人动过此报告、看过此电话。被拒绝的操作为所请求的对象，无论其是否存在。
        /// The object, by an identifier of any kind: who touched this report, who read this number. Of what was refused, the object that was asked for, whether it exists or not.
        object: IdFilter => |v| objects(v)?,
        /// 时间。
        /// When.
        at: DateTimeFilter => |v| v.into(),
        /// 是否被拒绝。
        /// Whether it was refused.
        refused: bool => |v| v,
        /// 来源网络地址。
        /// From which network address.
        address: StringFilter => |v| v.into(),
        /// 请求编号（traceId）。
        /// The request, by its traceId.
        request: StringFilter => |v| v.into(),
    }
}

/// The objects of a filter, of whatever kind.
fn objects(filter: IdFilter) -> async_graphql::Result<audit::ObjectMatch> {
    let object = |id: &ID| any_key(id).map(|object| (object.kind.prefix(), object.uuid));
    Ok(audit::ObjectMatch {
        eq: filter.eq.as_ref().map(object).transpose()?,
        one_of: filter.one_of.map(|ids| ids.iter().map(object).collect()).transpose()?,
        is_null: filter.is_null,
    })
}

/// 操作的结果。
/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AuditResult {
    /// 已完成。
    /// It was done.
    Done,
    /// 被拒绝。
    /// It was refused.
    Refused,
}

/// 审计记录：何人、代表何单位、何时、从何处、做了什么、结果如何。只增不改，逐条相链。
/// A row of the audit trail: who, for which unit, when, from where, what, and what came of it. Rows are never changed, and each is chained to the one before it.
#[Object]
impl AuditEntry {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::AuditEntry, self.0.id)
    }

    /// 链中的序号，从 1 起连续；建链前的为空。
    /// Its number in the chain, from 1 without a gap; null for rows from before the chain.
    async fn sequence(&self) -> Option<String> {
        self.0.sequence.map(|number| number.to_string())
    }

    /// 本条与前一条的散列值（SHA-256，base64url）。
    /// The hash over this row and the one before it, SHA-256 in base64url.
    async fn hash(&self) -> Option<&str> {
        self.0.hash.as_deref()
    }

    /// 时间。
    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// 操作人；命令行和自动执行的为空。
    /// Who; null for what was done at the machine or by time itself.
    async fn user(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        match self.0.user_id {
            Some(user) => Ok(context::of(ctx)?.row::<user_account::Entity>(user).await?.map(User::from)),
            None => Ok(None),
        }
    }

    /// 所代表的单位。
    /// For which unit.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        match self.0.unit_id {
            Some(unit) => Ok(context::of(ctx)?.row::<unit::Entity>(unit).await?.map(Unit::from)),
            None => Ok(None),
        }
    }

    /// 操作，如 progressReportAccept。
    /// What was asked, such as progressReportAccept.
    async fn operation(&self) -> &str {
        &self.0.operation
    }

    /// 对象的标识；审计管理员看不到对象本身。被拒绝的操作为所请求的对象，无论其是否存在。
    /// The identifier of the object, which an audit administrator does not see itself. Of what was refused, the object that was asked for, whether it exists or not.
    async fn object_id(&self) -> Option<ID> {
        let kind = Kind::ALL.iter().find(|kind| Some(kind.prefix()) == self.0.object_type.as_deref())?;
        Some(ID(GlobalId::new(*kind, self.0.object_id?).to_string()))
    }

    /// 结果。
    /// What came of it.
    async fn result(&self) -> AuditResult {
        if self.0.result == "REFUSED" { AuditResult::Refused } else { AuditResult::Done }
    }

    /// 被拒绝的原因代码。
    /// The codes of why it was refused.
    async fn reasons(&self) -> Vec<&str> {
        self.0.reasons.as_deref().unwrap_or_default().split_whitespace().collect()
    }

    /// 变动的字段名，不含内容。
    /// The names of the changed fields, never what stood in them.
    async fn changed_fields(&self) -> Vec<&str> {
        let names = self.0.changed.as_ref().and_then(|changed| changed.as_array());
        names.map(|names| names.iter().filter_map(|name| name.as_str()).collect()).unwrap_or_default()
    }

    /// 来源网络地址。
    /// From which network address, if from one.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// 请求编号（traceId）；自动执行的为所依据的规则。
    /// The request, by its traceId; for what time did, the rule it followed.
    async fn request(&self) -> &str {
        &self.0.request_id
    }
}
