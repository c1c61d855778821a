//! What a request costs the database: a list takes as many statements for 100 rows as for 1 (architecture, invariant 10).

use serde_json::{Value, json};

use crate::harness::{Actor, both};

/// The page sizes that must cost the same.
const SIZES: [usize; 3] = [1, 10, 100];

/// The statements that one request costs on a server that nobody else asks.
pub(crate) async fn statements(actor: &Actor<'_>, query: &str, variables: Value) -> u64 {
    let database = actor.world.office.database();
    let before = database.statements();
    actor.data(query, variables).await;
    database.statements() - before
}

/// Asks a query with `$first` 1, 10 and 100; `list` points to the nodes that must be as many. Answers what each of them cost.
pub(crate) async fn cost_of_list(actor: &Actor<'_>, query: &str, list: &str) -> u64 {
    // What is kept in memory is loaded by the first who asks.
    actor.data(query, json!({ "first": 1 })).await;
    let mut costs = Vec::new();
    for size in SIZES {
        costs.push(statements(actor, query, json!({ "first": size })).await);
        let answer = actor.data(query, json!({ "first": size })).await;
        let nodes = answer.at(list).as_array().map_or(0, Vec::len);
        assert_eq!(nodes, size, "the list is long enough to tell: {query}");
    }
    assert!(costs.iter().all(|cost| *cost == costs[0]), "{SIZES:?} rows cost {costs:?} statements: {query}");
    costs[0]
}

/// 1 committee with 110 cells, each with an external id.
async fn wide_tree(operator: &Actor<'_>) {
    let cells: String = (0..110).map(|number| format!("\n    C{number} CELL Chi bộ {number}")).collect();
    operator.establish(&format!("T PROVINCIAL Đảng bộ tỉnh\n  S GRASSROOTS_COMMITTEE Đảng bộ Sở{cells}")).await;
    let named = (0..110).map(|number| {
        json!({ "revise": { "unit": { "code": format!("C{number}") }, "externalIds": [{ "scheme": "MDD", "value": format!("{number}") }] } })
    });
    operator.reorganize(named.collect()).await;
}

/// What can be asked of each unit in a list.
const UNIT: &str = "code name kind { code name } path depth version descendantCount externalIds { scheme value } \
    parent { code name externalIds { value } } ancestors { code } viewerCan";

/// Drops what the schema does not have yet from [`UNIT`].
fn unit_fields() -> String {
    if chidao::graphql::sdl().contains("viewerCan") { UNIT.into() } else { UNIT.replace(" viewerCan", "") }
}

both! {
    async fn lists_of_units_cost_the_same_however_long_they_are(world: &World) {
        let operator = world.operator().await;
        wide_tree(&operator).await;
        let fields = unit_fields();
        let lists = [
            ("orgUnits(first: $first, filter: { under: { code: \"S\" }, kinds: [\"CELL\"] })", "/orgUnits/nodes"),
            ("orgUnits(first: $first, orderBy: NAME, filter: { search: \"chi bo\" })", "/orgUnits/nodes"),
            ("orgUnit(by: { code: \"S\" }) { children(first: $first)", "/orgUnit/children/nodes"),
            ("orgUnit(by: { code: \"T\" }) { descendants(first: $first)", "/orgUnit/descendants/nodes"),
        ];
        for (list, nodes) in lists {
            let end = if list.contains("orgUnit(") { "}" } else { "" };
            let query = format!("query($first: Int) {{ {list} {{ totalCount pageInfo {{ hasNextPage }} nodes {{ {fields} }} }} {end} }}");
            let cost = cost_of_list(&operator, &query, nodes).await;
            assert!(cost <= 10, "{cost} statements: {query}");
        }
    }

    async fn fields_of_the_tree_cost_no_statement(world: &World) {
        let operator = world.operator().await;
        wide_tree(&operator).await;
        let bare = "{ orgUnit(by: { code: \"S\" }) { code } }";
        let rich = "{ orgUnit(by: { code: \"S\" }) { code path depth descendantCount parent { code } ancestors { code } \
                    isAncestorOf(unit: { code: \"C1\" }) children(first: 100) { totalCount nodes { code path parent { code } } } } }";
        operator.data(rich, json!({})).await;
        let (bare, rich) = (statements(&operator, bare, json!({})).await, statements(&operator, rich, json!({})).await);
        assert_eq!(rich, bare, "they are read from the forest in memory");
    }

    async fn previews_and_batches_cost_by_the_thousand_not_by_the_change(world: &World) {
        let operator = world.operator().await;
        wide_tree(&operator).await;
        let batch = |name: &str, count: usize| -> Value {
            let establish = |number| json!({ "establish": { "code": format!("{name}{number}"), "kind": "CELL", "name": "Chi bộ", "parent": { "code": "S" } } });
            let changes: Vec<Value> = (0..count).map(establish).collect();
            json!({ "input": { "title": "Thành lập", "effectiveOn": world.clock.today().to_string(), "changes": changes } })
        };
        let query = "mutation($input: ReorganizeInput!) { reorganize(input: $input) { reorganization { id } userErrors { message } } }";
        let one = statements(&operator, query, batch("X", 1)).await;
        let many = statements(&operator, query, batch("Y", 300)).await;
        assert_eq!(many, one, "300 units are written in as many statements as one");
    }
}
