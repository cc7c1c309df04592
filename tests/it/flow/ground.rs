//! The ground of a year: the place with all its people, a clock that is moved by hand, and short ways to ask.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::vocabulary::{Role, UserKind};
use serde_json::{Value, json};
use taizhang::authz::Scope;
use taizhang::clock::day_of;
use taizhang::documents::units_json::Jurisdiction;
use taizhang::id::{GlobalId, Kind};
use taizhang::service::operator::{NewGrant, NewUser};
use uuid::Uuid;

use super::model::{Key, Model};
use super::papers::{Papers, elsewhere};
use crate::status::COUNTS;
use crate::support::{Client, TestApp};

/// A place through a year.
pub struct Year {
    pub t: TestApp,
    pub papers: Papers,
    pub year: i32,
    /// Codes and their units.
    pub units: BTreeMap<String, Uuid>,
    /// Units whose approver signs.
    pub signing: Vec<String>,
    /// The list, once it is there.
    pub list: String,
    pub books: Model,
    /// Units under another name than on paper.
    pub renamed: BTreeMap<String, String>,
    /// What else was made and is nobody's business who has no part in it.
    pub made: Vec<String>,
    people: BTreeMap<String, Uuid>,
    signed_in: tokio::sync::Mutex<BTreeMap<String, Client>>,
}

impl Year {
    /// The place as its operator sets it up in January: units and groups, a reporter and an approver in each unit, two
    /// officers and three more who review what is published, an inspector, the three administrators, and the office of
    /// another county.
    pub async fn begin(papers: Papers) -> Self {
        let t = TestApp::new().await;
        let year = papers.list.year;
        t.clock.set(format!("{year}-01-06T01:00:00Z").parse().unwrap());
        let root = t.service.place_import(&papers.place).await.unwrap().root;
        let other = elsewhere();
        let foreign = t.service.place_import(&other).await.unwrap().root;
        let mut units = BTreeMap::new();
        for unit in &papers.place.units {
            units.insert(unit.id.clone(), t.unit(root, &unit.id).await);
        }
        let books = Model::of(&papers.place, &papers.list);
        let mut y = Self {
            t,
            year,
            units,
            signing: Vec::new(),
            list: String::new(),
            books,
            renamed: BTreeMap::new(),
            made: Vec::new(),
            people: BTreeMap::new(),
            signed_in: tokio::sync::Mutex::default(),
            papers,
        };
        let office = y.units[&y.papers.place.office];
        for (code, unit) in y.units.clone() {
            y.add(&format!("填报 {code}"), unit, Role::Reporter, unit).await;
            y.add(&format!("审签 {code}"), unit, Role::Approver, unit).await;
        }
        for login in ["office", "deputy", "content", "secrecy", "chief"] {
            y.add(login, office, Role::Office, root).await;
        }
        y.add("inspector", office, Role::Inspector, root).await;
        y.add("system", office, Role::SystemAdmin, root).await;
        y.add("security", office, Role::SecurityAdmin, root).await;
        y.add("audit", office, Role::AuditAdmin, root).await;
        let there = y.t.unit(foreign, "linzhou.zfb").await;
        y.add("foreign office", there, Role::Office, foreign).await;
        let there = y.t.unit(foreign, "linzhou.jyj").await;
        y.add("foreign unit", there, Role::Reporter, there).await;
        y
    }

    /// Somebody new.
    pub async fn add(&mut self, login: &str, unit: Uuid, role: Role, at: Uuid) {
        self.appoint(login, unit, &[(role, at)]).await;
    }

    /// Somebody new with several parts.
    pub async fn appoint(&mut self, login: &str, unit: Uuid, grants: &[(Role, Uuid)]) {
        let client = self.t.user(login, unit, grants).await;
        self.people.insert(login.to_owned(), client.user.unwrap());
        self.signed_in.lock().await.insert(login.to_owned(), client);
    }

