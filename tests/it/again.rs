//! Calls that are sent again with their `clientMutationId` (F4).

use chidao::clock::Clock;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::harness::{Actor, Home, World, both};

const CREATE: &str =
    "mutation($input: CreateServiceInput!) { createService(input: $input) { service { id } userErrors { code rule path message } } }";

/// A server of that home, at an instant that goes on by microseconds.
async fn begin_at(home: &Home, instant: &str) -> World {
    let config = home.config();
    let last: DateTime<Utc> = instant.parse().unwrap();
    let clock = Clock::fixed_after(config.zone, Clock::system(config.zone).day_of(last), last);
    World::begin_by(config, clock).await
}

fn named(name: &str) -> Value {
    json!({ "input": { "displayName": name, "clientMutationId": "k-1" } })
}

/// Makes a service with the one key; answers its id.
async fn made(actor: &Actor<'_>, name: &str) -> String {
    actor.data(CREATE, named(name)).await.text("/createService/service/id")
}

async fn assert_refused(actor: &Actor<'_>, name: &str) {
    let refused = actor.ask(CREATE, named(name)).await.refusals();
    assert!(refused.len() == 1 && refused[0].starts_with("IDEMPOTENCY_MISMATCH F4 clientMutationId: "), "{name}: {refused:?}");
}

async fn services(actor: &Actor<'_>) -> usize {
    let answer = actor.data("{ principals(first: 100) { nodes { __typename } } }", json!({})).await;
    answer.texts("/principals/nodes", "/__typename").iter().filter(|sort| *sort == "Service").count()
}

both! {
    async fn f4_a_key_stands_for_one_call_of_one_principal_for_24_hours(home: &Home) {
        let world = begin_at(home, "2020-12-02T13:00:00Z").await;
        let operator = world.operator().await;
        let other = world.user("hai", "ADMIN", "").await;
        let (one, two) = (made(&operator, "một").await, made(&other, "hai").await);
        assert_ne!(one, two, "another principal's key is another key");
        assert_eq!([made(&operator, "một").await, made(&other, "hai").await], [one.clone(), two.clone()]);
        assert_refused(&operator, "hai").await;
        assert_eq!(services(&operator).await, 2, "each was done once");
        world.end().await;

        let world = begin_at(home, "2020-12-03T12:59:00Z").await;
        let (operator, other) = (world.log_in("admin").await, world.log_in("hai").await);
        assert_eq!([made(&operator, "một").await, made(&other, "hai").await], [one.clone(), two.clone()], "for 24 hours");
        assert_refused(&operator, "ba").await;
        assert_eq!(services(&operator).await, 2);
        world.end().await;

        let world = begin_at(home, "2020-12-03T13:01:00Z").await;
        let (operator, other) = (world.log_in("admin").await, world.log_in("hai").await);
        let three = made(&operator, "ba").await;
        let again = made(&other, "hai").await;
        assert!(three != one && again != two, "after its end it stands for a new call, with whatever input");
        assert_eq!([made(&operator, "ba").await, made(&other, "hai").await], [three, again], "and for that one from then on");
        assert_refused(&operator, "một").await;
        assert_eq!(services(&operator).await, 4);
        world.end().await;
    }
}
