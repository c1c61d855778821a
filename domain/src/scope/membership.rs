//! Whether a scope covers one unit, asked of many units one by one (B1). [`super::cover`] tells the same of all at once.

use std::ops::Range;

use super::{Reach, Scope, Through, excluded, just, places_of, reach_range};
use crate::forest::Forest;
use crate::places::Places;

/// A scope on one day's tree.
#[derive(Clone, Debug)]
pub struct Membership<'a> {
    forest: &'a Forest,
    scope: &'a Scope,
    reached: Range<usize>,
    anchor: Option<usize>,
    included: Places,
    excluded: Places,
}

impl<'a> Membership<'a> {
    /// Looks up what the scope names, in time for its lists alone.
    pub fn of(forest: &'a Forest, scope: &'a Scope) -> Self {
        Self {
            forest,
            scope,
            reached: reach_range(forest, scope),
            anchor: forest.place(scope.anchor),
            included: places_of(forest, &scope.include).map(just).collect(),
            excluded: excluded(forest, scope),
        }
    }

    /// By which rules the scope covers the unit at `place`; `None` where it does not.
    pub fn through(&self, place: usize) -> Option<Through> {
        if self.excluded.contains(place) {
            return None;
        }
        match (self.reaches(place), self.included.contains(place)) {
            (true, true) => Some(Through::Both),
            (true, false) => Some(Through::Reach),
            (false, true) => Some(Through::Include),
            (false, false) => None,
        }
    }

    fn reaches(&self, place: usize) -> bool {
        let comes_to =
            self.reached.contains(&place) && (self.scope.reach != Reach::Children || self.forest.parent_at(place) == self.anchor);
        comes_to && self.forest.units().get(place).is_some_and(|unit| self.scope.admits(&unit.kind))
    }
}
