//! The walk through selections, fragments being measured once.

use std::{collections::HashMap, convert::Infallible};

use async_graphql::{
    Name, Value as ConstValue, Variables,
    parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet},
};

use super::{
    PLAIN_LIST, at_most,
    schema::{CostSchema, is_connection},
    within,
};
use crate::{
    config::Limits,
    web::refusal::{Measure, Refusal},
};

/// Costs are counted in tenths: a leaf.
const LEAF: u64 = 1;
/// An object, in tenths.
pub(super) const OBJECT: u64 = 10;
/// Fields that read a whole period for one answer, and how many objects that is worth.
const HEAVY: &[(&str, u64)] = &[
    ("reportingPeriodChart", 2_000),
    ("reportingStatus", 2_000),
    ("reportingMatrix", 1_000),
    ("missingReports", 200),
    ("work", 200),
];

/// Lists of the introspection types, which no printed schema contains.
const INTROSPECTION_LISTS: [&str; 8] =
    ["types", "fields", "args", "inputFields", "interfaces", "enumValues", "possibleTypes", "directives"];

/// What a selection amounts to; made of its parts without looking at them again.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    /// Cost that arises once.
    once: u64,
    /// Cost that arises for every item of a page; only in a selection on a connection.
    items: u64,
    /// Fields, fragments expanded.
    pub fields: u64,
    /// Nesting of fields.
    pub depth: usize,
    /// Nesting of anything a walk goes down into: fields, inline fragments, spreads.
    nesting: usize,
    /// Fields at the top.
    pub roots: u64,
    /// `__typename`s at the top.
    pub typenames: u64,
}

impl Sum {
    pub fn cost(&self) -> u64 {
        self.once.saturating_add(self.items)
    }

    /// Adds a selection that stands at the same level.
    fn merge(&mut self, other: Self) {
        self.once = self.once.saturating_add(other.once);
        self.items = self.items.saturating_add(other.items);
        self.fields = self.fields.saturating_add(other.fields);
        self.depth = self.depth.max(other.depth);
        self.nesting = self.nesting.max(other.nesting + 1);
        self.roots = self.roots.saturating_add(other.roots);
        self.typenames = self.typenames.saturating_add(other.typenames);
    }
}

enum Memo {
    Open,
    Done(Sum),
}

/// Where a walk is: the type of the object, and how deep it is already.
#[derive(Clone, Copy)]
struct Place<'a> {
    ty: Option<&'a str>,
    introspection: bool,
    nesting: usize,
}

impl<'a> Place<'a> {
    fn into(self, ty: Option<&'a str>) -> Self {
        Self { ty, nesting: self.nesting + 1, ..self }
    }
}

pub(super) struct Walker<'a> {
    document: &'a ExecutableDocument,
    defaults: HashMap<&'a str, &'a ConstValue>,
    variables: &'a Variables,
    schema: &'a CostSchema,
    limits: &'a Limits,
    fragments: HashMap<&'a str, Memo>,
}

impl<'a> Walker<'a> {
    pub fn new(
        document: &'a ExecutableDocument,
        operation: &'a OperationDefinition,
        variables: &'a Variables,
        schema: &'a CostSchema,
        limits: &'a Limits,
    ) -> Self {
        let defaults = operation
            .variable_definitions
            .iter()
            .filter_map(|v| Some((v.node.name.node.as_str(), &v.node.default_value.as_ref()?.node)))
            .collect();
        Self { document, defaults, variables, schema, limits, fragments: HashMap::new() }
    }

    /// Measures an operation and refuses what would be walked for too long.
    pub fn operation(&mut self, operation: &'a OperationDefinition) -> Result<Sum, Refusal> {
        let place = Place { ty: Some(self.schema.root(operation.ty)), introspection: false, nesting: 0 };
        let sum = self.selection(&operation.selection_set.node, place)?;
        self.walkable(sum)
    }

    /// Measures the fragments no operation uses; the validator goes through them all the same.
    pub fn all_fragments(&mut self) -> Result<(), Refusal> {
        for name in self.document.fragments.keys() {
            let sum = self.fragment(name, Place { ty: None, introspection: false, nesting: 0 })?;
            self.walkable(sum)?;
        }
        Ok(())
    }

    fn walkable(&self, sum: Sum) -> Result<Sum, Refusal> {
        at_most(Measure::SelectionDepth, sum.depth, self.limits.selection_depth)?;
        within(Measure::ExpandedFields, sum.fields, self.limits.expanded_fields)?;
        Ok(sum)
    }

