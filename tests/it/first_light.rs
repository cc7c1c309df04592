//! The first path from end to end: a place, a user, a token, a query.

use entity::vocabulary::Role;
use serde_json::json;
use taizhang::documents::demo;

use crate::support::TestApp;

#[tokio::test]
async fn the_viewer_sees_himself_and_the_directory() {
    let t = TestApp::new().await;
    let (_, root) = t.places(demo::UNITS).await.remove(0);
    let office = t.user("office", root, &[(Role::Office, root)]).await;
    let data = office
        .data(
            "{ viewer { name unit { name viewerCan { edit { allowed } } } grants { role } } units(first: 3) { totalCount nodes { id name aliases parent { name } } pageInfo { hasNextPage } } }",
            json!({}),
        )
        .await;
    assert_eq!(data["viewer"]["name"], "测试用户office");
    assert_eq!(data["viewer"]["unit"]["viewerCan"]["edit"]["allowed"], true);
    assert_eq!(data["units"]["nodes"].as_array().unwrap().len(), 3);
    assert_eq!(data["units"]["pageInfo"]["hasNextPage"], true);
    let (status, _) = t.anonymous().send("{ viewer { name } }", json!({})).await;
    assert_eq!(status, 401);
}
