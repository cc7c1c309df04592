//! Credentials, sessions, refresh tokens and one-time codes: unscoped, because nobody is signed in yet, or because they
//! are a user's own.
//!
//! Whoever writes about a user locks the user first, then anything else, so that two of them never wait for each other.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::vocabulary::Role;
use entity::{
    one_time_code, password_history, refresh_token, role_grant, session, unit, user_account, user_credential,
};
use sea_orm::sea_query::{Expr, LockType, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::page::padded;
use super::query::grants::in_force;
use super::scope::kept_from;
use super::scope::unscoped::rows;
use super::{Reader, Store, StoreError, Tx};

/// The sessions that are neither taken back nor over.
fn live(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(session::Column::RevokedAt.is_null())
        .add(session::Column::ExpiresAt.gt(now))
        .add(Condition::any().add(session::Column::IdleEndsAt.is_null()).add(session::Column::IdleEndsAt.gt(now)))
}

/// When a user came in, and whether he may now; without anything he comes in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WayIn {
    /// Until when nobody signs in with the password.
    pub locked_until: Option<DateTime<Utc>>,
    /// When he last came in.
    pub last_sign_in_at: Option<DateTime<Utc>>,
}

impl Reader {
    /// Of oneself, and of those whom one keeps.
    pub async fn ways_in(&self, users: &[Uuid]) -> Result<HashMap<Uuid, WayIn>, StoreError> {
        use user_credential::Column as C;
        let actor = self.actor();
        let units = actor.units_with(Role::SystemAdmin);
        let seen = units.fold(Condition::any().add(C::UserId.eq(actor.user_id)), |any, unit| {
            any.add(C::UserId.in_subquery(kept_from(unit)))
        });
        let found = rows::<user_credential::Entity>().filter(C::UserId.is_in(padded(users))).filter(seen);
        let found = found.all(self.connection()).await?;
        let way_in = |own: user_credential::Model| {
            let locked_until = own.locked_until.filter(|until| actor.at < *until);
            (own.user_id, WayIn { locked_until, last_sign_in_at: own.last_sign_in_at })
        };
        Ok(found.into_iter().map(way_in).collect())
    }
}

impl Store {
    /// What a user signs in with.
    pub async fn credential(&self, user: Uuid) -> Result<Option<user_credential::Model>, StoreError> {
        let rows = rows::<user_credential::Entity>().filter(user_credential::Column::UserId.eq(user));
        Ok(rows.one(self.reader()).await?)
    }

    /// The hashes of a user's last passwords, the latest first.
    pub async fn password_history(&self, user: Uuid, most: u64) -> Result<Vec<password_history::Model>, StoreError> {
        Ok(history(user).limit(most).all(self.reader()).await?)
    }

    /// The code of this digest, with its user.
    pub async fn one_time_code(
        &self,
        digest: &str,
    ) -> Result<Option<(one_time_code::Model, user_account::Model)>, StoreError> {
        let found = rows::<one_time_code::Entity>()
            .filter(one_time_code::Column::CodeDigest.eq(digest))
            .find_also(one_time_code::Entity, user_account::Entity)
            .one(self.reader())
            .await?;
        Ok(found.and_then(|(code, user)| user.map(|user| (code, user))))
    }

    /// The user and the session of the refresh token of this digest.
    pub async fn refreshed_by(&self, digest: &str) -> Result<Option<session::Model>, StoreError> {
        let token = rows::<refresh_token::Entity>().filter(refresh_token::Column::TokenDigest.eq(digest));
        match token.one(self.reader()).await? {
            Some(token) => {
                let session = rows::<session::Entity>().filter(session::Column::Id.eq(token.session_id));
                Ok(session.one(self.reader()).await?)
            }
            None => Ok(None),
        }
    }

    /// A session, ended or not.
    pub async fn session_by_key(&self, id: Uuid) -> Result<Option<session::Model>, StoreError> {
        Ok(rows::<session::Entity>().filter(session::Column::Id.eq(id)).one(self.reader()).await?)
    }

    /// Says that a session was used, if it still lives.
    pub async fn session_touch(
        &self,
        session: Uuid,
        now: DateTime<Utc>,
        idle_ends_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        session::Entity::update_many()
            .col_expr(session::Column::LastUsedAt, Expr::value(now))
            .col_expr(session::Column::IdleEndsAt, Expr::value(idle_ends_at))
            .filter(session::Column::Id.eq(session))
            .filter(session::Column::LastUsedAt.lt(now))
            .filter(live(now))
            .exec(tx.connection())
            .await?;
        Ok(tx.commit().await?)
    }

