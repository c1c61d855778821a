//! Every number opens to the list behind it: `obligations` with the matching filter has exactly that many (C10).

use serde_json::{Value, json};

use super::life::{plan, requirements_of};
use super::{DIMENSIONS, STATES};
use crate::directives::{bloc, study};
use crate::harness::{Actor, both};
use crate::obligations::{act, of, report};

const OPEN: [&str; 5] = ["PENDING", "ACKNOWLEDGED", "IN_PROGRESS", "REPORTED", "RETURNED"];

/// The numbers of a completion, each with the filter of the list behind it; today is 2020-12-25.
fn numbers() -> Vec<(String, Value)> {
    let counted: Vec<&str> = STATES.into_iter().filter(|state| !["EXEMPT", "RELEASED", "TRANSFERRED"].contains(state)).collect();
    let mut all = vec![
        ("total".to_owned(), json!({})),
        ("counted".into(), json!({ "states": counted, "informative": false })),
        ("onTime".into(), json!({ "states": ["FULFILLED"], "late": false, "informative": false })),
        ("late".into(), json!({ "late": true, "informative": false })),
        ("openInTime".into(), json!({ "states": OPEN, "overdue": false, "informative": false })),
        ("overdue".into(), json!({ "overdue": true })),
        ("informative".into(), json!({ "informative": true })),
        (
            "dueWithin".into(),
            json!({ "states": OPEN, "overdue": false, "informative": false, "due": { "from": "2020-12-25", "to": "2021-01-01" } }),
        ),
    ];
    for state in STATES {
        let words = state
            .split('_')
            .enumerate()
            .map(|(at, word)| if at == 0 { word.to_lowercase() } else { format!("{}{}", &word[..1], word[1..].to_lowercase()) });
        all.push((words.collect(), json!({ "states": [state] })));
    }
    all
}

/// Two filters as one; what both say of dates must hold by both.
fn both_of(one: &Value, other: &Value) -> Value {
    let mut both = one.clone();
    for (field, value) in other.as_object().unwrap() {
        let earlier = both.get(field).cloned();
        both[field] = match earlier {
            Some(earlier) if field == "due" => {
                let later = |name: &str| [&earlier[name], &value[name]].into_iter().filter_map(Value::as_str).max().unwrap().to_owned();
                let sooner = |name: &str| [&earlier[name], &value[name]].into_iter().filter_map(Value::as_str).min().unwrap().to_owned();
                json!({ "from": later("from"), "to": sooner("to") })
            }
            _ => value.clone(),
        };
    }
    both
}

/// How many obligations the filter selects.
async fn listed(reader: &Actor<'_>, filter: &Value) -> Value {
    let query = "query($filter: ObligationFilter!) { obligations(filter: $filter, first: 1) { totalCount } }";
    reader.data(query, json!({ "filter": filter })).await.at("/obligations/totalCount").clone()
}

/// The filter of a part, seen from a unit.
fn of_part(by: &str, key: &str, top: &str) -> Value {
    match (by, key) {
        ("CHILD_UNIT", "OWN") => json!({ "under": { "code": top }, "span": "OWN" }),
        ("CHILD_UNIT", "OUTSIDE") => json!({ "outside": { "code": top } }),
        ("CHILD_UNIT", child) => json!({ "under": { "code": child }, "span": "SUBTREE" }),
        ("UNIT_KIND", kind) => json!({ "unitKinds": [kind] }),
        ("REQUIREMENT", id) => json!({ "requirements": [id] }),
        ("DIRECTIVE", id) => json!({ "directives": [{ "id": id }] }),
        (_, "NONE") => json!({ "dated": false }),
        (_, month) => {
            let last = if month == "2021-02" { 28 } else { 31 };
            json!({ "due": { "from": format!("{month}-01"), "to": format!("{month}-{last}") } })
        }
    }
}

