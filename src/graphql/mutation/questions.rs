//! Questions of imports: answered, or left as the draft stands.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::{import_question, task_list};

use super::payload;
use crate::error::{self, Message};
use crate::graphql::context::{self, key};
use crate::graphql::types::import_question::ImportQuestion;
use crate::graphql::types::task_list::TaskList;
use crate::graphql::user_error::{UserError, top_level};
use crate::id::Kind;
use crate::service::questions::{Answering, Choice};

/// 对导入问题的答复；keep、acceptProposal、value、unit、unitGroup 只给一项。
/// An answer to a question of an import; exactly one of keep, acceptProposal, value, unit and unitGroup.
#[derive(InputObject)]
pub struct ImportQuestionAnswerInput {
    /// 操作所依据的版本。
    /// The version that was read.
    expected_version: i32,
    /// 草稿现状正确，不作改动。
    /// The draft is right as it stands.
    keep: Option<bool>,
    /// 采用建议值。
    /// The proposal is right.
    accept_proposal: Option<bool>,
    /// 答案：候选值之一；期限问题可写日期或时限原文，单位问题可写单位名称或“牵头单位：…；责任单位：…”。
    /// The answer: one of the candidates; a day or the words of a deadline; the name of a unit, or a unit expression.
    value: Option<String>,
    /// 所指单位。
    /// The unit that is meant.
    unit: Option<ID>,
    /// 所指单位组。
    /// The group that is meant.
    unit_group: Option<ID>,
    /// 把原文登记为该单位（组）的别名，以后不再询问；默认是。
    /// Remembers the printed name as another name of the unit or group, so that it is not asked again; true unless said.
    remember: Option<bool>,
}

/// 按现状确认多个导入问题。
/// Several questions for which the draft stays as it stands.
#[derive(InputObject)]
pub struct ImportQuestionKeepInput {
    /// 问题，至多 100 个。
    /// The questions, at most 100.
    questions: Vec<ID>,
}

payload! {
    /// 答复导入问题的结果。
    /// What came of an answer to a question of an import.
    ImportQuestionPayload {
        /// 问题的最新状态；不可见时为空。
        /// The question as it is now; null when invisible.
        import_question: ImportQuestion, import_question
    }
}

/// 其中一个问题的结果。
/// What came of one of the questions.
#[derive(SimpleObject)]
pub struct ImportQuestionOutcome {
    /// 问题的最新状态；不存在或不可见时为空。
    /// The question as it is now; null when absent or invisible.
    import_question: Option<ImportQuestion>,
    /// 是否已确认；单位名称尚未确定的问题不能按现状确认，须逐个答复。
    /// Whether it is answered now; a name that still means nothing can't be kept and needs an answer of its own.
    answered: bool,
}

/// 按现状确认多个导入问题的结果。
/// What came of keeping the draft as it stands for several questions.
#[derive(SimpleObject)]
pub struct ImportQuestionKeepPayload {
    /// 清单的最新状态；不可见时为空。
    /// The list as it is now; null when invisible.
    task_list: Option<TaskList>,
    /// 各问题的结果，次序与所给一致。
    /// An outcome per question, in the order given.
    outcomes: Vec<ImportQuestionOutcome>,
    /// 需要用户处理的问题；为空表示成功。
    /// What the user has to mend; empty means done.
    user_errors: Vec<UserError>,
}

/// The verbs on questions of imports.
#[derive(Default)]
pub struct QuestionMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl QuestionMutation {
    /// 答复导入问题（发文单位的政务公开办）：答案写入草稿；同一清单中同名的问题一并确认，所答名称登记为别名。
    /// Answers a question of an import (the office at or above the issuer): the answer goes into the draft; the same name is answered wherever the list prints it, and remembered as an alias.
    async fn import_question_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "问题。\nThe question.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: ImportQuestionAnswerInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ImportQuestionPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::ImportQuestion, &id)?;
        let Some(choice) = choice(&input)? else {
            let error = error::UserError::at(error::UserErrorCode::Required, Message::OneAnswer, "input");
            return ImportQuestionPayload::new(request, Ok(Err(vec![error])), Some(id)).await;
        };
        let answering =
            Answering { expected_version: input.expected_version, choice, remember: input.remember.unwrap_or(true) };
        let answer = request.service.import_question_answer(&request.caller, idempotency_key, id, answering).await;
        ImportQuestionPayload::new(request, answer, Some(id)).await
    }

    /// 按现状确认多个导入问题（发文单位的政务公开办）；草稿不变，单位名称尚未确定的除外。
    /// Keeps the draft as it stands for several questions (the office at or above the issuer); those about a name that means nothing stay open.
    async fn import_question_keep(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "清单。\nThe list.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: ImportQuestionKeepInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ImportQuestionKeepPayload> {
        let request = context::of(ctx)?;
        let list = key(Kind::TaskList, &id)?;
        let questions = input
            .questions
            .iter()
            .map(|id| key(Kind::ImportQuestion, id))
            .collect::<async_graphql::Result<Vec<_>>>()?;
        let answer = request.service.import_questions_keep(&request.caller, idempotency_key, list, questions).await;
        let (outcomes, errors) = match answer.map_err(top_level)? {
            Ok(outcomes) => (outcomes, Vec::new()),
            Err(errors) => (Vec::new(), errors),
        };
        let mut kept = Vec::new();
        for outcome in outcomes {
            let row = request.fresh::<import_question::Entity>(outcome.question).await?;
            kept.push(ImportQuestionOutcome {
                import_question: row.map(ImportQuestion::from),
                answered: outcome.answered,
            });
        }
        Ok(ImportQuestionKeepPayload {
            task_list: request.fresh::<task_list::Entity>(list).await?.map(TaskList::from),
            outcomes: kept,
            user_errors: errors.iter().map(|error| UserError::localised(error, request.lang)).collect(),
        })
    }
}

/// The one way in which it is answered; nothing when there is none or more than one.
fn choice(input: &ImportQuestionAnswerInput) -> async_graphql::Result<Option<Choice>> {
    let mut choices = Vec::new();
    if input.keep == Some(true) {
        choices.push(Choice::Keep);
    }
    if input.accept_proposal == Some(true) {
        choices.push(Choice::Proposal);
    }
    choices.extend(input.value.clone().map(Choice::Value));
    if let Some(unit) = &input.unit {
        choices.push(Choice::Unit(key(Kind::Unit, unit)?));
    }
    if let Some(group) = &input.unit_group {
        choices.push(Choice::Group(key(Kind::UnitGroup, group)?));
    }
    Ok(if choices.len() == 1 { choices.pop() } else { None })
}
