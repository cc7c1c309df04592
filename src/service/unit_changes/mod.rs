//! What becomes of units: another name, a merger, a split. The directory changes at once; the history keeps what was.

mod merge;
mod split;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::vocabulary::UnitChangeKind;
use entity::{unit, unit_alias, unit_change};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::merge::merge;
use self::split::split;
use super::directory::{ALIASES, NAME_CHARS, may_edit_directory, unique};
use super::names::{Directory, Named};
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::error::{AfterIssue, Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

/// Units that merge or come out of a split at most.
pub const UNITS: usize = 100;
/// Characters of a document number at most.
const DOCUMENT_NUMBER_CHARS: usize = 100;

/// When and under which document a unit changed.
#[derive(Clone, Debug, Serialize)]
pub struct Occasion {
    /// Since which day.
    pub on: NaiveDate,
    /// 文号.
    pub document_number: Option<String>,
}

/// Another name.
#[derive(Clone, Debug, Serialize)]
pub struct Rename {
    /// The version of the unit that was read.
    pub expected_version: i32,
    /// The new name.
    pub name: String,
    /// The new short name; `Some(None)` takes it away.
    pub short_name: Option<Option<String>>,
    /// When and why.
    pub occasion: Occasion,
}

/// A merger into a unit that stays or is new.
#[derive(Clone, Debug, Serialize)]
pub struct Merge {
    /// The version of the successor that was read.
    pub expected_version: i32,
    /// The units that become part of it.
    pub sources: Vec<Uuid>,
    /// Why; also the reason of the amendments of lists.
    pub reason: String,
    /// When and why.
    pub occasion: Occasion,
}

/// A split into units that exist already.
#[derive(Clone, Debug, Serialize)]
pub struct Split {
    /// The version of the unit that was read.
    pub expected_version: i32,
    /// The units that take parts of it.
    pub into: Vec<Uuid>,
    /// Whether the unit itself ends.
    pub ends: bool,
    /// When and why.
    pub occasion: Occasion,
}

/// What came of a merger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// The successor.
    pub unit: Uuid,
    /// The units that became part of it.
    pub sources: Vec<Uuid>,
    /// The amendments by which assignments moved.
    pub amendments: Vec<Uuid>,
}

impl Service {
    /// Gives a unit another name; the old one stays as an alias.
    pub async fn unit_rename(&self, caller: &Caller, key: Option<String>, id: Uuid, input: Rename) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("unitRename", key, &(id, &input))?);
        let result = rename(&mut work, id, input).await;
        work.end(result).await
    }

    /// Merges units into one.
    pub async fn unit_merge(&self, caller: &Caller, key: Option<String>, id: Uuid, input: Merge) -> Answer<Merged> {
        let mut work = begin!(self, caller, Call::new("unitMerge", key, &(id, &input))?);
        let result = merge(&mut work, id, input).await;
        work.end(result).await
    }

    /// Enters that other units took parts of one.
    pub async fn unit_split(&self, caller: &Caller, key: Option<String>, id: Uuid, input: Split) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("unitSplit", key, &(id, &input))?);
        let result = split(&mut work, id, input).await;
        work.end(result).await
    }
}

/// The unit under lock with the directory, if the actor keeps it, at this version.
async fn take(work: &Work, id: Uuid, expected_version: i32) -> Result<(Directory, unit::Model), Stop> {
    if work.tx.visible::<unit::Entity>(&work.actor, id).await?.is_none() {
        return Err(UserError::not_found().into());
    }
    may_edit_directory(work, id).await?;
    let directory = Directory::lock(work).await?;
    let Some(row) = work.tx.claimed::<unit::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    expect_version(row.version, expected_version)?;
    Ok((directory, row.into_inner()))
}

fn occasion(work: &Work, checks: &mut Checks, occasion: &Occasion) -> Option<String> {
    if occasion.on > work.today {
        checks.fail(UserErrorCode::OutOfRange, Message::After(AfterIssue::NotYet), "input.on");
    }
    checks.optional(occasion.document_number.as_deref(), DOCUMENT_NUMBER_CHARS, "input.documentNumber")
}

async fn keep(work: &Work, mut row: unit::Model) -> Result<(), Stop> {
    row.version += 1;
    row.updated_at = work.now;
    let name = row.name.clone();
    unique(work.tx.update::<unit::Entity>(row).await, &name, "input.name")
}

/// A line in the history of each of the two units; one line when they are the same.
async fn remember(
    work: &Work,
    kind: UnitChangeKind,
    from: (&unit::Model, &str),
    to: (&unit::Model, &str),
    on: NaiveDate,
    document_number: Option<&String>,
) -> Result<(), Stop> {
    let concerned: BTreeSet<Uuid> = [from.0.id, to.0.id].into();
    let line = |unit_id| unit_change::Model {
        id: work.id(),
        root_id: from.0.root_id,
        unit_id,
        kind,
        from_unit_id: from.0.id,
        to_unit_id: to.0.id,
        old_name: from.1.to_owned(),
        new_name: to.1.to_owned(),
        changed_on: on,
        document_number: document_number.cloned(),
        created_at: work.now,
    };
    Ok(work.tx.insert_all::<unit_change::Entity>(concerned.into_iter().map(line).collect()).await?)
}

