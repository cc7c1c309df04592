//! What the verb of a document is asked about: the identifiers among its arguments, for the trail of refusals.

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Name, Request, Value, Variables};

use crate::id::GlobalId;
use crate::service::audit::{Asked, MOST};

/// How deep arguments are looked into.
const DEEPEST: usize = 16;
/// Bytes of an identifier at most.
const LONGEST: usize = 64;

/// The identifiers given to the one verb of a request; nothing for a query.
pub fn asked(request: &mut Request) -> Asked {
    let wanted = request.operation_name.clone();
    let Ok(document) = request.parsed_query() else { return Asked::default() };
    let Some(operation) = chosen(document, wanted.as_deref()) else { return Asked::default() };
    let found = match operation.ty {
        OperationType::Mutation => verb(document, &operation.selection_set.node, DEEPEST),
        _ => None,
    };
    let Some(field) = found else { return Asked::default() };
    let arguments = field.arguments.clone();
    let defaults: Vec<_> = operation
        .variable_definitions
        .iter()
        .filter_map(|definition| {
            let value = definition.node.default_value.as_ref()?;
            Some((definition.node.name.node.clone(), value.node.clone()))
        })
        .collect();
    let variables = &request.variables;
    let value_of =
        |name: &Name| given(variables, name).or_else(|| defaults.iter().find(|d| d.0 == *name).map(|d| d.1.clone()));
    let mut named = Vec::new();
    for (name, value) in arguments {
        // The key of a repetition is a text of the client's own.
        if name.node == "idempotencyKey" {
            continue;
        }
        let value = value.node.into_const_with(|name| Ok::<_, ()>(value_of(&name).unwrap_or(Value::Null)));
        if let Ok(value) = value {
            collect(&value, name.node.to_string(), DEEPEST, &mut named);
        }
    }
    Asked::new(named)
}

fn given(variables: &Variables, name: &Name) -> Option<Value> {
    variables.get(name).cloned()
}

fn chosen<'a>(document: &'a ExecutableDocument, wanted: Option<&str>) -> Option<&'a OperationDefinition> {
    match (&document.operations, wanted) {
        (DocumentOperations::Single(operation), _) => Some(&operation.node),
        (DocumentOperations::Multiple(all), Some(wanted)) => all.get(wanted).map(|operation| &operation.node),
        (DocumentOperations::Multiple(all), None) => all.values().next().map(|operation| &operation.node),
    }
}

/// The first field at the root, past fragments.
fn verb<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet, deep: usize) -> Option<&'a Field> {
    let deeper = deep.checked_sub(1)?;
    set.items.iter().find_map(|item| match &item.node {
        Selection::Field(field) => Some(&field.node),
        Selection::InlineFragment(inline) => verb(document, &inline.node.selection_set.node, deeper),
        Selection::FragmentSpread(spread) => {
            let fragment = document.fragments.get(&spread.node.fragment_name.node)?;
            verb(document, &fragment.node.selection_set.node, deeper)
        }
    })
}

fn collect(value: &Value, path: String, deep: usize, named: &mut Vec<(String, GlobalId)>) {
    let Some(deeper) = deep.checked_sub(1).filter(|_| named.len() < MOST) else { return };
    match value {
        Value::String(text) if text.len() <= LONGEST => named.extend(text.parse().ok().map(|object| (path, object))),
        Value::List(items) => {
            for (nth, item) in items.iter().enumerate() {
                collect(item, format!("{path}.{nth}"), deeper, named);
            }
        }
        Value::Object(fields) => {
            for (name, item) in fields {
                collect(item, format!("{path}.{name}"), deeper, named);
            }
        }
        _ => {}
    }
}
