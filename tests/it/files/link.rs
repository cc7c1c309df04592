//! Links: for one file, one user, one session and one minute; rights are asked again when they are followed.

use chrono::TimeDelta;
use serde_json::json;

use super::{Scene, get, put, scene};

async fn link(s: &Scene, id: &str) -> String {
    let query = "query($id: ID!) { node(id: $id) { ... on File { downloadUrl } } }";
    let data = s.office.data(query, json!({ "id": id })).await;
    data["node"]["downloadUrl"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_link_needs_no_token_and_lives_a_minute() {
    let s = scene(|_| {}).await;
    let id = put(&s.office, "a.txt", "abc").await.id();
    let url = link(&s, &id).await;
    assert!(url.starts_with(&format!("/files/{id}?token=")), "{url}");
    let nobody = s.t.anonymous();
    let got = get(&nobody, &url).await;
    assert_eq!((got.status.as_u16(), got.bytes.as_slice()), (200, &b"abc"[..]));
    assert_eq!(got.header("referrer-policy"), "no-referrer");
    s.t.clock.advance(TimeDelta::milliseconds(59_999));
    assert_eq!(get(&nobody, &url).await.status, 200);
    s.t.clock.advance(TimeDelta::milliseconds(1));
    get(&nobody, &url).await.absent();
}

#[tokio::test]
async fn no_byte_of_a_link_can_be_changed() {
    let s = scene(|_| {}).await;
    let id = put(&s.office, "a.txt", "abc").await.id();
    let other = put(&s.office, "b.txt", "other").await.id();
    let url = link(&s, &id).await;
    let nobody = s.t.anonymous();
    let (path, token) = url.split_once("?token=").unwrap();
    for at in 0..token.len() {
        for wrong in ["A", "_", "x"] {
            let changed = format!("{}{wrong}{}", &token[..at], &token[at + 1..]);
            if changed != token {
                get(&nobody, &format!("{path}?token={changed}")).await.absent();
            }
        }
        get(&nobody, &format!("{path}?token={}", &token[..at.max(1)])).await.absent();
    }
    for wrong in [format!("{token}A"), format!("{token}="), format!("{token}{token}"), "x".into(), "%00".into()] {
        get(&nobody, &format!("{path}?token={wrong}")).await.absent();
    }
    // The link of one file is none of another, though both belong to the same user.
    get(&nobody, &format!("/files/{other}?token={token}")).await.absent();
    // Said twice, or not at all, is no link.
    get(&nobody, &format!("{url}&token={token}")).await.refused(401, "UNAUTHENTICATED");
    get(&nobody, &format!("{path}?token=")).await.refused(401, "UNAUTHENTICATED");
    // Somebody who is signed in is asked for himself, link or not.
    get(&s.reporter, &url).await.absent();
    assert_eq!(get(&nobody, &url).await.status, 200);
}

#[tokio::test]
async fn a_link_gives_no_rights_that_its_user_has_lost() {
    for (what, sql) in [
        ("disabled", "UPDATE user_account SET disabled_at = created_at WHERE login = 'office'"),
        ("signed out", "UPDATE session SET revoked_at = created_at"),
        (
            "moved",
            "UPDATE user_account SET unit_id = (SELECT id FROM unit WHERE parent_id IS NOT NULL ORDER BY id LIMIT 1)
            WHERE login = 'office'",
        ),
        (
            "the file is somebody else's",
            "UPDATE file SET owner_user_id = (SELECT id FROM user_account WHERE login = 'reporter')",
        ),
        ("the file has expired", "UPDATE file SET expires_at = created_at"),
    ] {
        let s = scene(|_| {}).await;
        let id = put(&s.office, "a.txt", "abc").await.id();
        let url = link(&s, &id).await;
        let nobody = s.t.anonymous();
        assert_eq!(get(&nobody, &url).await.status, 200, "{what}");
        crate::support::database::execute(&s.t.database.url, sql).await;
        get(&nobody, &url).await.absent();
    }
}

/// A file whose content goes while it is read breaks off; it does not end as if it were whole.
#[tokio::test]
async fn a_file_that_goes_while_it_is_read_breaks_off() {
    use http_body_util::BodyExt;
    let s = scene(|_| {}).await;
    let id = put(&s.office, "a.txt", super::text(700 * 1024, 1)).await.id();
    let request = axum::http::Request::get(format!("/files/{id}")).body(axum::body::Body::empty()).unwrap();
    let answer = s.office.request(request).await;
    assert_eq!(answer.status(), 200);
    let mut body = answer.into_body();
    assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap().len(), 256 * 1024);
    crate::support::database::execute(&s.t.database.url, "DELETE FROM file").await;
    assert!(body.collect().await.is_err());
}
