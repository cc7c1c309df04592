//! The sections of tasks that go on: the same tree in the new list, as far as it is not there yet.

use std::collections::{HashMap, HashSet};

use entity::{section, section_closure, task, task_list};
use uuid::Uuid;

use super::free_number;
use crate::documents::list_json::MAX_SECTIONS;
use crate::domain::text::match_key;
use crate::id::{GlobalId, Kind};
use crate::service::sections::closure;
use crate::service::{Stop, Work};

/// A section as it was printed: its label and its title.
type Heading = (String, String);

/// The headings above each of these tasks as the actor sees them, the topmost first; none where it stands in no section.
pub(super) async fn headings<'t>(
    work: &Work,
    tasks: impl Iterator<Item = &'t task::Model> + Clone,
) -> Result<HashMap<Uuid, Vec<Heading>>, Stop> {
    let lists: HashSet<Uuid> = tasks.clone().map(|row| row.task_list_id).collect();
    let lists: Vec<Uuid> = lists.into_iter().collect();
    let seen = work.tx.visible_where::<section::Entity>(&work.actor, section::Column::TaskListId, &lists).await?;
    let seen: HashMap<Uuid, section::Model> = seen.into_iter().map(|row| (row.id, row.into_inner())).collect();
    let of = |row: &task::Model| {
        let (mut path, mut at) = (Vec::new(), row.section_id);
        // No tree is deeper than it has sections.
        while let Some(section) = at.and_then(|id| seen.get(&id)).filter(|_| path.len() <= seen.len()) {
            path.push((section.label.clone(), section.title.clone()));
            at = section.parent_id;
        }
        path.reverse();
        (row.id, path)
    };
    Ok(tasks.map(of).collect())
}

/// The sections of the draft, with those that are made in it.
pub(super) struct Sections {
    /// By the section above and the title. Of two with one title the first in print counts.
    places: HashMap<(Option<Uuid>, String), Uuid>,
    labels: HashMap<Option<Uuid>, HashSet<String>>,
    parents: HashMap<Uuid, Option<Uuid>>,
    position: i32,
    made: Vec<section::Model>,
}

impl Sections {
    pub(super) async fn read(work: &Work, list: Uuid) -> Result<Self, Stop> {
        let mut there = work.tx.all_where::<section::Entity>(section::Column::TaskListId, &[list]).await?;
        there.sort_by_key(|row| (row.position, row.id));
        let mut sections = Self {
            places: HashMap::new(),
            labels: HashMap::new(),
            parents: HashMap::new(),
            position: there.last().map_or(0, |row| row.position.saturating_add(1)),
            made: Vec::new(),
        };
        there.iter().for_each(|row| sections.note(row));
        Ok(sections)
    }

    fn note(&mut self, row: &section::Model) {
        self.places.entry((row.parent_id, match_key(&row.title))).or_insert(row.id);
        self.labels.entry(row.parent_id).or_default().insert(row.label.clone());
        self.parents.insert(row.id, row.parent_id);
    }

    /// The section under these headings, made where it is not there. A list holds only so many: where it is full, the
    /// nearest that is there.
    pub(super) fn under(&mut self, work: &mut Work, list: &task_list::Model, headings: &[Heading]) -> Option<Uuid> {
        let mut at = None;
        for (label, title) in headings {
            if let Some(there) = self.places.get(&(at, match_key(title))) {
                at = Some(*there);
                continue;
            }
            if self.parents.len() >= MAX_SECTIONS {
                return at;
            }
            let row = section::Model {
                id: work.id(),
                task_list_id: list.id,
                parent_id: at,
                position: self.position,
                label: self.labels.get(&at).map_or_else(|| label.clone(), |taken| free_number(label, taken)),
                title: title.clone(),
                version: 1,
                created_at: work.now,
                updated_at: work.now,
            };
            work.audit_also("sectionCreate", GlobalId::new(Kind::Section, row.id), &["parent", "label", "title"]);
            self.note(&row);
            self.position = self.position.saturating_add(1);
            at = Some(row.id);
            self.made.push(row);
        }
        at
    }

    /// Writes what was made.
    pub(super) async fn write(self, work: &Work) -> Result<(), Stop> {
        if self.made.is_empty() {
            return Ok(());
        }
        let made: HashSet<Uuid> = self.made.iter().map(|row| row.id).collect();
        let mut pairs = closure(&self.parents);
        pairs.retain(|pair| made.contains(&pair.descendant_id));
        // Those above are made before those below them.
        work.tx.insert_all::<section::Entity>(self.made).await?;
        Ok(work.tx.insert_all::<section_closure::Entity>(pairs).await?)
    }
}
