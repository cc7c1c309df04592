//! What was handed in, signed and decided about a report.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{progress_report_revision, report_review, report_signature, unit, user_account};

use super::directory::Unit;
use super::object_of_row;
use super::user::User;
use crate::domain::text_diff::{Segment, diff};
use crate::graphql::context::{self, id};
use crate::graphql::enums::{Completion, ReviewDecision, RevisionField, SignatureDecision, TextChange};
use crate::graphql::loader::RevisionBefore;
use crate::graphql::page::connection;
use crate::graphql::scalar::{Date, DateTime};
use crate::id::Kind;

object_of_row! {
    /// A submitted revision of a report.
    ProgressReportRevision, progress_report_revision::Model
}
object_of_row! {
    /// A review of a report.
    ReportReview, report_review::Model
}
object_of_row! {
    /// A decision of an approver.
    ReportSignature, report_signature::Model
}

connection! {
    /// 报告历次提交的分页列表。
    /// A page of revisions.
    ProgressReportRevisionConnection,
    /// 一次提交及其游标。
    /// A revision with its cursor.
    ProgressReportRevisionEdge, ProgressReportRevision, progress_report_revision::Model
}
connection! {
    /// 审核的分页列表。
    /// A page of reviews.
    ReportReviewConnection,
    /// 审核及其游标。
    /// A review with its cursor.
    ReportReviewEdge, ReportReview, report_review::Model
}
connection! {
    /// 签发记录的分页列表。
    /// A page of signatures.
    ReportSignatureConnection,
    /// 签发记录及其游标。
    /// A signature with its cursor.
    ReportSignatureEdge, ReportSignature, report_signature::Model
}

/// 报告的一次提交。
/// What was handed in, as it was then.
#[Object]
impl ProgressReportRevision {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::ProgressReportRevision, self.0.id)
    }

    /// 第几次提交。
    /// Its number.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// 落实情况。
    /// What was done.
    async fn narrative(&self) -> &str {
        &self.0.narrative
    }

    /// 完成程度。
    /// How far the work was.
    async fn completion(&self) -> Completion {
        self.0.completion.into()
    }

    /// 完成百分比。
    /// Per cent done.
    async fn percent(&self) -> Option<i32> {
        self.0.percent
    }

    /// 完成次数；没有次数要求的任务为空。
    /// How often the task was done; null when it is not a recurring one.
    async fn done_count(&self) -> Option<i32> {
        self.0.done_count
    }

    /// 提交时间。
    /// When it was handed in.
    async fn submitted_at(&self) -> DateTime {
        DateTime(self.0.submitted_at)
    }

    /// 提交人；不可见时为空。
    /// Who handed it in; null when invisible.
    async fn submitted_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        Ok(context::of(ctx)?.row::<user_account::Entity>(self.0.submitted_by).await?.map(User::from))
    }

    /// 签发人；未经签发或不可见时为空。
    /// Who signed it; null when nobody did or he is invisible.
    async fn signed_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        match self.0.signed_by {
            Some(user) => Ok(context::of(ctx)?.row::<user_account::Entity>(user).await?.map(User::from)),
            None => Ok(None),
        }
    }

    /// 与上一次提交的差异；第一次提交没有。
    /// How it differs from the revision before; null for the first.
    async fn changes(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<RevisionChanges>> {
        let before = context::of(ctx)?.load(RevisionBefore(self.0.id)).await?;
        Ok(before.map(|before| RevisionChanges::between(&before, &self.0)))
    }

    /// 填报时间：单位在表上写明的日期。
    /// The day the unit wrote on it.
    async fn filled_on(&self) -> Option<Date> {
        self.0.filled_on.map(Date)
    }
}

/// 一段文字及其变化。
/// A piece of text and what became of it.
#[derive(SimpleObject)]
pub struct TextSegment {
    /// 变化。
    /// What became of it.
    change: TextChange,
    /// 文字。
    /// The piece.
    text: String,
}

impl From<Segment> for TextSegment {
    fn from(segment: Segment) -> Self {
        Self { change: segment.change.into(), text: segment.text }
    }
}

/// 两次提交之间的差异。
/// How two revisions differ.
#[derive(SimpleObject)]
pub struct RevisionChanges {
    /// 有变化的项目。
    /// What differs.
    fields: Vec<RevisionField>,
    /// 落实情况逐段对照，按阅读顺序。
    /// The narrative piece by piece, in reading order.
    narrative: Vec<TextSegment>,
    /// 上一次的完成程度。
    /// How far the work was before.
    completion_before: Completion,
    /// 上一次的完成百分比。
    /// Per cent done before.
    percent_before: Option<i32>,
    /// 上一次的完成次数。
    /// How often the task was done before.
    done_count_before: Option<i32>,
}

impl RevisionChanges {
    fn between(before: &progress_report_revision::Model, after: &progress_report_revision::Model) -> Self {
        let differs = [
            (RevisionField::Narrative, before.narrative != after.narrative),
            (RevisionField::Completion, before.completion != after.completion),
            (RevisionField::Percent, before.percent != after.percent),
            (RevisionField::DoneCount, before.done_count != after.done_count),
            (RevisionField::FilledOn, before.filled_on != after.filled_on),
        ];
        Self {
            fields: differs.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect(),
            narrative: diff(&before.narrative, &after.narrative).into_iter().map(Into::into).collect(),
            completion_before: before.completion.into(),
            percent_before: before.percent,
            done_count_before: before.done_count,
        }
    }
}

/// 审核：通过或退回。
/// A decision of the office.
#[Object]
impl ReportReview {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::ReportReview, self.0.id)
    }

    /// 结论。
    /// The decision.
    async fn decision(&self) -> ReviewDecision {
        self.0.decision.into()
    }

    /// 理由。
    /// The reason.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// 所审核的是第几次提交。
    /// Which revision was decided.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// 审核人所代表的单位。
    /// The unit the reviewer acted for.
    async fn reviewer_unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.reviewer_unit_id).await?.map(Unit::from))
    }

    /// 审核时间。
    /// When it was decided.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

/// 单位内部的决定：签发，或退回填报人。
/// A decision inside the unit: signed, or sent back to its writer.
#[Object]
impl ReportSignature {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::ReportSignature, self.0.id)
    }

    /// 决定。
    /// The decision.
    async fn decision(&self) -> SignatureDecision {
        self.0.decision.into()
    }

    /// 退回的理由。
    /// Why it was sent back.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// 所签发的是第几次提交；退回时为空。
    /// Which revision was signed; null when it was sent back.
    async fn revision(&self) -> Option<i32> {
        self.0.revision
    }

    /// 审签人；不可见时为空。
    /// Who decided; null when invisible.
    async fn user(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        Ok(context::of(ctx)?.row::<user_account::Entity>(self.0.user_id).await?.map(User::from))
    }

    /// 时间。
    /// When it was decided.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}
