//! A token for less than is granted does less than is granted: in reads, in verbs, in files and in what is made later.

use serde_json::{Value, json};
use taizhang::id::{GlobalId, Kind};

use super::{Machine, secret};
use crate::files::put;
use crate::support::{Client, World};

const ALL: &str = "{ viewer { grants { scopes } exports { totalCount } files { totalCount } sessions { totalCount } }
    taskLists { totalCount } tasks { totalCount } reportObligations { totalCount } progressReports { totalCount } }";

async fn machine(world: &World, name: &str) -> Machine {
    secret(world.client("system-admin"), &GlobalId::new(Kind::User, world.user(name)).to_string(), json!({})).await
}

async fn counts(client: &Client) -> Vec<i64> {
    let data = client.data(ALL, json!({})).await;
    let fields = ["taskLists", "tasks", "reportObligations", "progressReports"];
    fields.iter().map(|field| data[*field]["totalCount"].as_i64().unwrap()).collect()
}

/// What comes of saving one of the unit's own reports with a version that there is not.
async fn saving(world: &World, client: &Client) -> String {
    let unit = world.get("resp1");
    let row = world.rows.progress_report.iter().find(|report| report.unit_id == unit).unwrap();
    let obligation = GlobalId::new(Kind::ReportObligation, row.report_obligation_id).to_string();
    let query =
        "mutation($input: ProgressReportSaveInput!) { progressReportSave(input: $input) { userErrors { code } } }";
    let input = json!({ "obligation": obligation, "expectedVersion": 999, "narrative": "改" });
    let done = client.payload(query, json!({ "input": input })).await;
    done["userErrors"][0]["code"].as_str().unwrap_or("DONE").to_owned()
}

#[tokio::test]
async fn a_narrow_token_reads_and_writes_only_what_it_was_asked_for() {
    let world = World::new().await;
    let (t, machine) = (&world.t, machine(&world, "machine-writes").await);
    let wide = t.bearing(&machine.token(&t.router).await);
    let whole = counts(&wide).await;
    assert!(whole.iter().all(|count| *count > 0), "{whole:?}");
    assert_ne!(saving(&world, &wide).await, "FORBIDDEN");

    let lists = t.bearing(&machine.narrow(&t.router, "lists:read").await);
    assert_eq!(counts(&lists).await, [whole[0], whole[1], 0, 0]);
    assert_eq!(saving(&world, &lists).await, "NOT_FOUND", "what is not visible is not there");
    assert_ne!(put(&lists, "a.txt", "虚构").await.status, 201);
    let reports = t.bearing(&machine.narrow(&t.router, "reports:read").await);
    assert_eq!(counts(&reports).await, [0, 0, whole[2], whole[3]]);
    assert_eq!(saving(&world, &reports).await, "FORBIDDEN");
    let both = t.bearing(&machine.narrow(&t.router, "reports:read lists:read").await);
    assert_eq!(counts(&both).await, whole);
    assert_eq!(saving(&world, &both).await, "FORBIDDEN");
    let seen = both.data(ALL, json!({})).await;
    assert_eq!(seen["viewer"]["grants"], json!([{ "scopes": ["lists:read", "reports:read"] }]));
    let write = t.bearing(&machine.narrow(&t.router, "reports:write reports:read lists:read").await);
    assert_ne!(saving(&world, &write).await, "FORBIDDEN");

    // It knows of no other session of the account and ends none.
    assert_eq!(seen["viewer"]["sessions"]["totalCount"], 1);
    let others = "mutation { sessionRevokeOthers { revoked userErrors { code } } }";
    let others = both.payload(others, json!({})).await;
    assert_eq!((&others["revoked"], &others["userErrors"][0]["code"]), (&json!(0), &json!("FORBIDDEN")));
    assert_eq!(counts(&wide).await, whole);
}

