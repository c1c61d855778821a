//! What the figures in reports come to, and how goals are met (C9).

use serde_json::{Value, json};

use super::life::requirements_of;
use crate::directives::{bloc, study};
use crate::harness::{Actor, both};
use crate::obligations::{done, of, report};

const TALLY: &str = "key value readings missing goals { goal meetsGoal unitsMeetingGoal unitsJudged requirement { ordinal } }";

/// The tallies of a directive, the whole or what a unit owes itself.
async fn tallies(reader: &Actor<'_>, directive: &str, own: Option<&str>) -> Vec<Value> {
    let arguments = own.map(|code| format!("(unit: {{ code: \"{code}\" }}, span: OWN)")).unwrap_or_default();
    let query = format!("query($id: ID!) {{ directive(by: {{ id: $id }}) {{ completion{arguments} {{ indicators {{ {TALLY} }} }} }} }}");
    let answer = reader.data(&query, json!({ "id": directive })).await;
    answer.at("/directive/completion/indicators").as_array().unwrap().clone()
}

/// Value, readings and missing of the indicator at a place.
fn tally(tallies: &[Value], at: usize) -> Value {
    json!([tallies[at]["key"], tallies[at]["value"], tallies[at]["readings"], tallies[at]["missing"]])
}

/// Of each goal of the indicator at a place: by which requirement, how much, whether it is met, units that meet it of units judged.
fn goals(tallies: &[Value], at: usize) -> Value {
    let goal = |goal: &Value| {
        json!([goal["requirement"]["ordinal"], goal["goal"], goal["meetsGoal"], goal["unitsMeetingGoal"], goal["unitsJudged"]])
    };
    tallies[at]["goals"].as_array().unwrap().iter().map(goal).collect()
}

/// A plan with two requirements that share the figure of who attended; one of them also asks how many of the members have studied.
async fn plan(drafter: &Actor<'_>) -> (String, [String; 2]) {
    let part = |unit: &str, goal: &str| json!({ "unit": { "code": unit }, "goal": goal });
    let attended = |more: Value| {
        let mut indicator = json!({ "key": "attended", "label": "Số dự học", "unitOfMeasure": "người", "aggregation": "SUM" });
        indicator.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        indicator
    };
    let parts = [part("SNV", "40.1000000001"), part("STC", "35"), part("TTR", "20")];
    let split = attended(json!({ "goal": "70.3000000001", "goalDirection": "AT_LEAST", "goals": parts }));
    let members = json!({ "key": "members", "label": "Đảng viên", "aggregation": "SUM" });
    let ratio = json!({ "key": "studied", "label": "Tỷ lệ học tập", "aggregation": "RATIO", "ratioOver": "members", "goal": "0.75", "goalDirection": "AT_LEAST" });
    let mut first = study("2020-12-31");
    first["indicators"] = json!([split, members, ratio]);
    let mut second = study("2020-12-31");
    second["indicators"] = json!([attended(json!({ "goal": "70.3", "goalDirection": "AT_MOST" }))]);
    let id = drafter.draft("KHOI", "Kế hoạch học tập", json!({ "requirements": [first, second] })).await;
    drafter.issue(&id, "81-KH/ĐUK").await;
    let requirements = requirements_of(drafter, &id).await;
    (id, requirements)
}

