//! The schema as its clients see it.

use std::sync::OnceLock;

use serde_json::Value;

const QUERY: &str = "{ __schema { queryType { name } mutationType { name } types {
    kind name description specifiedByURL
    fields(includeDeprecated: true) { name description isDeprecated deprecationReason
        args { name description defaultValue type { ...T } } type { ...T } }
    inputFields { name description type { ...T } }
    enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
    possibleTypes { name }
} directives { name description args { name description } } } }
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// Every type of the schema.
pub fn types() -> &'static [Value] {
    static TYPES: OnceLock<Vec<Value>> = OnceLock::new();
    TYPES.get_or_init(|| {
        let run = async { taizhang::graphql::schema().execute(QUERY).await };
        let response =
            std::thread::spawn(move || tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run));
        let response = response.join().unwrap();
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        let data = response.data.into_json().unwrap();
        data["__schema"]["types"].as_array().unwrap().clone()
    })
}

/// The type of this name.
pub fn type_of(name: &str) -> &'static Value {
    types().iter().find(|t| t["name"] == name).unwrap_or_else(|| panic!("no type {name}"))
}

/// The fields of a type; none for scalars and enums.
pub fn fields(name: &str) -> &'static [Value] {
    type_of(name)["fields"].as_array().map_or(&[], Vec::as_slice)
}

/// The field of this name.
pub fn field(of: &str, name: &str) -> Option<&'static Value> {
    fields(of).iter().find(|f| f["name"] == name)
}

/// The named type inside lists and non-nulls.
pub fn named(mut of: &Value) -> &str {
    while !of["ofType"].is_null() {
        of = &of["ofType"];
    }
    of["name"].as_str().unwrap()
}

/// Whether the value is a list, null or not.
pub fn is_list(mut of: &Value) -> bool {
    while of["kind"] == "NON_NULL" {
        of = &of["ofType"];
    }
    of["kind"] == "LIST"
}

/// Whether a type is an object with fields (interfaces too).
pub fn is_object(name: &str) -> bool {
    matches!(type_of(name)["kind"].as_str(), Some("OBJECT" | "INTERFACE"))
}

/// The node type of a connection.
pub fn node_of(connection: &str) -> Option<&'static str> {
    connection.ends_with("Connection").then(|| named(&field(connection, "nodes").unwrap()["type"]))
}

/// The names of the arguments of a field.
pub fn args(field: &Value) -> Vec<&str> {
    field["args"].as_array().unwrap().iter().map(|a| a["name"].as_str().unwrap()).collect()
}
