//! 三员分立: rights are asked for by one person and given by another, and who gives them sees no business data.

mod address;
mod database;
mod eyes;
mod keep;
mod lifted;
mod quiet;
mod races;
mod refused;
mod second_person;
mod two_people;

use entity::vocabulary::Role;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use taizhang::id::{GlobalId, Kind};
use uuid::Uuid;

use crate::support::{Client, TestApp};

const PLACES: &str = r#"{ "format": "taizhang-units/1", "jurisdictions": [
  { "key": "yunting", "name": "云汀市（虚构）", "office": "zfb", "list": [], "groups": [],
    "units": [{ "id": "zfb", "name": "市政府办公室" }, { "id": "fgj", "name": "市发展和改革局" },
      { "id": "liudu", "name": "柳渡县（虚构）" }, { "id": "liudu.fgj", "name": "柳渡县发展和改革局", "parent": "liudu" }] },
  { "key": "qingshi", "name": "青石市（虚构）", "office": "qingshi.zfb", "list": [], "groups": [],
    "units": [{ "id": "qingshi.zfb", "name": "市政府办公室" }] }] }"#;

/// A place with its administrators, and another one.
pub struct Scene {
    pub t: TestApp,
    pub root: Uuid,
    pub unit: Uuid,
    pub county: Uuid,
    pub elsewhere: Uuid,
    pub system: Client,
    pub security: Client,
    pub second: Client,
    pub audit: Client,
    /// Somebody of the business, without any right yet.
    pub newcomer: Client,
}

impl Scene {
    pub async fn new() -> Self {
        let t = TestApp::new().await;
        let places = t.places(PLACES).await;
        let (root, elsewhere) = (places[0].1, places[1].1);
        let (unit, county) = (t.unit(root, "fgj").await, t.unit(root, "liudu").await);
        Self {
            system: t.user("system", root, &[(Role::SystemAdmin, root)]).await,
            security: t.user("security", root, &[(Role::SecurityAdmin, root)]).await,
            second: t.user("second", root, &[(Role::SecurityAdmin, root)]).await,
            audit: t.user("audit", root, &[(Role::AuditAdmin, root)]).await,
            newcomer: t.user("newcomer", unit, &[]).await,
            t,
            root,
            unit,
            county,
            elsewhere,
        }
    }

    /// A user of the administration without any right.
    pub async fn candidate(&self, login: &str) -> Client {
        let query = "mutation($input: UserInviteInput!) { userInvite(input: $input) { user { id realm } userErrors { code } } }";
        let unit = GlobalId::new(Kind::Unit, self.root).to_string();
        let input = json!({ "unit": unit, "login": login, "displayName": "候选（虚构）", "realm": "ADMINISTRATION" });
        let made = self.system.payload(query, json!({ "input": input })).await;
        assert_eq!(made["user"]["realm"], "ADMINISTRATION", "{made:#}");
        let user: GlobalId = made["user"]["id"].as_str().unwrap().parse().unwrap();
        self.t.sign_in(user.uuid).await
    }

    /// The same user with a token of this moment.
    pub async fn again(&self, client: &Client) -> Client {
        self.t.sign_in(client.user.unwrap()).await
    }

    pub fn right(&self, user: &Client, role: &str, unit: Uuid) -> Value {
        json!({ "user": user_id(user), "role": role, "unit": GlobalId::new(Kind::Unit, unit).to_string(), "reason": "工作需要" })
    }

    /// A request that waits.
    pub async fn asked(&self, by: &Client, user: &Client, role: &str, unit: Uuid) -> String {
        let asked = ask(by, self.right(user, role, unit)).await;
        assert_eq!(asked["userErrors"], json!([]), "{asked:#}");
        asked["roleGrantRequest"]["id"].as_str().unwrap().to_owned()
    }

    /// The rights that somebody has, by role, as the next request finds them.
    pub async fn roles(&self, of: &Client) -> Vec<String> {
        let data = of.data("{ viewer { grants { role } } }", json!({})).await;
        let grants = data["viewer"]["grants"].as_array().unwrap();
        grants.iter().map(|grant| grant["role"].as_str().unwrap().to_owned()).collect()
    }

    /// The right that somebody has, as whoever keeps rights sees it.
    pub async fn grant_of(&self, user: &Client) -> Value {
        let filter = json!({ "user": { "eq": user_id(user) }, "inForce": true });
        let query = "query($filter: RoleGrantFilter) { roleGrants(filter: $filter) { nodes { id version role inForce
            request { id } viewerCan { revoke { allowed code } } } } }";
        let data = self.security.data(query, json!({ "filter": filter })).await;
        let nodes = data["roleGrants"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 1, "{data:#}");
        nodes[0].clone()
    }

    pub async fn count(&self, what: &str) -> i64 {
        let db = self.t.database.raw().await;
        let sql = format!("SELECT COUNT(*) AS n FROM {what}");
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
        row.try_get("", "n").unwrap()
    }
}

pub fn user_id(client: &Client) -> String {
    GlobalId::new(Kind::User, client.user.unwrap()).to_string()
}

pub async fn ask(by: &Client, input: Value) -> Value {
    let query = "mutation($input: RoleGrantRequestInput!) { roleGrantRequest(input: $input) {
        roleGrantRequest { id status version lapsesAt lists scopes validUntil viewerCan { approve { allowed code } withdraw { allowed } } }
        userErrors { code field message } } }";
    by.payload(query, json!({ "input": input })).await
}

pub async fn approve(by: &Client, id: &str, version: i32) -> Value {
    let query = "mutation($id: ID!, $input: RoleGrantApproveInput!) { roleGrantApprove(id: $id, input: $input) {
        roleGrantRequest { status version decidedBy { id } decisionReason } userErrors { code field message } } }";
    by.payload(query, json!({ "id": id, "input": { "expectedVersion": version, "reason": "同意" } })).await
}

pub async fn refuse(by: &Client, id: &str, reason: &str) -> Value {
    let query = "mutation($id: ID!, $input: RoleGrantReasonInput!) { roleGrantRefuse(id: $id, input: $input) {
        roleGrantRequest { status decisionReason } userErrors { code field } } }";
    by.payload(query, json!({ "id": id, "input": { "expectedVersion": 1, "reason": reason } })).await
}

pub async fn withdraw(by: &Client, id: &str) -> Value {
    let query = "mutation($id: ID!, $input: VersionInput!) { roleGrantRequestWithdraw(id: $id, input: $input) {
        roleGrantRequest { status } userErrors { code } } }";
    by.payload(query, json!({ "id": id, "input": { "expectedVersion": 1 } })).await
}

pub async fn revoke(by: &Client, grant: &Value, reason: &str) -> Value {
    let query = "mutation($id: ID!, $input: RoleGrantReasonInput!) { roleGrantRevoke(id: $id, input: $input) {
        roleGrant { inForce endReason endedBy { id } viewerCan { revoke { code } } } userErrors { code message } } }";
    let input = json!({ "expectedVersion": grant["version"], "reason": reason });
    by.payload(query, json!({ "id": grant["id"], "input": input })).await
}

/// The code of the first thing that is wrong; null when nothing is.
pub fn code(payload: &Value) -> &Value {
    &payload["userErrors"][0]["code"]
}
