//! One day's tree as pre-order arrays: structure that answers by comparison (O3).
//!
//! Invariant: the subtree of `units[i]` is `units[i..ends[i]]`; parents stand before their children, and siblings in the order of
//! their kinds' ranks, then their names, then their codes.

use std::collections::HashMap;
use std::ops::Range;

use crate::ids::UnitId;
use crate::kind::KindRegister;
use crate::unit::OrgUnit;

mod ended;
mod standing;
#[cfg(test)]
mod tests;

pub use ended::Ended;
use ended::EndedUnits;

/// The marker of "no parent" in the compact arrays.
const ROOT: u32 = u32::MAX;

/// The active units of one day, and those that had ended before it.
#[derive(Clone, Debug, Default)]
pub struct Forest {
    units: Vec<OrgUnit>,
    parents: Vec<u32>,
    ends: Vec<u32>,
    depths: Vec<u32>,
    by_id: HashMap<UnitId, u32>,
    by_code: HashMap<std::sync::Arc<str>, u32>,
    ended: EndedUnits,
}

/// Why a set of units is not a forest (O3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAForest {
    /// A unit stands twice in the set.
    #[error("unit {0} stands twice")]
    Twice(UnitId),
    /// A unit's parent is not active.
    #[error("unit {unit} stands under {parent}, which is not active")]
    Orphan {
        /// The unit.
        unit: UnitId,
        /// Its parent.
        parent: UnitId,
    },
    /// A unit stands under itself, directly or not.
    #[error("unit {0} stands on a cycle")]
    Cycle(UnitId),
    /// More units than places.
    #[error("more than {} units", u32::MAX - 1)]
    TooMany,
}

impl Forest {
    /// Orders `units` into a forest, in O(n log n).
    ///
    /// # Errors
    /// [`NotAForest`], naming one unit that breaks O3.
    pub fn build(mut units: Vec<OrgUnit>, kinds: &KindRegister) -> Result<Self, NotAForest> {
        let count = u32::try_from(units.len()).ok().filter(|&count| count < ROOT).ok_or(NotAForest::TooMany)?;
        units.sort_by_cached_key(|unit| (kinds.rank(&unit.kind), unit.sort_key.clone(), unit.code.clone()));
        let mut at_of = HashMap::with_capacity(units.len());
        for (at, unit) in (0..count).zip(&units) {
            if at_of.insert(unit.id, at).is_some() {
                return Err(NotAForest::Twice(unit.id));
            }
        }
        let siblings = Siblings::of(&units, count, &at_of)?;
        let (order, depths) = siblings.pre_order();
        if order.len() < units.len() {
            let mut reached = vec![false; units.len()];
            order.iter().for_each(|&at| reached[at as usize] = true);
            let lost = units.iter().zip(&reached).find(|(_, reached)| !**reached);
            return Err(lost.map_or(NotAForest::TooMany, |(unit, _)| NotAForest::Cycle(unit.id)));
        }
        Ok(Self::in_order(units, &order, depths))
    }

    fn in_order(units: Vec<OrgUnit>, order: &[u32], depths: Vec<u32>) -> Self {
        let mut slots: Vec<Option<OrgUnit>> = units.into_iter().map(Some).collect();
        let units: Vec<OrgUnit> = order.iter().filter_map(|&at| slots[at as usize].take()).collect();
        let by_id: HashMap<_, _> = (0_u32..).zip(&units).map(|(place, unit)| (unit.id, place)).collect();
        let by_code = (0_u32..).zip(&units).map(|(place, unit)| (unit.code.clone(), place)).collect();
        let parents: Vec<u32> =
            units.iter().map(|unit| unit.parent.and_then(|parent| by_id.get(&parent).copied()).unwrap_or(ROOT)).collect();
        let mut ends: Vec<u32> = (1_u32..).take(units.len()).collect();
        for place in (0..units.len()).rev() {
            let parent = parents[place];
            if parent != ROOT {
                ends[parent as usize] = ends[parent as usize].max(ends[place]);
            }
        }
        Self { units, parents, ends, depths, by_id, by_code, ended: EndedUnits::default() }
    }

    /// The same tree, which knows what had ended before its day; those that are active are left out.
    #[must_use]
    pub fn after(mut self, ended: Vec<Ended>) -> Self {
        self.ended = EndedUnits::new(ended, |unit| self.by_id.contains_key(&unit));
        self
    }

    /// The unit with that id, if it had ended before the day.
    pub fn ended(&self, id: UnitId) -> Option<&Ended> {
        self.ended.get(id)
    }

    /// The unit with that code, if it had ended before the day.
    pub fn ended_by_code(&self, code: &str) -> Option<&Ended> {
        self.ended.by_code(code)
    }

    /// All units that had ended before the day, by the day on which they ended and their codes.
    pub fn all_ended(&self) -> &[Ended] {
        self.ended.all()
    }

    /// Where among [`Self::all_ended`] the unit is.
    pub fn ended_at_index(&self, id: UnitId) -> Option<usize> {
        self.ended.at_of(id)
    }

    /// Where a unit counts (C5): an active one at itself, an ended one at the active unit that its heirs or parents lead to. `None` where
    /// they lead nowhere, or the unit is not known.
    pub fn standing(&self, id: UnitId) -> Option<UnitId> {
        if self.by_id.contains_key(&id) { Some(id) } else { self.ended.place(id) }
    }

