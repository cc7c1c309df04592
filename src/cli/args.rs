//! The command line: commands by derive, settings from the table of `config`.

use std::{
    collections::HashMap,
    ffi::{OsStr, OsString},
    path::PathBuf,
};

use chrono::NaiveDate;
use clap::{Arg, Args, FromArgMatches, Subcommand, error::ErrorKind};

use entity::vocabulary::{ExportView, Role};

use super::Keys;
use super::upkeep_args::{Backup, Fsck, Restore};
use crate::config::{self, Setting, Settings};

/// What was asked for: a command and the settings in force.
#[derive(Debug)]
pub struct Invocation {
    /// The command; `serve` when none is named.
    pub command: Command,
    /// The settings in force.
    pub settings: Settings,
}

/// The commands.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// 启动服务（默认）· Serve; this is what happens when no command is named
    Serve,
    /// 数据库迁移 · Move the database forward or back
    #[command(subcommand)]
    Migrate(Migrate),
    /// 打印 GraphQL 模式 · Print the GraphQL schema
    Schema,
    /// 导入任务清单 · Import a task list
    Import(Import),
    /// 答复导入问题；不带答复则列出 · Answer the questions of an import, or show them
    Answer(Answer),
    /// 印发清单 · Issue a task list
    Issue(Issue),
    /// 导出清单或报表 · Write a task list, or what came in for one of its periods, to a file
    Export(Export),
    /// 签发访问令牌 · Print an access token for a user
    Token(Token),
    /// 新建第一批管理员（三员），打印一次性代码 · Make the first administrators and print a one-time code for each
    Bootstrap(Bootstrap),
    /// 为已有用户打印一次性代码，以设置口令 · Print a one-time code with which a user sets a password
    Invite(Invite),
    /// 绑定用户的外部身份 · Link a user to who he is at another sign-in service
    Link(Link),
    /// 单位 · Units
    #[command(subcommand)]
    Unit(UnitCommand),
    /// 审计记录 · The audit trail
    #[command(subcommand)]
    Audit(Audit),
    /// 密钥 · Keys
    #[command(subcommand)]
    Keys(Keys),
    /// 检查数据库中应当成立的一切，不作改动 · Check everything that must hold in the database, and change nothing
    Fsck(Fsck),
    /// 备份数据库（SQLite 可在服务运行时进行） · Back the database up; on SQLite while it is served
    Backup(Backup),
    /// 恢复或检验备份 · Restore a backup, or see whether it is good
    Restore(Restore),
    /// 载入虚构的演示数据 · Load the invented demo place
    Demo,
    /// 检查环境与设置 · Check the machine, the database and the keys
    Doctor,
    /// 打印权限说明（docs/access.md）· Print who may do what, as docs/access.md has it
    Access,
    /// 显示生效的设置 · Show the settings in force, secrets masked
    Config(ConfigArgs),
}

/// What is done with the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Audit {
    /// 逐条核对审计链，指出第一条有问题的记录 · Check the whole chain, and name the first row that is wrong
    Verify(AuditVerify),
    /// 打印签名的锚点，请存于他处 · Print a signed statement of how far the trail has come, to be kept elsewhere
    Anchor,
}

/// What the chain is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct AuditVerify {
    /// 此前存于他处的锚点文件 · A file with a statement that was kept elsewhere
    #[arg(long, value_name = "FILE")]
    pub anchor: Option<PathBuf>,
}

/// Moves of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub enum Migrate {
    /// 迁移到最新版本 · Forward to the newest version
    Up,
    /// 回退 · Back
    Down(Down),
    /// 显示各迁移的状态 · Show which migrations are applied
    Status,
}

/// How far back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Args)]
pub struct Down {
    /// 回退的步数 · How many migrations to take back
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub steps: u32,
}

/// What to import.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Import {
    /// 文件 · The file
    pub file: PathBuf,
    /// 文件为 taizhang-list/1 JSON · The file is in the taizhang-list/1 JSON form, not one of the office's own
    #[arg(long)]
    pub list_json: bool,
    /// 只显示会导入什么，不写入 · Only show what would be imported
    #[arg(long)]
    pub dry_run: bool,
    /// 以 taizhang-list/1 JSON 显示（配合 --dry-run）· Show it in the taizhang-list/1 JSON form
    #[arg(long, requires = "dry_run")]
    pub json: bool,
    /// 先导入的单位文件（units.json）· A units file to import first
    #[arg(long, value_name = "FILE")]
    pub units: Option<PathBuf>,
    /// 印发单位（代码或名称），缺省取文件中的落款 · The unit that issues it, by code or name; else as the file says
    #[arg(long, value_name = "UNIT")]
    pub issuer: Option<String>,
}

