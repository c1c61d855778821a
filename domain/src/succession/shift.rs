//! How the tree changes, and which units that concerns.

use std::collections::{BTreeSet, HashMap};

use super::line::Line;
use crate::day::Day;
use crate::forest::Forest;
use crate::ids::UnitId;
use crate::refusal::{Refusal, SuccessionRefusal};
use crate::reorganization::Ending;

/// What a batch makes of the tree on the day on which it acts on obligations (S6).
#[derive(Clone, Copy, Debug)]
pub struct Shift<'a> {
    /// The later of the batch's day and the day on which it was recorded.
    pub day: Day,
    /// The tree of that day without the batch.
    pub without: &'a Forest,
    /// The same with the whole batch.
    pub with: &'a Forest,
    /// Who takes over from whom by the batch, in the order of its changes.
    pub endings: &'a [Ending],
}

/// A unit that may have come into a scope: its places in both trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Displaced {
    pub(super) with: usize,
    pub(super) without: Option<usize>,
}

impl Shift<'_> {
    /// The units that the batch ends or splits: all their open obligations are judged (S1–S3).
    pub fn sources(&self) -> Vec<UnitId> {
        self.endings.iter().map(|ending| ending.unit).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The units that take over: their obligations on the same requirements are asked for, in any state (S1).
    pub fn successors(&self) -> Vec<UnitId> {
        let line = Line::of(*self);
        self.sources().into_iter().flat_map(|unit| line.heirs(unit)).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The active units that do not stand where they stood, since they or units above them moved or came into being: their open
    /// obligations may be released (B6), and those that ended with a [`super::Cause`] that ends when they are back may come back (B4).
    pub fn moved(&self) -> Vec<UnitId> {
        let units = self.with.units();
        self.moved_places().into_iter().map(|displaced| units[displaced.with].id).collect()
    }

    /// Those of `issuers` for whom another unit stands than before (B6): of their directives, what is open and what may come back is asked
    /// for as of units that moved, wherever its unit stands.
    pub fn replaced(&self, issuers: &[UnitId]) -> Vec<UnitId> {
        issuers.iter().copied().filter(|&issuer| self.without.standing(issuer) != self.with.standing(issuer)).collect()
    }

    /// Somebody stands for everyone who issued a directive that is in force (C5).
    ///
    /// # Errors
    /// A root that leaves no single heir, at `changes`.
    pub fn check_issuers(&self, issuers: &[UnitId]) -> Result<(), Vec<Refusal>> {
        let lost = issuers.iter().collect::<BTreeSet<_>>().into_iter().filter(|&&issuer| self.with.standing(issuer).is_none());
        let stood = lost.filter_map(|&issuer| self.without.standing(issuer)).collect::<BTreeSet<_>>();
        let refusal = |unit| Refusal::from(SuccessionRefusal::NobodyForIssuer { unit: self.without.code_of(unit) }).within("changes");
        let refusals: Vec<Refusal> = stood.into_iter().map(refusal).collect();
        if refusals.is_empty() { Ok(()) } else { Err(refusals) }
    }

    fn moved_places(&self) -> Vec<Displaced> {
        self.displaced_if(|_, _| false)
    }

    /// Everything whose membership in a scope can differ between the trees: what moved, and what is of another kind; in tree order.
    pub(super) fn displaced(&self) -> Vec<Displaced> {
        self.displaced_if(|with, without| self.with.units()[with].kind != self.without.units()[without].kind)
    }

    fn displaced_if(&self, or: impl Fn(usize, usize) -> bool) -> Vec<Displaced> {
        let mut moved = vec![false; self.with.len()];
        let mut displaced = Vec::new();
        for (with, unit) in self.with.units().iter().enumerate() {
            let without = self.without.place(unit.id);
            let stands = without.is_some_and(|place| self.without.units()[place].parent == unit.parent);
            moved[with] = !stands || self.with.parent_at(with).is_some_and(|parent| moved[parent]);
            if moved[with] || without.is_some_and(|without| or(with, without)) {
                displaced.push(Displaced { with, without });
            }
        }
        displaced
    }

    /// The units that the batch ends or splits, with their endings in order.
    pub(super) fn endings_by_unit(&self) -> HashMap<UnitId, Vec<usize>> {
        let mut by_unit: HashMap<UnitId, Vec<usize>> = HashMap::new();
        for (at, ending) in self.endings.iter().enumerate() {
            by_unit.entry(ending.unit).or_default().push(at);
        }
        by_unit
    }
}
