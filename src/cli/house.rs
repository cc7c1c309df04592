//! Opening everything a command needs, in the order in which it can fail.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::{Failure, backup};
use crate::clock::{SharedClock, SystemClock};
use crate::config::{self, Limits, Settings};
use crate::documents::read::FileLimits;
use crate::documents::sandbox::Program;
use crate::domain::calendar::Calendar;
use crate::external::{Providers, ProvidersError};
use crate::id::{ClockIdMaker, SharedIdMaker};
use crate::secrets::{Breached, Keyring, PublicKey, SecretsError, SystemRandom, TokenMaker, TrustedKey};
use crate::service::sign_in::{Authenticator, AuthenticatorParts};
use crate::service::upkeep::data_keys::DataKeysError;
use crate::service::{Parts, Service};
use crate::store::{DatabaseSettings, Engine, Store, connect};

/// Connections to the database at most; on SQLite these are the readers.
const CONNECTIONS: u32 = 16;
const READERS: u32 = 4;
/// How long a statement may take that looks at everything.
const PATIENCE: Duration = Duration::from_secs(300);

/// What to do with a database that is empty or older.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Older {
    /// Bring it to this program's shape; one program at a time.
    Migrate,
    /// Refuse it.
    Refuse,
}

/// Everything, open.
pub(super) struct House {
    pub(super) service: Service,
    pub(super) keyring: Keyring,
    /// The keys whose tokens are good.
    pub(super) trusted: Vec<PublicKey>,
    /// The migrations that ran just now.
    pub(super) migrated: Vec<String>,
}

/// Opens the database and nothing else.
pub(super) async fn store(settings: &Settings) -> Result<Store, Failure> {
    store_at(settings, settings.database_url.expose().to_owned()).await
}

/// Opens a database that is there, and makes none: only what brings something in does.
pub(super) async fn existing(settings: &Settings) -> Result<Store, Failure> {
    is_there(settings)?;
    store(settings).await
}

/// Refuses an embedded database that nobody has made yet.
fn is_there(settings: &Settings) -> Result<(), Failure> {
    let file = (settings.database_url.engine() == config::Engine::Sqlite)
        .then(|| connect::sqlite_path(settings.database_url.expose()))
        .flatten();
    let Some(file) = file.filter(|file| !std::fs::metadata(file).is_ok_and(|file| file.len() > 0)) else {
        return Ok(());
    };
    let shown = file.display();
    Err(Failure::new(
        format!("没有数据库 {shown}：请检查 data-dir 和 database-url；新库由 taizhang serve 或 migrate up 建立。"),
        format!(
            "There is no database {shown}: check data-dir and database-url; taizhang serve or migrate up makes a new one."
        ),
    ))
}

/// The other sign-in services, by their file.
fn services(settings: &Settings) -> Result<Providers, Failure> {
    match &settings.external_providers {
        Some(file) => Providers::read(file).map_err(unusable),
        None => Ok(Providers::default()),
    }
}

/// The settings with patience: what looks at everything takes longer than a request.
pub(super) fn patient(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    settings.limits.statement_timeout = settings.limits.statement_timeout.max(PATIENCE);
    settings.limits.acquire_timeout = settings.limits.acquire_timeout.max(PATIENCE / 10);
    settings
}

/// Opens a database at another place.
pub(super) async fn store_at(settings: &Settings, url: String) -> Result<Store, Failure> {
    Ok(Store::open(&database(settings, url)).await?)
}

fn database(settings: &Settings, url: String) -> DatabaseSettings {
    let sqlite = !url.starts_with("postgres://") && !url.starts_with("postgresql://");
    DatabaseSettings {
        url,
        acquire_timeout: settings.limits.acquire_timeout,
        statement_timeout: settings.limits.statement_timeout,
        start_wait: settings.limits.start_wait,
        max_connections: if sqlite { READERS } else { CONNECTIONS },
        allow_unsafe_durability: false,
    }
}

