//! The same for units: rights over them follow the tree, and what has ended is only read (A6, O6).

use std::collections::BTreeSet;

use serde_json::json;

use super::{Trial, hold};
use crate::harness::demo::told;

/// A unit, and what its changes can be tried with.
struct Tried {
    code: &'static str,
    /// A kind that may stand under it.
    kind: &'static str,
    /// Another place for it, which takes the same right as its own.
    parent: &'static str,
    /// Another kind that it may have, if there is one.
    other_kind: Option<&'static str>,
    /// What it can end into, with the same right.
    heir: &'static str,
    /// What can be a part of it beside itself.
    part: &'static str,
}

#[rustfmt::skip]
const UNITS: [Tried; 5] = [
    Tried { code: "TINH", kind: "BLOC", parent: "TW", other_kind: None, heir: "TINH-2", part: "KHOI-CQT" },
    Tried { code: "KHOI-CQT", kind: "GRASSROOTS_CELL", parent: "TW", other_kind: Some("DISTRICT"), heir: "HUYEN-A", part: "CQ-03" },
    Tried { code: "HUYEN-A", kind: "GRASSROOTS_CELL", parent: "TINH-2", other_kind: Some("BLOC"), heir: "HUYEN-B", part: "HA-01" },
    Tried { code: "CQ-05-BP", kind: "CELL", parent: "CQ-03", other_kind: None, heir: "CQ-05", part: "CQ-05-BP-1" },
    Tried { code: "CQ-14", kind: "CELL", parent: "HUYEN-A", other_kind: Some("GRASSROOTS_COMMITTEE"), heir: "CQ-13", part: "CQ-13" },
];

/// What can be done with a unit; changes to the tree are only looked at.
fn on_unit(Tried { code, kind, parent, other_kind, heir, part }: &Tried, grantee: &str) -> Vec<Trial> {
    let (unit, heir) = (json!({ "code": code }), json!({ "code": heir }));
    let change = |change| vec![json!({ "title": "Thử", "effectiveOn": "2020-12-20", "preview": true, "changes": [change] })];
    let establish = json!({ "establish": { "code": "THU", "kind": kind, "name": "Đơn vị thử", "parent": unit } });
    let of_kind = other_kind.map(|kind| ("CHANGE_KIND", "reorganize", change(json!({ "changeKind": { "unit": unit, "kind": kind } }))));
    let always = vec![
        ("MERGE", "reorganize", change(json!({ "merge": { "units": [unit], "into": heir } }))),
        ("DISSOLVE", "reorganize", change(json!({ "dissolve": { "unit": unit, "heir": heir } }))),
        ("SPLIT", "reorganize", change(json!({ "split": { "unit": unit, "into": [{ "into": unit }, { "into": { "code": part } }] } }))),
        ("REOPEN", "reorganize", change(json!({ "reopen": { "unit": unit, "parent": { "code": "KHOI-CQT" } } }))),
        ("ESTABLISH", "reorganize", change(establish)),
        ("REVISE", "reorganize", change(json!({ "revise": { "unit": unit, "memberCount": 777 } }))),
        ("MOVE", "reorganize", change(json!({ "move": { "unit": unit, "parent": { "code": parent } } }))),
        ("APPOINT", "appointOfficer", vec![json!({ "unit": unit, "position": "MEMBER", "from": "2020-12-20", "personName": "Người thử" })]),
        ("GRANT_ROLE", "grantRole", vec![json!({ "principal": grantee, "role": "VIEWER", "unit": unit })]),
        ("DRAFT", "draftDirective", vec![json!({ "issuer": unit, "kind": "PLAN", "title": "Kế hoạch thử" })]),
    ];
    always.into_iter().chain(of_kind).collect()
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
            for unit in &UNITS {
                let code = unit.code;
                let query = "query($code: String!) { orgUnit(by: { code: $code }) { id active viewerCan } }";
                let seen = actor.data(query, json!({ "code": code })).await;
                let read = actor.ask("query($code: String!) { completion(unit: { code: $code }) { total } }", json!({ "code": code })).await;
                let can = seen.texts("/orgUnit/viewerCan", "").contains(&"READ_COMPLETION".to_owned());
                assert_eq!(can, read.error_code() != "FORBIDDEN", "{who} reads {code}: {read:?}");
                assert!(can || read.at("/completion").is_null(), "{who}: {read:?}");
                done.extend(hold(actor, who, &seen.text("/orgUnit/id"), on_unit(unit, &grantee)).await);
            }
        }
        assert_eq!(done.len(), on_unit(&UNITS[1], "").len(), "each was possible for somebody: {done:?}");
    }
}
