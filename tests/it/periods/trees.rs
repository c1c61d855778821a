//! Periods and reorganizations: who is bound to which period when the tree changes (B4, B6, S1, S6, O5).

use super::*;
use crate::harness::both;
use crate::heirs::{batch, establish, merge, unit};

/// A move by one batch.
fn go(code: &str, to: &str) -> Value {
    json!([{ "move": { "unit": unit(code), "parent": unit(to) } }])
}

/// The words in which a unit's being bound is explained.
async fn explained(actor: &Actor<'_>, requirement: &str, code: &str) -> String {
    let query = "query($unit: String!, $id: ID!) { explain(unit: { code: $unit }, requirement: $id) { text(locale: EN) } }";
    actor.data(query, json!({ "unit": code, "id": requirement })).await.text("/explain/text")
}

/// The lines of one unit.
async fn owed_by(actor: &Actor<'_>, requirement: &str, code: &str) -> Vec<String> {
    owed(actor, requirement).await.into_iter().filter(|line| line.split(' ').nth(1) == Some(code)).collect()
}

both! {
    async fn b4_a_late_unit_gets_the_current_period(world: &World) {
        let (operator, _, id) = recurring(world, json!({ "firstPeriod": "2020-11" })).await;
        world.day("2020-12-20");
        let (_, told) = batch(&operator, "2020-12-20", json!([establish("MOI")]), json!([])).await;
        assert_eq!(told, ["CREATED MOI 2021-01-19: came into the scope after the issue"], "one period, with its grace");
        let (_, told) = batch(&operator, "2020-12-20", go("DN-1", "KHOI"), json!([])).await;
        assert_eq!(told.len(), 1);
        assert_eq!(owed_by(&operator, &id, "MOI").await, ["2020-12 MOI PENDING 2021-01-19 2020-12-20 LATE"]);
        world.day("2021-01-01");
        world.tick().await;
        assert_eq!(owed_by(&operator, &id, "MOI").await[1..], ["2021-01 MOI PENDING 2021-02-05 2021-01-01 SCOPE"]);
        // Once the day plus the grace lies before it, the period's own last day holds.
        batch(&operator, "2021-01-01", json!([establish("MUON")]), json!([])).await;
        assert_eq!(owed_by(&operator, &id, "MUON").await, ["2021-01 MUON PENDING 2021-02-05 2021-01-01 LATE"]);
    }

    async fn b4_who_is_not_bound_late_is_bound_by_the_next_period(world: &World) {
        let (operator, _, id) = recurring(world, json!({ "bindsLateUnits": false })).await;
        world.day("2020-12-20");
        let (_, told) = batch(&operator, "2020-12-20", json!([establish("MOI")]), json!([])).await;
        assert!(told.is_empty(), "{told:?}");
        assert_eq!(explained(&operator, &id, "MOI").await, "`Đảng bộ MOI` is not bound because it is in no period that has opened; `2021-01` opens on `2021-01-01` and will bind it");
        world.day("2021-01-02");
        world.tick().await;
        assert_eq!(owed_by(&operator, &id, "MOI").await, ["2021-01 MOI PENDING 2021-02-05 2021-01-01 SCOPE"]);
        assert!(explained(&operator, &id, "MOI").await.contains("is bound because it is in the scope"));
    }

    async fn s6_a_period_opens_on_the_tree_that_the_batches_of_its_day_leave(world: &World) {
        let (operator, _, id) = recurring(world, json!({})).await;
        let (_, told) = batch(&operator, "2021-01-01", json!([establish("MOI"), merge(&["STC", "VPT"], "MOI")]), json!([])).await;
        assert_eq!(told.len(), 3, "two pass on what is owed today to one: {told:?}");
        let (_, told) = batch(&operator, "2021-01-01", go("DN-1", "KHOI"), json!([])).await;
        assert!(told.is_empty(), "the period of its day, which will not have opened before, will bind it: {told:?}");
        world.day("2021-01-01");
        world.tick().await;
        assert_eq!(bound(&operator, &id).await, ["2020-12: MOI SNV STC TTR VPT", "2021-01: DN-1 MOI SNV TTR"]);
        assert_eq!(owed_by(&operator, &id, "MOI").await, [
            "2020-12 MOI PENDING 2021-01-05 2021-01-01 SUCCESSION,SUCCESSION",
            "2021-01 MOI PENDING 2021-02-05 2021-01-01 SCOPE",
        ], "what was owed passes on, and the new period is the scope's");
        assert_eq!(owed_by(&operator, &id, "DN-1").await, ["2021-01 DN-1 PENDING 2021-02-05 2021-01-01 SCOPE"], "not late, and not bound to what it was not there for");
    }

    async fn s6_a_batch_recorded_on_the_first_day_acts_on_the_period_that_has_opened(world: &World) {
        let (operator, _, id) = recurring(world, json!({})).await;
        world.day("2021-01-01");
        world.tick().await;
        let (_, told) = batch(&operator, "2021-01-01", json!([establish("MOI"), merge(&["STC"], "MOI")]), json!([])).await;
        assert_eq!(told, [
            "CREATED MOI <- STC 2021-01-05: took over the obligation of a unit before it in a reorganization",
            "CREATED MOI <- STC 2021-02-05: took over the obligation of a unit before it in a reorganization",
            "TRANSFERRED STC -> MOI 2021-01-05: its unit was merged, and what it became took over",
            "TRANSFERRED STC -> MOI 2021-02-05: its unit was merged, and what it became took over",
        ], "each period by itself (S1)");
        assert_eq!(bound(&operator, &id).await, ["2020-12: MOI SNV STC TTR VPT", "2021-01: MOI SNV STC TTR VPT"]);
    }

    async fn s1_a_successor_with_one_period_closed_and_one_open(world: &World) {
        let (operator, _, id) = recurring(world, json!({ "firstPeriod": "2020-11", "verification": "SELF" })).await;
        let reporter = world.user("vpt", "REPORTER", "VPT").await;
        crate::obligations::done(&reporter, "submitReports", crate::obligations::report(vec![in_period(&id, "VPT", "2020-11")], json!({}))).await;
        let (_, told) = batch(&operator, "2020-12-01", json!([merge(&["TTR"], "VPT")]), json!([])).await;
        assert_eq!(told, [
            "LINKED VPT <- TTR 2021-01-05: took over the obligation of a unit before it in a reorganization",
            "RELEASED TTR 2020-12-05: the successor's own obligation on the same requirement is closed",
            "TRANSFERRED TTR -> VPT 2021-01-05: its unit was merged, and what it became took over",
        ]);
    }

    async fn b4_who_comes_back_takes_up_what_it_had_and_the_current_period(world: &World) {
        let (operator, _, id) = recurring(world, json!({})).await;
        world.day("2021-01-10");
        world.tick().await;
        batch(&operator, "2021-01-10", go("TTR", "DN"), json!([])).await;
        world.day("2021-03-02");
        world.tick().await;
        assert_eq!(owed_by(&operator, &id, "TTR").await, ["2020-12 TTR RELEASED 2021-01-05 2020-12-01 SCOPE", "2021-01 TTR RELEASED 2021-02-05 2021-01-01 SCOPE"]);
        let (_, told) = batch(&operator, "2021-03-02", go("TTR", "KHOI"), json!([])).await;
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!(owed_by(&operator, &id, "TTR").await, [
            "2020-12 TTR PENDING 2021-04-01 2020-12-01 SCOPE,AGAIN",
            "2021-01 TTR PENDING 2021-04-01 2021-01-01 SCOPE,AGAIN",
            "2021-03 TTR PENDING 2021-04-05 2021-03-02 LATE",
        ], "not what passed while it was away");
    }

    async fn b6_a_scope_whose_anchor_has_ended_goes_on_for_who_had_the_period_before(world: &World) {
        let scope = json!({ "reach": "CHILDREN", "anchor": unit("SNV") });
        let (operator, _, id) = recurring(world, json!({ "scope": scope })).await;
        operator.reorganize(json!([{ "establish": { "code": "SNV-2", "kind": "CELL", "name": "Chi bộ 2", "parent": unit("SNV") } },
            { "establish": { "code": "STC-1", "kind": "CELL", "name": "Chi bộ 1 STC", "parent": unit("STC") } }])).await;
        assert_eq!(bound(&operator, &id).await, ["2020-12: SNV-1 SNV-2"]);
        world.day("2020-12-15");
        batch(&operator, "2020-12-15", json!([merge(&["SNV"], "STC")]), json!([])).await;
        world.day("2021-01-01");
        world.tick().await;
        assert_eq!(bound(&operator, &id).await[1..], ["2021-01: SNV-1 SNV-2"], "`STC-1` stands beside them, and never was in the scope");
        // A cell becomes two.
        world.day("2021-01-10");
        let split = json!([{ "establish": { "code": "SNV-3", "kind": "CELL", "name": "Chi bộ 3", "parent": unit("STC") } },
            { "split": { "unit": unit("SNV-2"), "into": [{ "into": unit("SNV-2") }, { "into": unit("SNV-3") }] } }]);
        batch(&operator, "2021-01-10", split, json!([])).await;
        world.day("2021-02-01");
        world.tick().await;
        assert_eq!(bound(&operator, &id).await[2..], ["2021-02: SNV-1 SNV-2 SNV-3"], "or whose predecessor had it");
        // Who leaves the issuer's subtree is out of it for good: the period after the next asks for the one before.
        world.day("2021-02-10");
        batch(&operator, "2021-02-10", json!([{ "changeKind": { "unit": unit("SNV-3"), "kind": "GRASSROOTS_CELL", "parent": unit("DN") } }]), json!([])).await;
        world.day("2021-03-10");
        world.tick().await;
        batch(&operator, "2021-03-10", json!([{ "changeKind": { "unit": unit("SNV-3"), "kind": "CELL", "parent": unit("STC") } }]), json!([])).await;
        world.day("2021-04-01");
        world.tick().await;
        assert_eq!(bound(&operator, &id).await[3..], ["2021-03: SNV-1 SNV-2", "2021-04: SNV-1 SNV-2"]);
    }

    async fn b6_a_successor_of_who_closed_the_period_before_goes_on(world: &World) {
        let scope = json!({ "reach": "SELF", "anchor": unit("TTR") });
        let (operator, _, id) = recurring(world, json!({ "scope": scope, "verification": "SELF" })).await;
        let reporter = world.user("ttr", "REPORTER", "TTR").await;
        crate::obligations::done(&reporter, "submitReports", crate::obligations::report(vec![in_period(&id, "TTR", "2020-12")], json!({}))).await;
        let (_, told) = batch(&operator, "2020-12-01", json!([establish("A"), merge(&["TTR"], "A")]), json!([])).await;
        assert!(told.is_empty(), "what is done is done: {told:?}");
        batch(&operator, "2020-12-01", json!([establish("B"), merge(&["A"], "B")]), json!([])).await;
        world.day("2021-02-01");
        world.tick().await;
        assert_eq!(bound(&operator, &id).await, ["2020-12: TTR", "2021-01: B", "2021-02: B"], "along the line, and then by itself");
    }

    async fn b6_who_took_over_before_the_period_opened_is_no_successor_in_it(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        // Long before, `STC` was carved out of `TTR`.
        batch(&operator, "2020-12-01", json!([{ "split": { "unit": unit("TTR"), "into": [{ "into": unit("TTR") }, { "into": unit("STC") }] } }]), json!([])).await;
        let drafter = world.user("soan", "DRAFTER", "KHOI").await;
        let scope = json!({ "reach": "CHILDREN", "anchor": unit("SNV"), "include": [unit("TTR")] });
        let [id] = issue(&drafter, "81-KH/ĐUK", vec![monthly(json!({ "scope": scope }))]).await.try_into().unwrap();
        batch(&operator, "2020-12-01", json!([{ "dissolve": { "unit": unit("SNV"), "childrenTo": unit("STC") } }]), json!([])).await;
        world.day("2021-02-01");
        world.tick().await;
        assert_eq!(bound(&operator, &id).await, ["2020-12: SNV-1 TTR", "2021-01: SNV-1 TTR", "2021-02: SNV-1 TTR"]);
    }

    async fn b7_an_issuer_that_has_ended_is_stood_for_by_its_place(world: &World) {
        let (operator, _, id) = recurring(world, json!({ "scope": { "reach": "DESCENDANTS", "kinds": ["GRASSROOTS_CELL"] } })).await;
        world.day("2020-12-15");
        let into = json!([{ "establish": { "code": "MOI", "kind": "BLOC", "name": "Đảng bộ mới", "parent": unit("TINH") } }, merge(&["KHOI", "DN"], "MOI")]);
        batch(&operator, "2020-12-15", into, json!([])).await;
        world.day("2021-01-01");
        world.tick().await;
        assert_eq!(bound(&operator, &id).await, ["2020-12: TTR VPT", "2021-01: TTR VPT"], "its anchor has ended with it, and `DN-1` was never in the scope");
    }

    async fn o5_what_is_given_back_gets_the_current_period_as_after_any_batch(world: &World) {
        let (operator, _, id) = recurring(world, json!({})).await;
        world.day("2020-12-10");
        let (mistake, _) = batch(&operator, "2020-12-10", json!([establish("A"), merge(&["STC", "VPT"], "A")]), json!([])).await;
        world.day("2021-01-20");
        world.tick().await;
        assert_eq!(bound(&operator, &id).await[1..], ["2021-01: A SNV TTR"]);
        let query = "mutation($input: AnnulReorganizationInput!) { annulReorganization(input: $input) { userErrors { message } } }";
        operator.data(query, json!({ "input": { "reorganization": mistake.text("/reorganize/reorganization/id"), "reason": "ghi nhầm" } })).await;
        assert_eq!(owed(&operator, &id).await.into_iter().filter(|line| ["A", "STC"].contains(&line.split(' ').nth(1).unwrap())).collect::<Vec<_>>(), [
            "2020-12 A RELEASED 2021-01-05 2020-12-10 ",
            "2020-12 STC PENDING 2021-01-05 2020-12-01 SCOPE",
            "2021-01 A RELEASED 2021-02-05 2021-01-01 SCOPE",
            "2021-01 STC PENDING 2021-02-19 2021-01-20 LATE",
        ]);
    }

    async fn c7_what_stood_at_the_end_of_a_day_has_the_periods_that_had_opened(world: &World) {
        let (operator, _, _) = recurring(world, json!({ "firstPeriod": "2020-10" })).await;
        world.day("2021-02-10");
        world.tick().await;
        let on = async |day: &str| {
            let query = "query($on: Date!) { completion(unit: { code: \"KHOI\" }, on: $on) { total overdue openInTime } }";
            let answer = operator.data(query, json!({ "on": day })).await;
            ["total", "overdue", "openInTime"].map(|field| answer.number(&format!("/completion/{field}")))
        };
        assert_eq!(on("2020-12-01").await, [12, 4, 8]);
        assert_eq!(on("2020-12-31").await, [12, 8, 4]);
        assert_eq!(on("2021-01-01").await, [16, 8, 8]);
        assert_eq!(on("2021-02-10").await, [20, 16, 4]);
    }
}
