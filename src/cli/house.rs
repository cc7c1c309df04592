//! Opening everything a command needs, in the order in which it can fail.

use std::path::Path;
use std::sync::Arc;

use super::{Failure, backup};
use crate::clock::{SharedClock, SystemClock};
use crate::config::{Limits, Settings};
use crate::documents::read::FileLimits;
use crate::documents::sandbox::Program;
use crate::domain::calendar::Calendar;
use crate::external::{Providers, ProvidersError};
use crate::id::{ClockIdMaker, SharedIdMaker};
use crate::secrets::{Breached, Keyring, PublicKey, SystemRandom, TokenMaker};
use crate::service::sign_in::{Authenticator, AuthenticatorParts};
use crate::service::{Parts, Service};
use crate::store::{DatabaseSettings, Engine, Store};

/// Connections to the database at most; on SQLite these are the readers.
const CONNECTIONS: u32 = 16;
const READERS: u32 = 4;

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

/// Opens a database at another place.
pub(super) async fn store_at(settings: &Settings, url: String) -> Result<Store, Failure> {
    let sqlite = !url.starts_with("postgres://") && !url.starts_with("postgresql://");
    let database = DatabaseSettings {
        url,
        acquire_timeout: settings.limits.acquire_timeout,
        statement_timeout: settings.limits.statement_timeout,
        start_wait: settings.limits.start_wait,
        max_connections: if sqlite { READERS } else { CONNECTIONS },
        allow_unsafe_durability: false,
    };
    Ok(Store::open(&database).await?)
}

impl House {
    /// Opens the database, the keys and the calendar.
    pub(super) async fn open(settings: &Settings, older: Older) -> Result<Self, Failure> {
        let house = Self::open_with_any_keys(settings, older).await?;
        house.service.data_keys_follow().await?;
        Ok(house)
    }

    /// The same, without asking whether the keys are those of the database.
    pub(super) async fn open_with_any_keys(settings: &Settings, older: Older) -> Result<Self, Failure> {
        // Before anything is written.
        calendar(&settings.holidays_dir)?;
        let store = store(settings).await?;
        let migrated = match older {
            Older::Migrate => {
                backup::before_migration(settings, &store).await?;
                store.migrate_up().await?
            }
            Older::Refuse => {
                store.require_current().await?;
                Vec::new()
            }
        };
        let ids = ClockIdMaker::new(Arc::new(SystemClock));
        let keyring = Keyring::open_or_create(&settings.keys_dir(), &ids)?;
        Ok(Self { migrated, ..Self::of(settings, store, keyring).await? })
    }

    /// The house over a database and keys that are open.
    pub(super) async fn of(settings: &Settings, store: Store, keyring: Keyring) -> Result<Self, Failure> {
        let clock: SharedClock = Arc::new(SystemClock);
        let ids: SharedIdMaker = Arc::new(ClockIdMaker::new(clock.clone()));
        let calendar = calendar(&settings.holidays_dir)?;
        let breached = match &settings.breached_passwords {
            Some(file) => Breached::with_file(file)?,
            None => Breached::built_in(),
        };
        let providers = match &settings.external_providers {
            Some(file) => Providers::read(file).map_err(unusable)?,
            None => Providers::default(),
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
        let trusted = service.keys_register(&keyring.public_keys()).await?;
        service.authenticator().tokens().follow(keyring.signers(&trusted));
        let trusted = trusted.into_iter().map(|key| key.key).collect();
        Ok(Self { service, keyring, trusted, migrated: Vec::new() })
    }

    /// What signs tokens.
    pub(super) fn token_maker(&self) -> &TokenMaker {
        self.service.authenticator().tokens()
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
