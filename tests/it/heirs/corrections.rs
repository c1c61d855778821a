//! A batch that is dated before reports were accepted changes nothing that was reported (S6, C7), and B4 in what it binds and leaves alone.

use serde_json::{Value, json};

use super::*;
use crate::harness::both;

const COUNTS: &str = "total counted onTime late openInTime overdue fulfilled released transferred";

fn go(code: &str, parent: &str) -> Value {
    json!({ "move": { "unit": unit(code), "parent": unit(parent) } })
}

/// What was true of the plan at the end of a day, as its issuer saw it.
async fn completion(actor: &Actor<'_>, on: &str) -> Value {
    let query = format!("{{ directives(first: 1) {{ nodes {{ completion(on: \"{on}\") {{ {COUNTS} }} }} }} }}");
    actor.data(&query, json!({})).await.at("/directives/nodes/0/completion").clone()
}

both! {
    async fn s6_a_correction_of_a_period_that_was_reported_acts_on_what_is_open_today_only(world: &World) {
        let (operator, id) = study(world).await;
        let bloc = world.user("khoi", "SUPERVISOR", "KHOI").await;
        let (snv, ttr) = (world.user("snv", "REPORTER", "SNV").await, world.user("ttr", "REPORTER", "TTR").await);
        world.day("2020-12-10");
        reports(&snv, &id, "SNV").await;
        done(&bloc, "acceptReports", json!({ "obligations": [of(&id, "SNV")] })).await;
        reports(&ttr, &id, "TTR").await;
        done(&bloc, "exemptObligations", json!({ "obligations": [of(&id, "STC")], "reason": "mới thành lập" })).await;
        let told_then = "state dueOn boundOn closedOn latestReport { narrative } history(first: 20) { nodes { action } }";
        let (of_snv, of_stc) = (field(&operator, &id, "SNV", told_then).await, field(&operator, &id, "STC", told_then).await);
        world.day("2020-12-20");
        let answered = completion(&operator, "2020-12-15").await;

        // Since the day after the issue all four had stood elsewhere, and another one where they stood.
        let changes = json!([go("SNV", "DN"), go("STC", "DN"), go("TTR", "DN"), go("VPT", "DN"), go("DN-1", "KHOI")]);
        let (_, told) = batch(&operator, "2020-12-02", changes, json!([])).await;
        assert_eq!(told, [
            "CREATED DN-1 2021-01-19: came into the scope after the issue",
            "RELEASED TTR 2020-12-30: its unit left the issuer's subtree",
            "RELEASED VPT 2020-12-30: its unit left the issuer's subtree",
        ], "it names what it touches, and nothing that was closed");
        assert_eq!(ledger(&operator, Some(&id)).await, [
            "DN-1 PENDING 2021-01-19 2020-12-20..-",
            "SNV FULFILLED 2020-12-30 2020-12-01..2020-12-10",
            "STC EXEMPT 2020-12-30 2020-12-01..2020-12-10",
            "TTR RELEASED 2020-12-30 2020-12-01..2020-12-20",
            "VPT RELEASED 2020-12-30 2020-12-01..2020-12-20",
        ], "on the day on which it became known, not on its own");
        assert_eq!((field(&operator, &id, "SNV", told_then).await, field(&operator, &id, "STC", told_then).await), (of_snv, of_stc), "what was reported stays as it is");
        assert_eq!(completion(&operator, "2020-12-15").await, answered, "what was answered of a day is answered of it still (C7)");
        let report = field(&operator, &id, "TTR", "latestReport { narrative }").await;
        assert_eq!(report["latestReport"]["narrative"], "Đã tổ chức hội nghị.", "a report that waited can be read still");
    }

    async fn b4_what_was_transferred_or_released_by_decision_is_not_bound_again(world: &World) {
        let (operator, id) = study(world).await;
        world.day("2020-12-10");
        let release = json!([{ "from": unit("TTR"), "action": "RELEASE", "reason": "không còn phù hợp" }]);
        let changes = json!([establish("A"), merge(&["SNV"], "A"), go("TTR", "DN"), { "dissolve": { "unit": unit("STC"), "heir": unit("DN-1") } }]);
        batch(&operator, "2020-12-10", changes, release).await;
        let before = ledger(&operator, Some(&id)).await;
        assert_eq!(before, [
            "A PENDING 2020-12-30 2020-12-10..- <- SNV",
            "SNV TRANSFERRED 2020-12-30 2020-12-01..2020-12-10 -> A",
            "STC RELEASED 2020-12-30 2020-12-01..2020-12-10",
            "TTR RELEASED 2020-12-30 2020-12-01..2020-12-10",
            "VPT PENDING 2020-12-30 2020-12-01..-",
        ]);
        world.day("2020-12-12");
        let back = json!([{ "reopen": { "unit": unit("SNV"), "parent": unit("KHOI") } }, { "reopen": { "unit": unit("STC"), "parent": unit("KHOI") } }, go("TTR", "KHOI")]);
        let (_, told) = batch(&operator, "2020-12-12", back, json!([])).await;
        assert_eq!(told, [""; 0], "A has what SNV had, TTR was let off by decision, and what STC had went outside with its heir");
        assert_eq!(ledger(&operator, Some(&id)).await, before);
    }

    async fn b4_a_unit_that_becomes_of_another_kind_or_begins_again_is_bound_on_that_day(world: &World) {
        let committees = requirement("Đảng bộ", json!({ "scope": { "reach": "CHILDREN", "kinds": ["GRASSROOTS_COMMITTEE"] } }));
        let (operator, ids) = plan(world, vec![committees]).await;
        world.day("2020-12-05");
        batch(&operator, "2020-12-05", json!([{ "dissolve": { "unit": unit("VPT") } }]), json!([])).await;
        world.day("2020-12-10");
        let changes = json!([
            { "changeKind": { "unit": unit("TTR"), "kind": "GRASSROOTS_COMMITTEE" } },
            { "reopen": { "unit": unit("VPT") } },
            { "changeKind": { "unit": unit("VPT"), "kind": "GRASSROOTS_COMMITTEE" } },
        ]);
        let (_, told) = batch(&operator, "2020-12-10", changes, json!([])).await;
        assert_eq!(told, [
            "CREATED TTR 2021-01-09: came into the scope after the issue",
            "CREATED VPT 2021-01-09: came into the scope after the issue",
        ]);
        assert_eq!(ledger(&operator, Some(&ids[0])).await[2..], ["TTR PENDING 2021-01-09 2020-12-10..-", "VPT PENDING 2021-01-09 2020-12-10..-"]);
    }
}
