//! Methods, media types, parameters and who asks.

use axum::{body::Body, http::Request};
use serde_json::json;

use super::toy::{signed_in, toy};

#[tokio::test]
async fn a_query_by_post_and_by_get() {
    let t = toy(|_| {});
    let posted = t.query("{ ping }").await;
    assert_eq!(posted.ok().json()["data"]["ping"], "pong");
    assert_eq!(posted.header("content-type"), "application/graphql-response+json; charset=utf-8");
    assert_eq!(posted.header("cache-control"), "no-store");
    assert_eq!(t.get("query=%7B%20ping%20%7D").await.ok().json()["data"]["ping"], "pong");
}

#[tokio::test]
async fn without_a_token_nothing_runs() {
    let t = toy(|_| {});
    for (query, header) in [
        ("{ ping }", None),
        ("{ __schema { queryType { name } } }", None),
        ("mutation { add }", Some("Bearer wrong")),
        ("mutation { add }", Some("Basic user-1")),
        ("mutation { add }", Some("Bearer ")),
        ("not even graphql", None),
    ] {
        let mut request = Request::post("/graphql").header("content-type", "application/json");
        if let Some(value) = header {
            request = request.header("authorization", value);
        }
        let answer = t.send(request.body(Body::from(json!({ "query": query }).to_string())).unwrap()).await;
        answer.refused(401, "UNAUTHENTICATED");
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{query}");
    }
    let twice = signed_in("POST", "/graphql").header("authorization", "Bearer user-1");
    t.send(twice.body(Body::from("{}")).unwrap()).await.refused(401, "UNAUTHENTICATED");
    assert_eq!(t.entered(), 0);
}

#[tokio::test]
async fn when_it_cannot_be_told_who_asks() {
    let t = toy(|limits| limits.request_deadline = std::time::Duration::from_millis(50));
    for (token, status, code) in
        [("down", 503, "UNAVAILABLE"), ("forever", 503, "UNAVAILABLE"), ("panic", 500, "INTERNAL")]
    {
        let answer = t.raw(r#"{"query":"{ping}"}"#, &[("authorization", &format!("Bearer {token}"))]).await;
        answer.refused(status, code);
        assert_eq!(answer.header("retry-after").is_empty(), status != 503);
    }
}

#[tokio::test]
async fn only_get_and_post() {
    let t = toy(|_| {});
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
        let answer = t.send(signed_in(method, "/graphql").body(Body::empty()).unwrap()).await;
        answer.refused(405, "BAD_REQUEST");
        assert_eq!(answer.header("allow"), "GET, POST");
    }
    let head = t.send(signed_in("HEAD", "/graphql?query=%7Bping%7D").body(Body::empty()).unwrap()).await;
    assert_eq!((head.status.as_u16(), head.text.as_str()), (405, ""));
}

#[tokio::test]
async fn get_is_for_queries() {
    let t = toy(|_| {});
    for query in
        ["mutation%7Badd%7D", "subscription%7Badd%7D", "query%20A%7Bping%7Dmutation%20B%7Badd%7D&operationName=B"]
    {
        let answer = t.get(&format!("query={query}")).await;
        answer.refused(405, "BAD_REQUEST");
        assert_eq!(answer.header("allow"), "POST");
    }
    assert_eq!(t.entered(), 0);
    // The name chooses, on GET too.
    let chosen = t.get("query=query%20A%7Bping%7Dmutation%20B%7Badd%7D&operationName=A").await;
    assert_eq!(chosen.ok().json()["data"]["ping"], "pong");
    let variables =
        t.get("query=query(%24t%3AString!)%7Becho(text%3A%24t)%7D&variables=%7B%22t%22%3A%22%E5%8F%B0%22%7D");
    assert_eq!(variables.await.ok().json()["data"]["echo"], "台");
    t.get("query=%7Bping%7D&variables=%7B").await.refused(400, "BAD_REQUEST");
    t.get("query=%7Bping%7D&query=%7Bping%7D").await.refused(400, "BAD_REQUEST");
    t.get("variables=%7B%7D").await.refused(400, "BAD_REQUEST");
    t.get("query=%7Bping%7D&variables=&extensions=&operationName=").await.ok();
}

#[tokio::test]
async fn the_same_guards_stand_before_get() {
    let t = toy(|limits| (limits.document_tokens, limits.bracket_depth) = (5, 2));
    t.get("query=%7Bping%20ping%20ping%7D").await.ok();
    t.get("query=%7Bping%20ping%20ping%20ping%7D").await.refused(400, "QUERY_TOO_COMPLEX");
    t.get("query=%7Bping%7D&variables=%7B%22a%22%3A%5B%5D%7D").await.ok();
    t.get("query=%7Bping%7D&variables=%7B%22a%22%3A%5B%5B%5D%5D%7D").await.refused(400, "QUERY_TOO_COMPLEX");
}

#[tokio::test]
async fn only_json_in_utf8_comes_in() {
    let t = toy(|_| {});
    let body = r#"{"query":"{ ping }"}"#;
    for good in ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""] {
        t.raw(body, &[("content-type", good)]).await.ok();
    }
    for bad in [
        "text/plain",
        "application/json; charset=gbk",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/mixed; boundary=x",
        "application/jsonp",
    ] {
        t.raw(body, &[("content-type", bad)]).await.refused(415, "BAD_REQUEST");
    }
    t.raw(body, &[("content-encoding", "gzip")]).await.refused(415, "BAD_REQUEST");
    let none = signed_in("POST", "/graphql").body(Body::from(body)).unwrap();
    t.send(none).await.refused(415, "BAD_REQUEST");
}

