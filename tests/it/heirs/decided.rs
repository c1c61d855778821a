//! What a batch decides otherwise (S4).

use serde_json::{Value, json};

use super::*;
use crate::harness::both;

fn go(code: &str, parent: &str) -> Value {
    json!([{ "move": { "unit": unit(code), "parent": unit(parent) } }])
}

fn begins(answer: &Answer) -> Vec<String> {
    answer.refusals().iter().map(|refusal| refusal.split(':').next().unwrap().to_owned()).collect()
}

both! {
    async fn s4_the_first_decision_that_fits_wins_over_the_rules(world: &World) {
        let (operator, ids) = plan(world, vec![requirement("Học tập", json!({})), requirement("Thi đua", json!({}))]).await;
        world.day("2020-12-10");
        let changes = json!([establish("A"), establish("B"), { "split": { "unit": unit("STC"), "into": [{ "into": unit("A") }, { "into": unit("B") }] } }]);
        let decisions = json!([
            { "requirements": [ids[1]], "from": unit("KHOI"), "action": "RELEASE", "reason": "không còn phù hợp" },
            { "from": unit("STC"), "action": "TRANSFER", "to": unit("B"), "reason": "B nhận hết" },
        ]);
        let (_, told) = batch(&operator, "2020-12-10", changes, decisions).await;
        assert_eq!(told, [
            "CREATED B <- STC 2020-12-30: took over the obligation of a unit before it in a reorganization",
            "RELEASED STC 2020-12-30: không còn phù hợp",
            "TRANSFERRED STC -> B 2020-12-30: B nhận hết",
        ]);
        assert_eq!(field(&operator, &ids[1], "STC", "closingReason state").await, json!({ "closingReason": "không còn phù hợp", "state": "RELEASED" }));
        assert!(!ledger(&operator, Some(&ids[0])).await.iter().any(|line| line.starts_with("A ")), "A is not bound anew (B4)");
    }

    async fn s4_what_is_kept_is_verified_and_read_by_the_issuers_line(world: &World) {
        let (operator, id) = study(world).await;
        let (reporter, bloc) = (world.user("ttr", "REPORTER", "TTR").await, world.user("khoi", "SUPERVISOR", "KHOI").await);
        let elsewhere = world.user("dn", "SUPERVISOR", "DN").await;
        world.day("2020-12-10");
        let keep = json!([{ "from": unit("TTR"), "action": "KEEP", "reason": "làm cho xong" }]);
        let (_, told) = batch(&operator, "2020-12-10", go("TTR", "DN"), keep).await;
        assert_eq!(told, ["KEPT TTR 2020-12-30: làm cho xong"]);
        assert_eq!(ledger(&operator, Some(&id)).await[2], "TTR PENDING 2020-12-30 2020-12-01..-");
        reports(&reporter, &id, "TTR").await;
        let seen = bloc.data("query($by: ObligationRef!) { obligation(by: $by) { state viewerCan } }", json!({ "by": of(&id, "TTR") })).await;
        assert_eq!(seen.at("/obligation/state"), "REPORTED", "the issuer's line reads it");
        let list = bloc.data("query($filter: ObligationFilter!) { obligations(filter: $filter) { nodes { unit { code } } } }", json!({ "filter": { "requirements": [id] } })).await;
        assert!(list.texts("/obligations/nodes", "/unit/code").contains(&"TTR".to_owned()), "{list:?}");
        let verify = bloc.data("{ viewer { toVerify { nodes { unit { code } } } } }", json!({})).await;
        assert_eq!(verify.texts("/viewer/toVerify/nodes", "/unit/code"), ["TTR"]);
        assert_eq!(elsewhere.data("{ viewer { toVerify { nodes { unit { code } } } } }", json!({})).await.at("/viewer/toVerify/nodes"), &json!([]));
        let refused = crate::obligations::act(&elsewhere, "acceptReports", json!({ "obligations": [of(&id, "TTR")] })).await;
        assert!(!refused.refusals().is_empty(), "the new superior does not accept it: {refused:?}");
        done(&bloc, "acceptReports", json!({ "obligations": [of(&id, "TTR")] })).await;
        assert_eq!(ledger(&operator, Some(&id)).await[2], "TTR FULFILLED 2020-12-30 2020-12-01..2020-12-10");
    }

    async fn s4_the_issuer_verifies_what_is_kept_outside_though_nobody_else_would_be_asked(world: &World) {
        let (operator, ids) = plan(world, vec![requirement("Tự xác nhận", json!({ "verification": "SELF" }))]).await;
        let (ttr, stc) = (world.user("ttr", "REPORTER", "TTR").await, world.user("stc", "REPORTER", "STC").await);
        let keep = json!([{ "from": unit("TTR"), "action": "KEEP", "reason": "làm cho xong" }]);
        batch(&operator, "2020-12-01", go("TTR", "DN"), keep).await;
        reports(&ttr, &ids[0], "TTR").await;
        reports(&stc, &ids[0], "STC").await;
        let state = async |code: &str| field(&operator, &ids[0], code, "state").await["state"].clone();
        assert_eq!((state("TTR").await, state("STC").await), (json!("REPORTED"), json!("FULFILLED")));
        let bloc = world.user("khoi", "SUPERVISOR", "KHOI").await;
        done(&bloc, "acceptReports", json!({ "obligations": [of(&ids[0], "TTR")] })).await;
        assert_eq!(state("TTR").await, "FULFILLED");
    }

    async fn d6_a_report_on_what_is_kept_holds_the_conclusion_up(world: &World) {
        let (operator, id) = study(world).await;
        let (reporter, bloc) = (world.user("ttr", "REPORTER", "TTR").await, world.user("khoi", "SUPERVISOR", "KHOI").await);
        let keep = json!([{ "from": unit("TTR"), "action": "KEEP", "reason": "làm cho xong" }]);
        batch(&operator, "2020-12-01", go("TTR", "DN"), keep).await;
        reports(&reporter, &id, "TTR").await;
        let directive = operator.data("{ directives(first: 1) { nodes { id } } }", json!({})).await.text("/directives/nodes/0/id");
        let drafter = world.user("soan-2", "DRAFTER", "KHOI").await;
        let refused = drafter.step("concludeDirective", &directive, json!({})).await.refusals();
        assert!(refused.len() == 1 && refused[0].starts_with("STEP_NOT_ALLOWED D6 directive") && refused[0].contains("`TTR`"), "{refused:?}");
        done(&bloc, "acceptReports", json!({ "obligations": [of(&id, "TTR")] })).await;
        drafter.step("concludeDirective", &directive, json!({})).await.expect_no_errors("concludeDirective");
    }

    async fn s4_what_was_kept_passes_to_successors_and_ends_being_so_when_the_unit_is_back(world: &World) {
        let (operator, id) = study(world).await;
        let keep = json!([{ "from": unit("TTR"), "action": "KEEP", "reason": "làm cho xong" }]);
        batch(&operator, "2020-12-01", go("TTR", "DN"), keep).await;
        world.day("2020-12-10");
        let (_, told) = batch(&operator, "2020-12-10", json!([merge(&["TTR"], "DN-1")]), json!([])).await;
        assert_eq!(told[1], "TRANSFERRED TTR -> DN-1 2020-12-30: its unit was merged, and what it became took over");
        batch(&operator, "2020-12-10", go("DN-1", "KHOI"), json!([])).await;
        let (_, told) = batch(&operator, "2020-12-10", go("DN-1", "DN"), json!([])).await;
        assert_eq!(told, ["RELEASED DN-1 2020-12-30: its unit left the issuer's subtree"]);
        assert_eq!(ledger(&operator, Some(&id)).await[0], "DN-1 RELEASED 2020-12-30 2020-12-10..2020-12-10 <- TTR");
    }

    async fn s4_a_decision_that_decides_nothing_is_refused_with_its_place(world: &World) {
        let (operator, ids) = plan(world, vec![requirement("Học tập", json!({})), requirement("Khác", json!({ "scope": { "reach": "CHILDREN", "except": [unit("STC")] } }))]).await;
        let changes = json!([establish("A"), establish("B"), { "split": { "unit": unit("STC"), "into": [{ "into": unit("A") }, { "into": unit("B") }] } }]);
        let tried = async |decisions: Value| begins(&try_batch(&operator, "2020-12-01", changes.clone(), decisions).await);
        let decide = |from: &str, action: &str, more: Value| {
            let mut decision = json!({ "from": unit(from), "action": action, "reason": "vì thế" });
            more.as_object().unwrap().iter().for_each(|(field, value)| decision[field] = value.clone());
            decision
        };
        assert_eq!(tried(json!([decide("STC", "TRANSFER", json!({}))])).await, ["INVALID S4 decisions.0.to"]);
        assert_eq!(tried(json!([decide("STC", "RELEASE", json!({ "to": unit("A") }))])).await, ["INVALID S4 decisions.0.to"]);
        assert_eq!(tried(json!([decide("STC", "TRANSFER", json!({ "to": unit("TTR") }))])).await, ["INVALID S4 decisions.0.to"]);
        assert_eq!(tried(json!([decide("STC", "TRANSFER", json!({ "to": unit("X") }))])).await, ["NOT_FOUND A5 decisions.0.to"]);
        assert_eq!(tried(json!([decide("A", "RELEASE", json!({}))])).await, ["NOT_FOUND A5 decisions.0.from"]);
        assert_eq!(tried(json!([decide("STC", "RELEASE", json!({})), decide("TTR", "RELEASE", json!({}))])).await, ["INVALID S4 decisions.1.from"]);
        assert_eq!(tried(json!([decide("STC", "RELEASE", json!({ "requirements": [ids[0], ids[1]] }))])).await, ["INVALID S4 decisions.0.requirements.1"]);
        assert_eq!(tried(json!([decide("STC", "RELEASE", json!({ "requirements": ["x"] }))])).await, ["INVALID F1 decisions.0.requirements.0"]);
        let symbol = json!({ "directives": [{ "symbol": { "issuer": unit("KHOI"), "symbol": "99-KH/ĐUK" } }] });
        assert_eq!(tried(json!([decide("STC", "RELEASE", symbol)])).await, ["NOT_FOUND A5 decisions.0.directives.0"]);
        assert_eq!(tried(json!([decide("STC", "RELEASE", json!({ "reason": " " }))])).await, ["INVALID F2 decisions.0.reason"]);
        let nothing = operator.data("{ reorganizations { totalCount } }", json!({})).await;
        assert_eq!(nothing.number("/reorganizations/totalCount"), 1, "nothing is written");
        // Outside the issuer's subtree nobody takes over.
        let out = json!([{ "establish": { "code": "C", "kind": "GRASSROOTS_COMMITTEE", "name": "C", "parent": unit("DN") } }, establish("A"), { "split": { "unit": unit("STC"), "into": [{ "into": unit("A") }, { "into": unit("C") }] } }]);
        let refused = try_batch(&operator, "2020-12-01", out, json!([decide("STC", "TRANSFER", json!({ "to": unit("C") }))])).await;
        assert_eq!(begins(&refused), ["OUTSIDE_ISSUER S4 decisions.0.to"]);
    }

    async fn c5_a_root_with_directives_in_force_leaves_somebody_for_them(world: &World) {
        let operator = world.operator().await;
        operator.establish("R PROVINCIAL Gốc\n  R-1 GRASSROOTS_CELL Chi bộ\nS PROVINCIAL Khác").await;
        let drafter = world.user("r", "DRAFTER", "R").await;
        let draft = drafter.draft("R", "Kế hoạch", json!({ "requirements": [{ "kind": "STUDY", "title": "Học", "scope": { "reach": "CHILDREN" } }] })).await;
        drafter.issue(&draft, "1-KH/R").await;
        let refused = try_batch(&operator, "2020-12-01", json!([{ "dissolve": { "unit": unit("R"), "childrenTo": unit("S") } }]), json!([])).await;
        assert_eq!(begins(&refused), ["INVALID C5 changes"]);
        world.day("2020-12-10");
        batch(&operator, "2020-12-10", json!([{ "dissolve": { "unit": unit("R"), "heir": unit("S") } }]), json!([])).await;
        let lines = ledger(&operator, None).await;
        assert_eq!(lines, ["R-1 PENDING - 2020-12-01..-"], "its heir stands for it, and the cell stays bound");
    }
}
