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

/// An obligation, and what it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounded {
    /// It.
    pub obligation: ObligationId,
    /// Where it stands now.
    pub state: State,
    /// Whether the scope binds its unit, and not only what it took over.
    pub is_bound_itself: bool,
    /// What it follows directly, by links that stand.
    pub follows: Vec<Follows>,
}

/// That an obligation follows another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Follows {
    /// The other one.
    pub predecessor: ObligationId,
    /// By which batch.
    pub by: LinkedBy,
}

/// Which batch made one obligation follow another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkedBy {
    /// The annulled one.
    Annulled,
    /// The one that transferred the predecessor, which has been with its successors since.
    Transfer,
    /// One that left the predecessor where it was.
    Another,
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
    /// What nothing follows any more by the annulled batch: it returns, or its unit had kept it.
    pub parted: Vec<ObligationId>,
    /// What is open, or has just returned, and stands on nothing any more: it is released as [`super::Cause::Annulled`], so that no duty is
    /// owed twice.
    pub superseded: Vec<ObligationId>,
}

/// Which obligations return: all that the batch closed and that still are, unless those that they passed to, or others to which these passed
/// on, have fulfilled them. `line` is `closed`, and everything that follows something by the batch, or follows that, directly or not.
pub fn plan_annulment(closed: &[Closed], line: &[Grounded]) -> Annulment {
    let done = done_by_successors(line);
    let returns = |one: &Closed| {
        let circumstances = Circumstances { before: Some(one.before), ..Circumstances::default() };
        let to = next(one.now, Step::Annul, circumstances).ok()?;
        Some(Returned { obligation: one.obligation, to })
    };
    let returned: Vec<Returned> = closed.iter().filter(|one| !done.contains(&one.obligation)).filter_map(returns).collect();
    let links = line.iter().flat_map(|one| &one.follows).filter(|link| link.by == LinkedBy::Annulled);
    let mut parted: Vec<ObligationId> = links.map(|link| link.predecessor).filter(|predecessor| !done.contains(predecessor)).collect();
    parted.sort_unstable();
    parted.dedup();
    let groundless = groundless(line, &parted);
    let back: HashSet<ObligationId> = returned.iter().map(|one| one.obligation).collect();
    let is_open = |one: &&Grounded| one.state.is_open() || back.contains(&one.obligation);
    let superseded = line.iter().filter(is_open).map(|one| one.obligation).filter(|one| groundless.contains(one)).collect();
    Annulment { returned, parted, superseded }
}

/// What the annulled batch passed on to others, and these, or those to which it passed on from there, have fulfilled.
fn done_by_successors(line: &[Grounded]) -> HashSet<ObligationId> {
    let follows: HashMap<ObligationId, &[Follows]> = line.iter().map(|one| (one.obligation, &*one.follows)).collect();
    let mut waiting: Vec<ObligationId> = line.iter().filter(|one| one.state == State::Fulfilled).map(|one| one.obligation).collect();
    let mut fulfilled: HashSet<ObligationId> = waiting.iter().copied().collect();
    let mut done = HashSet::new();
    while let Some(at) = waiting.pop() {
        for &Follows { predecessor, by } in follows.get(&at).copied().unwrap_or_default() {
            match by {
                LinkedBy::Annulled => {
                    done.insert(predecessor);
                }
                LinkedBy::Transfer if fulfilled.insert(predecessor) => waiting.push(predecessor),
                // It is with its own unit, and a part of a split has fulfilled no more than its part.
                LinkedBy::Transfer | LinkedBy::Another => {}
            }
        }
    }
    done
}

/// What no scope binds, and what follows nothing but what it does not follow any more or what stands on nothing itself.
fn groundless(line: &[Grounded], parted: &[ObligationId]) -> HashSet<ObligationId> {
    let mut left: HashSet<ObligationId> = line.iter().map(|one| one.obligation).collect();
    loop {
        let holds = |link: &Follows| {
            let has_parted = link.by == LinkedBy::Annulled && parted.binary_search(&link.predecessor).is_ok();
            !has_parted && !left.contains(&link.predecessor)
        };
        let stands = |one: &&Grounded| left.contains(&one.obligation) && (one.is_bound_itself || one.follows.iter().any(holds));
        let standing: Vec<ObligationId> = line.iter().filter(stands).map(|one| one.obligation).collect();
        if standing.is_empty() {
            return left;
        }
        standing.iter().for_each(|one| {
            left.remove(one);
        });
    }
}
