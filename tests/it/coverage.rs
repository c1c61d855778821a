//! Which units below have issued a document of their own to carry a directive out (D7).

use serde_json::{Value, json};

use crate::harness::{Actor, both};

const TREE: &str = "
TINH PROVINCIAL Đảng bộ tỉnh
  KHOI BLOC Đảng bộ Khối
    SNV GRASSROOTS_COMMITTEE Đảng bộ Sở Nội vụ
      SNV-1 CELL Chi bộ 1
    STC GRASSROOTS_COMMITTEE Đảng bộ Sở Tài chính
      STC-1 CELL Chi bộ 1
    TTR GRASSROOTS_CELL Chi bộ Thanh tra
  HUYEN DISTRICT Đảng bộ huyện
    XA GRASSROOTS_COMMITTEE Đảng bộ xã
";
const COVERAGE: &str = "query($id: ID!, $unit: OrgUnitRef, $kinds: [String!]) { directive(by: { id: $id }) { coverage(unit: $unit, unitKinds: $kinds) {
    expected covered rate levels { depth expected covered rate } missing { totalCount nodes { code } } breaks { totalCount nodes { code } } } } }";

/// A plan of a unit that carries others out and binds what a scope covers, issued today.
async fn plan(drafter: &Actor<'_>, issuer: &str, symbol: &str, implements: &[&str], scope: Option<Value>) -> String {
    let relations: Vec<Value> = implements.iter().map(|id| json!({ "kind": "IMPLEMENTS", "to": { "id": id } })).collect();
    let requirements: Vec<Value> =
        scope.into_iter().map(|scope| json!({ "kind": "DOCUMENT", "title": "Xây dựng kế hoạch", "scope": scope })).collect();
    let id = drafter.draft(issuer, symbol, json!({ "relations": relations, "requirements": requirements })).await;
    drafter.issue(&id, symbol).await;
    id
}

/// Covered of expected, by level, what is missing, and where the chain breaks.
async fn told(reader: &Actor<'_>, id: &str, more: Value) -> String {
    let mut variables = json!({ "id": id });
    for (name, value) in more.as_object().into_iter().flatten() {
        variables[name] = value.clone();
    }
    let answer = reader.data(COVERAGE, variables).await;
    let at = "/directive/coverage";
    let level = |level: &Value| format!("{}:{}/{}", level["depth"], level["covered"], level["expected"]);
    let levels: Vec<String> = answer.at(&format!("{at}/levels")).as_array().unwrap().iter().map(level).collect();
    let codes = |list: &str| answer.texts(&format!("{at}/{list}/nodes"), "/code").join(" ");
    let (expected, covered) = (answer.number(&format!("{at}/expected")), answer.number(&format!("{at}/covered")));
    let rate = answer.at(&format!("{at}/rate")).as_f64();
    #[allow(clippy::cast_precision_loss, reason = "small")]
    let wanted = (expected > 0).then(|| covered as f64 / expected as f64);
    assert_eq!(rate, wanted, "never rounded, and null over nobody (C2)");
    format!("{covered}/{expected} [{}] missing {} breaks {}", levels.join(" "), codes("missing"), codes("breaks"))
}

