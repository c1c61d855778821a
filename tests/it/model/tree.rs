//! Section 2 once more, plainly: a tree is a map of codes, and a day's tree is every batch done over again.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate as Day;

/// A unit of the model.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unit {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) parent: Option<String>,
}

/// A unit that has ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ended {
    pub(super) unit: Unit,
    pub(super) on: Day,
    pub(super) heirs: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tree {
    pub(super) active: BTreeMap<String, Unit>,
    pub(super) ended: BTreeMap<String, Ended>,
}

/// One change, by codes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Op {
    Establish {
        code: String,
        kind: String,
        parent: Option<String>,
    },
    Rename {
        unit: String,
        name: String,
    },
    Move {
        unit: String,
        parent: Option<String>,
    },
    ChangeKind {
        unit: String,
        kind: String,
    },
    Merge {
        units: Vec<String>,
        into: String,
    },
    Split {
        unit: String,
        parts: Vec<(String, Vec<String>)>,
    },
    Dissolve {
        unit: String,
        heir: Option<String>,
        children_to: Option<String>,
    },
    Reopen {
        unit: String,
        parent: Option<String>,
    },
    /// An annulment only: a unit is again what it was when it had ended.
    EndAgain {
        unit: String,
        was: Box<Ended>,
    },
}

/// Who takes over from whom by a batch, in its order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ending {
    pub(super) unit: String,
    pub(super) heirs: Vec<String>,
    pub(super) stays: bool,
}

/// How a batch is judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Judged {
    /// Somebody asks for it.
    Asked,
    /// It was recorded before: what has become true is no fault.
    Again,
    /// It takes back: whatever was permitted once may come back.
    Back,
}

/// The rows of O1 that the model's kinds need; districts end, communes begin.
fn may_stand(kind: &str, parent: Option<&str>, day: Day) -> bool {
    let reform: Day = "2025-07-01".parse().unwrap();
    match (kind, parent) {
        ("PROVINCIAL", None) => true,
        ("BLOC", Some("PROVINCIAL")) => true,
        ("DISTRICT", Some("PROVINCIAL")) => day < reform,
        ("COMMUNE", Some("PROVINCIAL")) => day >= reform,
        ("GRASSROOTS_COMMITTEE" | "GRASSROOTS_CELL", Some("PROVINCIAL" | "BLOC" | "DISTRICT" | "COMMUNE")) => true,
        ("CELL", Some("GRASSROOTS_COMMITTEE")) => true,
        _ => false,
    }
}

impl Tree {
    pub(super) fn children(&self, unit: &str) -> Vec<String> {
        self.active.iter().filter(|(_, child)| child.parent.as_deref() == Some(unit)).map(|(code, _)| code.clone()).collect()
    }

    /// Whether `unit` is `top` or stands below it; both are active.
    pub(super) fn is_under(&self, unit: &str, top: &str) -> bool {
        let mut at = Some(unit.to_owned());
        while let Some(code) = at {
            if code == top {
                return self.active.contains_key(top);
            }
            at = self.active.get(&code).and_then(|unit| unit.parent.clone());
        }
        false
    }

    /// Where a unit counts (C5).
    pub(super) fn standing(&self, unit: &str) -> Option<String> {
        let (mut at, mut seen) = (unit.to_owned(), BTreeSet::new());
        while !self.active.contains_key(&at) {
            let ended = self.ended.get(&at).filter(|_| seen.insert(at.clone()))?;
            at = if ended.heirs.len() == 1 { ended.heirs[0].clone() } else { ended.unit.parent.clone()? };
        }
        Some(at)
    }

    /// A batch done on a copy; nothing where something stands in its way.
    pub(super) fn after(&self, ops: &[Op], day: Day, judged: Judged) -> Option<(Tree, Vec<Ending>)> {
        let mut doing =
            Doing { before: self, tree: self.clone(), day, judged, new: BTreeSet::new(), endings: Vec::new(), again: BTreeMap::new() };
        for op in ops {
            doing.act(op)?;
        }
        doing.finish()
    }
}

