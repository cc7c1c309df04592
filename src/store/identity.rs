//! The principal behind a token, loaded for every request; and the users and sessions it comes from.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{role_grant, role_grant_list, session, signing_key, unit, user_account};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::mergers::mergers;
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
        use sea_orm::QuerySelect;
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
        .filter(role_grant::Column::EndedAt.is_null())
        .order_by_asc(role_grant::Column::Id)
        .find_also(role_grant::Entity, unit::Entity)
        .all(db)
        .await?;
    let mut grants = Vec::new();
    for (grant, at) in granted {
        // A grant under another root, or past its last day, is no right.
        let same_root = at.is_some_and(|at| at.root_id == root_id);
        if !same_root || grant.valid_until.is_some_and(|last| last < today) {
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

impl Tx {
    /// The signing keys that were ever used, locked in their order.
    pub async fn signing_keys_locked(&self) -> Result<Vec<signing_key::Model>, StoreError> {
        use sea_orm::QuerySelect;
        let keys = rows::<signing_key::Entity>().order_by_asc(signing_key::Column::Id);
        Ok(keys.lock(sea_orm::sea_query::LockType::Update).all(self.connection()).await?)
    }

    /// The user with this login name.
    pub async fn user_by_login(&self, login: &str) -> Result<Option<user_account::Model>, StoreError> {
        Ok(rows::<user_account::Entity>().filter(user_account::Column::Login.eq(login)).one(self.connection()).await?)
    }
}
