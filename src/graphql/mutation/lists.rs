//! Lists: started, changed, removed, imported, issued, closed, put away.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use entity::task_list;

use super::{VersionInput, delete_payload, payload};
use crate::domain::lang::Lang;
use crate::domain::question::QuestionKind;
use crate::error::{self, Message};
use crate::graphql::context::{self, RequestContext, key};
use crate::graphql::enums::ImportQuestionKind;
use crate::graphql::patch;
use crate::graphql::scalar::Date;
use crate::graphql::types::task_list::TaskList;
use crate::graphql::upload::Upload;
use crate::graphql::user_error::{UserError, top_level};
use crate::id::Kind;
use crate::service::Answer;
use crate::service::import::{self, ImportFile, Imported, Question};
use crate::service::issue::Issue;
use crate::service::lists::{NewTaskList, TaskListChange};

/// Questions that an import lists; a draft has all of them.
const QUESTIONS: usize = 100;

/// 新清单。
/// A new list.
#[derive(InputObject)]
pub struct TaskListCreateInput {
    /// 发文单位，须为本政务公开办所在单位或其下级。
    /// The issuing unit, at or below the office.
    issuer: ID,
    /// 年度，2000 至 2100。
    /// The year, 2000 to 2100.
    year: i32,
    /// 标题，至多 500 字。
    /// The title, at most 500 characters.
    title: String,
    /// 文号，至多 100 字。
    /// The document number, at most 100 characters.
    document_number: Option<String>,
    /// 落款，原文照录。
    /// The issuer as printed.
    issuer_text: Option<String>,
    /// 配合单位是否也须报送，默认否。
    /// Whether supporting units owe reports too; false unless said.
    support_reports: Option<bool>,
}

/// 对草稿的修改；未给出的项不变。
/// Changes of a draft; what is not given stays.
#[derive(InputObject)]
pub struct TaskListUpdateInput {
    /// 操作所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 年度。
    /// The year.
    year: Option<i32>,
    /// 标题。
    /// The title.
    title: Option<String>,
    /// 文号；null 表示取消。
    /// The document number; null takes it away.
    document_number: MaybeUndefined<String>,
    /// 落款；null 表示取消。
    /// The issuer as printed; null takes it away.
    issuer_text: MaybeUndefined<String>,
    /// 配合单位是否也须报送；印发后不能再改。
    /// Whether supporting units owe reports too; fixed once the list is issued.
    support_reports: Option<bool>,
}

/// 印发。
/// How a list is put in force.
#[derive(InputObject)]
pub struct TaskListIssueInput {
    /// 清单的版本；章节、任务、指派的修改也会使其增加，因此印发的必是所见的内容。
    /// The version of the list; changes of its sections, tasks and assignments count too, so what is issued is what was read.
    expected_version: i32,
    /// 印发日期，默认当天。
    /// The day of issue; today when none is given.
    issued_on: Option<Date>,
    /// 文号。
    /// The document number.
    document_number: Option<String>,
}

/// 待导入的清单。
/// A list to be imported.
#[derive(InputObject)]
pub struct TaskListImportInput {
    /// 发文单位。
    /// The issuing unit.
    issuer: ID,
    /// 清单文件：已上传文件的标识，或 multipart 请求中的文件。可为 docx、xlsx、xls、html、csv、txt 或 taizhang-list/1 JSON。与 content 二选一。
    /// The file of the list: the identifier of an upload, or a file part of a multipart request. A docx, xlsx, xls, html, csv or txt file, or the JSON form. Either this or `content`.
    file: Option<Upload>,
    /// taizhang-list/1 格式的 JSON 文本，供请求体上限内的小清单使用。与 file 二选一。
    /// The list as JSON text in the form taizhang-list/1, for lists that fit the body limit. Either this or `file`.
    content: Option<String>,
    /// 年度，文件未写明或写错时填写。
    /// The year, where the document has none or a wrong one.
    year: Option<i32>,
    /// 标题，文件没有标题时填写；都没有时自动拟定。
    /// The title, where the document has none; without both one is made up from year and issuer.
    title: Option<String>,
    /// 配合单位是否也须报送，默认否。
    /// Whether supporting units owe reports too; false unless said.
    support_reports: Option<bool>,
    /// 只检查、不导入，默认否。
    /// Only says what would come of it; false unless said.
    dry_run: Option<bool>,
}

