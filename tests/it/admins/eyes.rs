//! None of the three sees business data: every root field, every object by its identifier, and files.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use taizhang::clock::day_of;
use taizhang::id::{GlobalId, Kind};

use crate::support::World;
use crate::support::introspection as schema;
use crate::support::policy::{Policy, TYPES, filters::kind_of};

const ADMINISTRATORS: [&str; 4] = ["system-admin", "system-admin-county", "security-admin", "audit-admin"];
/// What the three keep: the directory, people, their sessions and rights, and the trail; and what they are told of these.
const THEIRS: [&str; 11] = [
    "Unit",
    "UnitGroup",
    "UnitChange",
    "User",
    "Session",
    "ServiceAccountSecret",
    "ExternalIdentity",
    "RoleGrant",
    "RoleGrantRequest",
    "AuditEntry",
    "Notification",
];

#[tokio::test]
async fn no_object_of_the_business_is_there_for_them() {
    let world = World::new().await;
    let today = day_of(world.t.service.clock().now());
    let policy = Policy::new(&world.rows, world.user("office"), today);
    for who in ADMINISTRATORS {
        let client = world.client(who);
        let mut asked = 0;
        for of in TYPES.into_iter().filter(|of| !THEIRS.contains(of)) {
            let all: Vec<String> =
                policy.all(of).into_iter().map(|id| GlobalId::new(kind_of(of), id).to_string()).collect();
            assert!(!all.is_empty(), "{of}");
            for some in all.chunks(100) {
                let data = client
                    .data("query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }", json!({ "ids": some }))
                    .await;
                asked += some.len();
                for (id, node) in some.iter().zip(data["nodes"].as_array().unwrap()) {
                    assert!(node.is_null(), "{who} sees {of} {id}");
                }
            }
        }
        assert!(asked > 400, "{asked}");
        let told = client
            .data("{ viewer { notifications(first: 200) { nodes { id taskList { id } period { id } } } } }", json!({}));
        for node in told.await["viewer"]["notifications"]["nodes"].as_array().unwrap() {
            let id = node["id"].as_str().unwrap().parse::<GlobalId>().unwrap().uuid;
            let row = world.rows.notification.iter().find(|row| row.id == id).unwrap();
            assert!(row.kind.is_of_account() && node["taskList"].is_null(), "{who} is told of {:?}", row.kind);
        }
    }
    // Every kind of identifier belongs to one of the two.
    let kinds: BTreeSet<Kind> = TYPES.into_iter().map(kind_of).collect();
    assert_eq!(kinds, Kind::ALL.iter().copied().collect());
}

/// The arguments that a root field cannot do without, one set for each thing it may be asked about.
fn arguments(world: &World, field: &Value) -> Vec<String> {
    let name = field["name"].as_str().unwrap();
    match name {
        "unit" => vec![format!("id: \"{}\"", world.id(Kind::Unit, "a"))],
        "unitGroup" => vec![format!("id: \"{}\"", world.id(Kind::UnitGroup, "group"))],
        "taskList" | "lineageCoverage" => vec![format!("id: \"{}\"", world.id(Kind::TaskList, "issued"))],
        "task" => vec![format!("id: \"{}\"", world.id(Kind::Task, "t1"))],
        "reportingPeriod" => vec![format!("id: \"{}\"", world.id(Kind::ReportingPeriod, "p2"))],
        "reportingMatrix" => vec![format!("period: \"{}\"", world.id(Kind::ReportingPeriod, "p2"))],
        "reportingPeriodChart" => {
            vec![format!("id: \"{}\", kind: RECEIPT", world.id(Kind::ReportingPeriod, "p2"))]
        }
        "progressReport" => {
            let report = world.rows.progress_report[0].id;
            vec![format!("id: \"{}\"", GlobalId::new(Kind::ProgressReport, report))]
        }
        "lookBack" => vec![format!("id: \"{}\"", world.id(Kind::LookBack, "round-done"))],
        "rectification" => vec![format!("id: \"{}\"", world.id(Kind::Rectification, "rect-resp1"))],
        "publication" | "publicationDocument" => {
            vec![format!("id: \"{}\"", world.id(Kind::Publication, "list published"))]
        }
        "node" => ["@office", "@lead1"].map(|who| format!("id: \"{}\"", world.id(Kind::User, who))).into(),
        "nodes" => vec![format!("ids: [\"{}\"]", world.id(Kind::User, "@resp1"))],
        "reportingStatus" => ["UNIT", "LIST", "LEAD", "GROUP", "SECTION"].map(|by| format!("groupBy: {by}")).into(),
        _ => vec![String::new()],
    }
}

fn bare(kind: &str) -> bool {
    matches!(kind, "SCALAR" | "ENUM")
}

