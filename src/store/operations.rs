//! Idempotency results, audit rows and the outbox: unscoped, because they are the frame around what is scoped.

use entity::idempotency_result;
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::scope::unscoped::rows;
use super::{StoreError, Tx};

impl Tx {
    /// What came of an earlier call of this user with this key.
    pub async fn idempotency_result(
        &self,
        user_id: Uuid,
        operation: &str,
        key: &str,
    ) -> Result<Option<idempotency_result::Model>, StoreError> {
        Ok(rows::<idempotency_result::Entity>()
            .filter(idempotency_result::Column::UserId.eq(user_id))
            .filter(idempotency_result::Column::Operation.eq(operation))
            .filter(idempotency_result::Column::Key.eq(key))
            .one(self.connection())
            .await?)
    }
}