#[tokio::test]
async fn accept_chooses_the_media_type() {
    let t = toy(|_| {});
    let (new, old) = ("application/graphql-response+json; charset=utf-8", "application/json; charset=utf-8");
    for (accept, wanted) in [
        ("application/graphql-response+json", new),
        ("application/json", old),
        ("*/*", old),
        ("application/*", old),
        ("text/html, */*;q=0.1", old),
        ("application/graphql-response+json, application/json;q=0.9", new),
        ("application/json, application/graphql-response+json;q=0.5", old),
        ("application/graphql-response+json, application/json", new),
        ("application/json;q=0, */*", new),
        ("application/json;q=0, application/graphql-response+json;q=0.1", new),
    ] {
        let answer = t.raw(r#"{"query":"{ ping }"}"#, &[("accept", accept)]).await;
        assert_eq!(answer.ok().header("content-type"), wanted, "{accept}");
    }
    for accept in ["text/html", "application/xml, application/json;q=0", "*/*;q=0", "application/json; charset=gbk"] {
        t.raw(r#"{"query":"{ ping }"}"#, &[("accept", accept)]).await.refused(406, "BAD_REQUEST");
    }
}

#[tokio::test]
async fn bodies_that_are_no_request() {
    let t = toy(|_| {});
    for body in [
        "",
        "  ",
        "{",
        "{\"query\":",
        "null",
        "3",
        "\"{ ping }\"",
        "{\"query\":\"{ping}\"} x",
        "{}",
        r#"{"query":null}"#,
        r#"{"query":"{ping}","query":"{ping}"}"#,
        "[]",
        r#"[{"query":"{ping}"}]"#,
        "\u{feff}{\"query\":\"{ping}\"}",
    ] {
        t.raw(body.to_owned(), &[]).await.refused(400, "BAD_REQUEST");
    }
    t.raw(vec![b'{', b'"', 0xff, b'"', b'}'], &[]).await.refused(400, "BAD_REQUEST");
    t.raw("\u{feff}{}".to_owned(), &[("accept-language", "en")]).await.json()["errors"][0]["message"]
        .as_str()
        .filter(|m| m.contains("byte order mark"))
        .expect("says what is wrong");
}

#[tokio::test]
async fn parameters_of_a_wrong_type() {
    let t = toy(|_| {});
    for name in ["query", "operationName"] {
        for wrong in [json!({ "a": 1 }), json!(0), json!(false), json!(["x"])] {
            let mut body = json!({ "query": "{ ping }" });
            body[name] = wrong;
            t.post(body).await.refused(400, "BAD_REQUEST");
        }
    }
    for name in ["variables", "extensions"] {
        for wrong in [json!("a"), json!(0), json!(false), json!(["x"])] {
            let mut body = json!({ "query": "{ ping }" });
            body[name] = wrong;
            t.post(body).await.refused(400, "BAD_REQUEST");
        }
        let mut body = json!({ "query": "{ ping }", "unknown": [1] });
        body[name] = json!(null);
        t.post(body).await.ok();
    }
}

#[tokio::test]
async fn which_operation() {
    let t = toy(|_| {});
    let two = "query A { a: ping } query B { b: ping }";
    let named = |name: &str| json!({ "query": two, "operationName": name });
    assert_eq!(t.post(named("B")).await.ok().json()["data"]["b"], "pong");
    t.post(named("C")).await.refused(400, "BAD_REQUEST");
    t.query(two).await.refused(400, "BAD_REQUEST");
    t.post(json!({ "query": "{ ping }", "operationName": "A" })).await.refused(400, "BAD_REQUEST");
    t.post(json!({ "query": "query A { ping }" })).await.ok();
    t.query("subscription { add }").await.refused(400, "BAD_REQUEST");
}

#[tokio::test]
async fn null_characters_get_a_clear_answer() {
    let t = toy(|_| {});
    t.query("{ ping \0 }").await.refused(400, "BAD_REQUEST");
    t.query(r#"{ echo(text: "\u0000") }"#).await.refused(400, "BAD_REQUEST");
    let variables = json!({ "query": "query($t: String!) { echo(text: $t) }", "variables": { "t": "a\0b" } });
    let answer = t.post(variables).await;
    assert!(answer.refused(400, "BAD_REQUEST").text.contains("U+0000"));
    t.query("\u{feff}{ ping }").await.ok();
}

#[tokio::test]
async fn a_request_id_is_taken_or_made() {
    let t = toy(|_| {});
    let body = r#"{"query":"{ ping }"}"#;
    let (most, too_long) = ("a".repeat(64), "a".repeat(65));
    for good in ["abc-1._Z", most.as_str()] {
        assert_eq!(t.raw(body, &[("x-request-id", good)]).await.header("x-request-id"), good);
    }
    for bad in ["", "a b", "a\"b", too_long.as_str()] {
        let made = t.raw(body, &[("x-request-id", bad)]).await.header("x-request-id").to_owned();
        assert!(uuid::Uuid::parse_str(&made).is_ok(), "{bad:?} gave {made:?}");
    }
}

#[tokio::test]
async fn the_language_of_messages() {
    let t = toy(|_| {});
    for (asked, english) in [
        ("", false),
        ("zh-CN,zh;q=0.9,en;q=0.8", false),
        ("en", true),
        ("en-US,en;q=0.9,zh;q=0.5", true),
        ("fr, en;q=0.5", true),
        ("fr", false),
        ("*", false),
        ("en;q=0", false),
        ("en;q=0.4, zh-Hans;q=0.6", false),
    ] {
        let answer = t.raw("", &[("accept-language", asked)]).await;
        assert_eq!(answer.text.contains("The body is empty"), english, "{asked}");
        assert_eq!(answer.text.contains("请求体为空"), !english, "{asked}");
    }
}
