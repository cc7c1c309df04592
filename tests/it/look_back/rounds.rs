//! Rounds and their findings.

use entity::vocabulary::DeadlineKind;
use serde_json::{Value, json};
use taizhang::id::Kind;

use super::*;
use crate::files;

async fn put(client: &Client, name: &str, body: &'static [u8]) -> String {
    files::put(client, name, body).await.id()
}

async fn get(client: &Client, file: &str) -> u16 {
    files::get(client, &format!("/files/{file}")).await.status.as_u16()
}

#[tokio::test]
async fn a_round_freezes_who_had_to_do_what_and_units_see_it_when_it_is_over() {
    let s = stage().await;
    let begun = begin(&s, " 2026年回头看 ").await;
    assert_eq!(errors(&begun), []);
    let round = &begun["lookBack"];
    assert_eq!((&round["title"], &round["status"]), (&json!("2026年回头看"), &json!("OPEN")));
    // The lead and the responsible unit of the task with a day: support owes nothing here, the other task has no day, and
    // one assignment was withdrawn.
    assert_eq!(round["items"]["totalCount"], 2);
    for item in round["items"]["nodes"].as_array().unwrap() {
        assert_eq!((&item["dueOn"], &item["deadlineText"]), (&json!("2026-05-31"), &json!("5月底前")));
        assert_eq!(item["task"]["id"], id(Kind::Task, s.task));
        assert_eq!(item["finding"], Value::Null);
    }
    let (own, lead) = (item_of(&begun, s.responsible_unit), item_of(&begun, s.lead_unit));
    let round = text(&round["id"]);
    // What is printed later changes nothing in the round.
    time(&s, s.second, 1, DeadlineKind::FixedDate, None, Some("2026-06-01")).await;
    for client in [&s.responsible, &s.signer, &s.lead, &s.support, &s.foreign, &s.admin] {
        assert_eq!(sees(client, &round, &own).await, (0, 0, false));
    }
    assert_eq!(sees(&s.inspector, &round, &own).await, (1, 2, true));

    let found = json!({ "expectedVersion": 1, "finding": "NOT_DONE", "text": "虚构：未见公开。", "evidence": [
        { "kind": "LINK", "url": "https://example.com/empty" }, { "kind": "DOCUMENT_NUMBER", "documentNumber": "虚构〔2026〕3号" },
    ] });
    let recorded = record(&s.office, &own, found).await;
    assert_eq!(errors(&recorded), []);
    assert_eq!(recorded["lookBackItem"]["evidence"]["totalCount"], 2);
    let early = finish(&s.office, &round, 1).await;
    assert_eq!(errors(&early), [("INVALID_STATE".to_owned(), String::new())]);
    assert!(text(&early["userErrors"][0]["message"]).contains('1'), "{early}");
    let items = json!({ "items": [
        { "id": lead, "expectedVersion": 1, "finding": "DONE" },
        { "id": own, "expectedVersion": 1, "finding": "DONE" },
        { "id": lead, "expectedVersion": 2, "finding": "DONE" },
    ] });
    let query = "mutation($input: LookBackItemRecordManyInput!) { lookBackItemRecordMany(input: $input) {
        outcomes { lookBackItem { finding } userErrors { code message field } } userErrors { code } } }";
    let many = s.office.payload(query, json!({ "input": items })).await;
    let outcomes: Vec<Vec<String>> = many["outcomes"].as_array().unwrap().iter().map(codes).collect();
    assert_eq!(outcomes, [vec![], vec!["STALE".to_owned()], vec!["DUPLICATE".to_owned()]]);
    assert_eq!(many["outcomes"][1]["lookBackItem"]["finding"], "NOT_DONE", "the true state");
    let done = finish(&s.office, &round, 1).await;
    assert_eq!(errors(&done), []);
    assert_eq!(done["lookBack"]["status"], "FINISHED");

    // Everybody sees what was found about himself, the lead nothing of its co-unit.
    for (client, item, others) in [(&s.responsible, &own, &lead), (&s.signer, &own, &lead), (&s.lead, &lead, &own)] {
        assert_eq!(sees(client, &round, item).await, (1, 1, true));
        assert_eq!(sees(client, &round, others).await, (1, 1, false));
    }
    for client in [&s.support, &s.foreign, &s.admin] {
        assert_eq!(sees(client, &round, &own).await, (0, 0, false));
    }
    let mut topics = Vec::new();
    for topic in ["look_back.created", "look_back_item.recorded", "look_back.finished", "look_back.found"] {
        topics.push(s.count(&format!("outbox WHERE topic = '{topic}'")).await);
    }
    assert_eq!(topics, [1, 2, 1, 2]);
    let audited = "audit_entry WHERE result = 'DONE' AND operation IN ('lookBackCreate', 'lookBackItemRecord', 'lookBackItemRecordMany', 'lookBackFinish')";
    assert_eq!(s.count(audited).await, 4);
    let late = record(&s.office, &lead, json!({ "expectedVersion": 2, "finding": "NOT_DONE", "text": "改" })).await;
    assert_eq!(codes(&late), ["INVALID_STATE"]);
    assert_eq!(late["lookBackItem"]["finding"], "DONE");
}

