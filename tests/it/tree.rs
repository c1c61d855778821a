//! The tree over HTTP (section 2).

use serde_json::json;

use crate::harness::{Actor, Answer, REORGANIZE, both};

pub(crate) const PROVINCE: &str = "
TINH PROVINCIAL Đảng bộ tỉnh
  KHOI BLOC Đảng bộ Khối các cơ quan tỉnh
    SNV GRASSROOTS_COMMITTEE Đảng bộ Sở Nội vụ
      SNV-1 CELL Chi bộ 1
      SNV-2 CELL Chi bộ 2
      SNV-10 CELL Chi bộ 10
    TTR GRASSROOTS_CELL Chi bộ Thanh tra tỉnh
  HUYEN DISTRICT Đảng bộ huyện
";

/// A kind that may stand under itself, so that two of its units can be sent under each other.
pub(crate) async fn define_zone(operator: &Actor<'_>) {
    let query = "mutation($input: DefineOrgUnitKindInput!) { defineOrgUnitKind(input: $input) { userErrors { code message } } }";
    let rules = json!([{ "parent": "PROVINCIAL" }, { "parent": "ZONE" }]);
    operator
        .data(query, json!({ "input": { "code": "ZONE", "nameVi": "Đảng bộ khu", "nameEn": "Zone", "rank": 45, "rules": rules } }))
        .await;
}

