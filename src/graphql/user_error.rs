//! Expected outcomes as clients see them, and faults as top-level errors.

use async_graphql::{Enum, ErrorExtensions, ServerError, SimpleObject, Value};

use crate::domain::lang::Lang;
use crate::error::{self, Fault};

/// 用户可自行处理的错误代码。
/// The codes of expected outcomes; branch on these, never on the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "error::UserErrorCode")]
pub enum UserErrorCode {
    /// 不存在或不可见。
    /// Absent or invisible.
    NotFound,
    /// 无权操作。
    /// Not for this person to do.
    Forbidden,
    /// 当前状态不允许。
    /// The state forbids it.
    InvalidState,
    /// 已被他人修改。
    /// Changed meanwhile.
    Stale,
    /// 缺少必填内容。
    /// Something necessary is missing.
    Required,
    /// 内容过长。
    /// Too long.
    TooLong,
    /// 格式不正确。
    /// Not of the form needed.
    InvalidFormat,
    /// 超出允许范围。
    /// Outside the values allowed.
    OutOfRange,
    /// 已存在。
    /// Exists already.
    Duplicate,
    /// 任务无人负责。
    /// Nobody owns the task.
    Unassigned,
    /// 超过数量限制。
    /// More than a limit allows.
    Limit,
    /// 幂等键冲突，或内容互相矛盾。
    /// The idempotency key was used with another input, or two things exclude each other.
    Conflict,
}

/// 用户可自行处理的错误。
/// An expected outcome that is no success.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// 错误代码。
    /// The code.
    code: UserErrorCode,
    /// 说明文字，语言随 Accept-Language。
    /// The sentence, in the language asked for by Accept-Language.
    message: String,
    /// 出错的输入位置，自外向内；为空表示整体。
    /// The path in the input, from the outside in; empty when it concerns the whole.
    field: Vec<String>,
}

impl UserError {
    /// With a sentence that is there already.
    pub fn said(code: error::UserErrorCode, message: String, field: Vec<String>) -> Self {
        Self { code: code.into(), message, field }
    }

    /// In the language of the request.
    pub fn localised(error: &error::UserError, lang: Lang) -> Self {
        Self { code: error.code.into(), message: error.message.text(lang), field: error.field.clone() }
    }
}

/// A fault as a top-level error; the cause goes to the log and nowhere else.
pub fn top_level(fault: Fault) -> async_graphql::Error {
    let code = match &fault {
        Fault::BadRequest(_) => "BAD_REQUEST",
        Fault::Forbidden => "FORBIDDEN",
        Fault::Unavailable(_) | Fault::NotReady(_) => "UNAVAILABLE",
        Fault::Internal(_) => "INTERNAL",
    };
    match &fault {
        Fault::Unavailable(cause) => tracing::error!(error = ?cause, "the database failed"),
        Fault::NotReady(cause) => tracing::error!(error = %cause, "not ready for this"),
        Fault::Internal(cause) => tracing::error!(error = %cause, "internal error"),
        Fault::BadRequest(_) | Fault::Forbidden => {}
    }
    async_graphql::Error::new(fault.to_string()).extend_with(|_, extensions| extensions.set("code", code))
}

/// Says a fault in the language of the request; its words are for whoever waits at a screen, its code for the program.
pub fn localise(error: &mut ServerError, lang: Lang) {
    let code = error.extensions.as_ref().and_then(|values| values.get("code"));
    let said = match code {
        Some(Value::String(code)) if code == "UNAVAILABLE" => {
            lang.pick("服务暂时不可用，请稍后再试。", "The service is not available now, try again later.")
        }
        Some(Value::String(code)) if code == "FORBIDDEN" => {
            lang.pick("您的角色不能进行此项操作。", "This operation is not open to your role.")
        }
        Some(Value::String(code)) if code == "INTERNAL" => lang.pick("服务内部错误。", "Internal error."),
        _ => return,
    };
    said.clone_into(&mut error.message);
}

/// A mistake of the client's developer.
pub fn bad_request(text: impl Into<String>) -> async_graphql::Error {
    top_level(Fault::BadRequest(text.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_in_the_language_of_the_request_and_mistakes_in_their_own_words() {
        let told = |fault: Fault, lang| {
            let mut error = top_level(fault).into_server_error(async_graphql::Pos::default());
            localise(&mut error, lang);
            error.message
        };
        assert_eq!(told(Fault::Forbidden, Lang::Zh), "您的角色不能进行此项操作。");
        assert_eq!(told(Fault::Forbidden, Lang::En), "This operation is not open to your role.");
        assert_eq!(told(Fault::NotReady("no key".into()), Lang::Zh), "服务暂时不可用，请稍后再试。");
        assert_eq!(told(Fault::Internal("password=x".into()), Lang::En), "Internal error.");
        assert_eq!(told(Fault::BadRequest("first: not both".into()), Lang::Zh), "first: not both");
    }
}