    /// Somebody, signed in today.
    pub async fn who(&self, login: &str) -> Client {
        let mut signed_in = self.signed_in.lock().await;
        if let Some(client) = signed_in.get(login) {
            return client.clone();
        }
        let user = *self.people.get(login).unwrap_or_else(|| panic!("nobody is {login}"));
        let client = self.t.sign_in(user).await;
        signed_in.insert(login.to_owned(), client.clone());
        client
    }

    pub async fn office(&self) -> Client {
        self.who("office").await
    }

    /// Who writes for a unit.
    pub async fn reporter(&self, unit: &str) -> Client {
        self.who(&format!("填报 {unit}")).await
    }

    /// Who signs for a unit.
    pub async fn approver(&self, unit: &str) -> Client {
        self.who(&format!("审签 {unit}")).await
    }

    /// What somebody did is done by somebody else from now on.
    pub async fn takes_over(&mut self, before: &str, after: &str) {
        let user = self.people[after];
        self.people.insert(before.to_owned(), user);
        self.signed_in.lock().await.remove(before);
    }

    /// A unit reports through its own system from now on.
    pub async fn by_machine(&mut self, unit: &str) {
        let at = self.units[unit];
        let scopes = vec![Scope::ListsRead, Scope::ReportsRead, Scope::ReportsWrite];
        let machine = NewUser {
            kind: UserKind::Service,
            login: format!("系统 {unit}"),
            display_name: "虚构公文系统".to_owned(),
            unit: at,
            grants: vec![NewGrant { role: Role::Integration, unit: at, scopes }],
        };
        let user = self.t.service.user_add(machine).await.unwrap();
        self.people.insert(format!("系统 {unit}"), user);
        self.takes_over(&format!("填报 {unit}"), &format!("系统 {unit}")).await;
    }

    /// Another day, ten in the morning; everybody signs in anew.
    pub async fn day(&self, day: NaiveDate) {
        assert!(day > self.today(), "{day}: time runs one way");
        self.t.clock.set(format!("{day}T02:00:00Z").parse().unwrap());
        self.signed_in.lock().await.clear();
    }

    pub fn today(&self) -> NaiveDate {
        day_of(self.t.service.clock().now())
    }

