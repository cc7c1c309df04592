//! A short random walk through HTTP: the answers are those of a small table written by hand.

use serde_json::json;

use super::reports_stage::*;
use crate::support::lcg::Lcg;

/// What a verb makes of a state, for somebody who may.
fn table(verb: &str, state: &str, accepted: bool) -> Option<&'static str> {
    Some(match (verb, state) {
        ("Submit", "DRAFT" | "RETURNED") => "SIGNING",
        ("Sign", "SIGNING") => "SUBMITTED",
        ("SendBack", "SIGNING") | ("Withdraw", "SIGNING" | "SUBMITTED") | ("Correct", "ACCEPTED") => "DRAFT",
        ("Accept", "SUBMITTED") => "ACCEPTED",
        ("Return", "SUBMITTED") => "RETURNED",
        ("CorrectionCancel", "DRAFT" | "RETURNED") if accepted => "ACCEPTED",
        _ => return None,
    })
}

#[tokio::test]
async fn six_hundred_steps_through_http() {
    let s = Stage::new().await;
    s.two_signatures().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.responsible_unit, s.task).await;
    let report = text(&save(&s.responsible, full(&owed), None).await["progressReport"]["id"]);
    let (mut state, mut version, mut sent, mut counts) = ("DRAFT", 1, 0, None);
    let mut random = Lcg::new(2);
    let people = [("writes", &s.responsible), ("signs", &s.signer), ("office", &s.office), ("nobody", &s.foreign)];
    let mut done = std::collections::BTreeSet::new();
    for nth in 0..600 {
        let verbs =
            ["Submit", "Sign", "SendBack", "Withdraw", "Accept", "Return", "Correct", "CorrectionCancel", "Accept"];
        let verb = *random.pick(&verbs);
        let right = match verb {
            "Sign" | "SendBack" => 1,
            "Accept" | "Return" => 2,
            _ => 0,
        };
        // Mostly somebody who may.
        let who = if random.below(4) == 0 { random.below(4) } else { right };
        // The approver may write too, and then signs nothing himself; that is walked through elsewhere.
        let who = if who == 1 && right == 0 { 0 } else { who };
        let (name, client) = people[who];
        let payload = act(client, verb, &report, input_of(verb, version), None).await;
        let wanted = table(verb, state, counts.is_some()).filter(|_| who == right);
        let found = codes(&payload);
        assert_eq!(found.is_empty(), wanted.is_some(), "step {nth}: {name} {verb} on {state}: {found:?}");
        if let Some(next) = wanted {
            done.insert((verb, state));
            sent += i64::from(verb == "Sign");
            if verb == "Accept" {
                counts = Some(sent);
            }
            (state, version) = (next, version + 1);
        }
        let seen = s
            .office
            .data(
                "query($id: ID!) { progressReport(id: $id) { status version revision acceptedRevision } }",
                json!({ "id": report }),
            )
            .await;
        let wanted = json!({ "status": state, "version": version, "revision": sent, "acceptedRevision": counts });
        assert_eq!(seen["progressReport"], wanted, "step {nth}: {name} {verb}");
    }
    assert_eq!(done.len(), 11, "every way was gone: {done:?}");
    assert_eq!(s.count("progress_report_revision").await, sent);
}
