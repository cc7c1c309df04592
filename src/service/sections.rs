//! Sections of a draft, a tree.

use std::collections::HashMap;

use entity::{section, section_closure, task};
use serde::Serialize;
use uuid::Uuid;

use super::drafts::{list_at, list_for, place, touch};
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::Action;
use crate::documents::list_json::{MAX_DEPTH, MAX_LABEL, MAX_NAME, MAX_SECTIONS};
use crate::domain::text::match_key;
use crate::error::{Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

/// A new section.
#[derive(Clone, Debug, Serialize)]
pub struct NewSection {
    /// The list.
    pub task_list: Uuid,
    /// The section above.
    pub parent: Option<Uuid>,
    /// The label as printed.
    pub label: String,
    /// The title.
    pub title: String,
    /// The place in the list; at the end when none is given.
    pub position: Option<i32>,
}

/// Changes of a section; what is `None` stays.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SectionChange {
    /// The version the change was made on.
    pub expected_version: i32,
    /// The section above; `Some(None)` makes it a top one.
    pub parent: Option<Option<Uuid>>,
    /// The label as printed.
    pub label: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The place in the list.
    pub position: Option<i32>,
}

impl Service {
    /// Adds a section to a draft.
    pub async fn section_create(&self, caller: &Caller, key: Option<String>, input: NewSection) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("sectionCreate", key, &input)?);
        let result = create(&mut work, input).await;
        work.end(result).await
    }

    /// Changes or moves a section of a draft.
    pub async fn section_update(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        input: SectionChange,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("sectionUpdate", key, &(id, &input))?);
        let result = update(&mut work, id, input).await;
        work.end(result).await
    }

    /// Removes an empty section of a draft.
    pub async fn section_delete(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("sectionDelete", key, &(id, expected_version))?);
        let result = delete(&mut work, id, expected_version).await;
        work.end(result).await
    }
}

/// Every pair of a section and one at or below it, from each section's parent. A circle among the parents ends where it
/// would begin again.
pub(super) fn closure(parents: &HashMap<Uuid, Option<Uuid>>) -> Vec<section_closure::Model> {
    let mut pairs = Vec::new();
    for &section in parents.keys() {
        let mut above = Some(section);
        let mut depth = 0;
        while let Some(ancestor) = above
            && depth <= i32::try_from(parents.len()).unwrap_or(i32::MAX)
        {
            pairs.push(section_closure::Model { ancestor_id: ancestor, descendant_id: section, depth });
            above = parents.get(&ancestor).copied().flatten();
            depth += 1;
        }
    }
    pairs
}

/// The sections of a list as they would stand after the change.
struct Tree {
    rows: Vec<section::Model>,
    parents: HashMap<Uuid, Option<Uuid>>,
}

impl Tree {
    async fn read(work: &Work, list: Uuid) -> Result<Self, Stop> {
        let rows = work.tx.all_where::<section::Entity>(section::Column::TaskListId, &[list]).await?;
        let parents = rows.iter().map(|row| (row.id, row.parent_id)).collect();
        Ok(Self { rows, parents })
    }

    /// Puts a section below another, if it may stand there.
    fn hang(&mut self, checks: &mut Checks, id: Uuid, parent: Option<Uuid>) {
        if parent.is_some_and(|parent| !self.parents.contains_key(&parent)) {
            checks.fail(UserErrorCode::NotFound, Message::NotFound, "input.parent");
            return;
        }
        let mut above = parent;
        while let Some(ancestor) = above {
            if ancestor == id {
                checks.fail(UserErrorCode::Conflict, Message::SectionCycle, "input.parent");
                return;
            }
            above = self.parents.get(&ancestor).copied().flatten();
        }
        self.parents.insert(id, parent);
        let deepest = closure(&self.parents).iter().map(|pair| pair.depth).max().unwrap_or_default();
        if usize::try_from(deepest).is_ok_and(|depth| depth >= MAX_DEPTH) {
            checks.fail(UserErrorCode::Limit, Message::TooMany(MAX_DEPTH), "input.parent");
        }
    }

    /// Sections side by side have different labels, so that a path names one of them.
    fn check_label(&self, checks: &mut Checks, id: Uuid, label: &str) {
        let parent = self.parents.get(&id).copied().flatten();
        let same = |row: &&section::Model| row.id != id && row.parent_id == parent;
        if self.rows.iter().filter(same).any(|row| match_key(&row.label) == match_key(label)) {
            checks.fail(UserErrorCode::Duplicate, Message::Duplicate(label.to_owned()), "input.label");
        }
    }

