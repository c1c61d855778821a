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
/// obligations, and `ended_before[i]` that of the ended units that count at those places (C5); so a range of places is a subtraction. `F`
/// is how it holds the tree: borrowed, or shared so that it can be kept.
#[derive(Clone, Debug)]
pub struct RollUp<F> {
    forest: F,
    before: Vec<Completion>,
    ended_before: Vec<Completion>,
    /// Of each unit that is not active.
    ended: HashMap<UnitId, Completion>,
    nowhere: Completion,
}

impl<F: Deref<Target = Forest>> RollUp<F> {
    /// Folds rows of one unit's obligations each; a unit may have any number of rows. What has ended counts at its place (C5), and what has
    /// none in [`Self::whole`] only.
    pub fn fold(forest: F, rows: impl IntoIterator<Item = (UnitId, Tally)>) -> Self {
        let mut before = vec![Completion::default(); forest.len() + 1];
        let mut tallies: HashMap<UnitId, Tally> = HashMap::new();
        for (unit, tally) in rows {
            match forest.place(unit) {
                Some(place) => before[place + 1].tally += tally,
                None => *tallies.entry(unit).or_default() += tally,
            }
        }
        let ended: HashMap<UnitId, Completion> = tallies.into_iter().map(|(unit, tally)| (unit, Completion::of_ended(tally))).collect();
        let mut ended_before = vec![Completion::default(); forest.len() + 1];
        let mut nowhere = Completion::default();
        for (unit, completion) in &ended {
            match forest.standing(*unit).and_then(|standing| forest.place(standing)) {
                Some(place) => ended_before[place + 1] += *completion,
                None => nowhere += *completion,
            }
        }
        sum_up(&mut before, |completion| Completion::of_active(completion.tally));
        sum_up(&mut ended_before, |completion| completion);
        Self { forest, before, ended_before, ended, nowhere }
    }

    /// The tree that it was folded over.
    pub fn forest(&self) -> &Forest {
        &self.forest
    }

    /// The unit's own obligations; `None` where it is not known.
    pub fn own(&self, unit: UnitId) -> Option<Completion> {
        self.span(unit, Span::Own)
    }

    /// Those of all units below it, and of the ended ones that count there; `None` where it is not known.
    pub fn below(&self, unit: UnitId) -> Option<Completion> {
        self.span(unit, Span::Below)
    }

    /// Its own and those of all units below it; `None` where it is not known.
    pub fn subtree(&self, unit: UnitId) -> Option<Completion> {
        self.span(unit, Span::Subtree)
    }

    /// Those of a span; an ended unit has nothing but its own. `None` where the unit is not known.
    pub fn span(&self, unit: UnitId, span: Span) -> Option<Completion> {
        let Some(subtree) = self.forest.subtree(unit) else {
            let own = self.forest.ended(unit).map(|_| self.ended.get(&unit).copied().unwrap_or_default())?;
            return Some(if span == Span::Below { Completion::default() } else { own });
        };
        let ended = if span == Span::Own { Completion::default() } else { self.ended_at(subtree.clone()) };
        Some(self.at(span.of(subtree)) + ended)
    }

    /// All obligations, wherever their units stand (C3 without a unit).
    pub fn whole(&self) -> Completion {
        self.at(0..self.forest.len()) + self.ended_at(0..self.forest.len()) + self.nowhere
    }

    /// Those of units that have ended and count at no other, or that the tree does not know.
    pub fn nowhere(&self) -> Completion {
        self.nowhere
    }

    /// All but those of the unit and below it (C10 `OUTSIDE`); everything where it is not known.
    pub fn outside(&self, unit: UnitId) -> Completion {
        self.whole() - self.subtree(unit).unwrap_or_default()
    }

    /// Those of the units at the places of a range.
    pub(super) fn at(&self, places: Range<usize>) -> Completion {
        self.before[places.end] - self.before[places.start]
    }

    /// Those of the ended units that count at the places of a range.
    fn ended_at(&self, places: Range<usize>) -> Completion {
        self.ended_before[places.end] - self.ended_before[places.start]
    }

    /// Each unit that is not active, with its obligations; in no order.
    pub(super) fn each_ended(&self) -> impl Iterator<Item = (UnitId, Completion)> {
        self.ended.iter().map(|(unit, completion)| (*unit, *completion))
    }
}

/// Makes each the sum of all up to it.
fn sum_up(completions: &mut [Completion], of: impl Fn(Completion) -> Completion) {
    let mut sum = Completion::default();
    for completion in completions {
        sum += of(*completion);
        *completion = sum;
    }
}
