//! The GraphQL multipart request, from its boundary to the payload.

use entity::vocabulary::Role;
use serde_json::{Value, json};

use super::{Answer, Scene, get, post, put, scene, text};
use crate::support::Client;

const UPLOAD: &str = "mutation($input: FileUploadInput!) { fileUpload(input: $input) {
    file { id name size mediaType } userErrors { code message field } } }";

/// A part: its name, the name of its file if it is one, its content.
type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

async fn form(client: &Client, parts: &[Part<'_>]) -> Answer {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").into_bytes());
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--XX--\r\n");
    let headers =
        [("content-type", "multipart/form-data; boundary=XX"), ("accept", "application/graphql-response+json")];
    post(client, "/graphql", &headers, body).await
}

fn operations(query: &str, variables: Value) -> Vec<u8> {
    json!({ "query": query, "variables": variables }).to_string().into_bytes()
}

fn upload() -> Vec<u8> {
    operations(UPLOAD, json!({ "input": { "file": null } }))
}

const MAP: &[u8] = br#"{"0":["variables.input.file"]}"#;

fn code(answer: &Answer) -> (u16, String) {
    let json = answer.json();
    let error = &json["errors"][0];
    assert_eq!(error["extensions"]["traceId"], answer.header("x-request-id"), "{json}");
    assert!(json.get("data").is_none_or(Value::is_null), "{json}");
    (answer.status.as_u16(), error["extensions"]["code"].as_str().unwrap().to_owned())
}

async fn bad(s: &Scene, parts: &[Part<'_>]) {
    let answer = form(&s.office, parts).await;
    assert_eq!(code(&answer), (400, "BAD_REQUEST".to_owned()), "{}", answer.json());
    assert_eq!(s.count("file").await, 0);
}

#[tokio::test]
async fn a_file_with_a_mutation() {
    let s = scene(|_| {}).await;
    let sent = form(
        &s.office,
        &[
            ("operations", None, &upload()),
            ("map", None, MAP),
            ("0", Some("../../etc/清单.csv"), "序号,任务".as_bytes()),
        ],
    )
    .await;
    assert_eq!(sent.status, 200);
    let payload = sent.json()["data"]["fileUpload"].clone();
    assert_eq!(payload["userErrors"], json!([]));
    assert_eq!(payload["file"]["name"], "清单.csv");
    assert_eq!(payload["file"]["mediaType"], "text/csv");
    let id = payload["file"]["id"].as_str().unwrap();
    assert_eq!(get(&s.office, &format!("/files/{id}")).await.bytes, "序号,任务".as_bytes());

    // The identifier alone does, without a form; somebody else's does not.
    let again = s.office.payload(UPLOAD, json!({ "input": { "file": id } })).await;
    assert_eq!(again["file"]["id"], id);
    let foreign = s.reporter.payload(UPLOAD, json!({ "input": { "file": id } })).await;
    assert_eq!(foreign["userErrors"][0]["code"], "NOT_FOUND");
    assert_eq!(foreign["userErrors"][0]["field"], json!(["input", "file"]));
    assert!(foreign["file"].is_null());
}

#[tokio::test]
async fn what_is_refused_is_said_where_the_file_stands() {
    let s = scene(|limits| limits.uploads_per_user = 1).await;
    put(&s.office, "a.txt", "abc").await.id();
    for (content, code) in [(&b"another"[..], "LIMIT"), (b"\0\x01\x02\x03", "INVALID_FORMAT"), (b"", "REQUIRED")] {
        let sent =
            form(&s.office, &[("operations", None, &upload()), ("map", None, MAP), ("0", Some("b.txt"), content)])
                .await;
        let payload = sent.json()["data"]["fileUpload"].clone();
        assert_eq!(payload["userErrors"][0]["code"], code, "{payload}");
        assert_eq!(payload["userErrors"][0]["field"], json!(["input", "file"]));
        assert!(payload["file"].is_null());
    }
    let inspector = s.t.user("inspector", s.unit, &[(Role::Inspector, s.unit)]).await;
    let sent =
        form(&inspector, &[("operations", None, &upload()), ("map", None, MAP), ("0", Some("b.txt"), b"x")]).await;
    assert_eq!(sent.json()["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(s.count("file").await, 1);
}

#[tokio::test]
async fn nothing_runs_before_it_is_known_who_asks() {
    let s = scene(|_| {}).await;
    let parts: &[Part<'_>] = &[("operations", None, &upload()), ("map", None, MAP), ("0", Some("a.txt"), b"abc")];
    let sent = form(&s.t.anonymous(), parts).await;
    assert_eq!(code(&sent), (401, "UNAUTHENTICATED".to_owned()));
    assert_eq!(s.count("file").await, 0);
}

#[tokio::test]
async fn maps_that_lead_nowhere() {
    let s = scene(|_| {}).await;
    let operations = upload();
    for map in [
        r#"{}"#,
        r#"{"0":[]}"#,
        r#"{"0":["variables.input.other"]}"#,
        r#"{"0":["variables.input"]}"#,
        r#"{"0":["variables"]}"#,
        r#"{"0":["variables."]}"#,
        r#"{"0":["input.file"]}"#,
        r#"{"0":["query"]}"#,
        r#"{"0":["0.variables.input.file"]}"#,
        r#"{"0":["variables.input.file.0"]}"#,
        r#"{"0":["variables.input.file","variables.input.file"]}"#,
        r#"{"0":["variables.input.file"],"1":["variables.input.file"]}"#,
        r#"{"0":"variables.input.file"}"#,
        r#"["variables.input.file"]"#,
        "not json",
        "",
    ] {
        bad(&s, &[("operations", None, &operations), ("map", None, map.as_bytes()), ("0", Some("a.txt"), b"abc")])
            .await;
    }
    // A place that is taken.
    let taken = super::form::operations(UPLOAD, json!({ "input": { "file": "file_00000000000000000000000000" } }));
    bad(&s, &[("operations", None, &taken), ("map", None, MAP), ("0", Some("a.txt"), b"abc")]).await;
}

#[tokio::test]
async fn parts_that_are_missing_too_many_or_in_another_order() {
    let s = scene(|_| {}).await;
    let o: Part<'_> = ("operations", None, &upload());
    let (m, f): (Part<'_>, Part<'_>) = (("map", None, MAP), ("0", Some("a.txt"), b"abc"));
    bad(&s, &[]).await;
    bad(&s, &[o]).await;
    bad(&s, &[o, m]).await;
    bad(&s, &[m, o, f]).await;
    bad(&s, &[f, o, m]).await;
    bad(&s, &[o, m, f, f]).await;
    bad(&s, &[o, m, f, ("1", Some("b.txt"), b"b")]).await;
    bad(&s, &[o, m, ("1", Some("a.txt"), b"abc")]).await;
    bad(&s, &[o, m, ("0", None, b"abc")]).await;
    bad(&s, &[("operations", None, b"[{}]"), m, f]).await;
    bad(&s, &[("operations", None, b"{"), m, f]).await;
    for body in [
        "",
        "--XX",
        "--XX--",
        "--XX\r\n\r\n",
        "--YY\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{}\r\n--YY--",
    ] {
        let sent = post(&s.office, "/graphql", &[("content-type", "multipart/form-data; boundary=XX")], body).await;
        assert_eq!(code(&sent), (400, "BAD_REQUEST".to_owned()), "{body:?}");
    }
    let bare = post(&s.office, "/graphql", &[("content-type", "multipart/form-data")], "x").await;
    assert_eq!(code(&bare).0, 415);
}

/// The guard and the cost of a form are those of JSON.
#[tokio::test]
async fn a_form_is_measured_like_any_request() {
    let s = scene(|limits| limits.upload_bytes = 100 * 1024).await;
    let ask = async |operations: &[u8], content: &[u8]| {
        let answer =
            form(&s.office, &[("operations", None, operations), ("map", None, MAP), ("0", Some("a.txt"), content)])
                .await;
        code(&answer)
    };
    let with = |query: &str| operations(query, json!({ "input": { "file": null } }));
    let deep = format!("mutation {{ a(x: {}1{}) }}", "[".repeat(1_500), "]".repeat(1_500));
    let fields =
        format!("mutation($input: FileUploadInput!) {{ {} }}", "fileUpload(input: $input) { file { id } } ".repeat(2));
    for query in [deep, fields] {
        assert_eq!(ask(&with(&query), b"abc").await, (400, "QUERY_TOO_COMPLEX".to_owned()));
    }
    let query = "query($input: ID) { node(id: $input) { id } }";
    assert_eq!(ask(&operations(query, json!({ "input": { "file": null } })), b"abc").await.0, 400);
    let padded = |n: usize| {
        let mut text = upload();
        text.resize(n, b' ');
        text
    };
    assert_eq!(ask(&padded(64 * 1024 + 1), b"abc").await, (413, "BAD_REQUEST".to_owned()));
    assert_eq!(ask(&upload(), &text(100 * 1024 + 1, 1)).await, (413, "BAD_REQUEST".to_owned()));
    assert_eq!(s.count("file").await, 0);
    let at = padded(64 * 1024);
    let whole = text(100 * 1024, 1);
    let sent = form(&s.office, &[("operations", None, &at), ("map", None, MAP), ("0", Some("a.txt"), &whole)]).await;
    assert_eq!(sent.json()["data"]["fileUpload"]["file"]["size"], 100 * 1024);
}

/// Numbers of files that are not there panic the library's own reading of forms.
#[tokio::test]
async fn holes_where_a_file_should_be() {
    let s = scene(|_| {}).await;
    for hole in ["#__graphql_file__:99", "#__graphql_file__:0", "0", "", "unit_01h2xcejqtf2nbrexx3vqjhp41"] {
        let variables = json!({ "input": { "file": hole } });
        let answer = s.office.answer(UPLOAD, variables.clone()).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{hole}: {answer}");
        let sent = form(
            &s.office,
            &[("operations", None, &operations(UPLOAD, variables)), ("map", None, MAP), ("0", Some("a.txt"), b"abc")],
        )
        .await;
        assert_eq!(code(&sent), (400, "BAD_REQUEST".to_owned()), "{hole}");
    }
    for odd in [json!(1), json!(null), json!({}), json!([]), json!(true)] {
        let answer = s.office.answer(UPLOAD, json!({ "input": { "file": odd } })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{odd}: {answer}");
    }
    // The place of a file that was refused names nobody's file.
    let nothing = s.office.payload(UPLOAD, json!({ "input": { "file": "file_00000000000000000000000000" } })).await;
    assert_eq!(nothing["userErrors"][0]["code"], "NOT_FOUND");
    // Literals too.
    let literal = "mutation { fileUpload(input: { file: \"#__graphql_file__:99\" }) { file { id } } }";
    let answer = s.office.answer(literal, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{answer}");
    assert_eq!(s.count("file").await, 0);
}
