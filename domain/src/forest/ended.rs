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
        let places = known.units.iter().filter_map(|ended| Some((ended.unit.id, known.walk(ended.unit.id, &is_active)?)));
        for (unit, place) in places.collect::<Vec<_>>() {
            known.places.insert(unit, place);
            known.by_place.entry(place).or_default().push(unit);
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

    /// Follows heirs and parents to a unit that is active. Each ended later than the one before, or stood above it, so that the way has an
    /// end; rows that say otherwise lead nowhere.
    fn walk(&self, unit: UnitId, is_active: &impl Fn(UnitId) -> bool) -> Option<UnitId> {
        let mut seen = HashSet::new();
        let mut at = unit;
        while seen.insert(at) {
            at = self.get(at)?.next()?;
            if is_active(at) {
                return Some(at);
            }
        }
        None
    }
}