#[tokio::test]
async fn what_a_round_needs_and_a_finding_says() {
    let s = stage().await;
    let list = id(Kind::TaskList, s.list);
    let at = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    let before = s.rows().await;
    let input = json!({ "taskList": list, "title": " ", "dueOn": "2026-06-30", "deadlinesBy": "2026-05-30" });
    assert_eq!(
        errors(&make(&s.office, "lookBackCreate", ROUND, input).await),
        [at("REQUIRED", "input.title"), at("OUT_OF_RANGE", "input.dueOn"), at("INVALID_STATE", "input.taskList")]
    );
    assert_eq!(s.rows().await, before);
    let begun = begin(&s, "回头看").await;
    let (round, own) = (text(&begun["lookBack"]["id"]), item_of(&begun, s.responsible_unit));
    let before = s.rows().await;
    for (input, expected) in [
        (json!({ "expectedVersion": 1, "finding": "NOT_DONE" }), vec![at("REQUIRED", "input.text")]),
        (json!({ "expectedVersion": 9, "finding": "DONE" }), vec![at("STALE", "expectedVersion")]),
        (
            json!({ "expectedVersion": 1, "finding": "DONE", "evidence": [{ "kind": "LINK", "documentNumber": "1号" }] }),
            vec![at("CONFLICT", "input.evidence.0.kind")],
        ),
        (
            json!({ "expectedVersion": 1, "finding": "DONE", "evidence": [
                { "kind": "LINK", "url": "https://example.com" }, { "kind": "LINK", "url": "https://example.com" }, { "kind": "LINK", "url": "javascript:1" },
            ] }),
            vec![at("DUPLICATE", "input.evidence.1.kind"), at("INVALID_FORMAT", "input.evidence.2.url")],
        ),
    ] {
        assert_eq!(errors(&record(&s.office, &own, input.clone()).await), expected, "{input}");
    }
    let many: Vec<Value> = (0..101).map(|_| json!({ "id": own, "expectedVersion": 1, "finding": "DONE" })).collect();
    let query = "mutation($input: LookBackItemRecordManyInput!) { lookBackItemRecordMany(input: $input) { outcomes { userErrors { code } } userErrors { code message field } } }";
    let payload = s.office.payload(query, json!({ "input": { "items": many } })).await;
    assert_eq!((errors(&payload), &payload["outcomes"]), (vec![at("LIMIT", "input.items")], &json!([])));
    assert_eq!(s.rows().await, before);
    // One that was begun by mistake goes with what was written.
    assert_eq!(errors(&record(&s.office, &own, json!({ "expectedVersion": 1, "finding": "DONE" })).await), []);
    let gone =
        change(&s.office, "lookBackDelete", "VersionInput", "deletedId", &round, json!({ "expectedVersion": 1 })).await;
    assert_eq!((errors(&gone), &gone["deletedId"]), (vec![], &json!(round)));
    assert_eq!((s.count("look_back").await, s.count("look_back_item").await), (0, 0));
}

