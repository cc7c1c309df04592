//! Every connection: the bounds of a page, and an order that cursors and offsets agree about, forwards and backwards.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use taizhang::id::{GlobalId, Kind};

use crate::support::introspection as schema;
use crate::support::{Client, World};

/// A connection as a path: how to get there, and the field.
struct Place {
    owner: &'static str,
    field: &'static str,
    /// The object it hangs on; none for the root.
    at: Option<String>,
    /// What it can't be asked without.
    needs: String,
    /// Who has many rows there.
    who: &'static str,
    orders: Vec<String>,
}

/// Every connection of the schema, on an object of the world that has many rows there.
fn places(world: &World) -> Vec<Place> {
    let report = world.rows.progress_report.iter().max_by_key(|r| r.revision).unwrap().id;
    let at = |owner: &str| {
        Some(match owner {
            "Query" | "Viewer" | "ViewerWork" => return None,
            "Unit" => world.id(Kind::Unit, "a"),
            "User" => world.id(Kind::User, "@office"),
            "ServiceAccount" => world.id(Kind::User, "@machine-lists"),
            "UnitGroup" => world.id(Kind::UnitGroup, "group"),
            "TaskList" => world.id(Kind::TaskList, "issued"),
            "Section" => world.id(Kind::Section, "s1.2"),
            "Task" => world.id(Kind::Task, "t2"),
            "ReportingPeriod" | "CloseGate" => world.id(Kind::ReportingPeriod, "p2"),
            "ReportObligation" => {
                let asked =
                    world.rows.extension_request.iter().find(|e| e.id == world.get("resp1 asks in p2, PENDING"));
                GlobalId::new(Kind::ReportObligation, asked.unwrap().report_obligation_id).to_string()
            }
            "UrgeNotice" => world.id(Kind::UrgeNotice, "urge1"),
            "Amendment" => world.id(Kind::Amendment, "amendment 1"),
            "LookBack" => world.id(Kind::LookBack, "round-done"),
            "LookBackItem" => world.id(Kind::LookBackItem, "round-done: t1 resp1"),
            "Rectification" => world.id(Kind::Rectification, "rect-resp1"),
            "LineageCoverage" => world.id(Kind::TaskList, "upper"),
            "Publication" => world.id(Kind::Publication, "progress withdrawn"),
            "PublicationStep" => world.id(Kind::PublicationStep, "progress withdrawn: SECRECY_REVIEW"),
            "ProgressReport" => GlobalId::new(Kind::ProgressReport, report).to_string(),
            other => panic!("say where a connection of {other} has many rows"),
        })
    };
    let mut places = Vec::new();
    for of in schema::types().iter().filter(|t| t["kind"] == "OBJECT") {
        let owner = of["name"].as_str().unwrap();
        for field in schema::fields(owner) {
            if schema::node_of(schema::named(&field["type"])).is_none() {
                continue;
            }
            let mut orders = vec![String::new()];
            if let Some(order) = field["args"].as_array().unwrap().iter().find(|a| a["name"] == "orderBy") {
                let by = schema::type_of(schema::named(&order["type"]))["inputFields"].as_array().unwrap();
                let by = schema::named(&by.iter().find(|f| f["name"] == "field").unwrap()["type"]);
                for word in schema::type_of(by)["enumValues"].as_array().unwrap() {
                    for direction in ["ASC", "DESC"] {
                        let word = word["name"].as_str().unwrap();
                        orders.push(format!(", orderBy: {{ field: {word}, direction: {direction} }}"));
                    }
                }
            }
            let field = field["name"].as_str().unwrap();
            // Nothing open is overdue in the world; tests/it/status/work.rs looks at it.
            if (owner, field) == ("ViewerWork", "overdue") {
                continue;
            }
            let needs = match field {
                "reportingMatrix" => format!("period: \"{}\", ", world.id(Kind::ReportingPeriod, "p2")),
                _ => String::new(),
            };
            let who = match field {
                "toReport" | "returned" | "toRectify" | "toReply" => "resp1",
                "toSign" => "resp1-approver",
                "auditEntries" => "audit-admin",
                "serviceAccounts" | "secrets" => "system-admin",
                "roleGrants" | "roleGrantRequests" => "security-admin",
                _ => "office",
            };
            let at =
                if (owner, field) == ("Section", "children") { Some(world.id(Kind::Section, "s1")) } else { at(owner) };
            places.push(Place { owner, field, at, needs, who, orders });
        }
    }
    places
}

