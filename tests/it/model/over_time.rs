//! Timelines and breakdowns, against the model: every point of every unit is the tally of its day (C8), every part what is of it (C10).

use std::collections::BTreeMap;

use chidao_domain::completion::TimeStep;
use chrono::{Days, NaiveDate as Day};
use serde_json::{Value, json};

use super::duties::{Duty, Key};
use super::owing::Owing;
use super::told::{Span, tally};

const PART: &str = "total counted onTime late openInTime overdue exempt released transferred lapsed units { bound complete behind ended }";

impl Owing<'_> {
    /// What was owed at the end of a day; before anything was issued, nothing.
    fn owed_on(&self, day: Day) -> BTreeMap<Key, Duty> {
        if day == self.run.today { self.duties.all.clone() } else { self.past.get(&day).cloned().unwrap_or_default() }
    }

    /// The timelines of all units, on today's tree and on those of their days.
    pub(super) async fn compare_timelines(&mut self) {
        let today = self.run.today;
        let (step, name, longest) =
            [(TimeStep::Day, "DAY", 9), (TimeStep::Week, "WEEK", 60), (TimeStep::Month, "MONTH", 90)][self.run.dice.below(3)];
        let to = today + Days::new(5) - Days::new(self.run.dice.below(20) as u64);
        let from = to.min(today) - Days::new(self.run.dice.below(longest) as u64);
        let points: Vec<Day> = step.points(from, to.min(today)).collect();
        let timeline = format!("timeline(from: \"{from}\", to: \"{to}\", step: {name}) {{ on bound fulfilled overdue }}");
        let query = format!(
            "{{ orgUnits(first: 40) {{ nodes {{ code now: completion {{ {timeline} }} then: completion(structure: THEN) {{ {timeline} }} }} }} }}"
        );
        let answer = self.run.operator.data(&query, json!({})).await;
        let tree = self.run.course.tree(today);
        for (at, day) in points.iter().enumerate() {
            let (owed, then) = (self.owed_on(*day), self.run.course.tree(*day));
            for node in answer.at("/orgUnits/nodes").as_array().unwrap() {
                let unit = node["code"].as_str().unwrap();
                for (structure, tree) in [("now", &tree), ("then", &then)] {
                    // What a unit had that was not there on that day is nobody's to say.
                    if tree.active.contains_key(unit) {
                        let told = &node[structure]["timeline"];
                        assert_eq!(told.as_array().map(Vec::len), Some(points.len()), "{told}");
                        let wanted = tally(&owed, tree, (unit, Span::Subtree), *day);
                        let fulfilled = wanted["onTime"].as_u64().unwrap() + wanted["late"].as_u64().unwrap();
                        let point = json!({ "on": day.to_string(), "bound": wanted["counted"], "fulfilled": fulfilled, "overdue": wanted["overdue"] });
                        assert_eq!(told[at], point, "{unit} on {day} by {name}, {structure}; today is {today}");
                    }
                }
            }
        }
    }

    /// What every unit's completion is made of, by month, by directive and by requirement.
    pub(super) async fn compare_breakdowns(&self) {
        let today = self.run.today;
        let tree = self.run.course.tree(today);
        for (by, first) in [("DUE_MONTH", 7), ("DIRECTIVE", 6), ("REQUIREMENT", 6)] {
            let list = if by == "DUE_MONTH" { "list: obligations(first: 1) { totalCount }" } else { "" };
            let query = format!(
                "{{ orgUnits(first: 30) {{ nodes {{ code completion {{ breakdown(by: {by}, first: {first}) {{ totalCount nodes {{ key completion {{ {PART} {list} }} }} }} }} }} }} }}"
            );
            let answer = self.run.operator.data(&query, json!({})).await;
            for node in answer.at("/orgUnits/nodes").as_array().unwrap() {
                let unit = node["code"].as_str().unwrap();
                let mut parts: BTreeMap<String, BTreeMap<Key, Duty>> = BTreeMap::new();
                for (key, duty) in &self.duties.all {
                    let requirement = &self.duties.requirements[key.0];
                    let part = match by {
                        "DUE_MONTH" => duty.due.map_or_else(|| "NONE".into(), |due| due.format("%Y-%m").to_string()),
                        "DIRECTIVE" => requirement.directive.clone(),
                        _ => requirement.id.clone(),
                    };
                    parts.entry(part).or_default().insert(key.clone(), duty.clone());
                }
                let mut wanted: BTreeMap<String, Value> =
                    parts.into_iter().map(|(part, owed)| (part, tally(&owed, &tree, (unit, Span::Subtree), today))).collect();
                wanted.retain(|_, tally| tally["total"] != 0);
                let told = &node["completion"]["breakdown"];
                assert_eq!(told["totalCount"], wanted.len(), "the parts of {unit} by {by}");
                for part in told["nodes"].as_array().unwrap() {
                    let mut completion = part["completion"].clone();
                    let list = completion.as_object_mut().unwrap().remove("list");
                    assert_eq!(Some(&completion), wanted.get(part["key"].as_str().unwrap()), "{} of {unit} by {by}", part["key"]);
                    assert!(list.is_none_or(|list| list["totalCount"] == completion["total"]), "the list behind {} of {unit}", part["key"]);
                }
            }
        }
    }
}
