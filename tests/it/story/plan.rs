//! The bloc's Plan, and what units do about it.

use serde_json::json;

use super::{by_symbol, plan, read};
use crate::harness::demo::told;
use crate::harness::{Actor, World};

/// The ids of the plan's requirements.
async fn requirements(actor: &Actor<'_>) -> Vec<String> {
    read(actor, plan(), "requirements { id }").await.texts("/directive/requirements", "/id")
}

/// The agencies directly below the bloc in tree order: committees, then cells.
const AGENCIES: [&str; 14] =
    ["CQ-01", "CQ-03", "CQ-05", "CQ-06", "CQ-08", "CQ-10", "CQ-12", "CQ-02", "CQ-04", "CQ-07", "CQ-09", "CQ-11", "CQ-13", "CQ-14"];

/// The office of the bloc drafts and issues an agency's programme, which asks to discharge what the plan asks of it.
async fn issue_own_programme(world: &World, unit: &str, requirement: &str) -> crate::harness::Answer {
    let bloc = world.person("khoi").await;
    let id = bloc.draft(unit, "Chương trình hành động", json!({ "kind": "PROGRAMME" })).await;
    let discharges = json!([{ "of": { "requirement": requirement, "unit": { "code": unit } } }]);
    bloc.try_issue(&id, "09-CTr/ĐU", json!({ "discharges": discharges })).await
}

