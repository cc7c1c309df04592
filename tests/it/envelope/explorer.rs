//! The explorer loads nothing from anywhere else.

use serde_json::json;

use super::toy::toy;

#[tokio::test]
async fn everything_comes_from_here() {
    let t = toy(|_| {});
    for (path, kind) in [
        ("/graphiql", "text/html; charset=utf-8"),
        ("/graphiql/app.js", "text/javascript; charset=utf-8"),
        ("/graphiql/app.css", "text/css; charset=utf-8"),
        ("/graphiql/tabs.json", "application/json"),
    ] {
        let answer = t.plain(path).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, kind), "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"));
        assert!(!policy.contains("http") && !policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        for away in ["http:", "https:", "\"//", "'//", "`//", "(//", "@import"] {
            assert!(!answer.text.contains(away), "{path} has {away}");
        }
    }
    assert_eq!(
        t.plain("/graphiql/tabs.json").await.json(),
        json!({ "tabs": [{ "title": "例 one", "query": "{ ping }", "variables": "" }] })
    );
}

#[tokio::test]
async fn what_the_page_asks_for_is_there() {
    let t = toy(|_| {});
    let page = t.plain("/graphiql").await.text;
    let script = t.plain("/graphiql/app.js").await.text;
    for source in page.split(['"']).filter(|part| part.starts_with('/')) {
        assert_eq!(t.plain(source).await.status, 200, "{source}");
    }
    assert!(!page.contains("style=") && !page.contains(" onclick"), "the policy forbids inline style and script");
    for id in script.split("by(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(page.contains(&format!("id=\"{id}\"")) || script.contains(&format!(".id = \"{id}\"")), "{id}");
    }
    // Its query for the documentation passes.
    let docs = script.split("const DOCS = `").nth(1).and_then(|rest| rest.split('`').next()).unwrap();
    assert!(t.query(docs).await.ok().text.contains("ItemConnection"));
}
