//! Walks a JSON value and notes every mistake with its place, instead of stopping at the first.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use crate::domain::text::is_unwanted;

use super::problem::{DocumentProblem, JsonType, ProblemKind};

/// After so many problems the rest is only mentioned.
pub(super) const MAX_PROBLEMS: usize = 100;

/// A closed list of words.
pub(super) trait Word: Copy + 'static {
    /// Every value.
    fn all() -> &'static [Self];
    /// Its word.
    fn word(self) -> &'static str;
}

macro_rules! words {
    ($($name:ty),+ $(,)?) => {
        $(impl $crate::documents::reader::Word for $name {
            fn all() -> &'static [Self] { <$name>::ALL }
            fn word(self) -> &'static str { self.as_str() }
        })+
    };
}
pub(super) use words;

/// A JSON object and where it stands.
#[derive(Clone, Copy)]
pub(super) struct At<'v> {
    pub(super) map: &'v Map<String, Value>,
    pub(super) path: &'v str,
}

impl At<'_> {
    /// The path of one of its fields.
    pub(super) fn of(&self, key: &str) -> String {
        if self.path == "$" { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

/// Collects problems.
#[derive(Default)]
pub(super) struct Reader {
    problems: Vec<DocumentProblem>,
}

impl Reader {
    /// Notes a problem.
    pub(super) fn say(&mut self, path: impl Into<String>, kind: ProblemKind) {
        match self.problems.len() {
            n if n < MAX_PROBLEMS - 1 => self.problems.push(DocumentProblem { path: path.into(), kind }),
            n if n == MAX_PROBLEMS - 1 => {
                self.problems.push(DocumentProblem { path: "$".into(), kind: ProblemKind::More })
            }
            _ => {}
        }
    }

    /// The value when nothing was wrong.
    pub(super) fn finish<T>(self, value: T) -> Result<T, Vec<DocumentProblem>> {
        if self.problems.is_empty() { Ok(value) } else { Err(self.problems) }
    }

    /// An object.
    pub(super) fn object<'v>(&mut self, value: &'v Value, path: &'v str) -> Option<At<'v>> {
        match value {
            Value::Object(map) => Some(At { map, path }),
            _ => {
                self.say(path, ProblemKind::WrongType { expected: JsonType::Object });
                None
            }
        }
    }

    /// An array; absent and null are an empty one, a missing required one is a problem.
    pub(super) fn list<'v>(&mut self, at: At<'v>, key: &str, max: usize, required: bool) -> &'v [Value] {
        match at.map.get(key) {
            None | Some(Value::Null) => {
                if required {
                    self.say(at.of(key), ProblemKind::Required);
                }
                &[]
            }
            Some(Value::Array(items)) => {
                if items.len() > max {
                    self.say(at.of(key), ProblemKind::TooMany { max });
                }
                &items[..items.len().min(max)]
            }
            Some(_) => {
                self.say(at.of(key), ProblemKind::WrongType { expected: JsonType::Array });
                &[]
            }
        }
    }

    /// A text at a place of its own; blank is none.
    pub(super) fn text_value(&mut self, value: &Value, path: impl FnOnce() -> String, max: usize) -> Option<String> {
        let Value::String(text) = value else {
            self.say(path(), ProblemKind::WrongType { expected: JsonType::Text });
            return None;
        };
        if text.chars().nth(max).is_some() {
            self.say(path(), ProblemKind::TooLong { max });
            return None;
        }
        if text.chars().any(is_unwanted) {
            self.say(path(), ProblemKind::ControlCharacter);
            return None;
        }
        (!text.trim().is_empty()).then(|| text.clone())
    }

    /// An optional text.
    pub(super) fn text(&mut self, at: At<'_>, key: &str, max: usize) -> Option<String> {
        match at.map.get(key) {
            None | Some(Value::Null) => None,
            Some(value) => self.text_value(value, || at.of(key), max),
        }
    }

    /// A text that must be there; empty when it is not.
    pub(super) fn required_text(&mut self, at: At<'_>, key: &str, max: usize) -> String {
        let before = self.problems.len();
        let text = self.text(at, key, max);
        if text.is_none() && self.problems.len() == before {
            self.say(at.of(key), ProblemKind::Required);
        }
        text.unwrap_or_default()
    }

    /// An array of texts that must not be blank.
    pub(super) fn texts(&mut self, at: At<'_>, key: &str, max_items: usize, max_chars: usize) -> Vec<String> {
        let mut texts = Vec::new();
        for (i, item) in self.list(at, key, max_items, false).iter().enumerate() {
            let path = || format!("{}[{i}]", at.of(key));
            let before = self.problems.len();
            match self.text_value(item, path, max_chars) {
                Some(text) => texts.push(text),
                None if self.problems.len() == before => self.say(path(), ProblemKind::Required),
                None => {}
            }
        }
        texts
    }

    /// A word of a closed list.
    pub(super) fn word<T: Word>(&mut self, at: At<'_>, key: &str) -> Option<T> {
        let value = match at.map.get(key) {
            None | Some(Value::Null) => return None,
            Some(value) => value,
        };
        let Value::String(text) = value else {
            self.say(at.of(key), ProblemKind::WrongType { expected: JsonType::Text });
            return None;
        };
        let found = T::all().iter().copied().find(|w| w.word() == text);
        if found.is_none() {
            self.say(at.of(key), ProblemKind::UnknownWord { allowed: T::all().iter().map(|w| w.word()).collect() });
        }
        found
    }

    /// A word that must be there.
    pub(super) fn required_word<T: Word>(&mut self, at: At<'_>, key: &str) -> Option<T> {
        if at.map.get(key).is_none_or(Value::is_null) {
            self.say(at.of(key), ProblemKind::Required);
        }
        self.word(at, key)
    }

    /// A date of the form 2026-03-31.
    pub(super) fn date(&mut self, at: At<'_>, key: &str) -> Option<NaiveDate> {
        match at.map.get(key) {
            None | Some(Value::Null) => None,
            Some(value) => {
                let date = value
                    .as_str()
                    .filter(|text| text.len() == 10)
                    .and_then(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
                    .filter(crate::domain::years::is_in_years);
                if date.is_none() {
                    self.say(at.of(key), ProblemKind::InvalidDate);
                }
                date
            }
        }
    }

    /// true or false; absent is false.
    pub(super) fn flag(&mut self, at: At<'_>, key: &str) -> bool {
        match at.map.get(key) {
            None | Some(Value::Null) => false,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.say(at.of(key), ProblemKind::WrongType { expected: JsonType::Boolean });
                false
            }
        }
    }

    /// A whole number between two bounds; absent is none.
    pub(super) fn integer(&mut self, at: At<'_>, key: &str, min: i64, max: i64) -> Option<i64> {
        match at.map.get(key) {
            None | Some(Value::Null) => None,
            Some(value) => match value.as_i64() {
                Some(n) if (min..=max).contains(&n) => Some(n),
                Some(_) => {
                    self.say(at.of(key), ProblemKind::OutOfRange { min, max });
                    None
                }
                None => {
                    self.say(at.of(key), ProblemKind::WrongType { expected: JsonType::Integer });
                    None
                }
            },
        }
    }
}

/// The whole document as an object with the right format tag, or the one problem that stops everything.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, Vec<DocumentProblem>> {
    // Files saved on Windows begin with a byte order mark.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|e| {
        vec![DocumentProblem { path: "$".into(), kind: ProblemKind::NotJson { line: e.line(), column: e.column() } }]
    })
}

/// Checks the format tag.
pub(super) fn check_format(reader: &mut Reader, root: At<'_>, expected: &'static str) {
    if root.map.get("format").and_then(Value::as_str) != Some(expected) {
        reader.say("format", ProblemKind::WrongFormat { expected });
    }
}
