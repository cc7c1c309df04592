//! Two signatures: nothing leaves the unit without both, and different people give them.

use serde_json::{Value, json};
use taizhang::id::Kind;

use super::reports_stage::*;
use crate::support::Client;

/// A report of the responsible unit, handed in by its writer.
async fn handed_in(s: &Stage) -> (String, String) {
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    let done = act(&s.responsible, "Submit", &report, input_of("Submit", 1), None).await;
    assert_eq!(errors(&done), []);
    assert_eq!(done["progressReport"]["status"], "SIGNING");
    (period, report)
}

async fn inside(client: &Client, report: &str) -> Value {
    let query = "query($id: ID!) { progressReport(id: $id) { status signingSince revision
        signatures { totalCount nodes { decision reason revision user { name } } }
        revisions { nodes { revision submittedBy { name } signedBy { name } } } } }";
    client.data(query, json!({ "id": report })).await["progressReport"].clone()
}

#[tokio::test]
async fn nothing_leaves_the_unit_without_both_signatures() {
    let s = Stage::new().await;
    s.two_signatures().await;
    let (_, report) = handed_in(&s).await;
    assert_eq!(s.count("progress_report_revision").await, 0, "nothing is with the office");
    // The office and the unit see it wait; a lead does not.
    for (client, sees) in [(&s.office, true), (&s.responsible, true), (&s.signer, true), (&s.lead, false)] {
        assert_eq!(s.sees(client, &report).await.is_some(), sees);
    }
    assert_eq!(inside(&s.office, &report).await["signingSince"], "2026-07-01T01:00:00.000Z");
    // Neither the writer nor the office nor another unit's approver signs.
    let before = s.rows().await;
    for (client, code) in
        [(&s.responsible, "FORBIDDEN"), (&s.office, "FORBIDDEN"), (&s.support, "NOT_FOUND"), (&s.lead, "FORBIDDEN")]
    {
        for verb in ["Sign", "SendBack"] {
            assert_eq!(codes(&act(client, verb, &report, input_of(verb, 2), None).await), [code], "{verb}");
        }
    }
    assert_eq!(codes(&act(&s.office, "Accept", &report, input_of("Accept", 2), None).await), ["INVALID_STATE"]);
    assert_eq!(codes(&act(&s.signer, "Sign", &report, input_of("Sign", 1), None).await), ["STALE"]);
    let blank = json!({ "expectedVersion": 2, "reason": " " });
    let blank = act(&s.signer, "SendBack", &report, blank, None).await;
    assert_eq!(errors(&blank), [("REQUIRED".to_owned(), "input.reason".to_owned())]);
    assert_eq!(s.rows().await, before);

    s.t.clock.advance(chrono::TimeDelta::minutes(5));
    let signed = act(&s.signer, "Sign", &report, input_of("Sign", 2), Some("签")).await;
    assert_eq!(errors(&signed), []);
    assert_eq!(signed["progressReport"]["status"], "SUBMITTED");
    assert_eq!(signed["progressReport"]["submittedAt"], "2026-07-01T01:05:00.000Z", "when the office got it");
    assert_eq!(act(&s.signer, "Sign", &report, input_of("Sign", 2), Some("签")).await, signed);
    let seen = inside(&s.responsible, &report).await;
    assert_eq!(seen["signingSince"], Value::Null);
    assert_eq!(
        seen["signatures"]["nodes"],
        json!([{ "decision": "SIGNED", "reason": null, "revision": 1, "user": { "name": "测试用户signer" } }])
    );
    let people = json!([{
        "revision": 1, "submittedBy": { "name": "测试用户responsible" }, "signedBy": { "name": "测试用户signer" },
    }]);
    assert_eq!(seen["revisions"]["nodes"], people);
    // A lead reads what was handed in, and nothing of how it came about.
    assert_eq!(inside(&s.lead, &report).await["signatures"]["totalCount"], 0);
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'progressReportSign'").await, 1);
    assert_eq!(s.count("outbox WHERE topic = 'progress_report.submitted'").await, 1);
    assert_eq!(errors(&act(&s.office, "Accept", &report, input_of("Accept", 3), None).await), []);
}

#[tokio::test]
async fn sent_back_and_taken_back_it_is_a_draft_again() {
    let s = Stage::new().await;
    s.two_signatures().await;
    let (_, report) = handed_in(&s).await;
    let back = act(&s.signer, "SendBack", &report, input_of("SendBack", 2), None).await;
    assert_eq!((errors(&back).len(), &back["progressReport"]["status"]), (0, &json!("DRAFT")));
    assert_eq!(inside(&s.responsible, &report).await["signatures"]["nodes"][0]["reason"], "请补充公开链接。");
    assert_eq!(back["progressReport"]["returnCount"], 0, "the office has returned nothing");
    act(&s.responsible, "Submit", &report, input_of("Submit", 3), None).await;
    let taken = act(&s.responsible, "Withdraw", &report, input_of("Withdraw", 4), None).await;
    assert_eq!((errors(&taken).len(), &taken["progressReport"]["status"]), (0, &json!("DRAFT")));
    assert_eq!(s.count("progress_report_revision").await, 0);
}

