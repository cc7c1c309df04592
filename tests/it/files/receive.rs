//! `POST /files` and `GET /files/{id}`: forms of the body, limits, quotas, names, types, and who may.

use axum::body::Body;
use axum::http::Request;
use entity::vocabulary::Role;
use futures_util::stream;
use serde_json::json;

use super::{get, post, put, scene, send, text};

#[tokio::test]
async fn a_file_comes_in_and_goes_out_as_it_was() {
    let s = scene(|_| {}).await;
    // More than two portions, the last one short.
    let content = text(600 * 1024 + 5, 1);
    let name = "filename*=UTF-8''%E6%B8%85%E5%8D%95.txt";
    let kept =
        post(&s.office, "/files", &[("content-disposition", &format!("attachment; {name}"))], content.clone()).await;
    let (id, json) = (kept.id(), kept.json());
    assert_eq!(json["name"], "清单.txt");
    assert_eq!(json["mediaType"], "text/plain");
    assert_eq!(json["size"], content.len());
    assert_eq!(json["expiresAt"], "2026-07-02T01:00:00.000Z");
    assert_eq!(json["sha256"], taizhang::service::files::digest(&content));
    assert_eq!(json.as_object().unwrap().len(), 6);
    assert_eq!(kept.header("location"), format!("/files/{id}"));
    assert_eq!(s.count("file_chunk").await, 3);

    let got = get(&s.office, &format!("/files/{id}")).await;
    assert_eq!((got.status.as_u16(), got.bytes == content), (200, true));
    assert_eq!(got.header("content-type"), "text/plain");
    assert_eq!(got.header("content-length"), content.len().to_string());
    let disposition = "attachment; filename=\"__.txt\"; filename*=UTF-8''%E6%B8%85%E5%8D%95.txt";
    assert_eq!(got.header("content-disposition"), disposition);
    assert_eq!(got.header("x-content-type-options"), "nosniff");
    assert_eq!(got.header("cache-control"), "private, no-store");
    assert!(got.header("content-security-policy").starts_with("sandbox"));
    assert!(!got.header("x-request-id").is_empty());
    let head = send(&s.office, Request::head(format!("/files/{id}")).body(Body::empty()).unwrap()).await;
    assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
    assert_eq!(head.header("content-length"), content.len().to_string());

    // The same thing by the schema.
    let query = "query($id: ID!) { viewer { files { totalCount nodes { id } } }
        node(id: $id) { ... on File { name purpose mediaType size sha256 createdAt expiresAt } } }";
    let data = s.office.data(query, json!({ "id": id })).await;
    assert_eq!(data["viewer"]["files"], json!({ "totalCount": 1, "nodes": [{ "id": id }] }));
    assert_eq!(
        data["node"],
        json!({
            "name": "清单.txt", "purpose": "UPLOAD", "mediaType": "text/plain", "size": content.len(),
            "sha256": json["sha256"], "createdAt": "2026-07-01T01:00:00.000Z", "expiresAt": "2026-07-02T01:00:00.000Z",
        })
    );
}

#[tokio::test]
async fn nobody_sends_and_nobody_gets_without_a_token() {
    let s = scene(|_| {}).await;
    let id = put(&s.office, "a.txt", "abc").await.id();
    let nobody = s.t.anonymous();
    // A body that never comes: it is not waited for.
    let endless = Body::from_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let refused = put(&nobody, "a.txt", endless).await;
    refused.refused(401, "UNAUTHENTICATED");
    assert_eq!(refused.header("www-authenticate"), "Bearer");
    get(&nobody, &format!("/files/{id}")).await.refused(401, "UNAUTHENTICATED");
    let wrong = post(&nobody, "/files?name=a.txt", &[("authorization", "Bearer wrong")], "abc").await;
    wrong.refused(401, "UNAUTHENTICATED");
    let english = post(&nobody, "/files", &[("accept-language", "en")], "abc").await;
    assert_eq!(english.refused(401, "UNAUTHENTICATED")["message"], "Sign in first.");
    assert_eq!(s.count("file").await, 1);
}

#[tokio::test]
async fn what_is_not_ones_own_is_not_there() {
    let s = scene(|_| {}).await;
    let id = put(&s.office, "a.txt", "abc").await.id();
    let colleague = s.t.user("colleague", s.unit, &[(Role::Office, s.unit)]).await;
    for client in [&colleague, &s.reporter] {
        get(client, &format!("/files/{id}")).await.absent();
    }
    for path in
        ["file_00000000000000000000000000", "unit_01h2xcejqtf2nbrexx3vqjhp41", "x", "..", "%00", &id.to_uppercase()]
    {
        get(&s.office, &format!("/files/{path}")).await.absent();
    }
    assert_eq!(get(&s.office, &format!("/files/{id}/x")).await.status, 404);
    s.t.clock.advance(chrono::TimeDelta::hours(24));
    let again = s.t.sign_in(s.office.user.unwrap()).await;
    get(&again, &format!("/files/{id}")).await.absent();
}

