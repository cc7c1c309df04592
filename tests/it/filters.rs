//! Filters mean the same on both engines, and never more than they say.

use entity::vocabulary::Role;
use serde_json::{Value, json};
use taizhang::documents::demo;

use crate::support::{Client, TestApp};

async fn count(client: &Client, filter: Value) -> u64 {
    let query = "query($f: UnitFilter) { units(filter: $f) { totalCount nodes { id } } }";
    let data = client.data(query, json!({ "f": filter })).await;
    let total = data["units"]["totalCount"].as_u64().unwrap();
    assert_eq!(total.min(20), data["units"]["nodes"].as_array().unwrap().len() as u64);
    total
}

#[tokio::test]
async fn texts_are_compared_letter_for_letter() {
    let t = TestApp::new().await;
    let (_, root) = t.places(demo::UNITS).await.remove(0);
    let office = t.user("office", root, &[(Role::Office, root)]).await;
    let code = office.data("{ units(first: 2, orderBy: { field: CODE }) { nodes { code } } }", json!({})).await;
    let code = code["units"]["nodes"][1]["code"].as_str().unwrap().to_owned();
    let all = count(&office, json!({})).await;
    assert!(all > 10);

    assert_eq!(count(&office, json!({ "code": { "eq": code } })).await, 1);
    assert_eq!(count(&office, json!({ "code": { "ne": code } })).await, all - 1);
    assert_eq!(count(&office, json!({ "code": { "contains": code } })).await, 1);
    assert_eq!(count(&office, json!({ "code": { "contains": code.to_uppercase() } })).await, 0, "case matters");
    for wild in ["%", "_", "\\", "%%", "a_b"] {
        assert_eq!(count(&office, json!({ "name": { "contains": wild } })).await, 0, "{wild} is no pattern");
        assert_eq!(count(&office, json!({ "name": { "startsWith": wild } })).await, 0, "{wild} is no pattern");
    }
    assert_eq!(count(&office, json!({ "name": { "contains": "'; DROP TABLE unit; --" } })).await, 0);
}

#[tokio::test]
async fn and_or_not_join_as_they_say() {
    let t = TestApp::new().await;
    let (_, root) = t.places(demo::UNITS).await.remove(0);
    let office = t.user("office", root, &[(Role::Office, root)]).await;
    let all = count(&office, json!({})).await;
    let bureaus = count(&office, json!({ "kind": { "eq": "bureau" } })).await;
    let towns = count(&office, json!({ "kind": { "eq": "township" } })).await;
    assert!(bureaus > 0 && towns > 0);

    let either = json!({ "or": [{ "kind": { "eq": "bureau" } }, { "kind": { "eq": "township" } }] });
    assert_eq!(count(&office, either.clone()).await, bureaus + towns);
    assert_eq!(count(&office, json!({ "not": either })).await, all - bureaus - towns);
    let both = json!({ "and": [{ "kind": { "eq": "bureau" } }, { "kind": { "eq": "township" } }] });
    assert_eq!(count(&office, both).await, 0);
    assert_eq!(count(&office, json!({ "or": [] })).await, all, "an empty list asks nothing");
    assert_eq!(count(&office, json!({ "kind": { "in": [] } })).await, 0, "one of nothing is nothing");
    assert_eq!(count(&office, json!({ "parent": { "isNull": true } })).await, 1, "the root");
}
