//! The measures of a document, each at its limit and one past it, and the two killers.

use std::time::{Duration, Instant};

use serde_json::json;
use taizhang::config::Limits;

use super::toy::toy;

/// A list literal nested so deep.
fn nested(depth: usize) -> String {
    format!("{{ lists(value: {}{}) }}", "[".repeat(depth), "]".repeat(depth))
}

/// `n` fields in one selection, as few tokens as possible.
fn fields(n: usize) -> String {
    format!("{{ item {{ {} }} }}", "id ".repeat(n))
}

/// A selection nested so deep.
fn deep(depth: usize) -> String {
    format!("{{ item {{ {} id {} }} }}", "parent {".repeat(depth - 3 + 1), "}".repeat(depth - 3 + 1))
}

#[tokio::test]
async fn bytes_of_the_body() {
    let t = toy(|_| {});
    let body = |size: usize| {
        let start = r#"{"query":"{ ping }","#;
        format!("{start}{}\"a\":1}}", " ".repeat(size - start.len() - 6))
    };
    assert_eq!(body(65_536).len(), 65_536);
    t.raw(body(65_536), &[]).await.ok();
    let refused = t.raw(body(65_537), &[]).await;
    assert_eq!(refused.refused(413, "BAD_REQUEST").header("connection"), "close");
    // The same without an announced length.
    let chunks = |size| {
        let text = body(size);
        let parts: Vec<Result<_, std::io::Error>> =
            text.as_bytes().chunks(1_000).map(|c| Ok(axum::body::Bytes::copy_from_slice(c))).collect();
        axum::body::Body::from_stream(futures_util::stream::iter(parts))
    };
    t.raw(chunks(65_536), &[]).await.ok();
    t.raw(chunks(65_537), &[]).await.refused(413, "BAD_REQUEST");
    // A length that is only announced.
    t.raw("{}", &[("content-length", "300000000")]).await.refused(413, "BAD_REQUEST");
}

#[tokio::test]
async fn characters_tokens_and_brackets() {
    let t = toy(|_| {});
    let long = |n: usize| format!("{{ ping }}#{}", "台".repeat(n - 9));
    t.query(&long(10_000)).await.ok();
    t.query(&long(10_001)).await.refused(400, "QUERY_TOO_COMPLEX");

    let t = toy(|limits| limits.document_tokens = 12);
    t.query(&fields(7)).await.ok();
    t.query(&fields(8)).await.refused(400, "QUERY_TOO_COMPLEX");

    let t = toy(|_| {});
    t.query(&nested(62)).await.ok();
    t.query(&nested(63)).await.refused(400, "QUERY_TOO_COMPLEX");
    // Brackets in strings and comments are none.
    t.query(&format!("{{ echo(text: \"{}\") #{}\n }}", "[".repeat(200), "{".repeat(200))).await.ok();
    t.query(&format!("{{ echo(text: \"\"\"{}\"\"\") }}", "([{\" ".repeat(100))).await.ok();
}

#[tokio::test]
async fn the_start_value_for_tokens_is_two_thousand() {
    let t = toy(|limits| (limits.expanded_fields, limits.selection_depth) = (9_999, 15));
    t.query(&fields(1_995)).await.ok();
    t.query(&fields(1_996)).await.refused(400, "QUERY_TOO_COMPLEX");
}

#[tokio::test]
async fn nesting_of_variables() {
    let t = toy(|_| {});
    let body = |depth: usize| {
        format!(
            r#"{{"query":"query($v: JSON!) {{ lists(value: $v) }}","variables":{{"v":{}{}}}}}"#,
            "[".repeat(depth),
            "]".repeat(depth)
        )
    };
    t.raw(body(63), &[]).await.ok();
    t.raw(body(64), &[]).await.refused(400, "QUERY_TOO_COMPLEX");
    t.raw(body(30_000), &[]).await.refused(400, "QUERY_TOO_COMPLEX");
    let text = json!({ "query": "query($t: String!) { echo(text: $t) }", "variables": { "t": "[{\"".repeat(500) } });
    t.post(text).await.ok();
}

