//! Units that come and go are bound and released (B4, B6), and grants end with their units (A1).

use serde_json::{Value, json};

use super::annulments::annul;
use super::*;
use crate::harness::both;

fn go(code: &str, parent: &str) -> Value {
    json!([{ "move": { "unit": unit(code), "parent": unit(parent) } }])
}

async fn explained(actor: &Actor<'_>, requirement: &str, code: &str) -> String {
    let query = "query($unit: String!, $id: ID!) { explain(unit: { code: $unit }, requirement: $id) { text(locale: EN) } }";
    actor.data(query, json!({ "unit": code, "id": requirement })).await.text("/explain/text")
}

both! {
    async fn b6_a_unit_that_leaves_is_released_and_one_that_is_back_is_bound_again(world: &World) {
        let (operator, ids) = plan(world, vec![requirement("Học tập", json!({})), requirement("Rồi thôi", json!({ "verification": "SELF" }))]).await;
        let reporter = world.user("ttr", "REPORTER", "TTR").await;
        reports(&reporter, &ids[1], "TTR").await;
        world.day("2020-12-10");
        let (_, told) = batch(&operator, "2020-12-10", go("TTR", "DN"), json!([])).await;
        assert_eq!(told, ["RELEASED TTR 2020-12-30: its unit left the issuer's subtree"], "what is closed is history");
        assert_eq!(ledger(&operator, Some(&ids[0])).await[2], "TTR RELEASED 2020-12-30 2020-12-01..2020-12-10");
        assert_eq!(explained(&operator, &ids[0], "TTR").await, "`Chi bộ Thanh tra tỉnh` is not bound because its obligation was released: its unit left the issuer's subtree");
        world.day("2021-01-10");
        let (_, told) = batch(&operator, "2021-01-10", go("TTR", "KHOI"), json!([])).await;
        assert_eq!(told, ["BOUND_AGAIN TTR 2021-02-09: came back after it had left, and takes up the same obligation"]);
        assert_eq!(ledger(&operator, Some(&ids[0])).await[2], "TTR PENDING 2021-02-09 2020-12-01..-");
        assert_eq!(field(&operator, &ids[0], "TTR", "reasons { rule } earlierDueDates { dueOn } closingReason").await, json!({
            "reasons": [{ "rule": "SCOPE" }, { "rule": "AGAIN" }], "earlierDueDates": [{ "dueOn": "2020-12-30" }], "closingReason": null }));
    }

    async fn b6_a_unit_that_leaves_the_scope_but_not_the_subtree_stays_bound(world: &World) {
        let (operator, id) = study(world).await;
        let (_, told) = batch(&operator, "2020-12-01", json!([{ "changeKind": { "unit": unit("TTR"), "kind": "CELL", "parent": unit("STC") } }]), json!([])).await;
        assert!(told.is_empty(), "{told:?}");
        assert_eq!(ledger(&operator, Some(&id)).await[2], "TTR PENDING 2020-12-30 2020-12-01..-");
    }

    async fn b4_who_comes_into_the_scope_is_bound_on_that_day(world: &World) {
        let (operator, ids) = plan(world, vec![
            requirement("Học tập", json!({})),
            requirement("Không giao thêm", json!({ "bindsLateUnits": false })),
            requirement("Đã qua", json!({ "dueOn": "2020-12-05", "lateGraceDays": 10 })),
            requirement("Đích danh", json!({ "scope": { "reach": "SELF", "include": [unit("STC")], "kinds": [] } })),
        ]).await;
        world.day("2020-12-10");
        let (_, told) = batch(&operator, "2020-12-10", json!([establish("MOI"), { "move": { "unit": unit("DN-1"), "parent": unit("KHOI") } }]), json!([])).await;
        assert_eq!(told, [
            "CREATED DN-1 2021-01-09: came into the scope after the issue",
            "CREATED MOI 2021-01-09: came into the scope after the issue",
        ]);
        assert_eq!(ledger(&operator, Some(&ids[0])).await[..2], ["DN-1 PENDING 2021-01-09 2020-12-10..-", "MOI PENDING 2021-01-09 2020-12-10..-"]);
        assert_eq!(field(&operator, &ids[0], "MOI", "reasons { rule reach anchor { code } }").await, json!({ "reasons": [{ "rule": "LATE", "reach": "CHILDREN", "anchor": { "code": "KHOI" } }] }));
        assert_eq!(explained(&operator, &ids[0], "MOI").await, "`Đảng bộ MOI` is bound because it came into the scope after the issue: the units directly below `Đảng bộ Khối các cơ quan tỉnh`");
        // A correction binds on the day on which it became known.
        world.day("2020-12-20");
        batch(&operator, "2020-12-02", json!([establish("CU")]), json!([])).await;
        assert_eq!(ledger(&operator, Some(&ids[0])).await[0], "CU PENDING 2021-01-19 2020-12-20..-");
    }

    async fn b4_a_successor_is_not_bound_anew(world: &World) {
        let (operator, id) = study(world).await;
        let reporter = world.user("snv", "REPORTER", "SNV").await;
        let bloc = world.user("khoi", "SUPERVISOR", "KHOI").await;
        reports(&reporter, &id, "SNV").await;
        done(&bloc, "acceptReports", json!({ "obligations": [of(&id, "SNV")] })).await;
        world.day("2020-12-02");
        let (_, told) = batch(&operator, "2020-12-02", json!([establish("A"), merge(&["SNV"], "A")]), json!([])).await;
        assert!(told.is_empty(), "what a predecessor has done need not be done again: {told:?}");
        world.day("2020-12-03");
        let (_, told) = batch(&operator, "2020-12-03", json!([establish("B"), merge(&["A"], "B")]), json!([])).await;
        assert!(told.is_empty(), "however far back: {told:?}");
    }

    async fn a1_grants_end_with_their_unit_and_pass_to_nobody(world: &World) {
        let (operator, id) = study(world).await;
        let reporter = world.user("snv", "REPORTER", "SNV").await;
        world.user("khac", "REPORTER", "TTR").await;
        world.day("2020-12-10");
        let (real, _) = batch(&operator, "2020-12-10", json!([establish("A"), merge(&["SNV"], "A")]), json!([])).await;
        let ending = real.at("/reorganize/reorganization/effects/grantsEnding").as_array().unwrap();
        assert_eq!(ending.len(), 1, "{ending:?}");
        assert_eq!((&ending[0]["role"], &ending[0]["unit"]["code"], &ending[0]["principal"]["displayName"]), (&json!("REPORTER"), &json!("SNV"), &json!("snv")));
        let mine = reporter.data("{ viewer { grants { role } } }", json!({})).await;
        assert_eq!(mine.at("/viewer/grants"), &json!([]), "it holds no more");
        let see = reporter.data("query($by: ObligationRef!) { obligation(by: $by) { state } }", json!({ "by": of(&id, "A") })).await;
        assert_eq!(see.at("/obligation"), &Value::Null, "and passes to no heir");
        let others = reporter.data("{ reorganizations(first: 1) { nodes { effects { obligationsTransferred obligations { totalCount } } } } }", json!({})).await;
        assert_eq!(others.number("/reorganizations/nodes/0/effects/obligations/totalCount"), 0, "lists are of units that one may read about (A3)");
    }

    async fn a1_grants_that_ended_with_their_unit_do_not_come_back_with_it(world: &World) {
        let (operator, _) = study(world).await;
        let users = [world.user("snv", "REPORTER", "SNV").await, world.user("ttr", "REPORTER", "TTR").await];
        world.day("2020-12-10");
        batch(&operator, "2020-12-10", json!([{ "dissolve": { "unit": unit("SNV"), "heir": unit("STC") } }]), json!([])).await;
        let (mistake, _) = batch(&operator, "2020-12-10", json!([{ "dissolve": { "unit": unit("TTR"), "heir": unit("VPT") } }]), json!([])).await;
        batch(&operator, "2020-12-10", json!([{ "reopen": { "unit": unit("SNV") } }]), json!([])).await;
        annul(&operator, &mistake).await;
        let active = operator.data("{ a: orgUnit(by: { code: \"SNV\" }) { active } b: orgUnit(by: { code: \"TTR\" }) { active } }", json!({})).await;
        assert_eq!((active.at("/a/active"), active.at("/b/active")), (&json!(true), &json!(true)));
        for user in users {
            let mine = user.data("{ viewer { grants { role } } }", json!({})).await;
            assert_eq!(mine.at("/viewer/grants"), &json!([]), "a right is given by somebody, and seen in the journal");
        }
    }
}
