//! Amendments of lists in force.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::vocabulary::AssignmentTarget;
use entity::{amendment, task_list};
use uuid::Uuid;

use super::tasks::DeadlineInput;
use crate::graphql::context::{self, RequestContext, key, keys, optional_key};
use crate::graphql::enums::AssignmentRole;
use crate::graphql::patch;
use crate::graphql::types::amendment::Amendment;
use crate::graphql::types::task_list::TaskList;
use crate::graphql::user_error::{UserError, bad_request, top_level};
use crate::id::Kind;
use crate::service::Answer;
use crate::service::amendments::{AddedUnit, Amend, Amended, Change, TakeOver};
use crate::service::assignments::Whom;
use crate::service::tasks::{NewTask, TaskChange};

/// 对已印发清单的调整。
/// An amendment of a list in force.
#[derive(InputObject)]
pub struct TaskListAmendInput {
    /// 操作所依据的清单版本。
    /// The version of the list that was read.
    expected_version: i32,
    /// 理由，至多 2000 字。
    /// Why, at most 2000 characters.
    reason: String,
    /// 文号，至多 100 字。
    /// The document number, at most 100 characters.
    document_number: Option<String>,
    /// 调整事项，按此次序进行，至多 100 项；有一项不成立则全部不生效。
    /// The changes in this order, at most 100; when one is wrong none is made.
    changes: Vec<AmendmentChangeInput>,
}

/// 一项调整，五者择一。
/// A change: exactly one of the five.
#[derive(InputObject)]
pub struct AmendmentChangeInput {
    /// 增加任务。
    /// Adds a task.
    add_task: Option<AmendmentAddTaskInput>,
    /// 修改任务。
    /// Changes a task.
    change_task: Option<AmendmentChangeTaskInput>,
    /// 撤销任务。
    /// Withdraws a task.
    withdraw_task: Option<AmendmentWithdrawTaskInput>,
    /// 增加单位。
    /// Adds an assignment.
    add_assignment: Option<AmendmentAddAssignmentInput>,
    /// 撤回单位。
    /// Withdraws an assignment.
    withdraw_assignment: Option<AmendmentWithdrawAssignmentInput>,
}

/// 承担任务的单位或单位组。
/// Who is added to a task: a unit or a group.
#[derive(InputObject)]
pub struct AmendmentUnitInput {
    /// 角色。
    /// The role.
    role: AssignmentRole,
    /// 单位。
    /// The unit.
    unit: Option<ID>,
    /// 单位组，随即展开为其现有成员。
    /// The group; it becomes its members at once.
    group: Option<ID>,
    /// 原文称呼；未给出 unit 和 group 时按此称呼在名录中查找单位。
    /// The name as printed; without `unit` and `group` the unit of this name is looked up.
    name: Option<String>,
    /// 职责范围。
    /// The part it is limited to.
    scope_note: Option<String>,
}

/// 增加的任务。
/// A task to be added.
#[derive(InputObject)]
pub struct AmendmentAddTaskInput {
    /// 所在章节。
    /// The section it stands under.
    section: Option<ID>,
    /// 编号，清单内唯一（含已撤销的），至多 50 字。
    /// The number, unique in the list with what was withdrawn, at most 50 characters.
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
    /// 其他时限，至多 10 个。
    /// Further deadlines, at most 10.
    further_deadlines: Option<Vec<DeadlineInput>>,
    /// 是否激励性指标。
    /// Whether it is marked 激励性指标.
    incentive: Option<bool>,
    /// 承担单位，至少一个牵头或责任单位。
    /// Who does it; at least one leads or is responsible.
    assignments: Vec<AmendmentUnitInput>,
}

/// 对任务的修改；未给出的项不变，null 表示清空。
/// Changes of a task; what is not given stays, null takes it away.
#[derive(InputObject)]
pub struct AmendmentChangeTaskInput {
    /// 任务。
    /// The task.
    task: ID,
    /// 任务名称。
    /// The title.
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
}

/// 撤销的任务。
/// A task to be withdrawn.
#[derive(InputObject)]
pub struct AmendmentWithdrawTaskInput {
    /// 任务。
    /// The task.
    task: ID,
}

/// 增加的单位。
/// Somebody to be added to a task.
#[derive(InputObject)]
pub struct AmendmentAddAssignmentInput {
    /// 任务。
    /// The task.
    task: ID,
    /// 单位或单位组。
    /// The unit or group.
    assignment: AmendmentUnitInput,
}

/// 撤回的指派；撤回单位组时，由其展开的单位一并撤回。
/// An assignment to be withdrawn; with a group go the units it came to.
#[derive(InputObject)]
pub struct AmendmentWithdrawAssignmentInput {
    /// 指派。
    /// The assignment.
    assignment: ID,
}

/// 补充单位组的新成员。
/// Members that joined a group since and are taken over.
#[derive(InputObject)]
pub struct AssignmentGroupTakeOverInput {
    /// 操作所依据的清单版本。
    /// The version of the list that was read.
    expected_version: i32,
    /// 理由，至多 2000 字。
    /// Why, at most 2000 characters.
    reason: String,
    /// 补充的单位，至多 100 个。
    /// The units, at most 100.
    units: Vec<ID>,
}

impl AmendmentUnitInput {
    fn added(self) -> async_graphql::Result<AddedUnit> {
        let (unit, group) =
            (optional_key(Kind::Unit, self.unit.as_ref())?, optional_key(Kind::UnitGroup, self.group.as_ref())?);
        let by_name = unit.is_none() && group.is_none();
        let target = by_name.then_some(AssignmentTarget::Unit);
        Ok(AddedUnit {
            role: self.role.into(),
            whom: Whom { target, unit, group, name: self.name },
            scope_note: self.scope_note,
        })
    }
}

