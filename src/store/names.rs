//! All names under a root, as an actor sees them.

use entity::{unit, unit_alias, unit_group, unit_group_alias};
use sea_orm::{ConnectionTrait, QueryOrder};

use super::scope::Scoped;
use super::{Reader, StoreError, Tx, Visible};
use crate::authz::Actor;

/// Units and groups with all their names.
#[derive(Debug)]
pub struct NameRows {
    /// The units.
    pub units: Vec<Visible<unit::Model>>,
    /// Their other names.
    pub unit_aliases: Vec<Visible<unit_alias::Model>>,
    /// The groups.
    pub groups: Vec<Visible<unit_group::Model>>,
    /// Their other names.
    pub group_aliases: Vec<Visible<unit_group_alias::Model>>,
}

impl Tx {
    /// The names as this transaction sees them: four statements.
    pub async fn names(&self, actor: &Actor) -> Result<NameRows, StoreError> {
        names(self.connection(), actor).await
    }
}

impl Reader {
    /// The names: four statements.
    pub async fn names(&self) -> Result<NameRows, StoreError> {
        names(self.connection(), self.actor()).await
    }
}

async fn names(db: &impl ConnectionTrait, actor: &Actor) -> Result<NameRows, StoreError> {
    Ok(NameRows {
        units: all::<unit::Entity>(db, actor).await?,
        unit_aliases: all::<unit_alias::Entity>(db, actor).await?,
        groups: all::<unit_group::Entity>(db, actor).await?,
        group_aliases: all::<unit_group_alias::Entity>(db, actor).await?,
    })
}

async fn all<E: Scoped>(db: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<Visible<E::Model>>, StoreError> {
    let rows = E::scoped(actor).order_by_asc(E::key()).all(db).await?;
    Ok(rows.into_iter().map(Visible::new).collect())
}
