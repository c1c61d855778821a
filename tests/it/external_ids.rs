//! External identifiers over the days: who holds one when a batch takes effect, and what later plans make of that (O5, O9).

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::harness::{Actor, World, both};

const TREE: &str = "
TINH PROVINCIAL Đảng bộ tỉnh
  A BLOC Đảng bộ A
  B BLOC Đảng bộ B
";

const REORGANIZE: &str = "mutation($input: ReorganizeInput!) { reorganize(input: $input) {
    reorganization { id status } userErrors { code message path rule } } }";
const CANCEL: &str = "mutation($input: CancelReorganizationInput!) { cancelReorganization(input: $input) {
    reorganization { status } userErrors { code message path rule } } }";
const ANNUL: &str = "mutation($input: AnnulReorganizationInput!) { annulReorganization(input: $input) {
    reorganization { status } userErrors { code message path rule } } }";

fn ids(values: &[&str]) -> Value {
    values.iter().map(|value| json!({ "scheme": "mst", "value": value })).collect()
}

/// A unit gets these and no others.
fn give(code: &str, values: &[&str]) -> Value {
    json!({ "revise": { "unit": { "code": code }, "externalIds": ids(values) } })
}

/// A bloc that begins with these.
fn begin(code: &str, values: &[&str]) -> Value {
    json!({ "establish": { "code": code, "kind": "BLOC", "name": code, "parent": { "code": "TINH" }, "externalIds": ids(values) } })
}

fn batch(title: &str, on: &str, changes: &[Value]) -> Value {
    json!({ "input": { "title": title, "effectiveOn": on, "changes": changes } })
}

async fn plan(actor: &Actor<'_>, title: &str, on: &str, changes: &[Value]) -> String {
    actor.data(REORGANIZE, batch(title, on, changes)).await.text("/reorganize/reorganization/id")
}

/// The only refusal of a batch.
async fn refused(actor: &Actor<'_>, on: &str, changes: &[Value]) -> String {
    let mut refusals = actor.ask(REORGANIZE, batch("Bị từ chối", on, changes)).await.refusals();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    refusals.remove(0)
}

/// What a unit holds today.
async fn held(actor: &Actor<'_>, code: &str) -> Vec<String> {
    let answer = actor.data(&format!("{{ orgUnit(by: {{ code: \"{code}\" }}) {{ externalIds {{ value }} }} }}"), json!({})).await;
    answer.texts("/orgUnit/externalIds", "/value")
}

/// Each batch with where it stands, and why.
async fn batches(actor: &Actor<'_>) -> Vec<(String, String, String)> {
    let answer = actor.data("{ reorganizations(first: 50) { nodes { title status takenBackBecause } } }", json!({})).await;
    let text = |node: &Value, name: &str| node[name].as_str().unwrap_or_default().to_owned();
    let nodes = answer.at("/reorganizations/nodes").as_array().unwrap();
    nodes.iter().map(|node| (text(node, "title"), text(node, "status"), text(node, "takenBackBecause"))).collect()
}

