//! Tasks of a draft.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::task;

use super::{VersionInput, delete_payload, payload};
use crate::domain::deadline::Deadline;
use crate::domain::rule::{Every, RecurringRule, RelativeRule, Rule, Span};
use crate::graphql::context::{self, key, optional_key};
use crate::graphql::enums::DeadlineKind;
use crate::graphql::patch;
use crate::graphql::scalar::Date;
use crate::graphql::types::assignment::DeadlineUnit;
use crate::graphql::types::task::Task;
use crate::graphql::user_error::bad_request;
use crate::id::Kind;
use crate::service::tasks::{NewTask, TaskChange};

/// 时限规则：相对（event、offset、unit）、定期（every）或文字（words），三者择一。
/// The rule of a deadline: relative (event, offset, unit), recurring (every) or words; one of the three.
#[derive(InputObject)]
pub struct DeadlineRuleInput {
    /// 起算事件，如“收到申请”。
    /// The event that starts the clock.
    event: Option<String>,
    /// 事件后的数量，负数为之前。
    /// How much after the event; negative means before it.
    offset: Option<i32>,
    /// 数量的单位。
    /// What the offset counts.
    unit: Option<DeadlineUnit>,
    /// 适用条件。
    /// Under which condition the deadline holds.
    condition: Option<String>,
    /// 周期，如 year、month、2 weeks。
    /// The spans of a recurring deadline, such as year, month or 2 weeks.
    every: Option<Vec<String>>,
    /// 每个周期至少几次。
    /// How often per span at least.
    min_times: Option<i32>,
    /// 未能细分的文字。
    /// Words that say no more.
    words: Option<String>,
}

/// 时限：原文与可推算的内容。
/// A deadline: the printed text and what can be computed.
#[derive(InputObject)]
pub struct DeadlineInput {
    /// 类型。
    /// The kind.
    kind: DeadlineKind,
    /// 原文，至多 500 字。
    /// The text as printed, at most 500 characters.
    text: Option<String>,
    /// 日期或时段的最后一日；具体日期、月底、时段必填。
    /// The day, or the last day of a window; needed for FIXED_DATE, MONTH_END and WINDOW.
    date: Option<Date>,
    /// 时段的第一日；时段必填。
    /// The first day of a window; needed for WINDOW.
    from: Option<Date>,
    /// 规则；相对、定期必填。
    /// The rule; needed for RELATIVE and RECURRING.
    rule: Option<DeadlineRuleInput>,
}

/// 新任务。
/// A new task.
#[derive(InputObject)]
pub struct TaskCreateInput {
    /// 所在清单（草稿）。
    /// The list, a draft.
    task_list: ID,
    /// 所在章节。
    /// The section it stands under.
    section: Option<ID>,
    /// 编号，清单内唯一，至多 50 字。
    /// The number, unique in the list, at most 50 characters.
    number: String,
    /// 任务名称；名称和要求至少填一项。
    /// The title; a task has a title or a requirement or both.
    title: Option<String>,
    /// 具体要求。
    /// The requirement.
    requirement: Option<String>,
    /// 牵头单位原文。
    /// The lead units as printed.
    lead_text: Option<String>,
    /// 责任单位原文。
    /// The responsible units as printed.
    responsibility_text: Option<String>,
    /// 时限。
    /// The deadline.
    deadline: Option<DeadlineInput>,
    /// 其他时限，至多 10 个（整体替换）。
    /// All further deadlines, at most 10.
    further_deadlines: Option<Vec<DeadlineInput>>,
    /// 是否激励性指标。
    /// Whether it is marked 激励性指标.
    incentive: Option<bool>,
    /// 在清单中的次序，从 0 起，其后的依次后移。
    /// The place in the list, from 0, moving the later ones on.
    position: Option<i32>,
}

/// 对任务的修改；未给出的项不变，null 表示清空。
/// Changes of a task; what is not given stays, null takes it away.
#[derive(InputObject)]
pub struct TaskUpdateInput {
    /// 操作所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 所在章节。
    /// The section it stands under.
    section: MaybeUndefined<ID>,
    /// 编号。
    /// The number.
    number: Option<String>,
    /// 任务名称；名称和要求至少填一项。
    /// The title; a task has a title or a requirement or both.
    title: MaybeUndefined<String>,
    /// 具体要求。
    /// The requirement.
    requirement: MaybeUndefined<String>,
    /// 牵头单位原文。
    /// The lead units as printed.
    lead_text: MaybeUndefined<String>,
    /// 责任单位原文。
    /// The responsible units as printed.
    responsibility_text: MaybeUndefined<String>,
    /// 时限。
    /// The deadline.
    deadline: MaybeUndefined<DeadlineInput>,
    /// 其他时限，至多 10 个（整体替换）。
    /// All further deadlines, at most 10.
    further_deadlines: Option<Vec<DeadlineInput>>,
    /// 是否激励性指标。
    /// Whether it is marked 激励性指标.
    incentive: Option<bool>,
    /// 在清单中的次序，从 0 起，其后的依次后移。
    /// The place in the list, from 0, moving the later ones on.
    position: Option<i32>,
}

