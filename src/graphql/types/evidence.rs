//! Evidence of reports.

use async_graphql::{Context, ID, Object};
use entity::{evidence, file};

use super::file::File;
use super::object_of_row;
use crate::graphql::context::{self, id};
use crate::graphql::enums::EvidenceKind;
use crate::graphql::page::connection;
use crate::graphql::scalar::DateTime;
use crate::id::Kind;

object_of_row! {
    /// A piece of evidence.
    Evidence, evidence::Model
}

connection! {
    /// 佐证材料的分页列表。
    /// A page of evidence.
    EvidenceConnection,
    /// 佐证材料及其游标。
    /// A piece of evidence with its cursor.
    EvidenceEdge, Evidence, evidence::Model
}

/// 佐证材料：链接、文号或文件。
/// What shows that a report is true: a link, a document number or a file.
#[Object]
impl Evidence {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Evidence, self.0.id)
    }

    /// 种类。
    /// What it is.
    async fn kind(&self) -> EvidenceKind {
        self.0.kind.into()
    }

    /// 名称。
    /// What it is called.
    async fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    /// 网址；仅链接有。
    /// The address; links only.
    async fn url(&self) -> Option<&str> {
        self.0.url.as_deref()
    }

    /// 文号；仅文号类有。
    /// The number of the document; document numbers only.
    async fn document_number(&self) -> Option<&str> {
        self.0.document_number.as_deref()
    }

    /// 文件；仅文件类有。
    /// The file; files only.
    async fn file(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<File>> {
        match self.0.file_id {
            Some(key) => Ok(context::of(ctx)?.row::<file::Entity>(key).await?.map(File::from)),
            None => Ok(None),
        }
    }

    /// 自第几次提交起附上。
    /// The first revision it belongs to.
    async fn since_revision(&self) -> i32 {
        self.0.added_in
    }

    /// 自第几次提交起撤下；仍附着时为空。
    /// The revision it was taken out of; null while it stands.
    async fn until_revision(&self) -> Option<i32> {
        self.0.removed_in
    }

    /// 添加时间。
    /// When it was added.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}
