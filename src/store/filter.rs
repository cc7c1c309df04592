//! Typed comparators and their SQL.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, Value};
use uuid::Uuid;

/// A filter: comparisons joined by and, or, not.
#[derive(Clone, Debug, Default)]
pub struct Filter<L> {
    /// All of these.
    pub and: Vec<Filter<L>>,
    /// At least one of these; an empty list asks nothing.
    pub or: Vec<Filter<L>>,
    /// Not this.
    pub not: Option<Box<Filter<L>>>,
    /// The comparisons themselves, all of which must hold.
    pub leaf: L,
}

impl<L> Filter<L> {
    /// The condition, with `leaf` giving that of the comparisons.
    pub(super) fn condition(&self, leaf: &dyn Fn(&L) -> Condition) -> Condition {
        let mut all = Condition::all().add(leaf(&self.leaf));
        for part in &self.and {
            all = all.add(part.condition(leaf));
        }
        if !self.or.is_empty() {
            all = all.add(self.or.iter().fold(Condition::any(), |any, part| any.add(part.condition(leaf))));
        }
        if let Some(part) = &self.not {
            // NOT of a comparison with nothing is nothing in SQL; people mean "all the others".
            let known = Func::coalesce([SimpleExpr::from(part.condition(leaf)), Expr::cust("FALSE")]);
            all = all.add(Expr::expr(known).not());
        }
        all
    }
}

/// Comparisons of a text.
#[derive(Clone, Debug, Default)]
pub struct TextMatch {
    /// Equal.
    pub eq: Option<String>,
    /// Not equal.
    pub ne: Option<String>,
    /// One of these.
    pub one_of: Option<Vec<String>>,
    /// Contains this, letter for letter.
    pub contains: Option<String>,
    /// Begins with this.
    pub starts_with: Option<String>,
}

/// Comparisons of an ordered value.
#[derive(Clone, Debug)]
pub struct Range<T> {
    /// Equal.
    pub eq: Option<T>,
    /// Less.
    pub lt: Option<T>,
    /// Less or equal.
    pub lte: Option<T>,
    /// Greater.
    pub gt: Option<T>,
    /// Greater or equal.
    pub gte: Option<T>,
    /// Whether there is none.
    pub is_null: Option<bool>,
}

impl<T: Clone + Into<Value>> Range<T> {
    /// Whether an expression that always has a value lies so.
    pub(super) fn holds_for(&self, what: &SimpleExpr) -> Condition {
        let with = |bound: &Option<T>| bound.clone().map(Into::<Value>::into);
        let terms = [
            with(&self.eq).map(|value| what.clone().eq(value)),
            with(&self.lt).map(|value| what.clone().lt(value)),
            with(&self.lte).map(|value| what.clone().lte(value)),
            with(&self.gt).map(|value| what.clone().gt(value)),
            with(&self.gte).map(|value| what.clone().gte(value)),
        ];
        let all = terms.into_iter().flatten().fold(Condition::all(), Condition::add);
        if self.is_null == Some(true) { all.add(Expr::cust("1 = 0")) } else { all }
    }
}

impl<T> Default for Range<T> {
    fn default() -> Self {
        Self { eq: None, lt: None, lte: None, gt: None, gte: None, is_null: None }
    }
}

/// Comparisons of an identifier.
#[derive(Clone, Debug, Default)]
pub struct KeyMatch {
    /// Equal.
    pub eq: Option<Uuid>,
    /// One of these.
    pub one_of: Option<Vec<Uuid>>,
    /// Whether there is none.
    pub is_null: Option<bool>,
}

/// Comparisons of a closed word list.
#[derive(Clone, Debug)]
pub struct WordMatch<T> {
    /// Equal.
    pub eq: Option<T>,
    /// Not equal.
    pub ne: Option<T>,
    /// One of these.
    pub one_of: Option<Vec<T>>,
}

impl<T> Default for WordMatch<T> {
    fn default() -> Self {
        Self { eq: None, ne: None, one_of: None }
    }
}

