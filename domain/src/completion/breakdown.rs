//! Partitions of a set of obligations: by child unit, by kind of unit, by requirement or directive (C10). Parts add up to the
//! whole, and none is empty.

use std::collections::{BTreeMap, HashMap};
use std::ops::{Deref, Range};

use super::roll_up::{Completion, RollUp, Span};
use super::tally::Tally;
use crate::forest::Forest;
use crate::ids::UnitId;
use crate::kind::{KindCode, KindRegister};

/// The set that is broken down (C3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Selection {
    /// What a unit's span holds.
    Of {
        /// The unit.
        unit: UnitId,
        /// Its own obligations, those below, or both.
        span: Span,
    },
    /// Everything, wherever it stands, seen from the unit that stands for the issuer.
    Whole {
        /// That unit.
        issuer: UnitId,
    },
    /// Of everything, what does not stand at that unit or below it: the part `OUTSIDE` of a breakdown by child unit.
    Outside {
        /// The unit that stands for the issuer.
        issuer: UnitId,
    },
    /// Of everything, what stands nowhere today: the part `OUTSIDE` of a breakdown by kind of unit.
    Nowhere,
}

impl Selection {
    /// Whether the obligations of `unit` belong to the set.
    pub fn includes(&self, forest: &Forest, unit: UnitId) -> bool {
        match *self {
            Self::Whole { .. } => true,
            Self::Outside { issuer } => !forest.covers(issuer, unit),
            Self::Nowhere => forest.place(unit).is_none(),
            Self::Of { unit: top, span: Span::Own } => unit == top && forest.place(unit).is_some(),
            Self::Of { unit: top, span: Span::Below } => forest.is_below(unit, top),
            Self::Of { unit: top, span: Span::Subtree } => forest.covers(top, unit),
        }
    }

    /// The active units that it is about, as ranges of places in tree order.
    fn places(&self, forest: &Forest) -> [Range<usize>; 2] {
        let subtree = |unit| forest.subtree(unit).unwrap_or(0..0);
        match *self {
            Self::Of { unit, span } => [forest.subtree(unit).map_or(0..0, |subtree| span.of(subtree)), 0..0],
            Self::Whole { .. } => [0..forest.len(), 0..0],
            Self::Outside { issuer } => [0..subtree(issuer).start, subtree(issuer).end..forest.len()],
            Self::Nowhere => [0..0, 0..0],
        }
    }

    /// Whether it holds what stands nowhere, too.
    fn holds_the_ended(&self) -> bool {
        !matches!(self, Self::Of { .. })
    }
}

/// What a part is called.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PartKey {
    /// The unit's own obligations: key `OWN`.
    Own,
    /// A child of the unit and all below it.
    Child(UnitId),
    /// All units of a kind.
    Kind(KindCode),
    /// Units that stand elsewhere: key `OUTSIDE`.
    Outside,
}

/// One part of a breakdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub key: PartKey,
    /// Its counts.
    pub completion: Completion,
}

impl<F: Deref<Target = Forest>> RollUp<F> {
    /// The completion of a whole set; empty where its unit is not active.
    pub fn of(&self, selection: Selection) -> Completion {
        match selection {
            Selection::Of { unit, span } => self.span(unit, span).unwrap_or_default(),
            Selection::Whole { .. } => self.whole(),
            Selection::Outside { issuer } => self.outside(issuer),
            Selection::Nowhere => self.nowhere(),
        }
    }

    /// The set by child unit: the unit's own part, its children in tree order, and what stands elsewhere.
    pub fn by_child(&self, selection: Selection) -> Vec<Part> {
        let (unit, span, outside) = match selection {
            Selection::Of { unit, span } => (unit, span, None),
            Selection::Whole { issuer } => (issuer, Span::Subtree, Some(self.outside(issuer))),
            Selection::Outside { .. } | Selection::Nowhere => return not_empty([(PartKey::Outside, self.of(selection))].into_iter()),
        };
        let own = self.own(unit).filter(|_| span != Span::Below).map(|own| (PartKey::Own, own));
        let children = self.forest().children(unit).filter(|_| span != Span::Own);
        let children = children.filter_map(|child| Some((PartKey::Child(child.id), self.subtree(child.id)?)));
        let outside = outside.map(|outside| (PartKey::Outside, outside));
        not_empty(own.into_iter().chain(children).chain(outside))
    }

    /// The set by kind of unit, from the top of the hierarchy down; units that have ended are a part of their own.
    pub fn by_kind(&self, selection: Selection, kinds: &KindRegister) -> Vec<Part> {
        let forest = self.forest();
        let nowhere = if selection.holds_the_ended() { self.nowhere() } else { Completion::default() };
        let mut parts: HashMap<&KindCode, Completion> = HashMap::new();
        for place in selection.places(forest).into_iter().flatten() {
            *parts.entry(&forest.units()[place].kind).or_default() += self.at(place..place + 1);
        }
        let mut parts: Vec<_> = parts.into_iter().collect();
        parts.sort_by_key(|(kind, _)| (kinds.rank(kind), *kind));
        let parts = parts.into_iter().map(|(kind, completion)| (PartKey::Kind(kind.clone()), completion));
        not_empty(parts.chain([(PartKey::Outside, nowhere)]))
    }
}

fn not_empty(parts: impl Iterator<Item = (PartKey, Completion)>) -> Vec<Part> {
    parts.filter(|(_, completion)| completion.tally.total() > 0).map(|(key, completion)| Part { key, completion }).collect()
}

/// The set by whatever the rows are keyed by: requirement, directive or due month. A unit may have several rows for one key; it counts
/// once in the unit tally of each part.
pub fn fold_by<K: Copy + Ord + std::hash::Hash>(
    forest: &Forest,
    selection: Selection,
    rows: impl IntoIterator<Item = (K, UnitId, Tally)>,
) -> BTreeMap<K, Completion> {
    let mut of_units: HashMap<(K, UnitId), Tally> = HashMap::new();
    for (key, unit, tally) in rows.into_iter().filter(|(_, unit, _)| selection.includes(forest, *unit)) {
        *of_units.entry((key, unit)).or_default() += tally;
    }
    let mut parts: BTreeMap<K, Completion> = BTreeMap::new();
    for ((key, unit), tally) in of_units.into_iter().filter(|(_, tally)| tally.total() > 0) {
        let completion = if forest.place(unit).is_some() { Completion::of_active(tally) } else { Completion::of_ended(tally) };
        *parts.entry(key).or_default() += completion;
    }
    parts
}
