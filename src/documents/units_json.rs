//! `taizhang-units/1`: the units and groups of one or more places as JSON.

use std::collections::HashMap;

use entity::vocabulary::GroupExpansion;
use serde::Serialize;
use serde_json::Value;

use crate::domain::text::match_key;

use super::problem::{DocumentProblem, ProblemKind};
use super::reader::{self, At, Reader, check_format, words};

words!(GroupExpansion);

/// The tag of this form.
pub const FORMAT: &str = "taizhang-units/1";
/// Places in a document at most.
pub const MAX_JURISDICTIONS: usize = 100;
/// Units of a place at most.
pub const MAX_UNITS: usize = 5_000;
/// Groups of a place at most.
pub const MAX_GROUPS: usize = 500;
/// Aliases of a unit or group at most.
pub const MAX_ALIASES: usize = 50;
/// Characters of a name at most.
pub const MAX_NAME: usize = 200;

/// Units and groups of one or more places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnitsDocument {
    /// Always [`FORMAT`].
    pub format: &'static str,
    /// The places.
    pub jurisdictions: Vec<Jurisdiction>,
}

/// A place: an office and everything at and below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Jurisdiction {
    /// A short key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its level, in the words of the file (county_level_city).
    pub level: Option<String>,
    /// The identifier of the unit that is the office.
    pub office: String,
    /// Names of the lists that belong to it.
    pub list: Vec<String>,
    /// Its units; a parent precedes its children.
    pub units: Vec<UnitItem>,
    /// Its groups.
    pub groups: Vec<GroupItem>,
}

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnitItem {
    /// Its identifier in this file and, as its code, afterwards.
    pub id: String,
    /// The full name.
    pub name: String,
    /// 简称.
    pub short: Option<String>,
    /// Its kind, in the words of the file (bureau, township, …).
    pub kind: Option<String>,
    /// Other names it is printed with.
    pub aliases: Vec<String>,
    /// The unit above it; without one it stands under the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

/// A named set of units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupItem {
    /// Its identifier in this file and, as its code, afterwards.
    pub id: String,
    /// The name as printed.
    pub name: String,
    /// Other names it is printed with.
    pub aliases: Vec<String>,
    /// Identifiers of its units.
    pub members: Vec<String>,
    /// Whether all members are known.
    pub members_complete: bool,
    /// How it becomes units; see [`GroupItem::effective_expansion`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expansion: Option<GroupExpansion>,
}

impl GroupItem {
    /// What is written, else: "其他…" means all but the leads.
    pub fn effective_expansion(&self) -> GroupExpansion {
        self.expansion.unwrap_or_else(|| {
            if ["其他", "其它"].iter().any(|start| self.name.trim_start().starts_with(start)) {
                GroupExpansion::ExceptLeads
            } else {
                GroupExpansion::Members
            }
        })
    }
}

/// Reads a document; every mistake is named with its place, at most a hundred.
pub fn read(bytes: impl AsRef<[u8]>) -> Result<UnitsDocument, Vec<DocumentProblem>> {
    let value = reader::parse(bytes.as_ref())?;
    let mut r = Reader::default();
    let mut document = UnitsDocument { format: FORMAT, jurisdictions: Vec::new() };
    if let Some(root) = r.object(&value, "$") {
        check_format(&mut r, root, FORMAT);
        let mut ids = HashMap::new();
        for (i, item) in r.list(root, "jurisdictions", MAX_JURISDICTIONS, true).iter().enumerate() {
            let place = format!("jurisdictions[{i}]");
            if let Some(at) = r.object(item, &place) {
                document.jurisdictions.push(jurisdiction(&mut r, at, &mut ids));
            }
        }
    }
    r.finish(document)
}

/// Writes a document as indented JSON.
pub fn write(document: &UnitsDocument) -> String {
    // Strings and flags only: this cannot fail, and an empty text would be seen at once.
    serde_json::to_string_pretty(document).unwrap_or_default()
}

/// Identifiers of the whole document, and where each stands.
type Ids = HashMap<String, String>;