both! {
    async fn c10_every_number_is_the_total_count_of_obligations_with_the_matching_filter(world: &World) {
        let drafter = bloc(world).await;
        plan(world, &drafter).await;
        let own = json!({ "kind": "REPORT", "title": "Báo cáo của Khối", "dueOn": "2020-12-28", "verification": "SELF", "scope": { "reach": "SELF" } });
        let other = drafter.draft("KHOI", "Kế hoạch khác", json!({ "requirements": [study("2021-02-10"), study("2020-12-31"), own] })).await;
        drafter.issue(&other, "82-KH/ĐUK").await;
        let [one, ..]: [String; 3] = requirements_of(&drafter, &other).await;
        let reporter = world.log_in("cap-duoi").await;
        act(&reporter, "submitReports", report(vec![of(&one, "SNV")], json!({}))).await.expect_no_errors("report");
        let ended = drafter.draft("KHOI", "Kế hoạch đã kết thúc", json!({ "requirements": [study("2020-12-26")] })).await;
        drafter.issue(&ended, "83-KH/ĐUK").await;
        drafter.step("concludeDirective", &ended, json!({})).await.expect_no_errors("conclude");

        let rows = numbers();
        let names: String = rows.iter().map(|(name, _)| format!("{name} ")).collect();
        let breakdowns: String = DIMENSIONS.map(|by| format!("{by}: breakdown(by: {by}, first: 8) {{ totalCount nodes {{ key completion {{ {names} }} }} }} ")).concat();
        let set = format!("{names} {breakdowns}");
        let unit = |top: &str, span: &str| (format!("completion(unit: {{ code: \"{top}\" }}, span: {span})"), json!({ "under": { "code": top }, "span": span }), top.to_owned());
        let in_force = |wanted: bool| (format!("completion(unit: {{ code: \"KHOI\" }}, filter: {{ inForce: {wanted} }})"), json!({ "under": { "code": "KHOI" }, "span": "SUBTREE", "inForce": wanted }), "KHOI".to_owned());
        let sets = [unit("KHOI", "SUBTREE"), unit("KHOI", "OWN"), unit("KHOI", "BELOW"), unit("SNV", "SUBTREE"), in_force(true), in_force(false)];
        let mut not_nothing = 0;
        for (field, filter, top) in sets {
            let answer = drafter.data(&format!("{{ set: {field} {{ {set} }} }}"), json!({})).await;
            let whole = answer.at("/set");
            for (name, matching) in &rows {
                assert_eq!(whole[name], listed(&drafter, &both_of(&filter, matching)).await, "{field}: {name}");
                not_nothing += i32::from(whole[name] != 0);
            }
            for by in DIMENSIONS {
                let parts = whole[by]["nodes"].as_array().unwrap();
                assert_eq!(whole[by]["totalCount"], parts.len(), "{field}: {by}");
                for part in parts {
                    let key = part["key"].as_str().unwrap();
                    for (name, matching) in &rows {
                        let filter = both_of(&both_of(&filter, &of_part(by, key, &top)), matching);
                        assert_eq!(part["completion"][name], listed(&drafter, &filter).await, "{field}: {by} {key}: {name}: {filter}");
                    }
                }
            }
        }
        assert!(not_nothing > 50, "most of it is nothing: {not_nothing}");
        let months = drafter.data("{ completion(unit: { code: \"KHOI\" }) { breakdown(by: DUE_MONTH) { nodes { key label unit { code } directive { id } requirement { id } } } } }", json!({})).await;
        assert_eq!(months.texts("/completion/breakdown/nodes", "/key"), ["2020-12", "2021-02", "NONE"]);
        assert_eq!(months.texts("/completion/breakdown/nodes", "/label"), ["December 2020", "February 2021", "no date"]);
        assert_eq!(months.texts("/completion/breakdown/nodes", "/unit/code"), ["(none)"; 3]);
    }

    async fn c10_what_stands_outside_opens_by_a_filter_too_and_months_break_down_again(world: &World) {
        let drafter = bloc(world).await;
        let plan = plan(world, &drafter).await;
        let above = world.user("tinh", "VIEWER", "TINH").await;
        world.operator().await.reorganize(json!([{ "move": { "unit": { "code": "STC" }, "parent": { "code": "TINH" } } }])).await;
        let query = "query($id: ID!) { directive(by: { id: $id }) { completion { breakdown(by: CHILD_UNIT, first: 5) { nodes { key completion { total late
            breakdown(by: DUE_MONTH, first: 3) { nodes { key completion { total late list: obligations(first: 1) { totalCount } late_: obligations(late: true, first: 1) { totalCount }
            standing: obligations(informative: true, first: 1) { totalCount } informative breakdown(by: REQUIREMENT, first: 3) { nodes { completion { total } } } } } } } } } } } }";
        let answer = above.data(query, json!({ "id": plan })).await;
        let parts = answer.at("/directive/completion/breakdown/nodes").as_array().unwrap();
        assert_eq!(parts.len(), 3);
        for part in parts {
            let key = part["key"].as_str().unwrap();
            let mut filter = of_part("CHILD_UNIT", key, "KHOI");
            filter["directives"] = json!([{ "id": plan }]);
            let set = &part["completion"];
            assert_eq!(set["total"], listed(&above, &filter).await, "{key}");
            filter["late"] = json!(true);
            assert_eq!(set["late"], listed(&above, &filter).await, "{key}");
            let months = set["breakdown"]["nodes"].as_array().unwrap();
            let total = |sets: &[Value]| sets.iter().map(|set| set["completion"]["total"].as_i64().unwrap()).sum::<i64>();
            assert_eq!(total(months), set["total"], "{key}");
            for month in months.iter().map(|month| &month["completion"]) {
                assert_eq!((&month["total"], &month["late"], &month["informative"]), (&month["list"]["totalCount"], &month["late_"]["totalCount"], &month["standing"]["totalCount"]), "{key}");
                assert_eq!(total(month["breakdown"]["nodes"].as_array().unwrap()), month["total"], "{key}");
            }
        }
        let needs = drafter.ask("{ obligations(filter: { span: BELOW }) { totalCount } }", json!({})).await;
        let told = needs.body.pointer("/errors/0/extensions").unwrap();
        assert_eq!((&told["code"], &told["rule"]), (&json!("INVALID"), &json!("C3")), "a span is seen from a unit");
        let past = "query($id: ID!) { directive(by: { id: $id }) { completion(on: \"2020-12-20\") { breakdown(by: DUE_MONTH, first: 3) { nodes { key completion { total returned reported
            list: obligations(first: 1) { totalCount } reported_: obligations(states: [REPORTED], first: 1) { totalCount } } } } } } }";
        let answer = above.data(past, json!({ "id": plan })).await;
        let months = answer.at("/directive/completion/breakdown/nodes").as_array().unwrap();
        assert_eq!(months.len(), 2);
        for month in months.iter().map(|month| &month["completion"]) {
            assert_eq!((&month["total"], &month["reported"]), (&month["list"]["totalCount"], &month["reported_"]["totalCount"]), "of a past day: {month}");
        }
    }
}
