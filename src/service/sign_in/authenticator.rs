//! What signing in needs beside the database: keys, the rules in force, the work of passwords, and who tries too often.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::vocabulary::Role;
use entity::{session, user_credential};
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

use super::addresses::{Addresses, Buckets};
use crate::authz::Actor;
use crate::clock::day_of;
use crate::config::{Limits, PasswordProfile, TotpFor};
use crate::domain::password::{Profile, Weakness};
use crate::external::Providers;
use crate::secrets::{Breached, PasswordWork, Passwords, SecretsError, SharedRandom, TokenMaker};

/// What an [`Authenticator`] is made of.
pub struct AuthenticatorParts {
    /// Signs access tokens.
    pub tokens: TokenMaker,
    /// Unguessable bytes.
    pub random: SharedRandom,
    /// Passwords that nobody should use.
    pub breached: Breached,
    /// The rules for passwords.
    pub profile: PasswordProfile,
    /// Who needs one-time passwords.
    pub totp_for: TotpFor,
    /// Other services whose word is taken.
    pub providers: Providers,
}

/// Keys, rules and counters of signing in.
pub struct Authenticator {
    parts: AuthenticatorParts,
    passwords: Passwords,
    addresses: Mutex<Addresses>,
    clients: Mutex<Buckets<Uuid>>,
    elsewhere: Semaphore,
}

impl Authenticator {
    /// Within the limits.
    pub fn new(parts: AuthenticatorParts, limits: &Limits) -> Result<Self, SecretsError> {
        let work = PasswordWork {
            memory: limits.password_memory,
            passes: limits.password_passes,
            lanes: limits.password_lanes,
            at_once: limits.passwords_at_once,
            waiting: limits.passwords_waiting,
        };
        let passwords = Passwords::new(work, parts.random.clone())?;
        let addresses = Addresses::new(limits.sign_in_burst, limits.sign_in_refill, limits.sign_in_addresses);
        let clients = Buckets::new(limits.client_burst, limits.client_refill, limits.sign_in_addresses, Uuid::nil());
        // Services that hang shall not keep those out who come with a password: half of the lane is theirs.
        let elsewhere = Semaphore::new((limits.running_sign_in / 2).max(1));
        Ok(Self { parts, passwords, addresses: Mutex::new(addresses), clients: Mutex::new(clients), elsewhere })
    }

    /// Hashes and verifies.
    pub fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// Signs access tokens.
    pub fn tokens(&self) -> &TokenMaker {
        &self.parts.tokens
    }

    /// Other services whose word is taken for who somebody is.
    pub fn providers(&self) -> &Providers {
        &self.parts.providers
    }

    /// A place among those who wait for other services, all together; none when they are taken, and nobody waits for one.
    pub(super) fn place_elsewhere(&self) -> Option<SemaphorePermit<'_>> {
        self.elsewhere.try_acquire().ok()
    }

    pub(in crate::service) fn random(&self) -> &SharedRandom {
        &self.parts.random
    }

    pub(super) fn profile(&self) -> Profile {
        match self.parts.profile {
            PasswordProfile::Dengbao => Profile::DENGBAO,
            PasswordProfile::Asvs => Profile::ASVS,
        }
    }

    /// How long the address has to wait for its next attempt.
    pub(super) fn attempt(&self, address: Option<IpAddr>, now: DateTime<Utc>) -> Result<(), Duration> {
        self.addresses.lock().unwrap_or_else(PoisonError::into_inner).attempt(address, now)
    }

    /// How long a client that has proved who it is has to wait for its next token.
    pub(super) fn client_attempt(&self, client: Uuid, now: DateTime<Utc>) -> Result<(), Duration> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner).attempt(client, now)
    }

    /// Everything that is wrong with a password in itself.
    pub(super) fn weaknesses(&self, password: &str, login: &str) -> Vec<Weakness> {
        self.profile().weaknesses(password, login, self.parts.breached.contains(password))
    }

    /// From which day on the password has to be changed.
    pub(super) fn expires_on(&self, credential: &user_credential::Model) -> Option<chrono::NaiveDate> {
        credential.changed_at.and_then(|at| self.profile().expires_on(day_of(at)))
    }

    /// Whether the password has to be changed.
    pub(super) fn is_due(&self, own: &user_credential::Model, now: DateTime<Utc>) -> bool {
        own.must_change || self.expires_on(own).is_some_and(|day| day <= day_of(now))
    }

    /// Whether nothing else is done before the password is changed.
    pub(in crate::service) fn wants_password(
        &self,
        session: &session::Model,
        own: Option<&user_credential::Model>,
        now: DateTime<Utc>,
    ) -> bool {
        // Whoever came in by another service needs no password here, and may have none.
        session.external_identity_id.is_none() && own.is_some_and(|own| self.is_due(own, now))
    }

    /// Whether nothing else is done before one-time passwords are set up.
    pub(in crate::service) fn wants_totp(
        &self,
        session: &session::Model,
        actor: &Actor,
        own: Option<&user_credential::Model>,
    ) -> bool {
        // Whoever has nothing to sign in with here came in by another service, or is a machine.
        let missing = own.map_or(session.external_identity_id.is_some(), |own| own.totp_confirmed_at.is_none());
        missing && !session.second_factor_elsewhere && self.needs_totp(actor)
    }

    /// Whether somebody with these grants does not do without one-time passwords.
    pub(super) fn needs_totp(&self, actor: &Actor) -> bool {
        self.totp_roles().iter().any(|role| actor.has(*role))
    }

    /// The roles that do not do without one-time passwords.
    pub(in crate::service) fn totp_roles(&self) -> &'static [Role] {
        match self.parts.totp_for {
            TotpFor::Nobody => &[],
            TotpFor::Administrators => &[Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin],
            TotpFor::AdministratorsAndOffice => {
                &[Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin, Role::Office]
            }
        }
    }

    /// Who makes tokens, as an app shows it.
    pub(super) fn issuer(&self) -> &str {
        &self.parts.tokens.rules().issuer
    }
}