impl Place {
    fn query(&self, arguments: &str) -> String {
        let inner = format!(
            "{}({}{arguments}) {{ totalCount edges {{ cursor node {{ __typename }} }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }}",
            self.field, self.needs
        );
        match &self.at {
            None if self.owner == "ViewerWork" => format!("{{ viewer {{ work {{ {inner} }} }} }}"),
            None if self.owner == "Viewer" => format!("{{ viewer {{ {inner} }} }}"),
            None => format!("{{ {inner} }}"),
            Some(id) if self.owner == "CloseGate" => {
                format!("{{ node(id: \"{id}\") {{ ... on ReportingPeriod {{ closeGate {{ {inner} }} }} }} }}")
            }
            Some(id) if self.owner == "LineageCoverage" => {
                format!("{{ lineageCoverage(id: \"{id}\") {{ {inner} }} }}")
            }
            // A service account is reached by the list of them.
            Some(_) if self.owner == "ServiceAccount" => {
                format!("{{ serviceAccounts(first: 200) {{ nodes {{ {inner} }} }} }}")
            }
            Some(id) => format!("{{ node(id: \"{id}\") {{ ... on {} {{ {inner} }} }} }}", self.owner),
        }
    }

    async fn ask(&self, client: &Client, arguments: &str) -> Value {
        let data = client.data(&self.query(arguments), json!({})).await;
        match (&self.at, self.owner) {
            (Some(_), "ServiceAccount") => {
                let all =
                    data["serviceAccounts"]["nodes"].as_array().unwrap().iter().map(|one| one[self.field].clone());
                all.max_by_key(|page| page["totalCount"].as_i64()).unwrap()
            }
            (Some(_), "LineageCoverage") => data["lineageCoverage"][self.field].clone(),
            (Some(_), "CloseGate") => data["node"]["closeGate"][self.field].clone(),
            (Some(_), _) => data["node"][self.field].clone(),
            (None, "ViewerWork") => data["viewer"]["work"][self.field].clone(),
            (None, "Viewer") => data["viewer"][self.field].clone(),
            (None, _) => data[self.field].clone(),
        }
    }

    async fn refusal(&self, client: &Client, arguments: &str) -> String {
        let answer = client.answer(&self.query(arguments), json!({})).await;
        answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none").to_owned()
    }
}

