//! Urging (đôn đốc): a unit above reminds units that are behind (L9). It changes no state and no date.

use std::collections::BTreeMap;

use super::case::Case;
use crate::day::Day;
use crate::forest::Forest;
use crate::ids::{ObligationId, UnitId};
use crate::refusal::{InputRefusal, Noun, ObligationRefusal, Refusal};

/// What a reminder to `units` is about: of each, in the order given, every obligation among `cases` that is open and overdue (C6).
///
/// # Errors
/// No unit, one that is named twice, or one that is not behind, each at its place in `units`.
pub fn plan_urge(forest: &Forest, cases: &[Case], units: &[UnitId], today: Day) -> Result<Vec<ObligationId>, Vec<Refusal>> {
    let mut behind: BTreeMap<UnitId, Vec<ObligationId>> = BTreeMap::new();
    for case in cases.iter().filter(|case| is_behind(case, today)) {
        behind.entry(case.unit).or_default().push(case.id);
    }
    let (mut about, mut refusals) = (Vec::new(), Vec::new());
    for (at, unit) in units.iter().enumerate() {
        let refused: Refusal = if units[..at].contains(unit) {
            Refusal::from(InputRefusal::Twice { given: forest.code_of(*unit), of: Some(Noun::OrgUnit) }).by("L9")
        } else if let Some(own) = behind.get(unit) {
            about.extend(own);
            continue;
        } else {
            ObligationRefusal::NotBehind { unit: forest.code_of(*unit) }.into()
        };
        refusals.push(refused.at(at).within("units"));
    }
    if units.is_empty() {
        refusals.push(Refusal::from(InputRefusal::NothingGiven).by("L9").within("units"));
    }
    if refusals.is_empty() { Ok(about) } else { Err(refusals) }
}

/// Whether its unit is behind with it: it is open and overdue. What has lapsed is overdue too, and nobody can do it any more (C6).
pub fn is_behind(case: &Case, today: Day) -> bool {
    case.state.is_open() && case.timing().is_overdue(today)
}