    /// Removes some sessions that ended before, with their tokens, and some codes; how many. Those of machines, of which
    /// there are many and each is like the other, go by a moment of their own.
    pub async fn sessions_sweep(
        &self,
        before: DateTime<Utc>,
        machines_before: DateTime<Utc>,
        most: u64,
    ) -> Result<u64, StoreError> {
        let tx = self.begin().await?;
        let of_machine = Condition::all()
            .add(session::Column::ServiceSecretId.is_not_null())
            .add(session::Column::ExpiresAt.lt(machines_before));
        let ended = Query::select()
            .column(session::Column::Id)
            .from(session::Entity)
            .cond_where(Condition::any().add(session::Column::ExpiresAt.lt(before)).add(of_machine))
            .limit(most)
            .take();
        let sessions = session::Entity::delete_many().filter(session::Column::Id.in_subquery(ended));
        let mut gone = sessions.exec(tx.connection()).await?.rows_affected;
        let over = Query::select()
            .column(one_time_code::Column::Id)
            .from(one_time_code::Entity)
            .and_where(one_time_code::Column::ExpiresAt.lt(before))
            .limit(most)
            .take();
        let codes = one_time_code::Entity::delete_many().filter(one_time_code::Column::Id.in_subquery(over));
        gone += codes.exec(tx.connection()).await?.rows_affected;
        tx.commit().await?;
        Ok(gone)
    }
}

fn history(user: Uuid) -> sea_orm::Select<password_history::Entity> {
    rows::<password_history::Entity>()
        .filter(password_history::Column::UserId.eq(user))
        .order_by_desc(password_history::Column::CreatedAt)
        .order_by_desc(password_history::Column::Id)
}

impl Tx {
    /// A user, locked against every other writer about him.
    pub async fn user_claimed(&self, user: Uuid) -> Result<Option<user_account::Model>, StoreError> {
        let user = rows::<user_account::Entity>().filter(user_account::Column::Id.eq(user));
        Ok(user.lock(LockType::NoKeyUpdate).one(self.connection()).await?)
    }

    /// A user, as he is now.
    pub async fn user_by_id(&self, user: Uuid) -> Result<Option<user_account::Model>, StoreError> {
        Ok(rows::<user_account::Entity>().filter(user_account::Column::Id.eq(user)).one(self.connection()).await?)
    }

    /// A unit, locked against every other writer of it.
    pub async fn unit_claimed(&self, unit: Uuid) -> Result<Option<unit::Model>, StoreError> {
        let unit = rows::<unit::Entity>().filter(unit::Column::Id.eq(unit));
        Ok(unit.lock(LockType::NoKeyUpdate).one(self.connection()).await?)
    }

    /// What a claimed user signs in with.
    pub async fn credential(&self, user: Uuid) -> Result<Option<user_credential::Model>, StoreError> {
        let rows = rows::<user_credential::Entity>().filter(user_credential::Column::UserId.eq(user));
        Ok(rows.one(self.connection()).await?)
    }

