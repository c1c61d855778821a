//! What a batch tells of itself (O5), against what the model's state is before and after it.

use std::collections::BTreeSet;

use chrono::NaiveDate as Day;
use serde_json::{Value, json};

use super::duties::{Duties, Duty, Key, Requirement};
use super::tree::Tree;

/// What a requirement is called.
pub(super) fn title(number: usize) -> String {
    format!("Học tập {number}")
}

/// How many units are not as they were.
pub(super) fn touched(without: &Tree, with: &Tree) -> usize {
    let all: BTreeSet<&String> = without.active.keys().chain(with.active.keys()).collect();
    all.into_iter().filter(|unit| without.active.get(*unit) != with.active.get(*unit)).count()
}

/// Which happening, of what.
type Of<'a> = (&'a str, &'a Requirement, &'a str);

fn line((happening, of, unit): Of<'_>, (state, due): (&str, Option<Day>), from: BTreeSet<String>, to: BTreeSet<String>) -> Value {
    let period = Some(&of.period).filter(|period| !period.is_empty());
    json!([happening, title(of.number), period, unit, state, due.map(|due| due.to_string()), from, to])
}

/// What differs, duty by duty: a line for each thing that happened.
fn happened(before: &Duties, after: &Duties, batch: usize) -> Vec<Value> {
    let mut lines = Vec::new();
    let from = |duty: &Duty| duty.links.iter().filter(|(_, by)| *by == batch).map(|(from, _)| from.clone()).collect::<BTreeSet<_>>();
    for (key, is) in &after.all {
        let nobody = BTreeSet::new;
        let of = |happening| (happening, &after.requirements[key.0], key.1.as_str());
        let Some(was) = before.all.get(key) else {
            lines.push(line(of("CREATED"), (is.state, is.due), from(is), nobody()));
            continue;
        };
        let then = (was.state, was.due);
        if was.is_open() && is.state == "TRANSFERRED" {
            let to = |(other, duty): &(&Key, &Duty)| other.0 == key.0 && duty.links.contains(&(key.1.clone(), batch));
            let to = after.all.iter().filter(to).map(|((_, unit), _)| unit.clone()).collect();
            lines.push(line(of("TRANSFERRED"), (is.state, was.due), nobody(), to));
        }
        if was.is_open() && is.state == "RELEASED" {
            lines.push(line(of("RELEASED"), (is.state, was.due), nobody(), nobody()));
        }
        if is.is_kept && !was.is_kept && was.is_open() {
            lines.push(line(of("KEPT"), then, nobody(), nobody()));
        }
        if !was.is_open() && is.is_open() {
            lines.push(line(of("BOUND_AGAIN"), (is.state, is.due), from(is), nobody()));
        } else if !from(is).is_empty() {
            lines.push(line(of("LINKED"), (was.state, is.due), from(is), nobody()));
        }
    }
    lines
}

fn told(node: &Value) -> Value {
    let codes = |list: &str, at: &str| -> BTreeSet<String> {
        node[list].as_array().unwrap().iter().map(|one| one.pointer(at).unwrap().as_str().unwrap().to_owned()).collect()
    };
    let (from, to) = (codes("predecessors", "/unit/code"), codes("successors", "/code"));
    json!([node["happening"], node["requirement"]["title"], node["period"], node["unit"]["code"], node["state"], node["dueOn"], from, to])
}

/// The effects that a batch tells are what happened.
pub(super) fn compare_effects(effects: &Value, before: &Duties, after: &Duties, batch: usize) {
    let mut wanted = happened(before, after, batch);
    let count = |happening: &str| wanted.iter().filter(|line| line[0] == happening).count();
    for (field, happening) in
        [("obligationsTransferred", "TRANSFERRED"), ("obligationsReleased", "RELEASED"), ("obligationsCreated", "CREATED")]
    {
        assert_eq!(effects[field], count(happening), "{field} of batch {batch}: {wanted:#?}");
    }
    assert_eq!(effects["obligations"]["totalCount"], wanted.len(), "batch {batch}: {wanted:#?}");
    let mut told: Vec<Value> = effects["obligations"]["nodes"].as_array().unwrap().iter().map(told).collect();
    if told.len() == wanted.len() {
        told.sort_by_key(Value::to_string);
        wanted.sort_by_key(Value::to_string);
        assert_eq!(told, wanted, "what batch {batch} did");
    }
}