impl House {
    /// Opens the database, the keys and the calendar. Whoever may make a database may make keys, and makes them known; all
    /// others take what is there.
    pub(super) async fn open(settings: &Settings, older: Older) -> Result<Self, Failure> {
        // Before anything is written.
        calendar(&settings.holidays_dir)?;
        match older {
            Older::Migrate => Self::migrated(settings, Providers::default()).await,
            Older::Refuse => {
                let house = Self::of_what_is_there(settings, existing(settings).await?, Providers::default()).await?;
                house.service.data_keys_agree().await?;
                Ok(house)
            }
        }
    }

    /// The same for the server, which alone speaks with other sign-in services: a mistake in their file is found before
    /// anything is written, and keeps nobody from any other command.
    pub(super) async fn open_to_serve(settings: &Settings) -> Result<Self, Failure> {
        calendar(&settings.holidays_dir)?;
        Self::migrated(settings, services(settings)?).await
    }

    /// What is there, with the other sign-in services: for who is linked to one.
    pub(super) async fn open_with_services(settings: &Settings) -> Result<Self, Failure> {
        let services = services(settings)?;
        let house = Self::of_what_is_there(settings, existing(settings).await?, services).await?;
        house.service.data_keys_agree().await?;
        Ok(house)
    }

    async fn migrated(settings: &Settings, providers: Providers) -> Result<Self, Failure> {
        let store = store(settings).await?;
        backup::before_migration(settings, &store).await?;
        let migrated = store.migrate_up().await?;
        needed(settings, &store).await?;
        let ids = ClockIdMaker::new(Arc::new(SystemClock));
        let keyring = Keyring::open_or_create(&settings.keys_dir(), &ids)?;
        let mut house = Self::with_providers(settings, store, keyring, providers).await?;
        house.migrated = migrated;
        house.service.data_keys_follow().await?;
        // Behind the data keys: in the wrong folder nothing is made known.
        let trusted = house.service.keys_register(&house.keyring.public_keys()).await?;
        house.sign(trusted);
        house.signs()?;
        Ok(house)
    }

    /// What is there, whether the keys are those of the database or not.
    pub(super) async fn open_with_any_keys(settings: &Settings) -> Result<Self, Failure> {
        Self::of_what_is_there(settings, existing(settings).await?, Providers::default()).await
    }

    /// The same, to look and nothing else.
    pub(super) async fn open_to_look(settings: &Settings) -> Result<Self, Failure> {
        is_there(settings)?;
        let url = settings.database_url.expose().to_owned();
        let store = Store::open_read_only(&database(settings, url)).await?;
        Self::of_what_is_there(settings, store, Providers::default()).await
    }

    async fn of_what_is_there(settings: &Settings, store: Store, services: Providers) -> Result<Self, Failure> {
        store.require_current().await?;
        let keyring = keys(settings)?;
        let mut house = Self::with_providers(settings, store, keyring, services).await?;
        let trusted = house.service.keys_trusted(&house.keyring.public_keys()).await?;
        house.sign(trusted);
        Ok(house)
    }

    /// The house over a database and keys that are open.
    pub(super) async fn of(settings: &Settings, store: Store, keyring: Keyring) -> Result<Self, Failure> {
        Self::with_providers(settings, store, keyring, Providers::default()).await
    }

    async fn with_providers(
        settings: &Settings,
        store: Store,
        keyring: Keyring,
        providers: Providers,
    ) -> Result<Self, Failure> {
        let clock: SharedClock = Arc::new(SystemClock);
        let ids: SharedIdMaker = Arc::new(ClockIdMaker::new(clock.clone()));
        let calendar = calendar(&settings.holidays_dir)?;
        let breached = match &settings.breached_passwords {
            Some(file) => Breached::with_file(file)?,
            None => Breached::built_in(),
        };
        let parts = AuthenticatorParts {
            tokens: keyring.token_maker(settings.token_rules())?,
            random: Arc::new(SystemRandom),
            breached,
            profile: settings.password_profile,
            totp_for: settings.totp_required_for,
            providers,
        };
        let service = Service::new(Parts {
            store,
            clock,
            ids,
            limits: Arc::new(settings.limits.clone()),
            calendar: Arc::new(calendar),
            cipher: keyring.data_cipher()?,
            documents: reader(&settings.limits),
            authenticator: Arc::new(Authenticator::new(parts, &settings.limits)?),
        });
        Ok(Self { service, keyring, trusted: Vec::new(), migrated: Vec::new() })
    }

