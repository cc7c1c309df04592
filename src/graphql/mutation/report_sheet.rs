//! The form that a unit filled in offline: the difference first, then the saving of it.

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use entity::report_obligation;
use uuid::Uuid;

use crate::domain::lang::Lang;
use crate::graphql::context::{self, RequestContext, key};
use crate::graphql::enums::Completion;
use crate::graphql::types::obligation::ReportObligation;
use crate::graphql::upload::Upload;
use crate::graphql::user_error::{UserError, top_level};
use crate::id::Kind;
use crate::service::Answer;
use crate::service::report_sheet::{self, Content, SheetImport, SheetImported, SheetProblem, SheetRow};
use crate::store::Visible;

/// 填好的落实情况表。
/// A form that a unit filled in.
#[derive(InputObject)]
pub struct ProgressReportImportInput {
    /// 报告期。
    /// The period it reports on.
    period: ID,
    /// 填好的空白表：已上传文件的标识，或 multipart 请求中的文件。可为 docx、xlsx 或 csv；“编号”列须保持原样，空白单元格不改动已填内容。
    /// The filled form: the identifier of an upload, or a file part of a multipart request. A docx, xlsx or csv file with its column 编号 untouched; a blank cell takes nothing away.
    file: Upload,
    /// 只显示差异、不保存，默认是。
    /// Only shows the difference; true unless said.
    dry_run: Option<bool>,
    /// 已确认的差异，取自试导入返回的 digest；保存时差异若已不同，返回 STALE 而不保存。
    /// The difference that was agreed to, as `digest` of the dry run gave it; where it is another one by now, the answer is STALE and nothing is saved.
    digest: Option<String>,
}

/// 表中一行的处理结果。
/// What becomes of a row of a filled form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "report_sheet::SheetRowState")]
pub enum ReportSheetRowState {
    /// 与已填内容一致，或此行未填。
    /// The same as what is written, or blank.
    Unchanged,
    /// 首次填写。
    /// A report is begun.
    New,
    /// 有修改。
    /// A report is changed.
    Changed,
    /// 有不同，但不能导入，见 reason。
    /// It differs and is passed over; see `reason`.
    Skipped,
}

/// 报告中可由表格修改的内容。
/// A part of a report that a form can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "report_sheet::SheetPart")]
pub enum ReportSheetPart {
    /// 落实情况。
    /// What was done.
    Narrative,
    /// 完成程度。
    /// How far the work is.
    Completion,
    /// 完成百分比。
    /// Per cent done.
    Percent,
    /// 完成次数。
    /// How often the task was done.
    DoneCount,
    /// 填报人姓名。
    /// The contact's name.
    ReporterName,
    /// 填报人电话。
    /// The contact's telephone number.
    ReporterPhone,
}

/// 表中须人工查看的问题的种类。
/// The kinds of what a person must look at in a filled form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "report_sheet::SheetProblemKind")]
pub enum ReportSheetProblemKind {
    /// 已填写的行没有编号，按序号也不能确定。
    /// A filled row has no key, and its number does not tell which it is.
    NoKey,
    /// 编号重复，只读取第一行。
    /// Two rows have the same key; the first counts.
    KeyTwice,
    /// 编号不属于本单位本期的应报事项。
    /// The key is none of what the unit owes for this period.
    UnknownKey,
    /// 两行是同一事项，只读取前一行。
    /// Two rows are about the same task; the earlier one counts.
    RowTwice,
    /// 完成情况不是规定的用语。
    /// No word for how far the work is.
    Completion,
    /// 佐证材料不随表导入。
    /// Evidence is not taken over.
    Evidence,
    /// 没有填写填报单位。
    /// The form does not say which unit reports.
    NoUnit,
    /// 填报人姓名无法读取。
    /// The name of the reporter can't be taken over.
    Reporter,
    /// 手机号码无法识别。
    /// The telephone number is not understood.
    Phone,
    /// 填报时间不是日期。
    /// The date of the report is no date.
    Date,
}

/// 表中须人工查看的问题。
/// Something in a filled form that a person must look at.
#[derive(SimpleObject)]
pub struct ReportSheetProblem {
    /// 种类。
    /// The kind.
    kind: ReportSheetProblemKind,
    /// 在文件中的位置；关于整个文件时为空。
    /// Where in the file; null when it is about the whole.
    place: Option<String>,
    /// 原文，至多 200 字。
    /// What was printed, at most 200 characters.
    printed: Option<String>,
    /// 说明。
    /// The sentence, in the language asked for.
    text: String,
}

impl ReportSheetProblem {
    fn new(problem: SheetProblem, lang: Lang) -> Self {
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            kind: problem.kind.into(),
            text: problem.kind.text(lang).to_owned(),
            place: said(problem.place),
            printed: said(problem.printed),
        }
    }
}

/// 一份报告的内容。
/// What a report says.
#[derive(SimpleObject)]
pub struct ReportSheetContent {
    /// 落实情况。
    /// What was done.
    narrative: Option<String>,
    /// 完成程度。
    /// How far the work is.
    completion: Option<Completion>,
    /// 完成百分比。
    /// Per cent done.
    percent: Option<i32>,
    /// 完成次数；没有次数要求的任务为空。
    /// How often the task was done; null when it is not a recurring one.
    done_count: Option<i32>,
}

impl From<Content> for ReportSheetContent {
    fn from(content: Content) -> Self {
        let Content { narrative, completion, percent, done_count } = content;
        Self { narrative, completion: completion.map(Into::into), percent, done_count }
    }
}

