//! The one list of settings: it drives the flags, the variables, `taizhang config` and docs/configuration.md.

use std::sync::LazyLock;

use super::{Limits, limit_table};

/// A documented setting.
#[derive(Debug)]
pub struct Setting {
    /// Its name, which is also the flag without `--`.
    pub name: String,
    /// The variables that set it, the first one wins.
    pub variables: Vec<String>,
    /// The value when nothing is said.
    pub default: String,
    /// What may be written, as the end of "must be …".
    pub allowed: String,
    /// What stands for the value in the help.
    pub value_name: &'static str,
    /// Whether the value may hold a secret and is shown masked.
    pub secret: bool,
    /// Whether it is one of the limits.
    pub limit: bool,
    /// What it means, in Chinese.
    pub zh: &'static str,
    /// What it means, in English.
    pub en: &'static str,
}

struct Row(&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const GENERAL: &[Row] = &[
    Row("listen", "ADDRESS", "127.0.0.1:8080", "an IP address and a port such as 127.0.0.1:8080 or [::]:8080",
        "监听地址和端口", "Address and port to listen on."),
    Row("data-dir", "FOLDER", "./data", "the path of a folder",
        "数据目录：内嵌数据库和密钥", "Folder of the embedded database and of the keys."),
    Row("database-url", "URL", "sqlite://<data-dir>/taizhang.db", "sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE",
        "数据库地址", "Address of the database."),
    Row("issuer", "NAME", "taizhang", "1 to 200 visible ASCII characters",
        "访问令牌的签发者（iss），宜为服务的 https 地址", "Issuer of access tokens (iss); best the https address of the service."),
    Row("audience", "NAME", "taizhang-api", "1 to 200 visible ASCII characters",
        "访问令牌的受众（aud）", "Audience of access tokens (aud)."),
    Row("log-format", "FORMAT", "text", "text or json",
        "日志格式", "Form of the log."),
    Row("log-filter", "FILTER", "info", "a filter such as info or warn,taizhang=debug",
        "日志过滤规则", "Which log lines are written."),
    Row("metrics", "ON|OFF", "on", "on or off",
        "是否提供 /metrics", "Whether /metrics answers."),
    Row("graphiql", "ON|OFF", "on", "on or off",
        "是否提供 /graphiql 查询页面", "Whether the explorer answers at /graphiql."),
    Row("public-reader", "ON|OFF", "on", "on or off",
        "是否提供 /public/publications：无须登录，只读已发布的公开稿", "Whether /public/publications answers: without sign-in, published snapshots only."),
    Row("demo", "ON|OFF", "on", "on or off",
        "内嵌数据库为新建时是否载入虚构的演示数据", "Whether a new embedded database gets the invented demo place."),
    Row("migration-backups", "COUNT", "3", "a whole number from 0 to 100",
        "内嵌数据库迁移前自动备份，保留最近几份；0 表示不备份", "Copies of the embedded database that are kept from before migrations; 0 makes none."),
    Row("holidays-dir", "FOLDER", "<data-dir>/holidays", "the path of a folder",
        "节假日数据目录（holiday-cn 格式，每年一个文件）", "Folder of the holiday files (holiday-cn form, one per year)."),
    Row("password-profile", "PROFILE", "dengbao", "dengbao or asvs",
        "口令规则：dengbao（等级保护：10 位、三类字符、90 天、近 5 次不重复）或 asvs（12 位、不强制更换）",
        "Rules for passwords: dengbao (10 characters, three classes, 90 days, 5 not again) or asvs (12 characters, no forced change)."),
    Row("breached-passwords", "FILE", "none", "none or the path of a file",
        "已泄露口令清单：每行一个口令或其 SHA-1", "List of breached passwords: one or its SHA-1 a line."),
    Row("external-providers", "FILE", "none", "none or the path of a file",
        "外部登录平台（OIDC、CAS、企业微信）的配置文件", "File of the sign-in services (OIDC, CAS, WeCom) whose word is taken."),
    Row("audit-anchor-file", "FILE", "none", "none or the path of a file",
        "审计锚点另存的文件：每小时追加一行，宜置于别的机器的磁盘上", "File to which the hourly statements about the audit trail are added; best on a disk of another machine."),
    Row("totp-required-for", "WHO", "none", "none, administrators or administrators-and-office",
        "哪些人必须使用动态口令（TOTP）", "Who has to use one-time passwords (TOTP)."),
    Row("trusted-proxies", "NETWORKS", "none", "none or addresses and networks such as 10.0.0.1,192.168.0.0/16",
        "可信反向代理：仅采信它们的 X-Forwarded-For", "Reverse proxies whose X-Forwarded-For is believed."),
];

/// The prefix of every variable.
pub const PREFIX: &str = "TAIZHANG_";

static ALL: LazyLock<Vec<Setting>> = LazyLock::new(|| {
    let limits = Limits::default();
    let general = GENERAL.iter().map(|Row(name, value_name, default, allowed, zh, en)| {
        let mut variables = vec![variable(name)];
        if *name == "database-url" {
            variables.push("DATABASE_URL".to_owned());
        }
        Setting {
            name: (*name).to_owned(),
            variables,
            default: (*default).to_owned(),
            allowed: (*allowed).to_owned(),
            value_name,
            secret: *name == "database-url",
            limit: false,
            zh,
            en,
        }
    });
    let limits = limit_table::ROWS.iter().map(|row| {
        let default = (row.show)(&limits);
        let name = format!("limit-{}", row.field.replace('_', "-"));
        Setting {
            variables: vec![variable(&name)],
            value_name: if default.ends_with(|c: char| c.is_ascii_digit()) { "COUNT" } else { "DURATION" },
            name,
            default,
            allowed: (row.allowed)(),
            secret: false,
            limit: true,
            zh: row.zh,
            en: row.en,
        }
    });
    general.chain(limits).collect()
});

fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.replace('-', "_").to_ascii_uppercase())
}

/// Every setting, in the order of the documentation.
pub fn all() -> &'static [Setting] {
    &ALL
}
