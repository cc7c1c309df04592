//! The sentences about signing in.

use crate::domain::password::Weakness;

/// What a user is told about passwords, one-time passwords and codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInMessage {
    /// The password may not be used.
    Password(Weakness),
    /// The code is unknown, was used, or is over.
    CodeNoGood,
    /// One-time passwords are in use already.
    TotpEnrolled,
    /// There is no secret to confirm or to remove.
    TotpNotEnrolled,
    /// The one-time password does not fit the secret.
    TotpWrong,
    /// The one-time password is asked for, and was not given.
    TotpMissing,
    /// The password is not right, or the account is locked.
    PasswordWrong,
    /// This user does not do without.
    TotpNeeded,
    /// Somebody reset the password, and a second person has not approved new one-time passwords yet.
    TotpHeld,
    /// A login name has blanks or unprintable characters.
    BadLogin,
    /// A login name that begins like those of the program's own accounts.
    ReservedLogin,
    /// The user is disabled.
    UserDisabled,
    /// The user is not disabled.
    UserEnabled,
    /// The account is not locked.
    NotLocked,
    /// Machines are not invited.
    MachineNotInvited,
    /// Machines are disabled and enabled by verbs of their own.
    MachineSwitched,
    /// A person has no secret of this kind.
    NotAMachine,
    /// A machine has no password.
    MachinePassword,
    /// There are so many secrets in use already.
    SecretsFull(usize),
    /// The last day is over before it begins.
    LastDayOver,
    /// The secret is not in use any more.
    SecretEnded,
    /// There is no sign-in service of this name.
    UnknownProvider,
    /// The address is not one to which browsers may come back.
    BadRedirect,
    /// The sign-in took too long, or is none of ours.
    HandleOver,
    /// Nobody here is linked to this identity.
    IdentityUnknown(String),
    /// The other service does not vouch for what came back.
    NotBelieved,
    /// So many identities are linked already.
    IdentitiesFull(usize),
    /// The link was taken away already.
    IdentityEnded,
    /// A machine comes by its secret.
    MachineIdentity,
}

impl SignInMessage {
    pub(super) fn chinese(&self) -> String {
        match self {
            Self::Password(Weakness::TooShort(least)) => format!("口令过短，至少 {least} 个字符。"),
            Self::Password(Weakness::TooLong(most)) => format!("口令过长，至多 {most} 个字符。"),
            Self::Password(Weakness::TooFewClasses(classes)) => {
                format!("口令须含小写字母、大写字母、数字、其他字符中的至少 {classes} 类。")
            }
            Self::Password(Weakness::HoldsLogin) => "口令不能包含登录名。".into(),
            Self::Password(Weakness::Breached) => "该口令已泄露或过于常见，请换一个。".into(),
            Self::Password(Weakness::UsedBefore(1)) => "新口令不能与现用口令相同。".into(),
            Self::Password(Weakness::UsedBefore(count)) => format!("不能使用最近 {count} 次用过的口令。"),
            Self::CodeNoGood => "邀请码或重置码无效，可能已使用或已过期，请向管理员重新索取。".into(),
            Self::TotpEnrolled => "动态口令已启用；更换设备请先停用，角色要求必须使用的，请向管理员申请重置。".into(),
            Self::TotpNotEnrolled => "尚未登记动态口令。".into(),
            Self::TotpWrong => "动态口令不正确，请核对手机时间后重试。".into(),
            Self::TotpMissing => "您已启用动态口令，请同时填写（totp）。".into(),
            Self::PasswordWrong => "口令不正确，或账号因多次失败已暂时锁定。".into(),
            Self::TotpNeeded => "按本系统设置，您的角色必须使用动态口令，不能停用。".into(),
            Self::TotpHeld => {
                "口令刚由管理员重置，须经安全管理员批准后才能登记动态口令、绑定外部身份；也可由运维人员在服务器上办理（taizhang invite --remove-totp）。".into()
            }
            Self::BadLogin => "登录名只能用可见字符，不含空格，至多 64 字。".into(),
            Self::ReservedLogin => "登录名不能以 operator. 开头（留给本程序），请换一个。".into(),
            Self::UserDisabled => "该用户已停用，请先启用。".into(),
            Self::UserEnabled => "该账号没有停用。".into(),
            Self::NotLocked => "该账号没有锁定。".into(),
            Self::MachineNotInvited => "服务账号不用邀请，请用 serviceAccountCreate 新建。".into(),
            Self::MachineSwitched => "服务账号请用 serviceAccountDisable、serviceAccountEnable 停用、启用。".into(),
            Self::NotAMachine => {
                "该用户不是服务账号；请用 serviceAccountCreate 新建，人员的口令用 userPasswordReset 重置。".into()
            }
            Self::MachinePassword => "服务账号没有口令，请更换其密钥（serviceAccountSecretCreate）。".into(),
            Self::SecretsFull(most) => format!("该服务账号已有 {most} 个有效密钥，请先收回一个。"),
            Self::LastDayOver => "最后有效日不能早于今天。".into(),
            Self::UnknownProvider => "没有该登录平台，可用的见 GET /auth/external。".into(),
            Self::BadRedirect => "该返回地址未在登录平台的配置（redirectUris）中列出。".into(),
            Self::HandleOver => "本次登录已超时或无效，请重新开始。".into(),
            Self::IdentityUnknown(subject) => {
                format!("登录平台已确认您的身份（{subject}），但它没有绑定本系统可用的账号，请先用口令登录后绑定，或请运维人员绑定（taizhang external link）。")
            }
            Self::NotBelieved => "登录平台未能确认身份，请重新开始绑定。".into(),
            Self::IdentitiesFull(most) => format!("每个用户至多绑定 {most} 个外部身份，请先解除一个。"),
            Self::IdentityEnded => "该绑定已经解除。".into(),
            Self::MachineIdentity => "服务账号用密钥取令牌，不绑定外部身份。".into(),
            Self::SecretEnded => {
                "该密钥已收回或已到期，无须再收回；需要密钥请新建（serviceAccountSecretCreate）。".into()
            }
        }
    }

