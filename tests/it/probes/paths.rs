//! Every path of the schema to a depth, read from the schema itself.

use crate::support::introspection as schema;

/// One step of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub field: &'static str,
    /// The type of the objects it leads to.
    pub to: &'static str,
    /// A page of a connection.
    pub connection: bool,
    /// A plain list.
    pub list: bool,
    pub filtered: bool,
    pub ordered: Option<&'static str>,
}

/// Objects that are values and have nothing behind them; the values themselves are compared elsewhere.
fn is_value(name: &str) -> bool {
    name.ends_with("Permissions")
        || matches!(
            name,
            "Permission"
                | "ReportingPeriodChart"
                | "RollUp"
                | "ScheduledPeriod"
                | "CompletionCount"
                | "DeadlineRule"
                | "RevisionChanges"
                | "TextSegment"
        )
        // Compared row by row and cell by cell in tests/it/status/reference.rs.
        || matches!(name, "ReportingStatusRowConnection" | "ReportingMatrixRowConnection")
        || matches!(name, "ReportDue" | "ViewerWorkCounts")
        || matches!(name, "AmendmentSnapshot" | "RedlineText" | "TaskListAcknowledgement")
        // Compared byte by byte in tests/it/publishing.
        || name == "PublicationDocument"
        // Looked at in tests/it/auth.
        || name == "ViewerSignIn"
}

/// The fields of a type that lead to objects.
pub fn steps(of: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for field in schema::fields(of) {
        let inner = schema::named(&field["type"]);
        if !schema::is_object(inner) || is_value(inner) || inner.starts_with("__") || inner == "Node" {
            continue;
        }
        let node = schema::node_of(inner);
        let args = schema::args(field);
        let order = field["args"].as_array().unwrap().iter().find(|a| a["name"] == "orderBy");
        steps.push(Step {
            field: field["name"].as_str().unwrap(),
            to: node.unwrap_or(inner),
            connection: node.is_some(),
            list: schema::is_list(&field["type"]),
            filtered: args.contains(&"filter"),
            ordered: order.map(|a| schema::named(&a["type"])),
        });
    }
    steps
}

/// Every path of at most `depth` steps from the queries, through `node` too.
pub fn all(depth: usize) -> Vec<Vec<Step>> {
    let mut paths = Vec::new();
    let mut begun: Vec<Vec<Step>> = steps("Query").into_iter().map(|step| vec![step]).collect();
    for kind in schema::type_of("Node")["possibleTypes"].as_array().unwrap() {
        let to = kind["name"].as_str().unwrap();
        begun.push(vec![Step { field: "node", to, connection: false, list: false, filtered: false, ordered: None }]);
    }
    while let Some(path) = begun.pop() {
        if path.len() < depth {
            let last = path.last().unwrap();
            begun.extend(steps(last.to).into_iter().map(|step| [path.as_slice(), &[step]].concat()));
        }
        paths.push(path);
    }
    paths
}