    /// Signs with those of these keys whose private half is here.
    fn sign(&mut self, trusted: Vec<TrustedKey>) {
        self.service.authenticator().tokens().follow(self.keyring.signers(&trusted));
        self.trusted = trusted.into_iter().map(|key| key.key).collect();
    }

    /// What signs tokens.
    pub(super) fn token_maker(&self) -> &TokenMaker {
        self.service.authenticator().tokens()
    }

    /// Refuses to go on where no key of the folder signs: one that nobody made known, or that was retired.
    pub(super) fn signs(&self) -> Result<(), Failure> {
        let now = self.service.clock().now();
        self.token_maker().kid(now).map(|_| ()).ok_or_else(|| SecretsError::NoSigningKey.into())
    }

    /// Whether the database is the embedded one.
    pub(super) fn is_embedded(&self) -> bool {
        self.service.store().engine() == Engine::Sqlite
    }

    /// Closes the database, so that SQLite writes its log back.
    pub(super) async fn close(&self) {
        if let Err(error) = self.service.store().close().await {
            tracing::warn!(%error, "the database did not close well");
        }
    }
}

fn unusable(error: ProvidersError) -> Failure {
    Failure::new("外部登录平台的配置文件有误，详见下面的英文说明。", error.to_string())
}

/// The keys that are there; none are made.
pub(super) fn keys(settings: &Settings) -> Result<Keyring, Failure> {
    let folder = settings.keys_dir();
    let keyring = if folder.is_dir() { Some(Keyring::open_any(&folder)?) } else { None };
    match keyring.map(|keyring| (keyring.data_keys().is_empty(), keyring.public_keys().is_empty(), keyring)) {
        // Without a key that signs: `keys rotate` makes one, and whoever has to sign is refused by `signs`.
        Some((false, _, keyring)) => Ok(keyring),
        Some((true, false, _)) => Err(SecretsError::DataKeyMissing { path: folder }.into()),
        _ => {
            let shown = folder.display();
            Err(Failure::new(
                format!(
                    "密钥目录 {shown} 为空或不完整：请检查 data-dir，或从备份恢复；新密钥只由 taizhang serve、demo 和 bootstrap 生成。"
                ),
                format!(
                    "The key folder {shown} is empty or not complete: check data-dir, or restore it from a backup; only \
                     taizhang serve, demo and bootstrap make new keys."
                ),
            ))
        }
    }
}

/// Refuses a folder without any data key where the database needs one, before others are made there.
async fn needed(settings: &Settings, store: &Store) -> Result<(), Failure> {
    let known = store.data_keys().await?;
    let Some(needed) = known.into_iter().find(|key| key.retired_at.is_none()) else { return Ok(()) };
    let folder = settings.keys_dir();
    if folder.is_dir() && !Keyring::open_any(&folder)?.data_keys().is_empty() {
        return Ok(());
    }
    Err(DataKeysError::Missing(needed.id).into())
}

/// What reads office files, within the limits of the settings.
pub(super) fn reader(limits: &Limits) -> Program {
    Program::this().within(FileLimits {
        bytes: limits.file_bytes,
        unpacked: limits.file_unpacked,
        entries: limits.file_entries,
        cells: limits.file_cells,
        memory: limits.file_memory,
        cpu_seconds: limits.file_cpu_seconds,
    })
}

/// The built-in years, with the files of the operator over them.
pub(super) fn calendar(folder: &Path) -> Result<Calendar, Failure> {
    let mut files = Vec::new();
    if folder.is_dir() {
        let entries = std::fs::read_dir(folder).map_err(|cause| Failure::unreadable(folder, &cause))?;
        let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "json")) {
            files.push(std::fs::read_to_string(path).map_err(|cause| Failure::unreadable(path, &cause))?);
        }
    }
    Ok(Calendar::bundled_with(files)?)
}
