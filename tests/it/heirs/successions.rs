//! Units that are merged, split or dissolved hand on what is open (S1–S3, S5, S6).

use serde_json::{Value, json};

use super::*;
use crate::harness::both;
use crate::obligations::act;

/// The bloc's supervisor, and reporters of its units.
async fn people<'w>(world: &'w World, codes: &[&str]) -> (Actor<'w>, Vec<Actor<'w>>) {
    let mut reporters = Vec::new();
    for code in codes {
        reporters.push(world.user(&code.to_lowercase(), "REPORTER", code).await);
    }
    (world.user("khoi", "SUPERVISOR", "KHOI").await, reporters)
}

both! {
    async fn s1_what_is_open_passes_to_what_units_become(world: &World) {
        let (operator, id) = study(world).await;
        let (bloc, reporters) = people(world, &["SNV", "STC", "TTR"]).await;
        done(&reporters[0], "startObligations", json!({ "obligations": [of(&id, "SNV")] })).await;
        done(&bloc, "extendDueDate", json!({ "obligations": [of(&id, "STC")], "dueOn": "2021-01-15", "reason": "bận" })).await;
        reports(&reporters[2], &id, "TTR").await;
        done(&bloc, "acceptReports", json!({ "obligations": [of(&id, "TTR")] })).await;
        world.day("2020-12-10");
        let (real, told) = batch(&operator, "2020-12-10", json!([establish("NVTC"), merge(&["SNV", "STC", "TTR"], "NVTC")]), json!([])).await;
        assert_eq!(told, [
            "CREATED NVTC <- SNV, STC 2021-01-15: took over the obligation of a unit before it in a reorganization",
            "TRANSFERRED SNV -> NVTC 2020-12-30: its unit was merged, and what it became took over",
            "TRANSFERRED STC -> NVTC 2021-01-15: its unit was merged, and what it became took over",
        ]);
        let effects = real.at("/reorganize/reorganization/effects");
        let counts = ["obligationsTransferred", "obligationsReleased", "obligationsCreated"].map(|field| effects[field].as_i64().unwrap());
        assert_eq!(counts, [2, 0, 1]);
        assert_eq!(ledger(&operator, Some(&id)).await, [
            "NVTC IN_PROGRESS 2021-01-15 2020-12-10..- <- SNV, STC",
            "SNV TRANSFERRED 2020-12-30 2020-12-01..2020-12-10 -> NVTC",
            "STC TRANSFERRED 2021-01-15 2020-12-01..2020-12-10 -> NVTC",
            "TTR FULFILLED 2020-12-30 2020-12-01..2020-12-01",
            "VPT PENDING 2020-12-30 2020-12-01..-",
        ], "what is closed stays with the unit that closed it (S5)");
        assert_eq!(field(&operator, &id, "NVTC", "reasons { rule }").await, json!({ "reasons": [{ "rule": "SUCCESSION" }, { "rule": "SUCCESSION" }] }));
        let history = field(&operator, &id, "SNV", "history { nodes { action reason changes { field before after } } }").await;
        assert!(history.to_string().contains("OBLIGATION_TRANSFERRED"), "{history}");
        let kept = operator.data("{ reorganizations(first: 1) { nodes { effects { obligationsTransferred obligations(first: 2) { totalCount nodes { unit { code } } pageInfo { hasNextPage } } } } } }", json!({})).await;
        assert_eq!(kept.texts("/reorganizations/nodes/0/effects/obligations/nodes", "/unit/code"), ["SNV", "STC"]);
        assert_eq!(kept.number("/reorganizations/nodes/0/effects/obligations/totalCount"), 3);
    }

    async fn s1_a_successor_with_one_of_its_own_takes_the_latest_date(world: &World) {
        let (operator, id) = study(world).await;
        let (bloc, reporters) = people(world, &["SNV", "TTR"]).await;
        world.day("2020-12-05");
        reports(&reporters[0], &id, "SNV").await;
        reports(&reporters[1], &id, "TTR").await;
        done(&bloc, "acceptReports", json!({ "obligations": [of(&id, "TTR")] })).await;
        world.day("2020-12-10");
        let (_, told) = batch(&operator, "2020-12-10", json!([merge(&["SNV", "STC"], "STC"), merge(&["VPT"], "TTR")]), json!([])).await;
        assert_eq!(told, [
            "LINKED STC <- SNV 2021-01-09: took over the obligation of a unit before it in a reorganization",
            "RELEASED VPT 2020-12-30: the successor's own obligation on the same requirement is closed",
            "TRANSFERRED SNV -> STC 2020-12-30: its unit was merged, and what it became took over",
        ], "a report that waited in time gives at least the grace of a late unit");
        assert_eq!(ledger(&operator, Some(&id)).await, [
            "SNV TRANSFERRED 2020-12-30 2020-12-01..2020-12-10 -> STC",
            "STC PENDING 2021-01-09 2020-12-01..- <- SNV",
            "TTR FULFILLED 2020-12-30 2020-12-01..2020-12-05",
            "VPT RELEASED 2020-12-30 2020-12-01..2020-12-10",
        ]);
        let earlier = field(&operator, &id, "STC", "earlierDueDates { dueOn } predecessors { latestReport { narrative } }").await;
        assert_eq!(earlier, json!({ "earlierDueDates": [{ "dueOn": "2020-12-30" }], "predecessors": [{ "latestReport": { "narrative": "Đã tổ chức hội nghị." } }] }));
        assert_eq!(field(&operator, &id, "VPT", "closingReason").await["closingReason"], "the successor's own obligation on the same requirement is closed");
    }

    async fn s2_each_part_of_a_split_gets_its_own(world: &World) {
        let (operator, id) = study(world).await;
        world.day("2020-12-10");
        let part = |code: &str, children: Value| json!({ "into": unit(code), "children": children });
        let (_, told) = batch(&operator, "2020-12-10", json!([
            establish("A"), establish("B"), establish("C"),
            { "split": { "unit": unit("SNV"), "into": [part("SNV", json!([])), part("A", json!([unit("SNV-1")]))] } },
            { "split": { "unit": unit("STC"), "into": [part("B", json!([])), part("C", json!([]))] } },
        ]), json!([])).await;
        assert_eq!(told, [
            "CREATED A <- SNV 2020-12-30: took over the obligation of a unit before it in a reorganization",
            "CREATED B <- STC 2020-12-30: took over the obligation of a unit before it in a reorganization",
            "CREATED C <- STC 2020-12-30: took over the obligation of a unit before it in a reorganization",
            "TRANSFERRED STC -> B, C 2020-12-30: its unit was split up, and the parts took over",
        ]);
        assert_eq!(ledger(&operator, Some(&id)).await[..5], [
            "A PENDING 2020-12-30 2020-12-10..- <- SNV",
            "B PENDING 2020-12-30 2020-12-10..- <- STC",
            "C PENDING 2020-12-30 2020-12-10..- <- STC",
            "SNV PENDING 2020-12-30 2020-12-01..- -> A",
            "STC TRANSFERRED 2020-12-30 2020-12-01..2020-12-10 -> B, C",
        ]);
    }

    async fn s3_an_heir_takes_over_and_without_one_it_is_released(world: &World) {
        let (operator, id) = study(world).await;
        world.day("2020-12-10");
        let dissolve = |code: &str, heir: Value| json!({ "dissolve": { "unit": unit(code), "heir": heir } });
        let (_, told) = batch(&operator, "2020-12-10", json!([establish("KT"), dissolve("SNV", unit("KT")), dissolve("TTR", Value::Null)]), json!([])).await;
        assert_eq!(told, [
            "CREATED KT <- SNV 2020-12-30: took over the obligation of a unit before it in a reorganization",
            "RELEASED TTR 2020-12-30: its unit ended without an heir",
            "TRANSFERRED SNV -> KT 2020-12-30: its unit ended, and its heir took over",
        ]);
        // A unit that ended without an heir and is back takes up what it had (B4).
        world.day("2021-02-01");
        let (_, told) = batch(&operator, "2021-02-01", json!([{ "reopen": { "unit": unit("TTR") } }]), json!([])).await;
        assert_eq!(told, ["BOUND_AGAIN TTR 2021-03-03: came back after it had left, and takes up the same obligation"]);
        assert_eq!(ledger(&operator, Some(&id)).await[3], "TTR PENDING 2021-03-03 2020-12-01..-");
    }

    async fn s5_chains_are_read_both_ways_through_several_batches(world: &World) {
        let (operator, id) = study(world).await;
        world.day("2020-12-10");
        batch(&operator, "2020-12-10", json!([establish("A"), merge(&["SNV", "STC"], "A")]), json!([])).await;
        world.day("2020-12-12");
        batch(&operator, "2020-12-12", json!([establish("B"), establish("C"), { "split": { "unit": unit("A"), "into": [{ "into": unit("B") }, { "into": unit("C"), "children": [unit("SNV-1")] }] } }]), json!([])).await;
        world.day("2020-12-14");
        batch(&operator, "2020-12-14", json!([merge(&["B", "TTR"], "TTR")]), json!([])).await;
        assert_eq!(ledger(&operator, Some(&id)).await, [
            "A TRANSFERRED 2020-12-30 2020-12-10..2020-12-12 <- SNV, STC -> B, C",
            "B TRANSFERRED 2020-12-30 2020-12-12..2020-12-14 <- A -> TTR",
            "C PENDING 2020-12-30 2020-12-12..- <- A",
            "SNV TRANSFERRED 2020-12-30 2020-12-01..2020-12-10 -> A",
            "STC TRANSFERRED 2020-12-30 2020-12-01..2020-12-10 -> A",
            "TTR PENDING 2020-12-30 2020-12-01..- <- B",
            "VPT PENDING 2020-12-30 2020-12-01..-",
        ]);
    }

    async fn s6_a_batch_acts_on_what_is_open_when_it_takes_effect(world: &World) {
        let (operator, id) = study(world).await;
        let (bloc, reporters) = people(world, &["SNV"]).await;
        world.day("2020-12-15");
        reports(&reporters[0], &id, "SNV").await;
        done(&bloc, "acceptReports", json!({ "obligations": [of(&id, "SNV")] })).await;
        world.day("2020-12-20");
        // A correction: on the 10th what SNV fulfilled on the 15th was open, but the batch was not recorded then.
        let (_, told) = batch(&operator, "2020-12-10", json!([establish("A"), merge(&["SNV", "STC"], "A")]), json!([])).await;
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(ledger(&operator, Some(&id)).await[..3], [
            "A PENDING 2020-12-30 2020-12-20..- <- STC",
            "SNV FULFILLED 2020-12-30 2020-12-01..2020-12-15",
            "STC TRANSFERRED 2020-12-30 2020-12-01..2020-12-20 -> A",
        ]);
        // A plan tells what it would do, and does nothing before its day.
        let (planned, told) = batch(&operator, "2020-12-25", json!([merge(&["TTR"], "VPT")]), json!([])).await;
        assert_eq!(planned.text("/reorganize/reorganization/status"), "PLANNED");
        assert_eq!(told, [
            "LINKED VPT <- TTR 2020-12-30: took over the obligation of a unit before it in a reorganization",
            "TRANSFERRED TTR -> VPT 2020-12-30: its unit was merged, and what it became took over",
        ]);
        assert_eq!(ledger(&operator, Some(&id)).await[3..], ["TTR PENDING 2020-12-30 2020-12-01..-", "VPT PENDING 2020-12-30 2020-12-01..-"]);
    }

    async fn s6_a_report_on_what_was_transferred_is_refused(world: &World) {
        let (operator, id) = study(world).await;
        let (_, reporters) = people(world, &["STC"]).await;
        world.day("2020-12-10");
        batch(&operator, "2020-12-10", json!([merge(&["SNV"], "STC")]), json!([])).await;
        let refused = act(&operator, "submitReports", report(vec![of(&id, "SNV")], json!({}))).await;
        assert!(!refused.refusals().is_empty() || refused.body.get("errors").is_some(), "{refused:?}");
        reports(&reporters[0], &id, "STC").await;
    }
}
