//! Lists from documents and files.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::task_list;

use crate::domain::lang::Lang;
use crate::domain::question::QuestionKind;
use crate::error::{self, Message};
use crate::graphql::context::{self, RequestContext, key};
use crate::graphql::enums::ImportQuestionKind;
use crate::graphql::types::task_list::TaskList;
use crate::graphql::upload::Upload;
use crate::graphql::user_error::{UserError, top_level};
use crate::id::Kind;
use crate::service::Answer;
use crate::service::import::{self, ImportFile, Imported, Question};

/// Questions that an import lists; a draft has all of them.
const QUESTIONS: usize = 100;

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

/// Imports.
#[derive(Default)]
pub struct ImportMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl ImportMutation {
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
}