#[tokio::test]
async fn selections_and_fields() {
    let t = toy(|_| {});
    t.query(&deep(15)).await.ok();
    t.query(&deep(16)).await.refused(400, "QUERY_TOO_COMPLEX");
    t.query(&fields(999)).await.ok();
    t.query(&fields(1_000)).await.refused(400, "QUERY_TOO_COMPLEX");
    // Fragments are expanded: 1 + 2 × 499 and 1 + 2 × 500 fields.
    let twice = |n: usize| format!("{{ item {{ ...F ...F }} }} fragment F on Item {{ {} }}", "id ".repeat(n));
    t.query(&twice(499)).await.ok();
    t.query(&twice(500)).await.refused(400, "QUERY_TOO_COMPLEX");
    // Depth through fragments: item, then 13 parents and a leaf.
    let through = |n: usize| {
        format!("{{ item {{ ...F }} }} fragment F on Item {{ {} id {} }}", "parent {".repeat(n), "}".repeat(n))
    };
    t.query(&through(13)).await.ok();
    t.query(&through(14)).await.refused(400, "QUERY_TOO_COMPLEX");
}

/// Inline fragments and spreads are no selections of their own, but a walk goes down into them.
#[tokio::test]
async fn nesting_through_fragments() {
    let t = toy(|_| {});
    let nested = |outer: usize, inner: usize| {
        let wrap = |text: &str, n: usize| format!("{}{text}{}", "... {".repeat(n), "}".repeat(n));
        format!("{{ {} }} fragment F on Query {{ {} }}", wrap("...F", outer), wrap("ping", inner))
    };
    t.query(&nested(31, 32)).await.ok();
    t.query(&nested(32, 32)).await.refused(400, "QUERY_TOO_COMPLEX");
    // The second use of a fragment is deeper than the first, and costs no second walk.
    let twice = nested(31, 32).replacen("{ ...", "{ ...F ... { ...", 1).replacen("} fragment", "} } fragment", 1);
    t.query(&twice).await.refused(400, "QUERY_TOO_COMPLEX");
}

#[tokio::test]
async fn aliases_roots_directives_and_fragments() {
    let t = toy(|_| {});
    let aliases = |n: usize| format!("{{ item {{ {} }} }}", (0..n).map(|i| format!("a{i}: id ")).collect::<String>());
    t.query(&aliases(15)).await.ok();
    t.query(&aliases(16)).await.refused(400, "QUERY_TOO_COMPLEX");
    t.query(&format!("{{ {} }}", "ping ".repeat(10))).await.ok();
    t.query(&format!("{{ {} }}", "ping ".repeat(11))).await.refused(400, "QUERY_TOO_COMPLEX");
    t.query(&format!("{{ ...F ping }} fragment F on Query {{ {} }}", "ping ".repeat(10)))
        .await
        .refused(400, "QUERY_TOO_COMPLEX");
    let directives = |n: usize| format!("{{ item {{ {} }} }}", "id @include(if: true) ".repeat(n));
    t.query(&directives(20)).await.ok();
    t.query(&directives(21)).await.refused(400, "QUERY_TOO_COMPLEX");
    let fragments = |n: usize| {
        let uses: String = (0..n).map(|i| format!("...F{i} ")).collect();
        let all: String = (0..n).map(|i| format!("fragment F{i} on Item {{ id }} ")).collect();
        format!("{{ item {{ {uses} }} }} {all}")
    };
    t.query(&fragments(50)).await.ok();
    t.query(&fragments(51)).await.refused(400, "QUERY_TOO_COMPLEX");
}

#[tokio::test]
async fn operations_that_are_not_run_are_measured_too() {
    let t = toy(|_| {});
    let second = |rest: &str| json!({ "query": format!("query A {{ ping }} query B {rest}"), "operationName": "A" });
    let aliases: String = (0..16).map(|i| format!("a{i}: id ")).collect();
    t.post(second(&format!("{{ item {{ {aliases} }} }}"))).await.refused(400, "QUERY_TOO_COMPLEX");
    t.post(second(&fields(1_000))).await.refused(400, "QUERY_TOO_COMPLEX");
    t.post(second(&deep(16))).await.refused(400, "QUERY_TOO_COMPLEX");
}

