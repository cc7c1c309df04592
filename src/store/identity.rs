//! The principal behind a token, loaded for every request; and the users, sessions, grants and secrets it comes from.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{role_grant, role_grant_list, service_secret, session, signing_key, unit, user_account};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::mergers::mergers;
use super::query::grants::in_force;
use super::scope::unscoped::rows;
use super::{Store, StoreError, Tx};
use crate::authz::{Actor, Grant, Scope};

impl Store {
    /// The actor of a session that is in force, with the grants of today; `None` when the user, the session or the unit
    /// does not allow it. Unscoped, because the scope begins with what this returns.
    pub async fn actor(
        &self,
        user_id: Uuid,
        session_id: Uuid,
        now: DateTime<Utc>,
        today: NaiveDate,
    ) -> Result<Option<Actor>, StoreError> {
        Ok(self.present(user_id, session_id, now, today).await?.map(|(actor, _)| actor))
    }

    /// The same with the session itself.
    pub async fn present(
        &self,
        user_id: Uuid,
        session_id: Uuid,
        now: DateTime<Utc>,
        today: NaiveDate,
    ) -> Result<Option<(Actor, session::Model)>, StoreError> {
        let db = self.reader();
        let idle = session::Column::IdleEndsAt;
        let in_force = rows::<session::Entity>()
            .filter(session::Column::Id.eq(session_id))
            .filter(session::Column::UserId.eq(user_id))
            .filter(session::Column::RevokedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(now))
            .filter(Condition::any().add(idle.is_null()).add(idle.gt(now)))
            .find_also(session::Entity, user_account::Entity)
            .find_also(user_account::Entity, unit::Entity)
            .one(db)
            .await?;
        match in_force {
            Some((session, Some(user), Some(own_unit))) if user.disabled_at.is_none() => {
                let actor = load_actor(db, user, own_unit.root_id, session_id, now, today).await?;
                let Some(scopes) = &session.scopes else { return Ok(Some((actor, session))) };
                let actor = actor.narrowed_to(scopes);
                // A machine that may do nothing any more, moved or stripped of its grants, is nobody.
                Ok(if actor.grants.is_empty() { None } else { Some((actor, session)) })
            }
            _ => Ok(None),
        }
    }

    /// The actor that a user is at this moment, without any session: for what goes on behind his back, named by `task`.
    pub async fn actor_of(
        &self,
        user_id: Uuid,
        task: Uuid,
        now: DateTime<Utc>,
        today: NaiveDate,
    ) -> Result<Option<Actor>, StoreError> {
        let db = self.reader();
        let found = rows::<user_account::Entity>()
            .filter(user_account::Column::Id.eq(user_id))
            .filter(user_account::Column::DisabledAt.is_null())
            .find_also(user_account::Entity, unit::Entity)
            .one(db)
            .await?;
        match found {
            Some((user, Some(own_unit))) => load_actor(db, user, own_unit.root_id, task, now, today).await.map(Some),
            _ => Ok(None),
        }
    }

    /// The user with this login name.
    pub async fn user_by_login(&self, login: &str) -> Result<Option<user_account::Model>, StoreError> {
        Ok(rows::<user_account::Entity>().filter(user_account::Column::Login.eq(login)).one(self.reader()).await?)
    }

    /// The user with this key.
    pub async fn user_by_key(&self, id: Uuid) -> Result<Option<user_account::Model>, StoreError> {
        Ok(rows::<user_account::Entity>().filter(user_account::Column::Id.eq(id)).one(self.reader()).await?)
    }

    /// The signing keys that were ever used, retired ones too.
    pub async fn signing_keys(&self) -> Result<Vec<signing_key::Model>, StoreError> {
        Ok(rows::<signing_key::Entity>().order_by_asc(signing_key::Column::CreatedAt).all(self.reader()).await?)
    }

    /// The login names there are, at most `most`; for operators.
    pub async fn logins(&self, most: u64) -> Result<Vec<user_account::Model>, StoreError> {
        Ok(rows::<user_account::Entity>()
            .order_by_asc(user_account::Column::Login)
            .limit(most)
            .all(self.reader())
            .await?)
    }
}

