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
    /// Everything, wherever it stands, seen from the issuer, or from the place that stands for it (B6).
    Whole {
        /// The issuer.
        issuer: UnitId,
    },
    /// Of everything, what does not stand at that unit or below it: the part `OUTSIDE` of a breakdown by child unit.
    Outside {
        /// The unit that stands for the issuer.
        issuer: UnitId,
    },
    /// Of everything, what is of units that the tree does not know: the part `OUTSIDE` of a breakdown by kind of unit.
    Unknown,
}

impl Selection {
    /// Whether the obligations of `unit` belong to the set; what has ended counts at its place (C5).
    pub fn includes(&self, forest: &Forest, unit: UnitId) -> bool {
        match *self {
            Self::Whole { .. } => true,
            Self::Outside { issuer } => !forest.holds(issuer, unit),
            Self::Unknown => forest.known(unit).is_none(),
            Self::Of { unit: top, span: Span::Own } => unit == top && forest.known(unit).is_some(),
            Self::Of { unit: top, span: Span::Below } => unit != top && forest.holds(top, unit),
            Self::Of { unit: top, span: Span::Subtree } => forest.holds(top, unit),
        }
    }

    /// The active units that it is about, as ranges of places in tree order.
    fn places(&self, forest: &Forest) -> [Range<usize>; 2] {
        let subtree = |unit| forest.subtree(unit).unwrap_or(0..0);
        match *self {
            Self::Of { unit, span } => [forest.subtree(unit).map_or(0..0, |subtree| span.of(subtree)), 0..0],
            Self::Whole { .. } => [0..forest.len(), 0..0],
            Self::Outside { issuer } => [0..subtree(issuer).start, subtree(issuer).end..forest.len()],
            Self::Unknown => [0..0, 0..0],
        }
    }
}

/// What a part is called.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PartKey {
    /// The unit's own obligations: key `OWN`.
    Own,
    /// A child of the unit and all below it, or a unit that has ended and whose place the unit is (C5).
    Child(UnitId),
    /// All units of a kind; one that has ended is of its last.
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
    /// The completion of a whole set; empty where its unit is not known.
    pub fn of(&self, selection: Selection) -> Completion {
        match selection {
            Selection::Of { unit, span } => self.span(unit, span).unwrap_or_default(),
            Selection::Whole { .. } => self.whole(),
            Selection::Outside { issuer } => self.outside(issuer),
            Selection::Unknown => self.unknown(),
        }
    }

    /// The set by child unit: the unit's own part, its children in tree order, the ended units that count as its children, by the day on
    /// which they ended (C5), and what stands elsewhere.
    pub fn by_child(&self, selection: Selection) -> Vec<Part> {
        let (unit, span, outside) = match selection {
            Selection::Of { unit, span } => (unit, span, None),
            Selection::Whole { issuer } => {
                let issuer = self.forest().stands_for(issuer);
                (issuer, Span::Subtree, Some(self.outside(issuer)))
            }
            Selection::Outside { .. } | Selection::Unknown => return not_empty([(PartKey::Outside, self.of(selection))].into_iter()),
        };
        let own = self.own(unit).filter(|_| span != Span::Below).map(|own| (PartKey::Own, own));
        let ended = self.forest().ended_at(unit).iter().copied();
        let children = self.forest().children(unit).map(|child| child.id).chain(ended).filter(|_| span != Span::Own);
        let children = children.filter_map(|child| Some((PartKey::Child(child), self.subtree(child)?)));
        let outside = outside.map(|outside| (PartKey::Outside, outside));
        not_empty(own.into_iter().chain(children).chain(outside))
    }

    /// The set by kind of unit, from the top of the hierarchy down; units that have ended are of their last kind.
    pub fn by_kind(&self, selection: Selection, kinds: &KindRegister) -> Vec<Part> {
        let forest = self.forest();
        let mut unknown = Completion::default();
        let mut parts: HashMap<&KindCode, Completion> = HashMap::new();
        for place in selection.places(forest).into_iter().flatten() {
            *parts.entry(&forest.units()[place].kind).or_default() += self.at(place..place + 1);
        }
        for (unit, completion) in self.each_ended().filter(|(unit, _)| selection.includes(forest, *unit)) {
            match forest.ended(unit) {
                Some(ended) => *parts.entry(&ended.unit.kind).or_default() += completion,
                None => unknown += completion,
            }
        }
        let mut parts: Vec<_> = parts.into_iter().collect();
        parts.sort_by_key(|(kind, _)| (kinds.rank(kind), *kind));
        let parts = parts.into_iter().map(|(kind, completion)| (PartKey::Kind(kind.clone()), completion));
        not_empty(parts.chain([(PartKey::Outside, unknown)]))
    }

    /// Those of units that the tree does not know.
    fn unknown(&self) -> Completion {
        let unknown = self.each_ended().filter(|(unit, _)| self.forest().known(*unit).is_none());
        unknown.fold(Completion::default(), |sum, (_, completion)| sum + completion)
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