#[tokio::test]
async fn one_field_per_mutation() {
    let t = toy(|_| {});
    for twice in [
        "mutation { add add }",
        "mutation { a: add b: add }",
        "mutation { add ...F } fragment F on Mutation { add }",
        "mutation { ...F ...F } fragment F on Mutation { add }",
        "mutation { add ... on Mutation { add } }",
    ] {
        t.query(twice).await.refused(400, "QUERY_TOO_COMPLEX");
    }
    assert_eq!(t.entered(), 0);
    t.query("mutation { __typename add }").await.ok();
    t.query("mutation { ...F } fragment F on Mutation { add }").await.ok();
    assert_eq!(t.entered(), 2);
}

#[tokio::test]
async fn a_nested_literal_does_not_kill() {
    let t = toy(|_| {});
    let killer = nested(1_500);
    assert!(killer.len() < 3_100);
    let began = Instant::now();
    t.query(&killer).await.refused(400, "QUERY_TOO_COMPLEX");
    for open in ["{a", "{a(b:[", "query($a:[", "{...{", "{a(b:{c:"] {
        let answer = t.query(&open.repeat(700)).await;
        assert_eq!(answer.status, 400);
    }
    assert!(began.elapsed() < Duration::from_secs(1));
    t.query("{ ping }").await.ok();
}

/// About a thousand bytes in which every fragment spreads the next one several times.
fn bomb(fan: usize, levels: usize) -> String {
    let spread = |i: usize| format!("...f{i} ").repeat(fan);
    let mut text = format!("{{ item {{ {} }} }}", spread(0));
    for i in 0..levels {
        text.push_str(&format!(" fragment f{i} on Item {{ {} }}", spread(i + 1)));
    }
    text.push_str(&format!(" fragment f{levels} on Item {{ id }}"));
    text
}

#[tokio::test]
async fn a_fragment_bomb_is_answered_at_once() {
    let t = toy(|_| {});
    for text in [bomb(2, 24), bomb(8, 12), bomb(30, 5)] {
        assert!(text.len() < 1_500, "{}", text.len());
        let began = Instant::now();
        t.query(&text).await.refused(400, "QUERY_TOO_COMPLEX");
        assert!(began.elapsed() < Duration::from_millis(200), "{:?}", began.elapsed());
    }
    // Fragments nobody uses, and those of an operation nobody runs.
    let unused = format!("query A {{ ping }} {}", bomb(2, 24).split_once("} }").unwrap().1);
    t.query(&unused).await.refused(400, "QUERY_TOO_COMPLEX");
    let other = json!({ "query": format!("query A {{ ping }} query B {}", bomb(2, 24)), "operationName": "A" });
    t.post(other).await.refused(400, "QUERY_TOO_COMPLEX");
}

#[tokio::test]
async fn fragments_in_a_circle() {
    let t = toy(|_| {});
    for circle in [
        "{ item { ...A } } fragment A on Item { ...A }",
        "{ item { ...A } } fragment A on Item { parent { ...B } } fragment B on Item { ...A }",
        "{ ping } fragment A on Item { ...B } fragment B on Item { ...A }",
    ] {
        t.query(circle).await.refused(400, "BAD_REQUEST");
    }
}

#[test]
fn the_start_values_are_those_written_down() {
    let l = Limits::default();
    assert_eq!((l.body_bytes, l.document_chars, l.document_tokens, l.bracket_depth), (65_536, 10_000, 2_000, 64));
    assert_eq!((l.selection_depth, l.expanded_fields, l.cost_signed_in, l.cost_anonymous), (15, 1_000, 50_000, 200));
    assert_eq!((l.aliases, l.root_fields, l.directives, l.fragments), (15, 10, 20, 50));
    assert_eq!((l.page_default, l.page_max, l.running_per_principal, l.waiting), (20, 200, 20, 100));
}
