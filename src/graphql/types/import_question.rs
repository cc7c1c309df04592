//! Questions of imports.

use async_graphql::{Context, ID, Object};
use entity::{import_question, task, task_list, user_account};

use super::object_of_row;
use super::task::Task;
use super::task_list::TaskList;
use super::user::User;
use crate::domain::lang::Lang;
use crate::domain::question::QuestionKind;
use crate::graphql::context::{self, id};
use crate::graphql::enums::{ImportQuestionKind, ImportQuestionStatus};
use crate::graphql::filter::{IdFilter, ImportQuestionStatusFilter, StringFilter, filter_input, order_input};
use crate::graphql::page::connection;
use crate::graphql::scalar::DateTime;
use crate::id::Kind;
use crate::store::query::lists;

object_of_row! {
    /// A question of an import.
    ImportQuestion, import_question::Model
}

connection! {
    /// 导入问题的分页列表。
    /// A page of questions of an import.
    ImportQuestionConnection,
    /// 导入问题及其游标。
    /// A question of an import with its cursor.
    ImportQuestionEdge, ImportQuestion, import_question::Model
}

filter_input! {
    /// 导入问题筛选。
    /// Which questions of an import.
    ImportQuestionFilter => lists::ImportQuestionLeaf {
        /// 状态。
        /// Where it stands.
        status: ImportQuestionStatusFilter => |v| v.into(),
        /// 所关任务；isNull 为 true 即关于整份清单的问题。
        /// The task it is about; `isNull: true` gives those about the list as a whole.
        task: IdFilter => |v| v.keys(Kind::Task)?,
        /// 原文。
        /// The words as printed.
        printed: StringFilter => |v| v.into(),
    }
}

order_input! {
    /// 导入问题排序。
    /// In which order questions of an import come.
    ImportQuestionOrder,
    /// 导入问题排序依据。
    /// By what questions of an import are ordered.
    ImportQuestionOrderField => lists::ImportQuestionOrder, default Position {
        /// 文件中的次序。
        /// As in the file.
        Position,
        /// 修改时间。
        /// By the last change.
        UpdatedAt,
    }
}

/// 导入时不能确定、须人工确认的问题。
/// What the reader of a file asks a person about a draft.
#[Object]
impl ImportQuestion {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::ImportQuestion, self.0.id)
    }

    /// 所在清单。
    /// The list.
    async fn task_list(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TaskList>> {
        Ok(context::of(ctx)?.row::<task_list::Entity>(self.0.task_list_id).await?.map(TaskList::from))
    }

    /// 所关任务；关于整份清单时为空。
    /// The task it is about; null when it is about the list as a whole.
    async fn task(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Task>> {
        match self.0.task_id {
            Some(key) => Ok(context::of(ctx)?.row::<task::Entity>(key).await?.map(Task::from)),
            None => Ok(None),
        }
    }

    /// 在文件中的次序。
    /// The place among the questions.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// 种类。
    /// The kind.
    async fn kind(&self) -> ImportQuestionKind {
        QuestionKind::of_code(&self.0.kind).into()
    }

    /// 所问的内容项，如 deadline、unitText、year。
    /// The part of the draft it is about, such as deadline, unitText, year.
    async fn subject(&self) -> &str {
        &self.0.subject
    }

    /// 在文件中的位置。
    /// Where in the file the words stand.
    async fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// 原文。
    /// The words as printed.
    async fn printed(&self) -> Option<&str> {
        self.0.printed.as_deref()
    }

    /// 待确认的内容，语言随 Accept-Language。
    /// What is asked, in the language asked for by Accept-Language.
    async fn text(&self, ctx: &Context<'_>) -> async_graphql::Result<&str> {
        Ok(match context::of(ctx)?.lang {
            Lang::Zh => &self.0.text_zh,
            Lang::En => &self.0.text_en,
        })
    }

    /// 可能的值，至多 20 个。
    /// Values it could be, at most 20.
    async fn candidates(&self) -> Vec<String> {
        let mut candidates: Vec<String> = serde_json::from_value(self.0.candidates.clone()).unwrap_or_default();
        candidates.truncate(20);
        candidates
    }

    /// 建议值。
    /// The value that is proposed.
    async fn proposal(&self) -> Option<&str> {
        self.0.proposal.as_deref()
    }

    /// 状态。
    /// Where it stands.
    async fn status(&self) -> ImportQuestionStatus {
        self.0.status.into()
    }

    /// 答案；按现状确认时为空。
    /// The answer; null when the draft was kept as it stood.
    async fn answer(&self) -> Option<&str> {
        self.0.answer.as_deref()
    }

    /// 确认人。
    /// Who answered.
    async fn answered_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        match self.0.answered_by {
            Some(key) => Ok(context::of(ctx)?.row::<user_account::Entity>(key).await?.map(User::from)),
            None => Ok(None),
        }
    }

    /// 确认时间。
    /// When it was answered.
    async fn answered_at(&self) -> Option<DateTime> {
        self.0.answered_at.map(DateTime)
    }

    /// 版本，确认时须带回。
    /// The version to send back with an answer.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