async fn export(world: &World, client: &Client, view: &str) -> Value {
    let query = "mutation($id: ID!, $input: TaskListExportInput!) { taskListExport(id: $id, input: $input) {
        exportJob { id } userErrors { code } } }";
    let id = world.id(Kind::TaskList, "issued");
    let period = (view != "LEDGER").then(|| world.id(Kind::ReportingPeriod, "p2"));
    let input = json!({ "view": view, "format": "XLSX", "period": period });
    client.payload(query, json!({ "id": id, "input": input })).await
}

#[tokio::test]
async fn what_one_token_had_made_is_not_there_for_a_narrower_one() {
    let world = World::new().await;
    let (t, machine) = (&world.t, machine(&world, "machine-both").await);
    let wide = t.bearing(&machine.token(&t.router).await);
    let lists = t.bearing(&machine.narrow(&t.router, "lists:read").await);
    assert_eq!(export(&world, &wide, "SUMMARY").await["userErrors"], json!([]));
    let own = export(&world, &lists, "LEDGER").await;
    assert_eq!(own["userErrors"], json!([]), "{own}");
    assert_ne!(export(&world, &lists, "SUMMARY").await["userErrors"], json!([]), "no period is visible to it");
    while t.service.export_next().await.unwrap() {}
    let seen = |client: Client| async move {
        let data = client.data(ALL, json!({})).await;
        (data["viewer"]["exports"]["totalCount"].clone(), data["viewer"]["files"]["totalCount"].clone())
    };
    assert_eq!(seen(wide.clone()).await, (json!(2), json!(2)));
    assert_eq!(seen(lists.clone()).await, (json!(1), json!(1)));
    let query = "{ viewer { exports { nodes { status view file { id } } } } }";
    let job = lists.data(query, json!({})).await["viewer"]["exports"]["nodes"][0].clone();
    assert_eq!((&job["status"], &job["view"]), (&json!("SUCCEEDED"), &json!("LEDGER")));
    let all = wide.data(query, json!({})).await["viewer"]["exports"]["nodes"].clone();
    for job in all.as_array().unwrap() {
        let file = job["file"]["id"].as_str().unwrap();
        let request = || axum::http::Request::get(format!("/files/{file}")).body(axum::body::Body::empty()).unwrap();
        assert_eq!(wide.request(request()).await.status(), 200);
        let status = lists.request(request()).await.status();
        assert_eq!(status == 200, job["view"] == "LEDGER", "{status} {job}");
    }
}

#[tokio::test]
async fn what_a_narrow_token_asks_for_is_made_with_its_rights_and_not_with_those_of_the_account() {
    let world = World::new().await;
    let (t, machine) = (&world.t, machine(&world, "machine-both").await);
    let lists = t.bearing(&machine.narrow(&t.router, "lists:read").await);
    assert_eq!(export(&world, &lists, "LEDGER").await["userErrors"], json!([]));
    // The grant goes before the file is made: the account may still do the other thing, and nothing is made.
    let sql = "UPDATE role_grant SET scopes = 'reports:read' WHERE scopes = 'lists:read reports:read'";
    crate::support::database::execute(&t.database.url, sql).await;
    while t.service.export_next().await.unwrap() {}
    let wide = t.bearing(&machine.token(&t.router).await);
    let jobs = "{ viewer { exports { totalCount } files { totalCount } } }";
    let seen = wide.data(jobs, json!({})).await;
    assert_eq!(seen["viewer"], json!({ "exports": { "totalCount": 0 }, "files": { "totalCount": 0 } }));
    let states = sea_orm::Statement::from_string(
        sea_orm::ConnectionTrait::get_database_backend(&t.database.raw().await),
        "SELECT COUNT(*) FROM export_job WHERE scopes = 'lists:read' AND status = 'FAILED'",
    );
    let row = sea_orm::ConnectionTrait::query_one_raw(&t.database.raw().await, states).await.unwrap().unwrap();
    assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 1);
}
