//! Evidence: what it may be, who sees and fetches it, and that what was handed in keeps it.

use serde_json::{Value, json};

use super::reports_stage::*;
use crate::files::{get, put};
use crate::support::Client;

async fn add(client: &Client, input: Value) -> Value {
    client
        .payload(
            "mutation($input: EvidenceAddInput!) { evidenceAdd(input: $input) { progressReport { version evidence { totalCount nodes { id kind title url documentNumber file { id name size mediaType sha256 } sinceRevision } } } userErrors { code message field } } }",
            json!({ "input": input }),
        )
        .await
}

async fn remove(client: &Client, evidence: &str, version: i64) -> Value {
    client
        .payload(
            "mutation($id: ID!, $input: EvidenceRemoveInput!) { evidenceRemove(id: $id, input: $input) { progressReport { version evidence { totalCount } } userErrors { code message field } } }",
            json!({ "id": evidence, "input": { "expectedVersion": version } }),
        )
        .await
}

async fn draft(s: &Stage) -> String {
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"])
}

fn link(report: &str, version: i64, url: &str) -> Value {
    json!({ "progressReport": report, "expectedVersion": version, "kind": "LINK", "title": "公开专栏", "url": url })
}

#[tokio::test]
async fn evidence_is_what_it_says_and_no_more_than_twenty() {
    let s = Stage::new().await;
    let report = draft(&s).await;
    let done = add(&s.responsible, link(&report, 1, " https://example.com/a ")).await;
    assert_eq!(errors(&done), []);
    assert_eq!(done["progressReport"]["evidence"]["nodes"][0]["url"], "https://example.com/a");
    assert_eq!(done["progressReport"]["version"], 2);
    let number = json!({ "progressReport": report, "expectedVersion": 2, "kind": "DOCUMENT_NUMBER", "documentNumber": "虚构〔2026〕1号" });
    assert_eq!(errors(&add(&s.responsible, number.clone()).await), []);
    let before = s.rows().await;
    let mut wrong = link(&report, 3, "javascript://x/%0aalert(1)");
    assert_eq!(errors(&add(&s.responsible, wrong.clone()).await), [("INVALID_FORMAT".into(), "input.url".into())]);
    wrong["kind"] = json!("FILE");
    wrong["title"] = json!("名".repeat(201));
    assert_eq!(
        errors(&add(&s.responsible, wrong).await),
        [
            ("TOO_LONG".into(), "input.title".into()),
            ("INVALID_FORMAT".into(), "input.url".into()),
            ("CONFLICT".into(), "input.kind".into())
        ]
    );
    assert_eq!(codes(&add(&s.responsible, link(&report, 3, "https://example.com/a")).await), ["DUPLICATE"]);
    assert_eq!(codes(&add(&s.responsible, link(&report, 2, "https://example.com/b")).await), ["STALE"]);
    for (client, code) in
        [(&s.office, "FORBIDDEN"), (&s.lead, "NOT_FOUND"), (&s.foreign, "NOT_FOUND"), (&s.inspector, "FORBIDDEN")]
    {
        assert_eq!(codes(&add(client, link(&report, 3, "https://example.com/b")).await), [code]);
    }
    assert_eq!(s.rows().await, before);
    for nth in 3..=20 {
        let done = add(&s.responsible, link(&report, nth, &format!("https://example.com/{nth}"))).await;
        assert_eq!(errors(&done), []);
    }
    let full = add(&s.responsible, link(&report, 21, "https://example.com/21")).await;
    assert_eq!(errors(&full), [("LIMIT".to_owned(), "input.progressReport".to_owned())]);
    assert_eq!(full["progressReport"]["evidence"]["totalCount"], 20);
}

