//! What becomes of obligations and grants when the tree changes, over HTTP (section 6, B4, B6, A1).

use serde_json::{Value, json};

use crate::harness::{Actor, Answer, World};
use crate::obligations::{done, issue, of, report, requirement};

mod annulments;
mod comings;
mod corrections;
mod decided;
mod given_up;
mod kept;
mod successions;
mod taken_back;
mod taken_over;

pub(crate) const PROVINCE: &str = "
TINH PROVINCIAL Đảng bộ tỉnh
  KHOI BLOC Đảng bộ Khối các cơ quan tỉnh
    SNV GRASSROOTS_COMMITTEE Đảng bộ Sở Nội vụ
      SNV-1 CELL Chi bộ 1
    STC GRASSROOTS_COMMITTEE Đảng bộ Sở Tài chính
    TTR GRASSROOTS_CELL Chi bộ Thanh tra tỉnh
    VPT GRASSROOTS_CELL Chi bộ Văn phòng
  DN BLOC Đảng bộ Khối doanh nghiệp
    DN-1 GRASSROOTS_CELL Chi bộ công ty
";

pub(crate) const EFFECTS: &str = "unitsTouched obligationsTransferred obligationsReleased obligationsCreated
    grantsEnding { id role unit { code } principal { displayName } }
    obligations(first: 100) { totalCount nodes { happening state dueOn period reason(locale: EN) rules unit { code name } requirement { title }
        predecessors { unit { code } } successors { code name } obligation { id } } }";

pub(crate) fn unit(code: &str) -> Value {
    json!({ "code": code })
}

/// A new committee under the bloc.
pub(crate) fn establish(code: &str) -> Value {
    json!({ "establish": { "code": code, "kind": "GRASSROOTS_COMMITTEE", "name": format!("Đảng bộ {code}"), "parent": unit("KHOI") } })
}

pub(crate) fn merge(units: &[&str], into: &str) -> Value {
    json!({ "merge": { "units": units.iter().map(|code| unit(code)).collect::<Vec<_>>(), "into": unit(into) } })
}

/// A world with the province, and the bloc's plan with these requirements.
pub(crate) async fn plan<'w>(world: &'w World, requirements: Vec<Value>) -> (Actor<'w>, Vec<String>) {
    let operator = world.operator().await;
    operator.establish(PROVINCE).await;
    let ids = issue(&world.user("soan", "DRAFTER", "KHOI").await, "81-KH/ĐUK", requirements).await;
    (operator, ids)
}

/// The bloc's plan to study, due on 30 December, of its direct children.
pub(crate) async fn study<'w>(world: &'w World) -> (Actor<'w>, String) {
    let (operator, ids) = plan(world, vec![requirement("Học tập", json!({}))]).await;
    (operator, ids[0].clone())
}

fn query() -> String {
    format!(
        "mutation($input: ReorganizeInput!) {{ reorganize(input: $input) {{ preview reorganization {{ id title effectiveOn status
            effects {{ {EFFECTS} }} changes {{ __typename }} }} userErrors {{ code message path rule }} }} }}"
    )
}

/// Tries a batch of a day.
pub(crate) async fn try_batch(actor: &Actor<'_>, on: &str, changes: Value, decisions: Value) -> Answer {
    let input = json!({ "title": "Sắp xếp", "effectiveOn": on, "changes": changes, "decisions": decisions });
    actor.ask(&query(), json!({ "input": input })).await
}

/// What differs between a preview and the real thing.
pub(crate) fn masked(mut payload: Value) -> Value {
    payload["preview"].take();
    payload["reorganization"]["id"].take();
    payload["reorganization"]["status"].take();
    for node in payload.pointer_mut("/reorganization/effects/obligations/nodes").and_then(Value::as_array_mut).into_iter().flatten() {
        node["obligation"].take();
    }
    payload
}

