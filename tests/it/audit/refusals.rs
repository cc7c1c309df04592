//! A refusal says on what: the thing that was asked for, as it was given, whether it exists or not.

use serde_json::{Value, json};
use taizhang::id::Kind;
use uuid::Uuid;

use super::{busy, trail};
use crate::files;
use crate::mutation::reports_stage::*;
use crate::support::Client;

/// What a row of a refusal says: the verb, the thing, the reasons.
type Kept = (String, Option<String>, String);

/// The refusals of a trail that came since so many rows.
async fn since(s: &Stage, rows: usize) -> Vec<Kept> {
    let rows = trail(s).await.into_iter().skip(rows).filter(|row| row.result == "REFUSED");
    rows.map(|row| {
        let kind = Kind::ALL.iter().find(|kind| Some(kind.prefix()) == row.object_type.as_deref());
        let object = kind.zip(row.object_id).map(|(kind, object)| id(*kind, object));
        assert_eq!(row.object_id.is_some(), object.is_some(), "{row:?}");
        (row.operation, object, row.reasons.unwrap())
    })
    .collect()
}

async fn leaves(s: &Stage, client: &Client, query: &str, variables: Value) -> Vec<Kept> {
    let before = trail(s).await.len();
    client.send(query, variables).await;
    since(s, before).await
}

fn kept(operation: &str, object: impl Into<Option<String>>, reason: &str) -> Vec<Kept> {
    vec![(operation.to_owned(), object.into(), reason.to_owned())]
}

const ERRORS: &str = "{ userErrors { code message field } }";

#[tokio::test]
async fn what_was_asked_for_is_kept_whether_it_exists_or_not() {
    let s = busy().await;
    let rows = trail(&s).await;
    let report = rows.iter().find(|row| row.operation == "progressReportAccept").unwrap().object_id.unwrap();
    let report = id(Kind::ProgressReport, report);
    let absent = id(Kind::ProgressReport, Uuid::from_u128(0x77));
    let accept =
        format!("mutation($id: ID!) {{ progressReportAccept(id: $id, input: {{ expectedVersion: 3 }}) {ERRORS} }}");
    let submit =
        format!("mutation($id: ID!) {{ progressReportSubmit(id: $id, input: {{ expectedVersion: 3 }}) {ERRORS} }}");

    // The guard refuses before anything is looked up: what is there, what is not, what is something else altogether.
    for object in [report.clone(), absent.clone(), id(Kind::Unit, s.lead_unit)] {
        let found = leaves(&s, &s.lead, &accept, json!({ "id": object })).await;
        assert_eq!(found, kept("progressReportAccept", object, "FORBIDDEN"));
    }
    // What is no identifier is not kept: the trail is no place to write into.
    for text in ["report_zzz", "虚构", "", &"x".repeat(3_000)] {
        let found = leaves(&s, &s.lead, &accept, json!({ "id": text })).await;
        assert_eq!(found, kept("progressReportAccept", None, "FORBIDDEN"), "{text}");
    }
    // The verb itself: invisible, absent, visible and not his to do.
    for (who, object, reason) in
        [(&s.support, &report, "NOT_FOUND"), (&s.lead, &absent, "NOT_FOUND"), (&s.both, &report, "FORBIDDEN")]
    {
        let found = leaves(&s, who, &submit, json!({ "id": object })).await;
        assert_eq!(found, kept("progressReportSubmit", object.clone(), reason));
    }

    // However it is written: in the document, in a fragment at the root, as the start value of a variable, inside an input
    // that is one variable, and beside a key of repetition that looks like one.
    for query in [
        format!("mutation {{ progressReportAccept(id: \"{report}\", input: {{ expectedVersion: 3 }}) {ERRORS} }}"),
        format!(
            "mutation {{ ...Verb }} fragment Verb on Mutation {{ progressReportAccept(idempotencyKey: \"{absent}\", input: {{ \
             expectedVersion: 3 }}, id: \"{report}\") {ERRORS} }}"
        ),
        accept.replace("$id: ID!", &format!("$id: ID! = \"{report}\"")),
    ] {
        let found = leaves(&s, &s.lead, &query, json!({})).await;
        assert_eq!(found, kept("progressReportAccept", report.clone(), "FORBIDDEN"), "{query}");
    }
    let owed = id(Kind::ReportObligation, Uuid::from_u128(0x78));
    let save = format!("mutation($input: ProgressReportSaveInput!) {{ progressReportSave(input: $input) {ERRORS} }}");
    let found = leaves(&s, &s.lead, &save, json!({ "input": full(&owed) })).await;
    assert_eq!(found, kept("progressReportSave", owed, "NOT_FOUND"));
}

