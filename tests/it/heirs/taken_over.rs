//! The drafts of a unit that has ended are those of its place at once, without anything being written (D2, C5).

use serde_json::{Value, json};

use super::*;
use crate::harness::both;

/// The titles and issuers of a list of directives, below a filter.
async fn listed(actor: &Actor<'_>, filter: Value) -> Vec<String> {
    let query =
        "query($filter: DirectiveFilter!) { directives(filter: $filter, orderBy: TITLE) { totalCount nodes { title issuer { code } } } }";
    let answer = actor.data(query, json!({ "filter": filter })).await;
    let nodes = answer.at("/directives/nodes").as_array().unwrap();
    assert_eq!(answer.number("/directives/totalCount"), i64::try_from(nodes.len()).unwrap());
    nodes.iter().map(|node| format!("{} of {}", node["title"].as_str().unwrap(), node["issuer"]["code"].as_str().unwrap())).collect()
}

/// What several units issued or draft, each by itself and all in one question.
async fn issued(actor: &Actor<'_>, units: &[&str]) -> Vec<Vec<String>> {
    let ask = |at: usize| {
        format!("u{at}: orgUnit(by: {{ code: \"{}\" }}) {{ issued(orderBy: TITLE) {{ totalCount nodes {{ title }} }} }}", units[at])
    };
    let query = format!("{{ {} }}", (0..units.len()).map(ask).collect::<Vec<_>>().join(" "));
    let answer = actor.data(&query, json!({})).await;
    let titles = |at: usize| {
        let titles = answer.texts(&format!("/u{at}/issued/nodes"), "/title");
        assert_eq!(answer.number(&format!("/u{at}/issued/totalCount")), i64::try_from(titles.len()).unwrap());
        titles
    };
    (0..units.len()).map(titles).collect()
}

fn merger() -> Value {
    json!([
        { "establish": { "code": "MOI", "kind": "BLOC", "name": "Đảng bộ các cơ quan", "parent": unit("TINH") } },
        { "merge": { "units": [unit("KHOI")], "into": unit("MOI") } },
    ])
}

/// A province with a plan of the bloc, and two drafts of it, one of them in consultation.
async fn drafted(world: &World) -> (Actor<'_>, String) {
    let (operator, _) = study(world).await;
    let drafter = world.log_in("soan").await;
    let draft = drafter.draft("KHOI", "Dự thảo A", json!({})).await;
    let consulted = drafter.draft("KHOI", "Dự thảo B", json!({})).await;
    drafter.step("openConsultation", &consulted, json!({})).await.expect_no_errors("openConsultation");
    (operator, draft)
}

const OF_THE_PLACE: [&str; 2] = ["Dự thảo A of MOI", "Dự thảo B of MOI"];
const OF_THE_BLOC: [&str; 3] = ["81-KH/ĐUK of KHOI", "Dự thảo A of KHOI", "Dự thảo B of KHOI"];

async fn expect_with_the_place(reader: &Actor<'_>) {
    assert_eq!(listed(reader, json!({ "issuer": unit("MOI") })).await, OF_THE_PLACE);
    assert_eq!(listed(reader, json!({ "issuer": unit("KHOI") })).await, ["81-KH/ĐUK of KHOI"], "what was issued names for ever who did");
    assert_eq!(listed(reader, json!({ "under": unit("MOI") })).await, ["81-KH/ĐUK of KHOI", OF_THE_PLACE[0], OF_THE_PLACE[1]]);
    assert_eq!(listed(reader, json!({ "under": unit("MOI"), "issuer": unit("MOI"), "statuses": ["DRAFT"] })).await, OF_THE_PLACE[..1]);
    assert_eq!(issued(reader, &["MOI", "KHOI", "TINH"]).await, [vec!["Dự thảo A", "Dự thảo B"], vec!["81-KH/ĐUK"], vec![]]);
    assert_eq!(issued(reader, &["KHOI"]).await, [["81-KH/ĐUK"]]);
}

async fn expect_with_the_bloc(reader: &Actor<'_>) {
    assert_eq!(listed(reader, json!({ "issuer": unit("KHOI") })).await, OF_THE_BLOC);
    assert_eq!(issued(reader, &["KHOI", "TINH"]).await, [vec!["81-KH/ĐUK", "Dự thảo A", "Dự thảo B"], vec![]]);
}