async fn load_actor(
    db: &impl ConnectionTrait,
    user: user_account::Model,
    root_id: Uuid,
    session_id: Uuid,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Result<Actor, StoreError> {
    let granted = rows::<role_grant::Entity>()
        .filter(role_grant::Column::UserId.eq(user.id))
        .filter(in_force(today))
        .order_by_asc(role_grant::Column::Id)
        .find_also(role_grant::Entity, unit::Entity)
        .all(db)
        .await?;
    let mut grants = Vec::new();
    for (grant, at) in granted {
        // A grant under another root is no right.
        if at.is_none_or(|at| at.root_id != root_id) {
            continue;
        }
        grants.push(Grant {
            role: grant.role,
            unit_id: grant.unit_id,
            scopes: Scope::parse_all(&grant.scopes),
            named_lists: if grant.named_lists { Some(named_lists(db, grant.id).await?) } else { None },
        });
    }
    let predecessors = mergers(db, root_id).await?.predecessors();
    Ok(Actor {
        user_id: user.id,
        kind: user.kind,
        display_name: user.display_name,
        unit_id: user.unit_id,
        root_id,
        session_id,
        grants,
        predecessors,
        narrowed: None,
        at: now,
    })
}

async fn named_lists(db: &impl ConnectionTrait, grant: Uuid) -> Result<BTreeSet<Uuid>, StoreError> {
    let rows = rows::<role_grant_list::Entity>().filter(role_grant_list::Column::RoleGrantId.eq(grant)).all(db).await?;
    Ok(rows.into_iter().map(|row| row.task_list_id).collect())
}

/// Neither taken back nor over.
fn in_use(today: NaiveDate) -> Condition {
    let last = service_secret::Column::ExpiresOn;
    Condition::all()
        .add(service_secret::Column::RevokedAt.is_null())
        .add(Condition::any().add(last.is_null()).add(last.gte(today)))
}

impl Store {
    /// The secret of a service account of this digest.
    pub async fn service_secret(&self, digest: &str) -> Result<Option<service_secret::Model>, StoreError> {
        let secret = rows::<service_secret::Entity>().filter(service_secret::Column::SecretDigest.eq(digest));
        Ok(secret.one(self.reader()).await?)
    }
}

impl Tx {
    /// The grants of a claimed user that were not ended; what is over by its last day is among them.
    pub async fn grants_not_ended(&self, user: Uuid) -> Result<Vec<role_grant::Model>, StoreError> {
        Ok(rows::<role_grant::Entity>()
            .filter(role_grant::Column::UserId.eq(user))
            .filter(role_grant::Column::EndedAt.is_null())
            .order_by_asc(role_grant::Column::Id)
            .all(self.connection())
            .await?)
    }

    /// The secret with this key; its account is claimed.
    pub async fn service_secret(&self, id: Uuid) -> Result<Option<service_secret::Model>, StoreError> {
        Ok(rows::<service_secret::Entity>().filter(service_secret::Column::Id.eq(id)).one(self.connection()).await?)
    }

    /// The secrets of a claimed service account that are good on this day: as many as there may be at most.
    pub async fn service_secrets_in_use(
        &self,
        user: Uuid,
        today: NaiveDate,
    ) -> Result<Vec<service_secret::Model>, StoreError> {
        let own = rows::<service_secret::Entity>().filter(service_secret::Column::UserId.eq(user));
        Ok(own.filter(in_use(today)).order_by_asc(service_secret::Column::Id).all(self.connection()).await?)
    }

    /// The secrets of all accounts that may act, at most `most` of them with their accounts, and how many there are.
    pub async fn all_secrets_in_use(
        &self,
        today: NaiveDate,
        most: u64,
    ) -> Result<(Vec<(user_account::Model, service_secret::Model)>, u64), StoreError> {
        let all = rows::<service_secret::Entity>()
            .filter(in_use(today))
            .find_also(service_secret::Entity, user_account::Entity)
            .filter(user_account::Column::DisabledAt.is_null());
        let count = all.clone().count(self.connection()).await?;
        let rows = all
            .order_by_asc(user_account::Column::Login)
            .order_by_asc(service_secret::Column::Id)
            .limit(most)
            .all(self.connection())
            .await?;
        Ok((rows.into_iter().filter_map(|(secret, user)| Some((user?, secret))).collect(), count))
    }
}

impl Tx {
    /// The signing keys that were ever used, locked in their order.
    pub async fn signing_keys_locked(&self) -> Result<Vec<signing_key::Model>, StoreError> {
        let keys = rows::<signing_key::Entity>().order_by_asc(signing_key::Column::Id);
        Ok(keys.lock(sea_orm::sea_query::LockType::Update).all(self.connection()).await?)
    }

    /// The user with this login name.
    pub async fn user_by_login(&self, login: &str) -> Result<Option<user_account::Model>, StoreError> {
        Ok(rows::<user_account::Entity>().filter(user_account::Column::Login.eq(login)).one(self.connection()).await?)
    }
}
