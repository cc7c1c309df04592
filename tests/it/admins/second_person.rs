//! One-time passwords are taken away by two people; one of them alone becomes nobody else.

use chrono::TimeDelta;
use taizhang::config::{Limits, PasswordProfile, TotpFor};

use super::*;
use crate::auth::scene::{OTHER, PASSWORD, Scene as Door};
use crate::auth::totp::{enrolled, shown};

const RESET: &str = "mutation($id: ID!, $input: UserPasswordResetInput!) { userPasswordReset(id: $id, input: $input) {
    user { version totpRemoval { status requestedBy { id } lapsesAt } } code userErrors { code } } }";

/// An office user with one-time passwords, and those who keep him.
struct House {
    d: Door,
    system: Client,
    security: Client,
    office: Uuid,
    secret: String,
}

impl House {
    async fn new() -> Self {
        let d = Door::with(Limits::default(), PasswordProfile::Dengbao, TotpFor::AdministratorsAndOffice).await;
        let office = d.person("office", &[Role::Office]).await;
        let token = d.sign_in("office", PASSWORD).await.ok().access();
        let secret = enrolled(&d, &token).await;
        d.advance(TimeDelta::minutes(1));
        let system = d.newcomer("system", &[Role::SystemAdmin]).await;
        let security = d.newcomer("security", &[Role::SecurityAdmin]).await;
        Self { system: d.t.sign_in(system).await, security: d.t.sign_in(security).await, d, office, secret }
    }

    /// A reset by the system administrator, taken up by him.
    async fn reset(&self, user: Uuid, version: i32, remove_totp: bool) -> Value {
        let input = json!({ "expectedVersion": version, "removeTotp": remove_totp });
        let done = self.system.payload(RESET, json!({ "id": self.d.id(user), "input": input })).await;
        assert_eq!(done["userErrors"], json!([]), "{done:#}");
        self.d.send("/auth/accept", json!({ "code": done["code"], "password": OTHER })).await.ok();
        done["user"].clone()
    }

    async fn decide(&self, by: &Client, verb: &str, user: Uuid, version: i32) -> Value {
        let query = format!(
            "mutation($id: ID!, $input: VersionInput!) {{ userTotpRemoval{verb}(id: $id, input: $input) {{
             user {{ totpRemoval {{ status decidedBy {{ id }} }} }} userErrors {{ code }} }} }}"
        );
        let variables = json!({ "id": self.d.id(user), "input": { "expectedVersion": version } });
        let answer = by.answer(&query, variables).await;
        if answer["errors"][0]["extensions"]["code"].is_string() {
            return json!({ "userErrors": [{ "code": answer["errors"][0]["extensions"]["code"] }] });
        }
        answer["data"][format!("userTotpRemoval{verb}")].clone()
    }
}

#[tokio::test]
async fn who_resets_does_not_take_the_second_factor_away_alone() {
    let h = House::new().await;
    let user = h.reset(h.office, 1, true).await;
    assert_eq!(user["totpRemoval"]["status"], "PENDING");
    assert_eq!(user["totpRemoval"]["requestedBy"]["id"], json!(user_id(&h.system)));
    assert_eq!(user["totpRemoval"]["lapsesAt"], "2026-07-15T01:01:00.000Z");
    // The password is known to whoever has the code, and that is not enough.
    assert_eq!(h.d.sign_in("office", OTHER).await.code(), "TOTP_REQUIRED");
    for by in [&h.system, &h.d.t.sign_in(h.office).await] {
        assert_eq!(code(&h.decide(by, "Approve", h.office, 2).await), "FORBIDDEN");
    }
    assert_eq!(h.d.sign_in("office", OTHER).await.code(), "TOTP_REQUIRED");
    assert_eq!(h.d.count("SELECT COUNT(*) FROM user_credential WHERE totp_confirmed_at IS NOT NULL").await, 1);
    // The one who has them has them still.
    let signed = h.d.sign_in_totp("office", OTHER, &shown(&h.d, &h.secret, 0)).await.ok().access();

    assert_eq!(code(&h.decide(&h.security, "Approve", h.office, 1).await), "STALE");
    let done = h.decide(&h.security, "Approve", h.office, 2).await;
    assert_eq!(done["userErrors"], json!([]), "{done:#}");
    let decided = json!({ "status": "GRANTED", "decidedBy": { "id": user_id(&h.security) } });
    assert_eq!(done["user"]["totpRemoval"], decided);
    assert!(!h.d.is_in(&signed).await);
    let signed = h.d.sign_in("office", OTHER).await.ok();
    assert_eq!(signed.json()["mustEnrolTotp"], true);
    let body = json!({ "password": OTHER });
    h.d.send_as(&signed.access(), "/auth/totp/enrol", body).await.ok();
    assert_eq!(code(&h.decide(&h.security, "Approve", h.office, 3).await), "INVALID_STATE", "once");
    for (operation, rows) in [("userTotpRemovalRequest", 1), ("userTotpRemovalApprove", 1)] {
        assert_eq!(h.d.audited(operation, "DONE").await, rows, "{operation}");
    }
    assert_eq!(h.d.audited("userTotpRemovalApprove", "REFUSED").await, 2);
}

