//! What an annulment gives back (O5).

use std::collections::{HashMap, HashSet};

use crate::ids::ObligationId;
use crate::obligation::{Circumstances, State, Step, next};

/// An obligation that the annulled batch transferred or released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    /// It.
    pub obligation: ObligationId,
    /// Where it stood before the batch.
    pub before: State,
    /// Where it stands now. Where it was bound again and closed anew since, what the batch did is no more: leave it out.
    pub now: State,
}

/// An obligation that follows others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Continued {
    /// It.
    pub obligation: ObligationId,
    /// Where it stands now.
    pub state: State,
    /// Those that it follows directly.
    pub predecessors: Vec<ObligationId>,
    /// Whether the annulled batch brought it into being.
    pub is_of_the_batch: bool,
}

/// An obligation that returns to the state before, with its own date ([`Step::Annul`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returned {
    /// It.
    pub obligation: ObligationId,
    /// Where it stands from now on: open.
    pub to: State,
}

/// What an annulment does to obligations before B6 and B4 follow as after any batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annulment {
    /// What returns, in the order given.
    pub returned: Vec<Returned>,
    /// Open obligations that only the batch brought into being and that follow nothing but what returns: they are released as
    /// [`super::Cause::Annulled`], so that no duty is owed twice.
    pub superseded: Vec<ObligationId>,
}

/// Which obligations return: all that the batch closed and that still are, unless a successor, direct or not, has fulfilled them.
/// `continued` is everything that follows one of `closed`, directly or not.
pub fn plan_annulment(closed: &[Closed], continued: &[Continued]) -> Annulment {
    let mut done: HashSet<ObligationId> = continued.iter().filter(|one| one.state == State::Fulfilled).map(|one| one.obligation).collect();
    let predecessors: HashMap<ObligationId, &[ObligationId]> = continued.iter().map(|one| (one.obligation, &*one.predecessors)).collect();
    let mut waiting: Vec<ObligationId> = done.iter().copied().collect();
    while let Some(at) = waiting.pop() {
        let direct = predecessors.get(&at).copied().unwrap_or_default();
        waiting.extend(direct.iter().copied().filter(|predecessor| done.insert(*predecessor)));
    }
    let returns = |one: &Closed| {
        let circumstances = Circumstances { before: Some(one.before), ..Circumstances::default() };
        let to = next(one.now, Step::Annul, circumstances).ok()?;
        Some(Returned { obligation: one.obligation, to })
    };
    let returned: Vec<Returned> = closed.iter().filter(|one| !done.contains(&one.obligation)).filter_map(returns).collect();
    let back: HashSet<ObligationId> = returned.iter().map(|one| one.obligation).collect();
    let follows_nothing_else = |one: &&Continued| one.predecessors.iter().all(|predecessor| back.contains(predecessor));
    let of_the_batch = continued.iter().filter(|one| one.is_of_the_batch && one.state.is_open() && !one.predecessors.is_empty());
    let superseded = of_the_batch.filter(follows_nothing_else).map(|one| one.obligation).collect();
    Annulment { returned, superseded }
}
