//! The conventions of DESIGN §5, read from the schema as its clients see it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::introspection as schema;

fn ours() -> impl Iterator<Item = &'static Value> {
    schema::types().iter().filter(|t| {
        let name = t["name"].as_str().unwrap();
        !name.starts_with("__") && !matches!(name, "Boolean" | "Float" | "ID" | "Int" | "String")
    })
}

fn list<'a>(of: &'a Value, key: &str) -> &'a [Value] {
    of[key].as_array().map_or(&[], Vec::as_slice)
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// The first line Chinese, the second English (which may quote a printed word).
fn is_bilingual(text: &str) -> bool {
    let mut lines = text.lines();
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    let words = second.chars().filter(char::is_ascii_alphabetic).count();
    first.chars().any(is_chinese) && second.chars().filter(|c| is_chinese(*c)).count() * 3 < words && words >= 2
}

#[test]
fn every_element_is_described_in_both_languages() {
    let (mut counted, mut poor) = (0, Vec::new());
    let mut look = |place: String, element: &Value| {
        counted += 1;
        if !is_bilingual(element["description"].as_str().unwrap_or_default()) {
            poor.push(format!("{place}: {}", element["description"]));
        }
    };
    for of in ours() {
        let name = of["name"].as_str().unwrap();
        look(name.to_owned(), of);
        for field in list(of, "fields") {
            let place = format!("{name}.{}", field["name"].as_str().unwrap());
            look(place.clone(), field);
            for arg in list(field, "args") {
                look(format!("{place}({})", arg["name"].as_str().unwrap()), arg);
            }
        }
        for key in ["inputFields", "enumValues"] {
            for part in list(of, key) {
                look(format!("{name}.{}", part["name"].as_str().unwrap()), part);
            }
        }
    }
    println!("{counted} elements, {} poorly described", poor.len());
    assert!(poor.is_empty(), "{} of {counted}:\n{}", poor.len(), poor.join("\n"));
}

/// Lists that are bounded by what they are; everything else is a connection.
const BOUNDED: [&str; 14] = [
    "Query.nodes",
    "Viewer.grants",
    "RollUp.completions",
    "ReportingMatrixRow.cells",
    "RevisionChanges.narrative",
    "Assignment.addedSince",
    "AmendmentChange.redline",
    "RedlineText.segments",
    "PublicationDocument.figures",
    // A list is amended once by a merger.
    "UnitMergePayload.amendments",
    "UnitMergePayload.sources",
    // A file has so many rows.
    "ProgressReportImportPayload.rows",
    "ProgressReportImportPayload.problems",
    "TaskListImportPayload.questions",
];

#[test]
fn lists_that_can_grow_are_connections() {
    let mut bounded = BTreeSet::new();
    for of in ours().filter(|t| t["kind"] == "OBJECT") {
        let name = of["name"].as_str().unwrap();
        for field in list(of, "fields") {
            let inner = schema::named(&field["type"]);
            let place = format!("{name}.{}", field["name"].as_str().unwrap());
            if schema::node_of(inner).is_some() {
                let args = schema::args(field);
                for needed in ["first", "after", "last", "before", "offset"] {
                    assert!(args.contains(&needed), "{place} has no {needed}");
                }
                let parts: Vec<_> = schema::fields(inner).iter().map(|f| f["name"].as_str().unwrap()).collect();
                for needed in ["edges", "nodes", "pageInfo", "totalCount"] {
                    assert!(parts.contains(&needed), "{inner} has no {needed}");
                }
            } else if schema::is_list(&field["type"]) && schema::is_object(inner) {
                // Parts of a connection, and what a payload says about its own input.
                let own_input = ["userErrors", "outcomes"].contains(&field["name"].as_str().unwrap());
                let of_frame = own_input || ["Connection", "Outcome"].iter().any(|frame| name.ends_with(frame));
                if !of_frame {
                    bounded.insert(place);
                }
            }
        }
    }
    assert_eq!(bounded, BOUNDED.iter().map(|b| (*b).to_owned()).collect(), "lists of objects that are no connections");
}

#[test]
fn every_mutation_has_the_same_form() {
    for field in schema::fields("Mutation") {
        let name = field["name"].as_str().unwrap();
        let payload = schema::named(&field["type"]);
        assert!(payload.ends_with("Payload"), "{name} gives {payload}");
        assert_eq!(field["type"]["kind"], "NON_NULL", "{name}: a payload always comes");
        let errors = schema::field(payload, "userErrors").unwrap_or_else(|| panic!("{payload} has no userErrors"));
        assert_eq!(schema::named(&errors["type"]), "UserError");
        assert!(schema::is_list(&errors["type"]));
        let args = schema::args(field);
        assert!(args.contains(&"idempotencyKey"), "{name} takes no idempotencyKey");
        for arg in &args {
            let plain = matches!(*arg, "id" | "input" | "idempotencyKey");
            assert!(plain, "{name} takes {arg}; arguments are id, input and idempotencyKey");
        }
        // The object comes first: the name starts with that of a type, and a verb follows.
        let object = ours().filter_map(|t| t["name"].as_str()).find(|object| {
            let mut first = object.to_owned().to_owned();
            first[..1].make_ascii_lowercase();
            name.strip_prefix(&first).is_some_and(|verb| verb.starts_with(|c: char| c.is_ascii_uppercase()))
        });
        assert!(object.is_some(), "{name} is not objectVerb");
        if let Some(input) = list(field, "args").iter().find(|a| a["name"] == "input") {
            let input = schema::type_of(schema::named(&input["type"]));
            let update = name.ends_with("Update");
            let versions = list(input, "inputFields").iter().any(|f| f["name"] == "expectedVersion");
            assert!(!update || versions, "{name} changes something and asks for no expectedVersion");
        }
    }
}

#[test]
fn identifiers_are_ids_and_nothing_goes_without_a_word() {
    let mut wrong = Vec::new();
    for of in ours() {
        let name = of["name"].as_str().unwrap();
        for field in list(of, "fields").iter().chain(list(of, "inputFields")) {
            let part = field["name"].as_str().unwrap();
            if (part == "id" || part == "ids" || part.ends_with("Id")) && schema::named(&field["type"]) != "ID" {
                wrong.push(format!("{name}.{part} is no ID"));
            }
            for arg in list(field, "args") {
                let part = arg["name"].as_str().unwrap();
                if matches!(part, "id" | "ids") && schema::named(&arg["type"]) != "ID" {
                    wrong.push(format!("{name}.{}({part}) is no ID", field["name"]));
                }
            }
        }
        for part in list(of, "fields").iter().chain(list(of, "enumValues")) {
            let reason = part["deprecationReason"].as_str().unwrap_or_default();
            if part["isDeprecated"] == true && !reason.starts_with("Use `") {
                wrong.push(format!("{name}.{} is deprecated without saying what to use", part["name"]));
            }
        }
        if of["kind"] == "SCALAR" && !of["specifiedByURL"].is_string() {
            wrong.push(format!("the scalar {name} is specified nowhere"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn objects_with_an_identifier_are_nodes() {
    let nodes: BTreeSet<_> =
        list(schema::type_of("Node"), "possibleTypes").iter().map(|t| t["name"].as_str().unwrap()).collect();
    for of in ours().filter(|t| t["kind"] == "OBJECT") {
        let name = of["name"].as_str().unwrap();
        assert_eq!(nodes.contains(name), schema::field(name, "id").is_some(), "{name}");
    }
}
