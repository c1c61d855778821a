//! The share of the units below that must come first (L5), over HTTP.

use serde_json::{Value, json};

use crate::directives::begins;
use crate::harness::{Actor, World, both};
use crate::obligations::{act, done, of, report, see};

const TREE: &str = "
TINH PROVINCIAL Đảng bộ tỉnh
  KHOI BLOC Đảng bộ Khối
    SNV GRASSROOTS_COMMITTEE Đảng bộ Sở Nội vụ
      SNV-1 CELL Chi bộ 1
      SNV-2 CELL Chi bộ 2
      SNV-3 CELL Chi bộ 3
    TTR GRASSROOTS_CELL Chi bộ Thanh tra
";
const GATE: &str = "query($by: ObligationRef!) { obligation(by: $by) { requirement { gateShare } below { counted fulfilled }
    gate { share fulfilled counted open unmetAfter { ordinal } missing { totalCount nodes { unit { code } state } } } } }";

/// A requirement of the bloc for itself and all below it, with a gate.
fn asked(share: &str) -> Value {
    json!({ "kind": "STUDY", "title": "Học tập", "dueOn": "2020-12-30", "gateShare": share, "scope": { "reach": "DESCENDANTS", "include": [{ "code": "KHOI" }] } })
}

/// Who drafts, and the ids of the requirements of an issued plan.
async fn plan<'a>(world: &'a World, requirements: Vec<Value>) -> (Actor<'a>, Vec<String>) {
    world.operator().await.establish(TREE).await;
    let drafter = world.user("khoi", "DRAFTER", "KHOI").await;
    let id = drafter.draft("KHOI", "Kế hoạch", json!({ "requirements": requirements })).await;
    drafter.issue(&id, "1-KH/ĐUK").await;
    let query = "query($id: ID!) { directive(by: { id: $id }) { requirements { id } } }";
    let ids = drafter.data(query, json!({ "id": id })).await.texts("/directive/requirements", "/id");
    (drafter, ids)
}

async fn told(reader: &Actor<'_>, obligation: Value) -> String {
    let answer = reader.data(GATE, json!({ "by": obligation })).await;
    let gate = answer.at("/obligation/gate");
    assert_eq!(
        (answer.number("/obligation/below/counted"), answer.number("/obligation/below/fulfilled")),
        (gate["counted"].as_i64().unwrap(), gate["fulfilled"].as_i64().unwrap()),
        "as `below` counts"
    );
    let missing = answer.texts("/obligation/gate/missing/nodes", "/unit/code").join(" ");
    format!("{}/{} {} {missing}", gate["fulfilled"], gate["counted"], if gate["open"] == json!(true) { "open" } else { "closed" })
}

