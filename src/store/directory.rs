//! Units by their codes, for operators; and the closure of the tree.

use std::collections::HashMap;

use entity::{unit, unit_alias, unit_closure, unit_group};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::scope::unscoped::rows;
use super::{Store, StoreError, Tx};

impl Store {
    /// The root units there are, in the order of their codes.
    pub async fn roots(&self) -> Result<Vec<unit::Model>, StoreError> {
        Ok(rows::<unit::Entity>()
            .filter(unit::Column::ParentId.is_null())
            .order_by_asc(unit::Column::Code)
            .all(self.reader())
            .await?)
    }
}

impl Store {
    /// Every unit of every place with its other names, for operators who say a name.
    pub async fn directory(&self) -> Result<Vec<(unit::Model, Vec<String>)>, StoreError> {
        let mut names: HashMap<Uuid, Vec<String>> = HashMap::new();
        for alias in rows::<unit_alias::Entity>().all(self.reader()).await? {
            names.entry(alias.unit_id).or_default().push(alias.alias);
        }
        let units = rows::<unit::Entity>().order_by_asc(unit::Column::Code).all(self.reader()).await?;
        Ok(units
            .into_iter()
            .map(|unit| {
                let names = names.remove(&unit.id).unwrap_or_default();
                (unit, names)
            })
            .collect())
    }
}

impl Tx {
    /// The root with this code.
    pub async fn root_by_code(&self, code: &str) -> Result<Option<unit::Model>, StoreError> {
        Ok(rows::<unit::Entity>()
            .filter(unit::Column::ParentId.is_null())
            .filter(unit::Column::Code.eq(code))
            .one(self.connection())
            .await?)
    }

    /// The unit with this code under a root.
    pub async fn unit_by_code(&self, root: Uuid, code: &str) -> Result<Option<unit::Model>, StoreError> {
        Ok(rows::<unit::Entity>()
            .filter(unit::Column::RootId.eq(root))
            .filter(unit::Column::Code.eq(code))
            .one(self.connection())
            .await?)
    }

    /// The group with this code under a root.
    pub async fn group_by_code(&self, root: Uuid, code: &str) -> Result<Option<unit_group::Model>, StoreError> {
        Ok(rows::<unit_group::Entity>()
            .filter(unit_group::Column::RootId.eq(root))
            .filter(unit_group::Column::Code.eq(code))
            .one(self.connection())
            .await?)
    }

    /// Enters a new unit into the closure, below `parent`.
    pub async fn link_unit(&self, parent: Uuid, unit: Uuid) -> Result<(), StoreError> {
        let above = self.all_where::<unit_closure::Entity>(unit_closure::Column::DescendantId, &[parent]).await?;
        let closure = above
            .into_iter()
            .map(|row| unit_closure::Model { ancestor_id: row.ancestor_id, descendant_id: unit, depth: row.depth + 1 })
            .chain([unit_closure::Model { ancestor_id: unit, descendant_id: unit, depth: 0 }])
            .collect();
        self.insert_all::<unit_closure::Entity>(closure).await
    }
}
