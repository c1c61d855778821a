//! The registers of kinds, and what is found about the tree (O1, D3, O8).

use serde_json::{Value, json};

use crate::harness::{Actor, both};

const TREE: &str =
    "TINH PROVINCIAL Đảng bộ tỉnh\n  HUYEN DISTRICT Đảng bộ huyện\n    A GRASSROOTS_CELL Chi bộ 1\n    B GRASSROOTS_CELL Chi bộ 1";
const UNIT_KIND: &str = "mutation($input: DefineOrgUnitKindInput!) { defineOrgUnitKind(input: $input) {
    orgUnitKind { code name(locale: EN) rank mayStandUnder { code } mayBeRoot } userErrors { code rule path message } } }";
const DIRECTIVE_KIND: &str = "mutation($input: DefineDirectiveKindInput!) { defineDirectiveKind(input: $input) {
    directiveKind { code name(locale: EN) abbreviation } userErrors { code rule path message } } }";
const REORGANIZE: &str = "mutation($input: ReorganizeInput!) { reorganize(input: $input) { userErrors { code message } } }";
const FINDINGS: &str =
    "query($first: Int, $after: String, $under: OrgUnitRef) { integrityFindings(first: $first, after: $after, under: $under) {
    totalCount nodes { code unit { code } message(locale: EN) } pageInfo { endCursor hasNextPage } } }";

