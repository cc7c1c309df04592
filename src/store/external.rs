//! Identities at other sign-in services and handles that were used: unscoped, because nobody is signed in yet.

use chrono::{DateTime, Utc};
use entity::{external_identity, session, used_handle, user_account};
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::scope::unscoped::rows;
use super::{Store, StoreError, Tx};

/// The link in force of an identity.
fn in_force(issuer: &str, subject: &str) -> sea_orm::Select<external_identity::Entity> {
    rows::<external_identity::Entity>()
        .filter(external_identity::Column::Issuer.eq(issuer))
        .filter(external_identity::Column::Subject.eq(subject))
        .filter(external_identity::Column::EndedAt.is_null())
}

fn handle(id: Uuid) -> sea_orm::Select<used_handle::Entity> {
    rows::<used_handle::Entity>().filter(used_handle::Column::Id.eq(id))
}

impl Store {
    /// Whose an identity is.
    pub async fn external_identity(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<external_identity::Model>, StoreError> {
        Ok(in_force(issuer, subject).one(self.reader()).await?)
    }

    /// An identity, in use or not.
    pub async fn external_identity_by_key(&self, id: Uuid) -> Result<Option<external_identity::Model>, StoreError> {
        let row = rows::<external_identity::Entity>().filter(external_identity::Column::Id.eq(id));
        Ok(row.one(self.reader()).await?)
    }

    /// Whether a handle was used.
    pub async fn is_handle_used(&self, id: Uuid) -> Result<bool, StoreError> {
        Ok(handle(id).one(self.reader()).await?.is_some())
    }

    /// Forgets some used handles that are over by now; how many.
    pub async fn used_handles_sweep(&self, now: DateTime<Utc>, most: u64) -> Result<u64, StoreError> {
        let tx = self.begin().await?;
        let over = Query::select()
            .column(used_handle::Column::Id)
            .from(used_handle::Entity)
            .and_where(used_handle::Column::ExpiresAt.lt(now))
            .limit(most)
            .take();
        let gone = used_handle::Entity::delete_many().filter(used_handle::Column::Id.in_subquery(over));
        let gone = gone.exec(tx.connection()).await?.rows_affected;
        tx.commit().await?;
        Ok(gone)
    }
}

impl Tx {
    /// The link in force of an identity; its user is claimed.
    pub async fn external_identity(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<external_identity::Model>, StoreError> {
        Ok(in_force(issuer, subject).one(self.connection()).await?)
    }

    /// The links in force of all users, or of this one, or to this subject, at most `most` of them with their users, and how
    /// many there are. Those of users who are disabled hold their subjects too.
    pub async fn external_identities_in_use(
        &self,
        user: Option<Uuid>,
        subject: Option<&str>,
        most: u64,
    ) -> Result<(Vec<(user_account::Model, external_identity::Model)>, u64), StoreError> {
        let mut all = rows::<external_identity::Entity>()
            .filter(external_identity::Column::EndedAt.is_null())
            .find_also(external_identity::Entity, user_account::Entity);
        if let Some(subject) = subject {
            all = all.filter(external_identity::Column::Subject.eq(subject));
        }
        if let Some(user) = user {
            all = all.filter(external_identity::Column::UserId.eq(user));
        }
        let count = all.clone().count(self.connection()).await?;
        let rows = all
            .order_by_asc(user_account::Column::Login)
            .order_by_asc(external_identity::Column::Id)
            .limit(most)
            .all(self.connection())
            .await?;
        Ok((rows.into_iter().filter_map(|(link, user)| Some((user?, link))).collect(), count))
    }

    /// A link in force; its user is claimed.
    pub async fn external_identity_in_force(&self, id: Uuid) -> Result<Option<external_identity::Model>, StoreError> {
        Ok(rows::<external_identity::Entity>()
            .filter(external_identity::Column::Id.eq(id))
            .filter(external_identity::Column::EndedAt.is_null())
            .one(self.connection())
            .await?)
    }

    /// The identities that a claimed user has in use.
    pub async fn external_identities_of(&self, user: Uuid) -> Result<Vec<external_identity::Model>, StoreError> {
        Ok(rows::<external_identity::Entity>()
            .filter(external_identity::Column::UserId.eq(user))
            .filter(external_identity::Column::EndedAt.is_null())
            .all(self.connection())
            .await?)
    }

    /// Takes a link away, and ends the sessions that it opened; its user is claimed. By nobody is by the operator.
    pub async fn external_identity_end(
        &self,
        link: external_identity::Model,
        by: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let opened = Condition::all().add(session::Column::ExternalIdentityId.eq(link.id));
        self.sessions_end_where(opened, now).await?;
        let link = external_identity::Model { ended_at: Some(now), ended_by: by, ..link };
        self.update::<external_identity::Entity>(link).await
    }

    /// Whether a handle was used.
    pub async fn is_handle_used(&self, id: Uuid) -> Result<bool, StoreError> {
        Ok(handle(id).one(self.connection()).await?.is_some())
    }

    /// Says that a handle was used; false where it was already.
    pub async fn handle_used(&self, handle: used_handle::Model) -> Result<bool, StoreError> {
        let insert = used_handle::Entity::insert(handle.into_active_model().reset_all())
            .on_conflict(OnConflict::column(used_handle::Column::Id).do_nothing().to_owned());
        match insert.exec_without_returning(self.connection()).await {
            Ok(rows) => Ok(rows > 0),
            Err(DbErr::RecordNotInserted) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}