both! {
    async fn d7_who_below_has_issued_a_document_and_where_the_chain_breaks(world: &World) {
        world.operator().await.establish(TREE).await;
        let (province, bloc) = (world.user("tinh", "DRAFTER", "TINH").await, world.user("khoi", "DRAFTER", "KHOI").await);
        let resolution = plan(&province, "TINH", "1-NQ/TU", &[], None).await;
        assert_eq!(told(&province, &resolution, json!({})).await, "0/4 [1:0/2 2:0/2] missing KHOI SNV STC HUYEN breaks KHOI HUYEN",
            "it binds nobody, so those with units below them are meant; a committee without units below leads nobody");
        let program = plan(&bloc, "KHOI", "1-CTr/ĐUK", &[&resolution], Some(json!({ "reach": "CHILDREN" }))).await;
        assert_eq!(told(&province, &resolution, json!({})).await, "0/3 [1:0/0 2:0/3] missing SNV STC TTR breaks SNV STC TTR",
            "now what implements it binds units, and these are meant");
        let committee = world.user("snv", "DRAFTER", "SNV").await;
        let draft = committee.draft("SNV", "Kế hoạch", json!({ "relations": [{ "kind": "IMPLEMENTS", "to": { "id": program } }] })).await;
        assert!(told(&province, &resolution, json!({})).await.starts_with("0/3"), "a draft covers nothing");
        committee.issue(&draft, "1-KH/ĐU").await;
        assert_eq!(told(&province, &resolution, json!({})).await, "1/3 [1:0/0 2:1/3] missing STC TTR breaks STC TTR", "directly or not");
        assert_eq!(told(&bloc, &program, json!({})).await, "1/3 [1:1/3] missing STC TTR breaks STC TTR");
        assert_eq!(told(&province, &resolution, json!({ "kinds": ["BLOC", "DISTRICT"] })).await, "1/2 [1:1/2] missing HUYEN breaks HUYEN", "of the kinds that are asked for, bound or not");
        assert_eq!(told(&province, &resolution, json!({ "kinds": [] })).await, told(&province, &resolution, json!({})).await, "no kinds are any, as everywhere");
        assert_eq!(told(&province, &resolution, json!({ "unit": { "code": "HUYEN" } })).await, "0/0 [] missing  breaks ");
        assert_eq!(told(&province, &resolution, json!({ "unit": { "code": "SNV" }, "kinds": ["CELL"] })).await, "0/1 [1:0/1] missing SNV-1 breaks SNV-1");
        world.day("2020-12-02");
        world.operator().await.reorganize(json!([{ "dissolve": { "unit": { "code": "SNV" }, "heir": { "code": "STC" } } }])).await;
        assert_eq!(told(&bloc, &program, json!({})).await, "1/2 [1:1/2] missing TTR breaks TTR", "the document of a unit that has ended is its place's (C5)");
    }

    async fn d7_a_plan_that_serves_two_congresses_covers_both(world: &World) {
        world.operator().await.establish(TREE).await;
        let (province, bloc) = (world.user("tinh", "DRAFTER", "TINH").await, world.user("khoi", "DRAFTER", "KHOI").await);
        let upper = plan(&province, "TINH", "1-NQ/TU", &[], None).await;
        let own = plan(&bloc, "KHOI", "1-NQ/ĐUK", &[], None).await;
        let other = plan(&province, "TINH", "2-NQ/TU", &[], None).await;
        plan(&bloc, "KHOI", "2-KH/ĐUK", &[&upper, &own], Some(json!({ "reach": "CHILDREN", "kinds": ["GRASSROOTS_COMMITTEE"] }))).await;
        assert_eq!(told(&bloc, &own, json!({})).await, "0/2 [1:0/2] missing SNV STC breaks SNV STC");
        let committee = world.user("stc", "DRAFTER", "STC").await;
        plan(&committee, "STC", "1-KH/ĐU", &[&upper, &own], None).await;
        for directive in [&upper, &own] {
            assert_eq!(told(&bloc, directive, json!({ "unit": { "code": "KHOI" } })).await, "1/2 [1:1/2] missing SNV breaks SNV");
        }
        assert_eq!(told(&province, &other, json!({ "kinds": ["BLOC"] })).await, "0/1 [1:0/1] missing KHOI breaks KHOI", "and no other");
    }

    async fn a3_coverage_is_read_by_whom_completion_is_and_is_true_whatever_else_may_be_opened(world: &World) {
        world.operator().await.establish(TREE).await;
        let (province, bloc) = (world.user("tinh", "DRAFTER", "TINH").await, world.user("khoi", "DRAFTER", "KHOI").await);
        let resolution = plan(&province, "TINH", "1-NQ/TU", &[], None).await;
        plan(&bloc, "KHOI", "1-CTr/ĐUK", &[&resolution], Some(json!({ "reach": "CHILDREN", "kinds": ["GRASSROOTS_CELL"] }))).await;
        let district = world.user("huyen", "VIEWER", "HUYEN").await;
        let refused = district.ask(COVERAGE, json!({ "id": resolution, "unit": { "code": "TINH" } })).await;
        assert_eq!(refused.error_code(), "FORBIDDEN");
        assert_eq!(told(&district, &resolution, json!({ "unit": { "code": "HUYEN" }, "kinds": ["GRASSROOTS_COMMITTEE"] })).await, "0/1 [1:0/1] missing XA breaks XA");
        let committee = world.user("snv", "VIEWER", "SNV").await;
        assert_eq!(told(&committee, &resolution, json!({ "unit": { "code": "SNV" }, "kinds": ["CELL"] })).await, "0/1 [1:0/1] missing SNV-1 breaks SNV-1");
        let unknown = province.ask(COVERAGE, json!({ "id": resolution, "kinds": ["BLOC", "TỔ"] })).await;
        assert_eq!(unknown.error_code(), "NOT_FOUND");
        let pages = "query($id: ID!, $after: String) { directive(by: { id: $id }) { coverage(unitKinds: [\"GRASSROOTS_COMMITTEE\"]) { missing(first: 2, after: $after) { totalCount nodes { code } pageInfo { hasNextPage endCursor } } } } }";
        let first = province.data(pages, json!({ "id": resolution })).await;
        assert_eq!((first.number("/directive/coverage/missing/totalCount"), first.texts("/directive/coverage/missing/nodes", "/code")), (3, vec!["SNV".to_owned(), "STC".to_owned()]));
        let after = first.text("/directive/coverage/missing/pageInfo/endCursor");
        let second = province.data(pages, json!({ "id": resolution, "after": after })).await;
        assert_eq!((second.texts("/directive/coverage/missing/nodes", "/code"), second.at("/directive/coverage/missing/pageInfo/hasNextPage")), (vec!["XA".to_owned()], &json!(false)));
        let other = "query($id: ID!, $after: String) { directive(by: { id: $id }) { coverage(unitKinds: [\"BLOC\"]) { missing(first: 2, after: $after) { totalCount } } } }";
        assert_eq!(province.ask(other, json!({ "id": resolution, "after": after })).await.error_code(), "INVALID", "a cursor of another list (F3)");
    }
}
