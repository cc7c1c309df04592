//! The limits as settings: range, meaning, and how each is read and shown.

use std::time::Duration;

use super::{Limits, duration};

/// A limit as a setting.
pub(super) struct LimitRow {
    /// The field of [`Limits`].
    pub(super) field: &'static str,
    /// What may be written, as the end of "must be …".
    pub(super) allowed: fn() -> String,
    /// What it means, in Chinese.
    pub(super) zh: &'static str,
    /// What it means, in English.
    pub(super) en: &'static str,
    /// The value as it would be written.
    pub(super) show: fn(&Limits) -> String,
    /// Takes a written value; false when it is not allowed.
    pub(super) take: fn(&mut Limits, &str) -> bool,
}

trait LimitValue: Sized + Copy + PartialOrd {
    const IS_DURATION: bool;
    fn read(text: &str) -> Option<Self>;
    fn show(self) -> String;
}

macro_rules! count {
    ($type:ty) => {
        impl LimitValue for $type {
            const IS_DURATION: bool = false;
            fn read(text: &str) -> Option<Self> {
                text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
            }
            fn show(self) -> String {
                self.to_string()
            }
        }
    };
}
count!(usize);
count!(u32);
count!(u64);

impl LimitValue for Duration {
    const IS_DURATION: bool = true;
    fn read(text: &str) -> Option<Self> {
        duration::read(text)
    }
    fn show(self) -> String {
        duration::show(self)
    }
}

/// The range in words; `_field` only tells the type.
fn between<T: LimitValue>(_field: fn(&Limits) -> T, low: T, high: T) -> String {
    let what = if T::IS_DURATION { "a duration such as 500ms, 10s or 15m," } else { "a whole number" };
    format!("{what} from {} to {}", low.show(), high.show())
}

fn take<T: LimitValue>(place: &mut T, text: &str, low: T, high: T) -> bool {
    match T::read(text) {
        Some(value) if low <= value && value <= high => {
            *place = value;
            true
        }
        _ => false,
    }
}

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

macro_rules! limit_rows {
    ($($field:ident: $low:expr, $high:expr, $zh:literal, $en:literal;)*) => {
        /// Every limit.
        pub(super) static ROWS: &[LimitRow] = &[$(LimitRow {
            field: stringify!($field),
            allowed: || between(|limits| limits.$field, $low, $high),
            zh: $zh,
            en: $en,
            show: |limits| limits.$field.show(),
            take: |limits, text| take(&mut limits.$field, text, $low, $high),
        }),*];

        /// Does not compile when a limit has no row.
        const _: fn(Limits) = |Limits { $($field: _),* }| ();
    };
}