#[tokio::test]
async fn nobody_stands_on_both_sides() {
    let s = Stage::new().await;
    s.two_signatures().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    // The approver hands it in himself: then he can't sign it.
    act(&s.signer, "Submit", &report, input_of("Submit", 1), None).await;
    let before = s.rows().await;
    for verb in ["Sign", "SendBack"] {
        assert_eq!(codes(&act(&s.signer, verb, &report, input_of(verb, 2), None).await), ["FORBIDDEN"], "{verb}");
    }
    assert_eq!(s.rows().await, before);
    act(&s.signer, "Withdraw", &report, input_of("Withdraw", 2), None).await;
    // Somebody who signs for the unit and holds the office: what he signed he can't accept.
    let hats = {
        use entity::vocabulary::Role::{Approver, Office};
        s.t.user("hats", s.responsible_unit, &[(Approver, s.responsible_unit), (Office, s.t.root(s.list).await)]).await
    };
    act(&s.responsible, "Submit", &report, input_of("Submit", 3), None).await;
    assert_eq!(errors(&act(&hats, "Sign", &report, input_of("Sign", 4), None).await), []);
    let before = s.rows().await;
    for verb in ["Accept", "Return"] {
        assert_eq!(codes(&act(&hats, verb, &report, input_of(verb, 5), None).await), ["FORBIDDEN"], "{verb}");
    }
    assert_eq!(s.rows().await, before);
    assert_eq!(errors(&act(&s.office, "Accept", &report, input_of("Accept", 5), None).await), []);
}

const SWITCH: &str = "mutation($id: ID!, $input: UnitReportSigningSetInput!) { unitReportSigningSet(id: $id, input: $input) { unit { reportSigning version } userErrors { code message field } } }";

#[tokio::test]
async fn a_unit_switches_it_off_and_on() {
    let s = Stage::new().await;
    let unit = id(Kind::Unit, s.responsible_unit);
    let set = async |client: &Client, version: i64, required: bool| {
        let input = json!({ "expectedVersion": version, "required": required });
        client.payload(SWITCH, json!({ "id": unit, "input": input })).await
    };
    let before = s.rows().await;
    for (client, version, code) in [
        (&s.responsible, 1, "FORBIDDEN"),
        (&s.support, 1, "FORBIDDEN"),
        (&s.inspector, 1, "FORBIDDEN"),
        (&s.signer, 2, "STALE"),
    ] {
        assert_eq!(codes(&set(client, version, true).await), [code]);
    }
    assert_eq!(s.rows().await, before);
    let mut version = 1;
    for (client, required) in [(&s.signer, true), (&s.admin, false), (&s.both, true)] {
        let done = set(client, version, required).await;
        version += 1;
        assert_eq!(errors(&done), []);
        assert_eq!(done["unit"], json!({ "reportSigning": required, "version": version }));
    }
    assert_eq!(s.count("audit_entry WHERE result = 'DONE' AND operation = 'unitReportSigningSet'").await, 3);
    // What waits for a signature when it is switched off still needs it, or is taken back.
    let (_, report) = handed_in(&s).await;
    set(&s.signer, version, false).await;
    assert_eq!(codes(&act(&s.office, "Accept", &report, input_of("Accept", 2), None).await), ["INVALID_STATE"]);
    act(&s.responsible, "Withdraw", &report, input_of("Withdraw", 2), None).await;
    let direct = act(&s.responsible, "Submit", &report, input_of("Submit", 3), None).await;
    assert_eq!(direct["progressReport"]["status"], "SUBMITTED");
}

#[tokio::test]
async fn who_may_switch_it_is_told_so_beforehand() {
    let s = Stage::new().await;
    let unit = id(Kind::Unit, s.responsible_unit);
    let query = "query($id: ID!) { unit(id: $id) { version viewerCan { edit { allowed } setReportSigning { allowed code reason } } } }";
    let everybody = [
        (&s.signer, true),
        (&s.both, true),
        (&s.admin, true),
        // An office beside the unit, not above it.
        (&s.office, false),
        (&s.responsible, false),
        (&s.lead, false),
        (&s.support, false),
        (&s.foreign, false),
        (&s.inspector, false),
    ];
    for (client, allowed) in everybody {
        let seen = client.data(query, json!({ "id": unit })).await["unit"].take();
        let may = &seen["viewerCan"]["setReportSigning"];
        assert_eq!(may["allowed"], allowed, "{may}");
        assert_eq!((may["code"] == "FORBIDDEN", may["reason"].is_string()), (!allowed, !allowed), "{may}");
        // The verb says the same.
        let input = json!({ "expectedVersion": seen["version"], "required": true });
        let done = client.payload(SWITCH, json!({ "id": unit, "input": input })).await;
        assert_eq!(done["userErrors"].as_array().unwrap().is_empty(), allowed, "{done}");
    }
    let groups = s
        .office
        .data("{ unitGroups(first: 1) { nodes { viewerCan { setReportSigning { allowed } } } } }", json!({}))
        .await;
    let groups = groups["unitGroups"]["nodes"].as_array().unwrap();
    assert!(groups.iter().all(|group| group["viewerCan"]["setReportSigning"].is_null()) && !groups.is_empty());
}
