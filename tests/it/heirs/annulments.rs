//! What a mistake did to obligations is given back (O5).

use serde_json::json;

use super::*;
use crate::harness::both;

pub(super) const ANNUL: &str = "mutation($input: AnnulReorganizationInput!) { annulReorganization(input: $input) { reorganization { status } userErrors { code message path rule } } }";

pub(super) async fn annul(actor: &Actor<'_>, mistake: &Answer) -> Vec<String> {
    let input = json!({ "reorganization": mistake.text("/reorganize/reorganization/id"), "reason": "ghi nhầm" });
    actor.data(ANNUL, json!({ "input": input })).await;
    let query = format!("{{ reorganizations(first: 1) {{ nodes {{ annuls {{ id }} effects {{ {EFFECTS} }} }} }} }}");
    let answer = actor.data(&query, json!({})).await;
    lines(answer.at("/reorganizations/nodes/0/effects/obligations/nodes"))
}

both! {
    async fn o5_an_annulment_gives_back_what_a_merger_took(world: &World) {
        let (operator, id) = study(world).await;
        let reporter = world.user("snv", "REPORTER", "SNV").await;
        reports(&reporter, &id, "SNV").await;
        world.day("2020-12-10");
        let (mistake, _) = batch(&operator, "2020-12-10", json!([establish("A"), merge(&["SNV", "STC"], "A")]), json!([])).await;
        world.day("2020-12-15");
        assert_eq!(annul(&operator, &mistake).await, [
            "RELEASED A 2021-01-09: ghi nhầm",
            "RETURNED SNV 2020-12-30: ghi nhầm",
            "RETURNED STC 2020-12-30: ghi nhầm",
        ]);
        assert_eq!(ledger(&operator, Some(&id)).await[..3], [
            "A RELEASED 2021-01-09 2020-12-10..2020-12-15",
            "SNV REPORTED 2020-12-30 2020-12-01..-",
            "STC PENDING 2020-12-30 2020-12-01..-",
        ]);
        let bloc = world.user("khoi", "SUPERVISOR", "KHOI").await;
        done(&bloc, "acceptReports", json!({ "obligations": [of(&id, "SNV")] })).await;
        assert_eq!(ledger(&operator, Some(&id)).await[1], "SNV FULFILLED 2020-12-30 2020-12-01..2020-12-15", "the report waits again");
    }

    async fn o5_what_a_successor_has_fulfilled_does_not_come_back(world: &World) {
        let (operator, id) = study(world).await;
        world.day("2020-12-10");
        let (mistake, _) = batch(&operator, "2020-12-10", json!([merge(&["SNV"], "STC"), { "move": { "unit": unit("TTR"), "parent": unit("DN") } }]), json!([])).await;
        let (reporter, bloc) = (world.user("stc", "REPORTER", "STC").await, world.user("khoi", "SUPERVISOR", "KHOI").await);
        reports(&reporter, &id, "STC").await;
        done(&bloc, "acceptReports", json!({ "obligations": [of(&id, "STC")] })).await;
        world.day("2020-12-15");
        assert_eq!(annul(&operator, &mistake).await, ["RETURNED TTR 2020-12-30: ghi nhầm"]);
        assert_eq!(ledger(&operator, Some(&id)).await[..3], [
            "SNV TRANSFERRED 2020-12-30 2020-12-01..2020-12-10 -> STC",
            "STC FULFILLED 2020-12-30 2020-12-01..2020-12-10 <- SNV",
            "TTR PENDING 2020-12-30 2020-12-01..-",
        ]);
    }

    async fn o5_nothing_comes_back_of_a_directive_that_has_been_concluded_since(world: &World) {
        let (operator, id) = study(world).await;
        world.day("2020-12-10");
        let changes = json!([establish("A"), merge(&["SNV"], "A"), { "move": { "unit": unit("TTR"), "parent": unit("DN") } }]);
        let (mistake, _) = batch(&operator, "2020-12-10", changes, json!([])).await;
        world.day("2020-12-12");
        let directive = operator.data("{ directives(first: 1) { nodes { id } } }", json!({})).await.text("/directives/nodes/0/id");
        world.user("soan-2", "DRAFTER", "KHOI").await.step("concludeDirective", &directive, json!({})).await.expect_no_errors("conclude");
        let before = ledger(&operator, Some(&id)).await;
        world.day("2020-12-15");
        assert_eq!(annul(&operator, &mistake).await, [""; 0], "the units come back, and owe nothing to what has ended");
        assert_eq!(ledger(&operator, Some(&id)).await, before);
        assert_eq!(before[0], "A LAPSED 2020-12-30 2020-12-10..2020-12-12 <- SNV");
    }

    async fn o5_what_returns_to_a_unit_that_has_left_by_a_later_batch_is_released(world: &World) {
        let (operator, id) = study(world).await;
        let away = |parent: &str| json!([{ "move": { "unit": unit("TTR"), "parent": unit(parent) } }]);
        let released = json!([{ "from": unit("TTR"), "action": "RELEASE", "reason": "không còn phù hợp" }]);
        world.day("2020-12-10");
        let (mistake, _) = batch(&operator, "2020-12-10", away("DN"), released).await;
        world.day("2020-12-12");
        batch(&operator, "2020-12-12", away("TINH"), json!([])).await;
        world.day("2020-12-15");
        let told = annul(&operator, &mistake).await;
        assert_eq!(told, ["RELEASED TTR 2020-12-30: its unit left the issuer's subtree", "RETURNED TTR 2020-12-30: ghi nhầm"]);
        assert_eq!(ledger(&operator, Some(&id)).await[2], "TTR RELEASED 2020-12-30 2020-12-01..2020-12-15", "without the mistake it had left on the 12th");
        world.day("2020-12-16");
        let (_, told) = batch(&operator, "2020-12-16", away("KHOI"), json!([])).await;
        assert_eq!(told, ["BOUND_AGAIN TTR 2020-12-30: came back after it had left, and takes up the same obligation"]);
    }
}
