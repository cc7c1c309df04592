//! Upkeep of units.

use std::collections::BTreeSet;

use entity::{unit, unit_alias};
use serde::Serialize;
use uuid::Uuid;

use super::names::{Directory, Named};
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, State, Subject, decide};
use crate::error::{Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::store::StoreError;

/// Characters of a name at most.
pub const NAME_CHARS: usize = 200;
/// Characters of a code at most.
pub const CODE_CHARS: usize = 64;
/// Other names of one unit or group at most.
pub const ALIASES: usize = 50;

/// A new unit.
#[derive(Clone, Debug, Serialize)]
pub struct NewUnit {
    /// The unit above.
    pub parent: Uuid,
    /// The code, unique under the root.
    pub code: String,
    /// The full name.
    pub name: String,
    /// The short name.
    pub short_name: Option<String>,
    /// The kind.
    pub kind: String,
    /// The place among its siblings.
    pub position: Option<i32>,
    /// Other names.
    pub aliases: Vec<String>,
}

/// Changes of a unit; what is `None` stays.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UnitChange {
    /// The version the change was made on.
    pub expected_version: i32,
    /// The full name.
    pub name: Option<String>,
    /// The short name; `Some(None)` takes it away.
    pub short_name: Option<Option<String>>,
    /// The kind.
    pub kind: Option<String>,
    /// The place among its siblings.
    pub position: Option<i32>,
    /// In use.
    pub active: Option<bool>,
    /// All other names.
    pub aliases: Option<Vec<String>>,
}

impl Service {
    /// Makes a unit below another.
    pub async fn unit_create(&self, caller: &Caller, key: Option<String>, input: NewUnit) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("unitCreate", key, &input)?);
        let result = create(&mut work, input).await;
        work.end(result).await
    }

    /// Changes a unit.
    pub async fn unit_update(&self, caller: &Caller, key: Option<String>, id: Uuid, input: UnitChange) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("unitUpdate", key, &(id, &input))?);
        let result = update(&mut work, id, input).await;
        work.end(result).await
    }
}

/// Asks the policy for upkeep at a unit.
pub(super) async fn may_edit_directory(work: &Work, unit: Uuid) -> Result<(), Stop> {
    let above = work.tx.ancestors(&[unit]).await?.remove(&unit).unwrap_or_default();
    let subject = Subject {
        office: work.actor.office_over(&above),
        system_admin: work.actor.administers(&above),
        ..Subject::default()
    };
    Ok(decide(Action::DirectoryEdit, subject, State::default())?)
}