told! {
    /// "The bloc's Plan requires 'các chi, đảng bộ trực thuộc' (its direct children, both cells and committees) …"
    async fn b1_the_plan_binds_exactly_the_direct_children_of_the_bloc(world: &World) {
        let bloc = world.person("khoi").await;
        let answer = read(&bloc, plan(), "boundUnits(first: 100) { totalCount nodes { unit { code kind { code } parent { code } } boundOn } }
            requirements { scope { anchor { code } reach } }").await;
        assert_eq!(answer.texts("/directive/boundUnits/nodes", "/unit/code"), AGENCIES);
        let kinds = answer.texts("/directive/boundUnits/nodes", "/unit/kind/code");
        let count = |kind: &str| kinds.iter().filter(|known| *known == kind).count();
        assert_eq!((count("GRASSROOTS_COMMITTEE"), count("GRASSROOTS_CELL")), (7, 7), "both cells and committees");
        assert!(answer.texts("/directive/requirements", "/scope/reach").iter().all(|reach| reach == "CHILDREN"));
        let tree = bloc.data("{ orgUnit(by: { code: \"KHOI-CQT\" }) { descendantCount children { totalCount } } }", json!({})).await;
        assert_eq!(tree.number("/orgUnit/children/totalCount"), 14);
        assert_eq!(tree.number("/orgUnit/descendantCount"), 32, "CHILDREN, not DESCENDANTS");
    }

    /// The districts and what stands below them are not bound, nor are the cells of the bloc's committees; both are told why.
    async fn b5_who_is_bound_and_who_is_not_is_explained(world: &World) {
        let inspector = world.person("thanh-tra").await;
        let conference = requirements(&inspector).await.remove(0);
        let query = "query($unit: String!, $id: ID!) { explain(unit: { code: $unit }, requirement: $id) { bound notBoundBecause text(locale: EN) reasons { rule } } }";
        for (unit, bound) in [("CQ-01", true), ("CQ-02", true), ("CQ-01-1", false), ("HUYEN-A", false), ("HA-01", false), ("TINH", false)] {
            let answer = inspector.data(query, json!({ "unit": unit, "id": conference })).await;
            assert_eq!(answer.at("/explain/bound"), bound, "{unit}");
            assert_eq!(answer.at("/explain/notBoundBecause").is_null(), bound, "{unit}");
            assert!(!answer.text("/explain/text").is_empty());
        }
    }

    /// "… to hold a study conference for all cadres and members, done 'trước ngày 31/12/2020'"
    async fn t2_the_wording_of_the_date_is_kept_beside_it(world: &World) {
        let agency = world.person("co-quan-02").await;
        let answer = read(&agency, plan(), "requirements { ordinal kind dueOn dueText after { ordinal } informative verification }").await;
        let of = |ordinal: usize| answer.at(&format!("/directive/requirements/{}", ordinal - 1)).clone();
        assert_eq!((&of(1)["kind"], &of(1)["dueOn"], &of(1)["dueText"]), (&json!("STUDY"), &json!("2020-12-30"), &json!("xong trước ngày 31/12/2020")));
        assert_eq!((&of(2)["kind"], &of(2)["dueOn"], &of(2)["after"]), (&json!("DOCUMENT"), &json!(null), &json!([{ "ordinal": 1 }])), "with no date of its own");
        assert_eq!((&of(3)["kind"], &of(4)["kind"]), (&json!("IMPLEMENT"), &json!("EMULATION")), "organizes its implementation; and launches emulation movements");
    }

    /// "after it (L5) each builds its own action programme": not before.
    async fn l5_a_programme_before_the_conference_is_not_accepted(world: &World) {
        let province = world.person("tinh-uy").await;
        let asked = requirements(&province).await;
        issue_own_programme(world, "CQ-12", &asked[1]).await.expect_no_errors("CQ-12");
        let of = |at: usize| json!({ "of": { "requirement": asked[at], "unit": { "code": "CQ-12" } } });
        let accept = "mutation($input: AcceptReportsInput!) { acceptReports(input: $input) { obligations { state } userErrors { code rule path message } } }";
        let refused = province.ask(accept, json!({ "input": { "obligations": [of(1)] } })).await.refusals();
        assert!(refused.len() == 1 && refused[0].starts_with("GATE_CLOSED L5 obligations.0"), "{refused:?}");
        let gate = "query($by: ObligationRef!) { obligation(by: $by) { state gate { open unmetAfter { ordinal } } } }";
        let gate = province.data(gate, json!({ "by": of(1) })).await;
        assert_eq!(gate.at("/obligation/gate"), &json!({ "open": false, "unmetAfter": [{ "ordinal": 1 }] }));
        let report = "mutation($input: SubmitReportsInput!) { submitReports(input: $input) { reports { id } userErrors { message path } } }";
        let held = json!({ "reports": [{ "obligations": [of(0)], "narrative": "Đã tổ chức hội nghị.", "receivedOn": "2020-12-19" }] });
        world.person("khoi").await.data(report, json!({ "input": held })).await;
        let both = province.data(accept, json!({ "input": { "obligations": [of(0), of(1)] } })).await;
        assert_eq!(both.texts("/acceptReports/obligations", "/state"), ["FULFILLED", "FULFILLED"], "the conference first, then the programme");
    }

    /// "each builds its own action programme (L6)": issuing it is the report.
    async fn l6_units_have_discharged_the_duty_by_issuing_their_programme(world: &World) {
        let bloc = world.person("khoi").await;
        let programme = requirements(&bloc).await.remove(1);
        let query = "query($id: ID!, $unit: String!) { obligation(by: { of: { requirement: $id, unit: { code: $unit } } }) {
            state dischargedBy { symbol issuer { code } implements { symbol } } latestReport { directive { symbol } } } }";
        for (unit, state, symbol) in [("CQ-01", "FULFILLED", "01-CTr/ĐU"), ("CQ-02", "REPORTED", "01-CTr/CB")] {
            let answer = bloc.data(query, json!({ "id": programme, "unit": unit })).await;
            assert_eq!(answer.text("/obligation/state"), state, "{unit}");
            assert_eq!(answer.texts("/obligation/dischargedBy", "/symbol"), [symbol]);
            assert_eq!(answer.text("/obligation/dischargedBy/0/issuer/code"), unit);
            assert!(answer.texts("/obligation/dischargedBy/0/implements", "/symbol").contains(&"02-KH/ĐUK".to_owned()));
            assert_eq!(answer.text("/obligation/latestReport/directive/symbol"), symbol);
        }
        let issued = issue_own_programme(world, "CQ-09", &programme).await;
        issued.expect_no_errors("CQ-09");
        let state = bloc.data(query, json!({ "id": programme, "unit": "CQ-09" })).await;
        assert_eq!(state.text("/obligation/state"), "REPORTED", "issuing and reporting are one");
    }

    /// The bloc's own programme discharged what the province asked of the bloc; a district was late.
    async fn l6_the_bloc_has_discharged_what_the_province_asked_for(world: &World) {
        let province = world.person("tinh-uy").await;
        let answer = read(&province, by_symbol("TINH", "01-CTr/TU"),
            "requirements { obligations(orderBy: TREE) { nodes { unit { code } state late overdue reportedOn dischargedBy { symbol } } } }").await;
        let told: Vec<String> = answer.at("/directive/requirements/0/obligations/nodes").as_array().unwrap().iter()
            .map(|one| format!("{} {} late {} overdue {}", one["unit"]["code"], one["state"], one["late"], one["overdue"]).replace('"', "")).collect();
        assert_eq!(told, ["KHOI-CQT FULFILLED late false overdue false", "HUYEN-A FULFILLED late true overdue false", "HUYEN-B PENDING late false overdue true"]);
    }

    /// "towards the targets (chỉ tiêu) set by the provincial Congress XX and the bloc's Congress XV."
    async fn c9_the_figures_count_towards_the_targets_of_both_congresses(world: &World) {
        let province = world.person("tinh-uy").await;
        let plan = read(&province, plan(), "implements { issuer { code } issuingBody } requirements { indicators { key goal goalDifference } }").await;
        let above = plan.at("/directive/implements").as_array().unwrap().clone();
        for congress in ["TINH", "KHOI-CQT"] {
            assert!(above.contains(&json!({ "issuer": { "code": congress }, "issuingBody": "CONGRESS" })), "{above:?}");
        }
        assert_eq!(plan.text("/directive/requirements/3/indicators/0/goalDifference"), "2", "a difference is shown, not hidden");
        let fields = "implements { issuer { code } issuingBody completion(through: LINEAGE) { indicators { key value readings goals { goal requirement { kind directive { issuer { code } } } meetsGoal } } } }";
        let answer = read(&province, super::plan(), fields).await;
        for above in answer.at("/directive/implements").as_array().unwrap().iter().filter(|above| above["issuingBody"] == "CONGRESS") {
            let tallies = above["completion"]["indicators"].as_array().unwrap();
            let of = |key: &str| tallies.iter().find(|tally| tally["key"] == key).unwrap_or_else(|| panic!("no {key}: {tallies:?}"));
            assert_eq!((&of("ket-nap")["value"], &of("ket-nap")["readings"]), (&json!("11"), &json!(3)), "5 + 2 + 4");
            assert_eq!(of("hoan-thanh-tot")["value"], "0.8", "8 of 10, sum over sum");
            let own = |goal: &&serde_json::Value| goal["requirement"]["kind"] == "TARGET" && goal["requirement"]["directive"]["issuer"] == above["issuer"];
            assert!(of("ket-nap")["goals"].as_array().unwrap().iter().any(|goal| own(&goal)), "the congress's own goal is judged");
        }
    }
}
