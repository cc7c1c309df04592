//! Tasks that go on in another list.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::{task, task_list};
use uuid::Uuid;

use crate::domain::lang::Lang;
use crate::graphql::context::{self, RequestContext, key};
use crate::graphql::types::task::Task;
use crate::graphql::types::task_list::TaskList;
use crate::graphql::user_error::{UserError, top_level};
use crate::id::Kind;
use crate::service::Answer;
use crate::service::lineage::{LineageItem, LineageOutcome};

/// 要结转的一项任务。
/// A task to be carried over.
#[derive(InputObject)]
pub struct TaskListCarryOverItem {
    /// 任务，属于同一发文单位的已印发清单且尚未完成。
    /// The task, of an issued list of the same issuer, and not done.
    task: ID,
    /// 结转理由，至多 2000 字。
    /// Why it is carried over, at most 2,000 characters.
    reason: String,
    /// 在新清单中的编号；不填则沿用，已被占用时取下一个。
    /// Its number in the new list; the old one when missing, or the next that is free.
    number: Option<String>,
}

/// 结转。
/// Tasks to be carried over.
#[derive(InputObject)]
pub struct TaskListCarryOverInput {
    /// 操作所依据的草稿版本。
    /// The version of the draft that was read.
    expected_version: i32,
    /// 任务，至多 100 项。
    /// The tasks, at most 100.
    items: Vec<TaskListCarryOverItem>,
}

/// 要分解的一项上级任务。
/// A task of a list above to be taken up.
#[derive(InputObject)]
pub struct TaskListDeriveItem {
    /// 上级任务，须为本人可见，且指派给本级发文单位或其上下级。
    /// The task, which the caller sees and which is assigned to the issuer of the draft, or above or below it.
    task: ID,
    /// 在本级清单中的编号；不填则沿用，已被占用时取下一个。
    /// Its number in the unit's own list; the old one when missing, or the next that is free.
    number: Option<String>,
}

/// 分解。
/// Tasks to be taken up.
#[derive(InputObject)]
pub struct TaskListDeriveInput {
    /// 操作所依据的草稿版本。
    /// The version of the draft that was read.
    expected_version: i32,
    /// 上级任务，至多 100 项。
    /// The tasks, at most 100.
    items: Vec<TaskListDeriveItem>,
}

/// 其中一项的结果；各项互不影响。
/// What came of one of them; each stands for itself.
#[derive(SimpleObject)]
pub struct TaskLineageOutcome {
    /// 草稿中新建的任务；未建时为空。
    /// The task that was made in the draft; null when none was.
    task: Option<Task>,
    /// 需要用户处理的问题，位置从这一项算起；为空表示成功。
    /// What the user has to mend, with places inside this item; empty means done.
    user_errors: Vec<UserError>,
}

/// 结转或分解的结果。
/// What came of carrying tasks over or taking them up.
#[derive(SimpleObject)]
pub struct TaskLineagePayload {
    /// 草稿的最新状态；不可见时为空。
    /// The draft as it is now; null when invisible.
    task_list: Option<TaskList>,
    /// 逐项的结果，次序与所给一致；整批未处理时为空。
    /// One outcome for each, in the order given; empty when none was looked at.
    outcomes: Vec<TaskLineageOutcome>,
    /// 整批的问题，如草稿版本不符、项数过多；为空表示已逐项处理。
    /// What is wrong with the call as a whole, such as a stale draft or too many items; empty means that each was looked at.
    user_errors: Vec<UserError>,
}

impl TaskLineagePayload {
    async fn new(
        request: &RequestContext,
        answer: Answer<Vec<LineageOutcome>>,
        list: Uuid,
    ) -> async_graphql::Result<Self> {
        let (outcomes, errors) = match answer.map_err(top_level)? {
            Ok(outcomes) => (outcomes, Vec::new()),
            Err(errors) => (Vec::new(), errors),
        };
        let keys: Vec<Uuid> = outcomes.iter().filter_map(|outcome| outcome.task).collect();
        let seen = request.reader.by_keys::<task::Entity>(&keys).await.map_err(|error| top_level(error.into()))?;
        let said = outcomes.into_iter().map(|outcome| TaskLineageOutcome {
            task: outcome.task.and_then(|id| seen.get(&id)).cloned().map(Task::from),
            user_errors: outcome
                .errors
                .into_iter()
                .map(|error| {
                    let text = if request.lang == Lang::Zh { error.zh } else { error.en };
                    UserError::said(error.code, text, error.field)
                })
                .collect(),
        });
        Ok(Self {
            outcomes: said.collect(),
            task_list: request.fresh::<task_list::Entity>(list).await?.map(TaskList::from),
            user_errors: errors.iter().map(|error| UserError::localised(error, request.lang)).collect(),
        })
    }
}

/// What an office does with tasks of other lists.
#[derive(Default)]
pub struct LineageMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl LineageMutation {
    /// 把同一发文单位已印发清单中未完成的任务结转到草稿，逐项写明理由并给出结果；名称、要求、单位、时限原文照抄，所在章节一并带来，时限按新年度重新推算，推算不出的待人工确认；同一任务在一份清单中只结转一次（发文单位的政务公开办）。
    /// Carries open tasks of issued lists of the same issuer over into a draft, each for a reason and with an outcome: title, requirement, units, printed deadline and the sections above are copied, the day is read anew for the new year or asked about; a task goes into a list once (the office of the issuer).
    async fn task_list_carry_over(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "草稿。\nThe draft.")] id: ID,
        #[graphql(desc = "任务。\nThe tasks.")] input: TaskListCarryOverInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskLineagePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::TaskList, &id)?;
        let item = |item: TaskListCarryOverItem| -> async_graphql::Result<LineageItem> {
            Ok(LineageItem { task: key(Kind::Task, &item.task)?, reason: Some(item.reason), number: item.number })
        };
        let items = input.items.into_iter().map(item).collect::<Result<Vec<_>, _>>()?;
        let version = input.expected_version;
        let answer = request.service.task_list_carry_over(&request.caller, idempotency_key, id, version, items).await;
        TaskLineagePayload::new(request, answer, id).await
    }

    /// 把上级清单中指派给本级的任务分解到本级草稿，逐项给出结果并记录来源，所在章节一并带来；责任单位由本级另定（本级清单发文单位的政务公开办，且本人须能看到上级任务）。
    /// Takes tasks of lists above up into a draft of the unit's own, with an outcome for each; the sections above come along, where they come from is kept, and who does them the unit says (the office of the draft's issuer, for tasks the caller sees).
    async fn task_list_derive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "草稿。\nThe draft.")] id: ID,
        #[graphql(desc = "任务。\nThe tasks.")] input: TaskListDeriveInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskLineagePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::TaskList, &id)?;
        let item = |item: TaskListDeriveItem| -> async_graphql::Result<LineageItem> {
            Ok(LineageItem { task: key(Kind::Task, &item.task)?, reason: None, number: item.number })
        };
        let items = input.items.into_iter().map(item).collect::<Result<Vec<_>, _>>()?;
        let version = input.expected_version;
        let answer = request.service.task_list_derive(&request.caller, idempotency_key, id, version, items).await;
        TaskLineagePayload::new(request, answer, id).await
    }
}
