//! A plan that was given up did nothing, whoever gave it up; and what stands in its way is told in names (O5, S6).

use serde_json::{Value, json};

use super::*;
use crate::harness::both;

/// What the latest batch is said to have done.
async fn effects(actor: &Actor<'_>) -> Value {
    let query = format!("{{ reorganizations(first: 1) {{ nodes {{ status effects {{ {EFFECTS} }} }} }} }}");
    actor.data(&query, json!({})).await.at("/reorganizations/nodes/0").clone()
}

fn nothing() -> Value {
    json!({ "status": "CANCELLED", "effects": { "unitsTouched": 0, "obligationsTransferred": 0, "obligationsReleased": 0,
        "obligationsCreated": 0, "grantsEnding": [], "obligations": { "totalCount": 0, "nodes": [] } } })
}

const CANCEL: &str = "mutation($input: CancelReorganizationInput!) { cancelReorganization(input: $input) {
    reorganization { status effects { unitsTouched obligationsTransferred grantsEnding { role } obligations { totalCount } } }
    userErrors { code message path rule } } }";

both! {
    async fn o5_a_batch_that_was_cancelled_did_nothing(world: &World) {
        let (operator, _) = study(world).await;
        world.user("stc", "REPORTER", "STC").await;
        let (planned, told) = batch(&operator, "2021-01-01", json!([merge(&["STC"], "SNV")]), json!([])).await;
        assert_eq!(told.len(), 2, "it would have done something: {told:?}");
        assert_eq!(effects(&operator).await["effects"]["grantsEnding"][0]["role"], "REPORTER");
        let id = planned.text("/reorganize/reorganization/id");
        let cancelled = operator.data(CANCEL, json!({ "input": { "reorganization": id, "reason": "chưa có chủ trương" } })).await;
        let none = json!({ "unitsTouched": 0, "obligationsTransferred": 0, "grantsEnding": [], "obligations": { "totalCount": 0 } });
        assert_eq!(cancelled.at("/cancelReorganization/reorganization"), &json!({ "status": "CANCELLED", "effects": none }));
        assert_eq!(effects(&operator).await, nothing());
    }

    async fn s6_a_plan_that_the_calendar_cancels_did_nothing(world: &World) {
        let (operator, _) = study(world).await;
        operator.establish("KHAC PROVINCIAL Đảng bộ tỉnh khác").await;
        batch(&operator, "2021-01-01", json!([merge(&["STC"], "SNV"), { "dissolve": { "unit": unit("KHAC") } }]), json!([])).await;
        // Since it was planned, the root that would end without an heir has issued a directive (C5).
        let drafter = world.user("khac", "DRAFTER", "KHAC").await;
        let own = json!({ "requirements": [{ "kind": "STUDY", "title": "Học", "scope": { "reach": "SELF" } }] });
        drafter.issue(&drafter.draft("KHAC", "Kế hoạch", own).await, "1-KH/TU").await;
        world.day("2021-01-01");
        world.tick().await;
        assert_eq!(effects(&operator).await, nothing());
    }

    async fn o5_a_later_batch_that_stands_in_the_way_is_told_in_codes_and_names(world: &World) {
        let (operator, _) = study(world).await;
        let (first, _) = batch(&operator, "2021-01-01", json!([establish("MOI")]), json!([])).await;
        batch(&operator, "2021-02-01", json!([{ "move": { "unit": unit("SNV-1"), "parent": unit("MOI") } }]), json!([])).await;
        let input = json!({ "input": { "reorganization": first.text("/reorganize/reorganization/id"), "reason": "nhầm" } });
        let refused = operator.ask(CANCEL, input).await.refusals();
        assert!(refused[0].starts_with("LATER_FACT O5 reorganization: ") && refused[0].contains("no unit `MOI (Đảng bộ MOI)`"), "{refused:?}");
    }
}
