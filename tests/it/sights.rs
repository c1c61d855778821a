//! Who may know of which directive (A3).

use serde_json::{Value, json};

use crate::harness::{Actor, both};

const TREE: &str = "
TINH PROVINCIAL Đảng bộ tỉnh
  KHOI BLOC Đảng bộ Khối
    A GRASSROOTS_CELL Chi bộ A
    B GRASSROOTS_CELL Chi bộ B
  HUYEN DISTRICT Đảng bộ huyện
    C GRASSROOTS_CELL Chi bộ C
";

const DRAFT: &str =
    "mutation($input: DraftDirectiveInput!) { draftDirective(input: $input) { directive { id } userErrors { code message path rule } } }";
const ISSUE: &str =
    "mutation($input: IssueDirectiveInput!) { issueDirective(input: $input) { directive { id } userErrors { code message path rule } } }";

/// A directive of today that implements others and binds the units that a scope covers; without one it binds nobody.
async fn issue(operator: &Actor<'_>, issuer: &str, title: &str, implements: &[&str], scope: Option<Value>) -> String {
    let requirements: Vec<Value> = scope.into_iter().map(|scope| json!({ "kind": "STUDY", "title": "Học tập", "scope": scope })).collect();
    let relations: Vec<Value> = implements.iter().map(|id| json!({ "kind": "IMPLEMENTS", "to": { "id": id } })).collect();
    let input = json!({ "issuer": { "code": issuer }, "kind": "PLAN", "title": title, "issuingBody": "CONGRESS", "relations": relations, "requirements": requirements });
    let id = operator.data(DRAFT, json!({ "input": input })).await.text("/draftDirective/directive/id");
    operator.data(ISSUE, json!({ "input": { "directive": id, "issuedOn": operator.world.clock.today().to_string() } })).await;
    id
}

/// The titles of the directives that somebody reads, one by one and in the list; both must say the same.
async fn read(actor: &Actor<'_>, directives: &[(&str, &String)]) -> Vec<String> {
    let mut titles = Vec::new();
    for (title, id) in directives {
        let one = actor.data("query($id: ID!) { directive(by: { id: $id }) { title } }", json!({ "id": id })).await;
        if one.at("/directive/title") == *title {
            titles.push((*title).to_owned());
        }
    }
    let mut listed = actor.data("{ directives { totalCount nodes { title } } }", json!({})).await.texts("/directives/nodes", "/title");
    listed.sort();
    titles.sort();
    assert_eq!(titles, listed, "the list and the look-up agree");
    titles
}

both! {
    async fn a3_a_directive_is_read_by_those_whom_it_concerns_through_its_lineage(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        let id = operator.data("{ viewer { principal { id } } }", json!({})).await.text("/viewer/principal/id");
        operator.grant(&id, "DRAFTER", "TINH").await;
        let nobody_bound = issue(&operator, "TINH", "Nghị quyết", &[], None).await;
        let bloc_bound = issue(&operator, "TINH", "Chương trình", &[&nobody_bound], Some(json!({ "reach": "CHILDREN", "kinds": ["BLOC"] }))).await;
        let plan = issue(&operator, "KHOI", "Kế hoạch", &[&bloc_bound], Some(json!({ "reach": "SELF", "anchor": { "code": "A" } }))).await;
        let all = [("Nghị quyết", &nobody_bound), ("Chương trình", &bloc_bound), ("Kế hoạch", &plan)];

        let in_a = world.user("a", "VIEWER", "A").await;
        assert_eq!(read(&in_a, &all).await, ["Chương trình", "Kế hoạch", "Nghị quyết"], "bound by the plan, and so concerned by what it implements");
        let history = "query($id: ID!) { directive(by: { id: $id }) { history { nodes { action units { code } } } } }";
        let told = in_a.data(history, json!({ "id": plan })).await;
        assert_eq!(told.texts("/directive/history/nodes", "/action"), ["DIRECTIVE_ISSUED"], "whom it binds is told that it was issued");
        assert_eq!(told.texts("/directive/history/nodes/0/units", "/code"), ["A"], "and of no unit that it may not read about");
        let in_b = world.user("b", "VIEWER", "B").await;
        assert_eq!(read(&in_b, &all).await, ["Nghị quyết"], "one that binds nobody is read by all below its issuer");
        let in_c = world.user("c", "VIEWER", "C").await;
        assert_eq!(read(&in_c, &all).await, ["Nghị quyết"]);
        let in_bloc = world.user("khoi", "VIEWER", "KHOI").await;
        assert_eq!(read(&in_bloc, &all).await.len(), 3);
        let in_district = world.user("huyen", "VIEWER", "HUYEN").await;
        assert_eq!(read(&in_district, &all).await, ["Nghị quyết"]);
    }
}