#[tokio::test]
async fn only_those_who_write_upload() {
    let s = scene(|_| {}).await;
    for (n, role) in [Role::Inspector, Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin, Role::Integration]
        .into_iter()
        .enumerate()
    {
        let client = s.t.user(&format!("other{n}"), s.unit, &[(role, s.unit)]).await;
        put(&client, "a.txt", "abc").await.refused(403, "FORBIDDEN");
    }
    assert_eq!(s.count("file").await, 0);
    put(&s.reporter, "a.txt", "abc").await.id();
}

#[tokio::test]
async fn a_form_with_one_file() {
    let s = scene(|_| {}).await;
    let kind = [("content-type", "multipart/form-data; boundary=XX")];
    let part = |name: &str, text: &str| {
        format!("--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let one = post(&s.office, "/files", &kind, part("清单.csv", "a,b") + "--XX--\r\n").await;
    one.id();
    assert_eq!(one.json()["name"], "清单.csv");
    assert_eq!(one.json()["mediaType"], "text/csv");
    let send = async |body: String| post(&s.office, "/files", &kind, body).await.refused(400, "BAD_REQUEST");
    send(part("a.txt", "a") + &part("b.txt", "b") + "--XX--\r\n").await;
    send("--XX--\r\n".to_owned()).await;
    send(part("a.txt", "a")).await;
    send(String::new()).await;
    send("not a form at all".to_owned()).await;
    send("--XX\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\nno name\r\n--XX--\r\n".to_owned()).await;
    send(format!("--XX\r\n{}: x\r\n\r\na\r\n--XX--\r\n", "x".repeat(40_000))).await;
    let bare = post(&s.office, "/files", &[("content-type", "multipart/form-data")], "x").await;
    bare.refused(400, "BAD_REQUEST");
    assert_eq!(s.count("file").await, 1);
}

#[tokio::test]
async fn limits_at_them_and_one_past() {
    let s = scene(|limits| {
        limits.upload_bytes = 300 * 1024;
        limits.upload_memory = 1024 * 1024;
        limits.uploads_per_user = 3;
        limits.upload_bytes_per_user = 600 * 1024 + 10;
    })
    .await;
    put(&s.office, "a.txt", text(300 * 1024, 1)).await.id();
    let large = put(&s.office, "a.txt", text(300 * 1024 + 1, 1)).await;
    large.refused(413, "BAD_REQUEST");
    assert_eq!(large.header("connection"), "close");
    // The same without a length that is announced.
    let chunks = |n: usize| Body::from_stream(stream::iter((0..n).map(|_| Ok::<_, std::io::Error>(text(1024, 2)))));
    put(&s.office, "a.txt", chunks(301)).await.refused(413, "BAD_REQUEST");
    put(&s.office, "a.txt", chunks(300)).await.id();
    let form = |n: usize| {
        let mut body = b"--X\r\nContent-Disposition: form-data; name=f; filename=a.txt\r\n\r\n".to_vec();
        body.extend(text(n, 3));
        body.extend(b"\r\n--X--\r\n");
        body
    };
    let kind = [("content-type", "multipart/form-data; boundary=X")];
    post(&s.office, "/files", &kind, form(300 * 1024 + 1)).await.refused(413, "BAD_REQUEST");
    // 10 bytes and one place are left: one too many, then just enough, then no place.
    put(&s.office, "b.txt", text(11, 4)).await.refused(422, "LIMIT");
    put(&s.office, "b.txt", text(10, 4)).await.id();
    let full = put(&s.office, "c.txt", "c").await.refused(422, "LIMIT");
    assert_eq!(full["message"], "您保留的上传文件已达 3 个，请等较早的文件过期后再上传。");
    assert_eq!(s.count("file").await, 3);
    // What is there already takes no place, and somebody else has places of his own.
    put(&s.office, "b2.txt", text(10, 4)).await.id();
    put(&s.reporter, "c.txt", "c").await.id();
    // Time makes room.
    s.t.clock.advance(chrono::TimeDelta::hours(24));
    let again = s.t.sign_in(s.office.user.unwrap()).await;
    put(&again, "c.txt", "c").await.id();
}

#[tokio::test]
async fn two_uploads_do_not_take_the_last_place_both() {
    let s = scene(|limits| limits.uploads_per_user = 2).await;
    let sent = (0..8_u8).map(|n| {
        let office = s.office.clone();
        tokio::spawn(async move { put(&office, "a.txt", text(9, n)).await.status.as_u16() })
    });
    let mut kept = 0;
    for status in futures_util::future::join_all(sent).await {
        kept += usize::from(status.unwrap() == 201);
    }
    assert_eq!((kept, s.count("file").await), (2, 2));
}

#[tokio::test]
async fn slow_and_broken_bodies_and_no_memory_left() {
    let s = scene(|limits| {
        limits.upload_timeout = std::time::Duration::from_millis(100);
        limits.upload_bytes = 4 * 1024 * 1024;
        limits.upload_memory = 1024 * 1024;
    })
    .await;
    let pending = stream::pending::<Result<Vec<u8>, std::io::Error>>();
    put(&s.office, "a.txt", Body::from_stream(pending)).await.refused(408, "BAD_REQUEST");
    let broken = stream::iter([Ok(text(9, 1)), Err(std::io::Error::other("gone"))]);
    put(&s.office, "a.txt", Body::from_stream(broken)).await.refused(400, "BAD_REQUEST");
    let much = put(&s.office, "a.txt", text(1024 * 1024 + 1, 1)).await;
    much.refused(503, "UNAVAILABLE");
    assert_eq!(much.header("retry-after"), "1");
    assert_eq!(s.count("file").await, 0);
    put(&s.office, "a.txt", text(1024 * 1024, 1)).await.id();
    put(&s.office, "b.txt", text(1024 * 1024, 2)).await.id();
}

#[tokio::test]
async fn the_same_content_again_is_the_same_file() {
    let s = scene(|_| {}).await;
    let id = put(&s.office, "a.txt", "a,b").await.id();
    s.t.clock.advance(chrono::TimeDelta::seconds(60));
    let again = put(&s.office, "b.csv", "a,b").await;
    assert_eq!(again.id(), id);
    assert_eq!(again.json()["name"], "b.csv");
    assert_eq!(again.json()["mediaType"], "text/csv");
    assert_eq!(again.json()["expiresAt"], "2026-07-02T01:01:00.000Z");
    assert_eq!((s.count("file").await, s.count("file_chunk").await), (1, 1));
    assert_ne!(put(&s.reporter, "a.txt", "a,b").await.id(), id);
    let audits =
        "audit_entry WHERE result = 'DONE' AND operation = 'fileUpload' AND object_type = 'file' AND result = 'DONE'";
    assert_eq!(s.count(audits).await, 3);
}

#[tokio::test]
async fn names_and_types_that_do_not_fit() {
    let s = scene(|_| {}).await;
    for (n, (name, cleaned)) in [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\清单.txt", "清单.txt"),
        ("清单\u{202e}txt.exe", "清单txt.exe"),
        ("..", "未命名"),
        ("<script>.html", "<script>.html"),
    ]
    .into_iter()
    .enumerate()
    {
        let kept = put(&s.office, name, format!("text {n}")).await;
        let id = kept.id();
        assert_eq!(kept.json()["name"], cleaned, "{name}");
        let got = get(&s.office, &format!("/files/{id}")).await;
        assert!(got.header("content-disposition").starts_with("attachment; filename=\""), "{name}");
    }
    let long = put(&s.office, &format!("{}.docx", "长".repeat(300)), "long").await;
    assert_eq!(long.json()["name"].as_str().unwrap().chars().count(), 200);
    let query = post(&s.office, "/files?name=%E6%B8%85.txt", &[], "by query").await;
    assert_eq!(query.json()["name"], "清.txt");
    post(&s.office, "/files", &[], "no name").await.refused(400, "BAD_REQUEST");

    put(&s.office, "a.txt", "").await.refused(422, "REQUIRED");
    for body in [&b"\0\x01\x02\x03\x04"[..], b"MZ\x90\0\x03\0", b"GIF89a\x01", b"PK\x03\x04 nothing we know"] {
        let refused = put(&s.office, "a.docx", body).await.refused(422, "INVALID_FORMAT");
        assert!(refused["message"].as_str().unwrap().starts_with("无法识别该文件的类型"));
    }
    post(&s.office, "/files?name=a", &[("content-encoding", "gzip")], "x").await.refused(415, "BAD_REQUEST");
}

#[tokio::test]
async fn other_methods() {
    let s = scene(|_| {}).await;
    let id = put(&s.office, "a.txt", "abc").await.id();
    for (method, path, allow) in [
        ("GET", "/files".to_owned(), "POST"),
        ("PUT", "/files".to_owned(), "POST"),
        ("DELETE", format!("/files/{id}"), "GET, HEAD"),
        ("POST", format!("/files/{id}"), "GET, HEAD"),
    ] {
        let answer = send(&s.office, Request::builder().method(method).uri(&path).body(Body::empty()).unwrap()).await;
        answer.refused(405, "BAD_REQUEST");
        assert_eq!(answer.header("allow"), allow);
    }
}
