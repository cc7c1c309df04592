//! The names under a root: what a printed name means, and whether a new name would mean two things.

use std::collections::HashMap;

use entity::vocabulary::AssignmentTarget;
use entity::{unit, unit_group};
use uuid::Uuid;

use super::work::Checks;
use super::{Stop, Work};
use crate::documents::understand::Registry;
use crate::domain::names::{Found, NameIndex};
use crate::error::{Message, UserErrorCode};
use crate::store::{NameRows, Visible};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// A unit.
    Unit(Uuid),
    /// A group.
    Group(Uuid),
}

/// All units and groups under a root with all their names.
pub(super) struct Directory {
    /// The units by key.
    pub(super) units: HashMap<Uuid, Visible<unit::Model>>,
    /// The groups by key.
    pub(super) groups: HashMap<Uuid, Visible<unit_group::Model>>,
    /// The names for the reader of lists, who also looks for near ones.
    pub(super) registry: Registry,
    names: NameIndex<Named>,
}

/// Names of units come before names of groups, in the order of the directory.
fn registry(rows: &NameRows) -> Registry {
    let mut registry = Registry::default();
    for unit in &rows.units {
        let aliases = rows.unit_aliases.iter().filter(|row| row.unit_id == unit.id).map(|row| row.alias.as_str());
        registry.add(&unit.name, unit.short_name.as_deref().into_iter().chain(aliases), AssignmentTarget::Unit);
    }
    for group in &rows.groups {
        let aliases = rows.group_aliases.iter().filter(|row| row.unit_group_id == group.id);
        registry.add(&group.name, aliases.map(|row| row.alias.as_str()), AssignmentTarget::Group);
    }
    registry
}

impl Directory {
    /// Reads the directory of the actor's root: four statements.
    pub(super) async fn read(work: &Work) -> Result<Self, Stop> {
        Ok(Self::of(work.tx.names(&work.actor).await?))
    }

    /// What the rows come to.
    pub(super) fn of(rows: NameRows) -> Self {
        let mut names = NameIndex::default();
        for row in &rows.units {
            names.add(&row.name, Named::Unit(row.id));
            if let Some(short) = &row.short_name {
                names.add(short, Named::Unit(row.id));
            }
        }
        for row in &rows.unit_aliases {
            names.add(&row.alias, Named::Unit(row.unit_id));
        }
        for row in &rows.groups {
            names.add(&row.name, Named::Group(row.id));
        }
        for row in &rows.group_aliases {
            names.add(&row.alias, Named::Group(row.unit_group_id));
        }
        Self {
            registry: registry(&rows),
            units: rows.units.into_iter().map(|row| (row.id, row)).collect(),
            groups: rows.groups.into_iter().map(|row| (row.id, row)).collect(),
            names,
        }
    }

    /// Reads the directory and keeps every other change of names and every import waiting, until this verb ends.
    ///
    /// The root is locked before any other unit, always, so two of these can't wait for each other.
    pub(super) async fn lock(work: &Work) -> Result<Self, Stop> {
        work.tx.claimed::<unit::Entity>(&work.actor, work.actor.root_id).await?;
        Self::read(work).await
    }

    /// What a printed name means.
    pub(super) fn find(&self, name: &str) -> Found<Named> {
        self.names.find(name)
    }

    /// Whether the name means something else already. A name its bearer has is never refused, however it came to be.
    fn taken(&self, name: &str, bearer: Option<Named>) -> bool {
        match self.names.find(name) {
            Found::Nothing => false,
            Found::One(there) => Some(there) != bearer,
            Found::Several(all) => !all.iter().any(|there| Some(*there) == bearer),
        }
    }

    /// Fails where a name would mean two things.
    pub(super) fn check(&self, checks: &mut Checks, name: &str, bearer: Option<Named>, path: &str) {
        if self.taken(name, bearer) {
            checks.fail(UserErrorCode::Duplicate, Message::Duplicate(name.to_owned()), path);
        }
    }

    /// Fails where another unit has the code.
    pub(super) fn check_unit_code(&self, checks: &mut Checks, code: &str, path: &str) {
        if self.units.values().any(|row| row.code == code) {
            checks.fail(UserErrorCode::Duplicate, Message::Duplicate(code.to_owned()), path);
        }
    }

    /// Fails where another group has the code.
    pub(super) fn check_group_code(&self, checks: &mut Checks, code: &str, bearer: Option<Uuid>, path: &str) {
        if self.groups.values().any(|row| row.code == code && Some(row.id) != bearer) {
            checks.fail(UserErrorCode::Duplicate, Message::Duplicate(code.to_owned()), path);
        }
    }
}