async fn create(work: &mut Work, input: NewUnit) -> Result<Uuid, Stop> {
    let parent = work.tx.visible::<unit::Entity>(&work.actor, input.parent).await?;
    let Some(parent) = parent else { return Err(UserError::not_found_at("input.parent").into()) };
    may_edit_directory(work, parent.id).await?;

    let directory = Directory::lock(work).await?;
    let mut checks = Checks::default();
    let name = checks.text(&input.name, NAME_CHARS, "input.name");
    directory.check(&mut checks, &name, None, "input.name");
    let code = checks.text(&input.code, CODE_CHARS, "input.code");
    directory.check_unit_code(&mut checks, &code, "input.code");
    let kind = checks.text(&input.kind, CODE_CHARS, "input.kind");
    let short_name = checks.optional(input.short_name.as_deref(), NAME_CHARS, "input.shortName");
    if let Some(short) = &short_name {
        directory.check(&mut checks, short, None, "input.shortName");
    }
    let aliases = clean_aliases(&mut checks, &directory, None, &input.aliases);
    checks.done()?;

    let id = work.id();
    let row = unit::Model {
        id,
        root_id: parent.root_id,
        parent_id: Some(parent.id),
        code: code.clone(),
        name,
        short_name,
        kind,
        position: input.position.unwrap_or_default(),
        active: true,
        report_signing: true,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    unique(work.tx.insert::<unit::Entity>(row).await, &code, "input.code")?;
    work.tx.link_unit(parent.id, id).await?;
    insert_aliases(work, parent.root_id, id, aliases).await?;
    work.audit(GlobalId::new(Kind::Unit, id), &["parent", "code", "name", "shortName", "kind", "aliases"]);
    work.tell("unit.created", serde_json::json!({ "unit": id }));
    Ok(id)
}

async fn update(work: &mut Work, id: Uuid, input: UnitChange) -> Result<Uuid, Stop> {
    if work.tx.visible::<unit::Entity>(&work.actor, id).await?.is_none() {
        return Err(UserError::not_found().into());
    }
    may_edit_directory(work, id).await?;
    let directory = Directory::lock(work).await?;
    let Some(row) = work.tx.locked::<unit::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    expect_version(row.version, input.expected_version)?;

    let mut row = row.into_inner();
    let mut checks = Checks::default();
    let mut changed = Vec::new();
    let me = Some(Named::Unit(id));
    if let Some(name) = &input.name {
        row.name = checks.text(name, NAME_CHARS, "input.name");
        directory.check(&mut checks, &row.name, me, "input.name");
        changed.push("name");
    }
    if let Some(short) = &input.short_name {
        row.short_name = checks.optional(short.as_deref(), NAME_CHARS, "input.shortName");
        if let Some(short) = &row.short_name {
            directory.check(&mut checks, short, me, "input.shortName");
        }
        changed.push("shortName");
    }
    if let Some(kind) = &input.kind {
        row.kind = checks.text(kind, CODE_CHARS, "input.kind");
        changed.push("kind");
    }
    if let Some(position) = input.position {
        row.position = position;
        changed.push("position");
    }
    if let Some(active) = input.active {
        if !active && row.parent_id.is_none() {
            checks.fail(UserErrorCode::InvalidState, Message::RootUnit, "input.active");
        }
        row.active = active;
        changed.push("active");
    }
    let aliases = input.aliases.as_ref().map(|aliases| clean_aliases(&mut checks, &directory, me, aliases));
    checks.done()?;

    row.version += 1;
    row.updated_at = work.now;
    let (name, root) = (row.name.clone(), row.root_id);
    unique(work.tx.update::<unit::Entity>(row).await, &name, "input.name")?;
    if let Some(aliases) = aliases {
        work.tx.delete_where::<unit_alias::Entity>(unit_alias::Column::UnitId, id).await?;
        insert_aliases(work, root, id, aliases).await?;
        changed.push("aliases");
    }
    work.audit(GlobalId::new(Kind::Unit, id), &changed);
    work.tell("unit.updated", serde_json::json!({ "unit": id }));
    Ok(id)
}

/// Other names: trimmed, each once, bounded in number and length, and nobody else's.
pub(super) fn clean_aliases(
    checks: &mut Checks,
    directory: &Directory,
    bearer: Option<Named>,
    aliases: &[String],
) -> BTreeSet<String> {
    if aliases.len() > ALIASES {
        checks.fail(UserErrorCode::Limit, Message::TooMany(ALIASES), "input.aliases");
        return BTreeSet::new();
    }
    let mut clean = BTreeSet::new();
    for (index, alias) in aliases.iter().enumerate() {
        let path = format!("input.aliases.{index}");
        let alias = checks.text(alias, NAME_CHARS, &path);
        directory.check(checks, &alias, bearer, &path);
        clean.insert(alias);
    }
    clean
}

async fn insert_aliases(work: &Work, root: Uuid, unit: Uuid, aliases: BTreeSet<String>) -> Result<(), Stop> {
    let rows =
        aliases.into_iter().map(|alias| unit_alias::Model { id: work.id(), root_id: root, unit_id: unit, alias });
    unique(work.tx.insert_all::<unit_alias::Entity>(rows.collect()).await, "aliases", "input.aliases")
}

/// Turns a taken key into a sentence about it.
pub(super) fn unique(result: Result<(), StoreError>, what: &str, path: &str) -> Result<(), Stop> {
    match result {
        Err(StoreError::Unique) => {
            Err(UserError::at(UserErrorCode::Duplicate, Message::Duplicate(what.to_owned()), path).into())
        }
        other => Ok(other?),
    }
}
