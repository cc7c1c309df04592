//! Rules by which units are reminded and urged by themselves.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{task_list, urge_rule};

use super::object_of_row;
use super::task_list::TaskList;
use super::viewer_can::Permission;
use crate::authz::Action;
use crate::graphql::context::{self, id};
use crate::graphql::enums::UrgeGrade;
use crate::graphql::page::connection;
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;

object_of_row! {
    /// A rule.
    UrgeRule, urge_rule::Model
}

connection! {
    /// 提醒催办规则的分页列表。
    /// A page of rules.
    UrgeRuleConnection,
    /// 提醒催办规则及其游标。
    /// A rule with its cursor.
    UrgeRuleEdge, UrgeRule, urge_rule::Model
}

/// 对提醒催办规则可做的操作。
/// What the caller may do with a rule.
#[derive(SimpleObject)]
pub struct UrgeRulePermissions {
    /// 修改、删除。
    /// Change or remove it.
    edit: Permission,
}

/// 自动提醒、催办的规则：工作日 9 时至 18 时执行，同一单位同一截止日只发一次，同时到点的规则只按最后一条发。
/// A rule by which units are reminded and urged by themselves: on working days from 9 to 18 o'clock, once for each unit and due day; of several that come due together the last one speaks.
#[Object]
impl UrgeRule {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::UrgeRule, self.0.id)
    }

    /// 所在清单。
    /// The list.
    async fn task_list(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TaskList>> {
        Ok(context::of(ctx)?.row::<task_list::Entity>(self.0.task_list_id).await?.map(TaskList::from))
    }

    /// 距截止日的工作日：负数为之前，0 为当天（遇休息日则为前一工作日），正数为截止日及宽限期之后。
    /// Working days from the due day: before it when negative; 0 is that day, or the last working day before it; behind it and its grace when positive.
    async fn offset_working_days(&self) -> i32 {
        self.0.offset_working_days
    }

    /// 催办等级；仅作提醒时为空。
    /// How urgent its notices are; null when it only reminds.
    async fn grade(&self) -> Option<UrgeGrade> {
        self.0.grade.map(Into::into)
    }

    /// 补充说明。
    /// What is said besides what is owed.
    async fn text(&self) -> Option<&str> {
        self.0.text.as_deref()
    }

    /// 要求在几个工作日内回复；不要求时为空。
    /// Working days within which a reply is wanted; null when none is.
    async fn reply_within_working_days(&self) -> Option<i32> {
        self.0.reply_within_working_days
    }

    /// 是否启用。
    /// Whether it does anything.
    async fn active(&self) -> bool {
        self.0.active
    }

    /// 最近一次执行的日期。
    /// The day it was followed last.
    async fn ran_on(&self) -> Option<Date> {
        self.0.ran_on.map(Date)
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

    /// 当前用户可做的操作。
    /// What the caller may do.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<UrgeRulePermissions> {
        let request = context::of(ctx)?;
        let (subject, state) = request.standing_on_list(self.0.task_list_id).await?;
        Ok(UrgeRulePermissions { edit: Permission::ask(Action::UrgeRuleEdit, subject, state, request.lang) })
    }
}
