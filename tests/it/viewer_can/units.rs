//! The same for units: rights over them follow the tree, and what has ended is only read (A6, O6).

use std::collections::BTreeSet;

use serde_json::json;

use super::{Trial, hold};
use crate::harness::demo::told;

/// Units, each with a kind that may stand under it, and another place for it that takes the same right as its own.
const UNITS: [(&str, &str, &str); 5] = [
    ("TINH", "BLOC", "TW"),
    ("KHOI-CQT", "GRASSROOTS_CELL", "TW"),
    ("HUYEN-A", "GRASSROOTS_CELL", "TINH-2"),
    ("CQ-05-BP", "CELL", "CQ-03"),
    ("CQ-14", "CELL", "HUYEN-A"),
];

/// What can be done with a unit; changes to the tree are only looked at.
fn on_unit((code, kind, parent): (&str, &str, &str), grantee: &str) -> Vec<Trial> {
    let unit = json!({ "code": code });
    let change = |change| vec![json!({ "title": "Thử", "effectiveOn": "2020-12-20", "preview": true, "changes": [change] })];
    let establish = json!({ "establish": { "code": "THU", "kind": kind, "name": "Đơn vị thử", "parent": unit } });
    vec![
        ("ESTABLISH", "reorganize", change(establish)),
        ("REVISE", "reorganize", change(json!({ "revise": { "unit": unit, "memberCount": 777 } }))),
        ("MOVE", "reorganize", change(json!({ "move": { "unit": unit, "parent": { "code": parent } } }))),
        ("APPOINT", "appointOfficer", vec![json!({ "unit": unit, "position": "MEMBER", "from": "2020-12-20", "personName": "Người thử" })]),
        ("GRANT_ROLE", "grantRole", vec![json!({ "principal": grantee, "role": "VIEWER", "unit": unit })]),
        ("DRAFT", "draftDirective", vec![json!({ "issuer": unit, "kind": "PLAN", "title": "Kế hoạch thử" })]),
    ]
}

told! {
    async fn a6_viewer_can_says_of_units_what_the_mutations_do(world: &World) {
        let operator = world.person("quan-tri").await;
        operator.establish("TW CENTRAL\nTINH-2 PROVINCIAL").await;
        operator.reorganize(json!([{ "dissolve": { "unit": { "code": "CQ-14" }, "heir": { "code": "CQ-13" } } }])).await;
        let grantee = world.user("nguoi-khac", "VIEWER", "HUYEN-B").await;
        let grantee = grantee.data("{ viewer { principal { id } } }", json!({})).await.text("/viewer/principal/id");
        let mut actors = Vec::new();
        for (who, unit) in [("quan-ly-bp", "CQ-05-BP"), ("quan-ly-khoi", "KHOI-CQT")] {
            actors.push((who, world.user(who, "ADMIN", unit).await));
        }
        for who in ["thanh-tra", "co-quan-01", "khoi", "tinh-uy", "quan-tri"] {
            actors.push((who, world.person(who).await));
        }
        let mut done = BTreeSet::new();
        for (who, actor) in &actors {
            for unit in UNITS {
                let code = unit.0;
                let query = "query($code: String!) { orgUnit(by: { code: $code }) { id active viewerCan } }";
                let seen = actor.data(query, json!({ "code": code })).await;
                let read = actor.ask("query($code: String!) { completion(unit: { code: $code }) { total } }", json!({ "code": code })).await;
                let can = seen.texts("/orgUnit/viewerCan", "").contains(&"READ_COMPLETION".to_owned());
                assert_eq!(can, read.error_code() != "FORBIDDEN", "{who} reads {code}: {read:?}");
                assert!(can || read.at("/completion").is_null(), "{who}: {read:?}");
                done.extend(hold(actor, who, &seen.text("/orgUnit/id"), on_unit(unit, &grantee)).await);
            }
        }
        assert_eq!(done.len(), on_unit(UNITS[0], "").len(), "each was possible for somebody: {done:?}");
    }
}