struct Doing<'a> {
    before: &'a Tree,
    tree: Tree,
    day: Day,
    judged: Judged,
    new: BTreeSet<String>,
    endings: Vec<Ending>,
    again: BTreeMap<String, Ended>,
}

impl Doing<'_> {
    fn has(&self, unit: &str) -> Option<()> {
        self.tree.active.contains_key(unit).then_some(())
    }

    fn put(&mut self, unit: &str, parent: Option<&str>) -> Option<()> {
        if parent.is_some_and(|parent| self.tree.is_under(parent, unit)) {
            return None;
        }
        self.tree.active.get_mut(unit)?.parent = parent.map(str::to_owned);
        Some(())
    }

    /// Ends a unit whose children go to `to`; what takes them or takes over may not stand below it.
    fn end(&mut self, unit: &str, to: Option<&str>, leaving: &[String]) -> Option<()> {
        if self.new.contains(unit) || !self.before.active.contains_key(unit) {
            return None;
        }
        for child in self.tree.children(unit) {
            if !leaving.contains(&child) {
                self.put(&child, Some(to?))?;
            }
        }
        self.tree.active.remove(unit);
        Some(())
    }

    fn is_below(&self, unit: &str, top: &str) -> bool {
        unit != top && self.tree.is_under(unit, top)
    }

    fn act(&mut self, op: &Op) -> Option<()> {
        match op {
            Op::Establish { code, kind, parent } => {
                if self.tree.active.contains_key(code) || self.before.ended.contains_key(code) || self.before.active.contains_key(code) {
                    return None;
                }
                if let Some(parent) = parent {
                    self.has(parent)?;
                }
                let unit = Unit { kind: kind.clone(), name: code.clone(), parent: parent.clone() };
                self.tree.active.insert(code.clone(), unit);
                self.new.insert(code.clone());
            }
            Op::Rename { unit, name } => {
                let unit = self.tree.active.get_mut(unit)?;
                if self.judged == Judged::Asked && unit.name == *name {
                    return None;
                }
                unit.name = name.clone();
            }
            Op::Move { unit, parent } => {
                self.has(unit)?;
                if let Some(parent) = parent {
                    self.has(parent)?;
                }
                if self.judged == Judged::Asked && self.tree.active[unit].parent == *parent {
                    return None;
                }
                self.put(unit, parent.as_deref())?;
            }
            Op::ChangeKind { unit, kind } => {
                let unit = self.tree.active.get_mut(unit)?;
                if self.judged == Judged::Asked && unit.kind == *kind {
                    return None;
                }
                unit.kind = kind.clone();
            }
            Op::Merge { units, into } => self.merge(units, into)?,
            Op::Split { unit, parts } => self.split(unit, parts)?,
            Op::Dissolve { unit, heir, children_to } => self.dissolve(unit, heir.as_ref(), children_to.as_ref())?,
            Op::Reopen { unit, parent } => self.reopen(unit, parent.as_ref())?,
            Op::EndAgain { unit, was } => {
                self.has(unit)?;
                self.end(unit, None, &[])?;
                self.endings.push(Ending { unit: unit.clone(), heirs: Vec::new(), stays: false });
                self.again.insert(unit.clone(), (**was).clone());
            }
        }
        Some(())
    }

    fn merge(&mut self, units: &[String], into: &String) -> Option<()> {
        self.has(into)?;
        let distinct: BTreeSet<&String> = units.iter().collect();
        let ending: Vec<String> = units.iter().filter(|unit| *unit != into).cloned().collect();
        if distinct.len() < units.len() || ending.is_empty() || ending.iter().any(|unit| self.is_below(into, unit)) {
            return None;
        }
        for unit in &ending {
            self.has(unit)?;
        }
        for unit in &ending {
            self.end(unit, Some(into), &ending)?;
            self.endings.push(Ending { unit: unit.clone(), heirs: vec![into.clone()], stays: false });
        }
        Some(())
    }

    fn split(&mut self, unit: &String, parts: &[(String, Vec<String>)]) -> Option<()> {
        self.has(unit)?;
        let targets: BTreeSet<&String> = parts.iter().map(|(into, _)| into).collect();
        if parts.len() < 2 || targets.len() < parts.len() {
            return None;
        }
        let (below, mut placed) = (self.tree.children(unit), BTreeSet::new());
        for (into, children) in parts {
            self.has(into)?;
            if children.iter().any(|child| !below.contains(child) || !placed.insert(child.clone())) {
                return None;
            }
        }
        for (into, children) in parts.iter().filter(|(into, _)| into != unit) {
            for child in children {
                self.put(child, Some(into))?;
            }
        }
        let stays = targets.contains(unit);
        if !stays {
            self.end(unit, None, &[])?;
        }
        let heirs = parts.iter().map(|(into, _)| into.clone()).filter(|into| into != unit).collect();
        self.endings.push(Ending { unit: unit.clone(), heirs, stays });
        Some(())
    }

    fn dissolve(&mut self, unit: &String, heir: Option<&String>, children_to: Option<&String>) -> Option<()> {
        self.has(unit)?;
        for other in heir.into_iter().chain(children_to) {
            self.has(other)?;
            if other == unit {
                return None;
            }
        }
        let receives = children_to.or(heir);
        if receives.is_some_and(|other| self.is_below(other, unit)) {
            return None;
        }
        self.end(unit, receives.map(String::as_str), &[])?;
        self.endings.push(Ending { unit: unit.clone(), heirs: heir.into_iter().cloned().collect(), stays: false });
        Some(())
    }

    fn reopen(&mut self, unit: &String, parent: Option<&String>) -> Option<()> {
        if self.tree.active.contains_key(unit) {
            return None;
        }
        let ended = self.before.ended.get(unit)?.clone();
        let last = if self.judged == Judged::Back { None } else { ended.unit.parent.clone() };
        let parent = parent.cloned().or(last);
        if let Some(parent) = &parent {
            self.has(parent)?;
        }
        self.tree.active.insert(unit.clone(), Unit { parent, ..ended.unit });
        Some(())
    }

    fn finish(mut self) -> Option<(Tree, Vec<Ending>)> {
        if self.judged != Judged::Back {
            for (code, unit) in &self.tree.active {
                let above = |tree: &Tree, unit: &Unit| unit.parent.as_ref().map(|parent| tree.active[parent].kind.clone());
                let before = self.before.active.get(code);
                let is_old = before.is_some_and(|before| {
                    before.kind == unit.kind && before.parent == unit.parent && above(self.before, before) == above(&self.tree, unit)
                });
                if !is_old && !may_stand(&unit.kind, above(&self.tree, unit).as_deref(), self.day) {
                    return None;
                }
            }
        }
        // Who took over lives on, or leaves an heir too.
        for ending in &self.endings {
            for heir in &ending.heirs {
                let end = self.endings.iter().find(|other| other.unit == *heir && !other.stays);
                if end.is_some_and(|end| end.heirs.is_empty()) {
                    return None;
                }
            }
        }
        for (code, unit) in &self.before.active {
            if !self.tree.active.contains_key(code) {
                let heirs = self.endings.iter().rfind(|ending| ending.unit == *code).map(|ending| ending.heirs.clone()).unwrap_or_default();
                let ended = Ended { unit: unit.clone(), on: self.day, heirs };
                self.tree.ended.insert(code.clone(), self.again.remove(code).map_or(ended, |was| Ended { on: self.day, ..was }));
            }
        }
        let active: Vec<String> = self.tree.active.keys().cloned().collect();
        for code in active {
            self.tree.ended.remove(&code);
        }
        Some((self.tree, self.endings))
    }
}
