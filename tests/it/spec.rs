//! What taizhang relies on in async-graphql 7.0.19. When one of these fails after an upgrade, read STACK first: newer
//! versions lose keys of failing fields and answer in completion order.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_graphql::{EmptySubscription, Error, Object, Schema};
use serde_json::json;

struct Thing;

#[Object]
impl Thing {
    async fn slow(&self) -> i32 {
        tokio::time::sleep(Duration::from_millis(30)).await;
        1
    }

    async fn quick(&self) -> i32 {
        2
    }

    async fn fails(&self) -> Result<i32, Error> {
        Err(Error::new("no"))
    }

    async fn may_fail(&self) -> Result<Option<i32>, Error> {
        Err(Error::new("no"))
    }

    async fn hidden(&self, ctx: &async_graphql::Context<'_>) -> Option<i32> {
        ctx.add_error(async_graphql::ServerError::new("not for you", Some(ctx.item.pos)));
        None
    }
}

struct Query;

#[Object]
impl Query {
    async fn thing(&self) -> Option<Thing> {
        Some(Thing)
    }

    async fn things(&self) -> Vec<Option<Thing>> {
        vec![Some(Thing), Some(Thing)]
    }

    async fn other(&self) -> i32 {
        3
    }
}

struct Mutation(Arc<Mutex<Vec<i32>>>);

#[Object]
impl Mutation {
    async fn step(&self, n: i32, fail: Option<bool>) -> Result<i32, Error> {
        // The first is the slowest: only a serial run keeps their order.
        tokio::time::sleep(Duration::from_millis(u64::try_from(30 - n * 10).unwrap())).await;
        self.0.lock().unwrap().push(n);
        if fail == Some(true) { Err(Error::new("no")) } else { Ok(n) }
    }
}

async fn answer(query: &str) -> (String, usize, Vec<i32>) {
    let done = Arc::new(Mutex::new(Vec::new()));
    let schema = Schema::new(Query, Mutation(Arc::clone(&done)), EmptySubscription);
    let response = schema.execute(query).await;
    let done = done.lock().unwrap().clone();
    (serde_json::to_string(&response.data).unwrap(), response.errors.len(), done)
}

#[test]
fn the_version_is_the_pinned_one() {
    let lock = include_str!("../../Cargo.lock");
    for name in
        ["async-graphql", "async-graphql-parser", "async-graphql-value", "async-graphql-derive", "async-graphql-axum"]
    {
        let entry = format!("name = \"{name}\"\nversion = \"7.0.19\"");
        assert!(lock.contains(&entry), "{name} is not 7.0.19");
    }
}

#[tokio::test]
async fn keys_come_in_the_order_asked_however_long_they_take() {
    let (data, errors, _) = answer("{ thing { slow quick b: slow a: quick } other }").await;
    assert_eq!(data, r#"{"thing":{"slow":1,"quick":2,"b":1,"a":2},"other":3}"#);
    assert_eq!(errors, 0);
}

#[tokio::test]
async fn a_failing_non_null_field_nulls_its_parent_and_keeps_its_key() {
    let (data, errors, _) = answer("{ thing { quick fails } other }").await;
    assert_eq!(
        data,
        json!({ "thing": null, "other": 3 })
            .to_string()
            .replace(r#"{"other":3,"thing":null}"#, r#"{"thing":null,"other":3}"#)
    );
    assert_eq!(errors, 1);
    let (data, errors, _) = answer("{ things { fails } other }").await;
    assert_eq!(data, r#"{"things":[null,null],"other":3}"#);
    assert_eq!(errors, 2);
}

/// Not what the specification says, and why expected outcomes are values and "not for you" is `None` beside an error.
#[tokio::test]
async fn an_error_in_a_nullable_field_nulls_the_parent_too() {
    let (data, errors, _) = answer("{ thing { quick mayFail } other }").await;
    assert_eq!(data, r#"{"thing":null,"other":3}"#);
    assert_eq!(errors, 1);
}

#[tokio::test]
async fn an_error_added_to_the_context_leaves_the_parent_alone() {
    let (data, errors, _) = answer("{ thing { quick hidden } }").await;
    assert_eq!(data, r#"{"thing":{"quick":2,"hidden":null}}"#);
    assert_eq!(errors, 1);
}

#[tokio::test]
async fn mutations_run_one_after_the_other_and_stop_at_an_error() {
    let (data, errors, done) = answer("mutation { a: step(n: 1) b: step(n: 2) c: step(n: 3) }").await;
    assert_eq!((data.as_str(), errors), (r#"{"a":1,"b":2,"c":3}"#, 0));
    assert_eq!(done, [1, 2, 3]);
    let (_, errors, done) = answer("mutation { a: step(n: 1) b: step(n: 2, fail: true) c: step(n: 3) }").await;
    assert_eq!(errors, 1);
    assert_eq!(done, [1, 2], "what stands behind an error is not run");
}

/// Why the envelope refuses it: the library would run it twice.
#[tokio::test]
async fn the_same_mutation_written_twice_runs_twice() {
    let (_, _, done) = answer("mutation { step(n: 1) step(n: 1) }").await;
    assert_eq!(done, [1, 1]);
}