fn cursors(page: &Value) -> Vec<String> {
    page["edges"].as_array().unwrap().iter().map(|edge| edge["cursor"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cursors_and_offsets_agree_in_every_order() {
    let world = World::new().await;
    let (mut connections, mut orders) = (0, 0);
    for place in places(&world) {
        connections += 1;
        for order in &place.orders {
            orders += 1;
            let name = format!("{}.{}{order}", place.owner, place.field);
            let whole = place.ask(world.client(place.who), &format!("first: 200{order}")).await;
            let all = cursors(&whole);
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{name}: cursors twice");
            assert_eq!(whole["totalCount"], all.len(), "{name}");
            assert!(!all.is_empty(), "{name}: nothing to page through");
            assert_eq!(whole["pageInfo"]["hasNextPage"], false, "{name}");
            let step = all.len() / 3 + 1;

            let (mut forward, mut after) = (Vec::new(), String::new());
            loop {
                let page = place.ask(world.client(place.who), &format!("first: {step}{after}{order}")).await;
                let by_offset = place
                    .ask(world.client(place.who), &format!("first: {step}, offset: {}{order}", forward.len()))
                    .await;
                assert_eq!(cursors(&page), cursors(&by_offset), "{name}: offset and cursor disagree");
                forward.extend(cursors(&page));
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
                after = format!(", after: \"{}\"", page["pageInfo"]["endCursor"].as_str().unwrap());
            }
            assert_eq!(forward, all, "{name}: forwards");

            let (mut backward, mut before) = (Vec::new(), String::new());
            loop {
                let page = place.ask(world.client(place.who), &format!("last: {step}{before}{order}")).await;
                backward = [cursors(&page), backward].concat();
                if page["pageInfo"]["hasPreviousPage"] == false {
                    break;
                }
                before = format!(", before: \"{}\"", page["pageInfo"]["startCursor"].as_str().unwrap());
            }
            assert_eq!(backward, all, "{name}: backwards");
        }
    }
    println!("{connections} connections in {orders} orders");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_has_one_to_two_hundred_rows() {
    let world = World::new().await;

    for place in places(&world) {
        let name = format!("{}.{}", place.owner, place.field);
        let all = place.ask(world.client(place.who), "first: 200").await["totalCount"].as_u64().unwrap();
        for size in [1, 200] {
            for which in ["first", "last"] {
                let page = place.ask(world.client(place.who), &format!("{which}: {size}")).await;
                assert_eq!(cursors(&page).len() as u64, all.min(size), "{name}({which}: {size})");
                assert_eq!(page["totalCount"], all, "{name}");
            }
        }
        let page = place.ask(world.client(place.who), "offset: 0").await;
        assert_eq!(cursors(&page).len() as u64, all.min(20), "{name}: the default is 20");
        let page = place.ask(world.client(place.who), &format!("first: 5, offset: {all}")).await;
        assert_eq!((cursors(&page).len(), page["totalCount"].as_u64()), (0, Some(all)), "{name}: past the end");
        for bad in [
            "first: 0",
            "first: 201",
            "first: -1",
            "last: 0",
            "last: 201",
            "last: -1",
            "offset: -1",
            "first: 2, last: 2",
            "first: 2, before: \"x\"",
            "last: 2, after: \"x\"",
            "first: 2, after: \"no cursor\"",
            "first: 2, after: \"\"",
        ] {
            let code = place.refusal(world.client(place.who), bad).await;
            assert!(matches!(code.as_str(), "BAD_REQUEST" | "QUERY_TOO_COMPLEX"), "{name}({bad}): {code}");
        }
    }
}

/// A cursor is a place in an order, no key: with somebody else's, or with one of another order, nothing hidden comes.
#[tokio::test]
async fn a_cursor_of_somebody_else_opens_nothing() {
    let world = World::new().await;
    let whole = "{ tasks(first: 100) { totalCount edges { cursor node { id } } } }";
    let office = world.client("office").data(whole, json!({})).await;
    let supporter = world.client("supp");
    let own = supporter.data(whole, json!({})).await;
    let own: BTreeSet<String> =
        own["tasks"]["edges"].as_array().unwrap().iter().map(|e| e["node"]["id"].to_string()).collect();
    for edge in office["tasks"]["edges"].as_array().unwrap() {
        let query = "query($c: String) { tasks(first: 100, after: $c) { totalCount nodes { id } } }";
        let data = supporter.data(query, json!({ "c": edge["cursor"] })).await;
        assert_eq!(data["tasks"]["totalCount"], own.len());
        assert!(data["tasks"]["nodes"].as_array().unwrap().iter().all(|node| own.contains(&node["id"].to_string())));
        let other = "query($c: String) { tasks(first: 5, after: $c, orderBy: { field: UPDATED_AT }) { totalCount } x: tasks(first: 5, after: $c, orderBy: { field: UPDATED_AT }) { nodes { id } } }";
        let answer = supporter.answer(other, json!({ "c": edge["cursor"] })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{answer}");
    }
}

/// Days, moments and cursors are written by whoever asks: what PostgreSQL can't hold is refused on both engines alike.
#[tokio::test]
async fn days_and_cursors_outside_the_years_are_refused() {
    use base64::Engine as _;
    let world = World::new().await;
    let office = world.client("office");
    let cursor = |value: serde_json::Value| {
        let place = json!([value, uuid::Uuid::nil()]).to_string();
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(place)
    };
    let pages = [
        ("tasks(first: 5, after: $c, orderBy: { field: UPDATED_AT })", json!("-4800-01-01T00:00:00Z")),
        ("tasks(first: 5, after: $c, orderBy: { field: UPDATED_AT })", json!("+262000-01-01T00:00:00Z")),
        ("reportObligations(first: 5, after: $c, orderBy: { field: DUE_ON })", json!("-4800-01-01")),
        ("units(first: 5, after: $c, orderBy: { field: CODE })", json!("a\0b")),
    ];
    for (page, value) in pages {
        let query = format!("query($c: String) {{ {page} {{ nodes {{ id }} }} }}");
        let answer = office.answer(&query, json!({ "c": cursor(value.clone()) })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{value}: {answer}");
        assert!(answer["data"].is_null(), "{value}: {answer}");
    }
    for (kind, field, day) in [
        ("Date", "dueOn", "0001-01-01"),
        ("Date", "dueOn", "1899-12-31"),
        ("Date", "dueOn", "2201-01-01"),
        ("DateTime", "submittedAt", "-4800-01-01T00:00:00Z"),
        ("DateTime", "submittedAt", "0000-01-01T00:00:00Z"),
    ] {
        let root = if kind == "Date" { "reportObligations" } else { "progressReports" };
        let query = format!("query($d: {kind}) {{ {root}(filter: {{ {field}: {{ gt: $d }} }}) {{ totalCount }} }}");
        let answer = office.answer(&query, json!({ "d": day })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{day}: {answer}");
        // RFC 3339 knows no years before our era.
        let said = if day.starts_with('-') { "looks like" } else { "1900 to 2200" };
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains(said), "{day}: {answer}");
        assert!(answer["data"].is_null(), "{day}: {answer}");
    }
    let data = office
        .data(
            "{ reportObligations(filter: { dueOn: { gt: \"1900-01-01\", lt: \"2200-12-31\" } }) { totalCount } }",
            json!({}),
        )
        .await;
    assert!(data["reportObligations"]["totalCount"].as_u64().unwrap() > 0);
}