    pub(super) fn english(&self) -> String {
        match self {
            Self::Password(Weakness::TooShort(least)) => {
                format!("The password is too short; it needs {least} characters.")
            }
            Self::Password(Weakness::TooLong(most)) => {
                format!("The password is too long; {most} characters are the most.")
            }
            Self::Password(Weakness::TooFewClasses(classes)) => {
                format!("The password needs {classes} of: small letters, capital letters, digits, other characters.")
            }
            Self::Password(Weakness::HoldsLogin) => "The login name must not stand in the password.".into(),
            Self::Password(Weakness::Breached) => "This password is known to guessers; choose another.".into(),
            Self::Password(Weakness::UsedBefore(1)) => "The new password is the present one.".into(),
            Self::Password(Weakness::UsedBefore(count)) => {
                format!("The last {count} passwords must not be used again.")
            }
            Self::CodeNoGood => {
                "The code is not good, or no longer: it was used or is over. Ask an administrator for a new one.".into()
            }
            Self::TotpEnrolled => "One-time passwords are in use; to change the device remove them first, or ask an administrator where your role needs \
                 them.".into(),
            Self::TotpNotEnrolled => "One-time passwords are not set up.".into(),
            Self::TotpWrong => {
                "The one-time password does not fit; check the clock of the device and try again.".into()
            }
            Self::TotpMissing => "You have one-time passwords; give the present one too (totp).".into(),
            Self::PasswordWrong => "The password is not right, or the account is locked for a while after failures.".into(),
            Self::TotpNeeded => "Your role does not do without one-time passwords here.".into(),
            Self::TotpHeld => {
                "The password was reset by an administrator; a security administrator has to approve before one-time passwords are set up or an identity is linked, or the operator at the machine (taizhang invite --remove-totp).".into()
            }
            Self::BadLogin => "A login name has visible characters, no blanks, and 64 at most.".into(),
            Self::ReservedLogin => "Login names that begin with operator. are the program's own; choose another.".into(),
            Self::UserDisabled => "The user is disabled; enable the user first.".into(),
            Self::UserEnabled => "The account is not disabled.".into(),
            Self::NotLocked => "The account is not locked.".into(),
            Self::MachineNotInvited => "Service accounts are not invited; serviceAccountCreate makes one.".into(),
            Self::MachineSwitched => {
                "A service account is disabled and enabled by serviceAccountDisable and serviceAccountEnable.".into()
            }
            Self::NotAMachine => {
                "The user is no service account; serviceAccountCreate makes one, userPasswordReset is for people.".into()
            }
            Self::MachinePassword => {
                "A service account has no password; change its secret (serviceAccountSecretCreate).".into()
            }
            Self::SecretsFull(most) => {
                format!("The service account has {most} secrets in use; take one back first.")
            }
            Self::LastDayOver => "The last day must not be before today.".into(),
            Self::UnknownProvider => "There is no such sign-in service; GET /auth/external lists them.".into(),
            Self::BadRedirect => "The address is not among the redirectUris of this sign-in service.".into(),
            Self::HandleOver => "This sign-in took too long or is none of ours; begin again.".into(),
            Self::IdentityUnknown(subject) => format!(
                "The sign-in service knows you ({subject}), but no account in use here is linked to that; sign in with your \
                 password and link it, or ask the operator to (taizhang external link)."
            ),
            Self::NotBelieved => "The sign-in service does not vouch for it; begin linking again.".into(),
            Self::IdentitiesFull(most) => format!("A user has at most {most} identities linked; take one away first."),
            Self::IdentityEnded => "The link was taken away already.".into(),
            Self::MachineIdentity => "A service account comes by its secret and is linked to nobody.".into(),
            Self::SecretEnded => {
                "The secret was taken back or is over already; serviceAccountSecretCreate makes a new one.".into()
            }
        }
    }
}
