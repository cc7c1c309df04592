//! What operations cost.

use serde_json::{Value, json};
use taizhang::web::cost::CostSchema;

use super::toy::{Toy, sdl, toy};

async fn cost(t: &Toy, query: &str, variables: Value) -> u64 {
    t.post(json!({ "query": query, "variables": variables })).await.ok().asked()
}

#[tokio::test]
async fn the_formula() {
    let t = toy(|_| {});
    for (query, wanted) in [
        // Leaves are tenths of an object, rounded up at the end.
        ("{ ping }", 1),
        ("{ item { id } }", 2),
        ("{ item { id title owner { id name } } }", 3),
        // 1 + 200 × (1 + 0.1)
        ("{ items(first: 200) { nodes { id } } }", 221),
        ("{ items(last: 200) { nodes { id } } }", 221),
        ("{ items(first: 200) { edges { node { id } } } }", 221),
        ("{ items(first: 200) { edges { cursor node { id } } } }", 241),
        // The rest of a connection once: 1 + 10 × 1.1 + 0.1 + (1 + 0.1)
        ("{ items(first: 10) { totalCount pageInfo { hasNextPage } nodes { id } } }", 14),
        // The default page is 20; what is past the largest page is refused by the resolver.
        ("{ items { nodes { id } } }", 23),
        ("{ items(first: 201) { nodes { id } } }", 221),
        ("{ items(first: -1) { nodes { id } } }", 23),
        ("{ items(first: 3, last: 5) { nodes { id } } }", 7),
        // A plain list is taken to have ten: 1 + 1 + 10 × 1.1
        ("{ item { tags { id } } }", 13),
        // As many as ids: 1 + 3 × 1.1
        ("{ nodes(ids: [\"a\", \"b\", \"c\"]) { id } }", 5),
    ] {
        assert_eq!(cost(&t, query, json!(null)).await, wanted, "{query}");
    }
}

#[tokio::test]
async fn page_sizes_in_variables_and_defaults() {
    let t = toy(|_| {});
    let given = "query($n: Int) { items(first: $n) { nodes { id } } }";
    assert_eq!(cost(&t, given, json!({ "n": 200 })).await, 221);
    assert_eq!(cost(&t, given, json!({})).await, 23);
    assert_eq!(cost(&t, given, json!({ "n": null })).await, 23);
    let default = "query($n: Int = 100) { items(first: $n) { nodes { id } } }";
    assert_eq!(cost(&t, default, json!({})).await, 111);
    assert_eq!(cost(&t, default, json!({ "n": 5 })).await, 7);
    let ids = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    assert_eq!(cost(&t, ids, json!({ "ids": ["a", "b"] })).await, 4);
}

#[tokio::test]
async fn fragments_cost_what_they_stand_for() {
    let t = toy(|_| {});
    let plain = cost(&t, "{ items(first: 50) { totalCount nodes { id owner { id } } } }", json!(null)).await;
    for query in [
        "{ items(first: 50) { ...C } } fragment C on ItemConnection { totalCount nodes { ...I } } \
         fragment I on Item { id owner { id } }",
        "{ ...Q } fragment Q on Query { items(first: 50) { ... { totalCount } ... on ItemConnection { nodes { ... on \
         Item { id owner { id } } } } } }",
    ] {
        assert_eq!(cost(&t, query, json!(null)).await, plain, "{query}");
    }
}

#[tokio::test]
async fn at_the_limit_and_one_past_it() {
    let query = "{ items(first: 200) { nodes { id } } }";
    let t = toy(|limits| limits.cost_signed_in = 221);
    assert_eq!(t.query(query).await.ok().json()["extensions"]["cost"], json!({ "asked": 221, "limit": 221 }));
    let t = toy(|limits| limits.cost_signed_in = 220);
    let refused = t.query(query).await;
    refused.refused(400, "QUERY_TOO_COMPLEX");
    assert_eq!(refused.json()["extensions"]["cost"], json!({ "asked": 221, "limit": 220 }));
}

