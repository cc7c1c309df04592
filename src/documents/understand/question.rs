//! What the reader of a list could not know and asks a person.

use serde::Serialize;

use crate::domain::lang::Lang;
pub use crate::domain::question::QuestionKind;

/// A question about a list that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportQuestion {
    /// What kind of question it is.
    pub kind: QuestionKind,
    /// Where in the file the words stand, as a person would say it.
    pub place: Option<String>,
    /// The value of the list it is about, in the form of `taizhang-list/1`: `tasks[3].unitText`, `year`.
    pub path: String,
    /// The number of the task it is about.
    pub task: Option<String>,
    /// The printed words.
    pub printed: Option<String>,
    /// What is unclear, in Chinese.
    pub zh: String,
    /// What is unclear, in English.
    pub en: String,
    /// Values it could be.
    pub candidates: Vec<String>,
    /// The value that stands in the draft; nothing when the draft has none.
    pub proposal: Option<String>,
}

impl ImportQuestion {
    /// What is unclear.
    pub fn text(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

impl ImportQuestion {
    /// A question with nothing but its words; `path` says what it is about.
    pub fn new(kind: QuestionKind, path: impl Into<String>) -> Self {
        let (zh, en) = kind.texts();
        Self {
            kind,
            place: None,
            path: path.into(),
            task: None,
            printed: None,
            zh: zh.into(),
            en: en.into(),
            candidates: Vec::new(),
            proposal: None,
        }
    }

    /// The place of the task in the list that it is about: 3 for `tasks[3].unitText`.
    pub fn task_index(&self) -> Option<usize> {
        self.path.strip_prefix("tasks[")?.split(']').next()?.parse().ok()
    }

    /// The part of the task or list that it is about: `unitText` for `tasks[3].unitText`, `year` for `year`.
    pub fn subject(&self) -> &str {
        match self.path.split_once("].") {
            Some((_, field)) => field,
            None => self.path.split('[').next().unwrap_or_default(),
        }
    }
}

/// Collects the questions of one list.
#[derive(Debug, Default)]
pub(super) struct Questions {
    pub(super) list: Vec<ImportQuestion>,
}

/// More questions than this help nobody.
const MOST: usize = 5_000;

impl Questions {
    /// Asks; the text may get an addition in brackets.
    pub(super) fn ask(&mut self, kind: QuestionKind, path: impl Into<String>) -> &mut ImportQuestion {
        if self.list.len() >= MOST {
            self.list.pop();
        }
        self.list.push(ImportQuestion::new(kind, path));
        let last = self.list.len() - 1;
        &mut self.list[last]
    }
}

impl ImportQuestion {
    pub(super) fn at(&mut self, place: &str) -> &mut Self {
        self.place = Some(place.to_owned()).filter(|p| !p.is_empty());
        self
    }

    pub(super) fn task(&mut self, number: Option<&str>) -> &mut Self {
        self.task = number.map(str::to_owned);
        self
    }

    pub(super) fn printed(&mut self, text: &str) -> &mut Self {
        self.printed = Some(text.chars().take(500).collect());
        self
    }

    pub(super) fn propose(&mut self, value: impl Into<String>) -> &mut Self {
        let value = value.into();
        if !self.candidates.contains(&value) {
            self.candidates.insert(0, value.clone());
        }
        self.proposal = Some(value);
        self
    }

    pub(super) fn or(&mut self, values: impl IntoIterator<Item = String>) -> &mut Self {
        for value in values {
            if !self.candidates.contains(&value) {
                self.candidates.push(value);
            }
        }
        self
    }
}
