//! Units that have ended, and where each counts today (C5).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::day::Day;
use crate::ids::UnitId;
use crate::unit::OrgUnit;

/// A unit that has ended before a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// As it last was.
    pub unit: OrgUnit,
    /// The first day on which it was no longer active.
    pub ended_on: Day,
    /// Who took over from it in its last ending, in the order in which they were named.
    pub heirs: Vec<UnitId>,
}

impl Ended {
    /// Where it is looked for next: its only heir, else its last parent.
    fn next(&self) -> Option<UnitId> {
        match self.heirs[..] {
            [heir] => Some(heir),
            _ => self.unit.parent,
        }
    }
}

/// The units that have ended before one day, by that day and their codes, and their places (nơi kế tục).
#[derive(Clone, Debug, Default)]
pub(super) struct EndedUnits {
    units: Vec<Ended>,
    by_id: HashMap<UnitId, usize>,
    by_code: HashMap<Arc<str>, usize>,
    places: HashMap<UnitId, UnitId>,
    by_place: HashMap<UnitId, Vec<UnitId>>,
}

impl EndedUnits {
    pub(super) fn new(mut units: Vec<Ended>, is_active: impl Fn(UnitId) -> bool) -> Self {
        units.retain(|ended| !is_active(ended.unit.id));
        units.sort_by(|a, b| (a.ended_on, &a.unit.code).cmp(&(b.ended_on, &b.unit.code)));
        let mut known = Self {
            by_id: units.iter().enumerate().map(|(at, ended)| (ended.unit.id, at)).collect(),
            by_code: units.iter().enumerate().map(|(at, ended)| (ended.unit.code.clone(), at)).collect(),
            units,
            ..Self::default()
        };
        known.places = known.find_places(&is_active).into_iter().filter_map(|(unit, place)| Some((unit, place?))).collect();
        for ended in &known.units {
            if let Some(place) = known.places.get(&ended.unit.id) {
                known.by_place.entry(*place).or_default().push(ended.unit.id);
            }
        }
        known
    }

    pub(super) fn get(&self, unit: UnitId) -> Option<&Ended> {
        self.by_id.get(&unit).map(|&at| &self.units[at])
    }

    pub(super) fn by_code(&self, code: &str) -> Option<&Ended> {
        self.by_code.get(code).map(|&at| &self.units[at])
    }

    pub(super) fn at_of(&self, unit: UnitId) -> Option<usize> {
        self.by_id.get(&unit).copied()
    }

    pub(super) fn place(&self, unit: UnitId) -> Option<UnitId> {
        self.places.get(&unit).copied()
    }

    pub(super) fn at(&self, place: UnitId) -> &[UnitId] {
        self.by_place.get(&place).map_or(&[], Vec::as_slice)
    }

    pub(super) fn all(&self) -> &[Ended] {
        &self.units
    }

    /// Follows heirs and parents to units that are active, each way once. An heir ends later than the unit that it takes over from, and a
    /// parent later or in the same batch; only within one batch can the way lead back, where a unit takes over from its parent and is split:
    /// then its parents count.
    fn find_places(&self, is_active: &impl Fn(UnitId) -> bool) -> HashMap<UnitId, Option<UnitId>> {
        let mut places = HashMap::with_capacity(self.units.len());
        for first in &self.units {
            let (mut way, mut seen) = (Vec::new(), HashSet::new());
            let mut at = first.unit.id;
            let place = loop {
                if is_active(at) {
                    break Some(at);
                }
                if let Some(known) = places.get(&at) {
                    break *known;
                }
                if !seen.insert(at) {
                    let circle = way.iter().skip_while(|on| **on != at).filter_map(|on| self.get(*on));
                    let split = circle.filter(|ended| ended.heirs.len() != 1).min_by_key(|ended| ended.unit.id);
                    break split.and_then(|split| self.active_above(split, is_active));
                }
                way.push(at);
                let Some(next) = self.get(at).and_then(Ended::next) else { break None };
                at = next;
            };
            places.extend(way.into_iter().map(|on| (on, place)));
        }
        places
    }

    /// The nearest active unit in the line of last parents.
    fn active_above(&self, ended: &Ended, is_active: &impl Fn(UnitId) -> bool) -> Option<UnitId> {
        let line = std::iter::successors(ended.unit.parent, |above| self.get(*above).and_then(|ended| ended.unit.parent));
        // Rows that are no forest could go round for ever.
        line.take(self.units.len() + 1).find(|above| is_active(*above))
    }
}