#[tokio::test]
async fn only_the_office_looks_back() {
    let s = stage().await;
    let list = id(Kind::TaskList, s.list);
    let input = json!({ "taskList": list, "title": "回头看", "dueOn": "2026-07-31" });
    let low = s.t.user("low", s.lead_unit, &[(entity::vocabulary::Role::Office, s.lead_unit)]).await;
    let both = [(entity::vocabulary::Role::Office, s.lead_unit), (entity::vocabulary::Role::Reporter, s.lead_unit)];
    let low_and_lead = s.t.user("low-lead", s.lead_unit, &both).await;
    let before = s.rows().await;
    for client in [&s.lead, &s.responsible, &s.inspector, &s.admin] {
        assert_eq!(codes(&make(client, "lookBackCreate", ROUND, input.clone()).await), ["FORBIDDEN"]);
    }
    assert_eq!(codes(&make(&low, "lookBackCreate", ROUND, input.clone()).await), ["NOT_FOUND"]);
    assert_eq!(codes(&make(&low_and_lead, "lookBackCreate", ROUND, input).await), ["FORBIDDEN"]);
    assert_eq!(s.rows().await, before);
    let begun = begin(&s, "回头看").await;
    let (round, own) = (text(&begun["lookBack"]["id"]), item_of(&begun, s.responsible_unit));
    let found = json!({ "expectedVersion": 1, "finding": "DONE" });
    let before = s.rows().await;
    for (client, code) in
        [(&s.responsible, "FORBIDDEN"), (&s.inspector, "FORBIDDEN"), (&low, "NOT_FOUND"), (&low_and_lead, "NOT_FOUND")]
    {
        let payload = record(client, &own, found.clone()).await;
        assert_eq!(codes(&payload), [code]);
        assert!(payload["lookBackItem"].is_null());
        assert_eq!(codes(&finish(client, &round, 1).await), [code]);
    }
    assert_eq!(s.rows().await, before);
}

