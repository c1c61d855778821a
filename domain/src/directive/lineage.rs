//! Which directive carries out which: a lineage without cycles (D4).

use std::collections::{HashMap, HashSet};

use super::DirectiveStatus;
use crate::forest::Forest;
use crate::ids::{DirectiveId, UnitId};
use crate::refusal::DirectiveRefusal;

/// One relation `IMPLEMENTS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Implements {
    /// The directive that carries out.
    pub from: DirectiveId,
    /// The directive that is carried out.
    pub to: DirectiveId,
}

/// A directive that another one would implement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Which.
    pub id: DirectiveId,
    /// What a refusal calls it: its symbol, or else its title.
    pub name: String,
    /// Where it stands in its life.
    pub status: DirectiveStatus,
    /// Its issuer, or the issuer's place where that has ended (C5).
    pub issuer: UnitId,
}

/// The cycle that `from` closes when it implements `to`: `from`, `to`, …, `from`. A shortest one; `None` where there is none.
pub fn find_cycle(edges: &[Implements], from: DirectiveId, to: DirectiveId) -> Option<Vec<DirectiveId>> {
    let mut targets: HashMap<DirectiveId, Vec<DirectiveId>> = HashMap::new();
    for edge in edges {
        targets.entry(edge.from).or_default().push(edge.to);
    }
    let mut seen = HashSet::from([to]);
    // Each entry: a directive, and the entry from which it was reached.
    let mut reached: Vec<(DirectiveId, Option<usize>)> = vec![(to, None)];
    let mut next = 0;
    while let Some(&(directive, _)) = reached.get(next) {
        if directive == from {
            let back = std::iter::successors(Some(next), |&at| reached[at].1).map(|at| reached[at].0);
            let mut cycle: Vec<DirectiveId> = back.chain([from]).collect();
            cycle.reverse();
            return Some(cycle);
        }
        for &above in targets.get(&directive).into_iter().flatten() {
            if seen.insert(above) {
                reached.push((above, Some(next)));
            }
        }
        next += 1;
    }
    None
}

/// Whether `from`, a draft of `issuer`, may implement `target` (D4): no cycle, and from the target's issuer or below it. Asked when it is
/// drafted and when it is issued. `name` tells what to call a directive on the cycle.
///
/// # Errors
/// [`DirectiveRefusal::LineageCycle`] with the whole path, or [`DirectiveRefusal::NotBelowTarget`].
pub fn check_implements(
    forest: &Forest,
    edges: &[Implements],
    (from, issuer): (DirectiveId, UnitId),
    target: &Target,
    name: impl Fn(DirectiveId) -> String,
) -> Result<(), DirectiveRefusal> {
    if let Some(cycle) = find_cycle(edges, from, target.id) {
        return Err(DirectiveRefusal::LineageCycle { path: cycle.into_iter().map(name).collect() });
    }
    // Where an issuer has ended, its place stands for it (B6).
    let (issuer, target_issuer) = (forest.stands_for(issuer), forest.stands_for(target.issuer));
    if !forest.covers(target_issuer, issuer) {
        let (issuer, target_issuer) = (forest.code_of(issuer), forest.code_of(target_issuer));
        return Err(DirectiveRefusal::NotBelowTarget { target: target.name.clone(), target_issuer, issuer });
    }
    Ok(())
}

/// What is carried out has been issued, and may have ended since (D4). Asked when the implementing directive is issued, so that two
/// levels may draft side by side.
///
/// # Errors
/// [`DirectiveRefusal::TargetNotIssued`].
pub fn check_target_issued(target: &Target) -> Result<(), DirectiveRefusal> {
    if target.status.was_issued() {
        return Ok(());
    }
    Err(DirectiveRefusal::TargetNotIssued { target: target.name.clone(), status: target.status })
}
