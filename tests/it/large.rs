//! Whole reorganizations over the network: larger bodies from who may reorganize, up to the limit of changes (O5, F6).

use serde_json::{Value, json};

use crate::harness::{Actor, Answer, both};

const TINH: &str = "TINH PROVINCIAL Đảng bộ tỉnh\n  KHOI BLOC Đảng bộ Khối\n    CQ GRASSROOTS_COMMITTEE Đảng bộ cơ quan";

const REORGANIZE: &str = "mutation($input: ReorganizeInput!) { reorganize(input: $input) {
    reorganization { status effects { unitsTouched } } userErrors { code message path rule } } }";

async fn sent(actor: &Actor<'_>, changes: Vec<Value>) -> Answer {
    actor.ask(REORGANIZE, json!({ "input": { "title": "Sắp xếp", "effectiveOn": "2020-12-01", "changes": changes } })).await
}

/// So many new cells: 300 bytes each.
fn cells(count: usize) -> Vec<Value> {
    let name = |number: usize| format!("Chi bộ {number} {}", "trực thuộc ".repeat(14));
    let cell = |number| json!({ "establish": { "code": format!("CB-{number}"), "kind": "CELL", "name": name(number), "parent": { "code": "CQ" } } });
    (0..count).map(cell).collect()
}

both! {
    async fn o5_who_may_reorganize_sends_more_than_others(world: &World) {
        let operator = world.operator().await;
        operator.establish(TINH).await;
        let (bloc, viewer) = (world.user("khoi", "ADMIN", "KHOI").await, world.user("cq", "DRAFTER", "KHOI").await);
        let changes = cells(1_000);
        assert!(serde_json::to_string(&changes).unwrap().len() > 262_144, "more than everybody may send");
        for (who, limit) in [(&world.nobody(), "body_bytes"), (&viewer, "body_bytes")] {
            let refused = sent(who, changes.clone()).await;
            assert_eq!((refused.status, refused.error_code()), (413, "LIMIT_EXCEEDED"));
            assert_eq!(refused.body["errors"][0]["extensions"]["limit"], limit);
        }
        let done = sent(&bloc, changes).await;
        done.expect_no_errors("reorganize");
        assert_eq!(done.number("/reorganize/reorganization/effects/unitsTouched"), 1_000);
    }

    async fn f6_more_changes_than_a_batch_may_have_are_refused_with_the_way_out(world: &World) {
        let operator = world.operator().await;
        let change = json!({ "dissolve": { "unit": { "code": "A" } } });
        let refused = sent(&operator, vec![change; 50_001]).await.refusals();
        assert_eq!(refused.len(), 1, "{:?}", &refused[..2]);
        assert!(refused[0].starts_with("LIMIT_EXCEEDED F6 changes: the batch has `50001` changes"), "{refused:?}");
        assert!(refused[0].contains("`50000`") && refused[0].contains("`chidao import units`"), "{refused:?}");
    }
}
