//! Places: a root with its units and groups, from a `taizhang-units/1` document.

use std::collections::HashMap;

use entity::vocabulary::GroupExpansion;
use entity::{unit, unit_alias, unit_closure, unit_group, unit_group_alias, unit_group_member};
use uuid::Uuid;

use crate::documents::units_json::{GroupItem, Jurisdiction, UnitItem};
use crate::id::{GlobalId, Kind};
use crate::service::Service;
use crate::store::{StoreError, Tx};

/// The kind of a root unit.
pub const JURISDICTION: &str = "jurisdiction";

/// What an import of a place did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlaceImported {
    /// The root unit.
    pub root: Uuid,
    /// Units that are new.
    pub units_added: usize,
    /// Units that were there and took over names and kind.
    pub units_updated: usize,
    /// Groups that are new.
    pub groups_added: usize,
    /// Groups that were there and took over names and members.
    pub groups_updated: usize,
}

impl Service {
    /// Brings in a place: its root, units and groups. Run again it adds what is new and takes over names, aliases and
    /// members; it never removes.
    pub async fn place_import(&self, place: &Jurisdiction) -> Result<PlaceImported, StoreError> {
        let tx = self.store().begin().await?;
        let done = Placing { service: self, tx: &tx, done: PlaceImported::default() }.place(place).await?;
        self.note(&tx, "unitImport", Some(GlobalId::new(Kind::Unit, done.root))).await?;
        tx.commit().await?;
        Ok(done)
    }
}

fn kind_of(item: &UnitItem) -> String {
    item.kind.clone().unwrap_or_else(|| "unit".to_owned())
}

struct Placing<'a> {
    service: &'a Service,
    tx: &'a Tx,
    done: PlaceImported,
}

impl Placing<'_> {
    async fn place(mut self, place: &Jurisdiction) -> Result<PlaceImported, StoreError> {
        let root = match self.tx.root_by_code(&place.key).await? {
            Some(root) => root.id,
            None => self.root(place).await?,
        };
        self.done.root = root;
        let mut known: HashMap<String, Uuid> = HashMap::new();
        for (position, item) in place.units.iter().enumerate() {
            let parent = item.parent.as_ref().and_then(|code| known.get(code).copied()).unwrap_or(root);
            let id = self.unit(root, parent, position, item).await?;
            known.insert(item.id.clone(), id);
        }
        for item in &place.groups {
            self.group(root, item, &known).await?;
        }
        Ok(self.done)
    }

    async fn root(&mut self, place: &Jurisdiction) -> Result<Uuid, StoreError> {
        let id = self.service.ids().next();
        let now = self.service.clock().now();
        self.tx
            .insert::<unit::Entity>(unit::Model {
                id,
                root_id: id,
                parent_id: None,
                code: place.key.clone(),
                name: place.name.clone(),
                short_name: None,
                kind: JURISDICTION.to_owned(),
                position: 0,
                active: true,
                report_signing: true,
                version: 1,
                created_at: now,
                updated_at: now,
            })
            .await?;
        let own = unit_closure::Model { ancestor_id: id, descendant_id: id, depth: 0 };
        self.tx.insert::<unit_closure::Entity>(own).await?;
        self.done.units_added += 1;
        Ok(id)
    }

    async fn unit(&mut self, root: Uuid, parent: Uuid, position: usize, item: &UnitItem) -> Result<Uuid, StoreError> {
        let now = self.service.clock().now();
        let aliases = item.short.iter().chain(&item.aliases).filter(|alias| **alias != item.name);
        if let Some(mut row) = self.tx.unit_by_code(root, &item.id).await? {
            let id = row.id;
            row.name.clone_from(&item.name);
            row.short_name.clone_from(&item.short);
            row.kind = kind_of(item);
            row.version += 1;
            row.updated_at = now;
            self.tx.update::<unit::Entity>(row).await?;
            self.tx.delete_where::<unit_alias::Entity>(unit_alias::Column::UnitId, id).await?;
            self.aliases(root, id, aliases).await?;
            self.done.units_updated += 1;
            return Ok(id);
        }
        let id = self.service.ids().next();
        self.tx
            .insert::<unit::Entity>(unit::Model {
                id,
                root_id: root,
                parent_id: Some(parent),
                code: item.id.clone(),
                name: item.name.clone(),
                short_name: item.short.clone(),
                kind: kind_of(item),
                position: i32::try_from(position).unwrap_or(i32::MAX),
                active: true,
                report_signing: true,
                version: 1,
                created_at: now,
                updated_at: now,
            })
            .await?;
        self.tx.link_unit(parent, id).await?;
        self.aliases(root, id, aliases).await?;
        self.done.units_added += 1;
        Ok(id)
    }

    async fn aliases(&self, root: Uuid, unit: Uuid, names: impl Iterator<Item = &String>) -> Result<(), StoreError> {
        let names: std::collections::BTreeSet<&String> = names.collect();
        let rows = names.into_iter().map(|alias| unit_alias::Model {
            id: self.service.ids().next(),
            root_id: root,
            unit_id: unit,
            alias: alias.clone(),
        });
        self.tx.insert_all::<unit_alias::Entity>(rows.collect()).await
    }

    async fn group(&mut self, root: Uuid, item: &GroupItem, known: &HashMap<String, Uuid>) -> Result<(), StoreError> {
        let now = self.service.clock().now();
        let expansion: GroupExpansion = item.effective_expansion();
        let id = if let Some(mut row) = self.tx.group_by_code(root, &item.id).await? {
            let id = row.id;
            row.name.clone_from(&item.name);
            row.expansion = expansion;
            row.members_complete = item.members_complete;
            row.version += 1;
            row.updated_at = now;
            self.tx.update::<unit_group::Entity>(row).await?;
            self.tx.delete_where::<unit_group_alias::Entity>(unit_group_alias::Column::UnitGroupId, id).await?;
            self.tx.delete_where::<unit_group_member::Entity>(unit_group_member::Column::UnitGroupId, id).await?;
            self.done.groups_updated += 1;
            id
        } else {
            let id = self.service.ids().next();
            let row = unit_group::Model {
                id,
                root_id: root,
                code: item.id.clone(),
                name: item.name.clone(),
                expansion,
                members_complete: item.members_complete,
                version: 1,
                created_at: now,
                updated_at: now,
            };
            self.tx.insert::<unit_group::Entity>(row).await?;
            self.done.groups_added += 1;
            id
        };
        let aliases: std::collections::BTreeSet<&String> = item.aliases.iter().filter(|a| **a != item.name).collect();
        let aliases = aliases.into_iter().map(|alias| unit_group_alias::Model {
            id: self.service.ids().next(),
            root_id: root,
            unit_group_id: id,
            alias: alias.clone(),
        });
        self.tx.insert_all::<unit_group_alias::Entity>(aliases.collect()).await?;
        let members: std::collections::BTreeSet<Uuid> =
            item.members.iter().filter_map(|code| known.get(code).copied()).collect();
        let members =
            members.into_iter().map(|unit_id| unit_group_member::Model { unit_group_id: id, unit_id, added_at: now });
        self.tx.insert_all::<unit_group_member::Entity>(members.collect()).await
    }
}
