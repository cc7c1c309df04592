//! Who owes what: figures against a reference, on past days, in pages, and in how many statements.

mod changed;
mod late;
mod past;
mod reference;
mod speed;
mod work;

use serde_json::{Value, json};

use crate::n_plus_one::{list_of, statements};
use crate::support::Client;

/// Every figure of a row.
pub const COUNTS: &str = "expected received submitted accepted returned missing nothingToReport notApplicable onTime late \
     notDue overdue noDate";

/// The figures by units, all on one page.
pub async fn by_unit(client: &Client, as_of: Option<&str>) -> Value {
    let query = format!(
        "query($day: Date) {{ reportingStatus(asOf: $day, first: 200) {{ asOf totalCount totals {{ {COUNTS} }}
            nodes {{ unit {{ id }} counts {{ {COUNTS} }} }} }} }}"
    );
    client.data(&query, json!({ "day": as_of })).await["reportingStatus"].take()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_rows_take_as_many_statements_as_one() {
    let (small, large) = (list_of(8, 2).await, list_of(30, 12).await);
    let period = "query($id: ID!) { taskList(id: $id) { reportingPeriods { nodes { id } } } }";
    for query in [
        "query($id: ID!) { reportingStatus(taskList: $id, first: 31) { totalCount totals { expected } nodes { unit { name } counts { late } } } }",
        "query($id: ID!) { reportingStatus(taskList: $id, groupBy: SECTION) { nodes { section { title } counts { late } } } }",
        "query($id: ID!) { reportingStatus(taskList: $id, groupBy: LEAD) { nodes { unit { name } counts { late } } } }",
        "query($id: ID!) { reportingStatus(taskList: $id, groupBy: GROUP) { nodes { unitGroup { name } counts { late } } } }",
        "query($id: ID!) { reportingStatus(taskList: $id, groupBy: LIST, asOf: \"2026-06-30\") { nodes { taskList { title } counts { late } } } }",
        "query($id: ID!) { missingReports(taskList: $id, first: 31) { totalCount nodes { unit { name } task { number } due { on state daysOverdue workingDaysOverdue } } } }",
    ] {
        let one = statements(&small.0, &small.1, query, &small.2).await;
        let many = statements(&large.0, &large.1, query, &large.2).await;
        assert_eq!(one, many, "{query}");
        assert!(one <= 9, "{one} statements: {query}");
    }
    let matrix =
        "query($id: ID!) { reportingMatrix(period: $id, first: 31) { totalCount units { name } nodes { task { number }
        cells { unitId obligation { id } report { id version status completion } due { state } } } } }";
    let mut counts = Vec::new();
    for (t, office, list) in [&small, &large] {
        let data = office.data(period, json!({ "id": list })).await;
        let id = data["taskList"]["reportingPeriods"]["nodes"][0]["id"].as_str().unwrap().to_owned();
        counts.push(statements(t, office, matrix, &id).await);
    }
    assert_eq!(counts[0], counts[1], "the matrix");
    assert!(counts[0] <= 9, "{counts:?}");
}

#[tokio::test]
async fn the_pages_of_figures_are_the_whole() {
    let (_t, office, _) = list_of(2, 7).await;
    let query = "query($first: Int, $after: String, $last: Int, $before: String, $offset: Int) {
        reportingStatus(first: $first, after: $after, last: $last, before: $before, offset: $offset) {
            totalCount totals { expected } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            edges { cursor } nodes { unit { name } } } }";
    let ask = async |variables: Value| office.data(query, variables).await["reportingStatus"].take();
    let names = |page: &Value| -> Vec<String> {
        page["nodes"].as_array().unwrap().iter().map(|row| row["unit"]["name"].to_string()).collect()
    };
    let all = ask(json!({ "first": 200 })).await;
    assert_eq!((names(&all).len(), &all["totalCount"], &all["totals"]["expected"]), (7, &json!(7), &json!(14)));
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = ask(json!({ "first": 3, "after": after })).await;
        assert_eq!(page["totals"]["expected"], 14, "the totals are those of all pages");
        assert_eq!(page["pageInfo"]["hasPreviousPage"], !seen.is_empty());
        seen.extend(names(&page));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen, names(&all));
    assert_eq!(names(&ask(json!({ "first": 2, "offset": 4 })).await), seen[4..6]);
    let cursor = &all["edges"][5]["cursor"];
    assert_eq!(names(&ask(json!({ "last": 2, "before": cursor })).await), seen[3..5]);
    assert!(names(&ask(json!({ "first": 3, "offset": 50 })).await).is_empty());
    for (variables, code) in
        [(json!({ "first": 201 }), "BAD_REQUEST"), (json!({ "first": 1, "after": "?" }), "BAD_REQUEST")]
    {
        let answer = office.answer(query, variables).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code);
    }
    let answer = office.answer("{ reportingStatus(asOf: \"2026-07-02\") { totalCount } }", json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST", "the future is not known");
}

#[tokio::test]
async fn what_is_due_first_comes_first_and_pages_go_on_there() {
    let world = crate::support::World::new().await;
    let office = world.client("office");
    let query = "query($first: Int, $after: String, $desc: OrderDirection) {
        missingReports(first: $first, after: $after, orderBy: { field: DUE_ON, direction: $desc }) {
            totalCount pageInfo { hasNextPage endCursor } nodes { id due { on } } } }";
    for direction in ["ASC", "DESC"] {
        let all = office.data(query, json!({ "first": 200, "desc": direction })).await["missingReports"].take();
        let nodes = all["nodes"].as_array().unwrap().clone();
        assert_eq!(all["totalCount"], nodes.len());
        let days: Vec<String> = nodes.iter().map(|node| node["due"]["on"].as_str().unwrap().to_owned()).collect();
        let mut sorted = days.clone();
        sorted.sort();
        if direction == "DESC" {
            sorted.reverse();
        }
        assert_eq!(days, sorted);
        assert!(days.first() != days.last(), "there is more than one day");
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let variables = json!({ "first": 4, "after": after, "desc": direction });
            let page = office.data(query, variables).await["missingReports"].take();
            seen.extend(page["nodes"].as_array().unwrap().clone());
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(seen, nodes, "pages of four");
    }
    // A cursor of another order does not fit.
    let other = office.data("{ reportObligations(first: 1) { pageInfo { endCursor } } }", json!({})).await;
    let cursor = &other["reportObligations"]["pageInfo"]["endCursor"];
    let answer = office.answer(query, json!({ "first": 1, "after": cursor })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST");
}