#[tokio::test]
async fn what_was_handed_in_keeps_its_evidence() {
    let s = Stage::new().await;
    let report = draft(&s).await;
    let done = add(&s.responsible, link(&report, 1, "https://example.com/a")).await;
    let first = text(&done["progressReport"]["evidence"]["nodes"][0]["id"]);
    // What was never handed in goes for good.
    let done = add(&s.responsible, link(&report, 2, "https://example.com/b")).await;
    let second = text(&done["progressReport"]["evidence"]["nodes"][1]["id"]);
    assert_eq!(remove(&s.responsible, &second, 3).await["progressReport"]["evidence"]["totalCount"], 1);
    assert_eq!(s.count("evidence").await, 1);
    act(&s.responsible, "Submit", &report, input_of("Submit", 4), None).await;
    let before = s.rows().await;
    assert_eq!(codes(&add(&s.responsible, link(&report, 5, "https://example.com/c")).await), ["INVALID_STATE"]);
    assert_eq!(codes(&remove(&s.responsible, &first, 5).await), ["INVALID_STATE"]);
    assert_eq!(codes(&remove(&s.foreign, &first, 5).await), ["NOT_FOUND"]);
    assert_eq!(s.rows().await, before);
    act(&s.office, "Return", &report, input_of("Return", 5), None).await;
    assert_eq!(remove(&s.responsible, &first, 6).await["progressReport"]["evidence"]["totalCount"], 0);
    assert_eq!(codes(&remove(&s.responsible, &first, 7).await), ["NOT_FOUND"], "taken out already");
    let query = "query($id: ID!) { progressReport(id: $id) { evidence(removedToo: true) { nodes { id sinceRevision untilRevision } } } }";
    let data = s.office.data(query, json!({ "id": report })).await;
    let kept = json!([{ "id": first, "sinceRevision": 1, "untilRevision": 2 }]);
    assert_eq!(data["progressReport"]["evidence"]["nodes"], kept);
}

#[tokio::test]
async fn a_file_is_fetched_by_whoever_sees_the_report_and_by_nobody_else() {
    let s = Stage::new().await;
    let report = draft(&s).await;
    let file = put(&s.responsible, "台账.csv", "序号,任务\n1,虚构\n").await.id();
    let of =
        |version: i64| json!({ "progressReport": report, "expectedVersion": version, "kind": "FILE", "file": file });
    // Somebody else's upload can't be attached, and a private file is nobody else's.
    let before = s.rows().await;
    let stolen = add(&s.both, of(1)).await;
    assert_eq!(errors(&stolen), [("NOT_FOUND".to_owned(), "input.file".to_owned())]);
    get(&s.office, &format!("/files/{file}")).await.absent();
    assert_eq!(s.rows().await, before);
    let done = add(&s.responsible, of(1)).await;
    assert_eq!(errors(&done), []);
    let node = &done["progressReport"]["evidence"]["nodes"][0];
    assert_eq!((&node["file"]["name"], &node["file"]["mediaType"]), (&json!("台账.csv"), &json!("text/csv")));
    assert_eq!(node["file"]["sha256"].as_str().unwrap().len(), 64);
    let sees = async |client: &Client| get(client, &format!("/files/{file}")).await.status == 200;
    let all = [&s.office, &s.inspector, &s.both, &s.lead, &s.support, &s.foreign, &s.admin];
    for (client, yes) in all.iter().zip([true, true, true, false, false, false, false]) {
        assert_eq!(sees(client).await, yes, "a draft");
    }
    act(&s.responsible, "Submit", &report, input_of("Submit", 2), None).await;
    for (client, yes) in all.iter().zip([true, true, true, true, false, false, false]) {
        assert_eq!(sees(client).await, yes, "handed in");
    }
    // The same content again is another file, and neither the name nor the end of the evidence changes with it.
    let copy = put(&s.responsible, "另一个名字.csv", "序号,任务\n1,虚构\n").await.id();
    assert_ne!(copy, file);
    let own = "query { viewer { files { totalCount nodes { id } } } }";
    assert_eq!(s.office.data(own, json!({})).await["viewer"]["files"]["totalCount"], 0, "not the reader's own");
    s.t.clock.advance(chrono::TimeDelta::days(60));
    s.t.service.files_sweep().await.unwrap();
    // The sessions have ended, though.
    let again = async |client: &Client| s.t.sign_in(client.user.unwrap()).await;
    let (office, responsible, lead) = (again(&s.office).await, again(&s.responsible).await, again(&s.lead).await);
    assert!(sees(&office).await && sees(&lead).await, "evidence does not expire");
    get(&responsible, &format!("/files/{copy}")).await.absent();
    act(&responsible, "Withdraw", &report, input_of("Withdraw", 3), None).await;
    assert!(!sees(&lead).await && sees(&office).await);
}
