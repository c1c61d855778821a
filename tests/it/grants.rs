//! What a grant may give (A4), and the key by which a call is told from its repetition.

use serde_json::{Value, json};

use crate::harness::{REORGANIZE, both};

const GRANT: &str = "mutation($input: GrantRoleInput!) { grantRole(input: $input) { grant { id } userErrors { code rule path message } } }";

both! {
    async fn a4_nobody_gives_a_right_for_longer_than_they_hold_it(world: &World) {
        let operator = world.operator().await;
        operator.establish("TINH PROVINCIAL\n  KHOI BLOC").await;
        let admin = world.user("quan-tri-khoi", "VIEWER", "KHOI").await;
        let me = admin.data("{ viewer { principal { id } } }", json!({})).await.text("/viewer/principal/id");
        let input = |expires_on: Value| json!({ "input": { "principal": me, "role": "ADMIN", "unit": { "code": "KHOI" }, "expiresOn": expires_on } });
        operator.data(GRANT, input(json!("2020-12-10"))).await;
        for longer in [Value::Null, json!("2020-12-11")] {
            let refusals = admin.ask(GRANT, input(longer)).await.refusals();
            assert!(refusals[0].starts_with("INVALID A4 expiresOn: give a day not later than `2020-12-10`"), "{refusals:?}");
        }
        admin.data(GRANT, input(json!("2020-12-10"))).await;
        operator.data(GRANT, input(Value::Null)).await;
    }

    async fn j1_a_key_of_a_repeated_call_is_a_short_line(world: &World) {
        let operator = world.operator().await;
        let input = |key: &str| json!({ "input": { "title": "Lập", "effectiveOn": "2020-12-01", "clientMutationId": key,
            "changes": [{ "establish": { "code": "TINH", "kind": "PROVINCIAL", "name": "Tỉnh" } }] } });
        for key in ["", "k\0", &"k".repeat(129)] {
            let refusals = operator.ask(REORGANIZE, input(key)).await.refusals();
            assert!(refusals[0].starts_with("INVALID F2 clientMutationId"), "{refusals:?}");
        }
        let first = operator.data(REORGANIZE, input("k")).await;
        assert_eq!(operator.data(REORGANIZE, input("k")).await.at("/reorganize"), first.at("/reorganize"));
    }
}
