//! Who has to change a password or set up one-time passwords first may look at himself and at nothing else.

use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet};

/// The fields that are left, wherever they stand: `viewer` is the only root field among them.
const FIELDS: &[&str] = &[
    "__typename",
    "viewer",
    "name",
    "user",
    "id",
    "login",
    "kind",
    "disabled",
    "version",
    "grants",
    "role",
    "scopes",
    "signIn",
    "hasPassword",
    "mustChangePassword",
    "passwordExpiresOn",
    "totpEnrolled",
];

/// Whether nothing in the document, used or not, asks for more. Each selection is looked at once, fragments too.
pub(super) fn is_about_oneself(document: &ExecutableDocument) -> bool {
    let reads = document.operations.iter().all(|(_, operation)| operation.node.ty == OperationType::Query);
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    let mut waiting: Vec<&SelectionSet> = operations.chain(fragments).collect();
    while let Some(set) = waiting.pop() {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) if FIELDS.contains(&field.node.name.node.as_str()) => {
                    waiting.push(&field.node.selection_set.node);
                }
                Selection::Field(_) => return false,
                Selection::InlineFragment(fragment) => waiting.push(&fragment.node.selection_set.node),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    reads
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn only_oneself_is_left() {
        let asks = |query: &str| is_about_oneself(&parse_query(query).unwrap());
        assert!(asks("{ viewer { name signIn { mustChangePassword } user { id login } } }"));
        assert!(asks("query A { ...F } query B { __typename } fragment F on Query { viewer { ... { name } } }"));
        for more in [
            "{ viewer { unit { name } } }",
            "{ unit(id: 1) { name } }",
            "{ name: units { totalCount } }",
            "{ viewer { name } __schema { types { name } } }",
            "mutation { viewer { name } }",
            "{ viewer { name } } fragment F on Query { tasks { id } }",
            "{ viewer { ... on Viewer { files { totalCount } } } }",
        ] {
            let more = more.replace("{ viewer { name } } fragment", "query A { viewer { name } } fragment");
            assert!(!asks(&more), "{more}");
        }
    }
}