payload! {
    /// 清单变更的结果。
    /// What came of a change of a list.
    TaskListPayload {
        /// 清单的最新状态；不可见时为空。
        /// The list as it is now; null when invisible.
        task_list: TaskList, task_list
    }
}

delete_payload! {
    /// 删除清单的结果。
    /// What came of the removal of a list.
    TaskListDeletePayload {
        /// 未能删除时清单的最新状态。
        /// The list as it is now, when it was not removed.
        task_list: TaskList, task_list, TaskList
    }
}

/// 读入文件时不能确定、须人工确认的内容。
/// What the reader of a list could not know.
#[derive(SimpleObject)]
pub struct ImportDoubt {
    /// 任务编号；关于整份清单时为空。
    /// The number of the task; null when it is about the list as a whole.
    number: Option<String>,
    /// 种类。
    /// The kind.
    kind: ImportQuestionKind,
    /// 在文件中的位置。
    /// Where in the file the words stand.
    place: Option<String>,
    /// 原文。
    /// The words as printed.
    printed: Option<String>,
    /// 待确认的内容。
    /// What is asked.
    text: String,
    /// 可能的值。
    /// Values it could be.
    candidates: Vec<String>,
    /// 建议值。
    /// The value that is proposed.
    proposal: Option<String>,
}

impl ImportDoubt {
    fn new(question: Question, lang: Lang) -> Self {
        Self {
            number: question.number,
            kind: QuestionKind::of_code(&question.kind).into(),
            place: question.place,
            printed: question.printed,
            text: lang.pick(&question.zh, &question.en).to_owned(),
            candidates: question.candidates,
            proposal: question.proposal,
        }
    }
}

/// 导入的结果。
/// What came of an import.
#[derive(SimpleObject)]
pub struct TaskListImportPayload {
    /// 导入的清单（草稿）；试导入或失败时为空。
    /// The list, a draft; null after a dry run or a failure.
    task_list: Option<TaskList>,
    /// 同一文件此前已导入，返回的是原清单。
    /// The same document was imported before; that list is returned and nothing is new.
    imported_before: bool,
    /// 章节数。
    /// Sections in the document.
    section_count: i32,
    /// 任务数。
    /// Tasks in the document.
    task_count: i32,
    /// 待人工确认的问题数。
    /// Questions to a person.
    question_count: i32,
    /// 待人工确认的问题，至多列出前 100 个；导入后全部见 `taskList.importQuestions`。
    /// The first 100 questions; after an import all of them are in `taskList.importQuestions`.
    questions: Vec<ImportDoubt>,
    /// 需要用户处理的问题；为空表示成功。
    /// What the user has to mend; empty means done.
    user_errors: Vec<UserError>,
}

impl TaskListImportPayload {
    async fn new(request: &RequestContext, answer: Answer<Imported>) -> async_graphql::Result<Self> {
        let mut payload = Self {
            task_list: None,
            imported_before: false,
            section_count: 0,
            task_count: 0,
            question_count: 0,
            questions: Vec::new(),
            user_errors: Vec::new(),
        };
        match answer.map_err(top_level)? {
            Ok(imported) => {
                let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
                if let Some(list) = imported.list {
                    payload.task_list = request.fresh::<task_list::Entity>(list).await?.map(TaskList::from);
                }
                payload.imported_before = imported.before;
                payload.section_count = count(imported.sections);
                payload.task_count = count(imported.tasks);
                payload.question_count = count(imported.questions.len());
                let listed = imported.questions.into_iter().take(QUESTIONS);
                payload.questions = listed.map(|question| ImportDoubt::new(question, request.lang)).collect();
            }
            Err(errors) => {
                payload.user_errors = errors.iter().map(|error| UserError::localised(error, request.lang)).collect();
            }
        }
        Ok(payload)
    }
}

