//! Who takes over from whom, along chains (O6, S6).

use std::collections::{HashMap, HashSet};

use super::{Cause, Shift};
use crate::ids::UnitId;

/// The endings of a shift, to be followed.
pub(super) struct Line<'a> {
    shift: Shift<'a>,
    by_unit: HashMap<UnitId, Vec<usize>>,
}

impl<'a> Line<'a> {
    pub(super) fn of(shift: Shift<'a>) -> Self {
        Self { by_unit: shift.endings_by_unit(), shift }
    }

    /// Whether the batch ends or splits the unit.
    pub(super) fn is_source(&self, unit: UnitId) -> bool {
        self.by_unit.contains_key(&unit)
    }

    /// The active units that a unit's duties pass to, without itself, in the order in which they were named: endings act one after the
    /// other, and each hands on what the unit has by then. A successor that a later batch ended is followed on.
    pub(super) fn heirs(&self, unit: UnitId) -> Vec<UnitId> {
        let mut heirs = Vec::new();
        let mut seen = HashSet::new();
        let mut waiting = vec![(unit, 0)];
        while let Some((at, from)) = waiting.pop() {
            if !seen.insert((at, from)) {
                continue;
            }
            let mut next = Vec::new();
            if self.hand_on(at, from, &mut next) {
                if self.shift.with.unit(at).is_some() {
                    heirs.push(at);
                } else if let Some(ended) = self.shift.with.ended(at) {
                    next.extend(ended.heirs.iter().map(|heir| (*heir, usize::MAX)));
                }
            }
            waiting.extend(next.into_iter().rev());
        }
        let mut named = HashSet::from([unit]);
        heirs.retain(|heir| named.insert(*heir));
        heirs
    }

    /// What a unit hands on by the endings that follow; answers whether it is still there after the last.
    fn hand_on(&self, unit: UnitId, from: usize, next: &mut Vec<(UnitId, usize)>) -> bool {
        let endings = self.by_unit.get(&unit).into_iter().flatten().filter(|at| **at >= from);
        for &at in endings {
            let ending = &self.shift.endings[at];
            next.extend(ending.heirs.iter().map(|heir| (*heir, at + 1)));
            if !ending.stays {
                return false;
            }
        }
        true
    }

    /// How a unit ended.
    pub(super) fn cause(&self, unit: UnitId) -> Cause {
        let last = self.by_unit.get(&unit).and_then(|endings| endings.last());
        last.map_or(Cause::Inherited, |&at| self.shift.endings[at].kind.into())
    }
}

/// All predecessors of units, direct or not, by this shift and by earlier batches.
pub(super) struct Forebears<'a> {
    earlier: &'a HashMap<UnitId, Vec<UnitId>>,
    now: HashMap<UnitId, Vec<UnitId>>,
}

impl<'a> Forebears<'a> {
    pub(super) fn of(shift: Shift<'_>, earlier: &'a HashMap<UnitId, Vec<UnitId>>) -> Self {
        let mut now: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
        for ending in shift.endings {
            for heir in &ending.heirs {
                now.entry(*heir).or_default().push(ending.unit);
            }
        }
        Self { earlier, now }
    }

    /// Those of one unit, without itself.
    pub(super) fn of_unit(&self, unit: UnitId) -> Vec<UnitId> {
        let mut seen = HashSet::from([unit]);
        let mut found = Vec::new();
        let mut waiting = vec![unit];
        while let Some(at) = waiting.pop() {
            let direct = [self.now.get(&at), self.earlier.get(&at)].into_iter().flatten().flatten();
            for &predecessor in direct.filter(|predecessor| seen.insert(**predecessor)) {
                found.push(predecessor);
                waiting.push(predecessor);
            }
        }
        found
    }
}
