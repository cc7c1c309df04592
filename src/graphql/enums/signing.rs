//! Words of signatures and evidence.

use async_graphql::Enum;
use entity::vocabulary;

use crate::domain::text_diff;

/// 审签人的决定。
/// What an approver decided inside the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::SignatureDecision")]
pub enum SignatureDecision {
    /// 签发，报政务公开办。
    /// Signed; it went to the office.
    Signed,
    /// 退回填报人修改。
    /// Sent back to its writer.
    SentBack,
}

/// 佐证材料的种类。
/// What a piece of evidence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "vocabulary::EvidenceKind")]
pub enum EvidenceKind {
    /// 链接。
    /// A web page.
    Link,
    /// 文号。
    /// The number of a document.
    DocumentNumber,
    /// 文件。
    /// A file that was brought in.
    File,
}

/// 一段文字的变化。
/// What became of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "text_diff::Change")]
pub enum TextChange {
    /// 未变。
    /// In both.
    Equal,
    /// 新增。
    /// Only in the later text.
    Insert,
    /// 删去。
    /// Only in the earlier text.
    Delete,
}

/// 两次提交之间可能变化的项目。
/// What can differ between two revisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
pub enum RevisionField {
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
    /// 填报时间。
    /// The day the unit wrote on it.
    FilledOn,
}