#[tokio::test]
async fn of_many_each_that_is_refused_leaves_its_own_row() {
    let s = busy().await;
    let reports: Vec<String> = {
        let mut rows = trail(&s).await;
        rows.retain(|row| row.operation == "progressReportSubmit");
        rows.iter().map(|row| id(Kind::ProgressReport, row.object_id.unwrap())).collect()
    };
    let absent = id(Kind::ProgressReport, Uuid::from_u128(0x79));
    // The lead's own, accepted already: a slip of the pen, which is not kept. The other unit's, and one that is not there.
    let items = [(&reports[0], 3), (&reports[1], 3), (&absent, 1)]
        .map(|(report, version)| json!({ "id": report, "expectedVersion": version }));
    let query = "mutation($input: ProgressReportSubmitManyInput!) { progressReportSubmitMany(input: $input) { \
                 outcomes { userErrors { code message field } } userErrors { code message field } } }";
    let before = trail(&s).await.len();
    let answer = s.responsible.payload(query, json!({ "input": { "items": items } })).await;
    let codes: Vec<_> = answer["outcomes"].as_array().unwrap().iter().map(codes).collect();
    let found = since(&s, before).await;
    let expected: Vec<Kept> = codes
        .iter()
        .zip([&reports[0], &reports[1], &absent])
        .filter(|(codes, _)| codes.iter().any(|code| code == "NOT_FOUND" || code == "FORBIDDEN"))
        .map(|(codes, report)| ("progressReportSubmitMany".to_owned(), Some(report.clone()), codes.join(" ")))
        .collect();
    assert!(expected.len() >= 2 && expected.last().unwrap().1 == Some(absent), "{codes:?}");
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_file_that_is_not_there_for_somebody_leaves_a_row() {
    let f = files::scene(|_| {}).await;
    let own = files::put(&f.office, "a.txt", "abc").await.id();
    let absent = id(Kind::File, Uuid::from_u128(0x7a));
    let rows = "audit_entry WHERE operation = 'fileDownload' AND result = 'REFUSED' AND reasons = 'NOT_FOUND' AND \
                object_type = 'file' AND user_id IS NOT NULL";
    for (nth, (client, file)) in [(&f.reporter, &own), (&f.office, &absent)].into_iter().enumerate() {
        files::get(client, &format!("/files/{file}")).await.absent();
        assert_eq!(f.count(rows).await, i64::try_from(nth).unwrap() + 1);
    }
    // Whoever is not signed in, or asks for what is no file, leaves none.
    let before = f.count("audit_entry").await;
    files::get(&f.t.anonymous(), &format!("/files/{own}")).await.refused(401, "UNAUTHENTICATED");
    files::get(&f.t.anonymous(), &format!("/files/{own}?token=abc")).await.absent();
    files::get(&f.office, "/files/nothing").await.absent();
    assert_eq!(f.count("audit_entry").await, before);
    assert_eq!(files::get(&f.office, &format!("/files/{own}")).await.status, 200);
    assert_eq!(f.count("audit_entry").await, before + 1);
}

/// What anybody can make without bound is counted and not kept.
#[tokio::test]
async fn what_is_refused_at_the_doors_is_counted_and_leaves_no_row() {
    let f = files::scene(|_| {}).await;
    let before = f.count("audit_entry").await;
    let (nobody, stranger) = (f.t.anonymous(), f.t.bearing("a.b.c"));
    for client in [&nobody, &stranger] {
        assert_eq!(client.send("{ viewer { name } }", json!({})).await.0, 401);
        files::get(client, "/files/file_01h455vb4pex5vsknk084sn02q").await.refused(401, "UNAUTHENTICATED");
    }
    assert_eq!(f.count("audit_entry").await, before);
    let metrics = String::from_utf8(files::get(&nobody, "/metrics").await.bytes).unwrap();
    let counted: u64 = metrics
        .lines()
        .filter(|line| line.starts_with("taizhang_graphql_requests_total{") && line.contains("status=\"401\""))
        .map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap())
        .sum();
    assert_eq!(counted, 4, "{metrics}");
}