    /// The ended units whose place that active unit is (C5), by the day on which they ended.
    pub fn ended_at(&self, place: UnitId) -> &[UnitId] {
        self.ended.at(place)
    }

    /// How many units there are.
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// All units in tree order.
    pub fn units(&self) -> &[OrgUnit] {
        &self.units
    }

    /// The unit with that id, if it is active.
    pub fn unit(&self, id: UnitId) -> Option<&OrgUnit> {
        self.place(id).map(|place| &self.units[place])
    }

    /// The unit with that code, if it is active.
    pub fn by_code(&self, code: &str) -> Option<&OrgUnit> {
        self.by_code.get(code).map(|&place| &self.units[place as usize])
    }

    /// What a refusal calls a unit: its code, or its id where it is not known.
    pub fn code_of(&self, id: UnitId) -> String {
        let known = self.unit(id).or_else(|| self.ended(id).map(|ended| &ended.unit));
        known.map_or_else(|| id.to_string(), |unit| unit.code.to_string())
    }

    /// The unit's place in tree order, from 0.
    pub fn place(&self, id: UnitId) -> Option<usize> {
        self.by_id.get(&id).map(|&place| place as usize)
    }

    /// The places of the unit and of all below it.
    pub fn subtree(&self, id: UnitId) -> Option<Range<usize>> {
        self.place(id).map(|place| self.subtree_at(place))
    }

    /// The places of the unit at `place` and of all below it.
    pub fn subtree_at(&self, place: usize) -> Range<usize> {
        place..self.ends[place] as usize
    }

    /// Whether `unit` is `top` or stands below it, both active; what has ended counts by [`Self::holds`].
    pub fn covers(&self, top: UnitId, unit: UnitId) -> bool {
        let (Some(range), Some(at)) = (self.subtree(top), self.place(unit)) else { return false };
        range.contains(&at)
    }

    /// Whether `unit` stands strictly below `top`.
    pub fn is_below(&self, unit: UnitId, top: UnitId) -> bool {
        unit != top && self.covers(top, unit)
    }

    /// How many units stand above the one at `place`; 0 for a root.
    pub fn depth_at(&self, place: usize) -> u32 {
        self.depths[place]
    }

    /// The place of the parent of the unit at `place`.
    pub fn parent_at(&self, place: usize) -> Option<usize> {
        Some(self.parents[place]).filter(|&parent| parent != ROOT).map(|parent| parent as usize)
    }

    /// The units above, nearest first.
    pub fn ancestors(&self, id: UnitId) -> impl Iterator<Item = &OrgUnit> {
        let first = self.place(id).and_then(|place| self.parent_at(place));
        std::iter::successors(first, |&place| self.parent_at(place)).map(|place| &self.units[place])
    }

    /// The units directly below, in tree order.
    pub fn children(&self, id: UnitId) -> impl Iterator<Item = &OrgUnit> {
        let range = self.subtree(id).map_or(0..0, |range| range.start + 1..range.end);
        let mut next = range.start;
        std::iter::from_fn(move || {
            (next < range.end).then(|| {
                let unit = &self.units[next];
                next = self.ends[next] as usize;
                unit
            })
        })
    }

    /// The units without a parent, in tree order.
    pub fn roots(&self) -> impl Iterator<Item = &OrgUnit> {
        let mut next = 0;
        std::iter::from_fn(move || {
            (next < self.units.len()).then(|| {
                let unit = &self.units[next];
                next = self.ends[next] as usize;
                unit
            })
        })
    }

    /// The names from the root to the unit, joined; shows a unit to a person where names are not unique (O2).
    pub fn path(&self, id: UnitId, separator: &str) -> String {
        let mut names: Vec<&str> = self.ancestors(id).map(|unit| &*unit.name).collect();
        names.reverse();
        names.extend(self.unit(id).map(|unit| &*unit.name));
        names.join(separator)
    }
}

/// Children of each unit as linked lists over two arrays, so that building allocates nothing per unit.
struct Siblings {
    first_root: u32,
    first_child: Vec<u32>,
    next: Vec<u32>,
}

impl Siblings {
    /// Threads the units from last to first, so that each list keeps their order.
    fn of(units: &[OrgUnit], count: u32, at_of: &HashMap<UnitId, u32>) -> Result<Self, NotAForest> {
        let mut siblings = Self { first_root: ROOT, first_child: vec![ROOT; units.len()], next: vec![ROOT; units.len()] };
        for (at, unit) in (0..count).zip(units).rev() {
            let head = match unit.parent {
                None => &mut siblings.first_root,
                Some(parent) => {
                    let parent_at = at_of.get(&parent).ok_or(NotAForest::Orphan { unit: unit.id, parent })?;
                    &mut siblings.first_child[*parent_at as usize]
                }
            };
            siblings.next[at as usize] = std::mem::replace(head, at);
        }
        Ok(siblings)
    }

    /// Visits what hangs under a root; units on a cycle are never reached. Answers the order and each visited unit's depth.
    fn pre_order(&self) -> (Vec<u32>, Vec<u32>) {
        let mut order = Vec::with_capacity(self.next.len());
        let mut depths = Vec::with_capacity(self.next.len());
        let mut waiting = vec![(self.first_root, 0)];
        while let Some((at, depth)) = waiting.pop() {
            if at == ROOT {
                continue;
            }
            order.push(at);
            depths.push(depth);
            waiting.push((self.next[at as usize], depth));
            waiting.push((self.first_child[at as usize], depth + 1));
        }
        (order, depths)
    }
}
