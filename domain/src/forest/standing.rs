//! Where units count today, those that have ended among them (C5). Places after those of the active units are the ended ones', in the order
//! of [`Forest::all_ended`].

use super::Forest;
use crate::ids::UnitId;
use crate::places::Places;
use crate::unit::OrgUnit;

impl Forest {
    /// How many units the tree knows: the active ones and those that had ended before its day.
    pub fn known_len(&self) -> usize {
        self.len() + self.all_ended().len()
    }

    /// The unit at a place, be it active or ended.
    pub fn known_at(&self, place: usize) -> Option<&OrgUnit> {
        self.units().get(place).or_else(|| Some(&self.all_ended().get(place.checked_sub(self.len())?)?.unit))
    }

    /// The place of a unit, be it active or ended; ended ones come after all that are active.
    pub fn known_place(&self, id: UnitId) -> Option<usize> {
        self.place(id).or_else(|| Some(self.len() + self.ended_at_index(id)?))
    }

    /// The unit with that id, be it active or ended: an ended one as it last was.
    pub fn known(&self, id: UnitId) -> Option<&OrgUnit> {
        self.unit(id).or_else(|| self.ended(id).map(|ended| &ended.unit))
    }

    /// The unit that stands for it today (B6): itself, or its place where it has ended; itself, too, where its place leads nowhere.
    pub fn stands_for(&self, id: UnitId) -> UnitId {
        self.standing(id).unwrap_or(id)
    }

    /// Whether `unit` is `top`, or counts below it: an active one that stands there, or an ended one whose place it is or is below it (C5). An
    /// ended `top` holds nothing but itself.
    pub fn holds(&self, top: UnitId, unit: UnitId) -> bool {
        match self.place(top) {
            Some(_) => self.standing(unit).is_some_and(|standing| self.covers(top, standing)),
            None => unit == top && self.ended(top).is_some(),
        }
    }

    /// The places of all units that [`Self::holds`] says are at `top` or count below it.
    pub fn known_under(&self, top: UnitId) -> Places {
        match self.subtree(top) {
            Some(subtree) => self.with_the_ended(&[subtree].into_iter().collect()),
            None => self.known_place(top).map(|place| place..place + 1).into_iter().collect(),
        }
    }

    /// The ids of the units at some places, in their order.
    pub fn ids_at(&self, places: &Places) -> impl Iterator<Item = UnitId> {
        places.iter().filter_map(|place| Some(self.known_at(place)?.id))
    }

    /// The places of some active units, and those of the ended units that count at them.
    pub fn with_the_ended(&self, places: &Places) -> Places {
        let counts_there =
            |unit: UnitId| self.standing(unit).and_then(|standing| self.place(standing)).is_some_and(|at| places.contains(at));
        let ended = (self.len()..).zip(self.all_ended()).filter(|(_, ended)| counts_there(ended.unit.id));
        places.ranges().iter().cloned().chain(ended.map(|(place, _)| place..place + 1)).collect()
    }
}
