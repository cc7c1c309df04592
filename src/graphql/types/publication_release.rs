//! What a secrecy review let through.

use async_graphql::{ID, Object};
use entity::publication_release;

use super::object_of_row;
use crate::graphql::context::id;
use crate::graphql::enums::{PersonalDataKind, PublicationField};
use crate::graphql::page::connection;
use crate::id::Kind;

object_of_row! {
    /// Something a secrecy review let through.
    PublicationRelease, publication_release::Model
}

connection! {
    /// 保密审查放行内容的分页列表。
    /// A page of what a secrecy review let through.
    PublicationReleaseConnection,
    /// 保密审查放行的内容及其游标。
    /// Something a secrecy review let through, with its cursor.
    PublicationReleaseEdge, PublicationRelease, publication_release::Model
}

/// 保密审查放行的一处疑似个人信息，按放行时的原样留存；放行人和时间见所在的办理记录。公开稿退回、修改后仍然保留。
/// Something that looks like personal data and was let through, kept as it was then; by whom and when stands in its step. It stays when the publication is returned and its text changed.
#[Object]
impl PublicationRelease {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::PublicationRelease, self.0.id)
    }

    /// 类别。
    /// What it was taken for.
    async fn kind(&self) -> PersonalDataKind {
        self.0.kind.into()
    }

    /// 所在的文字。
    /// The text it stood in.
    async fn field(&self) -> PublicationField {
        self.0.field.into()
    }

    /// 任务序号；不属于任务时为空。
    /// The number of the task; null where it belonged to none.
    async fn task_number(&self) -> Option<&str> {
        self.0.task_number.as_deref()
    }

    /// 当时所在文字的 JSON 指针（RFC 6901）。
    /// The JSON pointer of the text as it was then (RFC 6901).
    async fn pointer(&self) -> &str {
        &self.0.pointer
    }

    /// 前后文摘录，已遮盖。
    /// Its surroundings, masked.
    async fn excerpt(&self) -> &str {
        &self.0.excerpt
    }

    /// 放行理由。
    /// Why it was let through.
    async fn reason(&self) -> &str {
        &self.0.reason
    }
}