fn all(deadlines: Vec<DeadlineInput>) -> async_graphql::Result<Vec<crate::domain::deadline::Deadline>> {
    deadlines.into_iter().map(DeadlineInput::deadline).collect()
}

impl AmendmentAddTaskInput {
    fn change(self, list: Uuid) -> async_graphql::Result<Change> {
        let new = NewTask {
            task_list: list,
            section: optional_key(Kind::Section, self.section.as_ref())?,
            number: self.number,
            title: self.title,
            requirement: self.requirement,
            lead_text: self.lead_text,
            unit_text: self.responsibility_text,
            deadline: self.deadline.map(DeadlineInput::deadline).transpose()?,
            further_deadlines: all(self.further_deadlines.unwrap_or_default())?,
            incentive: self.incentive.unwrap_or_default(),
            position: None,
        };
        let units = self.assignments.into_iter().map(AmendmentUnitInput::added).collect::<Result<_, _>>()?;
        Ok(Change::AddTask(Box::new(new), units))
    }
}

impl AmendmentChangeTaskInput {
    fn change(self) -> async_graphql::Result<Change> {
        let deadline = patch(self.deadline).map(|own| own.map(DeadlineInput::deadline).transpose()).transpose()?;
        let change = TaskChange {
            title: patch(self.title),
            requirement: patch(self.requirement),
            lead_text: patch(self.lead_text),
            unit_text: patch(self.responsibility_text),
            deadline,
            further_deadlines: self.further_deadlines.map(all).transpose()?,
            incentive: self.incentive,
            ..TaskChange::default()
        };
        Ok(Change::ChangeTask(key(Kind::Task, &self.task)?, Box::new(change)))
    }
}

impl AmendmentChangeInput {
    fn change(self, list: Uuid) -> async_graphql::Result<Change> {
        match (self.add_task, self.change_task, self.withdraw_task, self.add_assignment, self.withdraw_assignment) {
            (Some(new), None, None, None, None) => new.change(list),
            (None, Some(change), None, None, None) => change.change(),
            (None, None, Some(gone), None, None) => Ok(Change::WithdrawTask(key(Kind::Task, &gone.task)?)),
            (None, None, None, Some(new), None) => {
                Ok(Change::AddAssignment(key(Kind::Task, &new.task)?, new.assignment.added()?))
            }
            (None, None, None, None, Some(gone)) => {
                Ok(Change::WithdrawAssignment(key(Kind::Assignment, &gone.assignment)?))
            }
            _ => Err(bad_request(
                "a change is exactly one of addTask, changeTask, withdrawTask, addAssignment and withdrawAssignment",
            )),
        }
    }
}

/// 调整的结果。
/// What came of an amendment.
#[derive(async_graphql::SimpleObject)]
pub struct TaskListAmendPayload {
    /// 清单的最新状态；不可见时为空。
    /// The list as it is now; null when invisible.
    pub task_list: Option<TaskList>,
    /// 调整；未生效时为空。
    /// The amendment; null when none was made.
    pub amendment: Option<Amendment>,
    /// 需要用户处理的问题；为空表示成功。
    /// What the user has to mend; empty means done.
    pub user_errors: Vec<UserError>,
}

impl TaskListAmendPayload {
    async fn new(
        request: &RequestContext,
        answer: Answer<Amended>,
        meant: Option<Uuid>,
    ) -> async_graphql::Result<Self> {
        let (list, amendment, errors) = match answer.map_err(top_level)? {
            Ok(done) => (Some(done.list), Some(done.amendment), Vec::new()),
            Err(errors) => (meant, None, errors),
        };
        let task_list = match list {
            Some(list) => request.fresh::<task_list::Entity>(list).await?.map(TaskList::from),
            None => None,
        };
        let amendment = match amendment {
            Some(amendment) => request.fresh::<amendment::Entity>(amendment).await?.map(Amendment::from),
            None => None,
        };
        let user_errors = errors.iter().map(|error| UserError::localised(error, request.lang)).collect();
        Ok(Self { task_list, amendment, user_errors })
    }
}

/// The verbs on lists in force.
#[derive(Default)]
pub struct AmendmentMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl AmendmentMutation {
    /// 调整已印发的清单（发文单位的政务公开办）：形成一个有编号的版本，并通知有关单位。
    /// Amends a list in force (the office at or above the issuer): a numbered version, with notice to the units concerned.
    async fn task_list_amend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "清单。\nThe list.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: TaskListAmendInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListAmendPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::TaskList, &id)?;
        let amend = Amend {
            expected_version: input.expected_version,
            reason: input.reason,
            document_number: input.document_number,
            changes: input.changes.into_iter().map(|change| change.change(id)).collect::<Result<_, _>>()?,
        };
        let answer = request.service.task_list_amend(&request.caller, idempotency_key, id, amend).await;
        TaskListAmendPayload::new(request, answer, Some(id)).await
    }

    /// 将印发后加入单位组的单位补充进任务（发文单位的政务公开办），以一次调整进行。
    /// Takes units that joined a group after the issue into what the group does (the office at or above the issuer), as an amendment.
    async fn assignment_group_take_over(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "单位组的指派。\nThe assignment of the group.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: AssignmentGroupTakeOverInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListAmendPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Assignment, &id)?;
        let units = keys(Kind::Unit, &input.units)?;
        let take_over = TakeOver { expected_version: input.expected_version, reason: input.reason, units };
        let answer = request.service.assignment_group_take_over(&request.caller, idempotency_key, id, take_over).await;
        TaskListAmendPayload::new(request, answer, None).await
    }
}
