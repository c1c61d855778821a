//! What must be done before a step may lead to `FULFILLED` (L5).

use std::collections::HashMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::life::State;
use crate::forest::Forest;
use crate::ids::{ObligationId, RequirementId, UnitId};
use crate::indicator::Exact;
use crate::refusal::ObligationRefusal;

/// What must be closed first, and how many of the units below must have done the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    /// The unit's own obligations on the requirements that `after` names, of the same period where both recur, in the order
    /// of the requirements. A requirement that does not bind the unit has none here and holds nothing up.
    pub after: Vec<Earlier>,
    /// Where the requirement has a `gateShare`.
    pub share: Option<Share>,
}

/// The unit's own obligation on an earlier requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// It.
    pub obligation: ObligationId,
    /// The requirement.
    pub requirement: RequirementId,
    /// The requirement's number in its directive, from 1.
    pub ordinal: u32,
    /// The requirement's title.
    pub title: Arc<str>,
    /// Where the obligation stands.
    pub state: State,
}

/// The share of the units below that must have fulfilled the same requirement in the same period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// In (0, 1].
    pub of: Decimal,
    /// All counted obligations (C1) of the requirement and period, of whatever units; one list for all of them.
    pub counted: Arc<[Counted]>,
}

/// A counted obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// It.
    pub obligation: ObligationId,
    /// Its unit.
    pub unit: UnitId,
    /// Where it stands.
    pub state: State,
}

/// How far the units strictly below one have come, against the share that is asked of them (L5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Below {
    /// How many of them count.
    pub counted: usize,
    /// How many of those have fulfilled it.
    pub fulfilled: usize,
    /// How many more must, before the gate opens.
    pub wanted: usize,
    /// What is not fulfilled, in tree order.
    pub open: Vec<Counted>,
}

/// The states that a bulk has decided so far: gates are asked in the order given (L5).
pub(super) type Decisions = HashMap<ObligationId, State>;

/// The earlier obligations that are still open (L5).
pub fn unmet(gate: &Gate) -> impl Iterator<Item = &Earlier> {
    gate.after.iter().filter(|earlier| earlier.state.is_open())
}

impl Share {
    /// What the units strictly below `unit` come to on that day's tree. A unit that has ended counts below its place (C5).
    pub fn below(&self, forest: &Forest, unit: UnitId) -> Below {
        self.below_with(forest, unit, &Decisions::new())
    }

    fn below_with(&self, forest: &Forest, unit: UnitId, decided: &Decisions) -> Below {
        let is_below = |of: UnitId| of != unit && forest.holds(unit, of);
        let mut below = Below::default();
        for one in self.counted.iter().filter(|one| is_below(one.unit)) {
            below.counted += 1;
            match decided.get(&one.obligation).copied().unwrap_or(one.state) {
                State::Fulfilled => below.fulfilled += 1,
                state => below.open.push(Counted { state, ..*one }),
            }
        }
        below.open.sort_by_key(|one| (forest.known_place(one.unit), one.obligation));
        below.wanted = self.needed(below.counted).saturating_sub(below.fulfilled);
        below
    }

    /// The least number that is not below `of` × `counted`.
    pub(super) fn needed(&self, counted: usize) -> usize {
        let exact = |number: usize| Exact::from(Decimal::from(number));
        // A share has at most 28 digits, and so has a product with any number of units no more than 38.
        let Some(share) = Exact::from(self.of).times(exact(counted)) else { return counted };
        let is_short = |number: &usize| exact(*number).compare(share).is_none_or(|order| order.is_lt());
        let (mut from, mut to) = (0, counted);
        while from < to {
            let middle = from + (to - from) / 2;
            if is_short(&middle) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from
    }
}

/// Asks the gate of an obligation of `unit`, seeing what the bulk has decided before.
pub(super) fn ask(gate: &Gate, (forest, unit): (&Forest, UnitId), decided: &Decisions) -> Result<(), ObligationRefusal> {
    let state = |earlier: &Earlier| decided.get(&earlier.obligation).copied().unwrap_or(earlier.state);
    let mut open = gate.after.iter().filter(|earlier| state(earlier).is_open());
    if let Some(first) = open.next() {
        let (missing, ordinal, title) = (open.count() + 1, first.ordinal, first.title.to_string());
        return Err(ObligationRefusal::GateClosed { missing, ordinal, title });
    }
    let Some(share) = &gate.share else { return Ok(()) };
    let below = share.below_with(forest, unit, decided);
    match below.open.first() {
        Some(first) if below.wanted > 0 => {
            Err(ObligationRefusal::GateBelowClosed { missing: below.wanted, unit: forest.code_of(first.unit) })
        }
        _ => Ok(()),
    }
}