fn jurisdiction(r: &mut Reader, at: At<'_>, ids: &mut Ids) -> Jurisdiction {
    let key = r.required_text(at, "key", MAX_NAME);
    let name = r.required_text(at, "name", MAX_NAME);
    let level = r.text(at, "level", MAX_NAME);
    let office = r.required_text(at, "office", MAX_NAME);
    let list = r.texts(at, "list", 100, MAX_NAME);
    // Names must be unambiguous within a place: a printed name has to find one thing.
    let mut names = HashMap::new();
    let mut own = HashMap::new();
    let mut units = Vec::new();
    for (i, item) in r.list(at, "units", MAX_UNITS, true).iter().enumerate() {
        let place = format!("{}[{i}]", at.of("units"));
        if let Some(at) = r.object(item, &place) {
            let unit = unit(r, at, ids, &own);
            claim(r, at, &mut names, std::iter::once(&unit.name).chain(&unit.short).chain(&unit.aliases));
            own.insert(unit.id.clone(), ());
            units.push(unit);
        }
    }
    if !office.is_empty() && !own.contains_key(&office) {
        r.say(at.of("office"), ProblemKind::UnknownReference);
    }
    let mut groups = Vec::new();
    for (i, item) in r.list(at, "groups", MAX_GROUPS, false).iter().enumerate() {
        let place = format!("{}[{i}]", at.of("groups"));
        if let Some(at) = r.object(item, &place) {
            let group = group(r, at, ids, &own);
            claim(r, at, &mut names, std::iter::once(&group.name).chain(&group.aliases));
            groups.push(group);
        }
    }
    Jurisdiction { key, name, level, office, list, units, groups }
}

fn unit(r: &mut Reader, at: At<'_>, ids: &mut Ids, own: &HashMap<String, ()>) -> UnitItem {
    let id = identifier(r, at, ids);
    let parent = r.text(at, "parent", MAX_NAME);
    if parent.as_ref().is_some_and(|p| !own.contains_key(p)) {
        r.say(at.of("parent"), ProblemKind::MissingParent);
    }
    UnitItem {
        id,
        name: r.required_text(at, "name", MAX_NAME),
        short: r.text(at, "short", MAX_NAME),
        kind: r.text(at, "kind", MAX_NAME),
        aliases: r.texts(at, "aliases", MAX_ALIASES, MAX_NAME),
        parent,
    }
}

fn group(r: &mut Reader, at: At<'_>, ids: &mut Ids, own: &HashMap<String, ()>) -> GroupItem {
    let group = GroupItem {
        id: identifier(r, at, ids),
        name: r.required_text(at, "name", MAX_NAME),
        aliases: r.texts(at, "aliases", MAX_ALIASES, MAX_NAME),
        members: r.texts(at, "members", MAX_UNITS, MAX_NAME),
        members_complete: r.flag(at, "members_complete"),
        expansion: r.word(at, "expansion"),
    };
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let written = at.map.get("members").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    for (i, member) in written.iter().take(MAX_UNITS).enumerate() {
        let Some(member) = member.as_str() else { continue };
        let place = format!("{}[{i}]", at.of("members"));
        if !own.contains_key(member) {
            r.say(place, ProblemKind::UnknownReference);
        } else if let Some(first) = seen.insert(member, i) {
            r.say(place, ProblemKind::Duplicate { first: format!("{}[{first}]", at.of("members")) });
        }
    }
    group
}

fn identifier(r: &mut Reader, at: At<'_>, ids: &mut Ids) -> String {
    let id = r.required_text(at, "id", MAX_NAME);
    if !id.is_empty() {
        match ids.get(&id) {
            Some(first) => r.say(at.of("id"), ProblemKind::Duplicate { first: first.clone() }),
            None => {
                ids.insert(id.clone(), at.of("id"));
            }
        }
    }
    id
}

/// Takes the names of one thing; a name that another thing has is a problem, its own twice is not.
fn claim<'a>(r: &mut Reader, at: At<'_>, names: &mut HashMap<String, String>, mine: impl Iterator<Item = &'a String>) {
    for name in mine.filter(|name| !name.is_empty()) {
        match names.get(&match_key(name)) {
            Some(owner) if owner != at.path => r.say(at.path, ProblemKind::Duplicate { first: owner.clone() }),
            Some(_) => {}
            None => {
                names.insert(match_key(name), at.path.to_owned());
            }
        }
    }
}