async fn position(actor: &Actor<'_>) -> Value {
    actor.data("{ orgUnits(first: 1) { totalCount } }", json!({})).await.body["extensions"]["position"].clone()
}

both! {
    async fn d2_the_drafts_of_an_ended_issuer_are_its_places_at_once_until_it_is_back(world: &World) {
        let (operator, draft) = drafted(world).await;
        expect_with_the_bloc(&operator).await;
        let (merged, _) = batch(&operator, "2020-12-01", merger(), json!([])).await;
        let place = world.user("moi", "DRAFTER", "MOI").await;
        let before = position(&operator).await;
        expect_with_the_place(&operator).await;
        expect_with_the_place(&place).await;
        let query = "query($id: ID!) { directive(by: { id: $id }) { issuer { code } viewerCan version history { nodes { action } } } }";
        let seen = place.data(query, json!({ "id": draft })).await;
        assert_eq!(seen.text("/directive/issuer/code"), "MOI");
        for may in ["REVISE", "WITHDRAW", "ISSUE"] {
            assert!(seen.at("/directive/viewerCan").as_array().unwrap().contains(&json!(may)), "{may}: {seen:#?}");
        }
        assert_eq!((seen.number("/directive/version"), seen.texts("/directive/history/nodes", "/action").len()), (1, 1));
        assert_eq!(position(&operator).await, before, "reading writes nothing");
        let sibling = world.user("dn", "DRAFTER", "DN").await;
        assert_eq!(listed(&sibling, json!({ "under": unit("TINH") })).await, [""; 0]);
        let annul = "mutation($input: AnnulReorganizationInput!) { annulReorganization(input: $input) { userErrors { message } } }";
        let input = json!({ "input": { "reorganization": merged.text("/reorganize/reorganization/id"), "reason": "nhầm" } });
        operator.data(annul, input).await;
        expect_with_the_bloc(&operator).await;
        assert_eq!(issued(&operator, &["MOI"]).await, [vec![""; 0]]);
    }

    async fn d2_a_plan_passes_drafts_on_when_its_day_comes_and_not_before(world: &World) {
        let (operator, draft) = drafted(world).await;
        batch(&operator, "2021-01-01", merger(), json!([])).await;
        world.day("2020-12-31");
        expect_with_the_bloc(&operator).await;
        world.day("2021-01-01");
        expect_with_the_place(&operator).await;
        world.tick().await;
        expect_with_the_place(&operator).await;
        let place = world.user("moi", "DRAFTER", "MOI").await;
        place.step("withdrawDraft", &draft, json!({ "reason": "không cần nữa" })).await.expect_no_errors("withdrawDraft");
        assert_eq!(issued(&operator, &["MOI", "KHOI"]).await, [vec!["Dự thảo A", "Dự thảo B"], vec!["81-KH/ĐUK"]], "it was the place that withdrew it");
    }

    async fn d2_what_a_draft_asks_of_the_issuers_children_is_asked_of_the_places(world: &World) {
        let (operator, _) = study(world).await;
        let drafter = world.log_in("soan").await;
        let draft = drafter.draft("KHOI", "Dự thảo C", json!({ "requirements": [requirement("Báo cáo", json!({}))] })).await;
        batch(&operator, "2020-12-01", merger(), json!([])).await;
        let place = world.user("moi", "DRAFTER", "MOI").await;
        let issue = "mutation($input: IssueDirectiveInput!) { issueDirective(input: $input) { userErrors { message path rule } directive {
            issuer { code } requirements { scope { anchor { code } } } boundUnits { nodes { unit { code } } } } } }";
        let input = json!({ "directive": draft, "symbol": "82-KH/ĐU", "issuedOn": "2020-12-01" });
        let issued = place.data(issue, json!({ "input": input })).await;
        assert_eq!(issued.text("/issueDirective/directive/requirements/0/scope/anchor/code"), "MOI");
        assert_eq!(issued.texts("/issueDirective/directive/boundUnits/nodes", "/unit/code"), ["SNV", "STC", "TTR", "VPT"]);
    }
}
