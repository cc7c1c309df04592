//! Units and groups.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{unit, unit_change, unit_group, unit_group_member, user_account};

use super::group_member::UnitGroupMemberConnection;
use super::object_of_row;
use super::unit_change::UnitChangeConnection;
use super::user::UserConnection;
use super::viewer_can::Permission;
use crate::authz::{Action, State, Subject};
use crate::graphql::context::{self, id, key};
use crate::graphql::enums::GroupExpansion;
use crate::graphql::filter::{IdFilter, StringFilter, filter_input, filter_or_default, order_input};
use crate::graphql::loader::{AliasesOfGroup, AliasesOfUnit, SuccessorOf};
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::DateTime;
use crate::id::Kind;
use crate::store::query::amendments;
use crate::store::query::directory::{self, UnitGroupLeaf, UnitLeaf};

object_of_row! {
    /// A unit.
    Unit, unit::Model
}
object_of_row! {
    /// A group of units.
    UnitGroup, unit_group::Model
}

connection! {
    /// 单位的分页列表。
    /// A page of units.
    UnitConnection,
    /// 单位及其游标。
    /// A unit with its cursor.
    UnitEdge, Unit, unit::Model
}
connection! {
    /// 单位组的分页列表。
    /// A page of groups.
    UnitGroupConnection,
    /// 单位组及其游标。
    /// A group with its cursor.
    UnitGroupEdge, UnitGroup, unit_group::Model
}
filter_input! {
    /// 单位筛选。
    /// Which units.
    UnitFilter => UnitLeaf {
        /// 全称。
        /// The full name.
        name: StringFilter => |v| v.into(),
        /// 编码。
        /// The code.
        code: StringFilter => |v| v.into(),
        /// 类别。
        /// The kind.
        kind: StringFilter => |v| v.into(),
        /// 上级单位。
        /// The unit above.
        parent: IdFilter => |v| v.keys(Kind::Unit)?,
        /// 是否在用。
        /// In use.
        active: bool => |v| v,
        /// 全称、简称或别名包含。
        /// Full name, short name or alias contains this.
        search: String => |v| v,
        /// 本单位及其下级。
        /// At or below this unit.
        within: ID => |v| key(Kind::Unit, &v)?,
    }
}

filter_input! {
    /// 单位组筛选。
    /// Which groups.
    UnitGroupFilter => UnitGroupLeaf {
        /// 名称。
        /// The name.
        name: StringFilter => |v| v.into(),
        /// 含有此成员。
        /// Has this member.
        member: ID => |v| key(Kind::Unit, &v)?,
    }
}

order_input! {
    /// 单位排序。
    /// In which order units come.
    UnitOrder,
    /// 单位排序依据。
    /// By what units are ordered.
    UnitOrderField => directory::UnitOrder, default Position {
        /// 名录顺序。
        /// The office's own order.
        Position,
        /// 名称。
        /// By name.
        Name,
        /// 编码。
        /// By code.
        Code,
    }
}

order_input! {
    /// 单位组排序。
    /// In which order groups come.
    UnitGroupOrder,
    /// 单位组排序依据。
    /// By what groups are ordered.
    UnitGroupOrderField => directory::UnitGroupOrder, default Name {
        /// 名称。
        /// By name.
        Name,
        /// 编码。
        /// By code.
        Code,
    }
}

/// 对单位或单位组可做的操作。
/// What the caller may do with a unit or a group.
#[derive(SimpleObject)]
pub struct DirectoryPermissions {
    /// 修改。
    /// Change it.
    edit: Permission,
    /// 设置报告是否须经单位内审签；单位组为空。
    /// Say whether its reports need a signature inside the unit; null for a group.
    set_report_signing: Option<Permission>,
}

