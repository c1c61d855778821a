//! How the tree is walked: roots, who stands above whom, subtrees to a depth, pages from either end (O4, O7, F3).

use serde_json::{Value, json};

use crate::harness::{Answer, both};
use crate::tree::PROVINCE;

/// The texts at `inner` of the edges of a list, and the cursors beside them.
fn edges(answer: &Answer, list: &str) -> (Vec<String>, Vec<String>) {
    let edges = format!("{list}/edges");
    (answer.texts(&edges, "/node/code"), answer.texts(&edges, "/cursor"))
}

both! {
    async fn o4_roots_and_who_stands_above_whom_are_of_the_day(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        world.day("2020-12-10");
        operator.reorganize(json!([
            { "establish": { "code": "TW", "kind": "CENTRAL", "name": "Trung ương" } },
            { "establish": { "code": "TINH-2", "kind": "PROVINCIAL", "name": "Đảng bộ tỉnh A" } },
            { "move": { "unit": { "code": "TINH" }, "parent": { "code": "TW" } } },
            { "move": { "unit": { "code": "TTR" }, "parent": { "code": "HUYEN" } } },
        ])).await;
        for (day, roots) in [(json!(null), vec!["TW", "TINH-2"]), (json!("2020-12-09"), vec!["TINH"]), (json!("2020-11-30"), vec![])] {
            let answer = operator.data("query($day: Date) { roots(asOf: $day) { code asOf parent { code } } }", json!({ "day": day })).await;
            assert_eq!(answer.texts("/roots", "/code"), roots, "{day}");
            assert!(answer.at("/roots").as_array().unwrap().iter().all(|root| root["parent"].is_null()), "{answer:?}");
        }

        let query = "query($of: String!, $unit: String!, $day: Date) { orgUnit(by: { code: $of }, asOf: $day) { isAncestorOf(unit: { code: $unit }) } }";
        for (of, unit, before, now) in [
            ("TINH", "SNV-1", true, true),
            ("KHOI", "SNV", true, true),
            ("KHOI", "TTR", true, false),
            ("HUYEN", "TTR", false, true),
            ("SNV", "SNV", false, false),
            ("SNV-1", "TINH", false, false),
            ("SNV", "TTR", false, false),
        ] {
            for (day, wanted) in [(json!("2020-12-09"), before), (json!(null), now)] {
                let answer = operator.data(query, json!({ "of": of, "unit": unit, "day": day })).await;
                assert_eq!(answer.at("/orgUnit/isAncestorOf"), wanted, "{of} above {unit} on {day}");
            }
        }
        let nobody = operator.ask(query, json!({ "of": "TINH", "unit": "SNV-3" })).await;
        let about = nobody.body.pointer("/errors/0/extensions/argument").cloned();
        assert_eq!((nobody.error_code(), about), ("NOT_FOUND", Some(json!("unit"))));
    }

    async fn o7_a_subtree_is_told_flat_and_so_deep_as_it_is_asked_for(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let query = "query($deep: Int, $first: Int, $after: String) { orgUnit(by: { code: \"TINH\" }) { descendants(maxDepth: $deep, first: $first, after: $after) {
            totalCount edges { cursor node { code } } pageInfo { hasNextPage endCursor } } } }";
        let whole = ["KHOI", "SNV", "SNV-1", "SNV-2", "SNV-10", "TTR", "HUYEN"];
        let two = ["KHOI", "SNV", "TTR", "HUYEN"];
        for (deep, wanted) in [(json!(0), &[][..]), (json!(1), &["KHOI", "HUYEN"]), (json!(2), &two), (json!(3), &whole), (json!(null), &whole)] {
            let answer = operator.data(query, json!({ "deep": deep })).await;
            assert_eq!(edges(&answer, "/orgUnit/descendants").0, wanted, "{deep}");
            assert_eq!(answer.at("/orgUnit/descendants/totalCount"), wanted.len(), "{deep}");
        }
        let first = operator.data(query, json!({ "deep": 2, "first": 3 })).await;
        let cursor = first.at("/orgUnit/descendants/pageInfo/endCursor");
        let rest = operator.data(query, json!({ "deep": 2, "first": 3, "after": cursor })).await;
        assert_eq!([first, rest].map(|page| edges(&page, "/orgUnit/descendants").0).concat(), two);
        assert_eq!(operator.ask(query, json!({ "deep": -1 })).await.error_code(), "INVALID");
    }

    async fn f3_pages_from_the_end_hold_what_pages_from_the_start_hold(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let query = "query($first: Int, $after: String, $last: Int, $before: String) { orgUnits(orderBy: CODE, first: $first, after: $after, last: $last, before: $before) {
            totalCount edges { cursor node { code } } pageInfo { hasPreviousPage hasNextPage startCursor endCursor } } }";
        let (codes, cursors) = edges(&operator.data(query, json!({})).await, "/orgUnits");
        assert_eq!(codes, ["HUYEN", "KHOI", "SNV", "SNV-1", "SNV-10", "SNV-2", "TINH", "TTR"]);
        let (mut found, mut before, mut marks): (Vec<String>, Value, Vec<(bool, bool)>) = (Vec::new(), Value::Null, Vec::new());
        loop {
            let page = operator.data(query, json!({ "last": 3, "before": before })).await;
            let (names, marked) = edges(&page, "/orgUnits");
            let at = codes.len() - found.len() - names.len();
            assert_eq!(marked, cursors[at..at + names.len()], "the cursor of an item is the same on every page");
            assert_eq!(page.number("/orgUnits/totalCount"), 8);
            let info = page.at("/orgUnits/pageInfo");
            assert_eq!((&info["startCursor"], &info["endCursor"]), (&json!(marked.first()), &json!(marked.last())));
            marks.push((info["hasPreviousPage"] == json!(true), info["hasNextPage"] == json!(true)));
            found = [names, found].concat();
            before = info["startCursor"].clone();
            if !marks[marks.len() - 1].0 {
                break;
            }
        }
        assert_eq!(found, codes);
        assert_eq!(marks, [(true, false), (true, true), (false, true)]);
        for (at, cursor) in cursors.iter().enumerate() {
            let next = operator.data(query, json!({ "first": 1, "after": cursor })).await;
            assert_eq!(edges(&next, "/orgUnits").0, codes[at + 1..codes.len().min(at + 2)], "after {}", codes[at]);
        }
        let between = operator.data(query, json!({ "first": 25, "after": cursors[1], "before": cursors[5] })).await;
        assert_eq!(edges(&between, "/orgUnits").0, codes[2..5]);
    }
}