both! {
    async fn o9_what_an_earlier_plan_gives_is_taken_on_the_day_of_a_later_one(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        plan(&operator, "Một", "2021-03-01", &[begin("M", &["77"])]).await;
        let told = refused(&operator, "2021-03-02", &[begin("H", &["77"])]).await;
        assert!(told.starts_with("ALREADY_EXISTS O9 changes.0.establish.externalIds.0"), "{told}");
        let told = refused(&operator, "2021-03-01", &[give("A", &["77"])]).await;
        assert!(told.starts_with("ALREADY_EXISTS O9 changes.0.revise.externalIds.0"), "of one day the first recorded acts first: {told}");
        // Before that day it is free, and who takes it then stands in the way of the plan.
        for on in ["2021-02-01", "2020-12-01"] {
            let told = refused(&operator, on, &[give("A", &["77"])]).await;
            assert!(told.starts_with("LATER_FACT O5 effectiveOn") && told.contains("`Một` of `2021-03-01`"), "{on}: {told}");
            assert!(told.contains("`mst` `77`"), "{on}: {told}");
        }
        world.day("2021-03-02");
        assert_eq!(world.tick().await.len(), 1);
        assert_eq!(held(&operator, "M").await, ["77"]);
    }

    async fn o9_what_an_earlier_plan_gives_up_is_free_on_the_day_of_a_later_one(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        plan(&operator, "Cấp", "2020-12-01", &[give("A", &["1", "2"])]).await;
        let giving_up = plan(&operator, "Trả", "2021-04-01", &[give("A", &["2"])]).await;
        let told = refused(&operator, "2021-03-31", &[give("B", &["1"])]).await;
        assert!(told.starts_with("ALREADY_EXISTS O9 changes.0.revise.externalIds.0"), "{told}");
        plan(&operator, "Nhận", "2021-04-02", &[give("B", &["1"])]).await;
        // Whoever points by it points at who holds it that day.
        let by_it = json!({ "revise": { "unit": { "externalId": { "scheme": "mst", "value": "1" } }, "name": "Đảng bộ mới" } });
        plan(&operator, "Đổi tên", "2021-04-02", &[by_it]).await;
        let taking_back = json!({ "input": { "reorganization": giving_up, "reason": "chưa có chủ trương" } });
        let told = operator.ask(CANCEL, taking_back).await.refusals();
        assert!(told[0].starts_with("LATER_FACT O5 reorganization") && told[0].contains("`Nhận` of `2021-04-02`"), "{told:?}");
        for (on, wanted) in [("2021-03-31", "12 ()"), ("2021-04-01", "2 ()"), ("2021-04-02", "2 (1)")] {
            let each = |code: &str| format!("{code}: orgUnit(by: {{ code: \"{code}\" }}, asOf: \"{on}\") {{ externalIds {{ value }} }}");
            let answer = operator.data(&format!("{{ {} {} }}", each("A"), each("B")), json!({})).await;
            let of = |code: &str| answer.texts(&format!("/{code}/externalIds"), "/value").concat();
            assert_eq!(format!("{} ({})", of("A"), of("B")), wanted, "{on}");
        }
        world.day("2021-04-02");
        assert_eq!(world.tick().await.len(), 3);
        assert_eq!((held(&operator, "A").await, held(&operator, "B").await), (vec!["2".to_owned()], vec!["1".to_owned()]));
        let name = operator.data("{ orgUnit(by: { code: \"B\" }) { name } }", json!({})).await.text("/orgUnit/name");
        assert_eq!(name, "Đảng bộ mới");
        assert!(batches(&operator).await.iter().all(|(_, status, _)| status == "ENACTED"));
    }

    async fn o9_what_an_annulment_gave_back_may_have_passed_on_when_the_past_is_corrected(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        plan(&operator, "Cấp", "2020-12-01", &[give("A", &["1"])]).await;
        world.day("2020-12-05");
        let mistake = plan(&operator, "Nhầm", "2020-12-05", &[give("A", &["9"])]).await;
        world.day("2020-12-06");
        operator.data(ANNUL, json!({ "input": { "reorganization": mistake, "reason": "nhầm" } })).await;
        assert_eq!(held(&operator, "A").await, ["1"]);
        world.day("2020-12-07");
        plan(&operator, "Chuyển", "2020-12-07", &[give("A", &[]), give("B", &["1"])]).await;
        plan(&operator, "Đính chính", "2020-12-03", &[json!({ "revise": { "unit": { "code": "TINH" }, "name": "Đảng bộ tỉnh Mẫu" } })]).await;
        assert_eq!((held(&operator, "A").await, held(&operator, "B").await), (vec![], vec!["1".to_owned()]));
    }

}

both! {
    async fn s6_a_plan_that_is_given_up_says_whether_it_builds_on_another_or_fails_by_itself(home: &Home) {
        let world = World::begin(home).await;
        let operator = world.operator().await;
        operator.establish(TREE).await;
        plan(&operator, "Một", "2021-03-01", &[begin("M", &["77"])]).await;
        plan(&operator, "Hai", "2021-03-02", &[begin("H", &["78"])]).await;
        plan(&operator, "Ba", "2021-03-02", &[begin("BA", &["79"])]).await;
        plan(&operator, "Bốn", "2021-03-03", &[json!({ "revise": { "unit": { "code": "H" }, "name": "Bốn" } })]).await;
        plan(&operator, "Năm", "2021-03-04", &[give("A", &["80"])]).await;
        // As an earlier version accepted it, which judged plans by who held what that day.
        let same = "UPDATE reorganization SET asked = REPLACE(REPLACE(asked, '\"78\"', '\"77\"'), '\"79\"', '\"77\"') WHERE status = 'PLANNED'";
        let sql = sea_orm::Database::connect(&home.url).await.unwrap();
        sql.execute_unprepared(same).await.unwrap();
        sql.close().await.unwrap();
        world.day("2021-03-04");
        assert_eq!(world.tick().await.len(), 5);
        let known = batches(&operator).await;
        let of = |title: &str| known.iter().find(|(known, ..)| known == title).map(|(_, status, why)| (status.as_str(), why.as_str())).unwrap();
        assert_eq!((of("Một").0, of("Năm").0), ("ENACTED", "ENACTED"));
        for title in ["Hai", "Ba"] {
            assert_eq!(of(title).0, "CANCELLED");
            assert!(of(title).1.starts_with("đến ngày hiệu lực thì không còn thực hiện được: mã ngoài `mst` `77`"), "{known:#?}");
            assert!(of(title).1.ends_with("(O9)"), "the rule is named: {known:#?}");
        }
        assert!(of("Bốn").0 == "CANCELLED" && of("Bốn").1.starts_with("đợt này dựa trên đợt `Hai`, nay đã bị hủy: "), "{known:#?}");
        world.end().await;
    }
}