both! {
    async fn o1_a_kind_stands_where_the_register_lets_it_on_the_day(world: &World) {
        let operator = world.operator().await;
        let query = "query($on: Date) { orgUnitKinds { code name english: name(locale: EN) rank mayBeRoot(on: $on) mayStandUnder(on: $on) { code } } }";
        let under = |answer: &Answer, kind: &str| {
            let kinds = answer.at("/orgUnitKinds").as_array().unwrap().iter();
            let found = kinds.clone().find(|found| found["code"] == kind).unwrap();
            found["mayStandUnder"].as_array().unwrap().iter().map(|parent| parent["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let last = operator.data(query, json!({ "on": "2025-06-30" })).await;
        assert_eq!(last.texts("/orgUnitKinds", "/code"), ["CENTRAL", "PROVINCIAL", "BLOC", "DISTRICT", "COMMUNE", "GRASSROOTS_COMMITTEE", "GRASSROOTS_CELL", "DEPARTMENT_COMMITTEE", "CELL"]);
        assert_eq!((last.text("/orgUnitKinds/3/name"), last.at("/orgUnitKinds/1/mayBeRoot"), last.at("/orgUnitKinds/2/mayBeRoot")), ("Đảng bộ huyện, quận, thị xã".into(), &json!(true), &json!(false)));
        assert_eq!((under(&last, "DISTRICT"), under(&last, "COMMUNE")), (vec!["PROVINCIAL".to_owned()], vec![]));
        assert_eq!(under(&last, "CELL"), ["GRASSROOTS_COMMITTEE", "DEPARTMENT_COMMITTEE"]);
        let first = operator.data(query, json!({ "on": "2025-07-01" })).await;
        assert_eq!((under(&first, "DISTRICT"), under(&first, "COMMUNE")), (vec![], vec!["PROVINCIAL".to_owned()]));

        operator.establish("TINH PROVINCIAL").await;
        let establish = |kind: &str, on: &str| json!({ "input": { "title": "Lập", "effectiveOn": on, "changes": [{ "establish": { "code": format!("{kind}-{on}"), "kind": kind, "name": kind, "parent": { "code": "TINH" } } }] } });
        for (day, refused, taken) in [("2025-06-30", "COMMUNE", "DISTRICT"), ("2025-07-01", "DISTRICT", "COMMUNE")] {
            world.day(day);
            let refusals = operator.ask(REORGANIZE, establish(refused, day)).await.refusals();
            assert!(refusals[0].starts_with("PLACEMENT_NOT_PERMITTED O3 changes.0.establish.parent"), "{day}: {refusals:?}");
            operator.data(REORGANIZE, establish(taken, day)).await;
        }
    }

    async fn t4_a_change_closes_what_was_known_and_overwrites_nothing(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let query = "{ orgUnit(by: { code: \"SNV\" }) { revisions { validFrom validTo recordedAt correctedAt name parent { code } } } }";
        let before = operator.data(query, json!({})).await;
        assert_eq!(before.at("/orgUnit/revisions/1"), &json!(null));
        assert_eq!((before.at("/orgUnit/revisions/0/validTo"), before.at("/orgUnit/revisions/0/correctedAt")), (&json!(null), &json!(null)));
        world.day("2020-12-10");
        operator.reorganize(json!([{ "revise": { "unit": { "code": "SNV" }, "name": "Đảng bộ Sở Nội vụ mới" } }])).await;
        let after = operator.data(query, json!({})).await;
        let told = |field: &str| after.texts("/orgUnit/revisions", field);
        assert_eq!(told("/name"), ["Đảng bộ Sở Nội vụ", "Đảng bộ Sở Nội vụ", "Đảng bộ Sở Nội vụ mới"]);
        assert_eq!(told("/validFrom"), ["2020-12-01", "2020-12-01", "2020-12-10"]);
        assert_eq!(told("/validTo"), ["(none)", "2020-12-10", "(none)"]);
        let (recorded, corrected) = (told("/recordedAt"), told("/correctedAt"));
        assert_eq!(recorded[0], before.text("/orgUnit/revisions/0/recordedAt"), "the old fact stays as it was recorded");
        assert!(recorded[1] > recorded[0] && recorded[2] == recorded[1], "{recorded:?}");
        assert_eq!(corrected, [recorded[1].as_str(), "(none)", "(none)"], "its recorded life ends when the new one begins");
    }

    async fn o2_a_unit_is_found_by_id_code_and_external_id(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        operator.reorganize(json!([{ "revise": { "unit": { "code": "SNV" }, "externalIds": [{ "scheme": "MDD", "value": "H01.2" }] } }])).await;
        let answer = operator.data(r#"{ orgUnit(by: { code: "SNV" }) { id code name path depth version externalIds { scheme value } parent { code } kind { code name(locale: EN) } } }"#, json!({})).await;
        assert_eq!(answer.text("/orgUnit/path"), "Đảng bộ tỉnh › Đảng bộ Khối các cơ quan tỉnh › Đảng bộ Sở Nội vụ");
        assert_eq!(answer.number("/orgUnit/depth"), 2);
        assert_eq!(answer.number("/orgUnit/version"), 2);
        let id = answer.text("/orgUnit/id");
        let by = operator.data("query($id: ID!) { a: orgUnit(by: { id: $id }) { code } b: orgUnit(by: { externalId: { scheme: \"MDD\", value: \"H01.2\" } }) { code } }", json!({ "id": id })).await;
        assert_eq!((by.text("/a/code"), by.text("/b/code")), ("SNV".into(), "SNV".into()));
    }

    async fn o5_a_batch_whose_400th_change_is_wrong_writes_nothing_and_says_where(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let mut changes: Vec<_> = (0..400).map(|n| json!({ "establish": { "code": format!("N{n}"), "kind": "GRASSROOTS_CELL", "name": format!("Chi bộ {n}"), "parent": { "code": "KHOI" } } })).collect();
        changes[399] = json!({ "establish": { "code": "N399", "kind": "CELL", "name": "Chi bộ", "parent": { "code": "KHOI" } } });
        let answer = operator.ask(REORGANIZE, json!({ "input": { "title": "Sai", "effectiveOn": "2020-12-01", "changes": changes } })).await;
        let refusals = answer.refusals();
        assert_eq!(refusals.len(), 1, "{refusals:?}");
        assert!(refusals[0].starts_with("PLACEMENT_NOT_PERMITTED O3 changes.399.establish.parent"), "{refusals:?}");
        let count = operator.data("{ orgUnits { totalCount } }", json!({})).await;
        assert_eq!(count.number("/orgUnits/totalCount"), 8);
    }

    async fn o4_everything_nested_is_of_the_day_that_is_asked_for(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        world.day("2020-12-10");
        operator.reorganize(json!([
            { "revise": { "unit": { "code": "SNV" }, "name": "Đảng bộ Sở Nội vụ mới" } },
            { "move": { "unit": { "code": "TTR" }, "parent": { "code": "HUYEN" } } },
        ])).await;
        let query = "query($day: Date) { orgUnit(by: { code: \"KHOI\" }, asOf: $day) { asOf descendantCount children { nodes { asOf code name } } } }";
        let then = operator.data(query, json!({ "day": "2020-12-09" })).await;
        assert_eq!(then.texts("/orgUnit/children/nodes", "/code"), ["SNV", "TTR"]);
        assert_eq!(then.texts("/orgUnit/children/nodes", "/asOf"), ["2020-12-09", "2020-12-09"]);
        assert_eq!(then.text("/orgUnit/children/nodes/0/name"), "Đảng bộ Sở Nội vụ");
        let now = operator.data(query, json!({ "day": null })).await;
        assert_eq!(now.texts("/orgUnit/children/nodes", "/name"), ["Đảng bộ Sở Nội vụ mới"]);
        assert_eq!(now.number("/orgUnit/descendantCount"), 4);
        let before = operator.data("{ orgUnit(by: { code: \"KHOI\" }, asOf: \"2020-11-30\") { code } }", json!({})).await;
        assert!(before.at("/orgUnit").is_null());
    }

    async fn o7_search_ignores_case_diacritics_and_tone_marks(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let query = "query($text: String) { orgUnits(filter: { search: $text }) { totalCount nodes { code } } }";
        for (text, wanted) in [("dang bo khoi", vec!["KHOI"]), ("SỞ NỘI VỤ", vec!["SNV"]), ("chi bo 1", vec!["SNV-1", "SNV-10"]), ("snv-2", vec!["SNV-2"]), ("100%", vec![])] {
            let answer = operator.data(query, json!({ "text": text })).await;
            assert_eq!(answer.texts("/orgUnits/nodes", "/code"), wanted, "{text}");
        }
    }

    async fn o7_siblings_sort_as_a_vietnamese_dictionary_does_and_pages_follow(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let query = "query($after: String) { orgUnit(by: { code: \"SNV\" }) { children(first: 2, after: $after, orderBy: NAME) { totalCount pageInfo { hasNextPage endCursor } nodes { name } } } }";
        let first = operator.data(query, json!({})).await;
        assert_eq!(first.texts("/orgUnit/children/nodes", "/name"), ["Chi bộ 1", "Chi bộ 2"]);
        assert_eq!(first.number("/orgUnit/children/totalCount"), 3);
        let second = operator.data(query, json!({ "after": first.text("/orgUnit/children/pageInfo/endCursor") })).await;
        assert_eq!(second.texts("/orgUnit/children/nodes", "/name"), ["Chi bộ 10"]);
        assert_eq!(second.at("/orgUnit/children/pageInfo/hasNextPage"), false);
    }

    async fn pages_of_impossible_size_and_foreign_cursors_are_refused(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        for size in [0, -1, 101] {
            let answer = operator.ask("query($size: Int) { orgUnits(first: $size) { nodes { code } } }", json!({ "size": size })).await;
            assert_eq!(answer.error_code(), "INVALID", "{answer:?}");
        }
        let cursor = operator.data("{ orgUnits(first: 1, orderBy: NAME) { pageInfo { endCursor } } }", json!({})).await.text("/orgUnits/pageInfo/endCursor");
        for query in ["query($after: String) { orgUnits(after: $after, orderBy: CODE) { nodes { code } } }", "query($after: String) { orgUnit(by: { code: \"KHOI\" }) { children(after: $after) { nodes { code } } } }"] {
            assert_eq!(operator.ask(query, json!({ "after": cursor })).await.error_code(), "INVALID");
        }
    }

    async fn o3_two_moves_that_together_make_a_cycle_are_not_both_carried_out(world: &World) {
        let operator = world.operator().await;
        define_zone(&operator).await;
        operator.establish("TINH PROVINCIAL").await;
        let below = "query($one: String!, $other: OrgUnitRef!) { orgUnit(by: { code: $one }) { isAncestorOf(unit: $other) } }";
        for round in 0..8 {
            let units = [format!("A{round}"), format!("B{round}")];
            let establish = |code: &String| json!({ "establish": { "code": code, "kind": "ZONE", "name": code, "parent": { "code": "TINH" } } });
            operator.reorganize(json!(units.each_ref().map(establish))).await;
            let move_below = |unit: usize| {
                let change = json!({ "move": { "unit": { "code": units[unit] }, "parent": { "code": units[1 - unit] } } });
                operator.ask(REORGANIZE, json!({ "input": { "title": "Chuyển", "effectiveOn": "2020-12-01", "changes": [change] } }))
            };
            let (one, other) = tokio::join!(move_below(0), move_below(1));
            let (done, refused): (Vec<_>, Vec<_>) = [one.refusals(), other.refusals()].into_iter().partition(Vec::is_empty);
            assert_eq!((done.len(), refused.len()), (1, 1), "round {round}: one of them comes first: {refused:?}");
            assert!(refused[0][0].starts_with("CYCLE O3 changes.0.move.parent") && refused[0].len() == 1, "round {round}: {refused:?}");
            let mut stands = Vec::new();
            for unit in [0, 1] {
                let answer = operator.data(below, json!({ "one": units[unit], "other": { "code": units[1 - unit] } })).await;
                stands.push(answer.at("/orgUnit/isAncestorOf") == &json!(true));
            }
            assert_eq!(stands, [!one.refusals().is_empty(), !other.refusals().is_empty()], "round {round}: who was refused stands above");
        }
    }
}
