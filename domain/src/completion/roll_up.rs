//! Every unit's completion from one fold: prefix sums over the tree's pre-order, and one subtraction a question (C3).

use std::collections::HashMap;
use std::ops::{Add, AddAssign, Deref, Range, Sub};

use super::tally::{Tally, UnitTally};
use crate::forest::Forest;
use crate::ids::UnitId;

/// Whose obligations are meant, seen from one unit (C3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Span {
    /// The unit's own.
    Own,
    /// Those of all units below it.
    Below,
    /// Both.
    #[default]
    Subtree,
}

impl Span {
    /// The places that it covers, of a unit whose subtree is `subtree`.
    pub(super) fn of(self, subtree: Range<usize>) -> Range<usize> {
        match self {
            Self::Own => subtree.start..subtree.start + 1,
            Self::Below => subtree.start + 1..subtree.end,
            Self::Subtree => subtree,
        }
    }
}

/// How far a set of obligations, and the units that have them, have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The obligations (C1).
    pub tally: Tally,
    /// The units (C6).
    pub units: UnitTally,
}

impl Completion {
    /// That of one active unit's own obligations.
    pub(super) fn of_active(tally: Tally) -> Self {
        Self { tally, units: UnitTally::of_active(&tally) }
    }

    /// That of the obligations of one unit that has ended.
    pub(super) fn of_ended(tally: Tally) -> Self {
        Self { tally, units: UnitTally::of_ended() }
    }
}

impl Add for Completion {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { tally: self.tally + other.tally, units: self.units + other.units }
    }
}

impl AddAssign for Completion {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Completion {
    type Output = Self;

    fn sub(self, part: Self) -> Self {
        Self { tally: self.tally - part.tally, units: self.units - part.units }
    }
}

/// The completion of every unit of a forest. Invariant: `before[i]` is the completion of the units at places `0..i`, each with its own
/// obligations; so a range of places is one subtraction. `F` is how it holds the tree: borrowed, or shared so that it can be kept.
#[derive(Clone, Debug)]
pub struct RollUp<F> {
    forest: F,
    before: Vec<Completion>,
    nowhere: Completion,
}

impl<F: Deref<Target = Forest>> RollUp<F> {
    /// Folds rows of one unit's obligations each; a unit may have any number of rows. Units that stand nowhere in the forest have
    /// ended; they count in [`Self::whole`] only.
    pub fn fold(forest: F, rows: impl IntoIterator<Item = (UnitId, Tally)>) -> Self {
        let mut before = vec![Completion::default(); forest.len() + 1];
        let mut ended: HashMap<UnitId, Tally> = HashMap::new();
        for (unit, tally) in rows {
            match forest.place(unit) {
                Some(place) => before[place + 1].tally += tally,
                None => *ended.entry(unit).or_default() += tally,
            }
        }
        let mut sum = Completion::default();
        for completion in &mut before {
            sum += Completion::of_active(completion.tally);
            *completion = sum;
        }
        let nowhere = ended.into_values().map(Completion::of_ended).fold(Completion::default(), Add::add);
        Self { forest, before, nowhere }
    }

    /// The tree that it was folded over.
    pub fn forest(&self) -> &Forest {
        &self.forest
    }

    /// The unit's own obligations; `None` where it is not active.
    pub fn own(&self, unit: UnitId) -> Option<Completion> {
        self.span(unit, Span::Own)
    }

    /// Those of all units below it; `None` where it is not active.
    pub fn below(&self, unit: UnitId) -> Option<Completion> {
        self.span(unit, Span::Below)
    }

    /// Its own and those of all units below it; `None` where it is not active.
    pub fn subtree(&self, unit: UnitId) -> Option<Completion> {
        self.span(unit, Span::Subtree)
    }

    /// Those of a span; `None` where the unit is not active.
    pub fn span(&self, unit: UnitId, span: Span) -> Option<Completion> {
        self.forest.subtree(unit).map(|subtree| self.at(span.of(subtree)))
    }

    /// All obligations, wherever their units stand (C3 without a unit).
    pub fn whole(&self) -> Completion {
        self.at(0..self.forest.len()) + self.nowhere
    }

    /// Those of units that stand nowhere in the forest.
    pub fn nowhere(&self) -> Completion {
        self.nowhere
    }

    /// All but those of the unit and below it (C10 `OUTSIDE`); everything where it is not active.
    pub fn outside(&self, unit: UnitId) -> Completion {
        self.whole() - self.subtree(unit).unwrap_or_default()
    }

    /// Those of the units at the places of a range.
    pub(super) fn at(&self, places: Range<usize>) -> Completion {
        self.before[places.end] - self.before[places.start]
    }
}