/// 单位（含股室、属下单位）。
/// A unit: an office, a bureau, a township, a division.
#[Object]
impl Unit {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Unit, self.0.id)
    }

    /// 编码，在同一根单位下唯一。
    /// The code, unique under the root.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// 全称。
    /// The full name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// 简称。
    /// The short name.
    async fn short_name(&self) -> Option<&str> {
        self.0.short_name.as_deref()
    }

    /// 其他称呼：简称、曾用名。
    /// Other names it is known by.
    async fn aliases(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<String>> {
        Ok(context::of(ctx)?.load(AliasesOfUnit(self.0.id)).await?.unwrap_or_default())
    }

    /// 类别，如 bureau、township。
    /// The kind, such as bureau or township.
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// 是否在用。
    /// Whether it is in use.
    async fn active(&self) -> bool {
        self.0.active
    }

    /// 报告是否须经本单位审签人签发后才报政务公开办。
    /// Whether its reports need the signature of its approver before they go to the office.
    async fn report_signing(&self) -> bool {
        self.0.report_signing
    }

    /// 上级单位。
    /// The unit above.
    async fn parent(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        match self.0.parent_id {
            Some(key) => Ok(context::of(ctx)?.row::<unit::Entity>(key).await?.map(Unit::from)),
            None => Ok(None),
        }
    }

    /// 直属下级单位。
    /// The units directly below.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<UnitFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<UnitOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<UnitConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let filter = filter_or_default(filter)?;
        let query = directory::units(request.actor(), &filter, UnitOrder::or_default(order_by), page, true);
        Ok(request.nested::<unit::Entity>(self.0.id, query).await?.into())
    }

    /// 联系人；仅本单位和政务公开办可见。
    /// The people of the unit; visible to the unit itself and to the office above it.
    async fn contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<UserConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<user_account::Entity>(self.0.id, directory::contacts(page)).await?.into())
    }

    /// 沿革：更名、合并、拆分，最近的在前。
    /// What became of it: names, mergers, splits, the latest first.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<UnitChangeConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<unit_change::Entity>(self.0.id, amendments::unit_changes(page)).await?.into())
    }

    /// 已并入的单位；未被并入其他单位时为空。
    /// The unit it became part of; null while it did not.
    async fn successor(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        let request = context::of(ctx)?;
        match request.load(SuccessorOf(self.0.id)).await? {
            Some(key) => Ok(request.row::<unit::Entity>(key).await?.map(Unit::from)),
            None => Ok(None),
        }
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 创建时间。
    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 最近修改时间。
    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// 当前登录者可做的操作。
    /// What the caller may do with it.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<DirectoryPermissions> {
        let request = context::of(ctx)?;
        let subject = request.subject_over(self.0.id).await?;
        let subject = Subject { approver: request.actor().signs_for(self.0.id), ..subject };
        let ask = |action| Permission::ask(action, subject, State::default(), request.lang);
        Ok(DirectoryPermissions {
            edit: ask(Action::DirectoryEdit),
            set_report_signing: Some(ask(Action::SigningSwitch)),
        })
    }
}

/// 单位组，如“各乡镇人民政府”。
/// A named set of units, such as "all township governments".
#[Object]
impl UnitGroup {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::UnitGroup, self.0.id)
    }

    /// 编码，在同一根单位下唯一。
    /// The code, unique under the root.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// 名称。
    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// 其他称呼。
    /// Other names it is known by.
    async fn aliases(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<String>> {
        Ok(context::of(ctx)?.load(AliasesOfGroup(self.0.id)).await?.unwrap_or_default())
    }

    /// 印发时如何展开。
    /// How it becomes units when a list is issued.
    async fn expansion(&self) -> GroupExpansion {
        self.0.expansion.into()
    }

    /// 成员是否已登记齐全。
    /// Whether all members are registered.
    async fn members_complete(&self) -> bool {
        self.0.members_complete
    }

    /// 成员。
    /// The members.
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<UnitGroupMemberConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<unit_group_member::Entity>(self.0.id, directory::members(page)).await?.into())
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 创建时间。
    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 最近修改时间。
    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// 当前登录者可做的操作。
    /// What the caller may do with it.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<DirectoryPermissions> {
        let request = context::of(ctx)?;
        let subject = request.subject_over(self.0.root_id).await?;
        Ok(DirectoryPermissions {
            edit: Permission::ask(Action::DirectoryEdit, subject, State::default(), request.lang),
            set_report_signing: None,
        })
    }
}
