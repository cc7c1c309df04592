//! A toy server for `scripts/audit-suite`; started by hand.

use taizhang::web::serve;

use super::toy::toy;

/// `cargo test --test it envelope::audit -- --ignored`, then `GRAPHQL_URL=http://127.0.0.1:8099/graphql
/// GRAPHQL_TOKEN=user-1 node run.mjs`. Ends after a minute.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a server to run the audit of the npm package graphql-http against"]
async fn serve_the_toy() {
    let t = toy(|_| {});
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8099").await.unwrap();
    let minute = tokio::time::sleep(std::time::Duration::from_secs(60));
    serve(listener, t.router(), &t.app, minute).await.unwrap();
}
