//! Presentation: GraphQL types over visible rows, no SQL, no rules.

pub mod asked;
pub mod context;
pub mod enums;
pub mod filter;
pub mod guard;
pub mod loader;
pub mod mutation;
#[allow(missing_docs, reason = "the Interface derive writes an undocumented method")]
pub mod node;
pub mod page;
pub mod query;
pub mod scalar;
pub mod types;
pub mod upload;
pub mod user_error;
pub mod waves;

use async_graphql::{EmptySubscription, MaybeUndefined, SDLExportOptions};

use self::mutation::Mutation;
use self::query::Query;

/// The schema.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// Builds the schema. Depth, complexity and recursion are guarded before it (web/cost.rs), because the library's own
/// limits are checked by walks that cost more than what they forbid.
pub fn schema() -> Schema {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        // Our own depth limit is lower; the default of 32 counts spreads and inline fragments too.
        .limit_recursive_depth(64)
        // Whoever may read the schema finds a name there; nobody is helped to guess one.
        .disable_suggestions()
        .finish()
}

/// The schema as `schema.graphql` holds it: everything in alphabetical order, so that a difference is a change.
pub fn schema_text() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by()
        .prefer_single_line_descriptions();
    let sdl = schema().sdl_with_options(options);
    format!("{}\n", sdl.trim_end())
}

/// Absent, null and value told apart: `None` leaves it, `Some(None)` takes it away.
fn patch<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}