    fn selection(&mut self, set: &'a SelectionSet, place: Place<'a>) -> Result<Sum, Refusal> {
        at_most(Measure::BracketDepth, place.nesting, self.limits.bracket_depth)?;
        let mut sum = Sum::default();
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.field(&field.node, place, &mut sum)?,
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref().map(|c| c.node.on.node.as_str());
                    sum.merge(self.selection(&inline.node.selection_set.node, place.into(on.or(place.ty)))?);
                }
                Selection::FragmentSpread(spread) => {
                    sum.merge(self.fragment(spread.node.fragment_name.node.as_str(), place.into(None))?);
                }
            }
        }
        Ok(sum)
    }

    fn fragment(&mut self, name: &'a str, place: Place<'a>) -> Result<Sum, Refusal> {
        match self.fragments.get(name) {
            Some(Memo::Done(sum)) => {
                at_most(Measure::BracketDepth, place.nesting + sum.nesting, self.limits.bracket_depth)?;
                return Ok(*sum);
            }
            Some(Memo::Open) => return Err(Refusal::FragmentCycle(name.to_owned())),
            None => {}
        }
        // A fragment nobody defined costs nothing: the validator will say so.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Sum::default());
        };
        self.fragments.insert(name, Memo::Open);
        let on = fragment.node.type_condition.node.on.node.as_str();
        // Measured as on its own type, wherever it is used; inside introspection that is a type named `__…`.
        let place = Place { ty: Some(on), introspection: on.starts_with("__"), ..place };
        let sum = self.selection(&fragment.node.selection_set.node, place)?;
        self.fragments.insert(name, Memo::Done(sum));
        Ok(sum)
    }

    fn field(&mut self, field: &'a Field, place: Place<'a>, sum: &mut Sum) -> Result<(), Refusal> {
        let name = field.name.node.as_str();
        sum.roots = sum.roots.saturating_add(1);
        sum.typenames = sum.typenames.saturating_add(u64::from(name == "__typename"));
        sum.fields = sum.fields.saturating_add(1);
        sum.depth = sum.depth.max(1);
        if field.selection_set.node.items.is_empty() {
            sum.once = sum.once.saturating_add(LEAF);
            return Ok(());
        }
        let introspection = place.introspection || name == "__schema" || name == "__type";
        let schema = self.schema;
        let returns = if introspection { None } else { schema.field(place.ty, name) };
        let inner = Place { introspection, ..place.into(returns.map(|r| r.ty.as_str())) };
        let child = self.selection(&field.selection_set.node, inner)?;
        sum.fields = sum.fields.saturating_add(child.fields);
        sum.depth = sum.depth.max(child.depth + 1);
        sum.nesting = sum.nesting.max(child.nesting + 1);

        let item = OBJECT.saturating_add(child.cost());
        let in_connection = place.ty.is_some_and(is_connection);
        if in_connection && name == "edges" {
            sum.items = sum.items.saturating_add(child.cost());
        } else if in_connection && name == "nodes" {
            sum.items = sum.items.saturating_add(item);
        } else {
            let cost = match returns {
                Some(r) if is_connection(&r.ty) => {
                    let page = self.page(field, r.default_page.unwrap_or(self.limits.page_default));
                    OBJECT.saturating_add(page.saturating_mul(child.items)).saturating_add(child.once)
                }
                Some(r) if r.list => OBJECT.saturating_add(self.items(field).saturating_mul(item)),
                None if introspection && INTROSPECTION_LISTS.contains(&name) => {
                    OBJECT.saturating_add(PLAIN_LIST.saturating_mul(item))
                }
                _ => item,
            };
            let heavy = HEAVY.iter().find(|(heavy, _)| *heavy == name).map_or(0, |(_, worth)| worth * OBJECT);
            sum.once = sum.once.saturating_add(cost).saturating_add(heavy);
        }
        Ok(())
    }

    /// The page a connection is asked for; the resolver refuses what is past the largest, so no more is counted.
    fn page(&self, field: &Field, default: u64) -> u64 {
        let asked =
            ["first", "last"].iter().filter_map(|name| self.argument(field, name, |value| value.as_u64())).max();
        asked.unwrap_or(default).min(self.limits.page_max)
    }

    /// How many items a list without pages is taken to have.
    fn items(&self, field: &Field) -> u64 {
        let asked = self.argument(field, "ids", |value| value.as_array().map(|ids| ids.len() as u64));
        asked.unwrap_or(PLAIN_LIST)
    }

    fn argument<T>(&self, field: &Field, name: &str, read: impl Fn(&serde_json::Value) -> Option<T>) -> Option<T> {
        // What a variable does not say counts as null: a list literal is as long as it is written.
        let given = |variable: Name| -> Result<ConstValue, Infallible> {
            let value = self.variables.get(&variable).or_else(|| self.defaults.get(variable.as_str()).copied());
            Ok(value.cloned().unwrap_or_default())
        };
        let Ok(constant) = field.get_argument(name)?.node.clone().into_const_with(given);
        read(&constant.into_json().ok()?)
    }
}
