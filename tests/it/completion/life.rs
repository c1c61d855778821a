//! A plan and what units and their superiors do about it, over HTTP and from day to day.

use serde_json::json;

use crate::directives::study;
use crate::harness::{Actor, World};
use crate::obligations::{done, of, report};

/// The requirements of a directive, in their order.
pub(crate) async fn requirements_of<const N: usize>(reader: &Actor<'_>, directive: &str) -> [String; N] {
    let query = "query($id: ID!) { directive(by: { id: $id }) { requirements { id } } }";
    let answer = reader.data(query, json!({ "id": directive })).await;
    answer.texts("/directive/requirements", "/id").try_into().unwrap()
}

/// A plan of the bloc, five days after its date: the units below have studied it in time but were heard late (SNV), late (STC), and in
/// time but not well enough (TTR). Of carrying it out, one has taken notice (SNV), one has begun (STC), one is excused (SNV-1), and one
/// waits for its superior (SNV-2). All owe a standing duty, on which one has reported (TTR).
pub(crate) async fn plan(world: &World, drafter: &Actor<'_>) -> String {
    let below = json!({ "reach": "DESCENDANTS" });
    let requirements = json!([
        study("2020-12-20"),
        { "kind": "IMPLEMENT", "title": "Tổ chức thực hiện", "scope": below },
        { "kind": "PROPAGATE", "title": "Nắm bắt dư luận", "informative": true, "scope": below },
    ]);
    let id = drafter.draft("KHOI", "Kế hoạch học tập", json!({ "requirements": requirements })).await;
    drafter.issue(&id, "81-KH/ĐUK").await;
    let [study, implement, standing] = requirements_of(drafter, &id).await;
    let (below, above) = (world.user("cap-duoi", "REPORTER", "KHOI").await, world.user("cap-tren", "SUPERVISOR", "KHOI").await);
    let submit = async |requirement: &str, unit: &str| {
        done(&below, "submitReports", report(vec![of(requirement, unit)], json!({}))).await;
    };
    let accept = async |requirement: &str, unit: &str| {
        done(&above, "acceptReports", json!({ "obligations": [of(requirement, unit)] })).await;
    };
    world.day("2020-12-02");
    done(&below, "acknowledgeObligations", json!({ "obligations": [of(&implement, "SNV"), of(&implement, "STC")] })).await;
    done(&below, "startObligations", json!({ "obligations": [of(&implement, "STC")] })).await;
    done(&above, "exemptObligations", json!({ "obligations": [of(&implement, "SNV-1")], "reason": "Chi bộ mới thành lập" })).await;
    world.day("2020-12-10");
    submit(&study, "SNV").await;
    submit(&implement, "SNV-2").await;
    submit(&standing, "TTR").await;
    accept(&standing, "TTR").await;
    world.day("2020-12-20");
    submit(&study, "TTR").await;
    world.day("2020-12-22");
    submit(&study, "STC").await;
    world.day("2020-12-23");
    accept(&study, "SNV").await;
    accept(&study, "STC").await;
    done(&above, "returnReport", json!({ "obligation": of(&study, "TTR"), "reason": "Thiếu danh sách" })).await;
    world.day("2020-12-25");
    id
}