async fn rename(work: &mut Work, id: Uuid, input: Rename) -> Result<Uuid, Stop> {
    let (directory, mut row) = take(work, id, input.expected_version).await?;
    let me = Some(Named::Unit(id));
    let mut checks = Checks::default();
    let name = checks.text(&input.name, NAME_CHARS, "input.name");
    directory.check(&mut checks, &name, me, "input.name");
    if name == row.name {
        checks.fail(UserErrorCode::InvalidState, Message::After(AfterIssue::NothingChanges), "input.name");
    }
    let short = input.short_name.as_ref().map(|short| checks.optional(short.as_deref(), NAME_CHARS, "input.shortName"));
    if let Some(Some(short)) = &short {
        directory.check(&mut checks, short, me, "input.shortName");
    }
    let document_number = occasion(work, &mut checks, &input.occasion);
    let aliases = work.tx.all_where::<unit_alias::Entity>(unit_alias::Column::UnitId, &[id]).await?;
    let former: BTreeSet<&String> =
        std::iter::once(&row.name).chain(row.short_name.iter().filter(|_| short.is_some())).collect();
    let former: Vec<String> = former
        .into_iter()
        .filter(|old| **old != name && Some(*old) != short.as_ref().and_then(Option::as_ref))
        .filter(|old| aliases.iter().all(|row| row.alias != **old))
        .cloned()
        .collect();
    if aliases.len() + former.len() > ALIASES {
        checks.fail(UserErrorCode::Limit, Message::TooMany(ALIASES), "input.name");
    }
    checks.done()?;

    // What was another name and is the name now is no other name any more.
    let now_the_name: Vec<Uuid> = aliases.iter().filter(|row| row.alias == name).map(|row| row.id).collect();
    work.tx.delete_keys::<unit_alias::Entity>(&now_the_name).await?;
    let new = |alias| unit_alias::Model { id: work.id(), root_id: row.root_id, unit_id: id, alias };
    work.tx.insert_all::<unit_alias::Entity>(former.into_iter().map(new).collect()).await?;
    let on = input.occasion.on;
    remember(work, UnitChangeKind::Renamed, (&row, &row.name), (&row, &name), on, document_number.as_ref()).await?;
    row.name = name;
    if let Some(short) = short {
        row.short_name = short;
    }
    keep(work, row).await?;
    work.audit(GlobalId::new(Kind::Unit, id), &["name", "shortName", "aliases", "history"]);
    work.tell("unit.renamed", serde_json::json!({ "unit": id }));
    Ok(id)
}

/// The other units of a merger or split under lock; each once, none of them the unit itself.
async fn others(
    work: &Work,
    checks: &mut Checks,
    directory: &Directory,
    id: Uuid,
    keys: &[Uuid],
    path: &str,
) -> Result<Vec<unit::Model>, Stop> {
    if keys.is_empty() {
        checks.fail(UserErrorCode::Required, Message::Required, path);
    }
    if keys.len() > UNITS {
        checks.fail(UserErrorCode::Limit, Message::TooMany(UNITS), path);
        return Ok(Vec::new());
    }
    let mut seen = BTreeSet::from([id]);
    let mut found = Vec::new();
    for (nth, key) in keys.iter().enumerate() {
        let path = format!("{path}.{nth}");
        if !directory.units.contains_key(key) {
            checks.fail(UserErrorCode::NotFound, Message::NotFound, &path);
            continue;
        }
        may_edit_directory(work, *key).await?;
        if !seen.insert(*key) {
            checks.fail(UserErrorCode::Conflict, Message::After(AfterIssue::SameUnit), &path);
        }
        found.push(*key);
    }
    let rows = work.tx.claimed_all::<unit::Entity>(&work.actor, &found).await?;
    for row in rows.iter().filter(|row| !row.active) {
        let message = Message::After(AfterIssue::OutOfUse(row.name.clone()));
        checks.fail(UserErrorCode::InvalidState, message, path);
    }
    Ok(rows.into_iter().map(crate::store::Visible::into_inner).collect())
}

/// Fails where a unit can't go out of use: it is the root, or others stand below it.
fn check_end(checks: &mut Checks, directory: &Directory, row: &unit::Model, path: &str) {
    if row.parent_id.is_none() {
        checks.fail(UserErrorCode::InvalidState, Message::RootUnit, path);
    }
    if directory.units.values().any(|below| below.parent_id == Some(row.id) && below.active) {
        let message = Message::After(AfterIssue::UnitsBelow(row.name.clone()));
        checks.fail(UserErrorCode::InvalidState, message, path);
    }
}
