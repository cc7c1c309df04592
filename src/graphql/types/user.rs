//! The viewer, and people as contacts.

use async_graphql::{ComplexObject, Context, ID, Object, SimpleObject};
use entity::{external_identity, notification, session, totp_removal, unit, user_account};

use super::directory::Unit;
use super::export::ExportJobConnection;
use super::external_identity::ExternalIdentityConnection;
use super::file::FileConnection;
use super::notification::NotificationConnection;
use super::object_of_row;
use super::session::{SessionConnection, ViewerSignIn};
use super::totp_removal::TotpRemoval;
use super::work::ViewerWork;
use crate::authz::Grant;
use crate::graphql::context::{self, id};
use crate::graphql::enums::{Realm, Role, UserKind};
use crate::graphql::loader::WayInOf;
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::DateTime;
use crate::graphql::user_error::top_level;
use crate::id::Kind;
use crate::store::PageArgs;
use crate::store::query::{external, files, notices, sessions};

object_of_row! {
    /// A person or service account.
    User, user_account::Model
}

connection! {
    /// 用户的分页列表。
    /// A page of users.
    UserConnection,
    /// 用户及其游标。
    /// A user with its cursor.
    UserEdge, User, user_account::Model
}

/// 用户：自然人或服务账号。
/// A person or a service account.
#[Object]
impl User {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::User, self.0.id)
    }

    /// 类别。
    /// A person or a machine.
    async fn kind(&self) -> UserKind {
        self.0.kind.into()
    }

    /// 姓名。
    /// The name.
    async fn name(&self) -> &str {
        &self.0.display_name
    }

    /// 所在单位。
    /// The unit the user acts for.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.unit_id).await?.map(Unit::from))
    }

    /// 登录名；仅本人和管理其所在单位用户的系统管理员可见。
    /// The login name; only the user himself and the system administrator above him see it.
    async fn login(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<&str>> {
        let request = context::of(ctx)?;
        let own = request.actor().user_id == self.0.id;
        let seen = own || request.subject_over(self.0.unit_id).await?.system_admin;
        Ok(seen.then_some(self.0.login.as_str()))
    }

    /// 类属：业务或管理；仅本人和管理其所在单位的系统管理员、安全管理员可见。
    /// The side of the house; only the user himself and the system and security administrators above him see it.
    async fn realm(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Realm>> {
        let request = context::of(ctx)?;
        let own = request.actor().user_id == self.0.id;
        let over = request.subject_over(self.0.unit_id).await?;
        Ok((own || over.system_admin || over.security_admin).then(|| self.0.realm.into()))
    }

    /// 口令登录锁定至何时；未锁定的为空。仅本人和管理该用户的系统管理员可见。
    /// Until when nobody signs in with the user's password; null where it is not locked. Only the user himself and the system
    /// administrator over all that he holds see it.
    async fn locked_until(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<DateTime>> {
        let way_in = context::of(ctx)?.load(WayInOf(self.0.id)).await?;
        Ok(way_in.and_then(|way_in| way_in.locked_until).map(DateTime))
    }

    /// 最近一次登录的时间；从未登录的为空。仅本人和管理该用户的系统管理员可见。
    /// When the user last signed in; null where he never has. Only the user himself and the system administrator over all
    /// that he holds see it.
    async fn last_sign_in_at(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<DateTime>> {
        let way_in = context::of(ctx)?.load(WayInOf(self.0.id)).await?;
        Ok(way_in.and_then(|way_in| way_in.last_sign_in_at).map(DateTime))
    }

    /// 最近一次解除动态口令的申请；本人、管理该用户的系统管理员和安全管理员可见。
    /// The last request that the user's one-time passwords be taken away; the user himself, and the system and security
    /// administrators over all that he holds see it.
    async fn totp_removal(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TotpRemoval>> {
        Ok(context::of(ctx)?.row::<totp_removal::Entity>(self.0.id).await?.map(TotpRemoval::from))
    }

    /// 是否已停用。
    /// Whether the user may not act any more.
    async fn disabled(&self) -> bool {
        self.0.disabled_at.is_some()
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 该用户有效的会话，新的在前；仅本人和管理其所在单位用户的系统管理员可见。
    /// The live sessions of the user, the latest first; only the user himself and the system administrator above him
    /// see them.
    async fn sessions(
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
    ) -> async_graphql::Result<SessionConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<session::Entity>(self.0.id, sessions::of_user(page)).await?.into())
    }

    /// 该用户的外部身份，新的在前，含已解除的；本人、管理其所在单位用户的系统管理员和审计管理员可见。
    /// Who the user is at other sign-in services, the latest first, with those that were taken away; the user himself, and
    /// the system and audit administrators above him see them.
    async fn external_identities(
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
    ) -> async_graphql::Result<ExternalIdentityConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.nested::<external_identity::Entity>(self.0.id, external::of_user(page)).await?.into())
    }
}

/// The principal of this request.
pub struct Viewer;

/// 一项有效授权：角色与单位。
/// A grant in force: a role at a unit.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ViewerGrant {
    /// 角色。
    /// The role.
    role: Role,
    /// 服务账号的权限范围。
    /// The scopes of a service account.
    scopes: Vec<String>,
    #[graphql(skip)]
    unit_id: uuid::Uuid,
}

