//! Figures that are refused, and figures side by side: by period, and a unit's own beside those below it (C9).

use serde_json::{Value, json};

use super::life::requirements_of;
use crate::directives::{begins, bloc, study};
use crate::harness::{Actor, both};
use crate::integrity::codes_after;
use crate::obligations::{act, done, of, report, see};

fn indicator(key: &str, more: Value) -> Value {
    let mut indicator = json!({ "key": key, "label": key, "aggregation": "SUM" });
    indicator.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    indicator
}

/// What is refused of a draft with these indicators.
async fn refused(drafter: &Actor<'_>, indicators: Value) -> Vec<String> {
    let mut asked = study("2020-12-31");
    asked["indicators"] = indicators;
    let answer = drafter.try_draft("KHOI", "Kế hoạch", json!({ "requirements": [asked] })).await;
    begins(&answer.refusals()).into_iter().map(|no| no.replace("requirements.0.indicators.", "")).collect()
}

/// Issues a plan whose requirements ask for these indicators; answers the plan and its requirements.
async fn issued<const N: usize>(drafter: &Actor<'_>, symbol: &str, requirements: [Value; N]) -> (String, [String; N]) {
    let id = drafter.draft("KHOI", "Kế hoạch", json!({ "requirements": requirements.to_vec() })).await;
    drafter.issue(&id, symbol).await;
    let requirements = requirements_of(drafter, &id).await;
    (id, requirements)
}

fn readings(readings: &[(&str, &str)]) -> Value {
    json!({ "readings": readings.iter().map(|(key, value)| json!({ "indicator": key, "value": value })).collect::<Vec<_>>() })
}

