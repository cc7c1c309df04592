//! What an operation would cost, computed on the parsed document before it is validated.
//!
//! The cost follows LIMITS with one refinement. Counted literally (every field 1), the list every office looks at,
//! 200 tasks × 20 assignments with unit and latest report, passes or fails with the twelfth scalar of an assignment.
//! What costs work are rows, so a leaf costs a tenth of an object:
//!
//! - a leaf: 1/10;
//! - an object: 1 + its selection;
//! - a connection: 1 + page size × (selection of `nodes` or `edges`, the item itself being 1) + the rest, once.
//!   The page size is `first` or `last`, as literal, variable or default, never more than the largest page;
//! - another list of objects: 1 + [`PLAIN_LIST`] × (1 + its selection); with an argument `ids`, as many as were asked;
//! - `__schema` and `__type`: the same rules, so that the standard query passes and a deeper one does not.
//!
//! The sum is rounded up. Everything saturates. A fragment is measured once, so that a document whose fragments
//! double thirty times over is measured as fast as it is read; that matters because the validator behind it is not.

mod schema;
mod walk;

use async_graphql::Positioned;
use async_graphql::{
    Variables,
    parser::types::{Directive, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet},
};

pub use schema::{CostSchema, SchemaUnreadable};

use super::{
    guard::at_most,
    refusal::{Measure, Refusal},
};
use crate::config::Limits;

/// How many items a list without pages is taken to have.
pub const PLAIN_LIST: u64 = 10;

/// Fields of a mutation at most.
const MUTATION_FIELDS: u64 = 1;

/// What was measured on the operation that is going to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Its cost.
    pub cost: u64,
    /// Its fields, fragments expanded.
    pub fields: u64,
    /// Nesting of its selections.
    pub depth: usize,
}

/// Measures `operation` of `document` and refuses what goes past a limit.
///
/// The other operations and fragments of the document are measured too: the validator walks through all of them.
/// When only the cost is too high, the refusal carries it.
pub fn measure(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    schema: &CostSchema,
    limits: &Limits,
) -> Result<Usage, Refusal> {
    let mut tally = Tally::default();
    at_most(Measure::Fragments, document.fragments.len(), limits.fragments)?;
    for (_, other) in document.operations.iter() {
        tally.directives += other.node.directives.len();
        tally.directives += other.node.variable_definitions.iter().map(|v| v.node.directives.len()).sum::<usize>();
        tally.count(&other.node.selection_set.node);
    }
    for fragment in document.fragments.values() {
        tally.directives += fragment.node.directives.len();
        tally.count(&fragment.node.selection_set.node);
    }
    at_most(Measure::Aliases, tally.aliases, limits.aliases)?;
    at_most(Measure::Directives, tally.directives, limits.directives)?;

    let mut walker = walk::Walker::new(document, operation, variables, schema, limits);
    let sum = walker.operation(operation)?;
    for (_, other) in document.operations.iter() {
        walker.operation(&other.node)?;
    }
    walker.all_fragments()?;

    within(Measure::RootFields, sum.roots, u64::try_from(limits.root_fields).unwrap_or(u64::MAX))?;
    if operation.ty == OperationType::Mutation {
        within(Measure::MutationFields, sum.roots - sum.typenames, MUTATION_FIELDS)?;
    }
    let cost = sum.cost().div_ceil(walk::OBJECT);
    within(Measure::Cost, cost, limits.cost_signed_in)?;
    Ok(Usage { cost, fields: sum.fields, depth: sum.depth })
}

fn within(measure: Measure, asked: u64, limit: u64) -> Result<(), Refusal> {
    if asked > limit { Err(Refusal::TooMuch(measure, asked, limit)) } else { Ok(()) }
}

/// What is counted as written, fragments not expanded.
#[derive(Default)]
struct Tally {
    aliases: usize,
    directives: usize,
}

impl Tally {
    fn count(&mut self, set: &SelectionSet) {
        for item in &set.items {
            let directives: &Vec<Positioned<Directive>> = item.node.directives();
            self.directives += directives.len();
            match &item.node {
                Selection::Field(field) => {
                    self.aliases += usize::from(field.node.alias.is_some());
                    self.count(&field.node.selection_set.node);
                }
                Selection::InlineFragment(inline) => self.count(&inline.node.selection_set.node),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
}
