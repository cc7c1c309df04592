//! The automatic numbers of Word: what stands in front of a paragraph though nobody typed it.

use std::collections::{HashMap, HashSet};

use super::xml::{Element, Handler};
use super::{ReadError, numerals};

const LEVELS: usize = 9;
const MAX_LISTS: usize = 20_000;

#[derive(Clone, Debug)]
struct Level {
    start: i64,
    format: String,
    text: String,
    /// After which level it begins anew; the one above when not said, never when 0.
    restart: Option<i64>,
    legal: bool,
    glued: bool,
}

impl Default for Level {
    fn default() -> Self {
        Self { start: 0, format: "decimal".into(), text: String::new(), restart: None, legal: false, glued: false }
    }
}

#[derive(Default)]
struct Abstract {
    levels: Vec<Option<Level>>,
    style_link: Option<String>,
    link_to_style: Option<String>,
}

#[derive(Default)]
struct Num {
    of: String,
    starts: HashMap<usize, i64>,
    levels: HashMap<usize, Level>,
}

/// A paragraph style's part in numbering.
#[derive(Default)]
struct Style {
    num: Option<String>,
    level: Option<usize>,
    based_on: Option<String>,
}

/// All lists of a document, and how far each has counted.
#[derive(Default)]
pub(super) struct Numbering {
    abstracts: HashMap<String, Abstract>,
    nums: HashMap<String, Num>,
    styles: HashMap<String, Style>,
    counters: HashMap<String, [Option<i64>; LEVELS]>,
    begun: HashSet<String>,
}

impl Numbering {
    /// Whether there is any list; without one no style numbers anything.
    pub(super) fn has_lists(&self) -> bool {
        !self.nums.is_empty()
    }

    /// The list and level of a paragraph: what it says itself, else what its style says.
    pub(super) fn of_paragraph(
        &self,
        num: Option<String>,
        level: Option<usize>,
        style: Option<&str>,
    ) -> Option<(String, usize)> {
        let (mut num, mut level) = (num, level);
        let mut style = style;
        for _ in 0..20 {
            if num.is_some() {
                break;
            }
            let Some(found) = style.and_then(|name| self.styles.get(name)) else { break };
            num.clone_from(&found.num);
            level = level.or(found.level);
            style = found.based_on.as_deref();
        }
        num.filter(|num| num != "0").map(|num| (num, level.unwrap_or_default().min(LEVELS - 1)))
    }

    /// Counts on and writes the number with its separator; none for bullets and lists that do not exist.
    pub(super) fn next(&mut self, num_id: &str, level: usize) -> Option<String> {
        let num = self.nums.get(num_id)?;
        let mut list = self.abstracts.get(&num.of)?;
        if let Some(style) = &list.link_to_style {
            list = self.abstracts.values().find(|a| a.style_link.as_ref() == Some(style)).unwrap_or(list);
        }
        let at = |level: usize| num.levels.get(&level).or_else(|| list.levels.get(level).and_then(Option::as_ref));
        let start = |level: usize| num.starts.get(&level).copied().or_else(|| at(level).map(|l| l.start)).unwrap_or(1);
        let own = at(level)?;
        let counter = self.counters.entry(num.of.clone()).or_default();
        if self.begun.insert(num_id.to_owned()) {
            for restarted in num.starts.keys().filter(|level| **level < LEVELS) {
                counter[*restarted] = None;
            }
        }
        counter[level] = Some(counter[level].map_or_else(|| start(level), |n| n.saturating_add(1)));
        for (deeper, count) in counter.iter_mut().enumerate().skip(level + 1) {
            let restarts = match at(deeper).and_then(|l| l.restart) {
                None => true,
                Some(after) => usize::try_from(after).is_ok_and(|after| after > level),
            };
            if restarts {
                *count = None;
            }
        }
        for (above, count) in counter.iter_mut().enumerate().take(level) {
            count.get_or_insert_with(|| start(above));
        }
        let mut written = String::new();
        let mut signs = own.text.chars().peekable();
        while let Some(sign) = signs.next() {
            let place = signs.peek().filter(|_| sign == '%').and_then(|digit| digit.to_digit(10)).filter(|d| *d > 0);
            let Some(place) = place.and_then(|place| usize::try_from(place - 1).ok()).filter(|p| *p < LEVELS) else {
                written.push(sign);
                continue;
            };
            signs.next();
            let format = at(place).map_or("decimal", |l| if own.legal { "decimal" } else { l.format.as_str() });
            written.push_str(&numerals::write(format, counter[place].unwrap_or_else(|| start(place)))?);
        }
        if own.format == "bullet" || written.is_empty() {
            return None;
        }
        if !own.glued {
            written.push(' ');
        }
        Some(written)
    }
}

