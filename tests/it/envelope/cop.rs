//! The twelve checks of graphql-cop against the real schema, as nobody and as somebody signed in; and no cookie anywhere.

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use entity::vocabulary::Role;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use taizhang::web::auth::ROUTES;

use crate::support::{Client, TestApp};

const PLACE: &str = r#"{ "format": "taizhang-units/1", "jurisdictions": [{ "key": "yunting", "name": "云汀市（虚构）", "office": "zfb", "list": [], "groups": [],
  "units": [{ "id": "zfb", "name": "市政府办公室" }] }] }"#;

struct Seen {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Seen {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// Something was executed.
    fn ran(&self) -> bool {
        self.json()["data"].is_object()
    }
}

async fn send(client: &Client, method: &str, path: &str, kind: Option<&str>, body: String) -> Seen {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(kind) = kind {
        request = request.header("content-type", kind);
    }
    let response = client.request(request.body(Body::from(body)).unwrap()).await;
    let (parts, body) = response.into_parts();
    let text = String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned();
    Seen { status: parts.status.as_u16(), headers: parts.headers, text }
}

async fn ask(client: &Client, query: &str) -> Seen {
    send(client, "POST", "/graphql", Some("application/json"), json!({ "query": query }).to_string()).await
}

async fn stage() -> (TestApp, Client) {
    let t = TestApp::new().await;
    let root = t.places(PLACE).await.remove(0).1;
    let office = t.user("cop.office", root, &[(Role::Office, root)]).await;
    (t, office)
}

/// A finding, in the sense of graphql-cop, by the name of its check.
async fn findings(client: &Client) -> Vec<(&'static str, bool)> {
    let json = Some("application/json");
    let form = Some("application/x-www-form-urlencoded");
    let aliases: String = (0..101).map(|n| format!("alias{n}: __typename ")).collect();
    let batch = json!(vec![json!({ "query": "query cop { __typename }" }); 10]).to_string();
    let directives = "@aa".repeat(10);
    let same = "__typename \n".repeat(500);
    let round = "fields { type { ".repeat(9) + "name" + &" } }".repeat(9);
    let over_get = "/graphql?query=mutation%20cop%20%7B__typename%7D";
    let suggestion = ask(client, "query cop { taskList { nam } unitz { id } }").await.text.to_lowercase()
        + &ask(client, "query cop { __schema { directive } }").await.text.to_lowercase();
    let crashed = ask(client, "qwerty cop { abc }").await;
    let traced = send(
        client,
        "POST",
        "/graphql",
        json,
        json!({ "query": "{ __typename }", "extensions": { "tracing": true, "apolloTracing": true } }).to_string(),
    )
    .await;
    let mut overloaded = false;
    for field in ["__typename".to_owned(), format!("viewer {directives} {{ name }} __typename")] {
        let answer = ask(client, &format!("query cop {{ {field} {directives} }}")).await.json();
        overloaded |= answer["errors"].as_array().is_some_and(|errors| errors.len() >= 10);
    }
    let mut explorers = false;
    for path in
        ["/", "/graphql", "/console", "/playground", "/graphiql", "/gql", "/query", "/graphql/console", "/altair"]
    {
        let page = send(client, "GET", path, None, String::new()).await.text;
        explorers |=
            page.contains("GraphQL Playground") || page.contains("GraphiQL") || page.contains("graphql-playground");
    }
    vec![
        ("introspection", ask(client, "query cop { __schema { types { name } } }").await.ran()),
        ("field suggestions", suggestion.contains("did you mean")),
        ("explorer", explorers),
        ("mutation over GET", send(client, "GET", over_get, None, String::new()).await.ran()),
        ("form", send(client, "POST", "/graphql", form, "query=query+cop+%7B__typename%7D".to_owned()).await.ran()),
        ("alias overloading", ask(client, &format!("query cop {{ {aliases} }}")).await.ran()),
        ("batch", send(client, "POST", "/graphql", json, batch).await.json().is_array()),
        ("directive overloading", overloaded),
        ("field duplication", ask(client, &format!("query cop {{ {same} }}")).await.ran()),
        (
            "circular introspection",
            ask(client, &format!("query cop {{ __schema {{ types {{ {round} }} }} }}")).await.ran(),
        ),
        ("tracing", !traced.json()["extensions"]["tracing"].is_null()),
        (
            "unhandled error",
            !crashed.json()["errors"][0]["extensions"]["exception"].is_null()
                || ["stack", "panicked", ".rs:"].iter().any(|word| crashed.text.contains(word))
                || crashed.status >= 500,
        ),
    ]
}

fn found(findings: &[(&'static str, bool)]) -> Vec<&'static str> {
    assert_eq!(findings.len(), 12);
    findings.iter().filter(|(_, found)| *found).map(|(name, _)| *name).collect()
}

/// A server with every fault there is, out of the box: what finds nothing in it would find nothing anywhere.
mod careless {
    use async_graphql::{
        BatchRequest, BatchResponse, EmptyMutation, EmptySubscription, Object, Request as Ask, Schema, SimpleObject,
        Value,
    };
    use axum::body::Bytes;
    use axum::extract::Query as Parameters;
    use axum::http::{HeaderMap, StatusCode, header};
    use axum::response::{Html, IntoResponse, Response};
    use axum::{Json, Router, routing::get};

    #[derive(SimpleObject)]
    struct Viewer {
        name: String,
    }

    struct Query;

    #[Object]
    impl Query {
        async fn viewer(&self) -> Viewer {
            Viewer { name: "x".to_owned() }
        }
        async fn units(&self) -> i32 {
            1
        }
    }

    async fn execute(mut ask: Ask) -> async_graphql::Response {
        // No mutations are needed: what runs over GET runs whatever it is called.
        ask.query = ask.query.replacen("mutation", "query", 1);
        let traced = ask.extensions.contains_key("tracing");
        let mut response = Schema::build(Query, EmptyMutation, EmptySubscription).finish().execute(ask).await;
        if traced {
            response.extensions.insert("tracing".to_owned(), Value::from(1));
        }
        response
    }

    async fn asked(headers: HeaderMap, body: Bytes) -> Response {
        let form = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().ends_with(b"urlencoded"));
        if form {
            let ask: Ask = Parameters::try_from_uri(&format!("/?{}", String::from_utf8_lossy(&body)).parse().unwrap())
                .map(|Parameters(ask)| ask)
                .unwrap();
            return Json(execute(ask).await).into_response();
        }
        let response = match serde_json::from_slice(&body).unwrap() {
            BatchRequest::Single(ask) => BatchResponse::Single(execute(ask).await),
            BatchRequest::Batch(asks) => {
                let mut answers = Vec::new();
                for ask in asks {
                    answers.push(execute(ask).await);
                }
                BatchResponse::Batch(answers)
            }
        };
        let text = serde_json::to_string(&response).unwrap();
        if text.contains("expected") {
            return (StatusCode::INTERNAL_SERVER_ERROR, "thread panicked at src/main.rs:1").into_response();
        }
        ([(header::CONTENT_TYPE, "application/json")], text).into_response()
    }

    pub fn router() -> Router {
        let over_get = async |Parameters(ask): Parameters<Ask>| Json(execute(ask).await);
        Router::new()
            .route("/graphql", get(over_get).post(asked))
            .route("/playground", get(async || Html("<title>GraphQL Playground</title>")))
    }
}

#[tokio::test]
async fn the_twelve_checks_find_what_there_is() {
    let careless = findings(&Client::of(careless::router(), "x")).await;
    let missed: Vec<_> = careless.iter().filter(|(_, found)| !found).map(|(name, _)| *name).collect();
    assert_eq!(missed, [""; 0]);
}

#[tokio::test]
async fn twelve_checks_of_nobody() {
    let (t, _) = stage().await;
    assert_eq!(found(&findings(&t.anonymous()).await), [""; 0]);
}

#[tokio::test]
async fn twelve_checks_of_somebody_signed_in() {
    let (t, office) = stage().await;
    // Whoever is signed in may read the schema: it is printed in the repository, what protects data are the rules behind
    // it, and it costs what every question costs.
    assert_eq!(found(&findings(&office).await), ["introspection"]);
    // graphql-cop also counts queries over GET. They stay: they change nothing, need the token in a header, which no link
    // and no form can send, and no cookie could stand in for it.
    let over_get = "/graphql?query=query%20cop%20%7B__typename%7D";
    assert!(send(&office, "GET", over_get, None, String::new()).await.ran());
    assert_eq!(send(&t.anonymous(), "GET", over_get, None, String::new()).await.status, 401);
    // The page at /graphiql is our own and holds nothing; without a token it can ask nothing, and `--graphiql off` takes
    // it away (tests/it/cli).
    let page = send(&t.anonymous(), "GET", "/graphiql", None, String::new()).await;
    assert!(page.status == 200 && page.headers.contains_key("content-security-policy"));
}

/// Every address, as the router itself spells them.
fn addresses() -> Vec<String> {
    let source = include_str!("../../../src/web/mod.rs");
    let named = source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut all: Vec<String> = named.map(|path| path.replace("{id}", "x").replace("{name}", "y.svg")).collect();
    all.extend(ROUTES.iter().map(ToString::to_string));
    all.extend(["/".to_owned(), "/nothing".to_owned()]);
    assert!(all.len() > 20, "{all:?}");
    all
}

#[tokio::test]
async fn no_answer_sets_a_cookie_or_opens_the_door_to_another_site() {
    let (t, office) = stage().await;
    let mut answers = 0;
    for client in [&t.anonymous(), &office] {
        for path in addresses() {
            for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"] {
                for kind in [None, Some("application/json"), Some("application/x-www-form-urlencoded")] {
                    let seen = send(client, method, &path, kind, "{\"query\":\"{ __typename }\"}".to_owned()).await;
                    let wrong = seen.headers.keys().find(|name| {
                        name.as_str().starts_with("set-cookie") || name.as_str().starts_with("access-control-")
                    });
                    assert!(wrong.is_none(), "{method} {path} {wrong:?}");
                    assert!(!seen.text.contains("document.cookie"), "{path}");
                    answers += 1;
                }
            }
        }
    }
    assert!(answers > 600, "{answers}");
}

#[tokio::test]
async fn signing_in_sets_no_cookie() {
    let s = crate::auth::scene::Scene::new().await;
    s.person("cop.person", &[Role::Office]).await;
    let tokens = s.sign_in("cop.person", crate::auth::scene::PASSWORD).await.ok();
    let next = s.refresh(&tokens.refresh()).await.ok();
    for reply in [&tokens, &next] {
        assert!(!reply.headers.contains_key("set-cookie"));
    }
}
