//! What the server tells of obligations and completions, against the model.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate as Day};
use serde_json::{Value, json};

use super::duties::{Duty, Key};
use super::owing::Owing;
use super::tree::Tree;

const OBLIGATIONS: &str = "query($after: String) { obligations(filter: {}, first: 100, after: $after) { pageInfo { hasNextPage endCursor }
    nodes { requirement { id } period state dueOn boundOn closedOn closingReason unit { code } reasons { rule predecessor { unit { code } } } successors { unit { code } } } } }";
const COUNTS: &str =
    "total counted onTime late openInTime overdue exempt released transferred lapsed units { bound complete behind ended }";

/// Which part of what counts at or below a unit.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Span {
    Own,
    Below,
    Subtree,
}

fn code(at: &Value) -> String {
    at["unit"]["code"].as_str().unwrap().to_owned()
}

/// What is told of an obligation, by requirement, period and unit.
fn obligation(node: &Value) -> ((String, String, String), Value) {
    let reason = |reason: &Value| match reason["predecessor"]["unit"]["code"].as_str() {
        Some(from) => format!("SUCCESSION {from}"),
        None => reason["rule"].as_str().unwrap().to_owned(),
    };
    let reasons: BTreeSet<String> = node["reasons"].as_array().unwrap().iter().map(reason).collect();
    let successors: BTreeSet<String> = node["successors"].as_array().unwrap().iter().map(code).collect();
    let why = if node["state"] == "RELEASED" { node["closingReason"].clone() } else { Value::Null };
    let told = json!({ "state": node["state"], "due": node["dueOn"], "bound": node["boundOn"], "closed": node["closedOn"], "why": why, "reasons": reasons, "successors": successors });
    let period = node["period"].as_str().unwrap_or_default().to_owned();
    ((node["requirement"]["id"].as_str().unwrap().to_owned(), period, code(node)), told)
}

/// How many units have done what (C6): active ones, but for those that have ended.
fn units(set: &[(&Key, &Duty)], tree: &Tree, on: Day) -> Value {
    let mut of: BTreeMap<&str, Vec<&Duty>> = BTreeMap::new();
    set.iter().for_each(|((_, unit), duty)| of.entry(unit).or_default().push(duty));
    let (mut bound, mut complete, mut behind, mut ended) = (0, 0, 0, 0);
    for (unit, duties) in of {
        let counted: Vec<&&Duty> = duties.iter().filter(|duty| !["EXEMPT", "RELEASED", "TRANSFERRED"].contains(&duty.state)).collect();
        if !tree.active.contains_key(unit) {
            ended += 1;
            continue;
        }
        bound += usize::from(!counted.is_empty());
        complete += usize::from(!counted.is_empty() && counted.iter().all(|duty| duty.state == "FULFILLED"));
        behind += usize::from(duties.iter().any(|duty| duty.is_overdue(on)));
    }
    json!({ "bound": bound, "complete": complete, "behind": behind, "ended": ended })
}

/// Everything that stands at or below a unit, or a part of that; ended units at their places (C1, C3, C5).
pub(super) fn tally(all: &BTreeMap<Key, Duty>, tree: &Tree, (top, span): (&str, Span), on: Day) -> Value {
    let here = |unit: &str| tree.standing(unit).is_some_and(|place| tree.is_under(&place, top));
    let within = |unit: &str| span == Span::Subtree || (unit == top) == (span == Span::Own);
    let owed: Vec<(&Key, &Duty)> = all.iter().filter(|((_, unit), _)| here(unit) && within(unit)).collect();
    let set: Vec<&Duty> = owed.iter().map(|(_, duty)| *duty).collect();
    let count = |wanted: &dyn Fn(&Duty) -> bool| set.iter().filter(|duty| wanted(duty)).count();
    let is = |state: &'static str| count(&|duty| duty.state == state);
    let overdue = count(&|duty| duty.is_overdue(on)) + is("LAPSED");
    json!({
        "total": set.len(),
        "counted": set.len() - is("EXEMPT") - is("RELEASED") - is("TRANSFERRED"),
        "onTime": count(&|duty| duty.state == "FULFILLED" && !duty.is_late()),
        "late": count(&Duty::is_late),
        "openInTime": count(&|duty| duty.is_open() && !duty.is_overdue(on)),
        "overdue": overdue,
        "exempt": is("EXEMPT"),
        "released": is("RELEASED"),
        "transferred": is("TRANSFERRED"),
        "lapsed": is("LAPSED"),
        "units": units(&owed, tree, on),
    })
}