#[tokio::test]
async fn a_file_behind_a_finding_is_seen_with_it_and_ends_with_it() {
    let s = stage().await;
    let begun = begin(&s, "回头看").await;
    let (round, own) = (text(&begun["lookBack"]["id"]), item_of(&begun, s.responsible_unit));
    let lead = item_of(&begun, s.lead_unit);
    let file = put(&s.office, "found.csv", b"a,b\n1,2\n").await;
    let others = put(&s.both, "other.csv", b"a,b\n3,4\n").await;
    let shown = |file: &str, version: i64| json!({ "expectedVersion": version, "finding": "DONE", "evidence": [{ "kind": "FILE", "file": file }] });
    let before = s.rows().await;
    let refused = record(&s.office, &own, shown(&others, 1)).await;
    assert_eq!(errors(&refused), [("NOT_FOUND".to_owned(), "input.evidence.0.file".to_owned())]);
    assert_eq!(s.rows().await, before);
    assert_eq!(errors(&record(&s.office, &own, shown(&file, 1)).await), []);
    let kept = "file WHERE expires_at IS NULL";
    assert_eq!(s.count(kept).await, 1, "it has no end as long as it shows something");
    assert_eq!(get(&s.responsible, &file).await, 404, "not before the round is finished");
    // Another office of the list may keep the file that somebody else attached.
    assert_eq!(errors(&record(&s.both, &own, shown(&file, 2)).await), []);
    assert_eq!(errors(&record(&s.office, &lead, json!({ "expectedVersion": 1, "finding": "DONE" })).await), []);
    assert_eq!(s.count("look_back_evidence").await, 1);
    let none = json!({ "expectedVersion": 3, "finding": "DONE", "evidence": [] });
    assert_eq!(errors(&record(&s.office, &own, none).await), []);
    assert_eq!(s.count(kept).await, 0, "it ends as an upload does");
    assert_eq!(errors(&record(&s.office, &own, shown(&file, 4)).await), []);
    assert_eq!(errors(&finish(&s.office, &round, 1).await), []);
    assert_eq!(get(&s.responsible, &file).await, 200);
    for client in [&s.lead, &s.support, &s.foreign] {
        assert_eq!(get(client, &file).await, 404);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_written_into_a_round_that_is_finished_meanwhile() {
    let s = stage().await;
    let begun = begin(&s, "回头看").await;
    let round = text(&begun["lookBack"]["id"]);
    let (own, lead) = (item_of(&begun, s.responsible_unit), item_of(&begun, s.lead_unit));
    for item in [&own, &lead] {
        assert_eq!(errors(&record(&s.office, item, json!({ "expectedVersion": 1, "finding": "DONE" })).await), []);
    }
    let worse = || json!({ "expectedVersion": 2, "finding": "NOT_DONE", "text": "再看" });
    let (one, two, over) =
        tokio::join!(record(&s.office, &own, worse()), record(&s.both, &own, worse()), finish(&s.office, &round, 1));
    assert_eq!(errors(&over), []);
    let done = [&one, &two].iter().filter(|payload| codes(payload).is_empty()).count();
    assert!(done <= 1, "{one} {two}");
    let codes: Vec<String> = [codes(&one), codes(&two)].concat();
    assert!(codes.iter().all(|code| matches!(code.as_str(), "STALE" | "INVALID_STATE")), "{codes:?}");
}

/// A refused item of many keeps nothing of its files, whatever becomes of the others.
#[tokio::test]
async fn of_a_refused_item_no_file_stays() {
    let s = stage().await;
    let begun = begin(&s, "回头看").await;
    let (own, lead) = (item_of(&begun, s.responsible_unit), item_of(&begun, s.lead_unit));
    let file = put(&s.office, "found.csv", b"a,b\n1,2\n").await;
    let kept = put(&s.office, "kept.csv", b"a,b\n5,6\n").await;
    let others = put(&s.both, "other.csv", b"a,b\n3,4\n").await;
    let shown = |item: &str, files: &[&str]| {
        let evidence: Vec<Value> = files.iter().map(|file| json!({ "kind": "FILE", "file": file })).collect();
        json!({ "id": item, "expectedVersion": 1, "finding": "DONE", "evidence": evidence })
    };
    let strange = id(Kind::File, s.list);
    let items = json!({ "items": [shown(&own, &[&file, &others, &strange]), shown(&lead, &[&kept])] });
    let query = "mutation($input: LookBackItemRecordManyInput!) { lookBackItemRecordMany(input: $input) {
        outcomes { lookBackItem { finding evidence { totalCount } } userErrors { code message field } } userErrors { code } } }";
    let many = s.office.payload(query, json!({ "input": items })).await;
    let (refused, done) = (&many["outcomes"][0], &many["outcomes"][1]);
    let at = |field: &str| ("NOT_FOUND".to_owned(), field.to_owned());
    assert_eq!(errors(refused), [at("evidence.1.file"), at("evidence.2.file")], "{many}");
    assert_eq!(refused["lookBackItem"], json!({ "finding": null, "evidence": { "totalCount": 0 } }));
    assert_eq!(errors(done), []);
    assert_eq!(done["lookBackItem"]["evidence"]["totalCount"], 1);
    let attached = "file WHERE expires_at IS NULL";
    assert_eq!((s.count(attached).await, s.count("look_back_evidence").await), (1, 1));
}
