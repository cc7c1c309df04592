//! Files of the caller.

use async_graphql::{Context, ID, Object};
use entity::file;

use super::object_of_row;
use crate::graphql::context::{self, id};
use crate::graphql::enums::FilePurpose;
use crate::graphql::page::connection;
use crate::graphql::scalar::DateTime;
use crate::id::Kind;

object_of_row! {
    /// A file.
    File, file::Model
}

connection! {
    /// 文件的分页列表。
    /// A page of files.
    FileConnection,
    /// 文件及其游标。
    /// A file with its cursor.
    FileEdge, File, file::Model
}

/// 文件：本人上传的，或系统为本人导出的。
/// A file that the caller uploaded, or that was made for the caller.
#[Object]
impl File {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::File, self.0.id)
    }

    /// 用途。
    /// What it is kept for.
    async fn purpose(&self) -> FilePurpose {
        self.0.purpose.into()
    }

    /// 文件名，不含路径。
    /// The name, without any folder.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// 媒体类型，按内容判定。
    /// The media type, by its content.
    async fn media_type(&self) -> &str {
        self.0.media_type.as_str()
    }

    /// 字节数。
    /// Its bytes.
    async fn size(&self) -> i32 {
        i32::try_from(self.0.size).unwrap_or(i32::MAX)
    }

    /// 内容的 SHA-256 摘要，十六进制。
    /// The SHA-256 digest of its content, in hexadecimal digits.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// 保存时刻。
    /// When it was kept.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 过期时刻，过期即不存在；为空表示不过期。
    /// From when it is gone; null means never.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.expires_at.map(DateTime)
    }

    /// 下载链接（相对地址），短期有效，仅限本人本次登录。
    /// A link to fetch it, relative to the service; good for a short time, for the caller in this session only.
    async fn download_url(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        let request = context::of(ctx)?;
        let token = request.service.file_link(request.actor(), self.0.id);
        Ok(format!("/files/{}?token={token}", id(Kind::File, self.0.id).as_str()))
    }
}
