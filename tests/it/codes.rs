//! Codes of units are exact when they are looked up, and no two differ by letter case or diacritics only (O2).

use serde_json::json;

use crate::harness::{Actor, REORGANIZE, both};

async fn establish(actor: &Actor<'_>, code: &str) -> Vec<String> {
    let change = json!([{ "establish": { "code": code, "kind": "BLOC", "name": "Đảng bộ Khối", "parent": { "code": "TINH" } } }]);
    actor.ask(REORGANIZE, json!({ "input": { "title": "Lập", "effectiveOn": "2020-12-01", "changes": change } })).await.refusals()
}

both! {
    async fn o2_a_code_that_differs_by_letter_case_only_is_taken(world: &World) {
        let operator = world.operator().await;
        operator.establish("TINH PROVINCIAL\n  KHOI-CQT BLOC").await;
        for alike in ["khoi-cqt", "Khoi-Cqt", "KHỐI-CQT"] {
            let refused = establish(&operator, alike).await.concat();
            let told = format!("ALREADY_EXISTS O2 changes.0.establish.code: the code `{alike}` differs from the code `KHOI-CQT` of a unit");
            assert!(refused.starts_with(&told), "{refused}");
        }
        let find = |code: &'static str| operator.data("query($code: String!) { orgUnit(by: { code: $code }) { code } }", json!({ "code": code }));
        assert_eq!(find("KHOI-CQT").await.text("/orgUnit/code"), "KHOI-CQT");
        assert_eq!(find("khoi-cqt").await.at("/orgUnit"), &json!(null), "a look-up is exact");
        let unknown = operator.ask(REORGANIZE, json!({ "input": { "title": "Đổi", "effectiveOn": "2020-12-01", "changes": [{ "revise": { "unit": { "code": "khoi-cqt" }, "memberCount": 1 } }] } })).await;
        assert!(unknown.refusals()[0].contains("letter case included"), "{unknown:?}");
    }

    async fn o2_of_two_alike_codes_at_once_one_is_taken(world: &World) {
        let operator = world.operator().await;
        operator.establish("TINH PROVINCIAL").await;
        let (one, other) = tokio::join!(establish(&operator, "khoi"), establish(&operator, "KHOI"));
        let refused = [one, other].concat();
        assert!(refused.len() == 1 && refused[0].starts_with("ALREADY_EXISTS O2 "), "{refused:?}");
    }
}