/// What is said to the questions of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Answer {
    /// 清单标识，或导入过的文件 · The list's id (list_…), or the file it was imported from
    pub list: String,
    /// 答复“原文=答案”或“问题序号=答案”，可重复 · An answer: the printed words, or the number of the question, and what they
    /// mean; may be repeated
    #[arg(value_name = "WHAT=VALUE", value_parser = answered)]
    pub answers: Vec<(String, String)>,
    /// 其余问题按草稿现状确认 · For all other questions the draft stands as it is
    #[arg(long)]
    pub keep: bool,
}

fn answered(said: &str) -> Result<(String, String), String> {
    let parts = said.split_once('=').map(|(what, value)| (what.trim(), value.trim()));
    let both = parts.filter(|(what, value)| !what.is_empty() && !value.is_empty());
    both.map(|(what, value)| (what.to_owned(), value.to_owned())).ok_or_else(|| "WHAT=VALUE".to_owned())
}

/// Which list is issued.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Issue {
    /// 清单标识，或导入过的文件 · The list's id (list_…), or the file it was imported from
    pub list: String,
    /// 印发日期，缺省为今天 · The day of issue; today when none is given
    #[arg(long, value_name = "DATE")]
    pub issued_on: Option<NaiveDate>,
    /// 文号 · The document number
    #[arg(long, value_name = "TEXT")]
    pub document_number: Option<String>,
}

/// What to export.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Export {
    /// 清单标识，或导入过的文件 · The list's id (list_…), or the file it was imported from
    pub list: String,
    /// 写入的文件，格式按后缀（docx、xlsx、csv、json、svg、png）· The file to write; its ending says the form
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// 内容：清单、某单位的落实情况表、空白填报表、汇总、未报 · The list itself, a unit's sheet, its blank form, the sums, or who
    /// is missing
    #[arg(long, value_name = "VIEW", default_value = "ledger", value_parser = view)]
    pub view: ExportView,
    /// 报告期的名称或标识，只有一个时可省略 · The period, by its label or id; may be left out when there is only one
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// 落实情况表、填报表的单位（代码或名称），缺省为政府办所在单位 · The unit of a sheet or form, by code or name
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    /// 按标准栏目而非原表栏目 · In the standard columns instead of the list's own
    #[arg(long)]
    pub standard_layout: bool,
}

fn view(word: &str) -> Result<ExportView, String> {
    let known = |view: &&ExportView| view.as_str() == word.replace('-', "_").to_ascii_uppercase();
    let words = || ExportView::ALL.iter().map(|view| view.as_str().to_lowercase().replace('_', "-"));
    let found = ExportView::ALL.iter().find(known).copied();
    found.ok_or_else(|| format!("one of {}", words().collect::<Vec<_>>().join(", ")))
}

/// For whom a token is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Token {
    /// 用户的标识或登录名 · The user's id (user_…) or login name
    pub user: String,
    /// 用户不存在时新建 · Make the user when there is none
    #[arg(long, requires = "unit", requires = "role")]
    pub create: bool,
    /// 新用户所属单位（代码或名称） · The new user's unit, by code or name
    #[arg(long, value_name = "CODE", requires = "create")]
    pub unit: Option<String>,
    /// 新用户在该单位的角色，可重复 · A role of the new user at that unit; may be repeated
    #[arg(long, value_name = "ROLE", requires = "create", value_parser = role)]
    pub role: Vec<Role>,
    /// 新用户的姓名 · The new user's name
    #[arg(long, value_name = "NAME", requires = "create")]
    pub name: Option<String>,
}

/// Who comes first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Bootstrap {
    /// 根单位（代码或名称） · The root unit, by code or name
    #[arg(long, value_name = "UNIT")]
    pub unit: String,
    /// 系统管理员的登录名 · The login name of the system administrator
    #[arg(long, requires = "name", required_unless_present_any = ["security", "audit"])]
    pub login: Option<String>,
    /// 系统管理员的姓名 · The name of the system administrator
    #[arg(long, requires = "login")]
    pub name: Option<String>,
    /// 安全管理员 · The security administrator
    #[arg(long, value_name = "LOGIN=NAME", value_parser = answered)]
    pub security: Option<(String, String)>,
    /// 审计管理员 · The audit administrator
    #[arg(long, value_name = "LOGIN=NAME", value_parser = answered)]
    pub audit: Option<(String, String)>,
}