both! {
    async fn c9_a_goal_and_its_parts_and_direction_come_together_and_percentages_are_not_averaged(world: &World) {
        let drafter = bloc(world).await;
        let part = json!([{ "unit": { "code": "SNV" }, "goal": "1" }]);
        let rows = [
            (json!({ "goals": part, "goalDirection": "AT_LEAST" }), vec!["INVALID C9 0.goals"]),
            (json!({ "goals": part }), vec!["INVALID C9 0.goals"]),
            (json!({ "goalDirection": "AT_MOST" }), vec!["INVALID C9 0.goalDirection"]),
            (json!({ "goal": "1" }), vec!["INVALID C9 0.goalDirection"]),
            (json!({ "aggregation": "MEAN", "unitOfMeasure": "%" }), vec!["INVALID C9 0.aggregation"]),
            (json!({ "aggregation": "MEAN", "unitOfMeasure": "Phần trăm" }), vec!["INVALID C9 0.aggregation"]),
            (json!({ "aggregation": "MEAN", "unitOfMeasure": "điểm" }), vec![]),
            (json!({ "goal": "1", "goalDirection": "AT_MOST", "goals": part }), vec![]),
        ];
        for (given, expected) in rows {
            assert_eq!(refused(&drafter, json!([indicator("a", given.clone())])).await, expected, "{given}");
        }
        let mut vietnamese = drafter.clone();
        vietnamese.language = "vi";
        let mut asked = study("2020-12-31");
        asked["indicators"] = json!([indicator("a", json!({ "aggregation": "MEAN", "unitOfMeasure": "%" }))]);
        let said = vietnamese.try_draft("KHOI", "Kế hoạch", json!({ "requirements": [asked] })).await.refusals();
        assert!(said[0].contains("hãy dùng `RATIO`"), "{said:?}");
    }

    async fn c9_the_parts_of_a_goal_are_held_against_the_whole_to_the_last_digit(world: &World) {
        let drafter = bloc(world).await;
        let part = |unit: &str, goal: &str| json!({ "unit": { "code": unit }, "goal": goal });
        let long = "9999999999999999999999999999";
        let split = |aggregation: &str| json!({ "aggregation": aggregation, "goal": long, "goalDirection": "AT_LEAST", "goals": [part("SNV", long), part("STC", "0.1")] });
        let mut asked = study("2020-12-31");
        asked["indicators"] = json!([indicator("sum", split("SUM")), indicator("most", split("MAX"))]);
        let (id, _) = issued(&drafter, "1-KH/ĐUK", [asked]).await;
        let query = "query($id: ID!) { directive(by: { id: $id }) { requirements { indicators { goalDifference } } } }";
        let told = drafter.data(query, json!({ "id": id })).await;
        let wanted = json!([{ "goalDifference": "0.1" }, { "goalDifference": null }]);
        assert_eq!(told.at("/directive/requirements/0/indicators"), &wanted, "not rounded; and the parts of a maximum have no sum");
    }

    async fn c9_figures_that_cannot_be_are_refused_with_their_place_and_nothing_is_half_done(world: &World) {
        let drafter = bloc(world).await;
        let mut asked = study("2020-12-31");
        asked["indicators"] = json!([
            indicator("attended", json!({ "required": true })), indicator("members", json!({})), indicator("growth", json!({ "mayBeNegative": true })),
            indicator("studied", json!({ "aggregation": "RATIO", "ratioOver": "members" })),
        ]);
        let (id, [requirement]) = issued(&drafter, "1-KH/ĐUK", [asked]).await;
        let signs = drafter.data("query($id: ID!) { directive(by: { id: $id }) { requirements { indicators { key mayBeNegative } } } }", json!({ "id": id })).await;
        assert_eq!(signs.at("/directive/requirements/0/indicators/2"), &json!({ "key": "growth", "mayBeNegative": true }));
        assert_eq!(signs.at("/directive/requirements/0/indicators/0/mayBeNegative"), false, "what is not said to fall below 0 does not");
        let below = world.user("cap-duoi", "REPORTER", "KHOI").await;
        let submit = async |given: &[(&str, &str)]| act(&below, "submitReports", report(vec![of(&requirement, "SNV")], readings(given))).await;
        type Row<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);
        let rows: [Row; 8] = [
            (&[("attended", "-1")], &["INVALID C9 reports.0.readings.0.value"]),
            (&[("attended", "5"), ("members", "-0.5")], &["INVALID C9 reports.0.readings.1.value"]),
            (&[("members", "0"), ("studied", "3"), ("attended", "5")], &["INVALID C9 reports.0.readings.0.value"]),
            (&[("attended", "5"), ("studied", "3")], &["INVALID C9 reports.0.readings"]),
            (&[("growth", "-2")], &["INVALID L7 reports.0.readings"]),
            (&[("attended", "1000000000000000000")], &["INVALID C9 reports.0.readings.0.value"]),
            (&[("attended", "0.00000000001")], &["INVALID C9 reports.0.readings.0.value"]),
            (&[("attended", "5"), ("other", "1")], &["INVALID L7 reports.0.readings.1.indicator"]),
        ];
        for (given, expected) in rows {
            assert_eq!(begins(&submit(given).await.refusals()), expected, "{given:?}");
        }
        let digits = submit(&[("attended", &"1234567890".repeat(4))]).await;
        assert_eq!(digits.error_code(), "BAD_USER_INPUT", "40 digits are no decimal of this server: {digits:?}");
        assert!(digits.body.pointer("/errors/0/message").unwrap().to_string().contains("at most `28` digits"), "{digits:?}");
        assert_eq!(see(&below, &of(&requirement, "SNV")).await.text("/obligation/state"), "PENDING");
        submit(&[("attended", "0"), ("members", "0"), ("studied", "0"), ("growth", "-2")]).await.expect_no_errors("nothing of nothing");
        assert_eq!(see(&below, &of(&requirement, "SNV")).await.text("/obligation/state"), "REPORTED");
        let broken = codes_after(world, "UPDATE reading SET value = '-1' WHERE indicator_key = 'attended'").await;
        assert_eq!(broken, ["READING_BELOW_ZERO"], "a check finds it; and takes a growth below 0 for nothing strange");
    }

    async fn c9_a_units_own_figure_stands_beside_those_below_it(world: &World) {
        let drafter = bloc(world).await;
        let mut asked = study("2020-12-31");
        asked["indicators"] = json!([indicator("attended", json!({}))]);
        asked["scope"] = json!({ "reach": "DESCENDANTS" });
        asked["verification"] = json!("SELF");
        let (id, [requirement]) = issued(&drafter, "1-KH/ĐUK", [asked]).await;
        let below = world.user("cap-duoi", "REPORTER", "KHOI").await;
        for (unit, value) in [("SNV", "50"), ("SNV-1", "20.5"), ("SNV-2", "29"), ("STC", "7")] {
            done(&below, "submitReports", report(vec![of(&requirement, unit)], readings(&[("attended", value)]))).await;
        }
        let figure = "value readings missing";
        let query = format!("query($id: ID!, $unit: OrgUnitRef, $span: Span) {{ directive(by: {{ id: $id }}) {{ completion(unit: $unit, span: $span) {{ indicators {{ {figure} own {{ {figure} }} below {{ {figure} }} }} }} }} }}");
        let told = async |unit: Option<&str>, span: Option<&str>| {
            let unit = unit.map(|code| json!({ "code": code }));
            let mut variables = json!({ "id": id, "unit": unit });
            if let Some(span) = span {
                variables["span"] = json!(span);
            }
            let answer = drafter.data(&query, variables).await;
            let of = |at: &str| ["value", "readings", "missing"].map(|name| answer.at(&format!("/directive/completion/indicators/0{at}/{name}")).clone());
            json!([of(""), of("/own"), of("/below")])
        };
        let nothing = json!([null, null, null]);
        assert_eq!(told(Some("SNV"), None).await, json!([["99.5", 3, 0], ["50", 1, 0], ["49.5", 2, 0]]), "the difference is there to be seen");
        assert_eq!(told(Some("SNV"), Some("BELOW")).await, json!([["49.5", 2, 0], nothing, ["49.5", 2, 0]]));
        assert_eq!(told(Some("SNV"), Some("OWN")).await, json!([["50", 1, 0], ["50", 1, 0], nothing]));
        assert_eq!(told(Some("KHOI"), None).await, json!([["106.5", 4, 1], [null, 0, 0], ["106.5", 4, 1]]));
        assert_eq!(told(None, None).await, json!([["106.5", 4, 1], [null, 0, 0], ["106.5", 4, 1]]), "the whole is seen from the issuer");
    }

    async fn c9_figures_by_period_add_up_to_all_of_them(world: &World) {
        let drafter = bloc(world).await;
        let month = |period: Option<&str>| {
            let mut asked = study("2020-12-31");
            asked["period"] = json!(period);
            asked["verification"] = json!("SELF");
            asked["indicators"] = json!([indicator("attended", json!({})), indicator("members", json!({})), indicator("studied", json!({ "aggregation": "RATIO", "ratioOver": "members" }))]);
            asked
        };
        let (id, [october, november, standing]) = issued(&drafter, "1-KH/ĐUK", [month(Some("2020-10")), month(Some("2020-11")), month(None)]).await;
        let below = world.user("cap-duoi", "REPORTER", "KHOI").await;
        for (requirement, unit, attended, studied, members) in [(&october, "SNV", "10", "1", "2"), (&october, "STC", "5.5", "3", "4"), (&november, "SNV", "12", "9", "10"), (&standing, "TTR", "1", "1", "1")] {
            let figures = readings(&[("attended", attended), ("studied", studied), ("members", members)]);
            done(&below, "submitReports", report(vec![of(requirement, unit)], figures)).await;
        }
        let query = "query($id: ID!, $filter: CompletionFilter) { directive(by: { id: $id }) { completion(filter: $filter) { indicators { key value readings missing periods { period value readings missing } } } } }";
        let answer = drafter.data(query, json!({ "id": id })).await;
        let of = |at: usize| answer.at(&format!("/directive/completion/indicators/{at}")).clone();
        let period = |period: Value, value: &str, readings: i32, missing: i32| json!({ "period": period, "value": value, "readings": readings, "missing": missing });
        assert_eq!(of(0), json!({ "key": "attended", "value": "28.5", "readings": 4, "missing": 5,
            "periods": [period(Value::Null, "1", 1, 2), period(json!("2020-10"), "15.5", 2, 1), period(json!("2020-11"), "12", 1, 2)] }));
        assert_eq!(of(2)["value"], "0.8235294117647058823529411765", "14 of 17");
        assert_eq!(of(2)["periods"][1]["value"], "0.6666666666666666666666666667", "4 of 6: no mean of percentages");
        let only = drafter.data(query, json!({ "id": id, "filter": { "period": "2020-11" } })).await;
        assert_eq!(only.at("/directive/completion/indicators/0"), &json!({ "key": "attended", "value": "12", "readings": 1, "missing": 2, "periods": [period(json!("2020-11"), "12", 1, 2)] }));
    }
}