    /// A day of this year; months from 13 are those of the next.
    pub fn date(&self, month: u32, day: u32) -> NaiveDate {
        let (year, month) = if month > 12 { (self.year + 1, month - 12) } else { (self.year, month) };
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    pub fn unit_id(&self, code: &str) -> String {
        GlobalId::new(Kind::Unit, self.units[code]).to_string()
    }

    /// Lets the workers do what there is: schedules, notices, exports. How many periods opened.
    pub async fn workers(&self) -> usize {
        let opened = self.t.service.schedules_open_due().await.unwrap();
        while self.t.service.notices_deliver().await.unwrap() > 0 {}
        while self.t.service.export_next().await.unwrap() {}
        opened
    }

    /// How many rows there are.
    pub async fn count(&self, from: &str) -> i64 {
        use sea_orm::{ConnectionTrait, Statement};
        let db = self.t.database.raw().await;
        let sql = Statement::from_string(db.get_database_backend(), format!("SELECT COUNT(*) AS n FROM {from}"));
        db.query_one_raw(sql).await.unwrap().unwrap().try_get("", "n").unwrap()
    }

    /// The version of the list.
    pub async fn list_version(&self) -> i64 {
        let data = ask(&self.office().await, "taskList(id: $id) { version }", &self.list).await;
        int(&data["taskList"]["version"])
    }

    /// Units of the cast by what they owe, the least first: everybody who owes at least two reports.
    pub fn crew(&self) -> Vec<String> {
        let mut owes: BTreeMap<&String, usize> = BTreeMap::new();
        for (_, unit) in self.books.owing() {
            *owes.entry(unit).or_default() += 1;
        }
        let mut crew: Vec<(usize, &String)> =
            owes.into_iter().map(|(unit, n)| (n, unit)).filter(|(n, _)| *n > 1).collect();
        crew.sort();
        crew.into_iter().map(|(_, unit)| unit.clone()).filter(|unit| *unit != self.papers.place.office).collect()
    }

    /// The sums of one period, or of all, as somebody gets them, against the books: the whole and every part, whatever
    /// they are put together by.
    pub async fn compare(&self, who: &Client, span: Option<usize>, seen: impl Fn(&Key) -> bool) {
        let spans: Vec<usize> = span.map_or_else(|| (0..self.books.spans.len()).collect(), |span| vec![span]);
        let filter = match span {
            Some(span) => format!("period: \"{}\"", self.books.spans[span].id),
            None => format!("taskList: \"{}\"", self.list),
        };
        let today = self.today();
        self.compare_with(who, &filter, |by| self.books.sums(&spans, by, today, &seen)).await;
    }

    pub async fn compare_with(&self, who: &Client, filter: &str, sums: impl Fn(&str) -> super::model::Sums) {
        for by in ["UNIT", "SECTION", "LEAD", "GROUP", "LIST"] {
            let query = format!(
                "{{ reportingStatus({filter}, groupBy: {by}, first: 200) {{ totalCount totals {{ {COUNTS} }} nodes {{
                    unit {{ code }} section {{ label }} unitGroup {{ code }} taskList {{ id }} counts {{ {COUNTS} }} }} }} }}"
            );
            let answer = who.data(&query, json!({})).await["reportingStatus"].take();
            let (totals, rows) = sums(by);
            assert_eq!(answer["totals"], Value::Object(totals), "{by} {filter} on {}", self.today());
            let mut given = BTreeMap::new();
            for node in answer["nodes"].as_array().unwrap() {
                let list = node["taskList"]["id"].as_str().map(|_| "list");
                let key = [&node["unit"]["code"], &node["section"]["label"], &node["unitGroup"]["code"]];
                let key = key.into_iter().find_map(Value::as_str).or(list).map(str::to_owned);
                assert!(given.insert(key, node["counts"].as_object().unwrap().clone()).is_none());
            }
            assert_eq!(given, rows, "{by} {filter} on {}", self.today());
            assert_eq!(answer["totalCount"], rows.len());
        }
    }
}

/// Asks with an id.
pub async fn ask(who: &Client, selection: &str, id: &str) -> Value {
    who.data(&format!("query($id: ID!) {{ {selection} }}"), json!({ "id": id })).await
}

/// Every row of a connection, page by page; what is counted is what comes.
pub async fn pages(who: &Client, connection: &str, arguments: &str, fields: &str) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let query = format!(
            "query($after: String) {{ {connection}(first: 200, after: $after{arguments}) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {fields} }} }} }}"
        );
        let page = who.data(&query, json!({ "after": after })).await[connection].take();
        all.extend(page["nodes"].as_array().unwrap().iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"], all.len(), "{connection} {arguments}");
            return all;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Calls a verb; its payload.
pub async fn verb(who: &Client, name: &str, input_type: &str, id: Option<&str>, input: Value, fields: &str) -> Value {
    let (declared, given) = if id.is_some() { ("$id: ID!, ", "id: $id, ") } else { ("", "") };
    let query = format!(
        "mutation({declared}$input: {input_type}!) {{ {name}({given}input: $input) {{ {fields} userErrors {{ code message field }} }} }}"
    );
    who.payload(&query, json!({ "id": id, "input": input })).await
}

/// The payload of a verb that has to go well.
pub fn done(payload: Value) -> Value {
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    payload
}

/// The codes of a verb that has to be refused.
pub fn refused(payload: &Value) -> Vec<String> {
    let errors = payload["userErrors"].as_array().unwrap();
    assert!(!errors.is_empty(), "it was done: {payload:#}");
    errors.iter().map(|error| text(&error["code"])).collect()
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

pub fn int(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("no number: {value}"))
}

pub fn date(value: &Value) -> NaiveDate {
    text(value).parse().unwrap()
}

/// The place as it is imported.
pub fn names(place: &Jurisdiction) -> BTreeMap<String, String> {
    place.units.iter().map(|unit| (unit.id.clone(), unit.name.clone())).collect()
}