/// For whom a code is made. The old password and all sessions end at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Invite {
    /// 用户的标识或登录名 · The user's id (user_…) or login name
    pub user: String,
    /// 同时停用动态口令（如手机遗失） · Remove one-time passwords too, as when a telephone is lost
    #[arg(long)]
    pub remove_totp: bool,
}

/// Who somebody is at another sign-in service. People link themselves when they are signed in; this is for those who have no
/// password here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Link {
    /// 用户的标识或登录名 · The user's id (user_…) or login name
    pub user: String,
    /// 登录平台的代号（external-providers 文件中的 id）· What the service is called in the file of external-providers
    #[arg(long, value_name = "ID")]
    pub provider: String,
    /// 用户在该平台的标识（sub、CAS 用户名或 userid）· Who the user is there: sub, the name at CAS, the userid
    #[arg(long, value_name = "SUBJECT")]
    pub subject: String,
}

fn role(word: &str) -> Result<Role, String> {
    let known = |role: &&Role| role.as_str() == word.replace('-', "_").to_ascii_uppercase();
    let words = || Role::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
    Role::ALL.iter().find(known).copied().ok_or_else(|| format!("one of {}", words()))
}

/// What to do with units.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum UnitCommand {
    /// 导入单位（units.json）· Import units, their aliases and groups
    Import(UnitImport),
}

/// Which units to import.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct UnitImport {
    /// 文件 · The file
    pub file: PathBuf,
}

/// How to show the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Args)]
pub struct ConfigArgs {
    /// 打印全部设置的说明 · Print the reference of all settings instead
    #[arg(long)]
    pub markdown: bool,
}

/// Reads a command line (the program's name first) with the variables of this process.
pub fn parse(args: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Result<Invocation, clap::Error> {
    parse_with(args, &config::process_variable)
}

/// Reads a command line with the given variables.
pub fn parse_with(
    args: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Invocation, clap::Error> {
    let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
    // The flags of the settings are most of the tree, and most command lines name none. What does not fit the tree
    // without them, a call for help or a mistake, is answered with all of them.
    let named = |setting: &Setting| args.iter().any(|arg| names(arg, setting));
    let matches = match tree_with(named).try_get_matches_from(&args) {
        Ok(matches) => matches,
        Err(_) => tree().try_get_matches_from(&args)?,
    };
    let command = match matches.subcommand() {
        Some(_) => Command::from_arg_matches(&matches)?,
        None => Command::Serve,
    };
    let given = config::all().iter().filter_map(|setting| {
        let text = matches.try_get_one::<String>(&setting.name).ok().flatten()?;
        Some((setting.name.clone(), text.clone()))
    });
    let flags: HashMap<_, _> = given.collect();
    let settings = Settings::resolve(&flags, variable)
        .map_err(|bad| clap::Error::raw(ErrorKind::ValueValidation, format!("{bad}\n")))?;
    Ok(Invocation { command, settings })
}

/// The tree of commands, with every setting as a flag that may stand before or after the command.
pub fn tree() -> clap::Command {
    tree_with(|_| true)
}

/// Whether an argument is the flag of a setting, `--listen` or `--listen=…`.
fn names(arg: &OsStr, setting: &Setting) -> bool {
    let flag = arg.to_str().and_then(|arg| arg.strip_prefix("--"));
    flag.is_some_and(|flag| flag.split('=').next() == Some(setting.name.as_str()))
}

fn tree_with(wanted: impl Fn(&Setting) -> bool) -> clap::Command {
    let root = clap::Command::new("taizhang").version(env!("CARGO_PKG_VERSION")).subcommand_required(false);
    let flags = config::all().iter().filter(|setting| wanted(setting)).map(|setting| {
        Arg::new(setting.name.as_str())
            .long(setting.name.as_str())
            .value_name(setting.value_name)
            .help(format!("{}\n{} [{}; {}]", setting.zh, setting.en, setting.variables.join(", "), setting.default))
            .help_heading(if setting.limit { "Limits · 限制" } else { "Settings · 设置" })
            .hide_short_help(setting.limit)
            .allow_hyphen_values(true)
            .global(true)
    });
    // After the subcommands, whose documentation would else take its place.
    Command::augment_subcommands(root)
        .about("台账：政务公开重点工作任务清单的 GraphQL 服务 · GraphQL service for lists of open-government tasks")
        .long_about(None)
        .subcommand_required(false)
        .args(flags)
}
