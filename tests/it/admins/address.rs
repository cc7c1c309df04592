//! From where something was done stands in the trail, for verbs, refusals and downloads alike.

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use taizhang::web::info::Peer;

use super::*;

async fn from(client: &Client, address: &str, mut request: Request<Body>) -> u16 {
    request.extensions_mut().insert(Peer(SocketAddr::new(address.parse().unwrap(), 40_000)));
    client.request(request).await.status().as_u16()
}

fn graphql(query: &str, variables: Value) -> Request<Body> {
    let body = json!({ "query": query, "variables": variables }).to_string();
    Request::post("/graphql").header("content-type", "application/json").body(Body::from(body)).unwrap()
}

#[tokio::test]
async fn the_trail_says_from_where() {
    let s = Scene::new().await;
    let office = s.t.user("office", s.unit, &[(Role::Office, s.root)]).await;
    let ask = "mutation($input: RoleGrantRequestInput!) { roleGrantRequest(input: $input) { userErrors { code } } }";
    let input = json!({ "input": s.right(&s.newcomer, "REPORTER", s.unit) });
    assert_eq!(from(&s.system, "198.51.100.7", graphql(ask, input.clone())).await, 200);
    // Refused by the guard, and by the policy.
    assert_eq!(from(&office, "2001:db8::7", graphql(ask, input)).await, 200);
    let own = json!({ "input": { "user": user_id(&s.newcomer), "role": "OFFICE", "unit": GlobalId::new(Kind::Unit, s.root).to_string(), "reason": "试" } });
    let county = s.t.user("county", s.county, &[(Role::SystemAdmin, s.county)]).await;
    assert_eq!(from(&county, "::ffff:192.0.2.9", graphql(ask, own)).await, 200);
    // Brought in and given out.
    let file = Request::post("/files?name=a.txt").header("content-type", "text/plain").body(Body::from("甲")).unwrap();
    assert_eq!(from(&office, "198.51.100.8", file).await, 201);
    let files = office.data("{ viewer { files { nodes { id } } } }", json!({})).await;
    let id = files["viewer"]["files"]["nodes"][0]["id"].as_str().unwrap();
    let give = Request::get(format!("/files/{id}")).body(Body::empty()).unwrap();
    assert_eq!(from(&office, "198.51.100.9", give).await, 200);

    let query = "query($filter: AuditEntryFilter) { auditEntries(filter: $filter, first: 50) { nodes { operation result address } } }";
    let trail = s
        .audit
        .data(query, json!({ "filter": { "operation": { "in": ["roleGrantRequest", "fileUpload", "fileDownload"] } } }))
        .await;
    let rows: Vec<(String, String, String)> = trail["auditEntries"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or("none").to_owned();
            (text("operation"), text("result"), text("address"))
        })
        .collect();
    let expected = [
        ("roleGrantRequest", "DONE", "198.51.100.7"),
        ("roleGrantRequest", "REFUSED", "2001:db8::7"),
        ("roleGrantRequest", "REFUSED", "192.0.2.9"),
        ("fileUpload", "DONE", "198.51.100.8"),
        ("fileDownload", "DONE", "198.51.100.9"),
    ];
    for (operation, result, address) in expected {
        let row = (operation.to_owned(), result.to_owned(), address.to_owned());
        assert!(rows.contains(&row), "{row:?} in {rows:?}");
    }
    assert_eq!(rows.len(), expected.len());
}