/// Looks at a batch and then carries it out, or plans it: both must tell the same, and the look must change nothing. Answers what happens to
/// obligations, a line each.
pub(crate) async fn batch(actor: &Actor<'_>, on: &str, changes: Value, decisions: Value) -> (Answer, Vec<String>) {
    let input = json!({ "title": "Sắp xếp", "effectiveOn": on, "changes": changes, "decisions": decisions, "preview": true });
    let before = ledger(actor, None).await;
    let preview = actor.data(&query(), json!({ "input": input })).await;
    assert_eq!(ledger(actor, None).await, before, "a preview writes nothing");
    let real = try_batch(actor, on, changes, decisions).await;
    real.expect_no_errors("reorganize");
    assert_eq!(masked(preview.at("/reorganize").clone()), masked(real.at("/reorganize").clone()));
    let lines = lines(real.at("/reorganize/reorganization/effects/obligations/nodes"));
    (real, lines)
}

fn codes(units: &Value, at: &str) -> String {
    let mut codes: Vec<&str> = units.as_array().unwrap().iter().map(|unit| unit.pointer(at).unwrap().as_str().unwrap()).collect();
    codes.sort_unstable();
    codes.join(", ")
}

/// What happens to obligations, a line each, by what happens and by unit.
fn lines(nodes: &Value) -> Vec<String> {
    let mut lines: Vec<String> = nodes.as_array().unwrap().iter().map(told).collect();
    lines.sort();
    lines
}

fn told(node: &Value) -> String {
    let mut line = format!("{} {}", node["happening"].as_str().unwrap(), node["unit"]["code"].as_str().unwrap());
    for (arrow, list, at) in [("<-", "predecessors", "/unit/code"), ("->", "successors", "/code")] {
        let codes = codes(&node[list], at);
        if !codes.is_empty() {
            line.push_str(&format!(" {arrow} {codes}"));
        }
    }
    format!("{line} {}: {}", node["dueOn"].as_str().unwrap_or("-"), node["reason"].as_str().unwrap())
}

/// All obligations, or those of a requirement, a line each: unit, state, date, the days of binding and closing, what it follows and what
/// follows it.
pub(crate) async fn ledger(actor: &Actor<'_>, requirement: Option<&str>) -> Vec<String> {
    let query =
        "query($filter: ObligationFilter!) { obligations(first: 100, filter: $filter) { nodes { unit { code } state dueOn boundOn closedOn
        predecessors { unit { code } successors { unit { code } } } successors { unit { code } predecessors { unit { code } } } } } }";
    let filter = requirement.map_or(json!({}), |id| json!({ "requirements": [id] }));
    let answer = actor.data(query, json!({ "filter": filter })).await;
    let line = |node: &Value| {
        let code = node["unit"]["code"].as_str().unwrap();
        for (there, back) in [("predecessors", "successors"), ("successors", "predecessors")] {
            for other in node[there].as_array().unwrap() {
                assert!(codes(&other[back], "/unit/code").split(", ").any(|known| known == code), "chains are read both ways (S5): {node}");
            }
        }
        let text = |field: &str| node[field].as_str().unwrap_or("-").to_owned();
        let mut line = format!("{code} {} {} {}..{}", text("state"), text("dueOn"), text("boundOn"), text("closedOn"));
        for (arrow, list) in [("<-", "predecessors"), ("->", "successors")] {
            let codes = codes(&node[list], "/unit/code");
            if !codes.is_empty() {
                line.push_str(&format!(" {arrow} {codes}"));
            }
        }
        line
    };
    let mut lines: Vec<String> = answer.at("/obligations/nodes").as_array().unwrap().iter().map(line).collect();
    lines.sort();
    lines
}

/// One field of the obligation of a unit.
pub(crate) async fn field(actor: &Actor<'_>, requirement: &str, code: &str, field: &str) -> Value {
    let query = format!("query($by: ObligationRef!) {{ obligation(by: $by) {{ {field} }} }}");
    actor.data(&query, json!({ "by": of(requirement, code) })).await.at("/obligation").clone()
}

/// The unit reports on its obligation today.
pub(crate) async fn reports(reporter: &Actor<'_>, requirement: &str, code: &str) {
    done(reporter, "submitReports", report(vec![of(requirement, code)], json!({}))).await;
}