/// Days.
pub type DayRange = Range<NaiveDate>;
/// Moments.
pub type TimeRange = Range<DateTime<Utc>>;
/// Whole numbers.
pub type NumberRange = Range<i32>;

/// Escapes what LIKE would read as a pattern.
fn literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

pub(super) fn contains<C: ColumnTrait>(column: C, text: &str) -> SimpleExpr {
    column.into_expr().like(LikeExpr::new(format!("%{}%", literal(text))).escape('\\'))
}

/// Collects what a comparator asks, so that each condition is one line.
#[derive(Debug)]
pub(super) struct Terms(pub(super) Condition);

impl Terms {
    pub(super) fn new() -> Self {
        Self(Condition::all())
    }

    pub(super) fn add(&mut self, term: impl Into<SimpleExpr>) {
        let all = std::mem::replace(&mut self.0, Condition::all());
        self.0 = all.add(term.into());
    }

    pub(super) fn add_condition(&mut self, term: Condition) {
        let all = std::mem::replace(&mut self.0, Condition::all());
        self.0 = all.add(term);
    }

    pub(super) fn text<C: ColumnTrait>(&mut self, column: C, asked: Option<&TextMatch>) {
        let Some(asked) = asked else { return };
        if let Some(text) = &asked.eq {
            self.add(column.eq(text.as_str()));
        }
        if let Some(text) = &asked.ne {
            self.add(column.ne(text.as_str()));
        }
        if let Some(texts) = &asked.one_of {
            self.add(column.is_in(texts.iter().map(String::as_str)));
        }
        if let Some(text) = &asked.contains {
            self.add(contains(column, text));
        }
        if let Some(text) = &asked.starts_with {
            self.add(column.into_expr().like(LikeExpr::new(format!("{}%", literal(text))).escape('\\')));
        }
    }

    pub(super) fn key<C: ColumnTrait>(&mut self, column: C, asked: Option<&KeyMatch>) {
        let Some(asked) = asked else { return };
        if let Some(id) = asked.eq {
            self.add(column.eq(id));
        }
        if let Some(ids) = &asked.one_of {
            self.add(column.is_in(ids.iter().copied()));
        }
        self.null(column, asked.is_null);
    }

    pub(super) fn word<C: ColumnTrait, T: Clone + Into<Value>>(&mut self, column: C, asked: Option<&WordMatch<T>>) {
        let Some(asked) = asked else { return };
        if let Some(word) = &asked.eq {
            self.add(column.eq(word.clone()));
        }
        if let Some(word) = &asked.ne {
            self.add(column.ne(word.clone()));
        }
        if let Some(words) = &asked.one_of {
            self.add(column.is_in(words.iter().cloned()));
        }
    }

    pub(super) fn range<C: ColumnTrait, T: Clone + Into<Value>>(&mut self, column: C, asked: Option<&Range<T>>) {
        let Some(asked) = asked else { return };
        if let Some(value) = &asked.eq {
            self.add(column.eq(value.clone()));
        }
        if let Some(value) = &asked.lt {
            self.add(column.lt(value.clone()));
        }
        if let Some(value) = &asked.lte {
            self.add(column.lte(value.clone()));
        }
        if let Some(value) = &asked.gt {
            self.add(column.gt(value.clone()));
        }
        if let Some(value) = &asked.gte {
            self.add(column.gte(value.clone()));
        }
        self.null(column, asked.is_null);
    }

    pub(super) fn yes<C: ColumnTrait>(&mut self, column: C, asked: Option<bool>) {
        if let Some(yes) = asked {
            self.add(column.eq(yes));
        }
    }

    fn null<C: ColumnTrait>(&mut self, column: C, asked: Option<bool>) {
        match asked {
            Some(true) => self.add(column.is_null()),
            Some(false) => self.add(column.is_not_null()),
            None => {}
        }
    }

    /// A condition on a related table, asked as a sub-select of that table's scope.
    pub(super) fn related<C: ColumnTrait>(&mut self, column: C, keys: sea_orm::sea_query::SelectStatement, yes: bool) {
        let inside = column.in_subquery(keys);
        self.add(if yes { inside } else { Expr::expr(inside).not() });
    }
}
