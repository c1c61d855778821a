//! What this project relies on in the pinned release of async-graphql, each seen to be otherwise in another release
//! (docs/decisions): a bump that changes it is noticed here, not by clients.

use std::time::Duration;

use async_graphql::{EmptyMutation, EmptySubscription, InputObject, MaybeUndefined, Object, Request, Schema, Variables};
use serde_json::{Value, json};

use crate::harness::both;

struct Query;

struct Parent;

#[derive(InputObject)]
struct Change {
    name: MaybeUndefined<String>,
}

#[Object]
impl Query {
    async fn parent(&self) -> Option<Parent> {
        Some(Parent)
    }
    async fn parents(&self) -> Vec<Parent> {
        vec![Parent, Parent]
    }
    async fn slow(&self) -> i32 {
        tokio::time::sleep(Duration::from_millis(30)).await;
        1
    }
    async fn quick(&self) -> i32 {
        2
    }
    async fn told(&self, name: MaybeUndefined<String>) -> String {
        spell(&name)
    }
    async fn changed(&self, change: Change) -> String {
        spell(&change.name)
    }
}

fn spell(name: &MaybeUndefined<String>) -> String {
    match name {
        MaybeUndefined::Undefined => "undefined".into(),
        MaybeUndefined::Null => "null".into(),
        MaybeUndefined::Value(name) => format!("value {name}"),
    }
}

#[Object]
impl Parent {
    async fn good(&self) -> i32 {
        1
    }
    async fn bad(&self) -> async_graphql::Result<i32> {
        Err("bad".into())
    }
    async fn optional(&self) -> Option<async_graphql::Result<i32>> {
        Some(Err("optional".into()))
    }
    async fn children(&self) -> Vec<Parent> {
        vec![Parent, Parent]
    }
}

/// The answer as it goes over the wire: the order of fields is part of it.
async fn answer(query: &str, variables: Value) -> (String, Vec<Value>) {
    let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
    let response = schema.execute(Request::new(query).variables(Variables::from_json(variables))).await;
    let paths = response.errors.iter().map(|error| serde_json::to_value(&error.path).unwrap()).collect();
    (serde_json::to_string(&response.data).unwrap(), paths)
}

#[tokio::test]
async fn an_error_in_a_field_that_is_never_null_nulls_its_parent() {
    let (data, paths) = answer("{ parent { good bad } quick }", json!({})).await;
    assert_eq!(data, r#"{"parent":null,"quick":2}"#);
    assert_eq!(paths, [json!(["parent", "bad"])]);
}

#[tokio::test]
async fn an_error_in_a_field_that_may_be_null_nulls_it_alone() {
    let (data, paths) = answer("{ parent { good optional } quick }", json!({})).await;
    assert_eq!(data, r#"{"parent":{"good":1,"optional":null},"quick":2}"#);
    assert_eq!(paths, [json!(["parent", "optional"])]);
}

#[tokio::test]
async fn a_list_of_what_is_never_null_never_holds_null() {
    let (data, paths) = answer("{ parent { children { good bad } } quick }", json!({})).await;
    assert_eq!(data, r#"{"parent":null,"quick":2}"#);
    assert!(!paths.is_empty() && paths.iter().all(|path| path[0] == "parent" && path[1] == "children"), "{paths:?}");
    let (data, _) = answer("{ parents { bad } quick }", json!({})).await;
    assert_eq!(data, "null", "nothing above the list may be null");
}

#[tokio::test]
async fn fields_come_in_the_order_of_the_document() {
    let (data, _) = answer("{ slow quick last: slow first: quick }", json!({})).await;
    assert_eq!(data, r#"{"slow":1,"quick":2,"last":1,"first":2}"#);
    let (data, _) = answer("{ quick ...rest slow } fragment rest on Query { parent { good } quick }", json!({})).await;
    assert_eq!(data, r#"{"quick":2,"parent":{"good":1},"slow":1}"#);
}

#[tokio::test]
async fn a_variable_that_is_left_out_is_undefined_and_erases_nothing() {
    let query = "query($name: String) { told(name: $name) changed(change: { name: $name }) }";
    assert_eq!(answer(query, json!({})).await.0, r#"{"told":"undefined","changed":"undefined"}"#);
    assert_eq!(answer(query, json!({ "name": null })).await.0, r#"{"told":"null","changed":"null"}"#);
    assert_eq!(answer(query, json!({ "name": "A" })).await.0, r#"{"told":"value A","changed":"value A"}"#);
    let query = "query($change: Change!) { changed(change: $change) }";
    assert_eq!(answer(query, json!({ "change": {} })).await.0, r#"{"changed":"undefined"}"#);
    assert_eq!(answer(query, json!({ "change": { "name": null } })).await.0, r#"{"changed":"null"}"#);
}

/// Fragments that each spread the next one twice: 30 levels are a thousand million fields in under a thousand bytes.
fn bomb() -> String {
    let level = |number: usize| format!("fragment f{number} on Query {{ ...f{0} ...f{0} }}", number + 1);
    let levels: Vec<String> = (0..24).map(level).collect();
    format!("{{ ...f0 }} {} fragment f24 on Query {{ __typename }}", levels.join(" "))
}

both! {
    async fn the_standard_introspection_passes_the_limits(world: &World) {
        let query = include_str!("../../src/graphql/document/introspection.graphql");
        let answer = world.nobody().data(query, json!({})).await;
        let types = answer.texts("/__schema/types", "/name");
        assert!(types.iter().any(|name| name == "OrgUnit"), "{types:?}");
    }

    async fn a_bomb_of_fragments_is_refused(world: &World) {
        let answer = world.nobody().ask(&bomb(), json!({})).await;
        assert_eq!(answer.error_code(), "LIMIT_EXCEEDED", "{answer:?}");
    }
}
