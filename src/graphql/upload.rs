//! The scalar `Upload`: a file of the caller's own, by its identifier.
//!
//! The envelope keeps the file of a multipart request before anything is executed and puts its identifier where the file
//! is meant to be. So there is nothing else in a variable than an identifier, and the library's own uploads, which follow
//! a number in a string into a list, are not used.

use async_graphql::{Context, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use uuid::Uuid;

use crate::error::UserError;
use crate::id::{GlobalId, Kind};

/// A file that was uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload(Uuid);

/// 上传的文件：以 GraphQL multipart 表单随请求发送，或给出先前上传所得的文件标识。
/// A file that is uploaded: sent with the request as a GraphQL multipart form, or the identifier of one that was uploaded before.
#[Scalar(specified_by_url = "https://github.com/jaydenseric/graphql-multipart-request-spec")]
impl ScalarType for Upload {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        match text.parse::<GlobalId>() {
            Ok(GlobalId { kind: Kind::File, uuid }) => Ok(Self(uuid)),
            _ => {
                Err(InputValueError::custom("an upload is a part of a multipart form, or an identifier like file_01h…"))
            }
        }
    }

    fn to_value(&self) -> Value {
        Value::String(GlobalId::new(Kind::File, self.0).to_string())
    }
}

/// What is wrong with the file that came with this request; put into the request by the envelope.
#[derive(Clone, Debug)]
pub struct RefusedUpload(pub Vec<UserError>);

impl Upload {
    /// What stands for a file that was refused.
    pub fn nothing() -> String {
        GlobalId::new(Kind::File, Uuid::nil()).to_string()
    }

    /// The key of the file, or why it is not kept; `path` is where the input has it.
    pub fn file(self, ctx: &Context<'_>, path: &str) -> Result<Uuid, Vec<UserError>> {
        match ctx.data_opt::<RefusedUpload>() {
            Some(RefusedUpload(errors)) if self.0.is_nil() => {
                let field: Vec<String> = path.split('.').map(str::to_owned).collect();
                Err(errors.iter().map(|error| UserError { field: field.clone(), ..error.clone() }).collect())
            }
            _ => Ok(self.0),
        }
    }
}