limit_rows! {
    body_bytes: 1_024, 1_048_576, "GraphQL 请求体的字节数", "Bytes of the body of a GraphQL request.";
    document_chars: 100, 100_000, "GraphQL 文档的字符数", "Characters of a GraphQL document.";
    document_tokens: 10, 20_000, "GraphQL 文档的词法单元数", "Lexical tokens of a GraphQL document.";
    // The parser overflows its stack somewhere past 1,000.
    bracket_depth: 4, 200, "括号嵌套层数（文档与变量）", "Nesting of brackets, in the document and in its variables.";
    selection_depth: 2, 50, "选择集嵌套层数（片段展开后）", "Nesting of selection sets, fragments expanded.";
    expanded_fields: 10, 100_000, "片段展开后的字段数", "Fields after expanding the fragments.";
    cost_signed_in: 100, 10_000_000, "已登录者单次操作的成本", "Cost of one operation of a signed-in principal.";
    cost_anonymous: 0, 1_000_000, "未登录者单次操作的成本", "Cost of one operation of nobody known.";
    aliases: 0, 1_000, "一份文档中的别名数", "Aliases in a document.";
    root_fields: 1, 100, "一次操作的根字段数", "Root fields of an operation.";
    directives: 0, 1_000, "一份文档中的指令数", "Directives in a document.";
    fragments: 0, 1_000, "一份文档中的片段数", "Fragments in a document.";
    page_default: 1, 1_000, "未指定时每页的条数", "Items on a page when nothing is asked.";
    page_max: 1, 1_000, "每页最多的条数", "Items on a page at most.";
    bulk_items: 1, 1_000, "批量操作最多的条数", "Items of a bulk mutation at most.";
    file_bytes: 1_024, 104_857_600, "导入文件的字节数", "Bytes of an office file to be read.";
    file_unpacked: 1_048_576, 1_073_741_824, "导入文件解压后的字节数", "Bytes of an office file, unpacked.";
    file_entries: 10, 100_000, "导入文件包内的条目数", "Parts in the package of an office file.";
    file_cells: 100, 500_000, "导入文件的单元格数", "Cells of an office file.";
    file_memory: 134_217_728, 8_589_934_592, "读取导入文件的子进程的内存字节数", "Bytes of memory of the process that reads an office file.";
    file_cpu_seconds: 1, 300, "读取导入文件的子进程的处理器秒数", "Seconds of processor time of the process that reads an office file.";
    request_deadline: secs(1), secs(300), "处理一个请求的时限", "Time to answer a request.";
    change_deadline: secs(1), secs(3_600), "一次变更最长执行的时间，应答超时之后仍在执行的也算", "Time after which a change is given up that goes on behind its answer.";
    statement_timeout: ms(100), secs(300), "执行一条 SQL 语句的时限", "Time for one SQL statement.";
    acquire_timeout: ms(100), secs(60), "等待数据库连接的时限", "Wait for a database connection.";
    start_wait: secs(0), secs(600), "启动时等待数据库就绪（启动中、恢复中、被占用）的时限", "Wait, at the start, for a database that is starting, recovering or busy.";
    running_per_principal: 1, 10_000, "同一主体同时执行的请求数", "Requests of one principal running at once.";
    waiting: 1, 100_000, "整个实例排队等待的请求数", "Requests waiting for a place, whole instance.";
    access_token: secs(60), secs(3_600), "访问令牌的有效期", "Life of an access token.";
    clock_leeway: secs(0), secs(300), "校验令牌时允许的时钟偏差", "Leeway between clocks when a token is checked.";
    header_timeout: secs(1), secs(300), "接收请求头的时限", "Time to receive the header of a request.";
    body_timeout: secs(1), secs(600), "接收请求体的时限", "Time to receive the body of a request.";
    upload_bytes: 1_024, 1_073_741_824, "一个上传文件的字节数", "Bytes of an uploaded file.";
    upload_timeout: secs(1), secs(3_600), "接收上传文件的时限", "Time to receive an upload.";
    upload_memory: 1_024, 17_179_869_184, "整个实例同时在内存中的上传字节数", "Bytes of uploads in memory at once, whole instance.";
    uploads_per_user: 1, 100_000, "每个用户保留的上传文件数", "Uploads one user keeps.";
    upload_bytes_per_user: 1_024, 1_099_511_627_776, "每个用户保留的上传字节数", "Bytes of the uploads one user keeps.";
    upload_life: secs(60), secs(2_592_000), "上传文件的保留时间", "Life of an upload.";
    file_link: secs(1), secs(3_600), "文件下载链接的有效期", "Life of a link to a file.";
    file_sweep: secs(1), secs(86_400), "清理过期文件的间隔", "Time between two rounds that remove expired files.";
    idle_timeout: secs(1), secs(3_600), "空闲连接保持的时间", "Time a connection may be idle.";
    running: 1, 100_000, "整个实例同时执行的请求数", "Requests running at once, whole instance.";
    running_sign_in: 1, 10_000, "整个实例同时执行的登录类请求数（另设通道）", "Requests to sign in running at once, in a lane of their own.";
    least_rate: 1, 1_000_000, "客户端每秒至少应接收的应答字节数；长期低于此数的连接在空闲时限后断开", "Bytes a second that a client takes of its answer; a slower one is cut off after the idle time.";
    connections: 1, 1_000_000, "同时打开的连接数", "Connections open at once.";
    connections_per_address: 1, 1_000_000, "同一地址（IPv6 为同一 /64 网段）同时打开的连接数，可信代理不限", "Connections of one address open at once (IPv6: of one /64); trusted proxies have no such limit.";
    header_bytes: 1_024, 1_048_576, "请求头的字节数", "Bytes of the header of a request.";
    lame_duck: ms(0), secs(60), "停止前以“未就绪”示人的时间", "Time to be seen as not ready before connections are closed.";
    drain: secs(0), secs(600), "收到停止信号后收尾的时间", "Time to finish running requests after the signal to stop.";
    own_list_days: 1, 366, "清单印发后，有下级的单位应在几日（自然日）内印发本级清单", "Days after the issue of a list by which units with units below them should have issued their own.";
    auth_bytes: 1_024, 65_536, "登录类请求体的字节数", "Bytes of the body of a request to sign in.";
    session_idle: secs(60), secs(86_400), "会话闲置多久后结束", "Time after which a session that is not used ends.";
    session_life: secs(60), secs(2_592_000), "会话最长持续时间", "Time after which a session ends in any case.";
    sessions_per_user: 1, 1_000, "每个用户同时的会话数，超出时最久未用的结束", "Sessions of one user at once; with one more, the one unused for the longest ends.";
    session_refreshes: 10, 100_000, "一个会话最多刷新的次数", "Refreshes of one session at most.";
    sign_in_burst: 1, 100_000, "同一地址一时可尝试登录的次数", "Attempts to sign in from one address at once.";
    sign_in_refill: ms(10), secs(3_600), "同一地址每隔多久增加一次登录尝试", "Time after which an address has one attempt to sign in more.";
    sign_in_refusal: ms(0), secs(10), "登录被拒绝时最早何时答复，使应答时间不透露账号是否存在", "Time before which nobody is told that he is not signed in, so that it does not tell whose name is known.";
    sign_in_addresses: 10, 1_000_000, "记住其登录尝试的地址数", "Addresses whose attempts to sign in are remembered.";
    // Below 8 MiB a stolen hash is guessed too fast; above 1 GiB two sign-ins fill a machine.
    password_memory: 8_192, 1_048_576, "计算一个口令散列所用的内存（KiB）", "Memory that one password hash takes, KiB.";
    password_passes: 1, 20, "口令散列的迭代次数", "Passes of a password hash over its memory.";
    password_lanes: 1, 8, "口令散列的并行度", "Lanes of a password hash.";
    passwords_at_once: 1, 64, "整个实例同时计算的口令散列数，不超过处理器数的一半（至少一个）", "Password hashes at work at once, whole instance; on half of the processors at most, but one.";
    passwords_waiting: 0, 10_000, "整个实例排队等待的口令散列数", "Password hashes that wait, whole instance.";
    one_time_code: secs(60), secs(2_592_000), "邀请码和重置码的有效期", "Life of the code of an invitation or a reset.";
    sessions_per_machine: 1, 10_000, "每个服务账号同时的会话（令牌）数，超出时最早的结束", "Sessions (tokens) of one service account at once; with one more, the oldest ends.";
    client_burst: 1, 100_000, "每个服务账号一时可取的令牌数", "Tokens one service account may fetch at once.";
    client_refill: ms(10), secs(3_600), "每个服务账号每隔多久可多取一个令牌", "Time after which a service account may fetch one token more.";
    key_lead: secs(0), secs(2_592_000), "新签名密钥从公布到开始签名的时间", "Time between the publication of a signing key and its first signature.";
    key_poll: secs(1), secs(3_600), "查看密钥目录和密钥表的间隔", "Time between two looks at the key folder and the table of keys.";
    grant_request: secs(3_600), secs(7_776_000), "授权申请的有效期，逾期未审批即失效", "Life of a request for a grant; nobody approves it afterwards.";
    kept_session_days: 1, 3_650, "结束的会话、刷新令牌和一次性代码保留几日", "Days for which ended sessions and codes are kept.";
    kept_idempotency_days: 1, 3_650, "幂等键及其结果保留几日", "Days for which the results of requests with an idempotency key are kept.";
    kept_message_days: 1, 3_650, "已投递的内部消息保留几日", "Days for which delivered messages are kept.";
    kept_notification_days: 30, 3_650, "通知保留几日", "Days for which notices to people are kept.";
    kept_contact_days: 30, 36_500, "已归档清单关闭后，填报人姓名和电话保留几日", "Days for which names and numbers of reporters are kept after an archived list was closed.";
    kept_credential_days: 1, 3_650, "停用用户的口令和动态口令种子保留几日", "Days for which passwords and one-time passwords of disabled users are kept.";
}