    /// Writes the closure anew: at most 500 sections, and right whatever moved.
    async fn write_closure(&self, work: &Work) -> Result<(), Stop> {
        let keys: Vec<Uuid> = self.parents.keys().copied().collect();
        work.tx.delete_in::<section_closure::Entity>(section_closure::Column::DescendantId, &keys).await?;
        Ok(work.tx.insert_all::<section_closure::Entity>(closure(&self.parents)).await?)
    }
}

async fn create(work: &mut Work, input: NewSection) -> Result<Uuid, Stop> {
    let list = list_at(work, input.task_list, Action::ListEdit, Some("input.taskList")).await?;
    let mut tree = Tree::read(work, list.id).await?;
    let id = work.id();
    let mut checks = Checks::default();
    if tree.rows.len() >= MAX_SECTIONS {
        checks.fail(UserErrorCode::Limit, Message::TooMany(MAX_SECTIONS), "input.taskList");
    }
    tree.hang(&mut checks, id, input.parent);
    let label = checks.text(&input.label, MAX_LABEL, "input.label");
    tree.check_label(&mut checks, id, &label);
    let title = checks.text(&input.title, MAX_NAME, "input.title");
    let position = place(&mut checks, input.position);
    checks.done()?;

    let position = room(work, list.id, position).await?;
    work.tx
        .insert::<section::Entity>(section::Model {
            id,
            task_list_id: list.id,
            parent_id: input.parent,
            position,
            label,
            title,
            version: 1,
            created_at: work.now,
            updated_at: work.now,
        })
        .await?;
    tree.write_closure(work).await?;
    work.audit(GlobalId::new(Kind::Section, id), &["parent", "label", "title", "position"]);
    touch(work, list).await?;
    Ok(id)
}

async fn update(work: &mut Work, id: Uuid, input: SectionChange) -> Result<Uuid, Stop> {
    let Some(seen) = work.tx.visible::<section::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let list = list_for(work, seen.task_list_id, Action::ListEdit).await?;
    let Some(row) = work.tx.locked::<section::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    expect_version(row.version, input.expected_version)?;

    let mut row = row.into_inner();
    let mut tree = Tree::read(work, list.id).await?;
    let mut checks = Checks::default();
    let mut changed = Vec::new();
    if let Some(parent) = input.parent {
        tree.hang(&mut checks, id, parent);
        row.parent_id = parent;
        changed.push("parent");
    }
    if let Some(label) = &input.label {
        row.label = checks.text(label, MAX_LABEL, "input.label");
        changed.push("label");
    }
    if input.parent.is_some() || input.label.is_some() {
        tree.check_label(&mut checks, id, &row.label);
    }
    if let Some(title) = &input.title {
        row.title = checks.text(title, MAX_NAME, "input.title");
        changed.push("title");
    }
    let position = place(&mut checks, input.position);
    checks.done()?;

    if position.is_some() {
        row.position = room(work, list.id, position).await?;
        changed.push("position");
    }
    row.version += 1;
    row.updated_at = work.now;
    work.tx.update::<section::Entity>(row).await?;
    if input.parent.is_some() {
        tree.write_closure(work).await?;
    }
    work.audit(GlobalId::new(Kind::Section, id), &changed);
    touch(work, list).await?;
    Ok(id)
}

async fn delete(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let Some(seen) = work.tx.visible::<section::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let list = list_for(work, seen.task_list_id, Action::ListEdit).await?;
    let Some(row) = work.tx.locked::<section::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    expect_version(row.version, expected_version)?;
    let below = work.tx.count_where::<section::Entity>(section::Column::ParentId, id).await?;
    if below + work.tx.count_where::<task::Entity>(task::Column::SectionId, id).await? > 0 {
        return Err(UserError::new(UserErrorCode::InvalidState, Message::InUse).into());
    }
    work.tx.delete_keys::<section::Entity>(&[id]).await?;
    work.audit(GlobalId::new(Kind::Section, id), &["deleted"]);
    touch(work, list).await?;
    Ok(id)
}

/// The place asked for, with those behind it moved on; or the place behind all.
async fn room(work: &Work, list: Uuid, position: Option<i32>) -> Result<i32, Stop> {
    let (column, order) = (section::Column::TaskListId, section::Column::Position);
    match position {
        Some(at) => work.tx.make_room::<section::Entity>(column, list, order, at).await.map(|()| at),
        None => work.tx.next_position::<section::Entity>(column, list, order).await,
    }
    .map_err(Stop::from)
}