/// The verbs on lists.
#[derive(Default)]
pub struct ListMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl ListMutation {
    /// 新建清单（发文单位的政务公开办）。
    /// Starts a list (the office at or above the issuer).
    async fn task_list_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe input.")] input: TaskListCreateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListPayload> {
        let request = context::of(ctx)?;
        let new = NewTaskList {
            issuer: key(Kind::Unit, &input.issuer)?,
            year: input.year,
            title: input.title,
            document_number: input.document_number,
            issuer_text: input.issuer_text,
            support_reports: input.support_reports.unwrap_or_default(),
        };
        let answer = request.service.task_list_create(&request.caller, idempotency_key, new).await;
        TaskListPayload::new(request, answer, None).await
    }

    /// 修改清单草稿（发文单位的政务公开办）。
    /// Changes a draft (the office at or above the issuer).
    async fn task_list_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "清单。\nThe list.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: TaskListUpdateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::TaskList, &id)?;
        let change = TaskListChange {
            expected_version: input.expected_version,
            year: input.year,
            title: input.title,
            document_number: patch(input.document_number),
            issuer_text: patch(input.issuer_text),
            support_reports: input.support_reports,
        };
        let answer = request.service.task_list_update(&request.caller, idempotency_key, id, change).await;
        TaskListPayload::new(request, answer, Some(id)).await
    }

    /// 删除清单草稿及其全部内容（发文单位的政务公开办）。
    /// Removes a draft with everything in it (the office at or above the issuer).
    async fn task_list_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "清单。\nThe list.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListDeletePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::TaskList, &id)?;
        let version = input.expected_version;
        let answer = request.service.task_list_delete(&request.caller, idempotency_key, id, version).await;
        TaskListDeletePayload::new(request, answer, Some(id)).await
    }

    /// 导入清单为草稿（发文单位的政务公开办）；要么全部导入，要么全不导入。
    /// Imports a list as a draft (the office at or above the issuer); everything or nothing.
    async fn task_list_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe input.")] input: TaskListImportInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListImportPayload> {
        let request = context::of(ctx)?;
        let issuer = key(Kind::Unit, &input.issuer)?;
        let content = match (input.file, input.content) {
            (Some(file), None) => {
                let asked = ImportFile {
                    issuer,
                    year: input.year,
                    title: input.title,
                    support_reports: input.support_reports.unwrap_or_default(),
                    dry_run: input.dry_run.unwrap_or_default(),
                };
                let file = match file.file(ctx, "input.file") {
                    Ok(file) => file,
                    Err(errors) => return TaskListImportPayload::new(request, Ok(Err(errors))).await,
                };
                let answer = request.service.task_list_import_file(&request.caller, idempotency_key, file, asked);
                return TaskListImportPayload::new(request, answer.await).await;
            }
            (None, Some(content)) => content,
            _ => {
                let error = error::UserError::at(error::UserErrorCode::Required, Message::FileOrContent, "input.file");
                return TaskListImportPayload::new(request, Ok(Err(vec![error]))).await;
            }
        };
        let document = match import::read_list(&content, input.year) {
            Ok(document) => document,
            Err(errors) => return TaskListImportPayload::new(request, Ok(Err(errors))).await,
        };
        let new = import::TaskListImport {
            issuer,
            read: document.into(),
            title: input.title,
            support_reports: input.support_reports.unwrap_or_default(),
            dry_run: input.dry_run.unwrap_or_default(),
        };
        let answer = request.service.task_list_import(&request.caller, idempotency_key, new).await;
        TaskListImportPayload::new(request, answer).await
    }

    /// 印发清单（发文单位的政务公开办）：把单位组展开为单位并固定，推算相对时限；有任务无人负责或导入问题待确认时拒绝。
    /// Puts a draft in force (the office at or above the issuer): groups become units and are frozen, relative deadlines get their days; refused while a task has nobody or a question of the import is open.
    async fn task_list_issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "清单。\nThe list.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: TaskListIssueInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::TaskList, &id)?;
        let issue = Issue {
            expected_version: input.expected_version,
            issued_on: input.issued_on.map(|day| day.0),
            document_number: input.document_number,
        };
        let answer = request.service.task_list_issue(&request.caller, idempotency_key, id, issue).await;
        TaskListPayload::new(request, answer, Some(id)).await
    }

    /// 办结清单（发文单位的政务公开办）；仍有未关闭的报告期时拒绝。
    /// Closes a list (the office at or above the issuer); refused while periods are open.
    async fn task_list_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "清单。\nThe list.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::TaskList, &id)?;
        let version = input.expected_version;
        let answer = request.service.task_list_close(&request.caller, idempotency_key, id, version).await;
        TaskListPayload::new(request, answer, Some(id)).await
    }

    /// 归档已办结的清单（发文单位的政务公开办）。
    /// Puts a closed list away (the office at or above the issuer).
    async fn task_list_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "清单。\nThe list.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<TaskListPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::TaskList, &id)?;
        let version = input.expected_version;
        let answer = request.service.task_list_archive(&request.caller, idempotency_key, id, version).await;
        TaskListPayload::new(request, answer, Some(id)).await
    }
}
