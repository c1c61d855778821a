//! By which of several batches something happens, where they are made up for together (D6).

use std::collections::{BTreeMap, HashMap};

use super::Consequence;
use crate::ids::{ObligationId, UnitId};
use crate::scope::BindingReason;

/// What was planned as one change, by the batch that it follows from, each by its place in their order: a succession from the one that first
/// ended its unit (`first_ended`), what hangs together by one successor from the latest of those, and everything else from the `last`. So an
/// annulment finds later what it has to give back (O5). `units` tells whose the obligations are.
pub fn attribute(
    planned: Vec<Consequence>,
    units: &HashMap<ObligationId, UnitId>,
    first_ended: &HashMap<UnitId, usize>,
    last: usize,
) -> BTreeMap<usize, Vec<Consequence>> {
    let own = |unit: &UnitId| first_ended.get(unit).copied().unwrap_or(last);
    let mut of: HashMap<ObligationId, usize> = units.iter().map(|(id, unit)| (*id, own(unit))).collect();
    let latest = |of: &HashMap<ObligationId, usize>, from: &[ObligationId]| from.iter().filter_map(|id| of.get(id)).max().copied();
    let links: Vec<Vec<ObligationId>> = planned.iter().map(predecessors).collect();
    loop {
        let mut changed = false;
        for from in &links {
            let Some(batch) = latest(&of, from) else { continue };
            for id in from {
                changed |= of.insert(*id, batch) != Some(batch);
            }
        }
        if !changed {
            break;
        }
    }
    let mut parts: BTreeMap<usize, Vec<Consequence>> = BTreeMap::new();
    for (consequence, from) in planned.into_iter().zip(links) {
        let batch = match &consequence {
            Consequence::Transfer { obligation, .. } | Consequence::Release { obligation, .. } => of.get(obligation).copied(),
            _ => latest(&of, &from),
        };
        parts.entry(batch.unwrap_or(last)).or_default().push(consequence);
    }
    parts
}

/// What comes into being or is linked by a consequence follows these.
fn predecessors(consequence: &Consequence) -> Vec<ObligationId> {
    let of = |reasons: &[BindingReason]| reasons.iter().filter_map(|reason| reason.predecessor()).collect();
    match consequence {
        Consequence::Create(new) | Consequence::Revive { new, .. } => of(&new.reasons),
        Consequence::Link { predecessors, .. } => predecessors.clone(),
        Consequence::Transfer { .. } | Consequence::Release { .. } | Consequence::Keep { .. } | Consequence::BindAgain { .. } => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::fixture::id;
    use crate::succession::Cause;

    fn o(number: u128) -> ObligationId {
        ObligationId(Uuid::from_u128(number))
    }

    fn transfer(number: u128) -> Consequence {
        Consequence::Transfer { obligation: o(number), to: Vec::new(), cause: Cause::Merged, decision: None }
    }

    #[test]
    fn d6_what_hangs_together_bears_the_latest_of_its_batches_and_the_rest_the_last() {
        let units = HashMap::from([(o(1), id("a")), (o(2), id("b")), (o(3), id("c")), (o(4), id("d")), (o(5), id("e"))]);
        let first_ended = HashMap::from([(id("a"), 0), (id("b"), 1), (id("c"), 1), (id("d"), 0)]);
        let link = Consequence::Link { obligation: o(9), predecessors: vec![o(1), o(2)], due_on: None };
        let left = Consequence::Release { obligation: o(5), cause: Cause::Left, decision: None };
        let planned = vec![transfer(1), transfer(2), transfer(3), transfer(4), link.clone(), left.clone()];
        let parts = attribute(planned, &units, &first_ended, 2);
        let wanted = [(0, vec![transfer(4)]), (1, vec![transfer(1), transfer(2), transfer(3), link]), (2, vec![left])];
        assert_eq!(parts, BTreeMap::from(wanted), "a merged in the first batch, and again with b in the second");
    }
}
