//! Everything the envelope refuses, with its status, its code and its text in both languages.

mod code;
mod measure;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

pub use self::code::Code;
pub use self::measure::Measure;
use super::info::Lang;

/// Seconds after which it is worth trying again.
pub(super) const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

/// Why the envelope does not execute a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// Neither GET nor POST.
    Method,
    /// Only this method has a meaning here.
    OnlyMethod(&'static str),
    /// Only queries may be sent with GET.
    NotAQueryOverGet,
    /// Neither media type of ours is acceptable.
    NotAcceptable,
    /// The body is not `application/json` in UTF-8.
    MediaType,
    /// The body is compressed.
    Compressed,
    /// The multipart form cannot be read.
    FormBroken,
    /// The form does not have the parts it must have, in their order.
    FormParts,
    /// The map of a GraphQL form does not lead from its one file to an empty place in the variables.
    FormMap,
    /// Files come with mutations only.
    FormWithoutMutation,
    /// There is no file in the form.
    FileMissing,
    /// There is more than one file in the form.
    FileTwice,
    /// Nobody said what the file is called.
    FileNameMissing,
    /// The body is longer than this many bytes.
    BodyTooLarge(usize),
    /// The body did not arrive in time.
    BodyTimeout,
    /// The body broke off.
    BodyBroken,
    /// The body is not UTF-8.
    NotUtf8,
    /// The body is empty.
    BodyEmpty,
    /// The body starts with a byte order mark.
    ByteOrderMark,
    /// The body, or the parameter of this name in the address, is not JSON.
    NotJson(&'static str),
    /// The query string of the address cannot be read.
    AddressUnreadable,
    /// Several requests in one body.
    Batch,
    /// A parameter has a wrong type; the second text is the type it should have.
    WrongType(&'static str, &'static str),
    /// A parameter stands twice in the address.
    Twice(&'static str),
    /// There is no query.
    QueryMissing,
    /// U+0000 in the document or the variables.
    NullCharacter,
    /// The document cannot be read at this line and column.
    Syntax(usize, usize),
    /// The parser's own words, at this line and column when known.
    Parser(String, Option<(usize, usize)>),
    /// A fragment contains itself.
    FragmentCycle(String),
    /// A variable that must have a value has none.
    VariableMissing(String),
    /// No operation of that name.
    UnknownOperation,
    /// Several operations and no name.
    WhichOperation,
    /// Subscriptions are not served here.
    Subscription,
    /// More than a limit allows: measure, asked, limit.
    TooMuch(Measure, u64, u64),
    /// No token.
    TokenMissing,
    /// A token that is good for nobody.
    TokenRefused,
    /// Nobody is signed in with this; why, is told to nobody.
    SignInRefused,
    /// The password is right, and a one-time password is needed.
    TotpRequired,
    /// This address tries too often; so many seconds to wait.
    TooManyAttempts(u64),
    /// Nothing else before the password is changed.
    PasswordChangeRequired,
    /// Nothing else before one-time passwords are set up.
    TotpEnrolmentRequired,
    /// The body is not `application/json`, and nothing else is read here.
    OnlyJson,
    /// The body is not an object of texts with these fields.
    Fields(&'static str),
    /// Too many requests of one principal are running.
    TooManyOfOne,
    /// Too many requests are waiting.
    Overloaded,
    /// Not done before the deadline.
    Deadline,
    /// It cannot be told now who asks.
    AuthUnavailable,
    /// Another sign-in service cannot be asked now.
    ProviderAway,
    /// A fault of ours.
    Internal,
}

impl Refusal {
    /// Whether the document itself is wrong: under `application/json` such an answer is 200, as the draft wants.
    pub const fn is_of_document(&self) -> bool {
        matches!(self, Self::Syntax(..) | Self::Parser(..) | Self::FragmentCycle(_) | Self::VariableMissing(_))
    }

    /// The status of the answer.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Method | Self::OnlyMethod(_) | Self::NotAQueryOverGet => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::MediaType | Self::OnlyJson | Self::Compressed => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::TokenMissing | Self::TokenRefused | Self::SignInRefused | Self::TotpRequired => {
                StatusCode::UNAUTHORIZED
            }
            Self::PasswordChangeRequired | Self::TotpEnrolmentRequired => StatusCode::FORBIDDEN,
            Self::TooManyOfOne | Self::TooManyAttempts(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Overloaded | Self::Deadline | Self::AuthUnavailable | Self::ProviderAway => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The code of the error.
    pub const fn code(&self) -> Code {
        match self {
            Self::TooMuch(..) => Code::QueryTooComplex,
            Self::TokenMissing | Self::TokenRefused | Self::SignInRefused => Code::Unauthenticated,
            Self::TotpRequired => Code::TotpRequired,
            Self::PasswordChangeRequired => Code::PasswordChangeRequired,
            Self::TotpEnrolmentRequired => Code::TotpEnrolmentRequired,
            Self::TooManyOfOne | Self::TooManyAttempts(_) => Code::RateLimited,
            Self::Overloaded | Self::Deadline | Self::AuthUnavailable | Self::ProviderAway => Code::Unavailable,
            Self::Internal => Code::Internal,
            _ => Code::BadRequest,
        }
    }

    /// The headers that go with it.
    pub(super) fn dress(&self, headers: &mut HeaderMap) {
        match self {
            Self::Method => {
                headers.insert(header::ALLOW, HeaderValue::from_static("GET, POST"));
            }
            Self::OnlyMethod(method) => {
                headers.insert(header::ALLOW, HeaderValue::from_static(method));
            }
            Self::NotAQueryOverGet => {
                headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
            }
            Self::TooManyAttempts(seconds) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
            }
            Self::TokenMissing | Self::SignInRefused | Self::TotpRequired => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::TokenRefused => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=\"invalid_token\""));
            }
            Self::TooManyOfOne | Self::Overloaded | Self::Deadline | Self::AuthUnavailable | Self::ProviderAway => {
                headers.insert(header::RETRY_AFTER, RETRY_AFTER);
            }
            // The rest of the body is still on its way and nobody is going to read it.
            Self::BodyTooLarge(_) | Self::BodyTimeout | Self::BodyBroken | Self::FormBroken => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
    }

    /// Where in the document, line and column, from 1.
    pub const fn position(&self) -> Option<(usize, usize)> {
        match self {
            Self::Syntax(line, column) => Some((*line, *column)),
            Self::Parser(_, at) => *at,
            _ => None,
        }
    }

    /// The text for the client.
    pub fn message(&self, lang: Lang) -> String {
        let text = match self {
            Self::Method => lang.pick("只接受 GET 和 POST。", "Only GET and POST are accepted."),
            Self::OnlyMethod(method) => {
                return match lang {
                    Lang::Zh => format!("此处只接受 {method}。"),
                    Lang::En => format!("Only {method} is accepted here."),
                };
            }
            Self::NotAQueryOverGet => {
                lang.pick("GET 只能用于查询，请改用 POST。", "GET is for queries only, use POST.")
            }
            Self::NotAcceptable => lang.pick(
                "请接受 application/graphql-response+json 或 application/json。",
                "Accept application/graphql-response+json or application/json.",
            ),
            Self::MediaType => lang.pick(
                "请求体必须是 UTF-8 编码、未压缩的 application/json，或带文件的 multipart/form-data。",
                "The body must be application/json in UTF-8, or multipart/form-data with a file, not compressed.",
            ),
            Self::Compressed => lang.pick("请求体不能压缩。", "The body must not be compressed."),
            Self::FormBroken => lang.pick("multipart 表单无法读取。", "The multipart form cannot be read."),
            Self::FormParts => lang.pick(
                "表单应依次包含 operations、map 和一个文件。",
                "The form must have operations, map and one file, in this order.",
            ),
            Self::FormMap => lang.pick(
                "map 应把唯一的文件指向 variables 中一个为 null 的位置。",
                "The map must lead from the one file to one place in the variables that is null.",
            ),
            Self::FormWithoutMutation => lang.pick("只有变更操作可以附带文件。", "Files come with mutations only."),
            Self::FileMissing => lang.pick("表单中没有文件。", "There is no file in the form."),
            Self::FileTwice => lang.pick("一次只能上传一个文件。", "One file at a time."),
            Self::FileNameMissing => lang.pick(
                "缺少文件名：请用 Content-Disposition 或 ?name= 给出。",
                "The name of the file is missing: give it with Content-Disposition or ?name=.",
            ),
            Self::BodyTooLarge(limit) => {
                return match lang {
                    Lang::Zh => format!("请求体超过 {limit} 字节。"),
                    Lang::En => format!("The body is longer than {limit} bytes."),
                };
            }
            Self::BodyTimeout => lang.pick("请求体未能按时到达。", "The body did not arrive in time."),
            Self::BodyBroken => lang.pick("请求体中断。", "The body broke off."),
            Self::NotUtf8 => lang.pick("请求体不是 UTF-8。", "The body is not UTF-8."),
            Self::BodyEmpty => lang.pick("请求体为空。", "The body is empty."),
            Self::ByteOrderMark => lang.pick(
                "请求体以字节顺序标记（BOM）开头，请去掉。",
                "The body starts with a byte order mark, leave it out.",
            ),
            Self::NotJson(what) => {
                return match lang {
                    Lang::Zh => format!("{what} 不是合法的 JSON。"),
                    Lang::En => format!("{what} is not JSON."),
                };
            }
            Self::AddressUnreadable => {
                lang.pick("地址中的参数无法读取。", "The parameters of the address cannot be read.")
            }
            Self::Batch => {
                lang.pick("一次只能发送一个请求，不支持批量。", "One request at a time, batches are not served.")
            }
            Self::WrongType(name, wanted) => {
                return match lang {
                    Lang::Zh => format!("{name} 的类型应为 {wanted}。"),
                    Lang::En => format!("{name} must be of type {wanted}."),
                };
            }
            Self::Twice(name) => {
                return match lang {
                    Lang::Zh => format!("参数 {name} 出现了两次。"),
                    Lang::En => format!("The parameter {name} stands twice."),
                };
            }
            Self::QueryMissing => lang.pick("缺少 query。", "query is missing."),
            Self::NullCharacter => lang.pick("不接受空字符 U+0000。", "The character U+0000 is not accepted."),
            Self::Syntax(line, column) => {
                return match lang {
                    Lang::Zh => format!("语法错误：第 {line} 行第 {column} 列。"),
                    Lang::En => format!("Syntax error at line {line}, column {column}."),
                };
            }
            Self::Parser(words, _) => {
                return match lang {
                    Lang::Zh => format!("语法错误：{words}"),
                    Lang::En => format!("Syntax error: {words}"),
                };
            }
            Self::FragmentCycle(name) => {
                return match lang {
                    Lang::Zh => format!("片段 {name} 包含了自身。"),
                    Lang::En => format!("The fragment {name} contains itself."),
                };
            }
            Self::VariableMissing(name) => {
                return match lang {
                    Lang::Zh => format!("变量 ${name} 必须有值。"),
                    Lang::En => format!("The variable ${name} must have a value."),
                };
            }
            Self::UnknownOperation => lang
                .pick("没有 operationName 所指的操作。", "There is no operation of the name given in operationName."),
            Self::WhichOperation => lang.pick(
                "有多个操作，请用 operationName 指明。",
                "There are several operations, say which one in operationName.",
            ),
            Self::Subscription => lang.pick("此处不提供订阅。", "Subscriptions are not served here."),
            Self::TooMuch(measure, asked, limit) => {
                return match lang {
                    Lang::Zh => format!("{}超过上限：{asked} > {limit}。", measure.name(lang)),
                    Lang::En => format!("Too much, {}: {asked} > {limit}.", measure.name(lang)),
                };
            }
            Self::TokenMissing => lang.pick("请先登录。", "Sign in first."),
            Self::TokenRefused => lang.pick("登录已失效，请重新登录。", "The token is not valid, sign in again."),
            // One sentence for everything that can be wrong, so that nobody learns who exists.
            Self::SignInRefused => lang.pick(
                "登录名、口令或动态口令不正确，或该账号、会话暂不可用。",
                "The login name, the password or the one-time password is wrong, or the account or session is not in use.",
            ),
            Self::TotpRequired => lang.pick("请输入动态口令。", "Give the one-time password (totp) too."),
            Self::TooManyAttempts(seconds) => {
                return match lang {
                    Lang::Zh => format!("此地址的登录尝试过于频繁，请 {seconds} 秒后再试。"),
                    Lang::En => format!("Too many attempts from this address; try again in {seconds} seconds."),
                };
            }
            Self::PasswordChangeRequired => lang.pick(
                "口令已到期或须更换，请先修改口令（POST /auth/password）。",
                "The password has to be changed first (POST /auth/password).",
            ),
            Self::TotpEnrolmentRequired => lang.pick(
                "您的角色须使用动态口令，请先登记（POST /auth/totp/enrol）。",
                "Your role needs one-time passwords; set them up first (POST /auth/totp/enrol).",
            ),
            Self::OnlyJson => lang.pick(
                "请求体必须是 UTF-8 编码、未压缩的 application/json。",
                "The body must be application/json in UTF-8, not compressed.",
            ),
            Self::Fields(fields) => {
                return match lang {
                    Lang::Zh => format!("请求体应为 JSON 对象，各项为文本，各出现一次：{fields}。"),
                    Lang::En => format!("The body must be a JSON object of texts, each once: {fields}."),
                };
            }
            Self::TooManyOfOne => lang
                .pick("同时进行的请求过多，请稍后再试。", "Too many requests of yours are running, try again later."),
            Self::Overloaded => lang.pick("服务繁忙，请稍后再试。", "The service is busy, try again later."),
            Self::Deadline => lang.pick("请求超时，请稍后再试。", "The request took too long, try again later."),
            Self::AuthUnavailable => {
                lang.pick("暂时无法核实身份，请稍后再试。", "Who asks cannot be told now, try again later.")
            }
            Self::ProviderAway => lang.pick(
                "该登录平台暂时无法访问，请稍后再试或用口令登录。",
                "This sign-in service cannot be reached now; try again later, or use the password.",
            ),
            Self::Internal => lang.pick("服务内部错误。", "Internal error."),
        };
        text.to_owned()
    }
}
