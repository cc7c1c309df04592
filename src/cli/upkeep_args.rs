//! The commands that keep the house in order: keys of personal data, the check of everything, backup and restore.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

/// What is done with keys of personal data.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum DataKeys {
    /// 显示个人数据的密钥及各自加密的数量 · Show the keys of personal data and how much is sealed with each
    DataStatus,
    /// 新增一把个人数据密钥，运行中的服务会自动改用并重新加密 · Add a key of personal data; running servers take it up and seal everything anew
    DataRotate(DataRotate),
    /// 停用一把已不再加密任何数据的密钥 · Take a key out of use under which nothing is left
    DataRetire(DataRetire),
}

/// How a key is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Args)]
pub struct DataRotate {
    /// 多久之后才开始用新密钥加密，以便先复制到其他机器 · How long until it seals, so that it can be copied to other machines first
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration)]
    pub lead: Duration,
}

/// Which key goes.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct DataRetire {
    /// 密钥标识，见 keys data-status · The id of the key, as keys data-status shows it
    pub key: String,
    /// 密钥已经遗失：它加密的内容无法再读 · The key is lost: what is sealed with it can't be read any more
    #[arg(long)]
    pub lost: bool,
}

/// How the check answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Args)]
pub struct Fsck {
    /// 每个问题一行 JSON · One line of JSON for each finding
    #[arg(long)]
    pub json: bool,
}

/// Where a backup goes.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Backup {
    /// 新文件，或已有的目录（自动命名） · A new file, or a folder that is there, in which it gets a name
    pub target: PathBuf,
    /// 同时把密钥目录复制到旁边 · Copy the key folder beside it too
    #[arg(long)]
    pub with_keys: bool,
}

/// What is restored.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Restore {
    /// 备份文件 · The backup
    #[arg(required_unless_present = "after")]
    pub file: Option<PathBuf>,
    /// 用其他工具恢复之后：结束会话、作废代码、列出须复核的密钥 · After other tools have restored: ends sessions and codes, names what to look at
    #[arg(long, conflicts_with_all = ["file", "verify", "replace"])]
    pub after: bool,
    /// 只检验，不改动任何东西 · Only say whether it is good, and touch nothing
    #[arg(long)]
    pub verify: bool,
    /// 替换已有的数据库，原有的改名保留 · Replace the database that is there; it is kept under another name
    #[arg(long, conflicts_with = "verify")]
    pub replace: bool,
}

fn duration(text: &str) -> Result<Duration, String> {
    let read = crate::config::duration(text).filter(|lead| *lead <= Duration::from_secs(30 * 24 * 3_600));
    read.ok_or_else(|| "a duration such as 30s, 15m or 24h, 720h at most".to_owned())
}
