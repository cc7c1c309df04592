//! The shape of errors, and which status they come with.

use serde_json::json;

use super::toy::toy;

#[tokio::test]
async fn what_is_wrong_with_the_document() {
    let t = toy(|_| {});
    for query in ["{", "}", "{ nothing }", "{ ping { x } }", "{ echo }", "{ ...F }", "{ ping ? }", "{ a(b: \"", ""] {
        t.query(query).await.refused(400, "BAD_REQUEST");
        // Under the older media type the status only says that a GraphQL server answered.
        let old = t.raw(json!({ "query": query }).to_string(), &[("accept", "application/json")]).await;
        old.refused(200, "BAD_REQUEST");
    }
    let located = t.query("{ ping\n  % }").await;
    assert_eq!(located.json()["errors"][0]["locations"][0], json!({ "line": 2, "column": 3 }));
}

#[tokio::test]
async fn variables_must_fit() {
    let t = toy(|_| {});
    let unused = "query($id: ID!) { ping }";
    for variables in [json!({ "id": null }), json!({}), json!(null)] {
        t.post(json!({ "query": unused, "variables": variables })).await.refused(400, "BAD_REQUEST");
    }
    let used = "query($t: String! = \"a\") { echo(text: $t) }";
    t.query(used).await.ok();
    t.post(json!({ "query": used, "variables": { "t": null } })).await.refused(400, "BAD_REQUEST");
    let used = "query($t: String!) { echo(text: $t) }";
    t.post(json!({ "query": used, "variables": { "t": [1] } })).await.refused(400, "BAD_REQUEST");
    // What async-graphql finds out only while executing is still the client's.
    let late = t.query("{ day(on: \"yesterday\") }").await;
    assert_eq!(late.code(), "BAD_REQUEST", "{}", late.text);
}

#[tokio::test]
async fn a_cause_stays_here() {
    let t = toy(|_| {});
    let answer = t.query("{ fails }").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (200, "INTERNAL"));
    assert!(!answer.text.contains("hunter2") && !answer.text.contains("cause"), "{}", answer.text);
    assert_eq!(answer.json()["errors"][0]["path"], json!(["fails"]));
    assert!(answer.json()["extensions"]["cost"]["limit"] == 50_000);
}

#[tokio::test]
async fn codes_of_resolvers_are_kept() {
    let t = toy(|_| {});
    let answer = t.query("{ forbidden }").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (200, "FORBIDDEN"));
    assert!(answer.text.contains("不行"));
    let away = t.query("{ away }").await;
    assert_eq!((away.status.as_u16(), away.code().as_str()), (503, "UNAVAILABLE"));
    assert_eq!(away.header("retry-after"), "1");
}

#[tokio::test]
async fn panics_are_caught_and_typed() {
    let t = toy(|limits| limits.running_per_principal = 1);
    for _ in 0..3 {
        t.query("{ panics }").await.refused(500, "INTERNAL");
        t.query("mutation { panics }").await.refused(500, "INTERNAL");
    }
    // No place was lost with them.
    t.query("{ ping }").await.ok();
}
