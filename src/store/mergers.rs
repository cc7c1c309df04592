//! Which units became part of which.

use entity::unit_change;
use entity::vocabulary::UnitChangeKind;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::scope;
use super::{StoreError, Tx};
use crate::authz::Actor;
use crate::domain::merger::Mergers;

/// The mergers and splits that are in force under a root.
pub(super) async fn mergers(db: &impl ConnectionTrait, root: Uuid) -> Result<Mergers, StoreError> {
    let pairs: Vec<(UnitChangeKind, Uuid, Uuid)> = scope::mergers(root)
        .order_by_asc(unit_change::Column::Id)
        .select_only()
        .column(unit_change::Column::Kind)
        .column(unit_change::Column::FromUnitId)
        .column(unit_change::Column::ToUnitId)
        .into_tuple()
        .all(db)
        .await?;
    let of = |wanted| pairs.iter().filter(move |(kind, ..)| *kind == wanted).map(|(_, from, to)| (*from, *to));
    Ok(Mergers::new(of(UnitChangeKind::Merged), of(UnitChangeKind::Split)))
}

impl Tx {
    /// The mergers and splits that are in force under the actor's root, those of this transaction too.
    pub async fn mergers(&self, actor: &Actor) -> Result<Mergers, StoreError> {
        mergers(self.connection(), actor.root_id).await
    }
}
