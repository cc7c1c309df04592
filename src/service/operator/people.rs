//! Users with their grants, and sessions for tokens made at the machine.

use std::sync::Arc;
use std::time::Duration;

use entity::vocabulary::{GrantOrigin, Realm, Role, UserKind};
use entity::{role_grant, session, unit, user_account};
use uuid::Uuid;

use crate::authz::Scope;
use crate::clock::day_of;
use crate::domain::text::OWN_LOGINS;
use crate::id::{GlobalId, Kind};
use crate::service::audit::Asked;
use crate::service::{Caller, Service};
use crate::store::{StoreError, Tx};

/// How long the session of one command lives.
const COMMAND: Duration = Duration::from_secs(600);

/// A grant to be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGrant {
    /// What.
    pub role: Role,
    /// Where.
    pub unit: Uuid,
    /// For `INTEGRATION`.
    pub scopes: Vec<Scope>,
}

/// A user to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// A person or a machine.
    pub kind: UserKind,
    /// The login name, unique.
    pub login: String,
    /// The name shown.
    pub display_name: String,
    /// The unit it acts for.
    pub unit: Uuid,
    /// What it may do.
    pub grants: Vec<NewGrant>,
}

impl Service {
    /// Makes a user with its grants.
    pub async fn user_add(&self, user: NewUser) -> Result<Uuid, StoreError> {
        let tx = self.store().begin().await?;
        let id = self.add_user(&tx, user).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The same inside a transaction, with its audit row.
    pub(in crate::service) async fn add_user(&self, tx: &Tx, user: NewUser) -> Result<Uuid, StoreError> {
        let (now, id) = (self.clock().now(), self.ids().next());
        // The keys refuse a user with roles of both.
        let realm = user.grants.first().map_or(Realm::Business, |grant| grant.role.realm());
        tx.insert::<user_account::Entity>(user_account::Model {
            id,
            kind: user.kind,
            realm,
            unit_id: user.unit,
            login: user.login,
            display_name: user.display_name,
            phone_ciphertext: None,
            disabled_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        })
        .await?;
        let grants = user.grants.into_iter().map(|grant| role_grant::Model {
            id: self.ids().next(),
            user_id: id,
            role: grant.role,
            realm: grant.role.realm(),
            unit_id: grant.unit,
            scopes: grant.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "),
            named_lists: false,
            valid_until: None,
            origin: GrantOrigin::Operator,
            request_id: None,
            request_status: None,
            ended_at: None,
            ended_by: None,
            end_reason: None,
            version: 1,
            created_at: now,
        });
        tx.insert_all::<role_grant::Entity>(grants.collect()).await?;
        self.note(tx, "userAdd", Some(GlobalId::new(Kind::User, id))).await?;
        Ok(id)
    }

    /// Opens a session for a token made at the machine.
    pub async fn session_open(&self, user: Uuid, life: Duration, purpose: &str) -> Result<Uuid, StoreError> {
        let (now, id) = (self.clock().now(), self.ids().next());
        let tx = self.store().begin().await?;
        let life = chrono::TimeDelta::from_std(life).map_err(|_| StoreError::Misuse("a session without end"))?;
        tx.insert::<session::Entity>(session::Model {
            id,
            user_id: user,
            created_at: now,
            expires_at: now + life,
            revoked_at: None,
            purpose: purpose.to_owned(),
            last_used_at: None,
            idle_ends_at: None,
            address: None,
            user_agent: None,
            scopes: None,
            service_secret_id: None,
            external_identity_id: None,
            second_factor_elsewhere: false,
            previous_sign_in_at: None,
            previous_sign_in_address: None,
        })
        .await?;
        self.note(&tx, "sessionOpen", Some(GlobalId::new(Kind::User, user))).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A caller that acts for the office of a place from the command line: a service account with OFFICE at the root,
    /// made when first needed, with a session of ten minutes. It goes through the same policy, audit and outbox as
    /// everybody else; the audit rows bear its name.
    pub async fn operator_caller(&self, root: &unit::Model) -> Result<Caller, StoreError> {
        let login = format!("{OWN_LOGINS}{}", root.code);
        let user = match self.store().user_by_login(&login).await? {
            Some(user) if user.kind == UserKind::Service && user.unit_id == root.id => user.id,
            // What is done in its name would be done by somebody else.
            Some(_) => {
                return Err(StoreError::Misuse("the login name of the command line's account is somebody else's"));
            }
            None => {
                let office = NewGrant { role: Role::Office, unit: root.id, scopes: Vec::new() };
                self.user_add(NewUser {
                    kind: UserKind::Service,
                    login,
                    display_name: "命令行（运维）".to_owned(),
                    unit: root.id,
                    grants: vec![office],
                })
                .await?
            }
        };
        self.caller_of(user, "command line").await?.ok_or(StoreError::Misuse("the operator's account may not act"))
    }

    /// A caller for a user, with a session of ten minutes; `None` when the user may not act.
    pub async fn caller_of(&self, user: Uuid, purpose: &str) -> Result<Option<Caller>, StoreError> {
        let session = self.session_open(user, COMMAND, purpose).await?;
        let now = self.clock().now();
        let actor = self.store().actor(user, session, now, day_of(now)).await?;
        Ok(actor.map(|actor| Caller {
            actor: Arc::new(actor),
            request_id: "operator".to_owned(),
            address: None,
            asked: Asked::default(),
        }))
    }
}
