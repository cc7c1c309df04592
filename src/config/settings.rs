//! The values in force, and where each came from.

use std::{collections::HashMap, ffi::OsString, fmt, net::SocketAddr, path::PathBuf};

use super::{
    DatabaseUrl, Limits, Network, PasswordProfile, Setting, TotpFor, database_url, limit_table, sign_in, table,
};
use crate::secrets::TokenRules;

/// Form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Flag,
    /// The variable of this name.
    Variable(String),
    /// Nothing was said.
    Default,
}

/// A setting as `taizhang config` shows it; secrets are masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// Its name.
    pub name: &'static str,
    /// Its value, masked if secret.
    pub value: String,
    /// Where it came from.
    pub source: Source,
}

/// A value that is not allowed, as one plain sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place} is \"{value}\", but must be {allowed}")]
pub struct BadSetting {
    /// The flag or the variable.
    pub place: String,
    /// What was written, masked if secret.
    pub value: String,
    /// What is allowed.
    pub allowed: String,
}

/// The configuration of a running program.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Folder of the embedded database and of the keys.
    pub data_dir: PathBuf,
    /// Address of the database.
    pub database_url: DatabaseUrl,
    /// Issuer of access tokens.
    pub issuer: String,
    /// Audience of access tokens.
    pub audience: String,
    /// Form of the log.
    pub log_format: LogFormat,
    /// Which log lines are written.
    pub log_filter: String,
    /// Whether `/metrics` answers.
    pub metrics: bool,
    /// Whether the explorer answers.
    pub graphiql: bool,
    /// Whether the public reads what is published.
    pub public_reader: bool,
    /// Whether a new embedded database gets the demo place.
    pub demo: bool,
    /// Copies of the embedded database from before migrations.
    pub migration_backups: usize,
    /// Folder of the holiday files.
    pub holidays_dir: PathBuf,
    /// Rules for passwords.
    pub password_profile: PasswordProfile,
    /// List of breached passwords.
    pub breached_passwords: Option<PathBuf>,
    /// File of the sign-in services whose word is taken.
    pub external_providers: Option<PathBuf>,
    /// File to which statements about the audit trail are added.
    pub audit_anchor_file: Option<PathBuf>,
    /// Who has to use one-time passwords.
    pub totp_required_for: TotpFor,
    /// Reverse proxies that are believed.
    pub trusted_proxies: Vec<Network>,
    /// Bounds on everything a client can make the server do.
    pub limits: Limits,
    in_force: Vec<InForce>,
}

impl Settings {
    /// Reads every setting: the flags given, then the variables, then the start values.
    pub fn resolve(
        flags: &HashMap<String, String>,
        variable: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<Self, BadSetting> {
        let mut values = Values { flags, variable, in_force: Vec::new() };
        let listen = values.read("listen", |text| text.parse().ok())?;
        let data_dir: PathBuf = values.read("data-dir", folder)?;
        let database_url = values.read_or("database-url", DatabaseUrl::read, || {
            DatabaseUrl::embedded(&data_dir).map(|url| (url.masked(), url))
        })?;
        let issuer = values.read("issuer", name)?;
        let audience = values.read("audience", name)?;
        let log_format = values.read("log-format", |text| match text {
            "text" => Some(LogFormat::Text),
            "json" => Some(LogFormat::Json),
            _ => None,
        })?;
        let log_filter = values.read("log-filter", |text| {
            let good = tracing_subscriber::EnvFilter::builder().parse(text).is_ok();
            good.then(|| text.to_owned())
        })?;
        let metrics = values.read("metrics", on_or_off)?;
        let graphiql = values.read("graphiql", on_or_off)?;
        let public_reader = values.read("public-reader", on_or_off)?;
        let demo = values.read("demo", on_or_off)?;
        let migration_backups =
            values.read("migration-backups", |text| text.parse().ok().filter(|count: &usize| *count <= 100))?;
        let holidays_dir = values.read_or("holidays-dir", folder, || {
            let path = data_dir.join("holidays");
            Some((path.display().to_string(), path))
        })?;
        let password_profile = values.read("password-profile", PasswordProfile::read)?;
        let breached_passwords = values
            .read("breached-passwords", |text| if text == "none" { Some(None) } else { folder(text).map(Some) })?;
        let external_providers = values
            .read("external-providers", |text| if text == "none" { Some(None) } else { folder(text).map(Some) })?;
        let audit_anchor_file = values
            .read("audit-anchor-file", |text| if text == "none" { Some(None) } else { folder(text).map(Some) })?;
        let totp_required_for = values.read("totp-required-for", TotpFor::read)?;
        let trusted_proxies = values.read("trusted-proxies", sign_in::networks)?;
        let limits = values.limits()?;
        let in_force = values.in_force;
        Ok(Self {
            listen,
            data_dir,
            database_url,
            issuer,
            audience,
            log_format,
            log_filter,
            metrics,
            graphiql,
            public_reader,
            demo,
            migration_backups,
            holidays_dir,
            password_profile,
            breached_passwords,
            external_providers,
            audit_anchor_file,
            totp_required_for,
            trusted_proxies,
            limits,
            in_force,
        })
    }

    /// The start values, for tests: nothing said on the command line or in the environment.
    pub fn start_values() -> Result<Self, BadSetting> {
        Self::resolve(&HashMap::new(), &|_| None)
    }

    /// Every value with its source, secrets masked, in the order of the documentation.
    pub fn in_force(&self) -> &[InForce] {
        &self.in_force
    }

    /// The folder of the private keys.
    pub fn keys_dir(&self) -> PathBuf {
        self.data_dir.join("keys")
    }

    /// What access tokens must say and how long they live.
    pub fn token_rules(&self) -> TokenRules {
        TokenRules {
            issuer: self.issuer.clone(),
            audience: self.audience.clone(),
            lifetime: self.limits.access_token,
            leeway: self.limits.clock_leeway,
        }
    }
}

/// The lines of `taizhang config`.
impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.in_force.iter().map(|line| line.name.len()).max().unwrap_or_default();
        for InForce { name, value, source } in &self.in_force {
            let source = match source {
                Source::Flag => format!("--{name}"),
                Source::Variable(variable) => variable.clone(),
                Source::Default => "start value".to_owned(),
            };
            writeln!(f, "{name:width$}  {value}  ({source})")?;
        }
        Ok(())
    }
}

