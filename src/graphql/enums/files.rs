//! Words of files, exports and pictures.

use async_graphql::Enum;
use entity::vocabulary;

/// 文件用途。
/// What a file is kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::FilePurpose")]
pub enum FilePurpose {
    /// 上传。
    /// Brought in by the caller.
    Upload,
    /// 导出。
    /// Made by taizhang, to be fetched.
    Export,
}

/// 导出内容。
/// What an exported file shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::ExportView")]
pub enum ExportView {
    /// 清单本身。
    /// The list.
    Ledger,
    /// 一个单位的落实情况表。
    /// What one unit has reported.
    ReportSheet,
    /// 一个单位的空白填报表，可离线填写后导入。
    /// The blank form of one unit, to be filled in offline and brought back.
    ReportForm,
    /// 按单位、按章节的汇总。
    /// The sums per unit and section.
    Summary,
    /// 未报清单。
    /// Who still owes what.
    Missing,
}

/// 导出格式。
/// The form of an exported file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::ExportFormat")]
pub enum ExportFormat {
    /// Word 文档。
    /// Word.
    Docx,
    /// Excel 工作簿。
    /// Excel.
    Xlsx,
    /// 逗号分隔文本（UTF-8，带 BOM）。
    /// Separated values (UTF-8 with a byte order mark).
    Csv,
    /// taizhang-list/1，仅限清单本身。
    /// `taizhang-list/1`; for the list itself only.
    Json,
    /// 矢量图，仅限汇总。
    /// A drawing; for the summary only.
    Svg,
    /// 图片，仅限汇总；服务器须装有中文字体。
    /// A picture; for the summary only, where the server has a Chinese font.
    Png,
}

/// 导出的状态。
/// How far an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::ExportStatus")]
pub enum ExportStatus {
    /// 排队中。
    /// Waits.
    Queued,
    /// 进行中。
    /// Is being made.
    Running,
    /// 已完成。
    /// Done.
    Succeeded,
    /// 失败，原因见 problem。
    /// Came to nothing; `problem` says why.
    Failed,
}

/// 图表内容。
/// What a picture of a period shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "crate::service::charts::Shown")]
pub enum PeriodChartKind {
    /// 报送进度：通过、待审核、退回、未报。
    /// Reports accepted, waiting, returned and missing.
    Receipt,
    /// 完成程度。
    /// How far the tasks are.
    Progress,
}

/// 图表分组。
/// What the bars of a picture are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "crate::service::charts::Grouping")]
pub enum PeriodChartGrouping {
    /// 单位，按名录次序。
    /// Units, in the order of the directory.
    Unit,
    /// 章节，按印发次序。
    /// Sections, as printed.
    Section,
}