/// Reads `numbering.xml`.
#[derive(Default)]
pub(super) struct NumberingPart {
    /// What was read.
    pub(super) found: Numbering,
    list: Option<(String, Abstract)>,
    num: Option<(String, Num)>,
    override_of: Option<usize>,
    level: Option<(usize, Level)>,
}

impl Handler for NumberingPart {
    fn start(&mut self, element: &Element<'_>) -> Result<(), ReadError> {
        let id = |name: &str| element.attribute(name).unwrap_or_default();
        let index = || element.attribute("ilvl").and_then(|v| v.parse::<usize>().ok()).filter(|level| *level < LEVELS);
        let value = || element.attribute("val");
        match element.name() {
            "abstractNum" => self.list = Some((id("abstractNumId"), Abstract::default())),
            "num" => self.num = Some((id("numId"), Num::default())),
            "lvlOverride" => self.override_of = index(),
            "lvl" => self.level = index().map(|level| (level, Level::default())),
            "startOverride" => {
                if let (Some((_, num)), Some(level)) = (&mut self.num, self.override_of) {
                    num.starts.insert(level, element.number().unwrap_or(1));
                }
            }
            "abstractNumId" => {
                if let Some((_, num)) = &mut self.num {
                    num.of = value().unwrap_or_default();
                }
            }
            "styleLink" => {
                if let Some((_, list)) = &mut self.list {
                    list.style_link = value();
                }
            }
            "numStyleLink" => {
                if let Some((_, list)) = &mut self.list {
                    list.link_to_style = value();
                }
            }
            name => {
                if let Some((_, level)) = &mut self.level {
                    match name {
                        "start" => level.start = element.number().unwrap_or(1),
                        "numFmt" => level.format = value().unwrap_or_default(),
                        "lvlText" => level.text = value().unwrap_or_default().chars().take(100).collect(),
                        "lvlRestart" => level.restart = element.number(),
                        "isLgl" => level.legal = element.is_on(),
                        "suff" => level.glued = value().is_some_and(|v| v == "nothing"),
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), ReadError> {
        match name {
            "lvl" => {
                let Some((index, level)) = self.level.take() else { return Ok(()) };
                if let (Some((_, num)), Some(_)) = (&mut self.num, self.override_of) {
                    num.levels.insert(index, level);
                } else if let Some((_, list)) = &mut self.list {
                    if list.levels.len() <= index {
                        list.levels.resize(index + 1, None);
                    }
                    list.levels[index] = Some(level);
                }
            }
            "lvlOverride" => self.override_of = None,
            "abstractNum" => {
                if let Some((id, list)) = self.list.take().filter(|_| self.found.abstracts.len() < MAX_LISTS) {
                    self.found.abstracts.insert(id, list);
                }
            }
            "num" => {
                if let Some((id, num)) = self.num.take().filter(|_| self.found.nums.len() < MAX_LISTS) {
                    self.found.nums.insert(id, num);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Reads the part of `styles.xml` that numbers paragraphs.
pub(super) struct StylesPart<'a> {
    numbering: &'a mut Numbering,
    open: Option<(String, Style)>,
}

impl<'a> StylesPart<'a> {
    /// Adds to what was read of the lists.
    pub(super) fn new(numbering: &'a mut Numbering) -> Self {
        Self { numbering, open: None }
    }
}

impl Handler for StylesPart<'_> {
    fn start(&mut self, element: &Element<'_>) -> Result<(), ReadError> {
        if element.name() == "style" {
            self.open = element.attribute("styleId").map(|id| (id, Style::default()));
        } else if let Some((_, style)) = &mut self.open {
            match element.name() {
                "basedOn" => style.based_on = element.attribute("val"),
                "numId" => style.num = element.attribute("val"),
                "ilvl" => style.level = element.number().and_then(|n| usize::try_from(n).ok()),
                _ => {}
            }
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), ReadError> {
        if name == "style"
            && let Some((id, style)) = self.open.take()
            && self.numbering.styles.len() < MAX_LISTS
        {
            self.numbering.styles.insert(id, style);
        }
        Ok(())
    }
}