both! {
    async fn c9_figures_of_units_go_together_exactly_and_each_goal_is_judged_on_the_aggregate(world: &World) {
        let drafter = bloc(world).await;
        let (plan, requirements) = plan(&drafter).await;
        let (below, above) = (world.user("cap-duoi", "REPORTER", "KHOI").await, world.user("cap-tren", "SUPERVISOR", "KHOI").await);
        let owed = |unit: &str| requirements.iter().map(|requirement| of(requirement, unit)).collect::<Vec<_>>();
        let figures = [("SNV", "40.1000000001", "38", "40"), ("STC", "30.2", "12", "24"), ("TTR", "123456789012345678.0000000009", "5", "6")];
        for (unit, attended, studied, members) in figures {
            let readings = [("attended", attended), ("studied", studied), ("members", members)].map(|(key, value)| json!({ "indicator": key, "value": value }));
            done(&below, "submitReports", report(owed(unit), json!({ "readings": readings }))).await;
        }
        let waiting = tallies(&drafter, &plan, None).await;
        assert_eq!(tally(&waiting, 0), json!(["attended", null, 0, 3]), "what is not accepted gives no figure");
        assert_eq!(goals(&waiting, 0), json!([[1, "70.3000000001", null, 0, 0], [2, "70.3", null, 0, 0]]));

        let all: Vec<Value> = ["SNV", "STC", "TTR"].iter().flat_map(|unit| owed(unit)).collect();
        done(&above, "acceptReports", json!({ "obligations": all })).await;
        let whole = tallies(&drafter, &plan, None).await;
        assert_eq!(tally(&whole, 0), json!(["attended", "123456789012345748.300000001", 3, 0]), "once, though each report serves two");
        assert_eq!(goals(&whole, 0), json!([[1, "70.3000000001", true, 2, 3], [2, "70.3", false, 0, 0]]));
        assert_eq!(tally(&whole, 1), json!(["members", "70", 3, 0]));

        let reopen = async |requirement: &str| {
            done(&above, "reopenObligation", json!({ "obligation": of(requirement, "TTR"), "reason": "Số liệu sai" })).await;
        };
        reopen(&requirements[0]).await;
        let once = tallies(&drafter, &plan, None).await;
        assert_eq!(tally(&once, 0), tally(&whole, 0), "its other obligation still gives the figure");
        assert_eq!(tally(&once, 2), json!(["studied", "0.78125", 2, 1]), "sum over sum, not a mean of percentages");
        assert_eq!(goals(&once, 2), json!([[1, "0.75", true, 1, 2]]), "a ratio has the same goal for every unit");

        reopen(&requirements[1]).await;
        let reopened = tallies(&drafter, &plan, None).await;
        assert_eq!(tally(&reopened, 0), json!(["attended", "70.3000000001", 2, 1]));
        assert_eq!(goals(&reopened, 0), json!([[1, "70.3000000001", true, 1, 2], [2, "70.3", false, 0, 0]]), "to the last digit");
        let own = tallies(&drafter, &plan, Some("STC")).await;
        assert_eq!(tally(&own, 0), json!(["attended", "30.2", 1, 0]));
        assert_eq!(goals(&own, 0), json!([[1, "70.3000000001", false, 0, 1], [2, "70.3", null, 0, 0]]), "by its own part");

        done(&above, "exemptObligations", json!({ "obligations": owed("TTR"), "reason": "Giải thể" })).await;
        assert_eq!(tally(&tallies(&drafter, &plan, None).await, 0), json!(["attended", "70.3000000001", 2, 0]), "none is missed from who is excused");
    }

    async fn c9_a_mean_the_least_and_the_most_go_together_too(world: &World) {
        let drafter = bloc(world).await;
        let asked = ["MEAN", "MIN", "MAX"].map(|way| json!({ "key": way, "label": way, "aggregation": way, "goal": "20", "goalDirection": "AT_LEAST" }));
        let mut requirement = study("2020-12-31");
        requirement["indicators"] = json!(asked);
        requirement["verification"] = json!("SELF");
        let plan = drafter.draft("KHOI", "Kế hoạch", json!({ "requirements": [requirement] })).await;
        drafter.issue(&plan, "82-KH/ĐUK").await;
        let asked = drafter.data("query($id: ID!) { directive(by: { id: $id }) { requirements { id } } }", json!({ "id": plan })).await;
        let requirement = asked.text("/directive/requirements/0/id");
        let below = world.user("cap-duoi", "REPORTER", "KHOI").await;
        for (unit, value) in [("SNV", "30"), ("STC", "12"), ("TTR", "21.6")] {
            let readings = ["MEAN", "MIN", "MAX"].map(|key| json!({ "indicator": key, "value": value }));
            done(&below, "submitReports", report(vec![of(&requirement, unit)], json!({ "readings": readings }))).await;
        }
        let told = tallies(&drafter, &plan, None).await;
        for (at, (key, value, is_met)) in [("MEAN", "21.2", true), ("MIN", "12", false), ("MAX", "30", true)].into_iter().enumerate() {
            assert_eq!(tally(&told, at), json!([key, value, 3, 0]));
            assert_eq!(goals(&told, at), json!([[1, "20", is_met, 2, 3]]), "{key}: on the aggregate, and each unit by the whole goal");
        }
    }
}