struct Values<'a> {
    flags: &'a HashMap<String, String>,
    variable: &'a dyn Fn(&str) -> Option<OsString>,
    in_force: Vec<InForce>,
}

impl Values<'_> {
    /// Reads a setting whose start value is written in the table.
    fn read<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, BadSetting> {
        let start = setting(name).map(|setting| setting.default.clone()).unwrap_or_default();
        self.read_or(name, &read, || read(&start).map(|value| (start.clone(), value)))
    }

    /// Reads a setting; `start` gives the shown and the real start value.
    fn read_or<T>(
        &mut self,
        name: &str,
        read: impl Fn(&str) -> Option<T>,
        start: impl FnOnce() -> Option<(String, T)>,
    ) -> Result<T, BadSetting> {
        let Some(setting) = setting(name) else {
            return Err(bad(name.to_owned(), String::new(), "a known setting"));
        };
        let (shown, source, value) = match self.written(setting)? {
            Some((text, source)) => {
                let shown = if setting.secret { database_url::mask(&text) } else { text.clone() };
                match read(&text) {
                    Some(value) => (shown, source, value),
                    None => return Err(bad(place(setting, &source), shown, &setting.allowed)),
                }
            }
            None => match start() {
                Some((shown, value)) => (shown, Source::Default, value),
                None => return Err(bad(format!("--{name}"), setting.default.clone(), &setting.allowed)),
            },
        };
        self.in_force.push(InForce { name: &setting.name, value: shown, source });
        Ok(value)
    }

    fn limits(&mut self) -> Result<Limits, BadSetting> {
        let mut limits = Limits::default();
        for (row, setting) in limit_table::ROWS.iter().zip(table::all().iter().filter(|setting| setting.limit)) {
            limits = self.read(&setting.name, |text| {
                let mut next = limits.clone();
                (row.take)(&mut next, text).then_some(next)
            })?;
        }
        if limits.page_default > limits.page_max {
            let (default, allowed) = ("limit-page-default", format!("at most limit-page-max ({})", limits.page_max));
            return Err(bad(default.to_owned(), limits.page_default.to_string(), &allowed));
        }
        Ok(limits)
    }

    /// What was written for a setting, by the strongest source.
    fn written(&self, setting: &Setting) -> Result<Option<(String, Source)>, BadSetting> {
        if let Some(text) = self.flags.get(&setting.name) {
            return Ok(Some((text.clone(), Source::Flag)));
        }
        for variable in &setting.variables {
            match (self.variable)(variable).filter(|value| !value.is_empty()).map(OsString::into_string) {
                None => {}
                Some(Ok(text)) => return Ok(Some((text, Source::Variable(variable.clone())))),
                Some(Err(_)) => return Err(bad(variable.clone(), "…".to_owned(), "text in UTF-8")),
            }
        }
        Ok(None)
    }
}

fn setting(name: &str) -> Option<&'static Setting> {
    table::all().iter().find(|setting| setting.name == name)
}

fn bad(place: String, value: String, allowed: &str) -> BadSetting {
    // One sentence stays one line, whatever was written.
    let value = value.chars().take(200).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    BadSetting { place, value, allowed: allowed.to_owned() }
}

fn place(setting: &Setting, source: &Source) -> String {
    match source {
        Source::Variable(variable) => variable.clone(),
        Source::Flag | Source::Default => format!("--{}", setting.name),
    }
}

fn folder(text: &str) -> Option<PathBuf> {
    (!text.is_empty() && !text.contains('\0')).then(|| PathBuf::from(text))
}

fn name(text: &str) -> Option<String> {
    ((1..=200).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())).then(|| text.to_owned())
}

fn on_or_off(text: &str) -> Option<bool> {
    match text {
        "on" | "true" => Some(true),
        "off" | "false" => Some(false),
        _ => None,
    }
}