/// 表中的一行与已填报告的对照。
/// A row of a filled form beside the report as it is.
#[derive(SimpleObject)]
pub struct ReportSheetRow {
    /// 应报事项。
    /// The obligation that is answered.
    obligation: ReportObligation,
    /// 任务编号。
    /// The number of the task.
    task_number: Option<String>,
    /// 在文件中的位置。
    /// Where in the file the row stands.
    place: String,
    /// 处理结果。
    /// What becomes of it.
    state: ReportSheetRowState,
    /// 不能导入的原因；仅 SKIPPED 时有。
    /// Why it is passed over; only with SKIPPED.
    reason: Option<UserError>,
    /// 有不同的各项。
    /// What differs.
    changes: Vec<ReportSheetPart>,
    /// 导入前的内容；尚未填写时为空。
    /// The report before; null when nothing was written.
    before: Option<ReportSheetContent>,
    /// 按表导入后的内容；均未填写时为空。
    /// The report as the form has it; null when neither says anything.
    after: Option<ReportSheetContent>,
}

impl ReportSheetRow {
    fn new(row: SheetRow, obligation: Visible<report_obligation::Model>, lang: Lang) -> Self {
        let reason = |reason: report_sheet::SkipReason| {
            UserError::said(reason.code, lang.pick(&reason.zh, &reason.en).to_owned(), reason.field)
        };
        Self {
            obligation: obligation.into(),
            task_number: row.number,
            place: row.place,
            state: row.state.into(),
            reason: row.reason.map(reason),
            changes: row.changed.into_iter().map(Into::into).collect(),
            before: row.before.map(Into::into),
            after: row.after.map(Into::into),
        }
    }
}

/// 导入填好的落实情况表的结果。
/// What came of a filled form.
#[derive(Default, SimpleObject)]
pub struct ProgressReportImportPayload {
    /// 属于本单位应报事项的各行，按文件中的次序，至多 5000 行。
    /// The rows that belong to what the unit owes, as in the file; at most 5,000.
    rows: Vec<ReportSheetRow>,
    /// 须人工查看的问题，至多列出前 1000 个。
    /// What a person must look at; the first 1,000.
    problems: Vec<ReportSheetProblem>,
    /// 本次差异的核对码，保存时带回；文件不能导入时为空。
    /// Names this difference, to be sent back with the saving; null when the file can't be used.
    digest: Option<String>,
    /// 已保存为草稿的报告数；试导入时为 0。
    /// Reports that were saved as drafts; 0 after a dry run.
    saved_count: i32,
    /// 本单位本期应报而表中没有的事项数。
    /// What the unit owes for this period and the form has no row for.
    absent_count: i32,
    /// 需要用户处理的问题；为空表示成功。
    /// What the user has to mend; empty means done.
    user_errors: Vec<UserError>,
}

impl ProgressReportImportPayload {
    async fn new(request: &RequestContext, answer: Answer<SheetImported>) -> async_graphql::Result<Self> {
        let imported = match answer.map_err(top_level)? {
            Ok(imported) => imported,
            Err(errors) => {
                let user_errors = errors.iter().map(|error| UserError::localised(error, request.lang)).collect();
                return Ok(Self { user_errors, ..Self::default() });
            }
        };
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        // A repeated call is answered as it was at first, with what the caller still sees of it.
        let keys: Vec<Uuid> = imported.rows.iter().map(|row| row.obligation).collect();
        let seen = request.reader.by_keys::<report_obligation::Entity>(&keys).await;
        let mut seen: HashMap<Uuid, _> = seen.map_err(|error| top_level(error.into()))?;
        let shown = |row: SheetRow| {
            let obligation = seen.remove(&row.obligation)?;
            Some(ReportSheetRow::new(row, obligation, request.lang))
        };
        Ok(Self {
            digest: Some(imported.digest),
            saved_count: count(imported.saved),
            absent_count: count(imported.absent),
            rows: imported.rows.into_iter().filter_map(shown).collect(),
            problems: imported
                .problems
                .into_iter()
                .map(|problem| ReportSheetProblem::new(problem, request.lang))
                .collect(),
            user_errors: Vec::new(),
        })
    }
}

/// What a unit sends back.
#[derive(Default)]
pub struct ReportSheetMutation;

#[Object(guard = "crate::graphql::guard::REPORTING")]
impl ReportSheetMutation {
    /// 导入填好的落实情况表（承担任务的单位）：先显示与已填内容的差异，确认后保存为草稿；已提交或已通过的报告不改动。
    /// Takes a filled form over (the reporting unit): shows how it differs from what is written, and saves that as drafts when asked to; reports handed in or accepted stay as they are.
    async fn progress_report_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe form.")] input: ProgressReportImportInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字；试导入时不起作用。\nRepeating the call with the same key does it once; 1 to 128 characters, without effect on a dry run."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<ProgressReportImportPayload> {
        let request = context::of(ctx)?;
        let period = key(Kind::ReportingPeriod, &input.period)?;
        let file = match input.file.file(ctx, "input.file") {
            Ok(file) => file,
            Err(errors) => return ProgressReportImportPayload::new(request, Ok(Err(errors))).await,
        };
        let import = SheetImport { period, file, dry_run: input.dry_run.unwrap_or(true), digest: input.digest };
        let answer = request.service.progress_report_import_file(&request.caller, idempotency_key, import).await;
        ProgressReportImportPayload::new(request, answer).await
    }
}
