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

/// The units that have ended before one day, and their places (nơi kế tục).
#[derive(Clone, Debug, Default)]
pub(super) struct EndedUnits {
    units: HashMap<UnitId, Ended>,
    by_code: HashMap<Arc<str>, UnitId>,
    places: HashMap<UnitId, UnitId>,
    by_place: HashMap<UnitId, Vec<UnitId>>,
}

impl EndedUnits {
    pub(super) fn new(ended: Vec<Ended>, is_active: impl Fn(UnitId) -> bool) -> Self {
        let units: HashMap<UnitId, Ended> =
            ended.into_iter().filter(|ended| !is_active(ended.unit.id)).map(|ended| (ended.unit.id, ended)).collect();
        let by_code = units.values().map(|ended| (ended.unit.code.clone(), ended.unit.id)).collect();
        let mut places = HashMap::with_capacity(units.len());
        let mut by_place: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
        for (unit, place) in places_of(&units, &is_active) {
            if let Some(place) = place {
                places.insert(unit, place);
                by_place.entry(place).or_default().push(unit);
            }
        }
        let order = |unit: &UnitId| units.get(unit).map(|ended| (ended.ended_on, ended.unit.code.clone()));
        by_place.values_mut().for_each(|units| units.sort_by_key(order));
        Self { units, by_code, places, by_place }
    }

    pub(super) fn get(&self, unit: UnitId) -> Option<&Ended> {
        self.units.get(&unit)
    }

    pub(super) fn by_code(&self, code: &str) -> Option<&Ended> {
        self.by_code.get(code).and_then(|unit| self.units.get(unit))
    }

    pub(super) fn place(&self, unit: UnitId) -> Option<UnitId> {
        self.places.get(&unit).copied()
    }

    pub(super) fn at(&self, place: UnitId) -> &[UnitId] {
        self.by_place.get(&place).map_or(&[], Vec::as_slice)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Ended> {
        self.units.values()
    }
}

/// Follows heirs and parents to units that are active. An heir ends later than the unit that it takes over from, and a parent later or in the
/// same batch; only within one batch can the way lead back, where a unit takes over from its parent and is split: then its parents count.
fn places_of(units: &HashMap<UnitId, Ended>, is_active: &impl Fn(UnitId) -> bool) -> HashMap<UnitId, Option<UnitId>> {
    let mut places = HashMap::with_capacity(units.len());
    for first in units.keys() {
        let (mut way, mut seen) = (Vec::new(), HashSet::new());
        let mut at = *first;
        let place = loop {
            if is_active(at) {
                break Some(at);
            }
            if let Some(known) = places.get(&at) {
                break *known;
            }
            if !seen.insert(at) {
                let circle = way.iter().skip_while(|on| **on != at).filter_map(|on| units.get(on));
                let split = circle.filter(|ended| ended.heirs.len() != 1).min_by_key(|ended| ended.unit.id);
                break split.and_then(|split| place_above(units, split, is_active));
            }
            way.push(at);
            let Some(next) = units.get(&at).and_then(Ended::next) else { break None };
            at = next;
        };
        places.extend(way.into_iter().map(|on| (on, place)));
    }
    places
}

/// The nearest active unit in the line of last parents.
fn place_above(units: &HashMap<UnitId, Ended>, ended: &Ended, is_active: &impl Fn(UnitId) -> bool) -> Option<UnitId> {
    let mut line = std::iter::successors(ended.unit.parent, |above| units.get(above).and_then(|ended| ended.unit.parent));
    // Rows that are no forest could go round for ever.
    line.by_ref().take(units.len() + 1).find(|above| is_active(*above))
}
