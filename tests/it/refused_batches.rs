//! Batches that nobody can mean: refused with rule, place and way out, and nothing of them is done (O3, O5, O6, S4).

use serde_json::{Value, json};

use crate::harness::{Actor, both};
use crate::heirs::{PROVINCE, establish, merge, study, try_batch, unit};
use crate::obligations::requirement;

fn go(code: &str, parent: &str) -> Value {
    json!({ "move": { "unit": unit(code), "parent": unit(parent) } })
}

fn dissolve(code: &str, heir: Value, children_to: Value) -> Value {
    json!({ "dissolve": { "unit": unit(code), "heir": heir, "childrenTo": children_to } })
}

/// How many batches there are.
async fn count(actor: &Actor<'_>) -> i64 {
    actor.data("{ reorganizations { totalCount } }", json!({})).await.number("/reorganizations/totalCount")
}

/// The refusals of a batch, each as `CODE rule path`; nothing of it is done.
async fn refused(actor: &Actor<'_>, on: &str, changes: Value) -> Vec<String> {
    let before = count(actor).await;
    let refusals = try_batch(actor, on, changes, json!([])).await.refusals();
    assert_eq!(count(actor).await, before, "nothing is half done");
    refusals.iter().map(|no| no.split(':').next().unwrap().to_owned()).collect()
}

both! {
    async fn o6_a_merge_into_a_unit_that_the_same_batch_dissolves_is_refused(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let into = merge(&["TTR"], "STC");
        assert_eq!(refused(&operator, "2020-12-01", json!([into, dissolve("STC", Value::Null, Value::Null)])).await, ["INVALID O6 changes.1.dissolve.heir"], "what it took over would be lost");
        assert_eq!(refused(&operator, "2020-12-01", json!([dissolve("STC", Value::Null, Value::Null), into])).await, ["NOT_FOUND O6 changes.1.merge.into"]);
        try_batch(&operator, "2020-12-01", json!([into, dissolve("STC", unit("VPT"), Value::Null)]), json!([])).await.expect_no_errors("with an heir it goes on");
    }

    async fn o6_a_split_that_leaves_a_child_unplaced_or_places_it_twice_is_refused(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let split = |first: Value, second: Value| json!([establish("A"), establish("B"), { "split": { "unit": unit("SNV"), "into": [{ "into": unit("A"), "children": first }, { "into": unit("B"), "children": second }] } }]);
        assert_eq!(refused(&operator, "2020-12-01", split(json!([]), json!([]))).await, ["INVALID O6 changes.2.split.into"]);
        assert_eq!(refused(&operator, "2020-12-01", split(json!([unit("SNV-1")]), json!([unit("SNV-1")]))).await, ["INVALID F6 changes.2.split.into.1.children.0"]);
        assert_eq!(refused(&operator, "2020-12-01", split(json!([unit("SNV-1")]), json!([unit("TTR")]))).await, ["INVALID O6 changes.2.split.into.1.children.0"]);
        try_batch(&operator, "2020-12-01", split(json!([unit("SNV-1")]), json!([])), json!([])).await.expect_no_errors("each child has one place");
    }

    async fn o6_children_do_not_outlive_their_parent(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        assert_eq!(refused(&operator, "2020-12-01", json!([dissolve("SNV", Value::Null, Value::Null)])).await, ["INVALID O6 changes.0.dissolve.childrenTo"]);
        assert_eq!(refused(&operator, "2020-12-01", json!([dissolve("SNV", Value::Null, unit("SNV-1"))])).await, ["CYCLE O6 changes.0.dissolve.childrenTo"]);
        let (into, ends) = (dissolve("SNV", Value::Null, unit("STC")), dissolve("STC", Value::Null, Value::Null));
        assert_eq!(refused(&operator, "2020-12-01", json!([into, ends])).await, ["INVALID O6 changes.1.dissolve.childrenTo"]);
        let below_first = json!([dissolve("SNV-1", Value::Null, Value::Null), dissolve("SNV", Value::Null, Value::Null)]);
        try_batch(&operator, "2020-12-01", below_first, json!([])).await.expect_no_errors("from the bottom up");
    }

    async fn o5_of_two_plans_that_together_make_a_cycle_or_an_orphan_the_second_is_refused(world: &World) {
        let operator = world.operator().await;
        let define = "mutation($input: DefineOrgUnitKindInput!) { defineOrgUnitKind(input: $input) { userErrors { code rule path message } } }";
        let zone = json!({ "code": "ZONE", "nameVi": "Khu", "nameEn": "Zone", "rank": 45, "rules": [{ "parent": "PROVINCIAL" }] });
        operator.data(define, json!({ "input": zone })).await;
        operator.data(define, json!({ "input": { "code": "ZONE", "rules": [{ "parent": "ZONE" }] } })).await;
        operator.establish("T PROVINCIAL\n  Z1 ZONE\n  Z2 ZONE\n  B1 BLOC\n    X GRASSROOTS_COMMITTEE\n  B2 BLOC").await;
        try_batch(&operator, "2020-12-20", json!([go("Z1", "Z2")]), json!([])).await.expect_no_errors("a plan");
        assert_eq!(refused(&operator, "2020-12-25", json!([go("Z2", "Z1")])).await, ["CYCLE O3 changes.0.move.parent"]);
        assert_eq!(refused(&operator, "2020-12-10", json!([go("Z2", "Z1")])).await, ["LATER_FACT O5 effectiveOn"], "the one before could not come any more");
        try_batch(&operator, "2020-12-20", json!([dissolve("B2", Value::Null, Value::Null)]), json!([])).await.expect_no_errors("a plan");
        assert_eq!(refused(&operator, "2020-12-10", json!([go("X", "B2")])).await, ["LATER_FACT O5 effectiveOn"], "X would be left under a unit that ends");
        assert_eq!(refused(&operator, "2020-12-25", json!([go("X", "B2")])).await, ["NOT_FOUND O6 changes.0.move.parent"]);
    }

    async fn s4_a_decision_about_a_directive_that_does_not_concern_the_unit_is_refused(world: &World) {
        let (operator, _) = study(world).await;
        let elsewhere = world.user("dn", "DRAFTER", "DN").await;
        let other = elsewhere.draft("DN", "Khác", json!({ "requirements": [requirement("Khác", json!({}))] })).await;
        elsewhere.issue(&other, "1-KH/DN").await;
        let decision = json!([{ "from": unit("STC"), "action": "RELEASE", "reason": "vì thế", "directives": [{ "id": other }] }]);
        let answer = try_batch(&operator, "2020-12-01", json!([merge(&["STC"], "TTR")]), decision).await;
        let told = answer.refusals();
        assert!(told.len() == 1 && told[0].starts_with("INVALID S4 decisions.0.directives.0: ") && told[0].contains("`STC`"), "{told:?}");
        assert_eq!(count(&operator).await, 1, "nothing is done");
    }
}
