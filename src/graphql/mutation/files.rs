//! Bringing in files.

use async_graphql::{Context, InputObject, Object};
use entity::file;

use super::payload;
use crate::graphql::context;
use crate::graphql::types::file::File;
use crate::graphql::upload::Upload;

/// 要上传的文件。
/// The file to be uploaded.
#[derive(InputObject)]
pub struct FileUploadInput {
    /// 文件，至多 20 MiB（可配置）。
    /// The file, at most 20 MiB unless configured otherwise.
    file: Upload,
}

payload! {
    /// 上传文件的结果。
    /// What came of an upload.
    FileUploadPayload {
        /// 文件；未保存时为空。
        /// The file; null when it was not kept.
        file: File, file
    }
}

/// Bringing in files.
#[derive(Default)]
pub struct FileMutation;

#[Object(guard = "crate::graphql::guard::UPLOADING")]
impl FileMutation {
    /// 上传一个文件，供导入或作附件，24 小时后过期（可配置）；相同内容再次上传即为同一文件。
    /// Uploads a file to be imported or attached; it is gone after 24 hours unless configured otherwise, and the same content again is the same file.
    async fn file_upload(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe file.")] input: FileUploadInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<FileUploadPayload> {
        let request = context::of(ctx)?;
        let answer = match input.file.file(ctx, "input.file") {
            Ok(id) => request.service.file_take(&request.caller, idempotency_key, id).await,
            Err(errors) => Ok(Err(errors)),
        };
        FileUploadPayload::new(request, answer, None).await
    }
}