    /// Changes nothing, by the statement that a failure takes: who waits for the answer shall not learn which it was.
    pub async fn credential_passed_over(&self, user: Uuid) -> Result<(), StoreError> {
        user_credential::Entity::update_many()
            .col_expr(user_credential::Column::Version, Expr::col(user_credential::Column::Version))
            .filter(user_credential::Column::UserId.eq(user))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// Keeps the hash of a password that another replaces, and forgets those behind the last `keep`.
    pub async fn password_past(&self, row: password_history::Model, keep: u64) -> Result<(), StoreError> {
        let user = row.user_id;
        self.insert::<password_history::Entity>(row).await?;
        let kept: Vec<Uuid> =
            history(user).limit(keep).all(self.connection()).await?.into_iter().map(|row| row.id).collect();
        password_history::Entity::delete_many()
            .filter(password_history::Column::UserId.eq(user))
            .filter(password_history::Column::Id.is_not_in(kept))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// The refresh token of this digest; its user is claimed.
    pub async fn refresh_token(&self, digest: &str) -> Result<Option<refresh_token::Model>, StoreError> {
        let token = rows::<refresh_token::Entity>().filter(refresh_token::Column::TokenDigest.eq(digest));
        Ok(token.one(self.connection()).await?)
    }

    /// How many refresh tokens a session has had.
    pub async fn refresh_tokens_of(&self, session: Uuid) -> Result<u64, StoreError> {
        use sea_orm::PaginatorTrait;
        let tokens = rows::<refresh_token::Entity>().filter(refresh_token::Column::SessionId.eq(session));
        Ok(tokens.count(self.connection()).await?)
    }

    /// A session that lives; its user is claimed.
    pub async fn session_live(&self, id: Uuid, now: DateTime<Utc>) -> Result<Option<session::Model>, StoreError> {
        let session = rows::<session::Entity>().filter(session::Column::Id.eq(id)).filter(live(now));
        Ok(session.one(self.connection()).await?)
    }

    /// Ends one session, if it lives; whether it did.
    pub async fn session_end(&self, id: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(self.sessions_end_where(session::Column::Id.eq(id).into(), now).await? == 1)
    }

    /// Ends the sessions of a user, but for one if wanted; how many.
    pub async fn sessions_end(&self, user: Uuid, but: Option<Uuid>, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut those = Condition::all().add(session::Column::UserId.eq(user));
        if let Some(kept) = but {
            those = those.add(session::Column::Id.ne(kept));
        }
        self.sessions_end_where(those, now).await
    }

    /// Ends the sessions of a user that he signed in to, behind the `most` that were used last.
    pub async fn sessions_bound(&self, user: Uuid, most: u64, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let kept: Vec<Uuid> = rows::<session::Entity>()
            .filter(session::Column::UserId.eq(user))
            .filter(session::Column::LastUsedAt.is_not_null())
            .filter(live(now))
            .order_by_desc(session::Column::LastUsedAt)
            .order_by_desc(session::Column::Id)
            .limit(most)
            .select_only()
            .column(session::Column::Id)
            .into_tuple()
            .all(self.connection())
            .await?;
        let those = Condition::all()
            .add(session::Column::UserId.eq(user))
            .add(session::Column::LastUsedAt.is_not_null())
            .add(session::Column::Id.is_not_in(kept));
        self.sessions_end_where(those, now).await
    }

    /// Ends the sessions that a secret opened; how many.
    pub async fn sessions_end_of_secret(&self, secret: Uuid, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.sessions_end_where(Condition::all().add(session::Column::ServiceSecretId.eq(secret)), now).await
    }

    /// Ends the sessions of a service account behind the `most` that were opened last.
    pub async fn machine_sessions_bound(&self, user: Uuid, most: u64, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let machine = || {
            let own = Condition::all().add(session::Column::UserId.eq(user));
            own.add(session::Column::ServiceSecretId.is_not_null())
        };
        let kept: Vec<Uuid> = rows::<session::Entity>()
            .filter(machine())
            .filter(live(now))
            .order_by_desc(session::Column::CreatedAt)
            .order_by_desc(session::Column::Id)
            .limit(most)
            .select_only()
            .column(session::Column::Id)
            .into_tuple()
            .all(self.connection())
            .await?;
        self.sessions_end_where(machine().add(session::Column::Id.is_not_in(kept)), now).await
    }

    /// Ends the live ones among these sessions; how many.
    pub(super) async fn sessions_end_where(&self, those: Condition, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let done = session::Entity::update_many()
            .col_expr(session::Column::RevokedAt, Expr::value(now))
            .filter(those)
            .filter(live(now))
            .exec(self.connection())
            .await?;
        Ok(done.rows_affected)
    }

    /// The code of this digest; its user is claimed.
    pub async fn one_time_code(&self, digest: &str) -> Result<Option<one_time_code::Model>, StoreError> {
        let code = rows::<one_time_code::Entity>().filter(one_time_code::Column::CodeDigest.eq(digest));
        Ok(code.one(self.connection()).await?)
    }

    /// The codes of a claimed user that were not used.
    pub async fn one_time_codes_unused(&self, user: Uuid) -> Result<Vec<one_time_code::Model>, StoreError> {
        Ok(rows::<one_time_code::Entity>()
            .filter(one_time_code::Column::UserId.eq(user))
            .filter(one_time_code::Column::UsedAt.is_null())
            .all(self.connection())
            .await?)
    }

    /// Forgets all codes that were not used; how many.
    pub async fn one_time_codes_void_all(&self) -> Result<u64, StoreError> {
        let unused = one_time_code::Column::UsedAt.is_null();
        Ok(one_time_code::Entity::delete_many().filter(unused).exec(self.connection()).await?.rows_affected)
    }

    /// Forgets the codes of a user that were not used, so that there is one at most.
    pub async fn one_time_codes_void(&self, user: Uuid) -> Result<u64, StoreError> {
        let done = one_time_code::Entity::delete_many()
            .filter(one_time_code::Column::UserId.eq(user))
            .filter(one_time_code::Column::UsedAt.is_null())
            .exec(self.connection())
            .await?;
        Ok(done.rows_affected)
    }

    /// Whether anybody who may act holds this role at this unit.
    pub async fn is_held(&self, role: Role, unit: Uuid, today: NaiveDate) -> Result<bool, StoreError> {
        let enabled = Query::select()
            .column(user_account::Column::Id)
            .from(user_account::Entity)
            .and_where(user_account::Column::DisabledAt.is_null())
            .take();
        let grant = granted(&[role], today)
            .filter(role_grant::Column::UnitId.eq(unit))
            .filter(role_grant::Column::UserId.in_subquery(enabled));
        Ok(grant.one(self.connection()).await?.is_some())
    }

    /// Whether the user holds one of these roles, at whatever unit, today or later.
    pub async fn holds_any(&self, user: Uuid, roles: &[Role], today: NaiveDate) -> Result<bool, StoreError> {
        let grant = granted(roles, today).filter(role_grant::Column::UserId.eq(user));
        Ok(grant.one(self.connection()).await?.is_some())
    }
}

/// The grants of these roles that are in force on this day.
pub(super) fn granted(roles: &[Role], today: NaiveDate) -> sea_orm::Select<role_grant::Entity> {
    rows::<role_grant::Entity>().filter(role_grant::Column::Role.is_in(roles.iter().copied())).filter(in_force(today))
}
