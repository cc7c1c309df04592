//! Identities at other sign-in services and handles that were used: unscoped, because nobody is signed in yet.

use chrono::{DateTime, Utc};
use entity::{external_identity, session, used_handle};
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
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

impl Store {
    /// Whose an identity is.
    pub async fn external_identity(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<external_identity::Model>, StoreError> {
        Ok(in_force(issuer, subject).one(self.reader()).await?)
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

    /// How many identities a claimed user has in use.
    pub async fn external_identities_of(&self, user: Uuid) -> Result<u64, StoreError> {
        Ok(rows::<external_identity::Entity>()
            .filter(external_identity::Column::UserId.eq(user))
            .filter(external_identity::Column::EndedAt.is_null())
            .count(self.connection())
            .await?)
    }

    /// Ends the sessions that an identity opened; how many.
    pub async fn sessions_end_of_identity(&self, identity: Uuid, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.sessions_end_where(Condition::all().add(session::Column::ExternalIdentityId.eq(identity)), now).await
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
