//! Batches that somebody might ask for, and how they ask.

use chrono::NaiveDate as Day;
use serde_json::{Value, json};

use super::tree::{Judged, Op, Tree};
use super::{Run, SECOND};

impl Run<'_> {
    /// A code, mostly of a unit that stands on the day.
    pub(super) fn unit(&mut self, tree: &Tree) -> String {
        let all: Vec<String> = if self.dice.once_in(12) {
            tree.ended.keys().cloned().chain(["KHONG-CO".to_owned()]).collect()
        } else {
            tree.active.keys().filter(|code| *code != "TINH").cloned().collect()
        };
        self.dice.pick(&all).cloned().unwrap_or_else(|| "TINH".into())
    }

    fn place(&mut self, tree: &Tree) -> String {
        let places = ["PROVINCIAL", "BLOC", "DISTRICT", "COMMUNE", "GRASSROOTS_COMMITTEE"];
        let fit: Vec<String> = tree.active.iter().filter(|(_, unit)| places.contains(&&*unit.kind)).map(|(code, _)| code.clone()).collect();
        self.dice.pick(&fit).cloned().unwrap_or_else(|| "TINH".into())
    }

    /// A root that issues directives ends into an heir, or stays among its parts (C5).
    fn op(&mut self, tree: &Tree) -> Op {
        let into_first = || Op::Merge { units: vec![SECOND.into()], into: "TINH".into() };
        let is_root = tree.active.get(SECOND).is_some_and(|unit| unit.parent.is_none());
        if self.dice.once_in(40) && is_root {
            return into_first();
        }
        match self.any_op(tree) {
            Op::Dissolve { unit, heir: None, .. } if unit == SECOND && is_root => into_first(),
            Op::Split { unit, mut parts } if unit == SECOND && is_root => {
                parts[0].0 = SECOND.into();
                Op::Split { unit, parts }
            }
            op => op,
        }
    }

    fn any_op(&mut self, tree: &Tree) -> Op {
        let kinds = ["GRASSROOTS_CELL", "GRASSROOTS_COMMITTEE", "CELL", "BLOC", "COMMUNE"];
        match self.dice.below(18) {
            0..=2 => {
                self.made += 1;
                let parent = self.place(tree);
                let kind = match tree.active.get(&parent).map(|unit| &*unit.kind) {
                    Some("GRASSROOTS_COMMITTEE") => "CELL",
                    Some("PROVINCIAL") => "BLOC",
                    _ => kinds[self.dice.below(2)],
                };
                let code = if self.dice.once_in(15) { self.unit(tree) } else { format!("N{}", self.made) };
                Op::Establish { code, kind: kind.into(), parent: Some(parent) }
            }
            3 | 4 => Op::Rename { unit: self.unit(tree), name: format!("ten {}", self.dice.below(4)) },
            5..=7 => Op::Move { unit: self.unit(tree), parent: Some(self.place(tree)) },
            8 | 9 => Op::ChangeKind { unit: self.unit(tree), kind: (*self.dice.pick(&kinds).unwrap()).into() },
            10 | 11 => {
                let units = (0..1 + self.dice.below(3)).map(|_| self.unit(tree)).collect();
                Op::Merge { units, into: self.unit(tree) }
            }
            12 => {
                let unit = self.unit(tree);
                let count = 2 + self.dice.below(2);
                let mut parts: Vec<(String, Vec<String>)> = (0..count).map(|_| (self.unit(tree), Vec::new())).collect();
                if self.dice.once_in(2) {
                    parts[0].0 = unit.clone();
                }
                for child in tree.children(&unit) {
                    let at = self.dice.below(count);
                    parts[at].1.push(child);
                }
                Op::Split { unit, parts }
            }
            13 | 14 => {
                let (heir, children_to) = (self.dice.once_in(2).then(|| self.unit(tree)), self.dice.once_in(2).then(|| self.unit(tree)));
                Op::Dissolve { unit: self.unit(tree), heir, children_to }
            }
            _ => {
                let ended: Vec<String> = tree.ended.keys().cloned().collect();
                let unit = self.dice.pick(&ended).cloned().unwrap_or_else(|| "C".into());
                Op::Reopen { unit, parent: self.dice.once_in(2).then(|| self.place(tree)) }
            }
        }
    }

    /// A batch that mostly fits: a change that stands in the way is left out, but for one in some.
    pub(super) fn ops(&mut self, day: Day) -> Vec<Op> {
        let tree = self.course.tree(day);
        let mut ops: Vec<Op> = Vec::new();
        for _ in 0..1 + self.dice.below(4) {
            let now = tree.after(&ops, day, Judged::Asked).map_or(tree.clone(), |(tree, _)| tree);
            let op = self.op(&now);
            let wanted: Vec<Op> = ops.iter().cloned().chain([op]).collect();
            if tree.after(&wanted, day, Judged::Asked).is_some() || self.dice.once_in(12) {
                ops = wanted;
            }
        }
        if ops.is_empty() { vec![Op::Rename { unit: "TINH".into(), name: format!("ten {}", self.dice.below(9)) }] } else { ops }
    }
}

pub(super) fn change(op: &Op) -> Value {
    let unit = |code: &String| json!({ "code": code });
    let maybe = |code: &Option<String>| code.as_ref().map(unit);
    match op {
        Op::Establish { code, kind, parent } => {
            json!({ "establish": { "code": code, "kind": kind, "name": code, "parent": maybe(parent) } })
        }
        Op::Rename { unit: of, name } => json!({ "revise": { "unit": unit(of), "name": name } }),
        Op::Move { unit: of, parent } => json!({ "move": { "unit": unit(of), "parent": maybe(parent) } }),
        Op::ChangeKind { unit: of, kind } => json!({ "changeKind": { "unit": unit(of), "kind": kind } }),
        Op::Merge { units, into } => json!({ "merge": { "units": units.iter().map(unit).collect::<Vec<_>>(), "into": unit(into) } }),
        Op::Split { unit: of, parts } => {
            let parts: Vec<Value> = parts
                .iter()
                .map(|(into, children)| json!({ "into": unit(into), "children": children.iter().map(unit).collect::<Vec<_>>() }))
                .collect();
            json!({ "split": { "unit": unit(of), "into": parts } })
        }
        Op::Dissolve { unit: of, heir, children_to } => {
            json!({ "dissolve": { "unit": unit(of), "heir": maybe(heir), "childrenTo": maybe(children_to) } })
        }
        Op::Reopen { unit: of, parent } => json!({ "reopen": { "unit": unit(of), "parent": maybe(parent) } }),
        Op::EndAgain { .. } => unreachable!("nobody asks for it"),
    }
}
