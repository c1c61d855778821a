//! Lists hold what is kept of units that have left, for who may read it, whatever they are narrowed to (S4, A3).

use serde_json::{Value, json};

use super::*;
use crate::harness::both;

/// The codes of the units whose obligations a list holds, in tree order; or the code of the refusal.
async fn listed(actor: &Actor<'_>, filter: Value) -> Vec<String> {
    let query = "query($filter: ObligationFilter!) { obligations(filter: $filter, orderBy: TREE) { totalCount nodes { unit { code } } } }";
    let answer = actor.ask(query, json!({ "filter": filter })).await;
    if answer.at("/obligations").is_null() {
        return vec![answer.error_code().to_owned()];
    }
    let codes = answer.texts("/obligations/nodes", "/unit/code");
    assert_eq!(answer.number("/obligations/totalCount"), i64::try_from(codes.len()).unwrap());
    codes
}

/// The inspection cell leaves for the enterprises, which bind it too, and keeps its duty to the bloc.
async fn left(world: &World) -> Actor<'_> {
    let (operator, _) = study(world).await;
    let keep = json!([{ "from": unit("TTR"), "action": "KEEP", "reason": "làm cho xong" }]);
    batch(&operator, "2020-12-01", json!([{ "move": { "unit": unit("TTR"), "parent": unit("DN") } }]), keep).await;
    let drafter = world.user("soan-dn", "DRAFTER", "DN").await;
    let requirements = json!({ "requirements": [{ "kind": "STUDY", "title": "Học", "scope": { "reach": "CHILDREN" } }] });
    let draft = drafter.draft("DN", "Kế hoạch", requirements).await;
    drafter.issue(&draft, "1-KH/DN").await;
    operator
}

const OF_THE_BLOC: [&str; 4] = ["SNV", "STC", "VPT", "TTR"];

