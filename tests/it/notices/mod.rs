//! What people are told, and units that are urged.

mod accounts;
mod beyond;
mod digest;
mod moved;
mod no_longer;
mod publications;
mod rules;
mod told;
mod urging;

use serde_json::{Value, json};

use crate::mutation::reports_stage::Stage;
use crate::support::Client;

/// Delivers everything that waits.
pub async fn deliver(s: &Stage) -> usize {
    let mut messages = 0;
    loop {
        match s.t.service.notices_deliver().await.unwrap() {
            0 => return messages,
            more => messages += more,
        }
    }
}

/// What somebody is told, the latest first: kind, text, whether it was read.
pub async fn told(client: &Client) -> Vec<(String, String, bool)> {
    let data = client
        .data(
            "{ viewer { unreadCount notifications(first: 100) { totalCount nodes { id kind text readAt } } } }",
            json!({}),
        )
        .await;
    let page = &data["viewer"]["notifications"];
    let nodes = page["nodes"].as_array().unwrap();
    assert_eq!(page["totalCount"], nodes.len());
    let unread = nodes.iter().filter(|node| node["readAt"].is_null()).count();
    assert_eq!(data["viewer"]["unreadCount"], unread);
    let text = |node: &Value, field: &str| node[field].as_str().unwrap_or_default().to_owned();
    nodes.iter().map(|node| (text(node, "kind"), text(node, "text"), !node["readAt"].is_null())).collect()
}

/// The kinds of what somebody is told.
pub async fn kinds(client: &Client) -> Vec<String> {
    told(client).await.into_iter().map(|(kind, ..)| kind).collect()
}
