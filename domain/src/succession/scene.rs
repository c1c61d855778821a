//! What every step of a succession asks: who stands under whom, who holds what, who takes over, and what was decided.

use std::collections::HashMap;
use std::ops::Range;

use super::decision::Decision;
use super::line::Line;
use super::{Bond, Consequence, Estate, Held, NewObligation};
use crate::day::later_due;
use crate::forest::Forest;
use crate::ids::{RequirementId, UnitId};

/// What a unit can have only one obligation for (B3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key<'a> {
    pub(super) requirement: RequirementId,
    pub(super) unit: UnitId,
    pub(super) period: &'a str,
}

impl<'a> Key<'a> {
    pub(super) fn of(held: &'a Held<'a>, unit: UnitId) -> Self {
        Self { requirement: held.bond.requirement, unit, period: &held.period }
    }
}

/// How far the directives of each issuer bind, on one tree: its place, and all that stands below (B2, B6).
pub(super) struct Bounds<'a> {
    forest: &'a Forest,
    places: HashMap<UnitId, Range<usize>>,
}

impl<'a> Bounds<'a> {
    pub(super) fn of(forest: &'a Forest, bonds: &[Bond]) -> Self {
        let mut places = HashMap::new();
        for bond in bonds {
            let bounds = || forest.standing(bond.issuer).and_then(|place| forest.subtree(place)).unwrap_or(0..0);
            places.entry(bond.issuer).or_insert_with(bounds);
        }
        Self { forest, places }
    }

    pub(super) fn places(&self, issuer: UnitId) -> Range<usize> {
        self.places.get(&issuer).cloned().unwrap_or(0..0)
    }

    pub(super) fn hold(&self, issuer: UnitId, unit: UnitId) -> bool {
        self.forest.place(unit).is_some_and(|place| self.places.get(&issuer).is_some_and(|places| places.contains(&place)))
    }
}

pub(super) struct Scene<'a> {
    pub(super) estate: Estate<'a>,
    pub(super) decisions: &'a [Decision],
    pub(super) before: Bounds<'a>,
    pub(super) after: Bounds<'a>,
    pub(super) line: Line<'a>,
    by_key: HashMap<Key<'a>, usize>,
    void: HashMap<Key<'a>, usize>,
    heirs: HashMap<UnitId, Vec<UnitId>>,
    /// Where the units stood that each decision is about.
    decided_from: Vec<Range<usize>>,
}

impl<'a> Scene<'a> {
    pub(super) fn of(estate: Estate<'a>, decisions: &'a [Decision]) -> Self {
        let (line, without) = (Line::of(estate.shift), estate.shift.without);
        let keys = estate.held.iter().enumerate().map(|(at, held)| (Key::of(held, held.unit), at));
        let (void, by_key) = keys.partition(|(_, at)| estate.held[*at].is_void);
        let heirs = estate.shift.sources().into_iter().map(|unit| (unit, line.heirs(unit))).collect();
        Self {
            estate,
            decisions,
            before: Bounds::of(without, estate.bonds),
            after: Bounds::of(estate.shift.with, estate.bonds),
            line,
            by_key,
            void,
            heirs,
            decided_from: decisions.iter().map(|decision| without.subtree(decision.from).unwrap_or(0..0)).collect(),
        }
    }

    /// What a unit has for a requirement and period, in any state but one that is as if it had never been.
    pub(super) fn holds(&self, key: &Key<'_>) -> Option<&'a Held<'a>> {
        self.by_key.get(key).map(|&at| &self.estate.held[at])
    }

    /// A unit gets an obligation that it does not hold; its date is not earlier than any that it had before (L4).
    pub(super) fn bring(&self, new: NewObligation) -> Consequence {
        let key = Key { requirement: new.requirement, unit: new.unit, period: &new.period };
        match self.void.get(&key).map(|&at| &self.estate.held[at]) {
            Some(void) => {
                let due_on = later_due(void.due_on, new.due_on);
                Consequence::Revive { obligation: void.id, new: NewObligation { due_on, ..new } }
            }
            None => Consequence::Create(new),
        }
    }

    /// The active units that take over from a source.
    pub(super) fn heirs(&self, unit: UnitId) -> &[UnitId] {
        self.heirs.get(&unit).map_or(&[], Vec::as_slice)
    }

    /// Whether a person kept it while its unit stood outside, and the unit has not come back before this day (S4).
    pub(super) fn is_kept(&self, held: &Held<'_>) -> bool {
        held.kept && !self.before.hold(held.bond.issuer, held.unit)
    }

    /// Whether its unit goes on, and leaves the issuer's subtree by this shift (B6).
    pub(super) fn leaves(&self, held: &Held<'_>) -> bool {
        let goes_on = self.estate.shift.with.unit(held.unit).is_some();
        goes_on && self.before.hold(held.bond.issuer, held.unit) && !self.after.hold(held.bond.issuer, held.unit)
    }

    /// Whether a successor may have what `held` hands on: it stands in the issuer's subtree, or that was kept outside (S1, S4).
    pub(super) fn may_pass(&self, held: &Held<'_>, to: UnitId) -> bool {
        self.after.hold(held.bond.issuer, to) || self.is_kept(held)
    }

    /// The first decision that is about it (S4), by its place in the input.
    pub(super) fn decided(&self, held: &Held<'_>) -> Option<(usize, &'a Decision)> {
        if self.decisions.is_empty() {
            return None;
        }
        let stood = self.estate.shift.without.place(held.unit)?;
        let all = self.decisions.iter().enumerate();
        let mut of_the_unit = all.filter(|(at, _)| self.decided_from[*at].contains(&stood));
        of_the_unit.find(|(_, decision)| decision.names(held.bond))
    }
}
