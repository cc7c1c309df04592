//! Why a command failed: one plain sentence in each language, the cause for the log.

use std::path::Path;

use crate::domain::calendar::CalendarError;
use crate::domain::lang::Lang;
use crate::error::{Fault, UserError};
use crate::secrets::SecretsError;
use crate::service::operator::KeysError;
use crate::store::{MigrateError, OpenError, StoreError};

/// A failure, as operators read it.
#[derive(Debug)]
pub struct Failure {
    zh: String,
    en: String,
}

impl Failure {
    /// The same sentence in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// What users are told, for operators.
    pub(super) fn refused(errors: &[UserError]) -> Self {
        let all = |lang| errors.iter().map(|error| error.message.text(lang)).collect::<Vec<_>>();
        Self::new(all(Lang::Zh).join("\n"), all(Lang::En).join("\n"))
    }

    /// The same, and what it is about.
    pub(super) fn about(self, what: &str) -> Self {
        Self { zh: format!("“{what}”：{}", self.zh), en: format!("“{what}”: {}", self.en) }
    }

    /// A file that cannot be read.
    pub(super) fn unreadable(path: &Path, cause: &std::io::Error) -> Self {
        let path = path.display();
        Self::new(format!("无法读取文件 {path}。"), format!("The file {path} can't be read: {cause}."))
    }

    /// A file that cannot be written.
    pub(super) fn unwritable(path: &Path, cause: &std::io::Error) -> Self {
        let shown = path.display();
        if cause.kind() == std::io::ErrorKind::AlreadyExists {
            return Self::new(
                format!("文件 {shown} 已存在，请换一个文件名。"),
                format!("The file {shown} is there already: choose another name."),
            );
        }
        Self::new(format!("无法写入文件 {shown}。"), format!("The file {shown} can't be written: {cause}."))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "错误：{}\nerror: {}", self.zh, self.en)
    }
}

impl std::error::Error for Failure {}

/// A sentence of another module, with its end.
fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    if text.ends_with('.') { text } else { format!("{text}.") }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        let zh = match &error {
            OpenError::BadUrl(_) => {
                "数据库地址无法识别，应形如 sqlite://路径 或 postgres://用户@主机/库名。".to_owned()
            }
            OpenError::CannotWrite(path) => {
                format!("无法写入数据库文件 {}，请检查所在目录是否存在、是否属于当前用户。", path.display())
            }
            OpenError::Unreachable(_) => "无法连接数据库服务器，请检查地址和网络。".to_owned(),
            OpenError::NotReady(_) => {
                "数据库正忙、正在启动或恢复，等待后仍未就绪，请稍后再试（时限见 --limit-start-wait）。".to_owned()
            }
            OpenError::LoginRefused(_) => "数据库服务器拒绝登录，请检查用户、密码和库名。".to_owned(),
            OpenError::WrongServerVersion(version) => format!("数据库为 PostgreSQL {version}，需要 15 或更新版本。"),
            OpenError::WeakerSettings(_) => "数据库的设置不安全，可能丢失数据，已拒绝启动（原因见英文）。".to_owned(),
            OpenError::Failed(cause) => {
                tracing::error!(%cause, "the database cannot be opened");
                "无法打开数据库，原因见日志。".to_owned()
            }
        };
        Self::new(zh, sentence(&error))
    }
}

impl From<MigrateError> for Failure {
    fn from(error: MigrateError) -> Self {
        let zh = match &error {
            MigrateError::Newer(_) => "数据库由更新版本的 taizhang 建立，请使用该版本，或恢复备份。".to_owned(),
            MigrateError::Behind(_) => "数据库版本较旧，请先运行 taizhang migrate up。".to_owned(),
            MigrateError::Refused(_) => {
                "回退会改变已有数据的含义（如已撤回的任务重新生效），未作任何改动，原因和办法见英文。".to_owned()
            }
            MigrateError::Unfit(_) => {
                "现有数据不符合新版本的规则（如三员分立），未作任何改动；涉及的登录名和处理办法见英文。".to_owned()
            }
            MigrateError::Failed(cause) => {
                tracing::error!(%cause, "the migration failed");
                "迁移失败，数据库未作任何改动，原因见日志。".to_owned()
            }
        };
        Self::new(zh, sentence(&error))
    }
}

impl From<SecretsError> for Failure {
    fn from(error: SecretsError) -> Self {
        let zh = match &error {
            SecretsError::Io { path, .. } => format!("无法使用密钥目录 {}。", path.display()),
            SecretsError::NotPrivate { path, wanted, .. } => {
                format!(
                    "{} 可被其他账户读取或修改，请收回权限（chmod {wanted:o}）；如已外泄请更换密钥。",
                    path.display()
                )
            }
            SecretsError::NotAKey { path } => {
                format!("{} 不是本程序的密钥文件，请从备份恢复或移走。", path.display())
            }
            SecretsError::DataKeyMissing { path } => {
                format!("{} 中缺少数据密钥，请从备份恢复 data-*.key。", path.display())
            }
            SecretsError::NoSigningKey => {
                "本机没有可用的签名密钥，请在本机运行 taizhang keys rotate，或复制其他服务器的 signing-*.pk8。"
                    .to_owned()
            }
            SecretsError::BadPublicKey { kid } => format!("签名密钥 {kid} 不是 Ed25519 密钥。"),
            SecretsError::BreachList { path, .. } => format!("无法使用已泄露口令清单 {}。", path.display()),
            SecretsError::Crypto(_) => "加密库拒绝了操作。".to_owned(),
        };
        Self::new(zh, sentence(&error))
    }
}

impl From<KeysError> for Failure {
    fn from(error: KeysError) -> Self {
        let zh = match &error {
            KeysError::Store(_) => "数据库操作失败，原因见日志。".to_owned(),
            KeysError::Other(kid) => format!("密钥目录中的签名密钥 {kid} 与数据库登记的不一致。"),
            KeysError::Secrets(_) => String::new(),
            KeysError::Unknown(kid) => format!("没有签名密钥 {kid}，请用 taizhang keys list 核对。"),
            KeysError::Signs(kid) => format!("签名密钥 {kid} 正在签名，请先轮换（taizhang keys rotate）。"),
            KeysError::Live(kid, until) => {
                let until = super::token::clock_time(*until);
                format!("签名密钥 {kid} 签发的令牌至 {until} 仍可能有效；加 --now 则即刻拒绝。")
            }
        };
        match error {
            KeysError::Store(cause) => cause.into(),
            KeysError::Secrets(cause) => cause.into(),
            other => Self::new(zh, sentence(&other)),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        tracing::error!(cause = %error, "the database refused");
        Self::new("数据库操作失败，原因见日志。", "The database refused; the log says why.")
    }
}

impl From<Fault> for Failure {
    fn from(error: Fault) -> Self {
        tracing::error!(cause = ?error, "a command failed");
        Self::new("操作失败，原因见日志。", "The command failed; the log says why.")
    }
}

impl From<CalendarError> for Failure {
    fn from(error: CalendarError) -> Self {
        Self::new("节假日数据无法识别，请检查 holidays-dir 中的文件。", sentence(&error))
    }
}