impl DeadlineRuleInput {
    fn rule(self) -> async_graphql::Result<Rule> {
        let shape = || bad_request("a rule is either {event, offset, unit}, or {every}, or {words}");
        match (self.event, self.every, self.words) {
            (Some(event), None, None) => Ok(Rule::Relative(RelativeRule {
                event,
                offset: self.offset.ok_or_else(shape)?,
                unit: self.unit.ok_or_else(shape)?.into(),
                condition: self.condition,
            })),
            (None, Some(every), None) => {
                let spans: Result<Vec<Span>, _> = every.iter().map(|span| span.parse()).collect();
                let mut spans = spans.map_err(|_| bad_request("a span is written \"year\" or \"2 weeks\""))?;
                let every = if spans.len() == 1 { Every::One(spans.remove(0)) } else { Every::Many(spans) };
                let times = self.min_times.map(u32::try_from).transpose();
                let min_times = times.map_err(|_| bad_request("minTimes must not be negative"))?;
                Ok(Rule::Recurring(RecurringRule { every, min_times }))
            }
            (None, None, Some(words)) => Ok(Rule::Words(words)),
            _ => Err(shape()),
        }
    }
}

impl DeadlineInput {
    pub(super) fn deadline(self) -> async_graphql::Result<Deadline> {
        Ok(Deadline {
            kind: self.kind.into(),
            text: self.text,
            date: self.date.map(|day| day.0),
            from: self.from.map(|day| day.0),
            rule: self.rule.map(DeadlineRuleInput::rule).transpose()?,
        })
    }
}

payload! {
    /// 任务变更的结果。
    /// What came of a change of a task.
    TaskPayload {
        /// 任务的最新状态；不可见时为空。
        /// The task as it is now; null when invisible.
        task: Task, task
    }
}

delete_payload! {
    /// 删除任务的结果。
    /// What came of the removal of a task.
    TaskDeletePayload {
        /// 未能删除时任务的最新状态。
        /// The task as it is now, when it was not removed.
        task: Task, task, Task
    }
}

/// The verbs on tasks.
#[derive(Default)]
pub struct TaskMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl TaskMutation {
    /// 在草稿中新增任务（发文单位的政务公开办）。
    /// Adds a task to a draft (the office at or above the issuer).
    async fn task_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe input.")] input: TaskCreateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskPayload> {
        let request = context::of(ctx)?;
        let further = input.further_deadlines.unwrap_or_default().into_iter().map(DeadlineInput::deadline);
        let new = NewTask {
            task_list: key(Kind::TaskList, &input.task_list)?,
            section: optional_key(Kind::Section, input.section.as_ref())?,
            number: input.number,
            title: input.title,
            requirement: input.requirement,
            lead_text: input.lead_text,
            unit_text: input.responsibility_text,
            deadline: input.deadline.map(DeadlineInput::deadline).transpose()?,
            further_deadlines: further.collect::<Result<_, _>>()?,
            incentive: input.incentive.unwrap_or_default(),
            position: input.position,
        };
        let answer = request.service.task_create(&request.caller, idempotency_key, new).await;
        TaskPayload::new(request, answer, None).await
    }

    /// 修改草稿中的任务（发文单位的政务公开办）。
    /// Changes a task of a draft (the office at or above the issuer).
    async fn task_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "任务。\nThe task.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: TaskUpdateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Task, &id)?;
        let section = patch(input.section).map(|section| optional_key(Kind::Section, section.as_ref())).transpose()?;
        let deadline = patch(input.deadline).map(|own| own.map(DeadlineInput::deadline).transpose()).transpose()?;
        let further = input.further_deadlines.map(|all| all.into_iter().map(DeadlineInput::deadline).collect());
        let change = TaskChange {
            expected_version: input.expected_version,
            section,
            number: input.number,
            title: patch(input.title),
            requirement: patch(input.requirement),
            lead_text: patch(input.lead_text),
            unit_text: patch(input.responsibility_text),
            deadline,
            further_deadlines: further.transpose()?,
            incentive: input.incentive,
            position: input.position,
        };
        let answer = request.service.task_update(&request.caller, idempotency_key, id, change).await;
        TaskPayload::new(request, answer, Some(id)).await
    }

    /// 删除草稿中的任务及其时限和指派（发文单位的政务公开办）。
    /// Removes a task of a draft with its deadlines and assignments (the office at or above the issuer).
    async fn task_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "任务。\nThe task.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskDeletePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Task, &id)?;
        let version = input.expected_version;
        let answer = request.service.task_delete(&request.caller, idempotency_key, id, version).await;
        TaskDeletePayload::new(request, answer, Some(id)).await
    }

    /// 确认任务内容无误（发文单位的政务公开办）；此前未识别的单位名称会重新查找，仍有未识别的则拒绝。
    /// Says that a person has looked at a task (the office at or above the issuer); names that meant nothing are looked up again, and it is refused while one still does.
    async fn task_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "任务。\nThe task.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Task, &id)?;
        let version = input.expected_version;
        let answer = request.service.task_confirm(&request.caller, idempotency_key, id, version).await;
        TaskPayload::new(request, answer, Some(id)).await
    }
}
