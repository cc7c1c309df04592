//! Upkeep of groups of units.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::vocabulary::GroupExpansion;
use entity::{unit_group, unit_group_alias, unit_group_member};
use serde::Serialize;
use uuid::Uuid;

use super::directory::{CODE_CHARS, NAME_CHARS, clean_aliases, may_edit_directory, unique};
use super::names::{Directory, Named};
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::error::{Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

/// Members of a group at most.
pub const MEMBERS: usize = 2_000;

/// A new group under the caller's root.
#[derive(Clone, Debug, Serialize)]
pub struct NewUnitGroup {
    /// The code, unique under the root.
    pub code: String,
    /// The name as printed.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Its units.
    pub members: Vec<Uuid>,
    /// Whether nobody is missing.
    pub members_complete: bool,
    /// How it becomes units.
    pub expansion: GroupExpansion,
}

/// Changes of a group; what is `None` stays.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UnitGroupChange {
    /// The version the change was made on.
    pub expected_version: i32,
    /// The code.
    pub code: Option<String>,
    /// The name as printed.
    pub name: Option<String>,
    /// All other names.
    pub aliases: Option<Vec<String>>,
    /// All its units.
    pub members: Option<Vec<Uuid>>,
    /// Whether nobody is missing.
    pub members_complete: Option<bool>,
    /// How it becomes units.
    pub expansion: Option<GroupExpansion>,
}

impl Service {
    /// Makes a group.
    pub async fn unit_group_create(&self, caller: &Caller, key: Option<String>, input: NewUnitGroup) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("unitGroupCreate", key, &input)?);
        let result = create(&mut work, input).await;
        work.end(result).await
    }

    /// Changes a group. Lists that are issued keep the members they were issued with.
    pub async fn unit_group_update(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        input: UnitGroupChange,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("unitGroupUpdate", key, &(id, &input))?);
        let result = update(&mut work, id, input).await;
        work.end(result).await
    }
}

async fn create(work: &mut Work, input: NewUnitGroup) -> Result<Uuid, Stop> {
    may_edit_directory(work, work.actor.root_id).await?;
    let directory = Directory::lock(work).await?;
    let mut checks = Checks::default();
    let name = checks.text(&input.name, NAME_CHARS, "input.name");
    directory.check(&mut checks, &name, None, "input.name");
    let code = checks.text(&input.code, CODE_CHARS, "input.code");
    directory.check_group_code(&mut checks, &code, None, "input.code");
    let aliases = clean_aliases(&mut checks, &directory, None, &input.aliases);
    let members = clean_members(&mut checks, &directory.units, &input.members);
    checks.done()?;

    let id = work.id();
    let row = unit_group::Model {
        id,
        root_id: work.actor.root_id,
        code: code.clone(),
        name,
        expansion: input.expansion,
        members_complete: input.members_complete,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    unique(work.tx.insert::<unit_group::Entity>(row).await, &code, "input.code")?;
    insert_aliases(work, id, aliases).await?;
    insert_members(work, id, members, &HashMap::new()).await?;
    work.audit(
        GlobalId::new(Kind::UnitGroup, id),
        &["code", "name", "aliases", "members", "membersComplete", "expansion"],
    );
    work.tell("unit_group.created", serde_json::json!({ "unitGroup": id }));
    Ok(id)
}

async fn update(work: &mut Work, id: Uuid, input: UnitGroupChange) -> Result<Uuid, Stop> {
    if work.tx.visible::<unit_group::Entity>(&work.actor, id).await?.is_none() {
        return Err(UserError::not_found().into());
    }
    may_edit_directory(work, work.actor.root_id).await?;
    let directory = Directory::lock(work).await?;
    let Some(row) = work.tx.locked::<unit_group::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    expect_version(row.version, input.expected_version)?;

    let mut row = row.into_inner();
    let mut checks = Checks::default();
    let mut changed = Vec::new();
    let me = Some(Named::Group(id));
    if let Some(code) = &input.code {
        row.code = checks.text(code, CODE_CHARS, "input.code");
        directory.check_group_code(&mut checks, &row.code, Some(id), "input.code");
        changed.push("code");
    }
    if let Some(name) = &input.name {
        row.name = checks.text(name, NAME_CHARS, "input.name");
        directory.check(&mut checks, &row.name, me, "input.name");
        changed.push("name");
    }
    if let Some(complete) = input.members_complete {
        row.members_complete = complete;
        changed.push("membersComplete");
    }
    if let Some(expansion) = input.expansion {
        row.expansion = expansion;
        changed.push("expansion");
    }
    let aliases = input.aliases.as_ref().map(|aliases| clean_aliases(&mut checks, &directory, me, aliases));
    let members = input.members.as_ref().map(|members| clean_members(&mut checks, &directory.units, members));
    checks.done()?;

    row.version += 1;
    row.updated_at = work.now;
    let code = row.code.clone();
    unique(work.tx.update::<unit_group::Entity>(row).await, &code, "input.code")?;
    if let Some(aliases) = aliases {
        work.tx.delete_where::<unit_group_alias::Entity>(unit_group_alias::Column::UnitGroupId, id).await?;
        insert_aliases(work, id, aliases).await?;
        changed.push("aliases");
    }
    if let Some(members) = members {
        let column = unit_group_member::Column::UnitGroupId;
        let before = work.tx.all_where::<unit_group_member::Entity>(column, &[id]).await?;
        let since = before.into_iter().map(|row| (row.unit_id, row.added_at)).collect();
        work.tx.delete_where::<unit_group_member::Entity>(column, id).await?;
        insert_members(work, id, members, &since).await?;
        changed.push("members");
    }
    work.audit(GlobalId::new(Kind::UnitGroup, id), &changed);
    work.tell("unit_group.updated", serde_json::json!({ "unitGroup": id }));
    Ok(id)
}

/// Members: units under the root, each once.
fn clean_members<T>(checks: &mut Checks, units: &HashMap<Uuid, T>, members: &[Uuid]) -> BTreeSet<Uuid> {
    if members.len() > MEMBERS {
        checks.fail(UserErrorCode::Limit, Message::TooMany(MEMBERS), "input.members");
        return BTreeSet::new();
    }
    for (index, member) in members.iter().enumerate() {
        if !units.contains_key(member) {
            checks.fail(UserErrorCode::NotFound, Message::NotFound, &format!("input.members.{index}"));
        }
    }
    members.iter().copied().collect()
}

async fn insert_aliases(work: &Work, group: Uuid, aliases: BTreeSet<String>) -> Result<(), Stop> {
    let rows = aliases.into_iter().map(|alias| unit_group_alias::Model {
        id: work.id(),
        root_id: work.actor.root_id,
        unit_group_id: group,
        alias,
    });
    unique(work.tx.insert_all::<unit_group_alias::Entity>(rows.collect()).await, "aliases", "input.aliases")
}

/// Who was there before keeps the day he came.
async fn insert_members(
    work: &Work,
    group: Uuid,
    members: BTreeSet<Uuid>,
    since: &HashMap<Uuid, DateTime<Utc>>,
) -> Result<(), Stop> {
    let rows = members.into_iter().map(|unit_id| unit_group_member::Model {
        unit_group_id: group,
        unit_id,
        added_at: since.get(&unit_id).copied().unwrap_or(work.now),
    });
    Ok(work.tx.insert_all::<unit_group_member::Entity>(rows.collect()).await?)
}