both! {
    async fn s4_the_issuers_line_finds_what_is_kept_however_a_list_is_narrowed(world: &World) {
        left(world).await;
        let bloc = world.user("khoi", "SUPERVISOR", "KHOI").await;
        assert_eq!(listed(&bloc, json!({})).await, OF_THE_BLOC);
        assert_eq!(listed(&bloc, json!({ "under": unit("KHOI") })).await, OF_THE_BLOC);
        for (span, codes) in [("SUBTREE", &OF_THE_BLOC[..3]), ("BELOW", &OF_THE_BLOC[..3]), ("OWN", &[])] {
            assert_eq!(listed(&bloc, json!({ "under": unit("KHOI"), "span": span })).await, codes, "as a completion of the bloc counts");
            let query = format!("{{ completion(unit: {{ code: \"KHOI\" }}, span: {span}) {{ total }} }}");
            assert_eq!(bloc.data(&query, json!({})).await.number("/completion/total"), i64::try_from(codes.len()).unwrap(), "{span}");
        }
        assert_eq!(listed(&bloc, json!({ "outside": unit("KHOI") })).await, ["TTR"]);
        assert_eq!(listed(&bloc, json!({ "unitKinds": ["GRASSROOTS_CELL"] })).await, ["VPT", "TTR"]);
        assert_eq!(listed(&bloc, json!({ "units": [unit("TTR")] })).await, ["TTR"], "what the enterprises ask of it is not for the bloc");
        assert_eq!(listed(&bloc, json!({ "units": [unit("TTR"), unit("SNV")], "under": unit("KHOI") })).await, ["SNV", "TTR"]);
        assert_eq!(listed(&bloc, json!({ "units": [unit("TTR")], "unitKinds": ["GRASSROOTS_COMMITTEE"] })).await, [""; 0]);
        assert_eq!(listed(&bloc, json!({ "units": [unit("TTR")], "under": unit("STC") })).await, [""; 0], "that is no issuer of it");
        for outside in [json!({ "units": [unit("DN-1")] }), json!({ "under": unit("DN") }), json!({ "under": unit("TTR") })] {
            assert_eq!(listed(&bloc, outside.clone()).await, ["FORBIDDEN"], "never silently cut: {outside}");
        }
        let cell = world.user("snv", "SUPERVISOR", "SNV").await;
        assert_eq!(listed(&cell, json!({})).await, ["SNV"]);
        assert_eq!(listed(&cell, json!({ "units": [unit("TTR")] })).await, ["FORBIDDEN"], "whom the issuer binds besides has no part in it");
        let province = world.user("tinh", "VIEWER", "TINH").await;
        assert_eq!(listed(&province, json!({ "under": unit("KHOI") })).await, OF_THE_BLOC);
        let everybody = world.user("thanh-tra", "VIEWER", "").await;
        assert_eq!(listed(&everybody, json!({ "under": unit("KHOI") })).await, OF_THE_BLOC);
        assert_eq!(listed(&everybody, json!({})).await, ["SNV", "STC", "VPT", "DN-1", "TTR", "TTR"]);
    }

    async fn s4_the_units_own_line_finds_it_where_the_unit_stands(world: &World) {
        left(world).await;
        let enterprises = world.user("dn", "VIEWER", "DN").await;
        let own = ["DN-1", "TTR", "TTR"];
        assert_eq!(listed(&enterprises, json!({})).await, own);
        assert_eq!(listed(&enterprises, json!({ "under": unit("DN") })).await, own);
        assert_eq!(listed(&enterprises, json!({ "units": [unit("TTR")] })).await, own[1..]);
        assert_eq!(listed(&enterprises, json!({ "unitKinds": ["GRASSROOTS_CELL"] })).await, own);
        assert_eq!(listed(&enterprises, json!({ "under": unit("KHOI") })).await, ["FORBIDDEN"]);
        let unit_itself = world.user("ttr", "REPORTER", "TTR").await;
        assert_eq!(listed(&unit_itself, json!({ "under": unit("TTR") })).await, own[1..]);
    }

    async fn s4_the_line_of_the_issuers_place_reads_what_is_kept_when_the_issuer_has_ended(world: &World) {
        let operator = left(world).await;
        let changes = json!([
            { "establish": { "code": "MOI", "kind": "BLOC", "name": "Đảng bộ các cơ quan", "parent": unit("TINH") } },
            { "merge": { "units": [unit("KHOI")], "into": unit("MOI") } },
        ]);
        batch(&operator, "2020-12-01", changes, json!([])).await;
        let place = world.user("moi", "SUPERVISOR", "MOI").await;
        for filter in [json!({}), json!({ "under": unit("MOI") }), json!({ "units": [unit("SNV"), unit("STC"), unit("VPT"), unit("TTR")] })] {
            let mut codes = listed(&place, filter.clone()).await;
            codes.sort();
            assert_eq!(codes, ["SNV", "STC", "TTR", "VPT"], "{filter}");
        }
        assert_eq!(listed(&place, json!({ "units": [unit("DN-1")] })).await, ["FORBIDDEN"]);
    }

    async fn c10_a_number_opens_to_what_is_kept_too(world: &World) {
        left(world).await;
        let bloc = world.user("khoi", "SUPERVISOR", "KHOI").await;
        let query = "{ directives(first: 1, filter: { issuer: { code: \"KHOI\" } }) { nodes { completion { total breakdown(by: CHILD_UNIT, first: 10) {
            nodes { key completion { total obligations(first: 10) { totalCount nodes { unit { code } } } } } } } } } }";
        let told = bloc.data(query, json!({})).await;
        let parts = told.at("/directives/nodes/0/completion/breakdown/nodes").as_array().unwrap().clone();
        let outside = parts.iter().find(|part| part["key"] == "OUTSIDE").unwrap_or_else(|| panic!("{told:#?}"));
        let whole = &outside["completion"];
        assert_eq!((&whole["total"], &whole["obligations"]["nodes"]), (&json!(1), &json!([{ "unit": unit("TTR") }])));
    }
}