impl Owing<'_> {
    pub(super) async fn compare(&mut self) {
        let today = self.run.today;
        let (mut told, mut after) = (BTreeMap::new(), Value::Null);
        loop {
            let page = self.run.operator.data(OBLIGATIONS, json!({ "after": after })).await;
            told.extend(page.at("/obligations/nodes").as_array().unwrap().iter().map(obligation));
            after = page.at("/obligations/pageInfo/endCursor").clone();
            if page.at("/obligations/pageInfo/hasNextPage") == false {
                break;
            }
        }
        for (key, duty) in &self.duties.all {
            let requirement = &self.duties.requirements[key.0];
            let told = told.remove(&(requirement.id.clone(), requirement.period.clone(), key.1.clone()));
            assert_eq!(told, Some(self.wanted(key, duty)), "{key:?} of {requirement:?}, today is {today}");
        }
        assert!(told.is_empty(), "nobody owes {told:#?}");
        let counts = format!("{{ now: orgUnits(first: 100) {{ nodes {{ code completion {{ {COUNTS} }} }} }} }}");
        let answer = self.run.operator.data(&counts, json!({})).await;
        let tree = self.run.course.tree(today);
        compare(answer.at("/now/nodes"), (&self.duties.all, Span::Subtree), &tree, today);
        for (name, span) in [("OWN", Span::Own), ("BELOW", Span::Below)] {
            let counts = format!("{{ orgUnits(first: 100) {{ nodes {{ code completion(span: {name}) {{ {COUNTS} }} }} }} }}");
            let answer = self.run.operator.data(&counts, json!({})).await;
            compare(answer.at("/orgUnits/nodes"), (&self.duties.all, span), &tree, today);
        }
        self.compare_a_past_day().await;
        self.compare_timelines().await;
        self.compare_breakdowns().await;
        self.run.compare().await;
    }

    fn wanted(&self, key: &Key, duty: &Duty) -> Value {
        let date = |day: Option<Day>| day.map(|day| day.to_string());
        let why = duty.closed.as_ref().filter(|_| duty.state == "RELEASED").map(|closed| &closed.why);
        let successors: BTreeSet<String> = self.duties.after(key).into_iter().map(|(_, unit)| unit).collect();
        json!({ "state": duty.state, "due": date(duty.due), "bound": duty.bound_on.to_string(), "closed": date(duty.closed_on), "why": why, "reasons": duty.reasons(), "successors": successors })
    }

    /// What is answered of a day that has passed: on today's tree and on that day's, as it is known now (C7).
    async fn compare_a_past_day(&mut self) {
        let day = self.run.today - Days::new(1 + self.run.dice.below(30) as u64);
        let Some(owed) = self.past.get(&day) else { return };
        let on = format!("on: \"{day}\"");
        let query = format!(
            "{{ today: orgUnits(first: 100) {{ nodes {{ code completion({on}) {{ {COUNTS} }} }} }}
                then: orgUnits(first: 100, asOf: \"{day}\") {{ nodes {{ code completion({on}, structure: THEN) {{ {COUNTS} }} }} }} }}"
        );
        let answer = self.run.operator.data(&query, json!({})).await;
        compare(answer.at("/today/nodes"), (owed, Span::Subtree), &self.run.course.tree(self.run.today), day);
        compare(answer.at("/then/nodes"), (owed, Span::Subtree), &self.run.course.tree(day), day);
    }
}

fn compare(nodes: &Value, (all, span): (&BTreeMap<Key, Duty>, Span), tree: &Tree, on: Day) {
    for node in nodes.as_array().unwrap() {
        let unit = node["code"].as_str().unwrap();
        assert_eq!(node["completion"], tally(all, tree, (unit, span), on), "the completion of {unit} on {on}");
    }
}
