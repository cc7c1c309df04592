//! Probes: every path of the schema to depth 4, with own, foreign and absent identifiers, filters, orders and totals, each
//! answer compared with the reference policy.
//!
//! What counts as one probe: one root field of one request of one principal, with its own path, identifiers and filters.

mod paths;
mod probe;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use taizhang::clock::day_of;
use taizhang::id::{GlobalId, Kind};

use self::probe::{Probe, Tally};
use crate::support::introspection as schema;
use crate::support::lcg::Lcg;
use crate::support::policy::Policy;
use crate::support::world::{World, key, phone};

const PROBES: usize = 10_000;
const SEED: u64 = 20_260_701;

/// The numbers of the world; none of them may stand in an answer.
fn has_clear_phone(text: &str, phones: &BTreeSet<String>) -> bool {
    text.match_indices("138").any(|(at, _)| text.get(at..at + 11).is_some_and(|number| phones.contains(number)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_probes_agree_with_the_reference_policy() {
    let world = World::new().await;
    let today = day_of(world.t.service.clock().now());
    let paths = paths::all(4);
    let people: Vec<_> = world.principals().collect();
    let policies: Vec<_> = people.iter().map(|(name, _)| Policy::new(&world.rows, world.user(name), today)).collect();
    let mut random = Lcg::new(SEED);
    let (mut tally, mut asked, mut wrong, mut turn) = (Tally::default(), 0, Vec::new(), 0);
    let mut used = BTreeSet::new();
    let phones: BTreeSet<String> = (0..2_000).map(phone).collect();
    let (mut serving, begun) = (Duration::ZERO, Instant::now());

    while asked < PROBES {
        let (policy, (_, client)) = (&policies[turn % people.len()], &people[turn % people.len()]);
        turn += 1;
        let mut probes = Vec::new();
        for alias in 0..8 {
            // All paths in turn first, each under some principal; chance afterwards.
            let nth = asked + alias;
            let nth = if nth < paths.len() { nth } else { random.below(paths.len()) };
            used.insert(nth);
            probes.push(Probe::new(alias, &paths[nth], policy, &mut random));
        }
        let query = format!("{{ {} }}", probes.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n"));
        let sent = Instant::now();
        let (status, bytes) = client.send(&query, json!({})).await;
        serving += sent.elapsed();
        let text = String::from_utf8(bytes).unwrap();
        assert!(!has_clear_phone(&text, &phones), "a clear number: {query}\n{text}");
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert!(status == 200 && answer["errors"].is_null(), "{query}\n{answer:#}");
        for (alias, probe) in probes.iter().enumerate() {
            if let Err(what) = probe.check(policy, &answer["data"][format!("p{alias}")], &mut tally) {
                wrong.push(what);
            }
        }
        asked += probes.len();
    }
    println!(
        "{asked} probes on {} paths by {} principals over {} rows: {} objects, {} totals, {} absences, {} values compared; {:?}, of which {:?} serving",
        used.len(),
        people.len(),
        world.rows.len(),
        tally.objects,
        tally.totals,
        tally.absences,
        tally.values,
        begun.elapsed(),
        serving,
    );
    assert!(used.len() == paths.len(), "paths left out");
    let shown: Vec<_> = wrong.iter().take(8).map(|w| w.chars().take(1_500).collect::<String>()).collect();
    assert!(wrong.is_empty(), "{} probes disagree:\n{}", wrong.len(), shown.join("\n\n"));
}

/// Every identifier of every kind at once, by `nodes`: exactly the visible ones come.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_gives_exactly_what_is_visible() {
    let world = World::new().await;
    let today = day_of(world.t.service.clock().now());
    let kinds: Vec<&str> = schema::type_of("Node")["possibleTypes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["name"].as_str().unwrap())
        .collect();
    let mut compared = 0;
    for (name, client) in world.principals() {
        let policy = Policy::new(&world.rows, world.user(name), today);
        let mut everything: Vec<(&str, uuid::Uuid)> = Vec::new();
        for kind in &kinds {
            everything.extend(policy.all(kind).into_iter().map(|id| (*kind, id)));
            everything.push((kind, key(999_999)));
        }
        for part in everything.chunks(100) {
            let ids: Vec<_> = part
                .iter()
                .map(|(of, id)| GlobalId::new(crate::support::policy::filters::kind_of(of), *id).to_string())
                .collect();
            let data =
                client.data("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", json!({ "ids": ids })).await;
            for ((of, id), (text, node)) in part.iter().zip(ids.iter().zip(data["nodes"].as_array().unwrap())) {
                let expected = if policy.sees(of, *id) { json!({ "__typename": of, "id": text }) } else { Value::Null };
                assert_eq!(*node, expected, "{name}: {of} {text}");
                compared += 1;
            }
        }
    }
    println!("{compared} identifiers compared");
    assert!(compared > 10_000);
}

/// Identifiers that are forged: of another kind, misspelt, not ours. All are the client's mistake, whatever they name.
#[tokio::test]
async fn forged_identifiers_say_nothing_about_what_exists() {
    let world = World::new().await;
    let list = world.get("issued");
    for (name, client) in world.principals() {
        let mut answers = BTreeSet::new();
        // A list's key dressed as a task: right UUID, wrong kind of thing.
        for forged in [
            GlobalId::new(Kind::TaskList, list).to_string(),
            GlobalId::new(Kind::TaskList, key(999_998)).to_string(),
            GlobalId::new(Kind::Unit, world.get("b")).to_string(),
            format!("task_{list}"),
            list.to_string(),
            "task_00000000000000000000000000!".to_owned(),
            String::new(),
        ] {
            let answer = client.answer("query($id: ID!) { task(id: $id) { id } }", json!({ "id": forged })).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{name}: {forged}: {answer}");
            answers.insert(answer["errors"][0]["message"].to_string());
        }
        assert_eq!(answers.len(), 1, "{name} can tell forged identifiers apart: {answers:?}");
        let dressed = GlobalId::new(Kind::Task, list).to_string();
        let data = client.data("query($id: ID!) { task(id: $id) { id } }", json!({ "id": dressed })).await;
        assert!(data["task"].is_null(), "{name}: a list's key opened a task");
    }
}
