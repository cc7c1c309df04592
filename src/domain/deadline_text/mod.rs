//! From the printed words of a deadline to a typed value, and back to a person when the words do not say enough.
//!
//! Two doors: [`read_cell`] for a cell that is nothing but a deadline, [`find`] for times in running text.

mod cell;
mod point;
mod rules;
mod running;
mod scan;
mod series;

use chrono::NaiveDate;
use entity::vocabulary::DeadlineKind;

use super::deadline::Deadline;
use super::rule::Rule;

pub use cell::{CellReading, TimeDoubt, read_cell};
pub use running::{Found, find};

/// A printed time with what was understood from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    /// The printed words, without white space.
    pub text: String,
    /// Its kind.
    pub kind: DeadlineKind,
    /// The day.
    pub date: Option<NaiveDate>,
    /// The first day of a window.
    pub from: Option<NaiveDate>,
    /// The last day of a window.
    pub to: Option<NaiveDate>,
    /// The rule where there is no day.
    pub rule: Option<Rule>,
}

impl Time {
    fn plain(text: String, kind: DeadlineKind) -> Self {
        Self { text, kind, date: None, from: None, to: None, rule: None }
    }

    fn on(text: String, kind: DeadlineKind, date: NaiveDate) -> Self {
        Self { date: Some(date), ..Self::plain(text, kind) }
    }

    fn window(text: String, from: NaiveDate, to: NaiveDate) -> Self {
        Self { from: Some(from), to: Some(to), ..Self::plain(text, DeadlineKind::Window) }
    }

    fn by_rule(text: String, rule: Rule) -> Self {
        let kind = match rule {
            Rule::Relative(_) => DeadlineKind::Relative,
            Rule::Recurring(_) | Rule::Words(_) => DeadlineKind::Recurring,
        };
        Self { rule: Some(rule), ..Self::plain(text, kind) }
    }

    /// The time as the rules of the domain use it.
    pub fn to_deadline(&self) -> Deadline {
        Deadline {
            kind: self.kind,
            text: Some(self.text.clone()),
            date: self.to.or(self.date),
            from: self.from,
            rule: self.rule.clone(),
        }
    }
}
