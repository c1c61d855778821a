//! What stands after an annulment: who follows whom, what may be sent again, and where a unit counts (O5, S5, C5).

use serde_json::json;

use super::annulments::{ANNUL, annul};
use super::*;
use crate::harness::both;

/// The bloc's plan to study, verified by nobody else and of these kinds only; who comes late is not bound.
async fn own_study<'w>(world: &'w World, kinds: Value) -> (Actor<'w>, String) {
    let more = json!({ "verification": "SELF", "bindsLateUnits": false, "scope": { "reach": "CHILDREN", "kinds": kinds } });
    let (operator, ids) = plan(world, vec![requirement("Học tập", more)]).await;
    world.day("2020-12-10");
    (operator, ids[0].clone())
}

fn split(from: &str, parts: [&str; 2]) -> Value {
    json!({ "split": { "unit": unit(from), "into": parts.map(|part| json!({ "into": unit(part) })) } })
}

fn reopen(code: &str, parent: Value) -> Value {
    json!({ "reopen": { "unit": unit(code), "parent": parent } })
}

async fn today(operator: &Actor<'_>, changes: Value) -> (Answer, Vec<String>) {
    batch(operator, "2020-12-10", changes, json!([])).await
}

both! {
    async fn o5_s5_nothing_follows_what_an_annulment_gave_back(world: &World) {
        let (operator, id) = own_study(world, json!([])).await;
        let (mistake, _) = today(&operator, json!([merge(&["TTR"], "VPT")])).await;
        annul(&operator, &mistake).await;
        let left = ["TTR PENDING 2020-12-30 2020-12-01..-", "VPT PENDING 2020-12-30 2020-12-01..-"];
        assert_eq!(ledger(&operator, Some(&id)).await[2..], left);
        assert_eq!(field(&operator, &id, "VPT", "reasons { rule }").await, json!({ "reasons": [{ "rule": "SCOPE" }] }));
        // What `VPT` does from now on is its own.
        reports(&world.user("vpt", "REPORTER", "VPT").await, &id, "VPT").await;
        let (another, _) = today(&operator, json!([establish("A"), merge(&["TTR"], "A")])).await;
        assert_eq!(annul(&operator, &another).await, ["RELEASED A 2020-12-30: ghi nhầm", "RETURNED TTR 2020-12-30: ghi nhầm"]);
        assert_eq!(ledger(&operator, Some(&id)).await[3..], [left[0], "VPT FULFILLED 2020-12-30 2020-12-01..2020-12-10"]);
    }

    async fn o5_an_annulment_is_not_annulled_but_its_batch_is_sent_again(world: &World) {
        let (operator, id) = study(world).await;
        world.day("2020-12-10");
        let (mistake, told) = today(&operator, json!([establish("A"), establish("B"), split("TTR", ["A", "B"])])).await;
        annul(&operator, &mistake).await;
        let annulment = operator.data("{ reorganizations(first: 1) { nodes { id } } }", json!({})).await.text("/reorganizations/nodes/0/id");
        let refused = operator.ask(ANNUL, json!({ "input": { "reorganization": annulment, "reason": "nhầm" } })).await.refusals();
        assert!(refused[0].starts_with("STEP_NOT_ALLOWED O5 reorganization: "), "{refused:?}");
        let again = json!([reopen("A", unit("KHOI")), reopen("B", unit("KHOI")), split("TTR", ["A", "B"])]);
        let (again, told_again) = today(&operator, again).await;
        assert_eq!(told_again, told.iter().map(|line| line.replace("CREATED", "BOUND_AGAIN")).collect::<Vec<_>>());
        let owed = ledger(&operator, Some(&id)).await;
        let parts = ["A PENDING 2020-12-30 2020-12-10..- <- TTR", "B PENDING 2020-12-30 2020-12-10..- <- TTR"];
        assert_eq!(owed[..2], parts, "what the first batch had brought into being lives once more");
        assert_eq!(owed[4], "TTR TRANSFERRED 2020-12-30 2020-12-01..2020-12-10 -> A, B");
        let told = annul(&operator, &again).await;
        assert_eq!(told, ["RELEASED A 2020-12-30: ghi nhầm", "RELEASED B 2020-12-30: ghi nhầm", "RETURNED TTR 2020-12-30: ghi nhầm"]);
    }

    async fn o5_what_only_an_annulled_batch_gave_does_not_stand_in_the_way(world: &World) {
        let (operator, id) = own_study(world, json!(["GRASSROOTS_CELL"])).await;
        let (mistake, _) = today(&operator, json!([merge(&["TTR"], "STC"), json!({ "revise": { "unit": unit("SNV"), "name": "Nhầm" } })])).await;
        annul(&operator, &mistake).await;
        assert_eq!(ledger(&operator, Some(&id)).await[0], "STC RELEASED 2020-12-30 2020-12-10..2020-12-10");
        let reporter = world.user("ttr", "REPORTER", "TTR").await;
        done(&reporter, "startObligations", json!({ "obligations": [of(&id, "TTR")] })).await;
        today(&operator, json!([merge(&["TTR"], "STC")])).await;
        assert_eq!(ledger(&operator, Some(&id)).await[..2], [
            "STC IN_PROGRESS 2020-12-30 2020-12-10..- <- TTR",
            "TTR TRANSFERRED 2020-12-30 2020-12-01..2020-12-10 -> STC",
        ]);
    }

    async fn o5_a_part_that_a_split_gave_by_mistake_is_taken_back(world: &World) {
        let (operator, id) = own_study(world, json!(["GRASSROOTS_COMMITTEE"])).await;
        let (mistake, _) = today(&operator, json!([split("STC", ["STC", "TTR"])])).await;
        assert_eq!(annul(&operator, &mistake).await, ["RELEASED TTR 2020-12-30: ghi nhầm"]);
        assert_eq!(ledger(&operator, Some(&id)).await[1..], [
            "STC PENDING 2020-12-30 2020-12-01..-",
            "TTR RELEASED 2020-12-30 2020-12-10..2020-12-10",
        ]);
    }

    async fn o5_a_part_of_a_split_fulfils_nothing_that_the_unit_kept(world: &World) {
        let (operator, id) = own_study(world, json!(["GRASSROOTS_COMMITTEE"])).await;
        today(&operator, json!([split("STC", ["STC", "TTR"])])).await;
        reports(&world.user("ttr", "REPORTER", "TTR").await, &id, "TTR").await;
        let (mistake, _) = today(&operator, json!([merge(&["STC"], "SNV")])).await;
        assert_eq!(annul(&operator, &mistake).await, ["RETURNED STC 2020-12-30: ghi nhầm"]);
        assert_eq!(ledger(&operator, Some(&id)).await, [
            "SNV PENDING 2020-12-30 2020-12-01..-",
            "STC PENDING 2020-12-30 2020-12-01..- -> TTR",
            "TTR FULFILLED 2020-12-30 2020-12-10..2020-12-10 <- STC",
        ]);
    }

    async fn o5_what_passed_on_from_a_mistake_is_not_owed_twice(world: &World) {
        let (operator, id) = own_study(world, json!(["GRASSROOTS_CELL"])).await;
        let (mistake, _) = today(&operator, json!([merge(&["TTR"], "STC")])).await;
        let (later, _) = today(&operator, json!([merge(&["STC"], "SNV")])).await;
        assert_eq!(annul(&operator, &mistake).await, ["RELEASED SNV 2020-12-30: ghi nhầm", "RETURNED TTR 2020-12-30: ghi nhầm"]);
        assert_eq!(annul(&operator, &later).await, ["RELEASED STC 2020-12-30: ghi nhầm", "RETURNED STC 2020-12-30: ghi nhầm"]);
        let owed: Vec<String> = ledger(&operator, Some(&id)).await.iter().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(owed, ["SNV RELEASED", "STC RELEASED", "TTR PENDING", "VPT PENDING"]);
    }

    async fn o5_what_returns_to_a_unit_that_has_ended_since_passes_on(world: &World) {
        let (operator, id) = own_study(world, json!(["GRASSROOTS_CELL"])).await;
        let (mistake, _) = today(&operator, json!([{ "move": { "unit": unit("TTR"), "parent": unit("DN") } }])).await;
        today(&operator, json!([merge(&["TTR"], "VPT")])).await;
        assert_eq!(annul(&operator, &mistake).await, [
            "LINKED VPT <- TTR 2020-12-30: took over the obligation of a unit before it in a reorganization",
            "RETURNED TTR 2020-12-30: ghi nhầm",
            "TRANSFERRED TTR -> VPT 2020-12-30: its unit ended, and its heir took over",
        ]);
        let owed = ["TTR TRANSFERRED 2020-12-30 2020-12-01..2020-12-10 -> VPT", "VPT PENDING 2020-12-30 2020-12-01..- <- TTR"];
        assert_eq!(ledger(&operator, Some(&id)).await, owed);
    }

    async fn o5_c5_a_reopening_that_is_annulled_leaves_everything_as_it_was(world: &World) {
        let (operator, id) = study(world).await;
        let batch_of = async |on: &str, changes: Value| {
            world.day(on);
            batch(&operator, on, changes, json!([])).await
        };
        batch_of("2020-12-10", json!([establish("A"), establish("C"), split("STC", ["A", "SNV"]), merge(&["TTR"], "VPT")])).await;
        batch_of("2020-12-11", json!([merge(&["VPT"], "SNV"), { "dissolve": { "unit": unit("C") } }])).await;
        let query = "{ stc: orgUnit(by: { code: \"STC\" }) { ...Told } ttr: orgUnit(by: { code: \"TTR\" }) { ...Told } c: orgUnit(by: { code: \"C\" }) { ...Told }
            search: orgUnits(filter: { search: \"Sở Tài chính\", under: { code: \"KHOI\" } }) { nodes { code } }
            all: orgUnits(first: 50, orderBy: CODE) { nodes { code completion { total counted } predecessors { from { code } } } } }
            fragment Told on OrgUnit { active name kind { code } parent { code } successors { to { code } kind effectiveOn } }";
        let told = async || (operator.data(query, json!({})).await.at("").clone(), ledger(&operator, Some(&id)).await);
        let before = told().await;
        assert_eq!(before.1[1], "C RELEASED 2021-01-09 2020-12-10..2020-12-11", "{before:#?}");
        let changes = json!([reopen("STC", unit("DN")), reopen("TTR", unit("KHOI")), reopen("C", unit("KHOI")), { "revise": { "unit": unit("STC"), "name": "Nhầm" } }]);
        let (mistake, _) = batch_of("2020-12-14", changes).await;
        assert_ne!(told().await, before);
        world.day("2020-12-15");
        assert_eq!(annul(&operator, &mistake).await, ["RELEASED C 2021-01-09: its unit ended without an heir"]);
        let (tree, mut owed) = told().await;
        owed[1] = owed[1].replace("12-15", "12-11");
        assert_eq!((tree, owed), before);
    }
}
