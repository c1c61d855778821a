//! What must be done before a step may lead to `FULFILLED` (L5).

use std::collections::HashMap;
use std::sync::Arc;

use super::life::State;
use crate::ids::{ObligationId, RequirementId};
use crate::refusal::ObligationRefusal;

/// What must be closed first. The share of the units below (`gateShare`) will stand beside `after`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    /// The unit's own obligations on the requirements that `after` names, of the same period where both recur, in the order
    /// of the requirements. A requirement that does not bind the unit has none here and holds nothing up.
    pub after: Vec<Earlier>,
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

/// The states that a bulk has decided so far: gates are asked in the order given (L5).
pub(super) type Decisions = HashMap<ObligationId, State>;

/// The earlier obligations that are still open (L5).
pub fn unmet(gate: &Gate) -> impl Iterator<Item = &Earlier> {
    gate.after.iter().filter(|earlier| earlier.state.is_open())
}

/// Asks the gate, seeing what the bulk has decided before.
pub(super) fn ask(gate: &Gate, decided: &Decisions) -> Result<(), ObligationRefusal> {
    let state = |earlier: &Earlier| decided.get(&earlier.obligation).copied().unwrap_or(earlier.state);
    let mut open = gate.after.iter().filter(|earlier| state(earlier).is_open());
    match open.next() {
        None => Ok(()),
        Some(first) => {
            Err(ObligationRefusal::GateClosed { missing: open.count() + 1, ordinal: first.ordinal, title: first.title.to_string() })
        }
    }
}