#[ComplexObject]
impl ViewerGrant {
    /// 授权所在单位。
    /// Where the grant holds.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.unit_id).await?.map(Unit::from))
    }
}

impl From<&Grant> for ViewerGrant {
    fn from(grant: &Grant) -> Self {
        Self {
            role: grant.role.into(),
            scopes: grant.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
            unit_id: grant.unit_id,
        }
    }
}

/// 当前登录者：用户、所代表的单位和今日有效的授权。
/// The principal of this request: the user, the unit it acts for and the grants in force today.
#[Object]
impl Viewer {
    /// 用户。
    /// The user.
    async fn user(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        let request = context::of(ctx)?;
        Ok(request.row::<user_account::Entity>(request.actor().user_id).await?.map(User::from))
    }

    /// 姓名。
    /// The name.
    async fn name<'a>(&self, ctx: &Context<'a>) -> async_graphql::Result<&'a str> {
        Ok(&context::of(ctx)?.actor().display_name)
    }

    /// 所代表的单位。
    /// The unit the user acts for.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        let request = context::of(ctx)?;
        Ok(request.row::<unit::Entity>(request.actor().unit_id).await?.map(Unit::from))
    }

    /// 今日有效的授权。
    /// The grants in force today.
    async fn grants(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerGrant>> {
        Ok(context::of(ctx)?.actor().grants.iter().map(ViewerGrant::from).collect())
    }

    /// 我的工作：要报的、被退回的、逾期的、要审的。
    /// What waits for the caller: to be reported, returned, overdue, to be decided.
    async fn work(&self) -> ViewerWork {
        ViewerWork
    }

    /// 本人的通知，新的在前。
    /// What the caller is told, the latest first.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "只取未读的，默认否。\nOnly those not read; false unless said.")] unread_only: Option<bool>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<NotificationConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.page(notices::notifications(unread_only.unwrap_or_default(), page)).await?.into())
    }

    /// 未读通知数。
    /// How much of it is not read.
    async fn unread_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        let unread = notices::notifications(true, PageArgs { total: true, ..PageArgs::default() });
        let total = context::of(ctx)?.page::<notification::Entity>(unread).await?.total;
        Ok(i32::try_from(total.unwrap_or_default()).unwrap_or(i32::MAX))
    }

    /// 本人有效的会话，新的在前。
    /// The caller's own live sessions, the latest first.
    async fn sessions(
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
    ) -> async_graphql::Result<SessionConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.page(sessions::own(request.actor(), page)).await?.into())
    }

    /// 本人的登录方式：口令和动态口令；上次登录。
    /// How the caller signs in: password and one-time passwords; and when he last did.
    async fn sign_in(&self, ctx: &Context<'_>) -> async_graphql::Result<ViewerSignIn> {
        let request = context::of(ctx)?;
        let actor = request.actor();
        let state = request.service.sign_in_state(actor.user_id, actor.session_id).await;
        Ok(state.map_err(|error| top_level(error.into()))?.into())
    }

    /// 本人为当前单位上传和导出的文件，未过期，新的在前。
    /// The caller's own uploads and exports for this unit that have not expired, the latest first.
    async fn files(
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
    ) -> async_graphql::Result<FileConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.page(files::files(request.actor(), page)).await?.into())
    }

    /// 本人为当前单位申请的导出，新的在前；结束七天后不再列出。
    /// The caller's own exports for this unit, the latest first; gone seven days after they ended.
    async fn exports(
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
    ) -> async_graphql::Result<ExportJobConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        Ok(request.page(files::exports(page)).await?.into())
    }
}