both! {
    async fn l5_a_share_of_the_units_below_is_asked_and_the_last_one_opens_the_level_above(world: &World) {
        let (_, ids) = plan(world, vec![asked("0.5")]).await;
        let asked = &ids[0];
        let (units, top) = (world.user("r", "REPORTER", "TINH").await, world.user("gs", "SUPERVISOR", "TINH").await);
        let all: Vec<Value> = ["KHOI", "SNV", "SNV-1", "SNV-2", "SNV-3", "TTR"].iter().map(|unit| of(asked, unit)).collect();
        for one in &all {
            done(&units, "submitReports", report(vec![one.clone()], json!({}))).await;
        }
        assert_eq!(told(&top, all[1].clone()).await, "0/3 closed SNV-1 SNV-2 SNV-3");
        assert_eq!(told(&top, all[2].clone()).await, "0/0 open ", "nobody stands below it");
        let no = act(&top, "acceptReports", json!({ "obligations": [all[1]] })).await.refusals();
        assert_eq!(begins(&no), ["GATE_CLOSED L5 obligations.0"]);
        assert!(no[0].contains("`2` more") && no[0].contains("`SNV-1`"), "{no:?}");
        done(&top, "acceptReports", json!({ "obligations": [all[2]] })).await;
        assert_eq!(told(&top, all[1].clone()).await, "1/3 closed SNV-2 SNV-3");
        let order = act(&top, "acceptReports", json!({ "obligations": [all[1], all[3]] })).await.refusals();
        assert_eq!(begins(&order), ["GATE_CLOSED L5 obligations.0"], "asked in the order given");
        assert_eq!(see(&top, &all[3]).await.text("/obligation/state"), "REPORTED", "all or none");
        done(&top, "acceptReports", json!({ "obligations": [all[3], all[1]] })).await;
        assert_eq!(told(&top, all[1].clone()).await, "2/3 open ", "what is missing is no longer asked for");
        assert_eq!(told(&top, all[0].clone()).await, "3/5 open ", "and the level above is open by it");
        done(&top, "acceptReports", json!({ "obligations": [all[0]] })).await;
        done(&top, "reopenObligation", json!({ "obligation": all[2], "reason": "Sai" })).await;
        done(&top, "reopenObligation", json!({ "obligation": all[3], "reason": "Sai" })).await;
        assert_eq!(see(&top, &all[1]).await.text("/obligation/state"), "FULFILLED", "what has passed a gate stays fulfilled (L1)");
        assert_eq!(told(&top, all[1].clone()).await, "0/3 closed SNV-1 SNV-2 SNV-3");
    }

    async fn l5_what_is_excused_does_not_count_and_a_closed_gate_is_no_report_held_back(world: &World) {
        let (_, ids) = plan(world, vec![asked("1")]).await;
        let units = world.user("r", "REPORTER", "KHOI").await;
        let top = world.user("gs", "SUPERVISOR", "TINH").await;
        done(&units, "submitReports", report(vec![of(&ids[0], "SNV")], json!({}))).await;
        assert!(!see(&top, &of(&ids[0], "SNV")).await.texts("/obligation/viewerCan", "").contains(&"ACCEPT".to_owned()), "A6: not while the gate is closed");
        done(&top, "exemptObligations", json!({ "obligations": [of(&ids[0], "SNV-1"), of(&ids[0], "SNV-2")], "reason": "Mới thành lập" })).await;
        assert_eq!(told(&top, of(&ids[0], "SNV")).await, "0/1 closed SNV-3");
        world.operator().await.reorganize(json!([{ "dissolve": { "unit": { "code": "SNV-3" } } }])).await;
        assert_eq!(told(&top, of(&ids[0], "SNV")).await, "0/0 open ", "who ended without an heir is released, and not counted (S3)");
        assert!(see(&top, &of(&ids[0], "SNV")).await.texts("/obligation/viewerCan", "").contains(&"ACCEPT".to_owned()));
        done(&top, "acceptReports", json!({ "obligations": [of(&ids[0], "SNV")] })).await;
    }

    async fn l5_a_gate_is_asked_of_reports_that_close_at_once_and_beside_what_must_come_before(world: &World) {
        let mut own = asked("0.34");
        own["verification"] = json!("SELF");
        own["after"] = json!([1]);
        let first = json!({ "kind": "STUDY", "title": "Trước", "scope": { "reach": "SELF", "anchor": { "code": "SNV" } } });
        let (_, ids) = plan(world, vec![first, own]).await;
        let units = world.user("r", "REPORTER", "KHOI").await;
        let top = world.user("gs", "SUPERVISOR", "TINH").await;
        let both_missing = world.user("xem", "VIEWER", "KHOI").await.data(GATE, json!({ "by": of(&ids[1], "SNV") })).await;
        assert_eq!(both_missing.texts("/obligation/gate/missing/nodes", "/unit/code"), ["SNV", "SNV-1", "SNV-2", "SNV-3"], "its own first, then those below");
        assert_eq!(both_missing.at("/obligation/gate/unmetAfter"), &json!([{ "ordinal": 1 }]));
        assert_eq!((both_missing.text("/obligation/gate/share"), both_missing.text("/obligation/requirement/gateShare")), ("0.34".into(), "0.34".into()));
        let no = act(&units, "submitReports", report(vec![of(&ids[1], "SNV")], json!({}))).await.refusals();
        assert!(no[0].starts_with("GATE_CLOSED L5 reports.0.obligations.0: `1` of the unit's obligations"), "{no:?}");
        done(&units, "submitReports", report(vec![of(&ids[0], "SNV")], json!({}))).await;
        done(&top, "acceptReports", json!({ "obligations": [of(&ids[0], "SNV")] })).await;
        done(&units, "submitReports", report(vec![of(&ids[1], "SNV-2")], json!({}))).await;
        let no = act(&units, "submitReports", report(vec![of(&ids[1], "SNV")], json!({}))).await.refusals();
        assert!(no[0].contains("`1` more of the units below") && no[0].contains("`SNV-1`"), "1 of 3 is less than 0.34: {no:?}");
        done(&units, "submitReports", report(vec![of(&ids[1], "SNV-1")], json!({}))).await;
        done(&units, "submitReports", report(vec![of(&ids[1], "SNV")], json!({}))).await;
        assert_eq!(see(&units, &of(&ids[1], "SNV")).await.text("/obligation/state"), "FULFILLED");
    }

    async fn l5_a_share_is_above_0_and_at_most_1_and_after_names_what_comes_before(world: &World) {
        world.operator().await.establish(TREE).await;
        let drafter = world.user("khoi", "DRAFTER", "KHOI").await;
        for share in ["0", "-0.5", "1.5", "1.0000000000000000000000000001"] {
            let no = drafter.try_draft("KHOI", "Sai", json!({ "requirements": [asked(share)] })).await.refusals();
            assert_eq!(begins(&no), ["INVALID L5 requirements.0.gateShare"], "{share}");
        }
        let long = drafter.try_draft("KHOI", "Sai", json!({ "requirements": [asked("0.12345678901234567890123456789012345678901")] })).await;
        assert!(!long.body["errors"].is_null() || !long.refusals().is_empty(), "41 digits are not cut: {long:?}");
        let mut standing = asked("0.5");
        standing["informative"] = json!(true);
        assert_eq!(begins(&drafter.try_draft("KHOI", "Sai", json!({ "requirements": [standing] })).await.refusals()), ["INVALID B8 requirements.0.gateShare"]);
        for after in [1, 2, 0, -1] {
            let mut itself = asked("0.5");
            itself["after"] = json!([after]);
            assert_eq!(begins(&drafter.try_draft("KHOI", "Sai", json!({ "requirements": [itself] })).await.refusals()), ["INVALID L5 requirements.0.after.0"], "{after}");
        }
    }
}