async fn refusals(actor: &Actor<'_>, mutation: &str, field: &str, input: Value) -> Vec<String> {
    let answer = actor.ask(mutation, json!({ "input": input })).await;
    let errors = answer.at(&format!("/{field}/userErrors")).as_array().unwrap().clone();
    let told = |error: &Value| {
        let path: Vec<&str> = error["path"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        format!("{} {} {}", error["code"].as_str().unwrap(), error["rule"].as_str().unwrap(), path.join("."))
    };
    errors.iter().map(told).collect()
}

both! {
    async fn o1_a_kind_and_a_rule_begin_and_end_without_touching_code(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        let zone = json!({ "code": "ZONE", "nameVi": "Đảng bộ khu", "nameEn": "Zone", "rank": 45, "rules": [{ "parent": "PROVINCIAL" }] });
        let answer = operator.data(UNIT_KIND, json!({ "input": zone })).await;
        assert_eq!(answer.texts("/defineOrgUnitKind/orgUnitKind/mayStandUnder", "/code"), ["PROVINCIAL"]);
        let under = json!({ "code": "GRASSROOTS_CELL", "rules": [{ "parent": "ZONE", "from": "2020-12-01" }] });
        operator.data(UNIT_KIND, json!({ "input": under })).await;
        // A unit of the new kind stands at once, on the day and with a cell below it.
        let zone = json!({ "establish": { "code": "K", "kind": "ZONE", "name": "Khu 1", "parent": { "code": "TINH" } } });
        let cell = json!({ "establish": { "code": "C", "kind": "GRASSROOTS_CELL", "name": "Chi bộ 3", "parent": { "code": "K" } } });
        operator.reorganize(json!([zone, cell])).await;
        let end = json!({ "code": "ZONE", "nameEn": "Area", "rules": [{ "parent": "PROVINCIAL", "to": "2020-12-02" }] });
        let answer = operator.data(UNIT_KIND, json!({ "input": end })).await;
        assert_eq!(answer.text("/defineOrgUnitKind/orgUnitKind/name"), "Area");
        world.day("2020-12-02");
        let late = json!([{ "establish": { "code": "K2", "kind": "ZONE", "name": "Khu 2", "parent": { "code": "TINH" } } }]);
        let late = json!({ "title": "x", "effectiveOn": "2020-12-02", "changes": late });
        let late = operator.ask(REORGANIZE, json!({ "input": late })).await;
        assert_eq!(late.text("/reorganize/userErrors/0/code"), "PLACEMENT_NOT_PERMITTED");
        let findings = operator.data(FINDINGS, json!({})).await;
        assert!(findings.texts("/integrityFindings/nodes", "/code").contains(&"PLACEMENT_NO_LONGER_PERMITTED".to_owned()), "{findings:?}");
        let journal = operator.data("{ journal(filter: { actions: [ORG_UNIT_KIND_DEFINED] }) { nodes { subject { id } changes { field after } } } }", json!({})).await;
        assert_eq!(journal.at("/journal/nodes").as_array().unwrap().len(), 3);
    }

    async fn o1_what_cannot_be_defined_is_refused_with_rule_and_place(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        let field = "defineOrgUnitKind";
        for (input, told) in [
            (json!({ "code": "zone" }), &["INVALID O1 code", "INVALID O1 nameVi", "INVALID O1 nameEn", "INVALID O1 rank"][..]),
            (json!({ "code": "BLOC" }), &["INVALID O1 "]),
            (json!({ "code": "BLOC", "rules": [{ "parent": "LAKE" }] }), &["NOT_FOUND A5 rules.0.parent"]),
            (json!({ "code": "GRASSROOTS_CELL", "rules": [{ "parent": "DISTRICT", "to": "2020-11-30" }] }), &["INVALID O1 rules.0.to"]),
            // The units of today stand there since today: the rule may end tomorrow at the earliest.
            (json!({ "code": "GRASSROOTS_CELL", "rules": [{ "parent": "DISTRICT", "to": "2020-12-01" }] }), &["LATER_FACT O1 rules.0.to"]),
        ] {
            assert_eq!(refusals(&operator, UNIT_KIND, field, input.clone()).await, told, "{input}");
        }
        let planned = json!({ "title": "x", "effectiveOn": "2021-03-01", "changes": [{ "establish": { "code": "P", "kind": "GRASSROOTS_CELL", "name": "P", "parent": { "code": "HUYEN" } } }] });
        operator.data(REORGANIZE, json!({ "input": planned })).await;
        let early = json!({ "code": "GRASSROOTS_CELL", "rules": [{ "parent": "DISTRICT", "to": "2021-02-01" }] });
        assert_eq!(refusals(&operator, UNIT_KIND, field, early).await, ["LATER_FACT O1 rules.0.to"]);
        let after = json!({ "code": "GRASSROOTS_CELL", "rules": [{ "parent": "DISTRICT", "to": "2021-03-02" }] });
        assert_eq!(refusals(&operator, UNIT_KIND, field, after).await, Vec::<String>::new());
    }

    async fn d3_a_kind_of_directive_is_added_and_amended(world: &World) {
        let operator = world.operator().await;
        let memo = json!({ "code": "MEMO", "nameVi": "Bản ghi nhớ", "nameEn": "Memorandum", "abbreviation": "BGN" });
        operator.data(DIRECTIVE_KIND, json!({ "input": memo })).await;
        let renamed = operator.data(DIRECTIVE_KIND, json!({ "input": { "code": "MEMO", "nameEn": "Memo" } })).await;
        assert_eq!(renamed.text("/defineDirectiveKind/directiveKind/name"), "Memo");
        assert_eq!(renamed.text("/defineDirectiveKind/directiveKind/abbreviation"), "BGN");
        let kinds = operator.data("{ directiveKinds { code } }", json!({})).await;
        assert_eq!(kinds.texts("/directiveKinds", "/code").last().unwrap(), "MEMO");
        let field = "defineDirectiveKind";
        assert_eq!(refusals(&operator, DIRECTIVE_KIND, field, json!({ "code": "MEMO" })).await, ["INVALID D3 "]);
        assert_eq!(refusals(&operator, DIRECTIVE_KIND, field, json!({ "code": "NEW", "nameVi": "x", "nameEn": "x" })).await, ["INVALID D3 abbreviation"]);
    }

    async fn o8_findings_are_paged_in_tree_order_under_a_unit(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        let count = json!([{ "revise": { "unit": { "code": "A" }, "memberCount": 2 } }]);
        operator.reorganize(count).await;
        let all = operator.data(FINDINGS, json!({})).await;
        assert_eq!(all.texts("/integrityFindings/nodes", "/unit/code"), ["A", "A", "B"]);
        assert_eq!(all.texts("/integrityFindings/nodes", "/code"), ["TOO_FEW_MEMBERS", "NAME_TWICE", "NAME_TWICE"]);
        let first = operator.data(FINDINGS, json!({ "first": 2 })).await;
        let cursor = first.text("/integrityFindings/pageInfo/endCursor");
        let rest = operator.data(FINDINGS, json!({ "first": 2, "after": cursor })).await;
        assert_eq!(rest.texts("/integrityFindings/nodes", "/unit/code"), ["B"]);
        let under = operator.data(FINDINGS, json!({ "under": { "code": "B" } })).await;
        assert_eq!((under.number("/integrityFindings/totalCount"), under.texts("/integrityFindings/nodes", "/unit/code")), (1, vec!["B".to_owned()]));
        let viewer = world.user("xem", "VIEWER", "A").await;
        assert_eq!(viewer.data(FINDINGS, json!({})).await.number("/integrityFindings/totalCount"), 3, "names and numbers are public");
    }
}
