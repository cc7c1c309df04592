//! Rules by which units are reminded and urged by themselves.

use async_graphql::{Context, ID, InputObject, Object};
use entity::urge_rule;

use super::{VersionInput, delete_payload, payload};
use crate::graphql::context::{self, key};
use crate::graphql::enums::UrgeGrade;
use crate::graphql::types::urge_rule::UrgeRule;
use crate::id::Kind;
use crate::service::urging::rules::Terms;

/// 提醒催办规则的内容。
/// What a rule says.
#[derive(InputObject)]
pub struct UrgeRuleTerms {
    /// 距截止日的工作日，-20 至 20：负数为之前，0 为当天，正数为截止日及宽限期之后。
    /// Working days from the due day, -20 to 20: before it, on it, or behind it and its grace.
    offset_working_days: i32,
    /// 催办等级；正数时必选，否则不填，仅作提醒。
    /// How urgent its notices are; needed behind the day, not to be given before it and on it.
    grade: Option<UrgeGrade>,
    /// 补充说明，至多 2000 字。
    /// What is said besides, at most 2,000 characters.
    text: Option<String>,
    /// 要求在几个工作日内回复，1 至 60；不填则不要求。
    /// Working days within which a reply is wanted, 1 to 60; none is wanted unless said.
    reply_within_working_days: Option<i32>,
    /// 是否启用，默认启用。
    /// Whether it does anything; it does unless said.
    active: Option<bool>,
}

impl From<UrgeRuleTerms> for Terms {
    fn from(terms: UrgeRuleTerms) -> Self {
        Self {
            offset_working_days: terms.offset_working_days,
            grade: terms.grade.map(Into::into),
            text: terms.text,
            reply_within_working_days: terms.reply_within_working_days,
            active: terms.active.unwrap_or(true),
        }
    }
}

/// 新的提醒催办规则。
/// A rule to be made.
#[derive(InputObject)]
pub struct UrgeRuleCreateInput {
    /// 清单，草稿或执行中。
    /// The list, a draft or in force.
    task_list: ID,
    /// 内容。
    /// What it says.
    #[graphql(flatten)]
    terms: UrgeRuleTerms,
}

/// 提醒催办规则的修改；以所给内容整体代替原内容。
/// A change of a rule: what is given takes the place of the whole.
#[derive(InputObject)]
pub struct UrgeRuleUpdateInput {
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 内容。
    /// What it says.
    #[graphql(flatten)]
    terms: UrgeRuleTerms,
}

payload! {
    /// 提醒催办规则变更的结果。
    /// What came of a change of a rule.
    UrgeRulePayload {
        /// 规则的最新状态；不可见时为空。
        /// The rule as it is now; null when invisible.
        urge_rule: UrgeRule, urge_rule
    }
}
delete_payload! {
    /// 删除提醒催办规则的结果。
    /// What came of removing a rule.
    UrgeRuleDeletePayload {
        /// 未删除时的规则；已删除或不可见时为空。
        /// The rule when it is still there; null when removed or invisible.
        urge_rule: UrgeRule, urge_rule, UrgeRule
    }
}

/// The verbs on rules.
#[derive(Default)]
pub struct UrgeRulesMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl UrgeRulesMutation {
    /// 新增提醒催办规则（政务公开办）。
    /// Makes a rule by which units are reminded and urged by themselves (the office).
    async fn urge_rule_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe rule.")] input: UrgeRuleCreateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UrgeRulePayload> {
        let request = context::of(ctx)?;
        let list = key(Kind::TaskList, &input.task_list)?;
        let answer = request.service.urge_rule_create(&request.caller, idempotency_key, list, input.terms.into()).await;
        UrgeRulePayload::new(request, answer, None).await
    }

    /// 修改提醒催办规则（政务公开办）；已发出的不受影响。
    /// Changes a rule (the office); what it sent stays.
    async fn urge_rule_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "规则。\nThe rule.")] id: ID,
        #[graphql(desc = "修改。\nThe changes.")] input: UrgeRuleUpdateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UrgeRulePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::UrgeRule, &id)?;
        let (version, terms) = (input.expected_version, input.terms.into());
        let answer = request.service.urge_rule_update(&request.caller, idempotency_key, id, version, terms).await;
        UrgeRulePayload::new(request, answer, Some(id)).await
    }

    /// 删除提醒催办规则（政务公开办）；已发出的通知保留。
    /// Removes a rule (the office); what it sent stays.
    async fn urge_rule_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "规则。\nThe rule.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UrgeRuleDeletePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::UrgeRule, &id)?;
        let version = input.expected_version;
        let answer = request.service.urge_rule_delete(&request.caller, idempotency_key, id, version).await;
        UrgeRuleDeletePayload::new(request, answer, Some(id)).await
    }
}
