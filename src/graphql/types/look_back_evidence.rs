//! Evidence of findings, and of what was put right.

use async_graphql::{Context, ID, Object};
use entity::{file, look_back_evidence};

use super::file::File;
use super::object_of_row;
use crate::graphql::context::{self, id};
use crate::graphql::enums::EvidenceKind;
use crate::graphql::page::connection;
use crate::graphql::scalar::DateTime;
use crate::id::Kind;

object_of_row! {
    /// A piece of evidence.
    LookBackEvidence, look_back_evidence::Model
}

connection! {
    /// 核查与整改佐证材料的分页列表。
    /// A page of evidence of findings and rectifications.
    LookBackEvidenceConnection,
    /// 核查与整改佐证材料及其游标。
    /// A piece of evidence with its cursor.
    LookBackEvidenceEdge, LookBackEvidence, look_back_evidence::Model
}

/// 核查或整改的佐证材料：链接、文号或文件；随结论或整改可见。
/// What shows that a finding is right or a problem was put right: a link, a document number or a file; seen with it.
#[Object]
impl LookBackEvidence {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::LookBackEvidence, self.0.id)
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

    /// 添加时间。
    /// When it was added.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}