#[tokio::test]
async fn nesting_pages_is_refused_and_does_not_overflow() {
    let t = toy(|_| {});
    let mut query = "id".to_owned();
    for _ in 0..6 {
        query = format!("children(first: 200) {{ nodes {{ {query} }} }}");
    }
    let answer = t.query(&format!("{{ item {{ {query} }} }}")).await;
    assert!(answer.refused(400, "QUERY_TOO_COMPLEX").asked() > 10_u64.pow(13));
    // The same leaf a thousand times over does cost something.
    let wide = format!(
        "{{ items(first: 200) {{ nodes {{ children(first: 200) {{ nodes {{ {} }} }} }} }} }}",
        "id ".repeat(500)
    );
    t.query(&wide).await.refused(400, "QUERY_TOO_COMPLEX");
}

/// What an office shows on one screen: 200 tasks × 20 assignments, each with its unit and its latest report.
#[tokio::test]
async fn a_whole_list_passes() {
    let t = toy(|_| {});
    let spare = cost(
        &t,
        "{ items(first: 200) { totalCount nodes { id title children(first: 20) { nodes { id owner { name } latest { id } } } } } }",
        json!(null),
    );
    // 1 + 0.1 + 200 × (1 + 0.2 + 1 + 20 × (1 + 0.1 + 1.1 + 1.1))
    assert_eq!(spare.await, 13_642);
    // Per assignment 5.2, per task 121.3: 1 + 0.1 + 1.1 + 200 × 121.3 + rounding.
    let leaves = "id title __typename ".repeat(3);
    let rich = format!(
        "{{ items(first: 200) {{ totalCount pageInfo {{ hasNextPage }} edges {{ cursor node {{ {leaves} owner {{ id name }} \
         tags {{ id name }} children(first: 20) {{ totalCount edges {{ cursor node {{ {leaves} owner {{ id name __typename }} \
         latest {{ {} }} }} }} }} }} }} }} }}",
        "id name __typename ".repeat(3)
    );
    assert_eq!(cost(&t, &rich, json!(null)).await, 24_263);
}

/// The query of introspection as tools send it, nine `ofType` deep.
fn introspection() -> String {
    let mut of_type = "kind name".to_owned();
    for _ in 0..9 {
        of_type = format!("kind name ofType {{ {of_type} }}");
    }
    format!(
        "query IntrospectionQuery {{ __schema {{ description queryType {{ name kind }} mutationType {{ name kind }} \
         subscriptionType {{ name kind }} types {{ ...FullType }} \
         directives {{ name description isRepeatable locations args(includeDeprecated: true) {{ ...InputValue }} }} }} }} \
         fragment FullType on __Type {{ kind name description specifiedByURL isOneOf \
         fields(includeDeprecated: true) {{ name description args(includeDeprecated: true) {{ ...InputValue }} \
         type {{ ...TypeRef }} isDeprecated deprecationReason }} inputFields(includeDeprecated: true) {{ ...InputValue }} \
         interfaces {{ ...TypeRef }} enumValues(includeDeprecated: true) {{ name description isDeprecated \
         deprecationReason }} possibleTypes {{ ...TypeRef }} }} \
         fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue isDeprecated \
         deprecationReason }} fragment TypeRef on __Type {{ {of_type} }}"
    )
}

#[tokio::test]
async fn introspection_passes_and_its_abuse_does_not() {
    let t = toy(|_| {});
    let answer = t.query(&introspection()).await;
    assert!(answer.ok().json()["data"]["__schema"]["types"].as_array().is_some_and(|types| types.len() > 5));
    assert!(answer.asked() < 25_000, "{}", answer.asked());
    t.query("{ __type(name: \"Item\") { fields { name type { name } } } }").await.ok();
    let abuse = "{ __schema { types { fields { type { fields { type { fields { type { fields { type { fields { name \
                 } } } } } } } } } } } }";
    t.query(abuse).await.refused(400, "QUERY_TOO_COMPLEX");
    let spread = "{ __schema { types { ...T } } } fragment T on __Type { fields { type { fields { type { fields { \
                  type { fields { args { name } } } } } } } } }";
    t.query(spread).await.refused(400, "QUERY_TOO_COMPLEX");
}

#[test]
fn the_schema_can_be_read_back() {
    assert!(CostSchema::from_sdl(&sdl()).is_ok());
    assert!(CostSchema::from_sdl("type {").is_err());
}
