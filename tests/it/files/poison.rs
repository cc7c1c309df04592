//! Files made to do harm come in like all others: each gets a plain sentence or a list, and the server goes on.

use serde_json::json;
use taizhang::id::{GlobalId, Kind};

use super::{put, scene};
use crate::readers::poison;

#[tokio::test]
async fn poison_that_is_sent_harms_nobody() {
    let s = scene(|_| {}).await;
    let query = "mutation($input: TaskListImportInput!) { taskListImport(input: $input) {
        taskCount userErrors { code message field } } }";
    let (mut sent, mut refused, mut read) = (0, 0, 0);
    for (what, name, bytes, never) in poison::every(5) {
        let kept = put(&s.office, name, bytes).await;
        sent += 1;
        if !kept.status.is_success() {
            assert!(kept.status.is_client_error(), "{what}: {}", kept.status);
            refused += 1;
            continue;
        }
        let issuer = GlobalId::new(Kind::Unit, s.unit).to_string();
        let input = json!({ "issuer": issuer, "file": kept.id(), "dryRun": true });
        let answer = s.office.data(query, json!({ "input": input })).await["taskListImport"].clone();
        let errors = answer["userErrors"].as_array().unwrap();
        assert!(errors.iter().all(|e| e["message"].as_str().unwrap().chars().count() > 4), "{what}: {answer}");
        assert!(!never || !errors.is_empty(), "{what}: {answer}");
        if errors.is_empty() {
            read += 1
        } else {
            refused += 1
        }
        let alive = s.office.data("{ viewer { unit { name } } }", json!({})).await;
        assert!(alive["viewer"]["unit"]["name"].is_string(), "{what}");
    }
    println!("{sent} poison files sent: {refused} refused, {read} read");
    assert!(sent >= 12 && refused >= 8, "{sent} {refused} {read}");
    assert_eq!(s.count("task_list").await, 0);
}