/// Everything below a type, so many steps deep, without what needs arguments.
fn everything(of: &str, steps: usize) -> String {
    let kind = schema::type_of(of);
    if kind["kind"] == "INTERFACE" {
        let inner =
            if steps == 0 { String::new() } else { format!(" ... on User {{ {} }}", everything("User", steps - 1)) };
        return format!("__typename id{inner}");
    }
    let mut text = "__typename".to_owned();
    for field in kind["fields"].as_array().into_iter().flatten() {
        let needs = |argument: &Value| argument["type"]["kind"] == "NON_NULL" && argument["defaultValue"].is_null();
        if field["args"].as_array().unwrap().iter().any(needs) {
            continue;
        }
        let (name, target) = (field["name"].as_str().unwrap(), schema::named(&field["type"]));
        if bare(schema::type_of(target)["kind"].as_str().unwrap()) {
            text.push_str(&format!(" {name}"));
        } else if steps > 0 && name != "edges" {
            text.push_str(&format!(" {name} {{ {} }}", everything(target, steps - 1)));
        }
    }
    text
}

#[tokio::test]
async fn no_root_field_leads_them_to_business_data() {
    let world = World::new().await;
    let mut secrets: BTreeSet<String> = BTreeSet::new();
    secrets.extend(world.rows.task_list.iter().map(|row| row.title.clone()));
    secrets.extend(world.rows.task.iter().filter_map(|row| row.title.clone()));
    secrets.extend(world.rows.progress_report.iter().map(|row| row.narrative.clone()));
    secrets.extend(world.rows.file.iter().map(|row| row.name.clone()));
    secrets.extend(world.rows.reporting_period.iter().map(|row| row.label.clone()));
    secrets.retain(|secret| secret.chars().count() > 3);
    let kinds: Vec<String> =
        TYPES.into_iter().filter(|of| !THEIRS.contains(of)).map(|of| format!("\"{}_", kind_of(of).prefix())).collect();
    for who in ADMINISTRATORS {
        let client = world.client(who);
        let (mut asked, mut refused) = (0, Vec::new());
        for field in schema::fields("Query") {
            let (name, target) = (field["name"].as_str().unwrap(), schema::named(&field["type"]));
            for arguments in arguments(&world, field) {
                let arguments = if arguments.is_empty() { arguments } else { format!("({arguments})") };
                // As deep as the limits let it go.
                let mut answer = Value::Null;
                for steps in (0..=3).rev() {
                    let query = format!("{{ {name}{arguments} {{ {} }} }}", everything(target, steps));
                    answer = client.answer(&query, json!({})).await;
                    if answer["errors"].is_null() {
                        asked += 1;
                        break;
                    }
                }
                if !answer["errors"].is_null() {
                    refused.push(format!("{name}: {answer}"));
                }
                let mut text = answer.to_string();
                // The trail and the rights name objects by identifiers that lead nowhere.
                if matches!(name, "auditEntries" | "roleGrants" | "roleGrantRequests") {
                    text =
                        text.replace("\"objectId\":\"", "\"objectId\":\"-").replace("\"lists\":[\"", "\"lists\":[\"-");
                }
                for secret in &secrets {
                    assert!(!text.contains(secret.as_str()), "{who} reads “{secret}” by {name}");
                }
                for kind in &kinds {
                    assert!(!text.contains(kind.as_str()), "{who} finds a {kind} by {name}: {text}");
                }
            }
        }
        assert!(refused.is_empty(), "{who} could not ask {refused:?}");
        assert!(asked >= schema::fields("Query").len(), "{asked}");
    }
}

#[tokio::test]
async fn no_file_is_theirs() {
    let world = World::new().await;
    for who in ADMINISTRATORS {
        let client = world.client(who);
        for file in world.rows.file.iter().step_by(3) {
            let path = format!("/files/{}", GlobalId::new(Kind::File, file.id));
            let answer = client.request(Request::get(path).body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status(), 404, "{who}");
        }
        let list = world.id(Kind::TaskList, "issued");
        let query =
            "{ viewer { files { totalCount } exports { totalCount } work { counts { toReport toReview toSign } } } }";
        let data = client.data(query, json!({})).await;
        let none = json!({ "totalCount": 0 });
        let counts = json!({ "toReport": 0, "toReview": 0, "toSign": 0 });
        let viewer = json!({ "files": none, "exports": none, "work": { "counts": counts } });
        assert_eq!(data["viewer"], viewer, "{who}");
        let export = "mutation($id: ID!, $input: TaskListExportInput!) { taskListExport(id: $id, input: $input) { userErrors { code } } }";
        let answer =
            client.answer(export, json!({ "id": list, "input": { "view": "LEDGER", "format": "XLSX" } })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{who}: {answer}");
        assert_eq!(answer["errors"][0]["message"], "您的角色不能进行此项操作。", "{who}");
    }
}
