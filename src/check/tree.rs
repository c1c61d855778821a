//! On every day on which something changes, the active units form a forest (O3).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chidao_domain::day::Day;
use chidao_domain::ids::UnitId;
use chidao_domain::kind::{KindCode, KindRegister};

use super::Finding;
use crate::store::integrity::Placement;

#[cfg(test)]
mod tests;

/// What breaks O1 to O3 in `placements`, which stand by unit and then by day. The days are walked in their order and only what changes on
/// one is looked at: a forest that was whole can only break there. On days on which a batch was annulled, `taken_back`, placements may begin
/// again whose permission has ended (decision 0017).
pub(super) fn check_placements(placements: &[Placement], kinds: &KindRegister, taken_back: &HashSet<Day>) -> Vec<Finding> {
    let mut findings = check_ranges(placements);
    let mut days: BTreeMap<Day, Events> = BTreeMap::new();
    for placement in placements.iter().filter(|placement| !is_empty(placement)) {
        days.entry(placement.validity.from).or_default().beginning.push(placement);
        if let Some(to) = placement.validity.to {
            days.entry(to).or_default().ending.push(placement);
        }
    }
    let mut walk = Walk { kinds, taken_back, standing: HashMap::new(), below: HashMap::new(), findings: Vec::new() };
    for (day, events) in days {
        walk.pass(day, &events);
    }
    findings.append(&mut walk.findings);
    findings
}

/// No revision is empty, and no two of one unit hold on the same day (O2).
fn check_ranges(placements: &[Placement]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut before: Option<&Placement> = None;
    for placement in placements {
        let from = placement.validity.from;
        // What a unit was that ended on the day on which it began, or was changed, is remembered by a revision of no day.
        if is_empty(placement) && !placement.is_last {
            findings.push(about(placement.unit, "REVISION_EMPTY", format!("a revision from {from} holds on no day (O2)")));
        }
        if before.is_some_and(|before| before.unit == placement.unit && before.validity.to.is_none_or(|to| to > from)) {
            findings.push(about(placement.unit, "REVISIONS_OVERLAP", format!("two revisions hold on {from} (O2)")));
        }
        before = Some(placement);
    }
    findings
}

fn is_empty(placement: &Placement) -> bool {
    placement.validity.to.is_some_and(|to| to <= placement.validity.from)
}

fn about(unit: UnitId, code: &'static str, words: String) -> Finding {
    Finding::new(code, words, "org_unit", unit)
}

#[derive(Default)]
struct Events<'a> {
    beginning: Vec<&'a Placement>,
    ending: Vec<&'a Placement>,
}

/// The tree as it stands on the day that the walk has come to.
struct Walk<'a> {
    kinds: &'a KindRegister,
    taken_back: &'a HashSet<Day>,
    standing: HashMap<UnitId, &'a Placement>,
    below: HashMap<UnitId, HashSet<UnitId>>,
    findings: Vec<Finding>,
}

impl<'a> Walk<'a> {
    fn pass(&mut self, day: Day, events: &Events<'a>) {
        let mut before: BTreeMap<UnitId, Option<&'a Placement>> = BTreeMap::new();
        for placement in events.ending.iter().chain(&events.beginning) {
            before.entry(placement.unit).or_insert_with(|| self.standing.get(&placement.unit).copied());
        }
        for placement in &events.ending {
            if self.standing.get(&placement.unit).is_some_and(|standing| std::ptr::eq(*standing, *placement)) {
                self.remove(placement.unit);
            }
        }
        for placement in &events.beginning {
            self.remove(placement.unit);
            self.put(placement);
        }
        self.find_orphans(day, before.keys());
        self.find_cycles(day, before.keys());
        self.find_misplaced(day, &before);
    }

    fn remove(&mut self, unit: UnitId) {
        let Some(gone) = self.standing.remove(&unit) else { return };
        if let Some(siblings) = gone.parent.and_then(|parent| self.below.get_mut(&parent)) {
            siblings.remove(&unit);
        }
    }

    fn put(&mut self, placement: &'a Placement) {
        self.standing.insert(placement.unit, placement);
        if let Some(parent) = placement.parent {
            self.below.entry(parent).or_default().insert(placement.unit);
        }
    }

    fn parent(&self, unit: UnitId) -> Option<UnitId> {
        self.standing.get(&unit).and_then(|placement| placement.parent)
    }

    /// A unit whose parent is not active: it came under one that is not, or was left behind by one that ended.
    fn find_orphans<'b>(&mut self, day: Day, changed: impl Iterator<Item = &'b UnitId>) {
        let mut orphans = BTreeSet::new();
        for unit in changed {
            if self.parent(*unit).is_some_and(|parent| !self.standing.contains_key(&parent)) {
                orphans.insert(*unit);
            }
            if !self.standing.contains_key(unit) {
                orphans.extend(self.below.get(unit).into_iter().flatten());
            }
        }
        self.findings
            .extend(orphans.into_iter().map(|unit| about(unit, "PARENT_NOT_ACTIVE", format!("its parent is not active on {day} (O3)"))));
    }

    /// A cycle runs through a unit that changed, so the way up from one of those comes back to it; each cycle is told once.
    fn find_cycles<'b>(&mut self, day: Day, changed: impl Iterator<Item = &'b UnitId>) {
        let mut known: HashSet<UnitId> = HashSet::new();
        for unit in changed {
            let mut way = vec![*unit];
            let mut seen = HashSet::from([*unit]);
            let mut above = self.parent(*unit);
            while let Some(next) = above.filter(|next| seen.insert(*next)) {
                way.push(next);
                above = self.parent(next);
            }
            if above == Some(*unit) && !known.contains(unit) {
                known.extend(way);
                self.findings.push(about(*unit, "CYCLE", format!("it stands below itself on {day} (O3)")));
            }
        }
    }

    /// Placements that begin on the day: a unit that came or moved or is of another kind, and what stands below one of another kind.
    fn find_misplaced(&mut self, day: Day, before: &BTreeMap<UnitId, Option<&'a Placement>>) {
        let mut begun: BTreeSet<UnitId> = BTreeSet::new();
        for (unit, was) in before {
            let Some(is) = self.standing.get(unit) else { continue };
            let kind_stays = was.is_some_and(|was| was.kind == is.kind);
            if !kind_stays || was.is_some_and(|was| was.parent != is.parent) {
                begun.insert(*unit);
            }
            if !kind_stays && was.is_some() {
                begun.extend(self.below.get(unit).into_iter().flatten());
            }
        }
        for unit in begun {
            self.check_placement(day, unit);
        }
    }

    fn check_placement(&mut self, day: Day, unit: UnitId) {
        let Some(placement) = self.standing.get(&unit) else { return };
        let Some(kind) = self.kinds.get(&placement.kind) else {
            self.findings.push(about(unit, "KIND_UNKNOWN", format!("the register has no kind `{}` (O1)", placement.kind)));
            return;
        };
        let above: Option<&KindCode> = match placement.parent {
            None => None,
            Some(parent) => match self.standing.get(&parent) {
                Some(parent) => Some(&parent.kind),
                None => return,
            },
        };
        if !self.taken_back.contains(&day) && !kind.may_stand_under(above.map(|kind| &**kind), day) {
            let above = above.map_or_else(|| "as a root".to_owned(), |above| format!("under `{above}`"));
            let words = format!("`{}` may not stand {above} on {day}, when that began (O3)", kind.code);
            self.findings.push(about(unit, "PLACEMENT_NOT_PERMITTED", words));
        }
    }
}
