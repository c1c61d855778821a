//! What recurs: its periods open by the clock, each once, on the tree of its day (B7).

use chidao::command::{Happened, Outcome};
use serde_json::{Value, json};

use crate::harness::{Actor, World};
use crate::heirs::PROVINCE;
use crate::obligations::issue;

mod calendar;
mod input;
mod trees;

/// A report of the bloc's direct children, due five days after each month, with changes.
fn monthly(changes: Value) -> Value {
    let mut requirement = json!({ "kind": "REPORT", "title": "Báo cáo tháng", "recurrence": "MONTHLY", "dueDaysAfterPeriod": 5,
        "scope": { "reach": "CHILDREN" } });
    for (field, value) in changes.as_object().unwrap() {
        requirement[field] = value.clone();
    }
    requirement
}

/// The operator, the bloc's drafter, and the only requirement of a plan of the bloc that is issued today.
async fn recurring<'w>(world: &'w World, changes: Value) -> (Actor<'w>, Actor<'w>, String) {
    let operator = world.operator().await;
    operator.establish(PROVINCE).await;
    let drafter = world.user("soan", "DRAFTER", "KHOI").await;
    let [id] = issue(&drafter, "81-KH/ĐUK", vec![monthly(changes)]).await.try_into().unwrap();
    (operator, drafter, id)
}

/// What units owe of a requirement, a line each by period and unit: period, unit, state, last day, the day of binding, the rules.
async fn owed(actor: &Actor<'_>, requirement: &str) -> Vec<String> {
    let query = "query($filter: ObligationFilter!) { obligations(first: 100, filter: $filter) {
        nodes { period unit { code } state dueOn boundOn reasons { rule } } } }";
    let answer = actor.data(query, json!({ "filter": { "requirements": [requirement] } })).await;
    let line = |node: &Value| {
        let rules: Vec<&str> = node["reasons"].as_array().unwrap().iter().map(|reason| reason["rule"].as_str().unwrap()).collect();
        let text = |field: &str| node[field].as_str().unwrap_or("-").to_owned();
        let unit = node["unit"]["code"].as_str().unwrap();
        format!("{} {unit} {} {} {} {}", text("period"), text("state"), text("dueOn"), text("boundOn"), rules.join(","))
    };
    let mut lines: Vec<String> = answer.at("/obligations/nodes").as_array().unwrap().iter().map(line).collect();
    lines.sort();
    lines
}

/// Of which units each period is owed, in whatever state.
async fn bound(actor: &Actor<'_>, requirement: &str) -> Vec<String> {
    let mut periods: Vec<(String, Vec<String>)> = Vec::new();
    for line in owed(actor, requirement).await {
        let mut words = line.split(' ').map(str::to_owned);
        let (period, unit) = (words.next().unwrap(), words.next().unwrap());
        match periods.last_mut() {
            Some((last, units)) if *last == period => units.push(unit),
            _ => periods.push((period, vec![unit])),
        }
    }
    periods.into_iter().map(|(period, units)| format!("{period}: {}", units.join(" "))).collect()
}

/// What the calendar did, a line each.
fn told(happened: &[Happened]) -> Vec<String> {
    let line = |some: &Happened| match &some.outcome {
        Outcome::Opened { requirement, period, bound } => format!("{} {requirement} {period} {bound}", some.on),
        Outcome::Enacted | Outcome::Cancelled { .. } => format!("{} {}", some.on, some.title),
    };
    happened.iter().map(line).collect()
}

/// Points at the obligation of a unit in a period.
fn in_period(requirement: &str, unit: &str, period: &str) -> Value {
    json!({ "of": { "requirement": requirement, "unit": { "code": unit }, "period": period } })
}

/// A field of such an obligation.
async fn field(actor: &Actor<'_>, by: Value, field: &str) -> Value {
    let query = format!("query($by: ObligationRef!) {{ obligation(by: $by) {{ {field} }} }}");
    actor.data(&query, json!({ "by": by })).await.at("/obligation").clone()
}
