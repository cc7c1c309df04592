//! What was done to a publication, what was found in it, and its text.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{publication_finding, publication_release, publication_step, unit, user_account};

use super::directory::Unit;
use super::object_of_row;
use super::publication_release::PublicationReleaseConnection;
use super::user::User;
use crate::graphql::context::{self, id};
use crate::graphql::enums::{
    PersonalDataKind, PublicationAct, PublicationDecision, PublicationField, PublicationFigureName,
};
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::{DateTime, Json};
use crate::id::Kind;
use crate::store::query::publishing;

object_of_row! {
    /// What was done to a publication.
    PublicationStep, publication_step::Model
}

connection! {
    /// 办理记录的分页列表。
    /// A page of what was done to a publication.
    PublicationStepConnection,
    /// 办理记录及其游标。
    /// What was done to a publication, with its cursor.
    PublicationStepEdge, PublicationStep, publication_step::Model
}

object_of_row! {
    /// Something found in a publication.
    PublicationFinding, publication_finding::Model
}

connection! {
    /// 疑似个人信息的分页列表。
    /// A page of what was found in a publication.
    PublicationFindingConnection,
    /// 疑似个人信息及其游标。
    /// Something found in a publication, with its cursor.
    PublicationFindingEdge, PublicationFinding, publication_finding::Model
}

/// 公开稿的办理记录。
/// What was done to a publication, by whom and when.
#[Object]
impl PublicationStep {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::PublicationStep, self.0.id)
    }

    /// 事项。
    /// What was done.
    async fn act(&self) -> PublicationAct {
        self.0.act.into()
    }

    /// 结论；审查环节才有。
    /// What was decided; null where nothing was.
    async fn decision(&self) -> Option<PublicationDecision> {
        self.0.decision.map(Into::into)
    }

    /// 理由。
    /// Why.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// 审查轮次。
    /// The round of review.
    async fn round(&self) -> i32 {
        self.0.round
    }

    /// 当时快照的 SHA-256 校验值。
    /// The SHA-256 of the snapshot at that moment.
    async fn checksum(&self) -> &str {
        &self.0.checksum
    }

    /// 办理人；不可见时为空。
    /// Who did it; null when invisible.
    async fn user(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        Ok(context::of(ctx)?.row::<user_account::Entity>(self.0.user_id).await?.map(User::from))
    }

    /// 办理人当时所代表的单位。
    /// The unit for which it was done.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(context::of(ctx)?.row::<unit::Entity>(self.0.unit_id).await?.map(Unit::from))
    }

    /// 此步放行的疑似个人信息；通过的保密审查才有，退回后仍保留。
    /// What it let through, by a secrecy review that passed; it stays when the publication is returned later.
    async fn releases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<PublicationReleaseConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let query = publishing::publication_releases(page);
        Ok(request.nested::<publication_release::Entity>(self.0.id, query).await?.into())
    }

    /// 办理时间。
    /// When.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

/// 公开稿中的疑似个人信息。
/// Something in a publication that looks like personal data.
#[Object]
impl PublicationFinding {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::PublicationFinding, self.0.id)
    }

    /// 类别。
    /// What it is taken for.
    async fn kind(&self) -> PersonalDataKind {
        self.0.kind.into()
    }

    /// 所在的文字。
    /// The text it stands in.
    async fn field(&self) -> PublicationField {
        self.0.field.into()
    }

    /// 任务序号；不属于任务时为空。
    /// The number of the task; null where it belongs to none.
    async fn task_number(&self) -> Option<&str> {
        self.0.task_number.as_deref()
    }

    /// 所在文字的 JSON 指针（RFC 6901），修改文字时使用。
    /// The JSON pointer of the text (RFC 6901), for replacing it.
    async fn pointer(&self) -> &str {
        &self.0.pointer
    }

    /// 前后文摘录，已遮盖。
    /// Its surroundings, masked.
    async fn excerpt(&self) -> &str {
        &self.0.excerpt
    }

    /// 是否已放行。
    /// Whether it was let through.
    async fn released(&self) -> bool {
        self.0.released_by.is_some()
    }

    /// 放行人；不可见时为空。
    /// Who let it through; null when invisible.
    async fn released_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        match self.0.released_by {
            Some(key) => Ok(context::of(ctx)?.row::<user_account::Entity>(key).await?.map(User::from)),
            None => Ok(None),
        }
    }

    /// 放行时间。
    /// When it was let through.
    async fn released_at(&self) -> Option<DateTime> {
        self.0.released_at.map(DateTime)
    }

    /// 放行理由。
    /// Why it was let through.
    async fn release_reason(&self) -> Option<&str> {
        self.0.release_reason.as_deref()
    }
}

/// 公开稿全文，与公众所读相同。
/// The text of a publication, the same as the public reads.
#[derive(SimpleObject)]
pub struct PublicationDocument {
    /// 全文，格式为 taizhang-publication/1，见 docs/publishing.md。
    /// The whole in the form taizhang-publication/1, see docs/publishing.md.
    pub content: Json,
    /// SHA-256 校验值。
    /// Its SHA-256.
    pub checksum: String,
    /// 图表；年度报告才有。
    /// The pictures of an annual report.
    pub figures: Vec<PublicationFigure>,
}

/// 公开稿中的图表。
/// A picture of a publication.
#[derive(SimpleObject)]
pub struct PublicationFigure {
    /// 分组。
    /// What its bars are.
    pub name: PublicationFigureName,
    /// SVG 矢量图。
    /// As an SVG drawing.
    pub svg: String,
}