/// Somebody who must have one-time passwords and has none yet: whoever resets his password would set up the first ones.
#[tokio::test]
async fn nor_does_he_set_up_the_first_one() {
    let h = House::new().await;
    let late = h.d.newcomer("late", &[Role::Office]).await;
    let user = h.reset(late, 1, false).await;
    assert_eq!(user["totpRemoval"]["status"], "PENDING", "without having asked for it");
    let signed = h.d.sign_in("late", OTHER).await.ok();
    assert_eq!(signed.json()["mustEnrolTotp"], true);
    let enrol = async || h.d.send_as(&signed.access(), "/auth/totp/enrol", json!({ "password": OTHER })).await;
    assert_eq!(enrol().await.code(), "INVALID_STATE");
    assert_eq!(h.d.client(&signed.access()).send("{ taskLists { totalCount } }", json!({})).await.0, 403);
    // Refused, it stays so; a reset asks anew.
    let done = h.decide(&h.security, "Refuse", late, 2).await;
    assert_eq!(done["user"]["totpRemoval"]["status"], "REFUSED");
    assert_eq!(enrol().await.code(), "INVALID_STATE");
    h.d.t.clock.advance(TimeDelta::hours(1));
    let system = h.d.t.sign_in(h.system.user.unwrap()).await;
    let done = system.payload(RESET, json!({ "id": h.d.id(late), "input": { "expectedVersion": 3 } })).await;
    h.d.send("/auth/accept", json!({ "code": done["code"], "password": PASSWORD })).await.ok();
    let done = h.decide(&h.d.t.sign_in(h.security.user.unwrap()).await, "Approve", late, 4).await;
    assert_eq!(done["userErrors"], json!([]), "{done:#}");
    let signed = h.d.sign_in("late", PASSWORD).await.ok();
    h.d.send_as(&signed.access(), "/auth/totp/enrol", json!({ "password": PASSWORD })).await.ok();
    // Who needs none waits for nobody.
    let reporter = h.d.newcomer("reporter", &[Role::Reporter]).await;
    let system = h.d.t.sign_in(h.system.user.unwrap()).await;
    let input = json!({ "expectedVersion": 1, "removeTotp": true });
    let done = system.payload(RESET, json!({ "id": h.d.id(reporter), "input": input })).await;
    assert_eq!((&done["userErrors"], &done["user"]["totpRemoval"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn refused_taken_back_declined_lapsed() {
    let h = House::new().await;
    let office = h.d.t.sign_in(h.office).await;
    let foreign = h.d.newcomer("reporter", &[Role::Reporter]).await;
    let foreign = h.d.t.sign_in(foreign).await;
    let mut version = 1;
    for (by, status) in [(&h.security, "REFUSED"), (&h.system, "WITHDRAWN"), (&office, "WITHDRAWN")] {
        let input = json!({ "expectedVersion": version, "removeTotp": true });
        let done = h.system.payload(RESET, json!({ "id": h.d.id(h.office), "input": input })).await;
        assert_eq!(done["userErrors"], json!([]), "{done:#}");
        version += 1;
        let nothing = h.decide(&foreign, "Refuse", h.office, version).await;
        assert_eq!(code(&nothing), "NOT_FOUND", "of another unit's people");
        let office = h.d.t.sign_in(h.office).await;
        let by = if by.user == office.user { &office } else { by };
        let done = h.decide(by, "Refuse", h.office, version).await;
        assert_eq!(done["user"]["totpRemoval"]["status"], status, "{done:#}");
        version += 1;
        assert_eq!(code(&h.decide(&h.security, "Approve", h.office, version).await), "INVALID_STATE");
    }
    h.reset(h.office, version, true).await;
    h.d.advance(TimeDelta::days(14));
    let security = h.d.t.sign_in(h.security.user.unwrap()).await;
    assert_eq!(code(&h.decide(&security, "Approve", h.office, version + 1).await), "INVALID_STATE");
    let query =
        "query($id: ID!) { node(id: $id) { ... on User { totpRemoval { status viewerCan { approve { code } } } } } }";
    let data = security.data(query, json!({ "id": h.d.id(h.office) })).await;
    let lapsed = json!({ "status": "LAPSED", "viewerCan": { "approve": { "code": "INVALID_STATE" } } });
    assert_eq!(data["node"]["totpRemoval"], lapsed);
    assert_eq!(h.d.count("SELECT COUNT(*) FROM user_credential WHERE totp_confirmed_at IS NOT NULL").await, 1);
    // The operator needs nobody beside him.
    h.d.t.service.operator_code(h.office, true).await.unwrap().unwrap();
    assert_eq!(h.d.count("SELECT COUNT(*) FROM user_credential WHERE totp_confirmed_at IS NOT NULL").await, 0);
    assert_eq!(h.d.count("SELECT COUNT(*) FROM totp_removal").await, 0);
}

/// What was right when it was asked for need not be right when it is decided.
#[tokio::test]
async fn who_asked_has_to_keep_him_still_and_he_has_to_be_kept() {
    let h = House::new().await;
    h.reset(h.office, 1, true).await;
    let raw = h.d.t.database.raw().await;
    let system = "(SELECT id FROM user_account WHERE login = 'system')";
    let end = |what: &str| format!("UPDATE role_grant SET ended_at = {what} WHERE user_id = {system}");
    raw.execute_unprepared(&end("created_at")).await.unwrap();
    assert_eq!(code(&h.decide(&h.security, "Approve", h.office, 2).await), "INVALID_STATE");
    raw.execute_unprepared(&end("NULL")).await.unwrap();
    // The database holds it too.
    for by in ["requested_by", "user_id"] {
        let sql = format!("UPDATE totp_removal SET status = 'GRANTED', decided_by = {by}");
        let refused = raw.execute_unprepared(&sql).await.unwrap_err().to_string().to_lowercase();
        assert!(refused.contains("check"), "{refused}");
    }
    assert!(raw.execute_unprepared("UPDATE totp_removal SET status = 'GRANTED'").await.is_err());
    let done = h.decide(&h.security, "Approve", h.office, 2).await;
    assert_eq!(done["userErrors"], json!([]), "{done:#}");
}
